//! What is specific to SQLite: the file after a restart, unused rows, a full disk, and the names of commits.

use std::fmt;
use std::sync::{LazyLock, Mutex};

use rusqlite::Connection;
use tempfile::TempDir;
use theticketbot::failpoint;
use theticketbot::store::{Access, Pragma, Scope, Store, StoreError};
use tickets::inbox::{Inbox, InboxChange};
use tickets::ticket::{Phase, Presence, State, Ticket};
use tickets::{ChannelId, MessageId};
use tracing_subscriber::layer::{Context, SubscriberExt};

use crate::examples::*;

struct World {
    store: Store,
    folder: TempDir,
}

fn world() -> World {
    let (store, folder) = crate::sqlite();
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

    /// A second connection.
    fn connect(&self) -> Connection {
        Connection::open(self.folder.path().join("test.db")).unwrap()
    }

    /// The ids in a table that the verbs do not show.
    fn ids(&self, table: &str) -> Vec<i64> {
        let conn = self.connect();
        let sql = format!("SELECT * FROM {table} ORDER BY 1");
        let mut statement = conn.prepare(&sql).unwrap();
        let ids = statement.query_map([], |row| row.get(0)).unwrap();
        ids.map(Result::unwrap).collect()
    }
}

#[tokio::test]
async fn everything_survives_a_restart() {
    let world = world();
    with_ticket(&world.store).await;
    let state = State {
        presence: Presence::Gone,
        phase: Phase::Closed { locked: true },
    };
    let own_message = Some(MessageId(50));
    set_ticket(&world.store, THREAD, state, own_message).await;
    let order = tickets::opening::Order {
        interaction: 2,
        ..order()
    };
    begin(&world.store, order, 0).await;
    let scopes = [Scope::Bot, Scope::Guild(GUILD), Scope::Inbox(INBOX)];
    for scope in scopes {
        let value = Some("x".to_owned());
        world.store.set_setting(scope, "key", value).await.unwrap();
    }
    let journal = world.store.journal().await.unwrap();

    let world = world.restart();
    let store = &world.store;
    let with_setting = Inbox {
        settings: [("key".to_owned(), "x".to_owned())].into_iter().collect(),
        ..inbox()
    };
    assert_eq!(store.inbox(INBOX).await.unwrap(), Some(with_setting));
    let closed = Ticket {
        state,
        own_message,
        ..ticket()
    };
    assert_eq!(store.ticket(THREAD).await.unwrap(), Some(closed));
    assert_eq!(journal.len(), 1);
    assert_eq!(store.journal().await.unwrap(), journal);
    assert_eq!(store.next_number(INBOX).await.unwrap(), Some(3));
    assert_eq!(store.last_opened(INBOX, OWNER).await.unwrap(), Some(NOW));
    for scope in scopes {
        let value = store.setting(scope, "key").await.unwrap();
        assert_eq!(value.as_deref(), Some("x"), "{scope:?}");
    }
}

#[tokio::test]
async fn no_row_stays_that_nothing_needs() {
    let world = world();
    let store = &world.store;
    with_ticket(store).await;
    open_ticket(store, 2, OWNER, ChannelId(41)).await;
    let change = InboxChange::Destination(Some(ChannelId(12)));
    store.change_inbox(INBOX, change.clone()).await.unwrap();
    assert_eq!(world.ids("channel"), [10, 12, 40, 41]);
    assert!(
        !store
            .change_inbox(tickets::InboxId(99), change)
            .await
            .unwrap()
    );
    store.forget_channel(THREAD).await.unwrap();
    assert_eq!(world.ids("user"), [30], "they have another ticket");
    store.forget_channel(ChannelId(41)).await.unwrap();
    assert_eq!(world.ids("channel"), [10, 12]);
    assert_eq!((world.ids("user"), world.ids("member")), (vec![], vec![]));
    store.forget_messages(&[MESSAGE]).await.unwrap();
    for table in ["channel", "message", "inbox_staff", "cooldown"] {
        assert_eq!(world.ids(table), [] as [i64; 0], "{table}");
    }
}

#[tokio::test]
async fn a_ticket_that_does_not_change_is_not_written() {
    let world = world();
    with_ticket(&world.store).await;
    let conn = world.connect();
    // `data_version` changes when another connection has written.
    let version = || -> i64 {
        conn.query_row("PRAGMA data_version", [], |row| row.get(0))
            .unwrap()
    };
    let set = async |state, message: Option<u64>| {
        let message = message.map(MessageId);
        set_ticket(&world.store, THREAD, state, message).await;
    };
    let before = version();
    set(State::NEW, None).await;
    assert_eq!(version(), before);
    set(State::NEW, Some(50)).await;
    let after = version();
    assert_ne!(after, before);
    set(State::NEW, Some(50)).await;
    assert_eq!(version(), after);
}

#[tokio::test]
async fn an_unreadable_entry_does_not_hide_the_others() {
    let world = world();
    with_inbox(&world.store).await;
    begin(&world.store, order(), 0).await;
    let broken = "INSERT INTO journal (id, kind, guild_id, token, locale, begun_at, body)
         VALUES (1, 'response', 1, '', '', 0, '{')";
    world.connect().execute(broken, []).unwrap();
    let journal = world.store.journal().await.unwrap();
    assert_eq!(journal.iter().map(|it| it.id).collect::<Vec<_>>(), [CLICK]);
    assert_eq!(world.store.entry(1).await.unwrap(), None);
}

#[tokio::test]
async fn a_full_database_is_reported_and_works_again() {
    let World { store, folder } = world();
    with_inbox(&store).await;
    drop(store);
    // This limit of SQLite's own has the same effect as a full disk: the file cannot grow.
    let limit = Pragma::parse("PRAGMA max_page_count = 1").unwrap();
    let mut access = Access::plain(folder.path().join("test.db"));
    access.pragmas.push(limit);
    let store = Store::open(&access).unwrap();
    let set = async |key, value| store.set_setting(Scope::Bot, key, Some(value)).await;
    assert_eq!(
        set("long", "x".repeat(1_000_000)).await,
        Err(StoreError::Full)
    );
    assert_eq!(store.setting(Scope::Bot, "long").await, Ok(None));
    assert_eq!(set("short", "x".to_owned()).await, Ok(()));
    assert_eq!(store.inbox(INBOX).await.unwrap(), Some(inbox()));
}

#[tokio::test]
async fn one_failing_job_does_not_roll_back_the_others() {
    let world = world();
    with_inbox(&world.store).await;
    let duplicates = (0..50).map(|_| {
        let store = world.store.clone();
        tokio::spawn(async move {
            let written = store.finish_posting(0, inbox(), None).await;
            (written, store.next_number(INBOX).await)
        })
    });
    let mut numbers = Vec::new();
    for task in duplicates.collect::<Vec<_>>() {
        let (written, number) = task.await.unwrap();
        assert!(written.is_err());
        numbers.push(number.unwrap().unwrap());
    }
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=50).collect::<Vec<u64>>());
}

/// The crash-point tests depend on these names.
#[tokio::test]
async fn a_commit_has_its_verbs_name() {
    let record = tracing_subscriber::registry().with(Recorder);
    tracing::subscriber::set_global_default(record).unwrap();
    let world = world();
    with_ticket(&world.store).await;
    world.store.discard_session().await.unwrap();
    let steps = STEPS.lock().unwrap().clone();
    for verb in [
        "finish_posting",
        "begin_opening",
        "claim_thread",
        "finish_opening",
        "discard_session",
    ] {
        for when in ["before", "after"] {
            let step = (when.to_owned(), format!("commit {verb}"));
            assert!(steps.contains(&step), "{step:?} is not in {steps:?}");
        }
    }
}

/// The trace events before and after commits, in all tests of this process.
static STEPS: LazyLock<Mutex<Vec<(String, String)>>> = LazyLock::new(Mutex::default);

struct Recorder;

impl<S: tracing::Subscriber> tracing_subscriber::Layer<S> for Recorder {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == failpoint::TARGET {
            let mut fields = Fields::default();
            event.record(&mut fields);
            STEPS.lock().unwrap().push((fields.when, fields.step));
        }
    }
}

#[derive(Default)]
struct Fields {
    when: String,
    step: String,
}

impl tracing::field::Visit for Fields {
    fn record_str(&mut self, field: &tracing::field::Field, value: &str) {
        if field.name() == "when" {
            value.clone_into(&mut self.when);
        }
    }

    fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn fmt::Debug) {
        if field.name() == "step" {
            self.step = format!("{value:?}");
        }
    }
}
