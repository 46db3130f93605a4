//! What to do, in the domain's verbs. The shell performs them in their order; the first that
//! fails ends the row.

use crate::event::Attachment;
use crate::pending::Pending;
use crate::template::NameTemplate;
use crate::text::{MessageLink, Text};
use crate::{ChannelId, GuildId, Mention, MessageId, RoleId, UserId};

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
        inbox: MessageLink,
        staff: Vec<Mention>,
        text: Text,
    },
    /// Replaces the text above that menu and shows what was saved.
    UpdateStaff {
        inbox: MessageLink,
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
        inbox: MessageLink,
        content: Content,
    },
    /// Remembers where tickets go; `None` is the inbox's own channel.
    SetDestination {
        inbox: MessageId,
        destination: Option<ChannelId>,
    },
    /// Remembers the staff.
    SetStaff {
        inbox: MessageId,
        staff: Vec<Mention>,
    },
    /// Remembers the starting message; empty for the default.
    SetStarter { inbox: MessageId, template: String },
    /// Remembers the name; empty for the default.
    SetName { inbox: MessageId, template: String },

    // Tickets.
    /// Opens a ticket, and answers with its link.
    OpenTicket(OpenTicket),
    /// The owner left: a note, then archived, and locked too if `lock`.
    Depart {
        ticket: ChannelId,
        note: Text,
        lock: bool,
    },
    /// The owner left a ticket that is closed already: only remembered.
    NoteDeparture { ticket: ChannelId },
    /// An answer to the owner's leaving was interrupted in an open ticket: the note, if it is not
    /// there yet, then archived, and locked too if `lock`.
    FinishDeparture {
        ticket: ChannelId,
        note: Option<Text>,
        lock: bool,
    },
    /// An interrupted answer to the owner's leaving is complete: only remembered.
    EndDeparture { ticket: ChannelId, locked: bool },
    /// The owner is back.
    NoteReturn { ticket: ChannelId },
    /// The ticket is archived, and locked if the bot may: only remembered.
    NoteClosed { ticket: ChannelId, locked: bool },
    /// The ticket is active again: only remembered.
    NoteReopened { ticket: ChannelId },
    /// The ticket was archived: a note, then archived again and locked.
    LockArchived { ticket: ChannelId, note: Text },

    /// Nobody could be invited to this thread: it is undone, and forgotten.
    Undo { thread: ChannelId },

    // Cleaning up.
    /// Forgets a channel or thread and what was in it.
    ForgetChannel(ChannelId),
    /// Forgets messages; the tickets of a forgotten inbox are still looked after.
    ForgetMessages(Vec<MessageId>),
    /// Takes a role out of every inbox's staff.
    ForgetRole(GuildId, RoleId),

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
        inbox: MessageId,
        template: Option<String>,
    },
    /// A ticket's name.
    Name { inbox: MessageId, template: String },
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

/// A ticket to open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenTicket {
    pub inbox: MessageId,
    pub guild: GuildId,
    /// Where the thread is created.
    pub parent: ChannelId,
    pub owner: UserId,
    /// Who opened it, for the audit log.
    pub username: String,
    /// The thread's name, but for the counter.
    pub name: NameTemplate,
    pub starter: Starter,
    pub staff: Vec<Mention>,
}

/// The starting message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Starter {
    /// The inbox's own, finished.
    Own(String),
    /// The default, in the server's language.
    Default(Text),
}
