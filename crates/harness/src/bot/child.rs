//! The bot in a separate process, which can kill itself at any failpoint.
//!
//! The process is this test program again; an environment variable makes it run the bot. Parent and child
//! exchange lines: the child reports each failpoint before it passes it, and reads commands.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{ChildStdin, Command, ExitStatus, Stdio};
use std::time::Duration;

use theticketbot::run::Bot;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::sync::watch;
use tracing::Level;
use tracing_subscriber::layer::SubscriberExt;

use crate::failpoint::Steps;
use crate::home::open;
use crate::log::{Listener, Log};
use crate::{Error, Point, Result};

/// The environment variable with the folder of the bot that this process should run.
const HOME: &str = "TEST_BOT_HOME";

/// The environment variable with the point at which this process should kill itself.
const POINT: &str = "TEST_BOT_DIES_AT";

/// The prefix of each line that the child sends to its parent. All other output comes from the test runner.
const SAYS: &str = "bot says: ";

/// How long the child may take to carry out a command.
const TIMEOUT: Duration = Duration::from_secs(60);

/// A bot in a separate process.
pub struct Child {
    process: std::process::Child,
    orders: ChildStdin,
    said: UnboundedReceiver<String>,
    /// Becomes true when the child's output has ended.
    over: watch::Receiver<bool>,
    log: Log,
    /// The failpoints that the child has passed since it was last armed.
    pub moments: Vec<String>,
}

/// How a child ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// After the parent asked it to stop.
    Stopped,
    /// By SIGKILL.
    Killed,
}

impl Child {
    pub(super) fn start(test: &str, home: &Path, point: Option<&Point>, log: Log) -> Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command
            .args([test, "--exact", "--nocapture"])
            .env(HOME, home)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        if let Some(point) = point {
            command.env(POINT, point.written());
        }
        let mut process = command.spawn()?;
        let output = process.stdout.take().ok_or("it has no output")?;
        let orders = process.stdin.take().ok_or("it has no input")?;
        let (sender, said) = unbounded_channel();
        let (end, over) = watch::channel(false);
        let lines = log.clone();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                // The test runner does not end its own line before a test's output, so the prefix may be in
                // the middle.
                let Some((_, word)) = line.split_once(SAYS) else {
                    continue;
                };
                if let Some(line) = word.strip_prefix("log ") {
                    lines.add(line.to_owned(), line.starts_with("ERROR"));
                } else {
                    // The receiver is dropped when the test has ended.
                    let _ = sender.send(word.to_owned());
                }
            }
            end.send_replace(true);
        });
        Ok(Self {
            process,
            orders,
            said,
            over,
            log,
            moments: Vec::new(),
        })
    }

    /// From now on the child's failpoints are recorded, and it kills itself at this point.
    pub async fn arm(&mut self, point: Option<&Point>) -> Result {
        let point = point.map_or_else(String::new, Point::written);
        self.order(&format!("arm {point}"))?;
        self.hears("armed").await?;
        self.moments.clear();
        Ok(())
    }

    /// Waits until the bot has started.
    pub(super) async fn ready(&mut self) -> Result {
        self.hears("ready").await
    }

    pub(super) async fn idle(&mut self) -> Result {
        self.order("idle")?;
        self.hears("idle").await
    }

    /// Stops the bot as SIGTERM would.
    pub async fn stop(&mut self) -> Result<Ended> {
        // If the process is dead already, writing to it fails; `end` reports that.
        let _ = self.order("stop");
        self.end().await
    }

    /// Waits until the process has ended, for whatever reason.
    pub async fn end(&mut self) -> Result<Ended> {
        let ending = async {
            while let Some(word) = self.said.recv().await {
                self.note(&word);
            }
        };
        let ended = tokio::time::timeout(TIMEOUT, ending).await;
        ended.map_err(|_| format!("the bot does not end:\n{}", self.log))?;
        let status = self.process.wait()?;
        if is_killed(status) {
            Ok(Ended::Killed)
        } else if status.success() {
            Ok(Ended::Stopped)
        } else {
            Err(format!("the bot ended with {status}:\n{}", self.log).into())
        }
    }

    /// Becomes true when the process is dead.
    pub(super) fn over(&self) -> watch::Receiver<bool> {
        self.over.clone()
    }

    pub(super) fn ended(&mut self) -> Option<String> {
        match self.process.try_wait() {
            Ok(None) => None,
            Ok(Some(status)) => Some(format!("the bot ended unexpectedly with {status}")),
            Err(error) => Some(error.to_string()),
        }
    }

    async fn hears(&mut self, wanted: &str) -> Result {
        let hearing = async {
            while let Some(word) = self.said.recv().await {
                if word == wanted {
                    return true;
                }
                self.note(&word);
            }
            false
        };
        match tokio::time::timeout(TIMEOUT, hearing).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(format!("the bot is dead:\n{}", self.log).into()),
            Err(_) => Err(format!("the bot is never {wanted}:\n{}", self.log).into()),
        }
    }

    fn note(&mut self, word: &str) {
        if let Some(moment) = word.strip_prefix("step ") {
            self.moments.push(moment.to_owned());
        }
    }

    fn order(&mut self, order: &str) -> Result {
        writeln!(self.orders, "{order}").map_err(|_| "the bot is dead")?;
        Ok(())
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // Usually the process has ended already, and this fails.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[cfg(unix)]
fn is_killed(status: ExitStatus) -> bool {
    std::os::unix::process::ExitStatusExt::signal(&status) == Some(9)
}

#[cfg(not(unix))]
fn is_killed(status: ExitStatus) -> bool {
    !status.success()
}

/// Runs the bot and exits, if this process was started as a child by `Child::start`.
pub fn be_the_bot_if_asked() -> Result {
    let Some(home) = std::env::var_os(HOME) else {
        return Ok(());
    };
    let armed = std::env::var(POINT).ok();
    let steps = Steps::new(
        |moment| say(&format!("step {moment}")),
        armed.as_deref().and_then(Point::read),
    );
    let log = Listener(|level, line: String| {
        // A pipe carries every line, so the child sends fewer log levels than a bot inside this process
        // records.
        if level <= Level::INFO {
            say(&format!("log {}", line.replace('\n', " ")));
        }
    });
    let log = tracing_subscriber::registry().with(steps.clone()).with(log);
    tracing::subscriber::set_global_default(log)?;
    let (sender, mut orders) = unbounded_channel();
    std::thread::spawn(move || {
        for order in std::io::stdin().lines().map_while(Result::ok) {
            if let Some(point) = order.strip_prefix("arm ") {
                steps.arm(Point::read(point));
                say("armed");
            } else {
                // The receiver is dropped when the bot has ended.
                let _ = sender.send(order);
            }
        }
    });
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let file = Path::new(&home).join("config.toml");
        let dirs = theticketbot::dirs::Dirs::of_this_user()?;
        let settings = theticketbot::config::load(Some(&file), &dirs, None)?;
        let store = open(&settings)?;
        let bot = Bot::start(settings, store).await?;
        say("ready");
        while let Some(order) = orders.recv().await {
            if order == "stop" {
                break;
            }
            bot.idle().await;
            say("idle");
        }
        // The loop also ends when the parent is gone, because its end of the pipe is then closed.
        bot.stop().await?;
        Ok::<_, Error>(())
    })?;
    // Only the parent runs the rest of the test.
    std::process::exit(0)
}

fn say(word: &str) {
    let mut out = std::io::stdout().lock();
    // If the parent is gone, writing fails. The pipe with the commands ends, too, and stops the bot.
    let _ = writeln!(out, "{SAYS}{word}").and_then(|()| out.flush());
}
