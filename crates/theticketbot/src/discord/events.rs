//! Parses the gateway's JSON into the events that the bot handles.

use std::fmt;

use serde::{Deserialize, de};
use tickets::{ChannelId, GuildId, MessageId, RoleId, UserId};
use twilight_model::gateway::event::GatewayEventDeserializer;

use super::glance::glance;
use super::lenient::is_too_deep;
use super::{ThreadMember, wire};

/// A gateway event.
pub enum Incoming {
    /// A new session. Events may be missing, so everything must be checked again.
    Ready {
        me: UserId,
        guilds: Vec<GuildId>,
        /// Whether the host's account has two-factor authentication, if Discord says so.
        has_two_factors: Option<bool>,
    },
    /// The old session continues. Discord has replayed the missed events.
    Resumed,
    Guild(Box<wire::GuildCreate>),
    GuildChanged(wire::GuildUpdate),
    /// The bot was removed, or (`unavailable`) Discord has an outage.
    GuildGone {
        guild: GuildId,
        unavailable: bool,
    },
    Channel {
        guild: GuildId,
        channel: wire::Channel,
    },
    ChannelDeleted {
        guild: GuildId,
        channel: ChannelId,
    },
    Role {
        guild: GuildId,
        role: wire::Role,
    },
    RoleDeleted {
        guild: GuildId,
        role: RoleId,
    },
    /// A member's present roles.
    Member {
        guild: GuildId,
        user: UserId,
        roles: Vec<RoleId>,
    },
    MemberLeft(Left),
    ThreadCreated(Thread),
    ThreadChanged(Thread),
    ThreadDeleted {
        guild: GuildId,
        thread: ChannelId,
    },
    /// The active threads of a server, or of some of its channels.
    ThreadList {
        guild: GuildId,
        parents: Option<Vec<ChannelId>>,
        threads: Vec<Thread>,
    },
    ThreadMembers {
        guild: GuildId,
        thread: ChannelId,
        joined: Vec<ThreadMember>,
        left: Vec<UserId>,
    },
    Message(Box<wire::Message>),
    MessagesDeleted {
        guild: GuildId,
        channel: ChannelId,
        messages: Vec<MessageId>,
    },
    Interaction(Box<wire::Interaction>),
}

impl Incoming {
    /// The server of the event, if it concerns only one.
    pub fn guild(&self) -> Option<GuildId> {
        Some(match self {
            Self::Guild(guild) => guild.id.into(),
            Self::GuildChanged(change) => change.id.into(),
            Self::GuildGone { guild, .. }
            | Self::Channel { guild, .. }
            | Self::ChannelDeleted { guild, .. }
            | Self::Role { guild, .. }
            | Self::RoleDeleted { guild, .. }
            | Self::Member { guild, .. }
            | Self::MemberLeft(Left { guild, .. })
            | Self::ThreadDeleted { guild, .. }
            | Self::ThreadList { guild, .. }
            | Self::ThreadMembers { guild, .. }
            | Self::MessagesDeleted { guild, .. } => *guild,
            Self::ThreadCreated(thread) | Self::ThreadChanged(thread) => thread.guild,
            Self::Message(message) => return message.guild_id.map(GuildId::from),
            Self::Ready { .. } | Self::Resumed | Self::Interaction(_) => return None,
        })
    }
}

/// A member has left a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    pub guild: GuildId,
    pub user: UserId,
}

/// A thread with its server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thread {
    pub guild: GuildId,
    pub id: ChannelId,
    pub parent: Option<ChannelId>,
    pub creator: Option<UserId>,
    pub name: String,
    pub archived: bool,
    pub locked: bool,
    /// Discord's auto-archive timer has archived it.
    pub is_idle: bool,
    /// The newest message in it. It may have been deleted since.
    pub last_message: Option<MessageId>,
}

impl Thread {
    /// `guild` is the server that the event names: the threads in a server's own event do not repeat it.
    pub fn of(thread: &wire::Thread, guild: GuildId) -> Self {
        Self {
            guild,
            id: thread.id.into(),
            parent: thread.parent_id.map(ChannelId::from),
            creator: thread.owner_id.map(UserId::from),
            name: thread.name.clone(),
            archived: thread.thread_metadata.archived,
            locked: thread.thread_metadata.locked,
            is_idle: thread.is_idle(),
            last_message: thread.last_message_id.map(MessageId::from),
        }
    }
}

/// A known event that the bot cannot parse. The error names the event and the reason, but none of its
/// content.
#[derive(Debug)]
pub struct ReadError {
    event: String,
    why: serde_json::Error,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The message of the error can quote a value, so only the position is shown.
        write!(
            f,
            "{} cannot be read at its byte {} ({:?} error)",
            self.event,
            self.why.column(),
            self.why.classify()
        )
    }
}

impl std::error::Error for ReadError {}

/// Parses one event. `None` means that the bot does not handle it. `is_watched` says whether messages in a
/// channel matter. In other channels, only a message that may begin with a mention of the bot matters.
pub fn read(
    json: &str,
    is_watched: impl FnOnce(GuildId, ChannelId) -> bool,
) -> Result<Option<Incoming>, ReadError> {
    let Some(frame) = GatewayEventDeserializer::from_json(json) else {
        return Ok(None);
    };
    let Some(name) = frame.event_type() else {
        return Ok(None);
    };
    // Most events are messages outside of tickets.
    if name == MESSAGE_CREATE
        && let Some(message) = glance(json)
        && !message.may_address()
        && !(message.guild.zip(message.channel)).is_some_and(|(guild, id)| is_watched(guild, id))
    {
        return Ok(None);
    }
    let deep = is_too_deep(json).then(|| de::Error::custom("it is nested too deep"));
    deep.map_or_else(|| parse(name, json), Err)
        .map_err(|why| ReadError {
            event: name.to_owned(),
            why,
        })
}

const MESSAGE_CREATE: &str = "MESSAGE_CREATE";

fn parse(name: &str, json: &str) -> Result<Option<Incoming>, serde_json::Error> {
    Ok(Some(match name {
        "READY" => {
            let ready: wire::Ready = data(json)?;
            Incoming::Ready {
                me: ready.user.id.into(),
                guilds: ready.guilds.iter().map(|guild| guild.id.into()).collect(),
                has_two_factors: ready.user.mfa_enabled,
            }
        }
        "RESUMED" => Incoming::Resumed,
        "GUILD_CREATE" => {
            let guild: Box<wire::GuildCreate> = data(json)?;
            if guild.unavailable {
                Incoming::GuildGone {
                    guild: guild.id.into(),
                    unavailable: true,
                }
            } else {
                Incoming::Guild(guild)
            }
        }
        "GUILD_UPDATE" => Incoming::GuildChanged(data(json)?),
        "GUILD_DELETE" => {
            let gone: wire::GuildDelete = data(json)?;
            Incoming::GuildGone {
                guild: gone.id.into(),
                unavailable: gone.unavailable,
            }
        }
        "CHANNEL_CREATE" | "CHANNEL_UPDATE" => {
            let channel: wire::Channel = data(json)?;
            let Some(guild) = channel.guild_id else {
                return Ok(None);
            };
            Incoming::Channel {
                guild: guild.into(),
                channel,
            }
        }
        "CHANNEL_DELETE" => {
            let channel: wire::Channel = data(json)?;
            let Some(guild) = channel.guild_id else {
                return Ok(None);
            };
            Incoming::ChannelDeleted {
                guild: guild.into(),
                channel: channel.id.into(),
            }
        }
        "GUILD_ROLE_CREATE" | "GUILD_ROLE_UPDATE" => {
            let changed: wire::RoleChanged = data(json)?;
            Incoming::Role {
                guild: changed.guild_id.into(),
                role: changed.role,
            }
        }
        "GUILD_ROLE_DELETE" => {
            let deleted: wire::RoleDeleted = data(json)?;
            Incoming::RoleDeleted {
                guild: deleted.guild_id.into(),
                role: deleted.role_id.into(),
            }
        }
        "GUILD_MEMBER_UPDATE" => {
            let member: wire::MemberEvent = data(json)?;
            let Some(roles) = member.roles else {
                return Ok(None);
            };
            Incoming::Member {
                guild: member.guild_id.into(),
                user: member.user.id.into(),
                roles: roles.into_iter().map(RoleId::from).collect(),
            }
        }
        "GUILD_MEMBER_REMOVE" => {
            let member: wire::MemberEvent = data(json)?;
            Incoming::MemberLeft(Left {
                guild: member.guild_id.into(),
                user: member.user.id.into(),
            })
        }
        "THREAD_CREATE" | "THREAD_UPDATE" | "THREAD_DELETE" => {
            let wire: wire::Thread = data(json)?;
            let Some(guild) = wire.guild_id else {
                return Ok(None);
            };
            let thread = Thread::of(&wire, guild.into());
            match name {
                "THREAD_CREATE" => Incoming::ThreadCreated(thread),
                "THREAD_UPDATE" => Incoming::ThreadChanged(thread),
                _ => Incoming::ThreadDeleted {
                    guild: thread.guild,
                    thread: thread.id,
                },
            }
        }
        "THREAD_LIST_SYNC" => {
            let list: wire::ThreadListSync = data(json)?;
            let guild = list.guild_id.into();
            Incoming::ThreadList {
                guild,
                parents: list
                    .channel_ids
                    .map(|ids| ids.into_iter().map(ChannelId::from).collect()),
                threads: list
                    .threads
                    .iter()
                    .map(|thread| Thread::of(thread, guild))
                    .collect(),
            }
        }
        "THREAD_MEMBERS_UPDATE" => {
            let change: wire::ThreadMembersUpdate = data(json)?;
            Incoming::ThreadMembers {
                guild: change.guild_id.into(),
                thread: change.id.into(),
                joined: change.added_members,
                left: change
                    .removed_member_ids
                    .into_iter()
                    .map(UserId::from)
                    .collect(),
            }
        }
        MESSAGE_CREATE => Incoming::Message(data(json)?),
        "MESSAGE_DELETE" => {
            let message: wire::MessageDelete = data(json)?;
            // Direct messages have no server.
            let Some(guild) = message.guild_id else {
                return Ok(None);
            };
            Incoming::MessagesDeleted {
                guild: guild.into(),
                channel: message.channel_id.into(),
                messages: vec![message.id.into()],
            }
        }
        "MESSAGE_DELETE_BULK" => {
            let messages: wire::MessageDeleteBulk = data(json)?;
            let Some(guild) = messages.guild_id else {
                return Ok(None);
            };
            Incoming::MessagesDeleted {
                guild: guild.into(),
                channel: messages.channel_id.into(),
                messages: messages.ids.into_iter().map(MessageId::from).collect(),
            }
        }
        "INTERACTION_CREATE" => Incoming::Interaction(data(json)?),
        _ => return Ok(None),
    }))
}

fn data<'de, T: Deserialize<'de>>(json: &'de str) -> Result<T, serde_json::Error> {
    #[derive(Deserialize)]
    struct Frame<T> {
        d: T,
    }
    serde_json::from_str(json).map(|frame: Frame<T>| frame.d)
}

impl fmt::Debug for Incoming {
    /// Shows only the variant: an interaction's token is a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ready { .. } => "Ready",
            Self::Resumed => "Resumed",
            Self::Guild(_) => "Guild",
            Self::GuildChanged(_) => "GuildChanged",
            Self::GuildGone { .. } => "GuildGone",
            Self::Channel { .. } => "Channel",
            Self::ChannelDeleted { .. } => "ChannelDeleted",
            Self::Role { .. } => "Role",
            Self::RoleDeleted { .. } => "RoleDeleted",
            Self::Member { .. } => "Member",
            Self::MemberLeft(_) => "MemberLeft",
            Self::ThreadCreated(_) => "ThreadCreated",
            Self::ThreadChanged(_) => "ThreadChanged",
            Self::ThreadDeleted { .. } => "ThreadDeleted",
            Self::ThreadList { .. } => "ThreadList",
            Self::ThreadMembers { .. } => "ThreadMembers",
            Self::Message(_) => "Message",
            Self::MessagesDeleted { .. } => "MessagesDeleted",
            Self::Interaction(_) => "Interaction",
        })
    }
}
