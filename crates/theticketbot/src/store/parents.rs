//! The rows that others reference: servers, channels, messages, users. This module inserts them before
//! a verb needs them, and deletes them with their last use.

use tickets::{ChannelId, GuildId, MessageId, UserId};

use super::sql::{Connection, Result};
use super::{execute, to_sql};

pub(super) fn add_channel(conn: &Connection, channel: ChannelId, guild: GuildId) -> Result<()> {
    execute(
        conn,
        "INSERT INTO guild (id) VALUES (?) ON CONFLICT DO NOTHING",
        [to_sql(guild.0)],
    )?;
    execute(
        conn,
        "INSERT INTO channel (id, guild_id) VALUES (?, ?)
         ON CONFLICT (id) DO UPDATE SET guild_id = excluded.guild_id
         WHERE channel.guild_id IS NULL",
        [to_sql(channel.0), to_sql(guild.0)],
    )?;
    Ok(())
}

pub(super) fn add_message(
    conn: &Connection,
    message: MessageId,
    channel: ChannelId,
    guild: GuildId,
) -> Result<()> {
    add_channel(conn, channel, guild)?;
    execute(
        conn,
        "INSERT INTO message (id, channel_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
        [to_sql(message.0), to_sql(channel.0)],
    )?;
    Ok(())
}

pub(super) fn add_member(conn: &Connection, user: UserId, guild: GuildId) -> Result<()> {
    execute(
        conn,
        "INSERT INTO \"user\" (id) VALUES (?) ON CONFLICT DO NOTHING",
        [to_sql(user.0)],
    )?;
    execute(
        conn,
        "INSERT INTO guild (id) VALUES (?) ON CONFLICT DO NOTHING",
        [to_sql(guild.0)],
    )?;
    execute(
        conn,
        "INSERT INTO member (guild_id, user_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
        [to_sql(guild.0), to_sql(user.0)],
    )?;
    Ok(())
}

/// Drops the channel's row unless an inbox or a ticket needs it.
pub(super) fn drop_channel_if_unused(conn: &Connection, channel: ChannelId) -> Result<()> {
    execute(
        conn,
        "DELETE FROM channel WHERE id = ?1
         AND NOT EXISTS (SELECT 1 FROM message WHERE channel_id = ?1)
         AND NOT EXISTS (SELECT 1 FROM inbox WHERE destination_id = ?1)
         AND NOT EXISTS (SELECT 1 FROM ticket WHERE id = ?1)",
        [to_sql(channel.0)],
    )?;
    Ok(())
}

/// Drops the owner's rows unless another ticket needs them.
pub(super) fn drop_owner_if_unused(conn: &Connection, owner: UserId, guild: GuildId) -> Result<()> {
    execute(
        conn,
        "DELETE FROM member WHERE guild_id = ?1 AND user_id = ?2 AND NOT EXISTS (
             SELECT 1 FROM ticket JOIN channel ON channel.id = ticket.id
             WHERE ticket.owner_id = ?2 AND channel.guild_id = ?1)",
        [to_sql(guild.0), to_sql(owner.0)],
    )?;
    execute(
        conn,
        "DELETE FROM \"user\" WHERE id = ?1
         AND NOT EXISTS (SELECT 1 FROM ticket WHERE owner_id = ?1)",
        [to_sql(owner.0)],
    )?;
    Ok(())
}

/// Drops every row that nothing needs. It scans all of them, so it is for rare occasions.
pub(super) fn sweep(conn: &Connection) -> Result<()> {
    conn.batch(
        "DELETE FROM channel WHERE
             NOT EXISTS (SELECT 1 FROM message WHERE channel_id = channel.id)
             AND NOT EXISTS (SELECT 1 FROM inbox WHERE destination_id = channel.id)
             AND NOT EXISTS (SELECT 1 FROM ticket WHERE ticket.id = channel.id);
         DELETE FROM member WHERE NOT EXISTS (
             SELECT 1 FROM ticket JOIN channel ON channel.id = ticket.id
             WHERE ticket.owner_id = member.user_id AND channel.guild_id = member.guild_id);
         DELETE FROM \"user\" WHERE
             NOT EXISTS (SELECT 1 FROM ticket WHERE owner_id = \"user\".id);
         DELETE FROM guild WHERE
             NOT EXISTS (SELECT 1 FROM channel WHERE guild_id = guild.id);",
    )
}
