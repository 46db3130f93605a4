//! The bot under test. It runs inside this process, where dropping its runtime kills it; or as a child
//! process that can be killed at any failpoint; or as the real program. It keeps its home and log across
//! restarts.

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

/// How to run the bot.
#[derive(Clone, Debug)]
pub enum How {
    /// In a thread of this process.
    Inside,
    /// In a separate process, which is this test program again. The test of this name must begin
    /// with [`be_the_bot_if_asked`].
    Child(&'static str),
    /// The program at this path, as a separate process.
    Program(PathBuf),
}

/// A bot with its home. The bot may be running or stopped.
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

    /// What the bot logs.
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// The real program, if the bot runs as that.
    pub fn program(&self) -> Option<&Program> {
        match &self.running {
            Some(Running::Program(program)) => Some(program),
            _ => None,
        }
    }

    /// The child process, if the bot runs as that.
    pub fn child(&mut self) -> Result<&mut Child> {
        match &mut self.running {
            Some(Running::Child(child)) => Ok(child),
            _ => Err("the bot does not run as a child process".into()),
        }
    }

    /// Starts the bot, unless it is running.
    pub async fn start(&mut self) -> Result {
        self.start_armed(None).await
    }

    /// Starts the bot, unless it is running. A child kills itself at this point, perhaps before the bot has
    /// started.
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

    /// Stops the bot as a host does. Fails if the bot does not stop cleanly.
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

    /// Kills the bot, whatever it is doing.
    pub async fn kill(&mut self) -> Result {
        match self.running.take() {
            Some(Running::Inside(inside)) => Ok(inside.die().await?),
            // Dropping a `Child` kills its process.
            None | Some(Running::Child(_)) => Ok(()),
            Some(Running::Program(program)) => Ok(program.kill().await?),
        }
    }

    /// Records that a child has died.
    pub fn mark_dead(&mut self) {
        self.running = None;
    }

    /// Waits until the bot has handled every event that it received. The bot must be connected. The real
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

    /// Advances the clock of a bot that runs inside this process.
    pub async fn time_passes(&self, time: Duration) -> Result {
        match &self.running {
            Some(Running::Inside(inside)) => inside.time_passes(time).await,
            _ => Err("only the clock of a bot inside this process can be moved".into()),
        }
    }

    /// Completes when a child is dead. For the other kinds it never completes: [`Self::ended`] reports their
    /// end.
    pub fn death(&self) -> impl Future<Output = ()> + use<> {
        let over = match &self.running {
            Some(Running::Child(child)) => Some(child.over()),
            _ => None,
        };
        async move {
            match over {
                // An error means that the sender was dropped: the child's output has ended then, too.
                Some(mut over) => drop(over.wait_for(|over| *over).await),
                None => std::future::pending().await,
            }
        }
    }

    /// Why the bot ended unexpectedly, if it did.
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
