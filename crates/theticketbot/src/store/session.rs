//! The gateway session that a clean shutdown saves for the next start. It is good for one start only,
//! which discards it before it resumes: so no start resumes a session older than the last shutdown.
//! The tables keep the names that they were created with (`handover_…`).

use secrecy::{ExposeSecret, SecretString};
use tickets::{GuildId, UserId};

use super::sql::{Connection, Result, Value};
use super::{execute, from_sql, rows, to_sql};

/// A bot's sessions, one for each shard, and which bot can resume them.
#[derive(Debug)]
pub struct SavedSession {
    pub owner: SessionOwner,
    /// The bot's own user.
    pub user: UserId,
    pub sessions: Vec<ShardSession>,
}

/// Identifies the bot that can resume a session. Another bot, or one with other settings, cannot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionOwner {
    pub application: u64,
    pub intents: u64,
    /// Where the gateway is.
    pub gateway: String,
    pub shards: u32,
    /// The format in which the servers are written.
    pub format: u32,
}

/// One shard's session.
#[derive(Clone, Debug)]
pub struct ShardSession {
    pub shard: u32,
    pub id: SecretString,
    /// The last event that was handled.
    pub sequence: u64,
    pub resume_url: String,
}

/// The servers of a saved session, and what is known of each, in the session's format.
pub type SavedServers = Box<dyn Iterator<Item = (GuildId, Option<Box<[u8]>>)> + Send>;

/// The shard whose session this is, and the number of shards; `None` for the session of the whole bot.
type Part = Option<(u32, u32)>;

pub(super) fn save(
    conn: &Connection,
    part: Part,
    session: &SavedSession,
    servers: SavedServers,
) -> Result<()> {
    discard(conn, part)?;
    for shard in &session.sessions {
        save_shard(conn, session, shard)?;
    }
    for (id, known) in servers {
        let sql = "INSERT INTO handover_server (id, known) VALUES (?, ?) ON CONFLICT DO NOTHING";
        execute(conn, sql, (to_sql(id.0), known.as_deref()))?;
    }
    Ok(())
}

pub(super) fn servers(
    conn: &Connection,
    part: Part,
    after: GuildId,
) -> Result<Vec<(GuildId, Option<Vec<u8>>)>> {
    // Without a shard, all servers belong to shard 0 of 1.
    let (shard, total) = part.unwrap_or((0, 1));
    rows(
        conn,
        "SELECT id, known FROM handover_server WHERE id > ? AND (id >> 22) % ? = ?
         ORDER BY id LIMIT ?",
        (to_sql(after.0), total, shard, SERVERS_AT_ONCE),
        |row| {
            // The bot writes only bytes. Any other value counts as unreadable.
            let known = match row.value(1)? {
                Value::Null => None,
                Value::Blob(bytes) => Some(bytes.to_vec()),
                Value::Integer(_) | Value::Text(_) => Some(Vec::new()),
            };
            Ok((GuildId(from_sql(row.get(0)?)), known))
        },
    )
}

/// How many servers are read together: not all, because they would be in memory twice.
const SERVERS_AT_ONCE: u32 = 256;

pub(super) fn discard(conn: &Connection, part: Part) -> Result<()> {
    if let Some((shard, total)) = part {
        let sql = "DELETE FROM handover_server WHERE (id >> 22) % ? = ?";
        execute(conn, sql, [total, shard])?;
        let sql = "DELETE FROM handover_session WHERE shard = ?";
        return execute(conn, sql, [shard]);
    }
    execute(conn, "DELETE FROM handover_server", [])?;
    execute(conn, "DELETE FROM handover_session", [])
}

fn save_shard(conn: &Connection, session: &SavedSession, shard: &ShardSession) -> Result<()> {
    let owner = &session.owner;
    execute(
        conn,
        "INSERT INTO handover_session (shard, shards, application_id, user_id, intents, gateway,
             format, session_id, sequence, resume_url)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            shard.shard,
            owner.shards,
            to_sql(owner.application),
            to_sql(session.user.0),
            to_sql(owner.intents),
            &owner.gateway,
            owner.format,
            shard.id.expose_secret(),
            to_sql(shard.sequence),
            &shard.resume_url,
        ),
    )
}

/// One bot has saved the sessions of all shards, so the owner in the last row applies to all of them.
pub(super) fn find(conn: &Connection, part: Part) -> Result<Option<SavedSession>> {
    let mut owner = None;
    let mut sessions = Vec::new();
    rows(
        conn,
        "SELECT shard, shards, application_id, user_id, intents, gateway, format, session_id,
             sequence, resume_url FROM handover_session ORDER BY shard",
        [],
        |row| {
            let shard = row.get(0)?;
            if part.is_some_and(|(part, _)| part != shard) {
                return Ok(());
            }
            let whose = SessionOwner {
                shards: row.get(1)?,
                application: from_sql(row.get(2)?),
                intents: from_sql(row.get(4)?),
                gateway: row.get(5)?,
                format: row.get(6)?,
            };
            owner = Some((whose, UserId(from_sql(row.get(3)?))));
            sessions.push(ShardSession {
                shard,
                id: row.get::<String>(7)?.into(),
                sequence: from_sql(row.get(8)?),
                resume_url: row.get(9)?,
            });
            Ok(())
        },
    )?;
    Ok(owner.map(|(owner, user)| SavedSession {
        owner,
        user,
        sessions,
    }))
}
