//! The verbs of the database, one story each.

use rusqlite::Connection;
use tempfile::TempDir;
use theticketbot::store::{Access, Claim, Nothing, Pragma, Store, StoreError};
use tickets::stored::{Abandoned, Departure, Inbox, Opening, Ticket};
use tickets::{ChannelId, GuildId, Mention, MessageId, RoleId, Timestamp, UserId};

const GUILD: GuildId = GuildId(1);
const CHANNEL: ChannelId = ChannelId(10);
const DESTINATION: ChannelId = ChannelId(11);
const INBOX: MessageId = MessageId(20);
const OWNER: UserId = UserId(30);
const THREAD: ChannelId = ChannelId(40);

struct World {
    store: Store,
    folder: TempDir,
}

fn world() -> World {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&Access::plain(folder.path().join("test.db"))).unwrap();
    World { store, folder }
}

impl World {
    /// Closes the database and opens it again, as after a restart.
    fn restart(self) -> Self {
        let Self { store, folder } = self;
        drop(store);
        let store = Store::open(&Access::plain(folder.path().join("test.db"))).unwrap();
        Self { store, folder }
    }

    /// The ids in a table that the verbs do not show.
    fn ids(&self, table: &str) -> Vec<i64> {
        let conn = Connection::open(self.folder.path().join("test.db")).unwrap();
        let mut statement = conn
            .prepare(&format!("SELECT * FROM {table} ORDER BY 1"))
            .unwrap();
        statement
            .query_map([], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect()
    }

    async fn with_inbox(self) -> Self {
        self.store.create_inbox(inbox()).await.unwrap();
        self
    }

    async fn with_ticket(self) -> Self {
        let world = self.with_inbox().await;
        world.open_ticket(1, OWNER, THREAD).await;
        world
    }

    async fn open_ticket(&self, interaction: u64, owner: UserId, thread: ChannelId) {
        let opening = Opening {
            interaction,
            owner,
            ..opening()
        };
        assert!(self.store.begin_opening(opening).await.unwrap());
        assert_eq!(
            self.store
                .opening_created(interaction, thread)
                .await
                .unwrap(),
            Claim::Own
        );
        self.store.finish_opening(interaction).await.unwrap();
    }
}

fn inbox() -> Inbox {
    Inbox {
        id: INBOX,
        guild: GUILD,
        channel: CHANNEL,
        destination: Some(DESTINATION),
        staff: vec![
            Mention::Role(RoleId(7)),
            Mention::User(UserId(5)),
            Mention::Role(RoleId(3)),
        ],
        starter: "Hello $author".to_owned(),
        name: "$counter".to_owned(),
        max_tickets_per_user: 1,
    }
}

fn opening() -> Opening {
    Opening {
        interaction: 1,
        token: "a token".to_owned(),
        locale: Some("de".to_owned()),
        inbox: INBOX,
        guild: GUILD,
        parent: DESTINATION,
        owner: OWNER,
        name: "0001".to_owned(),
        starter: "Hello".to_owned(),
        thread: None,
        started: false,
        begun_at: Timestamp(1_000),
    }
}

fn ticket() -> Ticket {
    Ticket {
        id: THREAD,
        guild: GUILD,
        inbox: Some(INBOX),
        owner: Some(OWNER),
        departure: Departure::Present,
        closed: false,
        locked: false,
        closing: false,
    }
}

#[tokio::test]
async fn an_inbox_is_read_as_it_was_written() {
    let world = world().with_inbox().await.restart();
    let store = &world.store;
    assert_eq!(store.inbox(INBOX).await.unwrap(), Some(inbox()));
    assert_eq!(store.inboxes_in(GUILD).await.unwrap(), [inbox()]);
    assert_eq!(store.inbox(MessageId(99)).await.unwrap(), None);
    assert_eq!(store.inboxes_in(GuildId(99)).await.unwrap(), []);
    assert_eq!(store.guilds().await.unwrap(), [GUILD]);
    assert!(
        store.create_inbox(inbox()).await.is_err(),
        "there is one with this id"
    );
}

#[tokio::test]
async fn each_part_of_an_inbox_can_be_changed() {
    let world = world().with_inbox().await;
    let store = &world.store;
    let other = ChannelId(12);
    let staff = vec![Mention::User(UserId(9)), Mention::Role(RoleId(7))];
    assert!(store.set_destination(INBOX, Some(other)).await.unwrap());
    assert!(store.set_starter(INBOX, String::new()).await.unwrap());
    assert!(store.set_name(INBOX, "n".to_owned()).await.unwrap());
    assert!(store.set_staff(INBOX, staff.clone()).await.unwrap());
    let changed = Inbox {
        destination: Some(other),
        starter: String::new(),
        name: "n".to_owned(),
        staff,
        ..inbox()
    };
    assert_eq!(store.inbox(INBOX).await.unwrap(), Some(changed));
    assert_eq!(
        world.ids("channel"),
        [10, 12],
        "the old destination is not needed any more"
    );
    assert!(store.set_destination(INBOX, None).await.unwrap());
    assert_eq!(store.inbox(INBOX).await.unwrap().unwrap().destination, None);
    assert_eq!(world.ids("channel"), [10]);
    let unknown = MessageId(99);
    assert!(!store.set_destination(unknown, Some(other)).await.unwrap());
    assert!(!store.set_starter(unknown, String::new()).await.unwrap());
    assert!(!store.set_name(unknown, String::new()).await.unwrap());
    assert!(!store.set_staff(unknown, Vec::new()).await.unwrap());
    assert_eq!(
        world.ids("channel"),
        [10],
        "a refused change leaves nothing behind"
    );
}

#[tokio::test]
async fn a_deleted_role_is_staff_nowhere_in_its_server() {
    let world = world().with_inbox().await;
    let store = &world.store;
    let elsewhere = Inbox {
        id: MessageId(21),
        guild: GuildId(2),
        channel: ChannelId(13),
        ..inbox()
    };
    store
        .create_inbox(Inbox {
            destination: None,
            ..elsewhere
        })
        .await
        .unwrap();
    let second = Inbox {
        id: MessageId(22),
        staff: vec![Mention::Role(RoleId(7))],
        ..inbox()
    };
    store.create_inbox(second).await.unwrap();
    assert_eq!(store.remove_staff_role(GUILD, RoleId(7)).await.unwrap(), 2);
    assert_eq!(store.remove_staff_role(GUILD, RoleId(7)).await.unwrap(), 0);
    let staff = store.inbox(INBOX).await.unwrap().unwrap().staff;
    assert_eq!(staff, [Mention::User(UserId(5)), Mention::Role(RoleId(3))]);
    assert_eq!(
        store
            .inbox(MessageId(21))
            .await
            .unwrap()
            .unwrap()
            .staff
            .len(),
        3
    );
}

#[tokio::test]
async fn no_two_tickets_get_the_same_number() {
    let world = world().with_inbox().await;
    let counters = (0..200).map(|_| {
        let store = world.store.clone();
        tokio::spawn(async move { store.next_counter(INBOX).await.unwrap().unwrap() })
    });
    let mut seen = Vec::new();
    for counter in counters.collect::<Vec<_>>() {
        seen.push(counter.await.unwrap());
    }
    seen.sort_unstable();
    assert_eq!(seen, (1..=200).collect::<Vec<u64>>());
    assert_eq!(world.store.next_counter(MessageId(99)).await.unwrap(), None);
    let world = world.restart();
    assert_eq!(world.store.next_counter(INBOX).await.unwrap(), Some(201));
}

#[tokio::test]
async fn an_opening_is_remembered_at_every_step() {
    let world = world().with_inbox().await;
    let begun = Opening {
        interaction: u64::MAX >> 1,
        ..opening()
    };
    assert!(world.store.begin_opening(begun.clone()).await.unwrap());
    assert!(
        !world.store.begin_opening(begun.clone()).await.unwrap(),
        "a click is begun once"
    );
    let world = world.restart();
    let store = &world.store;
    assert_eq!(store.openings().await.unwrap(), vec![begun.clone()]);
    assert_eq!(store.ticket(THREAD).await.unwrap(), None);

    for _ in 0..2 {
        let created = store.opening_created(begun.interaction, THREAD);
        assert_eq!(created.await.unwrap(), Claim::Own);
    }
    assert_eq!(store.ticket(THREAD).await.unwrap(), Some(ticket()));
    let created = Opening {
        thread: Some(THREAD),
        ..begun.clone()
    };
    assert_eq!(store.openings().await.unwrap(), vec![created.clone()]);

    store.opening_started(begun.interaction).await.unwrap();
    assert_eq!(
        store.openings().await.unwrap(),
        [Opening {
            started: true,
            ..created
        }]
    );

    store.finish_opening(begun.interaction).await.unwrap();
    assert_eq!(store.openings().await.unwrap(), []);
    assert_eq!(store.ticket(THREAD).await.unwrap(), Some(ticket()));
    let created = store.opening_created(begun.interaction, THREAD);
    assert_eq!(created.await.unwrap(), Claim::Unknown);
}

#[tokio::test]
async fn an_opening_outlives_its_inbox() {
    let world = world().with_inbox().await;
    let store = &world.store;
    store.begin_opening(opening()).await.unwrap();
    store.forget_messages(&[INBOX]).await.unwrap();
    assert_eq!(store.opening_created(1, THREAD).await.unwrap(), Claim::Own);
    let orphan = Ticket {
        inbox: None,
        ..ticket()
    };
    assert_eq!(store.ticket(THREAD).await.unwrap(), Some(orphan));
    // A click that was taken up only after the deletion.
    let late = Opening {
        interaction: 2,
        ..opening()
    };
    assert!(store.begin_opening(late).await.unwrap());
    assert_eq!(store.last_opened(INBOX, OWNER).await.unwrap(), None);
}

#[tokio::test]
async fn the_cooldown_is_given_back_only_if_there_was_no_thread() {
    let world = world().with_inbox().await;
    let store = &world.store;
    assert_eq!(store.last_opened(INBOX, OWNER).await.unwrap(), None);
    store.begin_opening(opening()).await.unwrap();
    assert_eq!(
        store.last_opened(INBOX, OWNER).await.unwrap(),
        Some(Timestamp(1_000))
    );
    assert_eq!(store.last_opened(INBOX, UserId(31)).await.unwrap(), None);
    store.abandon_opening(1, Nothing::default()).await.unwrap();
    assert_eq!(store.last_opened(INBOX, OWNER).await.unwrap(), None);
    assert_eq!(store.openings().await.unwrap(), []);

    store.begin_opening(opening()).await.unwrap();
    store.opening_created(1, THREAD).await.unwrap();
    store.abandon_opening(1, Nothing::default()).await.unwrap();
    assert_eq!(
        store.last_opened(INBOX, OWNER).await.unwrap(),
        Some(Timestamp(1_000))
    );
    store.abandon_opening(99, Nothing::default()).await.unwrap();
}

#[tokio::test]
async fn the_cooldown_outlives_the_ticket_and_a_restart_but_not_the_inbox() {
    let world = world().with_ticket().await;
    world.store.forget_channel(THREAD).await.unwrap();
    let world = world.restart();
    let store = &world.store;
    assert_eq!(
        store.last_opened(INBOX, OWNER).await.unwrap(),
        Some(Timestamp(1_000))
    );
    let again = Opening {
        interaction: 2,
        begun_at: Timestamp(70_000),
        ..opening()
    };
    store.begin_opening(again).await.unwrap();
    assert_eq!(
        store.last_opened(INBOX, OWNER).await.unwrap(),
        Some(Timestamp(70_000))
    );
    store.purge_cooldowns(Timestamp(70_000)).await.unwrap();
    assert_eq!(
        store.last_opened(INBOX, OWNER).await.unwrap(),
        Some(Timestamp(70_000))
    );
    store.purge_cooldowns(Timestamp(70_001)).await.unwrap();
    assert_eq!(store.last_opened(INBOX, OWNER).await.unwrap(), None);

    store
        .begin_opening(Opening {
            interaction: 3,
            ..opening()
        })
        .await
        .unwrap();
    store.forget_messages(&[INBOX]).await.unwrap();
    assert!(world.ids("cooldown").is_empty());
}

#[tokio::test]
async fn tickets_are_found_by_inbox_owner_and_server() {
    let world = world().with_ticket().await;
    let store = &world.store;
    world.open_ticket(2, OWNER, ChannelId(41)).await;
    world.open_ticket(3, UserId(31), ChannelId(42)).await;
    let second = Ticket {
        id: ChannelId(41),
        ..ticket()
    };
    let others = Ticket {
        id: ChannelId(42),
        owner: Some(UserId(31)),
        ..ticket()
    };
    assert_eq!(
        store.tickets_of(INBOX, OWNER).await.unwrap(),
        [second, ticket()]
    );
    assert_eq!(
        store.tickets_owned_by(GUILD, OWNER).await.unwrap(),
        [second, ticket()]
    );
    assert_eq!(
        store.tickets_in(GUILD).await.unwrap(),
        [others, second, ticket()]
    );
    assert_eq!(store.tickets_in(GuildId(2)).await.unwrap(), []);
    assert_eq!(store.tickets_owned_by(GuildId(2), OWNER).await.unwrap(), []);
}

#[tokio::test]
async fn a_departure_is_begun_by_one_caller() {
    let world = world().with_ticket().await;
    let departure =
        async |world: &World| world.store.ticket(THREAD).await.unwrap().unwrap().departure;
    let begun = (0..20).map(|_| {
        let store = world.store.clone();
        tokio::spawn(async move { store.begin_departure(THREAD).await.unwrap() })
    });
    let mut winners = 0;
    for begun in begun.collect::<Vec<_>>() {
        winners += usize::from(begun.await.unwrap());
    }
    assert_eq!(winners, 1);
    let world = world.restart();
    assert_eq!(departure(&world).await, Departure::Begun);
    world.store.end_departure(THREAD, false).await.unwrap();
    assert_eq!(departure(&world).await, Departure::Done);
    assert!(!world.store.begin_departure(THREAD).await.unwrap());
    world.store.owner_returned(THREAD).await.unwrap();
    assert_eq!(departure(&world).await, Departure::Present);
    assert!(world.store.begin_departure(THREAD).await.unwrap());
    assert!(!world.store.begin_departure(ChannelId(99)).await.unwrap());
}

#[tokio::test]
async fn a_deleted_thread_leaves_nothing_behind_but_the_inbox() {
    let world = world().with_ticket().await;
    let store = &world.store;
    world.open_ticket(2, OWNER, ChannelId(41)).await;
    store.forget_channel(THREAD).await.unwrap();
    assert_eq!(store.ticket(THREAD).await.unwrap(), None);
    assert_eq!(
        (world.ids("channel"), world.ids("user")),
        (vec![10, 11, 41], vec![30])
    );
    store.forget_channel(ChannelId(41)).await.unwrap();
    assert_eq!(world.ids("channel"), [10, 11]);
    assert_eq!((world.ids("user"), world.ids("member")), (vec![], vec![]));
    assert_eq!(store.inbox(INBOX).await.unwrap(), Some(inbox()));
}

#[tokio::test]
async fn only_what_may_have_changed_is_unsettled() {
    let world = world().with_ticket().await;
    let (newer, active) = (ChannelId(41), ChannelId(42));
    world.open_ticket(2, OWNER, newer).await;
    world.open_ticket(3, OWNER, active).await;
    let store = &world.store;
    let unsettled = async |active: &[ChannelId]| {
        let active = active.to_vec();
        store.unsettled_tickets(GUILD, active).await.unwrap()
    };
    assert_eq!(unsettled(&[active]).await, [active, newer, THREAD]);
    store.note_closed(THREAD, true).await.unwrap();
    assert!(store.begin_departure(newer).await.unwrap());
    store.end_departure(newer, false).await.unwrap();
    assert!(store.ticket(newer).await.unwrap().unwrap().closed);
    store.note_closed(active, true).await.unwrap();
    assert_eq!(unsettled(&[]).await, []);
    assert_eq!(unsettled(&[active, ChannelId(99)]).await, [active]);
    store.note_reopened(THREAD).await.unwrap();
    assert_eq!(unsettled(&[]).await, [THREAD]);
    store.note_departure(THREAD).await.unwrap();
    let left = store.ticket(THREAD).await.unwrap().unwrap();
    assert_eq!((left.departure, left.closed), (Departure::Done, false));
    // An interrupted answer is unsettled whatever else is known.
    store.note_closed(active, true).await.unwrap();
    assert!(store.begin_departure(active).await.unwrap());
    assert_eq!(unsettled(&[active]).await, [active, THREAD]);
}

#[tokio::test]
async fn closed_tickets_are_told_with_their_locks() {
    let world = world().with_ticket().await;
    let (left, active) = (ChannelId(41), ChannelId(42));
    world.open_ticket(2, OWNER, left).await;
    world.open_ticket(3, OWNER, active).await;
    let store = &world.store;
    let closed = async || store.closed_tickets(GUILD).await.unwrap();
    assert_eq!(closed().await, []);
    store.note_closed(THREAD, false).await.unwrap();
    assert!(store.begin_departure(left).await.unwrap());
    assert_eq!(closed().await, [(THREAD, false)]);
    // That it is locked may be heard before or after the answer ends.
    store.note_closed(left, true).await.unwrap();
    store.end_departure(left, false).await.unwrap();
    assert_eq!(closed().await, [(THREAD, false), (left, true)]);
    store.owner_returned(left).await.unwrap();
    store.note_reopened(left).await.unwrap();
    assert!(store.begin_departure(left).await.unwrap());
    store.end_departure(left, true).await.unwrap();
    let ticket = store.ticket(left).await.unwrap().unwrap();
    assert!(ticket.closed && ticket.locked && ticket.departure == Departure::Done);
    store.note_closed(THREAD, true).await.unwrap();
    assert_eq!(closed().await, [(THREAD, true), (left, true)]);
    assert_eq!(store.closed_tickets(GuildId(99)).await.unwrap(), []);
}

#[tokio::test]
async fn what_is_being_opened_is_known_until_it_is_finished() {
    let world = world().with_inbox().await;
    let store = &world.store;
    assert!(store.begin_opening(opening()).await.unwrap());
    assert!(!store.is_opening(THREAD).await.unwrap());
    assert_eq!(store.opening_created(1, THREAD).await.unwrap(), Claim::Own);
    assert!(store.is_opening(THREAD).await.unwrap());
    store.finish_opening(1).await.unwrap();
    assert!(!store.is_opening(THREAD).await.unwrap());
}

#[tokio::test]
async fn a_thread_is_claimed_once() {
    let world = world().with_inbox().await;
    let store = &world.store;
    let second = Opening {
        interaction: 2,
        owner: UserId(31),
        ..opening()
    };
    store.begin_opening(opening()).await.unwrap();
    store.begin_opening(second).await.unwrap();
    assert!(!store.is_claimed(THREAD).await.unwrap());
    assert_eq!(store.opening_created(1, THREAD).await.unwrap(), Claim::Own);
    assert!(store.is_claimed(THREAD).await.unwrap());
    assert_eq!(
        store.opening_created(2, THREAD).await.unwrap(),
        Claim::Taken
    );
    store.finish_opening(1).await.unwrap();
    assert_eq!(
        store.opening_created(2, THREAD).await.unwrap(),
        Claim::Taken
    );
    assert_eq!(store.ticket(THREAD).await.unwrap(), Some(ticket()));
}

#[tokio::test]
async fn an_abandoned_thread_is_remembered_until_it_is_gone() {
    let world = world().with_inbox().await;
    let store = &world.store;
    let (other, third) = (ChannelId(41), ChannelId(42));
    for (interaction, thread) in [(1, THREAD), (2, other), (3, third)] {
        let opening = Opening {
            interaction,
            ..opening()
        };
        store.begin_opening(opening).await.unwrap();
        store.opening_created(interaction, thread).await.unwrap();
        let parent = if thread == THREAD {
            CHANNEL
        } else {
            DESTINATION
        };
        let nothing = Nothing {
            is_owed: true,
            left: Some(Abandoned { thread, parent }),
        };
        store.abandon_opening(interaction, nothing).await.unwrap();
    }
    let world = world.restart();
    let store = &world.store;
    let threads = async || -> Vec<ChannelId> {
        let left = store.abandoned_threads(GUILD).await.unwrap();
        left.iter().map(|left| left.thread).collect()
    };
    assert_eq!(threads().await, [third, other, THREAD]);
    assert_eq!(store.abandoned_threads(GuildId(2)).await.unwrap(), []);
    // It is no ticket, but nobody else's either; and its member is yet to be told.
    assert_eq!(store.tickets_in(GUILD).await.unwrap(), []);
    assert!(store.is_claimed(THREAD).await.unwrap());
    let owed = store.owed_answers().await.unwrap();
    assert_eq!(owed.len(), 3);
    assert_eq!(owed[0].locale, "de");

    // Each with what it was in.
    store.forget_channel(other).await.unwrap();
    assert_eq!(threads().await, [third, THREAD]);
    store.forget_channel(DESTINATION).await.unwrap();
    assert_eq!(threads().await, [THREAD]);
    // Nothing else is known of the server.
    store.forget_channel(CHANNEL).await.unwrap();
    assert_eq!(threads().await, []);
    store.begin_opening(opening()).await.unwrap();
    store.opening_created(1, THREAD).await.unwrap();
    let nothing = Nothing {
        is_owed: false,
        left: Some(Abandoned {
            thread: THREAD,
            parent: CHANNEL,
        }),
    };
    store.abandon_opening(1, nothing).await.unwrap();
    let world = world.restart();
    let store = &world.store;
    assert_eq!(world.ids("guild"), [] as [i64; 0]);
    assert_eq!(store.guilds().await.unwrap(), [GUILD]);
    assert_eq!(store.remembered(vec![GUILD]).await.unwrap(), [GUILD]);
    store.forget_guild(GUILD).await.unwrap();
    assert_eq!(store.guilds().await.unwrap(), []);
}

#[tokio::test]
async fn a_deleted_channel_takes_its_inboxes_along() {
    let world = world().with_ticket().await;
    let store = &world.store;
    store
        .begin_opening(Opening {
            interaction: 2,
            ..opening()
        })
        .await
        .unwrap();
    store.forget_channel(DESTINATION).await.unwrap();
    assert_eq!(store.inbox(INBOX).await.unwrap().unwrap().destination, None);
    let left: Vec<_> = store.openings().await.unwrap();
    assert_eq!(left.len(), 1, "its member is still to be told");
    assert!(
        store
            .set_destination(INBOX, Some(DESTINATION))
            .await
            .unwrap()
    );
    store.forget_channel(CHANNEL).await.unwrap();
    assert_eq!(store.inbox(INBOX).await.unwrap(), None);
    let orphan = Ticket {
        inbox: None,
        ..ticket()
    };
    assert_eq!(store.ticket(THREAD).await.unwrap(), Some(orphan));
    assert_eq!(
        world.ids("channel"),
        [40],
        "the destination is not needed any more"
    );
    assert_eq!(
        (world.ids("message"), world.ids("inbox_staff")),
        (vec![], vec![])
    );
}

#[tokio::test]
async fn deleted_messages_take_inboxes_along_but_not_their_tickets() {
    let world = world().with_ticket().await;
    let store = &world.store;
    let deleted = store
        .forget_messages(&[MessageId(5), INBOX, MessageId(6)])
        .await
        .unwrap();
    assert_eq!(deleted, [INBOX]);
    assert_eq!(store.forget_messages(&[INBOX]).await.unwrap(), []);
    let orphan = Ticket {
        inbox: None,
        ..ticket()
    };
    assert_eq!(
        store.tickets_owned_by(GUILD, OWNER).await.unwrap(),
        [orphan]
    );
    assert_eq!(world.ids("channel"), [40]);
}

#[tokio::test]
async fn a_forgotten_server_is_gone_and_others_stay() {
    let world = world().with_ticket().await;
    let store = &world.store;
    let other = GuildId(2);
    let elsewhere = Inbox {
        id: MessageId(21),
        guild: other,
        channel: ChannelId(13),
        destination: None,
        ..inbox()
    };
    store.create_inbox(elsewhere.clone()).await.unwrap();
    let there = Opening {
        interaction: 7,
        inbox: elsewhere.id,
        guild: other,
        ..opening()
    };
    store.begin_opening(there.clone()).await.unwrap();
    store
        .begin_opening(Opening {
            interaction: 8,
            ..opening()
        })
        .await
        .unwrap();
    assert_eq!(store.guilds().await.unwrap(), [GUILD, other]);
    store.forget_guild(GUILD).await.unwrap();
    assert_eq!(store.guilds().await.unwrap(), [other]);
    assert_eq!(store.openings().await.unwrap(), [there]);
    assert_eq!(store.inboxes_in(other).await.unwrap(), [elsewhere]);
    assert_eq!(
        (world.ids("channel"), world.ids("user")),
        (vec![13], vec![])
    );
    assert_eq!(store.tickets_in(GUILD).await.unwrap(), []);
}

#[tokio::test]
async fn settings_are_kept() {
    let world = world();
    assert_eq!(
        world.store.setting("commands-fingerprint").await.unwrap(),
        None
    );
    world
        .store
        .set_setting("commands-fingerprint", "a".to_owned())
        .await
        .unwrap();
    world
        .store
        .set_setting("commands-fingerprint", "b".to_owned())
        .await
        .unwrap();
    let world = world.restart();
    let fingerprint = world.store.setting("commands-fingerprint").await.unwrap();
    assert_eq!(fingerprint.as_deref(), Some("b"));
}

#[tokio::test]
async fn a_full_database_is_told_and_works_again() {
    let World { store, folder } = world().with_inbox().await;
    drop(store);
    // By SQLite's own limit, which is the same to it as a full disk: not a page more than there is.
    let limit = Pragma::parse("PRAGMA max_page_count = 1").unwrap();
    let mut access = Access::plain(folder.path().join("test.db"));
    access.pragmas.push(limit);
    let store = Store::open(&access).unwrap();
    let long = "x".repeat(1_000_000);
    assert_eq!(store.set_setting("long", long).await, Err(StoreError::Full));
    assert_eq!(store.setting("long").await, Ok(None));
    assert_eq!(store.set_setting("short", "x".to_owned()).await, Ok(()));
    assert_eq!(store.inbox(INBOX).await.unwrap(), Some(inbox()));
}

#[tokio::test]
async fn one_failing_job_does_not_undo_the_others() {
    let world = world().with_inbox().await;
    let duplicates = (0..50).map(|number| {
        let store = world.store.clone();
        tokio::spawn(async move {
            let written = store.create_inbox(inbox()).await;
            let counted = store.next_counter(INBOX).await;
            (number, written, counted)
        })
    });
    let mut counters = Vec::new();
    for task in duplicates.collect::<Vec<_>>() {
        let (number, written, counted) = task.await.unwrap();
        assert!(written.is_err(), "{number}");
        counters.push(counted.unwrap().unwrap());
    }
    counters.sort_unstable();
    assert_eq!(counters, (1..=50).collect::<Vec<u64>>());
}
