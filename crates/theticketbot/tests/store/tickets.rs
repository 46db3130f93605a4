//! Tickets, their states, and which tickets must be checked.

use theticketbot::store::{Store, Unsettled};
use tickets::opening::Order;
use tickets::opening::machine::End;
use tickets::ticket::{Phase, Presence, Reason, State, Ticket};
use tickets::{ChannelId, InboxId, MessageId, Timestamp, UserId};

use crate::contract;
use crate::examples::*;

contract!(
    every_state_is_read_as_it_was_written,
    the_newest_own_message_stays_until_there_is_another,
    tickets_are_found_by_owner_and_server,
    a_lost_ticket_is_adopted_once,
    an_orphan_in_which_somebody_wrote_is_adopted,
    only_what_may_have_changed_is_unfinished,
    strangers_are_the_bots_own_threads_that_nobody_claims,
    closed_tickets_come_with_their_locks,
    the_newest_closed_tickets_are_found,
    the_first_moment_counts_since_which_a_ticket_is_hidden,
    an_inbox_knows_its_last_ticket_that_nobody_joined,
    tickets_await_staff_until_it_is_known_who_came,
);

/// Every state.
fn states() -> Vec<State> {
    let presences = [Presence::Invited, Presence::Present, Presence::Gone];
    let phases = [
        Phase::Open,
        Phase::Closed { locked: false },
        Phase::Closed { locked: true },
    ];
    let closing = Reason::ALL.map(|(reason, _)| Phase::Closing(reason));
    let phases = phases.into_iter().chain(closing);
    phases
        .flat_map(|phase| presences.map(|presence| State { presence, phase }))
        .collect()
}

pub(crate) fn state(presence: Presence, phase: Phase) -> State {
    State { presence, phase }
}

pub(crate) const CLOSED: Phase = Phase::Closed { locked: false };
pub(crate) const LOCKED: Phase = Phase::Closed { locked: true };

async fn every_state_is_read_as_it_was_written(store: Store) {
    with_ticket(&store).await;
    assert_eq!(store.ticket(THREAD).await.unwrap(), Some(ticket()));
    for state in states() {
        set_ticket(&store, THREAD, state, None).await;
        let expected = Ticket { state, ..ticket() };
        assert_eq!(store.ticket(THREAD).await.unwrap(), Some(expected));
        // A ticket can also be adopted in every state.
        store.forget_channel(THREAD).await.unwrap();
        store.adopt_ticket(expected).await.unwrap();
        assert_eq!(store.ticket(THREAD).await.unwrap(), Some(expected));
    }
    let unknown = ChannelId(99);
    set_ticket(&store, unknown, State::NEW, None).await;
    assert_eq!(store.ticket(unknown).await.unwrap(), None);
}

async fn the_newest_own_message_stays_until_there_is_another(store: Store) {
    with_ticket(&store).await;
    let own = async || store.ticket(THREAD).await.unwrap().unwrap().own_message;
    let message = Some(MessageId(50));
    set_ticket(&store, THREAD, State::NEW, message).await;
    assert_eq!(own().await, message);
    let closed = state(Presence::Present, CLOSED);
    set_ticket(&store, THREAD, closed, None).await;
    assert_eq!(own().await, message);
    let newer = Some(MessageId(51));
    set_ticket(&store, THREAD, closed, newer).await;
    assert_eq!(own().await, newer);
}

async fn tickets_are_found_by_owner_and_server(store: Store) {
    with_ticket(&store).await;
    open_ticket(&store, 2, OWNER, ChannelId(41)).await;
    open_ticket(&store, 3, UserId(31), ChannelId(42)).await;
    let elsewhere = Ticket {
        id: ChannelId(43),
        guild: OTHER_GUILD,
        inbox: None,
        ..ticket()
    };
    store.adopt_ticket(elsewhere).await.unwrap();
    let second = Ticket {
        id: ChannelId(41),
        ..ticket()
    };
    let of = async |guild, owner| store.tickets_of(guild, owner).await.unwrap();
    assert_eq!(of(GUILD, OWNER).await, [second, ticket()]);
    assert_eq!(of(OTHER_GUILD, OWNER).await, [elsewhere]);
    assert_eq!(of(OTHER_GUILD, UserId(31)).await, []);
    // Closed tickets and tickets without an inbox belong to their owner, too.
    let closed = state(Presence::Gone, LOCKED);
    set_ticket(&store, THREAD, closed, None).await;
    store.forget_messages(&[MESSAGE]).await.unwrap();
    let found: Vec<_> = of(GUILD, OWNER).await.iter().map(|it| it.id).collect();
    assert_eq!(found, [ChannelId(41), THREAD]);
}

async fn the_newest_closed_tickets_are_found(store: Store) {
    with_inbox(&store).await;
    for id in [40, 41, 42, 43] {
        let adopted = Ticket {
            id: ChannelId(id),
            ..ticket()
        };
        store.adopt_ticket(adopted).await.unwrap();
    }
    let elsewhere = Ticket {
        id: ChannelId(44),
        guild: OTHER_GUILD,
        inbox: None,
        ..ticket()
    };
    store.adopt_ticket(elsewhere).await.unwrap();
    for (id, phase) in [(40, LOCKED), (41, CLOSED), (43, LOCKED), (44, LOCKED)] {
        let now = state(Presence::Present, phase);
        set_ticket(&store, ChannelId(id), now, None).await;
    }
    let found = async |most| {
        let found = store.newest_closed(GUILD, most).await.unwrap();
        found.iter().map(|it| it.id.0).collect::<Vec<_>>()
    };
    assert_eq!(found(9).await, [43, 41, 40]);
    assert_eq!(found(2).await, [43, 41]);
}

async fn a_lost_ticket_is_adopted_once(store: Store) {
    // The database knows neither its server nor its inbox.
    let lost = Ticket {
        inbox: Some(InboxId(99)),
        own_message: Some(MessageId(50)),
        ..ticket()
    };
    store.adopt_ticket(lost).await.unwrap();
    let adopted = Ticket {
        inbox: None,
        ..lost
    };
    assert_eq!(store.ticket(THREAD).await.unwrap(), Some(adopted));
    assert_eq!(store.guilds().await.unwrap(), [GUILD]);
    let again = Ticket {
        own_message: None,
        owner: None,
        ..lost
    };
    store.adopt_ticket(again).await.unwrap();
    assert_eq!(store.ticket(THREAD).await.unwrap(), Some(adopted));
    let without_owner = Ticket {
        id: ChannelId(41),
        inbox: None,
        owner: None,
        ..ticket()
    };
    store.adopt_ticket(without_owner).await.unwrap();
    let found = store.ticket(ChannelId(41)).await.unwrap();
    assert_eq!(found, Some(without_owner));
}

async fn an_orphan_in_which_somebody_wrote_is_adopted(store: Store) {
    with_inbox(&store).await;
    store.begin(crate::journal::orphan()).await.unwrap();
    store.adopt_ticket(ticket()).await.unwrap();
    assert_eq!(store.ticket(THREAD).await.unwrap(), Some(ticket()));
    assert!(store.journal().await.unwrap().is_empty());
}

async fn only_what_may_have_changed_is_unfinished(store: Store) {
    with_ticket(&store).await;
    let (closing, closed, locked) = (ChannelId(41), ChannelId(42), ChannelId(43));
    for (interaction, thread) in [(2, closing), (3, closed), (4, locked)] {
        open_ticket(&store, interaction, OWNER, thread).await;
    }
    let elsewhere = Ticket {
        id: ChannelId(44),
        guild: OTHER_GUILD,
        inbox: None,
        ..ticket()
    };
    store.adopt_ticket(elsewhere).await.unwrap();
    for (thread, presence, phase) in [
        (THREAD, Presence::Gone, Phase::Open),
        (closing, Presence::Gone, Phase::Closing(Reason::OwnerLeft)),
        (closed, Presence::Present, CLOSED),
        (locked, Presence::Gone, LOCKED),
    ] {
        let state = state(presence, phase);
        set_ticket(&store, thread, state, None).await;
    }
    let unfinished = async |active: &[ChannelId]| {
        let active = active.to_vec();
        let found = store.unfinished_tickets(GUILD, active, Vec::new()).await;
        let Unsettled { tickets, strangers } = found.unwrap();
        assert_eq!(strangers, []);
        tickets
    };
    assert_eq!(unfinished(&[]).await, [closing, THREAD]);
    let active = [ChannelId(99), locked, closing];
    assert_eq!(unfinished(&active).await, [locked, closing, THREAD]);
    assert_eq!(
        unfinished(&[closed, locked]).await,
        [locked, closed, closing, THREAD]
    );
}

async fn strangers_are_the_bots_own_threads_that_nobody_claims(store: Store) {
    with_inbox(&store).await;
    open_ticket(&store, 2, OWNER, ChannelId(41)).await;
    begin(&store, order(), 0).await;
    claim(&store, order(), ChannelId(42)).await;
    store.begin(crate::journal::orphan()).await.unwrap();
    let stranger = ChannelId(99);
    let own = vec![THREAD, stranger, ChannelId(41), ChannelId(42)];
    let mut active = own.clone();
    active.push(ChannelId(98));
    let found = store.unfinished_tickets(GUILD, active, own).await.unwrap();
    assert_eq!(found.strangers, [stranger]);
    assert_eq!(found.tickets, [ChannelId(42), ChannelId(41)]);
}

async fn closed_tickets_come_with_their_locks(store: Store) {
    with_ticket(&store).await;
    let (locked, closing) = (ChannelId(41), ChannelId(42));
    open_ticket(&store, 2, OWNER, locked).await;
    open_ticket(&store, 3, OWNER, closing).await;
    let closed = async || store.closed_tickets(GUILD).await.unwrap();
    assert_eq!(closed().await, []);
    for (thread, phase) in [
        (THREAD, CLOSED),
        (locked, LOCKED),
        (closing, Phase::Closing(Reason::Archived)),
    ] {
        let state = state(Presence::Present, phase);
        set_ticket(&store, thread, state, None).await;
    }
    assert_eq!(closed().await, [(THREAD, false), (locked, true)]);
    assert_eq!(store.closed_tickets(OTHER_GUILD).await.unwrap(), []);
    set_ticket(&store, locked, State::NEW, None).await;
    assert_eq!(closed().await, [(THREAD, false)]);
}

async fn the_first_moment_counts_since_which_a_ticket_is_hidden(store: Store) {
    with_ticket(&store).await;
    let since = async || store.ticket(THREAD).await.unwrap().unwrap().hidden_since;
    for (set, expected) in [(Some(70), Some(70)), (Some(80), Some(70)), (None, None)] {
        let set = set.map(Timestamp);
        store.set_hidden(THREAD, set).await.unwrap();
        assert_eq!(since().await, expected.map(Timestamp));
    }
    store
        .set_hidden(ChannelId(99), Some(Timestamp(70)))
        .await
        .unwrap();
    assert_eq!(store.ticket(ChannelId(99)).await.unwrap(), None);
}

async fn tickets_await_staff_until_it_is_known_who_came(store: Store) {
    with_ticket(&store).await;
    let (second, third) = (ChannelId(41), ChannelId(42));
    for (interaction, thread) in [(2, second), (3, third)] {
        let order = Order {
            interaction,
            ..order()
        };
        begin(&store, order.clone(), 0).await;
        claim(&store, order, thread).await;
        let end = End {
            ticket: Some(thread),
            awaits_staff: true,
            ..End::default()
        };
        store.finish_opening(interaction, end).await.unwrap();
    }
    let awaiting = async || store.awaiting_staff().await.unwrap();
    assert_eq!(awaiting().await, [(GUILD, second), (GUILD, third)]);
    assert_eq!(store.alone_in(INBOX).await.unwrap(), None);
    assert!(!store.ticket(third).await.unwrap().unwrap().is_alone);
    store.set_alone(third, true).await.unwrap();
    assert_eq!(awaiting().await, []);
    assert_eq!(store.alone_in(INBOX).await.unwrap(), Some(third));
}

async fn an_inbox_knows_its_last_ticket_that_nobody_joined(store: Store) {
    with_ticket(&store).await;
    let (second, third) = (ChannelId(41), ChannelId(42));
    open_ticket(&store, 2, OWNER, second).await;
    open_ticket(&store, 3, OWNER, third).await;
    let alone = async || store.alone_in(INBOX).await.unwrap();
    assert_eq!(alone().await, None);
    store.set_alone(second, true).await.unwrap();
    assert_eq!(alone().await, Some(second));
    assert!(store.ticket(second).await.unwrap().unwrap().is_alone);
    // An older ticket has no effect.
    store.set_alone(THREAD, false).await.unwrap();
    assert_eq!(alone().await, Some(second));
    store.set_alone(third, true).await.unwrap();
    assert_eq!(alone().await, Some(third));
    assert!(!store.ticket(second).await.unwrap().unwrap().is_alone);
    store.set_alone(third, false).await.unwrap();
    assert_eq!(alone().await, None);
    // The mark is deleted together with the ticket.
    store.set_alone(third, true).await.unwrap();
    store.forget_channel(third).await.unwrap();
    assert_eq!(alone().await, None);
    store.set_alone(ChannelId(99), true).await.unwrap();
}
