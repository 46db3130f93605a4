//! Settings by key, as text. The bot's own are in the original's table, where the original keeps
//! `last-sync-version`; ours there begin with their subject, such as `commands-fingerprint`, and never
//! use a name of the original's.

use tickets::setting::{Name, Setting};
use tickets::{GuildId, InboxId};

use super::sql::{Connection, Result, Row};
use super::{StoreError, due, execute, from_sql, row, rows, to_sql};

/// Whose setting it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    Bot,
    Guild(GuildId),
    Inbox(InboxId),
}

/// The setting with the id of the application that the database belongs to.
const APPLICATION: &str = "application-id";

/// Binds the database to an application, unless it is bound to another, and returns that one.
pub(super) fn bind(conn: &Connection, application: u64) -> Result<Option<u64>> {
    match find(conn, Scope::Bot, APPLICATION)?.map(|id| id.parse()) {
        Some(Ok(owner)) if owner == application => Ok(None),
        Some(Ok(owner)) => Ok(Some(owner)),
        // A person must have written a value that is not an id.
        Some(Err(_)) | None => {
            set(conn, Scope::Bot, APPLICATION, &application.to_string())?;
            Ok(None)
        }
    }
}

pub(super) fn find(conn: &Connection, scope: Scope, key: &str) -> Result<Option<String>> {
    match scope {
        Scope::Bot => {
            // The column has no type: the original could have stored a number.
            let sql = "SELECT CAST(value AS TEXT) FROM setting WHERE name = ?";
            let value = row(conn, sql, [key], |row| row.get::<Option<String>>(0))?;
            Ok(value.flatten())
        }
        Scope::Guild(id) => {
            let sql = "SELECT value FROM guild_setting WHERE guild_id = ? AND key = ?";
            row(conn, sql, (to_sql(id.0), key), |row| row.get(0))
        }
        Scope::Inbox(id) => {
            let sql = "SELECT value FROM inbox_setting WHERE inbox_id = ? AND key = ?";
            row(conn, sql, (to_sql(id.0), key), |row| row.get(0))
        }
    }
}

pub(super) fn all(conn: &Connection, scope: Scope) -> Result<Vec<(String, String)>> {
    let pair = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
    match scope {
        Scope::Bot => {
            let sql = "SELECT name, CAST(value AS TEXT) FROM setting
                 WHERE name IS NOT NULL AND value IS NOT NULL ORDER BY name";
            rows(conn, sql, [], pair)
        }
        Scope::Guild(id) => {
            let sql = "SELECT key, value FROM guild_setting WHERE guild_id = ? ORDER BY key";
            rows(conn, sql, [to_sql(id.0)], pair)
        }
        Scope::Inbox(id) => {
            let sql = "SELECT key, value FROM inbox_setting WHERE inbox_id = ? ORDER BY key";
            rows(conn, sql, [to_sql(id.0)], pair)
        }
    }
}

pub(super) fn set(conn: &Connection, scope: Scope, key: &str, value: &str) -> Result<()> {
    match scope {
        Scope::Bot => {
            let sql = "INSERT INTO setting (name, value) VALUES (?, ?)
                 ON CONFLICT (name) DO UPDATE SET value = excluded.value";
            execute(conn, sql, (key, value))
        }
        Scope::Guild(id) => {
            let sql = "INSERT INTO guild_setting (guild_id, key, value) VALUES (?, ?, ?)
                 ON CONFLICT (guild_id, key) DO UPDATE SET value = excluded.value";
            execute(conn, sql, (to_sql(id.0), key, value))
        }
        Scope::Inbox(id) => {
            let Some(guild) = guild_of(conn, id)? else {
                return Ok(());
            };
            if key == Name.key() {
                refuse_taken(conn, guild, id, value)?;
            }
            let sql = "INSERT INTO inbox_setting (inbox_id, guild_id, key, value)
                 VALUES (?, ?, ?, ?)
                 ON CONFLICT (inbox_id, key) DO UPDATE SET value = excluded.value";
            let params = (to_sql(id.0), to_sql(guild.0), key, value);
            execute(conn, sql, params)?;
            timers_change(conn, id, key)
        }
    }
}

pub(super) fn remove(conn: &Connection, scope: Scope, key: &str) -> Result<()> {
    match scope {
        Scope::Bot => execute(conn, "DELETE FROM setting WHERE name = ?", [key]),
        Scope::Guild(id) => {
            let sql = "DELETE FROM guild_setting WHERE guild_id = ? AND key = ?";
            execute(conn, sql, (to_sql(id.0), key))
        }
        Scope::Inbox(id) => {
            let sql = "DELETE FROM inbox_setting WHERE inbox_id = ? AND key = ?";
            execute(conn, sql, (to_sql(id.0), key))?;
            timers_change(conn, id, key)
        }
    }
}

/// Names are checked before as well. But somebody may give the same one to another inbox meanwhile.
fn refuse_taken(conn: &Connection, guild: GuildId, inbox: InboxId, name: &str) -> Result<()> {
    let sql = "SELECT value FROM inbox_setting JOIN inbox ON inbox.id = inbox_id
         WHERE guild_id = ? AND key = ? AND inbox_id <> ?";
    let params = (to_sql(guild.0), Name.key(), to_sql(inbox.0));
    let others: Vec<String> = rows(conn, sql, params, |row| row.get(0))?;
    let others: Vec<_> = others.iter().map(String::as_str).collect();
    match Name.refused_beside(name, &others) {
        Some(_) => Err(StoreError::NameTaken(name.to_owned())),
        None => Ok(()),
    }
}

/// Wakes the timers of an inbox's tickets if they depend on this setting.
fn timers_change(conn: &Connection, inbox: InboxId, key: &str) -> Result<()> {
    if due::is_timer(key) {
        due::wake_inbox(conn, inbox)?;
    }
    Ok(())
}

/// The server of an inbox. An inbox that was deleted is found by its settings.
fn guild_of(conn: &Connection, inbox: InboxId) -> Result<Option<GuildId>> {
    let sql = "SELECT guild_id FROM message JOIN channel ON channel.id = message.channel_id
         WHERE message.id = ?1 AND guild_id IS NOT NULL
           AND EXISTS (SELECT 1 FROM inbox WHERE id = ?1)
         UNION SELECT guild_id FROM inbox_setting WHERE inbox_id = ?1";
    row(conn, sql, [to_sql(inbox.0)], |row| {
        row.get(0).map(|id| GuildId(from_sql(id)))
    })
}
