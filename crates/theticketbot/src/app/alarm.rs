//! What the timer of `reconcile::due` needs to fire neither too late nor too early.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tickets::{GuildId, Timestamp};
use tokio::sync::watch;

/// After the bot comes online, or after one server was away, it sends no due message there for this long, in
/// milliseconds. It first reads the messages that it missed, and members who could not answer get time to do
/// so.
const AFTER_ONLINE: i64 = 10 * 60 * 1000;

/// What the timer needs to know besides the database.
pub struct Alarm {
    /// Counts changes after which something may be due earlier than the timer assumes.
    set: watch::Sender<u64>,
    /// How often Discord's clock has jumped.
    moves: watch::Receiver<u64>,
    /// The changes that the timer had taken into account when it last enqueued everything due.
    done: watch::Sender<Option<Seen>>,
    online: Mutex<Online>,
}

/// Since when the bot is online.
#[derive(Default)]
struct Online {
    at_all: Option<Timestamp>,
    /// When Discord last sent each server.
    servers: HashMap<GuildId, Timestamp>,
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
        self.online().at_all = Some(now);
    }

    /// Notes that Discord has sent a server. The bot may have missed events in it before.
    pub fn note_described(&self, guild: GuildId, now: Timestamp) {
        self.online().servers.insert(guild, now);
    }

    /// The bot sends no due message before this time.
    pub fn not_before(&self) -> Option<Timestamp> {
        self.online().at_all.map(|at| at.plus(AFTER_ONLINE))
    }

    /// The bot sends no due message in this server before this time.
    pub fn not_before_in(&self, guild: GuildId) -> Option<Timestamp> {
        let online = self.online();
        let since = online.servers.get(&guild).copied().max(online.at_all);
        since.map(|at| at.plus(AFTER_ONLINE))
    }

    fn online(&self) -> MutexGuard<'_, Online> {
        self.online.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
