//! The limiter with a paused clock, which advances to the next timer.

use std::cell::RefCell;
use std::rc::Rc;

use futures_util::FutureExt;
use futures_util::future::join_all;
use tokio::time::{Instant, advance, sleep};

use super::*;

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);

fn bot(method: &'static str, path: &'static str) -> Route<'static> {
    Route {
        kind: Kind::Bot,
        method,
        path,
    }
}

const POST: Route<'_> = Route {
    kind: Kind::Bot,
    method: "POST",
    path: "channels/1/messages",
};

const CALLBACK: Route<'_> = Route {
    kind: Kind::Interaction,
    method: "POST",
    path: "interactions/1/a/callback",
};

fn quota(bucket: &str, limit: u32, remaining: u32, reset_after: Duration) -> Quota {
    Quota {
        bucket: bucket.into(),
        limit,
        remaining,
        reset_after,
    }
}

fn refused(scope: Scope, retry_after: Option<Duration>) -> Limited {
    Limited {
        scope,
        is_shared: false,
        retry_after,
    }
}

/// Sends a call if it may be made at once.
fn now<'a>(limiter: &'a Limiter, route: Route<'_>) -> Option<Permit<'a>> {
    let permit = limiter.acquire(route, None).now_or_never()?;
    let mut permit = permit.expect("there is no deadline");
    permit.sent();
    Some(permit)
}

fn takes(limiter: &Limiter, route: Route<'_>) -> bool {
    // The permit is dropped without being sent, so it counts as unused.
    limiter.acquire(route, None).now_or_never().is_some()
}

/// A response without rate limits.
fn fine(permit: Permit<'_>) {
    permit.answered(&Response {
        status: 200,
        quota: None,
        has_limits: false,
        limited: None,
    });
}

fn fine_with(permit: Permit<'_>, quota: &Quota) {
    permit.answered(&Response {
        status: 200,
        quota: Some(quota),
        has_limits: true,
        limited: None,
    });
}

fn refuse(permit: Permit<'_>, limited: &Limited, quota: Option<&Quota>) -> Option<Duration> {
    permit.answered(&Response {
        status: 429,
        quota,
        has_limits: quota.is_some(),
        limited: Some(limited),
    })
}

/// Waits for the permit, and returns how long that took.
async fn waited(limiter: &Limiter, route: Route<'_>) -> Duration {
    let began = Instant::now();
    let permit = limiter.acquire(route, None).await;
    permit.expect("there is no deadline").sent();
    began.elapsed()
}

/// Equal within the precision of a timer.
fn is_about(duration: Duration, expected: Duration) -> bool {
    duration >= expected && duration < expected + Duration::from_millis(5)
}

/// Discord's side: a window begins with its first call.
#[derive(Default)]
struct Server {
    ends: Option<Instant>,
    used: u32,
}

impl Server {
    const LIMIT: u32 = 5;
    const WINDOW: Duration = Duration::from_secs(5);

    fn call(&mut self) -> Quota {
        let now = Instant::now();
        if self.ends.is_none_or(|ends| ends <= now) {
            *self = Self {
                ends: Some(now + Self::WINDOW),
                used: 0,
            };
        }
        self.used += 1;
        assert!(self.used <= Self::LIMIT, "the limit is exceeded");
        let ends = self.ends.unwrap_or(now);
        quota("b", Self::LIMIT, Self::LIMIT - self.used, ends - now)
    }
}

#[tokio::test(start_paused = true)]
async fn calls_side_by_side_never_exceed_a_bucket_and_use_it_up() {
    let limiter = Limiter::new();
    let server = Rc::new(RefCell::new(Server::default()));
    let began = Instant::now();
    let calls = (0..40_u64).map(|n| {
        let (limiter, server) = (&limiter, Rc::clone(&server));
        async move {
            let mut permit = limiter.acquire(POST, None).await.expect("no deadline");
            permit.sent();
            // A request and its response take different times.
            sleep(Duration::from_millis(10 + n * 37 % 80)).await;
            let quota = server.borrow_mut().call();
            sleep(Duration::from_millis(10 + n * 53 % 90)).await;
            fine_with(permit, &quota);
        }
    });
    join_all(calls).await;
    // Eight windows: the last one begins after seven.
    let windows = began.elapsed().as_secs_f64() / Server::WINDOW.as_secs_f64();
    assert!((7.0..8.2).contains(&windows), "{windows}");
}

#[tokio::test(start_paused = true)]
async fn until_a_limit_is_known_one_call_is_made_at_a_time() {
    let limiter = Limiter::new();
    let first = now(&limiter, POST).unwrap();
    assert!(!takes(&limiter, POST));
    assert!(
        takes(&limiter, bot("POST", "channels/2/messages")),
        "another channel"
    );
    assert!(
        takes(&limiter, bot("GET", "channels/1/messages")),
        "another route"
    );
    drop(first);
    let first = now(&limiter, POST).expect("the first got no response");
    fine_with(first, &quota("b", 5, 4, SECOND));
    let more: Vec<_> = (0..4).map(|_| now(&limiter, POST).unwrap()).collect();
    assert!(!takes(&limiter, POST));
    // The limits in one channel's response apply to all channels.
    let other = bot("POST", "channels/2/messages");
    let others: Vec<_> = (0..5).map(|_| now(&limiter, other).unwrap()).collect();
    assert!(!takes(&limiter, other));
    drop((more, others));
    // Discord may have counted the calls without a response.
    assert!(!takes(&limiter, POST));
    assert!(is_about(waited(&limiter, POST).await, SECOND));
}

#[cfg(feature = "postgres")]
#[tokio::test(start_paused = true)]
async fn a_process_makes_its_part_of_the_calls_by_its_shards() {
    for (shards, total, most) in [(16, 16, 50), (5, 16, 15), (0, 16, 1), (1, 100, 1)] {
        // Prevents tokio's cooperative budget from ending in the middle of the loop.
        tokio::task::yield_now().await;
        let limiter = Limiter::new();
        limiter.take_share(shards, total);
        fine(now(&limiter, POST).unwrap());
        let more: Vec<_> = (0..60).map_while(|_| now(&limiter, POST)).collect();
        assert_eq!(more.len() + 1, most, "{shards} of {total}");
    }
}

#[tokio::test(start_paused = true)]
async fn without_headers_nothing_is_limited_but_fifty_a_second() {
    let limiter = Limiter::new();
    fine(now(&limiter, POST).unwrap());
    let calls: Vec<_> = (0..49).map(|_| now(&limiter, POST).unwrap()).collect();
    assert!(!takes(&limiter, POST));
    assert!(takes(&limiter, CALLBACK), "responses are not among them");
    for call in calls {
        fine(call);
    }
    assert!(is_about(waited(&limiter, POST).await, SECOND));
}

#[tokio::test(start_paused = true)]
async fn routes_of_one_bucket_share_it() {
    let limiter = Limiter::new();
    let say = Route {
        kind: Kind::Interaction,
        method: "POST",
        path: "webhooks/1/a",
    };
    let edit = Route {
        method: "PATCH",
        path: "webhooks/1/a/messages/@original",
        ..say
    };
    fine_with(now(&limiter, say).unwrap(), &quota("w", 5, 4, MINUTE));
    fine_with(now(&limiter, edit).unwrap(), &quota("w", 5, 3, MINUTE));
    for n in 0..3 {
        assert!(now(&limiter, if n % 2 == 0 { say } else { edit }).is_some());
    }
    assert!(!takes(&limiter, say) && !takes(&limiter, edit));
    let other = Route {
        path: "webhooks/1/b",
        ..say
    };
    assert!(takes(&limiter, other), "another token");
}

#[tokio::test(start_paused = true)]
async fn a_refusal_of_the_bucket_stops_its_calls_only() {
    let limiter = Limiter::new();
    fine(now(&limiter, POST).unwrap());
    let news = refuse(
        now(&limiter, POST).unwrap(),
        &refused(Scope::Bucket, Some(MINUTE)),
        Some(&quota("b", 5, 0, MINUTE)),
    );
    assert_eq!(news, Some(MINUTE));
    assert!(!takes(&limiter, POST));
    assert!(takes(&limiter, bot("PATCH", "channels/1")));
    assert!(is_about(waited(&limiter, POST).await, MINUTE));
}

#[tokio::test(start_paused = true)]
async fn a_hidden_limit_stops_nothing_else() {
    let limiter = Limiter::new();
    let rename = bot("PATCH", "channels/1");
    fine_with(now(&limiter, rename).unwrap(), &quota("c", 5, 4, SECOND));
    let hidden = refused(Scope::Call, Some(10 * MINUTE));
    refuse(
        now(&limiter, rename).unwrap(),
        &hidden,
        Some(&quota("c", 5, 3, SECOND)),
    );
    assert!(takes(&limiter, rename));
}

#[tokio::test(start_paused = true)]
async fn the_global_limit_stops_the_token_and_interactions_go_on() {
    let limiter = Limiter::new();
    for route in [POST, CALLBACK] {
        fine(now(&limiter, route).unwrap());
    }
    refuse(
        now(&limiter, POST).unwrap(),
        &refused(Scope::Global, Some(MINUTE)),
        None,
    );
    assert!(!takes(&limiter, bot("GET", "users/@me")));
    assert!(takes(&limiter, CALLBACK));
    let own = refused(Scope::Global, Some(2 * MINUTE));
    refuse(now(&limiter, CALLBACK).unwrap(), &own, None);
    assert!(!takes(&limiter, CALLBACK));
    assert!(is_about(waited(&limiter, POST).await, MINUTE));
    assert!(is_about(waited(&limiter, CALLBACK).await, MINUTE));
}

#[tokio::test(start_paused = true)]
async fn a_block_of_the_address_stops_everything_and_longer_each_time() {
    let limiter = Limiter::new();
    for route in [POST, CALLBACK] {
        fine(now(&limiter, route).unwrap());
    }
    let blocked = refused(Scope::Address, None);
    // Calls in flight together are refused together, which counts as one refusal.
    let calls: Vec<_> = (0..10).map(|_| now(&limiter, CALLBACK).unwrap()).collect();
    for call in calls {
        refuse(call, &blocked, None);
    }
    for seconds in [10, 20, 40, 80, 160, 320, 600, 600] {
        assert!(!takes(&limiter, POST) && !takes(&limiter, CALLBACK));
        let began = Instant::now();
        let mut first = limiter.acquire(POST, None).await.expect("no deadline");
        first.sent();
        let waited = began.elapsed();
        assert!(is_about(waited, seconds * SECOND), "{waited:?} {seconds}");
        assert!(!takes(&limiter, CALLBACK), "one goes first");
        refuse(first, &blocked, None);
    }
    // A limit with an impossible time is ignored.
    let mut first = limiter.acquire(CALLBACK, None).await.expect("no deadline");
    first.sent();
    refuse(first, &refused(Scope::Address, Some(Duration::ZERO)), None);
    let began = Instant::now();
    drop(limiter.acquire(CALLBACK, None).await);
    assert!(is_about(began.elapsed(), 600 * SECOND));
    // A limit that names its time is obeyed.
    let first = limiter.acquire(CALLBACK, None).await.expect("no deadline");
    refuse(first, &refused(Scope::Address, Some(90 * SECOND)), None);
    let began = Instant::now();
    let first = limiter.acquire(CALLBACK, None).await.expect("no deadline");
    assert!(is_about(began.elapsed(), 90 * SECOND));
    fine(first);
    assert!(takes(&limiter, POST) && takes(&limiter, CALLBACK));
}

#[tokio::test(start_paused = true)]
async fn the_call_that_goes_first_may_get_no_response() {
    let limiter = Limiter::new();
    fine(now(&limiter, POST).unwrap());
    refuse(
        now(&limiter, POST).unwrap(),
        &refused(Scope::Global, Some(SECOND)),
        None,
    );
    advance(SECOND).await;
    let first = now(&limiter, POST).unwrap();
    let second = limiter.acquire(POST, None);
    tokio::pin!(second);
    assert!((&mut second).now_or_never().is_none());
    drop(first);
    let second = second.now_or_never().expect("it goes first now");
    fine(second.expect("no deadline"));
    assert!(takes(&limiter, POST));
}

#[tokio::test(start_paused = true)]
async fn who_cannot_be_served_in_time_is_told_at_once() {
    let limiter = Limiter::new();
    fine(now(&limiter, CALLBACK).unwrap());
    refuse(
        now(&limiter, CALLBACK).unwrap(),
        &refused(Scope::Bucket, Some(MINUTE)),
        None,
    );
    let deadline = Some(Instant::now() + 10 * SECOND);
    let told = limiter.acquire(CALLBACK, deadline).now_or_never();
    assert_eq!(told.expect("at once").err(), Some(MINUTE));
    refuse(
        now(&limiter, POST).unwrap(),
        &refused(Scope::Address, Some(2 * MINUTE)),
        None,
    );
    let other = Route {
        path: "interactions/2/b/callback",
        ..CALLBACK
    };
    let told = limiter.acquire(other, deadline).now_or_never();
    assert_eq!(told.expect("at once").err(), Some(2 * MINUTE));
}

#[tokio::test(start_paused = true)]
async fn those_who_wait_are_served_in_order() {
    let limiter = Limiter::new();
    let held = now(&limiter, POST).unwrap();
    let order = RefCell::new(Vec::new());
    let calls = (0..20).map(|n| {
        let (limiter, order) = (&limiter, &order);
        async move {
            let permit = limiter.acquire(POST, None).await.expect("no deadline");
            order.borrow_mut().push(n);
            fine_with(permit, &quota("b", 5, 4, SECOND));
        }
    });
    let answer = async { fine_with(held, &quota("b", 5, 4, SECOND)) };
    tokio::join!(join_all(calls), answer);
    assert!(order.borrow().is_sorted(), "{order:?}");
}

#[tokio::test(start_paused = true)]
async fn invalid_responses_slow_the_bot_down_long_before_it_is_banned() {
    let limiter = Limiter::new();
    let began = Instant::now();
    let mut invalid = Vec::new();
    // For an hour, every call is refused, and the bot makes as many as the limiter allows.
    while began.elapsed() < 60 * MINUTE {
        let mut permit = limiter.acquire(CALLBACK, None).await.expect("no deadline");
        permit.sent();
        permit.answered(&Response {
            status: [401, 403, 429][invalid.len() % 3],
            quota: None,
            has_limits: false,
            limited: None,
        });
        invalid.push(Instant::now());
        let within = invalid.iter().rev();
        let within = within.take_while(|at| at.elapsed() <= 10 * MINUTE).count();
        assert!(within < 6000, "{within}");
        sleep(Duration::from_millis(5)).await;
    }
    // Shared limits and other errors do not count as invalid.
    let limiter = Limiter::new();
    for n in 0..3000 {
        let permit = limiter.acquire(CALLBACK, None).await.expect("no deadline");
        let shared = Limited {
            scope: Scope::Call,
            is_shared: true,
            retry_after: None,
        };
        permit.answered(&Response {
            status: [404, 429][n % 2],
            quota: None,
            has_limits: true,
            limited: (n % 2 == 1).then_some(&shared),
        });
    }
    assert!(takes(&limiter, CALLBACK));
}

#[tokio::test(start_paused = true)]
async fn a_limit_is_news_once() {
    let limiter = Limiter::new();
    fine(now(&limiter, CALLBACK).unwrap());
    let refusal = refused(Scope::Bucket, Some(MINUTE));
    let calls: Vec<_> = (0..10).map(|_| now(&limiter, CALLBACK).unwrap()).collect();
    let news = calls.into_iter().map(|call| refuse(call, &refusal, None));
    assert_eq!(news.flatten().count(), 1);
    advance(3 * MINUTE).await;
    assert!(refuse(now(&limiter, CALLBACK).unwrap(), &refusal, None).is_some());
}

#[tokio::test(start_paused = true)]
async fn the_buckets_of_threads_that_are_over_are_forgotten() {
    let limiter = Limiter::new();
    let mut most = 0;
    for id in 0..20_000 {
        for (method, path, limit, window) in [
            ("POST", format!("channels/{id}/messages"), 5, 5),
            ("PATCH", format!("channels/{id}"), 5, 5),
            ("POST", "channels/1/threads".to_owned(), 50, 300),
        ] {
            let route = Route {
                kind: Kind::Bot,
                method,
                path: &path,
            };
            let mut permit = limiter.acquire(route, None).await.expect("no deadline");
            permit.sent();
            let quota = quota(method, limit, limit - 1, window * SECOND);
            fine_with(permit, &quota);
        }
        most = most.max(limiter.state().buckets.len());
    }
    // The buckets of the last few seconds, at 50 calls a second.
    assert!(most < 1000, "{most}");
    advance(6 * MINUTE).await;
    drop(now(&limiter, CALLBACK));
    assert_eq!(limiter.state().buckets.len(), 1);
    assert!(limiter.state().routes.len() <= 4);
}

#[test]
fn what_has_limits_of_its_own() {
    for (path, expected, shown) in [
        (
            "channels/1/messages/2",
            "channels/1",
            "channels/*/messages/*",
        ),
        ("channels/1", "channels/1", "channels/*"),
        ("guilds/1/members/2", "guilds/1", "guilds/*/members/*"),
        (
            "webhooks/1/a/messages/@original",
            "webhooks/1/a",
            "webhooks/*/*/messages/@original",
        ),
        (
            "interactions/1/a/callback",
            "interactions/1/a",
            "interactions/*/*/callback",
        ),
        ("applications/5/commands", "", "applications/*/commands"),
        ("gateway/bot", "", "gateway/bot"),
    ] {
        assert_eq!(major(path), expected);
        assert_eq!(template(path).collect::<Vec<_>>().join("/"), shown);
    }
}
