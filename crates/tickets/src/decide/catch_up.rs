//! A ticket that nobody watched for a while: what happened to it is concluded from how it is found,
//! and answered as if it had been seen.

use super::departure::{self, Thread};
use crate::action::Action;
use crate::stored::{Departure, Ticket};
use crate::text::Text;

/// How a ticket is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// Discord says that there is no such thread.
    Gone,
    There {
        thread: Thread,
        owner: Owner,
        /// Whether the note about the owner's leaving is there. Matters only if the answer to
        /// that was interrupted.
        noted: bool,
    },
}

/// Whether the owner is in the thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    There,
    /// They were invited and are not there, or they are not in the server.
    Gone,
    /// They were never invited, or it does not matter.
    Unknown,
}

/// What is to be done for a ticket that was found so.
pub fn ticket(ticket: &Ticket, found: Found) -> Vec<Action> {
    let Found::There {
        thread,
        owner,
        noted,
    } = found
    else {
        return departure::deleted(ticket.id);
    };
    if ticket.departure == Departure::Begun {
        if owner == Owner::There && !thread.archived {
            // Somebody has brought them back: it is to stay open.
            return vec![Action::NoteReturn { ticket: ticket.id }];
        }
        return interrupted(ticket, thread, noted);
    }
    let left = |ticket| {
        let users: Vec<_> = ticket_owner(ticket, owner).into_iter().collect();
        departure::left(ticket, &users, Some(thread))
    };
    if ticket.closing && !(thread.archived && thread.locked) && thread.can_lock {
        // Locking it was interrupted, perhaps while it was awake for that.
        let departed = (owner == Owner::Gone && ticket.departure == Departure::Present)
            .then_some(Action::NoteDeparture { ticket: ticket.id });
        let locked = Action::LockArchived {
            ticket: ticket.id,
            note: Text::Archived {},
        };
        return departed.into_iter().chain([locked]).collect();
    }
    if thread.archived {
        let mut actions = left(ticket);
        // One that was closed without a lock, perhaps for want of a permission, is as it was.
        let is_as_before = ticket.closed && !ticket.locked && !thread.locked;
        if !is_as_before {
            actions.extend(departure::archived(ticket, Some(thread)));
        }
        return actions;
    }
    let returned = owner == Owner::There && ticket.departure == Departure::Done;
    let returned = returned.then_some(Action::NoteReturn { ticket: ticket.id });
    let happened = if ticket.closed {
        departure::reopened(ticket, owner == Owner::Gone)
    } else {
        left(ticket)
    };
    returned.into_iter().chain(happened).collect()
}

/// The owner, if they are gone.
fn ticket_owner(ticket: &Ticket, owner: Owner) -> Option<crate::UserId> {
    ticket.owner.filter(|_| owner == Owner::Gone)
}

/// The owner's leaving was being answered when that was interrupted.
fn interrupted(ticket: &Ticket, thread: Thread, noted: bool) -> Vec<Action> {
    let lock = thread.can_lock;
    let note = ticket
        .owner
        .filter(|_| !noted)
        .map(|owner| departure::note(owner, lock));
    let ended = Action::EndDeparture {
        ticket: ticket.id,
        locked: thread.locked,
    };
    if !thread.archived {
        return vec![Action::FinishDeparture {
            ticket: ticket.id,
            note,
            lock,
        }];
    }
    if thread.locked || !lock {
        return vec![ended];
    }
    // Somebody else archived it. To lock it, it must be woken, which a note does.
    let note = note.unwrap_or(Text::Archived {});
    let locked = Action::LockArchived {
        ticket: ticket.id,
        note,
    };
    vec![locked, ended]
}

#[cfg(test)]
mod tests {
    use super::super::examples::{MIA, ticket as present};
    use super::*;

    const OPEN: Thread = Thread {
        archived: false,
        locked: false,
        can_lock: true,
    };
    const ARCHIVED: Thread = Thread {
        archived: true,
        ..OPEN
    };
    const LOCKED: Thread = Thread {
        locked: true,
        ..ARCHIVED
    };
    const WEAK: Thread = Thread {
        can_lock: false,
        ..ARCHIVED
    };

    fn there(thread: Thread, owner: Owner) -> Found {
        Found::There {
            thread,
            owner,
            noted: false,
        }
    }

    fn in_state(departure: Departure, closed: bool) -> Ticket {
        Ticket {
            departure,
            closed,
            ..present()
        }
    }

    #[test]
    fn a_locking_that_was_interrupted_is_done() {
        let closing = Ticket {
            closing: true,
            ..present()
        };
        let locked = Action::LockArchived {
            ticket: closing.id,
            note: Text::Archived {},
        };
        for thread in [OPEN, ARCHIVED] {
            assert_eq!(
                ticket(&closing, there(thread, Owner::There)),
                std::slice::from_ref(&locked)
            );
        }
        let left = Action::NoteDeparture { ticket: closing.id };
        assert_eq!(ticket(&closing, there(OPEN, Owner::Gone)), [left, locked]);
        let noted = Action::NoteClosed {
            ticket: closing.id,
            locked: true,
        };
        assert_eq!(ticket(&closing, there(LOCKED, Owner::There)), [noted]);
    }

    #[test]
    fn nothing_happened_nothing_is_done() {
        use Departure::{Done, Present};
        let locked = |departure| Ticket {
            locked: true,
            ..in_state(departure, true)
        };
        for (ticket_so_far, thread, owner) in [
            (in_state(Present, false), OPEN, Owner::There),
            (in_state(Present, false), OPEN, Owner::Unknown),
            (in_state(Done, false), OPEN, Owner::Gone),
            (locked(Present), LOCKED, Owner::There),
            (in_state(Present, true), WEAK, Owner::There),
            (in_state(Present, true), ARCHIVED, Owner::There),
            (locked(Done), LOCKED, Owner::Gone),
        ] {
            let found = there(thread, owner);
            assert_eq!(ticket(&ticket_so_far, found), [], "{found:?}");
        }
    }

    #[test]
    fn a_thread_that_is_gone_is_forgotten() {
        for departure in [Departure::Present, Departure::Begun, Departure::Done] {
            assert_eq!(
                ticket(&in_state(departure, false), Found::Gone),
                [Action::ForgetChannel(present().id)]
            );
        }
    }

    #[test]
    fn an_owner_who_left_is_answered_like_one_who_leaves() {
        assert_eq!(
            ticket(&present(), there(OPEN, Owner::Gone)),
            departure::left(&present(), &[MIA], Some(OPEN))
        );
        let orphan = Ticket {
            owner: None,
            ..present()
        };
        assert_eq!(ticket(&orphan, there(OPEN, Owner::Gone)), []);
    }

    #[test]
    fn an_archived_ticket_gets_one_note_and_a_lock() {
        let id = present().id;
        let locks = Action::LockArchived {
            ticket: id,
            note: Text::Archived {},
        };
        assert_eq!(
            ticket(&present(), there(ARCHIVED, Owner::There)),
            std::slice::from_ref(&locks)
        );
        assert_eq!(
            ticket(&present(), there(ARCHIVED, Owner::Gone)),
            [Action::NoteDeparture { ticket: id }, locks]
        );
        for thread in [LOCKED, WEAK] {
            assert_eq!(
                ticket(&present(), there(thread, Owner::There)),
                [Action::NoteClosed {
                    ticket: id,
                    locked: thread.locked
                }]
            );
        }
    }

    #[test]
    fn a_closed_ticket_that_lost_its_lock_was_reopened_and_archived_again() {
        let locks = Action::LockArchived {
            ticket: present().id,
            note: Text::Archived {},
        };
        let closed = |locked| Ticket {
            locked,
            ..in_state(Departure::Done, true)
        };
        let found = there(ARCHIVED, Owner::Unknown);
        assert_eq!(ticket(&closed(true), found), [locks]);
        // This one had none, and nothing tells that it was ever open again.
        assert_eq!(ticket(&closed(false), found), []);
    }

    #[test]
    fn a_reopened_ticket_stays_open() {
        let id = present().id;
        let reopened = Action::NoteReopened { ticket: id };
        let closed = in_state(Departure::Present, true);
        assert_eq!(
            ticket(&closed, there(OPEN, Owner::There)),
            std::slice::from_ref(&reopened)
        );
        assert_eq!(
            ticket(&closed, there(OPEN, Owner::Gone)),
            [Action::NoteDeparture { ticket: id }, reopened.clone()]
        );
        assert_eq!(
            ticket(&in_state(Departure::Done, true), there(OPEN, Owner::There)),
            [Action::NoteReturn { ticket: id }, reopened]
        );
    }

    #[test]
    fn who_was_brought_back_before_the_answer_was_finished_has_not_left() {
        let begun = in_state(Departure::Begun, false);
        for noted in [false, true] {
            let found = |thread| Found::There {
                thread,
                owner: Owner::There,
                noted,
            };
            let returned = Action::NoteReturn { ticket: begun.id };
            assert_eq!(ticket(&begun, found(OPEN)), [returned]);
            let ended = Action::EndDeparture {
                ticket: begun.id,
                locked: true,
            };
            assert_eq!(ticket(&begun, found(LOCKED)), [ended], "that was meant");
        }
    }

    #[test]
    fn an_interrupted_answer_is_finished_with_one_note() {
        let begun = in_state(Departure::Begun, false);
        let id = begun.id;
        let found = |thread, noted| Found::There {
            thread,
            owner: Owner::Gone,
            noted,
        };
        let finish = |note| Action::FinishDeparture {
            ticket: id,
            note,
            lock: true,
        };
        let note = Text::OwnerLeftLocked { owner: MIA };
        let ended = |locked| Action::EndDeparture { ticket: id, locked };
        assert_eq!(
            ticket(&begun, found(OPEN, false)),
            [finish(Some(note.clone()))]
        );
        assert_eq!(ticket(&begun, found(OPEN, true)), [finish(None)]);
        for thread in [LOCKED, WEAK] {
            assert_eq!(ticket(&begun, found(thread, true)), [ended(thread.locked)]);
        }
        assert_eq!(
            ticket(&begun, found(ARCHIVED, false)),
            [Action::LockArchived { ticket: id, note }, ended(false)]
        );
    }
}
