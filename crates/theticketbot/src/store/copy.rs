//! The whole content of a database, for another engine: `theticketbot db copy`.

use std::fmt;

use super::StoreError;
use super::sql::{Connection, Result, Row, Value};

/// What a database holds: the rows of each of `TABLES`.
#[derive(PartialEq, Eq)]
pub struct Content(Vec<Vec<Vec<Owned>>>);

impl Content {
    /// How many rows there are of each table.
    pub fn counts(&self) -> Vec<(&'static str, usize)> {
        let names = TABLES.iter().map(|table| table.name.trim_matches('"'));
        names.zip(self.0.iter().map(Vec::len)).collect()
    }
}

/// Without the rows, which have secrets in them.
impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Content").field(&self.counts()).finish()
    }
}

/// Whether a content was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// It was read again and is the same.
    Same,
    /// Nothing was written: the database is not empty.
    NotEmpty,
}

struct Table {
    name: &'static str,
    columns: &'static [&'static str],
    select: &'static str,
    insert: &'static str,
}

macro_rules! table {
    ($name:literal: $first:literal $(, $column:literal)*; $end:literal) => {
        Table {
            name: $name,
            columns: &[$first $(, $column)*],
            select: concat!("SELECT ", $first $(, ", ", $column)*, " FROM ", $name, " ", $end),
            insert: concat!(
                "INSERT INTO ", $name, " (", $first $(, ", ", $column)*, ") VALUES (",
                "?" $(, table!(@mark $column))*, ")"
            ),
        }
    };
    (@mark $column:literal) => { ", ?" };
}

/// Parents first. The saved gateway session is not copied: it is good for one start only.
const TABLES: [Table; 18] = [
    table!("\"user\"": "id"; "ORDER BY id"),
    table!("guild": "id"; "ORDER BY id"),
    // The original's tables allow rows that mean nothing.
    table!("member": "guild_id", "user_id";
        "WHERE guild_id IS NOT NULL AND user_id IS NOT NULL ORDER BY guild_id, user_id"),
    table!("channel": "id", "guild_id"; "ORDER BY id"),
    table!("message": "id", "channel_id"; "ORDER BY id"),
    table!("inbox": "id", "starter_content", "max_tickets_per_user", "default_ticket_name",
        "counter", "destination_id"; "ORDER BY id"),
    // The order in which they are mentioned is that of the rows.
    table!("inbox_staff": "inbox_id", "mention";
        "WHERE inbox_id IS NOT NULL ORDER BY inbox_id, rowid"),
    table!("ticket": "id", "inbox_id", "owner_id", "presence", "phase", "closing_reason",
        "own_message_id", "claimed_by", "of_inbox_id"; "ORDER BY id"),
    table!("closing": "ticket_id", "by_id", "by_name", "reason", "remove_members";
        "ORDER BY ticket_id"),
    table!("ticket_button": "message_id", "ticket_id", "is_starter", "is_shown";
        "ORDER BY message_id"),
    table!("waiting": "ticket_id", "for_staff", "since_id", "seen_id", "due_at", "reminded_id",
        "is_sending", "prompt_id", "asked_by", "asked_name", "asked_reason", "close_at",
        "snoozed_until", "snoozed_by"; "ORDER BY ticket_id"),
    table!("notice": "ticket_id", "guild_id", "channel_id", "message_id", "joined_by", "closed_as",
        "shown"; "ORDER BY ticket_id"),
    table!("removed_inbox": "id", "guild_id", "channel_id", "removed_at", "destination_id",
        "starter_content", "default_ticket_name", "max_tickets_per_user", "counter", "staff";
        "ORDER BY id"),
    // How far a database file is migrated concerns that file only.
    table!("setting": "name", "value";
        "WHERE name IS NOT NULL AND name <> 'additions-version' ORDER BY name"),
    table!("cooldown": "inbox_id", "user_id", "opened_at"; "ORDER BY inbox_id, user_id"),
    table!("journal": "id", "kind", "guild_id", "inbox_id", "owner_id", "thread_id", "token",
        "locale", "begun_at", "body"; "ORDER BY id"),
    table!("guild_setting": "guild_id", "key", "value"; "ORDER BY guild_id, key"),
    table!("inbox_setting": "inbox_id", "guild_id", "key", "value"; "ORDER BY inbox_id, key"),
];

#[derive(PartialEq, Eq)]
enum Owned {
    Null,
    Integer(i64),
    Text(String),
    Blob(Vec<u8>),
}

impl Owned {
    fn of(value: Value<'_>) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Integer(number) => Self::Integer(number),
            Value::Text(text) => Self::Text(text.to_owned()),
            Value::Blob(bytes) => Self::Blob(bytes.to_vec()),
        }
    }

    fn value(&self) -> Value<'_> {
        match self {
            Self::Null => Value::Null,
            Self::Integer(number) => Value::Integer(*number),
            Self::Text(text) => Value::Text(text),
            Self::Blob(bytes) => Value::Blob(bytes),
        }
    }

    /// SQLite keeps a number in a column of text, where PostgreSQL has its digits. PostgreSQL's text
    /// cannot hold the character 0.
    fn is_copy_of(&self, source: &Self) -> bool {
        match (self, source) {
            (Self::Text(text), Self::Integer(number)) => *text == number.to_string(),
            (Self::Text(text), Self::Text(source)) => {
                text == source || *text == source.replace('\0', "\u{fffd}")
            }
            (copy, source) => copy == source,
        }
    }
}

pub(super) fn read(conn: &Connection) -> Result<Content> {
    let tables = TABLES.iter().map(|table| read_table(conn, table));
    Ok(Content(tables.collect::<Result<_>>()?))
}

fn read_table(conn: &Connection, table: &Table) -> Result<Vec<Vec<Owned>>> {
    let mut rows = Vec::new();
    conn.query(table.select, &[], &mut |row: &Row<'_>| {
        let values = (0..table.columns.len()).map(|column| row.value(column).map(Owned::of));
        rows.push(values.collect::<Result<Vec<_>>>()?);
        Ok(true)
    })?;
    Ok(rows)
}

/// Writes a content into a database that is empty, reads it again, and compares both.
pub(super) fn write(conn: &Connection, content: &Content) -> Result<Written> {
    for table in &TABLES {
        if !read_table(conn, table)?.is_empty() {
            return Ok(Written::NotEmpty);
        }
    }
    for (table, rows) in TABLES.iter().zip(&content.0) {
        for row in rows {
            let values: Vec<_> = row.iter().map(Owned::value).collect();
            conn.execute(table.insert, &values)?;
        }
    }
    for (table, rows) in TABLES.iter().zip(&content.0) {
        let written = read_table(conn, table)?;
        let is_copy = |(copy, source): (&Vec<Owned>, &Vec<Owned>)| {
            copy.iter().zip(source).all(|(a, b)| a.is_copy_of(b))
        };
        if written.len() != rows.len() || !written.iter().zip(rows).all(is_copy) {
            return Err(StoreError::Other(format!(
                "the table {} differs after copying: it has {} rows of {}, or other values",
                table.name,
                written.len(),
                rows.len()
            )));
        }
    }
    Ok(Written::Same)
}

#[cfg(test)]
mod tests {
    use super::super::{Access, Store};
    use super::TABLES;
    use std::collections::BTreeMap;

    /// Of earlier versions, or of the file itself.
    const LEFT_OUT: [&str; 4] = ["departure", "closed", "handover_session", "handover_server"];

    /// What is added to the database is added to the list.
    #[test]
    fn every_column_is_copied() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("test.db");
        drop(Store::open(&Access::plain(&path)).unwrap());
        let conn = rusqlite::Connection::open(&path).unwrap();
        let sql = "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
             WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%'";
        let mut statement = conn.prepare(sql).unwrap();
        let mut rows = statement.query([]).unwrap();
        let mut columns = BTreeMap::<String, Vec<String>>::new();
        while let Some(row) = rows.next().unwrap() {
            let (table, column): (String, String) = (row.get(0).unwrap(), row.get(1).unwrap());
            if !LEFT_OUT.contains(&&*table) && !LEFT_OUT.contains(&&*column) {
                columns.entry(table).or_default().push(column);
            }
        }
        let copied = TABLES.iter().map(|table| {
            let columns = table.columns.iter().map(ToString::to_string).collect();
            (table.name.trim_matches('"').to_owned(), columns)
        });
        let mut copied: BTreeMap<String, Vec<String>> = copied.collect();
        for columns in columns.values_mut().chain(copied.values_mut()) {
            columns.sort();
        }
        assert_eq!(copied, columns);
    }
}
