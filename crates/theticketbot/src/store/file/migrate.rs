//! Migrates the file at the path to the current schema.
//!
//! The original numbers its schema in `user_version`; 7 is the newest known. This program's additions have
//! their own number, in `setting`, and do not change `user_version`. So the original can open the file
//! afterwards, and later versions of the original can migrate it.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension};

use super::open::{self, Opened};
use super::sniff::{Sniff, sniff};
use super::{Access, Lock, OpenError, StoreError, maintain, old_journal};
use crate::files;
use crate::store::{parents, sql};

/// Opens the database with the current schema. Creates the file if there is none. If its schema is older,
/// copies the file and migrates it. The caller must hold the lock.
pub(in crate::store) fn open_current(access: &Access) -> Result<Connection, OpenError> {
    let access = &access.at(files::resolve(&access.path));
    let path = &access.path;
    if sniff(path).map_err(OpenError::io(path, "read"))? == Sniff::Missing {
        create(access)?;
    }
    let opened = open::open(access)?;
    let shape = Shape::of(&opened.conn, path)?;
    // Only now it is known that the file is a database of this bot.
    keep_private(path);
    let conn = &opened.conn;
    open::configure(conn).map_err(OpenError::store(path))?;
    if shape != Shape::CURRENT {
        if shape != Shape::NOTHING {
            let copy = copy_beside(&opened, shape)?;
            tracing::info!(
                copy = %copy.display(),
                "upgrading the database; a copy of the old one is kept"
            );
        }
        in_transaction(conn, |conn| upgrade(conn, shape)).map_err(OpenError::store(path))?;
    }
    // The original never drops rows that are no longer needed.
    in_transaction(conn, |conn| parents::sweep(conn)).map_err(OpenError::store(path))?;
    Ok(opened.conn)
}

/// Removes other users' access. The original's files are readable by everybody, but a database contains what
/// only its host should read. New side files get the same permissions as the database.
fn keep_private(path: &Path) {
    for suffix in maintain::SIDE_FILES.into_iter().chain([""]) {
        let file = files::with_suffix(path, suffix);
        match files::make_private(&file) {
            Ok(false) => {}
            Ok(true) => {
                tracing::info!(file = %file.display(), "other users can no longer read this file");
            }
            Err(error) => {
                tracing::warn!(
                    file = %file.display(), %error,
                    "other users may be able to read this file, and its permissions could not be \
                     changed"
                );
            }
        }
    }
}

/// Checks that this version can open the database, with the current schema or an older one.
pub(super) fn recognise(conn: &Connection, path: &Path) -> Result<(), OpenError> {
    match Shape::of(conn, path)? {
        Shape::NOTHING => Err(OpenError::NoTables {
            path: path.to_owned(),
        }),
        _ => Ok(()),
    }
}

/// Opens an existing database with the current schema. Returns the lock, or `None` if a bot has it.
pub(in crate::store) fn open_beside(
    access: &Access,
) -> Result<(Connection, Option<Lock>), OpenError> {
    let path = files::resolve(&access.path);
    if sniff(&path).map_err(OpenError::io(&path, "read"))? == Sniff::Missing {
        return Err(OpenError::NoSuchFile { path });
    }
    let lock = match Lock::acquire(&path) {
        Ok(lock) => Some(lock),
        Err(OpenError::AlreadyRunning { .. }) => None,
        Err(error) => return Err(error),
    };
    let conn = open::open(&access.at(&path))?.conn;
    expect_current(&conn, &path)?;
    open::configure(&conn).map_err(OpenError::store(&path))?;
    Ok((conn, lock))
}

/// Checks that the database needs no migration.
fn expect_current(conn: &Connection, path: &Path) -> Result<(), OpenError> {
    recognise(conn, path)?;
    match Shape::of(conn, path)? {
        Shape::CURRENT => Ok(()),
        _ => Err(OpenError::Older {
            path: path.to_owned(),
        }),
    }
}

/// What is in the file: the original's number and ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shape {
    base: usize,
    additions: usize,
}

impl Shape {
    const NOTHING: Self = Self {
        base: 0,
        additions: 0,
    };
    const CURRENT: Self = Self {
        base: BASE.len(),
        additions: ADDITIONS.len(),
    };

    fn of(conn: &Connection, path: &Path) -> Result<Self, OpenError> {
        let read = || -> rusqlite::Result<(i64, Vec<String>, Option<i64>)> {
            let base = conn.query_row("PRAGMA user_version", [], |row| row.get(0))?;
            let tables = tables(conn)?;
            let has_settings = tables.iter().any(|table| table == "setting");
            let additions = if has_settings { additions(conn)? } else { None };
            Ok((base, tables, additions))
        };
        let (base, tables, additions) = read().map_err(OpenError::store(path))?;
        let ours = ORIGINAL_TABLES
            .iter()
            .all(|name| tables.iter().any(|table| table == name));
        let path = path.to_owned();
        match (
            usize::try_from(base),
            usize::try_from(additions.unwrap_or(0)),
        ) {
            (Ok(0), _) if tables.is_empty() => Ok(Self::NOTHING),
            (Ok(0) | Err(_), _) | (_, Err(_)) => Err(OpenError::NotOurs { path, tables }),
            _ if !ours => Err(OpenError::NotOurs { path, tables }),
            (Ok(base), Ok(additions))
                if base > Self::CURRENT.base || additions > Self::CURRENT.additions =>
            {
                Err(OpenError::Newer { path })
            }
            (Ok(base), Ok(additions)) => Ok(Self { base, additions }),
        }
    }
}

/// The tables that every version of the original has.
const ORIGINAL_TABLES: [&str; 8] = [
    "channel",
    "guild",
    "inbox",
    "inbox_staff",
    "member",
    "message",
    "ticket",
    "user",
];

/// The steps of the original: what brings `user_version` from n to n + 1.
const BASE: [&str; 7] = [
    include_str!("../migrations/base-1.sql"),
    include_str!("../migrations/base-2.sql"),
    include_str!("../migrations/base-3.sql"),
    include_str!("../migrations/base-4.sql"),
    include_str!("../migrations/base-5.sql"),
    include_str!("../migrations/base-6.sql"),
    include_str!("../migrations/base-7.sql"),
];

/// The migrations of this program. They add only columns with defaults to the original's tables, because the
/// original must be able to open the file afterwards.
const ADDITIONS: [Addition; 12] = [
    Addition::sql(include_str!("../migrations/additions-1.sql")),
    Addition::sql(include_str!("../migrations/additions-2.sql")),
    Addition::sql(include_str!("../migrations/additions-3.sql")),
    Addition::sql(include_str!("../migrations/additions-4.sql")),
    Addition::sql(include_str!("../migrations/additions-5.sql")),
    Addition {
        sql: include_str!("../migrations/additions-6.sql"),
        code: Some(old_journal::move_into_journal),
    },
    Addition::sql(include_str!("../migrations/additions-7.sql")),
    Addition::sql(include_str!("../migrations/additions-8.sql")),
    Addition::sql(include_str!("../migrations/additions-9.sql")),
    Addition::sql(include_str!("../migrations/additions-10.sql")),
    Addition::sql(include_str!("../migrations/additions-11.sql")),
    Addition::sql(include_str!("../migrations/additions-12.sql")),
];

/// One step of [`ADDITIONS`].
struct Addition {
    sql: &'static str,
    /// What SQL alone cannot do; runs after it.
    code: Option<fn(&sql::Connection) -> sql::Result<()>>,
}

impl Addition {
    const fn sql(sql: &'static str) -> Self {
        Self { sql, code: None }
    }
}

/// The setting that counts the steps of [`ADDITIONS`].
const ADDITIONS_SETTING: &str = "additions-version";

fn tables(conn: &Connection) -> rusqlite::Result<Vec<String>> {
    conn.prepare(
        "SELECT name FROM sqlite_master
         WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
    )?
    .query_map([], |row| row.get(0))?
    .collect()
}

fn additions(conn: &Connection) -> rusqlite::Result<Option<i64>> {
    conn.query_row(
        "SELECT CAST(value AS INTEGER) FROM setting WHERE name = ?",
        [ADDITIONS_SETTING],
        |row| row.get(0),
    )
    .optional()
}

fn upgrade(conn: &Connection, from: Shape) -> Result<(), StoreError> {
    for step in BASE.iter().skip(from.base) {
        conn.execute_batch(step)?;
    }
    for addition in ADDITIONS.iter().skip(from.additions) {
        conn.execute_batch(addition.sql)?;
        if let Some(code) = addition.code {
            code(conn)?;
        }
    }
    conn.pragma_update(None, "user_version", number(BASE.len()))?;
    conn.execute(
        "INSERT INTO setting (name, value) VALUES (?1, ?2)
         ON CONFLICT (name) DO UPDATE SET value = ?2",
        (ADDITIONS_SETTING, number(ADDITIONS.len())),
    )?;
    Ok(())
}

fn number(steps: usize) -> i64 {
    i64::try_from(steps).expect("there are a handful of steps")
}

fn in_transaction(
    conn: &Connection,
    work: impl FnOnce(&Connection) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let behaviour = rusqlite::TransactionBehavior::Immediate;
    let transaction = rusqlite::Transaction::new_unchecked(conn, behaviour)?;
    work(&transaction)?;
    Ok(transaction.commit()?)
}

/// Writes the file under another name first, so that a crash leaves no file or a complete one.
fn create(access: &Access) -> Result<(), OpenError> {
    let path = &access.path;
    let draft = maintain::Draft::beside(path)?;
    let opened = open::open_new(&access.at(draft.path()))?;
    in_transaction(&opened.conn, |conn| upgrade(conn, Shape::NOTHING))
        .map_err(OpenError::store(path))?;
    opened
        .conn
        .close()
        .map_err(|(_, error)| OpenError::store(path)(error))?;
    let looks = sniff(draft.path()).map_err(OpenError::io(path, "read"))?;
    if looks == Sniff::Plain && access.key.is_some() && !access.keeps_header_readable() {
        return Err(OpenError::CannotEncrypt);
    }
    draft.put_in_place(path)
}

/// Copies the database to an unused name beside it.
fn copy_beside(opened: &Opened, shape: Shape) -> Result<PathBuf, OpenError> {
    let path = &opened.access.path;
    let version = match shape.additions {
        0 => format!(".v{}", shape.base),
        additions => format!(".v{}-{additions}", shape.base),
    };
    let mut copy = files::with_suffix(path, &format!("{version}.bak"));
    let mut number = 1;
    while copy.exists() {
        number += 1;
        copy = files::with_suffix(path, &format!("{version}.{number}.bak"));
    }
    let draft = maintain::Draft::beside(&copy)?;
    maintain::copy_into(opened, draft.path())?;
    draft.put_in_place(&copy)?;
    Ok(copy)
}
