//! The backlog: all checks and passes that are pending, with their state (ready, running, planned, or waiting for
//! a retry after a back-off). What somebody waits for is in the journal instead: an opening, and each request
//! that is recovered, is a task of its own.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tickets::{ChannelId, GuildId, MessageId, RoleId};
use tokio::sync::watch;
use tokio::time::Instant;

use super::queue::Key;

/// Something to check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Check {
    pub guild: GuildId,
    pub thing: Thing,
}

/// What may have changed or gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Thing {
    /// A ticket, or a thread of the bot that may be one.
    Thread(ChannelId),
    /// A channel with inboxes or tickets.
    Channel(ChannelId),
    /// An inbox's message.
    Inbox {
        channel: ChannelId,
        message: MessageId,
    },
    /// An inbox's message that offers several inboxes.
    Entries {
        channel: ChannelId,
        message: MessageId,
    },
    /// A message that offers several inboxes, after a member has used its menu.
    Menu {
        channel: ChannelId,
        message: MessageId,
    },
    /// A role that is staff.
    Role(RoleId),
}

impl Check {
    pub fn thread(guild: GuildId, thread: ChannelId) -> Self {
        Self {
            guild,
            thing: Thing::Thread(thread),
        }
    }

    pub fn key(self) -> Key {
        match self.thing {
            Thing::Thread(channel)
            | Thing::Channel(channel)
            | Thing::Inbox { channel, .. }
            | Thing::Entries { channel, .. }
            | Thing::Menu { channel, .. } => Key::Channel(channel),
            Thing::Role(_) => Key::Guild(self.guild),
        }
    }
}

/// Something to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Work {
    Check(Check),
    /// Find what must be checked in a server.
    Scan(GuildId),
    /// Find the objects in one channel that must be checked. The bot can view this channel again.
    ScanChannel(GuildId, ChannelId),
    /// Find what must be checked among a server's closed tickets.
    Closed(GuildId),
    /// Decide what is due about a ticket.
    Due(GuildId, ChannelId),
    /// See whether anybody but its owner has come into a new ticket.
    Joined(GuildId, ChannelId),
    /// Post and change the notices in a channel.
    Notices(GuildId, ChannelId),
    /// Register the commands that depend on a server's settings, or remove them.
    Commands(GuildId),
}

impl Work {
    pub fn guild(self) -> GuildId {
        match self {
            Self::Check(check) => check.guild,
            Self::Scan(guild)
            | Self::ScanChannel(guild, _)
            | Self::Closed(guild)
            | Self::Commands(guild)
            | Self::Due(guild, _)
            | Self::Joined(guild, _)
            | Self::Notices(guild, _) => guild,
        }
    }

    fn is_scan(self) -> bool {
        matches!(self, Self::Scan(_) | Self::ScanChannel(..))
    }

    /// The order in which ready work starts: first the work that members or staff wait for, newest first, and
    /// closed tickets last.
    fn rank(self) -> (u8, Reverse<u64>) {
        match self {
            Self::Scan(guild) | Self::ScanChannel(guild, _) => (0, Reverse(guild.0)),
            // Staff wait for notices, and each channel has only one such unit of work.
            Self::Notices(_, channel) => (0, Reverse(channel.0)),
            Self::Check(check) => match check.thing {
                Thing::Thread(thread) => (1, Reverse(thread.0)),
                Thing::Inbox { message, .. } => (2, Reverse(message.0)),
                Thing::Channel(channel) => (3, Reverse(channel.0)),
                Thing::Role(role) => (4, Reverse(role.0)),
                Thing::Entries { message, .. } | Thing::Menu { message, .. } => {
                    (4, Reverse(message.0))
                }
            },
            Self::Joined(_, ticket) | Self::Due(_, ticket) => (4, Reverse(ticket.0)),
            Self::Commands(guild) => (4, Reverse(guild.0)),
            Self::Closed(guild) => (5, Reverse(guild.0)),
        }
    }
}

/// The first possible place of ready work that is not a scan, apart from notices.
const AFTER_SCANS: (u8, Reverse<u64>, u64) = (1, Reverse(u64::MAX), 0);

/// The waits before something that failed is tried again; the last is repeated.
const BACKOFF: [Duration; 6] = [
    Duration::from_secs(3),
    Duration::from_secs(30),
    Duration::from_secs(2 * 60),
    Duration::from_secs(10 * 60),
    Duration::from_secs(30 * 60),
    Duration::from_secs(2 * 60 * 60),
];

/// While this many checks are ready, no scan starts, to save memory.
const ENOUGH: usize = 5_000;

/// All pending work.
pub struct Backlog {
    inner: Mutex<Inner>,
    pending: watch::Sender<Pending>,
    changed: watch::Sender<u64>,
}

/// How much is still to be done; what is only planned for later does not count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Pending {
    /// Work that runs or is ready.
    now: usize,
    /// Work that failed and waits for its retry.
    later: usize,
}

#[derive(Default)]
struct Inner {
    ready: BTreeMap<(u8, Reverse<u64>, u64), Work>,
    delayed: BTreeMap<(Instant, u64), Work>,
    items: HashMap<Work, Item>,
    running: HashMap<Work, Running>,
    /// How many of the delayed units wait for a retry.
    retries: usize,
    /// Running work of a server that was [forgotten](Backlog::forget). It runs again only if it is requested
    /// again.
    ended: HashSet<Work>,
    last: u64,
}

#[derive(Clone, Copy)]
struct Item {
    place: Place,
    failures: usize,
}

#[derive(Clone, Copy)]
enum Place {
    Ready((u8, Reverse<u64>, u64)),
    /// The work failed, and is retried at this time.
    Retry((Instant, u64)),
    /// The work is planned for this time.
    Planned((Instant, u64)),
}

#[derive(Clone, Copy, Default)]
struct Running {
    failures: usize,
    /// The same work was requested again while it ran.
    again: bool,
    /// The same work was planned for this time while it ran.
    planned: Option<Instant>,
}

impl Default for Backlog {
    fn default() -> Self {
        Self {
            inner: Mutex::default(),
            pending: watch::Sender::default(),
            changed: watch::Sender::new(0),
        }
    }
}

impl Backlog {
    /// Makes this work ready.
    pub fn request(&self, work: Work) {
        self.change(|inner| {
            if let Some(running) = inner.running.get_mut(&work) {
                running.again = true;
                return;
            }
            inner.remove(work);
            inner.make_ready(work, 0);
        });
    }

    /// Schedules a retry after the shortest back-off. The caller has tried this work outside the backlog, and
    /// failed.
    pub fn retry(&self, work: Work) {
        self.change(|inner| {
            if let Some(running) = inner.running.get_mut(&work) {
                running.again = true;
                return;
            }
            let is_planned = |item: &Item| matches!(item.place, Place::Planned(_));
            if inner.items.get(&work).is_none_or(is_planned) {
                inner.remove(work);
                inner.delay(work, 0, Instant::now() + BACKOFF[0], true);
            }
        });
    }

    /// Plans this work for a time, unless it is ready, waits for a retry, or is planned for an earlier time.
    pub fn plan(&self, work: Work, at: Instant) {
        self.change(|inner| {
            if let Some(running) = inner.running.get_mut(&work) {
                let earlier = running.planned.filter(|planned| *planned < at);
                running.planned = Some(earlier.unwrap_or(at));
                return;
            }
            let is_later =
                |item: &Item| matches!(item.place, Place::Planned((then, _)) if then > at);
            if inner.items.get(&work).is_none_or(is_later) {
                inner.remove(work);
                inner.delay(work, 0, at, false);
            }
        });
    }

    /// Drops all work of this server.
    pub fn forget(&self, guild: GuildId) {
        self.change(|inner| {
            let works: Vec<_> = inner.items.keys().copied().collect();
            for work in works.into_iter().filter(|work| work.guild() == guild) {
                inner.remove(work);
            }
            let running = inner.running.keys().copied();
            let of_guild: Vec<_> = running.filter(|work| work.guild() == guild).collect();
            inner.ended.extend(of_guild);
        });
    }

    /// The next thing to do; it runs from now on.
    pub fn start(&self) -> Option<Work> {
        self.start_if(|_| true)
    }

    /// The next scan, if one is due; it runs from now on.
    pub fn start_scan(&self) -> Option<Work> {
        self.start_if(Work::is_scan)
    }

    fn start_if(&self, may_start: impl Fn(Work) -> bool) -> Option<Work> {
        self.update(|inner| {
            inner.wake(Instant::now());
            let is_full = inner.ready.range(AFTER_SCANS..).nth(ENOUGH).is_some();
            let may_start = |work: Work| may_start(work) && !(is_full && work.is_scan());
            let mut ready = inner.ready.iter();
            let (&place, &work) = ready.find(|(_, work)| may_start(**work))?;
            inner.ready.remove(&place);
            let failures = inner.items.remove(&work).map_or(0, |item| item.failures);
            let running = Running {
                failures,
                ..Running::default()
            };
            inner.running.insert(work, running);
            Some(work)
        })
    }

    /// Ends running work. If it failed, it is retried with a back-off.
    pub fn complete(&self, work: Work, is_done: bool) {
        self.change(|inner| {
            let running = inner.running.remove(&work).unwrap_or_default();
            if inner.ended.remove(&work) && !running.again {
                return;
            }
            if running.again {
                inner.make_ready(work, 0);
            } else if !is_done {
                let wait = BACKOFF[running.failures.min(BACKOFF.len() - 1)];
                let seconds = wait.as_secs();
                tracing::info!(guild = %work.guild(), seconds, "a check failed; retrying later");
                inner.delay(work, running.failures + 1, Instant::now() + wait, true);
            } else if let Some(at) = running.planned {
                inner.delay(work, 0, at, false);
            }
        });
    }

    /// Makes the failed work of this server ready again, without waiting for the back-off.
    pub fn nudge(&self, guild: GuildId) {
        self.change(|inner| {
            let works: Vec<_> = inner
                .items
                .iter()
                .filter(|(work, item)| {
                    work.guild() == guild && matches!(item.place, Place::Retry(_))
                })
                .map(|(work, item)| (*work, item.failures))
                .collect();
            for (work, failures) in works {
                inner.remove(work);
                inner.make_ready(work, failures);
            }
        });
    }

    /// Whether this failed and waits to be tried again.
    pub fn has_failed(&self, work: Work) -> bool {
        let inner = self.lock();
        let item = inner.items.get(&work);
        item.is_some_and(|item| matches!(item.place, Place::Retry(_)))
    }

    /// The earliest time at which planned or failed work becomes ready.
    pub fn wake_at(&self) -> Option<Instant> {
        self.lock().delayed.keys().next().map(|(at, _)| *at)
    }

    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// Whether nothing is due or failed.
    pub fn is_idle(&self) -> bool {
        *self.pending.borrow() == Pending::default()
    }

    /// How much is due now, and how much failed and is tried again later.
    pub fn size(&self) -> (usize, usize) {
        let pending = self.pending.borrow();
        (pending.now, pending.later)
    }

    /// Waits until nothing is due or failed.
    pub async fn idle(&self) {
        let mut pending = self.pending.subscribe();
        // The sender lives as long as `self`.
        let _ = pending.wait_for(|it| *it == Pending::default()).await;
    }

    /// Whether nothing is due now.
    pub fn is_quiet(&self) -> bool {
        self.pending.borrow().now == 0
    }

    /// Waits until nothing is due now.
    pub async fn quiet(&self) {
        let mut pending = self.pending.subscribe();
        // The sender lives as long as `self`.
        let _ = pending.wait_for(|it| it.now == 0).await;
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the backlog, and wakes the tasks that wait for changes.
    fn change(&self, change: impl FnOnce(&mut Inner)) {
        self.update(change);
        self.changed.send_modify(|changes| *changes += 1);
    }

    fn update<T>(&self, change: impl FnOnce(&mut Inner) -> T) -> T {
        let mut inner = self.lock();
        let result = change(&mut inner);
        let pending = Pending {
            now: inner.ready.len() + inner.running.len(),
            later: inner.retries,
        };
        drop(inner);
        self.pending.send_if_modified(|known| {
            let is_new = *known != pending;
            *known = pending;
            is_new
        });
        result
    }
}

impl Inner {
    fn next(&mut self) -> u64 {
        self.last += 1;
        self.last
    }

    fn make_ready(&mut self, work: Work, failures: usize) {
        let (class, newest) = work.rank();
        let place = (class, newest, self.next());
        self.ready.insert(place, work);
        let place = Place::Ready(place);
        self.items.insert(work, Item { place, failures });
    }

    fn delay(&mut self, work: Work, failures: usize, at: Instant, is_retry: bool) {
        let place = (at, self.next());
        self.delayed.insert(place, work);
        let place = if is_retry {
            self.retries += 1;
            Place::Retry(place)
        } else {
            Place::Planned(place)
        };
        self.items.insert(work, Item { place, failures });
    }

    fn remove(&mut self, work: Work) {
        match self.items.remove(&work).map(|item| item.place) {
            Some(Place::Ready(place)) => {
                self.ready.remove(&place);
            }
            Some(Place::Retry(place)) => {
                self.retries -= 1;
                self.delayed.remove(&place);
            }
            Some(Place::Planned(place)) => {
                self.delayed.remove(&place);
            }
            None => {}
        }
    }

    /// Moves delayed work whose time has come to the ready work.
    fn wake(&mut self, now: Instant) {
        while let Some((&place, &work)) = self.delayed.first_key_value()
            && place.0 <= now
        {
            let failures = self.items.get(&work).map_or(0, |item| item.failures);
            self.remove(work);
            self.make_ready(work, failures);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GUILD: GuildId = GuildId(1);

    fn thread(id: u64) -> Work {
        Work::Check(Check::thread(GUILD, ChannelId(id)))
    }

    #[tokio::test(start_paused = true)]
    async fn the_newest_ticket_is_first_and_closed_ones_are_last() {
        let backlog = Backlog::default();
        for work in [Work::Closed(GUILD), thread(5), thread(9), Work::Scan(GUILD)] {
            backlog.request(work);
        }
        let order: Vec<_> = std::iter::from_fn(|| backlog.start()).collect();
        assert_eq!(
            order,
            [Work::Scan(GUILD), thread(9), thread(5), Work::Closed(GUILD)]
        );
    }

    #[tokio::test(start_paused = true)]
    async fn scans_wait_while_many_checks_are_ready_and_do_not_count_as_failed() {
        let backlog = Backlog::default();
        let many = ENOUGH as u64 + 1;
        backlog.request(Work::Scan(GUILD));
        for id in 1..=many {
            backlog.request(thread(id));
        }
        assert_eq!(backlog.start_scan(), None);
        assert_eq!(backlog.start(), Some(thread(many)));
        assert_eq!(backlog.start(), Some(Work::Scan(GUILD)));
        assert_eq!(backlog.size(), (ENOUGH + 2, 0));
    }

    #[tokio::test(start_paused = true)]
    async fn a_scan_starts_before_notices_that_are_ready() {
        let backlog = Backlog::default();
        backlog.request(Work::Notices(GuildId(9), ChannelId(u64::MAX)));
        backlog.request(Work::Scan(GUILD));
        assert_eq!(backlog.start_scan(), Some(Work::Scan(GUILD)));
    }

    #[tokio::test(start_paused = true)]
    async fn what_fails_is_tried_again_with_a_back_off() {
        let backlog = Backlog::default();
        backlog.request(thread(5));
        for wait in [3, 30, 120] {
            assert_eq!(backlog.start(), Some(thread(5)));
            backlog.complete(thread(5), false);
            assert!(!backlog.is_idle());
            assert_eq!(backlog.start(), None);
            tokio::time::advance(Duration::from_secs(wait)).await;
        }
        backlog.start();
        backlog.complete(thread(5), true);
        assert!(backlog.is_idle());
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_requested_twice_is_done_once_and_again_if_it_ran_already() {
        let backlog = Backlog::default();
        backlog.request(thread(5));
        backlog.request(thread(5));
        assert_eq!(backlog.start(), Some(thread(5)));
        assert_eq!(backlog.start(), None);
        backlog.request(thread(5));
        assert_eq!(backlog.start(), None, "it runs");
        backlog.complete(thread(5), true);
        assert_eq!(backlog.start(), Some(thread(5)));
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_planned_does_not_count_until_it_is_due() {
        let backlog = Backlog::default();
        backlog.plan(thread(5), Instant::now() + Duration::from_secs(60));
        assert!(backlog.is_idle());
        assert_eq!(backlog.start(), None);
        tokio::time::advance(Duration::from_secs(60)).await;
        assert_eq!(backlog.start(), Some(thread(5)));
        backlog.complete(thread(5), true);
        assert!(backlog.is_idle());
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_can_be_forgotten_or_nudged() {
        let backlog = Backlog::default();
        backlog.request(thread(5));
        backlog.request(thread(6));
        backlog.start();
        backlog.forget(GUILD);
        backlog.complete(thread(6), false);
        assert!(backlog.is_idle());
        backlog.retry(thread(7));
        assert_eq!(backlog.start(), None);
        backlog.nudge(GUILD);
        assert_eq!(backlog.start(), Some(thread(7)));
    }
}
