//! Tickets that are being opened: a journal, so that a crash between two calls to Discord can be
//! finished, or undone and told, at the next start.

use rusqlite::{Connection, Result, Row};
use tickets::stored::{Abandoned, Opening};
use tickets::{ChannelId, GuildId, MessageId, Timestamp, UserId};

use super::{
    OwedAnswer, Store, StoreError, cleanup, execute, from_sql, owed, parents, row, rows, to_sql,
};

/// Whose thread it is that was created.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// It is this opening's, and a ticket.
    Own,
    /// It is another's.
    Taken,
    /// Nothing is known of this interaction: its server was forgotten meanwhile.
    Unknown,
}

/// How an opening came to nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nothing {
    /// The member is yet to be told.
    pub is_owed: bool,
    /// Its thread, if that is still there.
    pub left: Option<Abandoned>,
}

impl Store {
    /// Writes down what is about to happen, and starts the member's cooldown. False if this
    /// interaction was begun before: Discord may tell of a click twice.
    pub async fn begin_opening(&self, opening: Opening) -> Result<bool, StoreError> {
        self.write(move |conn| {
            let new = execute(
                conn,
                "INSERT OR IGNORE INTO opening (interaction_id, token, inbox_id, guild_id,
                     parent_id, owner_id, name, starter, thread_id, started, begun_at, locale)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    to_sql(opening.interaction),
                    &opening.token,
                    to_sql(opening.inbox.0),
                    to_sql(opening.guild.0),
                    to_sql(opening.parent.0),
                    to_sql(opening.owner.0),
                    &opening.name,
                    &opening.starter,
                    opening.thread.map(|id| to_sql(id.0)),
                    opening.started,
                    opening.begun_at.0,
                    &opening.locale,
                ),
            )? > 0;
            if new {
                // The inbox can have been deleted since the click; it has no cooldown then.
                execute(
                    conn,
                    "INSERT INTO cooldown (inbox_id, user_id, opened_at)
                     SELECT id, ?2, ?3 FROM inbox WHERE id = ?1
                     ON CONFLICT (inbox_id, user_id) DO UPDATE SET opened_at = excluded.opened_at",
                    [
                        to_sql(opening.inbox.0),
                        to_sql(opening.owner.0),
                        opening.begun_at.0,
                    ],
                )?;
            }
            Ok(new)
        })
        .await
    }

    /// The thread is created in another channel than was meant.
    pub async fn opening_moved(
        &self,
        interaction: u64,
        parent: ChannelId,
    ) -> Result<(), StoreError> {
        self.write(move |conn| {
            let sql = "UPDATE opening SET parent_id = ? WHERE interaction_id = ?";
            execute(conn, sql, [to_sql(parent.0), to_sql(interaction)]).map(drop)
        })
        .await
    }

    /// Discord has created the thread: from now on it is a ticket, unless it is another's.
    pub async fn opening_created(
        &self,
        interaction: u64,
        thread: ChannelId,
    ) -> Result<Claim, StoreError> {
        self.write(move |conn| {
            let sql = "SELECT thread_id FROM opening WHERE interaction_id = ?";
            let so_far = row(conn, sql, [to_sql(interaction)], |row| {
                row.get::<_, Option<i64>>(0)
            })?;
            match so_far {
                None => return Ok(Claim::Unknown),
                Some(known) if known == Some(to_sql(thread.0)) => return Ok(Claim::Own),
                Some(_) if is_claimed(conn, thread)? => return Ok(Claim::Taken),
                Some(_) => {}
            }
            let updated = row(
                conn,
                "UPDATE opening SET thread_id = ? WHERE interaction_id = ?
                 RETURNING guild_id, inbox_id, owner_id",
                [to_sql(thread.0), to_sql(interaction)],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )?;
            let Some((guild, inbox, owner)) = updated else {
                return Ok(Claim::Unknown);
            };
            let (guild, owner) = (GuildId(from_sql(guild)), UserId(from_sql(owner)));
            let inbox: i64 = inbox;
            parents::add_member(conn, owner, guild)?;
            parents::add_channel(conn, thread, guild)?;
            execute(
                conn,
                "INSERT INTO ticket (id, inbox_id, owner_id)
                 VALUES (?, (SELECT id FROM inbox WHERE id = ?), ?)
                 ON CONFLICT (id) DO NOTHING",
                [to_sql(thread.0), inbox, to_sql(owner.0)],
            )?;
            Ok(Claim::Own)
        })
        .await
    }

    /// Whether a thread is somebody's, or to be undone.
    pub async fn is_claimed(&self, thread: ChannelId) -> Result<bool, StoreError> {
        self.read(move |conn| is_claimed(conn, thread)).await
    }

    /// Whether a ticket is still being opened, so that its owner may not be in it yet.
    pub async fn is_opening(&self, thread: ChannelId) -> Result<bool, StoreError> {
        self.read(move |conn| {
            let sql = "SELECT 1 FROM opening WHERE thread_id = ?";
            Ok(row(conn, sql, [to_sql(thread.0)], |_| Ok(()))?.is_some())
        })
        .await
    }

    /// The starting message was sent.
    pub async fn opening_started(&self, interaction: u64) -> Result<(), StoreError> {
        self.write(move |conn| {
            let sql = "UPDATE opening SET started = 1 WHERE interaction_id = ?";
            execute(conn, sql, [to_sql(interaction)]).map(drop)
        })
        .await
    }

    /// The member has their link; nothing is left to remember.
    pub async fn finish_opening(&self, interaction: u64) -> Result<(), StoreError> {
        self.write(move |conn| {
            owed::given(conn, interaction)?;
            let sql = "DELETE FROM opening WHERE interaction_id = ?";
            execute(conn, sql, [to_sql(interaction)]).map(drop)
        })
        .await
    }

    /// It came to nothing: there is no ticket. If there never was a thread, the member may try again
    /// at once.
    pub async fn abandon_opening(
        &self,
        interaction: u64,
        nothing: Nothing,
    ) -> Result<(), StoreError> {
        self.write(move |conn| {
            let sql = concat_opening!("WHERE interaction_id = ?");
            let Some(opening) = row(conn, sql, [to_sql(interaction)], read)? else {
                return Ok(());
            };
            let sql = "DELETE FROM opening WHERE interaction_id = ?";
            execute(conn, sql, [to_sql(interaction)])?;
            match opening.thread {
                Some(thread) => cleanup::forget_channel(conn, thread)?,
                None => give_back_cooldown(conn, &opening)?,
            }
            if let Some(left) = nothing.left {
                execute(
                    conn,
                    "INSERT OR IGNORE INTO abandoned_thread (id, guild_id, parent_id)
                     VALUES (?, ?, ?)",
                    [left.thread.0, opening.guild.0, left.parent.0].map(to_sql),
                )?;
            }
            if !nothing.is_owed {
                return owed::given(conn, interaction);
            }
            let answer = OwedAnswer {
                interaction,
                token: opening.token,
                locale: opening.locale.unwrap_or_default(),
                begun_at: opening.begun_at,
                posting: None,
            };
            owed::owe(conn, &answer)
        })
        .await
    }

    /// The threads of a server that could not be undone yet, newest first.
    pub async fn abandoned_threads(&self, guild: GuildId) -> Result<Vec<Abandoned>, StoreError> {
        self.read(move |conn| {
            rows(
                conn,
                "SELECT id, parent_id FROM abandoned_thread WHERE guild_id = ? ORDER BY id DESC",
                [to_sql(guild.0)],
                |row| {
                    Ok(Abandoned {
                        thread: ChannelId(from_sql(row.get(0)?)),
                        parent: ChannelId(from_sql(row.get(1)?)),
                    })
                },
            )
        })
        .await
    }

    /// What was begun for this interaction, if it is not finished.
    pub async fn opening(&self, interaction: u64) -> Result<Option<Opening>, StoreError> {
        self.read(move |conn| {
            let sql = concat_opening!("WHERE interaction_id = ?");
            row(conn, sql, [to_sql(interaction)], read)
        })
        .await
    }

    /// What was begun and not finished, oldest first.
    pub async fn openings(&self) -> Result<Vec<Opening>, StoreError> {
        self.read(|conn| rows(conn, concat_opening!("ORDER BY interaction_id"), [], read))
            .await
    }
}

fn is_claimed(conn: &Connection, thread: ChannelId) -> Result<bool> {
    let sql = "SELECT 1 FROM ticket WHERE id = ?1
               UNION SELECT 1 FROM opening WHERE thread_id = ?1
               UNION SELECT 1 FROM abandoned_thread WHERE id = ?1";
    Ok(row(conn, sql, [to_sql(thread.0)], |_| Ok(()))?.is_some())
}

fn give_back_cooldown(conn: &Connection, opening: &Opening) -> Result<()> {
    execute(
        conn,
        "DELETE FROM cooldown WHERE inbox_id = ? AND user_id = ? AND opened_at = ?",
        [
            to_sql(opening.inbox.0),
            to_sql(opening.owner.0),
            opening.begun_at.0,
        ],
    )
    .map(drop)
}

/// The columns that [`read`] wants, and the given end of the statement.
macro_rules! concat_opening {
    ($end:literal) => {
        concat!(
            "SELECT interaction_id, token, inbox_id, guild_id, parent_id, owner_id, name, starter,
                 thread_id, started, begun_at, locale FROM opening ",
            $end
        )
    };
}
use concat_opening;

fn read(row: &Row<'_>) -> Result<Opening> {
    Ok(Opening {
        interaction: from_sql(row.get(0)?),
        token: row.get(1)?,
        inbox: MessageId(from_sql(row.get(2)?)),
        guild: GuildId(from_sql(row.get(3)?)),
        parent: ChannelId(from_sql(row.get(4)?)),
        owner: UserId(from_sql(row.get(5)?)),
        name: row.get(6)?,
        starter: row.get(7)?,
        thread: row
            .get::<_, Option<i64>>(8)?
            .map(|id| ChannelId(from_sql(id))),
        started: row.get(9)?,
        begun_at: Timestamp(row.get(10)?),
        locale: row.get(11)?,
    })
}
