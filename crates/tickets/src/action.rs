//! What to do, in the domain's verbs. The shell performs them in their order; the first that
//! fails ends the row.

use crate::decide::entries::Editor;
use crate::decide::inboxes::{Listed, Page};
use crate::inbox::Inbox;
use crate::pending::Pending;
use crate::problem::{Created, Problem};
use crate::request::Attachment;
use crate::setting::{Group, Shown};
use crate::text::{MessageLink, Text};
use crate::{ChannelId, GuildId, InboxId, Mention};

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    // Towards the member who asked. Only they see it, in their language.
    /// Answers.
    Say(Text),
    /// Answers, and says what is wrong with the inbox.
    Report(Text, Vec<Problem>),
    /// Answers, and waits for a selection.
    Ask(Text, Pending),
    /// The selection was refused: its time starts again.
    KeepWaiting,
    /// The selection was good: the bot no longer waits for one, and the prompt is deleted.
    StopWaiting,
    /// Answers with the menu of members and roles.
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
    /// Answers with a button that shows the inbox's form without opening a ticket.
    OfferForm { inbox: InboxId },

    // Inboxes.
    /// Posts an inbox, remembers it, and answers with its link.
    PostInbox(PostInbox),
    /// Replaces an inbox's message in place, and answers.
    ReplaceMessage {
        inbox: InboxId,
        link: MessageLink,
        content: Content,
        problems: Vec<Problem>,
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

    /// Remembers how many open tickets a member may have; 0 for no limit.
    SetLimit { inbox: InboxId, limit: u32 },
    /// Shows the message that this inbox is on as it is once the inbox is like this.
    Draw(Box<Inbox>),
    /// Makes an inbox that is an entry on another one's message.
    PostEntry(PostEntry),
    /// Answers with the menus in which an admin chooses what a message offers.
    ShowEntries(Editor),
    /// Remembers a setting of an inbox; `None` for the default.
    SetSetting {
        inbox: InboxId,
        key: &'static str,
        value: Option<String>,
    },

    // Settings.
    /// Remembers a setting of the server; `None` for the default.
    SetServerSetting {
        guild: GuildId,
        key: &'static str,
        value: Option<String>,
    },
    /// Answers with all settings and their menus, or shows them in the place of where this came from.
    ShowPanel(Panel),
    /// Answers with why a setting is not stored, and with what was written, to correct it.
    RefuseSetting {
        inbox: Option<InboxId>,
        key: &'static str,
        text: Text,
        written: Option<String>,
    },
    /// Answers with a menu of inboxes.
    ChooseInbox {
        /// Each with its name and perhaps a description.
        inboxes: Vec<(InboxId, String, Option<String>)>,
        /// The setting that is wanted of it; all of them otherwise.
        setting: Option<&'static str>,
        text: Text,
    },
    /// Asks whether to remove an inbox.
    AskToRemove { inbox: InboxId, text: Text },
    /// Removes an inbox with its message, and says so.
    RemoveInbox { inbox: Box<Inbox>, name: String },
    /// Forgets a removed inbox.
    ForgetInbox(InboxId),
    /// Answers with a page of the server's inboxes, or shows it in place of another.
    ShowInboxes(Page<Listed>),
    /// Suggests what an option may be.
    Suggest(Suggestions),

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
    /// A ticket's name, which can have the first answer if the inbox has a form.
    Name {
        inbox: InboxId,
        template: String,
        has_form: bool,
    },
    /// A setting that is an inbox of the server, to be chosen among these by their names.
    Inboxes {
        inbox: Option<InboxId>,
        key: &'static str,
        inboxes: Vec<(InboxId, String)>,
        chosen: Option<InboxId>,
        /// Some inboxes of the server are not among them.
        is_shortened: bool,
    },
    /// A setting; without an inbox, one of the server's, from a panel of no inbox.
    Setting {
        inbox: Option<InboxId>,
        key: &'static str,
        value: String,
    },
}

impl Modal {
    /// The inbox that it belongs to; 0 if that is the server.
    pub fn inbox(&self) -> InboxId {
        match self {
            Self::Setting { inbox, .. } | Self::Inboxes { inbox, .. } => {
                inbox.unwrap_or(InboxId(0))
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
    /// What picking it sets, if it is a switch. In an overview that is out of date, it is still what an admin
    /// sees.
    pub other: Option<&'static str>,
    /// Nobody has changed it, or not to anything else.
    pub is_default: bool,
}

/// What an option may be. Which of them fit what is typed is seen in the reader's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestions {
    pub typed: String,
    pub choices: Vec<Suggestion>,
}

/// One of them.
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
    /// As it will be, but for its id and its name.
    pub inbox: Inbox,
    pub name: String,
    /// What the response says about it, above the menu of staff.
    pub created: Created,
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
