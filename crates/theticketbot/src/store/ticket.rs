//! Tickets and their state.

use tickets::ticket::{Phase, Presence, Reason, State, Ticket};
use tickets::{ChannelId, GuildId, InboxId, MessageId, Timestamp, UserId};

use super::sql::{Connection, Result, Row};
use super::{
    closing, due, execute, exists, from_sql, journal, optional_id, parents, row, rows, to_sql,
};

/// What must be checked in a server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unsettled {
    /// The tickets that are not closed, and the closed ones whose threads are active, newest first.
    pub tickets: Vec<ChannelId>,
    /// The bot's own threads that are no tickets and not in the journal.
    pub strangers: Vec<ChannelId>,
}

pub(super) fn find(conn: &Connection, id: ChannelId) -> Result<Option<Ticket>> {
    let sql = concat_ticket!("WHERE ticket.id = ?");
    row(conn, sql, [to_sql(id.0)], read)
}

pub(super) fn all_of(conn: &Connection, guild: GuildId, owner: UserId) -> Result<Vec<Ticket>> {
    let sql = concat_ticket!("WHERE owner_id = ? AND guild_id = ? ORDER BY ticket.id DESC");
    rows(conn, sql, [to_sql(owner.0), to_sql(guild.0)], read)
}

/// How many tickets were opened in an inbox lately.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opened {
    pub inbox: InboxId,
    pub week: i64,
    pub month: i64,
}

pub(super) fn open_in(conn: &Connection, guild: GuildId) -> Result<Vec<Ticket>> {
    let sql = concat_ticket!("WHERE guild_id = ? AND phase < 2 ORDER BY ticket.id");
    rows(conn, sql, [to_sql(guild.0)], read)
}

/// The closed tickets of a server, the newest first.
pub(super) fn newest_closed(conn: &Connection, guild: GuildId, most: usize) -> Result<Vec<Ticket>> {
    let sql = concat_ticket!("WHERE guild_id = ? AND phase >= ? ORDER BY ticket.id DESC LIMIT ?");
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    rows(conn, sql, (to_sql(guild.0), CLOSED, most), read)
}

/// Counts the tickets that were opened since these times. The id of a ticket contains the time when it was
/// opened.
pub(super) fn opened_since(
    conn: &Connection,
    guild: GuildId,
    week: Timestamp,
    month: Timestamp,
) -> Result<Vec<Opened>> {
    rows(
        conn,
        "SELECT inbox_id, sum(ticket.id >= ?2), count(*)
         FROM ticket JOIN channel ON channel.id = ticket.id
         WHERE guild_id = ?1 AND ticket.id >= ?3 AND inbox_id IS NOT NULL GROUP BY inbox_id",
        [
            to_sql(guild.0),
            to_sql(week.snowflake()),
            to_sql(month.snowflake()),
        ],
        |row| {
            Ok(Opened {
                inbox: InboxId(from_sql(row.get(0)?)),
                week: row.get(1)?,
                month: row.get(2)?,
            })
        },
    )
}

pub(super) fn set(
    conn: &Connection,
    id: ChannelId,
    state: State,
    own_message: Option<MessageId>,
) -> Result<()> {
    closing::end(conn, id, state.phase)?;
    due::end(conn, id, state.phase)?;
    let (presence, phase, reason) = columns(state);
    execute(
        conn,
        "UPDATE ticket SET presence = ?1, phase = ?2, closing_reason = ?3,
             own_message_id = coalesce(?4, own_message_id)
         WHERE id = ?5 AND (presence <> ?1 OR phase <> ?2
             OR coalesce(closing_reason, '') <> coalesce(?3, '')
             OR coalesce(own_message_id, 0) <> coalesce(?4, own_message_id, 0))",
        (
            presence,
            phase,
            reason,
            own_message.map(|id| to_sql(id.0)),
            to_sql(id.0),
        ),
    )
}

/// Stores the state of a ticket, unless its phase is no longer the one that was read.
pub(super) fn change(
    conn: &Connection,
    id: ChannelId,
    was: Phase,
    state: State,
    own_message: Option<MessageId>,
) -> Result<bool> {
    let now = find(conn, id)?.map(|ticket| ticket.state.phase);
    if now != Some(was) {
        return Ok(false);
    }
    set(conn, id, state, own_message)?;
    Ok(true)
}

/// A closed ticket was reopened at this moment.
pub(super) fn reopen(
    conn: &Connection,
    id: ChannelId,
    presence: Presence,
    own_message: Option<MessageId>,
    at: Timestamp,
) -> Result<()> {
    let phase = Phase::Open;
    set(conn, id, State { presence, phase }, own_message)?;
    due::begin_again(conn, id, at)
}

/// Writes a ticket with its parents, if it is not there.
pub(super) fn insert(conn: &Connection, ticket: &Ticket) -> Result<()> {
    parents::add_channel(conn, ticket.id, ticket.guild)?;
    if let Some(owner) = ticket.owner {
        parents::add_member(conn, owner, ticket.guild)?;
    }
    let (presence, phase, reason) = columns(ticket.state);
    execute(
        conn,
        "INSERT INTO ticket
             (id, inbox_id, owner_id, presence, phase, closing_reason, own_message_id,
             of_inbox_id)
         VALUES (?1, (SELECT id FROM inbox WHERE id = ?2), ?3, ?4, ?5, ?6, ?7, ?2)
         ON CONFLICT (id) DO NOTHING",
        (
            to_sql(ticket.id.0),
            ticket.inbox.map(|id| to_sql(id.0)),
            ticket.owner.map(|id| to_sql(id.0)),
            presence,
            phase,
            reason,
            ticket.own_message.map(|id| to_sql(id.0)),
        ),
    )
}

/// Transfers a ticket to another inbox.
pub(super) fn transfer(conn: &Connection, id: ChannelId, inbox: InboxId) -> Result<()> {
    let sql = "UPDATE ticket SET inbox_id = ?1, is_alone = NULL WHERE id = ?2
         AND EXISTS (SELECT 1 FROM inbox WHERE inbox.id = ?1)";
    execute(conn, sql, [to_sql(inbox.0), to_sql(id.0)])?;
    // The new staff have not been reminded yet.
    let sql = "UPDATE waiting SET reminded_id = NULL WHERE ticket_id = ? AND for_staff = 1";
    execute(conn, sql, [to_sql(id.0)])?;
    due::wake(conn, id)
}

/// Stores who has claimed a ticket.
pub(super) fn claim(conn: &Connection, id: ChannelId, by: Option<UserId>) -> Result<()> {
    let ticket = to_sql(id.0);
    if let Some(by) = by {
        let sql = "UPDATE ticket SET claimed_by = ?1
             WHERE id = ?2 AND (claimed_by IS NULL OR claimed_by <> ?1)";
        return execute(conn, sql, [to_sql(by.0), ticket]);
    }
    let sql = "UPDATE ticket SET claimed_by = NULL WHERE id = ? AND claimed_by IS NOT NULL";
    execute(conn, sql, [ticket])
}

/// Ends the claims of a member who has left the server. Returns the tickets that are open.
pub(super) fn end_claims(
    conn: &Connection,
    guild: GuildId,
    holder: UserId,
) -> Result<Vec<ChannelId>> {
    let of_holder = [to_sql(guild.0), to_sql(holder.0)];
    let sql = "SELECT ticket.id FROM ticket JOIN channel ON channel.id = ticket.id
         WHERE guild_id = ? AND claimed_by = ? AND phase < ?";
    let open = (of_holder[0], of_holder[1], CLOSED);
    let open = rows(conn, sql, open, |row| Ok(ChannelId(from_sql(row.get(0)?))))?;
    let sql = "UPDATE ticket SET claimed_by = NULL
         WHERE claimed_by = ?2 AND id IN (SELECT id FROM channel WHERE guild_id = ?1)";
    execute(conn, sql, of_holder)?;
    Ok(open)
}

/// Stores since when the bot cannot view a ticket; `None` means that it can. An earlier time that is stored
/// stays.
pub(super) fn set_hidden(conn: &Connection, id: ChannelId, since: Option<Timestamp>) -> Result<()> {
    let ticket = to_sql(id.0);
    if let Some(since) = since {
        let sql = "UPDATE ticket SET hidden_since = ? WHERE id = ? AND hidden_since IS NULL";
        return execute(conn, sql, [since.0, ticket]);
    }
    let sql = "UPDATE ticket SET hidden_since = NULL WHERE id = ? AND hidden_since IS NOT NULL";
    execute(conn, sql, [ticket])
}

/// What `is_alone` holds: nothing, or one of these.
const ALONE: i64 = 1;
const AWAITS_STAFF: i64 = 2;

/// Stores that it is still unknown whether anybody but the owner joins a new ticket.
pub(super) fn await_staff(conn: &Connection, id: ChannelId) -> Result<()> {
    let sql = "UPDATE ticket SET is_alone = ? WHERE id = ?";
    execute(conn, sql, [AWAITS_STAFF, to_sql(id.0)])
}

/// The open tickets for which it is still unknown whether anybody but the owner joins.
pub(super) fn awaiting_staff(conn: &Connection) -> Result<Vec<(GuildId, ChannelId)>> {
    let sql = "SELECT guild_id, ticket.id FROM ticket JOIN channel ON channel.id = ticket.id
         WHERE is_alone = ? AND phase < ? AND guild_id IS NOT NULL";
    rows(conn, sql, [AWAITS_STAFF, CLOSED], |row| {
        let guild = GuildId(from_sql(row.get(0)?));
        Ok((guild, ChannelId(from_sql(row.get(1)?))))
    })
}

/// Stores whether only the owner has joined a ticket. The same information about older tickets of the inbox
/// is deleted.
pub(super) fn set_alone(conn: &Connection, id: ChannelId, is_alone: bool) -> Result<()> {
    let ticket = to_sql(id.0);
    let sql = "UPDATE ticket SET is_alone = NULL WHERE is_alone IS NOT NULL AND id <= ?1
         AND inbox_id = (SELECT inbox_id FROM ticket WHERE id = ?1)";
    execute(conn, sql, [ticket])?;
    if is_alone {
        let sql = "UPDATE ticket SET is_alone = ? WHERE id = ?";
        execute(conn, sql, [ALONE, ticket])?;
    }
    Ok(())
}

/// An inbox's last ticket, if only its owner joined it.
pub(super) fn alone_in(conn: &Connection, inbox: InboxId) -> Result<Option<ChannelId>> {
    let sql = "SELECT max(id) FROM ticket WHERE inbox_id = ? AND is_alone = ?";
    let found = row(conn, sql, [to_sql(inbox.0), ALONE], |row| {
        optional_id(row, 0)
    })?;
    Ok(found.flatten().map(ChannelId))
}

/// Stores a message of the bot's own, unless a newer one is stored already.
pub(super) fn set_own_message(conn: &Connection, id: ChannelId, own: MessageId) -> Result<()> {
    let sql = "UPDATE ticket SET own_message_id = ?1
         WHERE id = ?2 AND (own_message_id IS NULL OR own_message_id < ?1)";
    execute(conn, sql, [to_sql(own.0), to_sql(id.0)])
}

pub(super) fn unfinished(
    conn: &Connection,
    guild: GuildId,
    active: &[ChannelId],
    own: &[ChannelId],
) -> Result<Unsettled> {
    let mut tickets = rows(
        conn,
        "SELECT ticket.id FROM ticket JOIN channel ON channel.id = ticket.id
         WHERE guild_id = ? AND phase < ?",
        (to_sql(guild.0), CLOSED),
        |row| row.get(0).map(|id| ChannelId(from_sql(id))),
    )?;
    for &thread in active {
        let sql = "SELECT 1 FROM ticket WHERE id = ? AND phase >= ?";
        if exists(conn, sql, (to_sql(thread.0), CLOSED))? {
            tickets.push(thread);
        }
    }
    tickets.sort_unstable_by(|a, b| b.cmp(a));
    let mut strangers = Vec::new();
    for &thread in own {
        if !journal::is_claimed(conn, thread)? {
            strangers.push(thread);
        }
    }
    Ok(Unsettled { tickets, strangers })
}

pub(super) fn closed(conn: &Connection, guild: GuildId) -> Result<Vec<(ChannelId, bool)>> {
    rows(
        conn,
        "SELECT ticket.id, phase FROM ticket JOIN channel ON channel.id = ticket.id
         WHERE guild_id = ? AND phase >= ? ORDER BY ticket.id",
        (to_sql(guild.0), CLOSED),
        |row| {
            let is_locked = row.get::<i64>(1)? == LOCKED;
            Ok((ChannelId(from_sql(row.get(0)?)), is_locked))
        },
    )
}

// What the column `presence` holds.
const INVITED: i64 = 0;
const PRESENT: i64 = 1;
pub(super) const GONE: i64 = 2;

// What the column `phase` holds: those of a closed ticket are the last.
const OPEN: i64 = 0;
const CLOSING: i64 = 1;
pub(super) const CLOSED: i64 = 2;
const LOCKED: i64 = 3;

/// The columns `presence`, `phase` and `closing_reason`.
fn columns(state: State) -> (i64, i64, Option<&'static str>) {
    let presence = match state.presence {
        Presence::Invited => INVITED,
        Presence::Present => PRESENT,
        Presence::Gone => GONE,
    };
    let (phase, reason) = match state.phase {
        Phase::Open => (OPEN, None),
        Phase::Closing(reason) => (CLOSING, Some(reason.key())),
        Phase::Closed { locked: false } => (CLOSED, None),
        Phase::Closed { locked: true } => (LOCKED, None),
    };
    (presence, phase, reason)
}

/// SQL for the inbox of a ticket, which may be a removed inbox.
macro_rules! ticket_inbox {
    () => {
        "coalesce(ticket.inbox_id, (
             SELECT removed_inbox.id FROM removed_inbox
             WHERE removed_inbox.id = ticket.of_inbox_id))"
    };
}
pub(super) use ticket_inbox;

/// The columns that [`read`] wants, and the given end of the statement.
macro_rules! concat_ticket {
    ($end:literal) => {
        concat!(
            "SELECT ticket.id, guild_id, ",
            ticket_inbox!(),
            ", owner_id, presence, phase, closing_reason,
                 own_message_id, claimed_by, hidden_since, coalesce(is_alone = 1, FALSE)
             FROM ticket JOIN channel ON channel.id = ticket.id AND guild_id IS NOT NULL ",
            $end
        )
    };
}
use concat_ticket;

fn read(row: &Row<'_>) -> Result<Ticket> {
    Ok(Ticket {
        id: ChannelId(from_sql(row.get(0)?)),
        guild: GuildId(from_sql(row.get(1)?)),
        inbox: optional_id(row, 2)?.map(InboxId),
        owner: optional_id(row, 3)?.map(UserId),
        state: State {
            presence: match row.get(4)? {
                INVITED => Presence::Invited,
                GONE => Presence::Gone,
                _ => Presence::Present,
            },
            phase: match row.get(5)? {
                CLOSING => Phase::Closing(reason(row.get(6)?)),
                CLOSED => Phase::Closed { locked: false },
                LOCKED => Phase::Closed { locked: true },
                _ => Phase::Open,
            },
        },
        own_message: optional_id(row, 7)?.map(MessageId),
        claimed_by: optional_id(row, 8)?.map(UserId),
        hidden_since: row.get::<Option<i64>>(9)?.map(Timestamp),
        is_alone: row.get(10)?,
    })
}

/// The reason of a closing. A person must have written an unknown key, which counts as archived.
#[expect(
    clippy::needless_pass_by_value,
    reason = "it comes out of the row as a value"
)]
fn reason(key: Option<String>) -> Reason {
    key.as_deref()
        .and_then(Reason::of_key)
        .unwrap_or(Reason::Archived)
}
