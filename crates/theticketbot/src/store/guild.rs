//! Forgets servers and channels: when they are gone from Discord, their rows are deleted, and so are rows
//! that only they needed.

use tickets::{ChannelId, GuildId, Timestamp, UserId};

use super::sql::{Connection, Result};
use super::{execute, exists, from_sql, journal, notice, parents, removed, row, rows, to_sql};

/// Returns the server if other tickets may have been in this channel.
pub(super) fn forget_channel(conn: &Connection, id: ChannelId) -> Result<Option<GuildId>> {
    let held_tickets = row(
        conn,
        "SELECT guild_id FROM channel WHERE id = ?1 AND guild_id IS NOT NULL AND (
             EXISTS (SELECT 1 FROM inbox WHERE destination_id = ?1)
             OR EXISTS (SELECT 1 FROM inbox JOIN message ON message.id = inbox.id
                        WHERE channel_id = ?1))",
        [to_sql(id.0)],
        |row| row.get(0).map(|guild| GuildId(from_sql(guild))),
    )?;
    delete_channel(conn, id)?;
    Ok(held_tickets)
}

/// Deletes a channel's or thread's rows.
pub(super) fn delete_channel(conn: &Connection, id: ChannelId) -> Result<()> {
    let key = to_sql(id.0);
    journal::forget_orphans(conn, id)?;
    notice::forget_in(conn, id)?;
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
    removed::keep_those_in(conn, id)?;
    // This also deletes its messages, inboxes and tickets, and sets destinations to NULL. An opening's entry
    // stays until its member was notified that it failed.
    execute(conn, "DELETE FROM channel WHERE id = ?", [key])?;
    for destination in destinations {
        parents::drop_channel_if_unused(conn, destination)?;
    }
    if let Some((owner, guild)) = owner {
        parents::drop_owner_if_unused(conn, owner, guild)?;
    }
    Ok(())
}

pub(super) fn forget(conn: &Connection, id: GuildId) -> Result<()> {
    let key = [to_sql(id.0)];
    // Entries of other kinds stay: a member may still wait for the response, and they end within minutes.
    let sql = "DELETE FROM journal WHERE guild_id = ? AND kind IN ('opening', 'orphan')";
    execute(conn, sql, key)?;
    execute(conn, "DELETE FROM guild_setting WHERE guild_id = ?", key)?;
    execute(conn, "DELETE FROM inbox_setting WHERE guild_id = ?", key)?;
    execute(conn, "DELETE FROM removed_inbox WHERE guild_id = ?", key)?;
    execute(conn, "DELETE FROM guild WHERE id = ?", key)?;
    parents::sweep(conn)
}

pub(super) fn all(conn: &Connection) -> Result<Vec<GuildId>> {
    let sql = "SELECT id FROM guild
         UNION SELECT guild_id FROM journal WHERE kind IN ('opening', 'orphan')
         UNION SELECT guild_id FROM guild_setting
         UNION SELECT guild_id FROM removed_inbox
         UNION SELECT guild_id FROM inbox_setting ORDER BY 1";
    rows(conn, sql, [], |row| {
        row.get(0).map(|id| GuildId(from_sql(id)))
    })
}

pub(super) fn remembered(conn: &Connection, guilds: Vec<GuildId>) -> Result<Vec<GuildId>> {
    let sql = "SELECT 1 FROM guild WHERE id = ?1
         UNION ALL SELECT 1 FROM journal WHERE guild_id = ?1 AND kind IN ('opening', 'orphan')
         UNION ALL SELECT 1 FROM guild_setting WHERE guild_id = ?1
         UNION ALL SELECT 1 FROM removed_inbox WHERE guild_id = ?1
         UNION ALL SELECT 1 FROM inbox_setting WHERE guild_id = ?1";
    let mut found = Vec::new();
    for guild in guilds {
        if exists(conn, sql, [to_sql(guild.0)])? {
            found.push(guild);
        }
    }
    Ok(found)
}

pub(super) fn purge(conn: &Connection, before: Timestamp) -> Result<()> {
    execute(conn, "DELETE FROM cooldown WHERE opened_at < ?", [before.0])?;
    removed::purge(conn, before)
}
