//! What is remembered between two events: the little that the database holds.

use std::fmt;

use crate::{ChannelId, GuildId, Mention, MessageId, Timestamp, UserId};

/// An inbox: a message with a *Create Ticket* button.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inbox {
    /// The message with the button.
    pub id: MessageId,
    pub guild: GuildId,
    /// Where the message is.
    pub channel: ChannelId,
    /// Where tickets are created; `None` is the inbox's own channel.
    pub destination: Option<ChannelId>,
    /// Who is invited, in the order in which they are mentioned.
    pub staff: Vec<Mention>,
    /// The starting message's template; empty for the default.
    pub starter: String,
    /// The template for a ticket's name; empty for the default.
    pub name: String,
    /// Open tickets that one member may have; 0 for no limit.
    pub max_tickets_per_user: u32,
}

impl Inbox {
    /// Where its tickets are created.
    pub fn tickets_in(&self) -> ChannelId {
        self.destination.unwrap_or(self.channel)
    }
}

/// A ticket: a private thread that an inbox opened for a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// The thread.
    pub id: ChannelId,
    pub guild: GuildId,
    /// `None` once the inbox was deleted.
    pub inbox: Option<MessageId>,
    /// `None` if the owner's row is gone (an original's database can have that).
    pub owner: Option<UserId>,
    pub departure: Departure,
    /// Archived, and locked if the bot may: nobody need look whether its owner is still there.
    pub closed: bool,
    /// It is known to have been locked when it was closed.
    pub locked: bool,
    /// It was archived, and is being locked: for that it is woken, so that it may be found active.
    pub closing: bool,
}

/// How far the answer to the owner's leaving has come. Written before and after, so that there is
/// exactly one note however often and in whatever order Discord tells of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Departure {
    /// The owner is in the thread, as far as we know.
    #[default]
    Present,
    /// The note and the archiving were begun.
    Begun,
    /// Done: staff may re-open the ticket, and it stays open.
    Done,
}

/// A ticket that is being opened: written before the thread exists, gone when the link is shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Opening {
    /// The click's interaction id.
    pub interaction: u64,
    /// The click's token, good for 15 minutes.
    pub token: String,
    /// The member's language, as Discord codes it; an older version did not write it down.
    pub locale: Option<String>,
    pub inbox: MessageId,
    pub guild: GuildId,
    /// Where the thread is created.
    pub parent: ChannelId,
    pub owner: UserId,
    /// The thread's name, to find it again if the answer was lost.
    pub name: String,
    /// The starting message, finished.
    pub starter: String,
    /// The thread, once Discord has answered.
    pub thread: Option<ChannelId>,
    /// Whether the starting message is known to have been sent.
    pub started: bool,
    pub begun_at: Timestamp,
}

impl fmt::Debug for Opening {
    /// Without the token: whoever has it can speak for the bot.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opening")
            .field("interaction", &self.interaction)
            .field("locale", &self.locale)
            .field("inbox", &self.inbox)
            .field("guild", &self.guild)
            .field("parent", &self.parent)
            .field("owner", &self.owner)
            .field("name", &self.name)
            .field("thread", &self.thread)
            .field("started", &self.started)
            .field("begun_at", &self.begun_at)
            .finish_non_exhaustive()
    }
}

/// A thread that nobody could be invited to, and that could not be undone yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Abandoned {
    pub thread: ChannelId,
    /// The channel that it is in.
    pub parent: ChannelId,
}
