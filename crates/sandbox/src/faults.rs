//! Trouble on demand: the next calls that match fail, are slow, or lose their answer.

mod waiting;

use std::collections::BTreeMap;
use std::time::Duration;

use axum::http::{HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub(crate) use waiting::{Faults, path_matches};

/// What shall go wrong with the bot's next calls. As JSON it is the body of
/// `POST /control/faults`; as Rust: `Fault::status(500).on("POST", "/channels/*/threads")`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "it is JSON's shape, and each says one thing of its own"
)]
pub struct Fault {
    /// Only calls with this method. By default, any method.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Only calls with this path, as in Discord's documentation below `/api/v10`: `*` stands for
    /// one segment, `**` for all that follow. Any path if not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Only calls whose body contains this: the same fields with the same values, and lists that begin with
    /// these items. By default, any body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<Value>,
    /// How many calls to affect; 1 by default.
    #[serde(default = "once")]
    pub times: u32,
    /// The call takes effect before it fails.
    #[serde(default)]
    pub after: bool,
    /// The status of the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Discord's error code in the answer; 0 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<u32>,
    /// The message in the answer; by default, one that fits the status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The answer's body, which may be any text. The default status is then 200.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// With status 429: the time to wait, in seconds; 1 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<f64>,
    /// With status 429: whether the limit is the global one.
    #[serde(default)]
    pub global: bool,
    /// With status 429: whether all bots share the limit, as they do a channel's.
    #[serde(default)]
    pub shared: bool,
    /// With status 429: how many calls the bucket has left, according to the headers. Above 0, the limit is
    /// one that the headers do not show, such as that on renames.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remaining: Option<u32>,
    /// The answer is Cloudflare's error 1015 in this form instead of one of Discord's: the address is
    /// blocked. Without `retry_after`, the answer does not say for how long.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cloudflare: Option<Cloudflare>,
    /// Headers of the answer, which replace others with the same names. If nothing else is set, the call
    /// succeeds.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// The call fails at once. It takes effect this many milliseconds later, or when all faults are cleared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_ms: Option<u64>,
    /// The answer comes this many milliseconds later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delay_ms: Option<u64>,
    /// The connection is cut instead of answering.
    #[serde(default)]
    pub drop: bool,
    /// The call waits until all faults are forgotten.
    #[serde(default)]
    pub hold: bool,
}

/// The forms in which Cloudflare says that it blocks an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Cloudflare {
    Text,
    Html,
    Json,
}

impl Cloudflare {
    /// All forms.
    pub const ALL: [Self; 3] = [Self::Text, Self::Html, Self::Json];

    /// The body, and its content type.
    pub(crate) fn body(self) -> (&'static str, &'static str) {
        match self {
            Self::Text => ("error code: 1015", "text/plain; charset=UTF-8"),
            Self::Html => (
                "<!DOCTYPE html><html><head><title>Access denied | discord.com used Cloudflare to \
                 restrict access</title></head><body><h1>Error 1015</h1><h2>You are being rate \
                 limited</h2></body></html>",
                "text/html; charset=UTF-8",
            ),
            Self::Json => (r#"{"error": 1015}"#, "application/json"),
        }
    }
}

const fn once() -> u32 {
    1
}

impl Fault {
    /// The next call fails with this status.
    pub fn status(status: u16) -> Self {
        Self {
            status: Some(status),
            ..Self::default()
        }
    }

    /// The next call is refused with one of Discord's error codes.
    pub fn refusal(status: u16, code: u32, message: &str) -> Self {
        Self {
            code: Some(code),
            message: Some(message.to_owned()),
            ..Self::status(status)
        }
    }

    /// The next call gets this text as its answer, with status 200.
    pub fn answer(body: &str) -> Self {
        Self {
            body: Some(body.to_owned()),
            ..Self::default()
        }
    }

    /// The next call gets a 429.
    pub fn rate_limited(retry_after: Duration) -> Self {
        Self {
            retry_after: Some(retry_after.as_secs_f64()),
            ..Self::status(429)
        }
    }

    /// With a 429: the limit is the one on all calls.
    #[must_use]
    pub fn global(mut self) -> Self {
        self.global = true;
        self
    }

    /// With a 429: all bots share the limit.
    #[must_use]
    pub fn shared(mut self) -> Self {
        self.shared = true;
        self
    }

    /// The next call gets Cloudflare's response to a blocked address.
    pub fn blocked(form: Cloudflare, retry_after: Option<Duration>) -> Self {
        Self {
            cloudflare: Some(form),
            retry_after: retry_after.map(|wait| wait.as_secs_f64()),
            ..Self::default()
        }
    }

    /// With a 429: how many calls the bucket has left. The headers do not show such a limit.
    #[must_use]
    pub fn with_remaining(mut self, remaining: u32) -> Self {
        self.remaining = Some(remaining);
        self
    }

    /// Sets a header of the answer, and replaces one with the same name.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.insert(name.to_owned(), value.to_owned());
        self
    }

    /// The call fails at once. It takes effect this much later, or when all faults are cleared.
    #[must_use]
    pub fn takes_effect_after(mut self, late: Duration) -> Self {
        self.late_ms = Some(u64::try_from(late.as_millis()).unwrap_or(u64::MAX));
        self
    }

    /// The connection of the next call is cut.
    pub fn dropped() -> Self {
        Self {
            drop: true,
            ..Self::default()
        }
    }

    /// The next call takes so much longer, and succeeds.
    pub fn slow(delay: Duration) -> Self {
        Self::default().delayed(delay)
    }

    /// The next call waits until all faults are forgotten, and then succeeds.
    pub fn held() -> Self {
        Self {
            hold: true,
            ..Self::default()
        }
    }

    /// Only calls with this method and path (`*` for one segment, `**` for the rest).
    #[must_use]
    pub fn on(mut self, method: &str, path: &str) -> Self {
        self.method = Some(method.to_owned());
        self.path = Some(path.to_owned());
        self
    }

    /// Only calls whose body contains `part`, such as `json!({"archived": true})`.
    #[must_use]
    pub fn with_body(mut self, part: Value) -> Self {
        self.request = Some(part);
        self
    }

    /// Strikes this many calls instead of one.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = times;
        self
    }

    /// The call takes effect before it fails: only its answer is lost.
    #[must_use]
    pub fn after_it_took_effect(mut self) -> Self {
        self.after = true;
        self
    }

    /// The answer comes this much later.
    #[must_use]
    pub fn delayed(mut self, delay: Duration) -> Self {
        self.delay_ms = Some(u64::try_from(delay.as_millis()).unwrap_or(u64::MAX));
        self
    }

    /// Checks that the fault makes sense. The error says what is wrong, and what would be right.
    pub fn check(&self) -> Result<(), String> {
        let some = self.fails() || self.delay_ms.is_some() || self.hold || !self.headers.is_empty();
        if !some {
            return Err(
                "a fault needs `status`, `body`, `drop`, `cloudflare`, `headers`, `delay_ms` or \
                 `hold`"
                    .to_owned(),
            );
        }
        if let Some(path) = &self.path {
            check_path(path)?;
        }
        for (name, value) in &self.headers {
            if HeaderName::try_from(name).is_err() || HeaderValue::try_from(value).is_err() {
                return Err(format!("`headers` has {name:?}, which is not a header"));
            }
        }
        let is_429 = self.status == Some(429);
        match self.status {
            _ if self.cloudflare.is_some()
                && (self.status.is_some_and(|status| status != 429)
                    || self.body.is_some()
                    || self.drop) =>
            {
                Err("`cloudflare` is an answer of its own, with status 429".to_owned())
            }
            _ if self.remaining.is_some() && (!is_429 || self.cloudflare.is_some()) => {
                Err("`remaining` goes with status 429 only".to_owned())
            }
            _ if self.late_ms.is_some() && (self.after || !self.fails()) => Err(
                "`late_ms` needs a failure, and not one that comes `after` the effect".to_owned(),
            ),
            Some(status) if !(400..=599).contains(&status) => Err(format!(
                "`status` is {status}: a failure's status is 400 to 599"
            )),
            _ if self.global && self.shared => {
                Err("`global` and `shared` exclude each other".to_owned())
            }
            _ if self.times == 0 => Err("`times` is 0: it must be at least 1".to_owned()),
            _ if self.retry_after.is_some_and(|s| !s.is_finite() || s < 0.0) => {
                Err("`retry_after` must be a number of seconds, 0 or more".to_owned())
            }
            _ => Ok(()),
        }
    }

    /// Whether the fault replaces the call's own answer.
    pub(crate) fn fails(&self) -> bool {
        self.drop || self.status.is_some() || self.body.is_some() || self.cloudflare.is_some()
    }

    /// The body of the fault's answer.
    pub(crate) fn body(&self) -> Value {
        let message = |default: &str| self.message.clone().unwrap_or_else(|| default.to_owned());
        match self.status {
            Some(429) => json!({
                "message": message("You are being rate limited."),
                "retry_after": self.retry_after.unwrap_or(1.0),
                "global": self.global,
            }),
            Some(status) => json!({
                "message": message(match status {
                    401 => "401: Unauthorized",
                    403 => "Missing Access",
                    404 => "404: Not Found",
                    500 => "500: Internal Server Error",
                    502 => "502: Bad Gateway",
                    503 => "503: Service Unavailable",
                    504 => "504: Gateway Timeout",
                    _ => "The sandbox was asked to let this call fail",
                }),
                "code": self.code.unwrap_or(0),
            }),
            None => Value::Null,
        }
    }
}

/// Refuses a path that no call can have. The error says what to write instead.
fn check_path(path: &str) -> Result<(), String> {
    let wrong = |why: String| Err(format!("`path` is {path:?}: {why}"));
    let inner = path.trim_matches('/');
    if inner.is_empty() {
        return wrong("leave it out to match any call".to_owned());
    }
    if let Some((_, rest)) = inner.split_once("://") {
        let rest = rest.split_once('/').map_or("…", |(_, rest)| rest);
        return wrong(format!("it begins after the address, as in \"/{rest}\""));
    }
    if let Some((before, _)) = path.split_once(['?', '#']) {
        return wrong(format!("queries are not compared; write {before:?}"));
    }
    let segments: Vec<&str> = inner.split('/').collect();
    if segments[0] == "api" {
        let is_version = |segment: &&str| {
            let number = segment.strip_prefix('v').unwrap_or_default();
            !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())
        };
        let versions = segments.get(1).filter(|s| is_version(s)).map_or(1, |_| 2);
        let rest = segments[versions..].join("/");
        let rest = if rest.is_empty() { "**" } else { &*rest };
        return wrong(format!("it begins below `/api/v10`; write \"/{rest}\""));
    }
    let last = segments.len() - 1;
    for (place, segment) in segments.iter().enumerate() {
        match *segment {
            "" => return wrong("it has an empty segment, `//`".to_owned()),
            "**" if place < last => {
                return wrong(
                    "`**` stands for all that follows, so it must be the last segment; `*` stands for one"
                        .to_owned(),
                );
            }
            "*" | "**" => {}
            part if part.contains(['*', '{', '}']) => {
                return wrong(format!(
                    "{part:?} is taken literally; write `*`, which stands for one whole segment"
                ));
            }
            _ => {}
        }
    }
    Ok(())
}

/// A fault that matches any call and does nothing.
impl Default for Fault {
    fn default() -> Self {
        Self {
            method: None,
            path: None,
            request: None,
            times: 1,
            after: false,
            status: None,
            code: None,
            message: None,
            body: None,
            retry_after: None,
            global: false,
            shared: false,
            remaining: None,
            cloudflare: None,
            headers: BTreeMap::new(),
            late_ms: None,
            delay_ms: None,
            drop: false,
            hold: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_that_does_nothing_is_refused() {
        let read = |json: Value| serde_json::from_value::<Fault>(json).unwrap().check();
        assert_eq!(read(json!({"status": 500})), Ok(()));
        assert_eq!(read(json!({"drop": true, "after": true})), Ok(()));
        assert_eq!(read(json!({"delay_ms": 5})), Ok(()));
        assert_eq!(read(json!({"hold": true})), Ok(()));
        assert_eq!(read(json!({"body": "<html>"})), Ok(()));
        assert_eq!(read(json!({"cloudflare": "html"})), Ok(()));
        assert_eq!(read(json!({"headers": {"x-a": "-1"}})), Ok(()));
        assert_eq!(read(json!({"status": 429, "remaining": 3})), Ok(()));
        assert_eq!(read(json!({"drop": true, "late_ms": 25_000})), Ok(()));
        for wrong in [
            json!({"headers": {"x a": "b"}}),
            json!({"headers": {"x-a": "b\n"}}),
            json!({"cloudflare": "text", "status": 500}),
            json!({"cloudflare": "text", "body": "x"}),
            json!({"status": 500, "remaining": 3}),
            json!({"late_ms": 5}),
            json!({"status": 502, "after": true, "late_ms": 5}),
            json!({}),
            json!({"status": 200}),
            json!({"status": 500, "times": 0}),
            json!({"status": 429, "retry_after": -1.0}),
        ] {
            assert!(read(wrong.clone()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_path_that_no_call_has_is_refused() {
        let check = |path: &str| Fault::status(500).on("GET", path).check();
        for path in [
            "/channels/*/messages",
            "/channels/1/**",
            "/attachments/**",
            "/webhooks/*/*/messages/@original",
            "**",
            // Slashes at the ends make no difference.
            "channels/1",
            "/channels/1/",
        ] {
            assert_eq!(check(path), Ok(()), "{path}");
        }
        for (path, expected) in [
            ("", "leave it out"),
            ("/", "leave it out"),
            (
                "/api/v10/channels/*",
                "below `/api/v10`; write \"/channels/*\"",
            ),
            ("api/v9/gateway/", "write \"/gateway\""),
            ("/api/gateway", "write \"/gateway\""),
            ("/api/v10", "write \"/**\""),
            ("http://127.0.0.1:1/channels/1", "as in \"/channels/1\""),
            ("/channels/1?limit=1", "write \"/channels/1\""),
            ("/channels//messages", "an empty segment"),
            ("/channels/**/messages", "must be the last segment"),
            (
                "/channels/{channel_id}",
                "\"{channel_id}\" is taken literally; write `*`",
            ),
            ("/channels/12*", "\"12*\" is taken literally"),
        ] {
            let said = check(path).unwrap_err();
            let begins = said.starts_with(&format!("`path` is {path:?}: "));
            assert!(begins && said.contains(expected), "{said}");
        }
    }

    #[test]
    fn bodies_are_as_discord_writes_them() {
        let limited = Fault::rate_limited(Duration::from_millis(1500));
        assert_eq!(
            limited.body(),
            json!({"message": "You are being rate limited.", "retry_after": 1.5, "global": false})
        );
        let refused = Fault::refusal(403, 50013, "Missing Permissions");
        assert_eq!(
            refused.body(),
            json!({"message": "Missing Permissions", "code": 50013})
        );
    }
}
