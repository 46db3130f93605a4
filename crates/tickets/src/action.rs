//! What to do, in the domain's verbs. The shell performs them in their order; the first that
//! fails ends the row.

use crate::pending::Pending;
use crate::request::Attachment;
use crate::text::{MessageLink, Text};
use crate::{ChannelId, GuildId, InboxId, Mention};

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    // Towards the member who asked. Only they see it, in their language.
    /// Answers.
    Say(Text),
    /// Answers, and waits for a selection.
    Ask(Text, Pending),
    /// The selection was refused: its time starts again.
    KeepWaiting,
    /// The selection was good: nothing is waited for any more, and the prompt is deleted.
    StopWaiting,
    /// Answers with the menu of members and roles.
    ShowStaff {
        inbox: InboxId,
        staff: Vec<Mention>,
        text: Text,
    },
    /// Replaces the text above that menu and shows what was saved.
    UpdateStaff {
        inbox: InboxId,
        staff: Vec<Mention>,
        text: Text,
    },
    /// Opens a modal.
    ShowModal(Modal),

    // Inboxes.
    /// Posts an inbox, remembers it, and answers with its link.
    PostInbox(PostInbox),
    /// Replaces an inbox's message in place, and answers.
    ReplaceMessage {
        inbox: InboxId,
        link: MessageLink,
        content: Content,
    },
    /// Remembers where tickets go; `None` is the inbox's own channel.
    SetDestination {
        inbox: InboxId,
        destination: Option<ChannelId>,
    },
    /// Remembers the staff.
    SetStaff { inbox: InboxId, staff: Vec<Mention> },
    /// Remembers the starting message; empty for the default.
    SetStarter { inbox: InboxId, template: String },
    /// Remembers the name; empty for the default.
    SetName { inbox: InboxId, template: String },

    // For the host.
    /// Registers the commands, everywhere or in one server, and replies.
    SyncCommands(Option<GuildId>),
    /// Reads the config again, and replies.
    ReloadConfig,
    /// Replies to the message, in the server's language.
    Reply(Text),
}

/// A modal, with what it is filled with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Modal {
    /// The starting message. `None`: the default, in the server's language.
    Starter {
        inbox: InboxId,
        template: Option<String>,
    },
    /// A ticket's name.
    Name { inbox: InboxId, template: String },
}

impl Modal {
    /// The inbox that it belongs to.
    pub fn inbox(&self) -> InboxId {
        match self {
            Self::Starter { inbox, .. } | Self::Name { inbox, .. } => *inbox,
        }
    }
}

/// A new inbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostInbox {
    pub guild: GuildId,
    pub channel: ChannelId,
    pub destination: Option<ChannelId>,
    pub staff: Vec<Mention>,
    pub content: Content,
}

/// What an inbox shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// A text as an embed, with pictures in it and other files below.
    Text {
        text: String,
        pictures: Vec<Attachment>,
        files: Vec<Attachment>,
    },
    /// The selected message's own embeds, as they are, with its files.
    Embeds { files: Vec<Attachment> },
}
