//! Everything around the world: the lock, the clock, and the delivery of events.
//!
//! Everything that happens goes through [`Hub::change`], one change after the other, so that all
//! receivers see the same order. The lock is held for as long as a change takes, never over a wait.

use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::sync::{Notify, watch};

use crate::control::events::Streams;
use crate::error::ApiError;
use crate::faults::Faults;
use crate::gateway::{Around, Order, Sessions};
use crate::guard::Guard;
use crate::id::Timestamp;
use crate::inspector::{Inspection, Inspector};
use crate::keep::{Kept, Snapshot};
use crate::limits::{Limiter, Limits};
use crate::reason;
use crate::record::{RawWhat, Record};
use crate::sharding::Sharding;
use crate::world::{Change, Event, Seed, World};

/// One sandbox: the world, its sessions and streams, and the record. All parts of the sandbox share it.
pub(crate) struct Hub {
    state: Mutex<State>,
    /// The thread that holds the lock. If it locked again, it would deadlock.
    holder: Mutex<Option<ThreadId>>,
    /// Counts changes of any kind, so that waiting tests check their condition again.
    changed: watch::Sender<u64>,
    /// Notified when the time of the next due thing may have changed.
    due_changed: Notify,
    stopping: watch::Sender<bool>,
    seed: Seed,
    settings: Settings,
    record: Arc<Record>,
    inspector: Inspector,
    faults: Faults,
    limiter: Limiter,
}

/// The settings that do not change while a sandbox runs.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// Where clients connect and resume, without a slash at the end.
    pub(crate) gateway_url: String,
    pub(crate) heartbeat_interval: Duration,
    pub(crate) guard: Guard,
    pub(crate) inspection: Inspection,
    /// The limits at the start, and after a reset.
    pub(crate) limits: Limits,
    pub(crate) sharding: Sharding,
}

struct State {
    world: World,
    /// By how much the world's clock is ahead of the real one, in milliseconds.
    ahead: i64,
    /// Since when the world's clock is slowed down, and by how much.
    slowed: Option<(Timestamp, i64)>,
    /// How often the world or its clock has been changed.
    changes: u64,
    sessions: Sessions,
    streams: Streams,
}

impl Hub {
    /// Creates a hub with a new world.
    pub(crate) fn new(seed: Seed, settings: Settings) -> Self {
        let world = World::new(&seed);
        let beginning = Kept {
            ahead: beginning_of(&seed),
            seed,
            world,
        };
        Self::going_on(beginning, settings)
    }

    /// Creates a hub with a world that was kept.
    pub(crate) fn going_on(kept: Kept, settings: Settings) -> Self {
        let Kept { ahead, seed, world } = kept;
        let record = Arc::new(Record::new(world.defaults().token.0.clone()));
        let inspector = Inspector::new(settings.inspection, Arc::clone(&record));
        let limiter = Limiter::new(settings.limits);
        let (sessions, streams) = (Sessions::default(), Streams::default());
        Self {
            state: Mutex::new(State {
                world,
                ahead,
                slowed: None,
                changes: 0,
                sessions,
                streams,
            }),
            holder: Mutex::new(None),
            changed: watch::Sender::new(0),
            due_changed: Notify::new(),
            stopping: watch::Sender::new(false),
            seed,
            settings,
            record,
            inspector,
            faults: Faults::default(),
            limiter,
        }
    }

    /// Reads the present world.
    pub(crate) fn look<T>(&self, f: impl FnOnce(&World) -> T) -> T {
        f(&self.state().world)
    }

    /// Changes the world. When this returns, the resulting events have been handed to all receivers.
    pub(crate) fn change<T>(
        &self,
        f: impl FnOnce(&mut World, Timestamp) -> Result<Change<T>, ApiError>,
    ) -> Result<T, ApiError> {
        let mut state = self.state();
        let now = state.now();
        let due_before = state.world.next_due();
        self.settle(&mut state, now);
        state.changes += 1;
        state.world.set_reason(reason::given());
        let outcome = f(&mut state.world, now);
        state.world.set_reason(None);
        let outcome = outcome.map(|change| {
            self.dispatch(&mut state, now, &change.events);
            change.value
        });
        let due_after = state.world.next_due();
        drop(state);
        if due_before != due_after {
            self.due_changed.notify_one();
        }
        self.tell_waiters();
        outcome
    }

    /// The world's time.
    pub(crate) fn now(&self) -> Timestamp {
        self.state().now()
    }

    /// Moves the world's clock forward. Everything that becomes due happens before this returns.
    pub(crate) fn advance(&self, by: Duration) -> Timestamp {
        let mut state = self.state();
        let millis = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        state.ahead = state.ahead.saturating_add(millis);
        state.changes += 1;
        let now = state.now();
        state.world.see_at(now);
        self.settle(&mut state, now);
        drop(state);
        self.due_changed.notify_one();
        self.tell_waiters();
        now
    }

    /// Slows the world's clock down by this factor from now on.
    pub(crate) fn slow_down(&self, times: u32) {
        let mut state = self.state();
        let now = state.now();
        let real = real_now();
        state.ahead = now.since(real);
        state.slowed = (times > 1).then_some((real, i64::from(times)));
    }

    /// Starts over with a fresh world, in which only the registered commands stay; gateway connections are cut
    /// and cannot be resumed.
    pub(crate) fn reset(&self) {
        let mut state = self.state();
        state.ahead = beginning_of(&self.seed);
        let mut before = std::mem::replace(&mut state.world, World::new(&self.seed));
        state.world.take_commands_of(&mut before);
        state.changes += 1;
        state.sessions.forget();
        state.sessions.calm_down();
        state.sessions.order(&Order::Cut(1006));
        state.streams.ask_to_resync();
        let now = state.now();
        drop(state);
        self.faults.clear();
        self.limiter.reset();
        self.record.clear_problems();
        self.record.add(
            now,
            RawWhat::Gateway {
                what: "the world is reset".to_owned(),
            },
        );
        self.due_changed.notify_one();
        self.tell_waiters();
    }

    /// The record of what happened.
    pub(crate) fn record(&self) -> &Record {
        &self.record
    }

    /// Validates everything against Discord's specification.
    pub(crate) fn inspector(&self) -> &Inspector {
        &self.inspector
    }

    /// The faults that wait for a call.
    pub(crate) fn faults(&self) -> &Faults {
        &self.faults
    }

    /// The limits on calls and sessions.
    pub(crate) fn limiter(&self) -> &Limiter {
        &self.limiter
    }

    /// Records a problem, on which a test should fail.
    pub(crate) fn problem(&self, method: &str, path: &str, what: impl Into<String>) {
        self.record
            .add_problem(self.now(), method, path, what.into());
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Reads everything at once: the world, the gateway's sessions, the time.
    pub(crate) fn glance<T>(&self, f: impl FnOnce(&World, &Sessions, Timestamp) -> T) -> T {
        let state = self.state();
        f(&state.world, &state.sessions, state.now())
    }

    /// Everything that is to be kept, unless nothing has changed since the change number `since`.
    pub(crate) fn snapshot(&self, since: Option<u64>) -> Option<Snapshot> {
        let state = self.state();
        (since != Some(state.changes)).then(|| Snapshot {
            changes: state.changes,
            kept: Kept {
                ahead: state.ahead,
                seed: self.seed.clone(),
                world: state.world.clone(),
            },
        })
    }

    /// Works on the gateway's sessions.
    pub(crate) fn gateway<T>(&self, f: impl FnOnce(&mut Sessions, &Around<'_>) -> T) -> T {
        let mut state = self.state();
        let now = state.now();
        let State {
            world, sessions, ..
        } = &mut *state;
        let around = Around {
            world,
            now,
            record: &self.record,
            inspector: &self.inspector,
            gateway_url: &self.settings.gateway_url,
        };
        let value = f(sessions, &around);
        drop(state);
        self.tell_waiters();
        value
    }

    /// Works on the event streams of people's clients.
    pub(crate) fn streams<T>(&self, f: impl FnOnce(&mut Streams) -> T) -> T {
        f(&mut self.state().streams)
    }

    /// Adds an entry to the record.
    pub(crate) fn note(&self, what: RawWhat) {
        self.record.add(self.now(), what);
    }

    /// Observes every change from now on.
    pub(crate) fn watch(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// Ends every connection and stream.
    pub(crate) fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// Returns when the sandbox stops.
    pub(crate) async fn stopped(&self) {
        // An error would mean that the hub, which is borrowed here, is gone.
        let _ = self
            .stopping
            .subscribe()
            .wait_for(|stopping| *stopping)
            .await;
    }

    /// While this is polled, applies everything that becomes due.
    pub(crate) async fn keep_time(&self) {
        loop {
            let wait = {
                let mut state = self.state();
                let now = state.now();
                if self.settle(&mut state, now) {
                    self.tell_waiters();
                }
                let next = state.world.next_due();
                // Add a millisecond, so that the timer does not end just before it is due.
                next.map(|due| Duration::from_millis(due.since(now).max(0).unsigned_abs() + 1))
            };
            // Check at least once a minute, in case the system's clock jumps meanwhile.
            let wait = wait.unwrap_or(Duration::MAX).min(Duration::from_secs(60));
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = self.due_changed.notified() => {}
            }
        }
    }

    /// Applies what is due, and returns whether anything was.
    fn settle(&self, state: &mut State, now: Timestamp) -> bool {
        if state.world.next_due().is_none_or(|due| due > now) {
            return false;
        }
        let events = state.world.due(now);
        state.changes += 1;
        self.dispatch(state, now, &events);
        true
    }

    fn dispatch(&self, state: &mut State, now: Timestamp, events: &[Event]) {
        let State {
            world,
            sessions,
            streams,
            ..
        } = state;
        let around = Around {
            world,
            now,
            record: &self.record,
            inspector: &self.inspector,
            gateway_url: &self.settings.gateway_url,
        };
        for event in events {
            sessions.dispatch(&around, event);
            streams.dispatch(world, now, event);
        }
    }

    fn tell_waiters(&self) {
        self.changed.send_modify(|count| *count += 1);
    }

    /// # Panics
    ///
    /// If this thread already holds the lock, because a closure reads the world again. Without the panic,
    /// this would deadlock without a message.
    fn state(&self) -> Held<'_> {
        let me = thread::current().id();
        let holder = *self.holder.lock().unwrap_or_else(PoisonError::into_inner);
        assert!(
            holder != Some(me),
            "the sandbox is asked again from inside `look` or `wait_until`: get what the closure \
             needs (ids, times) before it"
        );
        // If a change panics, later ones continue: the panic itself already fails the test.
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        *self.holder.lock().unwrap_or_else(PoisonError::into_inner) = Some(me);
        let mut held = Held {
            state,
            holder: &self.holder,
        };
        let now = held.now();
        held.world.see_at(now);
        held
    }
}

/// The lock, and the record of which thread holds it.
struct Held<'a> {
    state: MutexGuard<'a, State>,
    holder: &'a Mutex<Option<ThreadId>>,
}

impl Deref for Held<'_> {
    type Target = State;

    fn deref(&self) -> &State {
        &self.state
    }
}

impl DerefMut for Held<'_> {
    fn deref_mut(&mut self) -> &mut State {
        &mut self.state
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        *self.holder.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl State {
    fn now(&self) -> Timestamp {
        let real = real_now();
        let gone = match self.slowed {
            Some((since, times)) => since.plus(real.since(since) / times),
            None => real,
        };
        gone.plus(self.ahead)
    }
}

/// By how much a new world's clock is ahead of the real one.
fn beginning_of(seed: &Seed) -> i64 {
    seed.ids_from.map_or(0, |moment| moment.since(real_now()))
}

fn real_now() -> Timestamp {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
