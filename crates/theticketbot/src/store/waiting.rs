//! Whom each ticket waits for.

use tickets::waiting::{Side, Waiting};
use tickets::{ChannelId, GuildId, MessageId};

use super::sql::{Connection, Result, Row};
use super::{due, execute, from_sql, row, rows, to_sql};

pub(super) fn find(conn: &Connection, ticket: ChannelId) -> Result<Option<Waiting>> {
    let sql = "SELECT for_staff, since_id, seen_id FROM waiting WHERE ticket_id = ?";
    row(conn, sql, [to_sql(ticket.0)], |row| read(row, 0))
}

/// Whom the open tickets of a server wait for.
pub(super) fn open_in(conn: &Connection, guild: GuildId) -> Result<Vec<(ChannelId, Waiting)>> {
    rows(
        conn,
        "SELECT ticket.id, for_staff, since_id, seen_id FROM waiting
         JOIN ticket ON ticket.id = ticket_id JOIN channel ON channel.id = ticket_id
         WHERE guild_id = ? AND phase < 2",
        [to_sql(guild.0)],
        |row| Ok((ChannelId(from_sql(row.get(0)?)), read(row, 1)?)),
    )
}

/// Stores whom a ticket waits for, if the ticket exists.
pub(super) fn set(conn: &Connection, ticket: ChannelId, waiting: Waiting) -> Result<()> {
    // Earlier reminders and questions belong to the previous wait.
    execute(
        conn,
        "UPDATE waiting SET reminded_id = NULL, is_sending = 0, prompt_id = NULL, asked_by = NULL,
             asked_name = NULL, asked_reason = NULL, close_at = NULL
         WHERE ticket_id = ? AND since_id <> ?",
        [to_sql(ticket.0), to_sql(waiting.since.0)],
    )?;
    execute(
        conn,
        "INSERT INTO waiting (ticket_id, for_staff, since_id, seen_id)
         SELECT ?1, ?2, ?3, ?4 WHERE EXISTS (SELECT 1 FROM ticket WHERE id = ?1)
         ON CONFLICT (ticket_id) DO UPDATE SET for_staff = excluded.for_staff,
             since_id = excluded.since_id, seen_id = excluded.seen_id",
        (
            to_sql(ticket.0),
            waiting.side == Side::Staff,
            to_sql(waiting.since.0),
            to_sql(waiting.seen.0),
        ),
    )?;
    due::wake(conn, ticket)
}

/// Stores that every message up to this one has been handled.
pub(super) fn see(conn: &Connection, ticket: ChannelId, message: MessageId) -> Result<()> {
    let sql = "UPDATE waiting SET seen_id = ?1 WHERE ticket_id = ?2 AND seen_id < ?1";
    execute(conn, sql, [to_sql(message.0), to_sql(ticket.0)])
}

/// Reads it from the columns `for_staff`, `since_id` and `seen_id`, of which this is the first.
pub(super) fn read(row: &Row<'_>, from: usize) -> Result<Waiting> {
    let for_staff = row.get(from)?;
    Ok(Waiting {
        side: if for_staff { Side::Staff } else { Side::Owner },
        since: MessageId(from_sql(row.get(from + 1)?)),
        seen: MessageId(from_sql(row.get(from + 2)?)),
    })
}
