//! The file that says when Discord last answered the bot, and `theticketbot health`, which reads it.
//!
//! The file is beside the database: the bot can write there in every installation, and each running
//! bot has its own database.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::fs;

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::files;

/// Discord answers a heartbeat every 41 seconds. After this many seconds at least two are missing.
const MAX_AGE: u64 = 120;

/// Writes the file while the bot runs. Cheap to clone.
#[derive(Clone)]
pub struct Heartbeat {
    state: Arc<Mutex<State>>,
}

struct State {
    file: PathBuf,
    /// When Discord last answered each shard, in seconds since 1970.
    answers: BTreeMap<u32, Option<u64>>,
    /// After the end, nothing is written.
    ended: bool,
}

impl Heartbeat {
    /// For the bot on this database. Removes the file that a crash may have left.
    pub fn new(database: &Path) -> Self {
        let file = file_beside(database);
        // If this fails, writing the file fails too, and that error is logged.
        let _ = files::create_parent(&file);
        // If it cannot be removed, it is too old to count in two minutes anyway.
        let _ = fs::remove_file(&file);
        let state = State {
            file,
            answers: BTreeMap::from([(0, None)]),
            ended: false,
        };
        Self {
            state: Arc::new(Mutex::new(state)),
        }
    }

    /// Sets which shards must be answered for the bot to be healthy.
    pub fn expect_shards(&self, shards: impl Iterator<Item = u32>) {
        let mut state = self.state();
        let known = std::mem::take(&mut state.answers);
        let answered = |shard: u32| known.get(&shard).copied().flatten();
        state.answers = shards.map(|shard| (shard, answered(shard))).collect();
    }

    /// When Discord last answered each shard, in seconds since 1970.
    #[cfg(feature = "postgres")]
    pub fn answers(&self) -> BTreeMap<u32, Option<u64>> {
        self.state().answers.clone()
    }

    /// Discord answered this shard. The file is written in the background, because a slow disk must
    /// not delay the answer to a click.
    pub fn answered(&self, shard: u32) {
        if self.state().answered(shard, now()).is_none() {
            return;
        }
        let this = self.clone();
        tokio::task::spawn_blocking(move || this.write());
    }

    /// Removes the file. Nothing is written after that.
    pub fn end(&self) {
        let mut state = self.state();
        state.ended = true;
        let _ = fs::remove_file(&state.file);
    }

    fn write(&self) {
        let state = self.state();
        let Some(time) = state.oldest().filter(|_| !state.ended) else {
            return;
        };
        let written = files::open_or_create(&state.file).and_then(|mut file| {
            file.set_len(0)?;
            file.write_all(format!("{time}\n").as_bytes())
        });
        if let Err(error) = written {
            let file = state.file.display();
            tracing::warn!(%error, %file, "cannot write the heartbeat file; `health` will fail");
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Notes an answer, and returns the time to write if there is a new one.
    fn answered(&mut self, shard: u32, now: u64) -> Option<u64> {
        let before = self.oldest();
        *self.answers.get_mut(&shard)? = Some(now);
        self.oldest().filter(|oldest| Some(*oldest) != before)
    }

    /// A bot is only as healthy as its worst shard.
    fn oldest(&self) -> Option<u64> {
        // `None` is less than every time.
        self.answers.values().copied().min().flatten()
    }
}

/// Checks the bot on this database: how many seconds ago Discord answered it.
pub fn check(database: &Path) -> Result<u64, Unhealthy> {
    check_file(&file_beside(database), now())
}

fn check_file(file: &Path, now: u64) -> Result<u64, Unhealthy> {
    let text = match fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(Unhealthy::NotConnected(file.to_owned()));
        }
        Err(error) => return Err(Unhealthy::Unreadable(file.to_owned(), error)),
    };
    let Ok(time) = text.trim().parse::<u64>() else {
        // The bot may be writing the file at this moment. It also overwrites a damaged file at the next
        // heartbeat.
        return Err(Unhealthy::NotConnected(file.to_owned()));
    };
    // A time in the future means that the clock was set back since.
    match now.abs_diff(time) {
        age @ 0..=MAX_AGE => Ok(age),
        age => Err(Unhealthy::Stale(age)),
    }
}

/// Why `theticketbot health` fails.
#[derive(Debug)]
pub enum Unhealthy {
    /// This file has no time.
    NotConnected(PathBuf),
    /// With the seconds since the last answer.
    Stale(u64),
    Unreadable(PathBuf, io::Error),
}

impl fmt::Display for Unhealthy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotConnected(file) => write!(
                f,
                "unhealthy: the bot on this database is not running, or not connected to Discord yet: it \
                 has not written {}",
                file.display()
            ),
            Self::Stale(age) => write!(
                f,
                "unhealthy: Discord last answered {age} seconds ago, more than {MAX_AGE}"
            ),
            Self::Unreadable(file, _) => write!(f, "cannot read {}", file.display()),
        }
    }
}

impl std::error::Error for Unhealthy {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unreadable(_, error) => Some(error),
            Self::NotConnected(_) | Self::Stale(_) => None,
        }
    }
}

fn file_beside(database: &Path) -> PathBuf {
    let mut file = OsString::from(database);
    file.push(".heartbeat");
    file.into()
}

fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.unwrap_or_default().as_secs()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_shard_counts() {
        let mut state = State {
            file: PathBuf::new(),
            answers: BTreeMap::from([(0, None), (1, None)]),
            ended: false,
        };
        assert_eq!(state.answered(0, 10), None, "the other shard is missing");
        assert_eq!(state.answered(1, 20), Some(10));
        assert_eq!(state.answered(1, 30), None, "still 10");
        assert_eq!(state.answered(0, 40), Some(30));
        assert_eq!(state.answered(7, 50), None, "there is no such shard");
    }

    #[test]
    fn an_answer_counts_for_two_minutes() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("a.db.heartbeat");
        let check = |now| check_file(&file, now).map_err(|error| error.to_string());
        let not_connected = Unhealthy::NotConnected(file.clone()).to_string();
        assert_eq!(check(1000), Err(not_connected.clone()));
        fs::write(&file, "1000\n").unwrap();
        assert_eq!(check(1000), Ok(0));
        assert_eq!(check(1120), Ok(120));
        assert_eq!(check(1121), Err(Unhealthy::Stale(121).to_string()));
        assert_eq!(check(990), Ok(10), "the clock was set back a little");
        assert!(check(0).is_err(), "the clock was set back a lot");
        for damaged in ["", "soon", "-5"] {
            fs::write(&file, damaged).unwrap();
            assert_eq!(check(1000), Err(not_connected.clone()), "{damaged:?}");
        }
    }
}
