//! Inboxes: what is stored of them, and how it changes.

use rusqlite::{Connection, Result, Row};
use tickets::stored::Inbox;
use tickets::{ChannelId, GuildId, Mention, MessageId, RoleId, Timestamp, UserId};

use super::{Store, StoreError, execute, from_sql, parents, row, rows, to_sql};

impl Store {
    pub async fn inbox(&self, id: MessageId) -> Result<Option<Inbox>, StoreError> {
        self.read(move |conn| {
            let found = row(
                conn,
                concat_inbox!("WHERE inbox.id = ?"),
                [to_sql(id.0)],
                read,
            )?;
            found.map(|inbox| with_staff(conn, inbox)).transpose()
        })
        .await
    }

    /// The inboxes of a server, oldest first.
    pub async fn inboxes_in(&self, guild: GuildId) -> Result<Vec<Inbox>, StoreError> {
        self.read(move |conn| {
            let sql = concat_inbox!("WHERE channel.guild_id = ? ORDER BY inbox.id");
            let found = rows(conn, sql, [to_sql(guild.0)], read)?;
            found
                .into_iter()
                .map(|inbox| with_staff(conn, inbox))
                .collect()
        })
        .await
    }

    /// Writes a new inbox, whose counter starts at 0. An error if there is one with this id.
    pub async fn create_inbox(&self, inbox: Inbox) -> Result<(), StoreError> {
        self.write(move |conn| create(conn, &inbox)).await
    }

    /// Where tickets go from now on; `None` is the inbox's own channel. Whether there is such an
    /// inbox.
    pub async fn set_destination(
        &self,
        id: MessageId,
        destination: Option<ChannelId>,
    ) -> Result<bool, StoreError> {
        self.write(move |conn| {
            let sql = concat_inbox!("WHERE inbox.id = ?");
            let Some(old) = row(conn, sql, [to_sql(id.0)], read)? else {
                return Ok(false);
            };
            if let Some(new) = destination {
                parents::add_channel(conn, new, old.guild)?;
            }
            execute(
                conn,
                "UPDATE inbox SET destination_id = ? WHERE id = ?",
                (destination.map(|channel| to_sql(channel.0)), to_sql(id.0)),
            )?;
            if let Some(gone) = old.destination {
                parents::drop_channel_if_unused(conn, gone)?;
            }
            Ok(true)
        })
        .await
    }

    /// The starting message's template; empty for the default. Whether there is such an inbox.
    pub async fn set_starter(&self, id: MessageId, starter: String) -> Result<bool, StoreError> {
        self.write(move |conn| {
            let sql = "UPDATE inbox SET starter_content = ? WHERE id = ?";
            Ok(execute(conn, sql, (starter, to_sql(id.0)))? > 0)
        })
        .await
    }

    /// The template of a ticket's name; empty for the default. Whether there is such an inbox.
    pub async fn set_name(&self, id: MessageId, name: String) -> Result<bool, StoreError> {
        self.write(move |conn| {
            let sql = "UPDATE inbox SET default_ticket_name = ? WHERE id = ?";
            Ok(execute(conn, sql, (name, to_sql(id.0)))? > 0)
        })
        .await
    }

    /// Replaces the staff, in the order in which they are mentioned. Whether there is such an
    /// inbox.
    pub async fn set_staff(&self, id: MessageId, staff: Vec<Mention>) -> Result<bool, StoreError> {
        self.write(move |conn| {
            let known = row(
                conn,
                "SELECT 1 FROM inbox WHERE id = ?",
                [to_sql(id.0)],
                |_| Ok(()),
            )?;
            if known.is_none() {
                return Ok(false);
            }
            execute(
                conn,
                "DELETE FROM inbox_staff WHERE inbox_id = ?",
                [to_sql(id.0)],
            )?;
            write_staff(conn, id, &staff)?;
            Ok(true)
        })
        .await
    }

    /// A deleted role is staff of no inbox any more. How many inboxes had it.
    pub async fn remove_staff_role(
        &self,
        guild: GuildId,
        role: RoleId,
    ) -> Result<usize, StoreError> {
        self.write(move |conn| {
            execute(
                conn,
                "DELETE FROM inbox_staff WHERE mention = ? AND inbox_id IN (
                     SELECT message.id FROM message
                     JOIN channel ON channel.id = message.channel_id WHERE channel.guild_id = ?)",
                (Mention::Role(role).to_string(), to_sql(guild.0)),
            )
        })
        .await
    }

    /// The number of the next ticket; no two callers get the same. `None` without such an inbox.
    pub async fn next_counter(&self, id: MessageId) -> Result<Option<u64>, StoreError> {
        self.write(move |conn| {
            let sql = "UPDATE inbox SET counter = counter + 1 WHERE id = ? RETURNING counter";
            row(conn, sql, [to_sql(id.0)], |row| row.get(0).map(from_sql))
        })
        .await
    }

    /// When the member last opened a ticket here. Of the original's tickets only the thread's own
    /// age is known.
    pub async fn last_opened(
        &self,
        id: MessageId,
        user: UserId,
    ) -> Result<Option<Timestamp>, StoreError> {
        self.read(move |conn| {
            let key = [to_sql(id.0), to_sql(user.0)];
            let cooldown = "SELECT opened_at FROM cooldown WHERE inbox_id = ? AND user_id = ?";
            if let Some(at) = row(conn, cooldown, key, |row| row.get(0))? {
                return Ok(Some(Timestamp(at)));
            }
            let newest = "SELECT max(id) FROM ticket WHERE inbox_id = ? AND owner_id = ?";
            let thread: Option<Option<i64>> = row(conn, newest, key, |row| row.get(0))?;
            Ok(thread
                .flatten()
                .map(|id| Timestamp::of_snowflake(from_sql(id))))
        })
        .await
    }
}

pub(super) fn create(conn: &Connection, inbox: &Inbox) -> Result<()> {
    parents::add_message(conn, inbox.id, inbox.channel, inbox.guild)?;
    if let Some(destination) = inbox.destination {
        parents::add_channel(conn, destination, inbox.guild)?;
    }
    execute(
        conn,
        "INSERT INTO inbox (id, destination_id, starter_content, default_ticket_name,
             max_tickets_per_user) VALUES (?, ?, ?, ?, ?)",
        (
            to_sql(inbox.id.0),
            inbox.destination.map(|channel| to_sql(channel.0)),
            &inbox.starter,
            &inbox.name,
            inbox.max_tickets_per_user,
        ),
    )?;
    write_staff(conn, inbox.id, &inbox.staff)
}

/// The columns that [`read`] wants, and the given end of the statement.
macro_rules! concat_inbox {
    ($end:literal) => {
        concat!(
            "SELECT inbox.id, channel.guild_id, channel.id, destination_id, starter_content,
                 default_ticket_name, max_tickets_per_user
             FROM inbox JOIN message ON message.id = inbox.id
             JOIN channel ON channel.id = message.channel_id AND channel.guild_id IS NOT NULL ",
            $end
        )
    };
}
use concat_inbox;

/// An inbox but for its staff.
fn read(row: &Row<'_>) -> Result<Inbox> {
    Ok(Inbox {
        id: MessageId(from_sql(row.get(0)?)),
        guild: GuildId(from_sql(row.get(1)?)),
        channel: ChannelId(from_sql(row.get(2)?)),
        destination: row
            .get::<_, Option<i64>>(3)?
            .map(|id| ChannelId(from_sql(id))),
        staff: Vec::new(),
        starter: row.get(4)?,
        name: row.get(5)?,
        // An absurd limit written by hand is none, or the largest there is.
        max_tickets_per_user: u32::try_from(row.get::<_, i64>(6)?.max(0)).unwrap_or(u32::MAX),
    })
}

fn with_staff(conn: &Connection, inbox: Inbox) -> Result<Inbox> {
    let sql = "SELECT mention FROM inbox_staff WHERE inbox_id = ? ORDER BY rowid";
    let mentions = rows(conn, sql, [to_sql(inbox.id.0)], |row| {
        row.get::<_, String>(0)
    })?;
    // Something that is no mention could not be mentioned.
    let staff = mentions
        .iter()
        .filter_map(|text| text.parse().ok())
        .collect();
    Ok(Inbox { staff, ..inbox })
}

fn write_staff(conn: &Connection, id: MessageId, staff: &[Mention]) -> Result<()> {
    for mention in staff {
        execute(
            conn,
            "INSERT OR IGNORE INTO inbox_staff (inbox_id, mention) VALUES (?, ?)",
            (to_sql(id.0), mention.to_string()),
        )?;
    }
    Ok(())
}
