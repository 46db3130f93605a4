//! Sends one call to Discord over HTTP when rate limits allow it, retries it where that is safe, and returns
//! the result.

mod answer;
mod call;
mod clock;
mod download;
mod form;
mod limiter;
#[cfg(test)]
mod tests;

use std::time::Duration;

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use secrecy::SecretString;
use tokio::sync::{Semaphore, watch};
use tokio::time::{Instant, sleep, timeout};

pub(super) use self::call::{Again, Body, Call};
pub(super) use self::form::Form;

use self::answer::{Limited, Scope};
use self::call::Route;
use self::clock::Clock;
use self::download::Downloads;
use self::limiter::{Kind, Limiter, Response};
use super::Error;
use crate::failpoint;
use crate::metrics::{Metrics, Outcome};

/// How many calls for interactions run concurrently. Each may need its own connection, and small machines
/// allow few.
const MAX_AT_ONCE: usize = 256;

/// The timeout of a call with the bot token, with or without files, and of reading a response's body.
const TIMEOUT: Duration = Duration::from_secs(20);

/// The timeout of a call with an interaction's token.
const INTERACTION_TIMEOUT: Duration = Duration::from_secs(10);

/// How long an idle connection stays open for the next call.
const MAX_IDLE: Duration = Duration::from_secs(30);

/// How many idle connections stay open. Discord needs one, because it speaks HTTP/2; each HTTP/1 connection
/// holds 16 kB.
const MAX_IDLE_CONNECTIONS: usize = 16;

/// When an HTTP/2 connection counts as dead: a call has had no data for this long, and then a ping has had no
/// response for [`PING_TIMEOUT`]. All calls share one connection, so without pings a network that silently drops
/// packets would stop every call until the system gives up the connection, which takes some 15 minutes.
const PING_AFTER: Duration = Duration::from_secs(5);
const PING_TIMEOUT: Duration = Duration::from_secs(10);

/// The most retries of a failed call.
const MAX_RETRIES: u32 = 4;

/// The most retries of a rate-limited call. The bot waits as long as Discord asks before each retry, and at
/// least [`LEAST_WAIT`], which doubles every time.
const MAX_REFUSALS: u32 = 8;
const LEAST_WAIT: Duration = Duration::from_millis(50);

/// How long a call waits for a rate limit that concerns only this call. Other calls for the same ticket wait
/// behind it, and for renames the limit can last ten minutes.
const MAX_OWN_WAIT: Duration = Duration::from_secs(10);

/// How long after a 401 the bot asks Discord again whether it accepts the token.
const CONFIRM_AFTER: Duration = Duration::from_secs(1);

/// The size of an HTTP/1 connection's read buffer, in bytes. Most responses fit.
const READ_BUFFER: usize = 4096;

pub(super) struct Http {
    pub(super) metrics: Metrics,
    client: legacy::Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    downloads: Downloads,
    limiter: Limiter,
    at_once: Semaphore,
    api_url: String,
    token: SecretString,
    pub(super) clock: Clock,
    /// Becomes true when Discord no longer accepts the token.
    revoked: watch::Sender<bool>,
    /// Held while the bot asks Discord whether it accepts the token.
    confirming: tokio::sync::Mutex<()>,
    /// Until when this process may act, if it is in a cluster.
    #[cfg(feature = "postgres")]
    fence: std::sync::OnceLock<crate::fence::Fence>,
    /// Whether the last call got no response.
    #[cfg(feature = "postgres")]
    is_silent: std::sync::atomic::AtomicBool,
}

/// The outcome of one attempt.
enum Tried {
    Done(Vec<u8>),
    Limited(Limited),
    Failed(Error),
}

impl Http {
    /// The config has already validated `api_url`.
    pub(super) fn new(api_url: &str, token: &SecretString, metrics: Metrics) -> Self {
        Self {
            metrics,
            client: client().build(connector()),
            downloads: Downloads::new(api_url),
            limiter: Limiter::new(),
            at_once: Semaphore::new(MAX_AT_ONCE),
            api_url: api_url.to_owned(),
            token: token.clone(),
            clock: Clock::default(),
            revoked: watch::Sender::new(false),
            confirming: tokio::sync::Mutex::default(),
            #[cfg(feature = "postgres")]
            fence: std::sync::OnceLock::new(),
            #[cfg(feature = "postgres")]
            is_silent: std::sync::atomic::AtomicBool::new(false),
        }
    }

    #[cfg(feature = "postgres")]
    pub(super) fn is_silent(&self) -> bool {
        self.is_silent.load(std::sync::atomic::Ordering::Relaxed)
    }

    /// Asks the gateway for a WebSocket connection, without using it. It is reachable if it responds.
    #[cfg(feature = "postgres")]
    pub(super) async fn has_gateway(url: &str) -> bool {
        // A WebSocket connection begins as an HTTP request, so `ws` becomes `http` and `wss` becomes `https`.
        let url = url.replacen("ws", "http", 1);
        let request =
            hyper::Request::get(url.trim_end_matches('/').to_owned() + "/?v=10&encoding=json")
                .header("Connection", "Upgrade")
                .header("Upgrade", "websocket")
                .header("Sec-WebSocket-Version", "13")
                .header("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
                .body(Full::<Bytes>::default());
        let Ok(request) = request else {
            return false;
        };
        // An open connection does not show whether a new one is possible, so nothing is pooled.
        let client = legacy::Client::builder(TokioExecutor::new())
            .pool_max_idle_per_host(0)
            .build(connector());
        let response = client.request(request).await;
        response.is_ok_and(|response| !response.status().is_server_error())
    }

    #[cfg(feature = "postgres")]
    pub(super) fn obey(&self, fence: crate::fence::Fence) {
        // A process sets its fence once.
        let _ = self.fence.set(fence);
    }

    #[cfg(feature = "postgres")]
    pub(super) fn take_share(&self, shards: u32, total: u32) {
        self.limiter.take_share(shards, total);
    }

    /// Whether this process may act.
    fn may_act(&self) -> bool {
        #[cfg(feature = "postgres")]
        if self.fence.get().is_some_and(crate::fence::Fence::is_over) {
            return false;
        }
        let _ = self;
        true
    }

    /// Completes when Discord no longer accepts the token.
    pub(super) async fn revoked(&self) {
        let mut revoked = self.revoked.subscribe();
        // The sender lives as long as `self`.
        let _ = revoked.wait_for(|revoked| *revoked).await;
    }

    pub(super) async fn download(&self, url: &str, size: u64) -> Result<Vec<u8>, Error> {
        self.downloads.download(url, size).await
    }

    pub(super) async fn download_up_to(&self, url: &str, size: u64) -> Result<Vec<u8>, Error> {
        self.downloads.download_up_to(url, size).await
    }

    pub(super) fn is_attachment(&self, url: &str) -> bool {
        self.downloads.is_attachment(url)
    }

    /// Makes the call, and retries it if possible.
    pub(super) async fn send(&self, call: &Call) -> Result<Vec<u8>, Error> {
        let deadline = call
            .max_wait
            .and_then(|wait| Instant::now().checked_add(wait));
        let (mut failures, mut refusals) = (0, 0);
        loop {
            let error = match self.attempt(call, deadline).await {
                Tried::Done(body) => return Ok(body),
                // An earlier attempt took effect, but its response was lost.
                Tried::Failed(error) if failures > 0 && error.is_acknowledged() => {
                    return Ok(Vec::new());
                }
                Tried::Failed(error) => error,
                Tried::Limited(limited) => {
                    refusals += 1;
                    let refused = Instant::now();
                    let waited = wait_after(&limited, refusals, deadline).await;
                    self.metrics.rate_limit_wait(refused.elapsed());
                    waited?;
                    continue;
                }
            };
            let is_unauthorized = error.is_unauthorized() && call.kind() == Kind::Bot;
            if is_unauthorized && self.is_token_refused().await {
                return Err(error);
            }
            let again = match &error {
                _ if is_unauthorized => true,
                // If the leases have ended, another process may have the shard, so the call must not be
                // retried.
                Error::Unreachable { unsent: true, .. } => self.may_act(),
                error => call.again == Again::WhenInDoubt && error.is_ambiguous(),
            };
            let retries = if call.may_be_its_fault && error.is_internal() {
                1
            } else {
                MAX_RETRIES
            };
            if !again || failures >= retries {
                return Err(error);
            }
            tracing::debug!(%error, failures, "retrying");
            sleep(Duration::from_millis(250) * 2_u32.pow(failures)).await;
            failures += 1;
        }
    }

    /// Asks Discord again whether it accepts the token: without one, the bot ends, and only the host can start it
    /// again. A single 401 can be a fault of Discord or of a proxy.
    async fn is_token_refused(&self) -> bool {
        let _one_at_a_time = self.confirming.lock().await;
        sleep(CONFIRM_AFTER).await;
        let me = Call::new(hyper::Method::GET, "users/@me".to_owned());
        let tried = self.attempt(&me, None).await;
        let is_refused = matches!(tried, Tried::Failed(error) if error.is_unauthorized());
        if is_refused {
            self.revoked.send_replace(true);
        }
        is_refused
    }

    /// Makes the call once, when the limits allow it.
    async fn attempt(&self, call: &Call, deadline: Option<Instant>) -> Tried {
        let request = match call.request(&self.api_url, &self.token) {
            Ok(request) => request,
            Err(error) => return Tried::Failed(error),
        };
        let asked = Instant::now();
        let acquired = self.limiter.acquire(call.limited_as(), deadline).await;
        self.metrics.rate_limit_wait(asked.elapsed());
        let mut permit = match acquired {
            Ok(permit) => permit,
            Err(retry_after) => return Tried::Failed(Error::RateLimited { retry_after }),
        };
        // The semaphore is never closed.
        let _slot = match call.kind() {
            Kind::Interaction => self.at_once.acquire().await.ok(),
            Kind::Bot => None,
        };
        if call.kind() == Kind::Bot && *self.revoked.borrow() {
            // Discord counts every call with a revoked token as invalid.
            return Tried::Failed(Error::refused(401, b""));
        }
        if !self.may_act() {
            return Tried::Failed(Error::Unreachable {
                why: "this process could not renew its leases".to_owned(),
                unsent: true,
            });
        }
        permit.sent();
        failpoint::before(Route(call));
        let began = Instant::now();
        let tried = self.exchange(call, request, permit).await;
        failpoint::after(Route(call));
        self.count(call, &tried, began.elapsed());
        tried
    }

    fn count(&self, call: &Call, tried: &Tried, took: Duration) {
        let outcome = match tried {
            Tried::Done(_) => Outcome::Succeeded,
            Tried::Limited(_) => Outcome::RateLimited,
            Tried::Failed(Error::Refused { .. }) => Outcome::Refused,
            Tried::Failed(_) => Outcome::Failed,
        };
        self.metrics.called(Route(call), outcome, took);
        #[cfg(feature = "postgres")]
        {
            let is_silent = matches!(tried, Tried::Failed(Error::Unreachable { .. }));
            self.is_silent
                .store(is_silent, std::sync::atomic::Ordering::Relaxed);
        }
        match tried {
            Tried::Limited(limited) => self.metrics.rate_limited(limited.scope.name()),
            Tried::Failed(Error::Refused {
                code: 0, status, ..
            }) => {
                self.metrics.discord_error((*status).into());
            }
            Tried::Failed(Error::Refused { code, .. }) => self.metrics.discord_error(*code),
            Tried::Done(_) | Tried::Failed(_) => {}
        }
    }

    async fn exchange(
        &self,
        call: &Call,
        request: hyper::Request<Full<Bytes>>,
        permit: limiter::Permit<'_>,
    ) -> Tried {
        let time_limit = match call.kind() {
            Kind::Bot => TIMEOUT,
            Kind::Interaction => INTERACTION_TIMEOUT,
        };
        let response = match timeout(time_limit, self.client.request(request)).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => return Tried::Failed(unreachable(&error)),
            Err(_) => return Tried::Failed(lost("timed out")),
        };
        let (head, body) = response.into_parts();
        let status = head.status.as_u16();
        self.clock.note(&head.headers);
        // The headers normally contain the rate limits, so they apply before the body has arrived. A 429 may
        // state its limit only in the body, so its body is read first.
        let (limited, body) = if status == 429 {
            let body = read(body).await.unwrap_or_default();
            (Some(answer::limited(&head.headers, &body)), Ok(body))
        } else {
            (None, Err(body))
        };
        let news = permit.answered(&Response {
            status,
            quota: answer::quota(&head.headers).as_ref(),
            has_limits: answer::has_limits(&head.headers),
            limited: limited.as_ref(),
        });
        if let Some(limited) = limited {
            let scope = limited.scope.name();
            let route = Route(call);
            if let Some(wait) = news {
                let retry_after = wait.as_secs_f64();
                tracing::warn!(scope, retry_after, %route, "rate limited by Discord");
            } else {
                tracing::debug!(scope, %route, "rate limited by Discord");
            }
            return Tried::Limited(limited);
        }
        let body = match body {
            Ok(body) => Ok(body),
            Err(body) => read(body).await,
        };
        match body {
            Err(error) => Tried::Failed(error),
            Ok(body) if head.status.is_success() => Tried::Done(body),
            Ok(body) => Tried::Failed(Error::of_response(status, &body)),
        }
    }
}

/// Waits before a rate-limited call is retried. The limiter itself waits for limits that also concern other
/// calls.
async fn wait_after(
    limited: &Limited,
    refusals: u32,
    deadline: Option<Instant>,
) -> Result<(), Error> {
    let told = limited.retry_after.unwrap_or(Duration::from_secs(1));
    let least = LEAST_WAIT * 2_u32.pow(refusals);
    let wait = match limited.scope {
        Scope::Call => told.max(least),
        Scope::Bucket | Scope::Global | Scope::Address => least,
    };
    let is_late = deadline.is_some_and(|deadline| Instant::now() + wait > deadline);
    if is_late || refusals > MAX_REFUSALS || limited.scope == Scope::Call && wait > MAX_OWN_WAIT {
        return Err(Error::RateLimited { retry_after: told });
    }
    sleep(wait).await;
    Ok(())
}

async fn read(body: hyper::body::Incoming) -> Result<Vec<u8>, Error> {
    let body = timeout(TIMEOUT, body.collect())
        .await
        .map_err(|_| lost("timed out"))?;
    let body = body.map_err(|error| lost(&error.to_string()))?;
    Ok(body.to_bytes().into())
}

fn client() -> legacy::Builder {
    let mut client = legacy::Client::builder(TokioExecutor::new());
    client
        // Without the timers, idle connections would stay open, and no pings would be sent.
        .pool_timer(TokioTimer::new())
        .timer(TokioTimer::new())
        .pool_idle_timeout(MAX_IDLE)
        .pool_max_idle_per_host(MAX_IDLE_CONNECTIONS)
        .http1_read_buf_exact_size(READ_BUFFER)
        .http2_keep_alive_interval(PING_AFTER)
        .http2_keep_alive_timeout(PING_TIMEOUT);
    client
}

fn connector() -> HttpsConnector<HttpConnector> {
    hyper_rustls::HttpsConnectorBuilder::new()
        .with_webpki_roots()
        .https_or_http()
        .enable_all_versions()
        .build()
}

fn malformed(why: &str) -> Error {
    Error::Malformed(why.to_owned())
}

fn lost(why: &str) -> Error {
    Error::Unreachable {
        why: why.to_owned(),
        unsent: false,
    }
}

fn unreachable(error: &legacy::Error) -> Error {
    let unsent = error.is_connect();
    // The outermost error is only "client error", so its causes are added.
    let mut why = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        why = format!("{why}: {error}");
        cause = error.source();
    }
    Error::Unreachable { why, unsent }
}
