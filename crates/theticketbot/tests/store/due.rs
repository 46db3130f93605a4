//! What is due in tickets, and when.

use theticketbot::store::{ButtonKind, Notified, Pending, Scope, Store, TicketButton};
use tickets::due::{Asked, Timers};
use tickets::inbox::Inbox;
use tickets::ticket::{Phase, Ticket};
use tickets::waiting::{Side, Waiting};
use tickets::{ChannelId, MessageId, Timestamp, UserId};

use crate::contract;
use crate::examples::*;
use crate::tickets::{LOCKED, state};

contract!(
    nothing_is_due_without_a_setting,
    with_a_setting_it_is_decided_at_once,
    a_setting_wakes_the_open_tickets_of_its_inbox,
    what_is_due_is_found_newest_first,
    a_message_that_is_due_is_recorded_with_its_buttons,
    another_message_starts_everything_afresh,
    a_closed_ticket_has_nothing_due,
    a_question_makes_the_ticket_wait_for_its_owner,
    a_snooze_is_kept_until_it_ends,
    an_inbox_that_is_removed_and_posted_again_is_decided_all_the_while,
    a_transferred_ticket_is_decided_by_its_new_inbox,
);

const NOW: Timestamp = Timestamp(1_800_000_000_000);

async fn pending(store: &Store) -> Option<Pending> {
    store.pending(THREAD).await.unwrap()
}

async fn due(store: &Store) -> bool {
    let due = store.due(NOW, None, 10).await.unwrap();
    due.contains(&(GUILD, THREAD))
}

async fn set(store: &Store, key: &str, value: Option<&str>) {
    let value = value.map(str::to_owned);
    let scope = Scope::Inbox(INBOX);
    store.set_setting(scope, key, value).await.unwrap();
}

fn waits(side: Side, since: u64) -> Waiting {
    Waiting {
        side,
        since: MessageId(since),
        seen: MessageId(since),
    }
}

/// A claimed ticket in a server with an inbox.
async fn with_claimed_ticket(store: &Store) {
    with_inbox(store).await;
    begin(store, order(), 1).await;
    claim(store, order(), THREAD).await;
}

async fn nothing_is_due_without_a_setting(store: Store) {
    with_claimed_ticket(&store).await;
    assert!(!due(&store).await);
    let now = waits(Side::Staff, 60);
    store.set_waiting(THREAD, now).await.unwrap();
    assert!(!due(&store).await);
    assert_eq!(store.next_due(NOW).await.unwrap(), None);
}

async fn with_a_setting_it_is_decided_at_once(store: Store) {
    with_inbox(&store).await;
    set(&store, "close-idle", Some("3600")).await;
    begin(&store, order(), 1).await;
    claim(&store, order(), THREAD).await;
    assert!(due(&store).await);
    let later = NOW.plus(5);
    store.set_due(THREAD, Some(later)).await.unwrap();
    assert!(!due(&store).await);
    assert_eq!(store.next_due(NOW).await.unwrap(), Some(later));
    store.set_due(THREAD, None).await.unwrap();
    assert_eq!(store.next_due(NOW).await.unwrap(), None);
    let now = waits(Side::Staff, 60);
    store.set_waiting(THREAD, now).await.unwrap();
    assert!(due(&store).await);
}

async fn a_setting_wakes_the_open_tickets_of_its_inbox(store: Store) {
    // For a ticket of an older version, nothing is stored about waiting.
    with_inbox(&store).await;
    store.adopt_ticket(ticket()).await.unwrap();
    assert_eq!(pending(&store).await, None);
    set(&store, "lock", Some("archive")).await;
    assert!(!due(&store).await);
    set(&store, "remind-owner", Some("3600")).await;
    assert!(due(&store).await);
    let unknown = pending(&store).await.unwrap().waiting;
    assert_eq!(unknown.seen, MessageId(0));
    store.set_due(THREAD, None).await.unwrap();
    set(&store, "remind-owner", None).await;
    assert!(due(&store).await);
}

async fn what_is_due_is_found_newest_first(store: Store) {
    with_inbox(&store).await;
    set(&store, "close-idle", Some("3600")).await;
    for (interaction, thread) in [(1, 41), (2, 43), (3, 42)] {
        let thread = ChannelId(thread);
        open_ticket(&store, interaction, OWNER, thread).await;
    }
    let found = async |older_than| {
        let found = store.due(NOW, older_than, 2).await.unwrap();
        found.iter().map(|(_, ticket)| ticket.0).collect::<Vec<_>>()
    };
    assert_eq!(found(None).await, [43, 42]);
    assert_eq!(found(Some(ChannelId(42))).await, [41]);
}

async fn a_message_that_is_due_is_recorded_with_its_buttons(store: Store) {
    with_claimed_ticket(&store).await;
    store.begin_sending(THREAD).await.unwrap();
    assert!(pending(&store).await.unwrap().is_sending);
    let message = MessageId(70);
    store.sent(THREAD, message, Notified::Owner).await.unwrap();
    let now = pending(&store).await.unwrap();
    assert!(!now.is_sending && due(&store).await);
    assert_eq!(
        (now.timers.reminded, now.prompt),
        (Some(message), Some(message))
    );
    let button = TicketButton {
        message,
        kind: ButtonKind::Prompt,
        is_shown: true,
    };
    assert_eq!(store.ticket_buttons(THREAD).await.unwrap(), [button]);
    let own = store.ticket(THREAD).await.unwrap().unwrap().own_message;
    assert_eq!(own, Some(message));
    for whom in [Notified::Staff, Notified::Snoozer] {
        store.sent(THREAD, MessageId(71), whom).await.unwrap();
    }
    assert_eq!(store.ticket_buttons(THREAD).await.unwrap(), [button]);
}

async fn another_message_starts_everything_afresh(store: Store) {
    with_claimed_ticket(&store).await;
    store
        .sent(THREAD, MessageId(70), Notified::Owner)
        .await
        .unwrap();
    let known = pending(&store).await.unwrap().waiting;
    // A newer message of the same side changes nothing.
    let more = Waiting {
        seen: MessageId(90),
        ..known
    };
    store.set_waiting(THREAD, more).await.unwrap();
    let kept = pending(&store).await.unwrap();
    assert_eq!(kept.prompt, Some(MessageId(70)));
    let answered = waits(Side::Staff, 95);
    store.set_waiting(THREAD, answered).await.unwrap();
    let fresh = Pending {
        waiting: answered,
        timers: Timers::default(),
        is_sending: false,
        prompt: None,
        due: None,
    };
    assert_eq!(pending(&store).await, Some(fresh));
}

async fn a_closed_ticket_has_nothing_due(store: Store) {
    with_inbox(&store).await;
    set(&store, "close-idle", Some("3600")).await;
    begin(&store, order(), 1).await;
    claim(&store, order(), THREAD).await;
    store
        .sent(THREAD, MessageId(70), Notified::Owner)
        .await
        .unwrap();
    let presence = ticket().state.presence;
    let closed = state(presence, LOCKED);
    set_ticket(&store, THREAD, closed, None).await;
    assert!(!due(&store).await);
    let now = pending(&store).await.unwrap();
    assert_eq!((now.timers, now.prompt), (Timers::default(), None));
    // After reopening, the next due time is decided again, and only the time since then counts.
    let reopened = store.reopen_ticket(THREAD, presence, Some(MessageId(71)), NOW);
    reopened.await.unwrap();
    assert!(due(&store).await);
    let timers = Timers {
        counts_from: Some(NOW),
        ..Timers::default()
    };
    assert_eq!(pending(&store).await.unwrap().timers, timers);
    let ticket = store.ticket(THREAD).await.unwrap().unwrap();
    assert_eq!(ticket.state, state(presence, Phase::Open));
    assert_eq!(ticket.own_message, Some(MessageId(71)));
}

const MAX: UserId = UserId(1_200_000_000_000_000_021);

async fn a_question_makes_the_ticket_wait_for_its_owner(store: Store) {
    with_claimed_ticket(&store).await;
    let unanswered = waits(Side::Staff, 60);
    store.set_waiting(THREAD, unanswered).await.unwrap();
    let prompt = MessageId(1_200_000_000_000_000_070);
    for close_at in [None, Some(NOW)] {
        let asked = Asked {
            by: MAX,
            name: "Max".into(),
            reason: "It works".into(),
            close_at,
        };
        let stored = store.ask_close(THREAD, prompt, asked.clone());
        stored.await.unwrap();
        let now = pending(&store).await.unwrap();
        assert_eq!(now.waiting, waits(Side::Owner, prompt.0));
        assert_eq!((now.timers.asked, now.prompt), (Some(asked), Some(prompt)));
        assert!(due(&store).await);
    }
    let own = store.ticket(THREAD).await.unwrap().unwrap().own_message;
    assert_eq!(own, Some(prompt));
    // An answer ends the question.
    let answered = waits(Side::Staff, prompt.0 + 5);
    store.set_waiting(THREAD, answered).await.unwrap();
    let now = pending(&store).await.unwrap();
    assert_eq!((now.timers, now.prompt), (Timers::default(), None));
    assert!(!due(&store).await);
}

async fn an_inbox_that_is_removed_and_posted_again_is_decided_all_the_while(store: Store) {
    with_inbox(&store).await;
    set(&store, "close-idle", Some("3600")).await;
    open_ticket(&store, 1, OWNER, THREAD).await;
    store.forget_messages(&[MESSAGE]).await.unwrap();
    store.set_due(THREAD, None).await.unwrap();
    let now = waits(Side::Owner, 60);
    store.set_waiting(THREAD, now).await.unwrap();
    assert!(due(&store).await);

    store.set_due(THREAD, None).await.unwrap();
    let again = Inbox {
        settings: [("close-idle".to_owned(), "3600".to_owned())]
            .into_iter()
            .collect(),
        ..inbox_in(GUILD, MessageId(21), CHANNEL)
    };
    let posted = store.finish_posting(0, again, Some(INBOX));
    posted.await.unwrap();
    assert!(due(&store).await);
}

async fn a_transferred_ticket_is_decided_by_its_new_inbox(store: Store) {
    with_inbox(&store).await;
    // An older version opened the second ticket, so nothing is stored about its waiting.
    open_ticket(&store, 1, OWNER, THREAD).await;
    let old = ChannelId(41);
    let adopted = Ticket {
        id: old,
        ..ticket()
    };
    store.adopt_ticket(adopted).await.unwrap();
    let other = inbox_in(GUILD, MessageId(21), CHANNEL);
    let other_id = other.id;
    create_inbox(&store, other).await;
    let scope = Scope::Inbox(other_id);
    let value = Some("3600".to_owned());
    let stored = store.set_setting(scope, "remind-staff", value);
    stored.await.unwrap();
    let all_due = async || store.due(NOW, None, 10).await.unwrap();
    assert_eq!(all_due().await, []);
    for ticket in [THREAD, old] {
        let transferred = store.transfer_ticket(ticket, other_id, None);
        transferred.await.unwrap();
    }
    assert_eq!(all_due().await, [(GUILD, old), (GUILD, THREAD)]);
    // Back to an inbox without reminders.
    let transferred = store.transfer_ticket(THREAD, INBOX, None);
    transferred.await.unwrap();
    assert_eq!(all_due().await, [(GUILD, old)]);
}

async fn a_snooze_is_kept_until_it_ends(store: Store) {
    // This also works for a ticket that an older version opened.
    with_inbox(&store).await;
    store.adopt_ticket(ticket()).await.unwrap();
    store.snooze(THREAD, NOW, MAX).await.unwrap();
    let now = pending(&store).await.unwrap();
    assert_eq!(now.waiting.seen, MessageId(0));
    let timers = Timers {
        counts_from: Some(NOW),
        snoozed_by: Some(MAX),
        ..Timers::default()
    };
    assert_eq!(now.timers, timers);
    assert!(due(&store).await);
    // A message in the meantime does not end the snooze.
    let written = waits(Side::Staff, 60);
    store.set_waiting(THREAD, written).await.unwrap();
    assert_eq!(pending(&store).await.unwrap().timers, timers);
    let sent = store.sent(THREAD, MessageId(70), Notified::Snoozer);
    sent.await.unwrap();
    let ended = pending(&store).await.unwrap().timers;
    assert_eq!((ended.counts_from, ended.snoozed_by), (Some(NOW), None));
}
