//! What the bot counts, for Prometheus and its kin: off unless `[metrics]` has an address.
//!
//! [`Metrics`] is the handle with one function for each thing that is counted. Without an address
//! each of them returns at once. [`serve`] responds to scrapes in the OpenMetrics format.
//!
//! There are only counts in here: no ids, no names, no text. Labels have few values, because each
//! value costs memory here and in the host's database.

mod server;

use std::fmt;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

pub use server::{Server, serve};

type Seconds = Gauge<f64, AtomicU64>;

/// Counts what happens. Cheap to clone.
#[derive(Clone, Default)]
pub struct Metrics(Option<Arc<Counts>>);

struct Counts {
    registry: Registry,
    shards: Gauge,
    shard_connected: Family<ByShard, Gauge>,
    gateway_latency: Family<ByShard, Seconds>,
    gateway_sessions: Family<ByKind, Counter>,
    gateway_disconnects: Family<ByCode, Counter>,
    event_age: Histogram,
    calls: Family<ByCall, Counter>,
    call_duration: Histogram,
    errors: Family<ByCode, Counter>,
    rate_limited: Family<ByScope, Counter>,
    rate_limit_waits: Counter,
    rate_limit_wait: Counter<f64, AtomicU64>,
    opened: Counter,
    failed: Counter,
    closed: Family<ByReason, Counter>,
    refusals: Family<ByKind, Counter>,
    queued: Gauge,
    backlog: Family<ByKind, Gauge>,
    before_scrape: OnceLock<BeforeScrape>,
}

type BeforeScrape = Box<dyn Fn(&Metrics) + Send + Sync>;

/// How a gateway session came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Session {
    /// A new session. Discord allows 1,000 of them a day.
    Started,
    Resumed,
}

impl Session {
    const fn name(self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::Resumed => "resumed",
        }
    }
}

/// What became of a call to Discord.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    Succeeded,
    /// Discord responded with an error.
    Refused,
    /// Discord responded with 429: the call is made again, if it can wait.
    RateLimited,
    /// No response came, or one that cannot be understood.
    Failed,
}

impl Outcome {
    const fn name(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Refused => "refused",
            Self::RateLimited => "rate_limited",
            Self::Failed => "failed",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByShard {
    shard: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByCode {
    code: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByCall {
    route: String,
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByScope {
    scope: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByReason {
    reason: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByKind {
    kind: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Build {
    version: &'static str,
}

impl Metrics {
    /// A handle that counts.
    pub fn counting() -> Self {
        Self(Some(Arc::new(Counts::new())))
    }

    /// Which shards this process has.
    pub fn set_shards(&self, shards: impl Iterator<Item = u32>) {
        self.with(|counts| {
            let mut count = 0;
            for shard in shards {
                count += 1;
                let by = ByShard { shard };
                // This creates the value 0, unless the shard is connected already.
                drop(counts.shard_connected.get_or_create(&by));
            }
            counts.shards.set(count);
        });
    }

    /// A shard is connected: it has a session, and Discord sends it events.
    pub fn shard_connected(&self, shard: u32, session: Session) {
        self.with(|counts| {
            let by = ByShard { shard };
            counts.shard_connected.get_or_create(&by).set(1);
            let by = ByKind {
                kind: session.name(),
            };
            counts.gateway_sessions.get_or_create(&by).inc();
        });
    }

    /// A shard's connection ended, with this close code; 0 if there was none.
    pub fn shard_disconnected(&self, shard: u32, code: u16) {
        self.with(|counts| {
            counts
                .shard_connected
                .get_or_create(&ByShard { shard })
                .set(0);
            let by = ByCode { code: code.into() };
            counts.gateway_disconnects.get_or_create(&by).inc();
        });
    }

    /// How long Discord took to acknowledge a heartbeat.
    pub fn gateway_latency(&self, shard: u32, latency: Duration) {
        self.with(|counts| {
            let by = ByShard { shard };
            let gauge = counts.gateway_latency.get_or_create(&by);
            gauge.set(latency.as_secs_f64());
        });
    }

    /// How old an event is at the moment when the bot begins to handle it.
    pub fn event_age(&self, age: Duration) {
        self.with(|counts| counts.event_age.observe(age.as_secs_f64()));
    }

    /// A call to Discord was made once. `route` has neither ids nor tokens.
    pub fn called(&self, route: impl fmt::Display, outcome: Outcome, took: Duration) {
        self.with(|counts| {
            let route = route.to_string();
            let outcome = outcome.name();
            let by = ByCall { route, outcome };
            counts.calls.get_or_create(&by).inc();
            counts.call_duration.observe(took.as_secs_f64());
        });
    }

    /// Discord responded with an error: its own code, or the HTTP status if it gave none.
    pub fn discord_error(&self, code: u64) {
        self.with(|counts| {
            counts.errors.get_or_create(&ByCode { code }).inc();
        });
    }

    /// Discord refused a call because of a limit of this scope.
    pub fn rate_limited(&self, scope: &'static str) {
        self.with(|counts| {
            counts.rate_limited.get_or_create(&ByScope { scope }).inc();
        });
    }

    /// How long a call waited for a rate limit. Less than ten milliseconds does not count as a wait.
    pub fn rate_limit_wait(&self, wait: Duration) {
        if wait < Duration::from_millis(10) {
            return;
        }
        self.with(|counts| {
            counts.rate_limit_waits.inc();
            counts.rate_limit_wait.inc_by(wait.as_secs_f64());
        });
    }

    /// A ticket is open, and its owner has the link.
    pub fn ticket_opened(&self) {
        self.with(|counts| {
            counts.opened.inc();
        });
    }

    /// A ticket that a member was allowed to open could not be opened.
    pub fn ticket_failed(&self) {
        self.with(|counts| {
            counts.failed.inc();
        });
    }

    /// A ticket closed, for the reason of this key.
    pub fn ticket_closed(&self, reason: &'static str) {
        self.with(|counts| {
            counts.closed.get_or_create(&ByReason { reason }).inc();
        });
    }

    /// A member or admin was refused something, with the text of this key.
    pub fn refused(&self, kind: &'static str) {
        self.with(|counts| {
            counts.refusals.get_or_create(&ByKind { kind }).inc();
        });
    }

    /// Sets the number of running tasks. A queue of events and requests counts as one task.
    pub fn set_queued(&self, queued: usize) {
        self.with(|counts| {
            counts.queued.set(saturated(queued));
        });
    }

    /// Sets how much work of the backlog is in this state, such as `due` or `failed`.
    pub fn set_backlog(&self, kind: &'static str, size: usize) {
        self.with(|counts| {
            let by = ByKind { kind };
            counts.backlog.get_or_create(&by).set(saturated(size));
        });
    }

    /// Calls this before each scrape, so that it can set what changes all the time. The first one
    /// counts.
    pub fn before_scrape(&self, set: impl Fn(&Self) + Send + Sync + 'static) {
        self.with(|counts| {
            let _ = counts.before_scrape.set(Box::new(set));
        });
    }

    fn with(&self, count: impl FnOnce(&Counts)) {
        if let Some(counts) = &self.0 {
            count(counts);
        }
    }

    /// Everything that was counted, as OpenMetrics text. Empty if nothing is counted.
    fn text(&self) -> String {
        let mut text = String::new();
        self.with(|counts| {
            if let Some(set) = counts.before_scrape.get() {
                set(self);
            }
            // Writing to a string cannot fail.
            let _ = encode(&mut text, &counts.registry);
        });
        text
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Metrics").field(&self.0.is_some()).finish()
    }
}

fn saturated(size: usize) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}

impl Counts {
    fn new() -> Self {
        // Discord waits three seconds for the first response to a click.
        let event_age = Histogram::new([0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 15.0, 60.0]);
        let call_duration = Histogram::new([0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0]);
        let mut counts = Self {
            registry: Registry::default(),
            shards: Gauge::default(),
            shard_connected: Family::default(),
            gateway_latency: Family::default(),
            gateway_sessions: Family::default(),
            gateway_disconnects: Family::default(),
            event_age,
            calls: Family::default(),
            call_duration,
            errors: Family::default(),
            rate_limited: Family::default(),
            rate_limit_waits: Counter::default(),
            rate_limit_wait: Counter::default(),
            opened: Counter::default(),
            failed: Counter::default(),
            closed: Family::default(),
            refusals: Family::default(),
            queued: Gauge::default(),
            backlog: Family::default(),
            before_scrape: OnceLock::new(),
        };
        // An alert on a counter's increase misses the first occurrence if that also creates the counter.
        for code in [50_001, 50_013] {
            drop(counts.errors.get_or_create(&ByCode { code }));
        }
        for scope in ["call", "route", "global", "address"] {
            drop(counts.rate_limited.get_or_create(&ByScope { scope }));
        }
        counts.registry = counts.registered();
        counts
    }

    /// The names under which everything is shown. `_total` and units are added by the format.
    fn registered(&self) -> Registry {
        let mut all = Registry::with_prefix("theticketbot");
        let version = env!("CARGO_PKG_VERSION");
        let build = Info::new(Build { version });
        all.register("build", "The program", build);

        all.register(
            "shards",
            "Gateway connections that there should be",
            self.shards.clone(),
        );
        all.register(
            "shard_connected",
            "1 while Discord sends this shard events",
            self.shard_connected.clone(),
        );
        let latency = self.gateway_latency.clone();
        let help = "How long Discord took to acknowledge the last heartbeat";
        all.register_with_unit("gateway_latency", help, Unit::Seconds, latency);
        all.register(
            "gateway_sessions",
            "Gateway sessions started and resumed",
            self.gateway_sessions.clone(),
        );
        let help = "Gateway connections that ended, by close code; 0 without one";
        all.register(
            "gateway_disconnects",
            help,
            self.gateway_disconnects.clone(),
        );
        let help = "Age of interactions when the bot begins to handle them";
        all.register_with_unit("event_age", help, Unit::Seconds, self.event_age.clone());

        all.register("discord_calls", "Calls to Discord", self.calls.clone());
        let help = "How long calls to Discord took";
        all.register_with_unit(
            "discord_call_duration",
            help,
            Unit::Seconds,
            self.call_duration.clone(),
        );
        let help = "Errors that Discord responded with, by its code, or by HTTP status";
        all.register("discord_errors", help, self.errors.clone());
        let help = "Calls that Discord refused with status 429, by scope";
        all.register("rate_limited", help, self.rate_limited.clone());
        let help = "Calls that waited for a rate limit";
        all.register("rate_limit_waits", help, self.rate_limit_waits.clone());
        let help = "How long calls waited for rate limits";
        all.register_with_unit(
            "rate_limit_wait",
            help,
            Unit::Seconds,
            self.rate_limit_wait.clone(),
        );

        all.register("tickets_opened", "Tickets opened", self.opened.clone());
        all.register(
            "tickets_failed",
            "Tickets that could not be opened",
            self.failed.clone(),
        );
        all.register(
            "tickets_closed",
            "Tickets closed, by reason",
            self.closed.clone(),
        );
        all.register(
            "refusals",
            "Requests of members that were refused",
            self.refusals.clone(),
        );
        all.register(
            "queued",
            "Running tasks; a queue of events and requests is one task",
            self.queued.clone(),
        );
        all.register("backlog", "Work that is due, by kind", self.backlog.clone());
        all
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use expect_test::expect;

    use super::*;

    #[test]
    fn each_function_counts_one_thing() {
        let metrics = Metrics::counting();
        let second = Duration::from_secs(1);
        metrics.set_shards(0..2);
        metrics.shard_connected(0, Session::Started);
        metrics.shard_connected(1, Session::Resumed);
        metrics.shard_disconnected(1, 4000);
        metrics.gateway_latency(0, second);
        metrics.event_age(second);
        metrics.called("POST channels/*/threads", Outcome::Succeeded, second);
        metrics.discord_error(50_013);
        metrics.rate_limited("global");
        metrics.rate_limit_wait(second);
        metrics.rate_limit_wait(Duration::from_millis(9));
        metrics.ticket_opened();
        metrics.ticket_failed();
        metrics.ticket_closed("owner-left");
        metrics.refused("has-open-ticket");
        metrics.before_scrape(|metrics| metrics.set_queued(3));
        metrics.set_backlog("due", 2);
        let text = metrics.text().replace(env!("CARGO_PKG_VERSION"), "VERSION");
        // Labels come in any order.
        let samples: BTreeSet<&str> = text
            .lines()
            .filter(|line| !line.starts_with('#') && !line.contains("_bucket"))
            .collect();
        let samples: Vec<&str> = samples.into_iter().collect();
        expect![[r#"
            theticketbot_backlog{kind="due"} 2
            theticketbot_build_info{version="VERSION"} 1
            theticketbot_discord_call_duration_seconds_count 1
            theticketbot_discord_call_duration_seconds_sum 1.0
            theticketbot_discord_calls_total{route="POST channels/*/threads",outcome="succeeded"} 1
            theticketbot_discord_errors_total{code="50001"} 0
            theticketbot_discord_errors_total{code="50013"} 1
            theticketbot_event_age_seconds_count 1
            theticketbot_event_age_seconds_sum 1.0
            theticketbot_gateway_disconnects_total{code="4000"} 1
            theticketbot_gateway_latency_seconds{shard="0"} 1.0
            theticketbot_gateway_sessions_total{kind="resumed"} 1
            theticketbot_gateway_sessions_total{kind="started"} 1
            theticketbot_queued 3
            theticketbot_rate_limit_wait_seconds_total 1.0
            theticketbot_rate_limit_waits_total 1
            theticketbot_rate_limited_total{scope="address"} 0
            theticketbot_rate_limited_total{scope="call"} 0
            theticketbot_rate_limited_total{scope="global"} 1
            theticketbot_rate_limited_total{scope="route"} 0
            theticketbot_refusals_total{kind="has-open-ticket"} 1
            theticketbot_shard_connected{shard="0"} 1
            theticketbot_shard_connected{shard="1"} 0
            theticketbot_shards 2
            theticketbot_tickets_closed_total{reason="owner-left"} 1
            theticketbot_tickets_failed_total 1
            theticketbot_tickets_opened_total 1"#]]
        .assert_eq(&samples.join("\n"));
    }

    #[test]
    fn nothing_is_counted_without_an_address() {
        let metrics = Metrics::default();
        metrics.ticket_opened();
        assert_eq!(metrics.text(), "");
    }
}
