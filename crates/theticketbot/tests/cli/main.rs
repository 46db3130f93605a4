//! The real program with a host's commands: its output and its exit code.

mod database;
mod program;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A host's home folder.
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

    /// The files whose names begin with this text.
    fn names_with(&self, start: &str) -> Vec<String> {
        let entries = fs::read_dir(self.home.path()).unwrap();
        entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.starts_with(start))
            .collect()
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

    /// Runs the program with this text on standard input.
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

    /// Writes a config whose database is a copy of one in `data/db`.
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
    /// The exit code of a refusal. A start of the bot that cannot succeed has its own code.
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

    /// The program ended with one error, on one line, which contains all of these.
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
