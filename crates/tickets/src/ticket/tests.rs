use super::*;
use crate::decide::examples::{MIA, ticket as stored};

const HIDDEN: Thread = Thread {
    archived: true,
    locked: false,
    can_lock: true,
};

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
const NOTE: MessageId = MessageId(77);

/// The same thread for a bot without Manage Threads.
fn weak(thread: Thread) -> Thread {
    Thread {
        can_lock: false,
        ..thread
    }
}

fn state(presence: Presence, phase: Phase) -> State {
    State { presence, phase }
}

fn ticket(presence: Presence, phase: Phase) -> Ticket {
    Ticket {
        state: state(presence, phase),
        ..stored()
    }
}

fn seen(thread: Thread, owner: Owner) -> Observed {
    Observed {
        found: Found::There(thread),
        owner,
        unrecorded: None,
        request: None,
    }
}

fn closing(effect: Option<Effect>) -> Closing {
    match effect {
        Some(Effect::Close(closing)) => closing,
        other => panic!("expected a closing, not {other:?}"),
    }
}

const OUT: Owner = Owner::Out { was_in: false };
const REMOVED: Owner = Owner::Out { was_in: true };

#[test]
fn an_owner_is_present_only_after_discord_said_so() {
    let invited = ticket(Presence::Invited, Phase::Open);
    assert_eq!(reconcile(&invited, &seen(OPEN, OUT)), None);
    assert_eq!(
        reconcile(&invited, &seen(OPEN, Owner::In)),
        Some(Effect::Store(state(Presence::Present, Phase::Open)))
    );
    // An owner who has left the server can never join.
    let left = closing(reconcile(&invited, &seen(OPEN, Owner::LeftServer)));
    assert_eq!(left.reason, Reason::OwnerLeft);
}

#[test]
fn an_owner_who_left_closes_the_ticket() {
    let present = ticket(Presence::Present, Phase::Open);
    for owner in [OUT, REMOVED, Owner::LeftServer] {
        assert_eq!(
            closing(reconcile(&present, &seen(OPEN, owner))),
            Closing {
                reason: Reason::OwnerLeft,
                note: Some(Text::OwnerLeftLocked { owner: MIA }),
                noted: None,
                wake: false,
                lock: true,
                is_locked: false,
                presence: Presence::Gone,
                request: None,
            }
        );
    }
    let unlocked = closing(reconcile(&present, &seen(weak(OPEN), OUT)));
    assert_eq!(unlocked.note, Some(Text::OwnerLeft { owner: MIA }));
    assert!(!unlocked.lock);
    assert_eq!(reconcile(&present, &seen(OPEN, Owner::In)), None);
    assert_eq!(reconcile(&present, &seen(OPEN, Owner::Unknown)), None);
}

#[test]
fn a_ticket_that_staff_keeps_open_without_its_owner_stays_open() {
    let kept = ticket(Presence::Gone, Phase::Open);
    for owner in [OUT, Owner::LeftServer, Owner::Unknown] {
        assert_eq!(reconcile(&kept, &seen(OPEN, owner)), None, "{owner:?}");
    }
    // The owner was brought back, and removed again.
    assert_eq!(
        closing(reconcile(&kept, &seen(OPEN, REMOVED))).reason,
        Reason::OwnerLeft
    );
}

#[test]
fn archiving_locks_with_a_note_where_the_bot_may() {
    let open = ticket(Presence::Present, Phase::Open);
    assert_eq!(
        closing(reconcile(&open, &seen(ARCHIVED, Owner::Unknown))),
        Closing {
            reason: Reason::Archived,
            note: Some(Text::Archived {}),
            noted: None,
            wake: false,
            lock: true,
            is_locked: false,
            presence: Presence::Present,
            request: None,
        }
    );
    for (thread, locked) in [(LOCKED, true), (weak(ARCHIVED), false)] {
        assert_eq!(
            reconcile(&open, &seen(thread, Owner::Unknown)),
            Some(Effect::Store(state(
                Presence::Present,
                Phase::Closed { locked }
            )))
        );
    }
}

#[test]
fn a_closed_ticket_is_let_be_unless_its_lock_was_taken_away() {
    let closed = |locked| ticket(Presence::Present, Phase::Closed { locked });
    let unknown = Owner::Unknown;
    assert_eq!(reconcile(&closed(true), &seen(LOCKED, unknown)), None);
    // A permission that the bot gets later does not wake the thread.
    assert_eq!(reconcile(&closed(false), &seen(ARCHIVED, unknown)), None);
    assert_eq!(
        reconcile(&closed(false), &seen(LOCKED, unknown)),
        Some(Effect::Store(closed(true).state))
    );
    assert_eq!(
        closing(reconcile(&closed(true), &seen(ARCHIVED, unknown))).reason,
        Reason::Archived
    );
    assert_eq!(
        reconcile(&closed(true), &seen(weak(ARCHIVED), unknown)),
        Some(Effect::Store(closed(false).state))
    );
}

#[test]
fn a_reopened_ticket_is_open_with_or_without_its_owner() {
    let closed = ticket(Presence::Present, Phase::Closed { locked: true });
    for (owner, presence) in [
        (Owner::In, Presence::Present),
        (OUT, Presence::Gone),
        (Owner::LeftServer, Presence::Gone),
        (Owner::Unknown, Presence::Present),
    ] {
        assert_eq!(
            reconcile(&closed, &seen(OPEN, owner)),
            Some(Effect::Store(state(presence, Phase::Open))),
            "{owner:?}"
        );
    }
}

#[test]
fn an_interrupted_closing_is_finished_with_one_note() {
    let left = ticket(Presence::Present, Phase::Closing(Reason::OwnerLeft));
    let again = closing(reconcile(&left, &seen(OPEN, OUT)));
    assert_eq!(again.note, Some(Text::OwnerLeftLocked { owner: MIA }));
    let noted = Observed {
        unrecorded: Some(NOTE),
        ..seen(OPEN, OUT)
    };
    let again = closing(reconcile(&left, &noted));
    assert_eq!(
        (again.note, again.noted, again.wake),
        (None, Some(NOTE), false)
    );
    // Somebody archived the thread in the meantime, so the bot must wake it to lock it.
    let archived = Observed {
        found: Found::There(ARCHIVED),
        ..noted.clone()
    };
    assert!(closing(reconcile(&left, &archived)).wake);
    let closed = |locked| state(Presence::Gone, Phase::Closed { locked });
    let locked = reconcile(&left, &seen(LOCKED, OUT));
    assert_eq!(locked, Some(Effect::Store(closed(true))));
    // Without a lock, nothing is left to do but the note, which wakes the thread.
    let weak_and_noted = Observed {
        found: Found::There(weak(ARCHIVED)),
        ..noted.clone()
    };
    let ended = reconcile(&left, &weak_and_noted);
    assert_eq!(ended, Some(Effect::Store(closed(false))));
    let again = closing(reconcile(&left, &seen(weak(ARCHIVED), OUT)));
    assert_eq!(again.note, Some(Text::OwnerLeft { owner: MIA }));
    assert!(!again.wake);
    // Somebody brought the owner back before the closing was finished.
    assert_eq!(
        reconcile(&left, &seen(OPEN, Owner::In)),
        Some(Effect::Store(state(Presence::Present, Phase::Open)))
    );
}

#[test]
fn an_interrupted_locking_is_finished() {
    let locking = ticket(Presence::Present, Phase::Closing(Reason::Archived));
    for thread in [OPEN, ARCHIVED] {
        let again = closing(reconcile(&locking, &seen(thread, Owner::Unknown)));
        assert_eq!(again.note, Some(Text::Archived {}));
        assert_eq!(again.presence, Presence::Present);
    }
    assert_eq!(
        reconcile(&locking, &seen(LOCKED, Owner::Unknown)),
        Some(Effect::Store(state(
            Presence::Present,
            Phase::Closed { locked: true }
        )))
    );
    // The bot lost the permission to lock while the thread was awake.
    let weaker = closing(reconcile(&locking, &seen(weak(OPEN), Owner::Unknown)));
    assert!(!weaker.lock && !weaker.wake);
}

#[test]
fn without_the_bot_a_ticket_is_closed() {
    let gone = |can_archive| Observed {
        found: Found::Removed {
            can_archive,
            lock: can_archive,
        },
        owner: Owner::Unknown,
        unrecorded: None,
        request: None,
    };
    let open = ticket(Presence::Present, Phase::Open);
    assert_eq!(
        reconcile(&open, &gone(false)),
        Some(Effect::Store(state(
            Presence::Present,
            Phase::Closed { locked: false }
        )))
    );
    let silent = closing(reconcile(&open, &gone(true)));
    assert_eq!((silent.reason, silent.note), (Reason::BotRemoved, None));
    let closed = ticket(Presence::Present, Phase::Closed { locked: false });
    assert_eq!(reconcile(&closed, &gone(true)), None);
}

#[test]
fn what_cannot_be_viewed_is_neither_closed_nor_gone() {
    let observed = |found| Observed {
        found,
        owner: Owner::Unknown,
        unrecorded: None,
        request: None,
    };
    for phase in [
        Phase::Open,
        Phase::Closing(Reason::OwnerLeft),
        Phase::Closed { locked: true },
    ] {
        let ticket = ticket(Presence::Present, phase);
        assert_eq!(reconcile(&ticket, &observed(Found::Hidden)), None);
        assert_eq!(reconcile(&ticket, &observed(Found::Idle(HIDDEN))), None);
        assert_eq!(
            reconcile(&ticket, &observed(Found::Gone)),
            Some(Effect::Forget)
        );
    }
}

#[test]
fn discord_is_asked_only_for_what_matters() {
    let open = ticket(Presence::Present, Phase::Open);
    let asks = |ticket: &Ticket, thread, hint| needs(ticket, thread, hint);
    assert!(asks(&open, OPEN, Hint::None).owner);
    for hint in [
        Hint::OwnerJoined,
        Hint::OwnerRemoved,
        Hint::Thread {
            archived: false,
            locked: false,
            is_idle: false,
            parent: None,
        },
    ] {
        assert_eq!(asks(&open, OPEN, hint), Needs::default(), "{hint:?}");
    }
    assert_eq!(asks(&open, ARCHIVED, Hint::None), Needs::default());
    let closed = ticket(Presence::Present, Phase::Closed { locked: true });
    let reopened = Hint::Thread {
        archived: false,
        locked: true,
        is_idle: false,
        parent: None,
    };
    assert!(asks(&closed, OPEN, reopened).owner);
    let left = ticket(Presence::Present, Phase::Closing(Reason::OwnerLeft));
    let both = asks(&left, OPEN, Hint::None);
    assert!(both.owner && both.note);
    let unowned = Ticket {
        owner: None,
        ..open
    };
    assert!(!asks(&unowned, OPEN, Hint::None).owner);
}

#[test]
fn reasons_have_names() {
    for (reason, key) in Reason::ALL {
        assert_eq!(reason.key(), key);
        assert_eq!(Reason::of_key(key), Some(reason));
    }
    assert_eq!(Reason::of_key("bored"), None);
}

#[test]
fn a_stray_thread_is_deleted_only_if_it_is_known_to_be_empty() {
    let found = |starter: Option<MessageId>, can_read, is_written_in| {
        stray(Stray {
            starter,
            mentioned: starter.map(|_| MIA),
            can_read,
            is_written_in,
        })
    };
    let adopt = |owner, starter| StrayEffect::Adopt { owner, starter };
    for is_written_in in [false, true] {
        let adopted = adopt(Some(MIA), Some(NOTE));
        assert_eq!(found(Some(NOTE), true, is_written_in), adopted);
    }
    assert_eq!(found(None, true, false), StrayEffect::Delete);
    assert_eq!(found(None, true, true), adopt(None, None));
    assert_eq!(found(None, false, false), StrayEffect::Leave);
}

/// The ticket and what is observed of it once an effect has been applied.
fn applied(effect: &Effect, before: &Ticket, seen: &Observed) -> (Ticket, Observed) {
    let (state, found) = match effect {
        Effect::Forget => panic!("Discord has not said that the thread is gone"),
        Effect::Store(state) => (*state, seen.found),
        Effect::Close(closing) => {
            let locked = closing.lock || closing.is_locked;
            let found = match seen.found {
                Found::There(thread) | Found::Idle(thread) => Found::There(Thread {
                    archived: true,
                    locked,
                    ..thread
                }),
                found => found,
            };
            (state(closing.presence, Phase::Closed { locked }), found)
        }
    };
    let owner = match seen.owner {
        Owner::Out { .. } => OUT,
        owner => owner,
    };
    // With the closing, the request and the note are recorded.
    let closes = matches!(state.phase, Phase::Closed { .. });
    let after = Observed {
        found,
        owner,
        unrecorded: seen.unrecorded.filter(|_| !closes),
        request: seen.request.clone().filter(|_| !closes),
    };
    (Ticket { state, ..*before }, after)
}

/// Every stored state of a ticket, with and without an owner.
fn all_tickets() -> impl Iterator<Item = Ticket> {
    let phases = [
        Phase::Open,
        Phase::Closing(Reason::OwnerLeft),
        Phase::Closing(Reason::Archived),
        Phase::Closing(Reason::BotRemoved),
        Phase::Closing(Reason::Requested),
        Phase::Closing(Reason::NoAnswer),
        Phase::Closed { locked: false },
        Phase::Closed { locked: true },
    ];
    let presences = [Presence::Invited, Presence::Present, Presence::Gone];
    presences.into_iter().flat_map(move |presence| {
        phases.into_iter().flat_map(move |phase| {
            let owned = ticket(presence, phase);
            [
                owned,
                Ticket {
                    owner: None,
                    ..owned
                },
            ]
        })
    })
}

/// Everything that can be observed of a thread that is not gone.
fn all_found() -> impl Iterator<Item = Found> {
    let bits = [false, true];
    let pairs = bits.into_iter().flat_map(move |a| bits.map(|b| (a, b)));
    let hidden = pairs
        .clone()
        .map(|(can_archive, lock)| Found::Removed { can_archive, lock });
    let there = pairs.flat_map(move |(archived, locked)| {
        bits.map(|can_lock| Thread {
            archived,
            locked,
            can_lock,
        })
    });
    let idle = there
        .clone()
        .filter(|thread| thread.archived)
        .map(Found::Idle);
    hidden
        .chain(there.map(Found::There))
        .chain(idle)
        .chain([Found::Hidden])
}

/// For each stored and observed state: after the effect, nothing more is to be done.
#[test]
fn every_effect_leads_to_rest() {
    let owners = [Owner::In, OUT, REMOVED, Owner::LeftServer, Owner::Unknown];
    let mut cases = 0;
    for before in all_tickets() {
        for found in all_found() {
            for owner in owners {
                for (unrecorded, request) in [
                    (None, None),
                    (Some(NOTE), None),
                    (None, Some(request(false))),
                    (Some(NOTE), Some(request(true))),
                ] {
                    let observed = Observed {
                        found,
                        owner,
                        unrecorded,
                        request,
                    };
                    let Some(effect) = reconcile(&before, &observed) else {
                        continue;
                    };
                    cases += 1;
                    let (mut after, seen) = applied(&effect, &before, &observed);
                    let mut rest = reconcile(&after, &seen);
                    // The first effect was about the thread; only now, what was seen of the owner counts.
                    if let Some(Effect::Store(learnt)) = rest
                        && learnt.phase == after.state.phase
                    {
                        after.state = learnt;
                        rest = reconcile(&after, &seen);
                    }
                    assert_eq!(
                        rest, None,
                        "{before:?} {observed:?} {effect:?} -> {after:?}"
                    );
                }
            }
        }
    }
    assert!(cases > 1000, "{cases}");
}

fn request(remove_members: bool) -> ClosingRequest {
    ClosingRequest {
        by: UserId(21),
        name: "Max".into(),
        reason: "It works".into(),
        remove_members,
        moved_to: None,
    }
}

#[test]
fn a_requested_closing_has_one_note() {
    let requested = ticket(Presence::Present, Phase::Closing(Reason::Requested));
    let seen_with = |thread, noted, remove| Observed {
        unrecorded: noted,
        request: Some(request(remove)),
        ..seen(thread, Owner::Unknown)
    };
    // The response to the command was the note.
    let answered = closing(reconcile(&requested, &seen_with(OPEN, Some(NOTE), false)));
    assert_eq!((answered.note, answered.noted), (None, Some(NOTE)));
    assert_eq!(answered.presence, Presence::Present);
    // There was no response, so the note is still to be sent.
    let silent = closing(reconcile(&requested, &seen_with(OPEN, None, false)));
    assert_eq!(silent.note, Some(request(false).note()));
    // Staff archived the thread in the meantime, so nothing is left to do.
    let done = reconcile(&requested, &seen_with(LOCKED, Some(NOTE), false));
    assert_eq!(
        done,
        Some(Effect::Store(state(
            Presence::Present,
            Phase::Closed { locked: true }
        )))
    );
    for thread in [ARCHIVED, weak(ARCHIVED)] {
        let again = closing(reconcile(&requested, &seen_with(thread, Some(NOTE), true)));
        assert!(again.wake && again.request.is_some_and(|it| it.remove_members));
    }
    // If the owner leaves in the meantime, nothing changes.
    let left = Observed {
        owner: REMOVED,
        ..seen_with(OPEN, Some(NOTE), false)
    };
    let left = closing(reconcile(&requested, &left));
    assert_eq!((left.reason, left.note), (Reason::Requested, None));
    assert_eq!(left.presence, Presence::Gone);
}

#[test]
fn what_is_told_of_a_note_is_not_asked_for() {
    let requested = ticket(Presence::Present, Phase::Closing(Reason::Requested));
    let asks = |hint| needs(&requested, OPEN, hint);
    let all = Needs {
        owner: false,
        note: true,
        request: true,
    };
    assert_eq!(asks(Hint::None), all);
    assert_eq!(asks(Hint::Noted(NOTE)), Needs { note: false, ..all });
    assert_eq!(told_of_note(Hint::Noted(NOTE)), Some(NOTE));
    assert_eq!(told_of_note(Hint::OwnerJoined), None);
}

#[test]
fn an_inbox_can_have_its_tickets_only_archived() {
    let open = ticket(Presence::Present, Phase::Open);
    let thread = |archived| {
        Found::There(Thread {
            archived,
            locked: false,
            can_lock: true,
        })
    };
    let seen = |found: Found, owner| Observed {
        found: found.without_lock(),
        owner,
        unrecorded: None,
        request: None,
    };
    // Staff archived the thread: the bot sends no message and does not lock it.
    assert_eq!(
        reconcile(&open, &seen(thread(true), Owner::Unknown)),
        Some(Effect::Store(State {
            presence: Presence::Present,
            phase: Phase::Closed { locked: false },
        }))
    );
    // The owner left: the note does not mention a lock.
    let left = reconcile(&open, &seen(thread(false), Owner::Out { was_in: true }));
    let Some(Effect::Close(closing)) = left else {
        panic!("it is closed, not {left:?}")
    };
    assert!(!closing.lock);
    assert!(matches!(closing.note, Some(Text::OwnerLeft { .. })));
    let removed = Found::Removed {
        can_archive: true,
        lock: true,
    };
    let Some(Effect::Close(closing)) = reconcile(&open, &seen(removed, Owner::Unknown)) else {
        panic!("it is closed")
    };
    assert!(!closing.lock);
    for found in [Found::Gone, Found::Hidden] {
        assert_eq!(found.without_lock(), found);
    }
}

#[test]
fn a_hidden_ticket_is_closed_when_its_owner_has_left() {
    let seen = |owner| Observed {
        found: Found::Idle(HIDDEN),
        owner,
        unrecorded: None,
        request: None,
    };
    let open = ticket(Presence::Present, Phase::Open);
    for owner in [Owner::Out { was_in: false }, Owner::LeftServer] {
        let closing = closing(reconcile(&open, &seen(owner)));
        assert_eq!(closing.reason, Reason::OwnerLeft);
        assert!(closing.note.is_some() && closing.lock);
    }
    for owner in [Owner::In, Owner::Unknown] {
        assert_eq!(reconcile(&open, &seen(owner)), None);
    }
    // Staff reopened the ticket without its owner.
    let kept = ticket(Presence::Gone, Phase::Open);
    assert_eq!(reconcile(&kept, &seen(Owner::LeftServer)), None);
    let shut = ticket(Presence::Present, Phase::Closed { locked: false });
    assert_eq!(reconcile(&shut, &seen(Owner::LeftServer)), None);
}

#[test]
fn a_ticket_without_an_answer_is_closed_with_one_note() {
    let idle = ticket(Presence::Present, Phase::Closing(Reason::NoAnswer));
    assert!(needs(&idle, OPEN, Hint::None).note);
    let first = closing(reconcile(&idle, &seen(OPEN, Owner::Unknown)));
    assert_eq!(first.note, Some(Text::ClosedWithoutAnswer {}));
    assert!(first.lock && !first.wake);
    let noted = Observed {
        unrecorded: Some(NOTE),
        ..seen(OPEN, Owner::Unknown)
    };
    let again = closing(reconcile(&idle, &noted));
    assert_eq!((again.note, again.noted), (None, Some(NOTE)));
    // Discord has hidden the thread, and the note wakes it.
    for hidden in [ARCHIVED, weak(ARCHIVED)] {
        let woken = closing(reconcile(&idle, &seen(hidden, Owner::Unknown)));
        assert_eq!(woken.note, Some(Text::ClosedWithoutAnswer {}));
    }
}

#[test]
fn a_thread_that_discords_timer_has_archived_is_told_from_others() {
    const MINUTE: i64 = 60_000;
    let start = Timestamp(1_800_000_000_000);
    let thread = ChannelId(start.snowflake());
    let last = Some(MessageId(start.plus(5 * MINUTE).snowflake()));
    let by_timer =
        |last, after: i64| is_archived_by_timer(thread, last, 60, start.plus(after * MINUTE));
    assert!(by_timer(last, 65) && by_timer(last, 66));
    // Somebody archived the thread before the timer would.
    assert!(!by_timer(last, 64) && !by_timer(last, 5));
    assert!(by_timer(None, 60) && !by_timer(None, 59));
}

#[test]
fn whoever_was_mentioned_and_can_view_the_channel_was_in_it() {
    let at = |seconds: i64| Timestamp(seconds * 1000);
    let invited = |sent: Option<Timestamp>, can_view| Invited { at: sent, can_view };
    for (invitation, was_in) in [
        (invited(None, true), Some(false)),
        (invited(Some(at(5)), false), Some(false)),
        (invited(Some(at(5)), true), Some(true)),
        // Discord may be about to add them.
        (invited(Some(at(6)), true), None),
    ] {
        assert_eq!(invitation.was_in(at(65)), was_in, "{invitation:?}");
    }
}
