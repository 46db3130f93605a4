//! The notices of tickets. What a notice should show follows from the ticket's row and from its closing. The
//! database also stores what the notice shows at present.

use tickets::notice::{CLOSED as SHOWN_CLOSED, Notice, Standing};
use tickets::ticket::{ClosingRequest, Phase, Reason};
use tickets::{ChannelId, GuildId, InboxId, MessageId, UserId};

use super::sql::{Connection, Result, Row};
use super::ticket::{CLOSED, ticket_inbox};
use super::{changed, execute, from_sql, optional_id, row, rows, to_sql, waiting};

/// A new ticket is to have a notice in this channel.
pub(super) fn begin(
    conn: &Connection,
    ticket: ChannelId,
    channel: ChannelId,
    joined: Option<UserId>,
) -> Result<()> {
    execute(
        conn,
        "INSERT INTO notice (ticket_id, guild_id, channel_id, joined_by, closed_as)
         SELECT ticket.id, channel.guild_id, ?2, ?3, ticket.closing_reason
         FROM ticket JOIN channel ON channel.id = ticket.id
         WHERE ticket.id = ?1 AND channel.guild_id IS NOT NULL
         ON CONFLICT (ticket_id) DO NOTHING",
        (
            to_sql(ticket.0),
            to_sql(channel.0),
            joined.map(|id| to_sql(id.0)),
        ),
    )
}

pub(super) fn find(conn: &Connection, ticket: ChannelId) -> Result<Option<Notice>> {
    let sql = concat_notice!("WHERE notice.ticket_id = ?");
    row(conn, sql, [to_sql(ticket.0)], read)
}

pub(super) fn of_message(conn: &Connection, message: MessageId) -> Result<Option<Notice>> {
    let sql = concat_notice!("WHERE notice.message_id = ?");
    row(conn, sql, [to_sql(message.0)], read)
}

/// The notices in a channel that may have to be posted or changed, now or later. A notice that already shows
/// its ticket as closed is finished, and left out.
pub(super) fn unfinished_in(conn: &Connection, channel: ChannelId) -> Result<Vec<Notice>> {
    let sql = concat_notice!(
        "WHERE notice.channel_id = ?1
         AND (phase IS NULL OR phase < ?2 OR shown IS NULL OR shown <> ?3)
         ORDER BY notice.ticket_id"
    );
    rows(conn, sql, (to_sql(channel.0), CLOSED, SHOWN_CLOSED), read)
}

/// The channels that have unfinished notices, in one server or in all.
pub(super) fn unfinished(
    conn: &Connection,
    guild: Option<GuildId>,
) -> Result<Vec<(GuildId, ChannelId)>> {
    let read = |row: &Row<'_>| {
        let guild = GuildId(from_sql(row.get(0)?));
        Ok((guild, ChannelId(from_sql(row.get(1)?))))
    };
    match guild {
        None => {
            let sql = concat_channels!("");
            rows(conn, sql, (CLOSED, SHOWN_CLOSED), read)
        }
        Some(guild) => {
            let sql = concat_channels!("AND notice.guild_id = ?3");
            rows(conn, sql, (CLOSED, SHOWN_CLOSED, to_sql(guild.0)), read)
        }
    }
}

/// The channels of unfinished notices, and the given end of the statement.
macro_rules! concat_channels {
    ($end:literal) => {
        concat!(
            "SELECT DISTINCT notice.guild_id, notice.channel_id FROM notice
             LEFT JOIN ticket ON ticket.id = notice.ticket_id
             WHERE (phase IS NULL OR phase < ?1 OR shown IS NULL OR shown <> ?2) ",
            $end
        )
    };
}
use concat_channels;

/// Stores which message in this channel is the notice, and what it shows. Returns false if the notice is no
/// longer in this channel, because the ticket was transferred.
pub(super) fn set(
    conn: &Connection,
    ticket: ChannelId,
    channel: ChannelId,
    message: MessageId,
    shown: &str,
) -> Result<bool> {
    let is_there = 0 < changed(
        conn,
        "UPDATE notice SET message_id = ?3, shown = ?4 WHERE ticket_id = ?1 AND channel_id = ?2",
        (
            to_sql(ticket.0),
            to_sql(channel.0),
            to_sql(message.0),
            shown,
        ),
    )?;
    if is_there && shown == SHOWN_CLOSED {
        forget_reason(conn, ticket)?;
    }
    Ok(is_there)
}

/// Updates the notice of a transferred ticket: it must show the new inbox, and may move to another channel. None
/// of the new staff is known to have joined.
pub(super) fn transfer(
    conn: &Connection,
    ticket: ChannelId,
    channel: Option<ChannelId>,
) -> Result<()> {
    let key = to_sql(ticket.0);
    if let Some(channel) = channel {
        begin(conn, ticket, channel, None)?;
        let sql = "UPDATE notice SET channel_id = ?2, message_id = NULL
             WHERE ticket_id = ?1 AND channel_id <> ?2";
        execute(conn, sql, [key, to_sql(channel.0)])?;
    }
    let sql = "UPDATE notice SET shown = NULL, joined_by = NULL WHERE ticket_id = ?";
    execute(conn, sql, [key])
}

/// Stores who joined a ticket first.
pub(super) fn join(conn: &Connection, ticket: ChannelId, by: UserId) -> Result<()> {
    let sql = "UPDATE notice SET joined_by = ? WHERE ticket_id = ? AND joined_by IS NULL";
    execute(conn, sql, [to_sql(by.0), to_sql(ticket.0)])
}

/// A ticket's notice is gone, or cannot be posted: the ticket no longer has one.
pub(super) fn forget(conn: &Connection, ticket: ChannelId) -> Result<()> {
    execute(
        conn,
        "DELETE FROM notice WHERE ticket_id = ?",
        [to_sql(ticket.0)],
    )?;
    forget_reason(conn, ticket)
}

/// Forgets all notices in a channel.
pub(super) fn forget_in(conn: &Connection, channel: ChannelId) -> Result<()> {
    let sql = "SELECT ticket_id FROM notice WHERE channel_id = ?";
    let tickets = rows(conn, sql, [to_sql(channel.0)], |row| row.get(0))?;
    for ticket in tickets {
        forget(conn, ChannelId(from_sql(ticket)))?;
    }
    Ok(())
}

/// Forgets the notice that has this message, if there is one.
pub(super) fn forget_message(conn: &Connection, message: MessageId) -> Result<()> {
    let sql = "SELECT ticket_id FROM notice WHERE message_id = ?";
    let ticket = row(conn, sql, [to_sql(message.0)], |row| row.get(0))?;
    match ticket {
        Some(ticket) => forget(conn, ChannelId(from_sql(ticket))),
        None => Ok(()),
    }
}

/// Updates a notice for a new phase of its ticket. It stores the reason of the closing, because a closed
/// ticket does not. When the ticket is open again, the notice must be edited, even if it already shows the
/// ticket as closed.
pub(super) fn follow(conn: &Connection, ticket: ChannelId, phase: Phase) -> Result<()> {
    let key = to_sql(ticket.0);
    match phase {
        Phase::Open => {
            let sql = "UPDATE notice SET closed_as = NULL, shown = NULL WHERE ticket_id = ?1
                 AND (closed_as IS NOT NULL OR shown = ?2)";
            execute(conn, sql, (key, SHOWN_CLOSED))?;
        }
        Phase::Closing(reason) => {
            let sql = "UPDATE notice SET closed_as = ? WHERE ticket_id = ?";
            execute(conn, sql, (reason.key(), key))?;
        }
        Phase::Closed { .. } => {}
    }
    Ok(())
}

/// Deletes the reason of a closing. It is no longer needed once the notice shows it, or if there is no
/// notice.
fn forget_reason(conn: &Connection, ticket: ChannelId) -> Result<()> {
    let sql = "UPDATE closing SET by_name = '', reason = '' WHERE ticket_id = ?1 AND by_name <> ''
         AND EXISTS (SELECT 1 FROM ticket WHERE ticket.id = ?1 AND phase >= ?2)";
    execute(conn, sql, [to_sql(ticket.0), CLOSED])
}

/// The columns that [`read`] wants, and the given end of the statement.
macro_rules! concat_notice {
    ($end:literal) => {
        concat!(
            "SELECT notice.ticket_id, notice.guild_id, notice.channel_id, notice.message_id,
                 joined_by, shown, closed_as, ticket.id, ",
            ticket_inbox!(),
            ", owner_id, phase, claimed_by,
                 by_id, by_name, closing.reason, remove_members, for_staff, since_id, seen_id,
                 moved_to
             FROM notice LEFT JOIN ticket ON ticket.id = notice.ticket_id
             LEFT JOIN closing ON closing.ticket_id = notice.ticket_id
             LEFT JOIN waiting ON waiting.ticket_id = notice.ticket_id ",
            $end
        )
    };
}
use concat_notice;

fn read(row: &Row<'_>) -> Result<Notice> {
    let is_there = optional_id(row, 7)?.is_some();
    let phase: Option<i64> = row.get(10)?;
    let closed_as: Option<String> = row.get(6)?;
    let request = match optional_id(row, 12)? {
        None => None,
        Some(by) => Some(ClosingRequest {
            by: UserId(by),
            name: row.get(13)?,
            reason: row.get(14)?,
            remove_members: row.get(15)?,
            moved_to: optional_id(row, 19)?.map(ChannelId),
        }),
    };
    let standing = if !is_there {
        Standing::Deleted
    } else if phase.is_some_and(|phase| phase >= CLOSED) {
        let reason = closed_as.as_deref().and_then(Reason::of_key);
        Standing::Closed(reason.unwrap_or(Reason::Archived), request)
    } else {
        Standing::Open
    };
    Ok(Notice {
        ticket: ChannelId(from_sql(row.get(0)?)),
        guild: GuildId(from_sql(row.get(1)?)),
        channel: ChannelId(from_sql(row.get(2)?)),
        message: optional_id(row, 3)?.map(MessageId),
        joined: optional_id(row, 4)?.map(UserId),
        shown: row.get(5)?,
        inbox: optional_id(row, 8)?.map(InboxId),
        owner: optional_id(row, 9)?.map(UserId),
        claimed: optional_id(row, 11)?.map(UserId),
        waiting: match optional_id(row, 17)? {
            Some(_) => Some(waiting::read(row, 16)?),
            None => None,
        },
        standing,
    })
}
