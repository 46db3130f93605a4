//! Channels and threads.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::super::forums::{Forum, Post};
use crate::id::{ChannelId, GuildId, MessageId, Timestamp, UserId};
use crate::permissions::Overwrite;

/// The kind of a channel that is not a thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ChannelKind {
    Text,
    /// Direct messages between a person and a bot.
    Direct,
    Voice,
    Category,
    Announcement,
    /// Contains only posts, which are threads.
    Forum,
}

impl ChannelKind {
    /// Discord's number for the kind.
    pub const fn code(self) -> u8 {
        match self {
            Self::Text => 0,
            Self::Direct => 1,
            Self::Voice => 2,
            Self::Category => 4,
            Self::Announcement => 5,
            Self::Forum => 15,
        }
    }

    pub const fn from_code(code: u64) -> Option<Self> {
        match code {
            0 => Some(Self::Text),
            2 => Some(Self::Voice),
            4 => Some(Self::Category),
            5 => Some(Self::Announcement),
            15 => Some(Self::Forum),
            _ => None,
        }
    }
}

/// A channel of a server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Channel {
    pub id: ChannelId,
    pub guild: GuildId,
    pub kind: ChannelKind,
    pub name: String,
    pub position: u32,
    pub parent: Option<ChannelId>,
    pub topic: Option<String>,
    pub nsfw: bool,
    pub overwrites: Vec<Overwrite>,
    /// The slowmode, in seconds.
    pub rate_limit_per_user: u32,
    /// In minutes; the default that clients send for new threads.
    pub default_auto_archive: Option<u32>,
    /// For voice channels, in bits per second.
    #[serde(default)]
    pub bitrate: Option<u32>,
    /// Only for voice channels; 0 for no limit.
    #[serde(default)]
    pub user_limit: u32,
    pub last_message: Option<MessageId>,
    #[serde(default)]
    pub last_pin: Option<Timestamp>,
    /// Only for direct messages: the two users.
    #[serde(default)]
    pub recipients: Vec<UserId>,
    /// Only for forums: the tags, and defaults for clients.
    #[serde(default)]
    pub forum: Forum,
    /// Its threads, archived or not.
    pub threads: BTreeSet<ChannelId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ThreadKind {
    Announcement,
    Public,
    Private,
}

impl ThreadKind {
    pub const fn code(self) -> u8 {
        match self {
            Self::Announcement => 10,
            Self::Public => 11,
            Self::Private => 12,
        }
    }
}

/// A thread under a channel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Thread {
    pub id: ChannelId,
    pub guild: GuildId,
    pub parent: ChannelId,
    pub owner: UserId,
    pub kind: ThreadKind,
    pub name: String,
    pub archived: bool,
    pub locked: bool,
    /// Whether ordinary members may invite others; for private threads.
    pub invitable: bool,
    /// In minutes.
    pub auto_archive: u32,
    /// When `archived` last changed.
    pub archive_changed: Timestamp,
    /// When somebody last wrote. The time until the automatic archiving counts from here.
    pub active_at: Timestamp,
    pub rate_limit_per_user: u32,
    pub last_message: Option<MessageId>,
    #[serde(default)]
    pub last_pin: Option<Timestamp>,
    pub message_count: u32,
    pub total_message_sent: u32,
    /// The members, and when each of them joined.
    pub members: BTreeMap<UserId, Timestamp>,
    pub created: Timestamp,
    /// Only for a post of a forum.
    #[serde(default)]
    pub post: Option<Post>,
}

impl Thread {
    pub fn is_private(&self) -> bool {
        self.kind == ThreadKind::Private
    }
}

/// Where messages are: a channel, or a thread with the channel above it.
#[derive(Clone, Copy, Debug)]
pub enum Place<'a> {
    Channel(&'a Channel),
    Thread(&'a Thread, &'a Channel),
}

impl<'a> Place<'a> {
    pub fn id(self) -> ChannelId {
        match self {
            Self::Channel(channel) => channel.id,
            Self::Thread(thread, _) => thread.id,
        }
    }

    pub fn guild(self) -> GuildId {
        self.channel().guild
    }

    /// The channel, or the thread's parent.
    pub fn channel(self) -> &'a Channel {
        match self {
            Self::Channel(channel) | Self::Thread(_, channel) => channel,
        }
    }

    pub fn thread(self) -> Option<&'a Thread> {
        match self {
            Self::Channel(_) => None,
            Self::Thread(thread, _) => Some(thread),
        }
    }

    /// Discord's number for the kind.
    pub fn type_code(self) -> u8 {
        match self {
            Self::Channel(channel) => channel.kind.code(),
            Self::Thread(thread, _) => thread.kind.code(),
        }
    }

    pub fn name(self) -> &'a str {
        match self {
            Self::Channel(channel) => &channel.name,
            Self::Thread(thread, _) => &thread.name,
        }
    }
}
