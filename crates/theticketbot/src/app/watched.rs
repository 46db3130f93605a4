//! The bot's own threads that are active: where a message may change whom a ticket waits for. A message
//! anywhere else costs one lookup here.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tickets::{ChannelId, GuildId, MessageId, UserId};

use crate::cache::Cache;
use crate::discord::events::{Incoming, Thread};

/// The watched threads of all servers.
#[derive(Default)]
pub struct Watched(Mutex<All>);

/// The newest message of a thread, according to Discord.
#[derive(Clone, Copy, Debug, Default)]
struct Last {
    message: Option<MessageId>,
    /// The author of the thread's newest message from a person, if it has been handled.
    author: Option<UserId>,
    /// The thread was archived, and is active again. Writing in an archived thread reopens it.
    came_back: bool,
}

impl Watched {
    /// Adds the threads that an earlier run knew. Discord replays everything that was missed in them.
    pub fn restore(&self, cache: &Cache) {
        let mut all = self.all();
        for guild in cache.known_guilds() {
            let own = cache.guild(guild).map(|known| known.own_active());
            for thread in own.into_iter().flatten() {
                all.entry(guild).or_default().entry(thread).or_default();
            }
        }
    }

    /// Learns from an event which threads there are.
    pub fn learn(&self, incoming: &Incoming, me: UserId) {
        match incoming {
            Incoming::Guild(guild) => {
                let id = guild.id.into();
                let mut all = self.all();
                all.remove(&id);
                for thread in &guild.threads {
                    note(&mut all, &Thread::of(thread, id), me);
                }
            }
            Incoming::GuildGone { guild, .. } => {
                self.all().remove(guild);
            }
            Incoming::ThreadList { threads, .. } => {
                let mut all = self.all();
                for thread in threads {
                    note(&mut all, thread, me);
                }
            }
            Incoming::ThreadCreated(thread) => note(&mut self.all(), thread, me),
            Incoming::ThreadChanged(thread) => {
                let mut all = self.all();
                let was_watched = last(&mut all, thread.guild, thread.id).is_some();
                note(&mut all, thread, me);
                if let Some(last) = last(&mut all, thread.guild, thread.id) {
                    last.came_back |= !was_watched;
                }
            }
            Incoming::ThreadDeleted { guild, thread } => {
                if let Some(threads) = self.all().get_mut(guild) {
                    threads.remove(thread);
                }
            }
            _ => {}
        }
    }

    /// Whether messages in this channel can change whom a ticket waits for.
    pub fn has(&self, guild: GuildId, channel: ChannelId) -> bool {
        let all = self.all();
        all.get(&guild)
            .is_some_and(|threads| threads.contains_key(&channel))
    }

    /// The newest message of a thread, according to Discord.
    pub fn newest(&self, guild: GuildId, thread: ChannelId) -> Option<MessageId> {
        self.all().get(&guild)?.get(&thread)?.message
    }

    /// Whether a thread is active again since this was asked for the last time.
    pub fn came_back(&self, guild: GuildId, thread: ChannelId) -> bool {
        let mut all = self.all();
        last(&mut all, guild, thread).is_some_and(|last| std::mem::take(&mut last.came_back))
    }

    /// Notes that a message was sent in a thread.
    pub fn sent(&self, guild: GuildId, thread: ChannelId, message: MessageId) {
        if let Some(last) = self
            .all()
            .get_mut(&guild)
            .and_then(|it| it.get_mut(&thread))
        {
            last.message = last.message.max(Some(message));
        }
    }

    /// Notes that a person wrote in a thread. False if the last known author is the same person.
    pub fn wrote(&self, guild: GuildId, thread: ChannelId, author: UserId) -> bool {
        let mut all = self.all();
        let Some(last) = all.get_mut(&guild).and_then(|it| it.get_mut(&thread)) else {
            return false;
        };
        last.author.replace(author) != Some(author)
    }

    /// Forgets the last author, so that the next message is handled even if it is from the same person.
    pub fn forget_author(&self, guild: GuildId, thread: ChannelId) {
        if let Some(last) = self
            .all()
            .get_mut(&guild)
            .and_then(|it| it.get_mut(&thread))
        {
            last.author = None;
        }
    }

    fn all(&self) -> MutexGuard<'_, All> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

type All = HashMap<GuildId, HashMap<ChannelId, Last>>;

fn last(all: &mut All, guild: GuildId, thread: ChannelId) -> Option<&mut Last> {
    all.get_mut(&guild)?.get_mut(&thread)
}

fn note(all: &mut All, thread: &Thread, me: UserId) {
    if thread.creator == Some(me) && !thread.archived {
        let threads = all.entry(thread.guild).or_default();
        let last = threads.entry(thread.id).or_default();
        last.message = last.message.max(thread.last_message);
    } else if let Some(threads) = all.get_mut(&thread.guild) {
        threads.remove(&thread.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ME: UserId = UserId(9);
    const GUILD: GuildId = GuildId(1);
    const THREAD: ChannelId = ChannelId(5);

    fn thread(creator: u64, archived: bool, last: u64) -> Incoming {
        Incoming::ThreadChanged(Thread {
            guild: GUILD,
            id: THREAD,
            parent: Some(ChannelId(2)),
            creator: Some(UserId(creator)),
            name: String::new(),
            archived,
            locked: false,
            is_idle: false,
            last_message: Some(MessageId(last)),
        })
    }

    #[test]
    fn only_active_threads_of_the_bots_own_are_watched() {
        let watched = Watched::default();
        watched.learn(&thread(8, false, 6), ME);
        assert!(!watched.has(GUILD, THREAD));
        watched.learn(&thread(9, false, 6), ME);
        assert!(watched.has(GUILD, THREAD));
        assert!(!watched.has(GuildId(2), THREAD) && !watched.has(GUILD, ChannelId(6)));
        watched.learn(&thread(9, true, 6), ME);
        assert!(!watched.has(GUILD, THREAD));
        watched.learn(&thread(9, false, 6), ME);
        let gone = Incoming::GuildGone {
            guild: GUILD,
            unavailable: true,
        };
        watched.learn(&gone, ME);
        assert!(!watched.has(GUILD, THREAD));
    }

    #[test]
    fn the_newest_message_is_known() {
        let watched = Watched::default();
        watched.learn(&thread(9, false, 6), ME);
        watched.sent(GUILD, THREAD, MessageId(8));
        watched.sent(GUILD, THREAD, MessageId(7));
        assert_eq!(watched.newest(GUILD, THREAD), Some(MessageId(8)));
        watched.learn(&thread(9, false, 12), ME);
        assert_eq!(watched.newest(GUILD, THREAD), Some(MessageId(12)));
        assert_eq!(watched.newest(GUILD, ChannelId(6)), None);
    }

    #[test]
    fn only_another_author_matters() {
        let watched = Watched::default();
        assert!(!watched.wrote(GUILD, THREAD, UserId(20)), "not watched");
        watched.learn(&thread(9, false, 6), ME);
        assert!(watched.wrote(GUILD, THREAD, UserId(20)));
        assert!(!watched.wrote(GUILD, THREAD, UserId(20)));
        assert!(watched.wrote(GUILD, THREAD, UserId(21)));
        watched.forget_author(GUILD, THREAD);
        assert!(watched.wrote(GUILD, THREAD, UserId(21)));
    }

    #[test]
    fn a_thread_that_is_opened_again_has_come_back_once() {
        let watched = Watched::default();
        let Incoming::ThreadChanged(new) = thread(9, false, 6) else {
            panic!("a change")
        };
        watched.learn(&Incoming::ThreadCreated(new), ME);
        watched.learn(&thread(9, false, 7), ME);
        assert!(!watched.came_back(GUILD, THREAD));
        watched.learn(&thread(9, true, 7), ME);
        watched.learn(&thread(9, false, 8), ME);
        assert!(watched.came_back(GUILD, THREAD));
        assert!(!watched.came_back(GUILD, THREAD));
    }
}
