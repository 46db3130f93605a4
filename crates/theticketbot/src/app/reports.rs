//! The messages that members are about to report: Discord sends a message with the menu, but not with the
//! modal that follows. They are in memory only.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use tickets::decide::report::{KEPT_FOR, MAX_QUOTE};
use tickets::request::Reported;
use tickets::template::cut;
use tickets::{GuildId, MessageId, Timestamp, UserId};

/// The setting of a server that records which report command is registered there.
pub const REGISTERED: &str = "report-command";

/// The messages, the newest of each member.
#[derive(Default)]
pub struct Reports {
    kept: Mutex<HashMap<(GuildId, UserId), (Reported, Timestamp)>>,
}

impl Reports {
    /// Keeps the part of a message that a report quotes, for a while.
    pub fn keep(&self, guild: GuildId, user: UserId, mut message: Reported, now: Timestamp) {
        // One character more shows that it was cut.
        let end = cut(&message.text, MAX_QUOTE + 1).len();
        message.text.truncate(end);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|_, (_, since)| now.since(*since) < KEPT_FOR);
        kept.insert((guild, user), (message, now));
    }

    /// The message, if it is still kept.
    pub fn find(
        &self,
        guild: GuildId,
        user: UserId,
        id: MessageId,
        now: Timestamp,
    ) -> Option<Reported> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let (message, since) = kept.get(&(guild, user))?;
        let is_it = message.id == id && now.since(*since) < KEPT_FOR;
        is_it.then(|| message.clone())
    }

    /// Forgets the message, because the member has reported it.
    pub fn forget(&self, guild: GuildId, user: UserId) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.remove(&(guild, user));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tickets::ChannelId;

    const GUILD: GuildId = GuildId(1);
    const MIA: UserId = UserId(20);

    fn message(id: u64) -> Reported {
        Reported {
            id: MessageId(id),
            channel: ChannelId(2),
            author: UserId(21),
            author_name: "Noah".into(),
            text: "x".repeat(5_000),
            files: Vec::new(),
        }
    }

    #[test]
    fn a_message_is_kept_for_a_quarter_of_an_hour() {
        let reports = Reports::default();
        let now = Timestamp(1_000_000);
        reports.keep(GUILD, MIA, message(7), now);
        let found = |id, at| reports.find(GUILD, MIA, MessageId(id), at);
        let kept = found(7, now.plus(KEPT_FOR - 1)).expect("it is kept");
        assert_eq!(kept.text.len(), MAX_QUOTE + 1);
        assert_eq!(found(8, now), None);
        assert_eq!(found(7, now.plus(KEPT_FOR)), None);
        // Only the newest message of each member is kept.
        reports.keep(GUILD, MIA, message(8), now);
        assert_eq!(found(7, now), None);
        reports.forget(GUILD, MIA);
        assert_eq!(found(8, now), None);
    }
}
