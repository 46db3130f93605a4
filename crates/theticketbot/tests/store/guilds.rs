//! Servers: which ones the database knows, and forgetting a server.

use theticketbot::store::{Entry, Scope, Store, Work};
use tickets::opening::Order;
use tickets::{ChannelId, GuildId, MessageId};

use crate::contract;
use crate::examples::*;

contract!(
    a_forgotten_server_is_gone_and_others_stay,
    a_server_is_remembered_by_whatever_is_stored_of_it,
    a_pending_response_outlives_its_server,
);

async fn a_forgotten_server_is_gone_and_others_stay(store: Store) {
    with_ticket(&store).await;
    let elsewhere = inbox_in(OTHER_GUILD, MessageId(21), ChannelId(13));
    create_inbox(&store, elsewhere.clone()).await;
    let there = Order {
        interaction: 7,
        guild: OTHER_GUILD,
        inbox: elsewhere.id,
        ..order()
    };
    begin(&store, there, 0).await;
    let here = Order {
        interaction: 8,
        ..order()
    };
    begin(&store, here.clone(), 0).await;
    claim(&store, here, ChannelId(41)).await;
    store.begin(crate::journal::orphan()).await.unwrap();

    assert_eq!(store.guilds().await.unwrap(), [GUILD, OTHER_GUILD]);
    store.forget_guild(GUILD).await.unwrap();
    assert_eq!(store.guilds().await.unwrap(), [OTHER_GUILD]);
    let left: Vec<_> = store.journal().await.unwrap();
    assert_eq!(left.iter().map(|it| it.id).collect::<Vec<_>>(), [7]);
    assert_eq!(store.inboxes_in(GUILD).await.unwrap(), []);
    assert_eq!(store.tickets_of(GUILD, OWNER).await.unwrap(), []);
    assert_eq!(store.last_opened(INBOX, OWNER).await.unwrap(), None);
    assert_eq!(store.inboxes_in(OTHER_GUILD).await.unwrap(), [elsewhere]);
}

async fn a_server_is_remembered_by_whatever_is_stored_of_it(store: Store) {
    let guilds: Vec<_> = (1..=6).map(GuildId).collect();
    create_inbox(&store, inbox_in(guilds[0], MessageId(20), ChannelId(10))).await;
    store
        .set_setting(Scope::Guild(guilds[1]), "key", Some("x".to_owned()))
        .await
        .unwrap();
    let opening = Order {
        guild: guilds[2],
        ..order()
    };
    store.begin(entry(opening)).await.unwrap();
    let orphan = Entry {
        guild: guilds[3],
        ..crate::journal::orphan()
    };
    store.begin(orphan.clone()).await.unwrap();
    // A pending response ends within minutes, so the database does not count its server as known.
    let response = Entry {
        id: 1,
        guild: guilds[4],
        work: Work::Response,
        ..orphan
    };
    store.begin(response).await.unwrap();
    assert_eq!(store.guilds().await.unwrap(), guilds[..4]);
    let asked: Vec<_> = guilds.iter().copied().rev().collect();
    let mut remembered = store.remembered(asked).await.unwrap();
    remembered.sort_unstable();
    assert_eq!(remembered, guilds[..4]);
    for guild in &guilds {
        store.forget_guild(*guild).await.unwrap();
    }
    assert_eq!(store.guilds().await.unwrap(), []);
}

async fn a_pending_response_outlives_its_server(store: Store) {
    let response = Entry {
        id: 1,
        work: Work::Response,
        ..crate::journal::orphan()
    };
    store.begin(response.clone()).await.unwrap();
    store.forget_guild(GUILD).await.unwrap();
    assert_eq!(store.journal().await.unwrap(), [response]);
}
