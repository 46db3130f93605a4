//! Opening database files of all kinds: new, old, the original's, foreign, broken, encrypted.

mod encryption;
mod files;
mod migrating;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use rusqlite::Connection;
use tempfile::TempDir;
use theticketbot::store::{Access, KeyTemplate, OpenError, Pragma, Scope, Store, maintain};
use tickets::inbox::Inbox;
use tickets::setting::Settings;
use tickets::ticket::{Phase, Presence, State, Ticket};
use tickets::{ChannelId, GuildId, InboxId, Mention, MessageId, RoleId, Timestamp, UserId};

/// The key of the encrypted files in `data/db`.
const KEY: &str = "it's a key";

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data/db")
        .join(name)
}

/// A copy of a file in `data/db`, in its own folder.
fn copy_of(name: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("theticketbot.db");
    fs::copy(data(name), &path).unwrap();
    (folder, path)
}

fn access(path: &Path, pragmas: &[&str], template: &str, key: &str) -> Access {
    let template = KeyTemplate::parse(template).unwrap();
    Access {
        path: path.to_owned(),
        pragmas: pragmas
            .iter()
            .map(|text| Pragma::parse(text).unwrap())
            .collect(),
        key: Some(template.fill(&key.into()).unwrap()),
    }
}

fn with_key(path: &Path, key: &str) -> Access {
    access(path, &[], "PRAGMA key = '{}'", key)
}

fn open_error(access: &Access) -> OpenError {
    match Store::open(access) {
        Ok(_) => panic!("{} was opened", access.path.display()),
        Err(error) => error,
    }
}

fn files_in(folder: &TempDir) -> Vec<String> {
    let names = fs::read_dir(folder.path()).unwrap();
    let mut names: Vec<String> = names
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn tables(conn: &Connection) -> Vec<String> {
    let sql = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name";
    let mut statement = conn.prepare(sql).unwrap();
    let names = statement.query_map([], |row| row.get(0)).unwrap();
    names.map(Result::unwrap).collect()
}

fn user_version(path: &Path) -> i64 {
    let conn = Connection::open(path).unwrap();
    conn.query_row("PRAGMA user_version", [], |row| row.get(0))
        .unwrap()
}
