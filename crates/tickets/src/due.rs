//! What is due about a ticket that waits: reminders, closing without an answer, the end of a snooze.
//!
//! A timer alone does nothing. [`next`] decides from the stored state whether something is due now, when to
//! decide again, or that nothing will be due.

use serde::{Deserialize, Serialize};

use crate::setting::{CLOSE_IDLE, REMIND_OWNER, REMIND_STAFF, Settings};
use crate::ticket::{Presence, Ticket};
use crate::waiting::{Side, Waiting};
use crate::{MessageId, Timestamp, UserId};

/// The times in an inbox's settings, in milliseconds; 0 for never.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Times {
    pub remind_owner: i64,
    pub close_idle: i64,
    pub remind_staff: i64,
}

impl Times {
    /// The times in these settings.
    pub fn of(settings: &Settings) -> Self {
        let [remind_owner, close_idle, remind_staff] =
            [REMIND_OWNER, CLOSE_IDLE, REMIND_STAFF].map(|period| settings.get(period) * 1000);
        Self {
            remind_owner,
            close_idle,
            remind_staff,
        }
    }

    /// Whether owners should be reminded, but their tickets are closed before that.
    pub fn closes_unreminded(self) -> bool {
        self.remind_owner > 0 && self.close_idle > 0 && self.remind_owner >= self.close_idle
    }

    /// Whether no time is set, so that nothing can become due.
    pub fn is_off(self) -> bool {
        self == Self::default()
    }
}

/// What is stored about a ticket's timers, besides whom it waits for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timers {
    /// The reminder that was sent during the current wait.
    pub reminded: Option<MessageId>,
    /// Staff have asked the owner whether to close the ticket.
    pub asked: Option<Asked>,
    /// Only the time after this moment counts: the end of a snooze, or when the ticket was reopened.
    pub counts_from: Option<Timestamp>,
    /// Whom to notify at `counts_from`, if a snooze ends then.
    pub snoozed_by: Option<UserId>,
}

/// Who asked the owner whether to close a ticket, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    pub by: UserId,
    /// Their display name in that server.
    pub name: String,
    /// The reason that they wrote; may be empty.
    pub reason: String,
    /// When the ticket is closed without a response.
    pub close_at: Option<Timestamp>,
}

/// Something that is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Ask the owner whether they still need help. Without an answer, the ticket is closed at `close_at`.
    RemindOwner { close_at: Option<Timestamp> },
    /// Close it, because the owner does not answer.
    CloseIdle,
    /// Close it, because the owner has not answered the question of staff.
    CloseAsked,
    /// Remind staff.
    RemindStaff,
    /// Notify the member of the staff who snoozed it.
    EndSnooze { by: UserId },
}

/// What to do about a ticket's timers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    Now(Action),
    /// Decide again at this moment.
    At(Timestamp),
    Never,
}

/// What is due at `now`. `written` is the newest message of the side that wrote last, if known.
pub fn next(
    ticket: &Ticket,
    waiting: Waiting,
    written: Option<MessageId>,
    timers: &Timers,
    limits: Times,
    now: Timestamp,
) -> Next {
    let all = [
        end_of_snooze(timers),
        closing_asked_for(timers),
        match waiting.side {
            Side::Owner if !can_answer(ticket) => None,
            Side::Owner => owner(waiting, written, timers, limits, now),
            Side::Staff => staff(waiting, timers, limits),
        },
    ];
    let earliest = all.into_iter().flatten().min_by_key(|(at, _)| *at);
    match earliest {
        Some((at, action)) if at <= now => Next::Now(action),
        Some((at, _)) => Next::At(at),
        None => Next::Never,
    }
}

/// The bot does not wait for an owner who is not in the ticket, because staff keep it open without them.
fn can_answer(ticket: &Ticket) -> bool {
    ticket.owner.is_some() && ticket.state.presence != Presence::Gone
}

type Due = Option<(Timestamp, Action)>;

fn end_of_snooze(timers: &Timers) -> Due {
    let by = timers.snoozed_by?;
    Some((timers.counts_from?, Action::EndSnooze { by }))
}

fn closing_asked_for(timers: &Timers) -> Due {
    Some((timers.asked.as_ref()?.close_at?, Action::CloseAsked))
}

/// The moment from which time counts.
fn from(message: MessageId, timers: &Timers) -> Timestamp {
    let written = message.created_at();
    timers.counts_from.map_or(written, |from| from.max(written))
}

fn owner(
    waiting: Waiting,
    written: Option<MessageId>,
    timers: &Timers,
    limits: Times,
    now: Timestamp,
) -> Due {
    let Times {
        remind_owner,
        close_idle,
        ..
    } = limits;
    let idle = from(waiting.since.max(written.unwrap_or(waiting.since)), timers);
    let closes = close_idle > 0;
    // The owner has this long after the reminder, even if the reminder was late.
    let grace = close_idle - remind_owner;
    let reminds = remind_owner > 0 && !limits.closes_unreminded();
    if let Some(reminder) = timers.reminded {
        let after_reminder = from(reminder, timers).plus(if reminds { grace } else { 0 });
        let close_at = after_reminder.max(idle.plus(close_idle));
        return closes.then_some((close_at, Action::CloseIdle));
    }
    // If staff have asked to close the ticket, the owner needs no other reminder.
    if reminds && timers.asked.is_none() {
        let remind_at = idle.plus(remind_owner);
        let close_at = closes.then(|| idle.plus(close_idle).max(now.plus(grace)));
        return Some((remind_at, Action::RemindOwner { close_at }));
    }
    closes.then_some((idle.plus(close_idle), Action::CloseIdle))
}

fn staff(waiting: Waiting, timers: &Timers, limits: Times) -> Due {
    if limits.remind_staff <= 0 || timers.reminded.is_some() {
        return None;
    }
    let remind_at = from(waiting.since, timers).plus(limits.remind_staff);
    Some((remind_at, Action::RemindStaff))
}

#[cfg(test)]
mod tests;
