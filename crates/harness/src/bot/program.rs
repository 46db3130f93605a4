//! The real program as a process.

use std::io::{self, BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};

use crate::log::Log;

/// A running program.
pub struct Program {
    child: Child,
}

impl Program {
    /// Starts it with everything that it writes below `home`.
    pub(super) fn start(path: &Path, home: &Path, log: Log) -> io::Result<Self> {
        let mut child = Command::new(path)
            .arg("--config-file")
            .arg(home.join("config.toml"))
            .env_clear()
            .env("HOME", home)
            .env("XDG_CONFIG_HOME", home)
            .env("XDG_DATA_HOME", home)
            .env("XDG_STATE_HOME", home)
            .env("XDG_RUNTIME_DIR", home)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()?;
        if let Some(stderr) = child.stderr.take() {
            std::thread::spawn(move || {
                for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                    log.line(line);
                }
            });
        }
        Ok(Self { child })
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    pub(super) async fn stop(mut self) -> Result<(), String> {
        terminate(&mut self.child).map_err(|e| format!("cannot send the stop signal: {e}"))?;
        match waited(self).await {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(format!("it was asked to stop and ended with {status}")),
            Err(error) => Err(error.to_string()),
        }
    }

    pub(super) async fn kill(mut self) -> Result<(), String> {
        self.child.kill().map_err(|error| error.to_string())?;
        waited(self).await.map(drop).map_err(|e| e.to_string())
    }

    pub(super) fn ended(&mut self) -> Option<String> {
        match self.child.try_wait() {
            Ok(None) => None,
            Ok(Some(status)) => Some(format!("it ended unexpectedly with {status}")),
            Err(error) => Some(error.to_string()),
        }
    }
}

/// However a play ends, its bot ends with it.
impl Drop for Program {
    fn drop(&mut self) {
        // Mostly it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn waited(mut program: Program) -> io::Result<ExitStatus> {
    tokio::task::spawn_blocking(move || program.child.wait()).await?
}

/// SIGTERM, as systemd and containers send it.
#[cfg(unix)]
fn terminate(child: &mut Child) -> io::Result<()> {
    use rustix::process::{Pid, Signal, kill_process};
    kill_process(Pid::from_child(child), Signal::TERM)?;
    Ok(())
}

/// There is nothing gentler that reaches a process without a window.
#[cfg(not(unix))]
fn terminate(child: &mut Child) -> io::Result<()> {
    child.kill()
}
