//! Whom a ticket waits for.

use theticketbot::store::Store;
use tickets::form::{Answer, Value, Word};
use tickets::opening::Order;
use tickets::opening::machine::End;
use tickets::waiting::{Side, Waiting};
use tickets::{ChannelId, GuildId, MessageId};

use crate::contract;
use crate::examples::*;
use crate::tickets::{LOCKED, state};

contract!(
    a_new_ticket_waits_for_its_owner,
    a_ticket_with_answers_waits_for_staff,
    the_starting_message_is_seen,
    what_is_stored_is_read,
    only_open_tickets_of_the_server_are_listed,
);

async fn waiting(store: &Store) -> Option<Waiting> {
    store.waiting(THREAD).await.unwrap()
}

fn waits(side: Side, since: u64, seen: u64) -> Waiting {
    Waiting {
        side,
        since: MessageId(since),
        seen: MessageId(seen),
    }
}

async fn a_new_ticket_waits_for_its_owner(store: Store) {
    assert_eq!(waiting(&store).await, None);
    with_inbox(&store).await;
    begin(&store, order(), 1).await;
    claim(&store, order(), THREAD).await;
    let new = waits(Side::Owner, THREAD.0, THREAD.0);
    assert_eq!(waiting(&store).await, Some(new));
}

async fn a_ticket_with_answers_waits_for_staff(store: Store) {
    with_inbox(&store).await;
    let asked = Order {
        answers: vec![Answer {
            label: "What happened?".into(),
            kind: Word::Short,
            value: Value::text("It broke"),
        }],
        ..order()
    };
    begin(&store, asked.clone(), 1).await;
    claim(&store, asked, THREAD).await;
    let new = waits(Side::Staff, THREAD.0, THREAD.0);
    assert_eq!(waiting(&store).await, Some(new));
}

async fn the_starting_message_is_seen(store: Store) {
    with_inbox(&store).await;
    begin(&store, order(), 1).await;
    claim(&store, order(), THREAD).await;
    let message = MessageId(THREAD.0 + 5);
    let end = End {
        ticket: Some(THREAD),
        message: Some(message),
        ..End::default()
    };
    let id = order().interaction;
    store.finish_opening(id, end).await.unwrap();
    let seen = waits(Side::Owner, THREAD.0, message.0);
    assert_eq!(waiting(&store).await, Some(seen));
}

async fn what_is_stored_is_read(store: Store) {
    with_ticket(&store).await;
    // As long as Discord's ids are.
    let large = 1_200_000_000_000_000_060;
    for now in [
        waits(Side::Staff, large, large + 1),
        waits(Side::Owner, large + 10, large + 15),
    ] {
        store.set_waiting(THREAD, now).await.unwrap();
        assert_eq!(waiting(&store).await, Some(now));
    }
    // First the ticket is unknown, then it is deleted.
    let unknown = ChannelId(99);
    let now = waits(Side::Owner, 70, 75);
    store.set_waiting(unknown, now).await.unwrap();
    assert_eq!(store.waiting(unknown).await.unwrap(), None);
    store.forget_channel(THREAD).await.unwrap();
    assert_eq!(waiting(&store).await, None);
}

async fn only_open_tickets_of_the_server_are_listed(store: Store) {
    with_ticket(&store).await;
    let now = waits(Side::Staff, 60, 61);
    store.set_waiting(THREAD, now).await.unwrap();
    let all = async |guild| store.waiting_in(guild).await.unwrap();
    assert_eq!(all(GUILD).await, [(THREAD, now)]);
    assert_eq!(all(GuildId(GUILD.0 + 90)).await, []);
    let closed = state(ticket().state.presence, LOCKED);
    set_ticket(&store, THREAD, closed, None).await;
    assert_eq!(all(GUILD).await, []);
}
