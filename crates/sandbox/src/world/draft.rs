//! Requests to the world: parsed, but not yet checked. `crate::wire::read` makes them from JSON.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::component::Component;
use super::embed::Embed;
use super::forums::{ForumEmoji, Post};
use super::model::{ChannelKind, Choice, CommandKind, CommandSpec, Modal, ThreadKind};
use crate::id::{
    AttachmentId, ChannelId, CommandId, GuildId, InteractionId, MessageId, RoleId, TagId,
    Timestamp, UserId,
};
use crate::permissions::{Overwrite, Permissions};

/// A new message.
#[derive(Clone, Debug, Default)]
pub struct MessageDraft {
    pub content: String,
    pub embeds: Vec<Embed>,
    pub components: Vec<Component>,
    pub uploads: Vec<Upload>,
    pub flags: u64,
    pub tts: bool,
    pub allowed_mentions: Option<AllowedMentions>,
    pub reference: Option<ReferenceDraft>,
    pub nonce: Option<Value>,
    pub enforce_nonce: bool,
}

/// A reply's target.
#[derive(Clone, Copy, Debug)]
pub struct ReferenceDraft {
    /// The channel of the target, if the request gives it. Only the present channel is allowed.
    pub channel: Option<ChannelId>,
    pub message: MessageId,
    /// Whether a missing target is an error.
    pub fail_if_not_exists: bool,
}

/// A file that is being uploaded.
#[derive(Clone, Debug)]
pub struct Upload {
    pub filename: String,
    pub title: Option<String>,
    pub description: Option<String>,
    pub content_type: Option<String>,
    pub data: Arc<[u8]>,
}

/// The mentions of a message that take effect.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AllowedMentions {
    pub everyone: bool,
    pub users: AllowedOf<UserId>,
    pub roles: AllowedOf<RoleId>,
    pub replied_user: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub enum AllowedOf<T> {
    All,
    Only(Vec<T>),
}

impl<T> Default for AllowedOf<T> {
    fn default() -> Self {
        Self::Only(Vec::new())
    }
}

impl<T: PartialEq> AllowedOf<T> {
    pub fn allows(&self, id: &T) -> bool {
        match self {
            Self::All => true,
            Self::Only(ids) => ids.contains(id),
        }
    }
}

/// A change of a message; `None` keeps a field.
#[derive(Clone, Debug, Default)]
pub struct MessageEdit {
    pub content: Option<String>,
    pub embeds: Option<Vec<Embed>>,
    pub components: Option<Vec<Component>>,
    /// The attachments to keep, with their new descriptions.
    pub keep: Option<Vec<(AttachmentId, Option<String>)>>,
    pub uploads: Vec<Upload>,
    pub flags: Option<u64>,
    pub allowed_mentions: Option<AllowedMentions>,
    /// Whether the message counts as edited, even if only flags or nothing is given.
    pub counts_always: bool,
}

/// Which messages of a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    pub start: Start,
    /// 1 to 100.
    pub limit: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    Newest,
    Before(MessageId),
    After(MessageId),
    Around(MessageId),
}

#[derive(Clone, Debug)]
pub struct ThreadDraft {
    pub name: String,
    pub kind: ThreadKind,
    pub auto_archive: Option<u32>,
    pub invitable: bool,
    pub rate_limit_per_user: Option<u32>,
    /// For a post of a forum.
    pub post: Option<Post>,
}

/// A post of a forum, and its first message.
#[derive(Clone, Debug)]
pub struct PostDraft {
    pub thread: ThreadDraft,
    pub tags: Vec<TagId>,
    pub message: MessageDraft,
}

/// A change of a forum; `None` keeps a field.
#[derive(Clone, Debug, Default)]
pub struct ForumEdit {
    pub tags: Option<Vec<TagDraft>>,
    pub reaction: Option<Option<ForumEmoji>>,
    pub sort_order: Option<Option<u8>>,
    pub layout: Option<u8>,
    pub post_slowmode: Option<Option<u32>>,
    pub tag_required: Option<bool>,
}

/// A tag of a forum; a new one has no id.
#[derive(Clone, Debug)]
pub struct TagDraft {
    pub id: Option<TagId>,
    pub name: String,
    pub moderated: bool,
    pub emoji: Option<ForumEmoji>,
}

#[derive(Clone, Debug)]
pub struct ChannelDraft {
    pub name: String,
    pub kind: ChannelKind,
    pub topic: Option<String>,
    pub parent: Option<ChannelId>,
    pub nsfw: bool,
    pub position: Option<u32>,
    pub rate_limit_per_user: u32,
    pub overwrites: Vec<Overwrite>,
    /// In minutes.
    pub default_auto_archive: Option<u32>,
    pub voice: VoiceDraft,
    pub forum: ForumEdit,
}

/// The settings of a voice channel.
#[derive(Clone, Copy, Debug, Default)]
pub struct VoiceDraft {
    pub bitrate: Option<u32>,
    pub user_limit: Option<u32>,
}

/// A change of a channel or a thread; fields that the kind does not have are ignored.
#[derive(Clone, Debug, Default)]
pub struct ChannelEdit {
    pub voice: VoiceDraft,
    pub name: Option<String>,
    pub topic: Option<Option<String>>,
    pub nsfw: Option<bool>,
    pub position: Option<u32>,
    pub parent: Option<Option<ChannelId>>,
    pub rate_limit_per_user: Option<u32>,
    pub overwrites: Option<Vec<Overwrite>>,
    pub kind: Option<ChannelKind>,
    pub default_auto_archive: Option<Option<u32>>,
    pub archived: Option<bool>,
    pub locked: Option<bool>,
    pub invitable: Option<bool>,
    pub auto_archive: Option<u32>,
    pub forum: ForumEdit,
    /// Only for posts.
    pub tags: Option<Vec<TagId>>,
    /// Only for posts: whether the post stays at the top.
    pub pinned: Option<bool>,
}

#[derive(Clone, Debug, Default)]
pub struct GuildEdit {
    pub icon: Option<Option<Upload>>,
    pub name: Option<String>,
    pub preferred_locale: Option<String>,
    pub description: Option<Option<String>>,
    pub system_channel: Option<Option<ChannelId>>,
}

/// A change of a role, or a new role. `None` keeps a field, or stands for Discord's default.
#[derive(Clone, Debug, Default)]
pub struct RoleEdit {
    pub name: Option<String>,
    pub color: Option<u32>,
    pub hoist: Option<bool>,
    pub permissions: Option<Permissions>,
    pub mentionable: Option<bool>,
}

#[derive(Clone, Debug, Default)]
pub struct MemberEdit {
    pub nick: Option<Option<String>>,
    pub roles: Option<Vec<RoleId>>,
    pub timed_out_until: Option<Option<Timestamp>>,
}

/// The profile of a new person.
#[derive(Clone, Debug)]
pub struct PersonDraft {
    pub username: String,
    pub global_name: Option<String>,
    pub locale: String,
    /// The creation time of the account; by default, now.
    pub created: Option<Timestamp>,
}

/// A command in a list that replaces all of them.
#[derive(Clone, Debug)]
pub struct CommandDraft {
    /// The id of the command that it replaces, so that it can be renamed.
    pub id: Option<CommandId>,
    pub spec: CommandSpec,
}

/// A command that a person runs.
#[derive(Clone, Debug)]
pub struct Invocation {
    pub guild: GuildId,
    pub channel: ChannelId,
    /// The full path in the default language, such as `inbox new-tickets name`.
    pub name: String,
    pub kind: CommandKind,
    /// By option name.
    pub options: BTreeMap<String, Value>,
    /// The message or user of a menu command.
    pub target: Option<u64>,
    /// The files for attachment options, which refer to them by index.
    pub files: Vec<Upload>,
    /// The option for which the person wants suggestions. The command is not run then.
    pub focused: Option<String>,
}

/// A person's use of a component.
#[derive(Clone, Debug)]
pub struct Click {
    pub channel: ChannelId,
    pub message: MessageId,
    pub custom_id: String,
    /// The values that were chosen in a menu.
    pub values: Vec<String>,
}

/// An interaction that a test makes up.
#[derive(Clone, Debug)]
pub struct Forgery {
    pub channel: ChannelId,
    /// The message from which it pretends to come. The application receives that message only if it exists.
    pub message: Option<MessageId>,
    pub custom_id: String,
    /// 2 for a button, 3 and 5 to 8 for menus.
    pub component_type: u8,
    /// The values that were chosen in a menu.
    pub values: Vec<String>,
    /// If set, the interaction is a submitted modal with these text inputs, by `custom_id`.
    pub fields: Option<BTreeMap<String, String>>,
}

/// A modal that a person submits.
#[derive(Clone, Debug)]
pub struct Submission {
    /// The interaction that opened the modal.
    pub opened_by: InteractionId,
    /// By `custom_id`. Other inputs keep their initial values.
    pub values: BTreeMap<String, Submitted>,
    /// The files for file uploads, which refer to them by index.
    pub files: Vec<Upload>,
}

/// The value of one input of a modal.
#[derive(Clone, Debug, PartialEq)]
pub enum Submitted {
    Text(String),
    /// Values of options, ids, or places of files.
    Chosen(Vec<String>),
    Checked(bool),
    /// Clears an initial choice.
    Nothing,
}

/// An application's first answer to an interaction.
#[derive(Clone, Debug)]
pub enum Response {
    Pong,
    Message(MessageDraft),
    Defer { ephemeral: bool },
    DeferUpdate,
    Update(MessageEdit),
    Modal(Arc<Modal>),
    Choices(Arc<[Choice]>),
}
