//! A PostgreSQL server that only the tests use, on a socket in a temporary folder, if PostgreSQL is
//! installed.
//!
//! `initdb` refuses to run as root, so root's tests run the server as the user `postgres` or `nobody`. A
//! shell supervises the server, and stops it when the test's process is gone, however it ended.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tempfile::TempDir;

use crate::Result;

/// If this is set, missing PostgreSQL is an error instead of a reason to skip the tests.
const REQUIRED: &str = "THETICKETBOT_POSTGRES_TESTS";

/// A server that can be stopped and started again.
pub struct Cluster {
    supervisor: Mutex<Supervisor>,
    folder: TempDir,
    port: u16,
}

struct Supervisor {
    // `None` once the server should end: the supervisor ends when its input is closed.
    orders: Option<ChildStdin>,
    replies: BufReader<ChildStdout>,
    process: Child,
}

/// The server that the tests of this process share, each test in its own schema. `None` if PostgreSQL is not
/// installed; the first call prints that.
pub fn shared() -> Option<&'static Cluster> {
    static SHARED: OnceLock<Option<Cluster>> = OnceLock::new();
    let shared = SHARED.get_or_init(start);
    shared.as_ref()
}

/// A server for one test alone. `None` if PostgreSQL is not installed.
pub fn start() -> Option<Cluster> {
    start_with("", &[])
}

/// A server with these lines in its configuration and these files in the folder above its data folder. It
/// requires passwords over TCP. `None` if PostgreSQL is not installed.
///
/// # Panics
///
/// If the server does not start, or if it is required and not installed.
pub fn start_with(configuration: &str, files: &[(&str, &[u8])]) -> Option<Cluster> {
    let Some(programs) = programs() else {
        let left_out = "the tests with PostgreSQL are LEFT OUT: there is no initdb in PATH or in \
                        /usr/lib/postgresql";
        let is_required = std::env::var(REQUIRED).is_ok_and(|value| value == "required");
        assert!(!is_required, "{left_out}, and {REQUIRED} is `required`");
        // Written directly to stderr, because the test runner hides what passing tests print.
        let _ = writeln!(std::io::stderr(), "{left_out}");
        return None;
    };
    Some(Cluster::start(&programs, configuration, files).expect("PostgreSQL starts"))
}

impl Cluster {
    fn start(programs: &Path, configuration: &str, files: &[(&str, &[u8])]) -> Result<Self> {
        // The path of a socket must be short.
        let folder = tempfile::Builder::new().prefix("pg-").tempdir_in("/tmp")?;
        let port = free_port()?;
        for (name, content) in files {
            std::fs::write(folder.path().join(name), content)?;
        }
        let mut command = as_unprivileged_user(folder.path())?;
        let mut process = command
            .args(["sh", "-c", SUPERVISE, "sh"])
            .arg(programs)
            .arg(folder.path())
            .arg(port.to_string())
            .arg(configuration)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let orders = process.stdin.take();
        let replies = process
            .stdout
            .take()
            .ok_or("the supervisor has no output")?;
        let mut supervisor = Supervisor {
            orders,
            replies: BufReader::new(replies),
            process,
        };
        supervisor.hear()?;
        Ok(Self {
            supervisor: Mutex::new(supervisor),
            folder,
            port,
        })
    }

    /// The URL of a new schema that no other test uses.
    pub fn url(&self) -> String {
        static SCHEMAS: AtomicU32 = AtomicU32::new(0);
        let number = SCHEMAS.fetch_add(1, Ordering::Relaxed);
        self.url_of(&format!("test_{number}"))
    }

    /// The URL of this schema, over the socket and as the server's administrator.
    pub fn url_of(&self, schema: &str) -> String {
        let folder = self.folder.path().display().to_string();
        let port = self.port;
        format!(
            "postgres://bot@{}:{port}/postgres?schema={schema}",
            folder.replace('/', "%2F")
        )
    }

    /// The server's socket.
    pub fn socket(&self) -> PathBuf {
        self.folder.path().join(format!(".s.PGSQL.{}", self.port))
    }

    /// The server's port at 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Where the server may read files.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Stops the server, which ends all connections.
    pub fn stop(&self) -> Result {
        self.order("stop")
    }

    /// Starts it again.
    pub fn start_again(&self) -> Result {
        self.order("start")
    }

    /// Runs SQL as the server's administrator, and returns what `psql` prints of its result.
    pub fn sql(&self, sql: &str) -> Result<String> {
        let programs = programs().ok_or("PostgreSQL is gone")?;
        let output = Command::new(programs.join("psql"))
            .args([
                "-XAtq",
                "-v",
                "ON_ERROR_STOP=1",
                "-U",
                "bot",
                "-d",
                "postgres",
                "-h",
            ])
            .arg(self.folder.path())
            .args(["-p", &self.port.to_string(), "-c", sql])
            .output()?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into());
        }
        Ok(String::from_utf8(output.stdout)?.trim_end().to_owned())
    }

    /// As [`Self::sql`], without blocking the test's other tasks, such as the proxies between processes and
    /// server.
    pub async fn query(self: &Arc<Self>, sql: &str) -> Result<String> {
        let (cluster, sql) = (self.clone(), sql.to_owned());
        tokio::task::spawn_blocking(move || cluster.sql(&sql)).await?
    }

    fn order(&self, order: &str) -> Result {
        let mut supervisor = self
            .supervisor
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let orders = supervisor
            .orders
            .as_mut()
            .ok_or("the supervisor has ended")?;
        writeln!(orders, "{order}")?;
        supervisor.hear()
    }
}

impl Supervisor {
    /// Waits for the reply to an order.
    fn hear(&mut self) -> Result {
        let mut line = String::new();
        self.replies.read_line(&mut line)?;
        if line.trim() == "done" {
            Ok(())
        } else {
            Err(format!("PostgreSQL's supervisor says {line:?}").into())
        }
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        drop(self.orders.take());
        let _ = self.process.wait();
    }
}

/// The supervisor's input is closed when the test's process ends, and then it stops the server. Failures go
/// to its error output.
const SUPERVISE: &str = r#"
set -eu
programs=$1 folder=$2 port=$3 configuration=$4
trap '' INT
cd "$folder"
find . -type f -exec chmod 600 {} +
"$programs/initdb" -D data -U bot -A trust -E UTF8 --locale=C --no-sync >/dev/null
printf '%s\n' "listen_addresses = '127.0.0.1'" "port = $port" "unix_socket_directories = '$folder'" \
  "fsync = off" "max_connections = 300" "log_min_messages = fatal" "$configuration" >>data/postgresql.conf
if [ -n "$configuration" ]; then
  printf '%s\n' "local all all trust" "hostssl all all 127.0.0.1/32 scram-sha-256" \
    "host all all 127.0.0.1/32 scram-sha-256" >data/pg_hba.conf
fi
start() { "$programs/pg_ctl" -D data -l log -w -s start </dev/null >/dev/null; }
stop() { "$programs/pg_ctl" -D data -m immediate -w -s stop </dev/null >/dev/null; }
start
echo done
while read -r order; do
  "$order"
  echo done
done
stop || true
cd /
rm -rf "$folder"
"#;

/// The folder with PostgreSQL's programs, from the newest installed version.
fn programs() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    if let Ok(versions) = std::fs::read_dir("/usr/lib/postgresql") {
        let mut versions: Vec<PathBuf> = versions.flatten().map(|it| it.path()).collect();
        versions.sort();
        folders.extend(
            versions
                .into_iter()
                .rev()
                .map(|version| version.join("bin")),
        );
    }
    let initdb = folders.into_iter().map(|folder| folder.join("initdb"));
    // A symbolic link to `initdb` may be in a folder without PostgreSQL's other programs.
    let found = initdb.filter_map(|path| path.canonicalize().ok());
    let mut found = found.filter_map(|path| path.parent().map(Path::to_owned));
    found.find(|folder| folder.join("pg_ctl").exists() && folder.join("psql").exists())
}

/// Runs a program as a user who is not root, and makes that user the owner of this folder.
#[cfg(unix)]
fn as_unprivileged_user(folder: &Path) -> Result<Command> {
    if !rustix::process::geteuid().is_root() {
        return Ok(Command::new("env"));
    }
    let users = std::fs::read_to_string("/etc/passwd")?;
    let user = |name: &str| {
        let line = users
            .lines()
            .find(|line| line.split(':').next() == Some(name))?;
        let mut numbers = line.split(':').skip(2).map(str::parse::<u32>);
        Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
    };
    let (user, group) = user("postgres")
        .or_else(|| user("nobody"))
        .ok_or("there is no user postgres or nobody")?;
    std::os::unix::fs::chown(folder, Some(user), Some(group))?;
    for file in std::fs::read_dir(folder)? {
        std::os::unix::fs::chown(file?.path(), Some(user), Some(group))?;
    }
    let mut command = Command::new("setpriv");
    command.args([
        format!("--reuid={user}"),
        format!("--regid={group}"),
        "--clear-groups".to_owned(),
    ]);
    Ok(command)
}

#[cfg(not(unix))]
fn as_unprivileged_user(_: &Path) -> Result<Command> {
    Ok(Command::new("env"))
}

/// A port below the range that the system assigns automatically (from 32768 on). Another program is unlikely
/// to take it before the server starts, or while the server restarts.
fn free_port() -> Result<u16> {
    static TRIES: AtomicU32 = AtomicU32::new(0);
    let first = std::process::id().wrapping_mul(101);
    let port = (0..1000).find_map(|_| {
        let number = first.wrapping_add(TRIES.fetch_add(1, Ordering::Relaxed));
        let port = u16::try_from(10_000 + number % 20_000).ok()?;
        let is_free = std::net::TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, port)).is_ok();
        is_free.then_some(port)
    });
    port.ok_or_else(|| "no port is free".into())
}
