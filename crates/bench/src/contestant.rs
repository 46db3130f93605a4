//! Who is measured: how each is started, in its own home.

use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::Result;
use crate::process::Process;
use crate::sandbox::Sandbox;

/// A bot that can be started.
pub(crate) struct Contestant {
    pub(crate) name: String,
    command: Vec<OsString>,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Ours,
    Slim,
    Original,
    Peer,
}

impl Contestant {
    pub(crate) fn ours(name: &str, program: &Path) -> Self {
        Self {
            name: name.to_owned(),
            command: vec![program.into()],
            kind: Kind::Ours,
        }
    }

    /// The build without the demo.
    pub(crate) fn slim(name: &str, program: &Path) -> Self {
        Self {
            kind: Kind::Slim,
            ..Self::ours(name, program)
        }
    }

    /// The original: Python, and the launcher that points it at the sandbox.
    pub(crate) fn original(name: &str, python: &Path, launcher: &Path) -> Self {
        Self {
            name: name.to_owned(),
            command: vec![python.into(), launcher.into()],
            kind: Kind::Original,
        }
    }

    pub(crate) fn peer(name: &str, command: &str) -> Self {
        Self {
            name: name.to_owned(),
            // `exec`, so that the process that is measured is the bot and not the shell.
            command: vec!["sh".into(), "-c".into(), format!("exec {command}").into()],
            kind: Kind::Peer,
        }
    }

    /// Whether it is so much slower that it gets less to do.
    pub(crate) fn is_original(&self) -> bool {
        self.kind == Kind::Original
    }

    /// Whether an inbox can ask questions.
    pub(crate) fn has_forms(&self) -> bool {
        self.kind == Kind::Ours
    }

    pub(crate) fn is_slim(&self) -> bool {
        self.kind == Kind::Slim
    }

    /// Its program, if that is all that it is.
    pub(crate) fn program(&self) -> Option<&Path> {
        matches!(self.kind, Kind::Ours | Kind::Slim).then(|| Path::new(&self.command[0]))
    }

    /// Starts it on a sandbox. Its output goes into the home's `log`.
    pub(crate) fn start(&self, sandbox: &Sandbox, home: &Path) -> Result<Process> {
        let cannot = |error: std::io::Error| format!("{}: {error}", self.name);
        let config = home.join("config/theticketbot");
        fs::create_dir_all(&config).map_err(cannot)?;
        // The original knows no other Discord; its launcher sets the address.
        let api_url = match self.kind {
            Kind::Original => String::new(),
            _ => format!("api_url = {:?}\n", sandbox.url),
        };
        let text = format!("[bot]\ntoken = {:?}\n{api_url}", sandbox.token);
        fs::write(config.join("config.toml"), text).map_err(cannot)?;
        let log = log(home);
        let file = File::create(&log).map_err(cannot)?;
        let child = Command::new(&self.command[0])
            .args(&self.command[1..])
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", home)
            .env("XDG_CONFIG_HOME", home.join("config"))
            .env("XDG_DATA_HOME", home.join("data"))
            .env("XDG_STATE_HOME", home.join("state"))
            .env("XDG_RUNTIME_DIR", home.join("run"))
            .env("SANDBOX_URL", &sandbox.url)
            .env("SANDBOX_TOKEN", &sandbox.token)
            .current_dir(home)
            .stdin(Stdio::null())
            .stdout(file.try_clone().map_err(cannot)?)
            .stderr(file)
            .spawn()
            .map_err(cannot)?;
        Ok(Process::of(child, log))
    }
}

fn log(home: &Path) -> PathBuf {
    home.join("log")
}
