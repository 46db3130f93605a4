//! What is stored about a member, and forgetting the member.

use theticketbot::store::{Store, Trace, Unfinished};
use tickets::due::Asked;
use tickets::inbox::InboxChange;
use tickets::ticket::ClosingRequest;
use tickets::{ChannelId, Mention, MessageId, RoleId, Timestamp, UserId};

use crate::contract;
use crate::examples::*;

contract!(
    whoever_has_an_open_ticket_is_not_forgotten,
    whoever_is_served_is_not_forgotten,
    a_person_is_found_everywhere_and_forgotten,
);

/// As long as Discord's ids are.
const MIA: UserId = UserId(123_456_789_012_345_678);
const TICKET: ChannelId = ChannelId(41);

async fn found(store: &Store) -> Vec<String> {
    let traces = store.traces(MIA).await.unwrap();
    assert!(traces.iter().all(|trace| trace.rows == 1), "{traces:?}");
    traces.into_iter().map(|trace| trace.column).collect()
}

async fn whoever_has_an_open_ticket_is_not_forgotten(store: Store) {
    with_ticket(&store).await;
    assert_eq!(found(&store).await, Vec::<String>::new());
    open_ticket(&store, 2, MIA, TICKET).await;
    let unfinished = Unfinished {
        tickets: vec![TICKET],
        is_served: false,
    };
    assert_eq!(store.unfinished(MIA).await.unwrap(), unfinished);
    let before = store.traces(MIA).await.unwrap();
    let columns = found(&store).await;
    assert_eq!(
        columns,
        [
            "user.id",
            "member.user_id",
            "ticket.owner_id",
            "cooldown.user_id"
        ]
    );
    // Closing another ticket of the member is not enough.
    let refused = store.forget_person(MIA, vec![THREAD]).await.unwrap();
    assert_eq!(refused, unfinished);
    assert_eq!(store.traces(MIA).await.unwrap(), before);
    let done = store.forget_person(MIA, vec![TICKET]).await.unwrap();
    assert_eq!(done, Unfinished::default());
    assert_eq!(store.traces(MIA).await.unwrap(), Vec::<Trace>::new());
    // The bot still knows the thread, and no other member's data has changed.
    let stored = store.ticket(TICKET).await.unwrap().unwrap();
    assert_eq!(stored.owner, None);
    assert_eq!(store.ticket(THREAD).await.unwrap(), Some(ticket()));
}

async fn whoever_is_served_is_not_forgotten(store: Store) {
    with_inbox(&store).await;
    let order = tickets::opening::Order {
        owner: MIA,
        ..order()
    };
    begin(&store, order, 0).await;
    let unfinished = store.forget_person(MIA, Vec::new()).await.unwrap();
    assert!(unfinished.is_served);
    assert!(found(&store).await.contains(&"journal.owner_id".to_owned()));
}

async fn a_person_is_found_everywhere_and_forgotten(store: Store) {
    with_ticket(&store).await;
    let asked = Asked {
        by: MIA,
        name: "Mia".to_owned(),
        reason: String::new(),
        close_at: None,
    };
    store.ask_close(THREAD, MessageId(50), asked).await.unwrap();
    store.snooze(THREAD, Timestamp(9_000), MIA).await.unwrap();
    store.claim_ticket(THREAD, Some(MIA)).await.unwrap();
    let staff = vec![Mention::User(MIA), Mention::Role(RoleId(7))];
    let starter = format!("Ask <@{MIA}>, $author");
    for change in [
        InboxChange::Staff(staff),
        InboxChange::Starter(starter.clone()),
    ] {
        assert!(store.change_inbox(INBOX, change).await.unwrap());
    }
    let request = ClosingRequest {
        by: MIA,
        name: String::new(),
        reason: String::new(),
        remove_members: false,
        moved_to: None,
    };
    let begun = store.begin_closing(THREAD, request, MessageId(60)).await;
    begun.unwrap();
    assert_eq!(
        found(&store).await,
        [
            "inbox.starter_content",
            "inbox_staff.mention",
            "ticket.claimed_by",
            "closing.by_id",
            "waiting.asked_by",
            "waiting.snoozed_by",
        ]
    );
    let done = store.forget_person(MIA, Vec::new()).await.unwrap();
    assert_eq!(done, Unfinished::default());
    // Texts of admins are kept.
    assert_eq!(found(&store).await, ["inbox.starter_content"]);
    let stored = store.inbox(INBOX).await.unwrap().unwrap();
    assert_eq!(stored.staff, [Mention::Role(RoleId(7))]);
    assert_eq!(stored.starter, starter);
}
