//! The database: what the bot remembers between two events. SQL is here and only here.
//!
//! [`Store`] is a cheap handle. Behind all its clones is one connection on a thread of its own
//! (`worker`); the verbs of the domain are methods in `inbox`, `ticket`, `opening`,
//! `owed`, `cleanup`, `handover` and `setting`, and each is one transaction. How a file is opened,
//! with or without a key, is in `open`; how an older one is brought up to date, in `migrate`.

mod access;
mod cleanup;
mod error;
mod handover;
mod inbox;
mod lock;
pub mod maintain;
mod migrate;
mod open;
mod opening;
mod owed;
mod parents;
mod setting;
mod sniff;
mod ticket;
mod worker;

use std::sync::Arc;

use rusqlite::Connection;

pub use access::{Access, KeyTemplate, KeyTemplateError, Pragma, PragmaError};
pub use error::{OpenError, StoreError};
pub use handover::{Handover, HandoverOwner, StoredSession};
pub use lock::Lock;
pub use opening::{Claim, Nothing};
pub use owed::{OwedAnswer, Posting};

use worker::{Kind, Worker};

/// A handle on the database. When the last clone is dropped, the database is closed.
#[derive(Clone)]
pub struct Store {
    worker: Arc<Worker>,
}

impl Store {
    /// Opens the database, creating or migrating the file as needed, and keeps every other bot out
    /// of it. Blocks while a key is derived, which can take a second.
    pub fn open(access: &Access) -> Result<Self, OpenError> {
        let lock = Lock::acquire(&access.path)?;
        let conn = migrate::open_current(access)?;
        let worker = Worker::start(conn, lock).map_err(|error| OpenError::Store {
            path: access.path.clone(),
            error,
        })?;
        Ok(Self {
            worker: Arc::new(worker),
        })
    }

    /// Runs one job that only reads.
    async fn read<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.worker.run(Kind::Reads, job).await
    }

    /// Runs one job that may write, in a transaction of its own.
    async fn write<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.worker.run(Kind::Writes, job).await
    }
}

/// SQLite's integers are signed and Discord's ids are not; no id of this century needs that bit.
const fn to_sql(id: u64) -> i64 {
    id.cast_signed()
}

const fn from_sql(id: i64) -> u64 {
    id.cast_unsigned()
}

/// Runs one statement that is kept prepared.
fn execute(
    conn: &Connection,
    sql: &'static str,
    params: impl rusqlite::Params,
) -> rusqlite::Result<usize> {
    conn.prepare_cached(sql)?.execute(params)
}

/// All rows of one statement that is kept prepared.
fn rows<T>(
    conn: &Connection,
    sql: &'static str,
    params: impl rusqlite::Params,
    row: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Vec<T>> {
    conn.prepare_cached(sql)?.query_map(params, row)?.collect()
}

/// The first row, if there is one, of a statement that is kept prepared.
fn row<T>(
    conn: &Connection,
    sql: &'static str,
    params: impl rusqlite::Params,
    row: impl FnOnce(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Option<T>> {
    use rusqlite::OptionalExtension;
    conn.prepare_cached(sql)?.query_row(params, row).optional()
}
