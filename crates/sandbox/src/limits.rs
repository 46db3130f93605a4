//! Rate limits as Discord has them: how many calls a bot may make, how often it may rename, how
//! often it may begin a session. Pure: each function takes the present time as an argument.
//!
//! A limit is a [`Window`]: a number of calls in a time that begins with the first.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::id::{ChannelId, Timestamp, UserId};

/// Which limits apply. Those on the size and the number of a gateway client's payloads always do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Limits {
    /// No limits on calls and sessions.
    #[default]
    Off,
    /// Discord's: per route, 50 calls a second in all, 2 renames in 10 minutes, one IDENTIFY in
    /// 5 seconds and 1,000 a day.
    Discord,
    /// As `Discord`, but the windows of routes and channels are shorter by this factor: for runs that open a
    /// day's tickets in minutes. The limit of 50 calls a second in all remains.
    Faster(u32),
}

/// The number of calls that are allowed in this many milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Rule {
    most: u32,
    millis: i64,
}

impl Rule {
    /// This rule with a window that is shorter by this factor.
    fn faster(self, times: u32) -> Self {
        Self {
            millis: (self.millis / i64::from(times.max(1))).max(1),
            ..self
        }
    }
}

const fn rule(most: u32, millis: i64) -> Rule {
    Rule { most, millis }
}

/// Source: Discord's documentation, "Rate Limits", Global Rate Limit.
const GLOBAL: Rule = rule(50, 1000);
/// Reported by users; Discord's headers do not say.
const RENAMES: Rule = rule(2, 600_000);
/// Edits of messages older than an hour in one channel. No headers show this limit.
const OLD_EDITS: Rule = rule(3, 6000);
/// Source: Discord's documentation, "JSON Error Codes".
const TOO_MANY_OLD_EDITS: u32 = 30046;
/// Answers with 401, 403 or 429, but for limits that all bots share.
/// Source: Discord's documentation, "Invalid Request Limit".
const INVALID: Rule = rule(10_000, 600_000);
/// For each of the `max_concurrency` groups of shards.
/// Source: Discord's documentation, "Session Start Limit".
const STARTS: Rule = rule(1, 5000);
const STARTS_A_DAY: Rule = rule(1000, 86_400_000);

/// Beyond this number of buckets, expired ones are removed.
const TIDY_ABOVE: usize = 4096;

/// The limit of a route. Discord publishes none of them: those for messages, threads, roles and
/// webhooks are what users report, the others are assumed.
fn route_rule(method: &str, template: &str) -> Rule {
    if template.starts_with("/webhooks/{}/{}") {
        return rule(5, 2000);
    }
    match (method, template) {
        ("POST", "/channels/{}/messages" | "/channels/{}/typing")
        | ("PATCH", "/channels/{}/messages/{}" | "/channels/{}") => rule(5, 5000),
        ("DELETE", "/channels/{}/messages/{}") => rule(5, 1000),
        ("POST", "/channels/{}/messages/bulk-delete") => rule(1, 1000),
        ("POST", "/channels/{}/threads" | "/channels/{}/messages/{}/threads") => rule(50, 300_000),
        ("GET", "/gateway/bot") => rule(2, 5000),
        _ => rule(10, 10_000),
    }
}

/// A call that a bot wants to make.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted<'a> {
    pub(crate) method: &'a str,
    /// The path below `/api/v10`, possibly with a query.
    pub(crate) path: &'a str,
    /// The token, which identifies the caller.
    pub(crate) token: Option<&'a str>,
    /// The channel or thread that the call renames.
    pub(crate) renames: Option<ChannelId>,
    /// The channel in which it edits a message older than an hour.
    pub(crate) edits_old: Option<ChannelId>,
}

/// Whether a call is allowed.
#[derive(Debug, PartialEq)]
pub(crate) enum Verdict {
    /// No limits apply.
    Free,
    Allowed(Bucket),
    Refused {
        scope: Scope,
        retry_after_ms: i64,
        /// Discord's error code; most limits have none.
        code: Option<u32>,
        bucket: Bucket,
    },
    /// This address has made too many invalid calls, so its calls are not read.
    Banned {
        retry_after_ms: i64,
    },
}

/// The state of a route's limit, as in the headers.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Bucket {
    pub(crate) name: String,
    pub(crate) limit: u32,
    pub(crate) remaining: u32,
    pub(crate) reset_after_ms: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    User,
    Global,
}

/// Whether an IDENTIFY is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Start {
    Allowed,
    /// The previous one was less than 5 seconds ago.
    TooSoon,
    /// All sessions of the day are used up.
    UsedUp,
}

/// The part of the response to `GET /gateway/bot` about sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StartsLeft {
    pub(crate) remaining: u32,
    pub(crate) reset_after_ms: i64,
}

impl StartsLeft {
    pub(crate) const TOTAL: u32 = STARTS_A_DAY.most;
}

/// The limits of a sandbox, and how much of each is used up.
pub(crate) struct Limiter {
    used: Mutex<Used>,
    /// The limits at the start, to which a reset returns.
    first: Limits,
}

#[derive(Default)]
struct Used {
    limits: Limits,
    /// By caller and bucket.
    routes: HashMap<(u64, String), Window>,
    /// By caller.
    global: HashMap<u64, Window>,
    renames: HashMap<ChannelId, Window>,
    old_edits: HashMap<ChannelId, Window>,
    invalid: Window,
    starts: HashMap<UserId, Starts>,
}

/// The session starts of a bot.
#[derive(Default)]
struct Starts {
    /// The latest, by group of shards.
    latest: HashMap<u64, Window>,
    today: Window,
}

impl Limiter {
    pub(crate) fn new(limits: Limits) -> Self {
        let used = Used {
            limits,
            ..Used::default()
        };
        Self {
            used: Mutex::new(used),
            first: limits,
        }
    }

    pub(crate) fn limits(&self) -> Limits {
        self.used().limits
    }

    /// Applies these limits from now on, with nothing used up.
    pub(crate) fn set(&self, limits: Limits) {
        *self.used() = Used {
            limits,
            ..Used::default()
        };
    }

    /// Resets the limits to those at the start.
    pub(crate) fn reset(&self) {
        self.set(self.first);
    }

    /// Decides whether a call is allowed, and counts it if it is.
    pub(crate) fn call(&self, now: Timestamp, wanted: Wanted<'_>) -> Verdict {
        let mut used = self.used();
        match used.limits {
            Limits::Off => Verdict::Free,
            Limits::Discord => used.call(now, wanted, 1),
            Limits::Faster(times) => used.call(now, wanted, times),
        }
    }

    /// Counts a call with an invalid response.
    pub(crate) fn count_invalid(&self, now: Timestamp) {
        self.used().invalid.count(now, INVALID);
    }

    /// Decides whether a shard in this group may begin a session, and counts it if it may.
    pub(crate) fn start(&self, now: Timestamp, bot: UserId, group: u64) -> Start {
        let mut used = self.used();
        if used.limits == Limits::Off {
            return Start::Allowed;
        }
        let starts = used.starts.entry(bot).or_default();
        let latest = starts.latest.entry(group).or_default();
        if starts.today.wait(now, STARTS_A_DAY) > 0 {
            Start::UsedUp
        } else if latest.wait(now, STARTS) > 0 {
            Start::TooSoon
        } else {
            latest.count(now, STARTS);
            starts.today.count(now, STARTS_A_DAY);
            Start::Allowed
        }
    }

    pub(crate) fn starts_left(&self, now: Timestamp, bot: UserId) -> StartsLeft {
        let used = self.used();
        let today = used.starts.get(&bot).map(|starts| starts.today);
        let today = today.unwrap_or_default();
        StartsLeft {
            remaining: today.remaining(now, STARTS_A_DAY),
            reset_after_ms: today.reset_after(now),
        }
    }

    fn used(&self) -> MutexGuard<'_, Used> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Used {
    fn call(&mut self, now: Timestamp, wanted: Wanted<'_>, faster: u32) -> Verdict {
        let banned = self.invalid.wait(now, INVALID);
        if banned > 0 {
            return Verdict::Banned {
                retry_after_ms: banned,
            };
        }
        self.tidy(now);
        let mut route = Route::of(wanted.method, wanted.path);
        route.rule = route.rule.faster(faster);
        let (rename_rule, edit_rule) = (RENAMES.faster(faster), OLD_EDITS.faster(faster));
        // Only the token's hash is stored here.
        let caller = hash(wanted.token.unwrap_or_default());
        let global = match wanted.token {
            Some(_) if !route.is_interaction => Some(self.global.entry(caller).or_default()),
            _ => None,
        };
        let renamed = wanted.renames.map(|id| self.renames.entry(id).or_default());
        let edited = wanted
            .edits_old
            .map(|id| self.old_edits.entry(id).or_default());
        let bucket = self.routes.entry((caller, route.key)).or_default();

        let wait = |window: Option<&Window>, rule| window.map_or(0, |it| it.wait(now, rule));
        let refusal = [
            (Scope::Global, wait(global.as_deref(), GLOBAL), None),
            (Scope::User, bucket.wait(now, route.rule), None),
            (Scope::User, wait(renamed.as_deref(), rename_rule), None),
            (
                Scope::User,
                wait(edited.as_deref(), edit_rule),
                Some(TOO_MANY_OLD_EDITS),
            ),
        ];
        let refusal = refusal.into_iter().find(|(_, wait, _)| *wait > 0);
        // A refused call is not counted.
        if refusal.is_none() {
            bucket.count(now, route.rule);
            if let Some(global) = global {
                global.count(now, GLOBAL);
            }
            if let Some(renamed) = renamed {
                renamed.count(now, rename_rule);
            }
            if let Some(edited) = edited {
                edited.count(now, edit_rule);
            }
        }
        let bucket = Bucket {
            name: route.bucket,
            limit: route.rule.most,
            remaining: bucket.remaining(now, route.rule),
            reset_after_ms: bucket.reset_after(now),
        };
        match refusal {
            None => Verdict::Allowed(bucket),
            Some((scope, retry_after_ms, code)) => Verdict::Refused {
                scope,
                retry_after_ms,
                code,
                bucket,
            },
        }
    }

    fn tidy(&mut self, now: Timestamp) {
        if self.routes.len() > TIDY_ABOVE {
            self.routes.retain(|_, window| window.reset_after(now) > 0);
        }
        for windows in [&mut self.renames, &mut self.old_edits] {
            if windows.len() > TIDY_ABOVE {
                windows.retain(|_, window| window.reset_after(now) > 0);
            }
        }
    }
}

/// How often something happened in the present window, which began with the first time.
#[derive(Clone, Copy, Debug, Default)]
struct Window {
    used: u32,
    /// `None` until something has happened.
    ends: Option<Timestamp>,
}

impl Window {
    fn is_over(&self, now: Timestamp) -> bool {
        self.ends.is_none_or(|ends| ends <= now)
    }

    fn remaining(&self, now: Timestamp, rule: Rule) -> u32 {
        if self.is_over(now) {
            rule.most
        } else {
            rule.most.saturating_sub(self.used)
        }
    }

    /// Milliseconds until the next window begins.
    fn reset_after(&self, now: Timestamp) -> i64 {
        self.ends.map_or(0, |ends| ends.since(now).max(0))
    }

    /// Milliseconds until it is allowed again; 0 if it is now.
    fn wait(&self, now: Timestamp, rule: Rule) -> i64 {
        if self.remaining(now, rule) > 0 {
            0
        } else {
            self.reset_after(now)
        }
    }

    fn count(&mut self, now: Timestamp, rule: Rule) {
        if self.is_over(now) {
            *self = Self {
                used: 0,
                ends: Some(now.plus(rule.millis)),
            };
        }
        self.used = self.used.saturating_add(1);
    }
}

/// How a call is counted: by method and path without ids, and by the ids of objects with limits of their own
/// (a channel, a server, a webhook with its token).
struct Route {
    rule: Rule,
    /// The bucket's name in the header. It is the same for all channels.
    bucket: String,
    key: String,
    is_interaction: bool,
}

impl Route {
    fn of(method: &str, path: &str) -> Self {
        let path = path.split('?').next().unwrap_or_default();
        let segments: Vec<&str> = path.split('/').filter(|s| !s.is_empty()).collect();
        let root = segments.first().copied().unwrap_or_default();
        let majors = match root {
            "channels" | "guilds" => 1,
            "webhooks" | "interactions" => 2,
            _ => 0,
        };
        let by_token = root == "interactions"
            || (root == "webhooks" && segments.get(2).is_some_and(|s| !s.is_empty()));
        let (mut template, mut major) = (String::new(), String::new());
        for (at, segment) in segments.iter().enumerate() {
            let is_major = (1..=majors).contains(&at);
            let is_id = segment.bytes().all(|b| b.is_ascii_digit()) || *segment == "@original";
            template.push('/');
            template.push_str(if is_major || is_id { "{}" } else { segment });
            if is_major {
                major.push('/');
                major.push_str(segment);
            }
        }
        let rule = route_rule(method, &template);
        // All calls with a webhook's token share one limit.
        let shared = root == "webhooks" && by_token;
        let bucket = if shared {
            hash("webhook")
        } else {
            hash(&(method, &template))
        };
        let bucket = format!("{bucket:016x}{:016x}", hash(&bucket));
        Self {
            rule,
            key: format!("{bucket}{major}"),
            bucket,
            is_interaction: by_token,
        }
    }
}

/// A hash that is the same in every run, so that buckets keep their names.
fn hash<T: Hash + ?Sized>(what: &T) -> u64 {
    let mut hasher = DefaultHasher::new();
    what.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests;
