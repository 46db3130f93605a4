//! How many tickets a member may have: the transaction that begins an opening decides.

use theticketbot::store::{Begin, Begun, Store};
use tickets::opening::Order;
use tickets::opening::machine::End;
use tickets::ticket::{HIDDEN_COUNTS_FOR, Phase, Presence, Reason};
use tickets::{ChannelId, MessageId, UserId};

use crate::contract;
use crate::examples::*;
use crate::tickets::{CLOSED, LOCKED, state};

contract!(
    an_opening_in_the_journal_counts,
    an_opening_with_its_ticket_counts_once,
    only_open_tickets_of_the_member_and_inbox_count,
    what_is_not_open_any_more_does_not_count,
    no_limit_is_no_limit,
    the_inboxs_own_limit_counts_everybody,
    the_inboxs_own_limit_counts_no_ticket_that_is_hidden_for_a_week,
    of_many_at_once_only_as_many_as_are_allowed_begin,
    a_refused_opening_writes_nothing,
);

fn click(interaction: u64) -> Order {
    Order {
        interaction,
        ..order()
    }
}

fn is_begun(begun: &Begun) -> bool {
    matches!(begun, Begun::Begun(_))
}

async fn an_opening_in_the_journal_counts(store: Store) {
    with_inbox(&store).await;
    assert!(is_begun(&begin(&store, click(1), 1).await));
    assert_eq!(begin(&store, click(2), 1).await, Begun::Full(None));
    store.finish_opening(1, End::default()).await.unwrap();
    assert!(is_begun(&begin(&store, click(2), 1).await));
}

async fn an_opening_with_its_ticket_counts_once(store: Store) {
    with_inbox(&store).await;
    assert!(is_begun(&begin(&store, click(1), 2).await));
    claim(&store, click(1), THREAD).await;
    assert!(is_begun(&begin(&store, click(2), 2).await));
    assert_eq!(begin(&store, click(3), 2).await, Begun::Full(Some(THREAD)));
}

async fn only_open_tickets_of_the_member_and_inbox_count(store: Store) {
    with_ticket(&store).await;
    let other = inbox_in(GUILD, MessageId(21), CHANNEL);
    create_inbox(&store, other.clone()).await;
    let elsewhere = Order {
        inbox: other.id,
        ..click(2)
    };
    assert!(is_begun(&begin(&store, elsewhere, 1).await));
    let somebody_else = Order {
        owner: UserId(31),
        ..click(3)
    };
    assert!(is_begun(&begin(&store, somebody_else, 1).await));
    assert_eq!(begin(&store, click(4), 1).await, Begun::Full(Some(THREAD)));
    // A ticket that is being closed still counts.
    for (presence, phase, counts) in [
        (Presence::Present, Phase::Open, true),
        (Presence::Present, Phase::Closing(Reason::Archived), true),
        (Presence::Gone, Phase::Open, false),
        (Presence::Gone, Phase::Closing(Reason::OwnerLeft), false),
        (Presence::Present, CLOSED, false),
        (Presence::Invited, LOCKED, false),
    ] {
        let state = state(presence, phase);
        set_ticket(&store, THREAD, state, None).await;
        let begun = begin(&store, click(4), 1).await;
        assert_eq!(is_begun(&begun), !counts, "{state:?}");
        store.finish(4).await.unwrap();
    }
}

async fn what_is_not_open_any_more_does_not_count(store: Store) {
    with_ticket(&store).await;
    let newer = ChannelId(41);
    open_ticket(&store, 2, OWNER, newer).await;
    let begin = async |limit, not_open: &[ChannelId]| {
        begin_with(&store, click(3), limit, not_open.to_vec()).await
    };
    assert_eq!(begin(2, &[]).await, Begun::Full(Some(newer)));
    assert_eq!(begin(1, &[newer]).await, Begun::Full(Some(THREAD)));
    assert!(is_begun(&begin(1, &[THREAD, newer]).await));
}

async fn no_limit_is_no_limit(store: Store) {
    with_ticket(&store).await;
    for interaction in 1..50 {
        assert!(is_begun(&begin(&store, click(interaction), 0).await));
    }
}

async fn of_many_at_once_only_as_many_as_are_allowed_begin(store: Store) {
    with_inbox(&store).await;
    for (limit, owner) in [(1, UserId(31)), (3, UserId(32))] {
        let clicks = (1..=30).map(|number| {
            let store = store.clone();
            let order = Order {
                owner,
                ..click(owner.0 * 100 + number)
            };
            tokio::spawn(async move { begin(&store, order, limit).await })
        });
        let mut begun = 0;
        for click in clicks.collect::<Vec<_>>() {
            match click.await.unwrap() {
                Begun::Begun(_) => begun += 1,
                Begun::Full(None) => {}
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(begun, limit);
    }
    assert_eq!(store.journal().await.unwrap().len(), 4);
}

async fn a_refused_opening_writes_nothing(store: Store) {
    with_ticket(&store).await;
    let late = Order {
        begun_at: NOW.plus(90_000),
        ..click(2)
    };
    assert_eq!(begin(&store, late, 1).await, Begun::Full(Some(THREAD)));
    assert_eq!(store.journal().await.unwrap(), []);
    assert_eq!(store.last_opened(INBOX, OWNER).await.unwrap(), Some(NOW));
    assert_eq!(store.next_number(INBOX).await.unwrap(), Some(2));
}

async fn the_inboxs_own_limit_counts_everybody(store: Store) {
    with_ticket(&store).await;
    let click = |interaction, limit_total, not_open: &[ChannelId]| {
        let order = Order {
            owner: UserId(31),
            ..click(interaction)
        };
        let begin = Begin {
            limit_total,
            not_open: not_open.to_vec(),
            moved: None,
            ..begin_of(&order, 0)
        };
        store.begin_opening(begin, make_entry(order))
    };
    let open = || async { store.open_in(INBOX, NOW).await.unwrap() };
    assert_eq!(open().await, 1);
    assert_eq!(click(2, 1, &[]).await.unwrap(), Begun::FullInbox);
    // Another opening is in progress.
    assert!(is_begun(&click(3, 2, &[]).await.unwrap()));
    assert_eq!(click(4, 2, &[]).await.unwrap(), Begun::FullInbox);
    assert!(is_begun(&click(5, 3, &[]).await.unwrap()));
    assert_eq!(open().await, 3);
    // The thread belongs to another member, so it does not reduce this member's count.
    assert_eq!(click(6, 3, &[THREAD]).await.unwrap(), Begun::FullInbox);
    store.finish_opening(5, End::default()).await.unwrap();
    set_ticket(&store, THREAD, state(Presence::Present, CLOSED), None).await;
    assert_eq!(open().await, 1);
    assert!(is_begun(&click(7, 2, &[]).await.unwrap()));
}

async fn the_inboxs_own_limit_counts_no_ticket_that_is_hidden_for_a_week(store: Store) {
    with_ticket(&store).await;
    let click = |interaction| {
        let order = Order {
            owner: UserId(31),
            ..click(interaction)
        };
        let begin = Begin {
            limit_total: 1,
            ..begin_of(&order, 0)
        };
        store.begin_opening(begin, make_entry(order))
    };
    let since = NOW.plus(1 - HIDDEN_COUNTS_FOR);
    store.set_hidden(THREAD, Some(since)).await.unwrap();
    assert_eq!(store.open_in(INBOX, NOW).await.unwrap(), 1);
    assert_eq!(click(2).await.unwrap(), Begun::FullInbox);
    store.set_hidden(THREAD, None).await.unwrap();
    let since = NOW.plus(-HIDDEN_COUNTS_FOR);
    store.set_hidden(THREAD, Some(since)).await.unwrap();
    assert_eq!(store.open_in(INBOX, NOW).await.unwrap(), 0);
    assert!(is_begun(&click(3).await.unwrap()));
}
