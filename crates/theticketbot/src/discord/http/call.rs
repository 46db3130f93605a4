//! A call to Discord's API, and its HTTP request.

use std::fmt::{self, Write as _};
use std::time::Duration;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HeaderValue, USER_AGENT};
use hyper::{Method, Request};
use secrecy::{ExposeSecret, SecretString};

use super::form::Form;
use super::limiter::{self, Kind};
use super::malformed;
use crate::discord::Error;

/// Source: Discord's documentation, "User Agent". Cloudflare may block a bot with another format.
const AGENT: &str = concat!(
    "DiscordBot (https://crates.io/crates/theticketbot, ",
    env!("CARGO_PKG_VERSION"),
    ")"
);

/// How long a call waits for rate limits, at most. The bot can respond to a member for 15 minutes.
const MAX_WAIT: Duration = Duration::from_secs(600);

/// The same for the first response to an interaction, which Discord accepts for three seconds only.
const CALLBACK_WAIT: Duration = Duration::from_secs(10);

/// A call, ready to be made.
pub(in crate::discord) struct Call {
    pub(in crate::discord) method: Method,
    /// The path below `/api/v10/`, without a leading slash.
    pub(in crate::discord) path: String,
    pub(in crate::discord) body: Body,
    /// For the server's audit log.
    pub(in crate::discord) reason: Option<String>,
    pub(in crate::discord) again: Again,
    /// Whether the call itself is the probable cause of a 500, so that a retry would fail again.
    pub(in crate::discord) may_be_its_fault: bool,
    /// How long the call waits for rate limits; `None` is without a limit.
    pub(in crate::discord) max_wait: Option<Duration>,
}

/// When a failed call is retried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::discord) enum Again {
    /// Even if the call may have taken effect, because it is idempotent.
    WhenInDoubt,
    /// Only if the call certainly had no effect, because it is not idempotent.
    WhenUnsent,
}

#[derive(Clone)]
pub(in crate::discord) enum Body {
    None,
    Json(Vec<u8>),
    Form(Form),
}

impl Call {
    pub(in crate::discord) fn new(method: Method, path: String) -> Self {
        let max_wait = if path.starts_with("interactions/") {
            CALLBACK_WAIT
        } else {
            MAX_WAIT
        };
        Self {
            method,
            path,
            body: Body::None,
            reason: None,
            again: Again::WhenInDoubt,
            may_be_its_fault: false,
            max_wait: Some(max_wait),
        }
    }

    /// Calls for interactions carry the interaction's own token, and Discord counts them separately.
    pub(super) fn kind(&self) -> Kind {
        if self.path.starts_with("interactions/") || self.path.starts_with("webhooks/") {
            Kind::Interaction
        } else {
            Kind::Bot
        }
    }

    /// The call as the limiter sees it.
    pub(super) fn limited_as(&self) -> limiter::Route<'_> {
        limiter::Route {
            kind: self.kind(),
            method: self.method.as_str(),
            path: self.path.split('?').next().unwrap_or_default(),
        }
    }

    pub(super) fn request(
        &self,
        api_url: &str,
        token: &SecretString,
    ) -> Result<Request<Full<Bytes>>, Error> {
        let unwritable = |_| malformed("a request cannot be written");
        let mut request = Request::builder()
            .method(&self.method)
            .uri(format!("{api_url}/api/v10/{}", self.path))
            .header(USER_AGENT, AGENT);
        if self.kind() == Kind::Bot {
            let authorization = format!("Bot {}", token.expose_secret());
            let mut authorization =
                HeaderValue::try_from(authorization).map_err(|_| malformed("the token is odd"))?;
            authorization.set_sensitive(true);
            request = request.header(AUTHORIZATION, authorization);
        }
        if let Some(reason) = &self.reason {
            request = request.header("x-audit-log-reason", escaped(reason));
        }
        let body = match &self.body {
            Body::None => Vec::new(),
            Body::Json(json) => {
                request = request.header(CONTENT_TYPE, "application/json");
                json.clone()
            }
            Body::Form(form) => {
                request = request.header(CONTENT_TYPE, form.content_type());
                form.body()
            }
        };
        if body.is_empty() && self.method != Method::GET {
            // Some proxies refuse a request without a body if this header is missing.
            request = request.header(CONTENT_LENGTH, 0);
        }
        request.body(Full::from(body)).map_err(unwritable)
    }
}

/// A call for logs and failpoints: without ids and without its token.
pub(super) struct Route<'a>(pub(super) &'a Call);

impl fmt::Display for Route<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.method.as_str())?;
        let path = self.0.path.split('?').next().unwrap_or_default();
        for (at, segment) in path.split('/').enumerate() {
            let is_token = at == 2 && self.0.kind() == Kind::Interaction;
            let is_id = segment.bytes().all(|byte| byte.is_ascii_digit());
            let shown = if is_token || is_id { "*" } else { segment };
            write!(f, "{}{shown}", if at == 0 { ' ' } else { '/' })?;
        }
        Ok(())
    }
}

/// Header values are ASCII. Discord expects other characters percent-encoded.
fn escaped(reason: &str) -> String {
    let mut escaped = String::with_capacity(reason.len());
    // Discord's limit is 512 characters.
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
    use super::*;

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
            let call = Call::new(Method::POST, path.to_owned());
            assert_eq!(Route(&call).to_string(), shown);
        }
    }

    #[test]
    fn reasons_are_ascii() {
        assert_eq!(escaped("Ticket of Mia (mia_)"), "Ticket of Mia (mia_)");
        assert_eq!(escaped("für 100%\n"), "f%C3%BCr 100%25%0A");
        assert_eq!(escaped(&"x".repeat(600)).len(), 512);
    }

    #[test]
    fn the_token_goes_with_the_bots_own_calls_only() {
        let token = SecretString::from("a.b.c");
        for (path, has_token) in [
            ("channels/1", true),
            ("interactions/1/x/callback", false),
            ("webhooks/1/x", false),
        ] {
            let call = Call::new(Method::POST, path.to_owned());
            let request = call.request("http://127.0.0.1:1/proxy", &token).unwrap();
            let uri = format!("http://127.0.0.1:1/proxy/api/v10/{path}");
            assert_eq!(request.uri().to_string(), uri);
            let authorization = request.headers().get(AUTHORIZATION);
            assert_eq!(authorization.is_some(), has_token, "{path}");
            assert!(!format!("{request:?}").contains("a.b.c"), "{path}");
        }
    }
}
