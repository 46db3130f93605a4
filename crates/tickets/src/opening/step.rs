//! The steps that the machine asks for, and their outcomes.

use serde::{Deserialize, Serialize};

use crate::template::mentions_in;
use crate::text::Text;
use crate::{ChannelId, Mention, MessageId, UserId};

/// Something to do. Every step ends with an [`Outcome`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Show the member that the bot is working.
    Acknowledge,
    /// Create the thread.
    Create { parent: ChannelId, name: String },
    /// Search for a thread that may have been created although no response confirmed it.
    Search,
    /// Make a neutral name from the ticket's own number, or from the inbox's next number if that was refused,
    /// too.
    Number { is_first: bool },
    /// Make the thread a ticket in the database, unless it belongs to another opening.
    Claim(ChannelId),
    /// Send the starting message, whose mentions invite.
    Start { thread: ChannelId, attempt: Attempt },
    /// Find out whether the starting message is there.
    Examine(ChannelId),
    /// Post the answers to the form, without the first `skip` messages, which exist already.
    Post { thread: ChannelId, skip: usize },
    /// Find out which messages with answers are there.
    Review(ChannelId),
    /// Add the staff who opened it for somebody else.
    Join { thread: ChannelId, user: UserId },
    /// Respond to the member.
    Respond(Reply),
    /// Delete the thread.
    RollBack(ChannelId),
}

/// Whom the starting message invites.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Attempt {
    Everybody,
    /// A role can be too large for Discord to invite. This attempt mentions only members.
    WithoutRoles,
    OwnerOnly,
}

impl Attempt {
    pub(super) const ALL: [Self; 3] = [Self::Everybody, Self::WithoutRoles, Self::OwnerOnly];

    /// Makes each attempt a distinct message.
    pub const fn suffix(self) -> &'static str {
        match self {
            Self::Everybody => "",
            Self::WithoutRoles => "m",
            Self::OwnerOnly => "o",
        }
    }

    /// Whom this attempt at a starting message mentions.
    pub(super) fn mentions(self, starter: &str, owner: UserId) -> Vec<Mention> {
        let mut mentions = mentions_in(starter);
        match self {
            Self::Everybody => {}
            Self::WithoutRoles => mentions.retain(|who| matches!(who, Mention::User(_))),
            Self::OwnerOnly => mentions = vec![Mention::User(owner)],
        }
        mentions
    }
}

/// What the member reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    Delayed,
    Opened(ChannelId),
    /// The ticket is there, but not all of its staff could be invited.
    OpenedWithoutStaff(ChannelId),
    /// The ticket is there, but the answers could not be posted in it.
    OpenedWithoutAnswers(ChannelId),
    /// There is no ticket, for this reason.
    Ended(Text),
}

/// The outcome of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Acknowledged(Acknowledged),
    Created(Created),
    Searched(Searched),
    /// The neutral name to use.
    Numbered(String),
    Claimed(Claimed),
    Started(Started),
    Examined(Examined),
    Posted(Posted),
    Reviewed(Reviewed),
    Joined(Joined),
    Responded(Responded),
    RolledBack(RolledBack),
    /// The step failed in a way that says nothing about Discord, such as a panic or an error of the
    /// database.
    Failed(Kind),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acknowledged {
    Done,
    /// Discord no longer accepts the acknowledgement.
    TooLate,
    /// Another process has acknowledged the click, and opens the ticket.
    Foreign,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Created {
    Thread {
        id: ChannelId,
        /// Another opening has found the thread in a search, and may be about to claim it.
        contested: bool,
    },
    /// Discord refuses the name.
    BadName,
    /// The channel is gone.
    ChannelGone,
    /// The thread cannot be created, for this reason.
    Refused(Text),
    /// Discord's limits allow it only after these milliseconds.
    Later(i64),
    /// A transient error, such as 503, or no response: the thread may exist or not.
    Doubt,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Searched {
    Found(ChannelId),
    Nothing,
    /// The bot cannot tell now.
    Unclear,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claimed {
    Own,
    /// The thread belongs to another opening.
    Taken,
    /// The opening is no longer in the journal: its server was forgotten.
    Forgotten,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Started {
    Sent {
        message: MessageId,
        /// Not every role could be invited.
        left_out: bool,
    },
    /// The message cannot be sent, for this reason.
    Refused(Text),
    /// It was not sent. Retry it after these milliseconds.
    Later(i64),
    /// Discord could not send it. It may succeed with fewer mentions.
    TooMuch,
    /// A transient error, such as 503, or no response: the message may exist or not.
    Doubt,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Examined {
    Found {
        message: MessageId,
        /// Not every role could be invited.
        left_out: bool,
    },
    Nothing,
    /// The thread is gone.
    Gone,
    /// The bot cannot tell now.
    Unclear,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Posted {
    /// All messages were sent; this is the last one.
    Sent(MessageId),
    /// The messages cannot be posted.
    Refused,
    /// Not all were sent. Retry the rest after these milliseconds.
    Later(i64),
    /// No response came, so some messages may exist.
    Doubt,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reviewed {
    /// All messages exist; this is the last one.
    All(MessageId),
    /// Only this number of messages exists.
    Some(usize),
    /// The thread is gone.
    Gone,
    /// The bot cannot tell now.
    Unclear,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joined {
    Done,
    /// The member cannot be added.
    Refused,
    Again,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Responded {
    /// The response was sent, or Discord no longer accepts one.
    Done,
    Again,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RolledBack {
    Done,
    /// The bot may not delete the thread for now: it is orphaned.
    Orphaned,
    Again,
}

/// The kinds of [`Step`]s.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Acknowledge,
    Create,
    Search,
    Number,
    Claim,
    Start,
    Examine,
    Post,
    Review,
    Join,
    Respond,
    RollBack,
}

impl Step {
    pub fn kind(&self) -> Kind {
        match self {
            Self::Acknowledge => Kind::Acknowledge,
            Self::Create { .. } => Kind::Create,
            Self::Search => Kind::Search,
            Self::Number { .. } => Kind::Number,
            Self::Claim(_) => Kind::Claim,
            Self::Start { .. } => Kind::Start,
            Self::Examine(_) => Kind::Examine,
            Self::Post { .. } => Kind::Post,
            Self::Review(_) => Kind::Review,
            Self::Join { .. } => Kind::Join,
            Self::Respond(_) => Kind::Respond,
            Self::RollBack(_) => Kind::RollBack,
        }
    }
}
