//! The tables and their columns, for what is done with all of them.

use super::sql::{Connection, Result, Row, Value};

pub(super) struct Table {
    pub(super) name: &'static str,
    pub(super) columns: &'static [&'static str],
    select: &'static str,
    #[cfg(feature = "postgres")]
    pub(super) insert: &'static str,
}

/// How many rows are read with one statement: a server gives a statement some seconds.
const PART: i64 = 5_000;

impl Table {
    /// Hands each row to `each`.
    pub(super) fn read(
        &self,
        conn: &Connection,
        each: &mut dyn FnMut(&Row<'_>) -> Result<()>,
    ) -> Result<()> {
        let mut read = 0;
        loop {
            let before = read;
            let part = [Value::Integer(PART), Value::Integer(before)];
            conn.query(&[self.select], &part, &mut |_, row| {
                read += 1;
                each(row).map(|()| true)
            })?;
            if read - before < PART {
                return Ok(());
            }
        }
    }
}

macro_rules! table {
    ($name:literal: $first:literal $(, $column:literal)*; $end:literal) => {
        Table {
            name: $name,
            columns: &[$first $(, $column)*],
            select: concat!(
                "SELECT ", $first $(, ", ", $column)*, " FROM ", $name, " ", $end, " LIMIT ?1 OFFSET ?2"
            ),
            #[cfg(feature = "postgres")]
            insert: concat!(
                "INSERT INTO ", $name, " (", $first $(, ", ", $column)*, ") VALUES (",
                "?" $(, table!(@mark $column))*, ")"
            ),
        }
    };
    (@mark $column:literal) => { ", ?" };
}

/// Parent tables come first. The saved gateway session is left out, because only one start can use it.
pub(super) const TABLES: [Table; 18] = [
    table!("\"user\"": "id"; "ORDER BY id"),
    table!("guild": "id"; "ORDER BY id"),
    // The original's tables allow rows without ids, which have no meaning.
    table!("member": "guild_id", "user_id";
        "WHERE guild_id IS NOT NULL AND user_id IS NOT NULL ORDER BY guild_id, user_id"),
    table!("channel": "id", "guild_id"; "ORDER BY id"),
    table!("message": "id", "channel_id"; "ORDER BY id"),
    table!("inbox": "id", "starter_content", "max_tickets_per_user", "default_ticket_name",
        "counter", "destination_id"; "ORDER BY id"),
    // The order of these rows is the order in which staff are mentioned.
    table!("inbox_staff": "inbox_id", "mention";
        "WHERE inbox_id IS NOT NULL ORDER BY inbox_id, rowid"),
    table!("ticket": "id", "inbox_id", "owner_id", "presence", "phase", "closing_reason",
        "own_message_id", "claimed_by", "of_inbox_id", "hidden_since", "is_alone"; "ORDER BY id"),
    table!("closing": "ticket_id", "by_id", "by_name", "reason", "remove_members", "moved_to";
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
    // The number of additions is left out, because it describes the database file.
    table!("setting": "name", "value";
        "WHERE name IS NOT NULL AND name <> 'additions-version' ORDER BY name"),
    table!("cooldown": "inbox_id", "user_id", "opened_at"; "ORDER BY inbox_id, user_id"),
    table!("journal": "id", "kind", "guild_id", "inbox_id", "owner_id", "thread_id", "token",
        "locale", "begun_at", "body"; "ORDER BY id"),
    table!("guild_setting": "guild_id", "key", "value"; "ORDER BY guild_id, key"),
    table!("inbox_setting": "inbox_id", "guild_id", "key", "value"; "ORDER BY inbox_id, key"),
];

#[cfg(test)]
mod tests {
    use super::super::{Access, Store};
    use super::TABLES;
    use std::collections::BTreeMap;

    /// The tables of earlier versions, and those that only one database needs.
    const LEFT_OUT: [&str; 4] = ["departure", "closed", "handover_session", "handover_server"];

    /// Each new column must be in the list, too.
    #[test]
    fn every_column_is_listed() {
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
