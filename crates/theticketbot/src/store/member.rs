//! What the database stores about a person. It is found by searching every column, and can be removed.

use tickets::{ChannelId, Mention, UserId};

use super::sql::{Connection, Result, Value};
use super::tables::TABLES;
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
    /// Their open tickets, according to the database, oldest first.
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
    // While a ticket is being closed, the name of the member who closes it is stored.
    let sql = "SELECT 1 FROM journal WHERE owner_id = ?1
         UNION ALL SELECT 1 FROM closing WHERE by_id = ?1 AND by_name <> ''";
    let is_served = exists(conn, sql, [key])?;
    Ok(Unfinished { tickets, is_served })
}

/// Finds all columns that contain the id, as a number or in a text. Ids have about the same length, so it is
/// unlikely that one id contains another.
pub(super) fn traces(conn: &Connection, person: UserId) -> Result<Vec<Trace>> {
    let (number, text) = (to_sql(person.0), person.to_string());
    let mut traces = Vec::new();
    for table in &TABLES {
        let mut found = vec![0; table.columns.len()];
        table.read(conn, &mut |row| {
            for (column, rows) in found.iter_mut().enumerate() {
                let is_named = match row.value(column)? {
                    Value::Integer(id) => id == number,
                    Value::Text(words) => words.contains(&text),
                    Value::Null | Value::Blob(_) => false,
                };
                *rows += u64::from(is_named);
            }
            Ok(())
        })?;
        let columns = table.columns.iter().zip(found);
        traces.extend(columns.filter(|(_, rows)| *rows > 0).map(|(column, rows)| {
            let column = format!("{}.{column}", table.name.trim_matches('"'));
            Trace { column, rows }
        }));
    }
    Ok(traces)
}

/// Removes a person, unless something other than these tickets is unfinished.
pub(super) fn forget(
    conn: &Connection,
    person: UserId,
    closed: &[ChannelId],
) -> Result<Unfinished> {
    let mut unfinished = unfinished(conn, person)?;
    unfinished.tickets.retain(|ticket| !closed.contains(ticket));
    if unfinished == Unfinished::default() {
        remove(conn, person)?;
    }
    Ok(unfinished)
}

/// Removes a person. Their tickets stay, without an owner: the bot must know its own threads. What
/// admins wrote stays, too.
fn remove(conn: &Connection, person: UserId) -> Result<()> {
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
    // Notices that show the person are edited later.
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
    // Old versions of Discord's clients wrote mentions with `!`.
    execute(
        conn,
        "DELETE FROM inbox_staff WHERE mention IN (?, ?)",
        [Mention::User(person).to_string(), format!("<@!{person}>")],
    )?;
    // The spaces around the mention stay. They have no meaning.
    for mention in [Mention::User(person).to_string(), format!("<@!{person}>")] {
        let sql = "UPDATE removed_inbox SET staff = replace(staff, ?1, '')
             WHERE replace(staff, ?1, '') <> staff";
        execute(conn, sql, [mention])?;
    }
    execute(conn, "DELETE FROM member WHERE user_id = ?", [key])?;
    execute(conn, "DELETE FROM \"user\" WHERE id = ?", [key])?;
    Ok(())
}
