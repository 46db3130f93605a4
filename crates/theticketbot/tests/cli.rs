//! The program itself, run as a host runs it: what it says, and how it ends.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A host with a home of their own.
struct Host {
    home: TempDir,
}

impl Host {
    fn new() -> Self {
        Self {
            home: tempfile::tempdir().unwrap(),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_theticketbot"));
        command
            .args(args)
            .current_dir(self.home.path())
            .stdin(Stdio::null());
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("THETICKETBOT_") {
                command.env_remove(name);
            }
        }
        command.env("HOME", self.home.path());
        for (name, folder) in [
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_DATA_HOME", "data"),
            ("XDG_STATE_HOME", "state"),
            ("XDG_RUNTIME_DIR", "run"),
            ("WIN_PD_OVERRIDE_LOCAL_APPDATA", "local"),
        ] {
            command.env(name, self.path(folder));
        }
        command
    }

    fn run(&self, args: &[&str]) -> Ran {
        Ran::of(args, &self.command(args).output().unwrap())
    }

    fn run_with(&self, args: &[&str], env: &[(&str, &str)]) -> Ran {
        Ran::of(
            args,
            &self
                .command(args)
                .envs(env.iter().copied())
                .output()
                .unwrap(),
        )
    }

    /// With this text on standard input.
    fn run_piped(&self, args: &[&str], input: &str) -> Ran {
        let mut child = self
            .command(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(input.as_bytes())
            .unwrap();
        Ran::of(args, &child.wait_with_output().unwrap())
    }

    fn write(&self, name: &str, text: &str) -> &Self {
        fs::write(self.path(name), text).unwrap();
        self
    }

    /// A config whose database is a copy of one in `data/db`.
    fn with_database(&self, database: &str, db: &str) -> &Self {
        let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/db");
        fs::copy(data.join(database), self.path("bot.db")).unwrap();
        self.write(
            "config.toml",
            &format!("[bot]\ntoken = \"a.b.c\"\n[db]\npath = \"bot.db\"\n{db}"),
        )
    }
}

#[derive(Debug)]
struct Ran {
    /// With which it ends if it refuses: a start of the bot that cannot succeed has its own.
    refusal: i32,
    code: Option<i32>,
    out: String,
    err: String,
}

impl Ran {
    fn of(args: &[&str], output: &Output) -> Self {
        let starts_bot = !args.contains(&"db") && !args.contains(&"--dump-config");
        Self {
            refusal: if starts_bot { 78 } else { 1 },
            code: output.status.code(),
            out: String::from_utf8(output.stdout.clone()).unwrap(),
            err: String::from_utf8(output.stderr.clone()).unwrap(),
        }
    }

    /// It ended with one error that has all of these in it, on one line.
    #[track_caller]
    fn refuses(&self, parts: &[&str]) {
        let expected = (Some(self.refusal), "");
        assert_eq!((self.code, self.out.as_str()), expected, "{self:?}");
        let errors: Vec<&str> = self
            .err
            .lines()
            .filter(|line| line.starts_with("error: "))
            .collect();
        assert_eq!(errors.len(), 1, "{self:?}");
        for part in parts {
            assert!(errors[0].contains(part), "{part:?} is not in {self:?}");
        }
    }

    #[track_caller]
    fn says(&self, parts: &[&str]) {
        assert_eq!(self.code, Some(0), "{self:?}");
        for part in parts {
            assert!(self.out.contains(part), "{part:?} is not in {self:?}");
        }
    }
}

const KEY_TEMPLATE: &str = "key_template = \"PRAGMA key = '{}'\"";
const KEY: (&str, &str) = ("THETICKETBOT_DB_KEY", "it's a key");

#[test]
fn the_version_and_help_are_told() {
    let host = Host::new();
    host.run(&["-V"])
        .says(&["theticketbot ", env!("CARGO_PKG_VERSION")]);
    host.run(&["--help"]).says(&[
        "--dump-config",
        "--no-sync",
        "db",
        "Without a command, the bot runs.",
    ]);
    let ran = host.run(&["--nonsense"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""));
}

#[test]
fn without_config_and_terminal_it_says_what_to_do() {
    let host = Host::new();
    host.run(&[])
        .refuses(&["config.toml", "--config-file", "THETICKETBOT_TOKEN"]);
    assert!(!host.path("data").exists(), "nothing was begun");
}

#[test]
fn a_wrong_config_is_told_with_its_place_and_without_secrets() {
    let host = Host::new();
    host.write("config.toml", "[bot]\ntoken = hunter2.hunter2.hunter2\n");
    let ran = host.run(&[]);
    ran.refuses(&["config.toml:2:"]);
    assert!(!ran.err.contains("hunter2"), "{ran:?}");
    host.write("config.toml", "[bot]\ntoken = \"Bot hunter2\"\n");
    let ran = host.run(&[]);
    ran.refuses(&["config.toml:2:9: bot.token: must be the token alone"]);
    assert!(!ran.err.contains("hunter2"), "{ran:?}");
    host.write("config.toml", "[bot]\n");
    host.run(&[])
        .refuses(&["there is no bot token", "[bot]", "THETICKETBOT_TOKEN"]);
    host.run(&["--config-file", "none.toml"])
        .refuses(&["none.toml: there is no such config file"]);
    host.run_with(&[], &[("THETICKETBOT_TOKEN", "hunter2 hunter2")])
        .refuses(&["THETICKETBOT_TOKEN: must be the token alone"]);
}

#[test]
fn two_config_files_are_a_warning() {
    let host = Host::new();
    fs::create_dir_all(host.path("config/theticketbot")).unwrap();
    host.write("config/theticketbot/config.toml", "[bot]\n")
        .write("config.toml", "[bot]\n");
    let folder = if cfg!(windows) {
        "local/thegamecracks/theticketbot"
    } else {
        "config/theticketbot"
    };
    if cfg!(windows) {
        fs::create_dir_all(host.path(folder)).unwrap();
        host.write("local/thegamecracks/theticketbot/config.toml", "[bot]\n");
    }
    let ran = host.run(&[]);
    ran.refuses(&["there is no bot token"]);
    assert!(
        ran.err.contains("WARN") && ran.err.contains("two config files"),
        "{ran:?}"
    );
}

#[test]
fn the_dump_shows_what_holds_and_no_secret() {
    let host = Host::new();
    // It says where it looked.
    host.run(&["--dump-config"]).says(&[
        "(no config file at ",
        "config.toml or ./config.toml: these are the defaults)\n{\n",
        "\"api_url\": \"https://discord.com\"",
    ]);
    host.write(
        "config.toml",
        "[bot]\ntoken = \"hunter2.b.c\"\n[db]\npragmas = [\"PRAGMA key = 'hunter2'\"]\nkey_template = \"PRAGMA key = 'hunter2{}'\"",
    );
    for env in [
        &[][..],
        &[
            ("THETICKETBOT_TOKEN", "hunter2.e.f"),
            ("THETICKETBOT_DB_KEY", "hunter2"),
        ],
    ] {
        let ran = host.run_with(&["--dump-config"], env);
        ran.says(&[
            "config.toml\n{\n",
            "\"token\": \"**********\"",
            "PRAGMA key = **********",
        ]);
        assert!(!format!("{ran:?}").contains("hunter2"), "{ran:?}");
        let json = ran.out.split_once('\n').unwrap().1;
        let json: serde_json::Value = serde_json::from_str(json).unwrap();
        assert_eq!(json["bot"]["intents"]["guild_messages"], true);
        let from = if env.is_empty() {
            "config file"
        } else {
            "environment"
        };
        assert_eq!(json["from"]["bot.token"], from);
    }
    assert!(
        !host.path("data").exists() && !host.path("state").exists(),
        "it only looks"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn the_log_file_has_json_lines_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let host = Host::new();
    host.write("config.toml", "[bot]\nallow_jishaku = true\n");
    host.run(&[]).refuses(&["there is no bot token"]);
    let file = host.path("state/theticketbot/log/theticketbot.jsonl");
    let text = fs::read_to_string(&file).unwrap();
    let line: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    assert_eq!(line["level"], "WARN");
    assert!(
        line["message"]
            .as_str()
            .unwrap()
            .contains("bot.allow_jishaku"),
        "{line}"
    );
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&file), mode(file.parent().unwrap())), (0o600, 0o700));
}

#[cfg(target_os = "linux")]
#[test]
fn without_a_log_folder_it_goes_on() {
    let host = Host::new();
    host.write("config.toml", "[bot]\n")
        .write("state", "in the way");
    let ran = host.run(&[]);
    ran.refuses(&["there is no bot token"]);
    assert_eq!(
        ran.err.matches("the log folder cannot be written").count(),
        1,
        "{ran:?}"
    );
}

#[test]
fn files_that_are_no_database_of_ours_are_told() {
    let host = Host::new();
    host.with_database("original-v7.db", "");
    host.write("bot.db", "my notes");
    host.run(&[]).refuses(&["bot.db is not an SQLite database"]);
    host.write("bot.db", "");
    host.run(&[]).refuses(&["bot.db is an empty file"]);
    host.with_database("original-v7.db", "");
    let conn = rusqlite::Connection::open(host.path("bot.db")).unwrap();
    conn.execute_batch("PRAGMA user_version = 8").unwrap();
    drop(conn);
    host.run(&[])
        .refuses(&["bot.db was written by a newer version"]);
}

#[test]
fn keys_that_do_not_fit_are_told_apart() {
    let host = Host::new();
    host.with_database("sqlcipher-4.db", "");
    host.run(&[]).refuses(&[
        "bot.db is encrypted, but no key is configured",
        "key_template",
    ]);
    host.with_database("sqlcipher-4.db", KEY_TEMPLATE);
    let wrong = host.run_with(&[], &[(KEY.0, "hunter2")]);
    wrong.refuses(&["the key does not open", "bot.db"]);
    assert!(!wrong.err.contains("hunter2"), "{wrong:?}");
    host.run(&[]).refuses(&["no database key was given", KEY.0]);
    host.with_database("original-v7.db", KEY_TEMPLATE);
    host.run_with(&[], &[KEY])
        .refuses(&["bot.db is not encrypted", "key_template"]);
    let logs = fs::read_to_string(host.path("state/theticketbot/log/theticketbot.jsonl"));
    if cfg!(target_os = "linux") {
        assert!(!logs.unwrap().contains("hunter2"));
    }
}

#[test]
fn a_key_can_be_piped_in() {
    let host = Host::new();
    host.with_database("sqlcipher-4.db", KEY_TEMPLATE);
    host.run_piped(&["db", "check"], "it's a key\n")
        .says(&["bot.db is all right"]);
    host.run_piped(&["db", "check"], "another\n")
        .refuses(&["the key does not open"]);
}

#[test]
fn a_database_is_encrypted_rekeyed_and_decrypted() {
    let host = Host::new();
    host.with_database("original-v7.db", "");
    let new = |key| [KEY, ("THETICKETBOT_DB_NEW_KEY", key)];
    let first = "'; DROP TABLE ticket; --\"";
    let ran = host.run_with(&["db", "encrypt"], &new(first));
    ran.says(&["bot.db is encrypted now", KEY_TEMPLATE]);
    assert!(!format!("{ran:?}").contains("DROP"), "{ran:?}");
    host.run(&["db", "check"])
        .refuses(&["is encrypted, but no key is configured"]);
    host.write(
        "config.toml",
        &format!("[db]\npath = \"bot.db\"\n{KEY_TEMPLATE}"),
    );
    host.run_with(&["db", "check"], &[(KEY.0, first)])
        .says(&["all right"]);
    host.run_with(&["db", "check"], &[KEY])
        .refuses(&["the key does not open"]);

    // Against the wrong key, nothing happens.
    let before = fs::read(host.path("bot.db")).unwrap();
    host.run_with(&["db", "rekey"], &new("second"))
        .refuses(&["the key does not open"]);
    host.run_with(&["db", "encrypt"], &new("second"))
        .refuses(&["is encrypted"]);
    assert_eq!(fs::read(host.path("bot.db")).unwrap(), before);

    host.run_with(
        &["db", "rekey"],
        &[(KEY.0, first), ("THETICKETBOT_DB_NEW_KEY", "second")],
    )
    .says(&["has a new key now"]);
    host.run_with(&["db", "check"], &[(KEY.0, first)])
        .refuses(&["the key does not open"]);
    host.run_with(&["db", "check"], &[(KEY.0, "second")])
        .says(&["all right"]);

    host.run_with(&["db", "decrypt"], &[(KEY.0, "second")])
        .says(&["no longer encrypted"]);
    let conn = rusqlite::Connection::open(host.path("bot.db")).unwrap();
    let tickets = conn.query_row("SELECT count(*) FROM ticket", [], |row| {
        row.get::<_, i64>(0)
    });
    assert_eq!(tickets, Ok(3));
    let leftovers: Vec<String> = fs::read_dir(host.home.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("bot.db"))
        .collect();
    assert_eq!(
        leftovers.len(),
        2,
        "the database and its lock: {leftovers:?}"
    );
}

#[test]
fn a_reader_that_has_enough_is_no_error() {
    let host = Host::new();
    host.write("config.toml", "");
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let ran = host
        .command(&["--dump-config"])
        .stdout(writer)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success() && said.is_empty(), "{said}");
}

#[test]
fn the_configured_cipher_is_used() {
    for (pragmas, template, key) in [
        (
            r#"["PRAGMA cipher = sqlcipher", "PRAGMA kdf_iter = 5120"]"#,
            "PRAGMA hexkey = '{}'",
            "00ff",
        ),
        (
            r#"["PRAGMA cipher = 'sqlcipher'", "PRAGMA legacy = 4"]"#,
            "PRAGMA key = '{}'",
            "a key",
        ),
        (
            r#"["PRAGMA cipher = sqlcipher", "PRAGMA legacy = 3"]"#,
            "PRAGMA key = '{}'",
            "a key",
        ),
        (
            r#"["PRAGMA cipher = aes256cbc"]"#,
            "PRAGMA key = \\\"{}\\\"",
            "a\"key",
        ),
        ("[]", "PRAGMA key = {}", "a key"),
    ] {
        let host = Host::new();
        let db = format!("pragmas = {pragmas}\nkey_template = \"{template}\"");
        host.with_database("original-v7.db", &db);
        host.run_with(&["db", "encrypt"], &[("THETICKETBOT_DB_NEW_KEY", key)])
            .says(&["encrypted now", "The config is set for it already"]);
        host.run_with(&["db", "check"], &[(KEY.0, key)])
            .says(&["all right"]);
        host.run_with(
            &["db", "rekey"],
            &[(KEY.0, key), ("THETICKETBOT_DB_NEW_KEY", "ff00")],
        )
        .says(&["new key"]);
        host.run_with(&["db", "check"], &[(KEY.0, key)])
            .refuses(&["the key does not open"]);
        host.run_with(&["db", "check"], &[(KEY.0, "ff00")])
            .says(&["all right"]);
        host.run_with(&["db", "decrypt"], &[(KEY.0, "ff00")])
            .says(&["no longer encrypted"]);
        host.run_with(&["db", "check"], &[(KEY.0, "ff00")])
            .refuses(&["is not encrypted"]);
    }
}

#[test]
fn while_a_bot_runs_the_file_is_only_looked_at() {
    let host = Host::new();
    host.with_database("original-v7.db", "");
    let access = theticketbot::store::Access::plain(host.path("bot.db"));
    let running = theticketbot::store::Store::open(&access).unwrap();
    let new_key = [("THETICKETBOT_DB_NEW_KEY", "a key")];
    let pid = std::process::id().to_string();
    host.run_with(&["db", "encrypt"], &new_key)
        .refuses(&["in use by another theticketbot", &pid]);
    host.run(&["db", "check"]).says(&["all right"]);
    host.run(&["db", "backup", "copy.db"])
        .says(&["was copied to copy.db"]);
    host.run(&["db", "backup", "copy.db"])
        .refuses(&["copy.db", "exists"]);
    drop(running);
    let copy = rusqlite::Connection::open(host.path("copy.db")).unwrap();
    let tickets = copy.query_row("SELECT count(*) FROM ticket", [], |row| {
        row.get::<_, i64>(0)
    });
    assert_eq!(tickets, Ok(3));
}

#[test]
fn a_damaged_database_is_told() {
    let host = Host::new();
    host.with_database("original-v7.db", "");
    let mut bytes = fs::read(host.path("bot.db")).unwrap();
    let middle = bytes.len() / 2 / 512 * 512;
    bytes[middle..middle + 512].fill(0xAA);
    fs::write(host.path("bot.db"), bytes).unwrap();
    let ran = host.run(&["db", "check"]);
    ran.refuses(&["bot.db"]);
    assert!(ran.err.contains("damaged"), "{ran:?}");
    host.run(&["db", "backup", "copy.db"]).refuses(&["damaged"]);
    assert!(!host.path("copy.db").exists());
}

/// Whenever the program is killed while it encrypts, the old or the new database is there, whole.
#[cfg(unix)]
#[test]
fn a_kill_while_encrypting_leaves_one_whole_database() {
    use rusqlite::Connection;
    let host = Host::new();
    host.with_database("original-v7.db", "");
    // Large enough that encrypting it takes a while.
    let conn = Connection::open(host.path("bot.db")).unwrap();
    conn.execute_batch(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
         INSERT INTO setting SELECT i, 'some value to fill the page with' FROM n",
    )
    .unwrap();
    drop(conn);
    let original = fs::read(host.path("bot.db")).unwrap();
    let draft = host.path("bot.db.new");
    let mut killed_early = false;
    // Each round lets the draft grow further before the kill.
    for round in 0..8_u64 {
        fs::write(host.path("bot.db"), &original).unwrap();
        let mut child = host
            .command(&["db", "encrypt"])
            .env("THETICKETBOT_DB_NEW_KEY", "a key")
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let grown = original.len() as u64 * round / 8;
        loop {
            let long_enough = fs::metadata(&draft).is_ok_and(|draft| draft.len() >= grown);
            if long_enough || child.try_wait().unwrap().is_some() {
                break;
            }
            std::thread::yield_now();
        }
        let _ = child.kill();
        child.wait().unwrap();

        let plain = host.run(&["db", "check"]);
        if plain.code == Some(0) {
            killed_early = true;
        } else {
            plain.refuses(&["is encrypted"]);
            host.write(
                "key.toml",
                &format!("[db]\npath = \"bot.db\"\n{KEY_TEMPLATE}"),
            );
            host.run_with(
                &["--config-file", "key.toml", "db", "check"],
                &[(KEY.0, "a key")],
            )
            .says(&["all right"]);
        }
    }
    assert!(killed_early, "no round was killed in the middle");
    // What the kills left behind is in nobody's way.
    fs::write(host.path("bot.db"), &original).unwrap();
    host.run_with(&["db", "encrypt"], &[("THETICKETBOT_DB_NEW_KEY", "a key")])
        .says(&["encrypted"]);
    assert!(!draft.exists());
}

#[test]
fn a_backup_is_restored() {
    let host = Host::new();
    host.with_database("original-v7.db", "");
    host.run(&["db", "backup", "copy.db"])
        .says(&["bot.db was copied to copy.db"]);
    host.run(&["db", "backup", "copy.db"])
        .refuses(&["copy.db", "it already exists"]);
    let copy = fs::read(host.path("copy.db")).unwrap();
    let conn = rusqlite::Connection::open(host.path("bot.db")).unwrap();
    conn.execute_batch("DELETE FROM ticket").unwrap();
    drop(conn);
    host.run(&["db", "restore", "copy.db"])
        .says(&["bot.db was restored from copy.db", "bot.db.replaced.bak"]);
    let tickets = |name: &str| -> i64 {
        let conn = rusqlite::Connection::open(host.path(name)).unwrap();
        conn.query_row("SELECT count(*) FROM ticket", [], |row| row.get(0))
            .unwrap()
    };
    assert_eq!((tickets("bot.db"), tickets("bot.db.replaced.bak")), (3, 0));
    assert_eq!(
        fs::read(host.path("copy.db")).unwrap(),
        copy,
        "it is as it was"
    );

    // What is no backup changes nothing.
    host.write("notes.db", "my notes").write("empty.db", "");
    for (file, why) in [
        ("notes.db", "notes.db is not an SQLite database"),
        ("empty.db", "empty.db is an empty file"),
        ("none.db", "none.db"),
        ("bot.db", "it is the database itself"),
    ] {
        host.run(&["db", "restore", file]).refuses(&[why]);
    }
    assert_eq!(tickets("bot.db"), 3);
    // Without a database it is simply put there.
    fs::remove_file(host.path("bot.db")).unwrap();
    host.run(&["db", "restore", "copy.db"])
        .says(&["bot.db was restored from copy.db\n"]);
    assert_eq!(tickets("bot.db"), 3);
}

#[cfg(unix)]
#[test]
fn a_pipe_is_no_config_and_no_database() {
    let host = Host::new();
    for name in ["pipe.toml", "pipe.db"] {
        let made = Command::new("mkfifo").arg(host.path(name)).status();
        assert!(made.unwrap().success());
    }
    host.run(&["--config-file", "pipe.toml"])
        .refuses(&["pipe.toml", "not a regular file"]);
    let config = "[bot]\ntoken = \"a.b.c\"\n[db]\npath = \"pipe.db\"\n";
    host.write("config.toml", config);
    host.run(&[]).refuses(&["pipe.db", "not a regular file"]);
    host.run(&["db", "check"])
        .refuses(&["pipe.db", "not a regular file"]);
}

#[cfg(unix)]
#[test]
fn files_and_addresses_that_look_like_mistakes_are_a_warning() {
    use std::os::unix::fs::PermissionsExt;
    let host = Host::new();
    // The start ends at the database, which is none.
    let config = "[bot]\ntoken = \"a.b.c\"\napi_url = \"http://192.0.2.1\"\n";
    let config = format!("{config}[db]\npath = \"bot.db\"\n");
    host.write("config.toml", &config)
        .write("bot.db", "my notes");
    fs::create_dir(host.path("data")).unwrap();
    host.write("data/theticketbot.db", "");
    let warned = |words: &[&str]| {
        let ran = host.run(&[]);
        ran.refuses(&["bot.db is not an SQLite database"]);
        for word in words {
            let warnings = ran.err.lines().filter(|line| line.contains("WARN"));
            let found = warnings.filter(|line| line.contains(word)).count();
            assert_eq!(found, 1, "{word}: {ran:?}");
        }
        ran.err.matches("WARN").count()
    };
    let all = [
        "chmod 600 config.toml",
        "data/theticketbot.db",
        "api_url is http://192.0.2.1",
    ];
    let mode = |mode| {
        let permissions = fs::Permissions::from_mode(mode);
        fs::set_permissions(host.path("config.toml"), permissions).unwrap();
    };
    mode(0o644);
    let before = warned(&all);
    mode(0o600);
    fs::remove_file(host.path("data/theticketbot.db")).unwrap();
    host.write("config.toml", &config.replace("192.0.2.1", "127.0.0.1:9"));
    assert_eq!(before - warned(&[]), 3);
}

#[cfg(feature = "demo")]
#[test]
fn a_port_that_is_taken_is_said() {
    let host = Host::new();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    let ran = host.run(&["demo", "--port", &port]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""), "{ran:?}");
    let last = ran.err.lines().last();
    let expected =
        format!("error: port {port} is taken: choose another with --port, or leave --port out");
    assert_eq!(last, Some(expected.as_str()), "{ran:?}");
}

#[test]
fn a_person_is_named_by_an_id() {
    let host = Host::new();
    for text in [
        "1",
        "9999999999999999",
        "9223372036854775808",
        "mia",
        "-1",
        "",
    ] {
        let ran = host.run(&["member", "forget", "--", text]);
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{ran:?}");
        let why = "an id of Discord is a number of 17 to 19 digits";
        assert!(ran.err.contains(why), "{ran:?}");
    }
}

/// What the bot does for a member who is stored is a story of its own.
#[test]
fn who_is_not_stored_cannot_be_forgotten() {
    let host = Host::new();
    host.write("config.toml", "[db]\npath = \"bot.db\"\n");
    let forget = ["member", "forget", "123456789012345678"];
    let refuses = |words: &str| {
        let ran = host.run(&forget);
        assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""), "{ran:?}");
        assert!(ran.err.contains(words), "{words:?} is not in {ran:?}");
    };
    refuses("bot.db");
    assert!(!host.path("bot.db").exists(), "nothing was created");
    host.with_database("original-v7.db", "");
    refuses("written by an older version; start the bot once");
    let settings = theticketbot::store::Access::plain(host.path("bot.db"));
    drop(theticketbot::store::Store::open(&settings).unwrap());
    host.run(&forget)
        .says(&["Nothing is stored about 123456789012345678."]);
}

#[cfg(feature = "postgres")]
#[test]
fn what_needs_a_database_file_is_refused_where_there_is_none() {
    let host = Host::new();
    host.write(
        "config.toml",
        "[db]\nurl = \"postgres://bot:hunter2@127.0.0.1:1/tickets\"\n",
    );
    let refuses = |command: &[&str], why: &str| {
        let ran = host.run(command);
        assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""), "{ran:?}");
        assert!(ran.err.contains(why), "{ran:?}");
        assert!(!ran.err.contains("hunter2"), "{ran:?}");
    };
    refuses(&["db", "check"], "this command is for a database file");
    // These are for both, and here no server answers.
    let unreachable = "cannot connect to PostgreSQL at 127.0.0.1:1";
    refuses(&["inboxes", "export"], unreachable);
    refuses(&["member", "forget", "123456789012345678"], unreachable);
}

/// The schema of a command must be one that a bot has used.
#[cfg(feature = "postgres")]
#[test]
fn a_command_upgrades_no_schema() {
    let Some(cluster) = harness::postgres::shared() else {
        return;
    };
    let host = Host::new();
    let (url, config) = (cluster.url(), "config.toml");
    host.write(config, &format!("[db]\nurl = {url:?}\n"));
    let ran = host.run(&["inboxes", "export"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""), "{ran:?}");
    let why = "has no tables of this version; start the bot once";
    assert!(ran.err.contains(why), "{ran:?}");
    let url = theticketbot::store::PostgresUrl::parse(&url).unwrap();
    drop(theticketbot::store::Store::connect(&url).unwrap());
    host.run(&["inboxes", "export"])
        .says(&["# The settings of theticketbot's inboxes."]);
    host.run(&["member", "forget", "123456789012345678"])
        .says(&["Nothing is stored about 123456789012345678."]);
}

#[cfg(feature = "postgres")]
#[test]
fn a_file_is_copied_to_postgresql_and_back() {
    let Some(cluster) = harness::postgres::shared() else {
        return;
    };
    let host = Host::new();
    host.with_database("original-v7.db", "");
    let url = cluster.url();
    let to_server = ["db", "copy", "--to", &url];
    let access = theticketbot::store::Access::plain(host.path("bot.db"));
    let running = theticketbot::store::Store::open(&access).unwrap();
    host.run(&to_server).refuses(&["bot.db", "in use"]);
    drop(running);
    let secret = url.replace("bot@", "bot:hunter2@");
    let on_the_command_line = host.run(&["db", "copy", "--to", &secret]);
    on_the_command_line.refuses(&["set THETICKETBOT_DB_COPY_URL to the URL"]);
    assert!(!on_the_command_line.err.contains("hunter2"));
    host.run(&["db", "copy"]).refuses(&["add --to"]);
    host.run(&["db", "copy", "--to", "copy.db"])
        .refuses(&["db backup"]);
    let copied = host.run_with(&["db", "copy"], &[("THETICKETBOT_DB_COPY_URL", &secret)]);
    copied.says(&[
        "was copied to the schema",
        "\n  ticket: ",
        "set url in [db]",
    ]);
    let counts = |ran: &Ran| -> Vec<String> {
        let lines = ran.out.lines().filter(|line| line.starts_with("  "));
        lines.map(str::to_owned).collect()
    };
    host.run(&to_server)
        .refuses(&["is not empty, so nothing was copied"]);

    host.write("config.toml", "[bot]\ntoken = \"a.b.c\"\n");
    let env = [("THETICKETBOT_DB_URL", &*url)];
    host.run_with(&["db", "copy", "--to", "bot.db"], &env)
        .refuses(&["bot.db already exists"]);
    host.run_with(&to_server, &env).refuses(&["use pg_dump"]);
    let parsed = theticketbot::store::PostgresUrl::parse(&url).unwrap();
    let running = theticketbot::store::Store::connect(&parsed).unwrap();
    let back = ["db", "copy", "--to", "back.db"];
    host.run_with(&back, &env)
        .refuses(&["in use by another theticketbot"]);
    assert!(!host.path("back.db").exists());
    drop(running);
    let ran = host.run_with(&back, &env);
    ran.says(&["was copied to back.db", "set path in [db]"]);
    assert_eq!(counts(&ran), counts(&copied));
    let back = rusqlite::Connection::open(host.path("back.db")).unwrap();
    let tickets: i64 = back
        .query_row("SELECT count(*) FROM ticket", [], |row| row.get(0))
        .unwrap();
    let line = format!("  ticket: {tickets}");
    assert!(counts(&copied).contains(&line), "{line}: {copied:?}");
}

#[cfg(feature = "postgres")]
#[test]
fn a_cluster_needs_postgresql() {
    let host = Host::new();
    host.write(
        "config.toml",
        "[bot]\ntoken = \"a.b.c\"\n[gateway]\ncluster = true\n",
    );
    host.run(&[]).refuses(&[
        "cluster = true in [gateway] needs PostgreSQL",
        "THETICKETBOT_DB_URL",
    ]);
    let ran = host.run(&["cluster", "status"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""), "{ran:?}");
    assert!(ran.err.contains("a cluster needs PostgreSQL"), "{ran:?}");
    let Some(cluster) = harness::postgres::shared() else {
        return;
    };
    let url = cluster.url();
    let ran = host.run_with(&["cluster", "status"], &[("THETICKETBOT_DB_URL", &url)]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""), "{ran:?}");
    assert!(
        ran.err.contains("no process has run with cluster = true"),
        "{ran:?}"
    );
}
