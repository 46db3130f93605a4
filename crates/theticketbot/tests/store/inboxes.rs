//! Inboxes, their numbers and their cooldowns.

use theticketbot::store::{Scope, Store, StoreError};
use tickets::entries::{ENTRIES, HOME};
use tickets::inbox::{Inbox, InboxChange};
use tickets::opening::Order;
use tickets::setting::Settings;
use tickets::ticket::{Phase, Presence, State, Ticket};
use tickets::{ChannelId, GuildId, InboxId, Mention, MessageId, RoleId, Timestamp, UserId};

use crate::contract;
use crate::examples::*;

contract!(
    an_inbox_is_read_as_it_was_written,
    there_is_one_inbox_with_an_id,
    a_name_is_that_of_one_inbox,
    each_part_of_an_inbox_can_be_changed,
    a_change_of_an_unknown_inbox_is_refused,
    a_deleted_role_is_staff_nowhere_in_its_server,
    no_two_tickets_get_the_same_number,
    the_cooldown_is_that_of_the_last_opening,
    deleted_messages_take_inboxes_along_but_not_their_tickets,
    an_inbox_can_be_on_the_message_of_another,
    an_inbox_stays_while_a_message_offers_it,
    an_inbox_moves_when_its_message_no_longer_offers_it,
    a_removed_inbox_is_kept_while_it_has_open_tickets,
    a_removed_inbox_can_be_posted_again,
    inboxes_are_posted_again_in_any_order,
    a_forgotten_inbox_is_on_no_message,
    a_deleted_channel_takes_its_inboxes_along,
    a_deleted_destination_is_the_inboxs_own_channel_again,
);

async fn an_inbox_is_read_as_it_was_written(store: Store) {
    with_inbox(&store).await;
    assert_eq!(store.inbox(INBOX).await.unwrap(), Some(inbox()));
    assert_eq!(
        store.inbox_of_message(MESSAGE).await.unwrap(),
        Some(inbox())
    );
    assert_eq!(store.inboxes_in(GUILD).await.unwrap(), [inbox()]);
    assert_eq!(store.inbox(InboxId(99)).await.unwrap(), None);
    assert_eq!(store.inbox_of_message(MessageId(99)).await.unwrap(), None);
    assert_eq!(store.inboxes_in(GuildId(99)).await.unwrap(), []);
}

async fn there_is_one_inbox_with_an_id(store: Store) {
    with_inbox(&store).await;
    let again = Inbox {
        starter: String::new(),
        ..inbox()
    };
    assert!(store.finish_posting(0, again, None).await.is_err());
    assert_eq!(store.inbox(INBOX).await.unwrap(), Some(inbox()));
}

async fn a_name_is_that_of_one_inbox(store: Store) {
    with_inbox(&store).await;
    let other = inbox_in(GUILD, MessageId(21), CHANNEL);
    create_inbox(&store, other.clone()).await;
    let name = async |inbox: InboxId, name: &str| {
        let scope = Scope::Inbox(inbox);
        store
            .set_setting(scope, "name", Some(name.to_owned()))
            .await
    };
    let taken = |name: &str| Err(StoreError::NameTaken(name.to_owned()));
    assert_eq!(name(INBOX, "Straße Ä").await, Ok(()));
    assert_eq!(name(other.id, "STRASSE ä").await, Ok(()));
    assert_eq!(name(other.id, "straße ä").await, taken("straße ä"));
    let kept = store.inbox(other.id).await.unwrap().unwrap();
    assert_eq!(kept.own_name(), Some("STRASSE ä"));
    // An inbox can keep its own name.
    assert_eq!(name(INBOX, "STRAßE Ä").await, Ok(()));
    let elsewhere = inbox_in(OTHER_GUILD, MessageId(22), ChannelId(13));
    let elsewhere = elsewhere.named(Some("straße ä"));
    assert_eq!(store.finish_posting(0, elsewhere, None).await, Ok(()));

    // This holds for an inbox with its own message, and for one on another's message.
    let made = |id| inbox_in(GUILD, MessageId(id), CHANNEL).named(Some("straße ä"));
    assert_eq!(
        store.finish_posting(0, made(23), None).await,
        taken("straße ä")
    );
    let mut entry = made(24);
    entry.message = MESSAGE;
    let home = Some(INBOX.to_string());
    entry.settings = entry.settings.with_stored(HOME, home);
    let refused = store.create_entry(entry).await.map(drop);
    assert_eq!(refused, taken("straße ä"));
    assert_eq!(store.inboxes_in(GUILD).await.unwrap().len(), 2);
    let host = store.inbox(INBOX).await.unwrap().unwrap();
    assert_eq!(host.entries(), []);

    // A removed inbox keeps its name, but does not reserve it.
    store.forget_messages(&[MESSAGE]).await.unwrap();
    assert_eq!(name(other.id, "straße ä").await, Ok(()));
    let again = made(25);
    assert_eq!(
        store.finish_posting(0, again, Some(INBOX)).await,
        taken("straße ä")
    );
    assert!(store.removed_inbox(INBOX).await.unwrap().is_some());
}

async fn each_part_of_an_inbox_can_be_changed(store: Store) {
    with_inbox(&store).await;
    let other = ChannelId(12);
    let staff = vec![Mention::User(UserId(9)), Mention::Role(RoleId(7))];
    for change in [
        InboxChange::Destination(Some(other)),
        InboxChange::Staff(staff.clone()),
        InboxChange::Starter(String::new()),
        InboxChange::Name("n".to_owned()),
        InboxChange::Limit(5),
    ] {
        assert!(store.change_inbox(INBOX, change).await.unwrap());
    }
    let changed = Inbox {
        destination: Some(other),
        staff,
        starter: String::new(),
        name: "n".to_owned(),
        max_tickets_per_user: 5,
        ..inbox()
    };
    assert_eq!(store.inbox(INBOX).await.unwrap(), Some(changed.clone()));
    let change = InboxChange::Destination(None);
    assert!(store.change_inbox(INBOX, change).await.unwrap());
    let changed = Inbox {
        destination: None,
        ..changed
    };
    assert_eq!(store.inbox(INBOX).await.unwrap(), Some(changed));
}

async fn a_change_of_an_unknown_inbox_is_refused(store: Store) {
    with_inbox(&store).await;
    for change in [
        InboxChange::Destination(Some(ChannelId(12))),
        InboxChange::Destination(None),
        InboxChange::Staff(Vec::new()),
        InboxChange::Starter(String::new()),
        InboxChange::Name(String::new()),
        InboxChange::Limit(0),
    ] {
        let changed = store.change_inbox(InboxId(99), change.clone()).await;
        assert!(!changed.unwrap(), "{change:?}");
    }
    assert_eq!(store.inbox(INBOX).await.unwrap(), Some(inbox()));
}

async fn a_deleted_role_is_staff_nowhere_in_its_server(store: Store) {
    with_inbox(&store).await;
    let elsewhere = inbox_in(OTHER_GUILD, MessageId(21), ChannelId(13));
    create_inbox(&store, elsewhere.clone()).await;
    let second = Inbox {
        staff: vec![Mention::Role(RoleId(7))],
        ..inbox_in(GUILD, MessageId(22), CHANNEL)
    };
    create_inbox(&store, second.clone()).await;
    assert_eq!(store.forget_role(GUILD, RoleId(7)).await.unwrap(), 2);
    assert_eq!(store.forget_role(GUILD, RoleId(7)).await.unwrap(), 0);
    let staff = async |id| store.inbox(id).await.unwrap().unwrap().staff;
    assert_eq!(
        staff(INBOX).await,
        [Mention::User(UserId(5)), Mention::Role(RoleId(3))]
    );
    assert_eq!(staff(second.id).await, []);
    assert_eq!(staff(elsewhere.id).await, elsewhere.staff);
}

async fn no_two_tickets_get_the_same_number(store: Store) {
    with_inbox(&store).await;
    let numbers = (0..200).map(|_| {
        let store = store.clone();
        tokio::spawn(async move { store.next_number(INBOX).await.unwrap().unwrap() })
    });
    let mut seen = Vec::new();
    for number in numbers.collect::<Vec<_>>() {
        seen.push(number.await.unwrap());
    }
    seen.sort_unstable();
    assert_eq!(seen, (1..=200).collect::<Vec<u64>>());
    assert_eq!(store.next_number(InboxId(99)).await.unwrap(), None);
}

async fn the_cooldown_is_that_of_the_last_opening(store: Store) {
    let last = async |owner| store.last_opened(INBOX, owner).await.unwrap();
    with_inbox(&store).await;
    assert_eq!(last(OWNER).await, None);
    open_ticket(&store, CLICK, OWNER, THREAD).await;
    assert_eq!(last(OWNER).await, Some(NOW));
    assert_eq!(last(UserId(31)).await, None);
    let later = Order {
        interaction: 2,
        begun_at: Timestamp(70_000),
        ..order()
    };
    begin(&store, later, 0).await;
    assert_eq!(last(OWNER).await, Some(Timestamp(70_000)));
    // The time outlives the ticket, so that deleting the thread does not end the cooldown.
    store.forget_channel(THREAD).await.unwrap();
    assert_eq!(last(OWNER).await, Some(Timestamp(70_000)));
    store.purge(Timestamp(70_000)).await.unwrap();
    assert_eq!(last(OWNER).await, Some(Timestamp(70_000)));
    store.purge(Timestamp(70_001)).await.unwrap();
    assert_eq!(last(OWNER).await, None);
    // Without a stored time, the thread's age counts.
    store.adopt_ticket(ticket()).await.unwrap();
    assert_eq!(last(OWNER).await, Some(THREAD.created_at()));
}

async fn deleted_messages_take_inboxes_along_but_not_their_tickets(store: Store) {
    with_ticket(&store).await;
    let deleted = [MessageId(5), MESSAGE, MessageId(6)];
    assert_eq!(store.forget_messages(&deleted).await.unwrap(), [INBOX]);
    assert_eq!(store.forget_messages(&deleted).await.unwrap(), []);
    assert_eq!(store.inbox(INBOX).await.unwrap(), None);
    assert_eq!(store.tickets_of(GUILD, OWNER).await.unwrap(), [ticket()]);
    // An inbox that no longer exists has no cooldown.
    assert_eq!(store.last_opened(INBOX, OWNER).await.unwrap(), None);
}

async fn an_inbox_can_be_on_the_message_of_another(store: Store) {
    let settings = Settings::default().with_stored(HOME, Some(INBOX.to_string()));
    let made = Inbox {
        id: InboxId(21),
        settings,
        ..inbox()
    };
    assert!(
        !store.create_entry(made.clone()).await.unwrap(),
        "no message"
    );
    with_inbox(&store).await;
    assert!(store.create_entry(made.clone()).await.unwrap());
    assert!(
        store.create_entry(made.clone()).await.unwrap(),
        "it is there"
    );
    assert_eq!(store.inbox(made.id).await.unwrap(), Some(made.clone()));
    let host = store.inbox_of_message(MESSAGE).await.unwrap().unwrap();
    assert_eq!((host.id, host.entries()), (INBOX, vec![made.id]));
    assert_eq!(store.inboxes_in(GUILD).await.unwrap(), [host, made.clone()]);
    assert_eq!(store.next_number(made.id).await.unwrap(), Some(1));
    // It is removed together with the message, and only once.
    let gone = store.forget_messages(&[MESSAGE]).await.unwrap();
    assert_eq!(gone, [INBOX, made.id]);
    assert_eq!(store.forget_messages(&[MESSAGE]).await.unwrap(), []);
    assert_eq!(store.inboxes_in(GUILD).await.unwrap(), []);
}

const ENTRY: InboxId = InboxId(21);
const ELSEWHERE: ChannelId = ChannelId(15);

/// An inbox on the message of the example, and one in another channel whose message offers it, too. Returns
/// the latter.
async fn with_entry_on_two_messages(store: &Store) -> Inbox {
    with_inbox(store).await;
    let settings = Settings::default().with_stored(HOME, Some(INBOX.to_string()));
    let entry = Inbox {
        id: ENTRY,
        destination: None,
        settings,
        ..inbox()
    };
    assert!(store.create_entry(entry).await.unwrap());
    let other = inbox_in(GUILD, MessageId(25), ELSEWHERE);
    create_inbox(store, other.clone()).await;
    offer(store, other.id, Some(ENTRY)).await;
    other
}

async fn offer(store: &Store, host: InboxId, entry: Option<InboxId>) {
    let value = entry.map(|id| id.to_string());
    let scope = Scope::Inbox(host);
    store.set_setting(scope, ENTRIES, value).await.unwrap();
}

/// Where the entry's message is, and where its tickets open.
async fn found(store: &Store) -> (ChannelId, MessageId, ChannelId) {
    let entry = store.inbox(ENTRY).await.unwrap().unwrap();
    (entry.channel, entry.message, entry.tickets_in())
}

async fn an_inbox_stays_while_a_message_offers_it(store: Store) {
    let other = with_entry_on_two_messages(&store).await;
    let gone = store.forget_messages(&[MESSAGE]).await.unwrap();
    assert_eq!(gone, [INBOX]);
    // Its tickets still open in the channel of the first message.
    let there = (ELSEWHERE, other.message, CHANNEL);
    assert_eq!(found(&store).await, there);
    // That message has the inbox's channel from now on.
    let third = inbox_in(GUILD, MessageId(26), CHANNEL);
    create_inbox(&store, third.clone()).await;
    offer(&store, third.id, Some(ENTRY)).await;
    assert_eq!(found(&store).await, there);
    store.forget_channel(ELSEWHERE).await.unwrap();
    assert_eq!(found(&store).await, (CHANNEL, third.message, CHANNEL));
    let entry = store.inbox(ENTRY).await.unwrap().unwrap();
    assert_eq!(entry.destination, None);
    // No other message offers it.
    let gone = store.forget_messages(&[third.message]).await.unwrap();
    assert_eq!(gone, [third.id, ENTRY]);
    let removed = store.removed_inboxes(GUILD).await.unwrap();
    assert_eq!(removed.len(), 4);
}

async fn an_inbox_moves_when_its_message_no_longer_offers_it(store: Store) {
    let other = with_entry_on_two_messages(&store).await;
    offer(&store, INBOX, None).await;
    assert_eq!(found(&store).await, (ELSEWHERE, other.message, CHANNEL));
    let gone = store.forget_messages(&[MESSAGE]).await.unwrap();
    assert_eq!(gone, [INBOX]);
    // If no message offers it, it stays until the last one that did is gone.
    offer(&store, other.id, None).await;
    assert_eq!(found(&store).await.1, other.message);
    let third = inbox_in(GUILD, MessageId(26), CHANNEL);
    create_inbox(&store, third.clone()).await;
    offer(&store, third.id, Some(ENTRY)).await;
    assert_eq!(found(&store).await, (CHANNEL, third.message, CHANNEL));
    // Both channels are deleted, one after the other.
    store.forget_channel(ELSEWHERE).await.unwrap();
    assert_eq!(found(&store).await.1, third.message);
    store.forget_channel(CHANNEL).await.unwrap();
    assert_eq!(store.inboxes_in(GUILD).await.unwrap(), []);
    assert!(store.removed_inbox(ENTRY).await.unwrap().is_some());
}

async fn a_removed_inbox_is_kept_while_it_has_open_tickets(store: Store) {
    with_ticket(&store).await;
    store.forget_messages(&[MESSAGE]).await.unwrap();
    let removed = store.removed_inbox(INBOX).await.unwrap().unwrap();
    assert_eq!(removed.inbox, inbox());
    assert!(removed.at > Timestamp(1_700_000_000_000), "{removed:?}");
    assert_eq!(store.removed_inboxes(GUILD).await.unwrap(), [removed]);
    assert_eq!(store.removed_inboxes(GuildId(99)).await.unwrap(), []);
    assert_eq!(store.guilds().await.unwrap(), [GUILD]);
    // Another server cannot forget it, and it is kept while its ticket is open.
    let forget = async |guild| store.forget_removed_inbox(guild, INBOX).await.unwrap();
    forget(GuildId(99)).await;
    let at = async || store.removed_inbox(INBOX).await.unwrap().map(|it| it.at);
    assert_ne!(at().await, Some(Timestamp(0)));
    forget(GUILD).await;
    assert_eq!(at().await, Some(Timestamp(0)));
    let closed = State {
        presence: Presence::Gone,
        phase: Phase::Closed { locked: true },
    };
    set_ticket(&store, THREAD, closed, None).await;
    store.purge(Timestamp(1)).await.unwrap();
    assert_eq!(at().await, None);
    let without = Ticket {
        inbox: None,
        state: closed,
        ..ticket()
    };
    assert_eq!(store.ticket(THREAD).await.unwrap(), Some(without));
}

async fn a_removed_inbox_can_be_posted_again(store: Store) {
    with_ticket(&store).await;
    let other = inbox_in(GUILD, MessageId(25), CHANNEL);
    create_inbox(&store, other.clone()).await;
    let third = inbox_in(GUILD, MessageId(27), CHANNEL);
    create_inbox(&store, third.clone()).await;
    let offers = Some(format!("{INBOX},{}", third.id));
    let scope = Scope::Inbox(other.id);
    store.set_setting(scope, ENTRIES, offers).await.unwrap();
    let number = store.next_number(INBOX).await.unwrap().unwrap();
    store.forget_messages(&[MESSAGE]).await.unwrap();
    let again = inbox_in(GUILD, MessageId(26), CHANNEL);
    store
        .finish_posting(0, again.clone(), Some(INBOX))
        .await
        .unwrap();
    assert_eq!(store.inbox(again.id).await.unwrap(), Some(again.clone()));
    assert_eq!(store.removed_inboxes(GUILD).await.unwrap(), []);
    let next = store.next_number(again.id).await.unwrap();
    assert_eq!(next, Some(number + 1));
    let ticket = store.ticket(THREAD).await.unwrap().unwrap();
    assert_eq!(ticket.inbox, Some(again.id));
    let host = store.inbox(other.id).await.unwrap().unwrap();
    assert_eq!(host.entries(), [again.id, third.id]);
}

/// A removed inbox keeps the ids of the inboxes that its message offered.
async fn inboxes_are_posted_again_in_any_order(store: Store) {
    with_inbox(&store).await;
    let other = inbox_in(GUILD, MessageId(25), CHANNEL);
    create_inbox(&store, other.clone()).await;
    offer(&store, other.id, Some(INBOX)).await;
    let gone = [MESSAGE, other.message];
    store.forget_messages(&gone).await.unwrap();
    let post = async |old: InboxId, message: u64| {
        let removed = store.removed_inbox(old).await.unwrap().unwrap().inbox;
        let made = Inbox {
            id: InboxId(message),
            message: MessageId(message),
            ..removed
        };
        store.finish_posting(0, made, Some(old)).await.unwrap();
    };
    post(INBOX, 30).await;
    post(other.id, 31).await;
    let host = store.inbox(InboxId(31)).await.unwrap().unwrap();
    assert_eq!(host.entries(), [InboxId(30)]);
}

async fn a_forgotten_inbox_is_on_no_message(store: Store) {
    let other = with_entry_on_two_messages(&store).await;
    let offered = async || {
        let entries = |inbox: Inbox| inbox.entries();
        let host = store.inbox(INBOX).await.unwrap().map(entries);
        host.into_iter()
            .chain(store.inbox(other.id).await.unwrap().map(entries))
            .collect::<Vec<_>>()
    };
    // While it is kept, it can come back.
    let gone = store.forget_messages(&[MessageId(ENTRY.0)]).await.unwrap();
    assert_eq!(gone, [ENTRY]);
    offer(&store, other.id, Some(ENTRY)).await;
    assert_eq!(offered().await, [[ENTRY], [ENTRY]]);
    store.forget_removed_inbox(GUILD, ENTRY).await.unwrap();
    assert_eq!(offered().await, [[], []]);
    offer(&store, other.id, Some(ENTRY)).await;
    assert_eq!(offered().await, [[], []]);
    // The same when 30 days have passed, also for a message that is gone.
    let entry = Inbox {
        id: InboxId(22),
        settings: Settings::default().with_stored(HOME, Some(INBOX.to_string())),
        ..inbox()
    };
    assert!(store.create_entry(entry).await.unwrap());
    let gone = [MessageId(22), MESSAGE];
    store.forget_messages(&gone).await.unwrap();
    let kept = async || store.removed_inbox(INBOX).await.unwrap().unwrap();
    assert_eq!(kept().await.inbox.entries(), [InboxId(22)]);
    store
        .forget_removed_inbox(GUILD, InboxId(22))
        .await
        .unwrap();
    assert_eq!(kept().await.inbox.entries(), []);
}

async fn a_deleted_channel_takes_its_inboxes_along(store: Store) {
    with_ticket(&store).await;
    let may_hold_more = store.forget_channel(CHANNEL).await.unwrap();
    assert_eq!(may_hold_more, Some(GUILD));
    assert_eq!(store.inbox(INBOX).await.unwrap(), None);
    assert_eq!(store.ticket(THREAD).await.unwrap(), Some(ticket()));
    assert!(store.removed_inbox(INBOX).await.unwrap().is_some());
    assert_eq!(store.forget_channel(CHANNEL).await.unwrap(), None);
}

async fn a_deleted_destination_is_the_inboxs_own_channel_again(store: Store) {
    with_ticket(&store).await;
    let may_hold_more = store.forget_channel(DESTINATION).await.unwrap();
    assert_eq!(may_hold_more, Some(GUILD));
    let home = Inbox {
        destination: None,
        ..inbox()
    };
    assert_eq!(store.inbox(INBOX).await.unwrap(), Some(home));
    assert_eq!(store.ticket(THREAD).await.unwrap(), Some(ticket()));
    // A ticket's own thread is not a channel of other tickets.
    assert_eq!(store.forget_channel(THREAD).await.unwrap(), None);
    assert_eq!(store.ticket(THREAD).await.unwrap(), None);
}
