//! The fields that the bot reads from the gateway. Other fields and invalid values are skipped (see
//! `lenient`), so a change by Discord breaks only what depends on the changed field. Fields without
//! `deserialize_with` are required: without them, an object is useless.

use std::collections::HashMap;
use std::fmt;

use serde::de::{Deserializer, IgnoredAny, Visitor};
use serde::{Deserialize, de};
use tickets::ticket::is_archived_by_timer;
use tickets::{ChannelId, GuildId, MessageId, RoleId, UserId};
use twilight_model::channel::message::Embed;

use super::lenient::{embeds, items, items_if_any, or_default, values};

/// An id: a string, or a number if a client wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Snowflake(pub u64);

impl<'de> Deserialize<'de> for Snowflake {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Id;
        impl Visitor<'_> for Id {
            type Value = Snowflake;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a snowflake")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Snowflake, E> {
                text.parse()
                    .map(Snowflake)
                    .map_err(|_| E::custom("not a snowflake"))
            }
            fn visit_u64<E: de::Error>(self, id: u64) -> Result<Snowflake, E> {
                Ok(Snowflake(id))
            }
        }
        deserializer.deserialize_any(Id)
    }
}

macro_rules! ids {
    ($($id:ident),+) => {$(
        impl From<Snowflake> for $id {
            fn from(id: Snowflake) -> Self {
                Self(id.0)
            }
        }
    )+};
}
ids!(ChannelId, GuildId, MessageId, RoleId, UserId);

/// A permission set, which Discord writes as a decimal string.
pub type Bits = Snowflake;

#[derive(Deserialize)]
pub(super) struct Ready {
    pub(super) user: CurrentUser,
    #[serde(default, deserialize_with = "items")]
    pub(super) guilds: Vec<WithId>,
}

/// The bot's own user.
#[derive(Deserialize)]
pub(super) struct CurrentUser {
    pub(super) id: Snowflake,
    /// For a bot, Discord sends the two-factor setting of its application's owner.
    #[serde(default, deserialize_with = "or_default")]
    pub(super) mfa_enabled: Option<bool>,
}

#[derive(Deserialize)]
pub(super) struct WithId {
    pub(super) id: Snowflake,
}

#[derive(Debug, Deserialize, PartialEq)]
pub struct GuildCreate {
    pub id: Snowflake,
    /// Whether Discord has an outage for this server. Then other fields can be missing.
    #[serde(default, deserialize_with = "or_default")]
    pub unavailable: bool,
    #[serde(default, deserialize_with = "or_default")]
    pub owner_id: Option<Snowflake>,
    #[serde(default, deserialize_with = "or_default")]
    pub preferred_locale: String,
    /// 1 if the server requires two-factor authentication of its moderators.
    #[serde(default, deserialize_with = "or_default")]
    pub mfa_level: u8,
    #[serde(default, deserialize_with = "items")]
    pub roles: Vec<Role>,
    #[serde(default, deserialize_with = "items")]
    pub channels: Vec<Channel>,
    #[serde(default, deserialize_with = "items")]
    pub threads: Vec<Thread>,
    #[serde(default, deserialize_with = "items")]
    pub members: Vec<Member>,
}

#[derive(Debug, Deserialize, PartialEq)]
pub struct GuildUpdate {
    pub id: Snowflake,
    #[serde(default, deserialize_with = "or_default")]
    pub owner_id: Option<Snowflake>,
    #[serde(default, deserialize_with = "or_default")]
    pub preferred_locale: String,
}

#[derive(Deserialize)]
pub(super) struct GuildDelete {
    pub(super) id: Snowflake,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) unavailable: bool,
}

#[derive(Debug, Deserialize, PartialEq)]
pub struct Role {
    pub id: Snowflake,
    pub permissions: Bits,
    #[serde(default, deserialize_with = "or_default")]
    pub mentionable: bool,
    #[serde(default, deserialize_with = "or_default")]
    pub tags: Tags,
}

#[derive(Debug, Default, Deserialize, PartialEq)]
pub struct Tags {
    #[serde(default, deserialize_with = "or_default")]
    pub bot_id: Option<Snowflake>,
}

#[derive(Deserialize)]
pub(super) struct RoleChanged {
    pub(super) guild_id: Snowflake,
    pub(super) role: Role,
}

#[derive(Deserialize)]
pub(super) struct RoleDeleted {
    pub(super) guild_id: Snowflake,
    pub(super) role_id: Snowflake,
}

#[derive(Debug, Deserialize, PartialEq)]
pub struct Channel {
    pub id: Snowflake,
    #[serde(rename = "type")]
    pub kind: u8,
    #[serde(default, deserialize_with = "or_default")]
    pub guild_id: Option<Snowflake>,
    #[serde(default, deserialize_with = "or_default")]
    pub name: String,
    #[serde(default, deserialize_with = "or_default")]
    pub rate_limit_per_user: Option<u32>,
    #[serde(default, deserialize_with = "or_default")]
    pub default_auto_archive_duration: Option<u32>,
    #[serde(default, deserialize_with = "items")]
    pub permission_overwrites: Vec<Overwrite>,
}

#[derive(Debug, Deserialize, PartialEq)]
pub struct Overwrite {
    pub id: Snowflake,
    /// Discord's number: 0 for a role, 1 for a member.
    #[serde(rename = "type")]
    pub kind: u8,
    pub allow: Bits,
    pub deny: Bits,
}

#[derive(Debug, Deserialize, PartialEq)]
pub struct Thread {
    pub id: Snowflake,
    #[serde(default, deserialize_with = "or_default")]
    pub guild_id: Option<Snowflake>,
    #[serde(default, deserialize_with = "or_default")]
    pub parent_id: Option<Snowflake>,
    #[serde(default, deserialize_with = "or_default")]
    pub owner_id: Option<Snowflake>,
    #[serde(default, deserialize_with = "or_default")]
    pub name: String,
    #[serde(default, deserialize_with = "or_default")]
    pub last_message_id: Option<Snowflake>,
    #[serde(default, deserialize_with = "or_default")]
    pub thread_metadata: ThreadMetadata,
}

#[derive(Debug, Default, Deserialize, PartialEq)]
pub struct ThreadMetadata {
    #[serde(default, deserialize_with = "or_default")]
    pub archived: bool,
    #[serde(default, deserialize_with = "or_default")]
    pub locked: bool,
    /// In minutes.
    #[serde(default, deserialize_with = "or_default")]
    pub auto_archive_duration: Option<i64>,
    /// When the thread was last archived or unarchived, in ISO 8601.
    #[serde(default, deserialize_with = "or_default")]
    pub archive_timestamp: String,
}

impl ThreadMetadata {
    /// Whether Discord's auto-archive timer has archived this thread.
    pub fn is_idle(&self, thread: ChannelId, last_message: Option<MessageId>) -> bool {
        let at = super::interactions::moment(&self.archive_timestamp);
        let by_timer = at
            .zip(self.auto_archive_duration)
            .is_some_and(|(at, after)| is_archived_by_timer(thread, last_message, after, at));
        self.archived && !self.locked && by_timer
    }
}

impl Thread {
    /// Whether Discord's auto-archive timer has archived it.
    pub fn is_idle(&self) -> bool {
        let last = self.last_message_id.map(MessageId::from);
        self.thread_metadata.is_idle(self.id.into(), last)
    }
}

#[derive(Deserialize)]
pub(super) struct ThreadListSync {
    pub(super) guild_id: Snowflake,
    /// The channels of the list. `None` means the whole server.
    #[serde(default, deserialize_with = "items_if_any")]
    pub(super) channel_ids: Option<Vec<Snowflake>>,
    #[serde(default, deserialize_with = "items")]
    pub(super) threads: Vec<Thread>,
}

#[derive(Deserialize)]
pub(super) struct ThreadMembersUpdate {
    pub(super) id: Snowflake,
    pub(super) guild_id: Snowflake,
    #[serde(default, deserialize_with = "items")]
    pub(super) added_members: Vec<super::ThreadMember>,
    #[serde(default, deserialize_with = "items")]
    pub(super) removed_member_ids: Vec<Snowflake>,
}

#[derive(Debug, Deserialize, PartialEq)]
pub struct Member {
    #[serde(default, deserialize_with = "or_default")]
    pub user: Option<User>,
    #[serde(default, deserialize_with = "or_default")]
    pub nick: Option<String>,
    #[serde(default, deserialize_with = "items")]
    pub roles: Vec<Snowflake>,
    /// In ISO 8601.
    pub joined_at: Option<String>,
    /// Their permissions in the channel of an interaction. Other events do not have them.
    #[serde(default, deserialize_with = "or_default")]
    pub permissions: Option<Bits>,
    /// When a time-out ends, in ISO 8601. It may be in the past.
    #[serde(default, deserialize_with = "or_default")]
    pub communication_disabled_until: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct MemberEvent {
    pub(super) guild_id: Snowflake,
    pub(super) user: User,
    #[serde(default, deserialize_with = "items_if_any")]
    pub(super) roles: Option<Vec<Snowflake>>,
}

#[derive(Debug, Deserialize, PartialEq)]
pub struct User {
    pub id: Snowflake,
    #[serde(default, deserialize_with = "or_default")]
    pub username: String,
    #[serde(default, deserialize_with = "or_default")]
    pub global_name: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    pub bot: bool,
}

impl User {
    /// The name that Discord shows for a user without a nickname.
    pub fn display_name(&self) -> String {
        let name = self.global_name.as_ref();
        name.unwrap_or(&self.username).clone()
    }
}

#[derive(Deserialize)]
pub(super) struct MessageDelete {
    pub(super) id: Snowflake,
    pub(super) channel_id: Snowflake,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) guild_id: Option<Snowflake>,
}

#[derive(Deserialize)]
pub(super) struct MessageDeleteBulk {
    #[serde(default, deserialize_with = "items")]
    pub(super) ids: Vec<Snowflake>,
    pub(super) channel_id: Snowflake,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) guild_id: Option<Snowflake>,
}

/// A message in a channel, or the target of a command.
#[derive(Debug, Deserialize, PartialEq)]
pub struct Message {
    pub id: Snowflake,
    pub channel_id: Snowflake,
    #[serde(default, deserialize_with = "or_default")]
    pub guild_id: Option<Snowflake>,
    #[serde(default, deserialize_with = "or_default")]
    pub author: Option<User>,
    /// The author's membership in the server, without the fields in `author`.
    #[serde(default, deserialize_with = "or_default")]
    pub member: Option<Member>,
    #[serde(default, deserialize_with = "or_default")]
    pub webhook_id: Option<Snowflake>,
    #[serde(default, rename = "type", deserialize_with = "or_default")]
    pub kind: u8,
    #[serde(default, deserialize_with = "or_default")]
    pub content: String,
    #[serde(default, deserialize_with = "items")]
    pub attachments: Vec<Attachment>,
    #[serde(default, deserialize_with = "embeds")]
    pub embeds: Vec<Embed>,
    #[serde(default, deserialize_with = "items")]
    pub components: Vec<Component>,
}

#[derive(Clone, Debug, Deserialize, PartialEq)]
pub struct Attachment {
    pub filename: String,
    pub url: String,
    pub size: u64,
    #[serde(default, deserialize_with = "or_default")]
    pub content_type: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    pub description: Option<String>,
}

/// A component of a message, or a field of a submitted modal.
#[derive(Debug, Deserialize, PartialEq)]
pub struct Component {
    #[serde(default, deserialize_with = "or_default")]
    pub custom_id: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    pub value: Option<String>,
    /// The chosen or uploaded values of a modal's field.
    #[serde(default, deserialize_with = "items")]
    pub values: Vec<String>,
    #[serde(default, deserialize_with = "items")]
    pub components: Vec<Component>,
    #[serde(default, deserialize_with = "items")]
    pub options: Vec<MenuOption>,
    /// The field to which a label belongs.
    #[serde(default, deserialize_with = "or_default")]
    pub component: Option<Box<Component>>,
}

#[derive(Debug, Deserialize, PartialEq)]
pub struct MenuOption {
    pub value: String,
    /// Whether the menu showed this option as chosen.
    #[serde(default, deserialize_with = "or_default")]
    pub default: bool,
}

impl Component {
    /// The component itself and all components inside it.
    pub fn all(&self) -> Vec<&Self> {
        let mut found = vec![self];
        for inner in self.components.iter().chain(self.component.as_deref()) {
            found.extend(inner.all());
        }
        found
    }
}

#[derive(Deserialize)]
pub struct Interaction {
    pub id: Snowflake,
    #[serde(rename = "type")]
    pub kind: u8,
    pub token: String,
    #[serde(default, deserialize_with = "or_default")]
    pub guild_id: Option<Snowflake>,
    #[serde(default, deserialize_with = "or_default")]
    pub channel_id: Option<Snowflake>,
    #[serde(default, deserialize_with = "or_default")]
    pub channel: Option<InteractionChannel>,
    #[serde(default, deserialize_with = "or_default")]
    pub member: Option<Member>,
    #[serde(default, deserialize_with = "or_default")]
    pub locale: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    pub guild_locale: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    pub data: Option<InteractionData>,
    #[serde(default, deserialize_with = "or_default")]
    pub message: Option<WithMessageId>,
}

#[derive(Deserialize)]
pub struct WithMessageId {
    pub id: Snowflake,
    #[serde(default)]
    pub embeds: Vec<Embed>,
    #[serde(default, deserialize_with = "items")]
    pub components: Vec<Component>,
}

#[derive(Deserialize)]
pub struct InteractionChannel {
    /// Direct messages have no name.
    #[serde(default, deserialize_with = "or_default")]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    pub rate_limit_per_user: Option<u32>,
}

#[derive(Deserialize)]
pub struct InteractionData {
    #[serde(default, deserialize_with = "or_default")]
    pub name: String,
    #[serde(default, deserialize_with = "items")]
    pub options: Vec<CommandOption>,
    #[serde(default, deserialize_with = "or_default")]
    pub target_id: Option<Snowflake>,
    #[serde(default, deserialize_with = "or_default")]
    pub resolved: Resolved,
    #[serde(default, deserialize_with = "or_default")]
    pub custom_id: String,
    #[serde(default, deserialize_with = "items")]
    pub values: Vec<String>,
    #[serde(default, deserialize_with = "items")]
    pub components: Vec<Component>,
}

#[derive(Deserialize)]
pub struct CommandOption {
    pub name: String,
    #[serde(default, deserialize_with = "or_default")]
    pub value: Option<OptionValue>,
    #[serde(default, deserialize_with = "items")]
    pub options: Vec<CommandOption>,
    /// The member is typing this option.
    #[serde(default)]
    pub focused: bool,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub enum OptionValue {
    Text(String),
    Flag(bool),
    Other(IgnoredAny),
}

#[derive(Default, Deserialize)]
pub struct Resolved {
    #[serde(default, deserialize_with = "values")]
    pub messages: HashMap<Snowflake, Message>,
    #[serde(default, deserialize_with = "values")]
    pub users: HashMap<Snowflake, User>,
    /// The members among `users`, without the fields in `users`.
    #[serde(default, deserialize_with = "values")]
    pub members: HashMap<Snowflake, Member>,
    #[serde(default, deserialize_with = "values")]
    pub roles: HashMap<Snowflake, Named>,
    #[serde(default, deserialize_with = "values")]
    pub channels: HashMap<Snowflake, Named>,
    #[serde(default, deserialize_with = "values")]
    pub attachments: HashMap<Snowflake, Attachment>,
}

impl Resolved {
    /// A member's name as the server shows it.
    pub fn name_of(&self, id: Snowflake) -> String {
        let nick = self.members.get(&id).and_then(|it| it.nick.clone());
        nick.or_else(|| Some(self.users.get(&id)?.display_name()))
            .unwrap_or_default()
    }
}

/// A role or a channel.
#[derive(Deserialize)]
pub struct Named {
    #[serde(default, deserialize_with = "or_default")]
    pub name: String,
}
