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
            vec![Action::Depart {
                ticket: ticket.id,
                note: note(owner, lock),
                lock,
            }]
        }
    }
}

/// What is said in a ticket whose owner left.
pub(super) fn note(owner: UserId, lock: bool) -> Text {
    if lock {
        Text::OwnerLeftLocked { owner }
    } else {
        Text::OwnerLeft { owner }
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
        Some(Thread {
            archived: true,
            locked: false,
            can_lock: true,
        }) => match ticket.departure {
            // While the owner's departure is being answered, that answer archives and locks.
            Departure::Begun => Vec::new(),
            Departure::Present | Departure::Done => vec![Action::LockArchived {
                ticket: ticket.id,
                note: Text::Archived {},
            }],
        },
        Some(Thread {
            archived: true,
            locked,
            ..
        }) if !ticket.closed || ticket.locked != locked => {
            vec![Action::NoteClosed {
                ticket: ticket.id,
                locked,
            }]
        }
        _ => Vec::new(),
    }
}

/// A thread is active again. Whoever re-opens a ticket without its owner means it to stay open.
pub fn reopened(ticket: &Ticket, owner_is_gone: bool) -> Vec<Action> {
    if !ticket.closed {
        return Vec::new();
    }
    let departed = (owner_is_gone && ticket.departure == Departure::Present)
        .then_some(Action::NoteDeparture { ticket: ticket.id });
    let reopened = Action::NoteReopened { ticket: ticket.id };
    departed.into_iter().chain([reopened]).collect()
}

/// A channel or thread is gone.
pub fn deleted(channel: ChannelId) -> Vec<Action> {
    vec![Action::ForgetChannel(channel)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::examples::*;

    const OPEN: Thread = Thread {
        archived: false,
        locked: false,
        can_lock: true,
    };
    const ARCHIVED: Thread = Thread {
        archived: true,
        ..OPEN
    };

    fn in_state(departure: Departure) -> Ticket {
        Ticket {
            departure,
            ..ticket()
        }
    }

    #[test]
    fn the_owners_leaving_archives_and_locks_if_it_may() {
        let departs = |note, lock| {
            vec![Action::Depart {
                ticket: ticket().id,
                note,
                lock,
            }]
        };
        assert_eq!(
            left(&ticket(), &[UserId(1), MIA], Some(OPEN)),
            departs(Text::OwnerLeftLocked { owner: MIA }, true)
        );
        let weak = Thread {
            can_lock: false,
            ..OPEN
        };
        assert_eq!(
            left(&ticket(), &[MIA], Some(weak)),
            departs(Text::OwnerLeft { owner: MIA }, false)
        );
    }

    #[test]
    fn others_may_come_and_go() {
        assert_eq!(left(&ticket(), &[UserId(1)], Some(OPEN)), []);
        assert_eq!(
            left(
                &Ticket {
                    owner: None,
                    ..ticket()
                },
                &[MIA],
                Some(OPEN)
            ),
            []
        );
        assert_eq!(joined(&in_state(Departure::Done), &[UserId(1)]), []);
    }

    #[test]
    fn a_ticket_without_its_inbox_is_still_looked_after() {
        let orphan = Ticket {
            inbox: None,
            ..ticket()
        };
        assert!(matches!(
            left(&orphan, &[MIA], Some(OPEN))[..],
            [Action::Depart { .. }]
        ));
    }

    #[test]
    fn one_note_however_often_it_is_told() {
        for begun in [Departure::Begun, Departure::Done] {
            assert_eq!(left(&in_state(begun), &[MIA], Some(OPEN)), []);
        }
    }

    #[test]
    fn a_closed_ticket_is_not_woken() {
        assert_eq!(
            left(&ticket(), &[MIA], Some(ARCHIVED)),
            [Action::NoteDeparture {
                ticket: ticket().id
            }]
        );
        assert_eq!(left(&ticket(), &[MIA], None), []);
    }

    #[test]
    fn an_owner_who_returned_can_leave_again() {
        for gone in [Departure::Begun, Departure::Done] {
            assert_eq!(
                joined(&in_state(gone), &[MIA]),
                [Action::NoteReturn {
                    ticket: ticket().id
                }]
            );
        }
        assert_eq!(joined(&ticket(), &[MIA]), []);
    }

    #[test]
    fn archiving_locks_with_a_note() {
        let locks = [Action::LockArchived {
            ticket: ticket().id,
            note: Text::Archived {},
        }];
        assert_eq!(archived(&ticket(), Some(ARCHIVED)), locks);
        // Re-opened by staff after the owner left, and archived again.
        assert_eq!(archived(&in_state(Departure::Done), Some(ARCHIVED)), locks);
    }

    #[test]
    fn what_needs_no_lock_is_only_remembered_once() {
        let locked = Thread {
            locked: true,
            ..ARCHIVED
        };
        let weak = Thread {
            can_lock: false,
            ..ARCHIVED
        };
        for thread in [locked, weak] {
            let closed = |locked| Ticket {
                closed: true,
                locked,
                ..ticket()
            };
            let noted = [Action::NoteClosed {
                ticket: ticket().id,
                locked: thread.locked,
            }];
            for so_far in [ticket(), closed(!thread.locked)] {
                assert_eq!(archived(&so_far, Some(thread)), noted, "{thread:?}");
            }
            let known = closed(thread.locked);
            assert_eq!(archived(&known, Some(thread)), [], "{thread:?}");
        }
    }

    #[test]
    fn nothing_is_done_to_an_open_or_a_departing_ticket() {
        let locked = Thread {
            locked: true,
            ..OPEN
        };
        for thread in [OPEN, locked] {
            assert_eq!(archived(&ticket(), Some(thread)), [], "{thread:?}");
        }
        assert_eq!(archived(&ticket(), None), []);
        assert_eq!(archived(&in_state(Departure::Begun), Some(ARCHIVED)), []);
    }

    #[test]
    fn a_reopened_ticket_stays_open_without_its_owner() {
        let id = ticket().id;
        let closed = |departure| Ticket {
            closed: true,
            ..in_state(departure)
        };
        let noted = Action::NoteReopened { ticket: id };
        assert_eq!(reopened(&ticket(), true), []);
        for (departure, is_gone) in [(Departure::Present, false), (Departure::Done, true)] {
            assert_eq!(
                reopened(&closed(departure), is_gone),
                std::slice::from_ref(&noted)
            );
        }
        assert_eq!(
            reopened(&closed(Departure::Present), true),
            [Action::NoteDeparture { ticket: id }, noted]
        );
    }

    #[test]
    fn what_is_deleted_is_forgotten() {
        assert_eq!(deleted(SUPPORT), [Action::ForgetChannel(SUPPORT)]);
    }
}
