//! When the timer for what is due must not be late or early.

use std::sync::{Mutex, PoisonError};

use tickets::Timestamp;
use tokio::sync::watch;

/// For this long after the bot came online, nothing happens: what was missed is read first, and whoever
/// was away with it has time to answer. In milliseconds.
const AFTER_ONLINE: i64 = 10 * 60 * 1000;

/// What the timer needs to know besides the database.
pub struct Alarm {
    /// How often something was set that may be due earlier than the timer knew.
    set: watch::Sender<u64>,
    /// How often Discord's clock has jumped.
    moves: watch::Receiver<u64>,
    /// What the timer had seen when it enqueued what was due.
    done: watch::Sender<Option<Seen>>,
    online: Mutex<Option<Timestamp>>,
}

/// The changes that the timer takes into account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    set: u64,
    pub moves: u64,
}

impl Alarm {
    pub fn new(moves: watch::Receiver<u64>) -> Self {
        Self {
            set: watch::Sender::default(),
            moves,
            done: watch::Sender::default(),
            online: Mutex::default(),
        }
    }

    /// Something may be due earlier than the timer knows.
    pub fn set_again(&self) {
        self.set.send_modify(|set| *set += 1);
    }

    /// What is to be taken into account now.
    pub fn seen(&self) -> Seen {
        Seen {
            set: *self.set.borrow(),
            moves: *self.moves.borrow(),
        }
    }

    /// Waits until there is more than that.
    pub async fn changed(&self, seen: Seen) {
        let (mut set, mut moves) = (self.set.subscribe(), self.moves.clone());
        // Both senders live as long as the bot.
        tokio::select! {
            _ = set.wait_for(|set| *set != seen.set) => {}
            _ = moves.wait_for(|moves| *moves != seen.moves) => {}
        }
    }

    /// Everything that was due when this was seen is enqueued.
    pub fn note_done(&self, seen: Seen) {
        self.done.send_replace(Some(seen));
    }

    /// Whether everything that is due is enqueued.
    pub fn is_idle(&self) -> bool {
        *self.done.borrow() == Some(self.seen())
    }

    /// Waits for that.
    pub async fn idle(&self) {
        let mut done = self.done.subscribe();
        // The sender lives as long as `self`.
        let _ = done.wait_for(|done| *done == Some(self.seen())).await;
    }

    /// A session began, and perhaps events were missed.
    pub fn note_online(&self, now: Timestamp) {
        let mut online = self.online.lock().unwrap_or_else(PoisonError::into_inner);
        *online = Some(now);
    }

    /// Nothing may happen before.
    pub fn not_before(&self) -> Option<Timestamp> {
        let online = self.online.lock().unwrap_or_else(PoisonError::into_inner);
        online.map(|since| since.plus(AFTER_ONLINE))
    }
}
