//! What is stored about a person: found in every column, whatever it is called, and removed.

use tickets::{ChannelId, Mention, UserId};

use super::sql::{Connection, Result};
use super::ticket::CLOSED;
use super::{execute, exists, from_sql, rows, to_sql};

/// A column in which a person's id is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// Such as `ticket.owner_id`.
    pub column: String,
    /// In how many rows.
    pub rows: u64,
}

/// What keeps the bot from forgetting a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unfinished {
    /// Their open tickets, as far as the database knows, oldest first.
    pub tickets: Vec<ChannelId>,
    /// Something is being done for them, such as opening a ticket.
    pub is_served: bool,
}

pub(super) fn unfinished(conn: &Connection, person: UserId) -> Result<Unfinished> {
    let key = to_sql(person.0);
    let tickets = rows(
        conn,
        "SELECT id FROM ticket WHERE owner_id = ? AND phase < ? ORDER BY id",
        [key, CLOSED],
        |row| row.get(0).map(|id| ChannelId(from_sql(id))),
    )?;
    // The name of whoever closes a ticket is kept until it is closed.
    let sql = "SELECT 1 FROM journal WHERE owner_id = ?1
         UNION ALL SELECT 1 FROM closing WHERE by_id = ?1 AND by_name <> ''";
    let is_served = exists(conn, sql, [key])?;
    Ok(Unfinished { tickets, is_served })
}

/// Every column of every table in which the id is, as a number or in a text.
pub(super) fn traces(conn: &rusqlite::Connection, person: UserId) -> rusqlite::Result<Vec<Trace>> {
    let mut columns = conn.prepare(
        "SELECT tables.name, columns.name FROM sqlite_master AS tables
         JOIN pragma_table_info(tables.name) AS columns
         WHERE tables.type = 'table' ORDER BY tables.name, columns.cid",
    )?;
    let columns = columns.query_map([], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
    })?;
    let mut traces = Vec::new();
    for column in columns {
        let (table, column) = column?;
        // Ids are of about the same length, so none contains another by chance.
        let sql = format!(
            "SELECT count(*) FROM {0} WHERE {1} = ?1 OR (typeof({1}) = 'text' AND instr({1}, ?2) > 0)",
            quoted(&table),
            quoted(&column)
        );
        let key = (to_sql(person.0), person.to_string());
        let rows = conn.query_row(&sql, key, |row| row.get(0).map(from_sql))?;
        if rows > 0 {
            let column = format!("{table}.{column}");
            traces.push(Trace { column, rows });
        }
    }
    Ok(traces)
}

/// Removes a person. Their tickets stay, without an owner: the bot must know its own threads. What
/// admins wrote stays, too.
pub(super) fn forget(conn: &Connection, person: UserId) -> Result<()> {
    let key = to_sql(person.0);
    execute(
        conn,
        "UPDATE ticket SET owner_id = NULL WHERE owner_id = ?",
        [key],
    )?;
    execute(
        conn,
        "UPDATE ticket SET claimed_by = NULL WHERE claimed_by = ?",
        [key],
    )?;
    execute(conn, "DELETE FROM closing WHERE by_id = ?", [key])?;
    execute(
        conn,
        "UPDATE waiting SET asked_by = NULL, asked_name = NULL, asked_reason = NULL, close_at = NULL
         WHERE asked_by = ?",
        [key],
    )?;
    execute(
        conn,
        "UPDATE waiting SET snoozed_by = NULL WHERE snoozed_by = ?",
        [key],
    )?;
    // A notice that shows them is changed.
    execute(
        conn,
        "UPDATE notice SET joined_by = NULL WHERE joined_by = ?",
        [key],
    )?;
    execute(
        conn,
        "UPDATE notice SET shown = NULL WHERE shown LIKE ?",
        [format!("% {person}%")],
    )?;
    execute(conn, "DELETE FROM cooldown WHERE user_id = ?", [key])?;
    // Old clients wrote the second.
    execute(
        conn,
        "DELETE FROM inbox_staff WHERE mention IN (?, ?)",
        [Mention::User(person).to_string(), format!("<@!{person}>")],
    )?;
    // A space stays, which means nothing.
    for mention in [Mention::User(person).to_string(), format!("<@!{person}>")] {
        let sql = "UPDATE removed_inbox SET staff = replace(staff, ?1, '')
             WHERE replace(staff, ?1, '') <> staff";
        execute(conn, sql, [mention])?;
    }
    execute(conn, "DELETE FROM member WHERE user_id = ?", [key])?;
    execute(conn, "DELETE FROM \"user\" WHERE id = ?", [key])?;
    Ok(())
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
