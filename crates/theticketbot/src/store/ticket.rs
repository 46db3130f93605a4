//! Tickets, and how far the answer to their owners' leaving has come.

use rusqlite::{Result, Row};
use tickets::stored::{Departure, Ticket};
use tickets::{ChannelId, GuildId, MessageId, UserId};

use super::{Store, StoreError, execute, from_sql, row, rows, to_sql};

impl Store {
    pub async fn ticket(&self, id: ChannelId) -> Result<Option<Ticket>, StoreError> {
        self.read(move |conn| {
            row(
                conn,
                concat_ticket!("WHERE ticket.id = ?"),
                [to_sql(id.0)],
                read,
            )
        })
        .await
    }

    /// A member's tickets in an inbox, newest first.
    pub async fn tickets_of(
        &self,
        inbox: MessageId,
        owner: UserId,
    ) -> Result<Vec<Ticket>, StoreError> {
        self.read(move |conn| {
            let sql = concat_ticket!("WHERE inbox_id = ? AND owner_id = ? ORDER BY ticket.id DESC");
            rows(conn, sql, [to_sql(inbox.0), to_sql(owner.0)], read)
        })
        .await
    }

    /// A member's tickets in a server, newest first, also those whose inbox is gone.
    pub async fn tickets_owned_by(
        &self,
        guild: GuildId,
        owner: UserId,
    ) -> Result<Vec<Ticket>, StoreError> {
        self.read(move |conn| {
            let sql = concat_ticket!("WHERE owner_id = ? AND guild_id = ? ORDER BY ticket.id DESC");
            rows(conn, sql, [to_sql(owner.0), to_sql(guild.0)], read)
        })
        .await
    }

    /// All tickets of a server, newest first.
    pub async fn tickets_in(&self, guild: GuildId) -> Result<Vec<Ticket>, StoreError> {
        self.read(move |conn| {
            let sql = concat_ticket!("WHERE guild_id = ? ORDER BY ticket.id DESC");
            rows(conn, sql, [to_sql(guild.0)], read)
        })
        .await
    }

    /// Begins the answer to the owner's leaving. True for one caller only, until the owner is back.
    pub async fn begin_departure(&self, id: ChannelId) -> Result<bool, StoreError> {
        self.write(move |conn| {
            let sql = "UPDATE ticket SET departure = ? WHERE id = ? AND departure = ?";
            Ok(execute(conn, sql, (BEGUN, to_sql(id.0), PRESENT))? > 0)
        })
        .await
    }

    /// The answer to the owner's leaving is given: the ticket is closed. That it is locked, an
    /// event may have told already.
    pub async fn end_departure(&self, id: ChannelId, locked: bool) -> Result<(), StoreError> {
        self.write(move |conn| {
            let sql = "UPDATE ticket SET departure = ?1,
                           closed = CASE WHEN ?2 OR closed = ?3 THEN ?3 ELSE ?4 END
                       WHERE id = ?5 AND (departure <> ?1 OR closed NOT IN (?3, ?4))";
            execute(conn, sql, (DONE, locked, LOCKED, CLOSED, to_sql(id.0))).map(drop)
        })
        .await
    }

    /// The owner left a ticket that was closed before; whether it still is, is another matter.
    pub async fn note_departure(&self, id: ChannelId) -> Result<(), StoreError> {
        self.write(move |conn| {
            let sql = "UPDATE ticket SET departure = ? WHERE id = ? AND departure = ?";
            execute(conn, sql, (DONE, to_sql(id.0), PRESENT)).map(drop)
        })
        .await
    }

    /// The owner is in the thread again.
    pub async fn owner_returned(&self, id: ChannelId) -> Result<(), StoreError> {
        self.write(move |conn| {
            let sql = "UPDATE ticket SET departure = ?1 WHERE id = ?2 AND departure <> ?1";
            execute(conn, sql, (PRESENT, to_sql(id.0))).map(drop)
        })
        .await
    }

    /// An archived ticket is about to be woken, to be locked. False if that was begun before.
    pub async fn begin_closing(&self, id: ChannelId) -> Result<bool, StoreError> {
        self.write(move |conn| {
            let sql = "UPDATE ticket SET closed = ?1 WHERE id = ?2 AND closed <> ?1";
            Ok(execute(conn, sql, (CLOSING, to_sql(id.0)))? > 0)
        })
        .await
    }

    /// The ticket is archived, and locked if the bot may.
    pub async fn note_closed(&self, id: ChannelId, locked: bool) -> Result<(), StoreError> {
        self.set_closed(id, closed_as(locked)).await
    }

    /// The ticket is active again.
    pub async fn note_reopened(&self, id: ChannelId) -> Result<(), StoreError> {
        self.set_closed(id, OPEN).await
    }

    async fn set_closed(&self, id: ChannelId, closed: i64) -> Result<(), StoreError> {
        self.write(move |conn| {
            let sql = "UPDATE ticket SET closed = ?1 WHERE id = ?2 AND closed <> ?1";
            execute(conn, sql, (closed, to_sql(id.0))).map(drop)
        })
        .await
    }

    /// The tickets of a server with which something may have happened while nobody watched, newest
    /// first: those that are not closed, and closed ones among these threads, which are active.
    pub async fn unsettled_tickets(
        &self,
        guild: GuildId,
        active: Vec<ChannelId>,
    ) -> Result<Vec<ChannelId>, StoreError> {
        self.read(move |conn| {
            let mut found = rows(
                conn,
                "SELECT ticket.id FROM ticket JOIN channel ON channel.id = ticket.id
                 WHERE guild_id = ? AND (closed NOT IN (?, ?) OR departure = ?)",
                (to_sql(guild.0), CLOSED, LOCKED, BEGUN),
                |row| row.get(0).map(|id| ChannelId(from_sql(id))),
            )?;
            for thread in active {
                let closed = row(
                    conn,
                    "SELECT 1 FROM ticket WHERE id = ? AND closed IN (?, ?) AND departure <> ?",
                    (to_sql(thread.0), CLOSED, LOCKED, BEGUN),
                    |_| Ok(()),
                )?;
                found.extend(closed.map(|()| thread));
            }
            found.sort_unstable_by(|a, b| b.cmp(a));
            Ok(found)
        })
        .await
    }

    /// The closed tickets of a server, and whether each is known to have been locked.
    pub async fn closed_tickets(
        &self,
        guild: GuildId,
    ) -> Result<Vec<(ChannelId, bool)>, StoreError> {
        self.read(move |conn| {
            rows(
                conn,
                "SELECT ticket.id, closed FROM ticket JOIN channel ON channel.id = ticket.id
                 WHERE guild_id = ? AND closed IN (?, ?) AND departure <> ?",
                (to_sql(guild.0), CLOSED, LOCKED, BEGUN),
                |row| {
                    let locked = row.get::<_, i64>(1)? == LOCKED;
                    Ok((ChannelId(from_sql(row.get(0)?)), locked))
                },
            )
        })
        .await
    }
}

// What the column `closed` holds.
const OPEN: i64 = 0;
const CLOSED: i64 = 1;
const CLOSING: i64 = 2;
/// Closed, and known to be locked.
const LOCKED: i64 = 3;

fn closed_as(locked: bool) -> i64 {
    if locked { LOCKED } else { CLOSED }
}

// What the column `departure` holds.
const PRESENT: i64 = 0;
const BEGUN: i64 = 1;
const DONE: i64 = 2;

/// The columns that [`read`] wants, and the given end of the statement.
macro_rules! concat_ticket {
    ($end:literal) => {
        concat!(
            "SELECT ticket.id, guild_id, inbox_id, owner_id, departure, closed
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
        inbox: row
            .get::<_, Option<i64>>(2)?
            .map(|id| MessageId(from_sql(id))),
        owner: row.get::<_, Option<i64>>(3)?.map(|id| UserId(from_sql(id))),
        departure: match row.get(4)? {
            DONE => Departure::Done,
            BEGUN => Departure::Begun,
            _ => Departure::Present,
        },
        closed: matches!(row.get(5)?, CLOSED | LOCKED),
        locked: row.get::<_, i64>(5)? == LOCKED,
        closing: row.get::<_, i64>(5)? == CLOSING,
    })
}
