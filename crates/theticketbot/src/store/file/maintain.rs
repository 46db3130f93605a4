//! What a host does with the file as a whole: copy, check, encrypt, change the key, decrypt.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};
use secrecy::{ExposeSecret, SecretString};

use super::open::{self, Opened, pragma};
use super::sniff::{Sniff, sniff};
use super::{Access, Lock, OpenError, Pragma, StoreError, migrate};
use crate::files;

/// Copies the database, also while a bot runs on it. An encrypted one stays encrypted. The copy is
/// checked before it gets its name, and no other file is touched.
pub fn backup(access: &Access, target: &Path) -> Result<(), OpenError> {
    expect_free(target)?;
    let opened = open::open(&access.at(files::resolve(&access.path)))?;
    let draft = Draft::with_free_name(target)?;
    let problems = copy_into(&opened, draft.path())
        .and_then(|()| check(&opened.access.at(draft.path())))
        .or_else(|error| match error {
            OpenError::Store {
                error: StoreError::Corrupt,
                ..
            } => Ok(vec![error.to_string()]),
            // The draft's name means nothing to a host.
            error => Err(error.about(target)),
        })?;
    if !problems.is_empty() {
        return Err(OpenError::store(&opened.access.path)(StoreError::Corrupt));
    }
    draft.put_in_place(target)
}

/// Lets `write` create a database under another name, and then gives it this one.
#[cfg(feature = "postgres")]
pub fn create<T, E: From<OpenError>>(
    target: &Path,
    write: impl FnOnce(&Path) -> Result<T, E>,
) -> Result<T, E> {
    expect_free(target)?;
    let draft = Draft::with_free_name(target)?;
    // Opening the database must create the file.
    draft.delete();
    let written = write(draft.path())?;
    // After this, the database file must not need a journal.
    let Opened { conn, .. } = open::open(&Access::plain(draft.path()))?;
    without_journal(&conn).map_err(OpenError::store(target))?;
    conn.close()
        .map_err(|(_, error)| OpenError::store(target)(error))?;
    draft.put_in_place(target)?;
    Ok(written)
}

fn expect_free(target: &Path) -> Result<(), OpenError> {
    // SQLite would take a journal that is there already for one of the new file.
    for suffix in ["", "-journal", "-wal"] {
        let taken = files::with_suffix(target, suffix);
        if taken.symlink_metadata().is_ok() {
            let error = std::io::Error::new(ErrorKind::AlreadyExists, "it already exists");
            return Err(OpenError::io(&taken, "write")(error));
        }
    }
    Ok(())
}

/// Puts a copy of `source`, a backup, in the database's place; `source` stays as it is. Refused while
/// a bot runs, and unless the backup opens and is whole. The old file is kept beside it,
/// under the name that is returned.
pub fn restore(access: &Access, source: &Path) -> Result<Option<PathBuf>, OpenError> {
    let path = files::resolve(&access.path);
    let _lock = Lock::acquire(&path)?;
    let is_new = sniff(&path).map_err(OpenError::io(&path, "read"))? == Sniff::Missing;
    if files::resolve(source) == path {
        let message = "it is the database itself";
        let error = std::io::Error::new(ErrorKind::InvalidInput, message);
        return Err(OpenError::io(source, "restore")(error));
    }
    let draft = Draft::beside(&path)?;
    copy_bytes(source, draft.path())?;
    let named = |error: OpenError| error.about(source);
    let opened = open::open(&access.at(draft.path())).map_err(named)?;
    migrate::recognise(&opened.conn, source)?;
    // After this, the database file must not need a journal.
    without_journal(&opened.conn).map_err(OpenError::store(source))?;
    let problems = integrity(&opened.conn).map_err(OpenError::store(source))?;
    if !problems.is_empty() {
        return Err(OpenError::Store {
            path: source.to_owned(),
            error: StoreError::Corrupt,
        });
    }
    opened
        .conn
        .close()
        .map_err(|(_, error)| OpenError::store(source)(error))?;
    let kept = (!is_new).then(|| keep_beside(&path)).transpose()?;
    // Journals of the old file would be taken for journals of the new one.
    for suffix in SIDE_FILES {
        let side = files::with_suffix(&path, suffix);
        files::remove(&side).map_err(OpenError::io(&side, "delete"))?;
    }
    draft.put_in_place(&path)?;
    Ok(kept)
}

/// What SQLite keeps beside a database.
pub(super) const SIDE_FILES: [&str; 3] = ["-journal", "-wal", "-shm"];

/// Copies a database file and its journals, without looking at their content. The target is an empty file or
/// does not exist.
fn copy_bytes(from: &Path, to: &Path) -> Result<(), OpenError> {
    for suffix in ["", "-journal", "-wal"] {
        let (from, to) = (
            files::with_suffix(from, suffix),
            files::with_suffix(to, suffix),
        );
        let is_needed = suffix.is_empty();
        let mut source = match File::open(&from) {
            Err(error) if !is_needed && error.kind() == ErrorKind::NotFound => continue,
            opened => opened.map_err(OpenError::io(&from, "read"))?,
        };
        files::open_or_create(&to)
            .and_then(|mut copy| std::io::copy(&mut source, &mut copy))
            .map_err(OpenError::io(&from, "copy"))?;
    }
    Ok(())
}

/// Copies the database that is about to be replaced, with its journals, to an unused name. It may be damaged.
/// If that fails, for example because the disk is full, no copy is left.
fn keep_beside(path: &Path) -> Result<PathBuf, OpenError> {
    let mut kept = files::with_suffix(path, ".replaced.bak");
    let mut number = 1;
    while is_taken(&kept) {
        number += 1;
        kept = files::with_suffix(path, &format!(".replaced.{number}.bak"));
    }
    let draft = Draft::beside(&kept)?;
    copy_bytes(path, draft.path())?;
    for suffix in SIDE_FILES {
        let side = files::with_suffix(draft.path(), suffix);
        if side.exists() {
            let target = files::with_suffix(&kept, suffix);
            files::replace(&side, &target).map_err(OpenError::io(&target, "write"))?;
        }
    }
    draft.put_in_place(&kept)?;
    Ok(kept)
}

/// Whether there is a file of this name, or one that SQLite would take for its journal.
fn is_taken(path: &Path) -> bool {
    let mut names = SIDE_FILES.into_iter().chain([""]);
    names.any(|suffix| files::with_suffix(path, suffix).symlink_metadata().is_ok())
}

/// Returns what is wrong with the database; an empty list if nothing is. Also works while a bot runs on it.
pub fn check(access: &Access) -> Result<Vec<String>, OpenError> {
    let path = &access.path;
    let Opened { conn, .. } = open::open(access)?;
    integrity(&conn).map_err(OpenError::store(path))
}

/// A database whose key can be changed: it opens, and no bot runs on it.
#[derive(Debug)]
pub struct KeyChange {
    path: PathBuf,
    old: Access,
    opened: Opened,
    _lock: Lock,
}

impl KeyChange {
    pub fn of(old: &Access) -> Result<Self, OpenError> {
        let path = files::resolve(&old.path);
        if sniff(&path).map_err(OpenError::io(&path, "read"))? == Sniff::Missing {
            return Err(OpenError::NoSuchFile { path });
        }
        let lock = Lock::acquire(&path)?;
        Ok(Self {
            opened: open::open(&old.at(&path))?,
            old: old.clone(),
            path,
            _lock: lock,
        })
    }

    /// Rewrites the database under another key, or none, and puts it in the old one's place. The file is
    /// complete at any moment.
    ///
    /// `rekey` is the finished pragma that changes the key; `new` is the way into the result.
    pub fn make(self, rekey: &SecretString, new: &Access) -> Result<(), OpenError> {
        let Self {
            path,
            old,
            opened,
            _lock,
        } = self;
        let draft = Draft::beside(&path)?;
        // After this, the database file must not need a journal, which would not match the new file. This fails
        // if another program has the database open.
        without_journal(&opened.conn).map_err(OpenError::store(&path))?;
        copy_into(&opened, draft.path())?;
        opened
            .conn
            .close()
            .map_err(|(_, error)| OpenError::store(&path)(error))?;

        let Opened { conn, .. } = open::open(&opened.access.at(draft.path()))?;
        if old.key.is_none() {
            fit_page_size(&conn).map_err(OpenError::store(&path))?;
        }
        pragma(&conn, rekey.expose_secret()).map_err(|_| OpenError::KeyRefused)?;
        conn.close()
            .map_err(|(_, error)| OpenError::store(&path)(error))?;

        let plain = sniff(draft.path()).map_err(OpenError::io(&path, "read"))? == Sniff::Plain;
        if plain && new.key.is_some() && !new.keeps_header_readable() {
            return Err(OpenError::CannotEncrypt);
        }
        if !check(&new.at(draft.path()))?.is_empty() {
            return Err(OpenError::Store {
                path,
                error: StoreError::Corrupt,
            });
        }
        let permissions = fs::metadata(&path)
            .and_then(|old| fs::set_permissions(draft.path(), old.permissions()));
        permissions.map_err(OpenError::io(&path, "keep the permissions of"))?;
        draft.put_in_place(&path)
    }
}

/// A file that is written beside the file that it will replace. It is deleted when this is dropped.
#[derive(Debug)]
pub(super) struct Draft {
    path: PathBuf,
}

impl Draft {
    /// A new, empty, private file. A draft that a crash left behind is replaced.
    pub(super) fn beside(target: &Path) -> Result<Self, OpenError> {
        let draft = Self {
            path: files::with_suffix(target, ".new"),
        };
        draft.delete();
        files::create_new(&draft.path)
            .and_then(|file| files::hand_over(&file, &draft.path))
            .map_err(OpenError::io(&draft.path, "create"))?;
        Ok(draft)
    }

    /// Creates a draft with an unused name, for a folder that may contain other people's files.
    fn with_free_name(target: &Path) -> Result<Self, OpenError> {
        let mut number = 1;
        loop {
            let path = files::with_suffix(target, &format!(".{number}.new"));
            if is_taken(&path) {
                number += 1;
                continue;
            }
            // The host knows the target, not the draft.
            files::create_new(&path).map_err(OpenError::io(target, "create"))?;
            return Ok(Self { path });
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn put_in_place(self, target: &Path) -> Result<(), OpenError> {
        files::replace(&self.path, target).map_err(OpenError::io(target, "write"))
    }

    fn delete(&self) {
        for suffix in SIDE_FILES.into_iter().chain(["", ".lock"]) {
            // If a file cannot be deleted here, creating the next draft reports that.
            let _ = files::remove(&files::with_suffix(&self.path, suffix));
        }
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        self.delete();
    }
}

/// Copies page by page into an empty file, which becomes a database of one file without a journal,
/// under the same key.
pub(super) fn copy_into(opened: &Opened, target: &Path) -> Result<(), OpenError> {
    let size = page_size(&opened.conn).map_err(OpenError::store(&opened.access.path))?;
    let mut access = opened.access.at(target);
    // An encrypted copy needs the page size of the original, and it must be set before the key.
    access
        .pragmas
        .push(Pragma::parse(&format!("PRAGMA page_size = {size}")).expect("is one"));
    let mut copy = open::open_new(&access)?;
    copy_pages(&opened.conn, &mut copy.conn)
        .and_then(|()| without_journal(&copy.conn))
        .map_err(OpenError::store(target))?;
    copy.conn
        .close()
        .map_err(|(_, error)| OpenError::store(target)(error))
}

fn page_size(conn: &Connection) -> rusqlite::Result<i64> {
    conn.query_row("PRAGMA page_size", [], |row| row.get(0))
}

/// Gives a plain file the page size that its cipher is going to want, for it cannot change later.
fn fit_page_size(conn: &Connection) -> rusqlite::Result<()> {
    // Ciphers with their own page size say so here; the others take SQLite's usual one.
    let of_cipher = conn.query_row("PRAGMA legacy_page_size", [], |row| row.get::<_, String>(0));
    let wanted = of_cipher
        .ok()
        .and_then(|size| size.parse().ok())
        .filter(|size| *size > 0);
    let wanted: i64 = wanted.unwrap_or(4096);
    if page_size(conn)? != wanted {
        conn.execute_batch(&format!("PRAGMA page_size = {wanted}; VACUUM"))?;
    }
    Ok(())
}

fn copy_pages(from: &Connection, to: &mut Connection) -> rusqlite::Result<()> {
    // All pages are copied in one step. Between two steps, a writer could make the copy start again.
    match Backup::new(from, to)?.step(-1)? {
        StepResult::Done => Ok(()),
        _ => Err(busy()),
    }
}

fn without_journal(conn: &Connection) -> rusqlite::Result<()> {
    let mode: String = conn.query_row("PRAGMA journal_mode = DELETE", [], |row| row.get(0))?;
    if mode == "delete" {
        Ok(())
    } else {
        Err(busy())
    }
}

fn busy() -> rusqlite::Error {
    let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY);
    rusqlite::Error::SqliteFailure(code, None)
}

fn integrity(conn: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut problems: Vec<String> = conn
        .prepare("PRAGMA integrity_check")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    problems.retain(|problem| problem != "ok");
    let dangling = conn
        .prepare("PRAGMA foreign_key_check")?
        .query_map([], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(2)?))
        })?
        .map(|row| row.map(|(from, to)| format!("a row of {from} points to no row of {to}")))
        .collect::<Result<Vec<_>, _>>()?;
    problems.extend(dangling);
    Ok(problems)
}
