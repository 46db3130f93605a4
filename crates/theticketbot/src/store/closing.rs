//! Who is closing a ticket through the bot. This is stored before the first call, so that the bot can finish
//! an interrupted closing, and so that only one of two members can begin to close a ticket.

use tickets::ticket::{ClosingRequest, Phase, Reason, State};
use tickets::{ChannelId, MessageId, UserId};

use super::sql::{Connection, Result};
use super::{execute, from_sql, notice, optional_id, row, ticket, to_sql};

/// The outcome of beginning to close a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClosingBegun {
    Begun,
    /// It is being closed already.
    Closing,
    /// The ticket is closed already. The member closed it, if somebody did so through the bot.
    Closed(Option<UserId>),
    /// There is no such ticket.
    NoTicket,
}

/// `after` is older than every message that the bot will send for this closing.
pub(super) fn begin(
    conn: &Connection,
    id: ChannelId,
    request: &ClosingRequest,
    after: MessageId,
) -> Result<ClosingBegun> {
    let Some(found) = ticket::find(conn, id)? else {
        return Ok(ClosingBegun::NoTicket);
    };
    match found.state.phase {
        Phase::Open => {}
        Phase::Closing(_) => return Ok(ClosingBegun::Closing),
        Phase::Closed { .. } => {
            let sql = "SELECT by_id FROM closing WHERE ticket_id = ?";
            let by = row(conn, sql, [to_sql(id.0)], |row| row.get(0))?;
            return Ok(ClosingBegun::Closed(by.map(|id| UserId(from_sql(id)))));
        }
    }
    execute(
        conn,
        "INSERT INTO closing (ticket_id, by_id, by_name, reason, remove_members, moved_to)
         VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (ticket_id) DO UPDATE SET by_id = excluded.by_id,
             by_name = excluded.by_name, reason = excluded.reason,
             remove_members = excluded.remove_members, moved_to = excluded.moved_to",
        (
            to_sql(id.0),
            to_sql(request.by.0),
            &request.name,
            &request.reason,
            request.remove_members,
            request.moved_to.map(|id| to_sql(id.0)),
        ),
    )?;
    let state = State {
        phase: Phase::Closing(Reason::Requested),
        ..found.state
    };
    let after = found.own_message.map_or(after, |known| known.max(after));
    ticket::set(conn, id, state, Some(after))?;
    Ok(ClosingBegun::Begun)
}

pub(super) fn find(conn: &Connection, id: ChannelId) -> Result<Option<ClosingRequest>> {
    let sql = "SELECT by_id, by_name, reason, remove_members, moved_to
         FROM closing WHERE ticket_id = ?";
    row(conn, sql, [to_sql(id.0)], |row| {
        Ok(ClosingRequest {
            by: UserId(from_sql(row.get(0)?)),
            name: row.get(1)?,
            reason: row.get(2)?,
            remove_members: row.get(3)?,
            moved_to: optional_id(row, 4)?.map(ChannelId),
        })
    })
}

/// Deletes what is no longer needed in this phase.
pub(super) fn end(conn: &Connection, id: ChannelId, phase: Phase) -> Result<()> {
    notice::follow(conn, id, phase)?;
    let sql = match phase {
        Phase::Open => "DELETE FROM closing WHERE ticket_id = ?",
        Phase::Closing(_) => return Ok(()),
        // If the ticket has a notice, the notice still needs the reason.
        Phase::Closed { .. } => {
            "UPDATE closing SET by_name = '', reason = '' WHERE ticket_id = ?1 AND by_name <> ''
             AND NOT EXISTS (SELECT 1 FROM notice WHERE notice.ticket_id = ?1)"
        }
    };
    execute(conn, sql, [to_sql(id.0)])
}
