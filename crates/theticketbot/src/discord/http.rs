//! One call to Discord over HTTP: sent, tried again where that is safe, and what became of it.
//!
//! twilight's client keeps the rate limits. It makes one call of a bucket at a time, and takes all
//! interactions' answers for one bucket: five hundred clicks would be acknowledged one after the
//! other. Discord does not count those answers, so a second client makes them side by side.

use std::fmt::{self, Write as _};
use std::time::Duration;

use http_body_util::{BodyExt, Empty};
use hyper::body::Bytes;
use hyper::header::{HeaderName, HeaderValue};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::{Semaphore, watch};
use tokio::time::timeout;
use twilight_http::Client;
use twilight_http::error::ErrorType;
use twilight_http::request::{Form, Method, Request, RequestBuilder};

use super::Error;
use crate::step;

/// Interactions answered at the same time. Each may need a connection, and those are few on small
/// machines.
const MAX_AT_ONCE: usize = 256;

/// How long one answer of Discord may take, and one with files in the question.
const PATIENCE: Duration = Duration::from_secs(20);

/// How long the answer to an interaction may take.
const INTERACTION_PATIENCE: Duration = Duration::from_secs(10);

/// How long a download may take.
const DOWNLOAD_PATIENCE: Duration = Duration::from_secs(30);

/// How often a call is tried again, at most.
const MAX_RETRIES: u32 = 4;

/// A call, ready to be made.
pub(super) struct Call {
    pub(super) method: Method,
    /// Below `/api/v10/`, without a slash in front.
    pub(super) path: String,
    pub(super) body: Body,
    /// For the server's audit log.
    pub(super) reason: Option<String>,
    pub(super) again: Again,
    /// A server that says 500, and not that it is overloaded, mostly says it again.
    pub(super) may_be_its_fault: bool,
}

/// When a call that failed is made again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Again {
    /// Also when it may have taken effect: doing it twice is the same as doing it once.
    WhenInDoubt,
    /// Only when it certainly had no effect.
    WhenUnsent,
}

#[derive(Clone)]
pub(super) enum Body {
    None,
    Json(Vec<u8>),
    Form(Form),
}

pub(super) struct Http {
    limited: Client,
    interactions: Client,
    at_once: Semaphore,
    downloads: legacy::Client<HttpsConnector<HttpConnector>, Empty<Bytes>>,
    /// The server that stands in for Discord, if that is not Discord itself.
    api_url: String,
    /// Becomes true when Discord no longer takes the token.
    revoked: watch::Sender<bool>,
}

impl Http {
    /// `api_url` has been checked when the config was read.
    pub(super) fn new(api_url: &str, token: &SecretString) -> Self {
        let (use_http, address) = match api_url.split_once("://") {
            Some(("http", address)) => (true, address),
            Some((_, address)) => (false, address),
            None => (false, api_url),
        };
        let builder = |patience| {
            Client::builder()
                .proxy(address.to_owned(), use_http)
                .timeout(patience)
        };
        let connector = hyper_rustls::HttpsConnectorBuilder::new()
            .with_webpki_roots()
            .https_or_http()
            .enable_http1()
            .build();
        Self {
            limited: builder(PATIENCE)
                .token(token.expose_secret().to_owned())
                .build(),
            interactions: builder(INTERACTION_PATIENCE).ratelimiter(None).build(),
            at_once: Semaphore::new(MAX_AT_ONCE),
            downloads: legacy::Client::builder(TokioExecutor::new())
                // Downloads are rare: no connection is kept for the next.
                .pool_max_idle_per_host(0)
                .build(connector),
            api_url: api_url.to_owned(),
            revoked: watch::Sender::new(false),
        }
    }

    /// Completes when Discord no longer takes the token.
    pub(super) async fn revoked(&self) {
        let mut revoked = self.revoked.subscribe();
        // The sender lives as long as `self`.
        let _ = revoked.wait_for(|revoked| *revoked).await;
    }

    /// Makes the call, as often as it takes within reason.
    pub(super) async fn send(&self, call: &Call) -> Result<Vec<u8>, Error> {
        let mut failures = 0;
        loop {
            let error = match self.attempt(call).await {
                Ok(body) => return Ok(body),
                Err(error) => error,
            };
            if error.is_unauthorized() && !call.is_interaction() {
                self.revoked.send_replace(true);
            }
            let again = match &error {
                Error::Unreachable { unsent: true, .. } => true,
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
            tracing::debug!(%error, failures, "trying again");
            tokio::time::sleep(Duration::from_millis(250) * 2_u32.pow(failures)).await;
            failures += 1;
        }
    }

    /// Downloads what is at `url`, which must be exactly as large as Discord said.
    pub(super) async fn download(&self, url: &str, size: u64) -> Result<Vec<u8>, Error> {
        let url: hyper::Uri = url.parse().map_err(|_| malformed("not a URL"))?;
        if !may_download(&url, &self.api_url) {
            return Err(malformed("the attachment is not on Discord's own server"));
        }
        timeout(DOWNLOAD_PATIENCE, self.download_all(url, size))
            .await
            .unwrap_or_else(|_| Err(lost("timed out")))
    }

    async fn download_all(&self, url: hyper::Uri, size: u64) -> Result<Vec<u8>, Error> {
        let response = self
            .downloads
            .get(url)
            .await
            .map_err(|error| unreachable(&error))?;
        if !response.status().is_success() {
            return Err(Error::refused(response.status().as_u16(), b""));
        }
        let mut body = response.into_body();
        let mut data = Vec::new();
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|error| lost(&error.to_string()))?;
            let Some(chunk) = frame.data_ref() else {
                continue;
            };
            if (data.len() + chunk.len()) as u64 > size {
                return Err(malformed("the attachment is larger than Discord said"));
            }
            data.extend_from_slice(chunk);
        }
        if data.len() as u64 == size {
            Ok(data)
        } else {
            Err(malformed("the attachment is smaller than Discord said"))
        }
    }

    async fn attempt(&self, call: &Call) -> Result<Vec<u8>, Error> {
        step::before(Route(call));
        let answer = self.answered(call).await;
        step::after(Route(call));
        answer
    }

    async fn answered(&self, call: &Call) -> Result<Vec<u8>, Error> {
        let request = call.request()?;
        let response = if call.is_interaction() {
            // The semaphore is never closed.
            let _slot = self.at_once.acquire().await;
            // Without a limiter the client asks again at once after a 429: only so long.
            timeout(
                INTERACTION_PATIENCE,
                self.interactions.request::<()>(request),
            )
            .await
            .map_err(|_| lost("timed out"))?
        } else {
            self.limited.request::<()>(request).await
        };
        let response = response.map_err(of_twilight)?;
        let body = timeout(PATIENCE, response.bytes())
            .await
            .map_err(|_| lost("timed out"))?;
        body.map_err(|error| lost(&error.to_string()))
    }
}

impl Call {
    /// Whether it answers an interaction: those carry their own token, and Discord counts them
    /// apart.
    fn is_interaction(&self) -> bool {
        self.path.starts_with("interactions/") || self.path.starts_with("webhooks/")
    }

    fn request(&self) -> Result<Request, Error> {
        let mut request = RequestBuilder::raw(self.method, self.path.clone())
            .use_authorization_token(!self.is_interaction());
        if let Some(reason) = &self.reason {
            let name = HeaderName::from_static("x-audit-log-reason");
            let value = HeaderValue::try_from(escaped(reason))
                .map_err(|_| malformed("a reason cannot be written"))?;
            request = request.headers(std::iter::once((name, value)));
        }
        let request = match self.body.clone() {
            Body::None => request,
            Body::Json(json) => request.body(json),
            Body::Form(form) => request.form(form),
        };
        request.build().map_err(of_twilight)
    }
}

/// A call without what differs from one to the next, and without its token.
struct Route<'a>(&'a Call);

impl fmt::Display for Route<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.method.name())?;
        let path = self.0.path.split('?').next().unwrap_or_default();
        for (at, segment) in path.split('/').enumerate() {
            let is_token = at == 2 && self.0.is_interaction();
            let is_id = segment.bytes().all(|byte| byte.is_ascii_digit());
            let shown = if is_token || is_id { "*" } else { segment };
            write!(f, "{}{shown}", if at == 0 { ' ' } else { '/' })?;
        }
        Ok(())
    }
}

fn of_twilight(error: twilight_http::Error) -> Error {
    let (kind, source) = error.into_parts();
    match kind {
        ErrorType::Response { body, status, .. } => Error::refused(status.get(), &body),
        ErrorType::Unauthorized => Error::refused(401, b""),
        // Something between Discord and us answered, or Discord is in bad shape.
        ErrorType::Parsing { .. } => malformed("it is no JSON"),
        ErrorType::RequestTimedOut => lost("timed out"),
        ErrorType::RequestError => match source {
            Some(source) => unreachable(&*source),
            None => lost("the connection failed"),
        },
        _ => malformed("a request cannot be written"),
    }
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

fn unreachable(error: &(dyn std::error::Error + 'static)) -> Error {
    let unsent = error
        .downcast_ref::<legacy::Error>()
        .is_some_and(legacy::Error::is_connect);
    // The outermost message is "client error"; the causes are what helps.
    let mut why = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        why = format!("{why}: {error}");
        cause = error.source();
    }
    Error::Unreachable { why, unsent }
}

/// Attachments come from Discord's own servers, or from the one server that stands in for it.
fn may_download(url: &hyper::Uri, api_url: &str) -> bool {
    const DISCORDS: [&str; 2] = ["cdn.discordapp.com", "media.discordapp.net"];
    let is_own = api_url
        .parse::<hyper::Uri>()
        .is_ok_and(|own| own.scheme() == url.scheme() && own.authority() == url.authority());
    let is_discords = url.scheme_str() == Some("https")
        && url
            .authority()
            .is_some_and(|at| DISCORDS.contains(&at.as_str()));
    is_own || is_discords
}

/// A header holds ASCII only: everything else is percent-encoded, as Discord wants it.
fn escaped(reason: &str) -> String {
    let mut escaped = String::with_capacity(reason.len());
    // Discord takes 512 characters.
    for c in reason.chars().take(512) {
        if c.is_ascii_graphic() && c != '%' || c == ' ' {
            escaped.push(c);
        } else {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                // Writing to a string cannot fail.
                let _ = write!(escaped, "%{byte:02X}");
            }
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    #[test]
    fn attachments_come_from_discord_or_its_stand_in_only() {
        let may = |api_url: &str, url: &str| may_download(&url.parse().unwrap(), api_url);
        let discord = "https://discord.com";
        assert!(may(
            discord,
            "https://cdn.discordapp.com/attachments/1/2/a.png?ex=1"
        ));
        assert!(may(
            discord,
            "https://media.discordapp.net/attachments/1/2/a.png"
        ));
        for wrong in [
            "http://cdn.discordapp.com/attachments/1/2/a.png",
            "https://cdn.discordapp.com.example/a.png",
            "https://cdn.discordapp.com:444/a.png",
            "https://user@cdn.discordapp.com/a.png",
            "http://127.0.0.1/a.png",
            "http://169.254.169.254/latest/meta-data",
            "/a.png",
        ] {
            assert!(!may(discord, wrong), "{wrong}");
        }
        let sandbox = "http://127.0.0.1:8080";
        assert!(may(sandbox, "http://127.0.0.1:8080/attachments/1/2/a.png"));
        assert!(!may(sandbox, "http://127.0.0.1:8081/attachments/1/2/a.png"));
    }

    #[test]
    fn a_route_shows_neither_ids_nor_tokens() {
        for (path, shown) in [
            ("channels/12/threads", "POST channels/*/threads"),
            (
                "channels/12/messages?after=12&limit=50",
                "POST channels/*/messages",
            ),
            (
                "interactions/12/secret/callback",
                "POST interactions/*/*/callback",
            ),
            ("webhooks/12/secret", "POST webhooks/*/*"),
        ] {
            let call = Call::new(Method::Post, path.to_owned());
            assert_eq!(Route(&call).to_string(), shown);
        }
    }

    #[test]
    fn reasons_are_ascii() {
        assert_eq!(escaped("Ticket of Mia (mia_)"), "Ticket of Mia (mia_)");
        assert_eq!(escaped("für 100%\n"), "f%C3%BCr 100%25%0A");
        assert_eq!(escaped(&"x".repeat(600)).len(), 512);
    }

    #[tokio::test]
    async fn nobody_there_means_that_nothing_was_sent() {
        super::super::install_tls();
        // The port is free, and refuses, once its listener is dropped.
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        drop(listener);
        let http = Http::new(&format!("http://{address}"), &SecretString::from("a.b.c"));
        let call = Call {
            method: Method::Get,
            path: "gateway".to_owned(),
            body: Body::None,
            reason: None,
            again: Again::WhenUnsent,
            may_be_its_fault: false,
        };
        let error = http.attempt(&call).await.unwrap_err();
        assert!(
            matches!(error, Error::Unreachable { unsent: true, .. }),
            "{error}"
        );
        assert!(!error.to_string().contains("a.b.c"));
    }

    /// A server on this machine that gives every request the same answer.
    async fn server_that_says(answer: &'static str) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut request = [0; 4096];
                let _ = stream.read(&mut request).await;
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        });
        url
    }

    /// A server on this machine that says this much and then nothing more. Completes when it has been
    /// asked.
    async fn server_that_stalls(beginning: &'static str) -> (String, impl Future<Output = ()>) {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (asked, was_asked) = tokio::sync::oneshot::channel();
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = [0; 4096];
            assert!(stream.read(&mut request).await.unwrap() > 0);
            stream.write_all(beginning.as_bytes()).await.unwrap();
            asked.send(()).unwrap();
            std::future::pending::<()>().await;
        });
        (url, async { was_asked.await.unwrap() })
    }

    #[tokio::test]
    async fn who_never_answers_is_not_waited_for_for_ever() {
        super::super::install_tls();
        let unfinished = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhe";
        for (path, beginning, patience) in [
            ("channels/1", "", PATIENCE),
            ("channels/1", unfinished, PATIENCE),
            ("interactions/1/a/callback", "", INTERACTION_PATIENCE),
            ("interactions/1/a/callback", unfinished, PATIENCE),
        ] {
            let (url, asked) = server_that_stalls(beginning).await;
            let http = Http::new(&url, &SecretString::from("a.b.c"));
            let call = Call {
                method: Method::Post,
                path: path.to_owned(),
                body: Body::None,
                reason: None,
                again: Again::WhenUnsent,
                may_be_its_fault: false,
            };
            let attempt = http.attempt(&call);
            tokio::pin!(attempt);
            tokio::select! {
                answer = &mut attempt => panic!("{path}: {answer:?}"),
                () = asked => {}
            }
            // From here on the clock goes on by itself to whatever is waited for next.
            tokio::time::pause();
            let since = tokio::time::Instant::now();
            let error = attempt.await.unwrap_err();
            assert!(error.is_ambiguous(), "{path}, {beginning:?}: {error}");
            assert!(since.elapsed() <= patience + Duration::from_secs(1));
            tokio::time::resume();
        }
    }

    #[tokio::test]
    async fn a_download_is_taken_only_if_it_is_what_discord_said() {
        super::super::install_tls();
        let five = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello";
        let endless = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n";
        let cut_off = "HTTP/1.1 200 OK\r\ncontent-length: 9\r\nconnection: close\r\n\r\nhello";
        let gone = "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n";
        let elsewhere =
            "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n";
        for (answer, size, is_taken) in [
            (five, 5, true),
            (five, 4, false),
            (five, 6, false),
            (endless, 4, false),
            (cut_off, 9, false),
            (gone, 5, false),
            (elsewhere, 5, false),
        ] {
            let url = server_that_says(answer).await;
            let http = Http::new(&url, &SecretString::from("a.b.c"));
            let picture = format!("{url}/attachments/1/2/a.png");
            let taken = http.download(&picture, size).await;
            assert_eq!(taken.is_ok(), is_taken, "{answer:?} as {size}: {taken:?}");
        }
    }
}
