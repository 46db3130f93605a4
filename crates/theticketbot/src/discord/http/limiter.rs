//! Obeys Discord's rate limits: decides when a call may be made.
//!
//! A call waits for three things, each in order of arrival: the bucket of its route ([`bucket`]), the limit
//! of 50 calls a second ([`pace`]), and the gates that a 429 closes ([`gate`]). There is one gate for calls
//! with the bot token, one for interactions and webhooks, and one for everything. A bucket is dropped when a
//! new one would allow the same.

mod bucket;
mod gate;
mod pace;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until, timeout_at};

use self::bucket::{Bucket, Limit, When};
use self::gate::Gate;
use self::pace::{Global, Invalid};
use super::answer::{Limited, Quota, Scope};

/// How a call is authorized: each way has its own limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// With the bot token.
    Bot,
    /// With an interaction's token: Discord does not count these calls in the limit of 50 a second.
    Interaction,
}

/// The parts of a call that decide its limits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Route<'a> {
    pub(super) kind: Kind,
    pub(super) method: &'a str,
    /// The path without its query.
    pub(super) path: &'a str,
}

/// Idle buckets are dropped at least this often while calls are made.
const TIDY_EVERY: Duration = Duration::from_secs(60);

/// The wait after a 429 of a bucket without a stated time.
const UNNAMED_WAIT: Duration = Duration::from_secs(1);

/// If Cloudflare states a shorter block of the address, the bot ignores that time.
const SHORTEST_BLOCK: Duration = Duration::from_secs(1);

/// The bot warns of a limit again only after it has not been reached for this long.
const QUIET: Duration = Duration::from_secs(60);

pub(super) struct Limiter {
    state: Mutex<State>,
    hasher: RandomState,
    /// The queue of calls with the bot token: the call that holds the lock is next.
    bot_turn: tokio::sync::Mutex<()>,
    /// The queue of calls with an interaction's token.
    interaction_turn: tokio::sync::Mutex<()>,
    /// Notifies the waiting call that a gate has changed. In each queue, only one call waits for this.
    bot_changed: Notify,
    interaction_changed: Notify,
}

#[derive(Default)]
struct State {
    /// The known routes, which are few.
    routes: HashMap<u64, Known>,
    /// The key is the bucket (or the route, until its bucket is known) and the channel, server or webhook.
    buckets: HashMap<u64, Arc<Shared>>,
    tidy_at: Option<Instant>,
    tidy_above: usize,
    global: Global,
    invalid: Invalid,
    is_braking: bool,
    bot: Gate,
    interaction: Gate,
    address: Gate,
    /// Until when no warning of a limit with this scope is logged.
    quiet: HashMap<&'static str, Instant>,
}

#[derive(Clone, Copy, Default)]
struct Known {
    /// The hash of the bucket's id.
    bucket: Option<u64>,
    limit: Limit,
}

struct Shared {
    key: u64,
    /// The hash of the channel, server or webhook.
    major: u64,
    /// The queue of this bucket: the call that holds the lock is next.
    turn: tokio::sync::Mutex<()>,
    /// Locked only briefly, and only while `State` is locked.
    bucket: Mutex<Bucket>,
    /// Notifies the waiting call that a response has come, or that the route has another bucket.
    changed: Notify,
}

/// The permission to make one call. If it is dropped before [`Permit::sent`], it counts as unused.
pub(super) struct Permit<'a> {
    limiter: &'a Limiter,
    shared: Arc<Shared>,
    route: u64,
    kind: Kind,
    slot: Option<u64>,
    goes_first: GoesFirst,
    was_sent: bool,
    was_answered: bool,
}

/// Which closed gates this call probes: it goes first, and the others wait for its outcome.
#[derive(Clone, Copy, Default)]
struct GoesFirst {
    kind: bool,
    address: bool,
}

/// The parts of a response that concern rate limits.
pub(super) struct Response<'a> {
    pub(super) status: u16,
    pub(super) quota: Option<&'a Quota>,
    /// Whether it has rate limit headers.
    pub(super) has_limits: bool,
    pub(super) limited: Option<&'a Limited>,
}

impl Limiter {
    pub(super) fn new() -> Self {
        Self {
            state: Mutex::default(),
            hasher: RandomState::new(),
            bot_turn: tokio::sync::Mutex::default(),
            interaction_turn: tokio::sync::Mutex::default(),
            bot_changed: Notify::new(),
            interaction_changed: Notify::new(),
        }
    }

    /// Waits until the call may be made. If that would take longer than until `deadline`, returns the
    /// remaining wait as an error, as far as it is known.
    pub(super) async fn acquire(
        &self,
        route: Route<'_>,
        deadline: Option<Instant>,
    ) -> Result<Permit<'_>, Duration> {
        let route_key = self.route_key(route);
        let major = self.hasher.hash_one(major(route.path));
        let (kind_turn, changed) = match route.kind {
            Kind::Bot => (&self.bot_turn, &self.bot_changed),
            Kind::Interaction => (&self.interaction_turn, &self.interaction_changed),
        };
        loop {
            self.check_gates(route.kind, deadline)?;
            let shared = self.shared(route_key, major);
            let _turn = before(deadline, shared.turn.lock()).await?;
            // Any response may assign the route to another bucket.
            while shared.key == self.bucket_key(route_key, major) {
                let when = shared.locked().when(Instant::now());
                if when != When::Now {
                    wait(when, &shared.changed, deadline).await?;
                    continue;
                }
                let _kind_turn = before(deadline, kind_turn.lock()).await?;
                loop {
                    match self.try_take(&shared, route_key, route.kind) {
                        Taken::All(permit) => return Ok(permit),
                        Taken::WaitForBucket => break,
                        Taken::Wait(when) => wait(when, changed, deadline).await?,
                    }
                }
            }
        }
    }

    /// Limits this process to its share of the calls in a second.
    #[cfg(feature = "postgres")]
    pub(super) fn take_share(&self, shards: u32, total: u32) {
        self.state().global.take_share(shards, total);
    }

    /// Takes everything that the call needs, or nothing.
    fn try_take(&self, shared: &Arc<Shared>, route: u64, kind: Kind) -> Taken<'_> {
        let mut state = self.state();
        let now = Instant::now();
        let mut bucket = shared.locked();
        if bucket.when(now) != When::Now {
            return Taken::WaitForBucket;
        }
        let when = [
            state.address.when(now),
            state.gate(kind).when(now),
            state.invalid.when(now),
            match kind {
                Kind::Bot => state.global.when(now),
                Kind::Interaction => When::Now,
            },
        ];
        if let Some(when) = when.into_iter().find(|when| *when != When::Now) {
            return Taken::Wait(when);
        }
        bucket.take(now);
        state.invalid.called(now);
        Taken::All(Permit {
            limiter: self,
            shared: Arc::clone(shared),
            route,
            kind,
            slot: (kind == Kind::Bot).then(|| state.global.take(now)),
            goes_first: GoesFirst {
                kind: state.gate(kind).pass(),
                address: state.address.pass(),
            },
            was_sent: false,
            was_answered: false,
        })
    }

    /// Fails early if the call cannot be made before its deadline, so that it does not queue.
    fn check_gates(&self, kind: Kind, deadline: Option<Instant>) -> Result<(), Duration> {
        let Some(deadline) = deadline else {
            return Ok(());
        };
        let mut state = self.state();
        let closed = state.address.closed_until();
        match closed.max(state.gate(kind).closed_until()) {
            Some(until) if until > deadline => Err(until.duration_since(Instant::now())),
            _ => Ok(()),
        }
    }

    fn shared(&self, route: u64, major: u64) -> Arc<Shared> {
        let mut state = self.state();
        state.tidy(Instant::now());
        let known = state.known(route);
        let key = self.key(known, route, major);
        state.bucket(key, major, known.limit)
    }

    fn bucket_key(&self, route: u64, major: u64) -> u64 {
        let known = self.state().known(route);
        self.key(known, route, major)
    }

    fn key(&self, known: Known, route: u64, major: u64) -> u64 {
        self.hasher.hash_one((known.bucket.unwrap_or(route), major))
    }

    /// Stores only a hash, because the path may contain a token.
    fn route_key(&self, route: Route<'_>) -> u64 {
        let template: Vec<&str> = template(route.path).collect();
        self.hasher.hash_one((route.method, template))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // No code that holds this lock panics halfway.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the next call of a bucket has received.
enum Taken<'a> {
    All(Permit<'a>),
    Wait(When),
    WaitForBucket,
}

impl State {
    fn gate(&mut self, kind: Kind) -> &mut Gate {
        match kind {
            Kind::Bot => &mut self.bot,
            Kind::Interaction => &mut self.interaction,
        }
    }

    fn known(&self, route: u64) -> Known {
        self.routes.get(&route).copied().unwrap_or_default()
    }

    fn bucket(&mut self, key: u64, major: u64, limit: Limit) -> Arc<Shared> {
        let shared = self.buckets.entry(key).or_insert_with(|| {
            Arc::new(Shared {
                key,
                major,
                turn: tokio::sync::Mutex::default(),
                bucket: Mutex::new(Bucket::new(limit)),
                changed: Notify::new(),
            })
        });
        Arc::clone(shared)
    }

    /// Drops each bucket that a new one could replace.
    fn tidy(&mut self, now: Instant) {
        if self.tidy_at.is_some_and(|at| now < at) && self.buckets.len() <= self.tidy_above {
            return;
        }
        self.buckets
            .retain(|_, shared| Arc::strong_count(shared) > 1 || !shared.locked().is_idle(now));
        self.tidy_above = self.buckets.len().max(32) * 2;
        self.buckets.shrink_to(self.tidy_above);
        self.tidy_at = Some(now + TIDY_EVERY);
    }

    /// Whether to warn of this limit, which now lasts for `wait`.
    fn is_news(&mut self, now: Instant, scope: Scope, wait: Duration) -> bool {
        let quiet = self.quiet.entry(scope.name()).or_insert(now);
        let is_news = *quiet <= now;
        *quiet = (*quiet).max(now + wait + QUIET);
        is_news
    }

    fn count_invalid(&mut self, now: Instant) {
        self.invalid.count(now);
        let is_braking = self.invalid.brake(now).is_some();
        if is_braking && !self.is_braking {
            let invalid = self.invalid.total();
            tracing::warn!(
                invalid,
                "Discord refused many calls within ten minutes; making calls more slowly"
            );
        }
        self.is_braking = is_braking;
    }
}

impl Shared {
    fn locked(&self) -> MutexGuard<'_, Bucket> {
        self.bucket.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Permit<'_> {
    /// From now on, Discord may have received the call.
    pub(super) fn sent(&mut self) {
        self.was_sent = true;
    }

    /// Handles a response. If the host should be warned, returns for how long Discord refuses such calls.
    pub(super) fn answered(mut self, response: &Response<'_>) -> Option<Duration> {
        self.was_answered = true;
        let mut state = self.limiter.state();
        let now = Instant::now();
        if let Some(slot) = self.slot {
            state.global.answered(slot, now);
        }
        let shared = self.learn(&mut state, now, response);
        let scope = response.limited.map(|limited| limited.scope);
        if self.goes_first.address && scope != Some(Scope::Address) {
            state.address.open();
        }
        if self.goes_first.kind {
            match scope {
                Some(Scope::Global) => {}
                Some(Scope::Address) => state.gate(self.kind).give_up_probe(),
                _ => state.gate(self.kind).open(),
            }
        }
        let wait = response.limited.map(|limited| match limited.scope {
            Scope::Call => limited.retry_after.unwrap_or(UNNAMED_WAIT),
            Scope::Bucket => {
                let told = response.quota.map(|quota| quota.reset_after);
                let wait = limited.retry_after.or(told).unwrap_or(UNNAMED_WAIT);
                shared.locked().block(now + wait);
                wait
            }
            Scope::Global => state.gate(self.kind).close(now, limited.retry_after),
            Scope::Address => {
                // A block that ends at once is implausible.
                let told = limited.retry_after.filter(|wait| *wait >= SHORTEST_BLOCK);
                state.address.close(now, told)
            }
        });
        let is_shared = response.limited.is_some_and(|limited| limited.is_shared);
        if matches!(response.status, 401 | 403 | 429) && !is_shared {
            state.count_invalid(now);
        }
        let news = scope
            .zip(wait)
            .filter(|(scope, wait)| state.is_news(now, *scope, *wait));
        drop(state);
        shared.changed.notify_one();
        self.tell();
        news.map(|(_, wait)| wait)
    }

    /// Updates the limits from the headers, and returns the bucket of the call.
    fn learn(&self, state: &mut State, now: Instant, response: &Response<'_>) -> Arc<Shared> {
        let has_none = !response.has_limits && (200..300).contains(&response.status);
        let mut known = state.known(self.route);
        let named = response.quota.filter(|quota| !quota.bucket.is_empty());
        if let Some(quota) = named {
            known.bucket = Some(self.limiter.hasher.hash_one(&quota.bucket));
        }
        let major = self.shared.major;
        let key = self.limiter.key(known, self.route, major);
        let shared = if key == self.shared.key || named.is_none() {
            Arc::clone(&self.shared)
        } else {
            self.shared.locked().unanswered(now, true);
            let shared = state.bucket(key, major, known.limit);
            shared.locked().take(now);
            shared
        };
        let mut bucket = shared.locked();
        bucket.answered(now, response.quota, has_none);
        known.limit = bucket.limit();
        drop(bucket);
        state.routes.insert(self.route, known);
        shared
    }

    /// Wakes the waiting calls, which check again.
    fn tell(&self) {
        self.shared.changed.notify_one();
        self.limiter.bot_changed.notify_one();
        self.limiter.interaction_changed.notify_one();
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        if self.was_answered {
            return;
        }
        let mut state = self.limiter.state();
        self.shared
            .locked()
            .unanswered(Instant::now(), self.was_sent);
        if let Some(slot) = self.slot
            && !self.was_sent
        {
            state.global.give_back(slot);
        }
        if self.goes_first.kind {
            state.gate(self.kind).give_up_probe();
        }
        if self.goes_first.address {
            state.address.give_up_probe();
        }
        drop(state);
        self.tell();
    }
}

/// The part of a path that has its own limits: a channel, a server, or a webhook with its token.
fn major(path: &str) -> &str {
    let segments = match path.split('/').next() {
        Some("channels" | "guilds") => 2,
        Some("webhooks" | "interactions") => 3,
        _ => 0,
    };
    let end = path.match_indices('/').nth(segments.max(1) - 1);
    match segments {
        0 => "",
        _ => end.map_or(path, |(at, _)| &path[..at]),
    }
}

/// A path with placeholders for its ids and tokens.
fn template(path: &str) -> impl Iterator<Item = &str> {
    let majors = major(path).split('/').count();
    path.split('/').enumerate().map(move |(at, segment)| {
        let is_id = segment.bytes().all(|byte| byte.is_ascii_digit());
        if is_id || (1..majors).contains(&at) {
            "*"
        } else {
            segment
        }
    })
}

async fn before<T>(
    deadline: Option<Instant>,
    done: impl Future<Output = T>,
) -> Result<T, Duration> {
    match deadline {
        Some(deadline) => timeout_at(deadline, done).await.map_err(|_| UNNAMED_WAIT),
        None => Ok(done.await),
    }
}

/// Waits until this moment, or until something has changed.
async fn wait(when: When, changed: &Notify, deadline: Option<Instant>) -> Result<(), Duration> {
    match when {
        When::Now => Ok(()),
        When::At(moment) => {
            if deadline.is_some_and(|deadline| deadline < moment) {
                return Err(moment.saturating_duration_since(Instant::now()));
            }
            tokio::select! {
                () = sleep_until(moment) => {}
                () = changed.notified() => {}
            }
            Ok(())
        }
        When::Later => before(deadline, changed.notified()).await,
    }
}
