//! The events that a change causes, and who may receive them.

use serde_json::Value;

use super::audit::AuditEntry;
use super::invites::Invite;
use super::model::{Channel, Emoji, Member, Message, Role, Thread};
use crate::id::{ChannelId, GuildId, InteractionId, MessageId, RoleId, Timestamp, UserId};

/// The result of a change, with the events that it causes.
#[derive(Clone, Debug)]
#[must_use = "the events have to be dispatched"]
pub struct Change<T> {
    pub value: T,
    pub events: Vec<Event>,
}

impl<T> Change<T> {
    /// Converts the value and keeps the events.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Change<U> {
        Change {
            value: f(self.value),
            events: self.events,
        }
    }
}

/// Something that happened. `crate::wire::dispatch` converts it for each receiver.
#[derive(Clone, Debug)]
pub struct Event {
    pub name: EventName,
    /// The event's server, which determines the shard.
    pub guild: GuildId,
    pub audience: Audience,
    pub body: Body,
}

/// Who may receive an event.
#[derive(Clone, Debug)]
pub enum Audience {
    /// All members.
    Guild,
    /// All members who can view the channel or thread.
    Viewers(ChannelId),
    /// All members who could view something that is now deleted. A thread has its parent channel, too.
    FormerViewers(Box<Channel>, Option<Box<Thread>>),
    User(UserId),
    /// Bots with View Audit Log in the server.
    Auditors,
    /// People's clients in the server, but no bots.
    People,
}

/// What happened, with everything that its JSON needs.
#[derive(Clone, Debug)]
pub enum Body {
    Channel(Box<Channel>),
    /// A thread, and whether it was just created.
    Thread {
        thread: Box<Thread>,
        newly_created: bool,
    },
    ThreadDelete {
        thread: ChannelId,
        parent: ChannelId,
        kind: u8,
    },
    /// All active threads under a channel that somebody gained access to.
    ThreadListSync {
        channel: ChannelId,
    },
    /// A member's own membership. Only members of the thread receive it.
    ThreadMember {
        thread: ChannelId,
    },
    ThreadMembers {
        thread: ChannelId,
        added: Vec<UserId>,
        removed: Vec<UserId>,
    },
    Message(Box<Message>),
    MessageDelete {
        channel: ChannelId,
        message: MessageId,
    },
    MessageDeleteBulk {
        channel: ChannelId,
        messages: Vec<MessageId>,
    },
    Typing {
        channel: ChannelId,
        user: UserId,
        at: Timestamp,
    },
    Guild,
    GuildDelete,
    Role(Box<Role>),
    RoleDelete(RoleId),
    Member(Box<Member>),
    MemberRemove(UserId),
    /// A reaction was added or removed.
    Reaction {
        channel: ChannelId,
        message: MessageId,
        user: UserId,
        /// The author of the message, unless it is a webhook.
        author: Option<UserId>,
        emoji: Box<Emoji>,
    },
    /// All reactions were removed, or all with one emoji.
    ReactionsGone {
        channel: ChannelId,
        message: MessageId,
        emoji: Option<Box<Emoji>>,
    },
    /// A message was pinned or unpinned.
    Pins {
        channel: ChannelId,
    },
    Invite(Box<Invite>),
    AuditEntry(Box<AuditEntry>),
    /// All emojis of the server.
    Emojis,
    /// The bot's own user.
    CurrentUser,
    /// A user was banned or unbanned.
    Ban(UserId),
    /// An interaction, for the application that must respond.
    Interaction(InteractionId),
    /// The state of an interaction, for the person's client.
    InteractionView(InteractionId),
    /// JSON that is the same for all receivers.
    Json(Value),
}

macro_rules! names {
    ($($variant:ident = $name:literal),+ $(,)?) => {
        /// The `t` of a dispatch.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum EventName { $($variant),+ }

        impl EventName {
            /// Every event that the world causes.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
        }
    };
}

names! {
    ChannelCreate = "CHANNEL_CREATE",
    ChannelUpdate = "CHANNEL_UPDATE",
    ChannelDelete = "CHANNEL_DELETE",
    ThreadCreate = "THREAD_CREATE",
    ThreadUpdate = "THREAD_UPDATE",
    ThreadDelete = "THREAD_DELETE",
    ThreadListSync = "THREAD_LIST_SYNC",
    ThreadMemberUpdate = "THREAD_MEMBER_UPDATE",
    ThreadMembersUpdate = "THREAD_MEMBERS_UPDATE",
    GuildCreate = "GUILD_CREATE",
    GuildUpdate = "GUILD_UPDATE",
    GuildDelete = "GUILD_DELETE",
    GuildRoleCreate = "GUILD_ROLE_CREATE",
    GuildRoleUpdate = "GUILD_ROLE_UPDATE",
    GuildRoleDelete = "GUILD_ROLE_DELETE",
    GuildMemberAdd = "GUILD_MEMBER_ADD",
    GuildMemberUpdate = "GUILD_MEMBER_UPDATE",
    GuildMemberRemove = "GUILD_MEMBER_REMOVE",
    GuildBanAdd = "GUILD_BAN_ADD",
    GuildBanRemove = "GUILD_BAN_REMOVE",
    MessageCreate = "MESSAGE_CREATE",
    MessageUpdate = "MESSAGE_UPDATE",
    MessageDelete = "MESSAGE_DELETE",
    MessageDeleteBulk = "MESSAGE_DELETE_BULK",
    MessageReactionAdd = "MESSAGE_REACTION_ADD",
    MessageReactionRemove = "MESSAGE_REACTION_REMOVE",
    MessageReactionRemoveAll = "MESSAGE_REACTION_REMOVE_ALL",
    MessageReactionRemoveEmoji = "MESSAGE_REACTION_REMOVE_EMOJI",
    ChannelPinsUpdate = "CHANNEL_PINS_UPDATE",
    UserUpdate = "USER_UPDATE",
    InviteCreate = "INVITE_CREATE",
    InviteDelete = "INVITE_DELETE",
    GuildAuditLogEntryCreate = "GUILD_AUDIT_LOG_ENTRY_CREATE",
    GuildEmojisUpdate = "GUILD_EMOJIS_UPDATE",
    TypingStart = "TYPING_START",
    WebhooksUpdate = "WEBHOOKS_UPDATE",
    InteractionCreate = "INTERACTION_CREATE",
    InteractionSuccess = "INTERACTION_SUCCESS",
    InteractionFailure = "INTERACTION_FAILURE",
    InteractionModalCreate = "INTERACTION_MODAL_CREATE",
    Resync = "RESYNC",
}

/// The events that a gateway session subscribed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Intents(pub u64);

impl Intents {
    pub const GUILDS: Self = Self(1);
    pub const GUILD_MEMBERS: Self = Self(1 << 1);
    pub const GUILD_MODERATION: Self = Self(1 << 2);
    pub const GUILD_EXPRESSIONS: Self = Self(1 << 3);
    pub const GUILD_WEBHOOKS: Self = Self(1 << 5);
    pub const GUILD_INVITES: Self = Self(1 << 6);
    pub const GUILD_PRESENCES: Self = Self(1 << 8);
    pub const GUILD_MESSAGES: Self = Self(1 << 9);
    pub const GUILD_MESSAGE_REACTIONS: Self = Self(1 << 10);
    pub const GUILD_MESSAGE_TYPING: Self = Self(1 << 11);
    pub const DIRECT_MESSAGES: Self = Self(1 << 12);
    pub const DIRECT_MESSAGE_REACTIONS: Self = Self(1 << 13);
    pub const DIRECT_MESSAGE_TYPING: Self = Self(1 << 14);
    pub const MESSAGE_CONTENT: Self = Self(1 << 15);

    pub const fn has(self, wanted: Self) -> bool {
        self.0 & wanted.0 == wanted.0
    }
}

/// Collects what a change causes.
#[derive(Debug, Default)]
pub(super) struct Events(pub(super) Vec<Event>);

impl Events {
    pub(super) fn push(&mut self, name: EventName, guild: GuildId, audience: Audience, body: Body) {
        self.0.push(Event {
            name,
            guild,
            audience,
            body,
        });
    }

    /// People's clients fetch everything again, because what they can see has changed.
    pub(super) fn resync(&mut self, guild: GuildId, audience: Audience) {
        self.push(
            EventName::Resync,
            guild,
            audience,
            Body::Json(serde_json::json!({})),
        );
    }

    pub(super) fn done<T>(self, value: T) -> Change<T> {
        Change {
            value,
            events: self.0,
        }
    }
}
