//! Logs: readable lines on the terminal, and JSON lines in `theticketbot.jsonl` in the log folder.
//!
//! Log lines contain text that strangers choose, such as names. So `terminal` escapes everything in a message
//! or field that could begin a new line or control the terminal. JSON escapes such text anyway.

mod rolling;
mod terminal;

use std::io::{self, IsTerminal};
use std::path::Path;
use std::sync::Mutex;

use tracing_subscriber::filter::{LevelFilter, Targets, filter_fn};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, fmt};

pub use terminal::escape;

use rolling::RollingFile;

/// The crates of this workspace: what `-v` is about.
const OWN: [&str; 4] = [
    "theticketbot",
    "tickets",
    "discord_sandbox",
    "sqlite3mc_link",
];

/// The target of lines that are in the log file only, because the terminal has them in another form.
pub const FILE_ONLY: &str = "theticketbot::end";

const FILE: &str = "theticketbot.jsonl";
/// When a new file is started, and how many old ones are kept.
const FILE_SIZE: u64 = 5_000_000;
const OLD_FILES: u32 = 3;

/// Begins logging: 0 for the usual, 1 (`-v`) for debug lines of this program, 2 (`-vv`) for those of
/// its libraries too. Without a folder, or if it cannot be written, to the terminal only.
pub fn init(verbosity: u8, folder: Option<&Path>) {
    let file = folder.map(|folder| RollingFile::open(&folder.join(FILE), FILE_SIZE, OLD_FILES));
    let (file, problem) = match file {
        Some(Ok(file)) => (Some(file), None),
        Some(Err(error)) => (None, Some(error)),
        None => (None, None),
    };
    let json = file.map(|file| {
        fmt::layer()
            .json()
            .flatten_event(true)
            .with_ansi(false)
            .log_internal_errors(false)
            .with_writer(Mutex::new(file))
    });
    // A line that cannot be written would be reported with `eprintln!`, which panics if the terminal is gone.
    let lines = fmt::layer()
        .event_format(terminal::Line)
        .with_ansi(wants_colour())
        .log_internal_errors(false)
        .with_writer(io::stderr)
        .with_filter(filter_fn(|line| line.target() != FILE_ONLY));
    let subscriber =
        tracing_subscriber::registry().with(lines.and_then(json).with_filter(filter(verbosity)));
    if subscriber.try_init().is_err() {
        // A logger exists already, for example that of a test. It stays in force.
        return;
    }
    log_panics();
    if let (Some(error), Some(folder)) = (problem, folder) {
        tracing::warn!(%error, folder = %folder.display(), "cannot write to the log folder, so there is no log file");
    }
}

fn filter(verbosity: u8) -> Targets {
    let (own, libraries, of_pool) = match verbosity {
        0 => (LevelFilter::INFO, LevelFilter::WARN, LevelFilter::ERROR),
        1 => (LevelFilter::DEBUG, LevelFilter::WARN, LevelFilter::ERROR),
        _ => (LevelFilter::DEBUG, LevelFilter::DEBUG, LevelFilter::DEBUG),
    };
    Targets::new()
        .with_default(libraries)
        .with_targets(OWN.map(|name| (name, own)))
        // The pool's lines contain no reason. The next use of a lost connection logs the reason.
        .with_target("deadpool", of_pool)
}

/// Colour is for eyes: on a terminal, and unless <https://no-color.org> says no.
fn wants_colour() -> bool {
    io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// A panic is a line of the log like any other error.
fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let payload = panic.payload();
        let message = payload
            .downcast_ref::<&str>()
            .copied()
            .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
            .unwrap_or("a panic without a message");
        let place = panic
            .location()
            .map(ToString::to_string)
            .unwrap_or_default();
        tracing::error!(place, "panicked: {message}");
    }));
}

#[cfg(test)]
mod tests {
    use super::*;
    use tracing::Level;

    #[test]
    fn verbosity_is_for_own_crates_first() {
        let level = |verbosity, target: &str| {
            let filter = filter(verbosity);
            [
                Level::ERROR,
                Level::WARN,
                Level::INFO,
                Level::DEBUG,
                Level::TRACE,
            ]
            .into_iter()
            .rfind(|level| filter.would_enable(target, level))
        };
        for (verbosity, own, library, pool) in [
            (0, Level::INFO, Level::WARN, Level::ERROR),
            (1, Level::DEBUG, Level::WARN, Level::ERROR),
            (2, Level::DEBUG, Level::DEBUG, Level::DEBUG),
            (9, Level::DEBUG, Level::DEBUG, Level::DEBUG),
        ] {
            assert_eq!(level(verbosity, "theticketbot::store"), Some(own));
            assert_eq!(level(verbosity, "tickets"), Some(own));
            assert_eq!(level(verbosity, "hyper_util"), Some(library));
            assert_eq!(level(verbosity, "deadpool.postgres"), Some(pool));
        }
    }
}
