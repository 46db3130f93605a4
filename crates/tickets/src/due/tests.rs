use super::*;
use crate::ticket::{Phase, State};
use crate::{ChannelId, GuildId, InboxId};

const HOUR: i64 = 60 * 60 * 1000;
const DAY: i64 = 24 * HOUR;
const START: Timestamp = Timestamp(1_800_000_000_000);
const MAX: UserId = UserId(21);

fn ticket(presence: Presence) -> Ticket {
    Ticket {
        id: ChannelId(START.snowflake()),
        guild: GuildId(1),
        inbox: Some(InboxId(2)),
        owner: Some(UserId(20)),
        state: State {
            presence,
            phase: Phase::Open,
        },
        own_message: None,
        claimed_by: None,
        hidden_since: None,
        is_alone: false,
    }
}

/// The id of something that was created this long after the start.
fn after(millis: i64) -> MessageId {
    MessageId(at(millis).snowflake())
}

fn at(millis: i64) -> Timestamp {
    START.plus(millis)
}

fn waits(side: Side) -> Waiting {
    Waiting {
        side,
        since: after(0),
        seen: after(0),
    }
}

const ALL: Times = Times {
    remind_owner: DAY,
    close_idle: 3 * DAY,
    remind_staff: 2 * HOUR,
};

/// What is due this long after the start, in a ticket without newer messages.
fn due(side: Side, timers: &Timers, limits: Times, now: i64) -> Next {
    let ticket = ticket(Presence::Present);
    next(&ticket, waits(side), None, timers, limits, at(now))
}

fn reminded(millis: i64) -> Timers {
    Timers {
        reminded: Some(after(millis)),
        ..Timers::default()
    }
}

fn asked(close_at: Option<i64>) -> Timers {
    let asked = Asked {
        by: MAX,
        name: "Max".into(),
        reason: String::new(),
        close_at: close_at.map(at),
    };
    Timers {
        asked: Some(asked),
        ..Timers::default()
    }
}

fn snoozed(until: i64, by: Option<UserId>) -> Timers {
    Timers {
        counts_from: Some(at(until)),
        snoozed_by: by,
        ..Timers::default()
    }
}

#[test]
fn without_settings_nothing_is_due() {
    assert!(Times::default().is_off() && !ALL.is_off());
    for side in [Side::Owner, Side::Staff] {
        let none = Timers::default();
        assert_eq!(due(side, &none, Times::default(), 900 * DAY), Next::Never);
    }
}

#[test]
fn the_owner_is_reminded_once_and_then_it_is_closed() {
    let none = Timers::default();
    assert_eq!(due(Side::Owner, &none, ALL, 0), Next::At(at(DAY)));
    assert_eq!(due(Side::Owner, &none, ALL, DAY - 1), Next::At(at(DAY)));
    let remind = Action::RemindOwner {
        close_at: Some(at(3 * DAY)),
    };
    assert_eq!(due(Side::Owner, &none, ALL, DAY), Next::Now(remind));
    let reminded = reminded(DAY);
    assert_eq!(due(Side::Owner, &reminded, ALL, DAY), Next::At(at(3 * DAY)));
    assert_eq!(
        due(Side::Owner, &reminded, ALL, 3 * DAY),
        Next::Now(Action::CloseIdle)
    );
}

#[test]
fn a_late_reminder_leaves_the_owner_as_much_time() {
    let remind = Action::RemindOwner {
        close_at: Some(at(12 * DAY)),
    };
    let none = Timers::default();
    assert_eq!(due(Side::Owner, &none, ALL, 10 * DAY), Next::Now(remind));
    let late = reminded(10 * DAY);
    assert_eq!(
        due(Side::Owner, &late, ALL, 11 * DAY),
        Next::At(at(12 * DAY))
    );
}

#[test]
fn only_a_reminder_closes_nothing() {
    let limits = Times {
        close_idle: 0,
        ..ALL
    };
    let remind = Action::RemindOwner { close_at: None };
    assert_eq!(
        due(Side::Owner, &Timers::default(), limits, DAY),
        Next::Now(remind)
    );
    assert_eq!(
        due(Side::Owner, &reminded(DAY), limits, 900 * DAY),
        Next::Never
    );
}

#[test]
fn without_a_reminder_it_is_closed_at_its_time() {
    for remind_owner in [0, 3 * DAY, 5 * DAY] {
        let limits = Times {
            remind_owner,
            ..ALL
        };
        let none = Timers::default();
        assert_eq!(due(Side::Owner, &none, limits, 0), Next::At(at(3 * DAY)));
        let due = due(Side::Owner, &none, limits, 3 * DAY);
        assert_eq!(due, Next::Now(Action::CloseIdle), "{remind_owner}");
    }
}

#[test]
fn a_reminder_that_was_switched_off_meanwhile_closes_at_the_same_time() {
    let limits = Times {
        remind_owner: 0,
        ..ALL
    };
    assert_eq!(
        due(Side::Owner, &reminded(DAY), limits, 2 * DAY),
        Next::At(at(3 * DAY))
    );
}

#[test]
fn the_time_counts_from_the_newest_message_of_staff() {
    let ticket = ticket(Presence::Present);
    let written = Some(after(2 * DAY));
    let waiting = waits(Side::Owner);
    let next = |now| next(&ticket, waiting, written, &Timers::default(), ALL, at(now));
    assert_eq!(next(DAY), Next::At(at(3 * DAY)));
    let close_at = Some(at(5 * DAY));
    assert_eq!(next(3 * DAY), Next::Now(Action::RemindOwner { close_at }));
}

#[test]
fn what_waits_for_staff_is_never_closed() {
    let none = Timers::default();
    assert_eq!(due(Side::Staff, &none, ALL, HOUR), Next::At(at(2 * HOUR)));
    assert_eq!(
        due(Side::Staff, &none, ALL, 900 * DAY),
        Next::Now(Action::RemindStaff)
    );
    assert_eq!(
        due(Side::Staff, &reminded(2 * HOUR), ALL, 900 * DAY),
        Next::Never
    );
    let limits = Times {
        remind_staff: 0,
        ..ALL
    };
    assert_eq!(due(Side::Staff, &none, limits, 900 * DAY), Next::Never);
}

/// The time of staff counts from the first unanswered message.
#[test]
fn more_messages_of_the_owner_do_not_delay_the_reminder_of_staff() {
    let ticket = ticket(Presence::Present);
    let written = Some(after(HOUR));
    let waiting = waits(Side::Staff);
    let next = next(&ticket, waiting, written, &Timers::default(), ALL, at(HOUR));
    assert_eq!(next, Next::At(at(2 * HOUR)));
}

#[test]
fn an_owner_who_is_not_there_is_not_waited_for() {
    for ticket in [
        ticket(Presence::Gone),
        Ticket {
            owner: None,
            ..ticket(Presence::Present)
        },
    ] {
        let waiting = waits(Side::Owner);
        let next = next(
            &ticket,
            waiting,
            None,
            &Timers::default(),
            ALL,
            at(900 * DAY),
        );
        assert_eq!(next, Next::Never);
    }
}

#[test]
fn a_snooze_delays_everything_and_ends_with_a_ping() {
    for side in [Side::Owner, Side::Staff] {
        let timers = snoozed(5 * DAY, Some(MAX));
        let mut last = due(side, &timers, Times::default(), DAY);
        assert_eq!(last, Next::At(at(5 * DAY)), "also without settings");
        last = due(side, &timers, ALL, 4 * DAY);
        assert_eq!(last, Next::At(at(5 * DAY)));
        let end = Next::Now(Action::EndSnooze { by: MAX });
        assert_eq!(due(side, &timers, ALL, 5 * DAY), end);
    }
    // After the snooze, time counts from its end.
    let ended = snoozed(5 * DAY, None);
    assert_eq!(
        due(Side::Owner, &ended, ALL, 5 * DAY),
        Next::At(at(6 * DAY))
    );
    let staff = due(Side::Staff, &ended, ALL, 5 * DAY);
    assert_eq!(staff, Next::At(at(5 * DAY + 2 * HOUR)));
    assert_eq!(
        due(Side::Staff, &ended, Times::default(), 9 * DAY),
        Next::Never
    );
}

#[test]
fn whoever_asks_to_close_it_replaces_the_reminder() {
    let limits = Times {
        close_idle: 0,
        ..ALL
    };
    let open = asked(None);
    assert_eq!(due(Side::Owner, &open, limits, 900 * DAY), Next::Never);
    let idle = due(Side::Owner, &open, ALL, 3 * DAY);
    assert_eq!(idle, Next::Now(Action::CloseIdle));
    let soon = asked(Some(HOUR));
    assert_eq!(due(Side::Owner, &soon, ALL, 0), Next::At(at(HOUR)));
    let closes = Next::Now(Action::CloseAsked);
    assert_eq!(due(Side::Owner, &soon, ALL, HOUR), closes);
    assert_eq!(due(Side::Owner, &soon, Times::default(), HOUR), closes);
    // If staff named a later time than the setting, the earlier one counts.
    let late = asked(Some(9 * DAY));
    assert_eq!(due(Side::Owner, &late, ALL, 0), Next::At(at(3 * DAY)));
}

/// For each stored state: what is due later becomes due exactly at the returned moment.
#[test]
fn the_moment_that_is_named_is_the_one() {
    let stored = [
        Timers::default(),
        reminded(DAY),
        asked(None),
        asked(Some(2 * DAY)),
        snoozed(2 * DAY, Some(MAX)),
        snoozed(2 * DAY, None),
    ];
    for timers in &stored {
        for side in [Side::Owner, Side::Staff] {
            for limits in [Times::default(), ALL] {
                let Next::At(moment) = due(side, timers, limits, 0) else {
                    continue;
                };
                let then = moment.since(START);
                let now = due(side, timers, limits, then);
                assert!(matches!(now, Next::Now(_)), "{timers:?} {side:?} {now:?}");
                let before = due(side, timers, limits, then - 1);
                assert_eq!(before, Next::At(moment), "{timers:?} {side:?}");
            }
        }
    }
}

/// Discord's clock decides. If it is set back, due actions are delayed; if it jumps ahead, nothing is repeated.
#[test]
fn a_clock_that_jumps_repeats_nothing() {
    for (side, action) in [
        (Side::Owner, Action::CloseIdle),
        (Side::Staff, Action::RemindStaff),
    ] {
        let none = Timers::default();
        let before = due(side, &none, ALL, -4 * DAY);
        assert!(matches!(before, Next::At(due) if due > at(0)), "{before:?}");
        // The clock was ahead at the reminder, and was then corrected.
        let done = due(side, &reminded(4 * DAY), ALL, 0);
        assert_ne!(done, Next::Now(action), "{side:?}");
    }
    // The owner's time counts from the reminder, by the same clock.
    let closes = due(Side::Owner, &reminded(4 * DAY), ALL, 0);
    assert_eq!(closes, Next::At(at(6 * DAY)));
}
