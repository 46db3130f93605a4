//! An inbox, as it is stored.

use crate::text::MessageLink;
use crate::{ChannelId, GuildId, InboxId, Mention, MessageId};

/// An inbox: a message with a *Create Ticket* button, and what its tickets are like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inbox {
    pub id: InboxId,
    pub guild: GuildId,
    /// Where the message is.
    pub channel: ChannelId,
    /// The message with the button.
    pub message: MessageId,
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
    /// A new inbox with the defaults, shown by this message.
    pub fn new(link: MessageLink, destination: Option<ChannelId>, staff: Vec<Mention>) -> Self {
        Self {
            id: InboxId::of_message(link.message),
            guild: link.guild,
            channel: link.channel,
            message: link.message,
            destination,
            staff,
            starter: String::new(),
            name: String::new(),
            max_tickets_per_user: 1,
        }
    }

    /// Where its tickets are created.
    pub fn tickets_in(&self) -> ChannelId {
        self.destination.unwrap_or(self.channel)
    }

    /// The link to its message.
    pub fn link(&self) -> MessageLink {
        MessageLink {
            guild: self.guild,
            channel: self.channel,
            message: self.message,
        }
    }
}
