//! Each write depends on the lease of its shard.

use harness::postgres::{Cluster, shared};
use secrecy::ExposeSecret;
use theticketbot::store::{
    Lease, PostgresUrl, SavedSession, SessionOwner, ShardSession, SharedDatabase, Store, StoreError,
};
use tickets::opening::Order;
use tickets::{GuildId, UserId};
use tokio::time::Instant;

use crate::examples::*;

/// A database with two shards, whose leases process 7 has.
fn open(cluster: &Cluster) -> (SharedDatabase, PostgresUrl) {
    let url = PostgresUrl::parse(&cluster.url()).unwrap();
    let database = SharedDatabase::connect(&url).unwrap();
    let sql = format!(
        "INSERT INTO {}.cluster_shard (shard, holder, epoch, until)
         VALUES (0, 7, 3, now() + interval '1 h'), (1, 7, 4, now() + interval '1 h')",
        url.schema()
    );
    cluster.sql(&sql).unwrap();
    (database, url)
}

fn lease(shard: u32) -> Lease {
    Lease {
        shard,
        total: 2,
        holder: 7,
        epoch: 3 + i64::from(shard),
    }
}

#[tokio::test]
async fn a_write_under_a_lease_that_has_ended_is_refused() {
    let Some(cluster) = shared() else { return };
    let (database, url) = open(cluster);
    let store = database.store_of(lease(0));
    with_ticket(&store).await;
    let set = |set: &str| {
        let schema = url.schema();
        let sql = format!("UPDATE {schema}.cluster_shard SET {set} WHERE shard = 0");
        cluster.sql(&sql).unwrap();
    };
    let taken_over = Err(StoreError::TakenOver);
    for (change, what) in [
        ("holder = 8, epoch = 9", "another process has it"),
        ("holder = 7, epoch = 10", "it was taken again"),
        ("holder = NULL, epoch = 3", "it was given back"),
    ] {
        set(change);
        assert_eq!(store.next_number(INBOX).await, taken_over, "{what}");
        assert_eq!(
            store.finish(CLICK).await,
            Err(StoreError::TakenOver),
            "{what}"
        );
        assert_eq!(store.ticket(THREAD).await, Ok(Some(ticket())), "{what}");
    }
    set("holder = 7, epoch = 3");
    assert_eq!(store.next_number(INBOX).await, Ok(Some(2)));
    // The other shard's lease did not change.
    let other = database.store_of(lease(1));
    assert_eq!(other.next_number(INBOX).await, Ok(Some(3)));

    // The process was paused: its own clock shows the end of the lease before the database does.
    database.fence().extend(Instant::now());
    assert_eq!(store.next_number(INBOX).await, Err(StoreError::TakenOver));
    assert_eq!(store.ticket(THREAD).await, Ok(Some(ticket())));
}

/// The first server is in shard 0 of 2, the second in shard 1.
const SERVERS: [GuildId; 2] = [GuildId(2 << 22), GuildId(3 << 22)];

fn session(shard: u32) -> SavedSession {
    SavedSession {
        owner: SessionOwner {
            application: 1,
            intents: 515,
            gateway: "wss://a".to_owned(),
            shards: 2,
            format: 1,
        },
        user: UserId(9),
        sessions: vec![ShardSession {
            shard,
            id: format!("session {shard}").into(),
            sequence: 5,
            resume_url: "wss://a".to_owned(),
        }],
    }
}

async fn saved(store: &Store) -> Option<(String, Vec<GuildId>)> {
    let saved = store.saved_session().await.unwrap()?;
    let servers = store.saved_servers(GuildId(0)).await.unwrap();
    let [session] = &saved.sessions[..] else {
        panic!("{saved:?}");
    };
    let servers = servers.into_iter().map(|(id, _)| id).collect();
    Some((session.id.expose_secret().to_owned(), servers))
}

#[tokio::test]
async fn a_shard_has_its_own_session_and_journal() {
    let Some(cluster) = shared() else { return };
    let (database, _) = open(cluster);
    let [first, second] = [0, 1].map(|shard| database.store_of(lease(shard)));
    for (store, shard) in [(&first, 0), (&second, 1)] {
        let servers = [(SERVERS[shard], None)];
        let session = session(u32::try_from(shard).unwrap());
        let servers = Box::new(servers.into_iter());
        store.save_session(session, servers).await.unwrap();
    }
    let of_first = Some(("session 0".to_owned(), vec![SERVERS[0]]));
    let of_second = Some(("session 1".to_owned(), vec![SERVERS[1]]));
    assert_eq!(saved(&first).await, of_first);
    assert_eq!(saved(&second).await, of_second);
    first.discard_session().await.unwrap();
    assert_eq!(saved(&first).await, None);
    assert_eq!(saved(&second).await, of_second);

    for (at, store) in [&first, &second].into_iter().enumerate() {
        let pending = Order {
            interaction: at as u64 + 1,
            guild: SERVERS[at],
            ..order()
        };
        store.begin(entry(pending)).await.unwrap();
    }
    let ids = |entries: Vec<theticketbot::store::Entry>| -> Vec<u64> {
        entries.iter().map(|entry| entry.id).collect()
    };
    assert_eq!(ids(first.journal().await.unwrap()), [1]);
    assert_eq!(ids(second.journal().await.unwrap()), [2]);
    assert_eq!(ids(database.store().journal().await.unwrap()), [1, 2]);
}

/// Processes that share a schema refuse a process that does not, and vice versa.
#[tokio::test]
async fn those_who_share_keep_out_those_who_do_not() {
    let Some(cluster) = shared() else { return };
    let url = PostgresUrl::parse(&cluster.url()).unwrap();
    let first = SharedDatabase::connect(&url).unwrap();
    let second = SharedDatabase::connect(&url).unwrap();
    let refused = Store::connect(&url).unwrap_err().to_string();
    assert!(
        refused.contains("in use by another theticketbot"),
        "{refused}"
    );
    drop((first, second));
    let alone = Store::connect(&url).unwrap();
    let refused = SharedDatabase::connect(&url).unwrap_err().to_string();
    assert!(
        refused.contains("in use by another theticketbot"),
        "{refused}"
    );
    drop(alone);
    SharedDatabase::connect(&url).unwrap();
}
