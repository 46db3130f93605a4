//! Problems of the host's machine: the error message is clear, nothing is damaged, and the bot continues when
//! the problem is solved.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use discord_sandbox::id::MessageId;
use discord_sandbox::{Sandbox, State};
use serde_json::json;

use crate::stage::{BUTTON, Result, Stage};

/// If another program locks the database, members get an error in time.
#[tokio::test]
async fn a_database_that_another_program_has_locked() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let mia = stage.sandbox.member();
    let database = stage.config_file().with_file_name("theticketbot.db");
    let other = rusqlite::Connection::open(database)?;
    other.execute_batch("BEGIN IMMEDIATE")?;
    let told = stage.click(&mia, inbox).await?;
    let [logged] = &stage.expected_errors()[..] else {
        panic!("one error is logged")
    };
    let code = told.content()?.split('`').nth(1).expect("it has a code");
    assert!(logged.contains(code), "{code}: {logged}");
    assert!(logged.contains("locked by another program"), "{logged}");
    other.execute_batch("COMMIT")?;
    stage.open(&mia, inbox).await?;
    stage.finish().await
}

/// The real program on a separate disk, which becomes full.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_full_disk() -> Result {
    if !Command::new("unshare")
        .args(["--map-root-user", "--mount", "true"])
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
    {
        // Without permission to mount a disk, only `a_full_database_is_reported_and_works_again` covers this.
        return Ok(());
    }
    let host = Host::new().await?;
    std::fs::create_dir(host.path("disk"))?;
    let bot = host.start_with(&[
        "unshare",
        "--map-root-user",
        "--mount",
        "sh",
        "-c",
        "mount -t tmpfs -o size=1M tmpfs \"$HOME/disk\" && exec \"$@\"",
        "sh",
    ])?;
    host.sandbox.wait_for_bot().await?;
    let inbox = host.inbox().await?;
    // The disk is mounted only in the program's own mount namespace.
    let disk = PathBuf::from(format!("/proc/{}/root", bot.id())).join(
        host.path("disk")
            .strip_prefix("/")
            .expect("it is an absolute path"),
    );
    let ballast = disk.join("ballast");
    let filled = std::fs::write(&ballast, vec![0; 1 << 20]);
    assert!(filled.is_err(), "the disk is full");
    let told = host.click(inbox).await?;
    assert!(told.contains('`'), "{told}");
    std::fs::remove_file(&ballast)?;
    let told = host.click(inbox).await?;
    assert!(told.contains("<#"), "{told}");

    for file in ["theticketbot.db", "theticketbot.db-wal"] {
        std::fs::copy(disk.join(file), host.path(file))?;
    }
    let said = host.stop(bot).await?;
    assert!(said.contains("the disk is full"), "{said}");
    whole(&host.path("theticketbot.db"))?;
    host.sandbox.finish().await?;
    Ok(())
}

/// If the bot may not write, the error names the file and the reason.
#[cfg(unix)]
#[tokio::test]
async fn a_database_that_may_not_be_written() -> Result {
    use std::os::unix::fs::PermissionsExt;
    let host = Host::new().await?;
    let bot = host.start()?;
    host.sandbox.wait_for_bot().await?;
    host.stop(bot).await?;
    let database = host.path("disk/theticketbot.db");
    for file in [host.home.path().to_owned(), host.path("disk")] {
        std::fs::set_permissions(file, PermissionsExt::from_mode(0o777))?;
    }
    for file in [&database, &host.path("config.toml")] {
        std::fs::set_permissions(file, PermissionsExt::from_mode(0o444))?;
    }
    std::fs::remove_file(host.path("disk/theticketbot.db.lock"))?;
    let before = std::fs::read(&database)?;
    // Root may write any file, so the program must run as another user.
    let is_root = rustix::process::geteuid().is_root();
    let as_nobody = [
        "setpriv",
        "--reuid=65534",
        "--regid=65534",
        "--clear-groups",
    ];
    let bot = host.start_with(if is_root { &as_nobody } else { &[] })?;
    let said = host.ended(bot, 1).await?;
    let last = said.lines().last().unwrap_or_default();
    assert!(
        last.contains("theticketbot.db: the database cannot be written"),
        "{said}"
    );
    assert_eq!(std::fs::read(&database)?, before);
    host.sandbox.finish().await?;
    Ok(())
}

#[cfg(unix)]
#[tokio::test]
async fn too_few_files_may_be_open() -> Result {
    let host = Host::new().await?;
    for few in ["5", "8", "12", "20"] {
        let limited = format!("ulimit -n {few} && exec \"$@\"");
        let limited = ["sh", "-c", &limited, "sh"];
        let said = host.ended(host.start_with(&limited)?, 1).await?;
        let last = said.lines().last().unwrap_or_default();
        assert!(last.contains("raise its limit"), "{few}: {said}");
    }
    // Now the program reaches the limit while it runs.
    let bot = host.start()?;
    host.sandbox.wait_for_bot().await?;
    let inbox = host.inbox().await?;
    let limit = |files: &str| {
        let limited = Command::new("prlimit")
            .args([
                "--pid",
                &bot.id().to_string(),
                &format!("--nofile={files}:"),
            ])
            .status();
        limited.is_ok_and(|status| status.success())
    };
    if limit("3") {
        host.sandbox.cut_gateway(1006);
        let mia = host.sandbox.member();
        let click = mia.start_click(host.support()?, inbox, BUTTON).await?;
        host.sandbox.advance(Duration::from_secs(4));
        assert_ne!(mia.answer_so_far(click).await?.state, State::Waiting);
        assert!(limit("1024"));
        host.sandbox.wait_for_bot().await?;
    }
    host.sandbox.advance(Duration::from_secs(61));
    let told = host.click(inbox).await?;
    assert!(told.contains("<#"), "{told}");
    host.stop(bot).await?;
    host.sandbox.finish().await?;
    Ok(())
}

#[cfg(unix)]
#[tokio::test]
async fn two_bots_on_one_database() -> Result {
    let host = Host::new().await?;
    let first = host.start()?;
    host.sandbox.wait_for_bot().await?;
    let said = host.ended(host.start()?, 1).await?;
    let last = said.lines().last().unwrap_or_default();
    assert!(last.contains(&format!("process {}", first.id())), "{said}");
    let inbox = host.inbox().await?;
    assert!(host.click(inbox).await?.contains("<#"), "the first serves");
    host.stop(first).await?;
    host.sandbox.finish().await?;
    Ok(())
}

/// A damaged page of the database is reported; everything else works.
#[cfg(unix)]
#[tokio::test]
async fn a_page_that_goes_bad_while_it_runs() -> Result {
    let host = Host::new().await?;
    // SQLite caches only one page, so it must read the file again.
    host.write_config("pragmas = [\"PRAGMA cache_size = 1\"]\n")?;
    let bot = host.start()?;
    host.sandbox.wait_for_bot().await?;
    let inbox = host.inbox().await?;
    host.stop(bot).await?;
    let database = host.path("disk/theticketbot.db");
    let good = std::fs::read(&database)?;
    let bot = host.start()?;
    host.sandbox.wait_for_bot().await?;
    let mut bad = good.clone();
    bad[4096..].fill(0xAA);
    // Written in place, like the damage of a failing disk.
    std::fs::write(&database, &bad)?;
    let told = host.click(inbox).await?;
    assert!(told.contains('`'), "{told}");
    let said = host.stop(bot).await?;
    assert!(said.contains("the database file is damaged"), "{said}");
    let said = host.ended(host.start()?, 1).await?;
    assert!(said.contains("damaged"), "{said}");

    for file in ["disk/theticketbot.db-wal", "disk/theticketbot.db-shm"] {
        let _ = std::fs::remove_file(host.path(file));
    }
    std::fs::write(&database, &good)?;
    let bot = host.start()?;
    host.sandbox.wait_for_bot().await?;
    let told = host.click(inbox).await?;
    assert!(told.contains("<#"), "{told}");
    host.stop(bot).await?;
    host.sandbox.finish().await?;
    Ok(())
}

/// A start warns about configuration problems in Discord.
#[tokio::test]
async fn a_start_warns_of_silent_pings_and_missing_two_factor_authentication() -> Result {
    let host = Host::new().await?;
    let bot = host.start()?;
    host.sandbox.wait_for_bot().await?;
    let inbox = host.inbox().await?;
    let said = host.stop(bot).await?;
    assert!(warnings(&said).is_empty(), "{said}");
    let conn = rusqlite::Connection::open(host.path("disk/theticketbot.db"))?;
    conn.execute("UPDATE inbox SET starter_content = '@here: $author'", [])?;
    drop(conn);
    host.sandbox.set_two_factors(false)?;
    let owner = host.sandbox.owner();
    owner.edit_guild(json!({"mfa_level": 1})).await?;
    // If the bot resumed its session, it would not receive the server again.
    host.sandbox.end_sessions();
    let bot = host.start()?;
    host.sandbox.wait_for_bot().await?;
    // After a response, the bot has received the server.
    host.click(inbox).await?;
    let said = host.stop(bot).await?;
    let warnings = warnings(&said);
    let of_inbox = format!("inbox={inbox}");
    let expected = [of_inbox.as_str(), "two-factor authentication"];
    assert_eq!(warnings.len(), expected.len(), "{said}");
    for (warning, words) in warnings.iter().zip(expected) {
        assert!(warning.contains(words), "{words}: {said}");
    }
    host.sandbox.finish().await?;
    Ok(())
}

/// The warnings, without the one of a bot that was busy when it was stopped.
fn warnings(said: &str) -> Vec<&str> {
    let lines = said.lines().filter(|line| line.contains("WARN"));
    lines
        .filter(|line| !line.contains("stopped while something was unfinished"))
        .collect()
}

/// A sandbox, and a home for the real program.
struct Host {
    sandbox: Sandbox,
    home: tempfile::TempDir,
}

impl Host {
    async fn new() -> Result<Self> {
        let host = Self {
            sandbox: Sandbox::start().await?,
            home: tempfile::tempdir()?,
        };
        host.write_config("")?;
        Ok(host)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    fn support(&self) -> Result<discord_sandbox::id::ChannelId> {
        Ok(self.sandbox.channel("support")?)
    }

    fn write_config(&self, more: &str) -> Result {
        let database = self.path("disk/theticketbot.db");
        let database = database.to_str().ok_or("the path is Unicode")?;
        let config = format!(
            "[bot]\napi_url = {:?}\n[db]\npath = {database:?}\n{more}",
            self.sandbox.url()
        );
        std::fs::write(self.path("config.toml"), config)?;
        Ok(())
    }

    fn start(&self) -> Result<Child> {
        self.start_with(&[])
    }

    /// Starts the program through this wrapper command.
    fn start_with(&self, before: &[&str]) -> Result<Child> {
        let program = env!("CARGO_BIN_EXE_theticketbot");
        let mut words = before.iter().copied().chain([program]);
        let mut command = Command::new(words.next().ok_or("there is a program")?);
        let path = std::env::var_os("PATH").unwrap_or_default();
        command
            .args(words)
            .current_dir(self.home.path())
            .env_clear()
            .env("PATH", path)
            .env("HOME", self.home.path())
            .env("XDG_RUNTIME_DIR", self.home.path())
            .env("THETICKETBOT_TOKEN", self.sandbox.token())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        Ok(command.spawn()?)
    }

    async fn inbox(&self) -> Result<MessageId> {
        let (owner, support) = (self.sandbox.owner(), self.support()?);
        let source = owner.send(support, "Need help?").await?;
        owner
            .run("inbox create", json!({"channel": support}))
            .await?;
        let made = owner
            .use_menu("Select this message", support, source.id())
            .await?;
        let link = made.content()?;
        let id = link.lines().next().and_then(|line| line.rsplit('/').next());
        let id = id.unwrap_or_default();
        let id = id.parse().map_err(|_| format!("no link in {link:?}"))?;
        Ok(MessageId(id))
    }

    /// Mia clicks. Returns the response's text.
    async fn click(&self, inbox: MessageId) -> Result<String> {
        let mia = self.sandbox.member();
        let answer = mia.click(self.support()?, inbox, BUTTON).await?;
        Ok(answer.content()?.to_owned())
    }

    /// Stops the program as a service manager does. Returns its output.
    async fn stop(&self, bot: Child) -> Result<String> {
        Command::new("kill").arg(bot.id().to_string()).status()?;
        let said = self.ended(bot, 0).await?;
        // Otherwise the test would take the old connection for the next start's.
        let is_gone = self.sandbox.wait_until("the bot is disconnected", |look| {
            (!look.bot_is_ready()).then_some(())
        });
        is_gone.await?;
        Ok(said)
    }

    async fn ended(&self, bot: Child, code: i32) -> Result<String> {
        let ended = tokio::task::spawn_blocking(move || bot.wait_with_output()).await??;
        let said = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert_eq!(ended.status.code(), Some(code), "{said}");
        Ok(said)
    }
}

fn whole(database: &Path) -> Result {
    let database = rusqlite::Connection::open(database)?;
    let verdict: String = database.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
    assert_eq!(verdict, "ok");
    Ok(())
}
