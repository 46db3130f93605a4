//! What a clean stop leaves for the next start. It is good for one start only, which throws it away
//! before it goes on with it: so nothing that is older than the last stop is ever gone on with.

use rusqlite::{Connection, Result};
use secrecy::{ExposeSecret, SecretString};
use tickets::{GuildId, UserId};

use super::{Store, StoreError, execute, from_sql, rows, to_sql};

/// A bot's sessions, and for whom they are good.
#[derive(Debug)]
pub struct Handover {
    pub owner: HandoverOwner,
    /// The bot's own user.
    pub user: UserId,
    pub sessions: Vec<StoredSession>,
}

/// Whose sessions they are: of any other bot, or of this one with other settings, they cannot be
/// gone on with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandoverOwner {
    pub application: u64,
    pub intents: u64,
    /// Where the gateway is.
    pub gateway: String,
    pub shards: u32,
    /// How what is known of servers is written.
    pub format: u32,
}

/// One shard's session.
#[derive(Clone, Debug)]
pub struct StoredSession {
    pub shard: u32,
    pub id: SecretString,
    /// The last event that was handled.
    pub sequence: u64,
    pub resume_url: String,
}

impl Store {
    /// Leaves this, in the place of whatever was left before. `None` is a server of which nothing is
    /// known but that the bot is in it.
    pub async fn leave_handover<B: AsRef<[u8]> + 'static>(
        &self,
        handover: Handover,
        servers: impl Iterator<Item = (GuildId, Option<B>)> + Send + 'static,
    ) -> Result<(), StoreError> {
        self.write(move |conn| {
            clear(conn)?;
            for session in &handover.sessions {
                leave_session(conn, &handover, session)?;
            }
            for (id, known) in servers {
                let known = known.as_ref().map(AsRef::as_ref);
                let sql = "INSERT INTO handover_server (id, known) VALUES (?, ?)";
                execute(conn, sql, (to_sql(id.0), known))?;
            }
            Ok(())
        })
        .await
    }

    /// What was left, without the servers.
    pub async fn handover(&self) -> Result<Option<Handover>, StoreError> {
        self.read(left).await
    }

    /// Some of the servers that were left, in the order of their ids; those after this one. All
    /// were read when none come.
    pub async fn handover_servers(
        &self,
        after: GuildId,
    ) -> Result<Vec<(GuildId, Option<Vec<u8>>)>, StoreError> {
        self.read(move |conn| {
            rows(
                conn,
                "SELECT id, known FROM handover_server WHERE id > ? ORDER BY id LIMIT ?",
                (to_sql(after.0), SERVERS_AT_ONCE),
                |row| {
                    // Anything but bytes was not written by us, and is as good as none.
                    let known = row.get_ref(1)?.as_blob_or_null().unwrap_or(Some(&[]));
                    let id = GuildId(from_sql(row.get(0)?));
                    Ok((id, known.map(<[u8]>::to_vec)))
                },
            )
        })
        .await
    }

    /// Throws away what was left.
    pub async fn clear_handover(&self) -> Result<(), StoreError> {
        self.write(clear).await
    }
}

/// So many servers are read together: not all, because they would be in memory twice.
const SERVERS_AT_ONCE: u32 = 256;

fn clear(conn: &Connection) -> Result<()> {
    execute(conn, "DELETE FROM handover_session", [])?;
    execute(conn, "DELETE FROM handover_server", [])?;
    Ok(())
}

fn leave_session(conn: &Connection, handover: &Handover, session: &StoredSession) -> Result<()> {
    let owner = &handover.owner;
    execute(
        conn,
        "INSERT INTO handover_session (shard, shards, application_id, user_id, intents, gateway,
             format, session_id, sequence, resume_url)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            session.shard,
            owner.shards,
            to_sql(owner.application),
            to_sql(handover.user.0),
            to_sql(owner.intents),
            &owner.gateway,
            owner.format,
            session.id.expose_secret(),
            to_sql(session.sequence),
            &session.resume_url,
        ),
    )
    .map(drop)
}

/// What was left. All sessions were left by one bot, so whose they are is what the last one says.
fn left(conn: &Connection) -> Result<Option<Handover>> {
    let mut owner = None;
    let sessions = rows(
        conn,
        "SELECT shard, shards, application_id, user_id, intents, gateway, format, session_id,
             sequence, resume_url FROM handover_session ORDER BY shard",
        [],
        |row| {
            let whose = HandoverOwner {
                shards: row.get(1)?,
                application: from_sql(row.get(2)?),
                intents: from_sql(row.get(4)?),
                gateway: row.get(5)?,
                format: row.get(6)?,
            };
            owner = Some((whose, UserId(from_sql(row.get(3)?))));
            Ok(StoredSession {
                shard: row.get(0)?,
                id: row.get::<_, String>(7)?.into(),
                sequence: from_sql(row.get(8)?),
                resume_url: row.get(9)?,
            })
        },
    )?;
    Ok(owner.map(|(owner, user)| Handover {
        owner,
        user,
        sessions,
    }))
}
