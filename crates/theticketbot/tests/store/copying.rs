//! Copying a database to another engine and back, and that both engines have the same tables.

use std::collections::BTreeMap;

use harness::postgres::shared;
use theticketbot::store::{
    Access, ButtonKind, Claim, PostgresUrl, Scope, Store, StoreError, TicketButton, Written,
};
use tickets::opening::Order;
use tickets::opening::machine::End;
use tickets::ticket::ClosingRequest;
use tickets::waiting::{Side, Waiting};
use tickets::{ChannelId, MessageId};

use crate::examples::*;

/// Stores one row of each kind.
async fn fill(store: &Store) {
    with_ticket(store).await;
    create_inbox(store, inbox_in(OTHER_GUILD, MessageId(21), ChannelId(13))).await;
    create_inbox(store, inbox_in(OTHER_GUILD, MessageId(22), ChannelId(13))).await;
    store.forget_messages(&[MessageId(22)]).await.unwrap();
    let closing = ClosingRequest {
        by: OWNER,
        name: "mia".to_owned(),
        reason: "it's solved".to_owned(),
        remove_members: true,
        moved_to: None,
    };
    store
        .begin_closing(THREAD, closing, MessageId(50))
        .await
        .unwrap();
    let button = TicketButton {
        message: MessageId(51),
        kind: ButtonKind::Starter,
        is_shown: false,
    };
    store.set_ticket_button(THREAD, button).await.unwrap();
    let waiting = Waiting {
        side: Side::Staff,
        since: MessageId(51),
        seen: MessageId(52),
    };
    store.set_waiting(THREAD, waiting).await.unwrap();
    let noticed = Order {
        interaction: 3,
        notice: Some(ChannelId(12)),
        ..order()
    };
    begin(store, noticed.clone(), 0).await;
    let other = ChannelId(41);
    assert_eq!(claim(store, noticed, other).await, Claim::Own);
    let end = End {
        ticket: Some(other),
        notice: Some(ChannelId(12)),
        ..End::default()
    };
    store.finish_opening(3, end).await.unwrap();
    let pending = Order {
        interaction: 2,
        ..order()
    };
    begin(store, pending, 0).await;
    store.begin(crate::journal::orphan()).await.unwrap();
    for scope in [Scope::Bot, Scope::Guild(GUILD), Scope::Inbox(INBOX)] {
        let value = Some("a value".to_owned());
        store.set_setting(scope, "key", value).await.unwrap();
    }
    store.bind(7).await.unwrap();
}

#[tokio::test]
async fn a_copy_there_and_back_is_the_same() {
    let Some(cluster) = shared() else { return };
    let (file, _folder) = crate::sqlite();
    fill(&file).await;
    let content = file.content().await.unwrap();
    let counts = content.counts();
    assert!(counts.iter().all(|(_, count)| *count > 0), "{counts:?}");
    assert!(!format!("{content:?}").contains("secret"));

    let server = Store::connect(&PostgresUrl::parse(&cluster.url()).unwrap()).unwrap();
    assert_eq!(server.write_content(content).await, Ok(Written::Same));
    assert_eq!(
        server.inbox(INBOX).await.unwrap(),
        file.inbox(INBOX).await.unwrap()
    );
    assert_eq!(server.bind(8).await.unwrap(), Some(7));
    assert_eq!(
        server.journal().await.unwrap(),
        file.journal().await.unwrap()
    );
    let again = file.content().await.unwrap();
    assert_eq!(server.write_content(again).await, Ok(Written::NotEmpty));

    let (back, _folder) = crate::sqlite();
    let content = server.content().await.unwrap();
    assert_eq!(back.write_content(content).await, Ok(Written::Same));
    let (there, back) = (file.content().await.unwrap(), back.content().await.unwrap());
    assert!(there == back, "{there:?} {back:?}");
}

/// A file of the original, whose columns have the original's types.
#[tokio::test]
async fn a_file_of_the_original_can_be_copied() {
    let Some(cluster) = shared() else { return };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("original.db");
    let original = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/db/original-v7.db");
    std::fs::copy(original, &path).unwrap();
    let file = Store::open(&Access::plain(path)).unwrap();
    let server = Store::connect(&PostgresUrl::parse(&cluster.url()).unwrap()).unwrap();
    let content = file.content().await.unwrap();
    assert_eq!(server.write_content(content).await, Ok(Written::Same));
    let guilds = file.guilds().await.unwrap();
    assert!(!guilds.is_empty());
    assert_eq!(server.guilds().await.unwrap(), guilds);
    for guild in guilds {
        let inboxes = file.inboxes_in(guild).await.unwrap();
        assert_eq!(server.inboxes_in(guild).await.unwrap(), inboxes);
    }
}

/// A table with more rows than one read returns keeps its order.
#[tokio::test]
async fn a_large_table_is_copied() {
    let Some(cluster) = shared() else { return };
    let (file, folder) = crate::sqlite();
    with_inbox(&file).await;
    drop(file);
    let path = folder.path().join("test.db");
    let conn = rusqlite::Connection::open(&path).unwrap();
    conn.execute_batch(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12000)
         INSERT INTO setting (name, value) SELECT 'k' || (i * 7919 % 100003), 'v' FROM n",
    )
    .unwrap();
    drop(conn);
    let file = Store::open(&Access::plain(path)).unwrap();
    let content = file.content().await.unwrap();
    let counts = content.counts();
    let is_large = |&(name, count): &(&str, usize)| name == "setting" && count >= 12_000;
    assert!(counts.iter().any(is_large), "{counts:?}");
    let server = Store::connect(&PostgresUrl::parse(&cluster.url()).unwrap()).unwrap();
    assert_eq!(server.write_content(content).await, Ok(Written::Same));
    let (there, copy) = (
        file.content().await.unwrap(),
        server.content().await.unwrap(),
    );
    assert!(there == copy, "{there:?} {copy:?}");
}

/// SQLite accepts any value in any column. The error names a value that PostgreSQL does not accept.
#[tokio::test]
async fn what_cannot_be_copied_is_named() {
    let Some(cluster) = shared() else { return };
    let (file, folder) = crate::sqlite();
    with_ticket(&file).await;
    let conn = rusqlite::Connection::open(folder.path().join("test.db")).unwrap();
    let server = Store::connect(&PostgresUrl::parse(&cluster.url()).unwrap()).unwrap();
    for value in ["'abc'", "''", "'eight by'", "x'00'"] {
        let damage = format!("UPDATE ticket SET presence = {value}");
        conn.execute_batch(&damage).unwrap();
        let content = file.content().await.unwrap();
        let error = server.write_content(content).await.unwrap_err();
        assert!(matches!(error, StoreError::Other(_)), "{value}: {error}");
        assert!(
            error.to_string().contains("table ticket"),
            "{value}: {error}"
        );
    }
    let fraction = "UPDATE ticket SET presence = 1.5";
    conn.execute_batch(fraction).unwrap();
    let error = file.content().await.map(drop).unwrap_err();
    assert!(error.to_string().contains("table ticket"), "{error}");
}

/// A table or column that is added to one engine must be added to the other.
#[tokio::test]
async fn both_engines_have_the_same_tables() {
    let Some(cluster) = shared() else { return };
    let (file, folder) = crate::sqlite();
    drop(file);
    let conn = rusqlite::Connection::open(folder.path().join("test.db")).unwrap();
    let sql = "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
         WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%'";
    let mut of_file = BTreeMap::<String, Vec<String>>::new();
    let mut statement = conn.prepare(sql).unwrap();
    let mut rows = statement.query([]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        let (table, column): (_, String) = (row.get(0).unwrap(), row.get(1).unwrap());
        // Earlier versions added these two columns, which are no longer used.
        if column != "departure" && column != "closed" {
            of_file.entry(table).or_default().push(column);
        }
    }
    let mut of_server = BTreeMap::<String, Vec<String>>::new();
    let url = PostgresUrl::parse(&cluster.url()).unwrap();
    drop(Store::connect(&url).unwrap());
    let columns = cluster.sql(&format!(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = '{}'",
        url.schema()
    ));
    for line in columns.unwrap().lines() {
        let (table, column) = line.split_once('|').unwrap();
        // SQLite has a rowid in every table, and a file lock instead of the table `bot`.
        if table != "bot" && column != "rowid" {
            let columns = of_server.entry(table.to_owned()).or_default();
            columns.push(column.to_owned());
        }
    }
    for columns in of_file.values_mut().chain(of_server.values_mut()) {
        columns.sort();
    }
    assert_eq!(of_file, of_server);
}
