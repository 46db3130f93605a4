//! The database as a file: its lock, its key and ciphers, its migrations, its backups. Nothing here
//! knows a verb of the domain.

mod access;
mod error;
mod lock;
pub mod maintain;
mod migrate;
mod old_journal;
mod open;
mod sniff;
mod statements;

pub use access::{Access, KeyTemplate, KeyTemplateError, Pragma, PragmaError};
pub use error::{OpenError, StoreError};
pub use lock::Lock;

pub(super) use migrate::{open_beside, open_current};
pub(super) use open::pragma;
