//! Database files of earlier versions of this program: how each old state is migrated.

use std::path::{Path, PathBuf};

use rusqlite::Connection;
use tempfile::TempDir;
use theticketbot::store::{Access, Entry, Posting, Store, Work};
use tickets::opening::{Opening, Order};
use tickets::ticket::{Phase, Presence, Reason, State};
use tickets::{ChannelId, GuildId, InboxId, Mention, RoleId, Timestamp, UserId};

/// The migrations that earlier versions added to the original's file.
const ADDITIONS: [&str; 5] = [
    include_str!("../src/store/migrations/additions-1.sql"),
    include_str!("../src/store/migrations/additions-2.sql"),
    include_str!("../src/store/migrations/additions-3.sql"),
    include_str!("../src/store/migrations/additions-4.sql"),
    include_str!("../src/store/migrations/additions-5.sql"),
];

/// A file of the original's newest version, with this number of additions and with these rows.
fn file(additions: usize, rows: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("theticketbot.db");
    let original = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/db/original-v7.db");
    std::fs::copy(original, &path).unwrap();
    let conn = Connection::open(&path).unwrap();
    for step in &ADDITIONS[..additions] {
        conn.execute_batch(step).unwrap();
    }
    if additions > 0 {
        let sql = "INSERT INTO setting (name, value) VALUES ('additions-version', ?)";
        let number = i64::try_from(additions).unwrap();
        conn.execute(sql, [number]).unwrap();
    }
    conn.execute_batch(rows).unwrap();
    (folder, path)
}

fn open(path: &Path) -> Store {
    Store::open(&Access::plain(path)).unwrap()
}

/// The names of the tables.
fn tables(path: &Path) -> Vec<String> {
    let conn = Connection::open(path).unwrap();
    let sql = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name";
    let mut statement = conn.prepare(sql).unwrap();
    let names = statement.query_map([], |row| row.get(0)).unwrap();
    names.map(Result::unwrap).collect()
}

const OLD_TABLES: [&str; 4] = ["opening", "owed_answer", "posting", "abandoned_thread"];

const GUILD: GuildId = GuildId(100);

#[tokio::test]
async fn every_old_state_of_a_ticket_has_its_new_one() {
    let owner_left = Phase::Closing(Reason::OwnerLeft);
    let archived = Phase::Closing(Reason::Archived);
    let closed = Phase::Closed { locked: false };
    let locked = Phase::Closed { locked: true };
    // departure: 0 present, 1 begun, 2 done; closed: 0 open, 1 closed, 2 closing, 3 locked.
    let cases = [
        (0, 0, Presence::Present, Phase::Open),
        (0, 1, Presence::Present, closed),
        (0, 2, Presence::Present, archived),
        (0, 3, Presence::Present, locked),
        // An interrupted closing will be finished, whatever else is stored.
        (1, 0, Presence::Present, owner_left),
        (1, 1, Presence::Present, owner_left),
        (1, 2, Presence::Present, owner_left),
        (1, 3, Presence::Present, owner_left),
        // Staff reopened the ticket without its owner.
        (2, 0, Presence::Gone, Phase::Open),
        (2, 1, Presence::Gone, closed),
        (2, 2, Presence::Gone, archived),
        (2, 3, Presence::Gone, locked),
    ];
    let rows = (1000..).zip(&cases).map(|(id, (departure, closed, ..))| {
        format!(
            "INSERT INTO channel VALUES ({id}, 100);
             INSERT INTO ticket (id, inbox_id, owner_id, departure, closed)
             VALUES ({id}, 300, 500, {departure}, {closed});"
        )
    });
    let rows = rows.collect::<Vec<_>>().concat();
    let (_folder, path) = file(5, &rows);
    let store = open(&path);
    for (id, (departure, closed, presence, phase)) in (1000..).zip(cases) {
        let ticket = store.ticket(ChannelId(id)).await.unwrap().unwrap();
        let expected = State { presence, phase };
        assert_eq!(
            ticket.state, expected,
            "departure {departure}, closed {closed}"
        );
        assert_eq!(ticket.own_message, None);
    }
}

#[tokio::test]
async fn owners_whom_nobody_mentioned_are_only_invited() {
    let invited = [
        ("Welcome", Presence::Invited),
        ("Welcome $staff, author!", Presence::Invited),
        ("", Presence::Present),
        ("Hello $author", Presence::Present),
        ("Hello ${author}!", Presence::Present),
    ];
    for (starter, presence) in invited {
        let rows = format!(
            "UPDATE inbox SET starter_content = '{starter}';
             INSERT INTO channel VALUES (1000, 100);
             INSERT INTO ticket (id, inbox_id, owner_id, departure) VALUES (1000, 300, 500, 2);"
        );
        let (_folder, path) = file(5, &rows);
        let store = open(&path);
        let state = async |id| store.ticket(ChannelId(id)).await.unwrap().unwrap().state;
        assert_eq!(state(400).await.presence, presence, "{starter:?}");
        // Ticket 401 has no inbox, so nothing else is known. The owner of ticket 1000 has left, so they were
        // present.
        assert_eq!(state(401).await.presence, Presence::Present, "{starter:?}");
        assert_eq!(state(1000).await.presence, Presence::Gone, "{starter:?}");
    }
}

const ROWS: &str = "
    INSERT INTO channel VALUES (1001, 100), (1002, 100);
    INSERT INTO ticket (id, inbox_id, owner_id) VALUES (1001, 300, 500), (1002, 300, 500);
    INSERT INTO opening (interaction_id, token, inbox_id, guild_id, parent_id, owner_id, name,
        starter, thread_id, started, begun_at, locale)
    VALUES (1, 'token1', 300, 100, 201, 500, '0001', 'Hello', NULL, 0, 10, 'de'),
        (2, 'token2', 300, 100, 201, 500, '0002', 'Hello', 1001, 0, 20, NULL),
        (3, 'token3', 300, 100, 201, 500, '0003', 'Hello', 1002, 1, 30, 'fr'),
        (4, 'token4', 999, 100, 201, 501, '0004', '', NULL, 0, 40, 'de');
    INSERT INTO owed_answer (interaction_id, token, locale, begun_at)
    VALUES (3, 'token3', 'fr', 30), (5, 'token5', 'de', 50), (6, 'token6', 'fr', 60),
        (7, 'token7', 'en-US', 70);
    INSERT INTO posting (interaction_id, guild_id, channel_id, destination_id, staff, message_id)
    VALUES (6, 100, 200, NULL, '', NULL), (7, 100, 200, 201, '<@&7> <@501>', 300),
        (8, 100, 200, NULL, '', NULL);
    INSERT INTO abandoned_thread (id, guild_id, parent_id) VALUES (1009, 101, 201);
";

fn order(interaction: u64, inbox: u64, home: u64) -> Order {
    Order {
        interaction,
        guild: GUILD,
        inbox: InboxId(inbox),
        home: ChannelId(home),
        parent: ChannelId(201),
        owner: UserId(500),
        username: String::new(),
        number: 0,
        name: format!("{interaction:04}"),
        starter: "Hello".to_owned(),
        begun_at: Timestamp(interaction.cast_signed() * 10),
        answers: Vec::new(),
        left_over: Vec::new(),
        pages: Vec::new(),
        files: Vec::new(),
        is_report: false,
        moved: None,
        hide_after: None,
        has_button: false,
        opener: None,
        is_silent: false,
        named: Vec::new(),
        notice: None,
    }
}

#[tokio::test]
async fn what_was_unfinished_is_in_the_journal() {
    let entry = |id: u64, guild: u64, locale: &str, work| Entry {
        id,
        guild: GuildId(guild),
        token: format!("token{id}"),
        locale: locale.to_owned(),
        begun_at: Timestamp(id.cast_signed() * 10),
        work,
    };
    let opening = |order, thread: Option<u64>, is_started| {
        let opening = Opening::restored(order, thread.map(ChannelId), is_started);
        Work::Opening(Box::new(opening))
    };
    let posting = |destination, staff, inbox| {
        Work::Posting(Posting {
            name: None,
            again: None,
            guild: GUILD,
            channel: ChannelId(200),
            destination,
            staff,
            inbox,
        })
    };
    // If the inbox no longer exists, only the channel for the thread is known.
    let without_inbox = Order {
        owner: UserId(501),
        starter: String::new(),
        ..order(4, 999, 201)
    };
    let orphan = Entry {
        token: String::new(),
        begun_at: ChannelId(1009).created_at(),
        work: Work::Orphan {
            parent: ChannelId(201),
        },
        ..entry(1009, 101, "", Work::Response)
    };
    let staff = vec![Mention::Role(RoleId(7)), Mention::User(UserId(501))];
    let expected = [
        entry(1, 100, "de", opening(order(1, 300, 200), None, false)),
        entry(2, 100, "", opening(order(2, 300, 200), Some(1001), false)),
        entry(3, 100, "fr", opening(order(3, 300, 200), Some(1002), true)),
        entry(4, 100, "de", opening(without_inbox, None, false)),
        // Earlier versions did not store the server of a pending response.
        entry(5, 0, "de", Work::Response),
        entry(6, 100, "fr", posting(None, Vec::new(), None)),
        entry(
            7,
            100,
            "en-US",
            posting(Some(ChannelId(201)), staff, Some(InboxId(300))),
        ),
        orphan,
    ];

    let (_folder, path) = file(5, ROWS);
    let before = tables(&path);
    assert!(
        OLD_TABLES
            .iter()
            .all(|old| before.contains(&(*old).to_owned()))
    );
    let store = open(&path);
    assert_eq!(store.journal().await.unwrap(), expected);
    // The threads are claimed. An owner who was not invited yet is not present.
    for thread in [1001, 1002, 1009] {
        assert!(store.is_claimed(ChannelId(thread)).await.unwrap());
    }
    for (thread, presence) in [(1001, Presence::Invited), (1002, Presence::Present)] {
        assert!(store.is_opening(ChannelId(thread)).await.unwrap());
        let ticket = store.ticket(ChannelId(thread)).await.unwrap().unwrap();
        assert_eq!(ticket.state.presence, presence);
    }
    drop(store);
    let after = tables(&path);
    assert!(
        OLD_TABLES
            .iter()
            .all(|old| !after.contains(&(*old).to_owned()))
    );
    // The next start changes nothing else.
    assert_eq!(open(&path).journal().await.unwrap(), expected);
}

#[tokio::test]
async fn a_file_of_any_earlier_version_is_migrated() {
    for additions in 0..=5 {
        let (folder, path) = file(additions, "");
        let store = open(&path);
        let inboxes = store.inboxes_in(GUILD).await.unwrap();
        assert_eq!(inboxes.len(), 1, "{additions}");
        assert_eq!(store.journal().await.unwrap(), [], "{additions}");
        drop(store);
        let conn = Connection::open(&path).unwrap();
        let version = |sql: &str| conn.query_row(sql, [], |row| row.get::<_, i64>(0));
        assert_eq!(version("PRAGMA user_version"), Ok(7));
        let ours = "SELECT value FROM setting WHERE name = 'additions-version'";
        assert_eq!(version(ours), Ok(12));
        // The migration keeps a copy of the old file.
        let copy = match additions {
            0 => "theticketbot.db.v7.bak".to_owned(),
            additions => format!("theticketbot.db.v7-{additions}.bak"),
        };
        let copy = folder.path().join(copy);
        assert!(copy.exists(), "{}", copy.display());
        assert!(!tables(&copy).contains(&"journal".to_owned()));
    }
}
