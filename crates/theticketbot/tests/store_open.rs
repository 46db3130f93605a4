//! Opening database files of all kinds: new, old, the original's, foreign, broken, encrypted.

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

/// A copy of a file in `data/db`, in a folder of its own.
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

#[tokio::test]
async fn an_original_of_any_version_is_migrated_and_a_copy_kept() {
    for version in 1..=7 {
        let (folder, path) = copy_of(&format!("original-v{version}.db"));
        let store = Store::open(&Access::plain(&path)).unwrap();
        let inbox = Inbox {
            id: InboxId(300),
            guild: GuildId(100),
            channel: ChannelId(200),
            message: MessageId(300),
            destination: (version >= 5).then_some(ChannelId(201)),
            staff: vec![
                Mention::Role(RoleId(7)),
                Mention::User(UserId(501)),
                Mention::Role(RoleId(3)),
            ],
            starter: "Hello $author".to_owned(),
            name: match version {
                1 => "",
                // The original's own step, too, takes the start of a longer name along.
                _ => "$author ${author} $authord",
            }
            .to_owned(),
            max_tickets_per_user: 1,
            settings: Settings::default(),
        };
        assert_eq!(
            store.inboxes_in(GuildId(100)).await.unwrap(),
            [inbox],
            "v{version}"
        );
        let ticket = |id, inbox, owner| Ticket {
            id: ChannelId(id),
            guild: GuildId(100),
            inbox,
            owner,
            // The original invited the owner, and did not note who came or what was closed.
            state: State {
                presence: Presence::Present,
                phase: Phase::Open,
            },
            own_message: None,
            claimed_by: None,
            hidden_since: None,
            is_alone: false,
        };
        let (inbox, owner) = (Some(InboxId(300)), Some(UserId(500)));
        for ticket in [
            ticket(402, inbox, None),
            ticket(401, None, owner),
            ticket(400, inbox, owner),
        ] {
            let found = store.ticket(ticket.id).await.unwrap();
            assert_eq!(found, Some(ticket), "v{version}");
        }
        // Of an old ticket, only the thread's age tells when it was opened.
        let opened = store.last_opened(InboxId(300), UserId(500)).await.unwrap();
        assert_eq!(opened, Some(Timestamp::of_snowflake(400)));
        let number = store.next_number(InboxId(300)).await.unwrap();
        assert_eq!(
            number,
            Some(if version >= 3 { 42 } else { 1 }),
            "v{version}"
        );
        drop(store);

        assert_eq!(user_version(&path), 7, "the original knows no other");
        let backup = format!("theticketbot.db.v{version}.bak");
        assert_eq!(
            files_in(&folder),
            ["theticketbot.db", "theticketbot.db.lock", &backup]
                .map(str::to_owned)
                .into_iter()
                .collect::<std::collections::BTreeSet<_>>()
                .into_iter()
                .collect::<Vec<_>>()
        );
        let backup = folder.path().join(backup);
        assert_eq!(user_version(&backup), version);
        let conn = Connection::open(&backup).unwrap();
        let tables = "SELECT count(*) FROM sqlite_master WHERE name IN ('journal', 'cooldown')";
        assert_eq!(
            conn.query_row(tables, [], |row| row.get::<_, i64>(0)),
            Ok(0),
            "as it was"
        );
        // Opening it again migrates nothing and copies nothing.
        let before = files_in(&folder).len();
        drop(Store::open(&Access::plain(&path)).unwrap());
        assert_eq!(files_in(&folder).len(), before);
    }
}

#[test]
fn what_the_original_left_unused_is_dropped() {
    let (_folder, path) = copy_of("original-v7.db");
    drop(Store::open(&Access::plain(&path)).unwrap());
    let conn = Connection::open(&path).unwrap();
    let ids = |sql: &str| -> Vec<i64> {
        conn.prepare(sql)
            .unwrap()
            .query_map([], |row| row.get(0))
            .unwrap()
            .flatten()
            .collect()
    };
    assert_eq!(
        ids("SELECT id FROM channel ORDER BY id"),
        [200, 201, 400, 401, 402]
    );
    assert_eq!(ids("SELECT id FROM user"), [500]);
    assert_eq!(ids("SELECT id FROM guild"), [100]);
}

#[test]
fn a_fresh_database_has_the_shape_of_a_migrated_one() {
    let shape = |path: &Path| -> Vec<String> {
        let conn = Connection::open(path).unwrap();
        let mut shape = tables(&conn);
        for table in [
            "user",
            "guild",
            "member",
            "channel",
            "message",
            "inbox",
            "inbox_staff",
            "ticket",
            "setting",
            "cooldown",
            "journal",
            "guild_setting",
            "inbox_setting",
            "handover_session",
            "handover_server",
        ] {
            for pragma in ["table_info", "foreign_key_list", "index_list"] {
                let mut statement = conn.prepare(&format!("PRAGMA {pragma}({table})")).unwrap();
                let columns = statement.column_count();
                let mut rows = statement.query([]).unwrap();
                while let Some(row) = rows.next().unwrap() {
                    let values: Vec<rusqlite::types::Value> = (0..columns)
                        .map(|column| row.get(column).unwrap())
                        .collect();
                    shape.push(format!("{table} {pragma} {values:?}"));
                }
            }
        }
        shape
    };
    let (_folder, migrated) = copy_of("original-v7.db");
    drop(Store::open(&Access::plain(&migrated)).unwrap());
    let folder = tempfile::tempdir().unwrap();
    let fresh = folder.path().join("deep/down/fresh.db");
    drop(Store::open(&Access::plain(&fresh)).unwrap());
    assert_eq!(shape(&fresh), shape(&migrated));
}

/// The statements are the original's own: they name its columns and no others.
#[tokio::test]
async fn what_the_original_writes_afterwards_is_understood() {
    let (_folder, migrated) = copy_of("original-v7.db");
    let folder = tempfile::tempdir().unwrap();
    let fresh = folder.path().join("fresh.db");
    for path in [&migrated, &fresh] {
        drop(Store::open(&Access::plain(path)).unwrap());
        let conn = Connection::open(path).unwrap();
        conn.execute_batch(
            "PRAGMA foreign_keys = ON;
             INSERT OR IGNORE INTO guild (id) VALUES (100);
             INSERT INTO channel (id, guild_id) VALUES (203, 100), (403, 100);
             INSERT INTO message (id, channel_id) VALUES (303, 203);
             INSERT INTO inbox (id, starter_content, max_tickets_per_user) VALUES (303, '', 2);
             INSERT INTO inbox_staff (inbox_id, mention) VALUES (303, '<@&7>');
             UPDATE inbox SET counter = counter + 1, destination_id = 203 WHERE id = 303;
             INSERT OR IGNORE INTO user (id) VALUES (500);
             INSERT OR IGNORE INTO member (guild_id, user_id) VALUES (100, 500);
             INSERT INTO ticket (id, inbox_id, owner_id) VALUES (403, 303, 500);
             INSERT INTO setting (name, value) VALUES ('last-sync-version', 9)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value;
             DELETE FROM channel WHERE id = 400;",
        )
        .unwrap();
        drop(conn);
        let store = Store::open(&Access::plain(path)).unwrap();
        let ticket = store.ticket(ChannelId(403)).await.unwrap().unwrap();
        assert_eq!(ticket.state.presence, Presence::Present);
        assert_eq!(ticket.state.phase, Phase::Open);
        assert_eq!(ticket.inbox, Some(InboxId(303)));
        let inbox = store.inbox(InboxId(303)).await.unwrap().unwrap();
        assert_eq!(inbox.staff, [Mention::Role(RoleId(7))]);
        assert_eq!(inbox.destination, Some(ChannelId(203)));
        assert_eq!(store.next_number(InboxId(303)).await.unwrap(), Some(2));
        let version = store.setting(Scope::Bot, "last-sync-version").await;
        assert_eq!(version.unwrap().as_deref(), Some("9"));
        assert_eq!(store.ticket(ChannelId(400)).await.unwrap(), None);
    }
}

#[test]
fn an_earlier_copy_is_never_overwritten() {
    let (folder, path) = copy_of("original-v3.db");
    let taken = folder.path().join("theticketbot.db.v3.bak");
    fs::write(&taken, "precious").unwrap();
    drop(Store::open(&Access::plain(&path)).unwrap());
    assert_eq!(fs::read_to_string(&taken).unwrap(), "precious");
    assert_eq!(
        user_version(&folder.path().join("theticketbot.db.v3.2.bak")),
        3
    );
}

#[test]
fn what_is_not_ours_is_told_and_left_alone() {
    type Expected = fn(&OpenError) -> bool;
    let sql = |sql: &str| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        Connection::open(&path).unwrap().execute_batch(sql).unwrap();
        fs::read(&path).unwrap()
    };
    let original = fs::read(data("original-v7.db")).unwrap();
    let newer_original = {
        let (_folder, path) = copy_of("original-v7.db");
        Connection::open(&path)
            .unwrap()
            .execute_batch("PRAGMA user_version = 8")
            .unwrap();
        fs::read(&path).unwrap()
    };
    let newer_ours = {
        let (_folder, path) = copy_of("original-v7.db");
        drop(Store::open(&Access::plain(&path)).unwrap());
        let conn = Connection::open(&path).unwrap();
        conn.execute_batch("UPDATE setting SET value = 99 WHERE name = 'additions-version'; PRAGMA journal_mode = DELETE")
            .unwrap();
        drop(conn);
        fs::read(&path).unwrap()
    };
    let cases: [(&str, Vec<u8>, Expected); 9] = [
        ("empty", Vec::new(), |e| {
            matches!(e, OpenError::EmptyFile { .. })
        }),
        ("text", b"my notes".to_vec(), |e| {
            matches!(e, OpenError::NotADatabase { .. })
        }),
        ("long text", b"my notes".repeat(512), |e| {
            matches!(e, OpenError::NotADatabase { .. })
        }),
        ("cut", original[..700].to_vec(), |e| {
            matches!(e, OpenError::NotADatabase { .. } | OpenError::Store { .. })
        }),
        (
            "other tables",
            sql("CREATE TABLE song (x)"),
            |e| matches!(e, OpenError::NotOurs { tables, .. } if tables == &["song"]),
        ),
        (
            "other numbered tables",
            sql("CREATE TABLE song (x); PRAGMA user_version = 3"),
            |e| matches!(e, OpenError::NotOurs { .. }),
        ),
        (
            "negative",
            sql("CREATE TABLE ticket (x); PRAGMA user_version = -1"),
            |e| matches!(e, OpenError::NotOurs { .. }),
        ),
        ("newer original", newer_original, |e| {
            matches!(e, OpenError::Newer { .. })
        }),
        ("newer of ours", newer_ours, |e| {
            matches!(e, OpenError::Newer { .. })
        }),
    ];
    for (name, bytes, expected) in cases {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("theticketbot.db");
        fs::write(&path, &bytes).unwrap();
        let error = open_error(&Access::plain(&path));
        assert!(expected(&error), "{name}: {error}");
        assert_eq!(fs::read(&path).unwrap(), bytes, "{name} is unchanged");
        assert_eq!(
            files_in(&folder),
            ["theticketbot.db", "theticketbot.db.lock"],
            "{name}"
        );
    }
}

#[test]
fn a_database_without_tables_is_filled() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("theticketbot.db");
    // What the original leaves when it is stopped before its first migration.
    Connection::open(&path)
        .unwrap()
        .execute_batch("PRAGMA journal_mode = WAL")
        .unwrap();
    drop(Store::open(&Access::plain(&path)).unwrap());
    assert_eq!(user_version(&path), 7);
    assert_eq!(
        files_in(&folder),
        ["theticketbot.db", "theticketbot.db.lock"]
    );
}

#[cfg(unix)]
#[test]
fn a_database_that_is_taken_over_is_closed_to_others_with_its_side_files() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, path) = copy_of("original-v7.db");
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    // The original was killed: its journal is there still.
    let conn = Connection::open(&path).unwrap();
    conn.execute_batch("PRAGMA journal_mode = WAL; UPDATE ticket SET inbox_id = inbox_id")
        .unwrap();
    for name in files_in(&folder) {
        let open = fs::Permissions::from_mode(0o644);
        fs::set_permissions(folder.path().join(name), open).unwrap();
    }
    assert!(folder.path().join("theticketbot.db-wal").exists());
    let store = Store::open(&Access::plain(&path)).unwrap();
    for name in files_in(&folder) {
        assert_eq!(mode(&folder.path().join(&name)), 0o600, "{name}");
    }
    drop((store, conn));
}

/// A backup that is copied over the database of a bot that was killed would be read together with the
/// old journal: damaged, or as if it had not been copied at all.
#[test]
fn a_restored_backup_is_not_mixed_with_the_old_journal() {
    let (folder, path) = copy_of("original-v7.db");
    let access = Access::plain(&path);
    let backup = folder.path().join("backup.db");
    drop(Store::open(&access).unwrap());
    maintain::backup(&access, &backup).unwrap();
    let count = |path: &Path| -> i64 {
        let conn = Connection::open(path).unwrap();
        conn.query_row("SELECT count(*) FROM ticket", [], |row| row.get(0))
            .unwrap()
    };
    // As a bot that is killed leaves it: what it has done is in the journal only.
    let killed = tempfile::tempdir().unwrap();
    let conn = Connection::open(&path).unwrap();
    conn.execute_batch("PRAGMA journal_mode = WAL; DELETE FROM ticket")
        .unwrap();
    for suffix in ["", "-wal", "-shm"] {
        let name = format!("theticketbot.db{suffix}");
        fs::copy(folder.path().join(&name), killed.path().join(&name)).unwrap();
    }
    let wal = fs::metadata(killed.path().join("theticketbot.db-wal")).unwrap();
    assert!(wal.len() > 0);
    let path = killed.path().join("theticketbot.db");
    let access = Access::plain(&path);
    let kept = maintain::restore(&access, &backup).unwrap();
    assert_eq!(count(&path), 3);
    assert_eq!(maintain::check(&access).unwrap(), Vec::<String>::new());
    assert_eq!(
        count(&kept.unwrap()),
        0,
        "what was there before is whole, too"
    );
    // Again, while a bot runs: refused. And a second time under another name.
    let store = Store::open(&access).unwrap();
    let refused = maintain::restore(&access, &backup).unwrap_err();
    assert!(
        matches!(refused, OpenError::AlreadyRunning { .. }),
        "{refused}"
    );
    drop(store);
    let again = maintain::restore(&access, &backup).unwrap().unwrap();
    assert!(again.ends_with("theticketbot.db.replaced.2.bak"));
    drop(conn);
}

#[test]
fn a_backup_touches_no_other_file() {
    let (folder, path) = copy_of("original-v7.db");
    let access = Access::plain(&path);
    let before = files_in(&folder);
    let others = [
        "copy.db.new",
        "copy.db.new-wal",
        "copy.db.1.new",
        "copy.db.2.new-shm",
    ];
    for name in others {
        fs::write(folder.path().join(name), name).unwrap();
    }
    maintain::backup(&access, &folder.path().join("copy.db")).unwrap();
    for name in others {
        let content = fs::read_to_string(folder.path().join(name)).unwrap();
        assert_eq!(content, name);
        fs::remove_file(folder.path().join(name)).unwrap();
    }
    let mut after = files_in(&folder);
    after.retain(|name| name != "copy.db");
    assert_eq!(after, before);
    // A journal that is there already would be taken for the copy's.
    for name in ["other.db-wal", "other.db-journal", "other.db"] {
        fs::write(folder.path().join(name), "x").unwrap();
        let error = maintain::backup(&access, &folder.path().join("other.db")).unwrap_err();
        assert!(error.to_string().contains(name), "{error}");
        fs::remove_file(folder.path().join(name)).unwrap();
    }
}

#[cfg(unix)]
#[tokio::test]
async fn new_files_and_folders_are_closed_to_others() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data/theticketbot.db");
    let store = Store::open(&Access::plain(&path)).unwrap();
    store
        .set_setting(Scope::Bot, "a", Some("b".to_owned()))
        .await
        .unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    for suffix in ["", "-wal", "-shm", ".lock"] {
        let name = format!("{}{suffix}", path.display());
        assert_eq!(mode(Path::new(&name)), 0o600, "{suffix}");
    }
}

#[test]
fn a_second_bot_is_refused_by_name_of_the_first() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("theticketbot.db");
    let first = Store::open(&Access::plain(&path)).unwrap();
    let other_name = folder.path().join("link.db");
    #[cfg(unix)]
    std::os::unix::fs::symlink(&path, &other_name).unwrap();
    #[cfg(not(unix))]
    let other_name = path.clone();
    for path in [&path, &other_name] {
        match open_error(&Access::plain(path)) {
            OpenError::AlreadyRunning { pid, .. } => assert_eq!(pid, Some(std::process::id())),
            other => panic!("{other}"),
        }
    }
    drop(first);
    drop(Store::open(&Access::plain(&path)).unwrap());
}

#[tokio::test]
async fn files_of_other_programs_open_with_their_pragmas() {
    let hexkey = "PRAGMA hexkey = '{}'";
    let key = "PRAGMA key = '{}'";
    for (name, pragmas, template, password) in [
        ("mc-chacha20.db", &[][..], key, KEY),
        (
            "mc-chacha20.db",
            &["PRAGMA cipher = 'chacha20'"],
            "PRAGMA key = \"{}\"",
            KEY,
        ),
        ("mc-aes128cbc.db", &["PRAGMA cipher = aes128cbc;"], key, KEY),
        ("mc-aes256cbc.db", &["PRAGMA cipher = aes256cbc"], key, KEY),
        ("mc-rc4.db", &["PRAGMA cipher = rc4"], key, KEY),
        ("mc-ascon128.db", &["PRAGMA cipher = ascon128"], key, KEY),
        ("mc-aegis.db", &["PRAGMA cipher = aegis"], key, KEY),
        (
            "mc-sqlcipher-hexkey.db",
            &["PRAGMA cipher = sqlcipher", "PRAGMA kdf_iter = 5120"],
            hexkey,
            "00ff27",
        ),
        ("sqlcipher-4.db", &[], key, KEY),
        (
            "sqlcipher-4.db",
            &["PRAGMA cipher = sqlcipher", "PRAGMA legacy = 4"],
            key,
            KEY,
        ),
        (
            "sqlcipher-3.db",
            &["PRAGMA cipher = sqlcipher", "PRAGMA legacy = 3"],
            key,
            KEY,
        ),
    ] {
        let (_folder, path) = copy_of(name);
        let right = access(&path, pragmas, template, password);
        assert_eq!(
            maintain::check(&right).unwrap(),
            Vec::<String>::new(),
            "{name}"
        );
        let wrong = access(&path, pragmas, template, "00ff28");
        let error = maintain::check(&wrong).unwrap_err();
        assert!(
            matches!(error, OpenError::WrongKey { .. }),
            "{name}: {error}"
        );
        let error = maintain::check(&Access::plain(&path)).unwrap_err();
        assert!(
            matches!(error, OpenError::MissingKey { .. }),
            "{name}: {error}"
        );
    }
}

#[test]
fn a_plain_file_with_a_key_is_told() {
    let (_folder, path) = copy_of("original-v7.db");
    let error = open_error(&with_key(&path, KEY));
    assert!(matches!(error, OpenError::NotEncrypted { .. }), "{error}");
    assert_eq!(
        fs::read(&path).unwrap(),
        fs::read(data("original-v7.db")).unwrap()
    );
}

#[test]
fn refused_pragmas_are_told_without_what_is_in_them() {
    let (_folder, path) = copy_of("mc-chacha20.db");
    for (pragmas, template, key) in [
        (&["PRAGMA cipher = secret99"][..], "PRAGMA key = '{}'", KEY),
        (&["PRAGMA x = secret99 secret99"], "PRAGMA key = '{}'", KEY),
        (&[], "PRAGMA key = secret99 {}", "secret99"),
        (&[], "PRAGMA hexkey = '{}'", "secret99"),
    ] {
        let error = maintain::check(&access(&path, pragmas, template, key)).unwrap_err();
        let expected = matches!(
            error,
            OpenError::PragmaRefused { number: 1 }
                | OpenError::KeyRefused
                | OpenError::WrongKey { .. }
        );
        assert!(expected, "{error}");
        assert!(
            !format!("{error} {error:?}").contains("secret99"),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn an_encrypted_database_stays_encrypted_through_creation_migration_and_copies() {
    // SQLCipher's own file, by its key alone, has to be migrated: its copy is encrypted, too.
    let (folder, path) = copy_of("sqlcipher-4.db");
    let store = Store::open(&with_key(&path, KEY)).unwrap();
    let tickets = store.unfinished_tickets(GuildId(100), vec![], vec![]).await;
    assert_eq!(tickets.unwrap().tickets.len(), 3);
    let copy = folder.path().join("copy.db");
    maintain::backup(&with_key(&path, KEY), &copy).unwrap();
    drop(store);
    for name in ["theticketbot.db", "theticketbot.db.v7.bak", "copy.db"] {
        let path = folder.path().join(name);
        let error = maintain::check(&Access::plain(&path)).unwrap_err();
        assert!(
            matches!(error, OpenError::MissingKey { .. }),
            "{name}: {error}"
        );
        assert_eq!(
            maintain::check(&with_key(&path, KEY)).unwrap(),
            Vec::<String>::new(),
            "{name}"
        );
    }

    for (number, pragmas) in [
        &[][..],
        &["PRAGMA cipher = sqlcipher", "PRAGMA legacy = 4"],
        &["PRAGMA cipher = sqlcipher", "PRAGMA legacy = 3"],
        &["PRAGMA cipher = rc4"],
        &["PRAGMA page_size = 8192"],
    ]
    .into_iter()
    .enumerate()
    {
        let fresh = folder.path().join(format!("fresh{number}.db"));
        let access = access(&fresh, pragmas, "PRAGMA key = '{}'", KEY);
        let store = Store::open(&access).unwrap();
        store
            .set_setting(Scope::Bot, "a", Some("b".to_owned()))
            .await
            .unwrap();
        drop(store);
        let error = open_error(&Access::plain(&fresh));
        assert!(matches!(error, OpenError::MissingKey { .. }), "{error}");
        let store = Store::open(&access).unwrap();
        assert_eq!(
            store.setting(Scope::Bot, "a").await.unwrap().as_deref(),
            Some("b")
        );
        maintain::backup(&access, &folder.path().join(format!("copy{number}.db"))).unwrap();
    }
}

#[test]
fn a_check_finds_what_is_wrong() {
    let (_folder, path) = copy_of("original-v7.db");
    let conn = Connection::open(&path).unwrap();
    conn.execute_batch("PRAGMA foreign_keys = OFF; INSERT INTO inbox_staff VALUES (1, '<@1>')")
        .unwrap();
    drop(conn);
    let problems = maintain::check(&Access::plain(&path)).unwrap();
    assert_eq!(problems, ["a row of inbox_staff points to no row of inbox"]);
}

/// Killed without a word, a bot loses nothing that it has said is written, and leaves no lock.
#[cfg(unix)]
#[test]
fn a_killed_bot_leaves_its_data_and_no_lock() {
    if let Ok(path) = std::env::var("TEST_STORE_TO_FILL") {
        fill_until_killed(&path);
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("theticketbot.db");
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "a_killed_bot_leaves_its_data_and_no_lock",
            "--exact",
            "--nocapture",
        ])
        .env("TEST_STORE_TO_FILL", &path)
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(child.stdout.take().unwrap()));
    let said = lines
        .by_ref()
        .map_while(Result::ok)
        .find_map(|line| {
            line.split_once("written ")?
                .1
                .trim()
                .parse::<u64>()
                .ok()
                .filter(|n| *n >= 20)
        })
        .expect("the child says what it has written");
    match open_error(&Access::plain(&path)) {
        OpenError::AlreadyRunning { pid, .. } => assert_eq!(pid, Some(child.id())),
        other => panic!("{other}"),
    }
    child.kill().unwrap();
    child.wait().unwrap();

    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let store = Store::open(&Access::plain(&path)).unwrap();
    let kept = runtime
        .block_on(store.setting(Scope::Bot, "number"))
        .unwrap()
        .unwrap();
    assert!(kept.parse::<u64>().unwrap() >= said, "{kept} of {said}");
}

#[cfg(unix)]
fn fill_until_killed(path: &str) -> ! {
    use std::io::Write;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let store = Store::open(&Access::plain(path)).unwrap();
    for number in 1_u64.. {
        runtime
            .block_on(store.set_setting(Scope::Bot, "number", Some(number.to_string())))
            .unwrap();
        let mut out = std::io::stdout().lock();
        writeln!(out, "written {number}")
            .and_then(|()| out.flush())
            .unwrap();
    }
    unreachable!("somebody kills it")
}
