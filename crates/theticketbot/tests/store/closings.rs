//! Closing through the bot, and claims.

use theticketbot::store::{ClosingBegun, Store};
use tickets::ticket::{ClosingRequest, Phase, Presence, Reason, State};
use tickets::{ChannelId, MessageId, UserId};

use crate::contract;
use crate::examples::*;
use crate::tickets::{LOCKED, state};

contract!(
    of_two_who_close_one_does,
    what_was_written_is_kept_until_the_ticket_is_closed,
    a_state_that_was_read_before_does_not_end_a_closing,
    a_closing_is_forgotten_when_the_ticket_is_opened_again,
    a_claim_is_kept_until_it_ends,
);

/// As long as Discord's ids are.
const MAX: UserId = UserId(1_200_000_000_000_000_021);

fn request() -> ClosingRequest {
    ClosingRequest {
        by: MAX,
        name: "Max".into(),
        reason: "It works".into(),
        remove_members: true,
        moved_to: None,
    }
}

async fn begin(store: &Store, thread: ChannelId) -> ClosingBegun {
    let after = MessageId(60);
    let begun = store.begin_closing(thread, request(), after).await;
    begun.unwrap()
}

async fn of_two_who_close_one_does(store: Store) {
    assert_eq!(begin(&store, THREAD).await, ClosingBegun::NoTicket);
    with_ticket(&store).await;
    assert_eq!(begin(&store, THREAD).await, ClosingBegun::Begun);
    assert_eq!(begin(&store, THREAD).await, ClosingBegun::Closing);
    let stored = store.ticket(THREAD).await.unwrap().unwrap();
    let closing = Phase::Closing(Reason::Requested);
    assert_eq!(stored.state, state(ticket().state.presence, closing));
    // Every message of this closing will have a greater id.
    assert_eq!(stored.own_message, Some(MessageId(60)));
    assert_eq!(store.closing(THREAD).await.unwrap(), Some(request()));
}

async fn what_was_written_is_kept_until_the_ticket_is_closed(store: Store) {
    with_ticket(&store).await;
    begin(&store, THREAD).await;
    let closed = state(Presence::Present, LOCKED);
    set_ticket(&store, THREAD, closed, None).await;
    let forgotten = ClosingRequest {
        name: String::new(),
        reason: String::new(),
        ..request()
    };
    assert_eq!(store.closing(THREAD).await.unwrap(), Some(forgotten));
    assert_eq!(begin(&store, THREAD).await, ClosingBegun::Closed(Some(MAX)));
}

async fn a_state_that_was_read_before_does_not_end_a_closing(store: Store) {
    with_ticket(&store).await;
    let before = ticket().state;
    begin(&store, THREAD).await;
    let set = store.set_ticket(THREAD, before.phase, before, None);
    assert!(!set.await.unwrap());
    let unknown = store.set_ticket(ChannelId(99), before.phase, before, None);
    assert!(!unknown.await.unwrap());
    // A command that has posted something only records its message.
    let message = MessageId(70);
    store.set_own_message(THREAD, message).await.unwrap();
    let stored = store.ticket(THREAD).await.unwrap().unwrap();
    assert_eq!(stored.state.phase, Phase::Closing(Reason::Requested));
    assert_eq!(stored.own_message, Some(message));
    assert_eq!(store.closing(THREAD).await.unwrap(), Some(request()));
}

async fn a_closing_is_forgotten_when_the_ticket_is_opened_again(store: Store) {
    with_ticket(&store).await;
    begin(&store, THREAD).await;
    set_ticket(&store, THREAD, State::NEW, None).await;
    assert_eq!(store.closing(THREAD).await.unwrap(), None);
    // This time, nobody closed it through the bot.
    let closed = state(Presence::Gone, LOCKED);
    set_ticket(&store, THREAD, closed, None).await;
    assert_eq!(begin(&store, THREAD).await, ClosingBegun::Closed(None));
}

async fn a_claim_is_kept_until_it_ends(store: Store) {
    with_ticket(&store).await;
    let holder = async || store.ticket(THREAD).await.unwrap().unwrap().claimed_by;
    assert_eq!(holder().await, None);
    store.claim_ticket(THREAD, Some(MAX)).await.unwrap();
    assert_eq!(holder().await, Some(MAX));
    store.claim_ticket(THREAD, None).await.unwrap();
    assert_eq!(holder().await, None);
}
