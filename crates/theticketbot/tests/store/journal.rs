//! The journal's entries of every kind.

use theticketbot::store::{Entry, Posting, Store, Work};
use tickets::opening::Order;
use tickets::{ChannelId, InboxId, Mention, RoleId, UserId};

use crate::contract;
use crate::examples::*;

contract!(
    every_kind_of_entry_is_read_as_it_was_written,
    an_entry_begins_once,
    an_entry_is_saved_until_it_is_finished,
    a_posted_inbox_is_noted_in_its_entry,
    an_orphan_goes_with_its_thread_or_channel,
    an_opening_stays_when_its_thread_is_deleted,
);

fn response(id: u64) -> Entry {
    Entry {
        id,
        guild: GUILD,
        token: "a secret".to_owned(),
        locale: "fr".to_owned(),
        begun_at: NOW,
        work: Work::Response,
    }
}

pub(crate) fn orphan() -> Entry {
    Entry {
        token: String::new(),
        locale: String::new(),
        work: Work::Orphan {
            parent: DESTINATION,
        },
        ..response(THREAD.0)
    }
}

fn posting(inbox: Option<InboxId>) -> Work {
    Work::Posting(Posting {
        name: None,
        again: None,
        guild: GUILD,
        channel: CHANNEL,
        destination: Some(DESTINATION),
        staff: vec![Mention::Role(RoleId(7)), Mention::User(UserId(5))],
        inbox,
    })
}

async fn every_kind_of_entry_is_read_as_it_was_written(store: Store) {
    let largest = u64::MAX >> 1;
    let opening = Entry {
        work: created(order(), ChannelId(41)),
        ..response(largest)
    };
    let posting = Entry {
        work: posting(None),
        ..response(3)
    };
    let entries = [response(2), posting, orphan(), opening];
    for entry in entries.iter().rev() {
        store.begin(entry.clone()).await.unwrap();
    }
    assert_eq!(store.journal().await.unwrap(), entries);
    for entry in entries {
        assert_eq!(store.entry(entry.id).await.unwrap(), Some(entry.clone()));
        assert!(!format!("{entry:?}").contains("a secret"), "{entry:?}");
    }
    assert_eq!(store.entry(99).await.unwrap(), None);
}

async fn an_entry_begins_once(store: Store) {
    store.begin(response(2)).await.unwrap();
    let again = Entry {
        locale: "de".to_owned(),
        work: posting(None),
        ..response(2)
    };
    store.begin(again).await.unwrap();
    assert_eq!(store.journal().await.unwrap(), [response(2)]);
}

async fn an_entry_is_saved_until_it_is_finished(store: Store) {
    with_inbox(&store).await;
    begin(&store, order(), 0).await;
    let renamed = Order {
        name: "ticket-1".to_owned(),
        ..order()
    };
    let work = created(renamed, THREAD);
    store.save(CLICK, work.clone()).await.unwrap();
    let stored = store.entry(CLICK).await.unwrap().unwrap();
    assert_eq!(stored.work, work);
    assert_eq!((&*stored.token, stored.begun_at), ("a secret", NOW));
    store.finish(CLICK).await.unwrap();
    store.save(CLICK, work).await.unwrap();
    assert_eq!(store.journal().await.unwrap(), []);
    store.finish(CLICK).await.unwrap();
}

async fn a_posted_inbox_is_noted_in_its_entry(store: Store) {
    let entry = Entry {
        work: posting(None),
        ..response(2)
    };
    store.begin(entry.clone()).await.unwrap();
    store.finish_posting(2, inbox(), None).await.unwrap();
    assert_eq!(store.inbox(INBOX).await.unwrap(), Some(inbox()));
    let posted = Entry {
        work: posting(Some(INBOX)),
        ..entry
    };
    assert_eq!(store.journal().await.unwrap(), [posted]);
}

async fn an_orphan_goes_with_its_thread_or_channel(store: Store) {
    let other = Entry {
        id: 41,
        work: Work::Orphan { parent: CHANNEL },
        ..orphan()
    };
    for entry in [orphan(), other.clone()] {
        store.begin(entry).await.unwrap();
    }
    store.forget_channel(THREAD).await.unwrap();
    assert_eq!(store.journal().await.unwrap(), [other]);
    store.forget_channel(DESTINATION).await.unwrap();
    assert_eq!(store.journal().await.unwrap().len(), 1);
    store.forget_channel(CHANNEL).await.unwrap();
    assert_eq!(store.journal().await.unwrap(), []);
}

/// The member still waits for a response.
async fn an_opening_stays_when_its_thread_is_deleted(store: Store) {
    with_inbox(&store).await;
    begin(&store, order(), 0).await;
    claim(&store, order(), THREAD).await;
    store.forget_channel(THREAD).await.unwrap();
    store.forget_channel(CHANNEL).await.unwrap();
    assert_eq!(store.ticket(THREAD).await.unwrap(), None);
    assert_eq!(store.journal().await.unwrap().len(), 1);
}
