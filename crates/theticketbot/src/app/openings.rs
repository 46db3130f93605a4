//! The tickets that are being opened now, as the rest of the bot has to know them.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tickets::{ChannelId, GuildId, UserId};
use tokio::sync::{Notify, Semaphore};

/// The files of at most this many submissions are in memory at once.
const AT_ONCE: usize = 2;

/// The tickets that are being opened now.
#[derive(Default)]
pub struct Openings {
    live: Mutex<HashMap<u64, Live>>,
    /// Threads that an opening found by searching and is about to claim. The opening that created such a
    /// thread may get its id only now, and must then check whose thread it is. There are few.
    found: Mutex<HashSet<ChannelId>>,
    /// Limits how many submissions download their files at once.
    pub downloads: Downloads,
}

pub struct Live {
    pub guild: GuildId,
    pub owner: UserId,
    /// The thread may exist, and its id is not known yet.
    pub may_claim: bool,
    /// The channel of the thread. With the name, it identifies the thread until its id is known.
    pub parent: ChannelId,
    pub name: String,
    /// The thread's id, once it is known.
    pub thread: Option<ChannelId>,
    /// An event about the owner or about members came before the thread was a ticket in the database.
    pub has_news: bool,
    pub nudge: Arc<Notify>,
}

impl Openings {
    /// Whether a thread of this server may belong to an opening that does not know it yet.
    pub fn may_claim_in(&self, guild: GuildId) -> bool {
        let live = self.live();
        live.values().any(|it| it.guild == guild && it.may_claim)
    }

    /// Whether a thread belongs to an opening, which may not have claimed it yet.
    pub fn has(&self, thread: ChannelId) -> bool {
        self.live().values().any(|it| it.thread == Some(thread))
    }

    /// An event about members of a thread that is not a ticket yet: the opening checks it once it has ended.
    pub fn note_members(&self, thread: ChannelId) {
        for opening in self.live().values_mut() {
            opening.has_news |= opening.thread == Some(thread);
        }
    }

    /// A member has left the server: their openings are checked once they have ended.
    pub fn note_left(&self, guild: GuildId, user: UserId) {
        for opening in self.live().values_mut() {
            opening.has_news |= opening.guild == guild && opening.owner == user;
        }
    }

    /// The gateway sent a thread of the bot: an opening that waits for one like it searches now.
    pub fn thread_created(&self, parent: ChannelId, name: &str) {
        for opening in self.live().values() {
            if opening.may_claim && opening.parent == parent && opening.name == name {
                opening.nudge.notify_one();
            }
        }
    }

    /// Wakes the openings of this server, because something changed that may let them continue.
    pub fn nudge(&self, guild: GuildId) {
        for opening in self.live().values().filter(|it| it.guild == guild) {
            opening.nudge.notify_one();
        }
    }

    /// Whether no ticket is being opened.
    pub fn is_empty(&self) -> bool {
        self.live().is_empty()
    }

    pub fn live(&self) -> MutexGuard<'_, HashMap<u64, Live>> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn found(&self) -> MutexGuard<'_, HashSet<ChannelId>> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Limits how many submissions download their files at once.
pub struct Downloads(pub Semaphore);

impl Default for Downloads {
    fn default() -> Self {
        Self(Semaphore::new(AT_ONCE))
    }
}
