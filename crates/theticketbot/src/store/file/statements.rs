//! SQLite's part in [`Statements`]: each statement is kept prepared.

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, params_from_iter};

use crate::store::StoreError;
use crate::store::sql::{Columns, Result, Row, Statements, Value};

impl Statements for Connection {
    fn change(&self, sql: &'static str, params: &[Value<'_>]) -> Result<usize> {
        let mut statement = self.prepare_cached(sql)?;
        Ok(statement.execute(params_from_iter(params))?)
    }

    fn query(
        &self,
        sql: &[&'static str],
        params: &[Value<'_>],
        each: &mut dyn FnMut(usize, &Row<'_>) -> Result<bool>,
    ) -> Result<()> {
        for (index, sql) in sql.iter().enumerate() {
            let mut statement = self.prepare_cached(sql)?;
            let mut rows = statement.query(params_from_iter(params))?;
            while let Some(row) = rows.next()? {
                if !each(index, &Row(row))? {
                    break;
                }
            }
        }
        Ok(())
    }

    fn batch(&self, sql: &'static str) -> Result<()> {
        Ok(self.execute_batch(sql)?)
    }
}

impl Columns for rusqlite::Row<'_> {
    fn value(&self, column: usize) -> Result<Value<'_>> {
        Ok(match self.get_ref(column)? {
            ValueRef::Null => Value::Null,
            ValueRef::Integer(number) => Value::Integer(number),
            ValueRef::Text(text) => Value::Text(std::str::from_utf8(text).map_err(|error| {
                StoreError::Other(format!("column {column} of a row holds {error}"))
            })?),
            ValueRef::Blob(bytes) => Value::Blob(bytes),
            // The program's own statements never write a fraction, but a person may have.
            ValueRef::Real(_) => {
                let message = format!("column {column} of a row holds a fraction");
                return Err(StoreError::Other(message));
            }
        })
    }
}

impl rusqlite::ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match *self {
            Self::Null => ValueRef::Null,
            Self::Integer(number) => ValueRef::Integer(number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}
