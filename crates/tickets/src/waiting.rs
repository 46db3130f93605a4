//! Whom a ticket waits for, its owner's side or its staff: the side that did not write last. Only authors
//! matter, never what they wrote.

use crate::{ChannelId, MessageId, UserId};

/// Whom a ticket waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// The owner, or others who are in the ticket and are not staff.
    Owner,
    Staff,
}

/// Whom a ticket waits for, as it is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    pub side: Side,
    /// The message since which the ticket waits. For a new ticket this is the thread, whose id contains a
    /// time, too.
    pub since: MessageId,
    /// Every message up to this one is taken into account.
    pub seen: MessageId,
}

/// Who wrote a message in a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Author {
    pub user: UserId,
    /// Whether they may look after the ticket.
    pub is_staff: bool,
}

impl Waiting {
    /// A new ticket waits for its owner to describe what they need, unless a form has asked for that.
    pub fn of_new(ticket: ChannelId, has_answers: bool) -> Self {
        let thread = MessageId(ticket.0);
        Self {
            side: if has_answers {
                Side::Staff
            } else {
                Side::Owner
            },
            since: thread,
            seen: thread,
        }
    }

    /// What must be stored after this author wrote this message; `None` if nothing changes.
    #[must_use]
    pub fn after(
        known: Option<Self>,
        owner: Option<UserId>,
        author: Author,
        message: MessageId,
    ) -> Option<Self> {
        let side = next(owner, author);
        match known {
            Some(known) if known.side == side || message <= known.seen => None,
            _ => Some(Self {
                side,
                since: message,
                seen: message,
            }),
        }
    }

    /// What must be stored after the newest messages were read. `written` are those of people, oldest first,
    /// because one in the middle may answer a question; `newest` is the newest message of all.
    #[must_use]
    pub fn caught_up(
        known: Option<Self>,
        owner: Option<UserId>,
        written: impl IntoIterator<Item = (Author, MessageId)>,
        newest: MessageId,
    ) -> Option<Self> {
        let mut now = known;
        for (author, message) in written {
            now = Self::after(now, owner, author, message).or(now);
        }
        let now = now?;
        let now = Self {
            seen: now.seen.max(newest),
            ..now
        };
        Some(now).filter(|now| Some(*now) != known)
    }
}

/// For whom a ticket waits after this author has written. The owner counts as the owner even if they are staff.
fn next(owner: Option<UserId>, author: Author) -> Side {
    if author.is_staff && owner != Some(author.user) {
        Side::Owner
    } else {
        Side::Staff
    }
}

/// Discord's types of messages that people write: ordinary ones and replies. Responses to commands are
/// written by bots.
const BY_PEOPLE: [u8; 2] = [0, 19];

/// Whether a message counts: a person wrote it, not a bot, a webhook or Discord itself.
pub fn counts(kind: u8, is_bot: bool, is_webhook: bool) -> bool {
    BY_PEOPLE.contains(&kind) && !is_bot && !is_webhook
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIA: UserId = UserId(20);
    const MAX: UserId = UserId(21);
    const NOAH: UserId = UserId(22);
    const TICKET: ChannelId = ChannelId(100);

    fn by(user: UserId, is_staff: bool) -> Author {
        Author { user, is_staff }
    }

    fn waits(side: Side, since: u64, seen: u64) -> Waiting {
        Waiting {
            side,
            since: MessageId(since),
            seen: MessageId(seen),
        }
    }

    fn after(known: Option<Waiting>, author: Author, message: u64) -> Option<Waiting> {
        Waiting::after(known, Some(MIA), author, MessageId(message))
    }

    #[test]
    fn a_new_ticket_waits_for_its_owner_and_one_with_a_form_for_staff() {
        assert_eq!(Waiting::of_new(TICKET, false), waits(Side::Owner, 100, 100));
        assert_eq!(Waiting::of_new(TICKET, true), waits(Side::Staff, 100, 100));
    }

    #[test]
    fn it_waits_for_whoever_did_not_write_last() {
        let new = Some(Waiting::of_new(TICKET, false));
        let asked = after(new, by(MIA, false), 101);
        assert_eq!(asked, Some(waits(Side::Staff, 101, 101)));
        let answered = after(asked, by(MAX, true), 102);
        assert_eq!(answered, Some(waits(Side::Owner, 102, 102)));
    }

    #[test]
    fn only_a_change_is_stored() {
        let new = Some(Waiting::of_new(TICKET, false));
        assert_eq!(after(new, by(MAX, true), 101), None);
        let asked = Some(waits(Side::Staff, 101, 101));
        assert_eq!(after(asked, by(MIA, false), 102), None);
    }

    #[test]
    fn an_owner_counts_as_the_owner_also_if_they_are_staff() {
        let new = Some(Waiting::of_new(TICKET, false));
        let asked = after(new, by(MIA, true), 101);
        assert_eq!(asked, Some(waits(Side::Staff, 101, 101)));
        // If the ticket has no known owner, all staff count as staff.
        let known = Some(waits(Side::Staff, 101, 101));
        let answered = Waiting::after(known, None, by(MIA, true), MessageId(102));
        assert_eq!(answered, Some(waits(Side::Owner, 102, 102)));
    }

    #[test]
    fn a_guest_counts_as_the_owners_side() {
        let answered = Some(waits(Side::Owner, 101, 101));
        let asked = after(answered, by(NOAH, false), 102);
        assert_eq!(asked, Some(waits(Side::Staff, 102, 102)));
    }

    #[test]
    fn what_is_known_already_changes_nothing() {
        let known = Some(waits(Side::Owner, 101, 105));
        for message in [100, 101, 104, 105] {
            assert_eq!(after(known, by(MIA, false), message), None, "{message}");
        }
        assert!(after(known, by(MIA, false), 106).is_some());
    }

    #[test]
    fn a_ticket_of_an_older_version_is_known_once_somebody_wrote() {
        let asked = after(None, by(MIA, false), 101);
        assert_eq!(asked, Some(waits(Side::Staff, 101, 101)));
        let answered = after(None, by(MAX, true), 101);
        assert_eq!(answered, Some(waits(Side::Owner, 101, 101)));
    }

    #[test]
    fn after_a_gap_each_missed_message_counts() {
        let caught_up = |known, written: &[(Author, MessageId)], newest| {
            let written = written.iter().copied();
            Waiting::caught_up(known, Some(MIA), written, MessageId(newest))
        };
        let known = Some(waits(Side::Owner, 101, 101));
        let by_mia = |message| (by(MIA, false), MessageId(message));
        let by_max = |message| (by(MAX, true), MessageId(message));
        assert_eq!(
            caught_up(known, &[by_mia(103)], 105),
            Some(waits(Side::Staff, 103, 105))
        );
        // The same side wrote again, or only bots wrote. These messages are not read a second time.
        for written in [&[by_max(102), by_max(103)][..], &[]] {
            let now = caught_up(known, written, 105);
            assert_eq!(now, Some(waits(Side::Owner, 101, 105)), "{written:?}");
            assert_eq!(caught_up(now, written, 105), None);
        }
        // The owner has answered, and staff wrote after that: another wait has begun.
        for (last, since) in [(by_max(104), 104), (by_max(105), 105)] {
            let written = [by_max(102), by_mia(103), last];
            let now = waits(Side::Owner, since, 105);
            assert_eq!(caught_up(known, &written, 105), Some(now), "{written:?}");
        }
        // Of several messages in a row, the first begins the wait.
        assert_eq!(
            caught_up(known, &[by_mia(102), by_max(103), by_max(104)], 104),
            Some(waits(Side::Owner, 103, 104))
        );
        // Nothing is known and nobody has written.
        assert_eq!(caught_up(None, &[], 105), None);
        assert_eq!(
            caught_up(None, &[by_max(103)], 105),
            Some(waits(Side::Owner, 103, 105))
        );
    }

    #[test]
    fn bots_webhooks_and_discord_itself_do_not_count() {
        assert!(counts(0, false, false) && counts(19, false, false));
        assert!(!counts(0, true, false) && !counts(0, false, true));
        // Discord's messages about an added member, a new name and a pin, and responses to commands.
        for kind in [1, 4, 6, 20, 23] {
            assert!(!counts(kind, false, false), "{kind}");
        }
    }
}
