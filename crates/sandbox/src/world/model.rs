//! What the world is made of. Plain data; the rules are in the files named after what they change.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::component::Component;
use super::embed::{Embed, Picture};
use super::forums::{Forum, Post};
use crate::id::{
    ApplicationId, AttachmentId, ChannelId, CommandId, EmojiId, GuildId, InteractionId, MessageId,
    RoleId, Timestamp, UserId, WebhookId,
};
use crate::permissions::{Overwrite, Permissions};

/// What a bot logs in as.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Application {
    pub id: ApplicationId,
    pub name: String,
    /// Its bot user.
    pub bot: UserId,
    /// Whose application it is.
    pub owner: UserId,
    pub token: Token,
    pub privileged: Privileged,
    /// Whether the owner's account has two-factor authentication.
    #[serde(default = "yes")]
    pub owner_has_two_factors: bool,
    #[serde(default)]
    pub emojis: BTreeMap<EmojiId, MadeEmoji>,
}

const fn yes() -> bool {
    true
}

/// A bot's token. Its `Debug` shows nothing of it; only what is kept for the next start has it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token(pub String);

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

/// The intents that are switched on for the application in Discord's developer portal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Privileged {
    pub members: bool,
    pub presences: bool,
    pub message_content: bool,
}

impl Default for Privileged {
    fn default() -> Self {
        Self {
            members: true,
            presences: true,
            message_content: true,
        }
    }
}

/// A person or a bot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct User {
    pub id: UserId,
    pub username: String,
    pub global_name: Option<String>,
    /// The language of the person's client.
    pub locale: String,
    pub bot: bool,
    /// Where the user is a member.
    pub guilds: BTreeSet<GuildId>,
    /// Whether the user refuses direct messages.
    #[serde(default)]
    pub refuses_direct_messages: bool,
    #[serde(default)]
    pub avatar: Option<Image>,
}

impl User {
    /// How the user is called where no nickname is set.
    pub fn display_name(&self) -> &str {
        self.global_name.as_deref().unwrap_or(&self.username)
    }
}

/// A server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Guild {
    pub id: GuildId,
    pub name: String,
    pub owner: UserId,
    pub preferred_locale: String,
    pub description: Option<String>,
    /// Where joins are announced.
    pub system_channel: Option<ChannelId>,
    pub roles: BTreeMap<RoleId, Role>,
    pub members: BTreeMap<UserId, Member>,
    /// Its channels, without threads.
    pub channels: BTreeSet<ChannelId>,
    /// Threads that are not archived.
    pub active_threads: BTreeSet<ChannelId>,
    /// 1 if moderation needs two-factor authentication, or else 0.
    #[serde(default)]
    pub mfa_level: u8,
    #[serde(default)]
    pub emojis: BTreeMap<EmojiId, MadeEmoji>,
    #[serde(default)]
    pub icon: Option<Image>,
    /// Who is banned, and why.
    #[serde(default)]
    pub bans: BTreeMap<UserId, Option<String>>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Role {
    pub id: RoleId,
    pub name: String,
    pub color: u32,
    pub hoist: bool,
    pub position: u32,
    pub permissions: Permissions,
    pub mentionable: bool,
    /// The bot whose own role this is.
    pub bot: Option<UserId>,
}

/// A user in a server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Member {
    pub user: UserId,
    pub nick: Option<String>,
    /// Without the role of `@everyone`.
    pub roles: BTreeSet<RoleId>,
    pub joined_at: Timestamp,
    pub timed_out_until: Option<Timestamp>,
}

/// What kind of channel it is; not a thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ChannelKind {
    Text,
    /// Direct messages between a person and a bot.
    Direct,
    Voice,
    Category,
    Announcement,
    /// Holds posts only, which are threads.
    Forum,
}

impl ChannelKind {
    /// The number on the wire.
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
    /// Slowmode, in seconds.
    pub rate_limit_per_user: u32,
    /// In minutes; what a client offers for new threads.
    pub default_auto_archive: Option<u32>,
    /// Of a voice channel, in bits a second.
    #[serde(default)]
    pub bitrate: Option<u32>,
    /// Of a voice channel; none if 0.
    #[serde(default)]
    pub user_limit: u32,
    pub last_message: Option<MessageId>,
    #[serde(default)]
    pub last_pin: Option<Timestamp>,
    /// Of direct messages: between whom.
    #[serde(default)]
    pub recipients: Vec<UserId>,
    /// Of a forum: its tags and what clients begin with.
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
    /// When somebody last wrote, which is what the auto-archive counts from.
    pub active_at: Timestamp,
    pub rate_limit_per_user: u32,
    pub last_message: Option<MessageId>,
    #[serde(default)]
    pub last_pin: Option<Timestamp>,
    pub message_count: u32,
    pub total_message_sent: u32,
    /// Who is in it, and since when.
    pub members: BTreeMap<UserId, Timestamp>,
    pub created: Timestamp,
    /// If it is a post of a forum.
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

    /// The number on the wire.
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

/// Who is shown as a message's author.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Author {
    User(UserId),
    Webhook { id: WebhookId, name: String },
}

/// What kind of message it is; Discord's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[repr(u8)]
pub enum MessageKind {
    Default = 0,
    RecipientAdd = 1,
    RecipientRemove = 2,
    ChannelNameChange = 4,
    ChannelPinnedMessage = 6,
    UserJoin = 7,
    ThreadCreated = 18,
    Reply = 19,
    ChatInputCommand = 20,
    ThreadStarterMessage = 21,
    ContextMenuCommand = 23,
}

impl MessageKind {
    /// Whether Discord itself wrote it. Such a message cannot be edited.
    pub const fn is_system(self) -> bool {
        !matches!(
            self,
            Self::Default | Self::Reply | Self::ChatInputCommand | Self::ContextMenuCommand
        )
    }
}

/// Flags of a message.
pub mod flags {
    pub const SUPPRESS_EMBEDS: u64 = 1 << 2;
    pub const HAS_THREAD: u64 = 1 << 5;
    pub const EPHEMERAL: u64 = 1 << 6;
    pub const LOADING: u64 = 1 << 7;
    pub const FAILED_TO_MENTION_SOME_ROLES: u64 = 1 << 8;
    pub const SUPPRESS_NOTIFICATIONS: u64 = 1 << 12;
    pub const COMPONENTS_V2: u64 = 1 << 15;
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Message {
    pub id: MessageId,
    pub channel: ChannelId,
    pub guild: GuildId,
    pub author: Author,
    pub kind: MessageKind,
    pub content: String,
    pub timestamp: Timestamp,
    pub edited: Option<Timestamp>,
    pub mentions: Vec<UserId>,
    pub mention_roles: Vec<RoleId>,
    pub mention_everyone: bool,
    pub attachments: Vec<Attachment>,
    pub embeds: Vec<Embed>,
    pub components: Vec<Component>,
    pub flags: u64,
    pub tts: bool,
    pub nonce: Option<Value>,
    pub reference: Option<Reference>,
    /// The interaction that this answers.
    pub interaction: Option<InteractionId>,
    /// What clients want to know of that interaction, kept when the interaction is forgotten.
    pub interaction_metadata: Option<Arc<InteractionMetadata>>,
    /// The application that sent it.
    pub application: Option<ApplicationId>,
    /// The webhook that sent it: the application's own for answers to interactions.
    pub webhook: Option<WebhookId>,
    /// The only person who sees it.
    pub ephemeral_to: Option<UserId>,
    /// The thread that was started from it.
    pub thread: Option<ChannelId>,
    /// Since when it is pinned, if it is.
    #[serde(default)]
    pub pinned: Option<Timestamp>,
    /// In the order in which they came.
    #[serde(default)]
    pub reactions: Vec<Reaction>,
}

/// Somebody's reactions with one emoji.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reaction {
    pub emoji: Emoji,
    /// In the order in which they reacted.
    pub users: Vec<UserId>,
}

/// An emoji that a server or an application has made. Its picture is the file with its id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MadeEmoji {
    pub id: EmojiId,
    pub name: String,
    pub animated: bool,
    pub creator: UserId,
    /// Who may use it; everybody if none is named.
    pub roles: BTreeSet<RoleId>,
}

/// An avatar or an icon: the file that it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image(pub AttachmentId);

impl Image {
    /// What stands for it in objects and addresses.
    pub fn hash(self) -> String {
        format!("{:032x}", self.0.0)
    }

    pub fn of_hash(hash: &str) -> Option<Self> {
        let hash = hash.strip_prefix("a_").unwrap_or(hash);
        u64::from_str_radix(hash, 16)
            .ok()
            .map(|id| Self(AttachmentId(id)))
    }
}

/// An emoji as a reaction has it: one of Unicode, or one that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Emoji {
    pub id: Option<EmojiId>,
    pub name: String,
    pub animated: bool,
}

impl Message {
    /// The author, unless it is a webhook.
    pub fn user(&self) -> Option<UserId> {
        match self.author {
            Author::User(id) => Some(id),
            Author::Webhook { .. } => None,
        }
    }

    /// Every picture and file that its embeds and components show.
    pub(crate) fn pictures_mut(&mut self) -> impl Iterator<Item = Picture<'_>> {
        let embeds = self.embeds.iter_mut().flat_map(Embed::pictures_mut);
        let components = self.components.iter_mut();
        embeds.chain(components.flat_map(Component::pictures_mut))
    }

    /// Whether this person or bot may know of it, as far as ephemerality goes.
    pub fn is_shown_to(&self, user: UserId) -> bool {
        self.ephemeral_to.is_none_or(|only| only == user)
    }
}

/// Another message that a message points to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    pub channel: ChannelId,
    pub message: Option<MessageId>,
    pub guild: GuildId,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InteractionMetadata {
    pub id: InteractionId,
    /// 2 command, 3 component, 5 modal.
    pub kind: u8,
    pub user: UserId,
    /// The command's full name.
    pub name: Option<String>,
    pub target_message: Option<MessageId>,
    pub target_user: Option<UserId>,
    /// For a component: the message it is on.
    pub interacted_message: Option<MessageId>,
    /// For a modal: what opened it.
    pub triggered_by: Option<Arc<InteractionMetadata>>,
}

/// A file of a message. The bytes are in [`super::World::file`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attachment {
    pub id: AttachmentId,
    pub filename: String,
    /// Its name as it is shown, if that cannot be the file's.
    #[serde(default)]
    pub title: Option<String>,
    pub description: Option<String>,
    pub content_type: Option<String>,
    pub size: u64,
    /// Width and height, of images.
    pub dimensions: Option<(u32, u32)>,
}

/// The bytes of an attachment, as they are served.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct File {
    pub filename: String,
    pub content_type: Option<String>,
    /// Kept in files of their own.
    #[serde(skip)]
    pub data: Arc<[u8]>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Webhook {
    pub id: WebhookId,
    pub channel: ChannelId,
    pub guild: GuildId,
    pub creator: UserId,
    pub name: String,
    pub token: String,
    /// The application whose bot made it.
    pub application: Option<ApplicationId>,
    #[serde(default)]
    pub avatar: Option<Image>,
}

/// An application command.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Command {
    pub id: CommandId,
    pub application: ApplicationId,
    /// `None` for a global command.
    pub guild: Option<GuildId>,
    /// A snowflake that changes with the command.
    pub version: u64,
    pub spec: CommandSpec,
}

/// What an application says of its command.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CommandSpec {
    pub kind: CommandKind,
    pub name: String,
    pub name_localizations: Option<BTreeMap<String, String>>,
    pub description: String,
    pub description_localizations: Option<BTreeMap<String, String>>,
    pub options: Vec<CommandOption>,
    pub default_member_permissions: Option<Permissions>,
    /// Where it can be used: 0 servers, 1 direct messages with the bot, 2 others.
    pub contexts: Option<Vec<u8>>,
    pub integration_types: Option<Vec<u8>>,
    pub dm_permission: bool,
    pub nsfw: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum CommandKind {
    ChatInput = 1,
    User = 2,
    Message = 3,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[repr(u8)]
pub enum OptionKind {
    SubCommand = 1,
    SubCommandGroup = 2,
    String = 3,
    Integer = 4,
    Boolean = 5,
    User = 6,
    Channel = 7,
    Role = 8,
    Mentionable = 9,
    Number = 10,
    Attachment = 11,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CommandOption {
    pub kind: OptionKind,
    pub name: String,
    pub name_localizations: Option<BTreeMap<String, String>>,
    pub description: String,
    pub description_localizations: Option<BTreeMap<String, String>>,
    pub required: bool,
    pub autocomplete: bool,
    pub choices: Vec<Choice>,
    pub channel_types: Vec<u8>,
    pub min_value: Option<f64>,
    pub max_value: Option<f64>,
    pub min_length: Option<u64>,
    pub max_length: Option<u64>,
    pub options: Vec<CommandOption>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    pub name: String,
    pub name_localizations: Option<BTreeMap<String, String>>,
    pub value: Value,
}

/// Something that a person did with an application, and how far its answer has come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Interaction {
    pub id: InteractionId,
    pub application: ApplicationId,
    pub token: String,
    pub person: UserId,
    pub guild: GuildId,
    pub channel: ChannelId,
    pub created: Timestamp,
    pub data: InteractionData,
    pub state: InteractionState,
    /// The message with the component that was used, also when a modal came in between.
    pub source: Option<MessageId>,
    /// The first answer's message; for an update, the source.
    pub original: Option<MessageId>,
    pub metadata: Arc<InteractionMetadata>,
}

impl Interaction {
    /// Whether suggestions for an option are wanted.
    pub fn wants_choices(&self) -> bool {
        matches!(self.data, InteractionData::Command { autocomplete, .. } if autocomplete)
    }
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum InteractionData {
    Command {
        command: CommandId,
        guild_command: bool,
        kind: CommandKind,
        /// The root command's name.
        name: String,
        /// As on the wire: groups, subcommands and leaves nested.
        options: Vec<Value>,
        target: Option<u64>,
        resolved: Resolved,
        /// Whether it is not run yet: suggestions for an option are wanted.
        #[serde(default)]
        autocomplete: bool,
    },
    Component {
        custom_id: String,
        component_type: u8,
        component_id: u32,
        values: Vec<String>,
        resolved: Resolved,
    },
    Modal {
        custom_id: String,
        components: Vec<Value>,
        resolved: Resolved,
        /// The interaction that opened it, unless it is forged.
        #[serde(default)]
        opened_by: Option<InteractionId>,
    },
}

impl InteractionData {
    /// The files that came with it.
    pub fn attachments(&self) -> &[Attachment] {
        let (Self::Command { resolved, .. }
        | Self::Component { resolved, .. }
        | Self::Modal { resolved, .. }) = self;
        &resolved.attachments
    }
}

/// What the ids in an interaction stand for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Resolved {
    pub users: BTreeSet<UserId>,
    pub roles: BTreeSet<RoleId>,
    pub channels: BTreeSet<ChannelId>,
    pub messages: BTreeSet<(ChannelId, MessageId)>,
    #[serde(default)]
    pub attachments: Vec<Attachment>,
}

/// How far the answer to an interaction has come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum InteractionState {
    /// Nothing yet; 3 seconds remain at most.
    Pending,
    /// "Thinking…"
    Deferred,
    Answered,
    /// A modal was opened.
    Modal(Arc<Modal>),
    /// What can be put into an option.
    Choices(Arc<[Choice]>),
    /// No response came in time.
    Failed,
}

impl InteractionState {
    /// Its name in the control API.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Deferred => "deferred",
            Self::Answered => "answered",
            Self::Modal(_) => "modal",
            Self::Choices(_) => "choices",
            Self::Failed => "failed",
        }
    }
}

/// A form that an application shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Modal {
    pub custom_id: String,
    pub title: String,
    pub components: Vec<Component>,
}
