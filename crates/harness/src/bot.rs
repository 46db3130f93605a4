//! The bot under test. It runs inside this process, where it dies by losing its runtime; or as a
//! child process that can be killed at any failpoint; or as the real program. It keeps its home and
//! log across restarts.

mod child;
mod inside;
mod program;

use std::path::PathBuf;
use std::time::Duration;

use crate::home::Home;
use crate::log::Log;
use crate::{Point, Result};
pub use child::{Child, Ended, be_the_bot_if_asked};
use inside::Inside;
pub use program::Program;

/// How long the bot may take to become idle.
const TIMEOUT: Duration = Duration::from_secs(60);

/// How the bot is run.
#[derive(Clone, Debug)]
pub enum How {
    /// In a thread of this process.
    Inside,
    /// In a separate process, which is this test program again. The test of this name must begin
    /// with [`be_the_bot_if_asked`].
    Child(&'static str),
    /// This program, as a separate process.
    Program(PathBuf),
}

/// A bot with its home; it runs or not.
pub struct Bot {
    pub home: Home,
    how: How,
    running: Option<Running>,
    log: Log,
}

enum Running {
    Inside(Inside),
    Child(Child),
    Program(Program),
}

impl Bot {
    pub fn new(how: How, home: Home) -> Self {
        Self {
            home,
            how,
            running: None,
            log: Log::default(),
        }
    }

    pub fn is_running(&self) -> bool {
        self.running.is_some()
    }

    /// What it logs.
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// The real program, if that is what runs.
    pub fn program(&self) -> Option<&Program> {
        match &self.running {
            Some(Running::Program(program)) => Some(program),
            _ => None,
        }
    }

    /// The child process, if that is what runs.
    pub fn child(&mut self) -> Result<&mut Child> {
        match &mut self.running {
            Some(Running::Child(child)) => Ok(child),
            _ => Err("the bot does not run as a child process".into()),
        }
    }

    /// Starts it, unless it runs.
    pub async fn start(&mut self) -> Result {
        self.start_armed(None).await
    }

    /// Starts it, unless it runs. A child dies at this point, perhaps before it has started.
    pub async fn start_armed(&mut self, point: Option<&Point>) -> Result {
        if self.is_running() {
            return Ok(());
        }
        let log = self.log.clone();
        self.running = Some(match &self.how {
            How::Inside => Running::Inside(Inside::start(self.home.settings()?, log).await?),
            How::Child(test) => {
                let mut child = Child::start(test, self.home.folder(), point, log)?;
                if point.is_none() {
                    child.ready().await?;
                }
                Running::Child(child)
            }
            How::Program(path) => {
                let started = Program::start(path, self.home.folder(), log);
                Running::Program(started.map_err(|e| format!("{}: {e}", path.display()))?)
            }
        });
        Ok(())
    }

    /// Stops it as a host does. Fails if that does not work.
    pub async fn stop(&mut self) -> Result {
        match self.running.take() {
            None => Ok(()),
            Some(Running::Inside(inside)) => Ok(inside.stop().await?),
            Some(Running::Child(mut child)) => match child.stop().await? {
                Ended::Stopped => Ok(()),
                Ended::Killed => Err("the bot is dead".into()),
            },
            Some(Running::Program(program)) => Ok(program.stop().await?),
        }
    }

    /// Ends it at once, wherever it is.
    pub async fn kill(&mut self) -> Result {
        match self.running.take() {
            Some(Running::Inside(inside)) => Ok(inside.die().await?),
            // Its drop kills it.
            None | Some(Running::Child(_)) => Ok(()),
            Some(Running::Program(program)) => Ok(program.kill().await?),
        }
    }

    /// Takes note that a child has died.
    pub fn mark_dead(&mut self) {
        self.running = None;
    }

    /// Waits until every event that it received is handled. It must be connected. The real
    /// program cannot report this.
    pub async fn idle(&mut self) -> Result {
        let idle = async {
            match &mut self.running {
                None => Err("the bot does not run".into()),
                Some(Running::Inside(inside)) => inside.idle().await,
                Some(Running::Child(child)) => child.idle().await,
                Some(Running::Program(_)) => {
                    Err("the real program cannot report whether it is idle".into())
                }
            }
        };
        match tokio::time::timeout(TIMEOUT, idle).await {
            Ok(idle) => idle,
            Err(_) => Err(format!("the bot does not become idle:\n{}", self.log).into()),
        }
    }

    /// So much time passes for a bot inside this process.
    pub async fn time_passes(&self, time: Duration) -> Result {
        match &self.running {
            Some(Running::Inside(inside)) => inside.time_passes(time).await,
            _ => Err("only the clock of a bot inside this process can be moved".into()),
        }
    }

    /// Completes when a child is dead. The other kinds report that elsewhere.
    pub fn death(&self) -> impl Future<Output = ()> + use<> {
        let over = match &self.running {
            Some(Running::Child(child)) => Some(child.over()),
            _ => None,
        };
        async move {
            match over {
                // The child drops the sender right after it sent.
                Some(mut over) => drop(over.wait_for(|over| *over).await),
                None => std::future::pending().await,
            }
        }
    }

    /// Why it ended unexpectedly, if it did.
    pub fn ended(&mut self) -> Option<String> {
        let why = match self.running.as_mut()? {
            Running::Inside(inside) => inside.ended(),
            Running::Child(child) => child.ended(),
            Running::Program(program) => program.ended(),
        }?;
        self.running = None;
        Some(why)
    }
}
