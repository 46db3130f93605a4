//! Settings of each scope.

use theticketbot::store::{Scope, Store};
use tickets::{ChannelId, InboxId, MessageId, Timestamp};

use crate::contract;
use crate::examples::*;

contract!(
    a_setting_is_set_replaced_and_removed_in_each_scope,
    a_scope_lists_its_own_settings,
    a_database_belongs_to_its_first_application,
    an_inbox_that_never_existed_has_no_settings,
    the_settings_of_an_inbox_outlive_it_until_they_are_purged,
    a_forgotten_server_takes_its_settings_and_its_inboxes_along,
);

const SERVER: Scope = Scope::Guild(GUILD);
const OF_INBOX: Scope = Scope::Inbox(INBOX);

async fn set(store: &Store, scope: Scope, key: &str, value: &str) {
    let value = Some(value.to_owned());
    store.set_setting(scope, key, value).await.unwrap();
}

async fn value(store: &Store, scope: Scope, key: &str) -> Option<String> {
    store.setting(scope, key).await.unwrap()
}

async fn a_setting_is_set_replaced_and_removed_in_each_scope(store: Store) {
    with_inbox(&store).await;
    let scopes = [Scope::Bot, SERVER, OF_INBOX];
    for (number, scope) in scopes.into_iter().enumerate() {
        assert_eq!(value(&store, scope, "key").await, None);
        set(&store, scope, "key", "first").await;
        set(&store, scope, "key", &number.to_string()).await;
    }
    for (number, scope) in scopes.into_iter().enumerate() {
        let expected = Some(number.to_string());
        assert_eq!(value(&store, scope, "key").await, expected, "{scope:?}");
        store.set_setting(scope, "key", None).await.unwrap();
        assert_eq!(value(&store, scope, "key").await, None, "{scope:?}");
        store.set_setting(scope, "key", None).await.unwrap();
    }
}

async fn a_database_belongs_to_its_first_application(store: Store) {
    assert_eq!(store.bind(7).await, Ok(None));
    assert_eq!(store.bind(7).await, Ok(None));
    assert_eq!(store.bind(8).await, Ok(Some(7)));
    assert_eq!(store.bind(7).await, Ok(None));
}

async fn a_scope_lists_its_own_settings(store: Store) {
    with_inbox(&store).await;
    let other = inbox_in(GUILD, MessageId(21), CHANNEL);
    create_inbox(&store, other.clone()).await;
    for scope in [Scope::Guild(OTHER_GUILD), Scope::Inbox(other.id)] {
        set(&store, scope, "other", "x").await;
    }
    for scope in [SERVER, OF_INBOX] {
        assert_eq!(store.settings(scope).await.unwrap(), [], "{scope:?}");
        set(&store, scope, "b", "2").await;
        set(&store, scope, "a", "").await;
        let pairs = [("a", ""), ("b", "2")].map(|(a, b)| (a.to_owned(), b.to_owned()));
        assert_eq!(store.settings(scope).await.unwrap(), pairs, "{scope:?}");
    }
    set(&store, Scope::Bot, "a", "1").await;
    let of_bot = store.settings(Scope::Bot).await.unwrap();
    assert!(of_bot.contains(&("a".to_owned(), "1".to_owned())));
    assert!(of_bot.iter().all(|(key, _)| key != "b" && key != "other"));
}

async fn an_inbox_that_never_existed_has_no_settings(store: Store) {
    with_inbox(&store).await;
    let unknown = Scope::Inbox(InboxId(99));
    set(&store, unknown, "key", "x").await;
    assert_eq!(store.settings(unknown).await.unwrap(), []);
}

async fn the_settings_of_an_inbox_outlive_it_until_they_are_purged(store: Store) {
    with_inbox(&store).await;
    set(&store, OF_INBOX, "key", "x").await;
    store.purge(Timestamp(i64::MAX)).await.unwrap();
    assert_eq!(value(&store, OF_INBOX, "key").await.as_deref(), Some("x"));
    store.forget_messages(&[MESSAGE]).await.unwrap();
    assert_eq!(value(&store, OF_INBOX, "key").await.as_deref(), Some("x"));
    set(&store, OF_INBOX, "removed-at", "1").await;
    assert_eq!(store.settings(OF_INBOX).await.unwrap().len(), 2);
    // A removed inbox is kept for some time.
    store.purge(Timestamp(0)).await.unwrap();
    assert_eq!(store.settings(OF_INBOX).await.unwrap().len(), 2);
    store.purge(Timestamp(i64::MAX)).await.unwrap();
    assert_eq!(store.settings(OF_INBOX).await.unwrap(), []);
}

async fn a_forgotten_server_takes_its_settings_and_its_inboxes_along(store: Store) {
    with_inbox(&store).await;
    let elsewhere = inbox_in(OTHER_GUILD, MessageId(21), ChannelId(13));
    create_inbox(&store, elsewhere.clone()).await;
    let kept = [
        Scope::Bot,
        Scope::Guild(OTHER_GUILD),
        Scope::Inbox(elsewhere.id),
    ];
    for scope in kept.into_iter().chain([SERVER, OF_INBOX]) {
        set(&store, scope, "key", "x").await;
    }
    store.forget_messages(&[MESSAGE]).await.unwrap();
    // The database has nothing else of the server than settings and the removed inbox.
    assert_eq!(store.guilds().await.unwrap(), [GUILD, OTHER_GUILD]);
    assert_eq!(store.remembered(vec![GUILD]).await.unwrap(), [GUILD]);
    store.forget_guild(GUILD).await.unwrap();
    assert_eq!(store.guilds().await.unwrap(), [OTHER_GUILD]);
    for scope in [SERVER, OF_INBOX] {
        assert_eq!(value(&store, scope, "key").await, None, "{scope:?}");
    }
    for scope in kept {
        assert!(value(&store, scope, "key").await.is_some(), "{scope:?}");
    }
}
