//! The parts of Discord's responses that the bot reads.

use serde::{Deserialize, Deserializer};
use tickets::form::render::{Embed, Field};
use tickets::request::Attachment;
use tickets::waiting::counts;
use tickets::{ChannelId, GuildId, MessageId, RoleId, Timestamp, UserId};

use super::custom_id::ComponentId;
use super::lenient::{items, or_default};
use super::wire::{Member, Snowflake, ThreadMetadata};
use crate::shards::MOST_SHARDS;

/// The application that the token belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    pub id: u64,
    pub name: String,
    /// The person to notify of faults: the application's owner, or the owner of its team.
    pub owner: Option<UserId>,
    /// The application's owner, or the members of its team.
    pub hosts: Vec<UserId>,
}

impl<'de> Deserialize<'de> for Application {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Wire {
            id: Snowflake,
            #[serde(default)]
            name: String,
            owner: Option<User>,
            team: Option<Team>,
        }
        #[derive(Deserialize)]
        struct Team {
            owner_user_id: Option<Snowflake>,
            #[serde(default)]
            members: Vec<Member>,
        }
        #[derive(Deserialize)]
        struct Member {
            user: User,
            /// Discord's number: 1 for invited, 2 for accepted.
            membership_state: u8,
        }
        let wire = Wire::deserialize(deserializer)?;
        // If a team has the application, Discord names a user as its owner that only represents the team.
        let (owner, hosts) = if let Some(team) = wire.team {
            let accepted = team
                .members
                .into_iter()
                .filter(|it| it.membership_state == 2);
            (
                team.owner_user_id.map(UserId::from),
                accepted.map(|member| member.user.id.into()).collect(),
            )
        } else {
            let owner = wire.owner.map(|user| user.id.into());
            (owner, owner.into_iter().collect())
        };
        Ok(Self {
            id: wire.id.0,
            name: wire.name,
            owner,
            hosts,
        })
    }
}

#[derive(Deserialize)]
pub(super) struct User {
    pub(super) id: Snowflake,
}

/// How to connect to the gateway.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(try_from = "WireGatewayBot")]
pub struct GatewayBot {
    pub url: String,
    pub shards: u32,
    pub session_start_limit: SessionStartLimit,
}

impl GatewayBot {
    /// How many shards Discord recommends; at least one.
    pub fn shard_count(&self) -> u32 {
        self.shards.max(1)
    }
}

#[derive(Deserialize)]
struct WireGatewayBot {
    url: String,
    shards: u32,
    session_start_limit: SessionStartLimit,
}

/// The client library does not validate these values, and a proxy can send anything.
impl TryFrom<WireGatewayBot> for GatewayBot {
    type Error = &'static str;

    fn try_from(wire: WireGatewayBot) -> Result<Self, Self::Error> {
        const DAY: u64 = 86_400_000;
        let address: Result<hyper::Uri, _> = wire.url.parse();
        let is_websocket = address.is_ok_and(|address| {
            matches!(address.scheme_str(), Some("ws" | "wss")) && address.query().is_none()
        });
        if !is_websocket {
            return Err("the gateway's address must begin with ws:// or wss://");
        }
        if wire.shards > MOST_SHARDS {
            return Err("no bot needs so many shards");
        }
        let limit = wire.session_start_limit;
        Ok(Self {
            url: wire.url,
            shards: wire.shards,
            session_start_limit: SessionStartLimit {
                remaining: limit.remaining.min(limit.total),
                reset_after: limit.reset_after.min(DAY),
                ..limit
            },
        })
    }
}

/// How many gateway sessions the bot may still start.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct SessionStartLimit {
    pub total: u32,
    pub remaining: u32,
    /// In milliseconds.
    pub reset_after: u64,
    pub max_concurrency: u16,
}

/// A page of archived threads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArchivedThreads {
    pub threads: Vec<Thread>,
    /// The cursor of the next page, if there is one.
    pub next: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct ArchivedPage {
    threads: Vec<WireThread>,
    #[serde(default)]
    has_more: bool,
}

impl ArchivedPage {
    /// The cursor of the next page is the last thread's archive time. Discord's list of joined threads uses
    /// the thread's id instead (`by_id`).
    pub(super) fn read(self, by_id: bool) -> ArchivedThreads {
        let last = self.threads.last().filter(|_| self.has_more);
        let next = last.map(|last| {
            if by_id {
                last.id.0.to_string()
            } else {
                last.thread_metadata.archive_timestamp.clone()
            }
        });
        ArchivedThreads {
            threads: self.threads.into_iter().map(Thread::from).collect(),
            next,
        }
    }
}

/// The present state of a thread.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is something else that is read of a thread"
)]
pub struct Thread {
    pub id: ChannelId,
    pub guild: Option<GuildId>,
    pub parent: Option<ChannelId>,
    pub creator: Option<UserId>,
    pub name: String,
    pub is_private: bool,
    pub archived: bool,
    pub locked: bool,
    /// Discord's auto-archive timer has archived it.
    pub is_idle: bool,
}

/// Discord's number for a private thread.
const PRIVATE_THREAD: u8 = 12;

#[derive(Deserialize)]
struct WireThread {
    id: Snowflake,
    guild_id: Option<Snowflake>,
    parent_id: Option<Snowflake>,
    owner_id: Option<Snowflake>,
    #[serde(default, rename = "type")]
    kind: u8,
    #[serde(default)]
    name: String,
    #[serde(default, deserialize_with = "or_default")]
    last_message_id: Option<Snowflake>,
    #[serde(default)]
    thread_metadata: ThreadMetadata,
}

impl From<WireThread> for Thread {
    fn from(wire: WireThread) -> Self {
        Self {
            id: ChannelId(wire.id.0),
            guild: wire.guild_id.map(|id| GuildId(id.0)),
            parent: wire.parent_id.map(|id| ChannelId(id.0)),
            creator: wire.owner_id.map(|id| UserId(id.0)),
            name: wire.name,
            is_private: wire.kind == PRIVATE_THREAD,
            archived: wire.thread_metadata.archived,
            locked: wire.thread_metadata.locked,
            is_idle: wire.thread_metadata.is_idle(
                ChannelId(wire.id.0),
                wire.last_message_id.map(MessageId::from),
            ),
        }
    }
}

impl<'de> Deserialize<'de> for Thread {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        WireThread::deserialize(deserializer).map(Self::from)
    }
}

impl Thread {
    pub fn created_at(&self) -> Timestamp {
        self.id.created_at()
    }
}

/// A member of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuildMember {
    /// Their name as the server shows it.
    pub name: String,
    /// Without @everyone.
    pub roles: Vec<RoleId>,
    pub joined_at: Option<Timestamp>,
    pub is_bot: bool,
}

impl<'de> Deserialize<'de> for GuildMember {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Member {
            user,
            nick,
            roles,
            joined_at,
            ..
        } = Member::deserialize(deserializer)?;
        let shown = user.as_ref().map(super::wire::User::display_name);
        Ok(Self {
            name: nick.or(shown).unwrap_or_default(),
            roles: roles.into_iter().map(RoleId::from).collect(),
            joined_at: joined_at.as_deref().and_then(super::interactions::moment),
            is_bot: user.is_some_and(|user| user.bot),
        })
    }
}

/// A member of a thread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThreadMember {
    pub user: UserId,
    /// When they joined it; 0 if Discord does not say.
    pub joined_at: Timestamp,
    /// Their roles in the server, without @everyone.
    pub roles: Vec<RoleId>,
}

impl<'de> Deserialize<'de> for ThreadMember {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Wire {
            user_id: Snowflake,
            #[serde(default, deserialize_with = "or_default")]
            join_timestamp: Option<String>,
            #[serde(default, deserialize_with = "or_default")]
            member: Option<Member>,
        }
        let wire = Wire::deserialize(deserializer)?;
        let joined_at = wire.join_timestamp.as_deref();
        let joined_at = joined_at.and_then(super::interactions::moment);
        let roles = wire.member.map_or_else(Vec::new, |member| member.roles);
        Ok(Self {
            user: wire.user_id.into(),
            joined_at: joined_at.unwrap_or(Timestamp(0)),
            roles: roles.into_iter().map(RoleId::from).collect(),
        })
    }
}

/// A message that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is something else that is read of a message"
)]
pub struct Sent {
    pub id: MessageId,
    pub author: UserId,
    pub content: String,
    /// Discord could not add all members of the mentioned roles to the thread.
    pub left_roles_out: bool,
    /// Only one member can see it.
    pub is_ephemeral: bool,
    /// An ordinary message, not a system message of Discord.
    pub is_ordinary: bool,
    /// A person wrote it, not a bot, a webhook or Discord itself.
    pub is_by_a_person: bool,
    /// The interaction to which it is a response.
    pub responds_to: Option<u64>,
    /// The members whom it mentions.
    pub mentions: Vec<UserId>,
    /// The roles that the message mentions, as Discord resolved them.
    pub roles: Vec<RoleId>,
    /// It has the button of an inbox.
    pub has_button: bool,
    /// If it is a notice: the ticket that its button joins.
    pub joins: Option<ChannelId>,
    /// If it has buttons that close its ticket: for whom they are.
    pub asks: Option<Asks>,
}

impl Sent {
    /// Whether the bot, whose id is `me`, wrote the message.
    pub fn is_own(&self, me: Option<UserId>) -> bool {
        self.is_ordinary && Some(self.author) == me
    }
}

/// For whom the buttons of a message in a ticket are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// The *Close* button: the owner and staff.
    Anybody,
    /// A question whether to close the ticket, which the owner can also decline.
    Owner,
}

impl<'de> Deserialize<'de> for Sent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Wire {
            id: Snowflake,
            author: Author,
            #[serde(default)]
            webhook_id: Option<Snowflake>,
            #[serde(default)]
            content: String,
            #[serde(default, deserialize_with = "or_default")]
            flags: u64,
            #[serde(default, rename = "type")]
            kind: u8,
            #[serde(default, deserialize_with = "items")]
            mentions: Vec<User>,
            #[serde(default, deserialize_with = "items")]
            mention_roles: Vec<Snowflake>,
            #[serde(default, deserialize_with = "items")]
            components: Vec<Row>,
            interaction_metadata: Option<Interaction>,
        }
        #[derive(Deserialize)]
        struct Interaction {
            id: Snowflake,
        }
        #[derive(Deserialize)]
        struct Author {
            id: Snowflake,
            #[serde(default)]
            bot: bool,
        }
        #[derive(Deserialize)]
        struct Row {
            #[serde(default)]
            components: Vec<Button>,
        }
        #[derive(Deserialize)]
        struct Button {
            custom_id: Option<String>,
        }
        impl Button {
            fn id(&self) -> Option<ComponentId> {
                self.custom_id.as_deref()?.parse().ok()
            }
        }
        /// `FAILED_TO_MENTION_SOME_ROLES_IN_THREAD`.
        const LEFT_ROLES_OUT: u64 = 1 << 8;
        /// `EPHEMERAL`.
        const EPHEMERAL: u64 = 1 << 6;
        let wire = Wire::deserialize(deserializer)?;
        let rows = wire.components.iter();
        let buttons: Vec<_> = rows
            .flat_map(|row| row.components.iter().filter_map(Button::id))
            .collect();
        Ok(Self {
            id: MessageId(wire.id.0),
            author: UserId(wire.author.id.0),
            content: wire.content,
            is_ephemeral: wire.flags & EPHEMERAL != 0,
            left_roles_out: wire.flags & LEFT_ROLES_OUT != 0,
            is_ordinary: super::interactions::WRITTEN.contains(&wire.kind),
            is_by_a_person: counts(wire.kind, wire.author.bot, wire.webhook_id.is_some()),
            responds_to: wire.interaction_metadata.map(|it| it.id.0),
            roles: wire.mention_roles.into_iter().map(RoleId::from).collect(),
            mentions: wire.mentions.iter().map(|user| UserId(user.id.0)).collect(),
            has_button: buttons.contains(&ComponentId::CreateTicket),
            joins: buttons.iter().find_map(|id| match id {
                ComponentId::Join(ticket) => Some(*ticket),
                _ => None,
            }),
            asks: buttons.iter().find_map(|id| match id {
                ComponentId::CloseTicket => Some(Asks::Anybody),
                ComponentId::KeepOpen | ComponentId::AgreeToClose => Some(Asks::Owner),
                _ => None,
            }),
        })
    }
}

/// A message of the bot without text: it carries the answers to a form, or their files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    pub id: MessageId,
    pub embeds: Vec<Embed>,
    pub files: Vec<Attachment>,
}

impl Page {
    /// The page in this message, if it is one of this author.
    pub(super) fn of(message: super::wire::Message, author: UserId) -> Option<Self> {
        let is_own = message.author.as_ref()?.id.0 == author.0;
        let is_ordinary = super::interactions::WRITTEN.contains(&message.kind);
        let is_empty = message.embeds.is_empty() && message.attachments.is_empty();
        if !is_own || !is_ordinary || !message.content.is_empty() || is_empty {
            return None;
        }
        let field = |field: twilight_model::channel::message::embed::EmbedField| Field {
            name: field.name,
            value: field.value,
        };
        let embed = |embed: twilight_model::channel::message::Embed| Embed {
            title: embed.title,
            description: embed.description,
            fields: embed.fields.into_iter().map(field).collect(),
        };
        let files = message.attachments.into_iter();
        Some(Self {
            id: message.id.into(),
            embeds: message.embeds.into_iter().map(embed).collect(),
            files: files.map(super::interactions::attachment).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_owner_or_the_team_that_accepted() {
        let alone = r#"{"id": "1", "name": "bot", "owner": {"id": "2"}, "team": null}"#;
        let alone: Application = serde_json::from_str(alone).unwrap();
        assert_eq!(alone.owner, Some(UserId(2)));
        assert_eq!(alone.hosts, [UserId(2)]);
        let team = r#"{"id": "1", "owner": {"id": "9"}, "team": {"owner_user_id": "2", "members": [
            {"user": {"id": "2"}, "membership_state": 2},
            {"user": {"id": "3"}, "membership_state": 2},
            {"user": {"id": "4"}, "membership_state": 1}]}}"#;
        let team: Application = serde_json::from_str(team).unwrap();
        assert_eq!(team.owner, Some(UserId(2)));
        assert_eq!(team.hosts, [UserId(2), UserId(3)]);
    }

    #[test]
    fn what_no_gateway_can_be_is_refused() {
        let read = |url: &str, shards: u32, remaining: u32| {
            serde_json::from_str::<GatewayBot>(&format!(
                r#"{{"url": "{url}", "shards": {shards}, "session_start_limit": {{"total": 5,
                    "remaining": {remaining}, "reset_after": 18446744073709551615,
                    "max_concurrency": 1}}}}"#
            ))
        };
        for url in [
            "ws://[::1]:80",
            "wss://gateway.discord.gg",
            "wss://proxy.example/gateway",
        ] {
            assert!(read(url, 1, 5).is_ok(), "{url}");
        }
        for url in [
            "",
            "/",
            "gateway.discord.gg",
            "https://a.example",
            "ws://",
            "ws://a b",
            "ws://a?b",
        ] {
            let error = read(url, 1, 5).unwrap_err().to_string();
            assert!(error.contains("ws://"), "{url}: {error}");
        }
        // The config allows this many shards.
        assert!(read("ws://a", MOST_SHARDS, 5).is_ok());
        assert!(read("ws://a", MOST_SHARDS + 1, 5).is_err());
        assert!(read("ws://a", u32::MAX, 5).is_err());
        let limit = read("ws://a", 1, 9).unwrap().session_start_limit;
        assert_eq!((limit.remaining, limit.reset_after), (5, 86_400_000));
    }

    #[test]
    fn a_channel_that_is_no_thread_is_simply_open() {
        let thread: Thread = serde_json::from_str(r#"{"id": "5", "type": 0}"#).unwrap();
        assert!(!thread.archived && !thread.locked);
        assert_eq!(thread.parent, None);
    }
}
