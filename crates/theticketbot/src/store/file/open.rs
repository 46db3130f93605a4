//! Opens a database file: pragmas, key, and then a first read, because only a read shows that a key is wrong.
//!
//! The order is the original's, so that a config that worked there works here: the pragmas of the
//! config in their order, then the key, then what this program itself needs.

use std::path::Path;

use rusqlite::ffi::ErrorCode;
use rusqlite::{Connection, OpenFlags};
use secrecy::ExposeSecret;

use super::sniff::{Sniff, sniff};
use super::{Access, OpenError, Pragma};

/// An open database, and the way that led into it.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) conn: Connection,
    pub(super) access: Access,
}

/// Opens a database that exists.
pub(super) fn open(access: &Access) -> Result<Opened, OpenError> {
    let path = access.path.clone();
    let looks = sniff(&path).map_err(OpenError::io(&path, "read"))?;
    match looks {
        Sniff::Missing => return Err(OpenError::NoSuchFile { path }),
        Sniff::Empty => return Err(OpenError::EmptyFile { path }),
        // A library without support for keys would just use the file unencrypted.
        Sniff::Plain if access.key.is_some() && !access.keeps_header_readable() => {
            return Err(OpenError::NotEncrypted { path });
        }
        Sniff::Plain | Sniff::Encrypted | Sniff::Other => {}
    }
    match attempt(access) {
        Ok(conn) => {
            return Ok(Opened {
                conn,
                access: access.clone(),
            });
        }
        Err(Failure::Explained(error)) => return Err(error),
        Err(Failure::Unreadable) => {}
    }
    // The config names no cipher, so the file may have been written by SQLCipher itself.
    if access.key.is_some() && !access.chooses_cipher() {
        let mut access = access.clone();
        access.pragmas.splice(0..0, sqlcipher_4());
        if let Ok(conn) = attempt(&access) {
            tracing::debug!("the database was written by SQLCipher 4");
            return Ok(Opened { conn, access });
        }
    }
    Err(match (looks, &access.key) {
        (Sniff::Encrypted, None) => OpenError::MissingKey { path },
        (Sniff::Encrypted | Sniff::Plain, Some(_)) => OpenError::WrongKey { path },
        _ => OpenError::NotADatabase { path },
    })
}

/// Opens a new, still empty file.
pub(super) fn open_new(access: &Access) -> Result<Opened, OpenError> {
    match attempt(access) {
        Ok(conn) => Ok(Opened {
            conn,
            access: access.clone(),
        }),
        Err(Failure::Explained(error)) => Err(error),
        Err(Failure::Unreadable) => Err(OpenError::NotADatabase {
            path: access.path.clone(),
        }),
    }
}

/// What this program needs of a connection, whatever the config says.
pub(super) fn configure(conn: &Connection) -> rusqlite::Result<()> {
    conn.set_prepared_statement_cache_capacity(64);
    // If the file system does not support WAL, SQLite keeps the present mode.
    pragma(conn, "PRAGMA journal_mode = WAL")?;
    pragma(conn, "PRAGMA foreign_keys = ON")
}

/// Runs one pragma and reads its answer to the end.
pub(in crate::store) fn pragma(conn: &Connection, statement: &str) -> rusqlite::Result<()> {
    let mut statement = conn.prepare(statement)?;
    let mut rows = statement.query([])?;
    while rows.next()?.is_some() {}
    Ok(())
}

enum Failure {
    Explained(OpenError),
    /// What SQLite calls "file is not a database".
    Unreadable,
}

fn attempt(access: &Access) -> Result<Connection, Failure> {
    let path = &access.path;
    let conn = connect(path).map_err(|e| Failure::Explained(OpenError::store(path)(e)))?;
    for (at, statement) in access.pragmas.iter().enumerate() {
        let refused = || OpenError::PragmaRefused { number: at + 1 };
        pragma(&conn, statement.statement()).map_err(|e| judge(path, &e, refused))?;
    }
    if let Some(key) = &access.key {
        pragma(&conn, key.expose_secret())
            .map_err(|e| judge(path, &e, || OpenError::KeyRefused))?;
    }
    conn.query_row("SELECT count(*) FROM sqlite_master", [], |row| {
        row.get::<_, i64>(0)
    })
    .map_err(|e| {
        if unreadable(&e) {
            Failure::Unreadable
        } else {
            Failure::Explained(OpenError::store(path)(e))
        }
    })?;
    Ok(conn)
}

/// Another program, such as a backup, holds a database only for moments, and rusqlite waits five
/// seconds for it by default. (Changing that needs SQLite 3.44, which not every host has.)
fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(path, flags)
}

/// Distinguishes a refused pragma from failures that have their own error. SQLite's message is
/// left out, because it can quote the pragma.
fn judge(path: &Path, error: &rusqlite::Error, refused: impl FnOnce() -> OpenError) -> Failure {
    match error.sqlite_error_code() {
        _ if unreadable(error) => Failure::Unreadable,
        Some(
            ErrorCode::DatabaseBusy
            | ErrorCode::DatabaseLocked
            | ErrorCode::DiskFull
            | ErrorCode::DatabaseCorrupt
            | ErrorCode::SystemIoFailure
            | ErrorCode::ReadOnly
            | ErrorCode::CannotOpen
            | ErrorCode::PermissionDenied,
        ) => {
            let code = error.sqlite_extended_error_code().unwrap_or_default();
            Failure::Explained(OpenError::store(path)(rusqlite::Error::SqliteFailure(
                rusqlite::ffi::Error::new(code),
                None,
            )))
        }
        _ => Failure::Explained(refused()),
    }
}

fn unreadable(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::NotADatabase)
}

fn sqlcipher_4() -> Vec<Pragma> {
    ["PRAGMA cipher = 'sqlcipher'", "PRAGMA legacy = 4"]
        .into_iter()
        .map(|text| Pragma::parse(text).expect("these are pragmas"))
        .collect()
}
