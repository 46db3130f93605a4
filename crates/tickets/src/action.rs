//! What to do, in the domain's verbs. The shell applies the actions in order and stops at the first one that
//! fails.

use crate::decide::entries::Editor;
use crate::decide::inboxes::{Listed, Page};
use crate::inbox::{Inbox, InboxChange};
use crate::pending::Pending;
use crate::problem::{Created, Problem};
use crate::request::Attachment;
use crate::setting::{Group, Shown};
use crate::text::{MessageLink, Text};
use crate::{ChannelId, GuildId, InboxId, Mention};

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    // Responses to the invoker. Only the invoker sees them, in their own language.
    /// Responds with a text.
    Say(Text),
    /// Responds with a text and the problems of the inbox.
    Report(Text, Vec<Problem>),
    /// Responds with a question, and waits until the member selects a message.
    Ask(Text, Pending),
    /// The selection was refused: the member gets the full time again.
    KeepWaiting,
    /// The selection was accepted: the bot stops waiting for it and deletes the prompt.
    StopWaiting,
    /// Responds with the menu of members and roles.
    ShowStaff {
        inbox: InboxId,
        staff: Vec<Mention>,
        text: Text,
        problems: Vec<Problem>,
    },
    /// Replaces the text above that menu and shows what was saved.
    UpdateStaff {
        inbox: InboxId,
        staff: Vec<Mention>,
        text: Text,
        problems: Vec<Problem>,
    },
    /// Opens a modal.
    ShowModal(Modal),
    /// Responds with a button that shows the inbox's form without opening a ticket.
    OfferForm { inbox: InboxId },

    // Inboxes.
    /// Posts an inbox, stores it, and responds with its link.
    PostInbox(PostInbox),
    /// Replaces an inbox's message in place, and responds.
    ReplaceMessage {
        link: MessageLink,
        content: Content,
        problems: Vec<Problem>,
    },
    /// Changes a part of an inbox.
    ChangeInbox(InboxId, InboxChange),
    /// Edits the message that offers this inbox, so that it already shows this changed state.
    Draw(Box<Inbox>),
    /// Makes an inbox that is an entry on another one's message.
    PostEntry(PostEntry),
    /// Responds with the menus in which an admin chooses which inboxes a message offers.
    ShowEntries(Editor),
    /// Asks whether to remove an inbox.
    AskToRemove { inbox: InboxId, text: Text },
    /// Removes an inbox with its message, and says so.
    RemoveInbox { inbox: Box<Inbox>, name: String },
    /// Forgets a removed inbox.
    ForgetInbox(InboxId),
    /// Responds with a page of the server's inboxes, or replaces the page from which the request came.
    ShowInboxes(Page<Listed>),

    // Settings.
    /// Remembers a setting of an inbox; `None` for the default.
    SetSetting {
        inbox: InboxId,
        key: &'static str,
        value: Option<String>,
    },
    /// Remembers a setting of the server; `None` for the default.
    SetServerSetting {
        guild: GuildId,
        key: &'static str,
        value: Option<String>,
    },
    /// Responds with all settings and their menus, or replaces the panel from which the request came.
    ShowPanel(Panel),
    /// Responds that a value is refused.
    RefuseSetting(RefusedSetting),
    /// Responds with a menu of inboxes.
    ChooseInbox {
        /// Each with its name and perhaps a description.
        inboxes: Vec<(InboxId, String, Option<String>)>,
        /// The setting to open for the chosen inbox; `None` for all settings.
        setting: Option<&'static str>,
        text: Text,
    },
    /// Suggests values for an option of a command.
    Suggest(Suggestions),
}

/// What is done for the host, who wrote a message that begins with a mention of the bot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostAction {
    /// Registers the commands, everywhere or in one server, and replies.
    SyncCommands(Option<GuildId>),
    /// Reads the config again, and replies.
    ReloadConfig,
    /// Replies to the message, in the server's language.
    Reply(Text),
}

/// The reason why the value of a setting is refused, and the text that was written, for correction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedSetting {
    pub inbox: Option<InboxId>,
    pub key: &'static str,
    pub text: Text,
    pub written: Option<String>,
}

/// A modal, with what it is filled with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Modal {
    /// The starting message. `None`: the default, in the server's language.
    Starter {
        inbox: InboxId,
        template: Option<String>,
    },
    /// A ticket's name, which can have the first answer if the inbox has a form.
    Name {
        inbox: InboxId,
        template: String,
        has_form: bool,
    },
    /// A setting whose value is one of these inboxes. The admin chooses one by its name.
    Inboxes {
        inbox: Option<InboxId>,
        key: &'static str,
        inboxes: Vec<(InboxId, String)>,
        chosen: Option<InboxId>,
        /// The server has more inboxes than the modal lists.
        is_shortened: bool,
    },
    /// A setting. `inbox` is the inbox for which it was opened; `None` for one of the server, without an
    /// inbox.
    Setting {
        inbox: Option<InboxId>,
        key: &'static str,
        value: String,
    },
}

impl Modal {
    /// The inbox that the modal belongs to, or [`InboxId::SERVER`].
    pub fn inbox(&self) -> InboxId {
        match self {
            Self::Setting { inbox, .. } | Self::Inboxes { inbox, .. } => {
                inbox.unwrap_or(InboxId::SERVER)
            }
            Self::Starter { inbox, .. } | Self::Name { inbox, .. } => *inbox,
        }
    }
}

/// All settings of an inbox and its server, or of the server only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Panel {
    pub inbox: Option<PanelInbox>,
    pub rows: Vec<Row>,
    /// What was changed just now.
    pub text: Option<Text>,
    /// What is wrong with the inbox.
    pub problems: Vec<Problem>,
}

/// The inbox that a panel is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PanelInbox {
    pub id: InboxId,
    pub link: MessageLink,
    pub name: String,
}

/// A setting in a panel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub group: Group,
    pub key: &'static str,
    pub value: Shown,
    /// For a switch: the value that it gets when an admin picks it. The panel states this value, so a panel
    /// that is out of date still does what it says.
    pub other: Option<&'static str>,
    /// The value equals the default, even if an admin has set it.
    pub is_default: bool,
}

/// The values that an option may have. The shell filters them by the typed text, in the reader's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestions {
    pub typed: String,
    pub choices: Vec<Suggestion>,
}

/// A suggested value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Suggestion {
    Inbox(InboxId, String),
    Setting(&'static str),
    /// A closed ticket and its name.
    Ticket(ChannelId, String),
    /// In seconds.
    Duration(i64),
}

/// A new inbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostInbox {
    pub guild: GuildId,
    pub channel: ChannelId,
    pub destination: Option<ChannelId>,
    /// What it is called; `None` for its channel's name.
    pub name: Option<String>,
    /// The removed inbox that is posted again.
    pub again: Option<InboxId>,
    pub staff: Vec<Mention>,
    pub content: Content,
    /// What the response says about it, above the menu of staff.
    pub created: Created,
}

/// A new inbox on another one's message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostEntry {
    /// The inbox as it will be, except for its id and its name.
    pub inbox: Inbox,
    pub name: String,
    /// What the response says about it, above the menu of staff.
    pub created: Created,
}

/// What an inbox's message shows.
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
