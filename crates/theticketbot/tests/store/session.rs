//! The saved gateway session.

use secrecy::ExposeSecret;
use theticketbot::store::{SavedServers, SavedSession, SessionOwner, ShardSession, Store};
use tickets::{GuildId, UserId};

use crate::contract;

contract!(
    a_session_is_read_as_it_was_saved,
    a_saved_session_replaces_any_other,
    a_discarded_session_is_gone,
);

fn session(shards: u32) -> SavedSession {
    SavedSession {
        owner: SessionOwner {
            application: 7,
            intents: 515,
            gateway: "wss://gateway.discord.gg".to_owned(),
            shards,
            format: 1,
        },
        user: UserId(9),
        sessions: (0..shards)
            .map(|shard| ShardSession {
                shard,
                id: format!("secret{shard}").into(),
                sequence: 40 + u64::from(shard),
                resume_url: format!("wss://{shard}.discord.gg"),
            })
            .collect(),
    }
}

/// Every third server has no saved state.
fn known(id: u64) -> Option<Vec<u8>> {
    (!id.is_multiple_of(3)).then(|| id.to_le_bytes().to_vec())
}

fn servers(count: u64) -> SavedServers {
    Box::new((1..=count).map(|id| (GuildId(id), known(id).map(Vec::into_boxed_slice))))
}

async fn all_servers(store: &Store) -> Vec<(GuildId, Option<Vec<u8>>)> {
    let mut all = Vec::new();
    let mut last = GuildId(0);
    loop {
        let some = store.saved_servers(last).await.unwrap();
        let Some((newest, _)) = some.last() else {
            return all;
        };
        last = *newest;
        all.extend(some);
    }
}

async fn a_session_is_read_as_it_was_saved(store: Store) {
    assert!(store.saved_session().await.unwrap().is_none());
    // More servers than one query reads.
    store.save_session(session(2), servers(600)).await.unwrap();
    let saved = store.saved_session().await.unwrap().unwrap();
    assert_eq!((&saved.owner, saved.user), (&session(2).owner, UserId(9)));
    let shards: Vec<_> = saved
        .sessions
        .iter()
        .map(|it| {
            let id = it.id.expose_secret();
            (it.shard, id, it.sequence, &*it.resume_url)
        })
        .collect();
    assert_eq!(
        shards,
        [
            (0, "secret0", 40, "wss://0.discord.gg"),
            (1, "secret1", 41, "wss://1.discord.gg")
        ]
    );
    let expected: Vec<_> = (1..=600).map(|id| (GuildId(id), known(id))).collect();
    assert_eq!(all_servers(&store).await, expected);
    assert!(!format!("{saved:?}").contains("secret0"), "{saved:?}");
}

async fn a_saved_session_replaces_any_other(store: Store) {
    store.save_session(session(2), servers(600)).await.unwrap();
    store.save_session(session(1), servers(1)).await.unwrap();
    let saved = store.saved_session().await.unwrap().unwrap();
    assert_eq!(saved.sessions.len(), 1);
    assert_eq!(all_servers(&store).await, [(GuildId(1), known(1))]);
}

async fn a_discarded_session_is_gone(store: Store) {
    store.save_session(session(1), servers(5)).await.unwrap();
    store.discard_session().await.unwrap();
    assert!(store.saved_session().await.unwrap().is_none());
    assert_eq!(all_servers(&store).await, []);
}
