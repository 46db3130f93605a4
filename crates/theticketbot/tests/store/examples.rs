//! Example objects for the stories.

use theticketbot::store::{Begin, Begun, Claim, Entry, MakeEntry, Store, Work};
use tickets::inbox::Inbox;
use tickets::opening::machine::End;
use tickets::opening::{Opening, Order};
use tickets::setting::Settings;
use tickets::ticket::{Phase, State, Ticket};
use tickets::{ChannelId, GuildId, InboxId, Mention, MessageId, RoleId, Timestamp, UserId};

pub(crate) const GUILD: GuildId = GuildId(1);
pub(crate) const OTHER_GUILD: GuildId = GuildId(2);
pub(crate) const CHANNEL: ChannelId = ChannelId(10);
pub(crate) const DESTINATION: ChannelId = ChannelId(11);
pub(crate) const INBOX: InboxId = InboxId(20);
pub(crate) const MESSAGE: MessageId = MessageId(20);
pub(crate) const OWNER: UserId = UserId(30);
pub(crate) const THREAD: ChannelId = ChannelId(40);
pub(crate) const CLICK: u64 = 1_000;
pub(crate) const NOW: Timestamp = Timestamp(1_000);

pub(crate) fn inbox() -> Inbox {
    Inbox {
        id: INBOX,
        guild: GUILD,
        channel: CHANNEL,
        message: MESSAGE,
        destination: Some(DESTINATION),
        staff: vec![
            Mention::Role(RoleId(7)),
            Mention::User(UserId(5)),
            Mention::Role(RoleId(3)),
        ],
        starter: "Hello $author".to_owned(),
        name: "$counter".to_owned(),
        max_tickets_per_user: 1,
        settings: Settings::default(),
    }
}

/// Another inbox, in its own channel.
pub(crate) fn inbox_in(guild: GuildId, message: MessageId, channel: ChannelId) -> Inbox {
    Inbox {
        id: InboxId::of_message(message),
        guild,
        channel,
        message,
        destination: None,
        ..inbox()
    }
}

pub(crate) fn order() -> Order {
    Order {
        interaction: CLICK,
        guild: GUILD,
        inbox: INBOX,
        home: CHANNEL,
        parent: DESTINATION,
        owner: OWNER,
        username: "mia_".to_owned(),
        name: "0001".to_owned(),
        number: 0,
        starter: "Hello <@30>".to_owned(),
        begun_at: NOW,
        answers: Vec::new(),
        left_over: Vec::new(),
        pages: Vec::new(),
        files: Vec::new(),
        is_report: false,
        moved: None,
        hide_after: None,
        has_button: false,
        opener: None,
        is_silent: false,
        named: vec![],
        notice: None,
    }
}

pub(crate) fn entry(order: Order) -> Entry {
    Entry {
        id: order.interaction,
        guild: order.guild,
        token: "a secret".to_owned(),
        locale: "de".to_owned(),
        begun_at: order.begun_at,
        work: Work::Opening(Box::new(Opening::new(order))),
    }
}

/// A ticket that was opened just now.
pub(crate) fn ticket() -> Ticket {
    Ticket {
        id: THREAD,
        guild: GUILD,
        inbox: Some(INBOX),
        owner: Some(OWNER),
        state: State::NEW,
        own_message: None,
        claimed_by: None,
        hidden_since: None,
        is_alone: false,
    }
}

/// Begins an opening with a limit.
pub(crate) async fn begin(store: &Store, order: Order, limit: u32) -> Begun {
    begin_with(store, order, limit, Vec::new()).await
}

pub(crate) async fn begin_with(
    store: &Store,
    order: Order,
    limit: u32,
    not_open: Vec<ChannelId>,
) -> Begun {
    let begin = Begin {
        not_open,
        ..begin_of(&order, limit)
    };
    store.begin_opening(begin, make_entry(order)).await.unwrap()
}

/// How an opening with a limit begins.
pub(crate) fn begin_of(order: &Order, limit: u32) -> Begin {
    Begin {
        id: order.interaction,
        inbox: order.inbox,
        guild: order.guild,
        owner: order.owner,
        at: order.begun_at,
        limit,
        limit_total: 0,
        limit_server: 0,
        not_open: Vec::new(),
        moved: None,
    }
}

/// An entry whose ticket is named after its number.
pub(crate) fn make_entry(order: Order) -> MakeEntry {
    Box::new(move |number: u64| {
        entry(Order {
            name: format!("{number:04}"),
            ..order
        })
    })
}

/// How an opening is stored once its thread is there.
pub(crate) fn created(order: Order, thread: ChannelId) -> Work {
    Work::Opening(Box::new(Opening::restored(order, Some(thread), false)))
}

pub(crate) async fn claim(store: &Store, order: Order, thread: ChannelId) -> Claim {
    let id = order.interaction;
    let work = created(order, thread);
    store.claim_thread(id, thread, work).await.unwrap()
}

/// Opens a ticket completely, from the click on.
pub(crate) async fn open_ticket(store: &Store, interaction: u64, owner: UserId, thread: ChannelId) {
    let order = Order {
        interaction,
        owner,
        ..order()
    };
    assert!(matches!(
        begin(store, order.clone(), 0).await,
        Begun::Begun(_)
    ));
    assert_eq!(claim(store, order, thread).await, Claim::Own);
    let end = End {
        ticket: Some(thread),
        ..End::default()
    };
    store.finish_opening(interaction, end).await.unwrap();
}

/// Stores an inbox without the steps of posting it.
pub(crate) async fn create_inbox(store: &Store, inbox: Inbox) {
    store.finish_posting(0, inbox, None).await.unwrap();
}

pub(crate) async fn with_inbox(store: &Store) {
    create_inbox(store, inbox()).await;
}

pub(crate) async fn with_ticket(store: &Store) {
    with_inbox(store).await;
    open_ticket(store, CLICK, OWNER, THREAD).await;
}

/// Stores a ticket's state, whatever it is now.
pub(crate) async fn set_ticket(
    store: &Store,
    id: ChannelId,
    state: State,
    own_message: Option<MessageId>,
) {
    let now = store.ticket(id).await.unwrap();
    let was = now.map_or(Phase::Open, |ticket| ticket.state.phase);
    let set = store.set_ticket(id, was, state, own_message);
    set.await.unwrap();
}
