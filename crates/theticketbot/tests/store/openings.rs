//! Openings: from the click to each possible end.

use theticketbot::store::{Begun, ButtonKind, Claim, Store, TicketButton, Work};
use tickets::opening::Order;
use tickets::opening::machine::End;
use tickets::ticket::{State, Ticket};
use tickets::{ChannelId, InboxId, MessageId, Timestamp, UserId};

use crate::contract;
use crate::examples::*;

contract!(
    an_opening_gets_the_next_number,
    an_opening_without_an_inbox_does_not_begin,
    a_click_begins_once,
    a_claimed_thread_is_a_ticket,
    a_thread_is_claimed_once,
    an_orphan_is_claimed,
    an_opening_outlives_its_inbox,
    the_end_with_a_ticket_stores_the_starting_message,
    a_newer_own_message_than_the_starting_message_stays,
    the_end_without_a_thread_gives_the_cooldown_back,
    the_cooldown_of_a_later_opening_is_not_given_back,
    the_end_with_a_deleted_thread_forgets_it,
    the_end_with_an_orphan_remembers_it,
    the_end_of_an_unknown_opening_changes_nothing,
);

fn click(interaction: u64) -> Order {
    Order {
        interaction,
        ..order()
    }
}

async fn an_opening_gets_the_next_number(store: Store) {
    with_inbox(&store).await;
    assert_eq!(store.next_number(INBOX).await.unwrap(), Some(1));
    let named = Order {
        name: "0002".to_owned(),
        ..order()
    };
    assert_eq!(
        begin(&store, order(), 1).await,
        Begun::Begun(entry(named.clone()))
    );
    assert_eq!(store.journal().await.unwrap(), [entry(named)]);
    assert_eq!(store.next_number(INBOX).await.unwrap(), Some(3));
}

async fn an_opening_without_an_inbox_does_not_begin(store: Store) {
    with_inbox(&store).await;
    let unknown = Order {
        inbox: InboxId(99),
        ..order()
    };
    assert_eq!(begin(&store, unknown, 0).await, Begun::NoInbox);
    assert_eq!(store.journal().await.unwrap(), []);
}

async fn a_click_begins_once(store: Store) {
    with_inbox(&store).await;
    begin(&store, order(), 1).await;
    // A repeated click is reported as such, even if the limit is reached.
    assert_eq!(begin(&store, order(), 1).await, Begun::Repeated);
    claim(&store, order(), THREAD).await;
    assert_eq!(begin(&store, order(), 1).await, Begun::Repeated);
    assert_eq!(store.journal().await.unwrap().len(), 1);
    assert_eq!(store.next_number(INBOX).await.unwrap(), Some(2));
}

async fn a_claimed_thread_is_a_ticket(store: Store) {
    with_inbox(&store).await;
    begin(&store, order(), 1).await;
    assert!(!store.is_claimed(THREAD).await.unwrap());
    assert!(!store.is_opening(THREAD).await.unwrap());
    // A claim is idempotent: it is retried if its outcome was lost.
    for _ in 0..2 {
        assert_eq!(claim(&store, order(), THREAD).await, Claim::Own);
    }
    assert_eq!(store.ticket(THREAD).await.unwrap(), Some(ticket()));
    assert!(store.is_claimed(THREAD).await.unwrap());
    assert!(store.is_opening(THREAD).await.unwrap());
    let stored = store.entry(CLICK).await.unwrap().unwrap();
    assert_eq!(stored.work, created(order(), THREAD));
    store.finish_opening(CLICK, End::default()).await.unwrap();
    assert!(store.is_claimed(THREAD).await.unwrap());
    assert!(!store.is_opening(THREAD).await.unwrap());
}

async fn a_thread_is_claimed_once(store: Store) {
    with_inbox(&store).await;
    let second = Order {
        owner: UserId(31),
        ..click(2)
    };
    begin(&store, click(1), 0).await;
    begin(&store, second.clone(), 0).await;
    assert_eq!(claim(&store, click(1), THREAD).await, Claim::Own);
    let before = store.entry(2).await.unwrap();
    assert_eq!(claim(&store, second.clone(), THREAD).await, Claim::Taken);
    assert_eq!(store.entry(2).await.unwrap(), before, "it is as it was");
    store.finish_opening(1, End::default()).await.unwrap();
    assert_eq!(claim(&store, second.clone(), THREAD).await, Claim::Taken);
    assert_eq!(store.ticket(THREAD).await.unwrap(), Some(ticket()));
    // Another thread can be claimed; an unknown opening cannot claim anything.
    assert_eq!(claim(&store, second, ChannelId(41)).await, Claim::Own);
    assert_eq!(
        claim(&store, click(99), ChannelId(42)).await,
        Claim::Unknown
    );
    assert_eq!(store.ticket(ChannelId(42)).await.unwrap(), None);
}

async fn an_orphan_is_claimed(store: Store) {
    with_inbox(&store).await;
    begin(&store, order(), 0).await;
    store.begin(crate::journal::orphan()).await.unwrap();
    assert!(store.is_claimed(THREAD).await.unwrap());
    assert!(!store.is_opening(THREAD).await.unwrap());
    assert_eq!(claim(&store, order(), THREAD).await, Claim::Taken);
}

async fn an_opening_outlives_its_inbox(store: Store) {
    with_inbox(&store).await;
    begin(&store, order(), 0).await;
    store.forget_messages(&[MESSAGE]).await.unwrap();
    assert_eq!(claim(&store, order(), THREAD).await, Claim::Own);
    // The removed inbox is kept while it has a ticket.
    assert_eq!(store.ticket(THREAD).await.unwrap(), Some(ticket()));
    store.purge(Timestamp(i64::MAX)).await.unwrap();
    assert_eq!(store.ticket(THREAD).await.unwrap(), Some(ticket()));
}

async fn the_end_with_a_ticket_stores_the_starting_message(store: Store) {
    with_inbox(&store).await;
    begin(&store, order(), 0).await;
    claim(&store, order(), THREAD).await;
    let end = End {
        ticket: Some(THREAD),
        message: Some(MessageId(51)),
        button: Some(MessageId(50)),
        ..End::default()
    };
    store.finish_opening(CLICK, end).await.unwrap();
    let started = Ticket {
        own_message: Some(MessageId(51)),
        ..ticket()
    };
    assert_eq!(store.ticket(THREAD).await.unwrap(), Some(started));
    let button = TicketButton {
        message: MessageId(50),
        kind: ButtonKind::Starter,
        is_shown: true,
    };
    assert_eq!(store.ticket_buttons(THREAD).await.unwrap(), [button]);
    assert_eq!(store.journal().await.unwrap(), []);
    assert_eq!(store.last_opened(INBOX, OWNER).await.unwrap(), Some(NOW));
    assert_eq!(claim(&store, order(), THREAD).await, Claim::Unknown);
}

async fn a_newer_own_message_than_the_starting_message_stays(store: Store) {
    with_inbox(&store).await;
    begin(&store, order(), 0).await;
    claim(&store, order(), THREAD).await;
    let note = Some(MessageId(51));
    set_ticket(&store, THREAD, State::NEW, note).await;
    let end = End {
        ticket: Some(THREAD),
        message: Some(MessageId(50)),
        ..End::default()
    };
    store.finish_opening(CLICK, end).await.unwrap();
    let stored = store.ticket(THREAD).await.unwrap().unwrap();
    assert_eq!(stored.own_message, note);
}

/// No thread was created.
const NEVER_WAS: End = End {
    ticket: None,
    message: None,
    button: None,
    rolled_back: None,
    is_orphan: false,
    notice: None,
    opener: None,
    awaits_staff: false,
};

async fn the_end_without_a_thread_gives_the_cooldown_back(store: Store) {
    with_inbox(&store).await;
    begin(&store, order(), 0).await;
    store.finish_opening(CLICK, NEVER_WAS).await.unwrap();
    assert_eq!(store.last_opened(INBOX, OWNER).await.unwrap(), None);
    assert_eq!(store.journal().await.unwrap(), []);
}

async fn the_cooldown_of_a_later_opening_is_not_given_back(store: Store) {
    with_inbox(&store).await;
    begin(&store, click(1), 0).await;
    let later = Order {
        begun_at: NOW.plus(1),
        ..click(2)
    };
    begin(&store, later, 0).await;
    store.finish_opening(1, NEVER_WAS).await.unwrap();
    let last = store.last_opened(INBOX, OWNER).await.unwrap();
    assert_eq!(last, Some(NOW.plus(1)));
}

async fn the_end_with_a_deleted_thread_forgets_it(store: Store) {
    with_inbox(&store).await;
    begin(&store, order(), 0).await;
    claim(&store, order(), THREAD).await;
    let end = End {
        rolled_back: Some(THREAD),
        ..End::default()
    };
    store.finish_opening(CLICK, end).await.unwrap();
    assert_eq!(store.ticket(THREAD).await.unwrap(), None);
    assert_eq!(store.journal().await.unwrap(), []);
    assert!(!store.is_claimed(THREAD).await.unwrap());
    // The failure was not the member's fault, so there is no cooldown.
    assert_eq!(store.last_opened(INBOX, OWNER).await.unwrap(), None);
}

async fn the_end_with_an_orphan_remembers_it(store: Store) {
    with_inbox(&store).await;
    begin(&store, order(), 0).await;
    claim(&store, order(), THREAD).await;
    let end = End {
        rolled_back: Some(THREAD),
        is_orphan: true,
        ..End::default()
    };
    store.finish_opening(CLICK, end).await.unwrap();
    assert_eq!(store.ticket(THREAD).await.unwrap(), None);
    assert!(store.is_claimed(THREAD).await.unwrap());
    let journal = store.journal().await.unwrap();
    let [orphan] = journal.as_slice() else {
        panic!("{journal:?}")
    };
    assert_eq!((orphan.id, orphan.guild), (THREAD.0, GUILD));
    assert_eq!((&*orphan.token, &*orphan.locale), ("", ""));
    let parent = DESTINATION;
    assert_eq!(orphan.work, Work::Orphan { parent });
    // The cooldown counts, because another attempt could leave another orphaned thread.
    assert_eq!(store.last_opened(INBOX, OWNER).await.unwrap(), Some(NOW));
}

async fn the_end_of_an_unknown_opening_changes_nothing(store: Store) {
    with_ticket(&store).await;
    for end in [
        NEVER_WAS,
        End {
            rolled_back: Some(THREAD),
            is_orphan: true,
            ..End::default()
        },
    ] {
        store.finish_opening(99, end).await.unwrap();
    }
    assert_eq!(store.ticket(THREAD).await.unwrap(), Some(ticket()));
    assert_eq!(store.last_opened(INBOX, OWNER).await.unwrap(), Some(NOW));
    assert_eq!(store.journal().await.unwrap(), []);
}
