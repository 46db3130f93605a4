//! Finds out whether anybody but the owner joins a new ticket whose starting message mentions roles. Events
//! show who joins; the bot asks Discord only after a gap or a restart. The outcome is stored with the ticket.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tickets::{ChannelId, UserId};

use crate::discord::ThreadMember;

/// How long staff may take to come in.
pub const JOINED_WITHIN: Duration = Duration::from_secs(60);

/// The new tickets that are watched.
#[derive(Default)]
pub struct Joining {
    watched: Mutex<HashMap<ChannelId, Watched>>,
    unclear: Mutex<HashSet<ChannelId>>,
}

#[derive(Clone, Copy)]
struct Watched {
    owner: UserId,
    /// The number of gaps when watching began. If there is a gap later, the bot may miss the event of a join.
    gaps: u64,
    has_others: bool,
}

impl Joining {
    /// Begins to note who joins a ticket.
    pub fn watch(&self, ticket: ChannelId, owner: UserId, gaps: u64) {
        let watched = Watched {
            owner,
            gaps,
            has_others: false,
        };
        self.lock().insert(ticket, watched);
    }

    /// Stops watching a ticket, because its starting message does not mention all roles.
    pub fn forget(&self, ticket: ChannelId) {
        self.lock().remove(&ticket);
    }

    pub fn is_watched(&self, ticket: ChannelId) -> bool {
        self.lock().contains_key(&ticket)
    }

    /// Notes that these members joined a thread.
    pub fn joined(&self, thread: ChannelId, joined: &[ThreadMember], me: UserId) {
        if let Some(watched) = self.lock().get_mut(&thread) {
            let mut others = others(joined, Some(watched.owner), Some(me));
            watched.has_others |= others.next().is_some();
        }
    }

    /// Ends watching, and returns whether only the owner has joined. `None` if the events do not show that.
    pub fn conclude(&self, ticket: ChannelId, gaps: u64) -> Option<bool> {
        let watched = self.lock().remove(&ticket)?;
        (watched.gaps == gaps).then_some(!watched.has_others)
    }

    /// Notes whether it is unclear if Discord will still add the owner to a ticket, or if the owner has left
    /// it.
    pub fn set_unclear(&self, ticket: ChannelId, is_unclear: bool) {
        let mut unclear = self.unclear.lock().unwrap_or_else(PoisonError::into_inner);
        if is_unclear {
            unclear.insert(ticket);
        } else {
            unclear.remove(&ticket);
        }
    }

    /// Whether no owner is unclear. Otherwise the next start would have to find out.
    pub fn is_clear(&self) -> bool {
        let unclear = self.unclear.lock();
        unclear.unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<ChannelId, Watched>> {
        self.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Those who are neither the owner of a ticket nor the bot.
pub fn others(
    members: &[ThreadMember],
    owner: Option<UserId>,
    me: Option<UserId>,
) -> impl Iterator<Item = &ThreadMember> {
    let is_other = move |it: &&ThreadMember| ![owner, me].contains(&Some(it.user));
    members.iter().filter(is_other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tickets::Timestamp;

    const TICKET: ChannelId = ChannelId(50);
    const OWNER: UserId = UserId(1);
    const ME: UserId = UserId(2);
    const MAX: UserId = UserId(3);

    fn members(users: &[UserId]) -> Vec<ThreadMember> {
        let member = |user: &UserId| ThreadMember {
            user: *user,
            joined_at: Timestamp(0),
            roles: Vec::new(),
        };
        users.iter().map(member).collect()
    }

    fn watching() -> Joining {
        let joining = Joining::default();
        joining.watch(TICKET, OWNER, 0);
        joining
    }

    #[test]
    fn an_owner_without_company_is_alone() {
        let joining = watching();
        joining.joined(TICKET, &members(&[ME, OWNER]), ME);
        assert_eq!(joining.conclude(TICKET, 0), Some(true));
        assert_eq!(joining.conclude(TICKET, 0), None, "once");
    }

    #[test]
    fn whoever_joins_in_time_is_company() {
        let joining = watching();
        joining.joined(TICKET, &members(&[OWNER, MAX]), ME);
        joining.joined(TICKET, &members(&[OWNER]), ME);
        assert_eq!(joining.conclude(TICKET, 0), Some(false));
    }

    #[test]
    fn nothing_is_concluded_from_what_was_not_told() {
        let joining = watching();
        assert_eq!(joining.conclude(TICKET, 1), None);
        let joining = watching();
        joining.forget(TICKET);
        assert_eq!(joining.conclude(TICKET, 0), None);
    }
}
