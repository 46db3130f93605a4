//! The whole content of a database, for another engine: `theticketbot db copy`.

use std::fmt;

use super::StoreError;
use super::sql::{Connection, Owned, Result};
use super::tables::{TABLES, Table};

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

/// SQLite may hold a number in a text column, and PostgreSQL then gets its digits. PostgreSQL's text cannot
/// contain the character NUL.
fn is_copy(copy: &Owned, source: &Owned) -> bool {
    match (copy, source) {
        (Owned::Text(text), Owned::Integer(number)) => *text == number.to_string(),
        (Owned::Text(text), Owned::Text(source)) => {
            text == source || *text == source.replace('\0', "\u{fffd}")
        }
        (copy, source) => copy == source,
    }
}

pub(super) fn read(conn: &Connection) -> Result<Content> {
    let tables = TABLES.iter().map(|table| read_table(conn, table));
    Ok(Content(tables.collect::<Result<_>>()?))
}

fn read_table(conn: &Connection, table: &Table) -> Result<Vec<Vec<Owned>>> {
    let mut rows = Vec::new();
    let read = table.read(conn, &mut |row| {
        let values = (0..table.columns.len()).map(|column| row.value(column).map(Owned::of));
        rows.push(values.collect::<Result<Vec<_>>>()?);
        Ok(())
    });
    read.map(|()| rows).map_err(|error| of_table(table, error))
}

/// SQLite accepts any type in any column. The table's name helps the host to find a wrong value.
fn of_table(table: &Table, error: StoreError) -> StoreError {
    match error {
        StoreError::Other(why) => StoreError::Other(format!("in the table {}, {why}", table.name)),
        error => error,
    }
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
            let inserted = conn.execute(table.insert, &values);
            inserted.map_err(|error| of_table(table, error))?;
        }
        let written = read_table(conn, table)?;
        let is_same = |(copy, source): (&Vec<Owned>, &Vec<Owned>)| {
            copy.iter().zip(source).all(|(a, b)| is_copy(a, b))
        };
        if written.len() != rows.len() || !written.iter().zip(rows).all(is_same) {
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
