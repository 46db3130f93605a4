//! Messages and what is on them.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::super::component::Component;
use super::super::embed::{Embed, Picture};
use crate::id::{
    ApplicationId, AttachmentId, ChannelId, EmojiId, GuildId, InteractionId, MessageId, RoleId,
    Timestamp, UserId, WebhookId,
};

/// The author that clients show.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Author {
    User(UserId),
    Webhook {
        id: WebhookId,
        name: String,
        /// An avatar instead of the webhook's own.
        #[serde(default)]
        avatar: Option<String>,
    },
}

/// The kind of a message, with Discord's numbers.
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
    /// The interaction to which this message is a response.
    pub interaction: Option<InteractionId>,
    /// The part of the interaction that clients show. It is kept when the interaction is forgotten.
    pub interaction_metadata: Option<Arc<InteractionMetadata>>,
    /// The application that sent it.
    pub application: Option<ApplicationId>,
    /// The webhook that sent it. For responses to interactions, that is the application's own webhook.
    pub webhook: Option<WebhookId>,
    /// The only person who sees it.
    pub ephemeral_to: Option<UserId>,
    /// The thread that starts from the message.
    pub thread: Option<ChannelId>,
    /// In a thread, about how many messages were sent there before.
    #[serde(default)]
    pub position: Option<u32>,
    /// When the message was pinned, if it is.
    #[serde(default)]
    pub pinned: Option<Timestamp>,
    /// In the order in which they were added.
    #[serde(default)]
    pub reactions: Vec<Reaction>,
}

/// All reactions to a message with the same emoji.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reaction {
    pub emoji: Emoji,
    /// In the order in which they reacted.
    pub users: Vec<UserId>,
}

/// The emoji of a reaction: a Unicode one or a custom one.
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

    /// Every picture and file that the message's embeds and components show.
    pub(crate) fn pictures_mut(&mut self) -> impl Iterator<Item = Picture<'_>> {
        let embeds = self.embeds.iter_mut().flat_map(Embed::pictures_mut);
        let components = self.components.iter_mut();
        embeds.chain(components.flat_map(Component::pictures_mut))
    }

    /// Whether this user may see the message, as far as it is ephemeral.
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
    /// For a modal: the interaction that opened it.
    pub triggered_by: Option<Arc<InteractionMetadata>>,
}

/// A file of a message. The bytes are in [`super::super::World::file`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attachment {
    pub id: AttachmentId,
    pub filename: String,
    /// The original name, if the file's name had to be changed.
    #[serde(default)]
    pub title: Option<String>,
    pub description: Option<String>,
    pub content_type: Option<String>,
    pub size: u64,
    /// Width and height of an image.
    pub dimensions: Option<(u32, u32)>,
}

/// The bytes of an attachment, as they are served.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct File {
    pub filename: String,
    pub content_type: Option<String>,
    /// Saved in separate files, not with the world.
    #[serde(skip)]
    pub data: Arc<[u8]>,
}
