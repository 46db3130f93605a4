//! Parses the rate limits of a response. Proxies, Cloudflare and bugs can send anything, so invalid values
//! are ignored.

use std::time::Duration;

use hyper::HeaderMap;
use hyper::header::RETRY_AFTER;
use serde_json::Value;

/// The maximum that the headers of a bucket may ask the bot to wait. The longest known window has five
/// minutes.
const LONGEST_WINDOW: Duration = Duration::from_secs(600);

/// The maximum that a 429 may ask the bot to wait: some limits are per day.
const LONGEST_WAIT: Duration = Duration::from_secs(86_400);

/// The remaining quota of a bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Quota {
    /// The bucket's id.
    pub(super) bucket: Vec<u8>,
    pub(super) limit: u32,
    pub(super) remaining: u32,
    pub(super) reset_after: Duration,
}

/// A response with status 429.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Limited {
    pub(super) scope: Scope,
    /// Whether several bots share the limit: Discord does not count such a response as invalid.
    pub(super) is_shared: bool,
    pub(super) retry_after: Option<Duration>,
}

/// Which calls a 429 concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// Only this call: it has a limit that its bucket does not show, such as the limit on renames.
    Call,
    Bucket,
    /// All calls with the same authorization.
    Global,
    /// All calls from this IP address: Cloudflare's error 1015.
    Address,
}

impl Scope {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Bucket => "route",
            Self::Global => "global",
            Self::Address => "address",
        }
    }
}

/// Whether a response has any rate limit header.
pub(super) fn has_limits(headers: &HeaderMap) -> bool {
    headers
        .keys()
        .any(|name| name.as_str().starts_with("x-ratelimit-"))
}

/// The remaining quota of the bucket, if the headers are complete.
pub(super) fn quota(headers: &HeaderMap) -> Option<Quota> {
    let limit: u32 = text(headers, "x-ratelimit-limit")?.parse().ok()?;
    let remaining: u32 = text(headers, "x-ratelimit-remaining")?.parse().ok()?;
    let reset_after = seconds(text(headers, "x-ratelimit-reset-after")?)?;
    (limit > 0).then(|| Quota {
        bucket: headers
            .get("x-ratelimit-bucket")
            .map(|name| name.as_bytes().to_vec())
            .unwrap_or_default(),
        limit,
        remaining: remaining.min(limit),
        reset_after: reset_after.min(LONGEST_WINDOW),
    })
}

/// Parses a response with status 429.
pub(super) fn limited(headers: &HeaderMap, body: &[u8]) -> Limited {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let scope = text(headers, "x-ratelimit-scope").unwrap_or_default();
    let is_global = scope.eq_ignore_ascii_case("global")
        || text(headers, "x-ratelimit-global").is_some_and(|it| it.eq_ignore_ascii_case("true"))
        || body["global"] == Value::Bool(true);
    // A 429 of Discord itself has its headers, or `global` in the body. Others are Cloudflare's.
    let is_discords = has_limits(headers) || body["global"].is_boolean();
    let remaining = text(headers, "x-ratelimit-remaining").and_then(|it| it.parse::<u32>().ok());
    Limited {
        scope: if !is_discords {
            Scope::Address
        } else if is_global {
            Scope::Global
        } else if remaining.is_some_and(|remaining| remaining > 0) {
            Scope::Call
        } else {
            Scope::Bucket
        },
        is_shared: scope.eq_ignore_ascii_case("shared"),
        retry_after: retry_after(headers, &body),
    }
}

/// The header has whole seconds, rounded up; the body has the exact time.
fn retry_after(headers: &HeaderMap, body: &Value) -> Option<Duration> {
    let header = headers.get(RETRY_AFTER).and_then(|it| it.to_str().ok());
    let header = header.and_then(seconds);
    let body = body["retry_after"].as_f64().and_then(duration);
    let wait = match (header, body) {
        (Some(header), Some(body)) if body + Duration::from_secs(1) >= header => body,
        (header, body) => header.max(body)?,
    };
    Some(wait.min(LONGEST_WAIT))
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

fn seconds(text: &str) -> Option<Duration> {
    duration(text.trim().parse().ok()?)
}

/// A negative, infinite or invalid number must not cause a panic.
fn duration(seconds: f64) -> Option<Duration> {
    if seconds >= LONGEST_WAIT.as_secs_f64() {
        // This includes numbers that do not fit into a duration.
        return Some(LONGEST_WAIT);
    }
    Duration::try_from_secs_f64(seconds).ok()
}

#[cfg(test)]
mod tests {
    use hyper::header::{HeaderName, HeaderValue};

    use super::*;

    fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
        let pairs = pairs.iter().map(|(name, value)| {
            let name = HeaderName::try_from(*name).unwrap();
            (name, HeaderValue::try_from(*value).unwrap())
        });
        pairs.collect()
    }

    fn of(pairs: &[(&str, &str)], body: &str) -> (Scope, bool, Option<f64>) {
        let limited = limited(&headers(pairs), body.as_bytes());
        let wait = limited.retry_after.map(|wait| wait.as_secs_f64());
        (limited.scope, limited.is_shared, wait)
    }

    #[test]
    fn a_refusal_says_what_it_is_about() {
        let route = ("x-ratelimit-scope", "user");
        let body = r#"{"message": "no", "retry_after": 1.5, "global": false}"#;
        let global = r#"{"message": "no", "retry_after": 1.5, "global": true}"#;
        for (headers, body, expected) in [
            (
                &[route, ("retry-after", "2")][..],
                body,
                (Scope::Bucket, false, Some(1.5)),
            ),
            (
                &[route, ("x-ratelimit-remaining", "0")],
                body,
                (Scope::Bucket, false, Some(1.5)),
            ),
            (
                &[
                    route,
                    ("x-ratelimit-remaining", "3"),
                    ("retry-after", "582"),
                ],
                "",
                (Scope::Call, false, Some(582.0)),
            ),
            (
                &[("x-ratelimit-scope", "shared"), ("retry-after", "9")],
                "",
                (Scope::Bucket, true, Some(9.0)),
            ),
            (
                &[("x-ratelimit-scope", "global"), ("retry-after", "60")],
                "",
                (Scope::Global, false, Some(60.0)),
            ),
            (
                &[
                    ("x-ratelimit-global", "true"),
                    ("x-ratelimit-remaining", "3"),
                ],
                "",
                (Scope::Global, false, None),
            ),
            (&[], global, (Scope::Global, false, Some(1.5))),
            (&[], body, (Scope::Bucket, false, Some(1.5))),
        ] {
            assert_eq!(of(headers, body), expected, "{headers:?} {body}");
        }
    }

    #[test]
    fn what_is_not_discords_is_about_the_address() {
        for body in [
            "error code: 1015",
            "<html><title>Error 1015</title>You are being rate limited</html>",
            r#"{"error": 1015}"#,
            "",
        ] {
            assert_eq!(of(&[], body), (Scope::Address, false, None), "{body}");
            let limit = of(&[("retry-after", "30")], body);
            assert_eq!(limit, (Scope::Address, false, Some(30.0)), "{body}");
        }
        let limit = of(&[], r#"{"error": 1015, "retry_after": 30}"#);
        assert_eq!(limit, (Scope::Address, false, Some(30.0)));
    }

    #[test]
    fn odd_waits_are_taken_as_not_said_or_as_a_day() {
        for (header, expected) in [
            ("-1", None),
            ("soon", None),
            ("NaN", None),
            ("-inf", None),
            ("", None),
            ("Wed, 21 Oct 2026 07:28:00 GMT", None),
            ("0", Some(0.0)),
            ("1e300", Some(86_400.0)),
            ("inf", Some(86_400.0)),
            ("99999999999999999999", Some(86_400.0)),
        ] {
            let limit = of(&[("retry-after", header)], "{}");
            assert_eq!(limit.2, expected, "{header}");
        }
        for (body, expected) in [
            (r#"{"retry_after": -5}"#, None),
            (r#"{"retry_after": "5"}"#, None),
            (r#"{"retry_after": 1e300}"#, Some(86_400.0)),
            (r#"{"retry_after": null}"#, None),
            ("[]", None),
        ] {
            assert_eq!(of(&[], body).2, expected, "{body}");
        }
        // The header and the body contradict each other: the longer wait is safe.
        let limit = of(&[("retry-after", "60")], r#"{"retry_after": 1}"#);
        assert_eq!(limit.2, Some(60.0));
        let limit = of(&[("retry-after", "1")], r#"{"retry_after": 60}"#);
        assert_eq!(limit.2, Some(60.0));
    }

    #[test]
    fn a_quota_is_whole_or_none() {
        let with = |limit, remaining, after| {
            quota(&headers(&[
                ("x-ratelimit-bucket", "abc"),
                ("x-ratelimit-limit", limit),
                ("x-ratelimit-remaining", remaining),
                ("x-ratelimit-reset-after", after),
            ]))
        };
        let whole = with("5", "4", "0.25").unwrap();
        assert_eq!((whole.limit, whole.remaining), (5, 4));
        assert_eq!(whole.reset_after, Duration::from_millis(250));
        assert_eq!(with("5", "9", "1").unwrap().remaining, 5);
        assert_eq!(with("5", "4", "1e99").unwrap().reset_after, LONGEST_WINDOW);
        for (limit, remaining, after) in [
            ("5", "4", "-1"),
            ("5", "4", "NaN"),
            ("5", "4", "later"),
            ("5", "-1", "1"),
            ("0", "0", "1"),
            ("many", "4", "1"),
            ("5", "", "1"),
        ] {
            assert_eq!(
                with(limit, remaining, after),
                None,
                "{limit} {remaining} {after}"
            );
        }
        assert_eq!(quota(&HeaderMap::new()), None);
    }
}
