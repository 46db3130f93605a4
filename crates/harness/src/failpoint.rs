//! The points at which a bot in a separate process can die: right before and right after each call
//! to Discord and each commit of the database. The bot marks them with trace events
//! ([`theticketbot::failpoint`]).

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use theticketbot::failpoint;
use tracing::field::{Field, Visit};
use tracing_subscriber::layer::{Context, Layer};

/// A point in a run: the `nth` time (from 1) that the bot passes this failpoint.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Point {
    pub nth: usize,
    /// `before commit begin_opening`
    pub moment: String,
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
    /// The points of a run, in their order.
    pub fn all_of(moments: &[String]) -> Vec<Self> {
        let counted = moments.iter().enumerate().map(|(at, moment)| Self {
            nth: 1 + moments[..at].iter().filter(|it| *it == moment).count(),
            moment: moment.clone(),
        });
        counted.collect()
    }

    pub(crate) fn written(&self) -> String {
        format!("{} {}", self.nth, self.moment)
    }

    pub(crate) fn read(text: &str) -> Option<Self> {
        let (nth, moment) = text.split_once(' ')?;
        Some(Self {
            nth: nth.parse().ok()?,
            moment: moment.to_owned(),
        })
    }
}

/// Reports each failpoint before the bot passes it, and kills this process at the armed one.
#[derive(Clone)]
pub(crate) struct Steps {
    armed: Arc<Mutex<Option<Point>>>,
    report: fn(&str),
}

impl Steps {
    pub(crate) fn new(report: fn(&str), armed: Option<Point>) -> Self {
        Self {
            armed: Arc::new(Mutex::new(armed)),
            report,
        }
    }

    pub(crate) fn arm(&self, point: Option<Point>) {
        *self.armed() = point;
    }

    fn armed(&self) -> MutexGuard<'_, Option<Point>> {
        self.armed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S: tracing::Subscriber> Layer<S> for Steps {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() != failpoint::TARGET {
            return;
        }
        let mut taken = Taken::default();
        event.record(&mut taken);
        let moment = format!("{} {}", taken.when, taken.step);
        // The bot passes failpoints on two threads. The lock makes sure that they are reported one at a time.
        let mut armed = self.armed();
        (self.report)(&moment);
        let Some(point) = armed.as_mut().filter(|point| point.moment == moment) else {
            return;
        };
        point.nth -= 1;
        if point.nth == 0 {
            die();
        }
    }
}

/// Dies like a crash: no code runs after this.
fn die() {
    #[cfg(unix)]
    {
        let me = rustix::process::getpid();
        // A process cannot block SIGKILL.
        let _ = rustix::process::kill_process(me, rustix::process::Signal::KILL);
        loop {
            std::thread::park();
        }
    }
    #[cfg(not(unix))]
    std::process::abort();
}

#[derive(Default)]
struct Taken {
    when: String,
    step: String,
}

impl Visit for Taken {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "when" {
            value.clone_into(&mut self.when);
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "step" {
            self.step = format!("{value:?}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_count_the_times_that_a_step_comes() {
        let moments = ["before a", "after a", "before a"].map(str::to_owned);
        let points = Point::all_of(&moments);
        let shown: Vec<_> = points.iter().map(ToString::to_string).collect();
        assert_eq!(shown, ["before a", "after a", "before a (number 2)"]);
        for point in points {
            assert_eq!(Point::read(&point.written()), Some(point));
        }
    }
}
