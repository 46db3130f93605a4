//! What can go wrong with the database, in words for the host.
//!
//! SQLite's own message for a refused pragma can quote the pragma, and with it a key. So whatever
//! happens before the file is open is reported in our words only.

use std::fmt;
use std::io;
use std::path::PathBuf;

use rusqlite::ffi::ErrorCode;

/// Why one verb failed. None of its writes took effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreError {
    /// Another program holds the database, and held it for longer than we wait.
    Locked,
    /// No space is left on the disk.
    Full,
    /// The file or its folder cannot be written.
    ReadOnly,
    /// The file, or one beside it, cannot be opened.
    Unopened,
    /// The file is damaged.
    Corrupt,
    /// The disk, or the system, could not read or write.
    Disk,
    /// PostgreSQL cannot be reached, or ended the connection.
    Unreachable(String),
    /// PostgreSQL takes no writes: it is a standby, or about to be the primary.
    ReadOnlyServer,
    /// Another process has taken the database over.
    TakenOver,
    /// Another inbox of the server has this name.
    NameTaken(String),
    /// The store is closed.
    Closed,
    Other(String),
}

impl StoreError {
    /// Whether the same write may succeed later, for example when the disk has space again.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Unreachable(_)
            | Self::ReadOnlyServer
            | Self::Locked
            | Self::Full
            | Self::ReadOnly
            | Self::Unopened
            | Self::Disk => true,
            Self::Corrupt
            | Self::TakenOver
            | Self::NameTaken(_)
            | Self::Closed
            | Self::Other(_) => false,
        }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Locked => "the database is locked by another program; close what has it open",
            Self::Full => "the disk is full: the database cannot be written; free some space",
            Self::ReadOnly => {
                "the database cannot be written; check the permissions of the file and its folder"
            }
            Self::Unopened => {
                "the database, or a file beside it, cannot be opened; check the permissions of the file \
                 and its folder, and how many files this program may have open"
            }
            Self::Corrupt => {
                "the database file is damaged; try `theticketbot db check`, or restore a backup"
            }
            Self::Disk => {
                "the disk failed while the database was read or written; the system's log may say why"
            }
            Self::Unreachable(reason) => {
                return write!(f, "PostgreSQL cannot be reached ({reason})");
            }
            Self::ReadOnlyServer => "PostgreSQL accepts no writes at the moment",
            Self::TakenOver => "another theticketbot has taken the database over",
            Self::NameTaken(name) => {
                return write!(f, "another inbox of the server is called \"{name}\"");
            }
            Self::Closed => "the database is closed",
            Self::Other(message) => return write!(f, "the database failed: {message}"),
        })
    }
}

impl std::error::Error for StoreError {}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Locked,
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Self::ReadOnly,
            Some(ErrorCode::CannotOpen) => Self::Unopened,
            Some(ErrorCode::SystemIoFailure) => Self::Disk,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Corrupt,
            _ => Self::Other(error.to_string()),
        }
    }
}

/// Why a database could not be opened. The file is as it was.
#[derive(Debug)]
pub enum OpenError {
    /// Another bot runs on this database.
    AlreadyRunning {
        path: PathBuf,
        pid: Option<u32>,
    },
    /// There is no such file (where one is needed).
    NoSuchFile {
        path: PathBuf,
    },
    /// The file has no bytes at all.
    EmptyFile {
        path: PathBuf,
    },
    /// A database without tables.
    NoTables {
        path: PathBuf,
    },
    /// The file is something else than a database.
    NotADatabase {
        path: PathBuf,
    },
    /// A database, but of another program.
    NotOurs {
        path: PathBuf,
        tables: Vec<String>,
    },
    /// Written by a newer version of this program, or of the original.
    Newer {
        path: PathBuf,
    },
    /// Of an older version, and only a start of the bot upgrades it.
    Older {
        path: PathBuf,
    },
    /// Encrypted, and no key is configured.
    MissingKey {
        path: PathBuf,
    },
    /// Encrypted, and this key or these cipher settings do not open it.
    WrongKey {
        path: PathBuf,
    },
    /// A key is configured, but the file is not encrypted.
    NotEncrypted {
        path: PathBuf,
    },
    /// The linked library took the key and ignored it.
    CannotEncrypt,
    /// The library refused a pragma of the config; counted from 1.
    PragmaRefused {
        number: usize,
    },
    /// The library refused the finished key template.
    KeyRefused,
    Io {
        path: PathBuf,
        doing: &'static str,
        error: io::Error,
    },
    Store {
        path: PathBuf,
        error: StoreError,
    },
    /// The PostgreSQL database at this address could not be opened.
    #[cfg(feature = "postgres")]
    Server {
        server: String,
        /// Where the host has set the URL.
        source: &'static str,
        problem: crate::store::Problem,
    },
}

impl OpenError {
    /// Whether only a change by the host can make the database open.
    pub fn needs_the_host(&self) -> bool {
        match self {
            Self::EmptyFile { .. }
            | Self::NoTables { .. }
            | Self::NotADatabase { .. }
            | Self::NotOurs { .. }
            | Self::Newer { .. }
            | Self::MissingKey { .. }
            | Self::WrongKey { .. }
            | Self::NotEncrypted { .. }
            | Self::CannotEncrypt
            | Self::PragmaRefused { .. }
            | Self::KeyRefused => true,
            Self::Io { error, .. } => matches!(
                error.kind(),
                io::ErrorKind::InvalidInput | io::ErrorKind::PermissionDenied
            ),
            #[cfg(feature = "postgres")]
            Self::Server { problem, .. } => problem.needs_the_host(),
            // Another bot may be stopping, a disk may be mounted later.
            Self::Older { .. }
            | Self::AlreadyRunning { .. }
            | Self::NoSuchFile { .. }
            | Self::Store { .. } => false,
        }
    }

    /// The same error for another path: the bot had opened a copy of that file to check it.
    pub(super) fn about(mut self, file: &std::path::Path) -> Self {
        if let Self::NoSuchFile { path }
        | Self::EmptyFile { path }
        | Self::NoTables { path }
        | Self::NotADatabase { path }
        | Self::NotOurs { path, .. }
        | Self::Newer { path }
        | Self::Older { path }
        | Self::MissingKey { path }
        | Self::WrongKey { path }
        | Self::NotEncrypted { path }
        | Self::Io { path, .. }
        | Self::Store { path, .. } = &mut self
        {
            file.clone_into(path);
        }
        self
    }

    pub(super) fn store<E: Into<StoreError>>(path: &std::path::Path) -> impl FnOnce(E) -> Self {
        let path = path.to_owned();
        move |error| Self::Store {
            path,
            error: error.into(),
        }
    }

    pub(super) fn io(
        path: &std::path::Path,
        doing: &'static str,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |error| Self::Io { path, doing, error }
    }
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AlreadyRunning { path, pid } => {
                write!(f, "{} is in use by another theticketbot", path.display())?;
                if let Some(pid) = pid {
                    write!(f, " (process {pid})")?;
                }
                f.write_str("; stop that one first, or set another path in [db]")
            }
            Self::NoSuchFile { path } => write!(
                f,
                "there is no database at {}; start the bot once, or check path in [db]",
                path.display()
            ),
            Self::EmptyFile { path } => write!(
                f,
                "{} is an empty file, not a database; restore a backup, or delete it to start over",
                path.display()
            ),
            Self::NoTables { path } => write!(
                f,
                "{} is an empty database; restore a backup",
                path.display()
            ),
            Self::NotADatabase { path } => write!(
                f,
                "{} is not an SQLite database; check the path",
                path.display()
            ),
            Self::NotOurs { path, tables } => write!(
                f,
                "{} is a database of another program (it has the tables {}); check the path",
                path.display(),
                tables.join(", ")
            ),
            Self::Newer { path } => write!(
                f,
                "{} was written by a newer version; update theticketbot, or restore the copy that \
                 was made before that update",
                path.display()
            ),
            Self::Older { path } => write!(
                f,
                "{} was written by an older version; start the bot once, which upgrades it, and try \
                 again",
                path.display()
            ),
            Self::MissingKey { path } => write!(
                f,
                "{} is encrypted, but no key is configured; set key_template in [db], for example \
                 key_template = \"PRAGMA key = '{{}}'\"",
                path.display()
            ),
            Self::WrongKey { path } => write!(
                f,
                "the key does not open {}; check the key, and that pragmas and key_template in \
                 [db] are those it was encrypted with",
                path.display()
            ),
            Self::NotEncrypted { path } => write!(
                f,
                "{} is not encrypted, but key_template is set in [db]; encrypt it with \
                 `theticketbot db encrypt`, or remove key_template",
                path.display()
            ),
            Self::CannotEncrypt => f.write_str(
                "key_template is set in [db], but the SQLite library that this program was built \
                 with cannot encrypt",
            ),
            Self::PragmaRefused { number } => write!(
                f,
                "the database refused number {number} of the pragmas in [db]; check it against \
                 the documentation of your cipher"
            ),
            Self::KeyRefused => f.write_str(
                "the database refused the key pragma; check key_template in [db], and that the \
                 key has the form it wants (hexkey: only 0-9 and a-f)",
            ),
            Self::Io { path, doing, error } => {
                write!(f, "cannot {doing} {}: {error}", path.display())?;
                if error.kind() == io::ErrorKind::PermissionDenied {
                    f.write_str(
                        "; the user who runs theticketbot must be able to read and write it",
                    )?;
                }
                Ok(())
            }
            Self::Store { path, error } => write!(f, "{}: {error}", path.display()),
            #[cfg(feature = "postgres")]
            Self::Server {
                server,
                source,
                problem,
            } => problem.describe(server, source, f),
        }
    }
}

impl std::error::Error for OpenError {}
