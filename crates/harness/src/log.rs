//! What the bot logs: its errors, which a test has to expect, and its last lines.

use std::collections::VecDeque;
use std::fmt::{self, Write as _};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tracing::field::{Field, Visit};
use tracing::subscriber::DefaultGuard;
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

/// How many lines are kept.
const TAIL: usize = 300;

/// How many of them are shown in an error.
const SHOWN: usize = 40;

/// Shared by all runs of one bot.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Lines>>);

#[derive(Default)]
struct Lines {
    errors: Vec<String>,
    tail: VecDeque<String>,
}

impl Log {
    /// Returns the errors that were logged since the last call, and forgets them.
    pub fn take_errors(&self) -> Vec<String> {
        std::mem::take(&mut self.lines().errors)
    }

    /// The errors that were logged since they were last taken.
    pub fn errors(&self) -> Vec<String> {
        self.lines().errors.clone()
    }

    /// The last lines, oldest first.
    pub fn tail(&self) -> Vec<String> {
        self.lines().tail.iter().cloned().collect()
    }

    /// Records what this thread logs while the guard exists.
    pub(crate) fn listen_here(&self) -> DefaultGuard {
        let log = self.clone();
        let listener = Listener(move |level, line| log.add(line, level == Level::ERROR));
        tracing::subscriber::set_default(tracing_subscriber::registry().with(listener))
    }

    /// Records a line that the program wrote.
    pub(crate) fn line(&self, line: String) {
        // A log line is `2026-11-22T08:00:00.000000Z ERROR theticketbot: …`. A line without a level is the
        // last message of a program that failed or panicked.
        let level = line.split_whitespace().nth(1).unwrap_or_default();
        let is_error = !matches!(level, "WARN" | "INFO" | "DEBUG" | "TRACE");
        self.add(line, is_error);
    }

    /// Records a line whose level is known.
    pub(crate) fn add(&self, line: String, is_error: bool) {
        let mut lines = self.lines();
        if is_error {
            lines.errors.push(line.clone());
        }
        if lines.tail.len() == TAIL {
            lines.tail.pop_front();
        }
        lines.tail.push_back(line);
    }

    fn lines(&self) -> MutexGuard<'_, Lines> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Shows the last lines, for errors.
impl fmt::Display for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = self.lines();
        let shown = lines.tail.len().saturating_sub(SHOWN);
        for line in lines.tail.iter().skip(shown) {
            writeln!(f, "  {line}")?;
        }
        Ok(())
    }
}

/// Calls a function for each line that the bot logs.
pub(crate) struct Listener<F>(pub(crate) F);

impl<S: Subscriber, F: Fn(Level, String) + 'static> Layer<S> for Listener<F> {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let metadata = event.metadata();
        let level = *metadata.level();
        let own = metadata.target().starts_with("theticketbot");
        if level > if own { Level::DEBUG } else { Level::WARN } {
            return;
        }
        let mut line = Line(format!("{level} {}:", metadata.target()));
        event.record(&mut line);
        (self.0)(level, line.0);
    }
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        // Writing into a string cannot fail.
        let _ = match field.name() {
            "message" => write!(self.0, " {value:?}"),
            name => write!(self.0, " {name}={value:?}"),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_of_the_program_are_told_by_their_level() {
        let log = Log::default();
        for line in [
            "2026-11-22T08:00:00.000000Z  INFO theticketbot: an ERROR in a message",
            "2026-11-22T08:00:00.000000Z  WARN theticketbot: hm",
            "2026-11-22T08:00:00.000000Z ERROR theticketbot: oh code=\"ABC\"",
            "error: cannot go on",
        ] {
            log.line(line.to_owned());
        }
        let errors = log.take_errors();
        assert_eq!(errors.len(), 2, "{errors:?}");
        assert!(errors[0].contains("oh"));
        assert_eq!(log.errors().len(), 0);
        assert_eq!(log.tail().len(), 4);
    }

    #[test]
    fn what_a_thread_logs_is_taken_down() {
        let log = Log::default();
        let guard = log.listen_here();
        tracing::error!(code = "ABC", "oh");
        tracing::debug!(target: "somewhere_else", "hm");
        drop(guard);
        let errors = log.take_errors();
        assert_eq!(log.tail().len(), 1);
        assert!(
            errors[0].contains("oh") && errors[0].contains("ABC"),
            "{errors:?}"
        );
    }
}
