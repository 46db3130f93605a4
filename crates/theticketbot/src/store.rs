//! The database: what the bot remembers between two events.
//!
//! [`Store`] is a cheap handle on an `engine`. Its methods are the verbs of the domain (`verbs`), and each verb is
//! one transaction, so a verb that fails has written nothing. Their statements are in the module of what they
//! concern, such as `ticket`, in SQL that every engine takes (`sql`). One engine is SQLite: one connection on
//! its own thread (`worker`), and everything about the file in `file`. The other is PostgreSQL (`postgres`).
//!
//! Only `cluster` has SQL of its own, for the leases of several processes, and for the sessions and servers
//! that it saves together with them.

mod button;
mod closing;
#[cfg(feature = "postgres")]
mod copy;
mod due;
mod engine;
mod file;
mod guild;
mod inbox;
mod journal;
mod member;
mod notice;
mod panel;
mod parents;
#[cfg(feature = "postgres")]
mod postgres;
mod removed;
mod session;
mod setting;
mod sql;
mod tables;
mod ticket;
mod verbs;
mod waiting;
mod worker;

use std::fmt;
use std::sync::Arc;

pub use button::{ButtonKind, TicketButton};
pub use closing::ClosingBegun;
#[cfg(feature = "postgres")]
pub use copy::{Content, Written};
pub use due::{Notified, Pending};
pub use file::{
    Access, KeyTemplate, KeyTemplateError, Lock, OpenError, Pragma, PragmaError, StoreError,
    maintain,
};
pub use journal::{
    Begin, Begun, Claim, Entry, MakeEntry, Posting, Question, Report, Sending, Transfer, Work,
};
pub use member::{Trace, Unfinished};
#[cfg(feature = "postgres")]
pub use postgres::{Lease, PostgresUrl, Problem, SharedDatabase};
#[cfg(feature = "postgres")]
pub(crate) use postgres::{
    connect_beside, notify_cluster, refused as postgres_refused, store_error as postgres_error,
};
pub use removed::Removed;
pub use session::{SavedServers, SavedSession, SessionOwner, ShardSession};
pub use setting::Scope;
pub use ticket::{Opened, Unsettled};

use engine::Engine;
use sql::{changed, execute, exists, from_sql, mentions_of, optional_id, row, rows, to_sql};

/// A handle on the database. When the last clone is dropped, the database is closed.
#[derive(Clone)]
pub struct Store(Arc<dyn Engine>);

impl Store {
    /// Opens the database, creating or migrating the file as needed, and keeps every other bot out
    /// of it. Blocks while a key is derived, which can take a second.
    pub fn open(access: &Access) -> Result<Self, OpenError> {
        worker::open(access).map(Self::on)
    }

    /// Opens a database that exists and was written by this version, also while a bot runs on it.
    pub fn beside(access: &Access) -> Result<Self, OpenError> {
        worker::open_beside(access).map(Self::on)
    }

    /// Opens a database of PostgreSQL whose tables are those of this version, also while a bot runs on it.
    /// Blocks until the server has answered.
    #[cfg(feature = "postgres")]
    pub fn connect_beside(url: &PostgresUrl) -> Result<Self, OpenError> {
        postgres::Session::beside(url).map(Self::on)
    }

    /// Opens a database of PostgreSQL, creating or migrating its tables as needed, and keeps every other
    /// bot out of it. Blocks until the server has answered.
    #[cfg(feature = "postgres")]
    pub fn connect(url: &PostgresUrl) -> Result<Self, OpenError> {
        postgres::Session::alone(url).map(Self::on)
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").finish_non_exhaustive()
    }
}
