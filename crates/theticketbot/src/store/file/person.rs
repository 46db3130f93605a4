//! What a host does about one person: see what is stored about them, and remove it. Also while a bot
//! runs on the database, for it keeps nothing of this in memory.

use std::path::PathBuf;

use rusqlite::{Connection, Transaction, TransactionBehavior};
use tickets::{ChannelId, UserId};

use super::open::pragma;
use super::{Access, Lock, OpenError, StoreError, migrate};
use crate::files;
use crate::store::member::{self, Trace, Unfinished};

/// A person in a database that is open.
pub struct Person {
    conn: Connection,
    path: PathBuf,
    id: UserId,
    /// `None` while a bot has it.
    lock: Option<Lock>,
}

impl Person {
    /// Opens a database that exists and was written by this version.
    pub fn open(access: &Access, id: UserId) -> Result<Self, OpenError> {
        let path = files::resolve(&access.path);
        let (conn, lock) = migrate::open_beside(access)?;
        Ok(Self {
            conn,
            path,
            id,
            lock,
        })
    }

    /// Whether a bot runs on the database.
    pub fn is_shared(&self) -> bool {
        self.lock.is_none()
    }

    /// Where something is stored about them.
    pub fn traces(&self) -> Result<Vec<Trace>, OpenError> {
        member::traces(&self.conn, self.id).map_err(OpenError::store(&self.path))
    }

    /// What has to be finished before they can be forgotten.
    pub fn unfinished(&self) -> Result<Unfinished, OpenError> {
        member::unfinished(&self.conn, self.id).map_err(OpenError::store(&self.path))
    }

    /// Removes what is stored about them, unless something is unfinished but these tickets. Returns
    /// what is unfinished.
    pub fn forget(self, closed: &[ChannelId]) -> Result<Unfinished, OpenError> {
        let unfinished = self.write(closed).map_err(OpenError::store(&self.path))?;
        let Self {
            conn, path, lock, ..
        } = self;
        if lock.is_none() {
            // What was removed is in the journal until that is written back. The last connection that
            // is closed does so; beside a bot, one that is busy does so later.
            let _ = pragma(&conn, "PRAGMA wal_checkpoint(TRUNCATE)");
        }
        conn.close()
            .map_err(|(_, error)| OpenError::store(&path)(error))?;
        Ok(unfinished)
    }

    fn write(&self, closed: &[ChannelId]) -> Result<Unfinished, StoreError> {
        let behaviour = TransactionBehavior::Immediate;
        let transaction = Transaction::new_unchecked(&self.conn, behaviour)?;
        let mut unfinished = member::unfinished(&*transaction, self.id)?;
        unfinished.tickets.retain(|ticket| !closed.contains(ticket));
        if unfinished == Unfinished::default() {
            member::forget(&*transaction, self.id)?;
            transaction.commit()?;
        }
        Ok(unfinished)
    }
}
