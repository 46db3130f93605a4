//! Forgetting: what is gone from Discord leaves the database, with all that only it needed.

use rusqlite::{Connection, Result};
use tickets::{ChannelId, GuildId, MessageId, Timestamp, UserId};

use super::{Store, StoreError, execute, from_sql, parents, row, rows, to_sql};

impl Store {
    /// A channel or thread was deleted: so are its inboxes and its ticket. Inboxes that created
    /// their tickets there create them in their own channel again. If there may be more tickets that
    /// were in it, their server is returned: where a ticket is, is not stored.
    pub async fn forget_channel(&self, id: ChannelId) -> Result<Option<GuildId>, StoreError> {
        self.write(move |conn| {
            let held_tickets = row(
                conn,
                "SELECT guild_id FROM channel WHERE id = ?1 AND guild_id IS NOT NULL AND (
                     EXISTS (SELECT 1 FROM inbox WHERE destination_id = ?1)
                     OR EXISTS (SELECT 1 FROM inbox JOIN message ON message.id = inbox.id
                                WHERE channel_id = ?1))",
                [to_sql(id.0)],
                |row| row.get(0).map(|guild| GuildId(from_sql(guild))),
            )?;
            forget_channel(conn, id)?;
            Ok(held_tickets)
        })
        .await
    }

    /// Messages were deleted. The inboxes among them are returned; their tickets stay.
    pub async fn forget_messages(&self, ids: &[MessageId]) -> Result<Vec<MessageId>, StoreError> {
        let ids = ids.to_vec();
        self.write(move |conn| {
            let mut inboxes = Vec::new();
            for id in ids {
                if forget_message(conn, id)? {
                    inboxes.push(id);
                }
            }
            Ok(inboxes)
        })
        .await
    }

    /// The bot is no longer in this server.
    pub async fn forget_guild(&self, id: GuildId) -> Result<(), StoreError> {
        self.write(move |conn| {
            execute(
                conn,
                "DELETE FROM opening WHERE guild_id = ?",
                [to_sql(id.0)],
            )?;
            let sql = "DELETE FROM abandoned_thread WHERE guild_id = ?";
            execute(conn, sql, [to_sql(id.0)])?;
            execute(conn, "DELETE FROM guild WHERE id = ?", [to_sql(id.0)])?;
            parents::sweep(conn)
        })
        .await
    }

    /// The servers of which anything is stored.
    pub async fn guilds(&self) -> Result<Vec<GuildId>, StoreError> {
        self.read(|conn| {
            let sql = "SELECT id FROM guild UNION SELECT guild_id FROM abandoned_thread ORDER BY 1";
            rows(conn, sql, [], |row| {
                row.get(0).map(|id| GuildId(from_sql(id)))
            })
        })
        .await
    }

    /// Those of these servers of which anything is stored.
    pub async fn remembered(&self, guilds: Vec<GuildId>) -> Result<Vec<GuildId>, StoreError> {
        self.read(move |conn| {
            let mut found = Vec::new();
            for guild in guilds {
                let sql = "SELECT 1 FROM guild WHERE id = ?1
                           UNION SELECT 1 FROM abandoned_thread WHERE guild_id = ?1";
                found.extend(row(conn, sql, [to_sql(guild.0)], |_| Ok(guild))?);
            }
            Ok(found)
        })
        .await
    }

    /// Drops the cooldowns that began before this moment.
    pub async fn purge_cooldowns(&self, before: Timestamp) -> Result<(), StoreError> {
        self.write(move |conn| {
            execute(conn, "DELETE FROM cooldown WHERE opened_at < ?", [before.0]).map(drop)
        })
        .await
    }
}

pub(super) fn forget_channel(conn: &Connection, id: ChannelId) -> Result<()> {
    let key = to_sql(id.0);
    let sql = "DELETE FROM abandoned_thread WHERE id = ?1 OR parent_id = ?1";
    execute(conn, sql, [key])?;
    let owner = row(
        conn,
        "SELECT owner_id, guild_id FROM ticket JOIN channel ON channel.id = ticket.id
         WHERE ticket.id = ? AND owner_id IS NOT NULL AND guild_id IS NOT NULL",
        [key],
        |row| {
            Ok((
                UserId(from_sql(row.get(0)?)),
                GuildId(from_sql(row.get(1)?)),
            ))
        },
    )?;
    let destinations = rows(
        conn,
        "SELECT DISTINCT destination_id FROM inbox JOIN message ON message.id = inbox.id
         WHERE channel_id = ? AND destination_id IS NOT NULL",
        [key],
        |row| row.get(0).map(|id| ChannelId(from_sql(id))),
    )?;
    // Messages, inboxes and tickets go with it; destinations become NULL. An opening stays until
    // its member is told that it came to nothing.
    execute(conn, "DELETE FROM channel WHERE id = ?", [key])?;
    for destination in destinations {
        parents::drop_channel_if_unused(conn, destination)?;
    }
    if let Some((owner, guild)) = owner {
        parents::drop_owner_if_unused(conn, owner, guild)?;
    }
    Ok(())
}

/// Whether it was an inbox.
fn forget_message(conn: &Connection, id: MessageId) -> Result<bool> {
    let found = row(
        conn,
        "SELECT channel_id, inbox.id IS NOT NULL, destination_id
         FROM message LEFT JOIN inbox ON inbox.id = message.id WHERE message.id = ?",
        [to_sql(id.0)],
        |row| Ok((row.get(0)?, row.get(1)?, row.get::<_, Option<i64>>(2)?)),
    )?;
    let Some((channel, was_inbox, destination)) = found else {
        return Ok(false);
    };
    execute(conn, "DELETE FROM message WHERE id = ?", [to_sql(id.0)])?;
    for channel in [Some(channel), destination].into_iter().flatten() {
        parents::drop_channel_if_unused(conn, ChannelId(from_sql(channel)))?;
    }
    Ok(was_inbox)
}
