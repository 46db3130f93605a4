//! What a test sees while it waits for something.

use std::ops::Deref;

use crate::id::{ChannelId, Timestamp, UserId};
use crate::world::World;
use crate::world::model::{Message, Thread};

/// The world at one moment, without permissions: everything of [`World`], and shortcuts.
pub struct Look<'a> {
    pub(crate) world: &'a World,
    pub(crate) now: Timestamp,
    pub(crate) bot_is_ready: bool,
}

impl Look<'_> {
    /// The present time in the world.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Whether the bot is connected with all its shards and has received all its servers.
    pub fn bot_is_ready(&self) -> bool {
        self.bot_is_ready
    }

    /// The threads under a channel, archived or not, oldest first.
    pub fn threads_of(&self, channel: ChannelId) -> Vec<&Thread> {
        let threads = self.world.channel(channel).map(|channel| &channel.threads);
        threads
            .into_iter()
            .flatten()
            .filter_map(|id| self.world.thread(*id))
            .collect()
    }

    /// Whether somebody is in a thread.
    pub fn is_in_thread(&self, thread: ChannelId, user: UserId) -> bool {
        self.world
            .thread(thread)
            .is_some_and(|thread| thread.members.contains_key(&user))
    }

    /// The newest message of a channel or thread.
    pub fn newest_message(&self, channel: ChannelId) -> Option<&Message> {
        self.world.messages(channel).next_back()
    }
}

impl Deref for Look<'_> {
    type Target = World;

    fn deref(&self) -> &World {
        self.world
    }
}
