//! What is due about the tickets that wait, and when.

use tickets::due::{Asked, Timers};
use tickets::setting::{CLOSE_IDLE, REMIND_OWNER, REMIND_STAFF, Setting};
use tickets::ticket::Phase;
use tickets::waiting::{Side, Waiting};
use tickets::{ChannelId, GuildId, InboxId, MessageId, Timestamp, UserId};

use super::sql::{Connection, Result, Row};
use super::ticket::ticket_inbox;
use super::{
    ButtonKind, TicketButton, button, execute, from_sql, optional_id, row, rows, ticket, to_sql,
    waiting,
};

/// What is stored of a ticket that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    pub waiting: Waiting,
    pub timers: Timers,
    /// Whether a due message is being sent. After a crash, the bot does not know whether it was sent.
    pub is_sending: bool,
    /// The message whose buttons ask the owner whether to close the ticket.
    pub prompt: Option<MessageId>,
    /// When to decide what is due.
    pub due: Option<Timestamp>,
}

/// A message that was due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notified {
    /// A message that asks the owner, with buttons.
    Owner,
    Staff,
    /// The message at the end of a snooze.
    Snoozer,
}

/// Whether a setting of an inbox decides what is due.
pub(super) fn is_timer(key: &str) -> bool {
    [REMIND_OWNER, CLOSE_IDLE, REMIND_STAFF]
        .iter()
        .any(|setting| setting.key() == key)
}

pub(super) fn find(conn: &Connection, ticket: ChannelId) -> Result<Option<Pending>> {
    let sql = "SELECT reminded_id, is_sending, prompt_id, asked_by, asked_name, asked_reason,
             close_at, snoozed_until, snoozed_by, due_at, for_staff, since_id, seen_id
         FROM waiting WHERE ticket_id = ?";
    row(conn, sql, [to_sql(ticket.0)], |row| {
        let asked_by = optional_id(row, 3)?;
        let asked = match asked_by {
            Some(by) => Some(Asked {
                by: UserId(by),
                name: row.get::<Option<String>>(4)?.unwrap_or_default(),
                reason: row.get::<Option<String>>(5)?.unwrap_or_default(),
                close_at: moment(row, 6)?,
            }),
            None => None,
        };
        Ok(Pending {
            waiting: waiting::read(row, 10)?,
            timers: Timers {
                reminded: optional_id(row, 0)?.map(MessageId),
                asked,
                counts_from: moment(row, 7)?,
                snoozed_by: optional_id(row, 8)?.map(UserId),
            },
            is_sending: row.get(1)?,
            prompt: optional_id(row, 2)?.map(MessageId),
            due: moment(row, 9)?,
        })
    })
}

fn moment(row: &Row<'_>, column: usize) -> Result<Option<Timestamp>> {
    Ok(row.get::<Option<i64>>(column)?.map(Timestamp))
}

/// The open tickets with something that may be due, the newest first.
pub(super) fn now(
    conn: &Connection,
    now: Timestamp,
    older_than: Option<ChannelId>,
    most: usize,
) -> Result<Vec<(GuildId, ChannelId)>> {
    let older_than = older_than.map_or(i64::MAX, |ticket| to_sql(ticket.0));
    rows(
        conn,
        "SELECT guild_id, ticket_id FROM waiting JOIN channel ON channel.id = ticket_id
         WHERE due_at <= ? AND ticket_id < ? AND guild_id IS NOT NULL
         ORDER BY ticket_id DESC LIMIT ?",
        [now.0, older_than, i64::try_from(most).unwrap_or(i64::MAX)],
        |row| {
            Ok((
                GuildId(from_sql(row.get(0)?)),
                ChannelId(from_sql(row.get(1)?)),
            ))
        },
    )
}

/// When something is due after this moment for the first time.
pub(super) fn first_after(conn: &Connection, now: Timestamp) -> Result<Option<Timestamp>> {
    let sql = "SELECT min(due_at) FROM waiting WHERE due_at > ?";
    let first = row(conn, sql, [now.0], |row| row.get::<Option<i64>>(0))?;
    Ok(first.flatten().map(Timestamp))
}

pub(super) fn set(conn: &Connection, ticket: ChannelId, at: Option<Timestamp>) -> Result<()> {
    let id = to_sql(ticket.0);
    if let Some(at) = at {
        let sql = "UPDATE waiting SET due_at = ? WHERE ticket_id = ?";
        return execute(conn, sql, [at.0, id]);
    }
    let sql = "UPDATE waiting SET due_at = NULL WHERE ticket_id = ? AND due_at IS NOT NULL";
    execute(conn, sql, [id])
}

/// Makes the timer decide soon what is due in a ticket, if anything can be due in it. If an older version
/// opened the ticket, nothing is known yet about whom it waits for, so the new row says that no message was
/// seen.
pub(super) fn wake(conn: &Connection, ticket: ChannelId) -> Result<()> {
    execute(
        conn,
        concat!(
            "INSERT INTO waiting (ticket_id, for_staff, since_id, seen_id, due_at)
             SELECT ticket.id, 0, ticket.id, 0, CASE WHEN EXISTS (
                     SELECT 1 FROM inbox_setting WHERE inbox_setting.inbox_id = ",
            ticket_inbox!(),
            "        AND key IN ('remind-owner', 'close-idle', 'remind-staff'))
                 THEN 0 END
             FROM ticket WHERE ticket.id = ?
             ON CONFLICT (ticket_id) DO UPDATE SET due_at = CASE
                 WHEN waiting.snoozed_by IS NOT NULL OR waiting.close_at IS NOT NULL THEN 0
                 ELSE excluded.due_at END"
        ),
        [to_sql(ticket.0)],
    )
}

/// The same for all open tickets of an inbox, whose settings have changed.
pub(super) fn wake_inbox(conn: &Connection, inbox: InboxId) -> Result<()> {
    execute(
        conn,
        "INSERT INTO waiting (ticket_id, for_staff, since_id, seen_id, due_at)
         SELECT id, 0, id, 0, 0 FROM ticket WHERE inbox_id = ? AND phase < ?
         ON CONFLICT (ticket_id) DO UPDATE SET due_at = 0",
        (to_sql(inbox.0), ticket::CLOSED),
    )
}

/// Clears the timers of a ticket that is closed.
pub(super) fn end(conn: &Connection, id: ChannelId, phase: Phase) -> Result<()> {
    match phase {
        Phase::Open | Phase::Closing(_) => Ok(()),
        Phase::Closed { .. } => execute(
            conn,
            "UPDATE waiting SET due_at = NULL, reminded_id = NULL, is_sending = 0,
                 prompt_id = NULL, asked_by = NULL, asked_name = NULL, asked_reason = NULL,
                 close_at = NULL, snoozed_until = NULL, snoozed_by = NULL
             WHERE ticket_id = ?",
            [to_sql(id.0)],
        ),
    }
}

/// Restarts the timers of a reopened ticket. Time before this moment does not count.
pub(super) fn begin_again(conn: &Connection, id: ChannelId, at: Timestamp) -> Result<()> {
    wake(conn, id)?;
    let sql = "UPDATE waiting SET snoozed_until = ? WHERE ticket_id = ?";
    execute(conn, sql, [at.0, to_sql(id.0)])
}

/// A message that is due is about to be sent.
pub(super) fn begin_sending(conn: &Connection, id: ChannelId) -> Result<()> {
    let sql = "UPDATE waiting SET is_sending = 1 WHERE ticket_id = ?";
    execute(conn, sql, [to_sql(id.0)])
}

/// Stores that a due message was sent.
pub(super) fn sent(
    conn: &Connection,
    id: ChannelId,
    message: MessageId,
    whom: Notified,
) -> Result<()> {
    ticket::set_own_message(conn, id, message)?;
    if whom == Notified::Owner {
        let button = TicketButton::shown(message, ButtonKind::Prompt);
        button::set(conn, id, button)?;
    }
    let message_id = to_sql(message.0);
    match whom {
        Notified::Owner => {
            let sql =
                "UPDATE waiting SET is_sending = 0, due_at = 0, reminded_id = ?1, prompt_id = ?1
                 WHERE ticket_id = ?2";
            execute(conn, sql, [message_id, to_sql(id.0)])
        }
        Notified::Staff => {
            let sql = "UPDATE waiting SET is_sending = 0, due_at = 0, reminded_id = ?1
                 WHERE ticket_id = ?2";
            execute(conn, sql, [message_id, to_sql(id.0)])
        }
        Notified::Snoozer => end_snooze(conn, id),
    }
}

/// Stores that a snooze has ended. `snoozed_until` stays, because time before the end does not count.
pub(super) fn end_snooze(conn: &Connection, id: ChannelId) -> Result<()> {
    let sql = "UPDATE waiting SET is_sending = 0, due_at = 0, snoozed_by = NULL
         WHERE ticket_id = ?";
    execute(conn, sql, [to_sql(id.0)])
}

/// Stores that a member has asked the owner with this message whether to close the ticket. The ticket now
/// waits for the owner.
pub(super) fn ask_close(
    conn: &Connection,
    id: ChannelId,
    prompt: MessageId,
    asked: &Asked,
) -> Result<()> {
    let now = Waiting {
        side: Side::Owner,
        since: prompt,
        seen: prompt,
    };
    waiting::set(conn, id, now)?;
    ticket::set_own_message(conn, id, prompt)?;
    let button = TicketButton::shown(prompt, ButtonKind::Prompt);
    button::set(conn, id, button)?;
    execute(
        conn,
        "UPDATE waiting SET due_at = 0, prompt_id = ?, asked_by = ?, asked_name = ?,
             asked_reason = ?, close_at = ?
         WHERE ticket_id = ?",
        (
            to_sql(prompt.0),
            to_sql(asked.by.0),
            &asked.name,
            &asked.reason,
            asked.close_at.map(|at| at.0),
            to_sql(id.0),
        ),
    )
}

/// Stores that no reminders are sent until this time. If an older version opened the ticket, it has no row
/// yet.
pub(super) fn snooze(conn: &Connection, id: ChannelId, until: Timestamp, by: UserId) -> Result<()> {
    execute(
        conn,
        "INSERT INTO waiting (ticket_id, for_staff, since_id, seen_id)
         SELECT id, 0, id, 0 FROM ticket WHERE id = ? ON CONFLICT (ticket_id) DO NOTHING",
        [to_sql(id.0)],
    )?;
    let sql =
        "UPDATE waiting SET due_at = 0, snoozed_until = ?, snoozed_by = ? WHERE ticket_id = ?";
    execute(conn, sql, [until.0, to_sql(by.0), to_sql(id.0)])
}
