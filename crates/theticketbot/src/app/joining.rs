//! Whether anybody but the owner comes into a new ticket whose starting message mentions roles. Only
//! events say so: no call is made for it, and nothing is stored.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tickets::{ChannelId, InboxId, UserId};

/// For so long somebody of the staff may take to come in.
pub const JOINED_WITHIN: Duration = Duration::from_secs(60);

/// The new tickets that are watched, and those that nobody joined.
#[derive(Default)]
pub struct Joining(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    watched: HashMap<ChannelId, Watched>,
    /// Each inbox's last ticket.
    last: HashMap<InboxId, Last>,
}

#[derive(Clone, Copy)]
struct Last {
    ticket: ChannelId,
    owner: UserId,
    is_alone: bool,
}

#[derive(Clone, Copy)]
struct Watched {
    inbox: InboxId,
    owner: UserId,
    /// The gaps that there were when it began: in a new one, Discord may have told of somebody.
    gaps: u64,
    has_others: bool,
}

impl Joining {
    /// From now on it is noted who comes into a ticket.
    pub fn watch(&self, ticket: ChannelId, inbox: InboxId, owner: UserId, gaps: u64) {
        let watched = Watched {
            inbox,
            owner,
            gaps,
            has_others: false,
        };
        self.lock().watched.insert(ticket, watched);
    }

    /// It is known already that not everybody was invited, or there is no ticket.
    pub fn forget(&self, ticket: ChannelId) {
        self.lock().watched.remove(&ticket);
    }

    pub fn is_watched(&self, ticket: ChannelId) -> bool {
        self.lock().watched.contains_key(&ticket)
    }

    /// These came into a thread.
    pub fn joined(&self, thread: ChannelId, joined: &[UserId], me: UserId) {
        let mut inner = self.lock();
        let has_others = |owner| joined.iter().any(|user| *user != owner && *user != me);
        if let Some(watched) = inner.watched.get_mut(&thread) {
            watched.has_others |= has_others(watched.owner);
        }
        for last in inner.last.values_mut().filter(|it| it.ticket == thread) {
            last.is_alone &= !has_others(last.owner);
        }
    }

    /// The time is over: the ticket's inbox, if nobody but the owner has come.
    pub fn conclude(&self, ticket: ChannelId, gaps: u64) -> Option<InboxId> {
        let mut inner = self.lock();
        let watched = inner.watched.remove(&ticket)?;
        if watched.gaps != gaps {
            return None;
        }
        let now = Last {
            ticket,
            owner: watched.owner,
            is_alone: !watched.has_others,
        };
        let last = inner.last.entry(watched.inbox).or_insert(now);
        // Ids are in the order in which the tickets were opened.
        if last.ticket < ticket {
            *last = now;
        }
        now.is_alone.then_some(watched.inbox)
    }

    /// An inbox's last ticket, if nobody but its owner joined it.
    pub fn alone_in(&self, inbox: InboxId) -> Option<ChannelId> {
        let last = self.lock().last.get(&inbox).copied()?;
        last.is_alone.then_some(last.ticket)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TICKET: ChannelId = ChannelId(50);
    const INBOX: InboxId = InboxId(40);
    const OWNER: UserId = UserId(1);
    const ME: UserId = UserId(2);
    const MAX: UserId = UserId(3);

    fn watching() -> Joining {
        let joining = Joining::default();
        joining.watch(TICKET, INBOX, OWNER, 0);
        joining
    }

    #[test]
    fn an_owner_without_company_is_alone_until_somebody_comes() {
        let joining = watching();
        joining.joined(TICKET, &[ME, OWNER], ME);
        assert_eq!(joining.alone_in(INBOX), None, "there is time yet");
        assert_eq!(joining.conclude(TICKET, 0), Some(INBOX));
        assert_eq!(joining.conclude(TICKET, 0), None, "once");
        assert_eq!(joining.alone_in(INBOX), Some(TICKET));
        joining.joined(TICKET, &[OWNER], ME);
        assert_eq!(joining.alone_in(INBOX), Some(TICKET));
        joining.joined(TICKET, &[MAX], ME);
        assert_eq!(joining.alone_in(INBOX), None);
    }

    #[test]
    fn whoever_joins_in_time_ends_it_and_the_last_ticket_counts() {
        let joining = watching();
        joining.conclude(TICKET, 0);
        joining.watch(ChannelId(51), INBOX, OWNER, 0);
        joining.joined(ChannelId(51), &[OWNER, MAX], ME);
        assert_eq!(joining.conclude(ChannelId(51), 0), None);
        assert_eq!(joining.alone_in(INBOX), None);
        // An older one is concluded later.
        joining.watch(ChannelId(49), INBOX, OWNER, 0);
        assert_eq!(joining.conclude(ChannelId(49), 0), Some(INBOX));
        assert_eq!(joining.alone_in(INBOX), None);
    }

    #[test]
    fn nothing_is_concluded_from_what_was_not_told() {
        let joining = watching();
        assert_eq!(joining.conclude(TICKET, 1), None);
        assert_eq!(joining.alone_in(INBOX), None);
        let joining = watching();
        joining.forget(TICKET);
        assert!(!joining.is_watched(TICKET));
        assert_eq!(joining.conclude(TICKET, 0), None);
    }
}
