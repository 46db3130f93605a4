//! What a ticket is opened with.

use serde::{Deserialize, Serialize};

use super::step::Attempt;
use crate::form::Answer;
use crate::form::render::Embed;
use crate::request::Attachment;
use crate::text::{Text, plain};
use crate::ticket::ClosingRequest;
use crate::{ChannelId, GuildId, InboxId, Mention, Timestamp, UserId};

/// What an opening is made from. Answers, pages and files are kept only until they are posted, and the name
/// and the channel can change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// The click's interaction id.
    pub interaction: u64,
    pub guild: GuildId,
    pub inbox: InboxId,
    /// The inbox's own channel, where the ticket goes if the destination is gone.
    pub home: ChannelId,
    /// Where the thread is created.
    pub parent: ChannelId,
    pub owner: UserId,
    /// Who opened it, for the audit log.
    pub username: String,
    /// The thread's name.
    pub name: String,
    /// The number that the inbox's counter gave it; 0 in an entry of an older version.
    #[serde(default)]
    pub number: u64,
    /// The starting message, with the placeholders replaced; empty if there is none.
    pub starter: String,
    pub begun_at: Timestamp,
    /// After how many minutes without a message Discord hides it; `None` for the channel's setting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hide_after: Option<u16>,
    /// The starting message has a *Close* button.
    #[serde(default)]
    pub has_button: bool,
    /// Staff who open it for the owner; they join it.
    #[serde(default)]
    pub opener: Option<UserId>,
    /// Discord notifies nobody of the starting message.
    #[serde(default)]
    pub is_silent: bool,
    /// Members and roles that the starting message names without adding them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub named: Vec<Mention>,
    /// Where the ticket's notice will be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<ChannelId>,
    /// The answers to the inbox's form, until they are posted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<Answer>,
    /// Answers to questions that the form no longer asks: only the member sees them again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_over: Vec<Answer>,
    /// Messages that are posted before the answers: the answers in the old ticket that this one replaces, or
    /// the reported message. If they cannot be posted, there is no ticket.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pages: Vec<Vec<Embed>>,
    /// The files of these messages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<Attachment>,
    /// It is about a message that the owner has reported.
    #[serde(default)]
    pub is_report: bool,
    /// The old ticket, which is closed once this one is complete.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved: Option<Moved>,
}

/// The old ticket that a new one replaces.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    pub from: ChannelId,
    /// Who transfers it.
    pub by: UserId,
    /// Their display name in that server.
    pub name: String,
    /// The reason that they wrote; may be empty.
    pub reason: String,
}

impl Moved {
    /// What the new ticket says about it.
    pub fn note(&self) -> Text {
        let (name, ticket) = (plain(&self.name), self.from);
        if self.reason.is_empty() {
            Text::MovedHere { name, ticket }
        } else {
            let reason = self.reason.clone();
            Text::MovedHereWithReason {
                name,
                ticket,
                reason,
            }
        }
    }

    /// How the old ticket is closed, once the new one is complete.
    pub fn closing(&self, to: ChannelId) -> ClosingRequest {
        ClosingRequest {
            by: self.by,
            name: self.name.clone(),
            reason: self.reason.clone(),
            remove_members: false,
            moved_to: Some(to),
        }
    }
}

impl Order {
    /// Whether staff have something to read before the owner writes.
    pub fn has_content(&self) -> bool {
        !self.answers.is_empty() || !self.pages.is_empty() || self.moved.is_some()
    }

    /// The members and roles that this attempt at the starting message mentions, and so adds.
    pub fn mentions(&self, attempt: Attempt) -> Vec<Mention> {
        let mut mentions = attempt.mentions(&self.starter, self.owner);
        mentions.retain(|who| *who == Mention::User(self.owner) || !self.named.contains(who));
        mentions
    }

    /// The next attempt whose mentions differ from those of the first attempt.
    pub(super) fn next_attempt(&self, failed: Attempt) -> Option<Attempt> {
        let all = self.mentions(Attempt::Everybody);
        Attempt::ALL
            .into_iter()
            .find(|attempt| *attempt > failed && self.mentions(*attempt) != all)
    }
}
