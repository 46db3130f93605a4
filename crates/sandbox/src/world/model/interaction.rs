//! What people send to an application, and the state of its response.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::super::component::Component;
use super::{Attachment, Choice, CommandKind, InteractionMetadata};
use crate::id::{
    ApplicationId, ChannelId, CommandId, GuildId, InteractionId, MessageId, RoleId, Timestamp,
    UserId,
};

/// Something that a person did with an application, and the state of its response.
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
    /// The message with the component that was used, even if a modal followed.
    pub source: Option<MessageId>,
    /// The message of the first response; for an update, the source.
    pub original: Option<MessageId>,
    pub metadata: Arc<InteractionMetadata>,
}

impl Interaction {
    /// Whether the person wants suggestions for an option.
    pub fn wants_choices(&self) -> bool {
        matches!(self.data, InteractionData::Command { autocomplete, .. } if autocomplete)
    }
}

/// What the person did.
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
        /// Whether the person only wants suggestions for an option, and has not run the command.
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
        /// The interaction that opened the modal, unless this one is forged.
        #[serde(default)]
        opened_by: Option<InteractionId>,
    },
}

impl InteractionData {
    /// The files that were uploaded with it.
    pub fn attachments(&self) -> &[Attachment] {
        let (Self::Command { resolved, .. }
        | Self::Component { resolved, .. }
        | Self::Modal { resolved, .. }) = self;
        &resolved.attachments
    }
}

/// The objects for the ids in an interaction.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Resolved {
    pub users: BTreeSet<UserId>,
    pub roles: BTreeSet<RoleId>,
    pub channels: BTreeSet<ChannelId>,
    pub messages: BTreeSet<(ChannelId, MessageId)>,
    #[serde(default)]
    pub attachments: Vec<Attachment>,
}

/// The state of an interaction's response.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum InteractionState {
    /// No response yet. It must come within 3 seconds.
    Pending,
    /// "Thinking…"
    Deferred,
    Answered,
    /// A modal was opened.
    Modal(Arc<Modal>),
    /// Suggestions for an option.
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

/// A modal that an application opens.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Modal {
    pub custom_id: String,
    pub title: String,
    pub components: Vec<Component>,
}
