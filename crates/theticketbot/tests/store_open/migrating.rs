//! Files of the original and of earlier versions.

use super::*;

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
                // The original's own migration also replaces the beginning of a longer name.
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
            // The original invited the owner, but did not store who joined or which tickets were closed.
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
        // For an old ticket, the thread's age is the only known time of opening.
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
        // Another start migrates and copies nothing.
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

/// These are the original's own statements: they use only its columns.
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
    // The state of a file if the original was stopped before its first migration.
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
    // The original was killed: its journal still exists.
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

/// A wrong path may name any file, and the bot may run as root.
#[cfg(unix)]
#[test]
fn a_file_that_is_not_its_database_keeps_its_permissions() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.toml");
    fs::write(&path, "[bot]\n").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let error = Store::open(&Access::plain(&path)).map(drop).unwrap_err();
    assert!(error.to_string().contains("config.toml"), "{error}");
    let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o644);
}
