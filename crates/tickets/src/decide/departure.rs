//! The end of a ticket: its owner leaves, or it is archived.

use crate::action::Action;
use crate::stored::{Departure, Ticket};
use crate::text::Text;
use crate::{ChannelId, UserId};

/// A ticket's thread, as Discord has it now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thread {
    pub archived: bool,
    pub locked: bool,
    /// Whether the bot has Manage Threads there.
    pub can_lock: bool,
}

/// Members are no longer in a thread, or no longer in the server. `ticket` is what is known of
/// the thread, if it is a ticket at all; a thread that is gone is `None`.
pub fn left(ticket: &Ticket, users: &[UserId], thread: Option<Thread>) -> Vec<Action> {
    let Some(owner) = ticket.owner.filter(|owner| users.contains(owner)) else {
        return Vec::new();
    };
    if ticket.departure != Departure::Present {
        return Vec::new();
    }
    match thread {
        None => Vec::new(),
        // It is over already; a note would only wake it.
        Some(Thread { archived: true, .. }) => {
            vec![Action::NoteDeparture { ticket: ticket.id }]
        }
        Some(Thread { can_lock: lock, .. }) => {
            let note = if lock {
                Text::OwnerLeftLocked { owner }
            } else {
                Text::OwnerLeft { owner }
            };
            vec![Action::Depart {
                ticket: ticket.id,
                note,
                lock,
            }]
        }
    }
}

/// Members came (back) into a thread.
pub fn joined(ticket: &Ticket, users: &[UserId]) -> Vec<Action> {
    let owner_returned = ticket.owner.is_some_and(|owner| users.contains(&owner));
    if owner_returned && ticket.departure != Departure::Present {
        vec![Action::NoteReturn { ticket: ticket.id }]
    } else {
        Vec::new()
    }
}

/// A thread was archived, by staff or by Discord's timer.
pub fn archived(ticket: &Ticket, thread: Option<Thread>) -> Vec<Action> {
    match thread {
        // While the owner's departure is being answered, that answer archives and locks.
        Some(Thread {
            archived: true,
            locked: false,
            can_lock: true,
        }) if ticket.departure != Departure::Begun => {
            vec![Action::LockArchived {
                ticket: ticket.id,
                note: Text::Archived {},
            }]
        }
        _ => Vec::new(),
    }
}

/// A channel or thread is gone.
pub fn deleted(channel: ChannelId) -> Vec<Action> {
    vec![Action::ForgetChannel(channel)]
}
