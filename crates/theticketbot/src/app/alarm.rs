//! What the timer of `reconcile::due` needs to fire neither too late nor too early.

use std::sync::{Mutex, PoisonError};

use tickets::Timestamp;
use tokio::sync::watch;

/// After the bot comes online, it sends no due message for this long, in milliseconds. It first reads the
/// messages that it missed, and members who could not answer during an outage get time to do so.
const AFTER_ONLINE: i64 = 10 * 60 * 1000;

/// What the timer needs to know besides the database.
pub struct Alarm {
    /// Counts changes after which something may be due earlier than the timer assumes.
    set: watch::Sender<u64>,
    /// How often Discord's clock has jumped.
    moves: watch::Receiver<u64>,
    /// The changes that the timer had taken into account when it last enqueued everything due.
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

    /// Notes that something may be due earlier than the timer assumes.
    pub fn set_again(&self) {
        self.set.send_modify(|set| *set += 1);
    }

    /// All changes up to now.
    pub fn seen(&self) -> Seen {
        Seen {
            set: *self.set.borrow(),
            moves: *self.moves.borrow(),
        }
    }

    /// Waits until there is a change that `seen` does not include.
    pub async fn changed(&self, seen: Seen) {
        let (mut set, mut moves) = (self.set.subscribe(), self.moves.clone());
        // Both senders live as long as the bot.
        tokio::select! {
            _ = set.wait_for(|set| *set != seen.set) => {}
            _ = moves.wait_for(|moves| *moves != seen.moves) => {}
        }
    }

    /// Notes that everything due is enqueued, with the changes of `seen` taken into account.
    pub fn note_done(&self, seen: Seen) {
        self.done.send_replace(Some(seen));
    }

    /// Whether everything that is due is enqueued.
    pub fn is_idle(&self) -> bool {
        *self.done.borrow() == Some(self.seen())
    }

    /// Waits until everything that is due is enqueued.
    pub async fn idle(&self) {
        let mut done = self.done.subscribe();
        // The sender lives as long as `self`.
        let _ = done.wait_for(|done| *done == Some(self.seen())).await;
    }

    /// Notes that a session began. The bot may have missed events before it.
    pub fn note_online(&self, now: Timestamp) {
        let mut online = self.online.lock().unwrap_or_else(PoisonError::into_inner);
        *online = Some(now);
    }

    /// The bot sends no due message before this time.
    pub fn not_before(&self) -> Option<Timestamp> {
        let online = self.online.lock().unwrap_or_else(PoisonError::into_inner);
        online.map(|since| since.plus(AFTER_ONLINE))
    }
}
