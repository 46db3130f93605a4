//! Tickets' notices.

use theticketbot::store::{Claim, Store, Work};
use tickets::notice::{Notice, Standing, Step};
use tickets::opening::machine::End;
use tickets::opening::{Opening, Order};
use tickets::ticket::{ClosingRequest, Phase, Presence, Reason, State};
use tickets::waiting::Waiting;
use tickets::{ChannelId, MessageId, UserId};

use crate::contract;
use crate::examples::*;
use crate::tickets::{LOCKED, state};

contract!(
    a_notice_is_wanted_from_the_end_of_an_opening_on,
    what_changes_with_the_ticket_is_due,
    the_reason_is_kept_until_the_notice_has_it,
    a_ticket_that_is_deleted_has_a_notice_that_says_so,
    a_notice_goes_along_with_a_transfer,
    a_notice_is_forgotten_with_its_message_its_channel_or_its_server,
);

const STAFF: ChannelId = ChannelId(12);
const NOTICE: MessageId = MessageId(70);
const MAX: UserId = UserId(21);

/// A ticket that is to have a notice.
async fn with_notice(store: &Store) {
    store.finish_posting(1, inbox(), None).await.unwrap();
    let order = Order {
        notice: Some(STAFF),
        ..order()
    };
    store.begin(entry(order.clone())).await.unwrap();
    let work = Work::Opening(Box::new(Opening::new(order).as_claimed(THREAD)));
    let claimed = store.claim_thread(CLICK, THREAD, work).await.unwrap();
    assert_eq!(claimed, Claim::Own);
    assert_eq!(store.notice(THREAD).await.unwrap(), None);
    let end = End {
        ticket: Some(THREAD),
        notice: Some(STAFF),
        ..End::default()
    };
    store.finish_opening(CLICK, end).await.unwrap();
}

async fn notice(store: &Store) -> Notice {
    store.notice(THREAD).await.unwrap().unwrap()
}

/// Stores that the notice shows the present state.
async fn show(store: &Store) {
    let key = notice(store).await.key(NOW);
    assert!(store.set_notice(THREAD, STAFF, NOTICE, key).await.unwrap());
    assert!(due(store).await.is_empty());
}

async fn due(store: &Store) -> Vec<Step> {
    let unfinished = store.unfinished_notices(STAFF).await.unwrap();
    for guild in [Some(GUILD), None] {
        let channels = store.notice_channels(guild).await.unwrap();
        assert_eq!(channels.contains(&(GUILD, STAFF)), !unfinished.is_empty());
    }
    let steps = unfinished.iter().filter_map(|it| it.step(NOW));
    steps.collect()
}

async fn a_notice_is_wanted_from_the_end_of_an_opening_on(store: Store) {
    with_notice(&store).await;
    assert_eq!(
        notice(&store).await,
        Notice {
            ticket: THREAD,
            guild: GUILD,
            channel: STAFF,
            message: None,
            joined: None,
            shown: None,
            inbox: Some(INBOX),
            owner: Some(OWNER),
            claimed: None,
            waiting: Some(Waiting::of_new(THREAD, false)),
            standing: Standing::Open,
        }
    );
    assert_eq!(due(&store).await, [Step::Post]);
    show(&store).await;
    let found = store.notice_of_message(NOTICE).await.unwrap().unwrap();
    assert_eq!((found.ticket, found.message), (THREAD, Some(NOTICE)));
    assert_eq!(store.notice_of_message(MESSAGE).await.unwrap(), None);
    assert!(store.unfinished_notices(CHANNEL).await.unwrap().is_empty());
    let elsewhere = store.notice_channels(Some(OTHER_GUILD)).await.unwrap();
    assert!(elsewhere.is_empty());
}

async fn what_changes_with_the_ticket_is_due(store: Store) {
    with_notice(&store).await;
    show(&store).await;
    store.note_join(THREAD, MAX).await.unwrap();
    store.note_join(THREAD, OWNER).await.unwrap();
    assert_eq!(notice(&store).await.joined, Some(MAX), "the first");
    assert_eq!(due(&store).await, [Step::Change]);
    show(&store).await;
    store.claim_ticket(THREAD, Some(MAX)).await.unwrap();
    assert_eq!(due(&store).await, [Step::Claim]);
    show(&store).await;
    let present = |phase| state(Presence::Present, phase);
    let closing = present(Phase::Closing(Reason::Archived));
    set_ticket(&store, THREAD, closing, None).await;
    assert!(due(&store).await.is_empty(), "it is not closed yet");
    for reason in [Reason::OwnerLeft, Reason::Archived] {
        let closing = present(Phase::Closing(reason));
        set_ticket(&store, THREAD, closing, None).await;
        set_ticket(&store, THREAD, present(LOCKED), None).await;
        assert_eq!(due(&store).await, [Step::End]);
        let standing = notice(&store).await.standing;
        assert_eq!(standing, Standing::Closed(reason, None));
        show(&store).await;
        // A closing is also shown if the ticket was reopened and closed again in between.
        set_ticket(&store, THREAD, State::NEW, None).await;
    }
    assert_eq!(due(&store).await, [Step::Claim]);
}

async fn the_reason_is_kept_until_the_notice_has_it(store: Store) {
    with_notice(&store).await;
    show(&store).await;
    let request = ClosingRequest {
        by: MAX,
        name: "Max".into(),
        reason: "It works".into(),
        remove_members: false,
        moved_to: None,
    };
    let after = MessageId(60);
    let begun = store.begin_closing(THREAD, request.clone(), after).await;
    begun.unwrap();
    let closed = state(Presence::Present, LOCKED);
    set_ticket(&store, THREAD, closed, None).await;
    let standing = notice(&store).await.standing;
    let expected = Standing::Closed(Reason::Requested, Some(request.clone()));
    assert_eq!(standing, expected);
    show(&store).await;
    let forgotten = ClosingRequest {
        name: String::new(),
        reason: String::new(),
        ..request
    };
    assert_eq!(store.closing(THREAD).await.unwrap(), Some(forgotten));
}

async fn a_ticket_that_is_deleted_has_a_notice_that_says_so(store: Store) {
    with_notice(&store).await;
    show(&store).await;
    store.forget_channel(THREAD).await.unwrap();
    assert_eq!(notice(&store).await.standing, Standing::Deleted);
    assert_eq!(due(&store).await, [Step::End]);
    store.forget_notice(THREAD).await.unwrap();
    assert_eq!(store.notice(THREAD).await.unwrap(), None);
}

async fn a_notice_goes_along_with_a_transfer(store: Store) {
    const OTHER_STAFF: ChannelId = ChannelId(13);
    with_notice(&store).await;
    store.note_join(THREAD, MAX).await.unwrap();
    show(&store).await;
    let other = inbox_in(GUILD, MessageId(21), CHANNEL);
    let id = other.id;
    create_inbox(&store, other).await;
    store.transfer_ticket(THREAD, id, None).await.unwrap();
    let stored = store.ticket(THREAD).await.unwrap().unwrap();
    assert_eq!(stored.inbox, Some(id));
    assert_eq!(notice(&store).await.message, Some(NOTICE));
    assert_eq!(due(&store).await, [Step::Claim], "it names the inbox");
    assert_eq!(notice(&store).await.joined, None, "none of the new staff");
    show(&store).await;
    // A notice that is already in the right channel is not posted again.
    let stays = Some(STAFF);
    store.transfer_ticket(THREAD, INBOX, stays).await.unwrap();
    assert_eq!(notice(&store).await.message, Some(NOTICE));
    let goes = Some(OTHER_STAFF);
    store.transfer_ticket(THREAD, id, goes).await.unwrap();
    let moved = notice(&store).await;
    assert_eq!((moved.channel, moved.message), (OTHER_STAFF, None));
    assert!(due(&store).await.is_empty());
    // An inbox that no longer exists gets no ticket.
    store
        .transfer_ticket(THREAD, tickets::InboxId(99), None)
        .await
        .unwrap();
    let stored = store.ticket(THREAD).await.unwrap().unwrap();
    assert_eq!(stored.inbox, Some(id));
}

async fn a_notice_is_forgotten_with_its_message_its_channel_or_its_server(store: Store) {
    with_notice(&store).await;
    show(&store).await;
    store.forget_messages(&[NOTICE]).await.unwrap();
    assert_eq!(store.notice(THREAD).await.unwrap(), None);
    let begin_again = async |id: u64| {
        let order = Order {
            interaction: id,
            notice: Some(STAFF),
            ..order()
        };
        store.begin(entry(order)).await.unwrap();
        let end = End {
            ticket: Some(THREAD),
            notice: Some(STAFF),
            ..End::default()
        };
        store.finish_opening(id, end).await.unwrap();
        assert!(store.notice(THREAD).await.unwrap().is_some());
    };
    begin_again(CLICK + 1).await;
    store.forget_channel(STAFF).await.unwrap();
    assert_eq!(store.notice(THREAD).await.unwrap(), None);
    begin_again(CLICK + 2).await;
    store.forget_notices_in(STAFF).await.unwrap();
    assert_eq!(store.notice(THREAD).await.unwrap(), None);
    begin_again(CLICK + 3).await;
    store.forget_guild(GUILD).await.unwrap();
    assert_eq!(store.notice(THREAD).await.unwrap(), None);
}
