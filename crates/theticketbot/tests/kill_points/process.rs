//! The bot in a process of its own, which can kill itself at any step.
//!
//! The process is this test program again, told by its environment to be the bot. Parent and child
//! talk in lines: the child tells of each step before it goes on, and takes orders.

use std::fmt;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use theticketbot::run::Bot;
use theticketbot::step;
use theticketbot::store::Store;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tracing::field::{Field, Visit};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

use crate::Result;

/// Where the config of the bot is that this process shall be.
const HOME: &str = "TEST_KILL_POINTS_HOME";

/// The step at which it shall kill itself.
const POINT: &str = "TEST_KILL_POINTS_AT";

/// What the child says begins with this; everything else on its output is the test harness's.
const SAYS: &str = "bot says: ";

/// A moment in the life of a bot: the `nth` time (from 1) that this step comes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Point {
    pub(crate) nth: usize,
    /// `before commit begin_opening`
    pub(crate) moment: String,
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.moment)?;
        if self.nth > 1 {
            write!(f, " (number {})", self.nth)?;
        }
        Ok(())
    }
}

impl Point {
    /// The points that lie in a run, in their order.
    pub(crate) fn all_of(moments: &[String]) -> Vec<Self> {
        let counted = moments.iter().enumerate().map(|(at, moment)| Self {
            nth: 1 + moments[..at].iter().filter(|it| *it == moment).count(),
            moment: moment.clone(),
        });
        counted.collect()
    }

    fn written(&self) -> String {
        format!("{} {}", self.nth, self.moment)
    }

    fn read(text: &str) -> Option<Self> {
        let (nth, moment) = text.split_once(' ')?;
        Some(Self {
            nth: nth.parse().ok()?,
            moment: moment.to_owned(),
        })
    }
}

/// A bot in a process of its own.
pub(crate) struct Process {
    child: Child,
    orders: ChildStdin,
    said: UnboundedReceiver<String>,
    /// The moments that it has passed since it was last armed.
    pub(crate) moments: Vec<String>,
}

impl Process {
    /// Starts it, perhaps to die at this point.
    pub(crate) fn start(home: &Path, point: Option<&Point>) -> Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command
            .args([crate::CHILD, "--exact", "--nocapture"])
            .env(HOME, home)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        if let Some(point) = point {
            command.env(POINT, point.written());
        }
        let mut child = command.spawn()?;
        let output = child.stdout.take().ok_or("it has an output")?;
        let orders = child.stdin.take().ok_or("it has an input")?;
        let (tell, said) = unbounded_channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                // The harness does not end its own line before a test's output.
                if let Some((_, word)) = line.split_once(SAYS) {
                    let _ = tell.send(word.to_owned());
                }
            }
        });
        Ok(Self {
            child,
            orders,
            said,
            moments: Vec::new(),
        })
    }

    /// From now on its steps are counted, and it dies at this point.
    pub(crate) async fn arm(&mut self, point: Option<&Point>) -> Result {
        self.order(&format!(
            "arm {}",
            point.map_or_else(String::new, Point::written)
        ))?;
        self.hears("armed").await?;
        self.moments.clear();
        Ok(())
    }

    /// Waits until it has looked through everything that happened while it was away.
    pub(crate) async fn catches_up(&mut self) -> Result {
        self.order("catch up")?;
        self.hears("caught up").await
    }

    /// Waits until it is connected.
    pub(crate) async fn is_ready(&mut self) -> Result {
        self.hears("ready").await
    }

    /// Waits until it has come past this moment.
    pub(crate) async fn passes(&mut self, moment: &str) -> Result {
        self.hears(&format!("step {moment}")).await
    }

    /// Stops it as SIGTERM would; false if it died instead.
    pub(crate) async fn stop(mut self) -> Result<(bool, Vec<String>)> {
        // One that is dead takes no orders.
        let _ = self.order("stop");
        self.is_over().await;
        let died = self.has_died()?;
        Ok((!died, std::mem::take(&mut self.moments)))
    }

    /// Waits until it has ended, however it does.
    pub(crate) async fn is_over(&mut self) {
        while let Some(word) = self.said.recv().await {
            self.note(&word);
        }
    }

    /// Whether it ended by a signal and not by itself. It is over.
    pub(crate) fn has_died(&mut self) -> Result<bool> {
        let status = self.child.wait()?;
        match (
            std::os::unix::process::ExitStatusExt::signal(&status),
            status.code(),
        ) {
            (Some(9), _) => Ok(true),
            (_, Some(0)) => Ok(false),
            _ => Err(format!("the bot ended with {status}").into()),
        }
    }

    async fn hears(&mut self, wanted: &str) -> Result {
        while let Some(word) = self.said.recv().await {
            if word == wanted {
                return Ok(());
            }
            self.note(&word);
        }
        Err(Dead.into())
    }

    fn note(&mut self, word: &str) {
        if let Some(moment) = word.strip_prefix("step ") {
            self.moments.push(moment.to_owned());
        }
    }

    fn order(&mut self, order: &str) -> Result {
        writeln!(self.orders, "{order}").map_err(|_| Dead)?;
        Ok(())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The bot is dead, which can be what was wanted.
#[derive(Debug)]
pub(crate) struct Dead;

impl fmt::Display for Dead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the bot is dead")
    }
}

impl std::error::Error for Dead {}

/// Is the bot, if this process is meant to be it.
pub(crate) fn be_the_bot_if_told() -> Result {
    let Some(home) = std::env::var_os(HOME) else {
        return Ok(());
    };
    let armed = std::env::var(POINT).ok();
    let steps = Steps::default();
    *steps.point() = armed.as_deref().and_then(Point::read);
    let log = tracing_subscriber::registry().with(steps.clone());
    tracing::subscriber::set_global_default(log)?;
    let (tell, mut orders) = unbounded_channel();
    std::thread::spawn(move || {
        for order in std::io::stdin().lines().map_while(Result::ok) {
            if let Some(point) = order.strip_prefix("arm ") {
                *steps.point() = Point::read(point);
                say("armed");
            } else {
                let _ = tell.send(order);
            }
        }
    });
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let dirs = theticketbot::dirs::Dirs::of_this_user()?;
        let file = Path::new(&home).join("config.toml");
        let settings = theticketbot::config::load(Some(&file), &dirs, None)?;
        let store = Store::open(&settings.db.access(None)?)?;
        let bot = Bot::start(settings, store).await?;
        say("ready");
        while let Some(order) = orders.recv().await {
            if order == "stop" {
                break;
            }
            bot.settled().await;
            bot.caught_up().await;
            say("caught up");
        }
        // Without a parent, too.
        bot.stop().await?;
        Ok::<_, Box<dyn std::error::Error + Send + Sync>>(())
    })?;
    // The rest of the test is the parent's.
    std::process::exit(0)
}

/// Tells of each step, and ends the process at the one that it is armed for.
#[derive(Clone, Default)]
struct Steps(Arc<Mutex<Option<Point>>>);

impl Steps {
    fn point(&self) -> std::sync::MutexGuard<'_, Option<Point>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S: tracing::Subscriber> Layer<S> for Steps {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        let level = *event.metadata().level();
        if event.metadata().target() != step::TARGET {
            if level <= tracing::Level::WARN && std::env::var_os("TEST_KILL_POINTS_LOG").is_some() {
                let mut line = Line::default();
                event.record(&mut line);
                say(&format!("{level} {line:?}"));
            }
            return;
        }
        let mut line = Line::default();
        event.record(&mut line);
        let moment = format!("{} {}", line.when, line.step);
        // Steps are taken on two threads; they are told one after the other.
        let mut point = self.point();
        say(&format!("step {moment}"));
        let Some(armed) = point.as_mut().filter(|point| point.moment == moment) else {
            return;
        };
        armed.nth -= 1;
        if armed.nth == 0 {
            let me = rustix::process::getpid();
            let _ = rustix::process::kill_process(me, rustix::process::Signal::KILL);
        }
    }
}

#[derive(Debug, Default)]
struct Line {
    when: String,
    step: String,
    message: String,
}

impl Visit for Line {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "when" {
            value.clone_into(&mut self.when);
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        match field.name() {
            "step" => self.step = format!("{value:?}"),
            name => self.message = format!("{} {name}={value:?}", self.message),
        }
    }
}

fn say(word: &str) {
    let mut out = std::io::stdout().lock();
    // A parent that is gone hears nothing; then the orders end, too.
    let _ = writeln!(out, "{SAYS}{word}").and_then(|()| out.flush());
}
