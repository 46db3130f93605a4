//! The headers about limits, and the 429 responses, in a form that every client understands.

use std::time::{SystemTime, UNIX_EPOCH};

use axum::Json;
use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::recorded::Answer;
use crate::faults::{Cloudflare, Fault};
use crate::hub::Hub;
use crate::id::{ChannelId, MessageId};
use crate::limits::{Bucket, Scope, Verdict};
use crate::record::Body as Kept;

/// Editing messages older than this has its own limit.
/// Source: Discord's documentation, "JSON Error Codes", 30046.
const OLD_MILLIS: i64 = 3_600_000;

/// The response to a call that exceeds a limit; `None` if the call is allowed.
pub(super) fn refusal(verdict: &Verdict) -> Option<Answer> {
    match verdict {
        Verdict::Free | Verdict::Allowed(_) => None,
        Verdict::Refused {
            scope,
            retry_after_ms,
            code,
            ..
        } => {
            let mut body = json!({
                "message": match (scope, code) {
                    (_, Some(_)) => "Maximum number of edits to messages older than 1 hour \
                                     reached. Try again later",
                    (Scope::User, None) => "You are being rate limited.",
                    (Scope::Global, None) => "You are being blocked from accessing our API temporarily \
                                      due to exceeding our global rate limit. Please retry later.",
                },
                "retry_after": seconds(*retry_after_ms),
                "global": *scope == Scope::Global,
            });
            if let Some(code) = code {
                body["code"] = json!(code);
            }
            Some(too_many(&body, *scope, seconds(*retry_after_ms)))
        }
        // This response comes from Cloudflare instead of Discord: it has neither JSON nor `Via`.
        Verdict::Banned { retry_after_ms } => {
            Some(blocked(Cloudflare::Text, Some(seconds(*retry_after_ms))))
        }
    }
}

/// The answer of a fault with status 429.
pub(super) fn fault(fault: &Fault, body: &Value) -> Answer {
    let after = fault.retry_after.unwrap_or(1.0);
    if fault.global {
        return too_many(body, Scope::Global, after);
    }
    let (mut response, body) = too_many(body, Scope::User, after);
    if fault.shared {
        set(response.headers_mut(), "x-ratelimit-scope", "shared");
    }
    let remaining = fault.remaining.unwrap_or(0);
    // If the headers do not show the limit, `retry_after` says nothing about the bucket's window.
    let reset_after = if remaining > 0 { 1.0 } else { after };
    let bucket = (remaining.saturating_add(1), remaining);
    stamp_with(response.headers_mut(), "sandbox-fault", bucket, reset_after);
    (response, body)
}

/// Marks a response that does not come from Discord, so that it is not validated against the specification.
#[derive(Clone)]
pub(super) struct Foreign;

/// Cloudflare's response to a blocked address, with none of Discord's headers.
pub(super) fn blocked(form: Cloudflare, after: Option<f64>) -> Answer {
    let (body, kind) = form.body();
    let kind = [(header::CONTENT_TYPE, kind)];
    let mut response = (StatusCode::TOO_MANY_REQUESTS, kind, body).into_response();
    response.extensions_mut().insert(Foreign);
    if let Some(after) = after {
        retry_after(response.headers_mut(), after);
    }
    (response, Bytes::from_static(body.as_bytes()))
}

/// Sets the headers of a fault on a response.
pub(super) fn put_on(headers: &mut HeaderMap, fault: &Fault) {
    for (name, value) in &fault.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            headers.insert(name, value);
        }
    }
}

/// Whether Discord counts this response as invalid.
pub(super) fn is_invalid(response: &Response) -> bool {
    let is_shared = response
        .headers()
        .get("x-ratelimit-scope")
        .is_some_and(|scope| scope == "shared");
    match response.status().as_u16() {
        401 | 403 => true,
        429 => !is_shared,
        _ => false,
    }
}

/// Sets the headers about the bucket on a response.
pub(super) fn stamp(headers: &mut HeaderMap, verdict: &Verdict) {
    let (Verdict::Allowed(bucket) | Verdict::Refused { bucket, .. }) = verdict else {
        return;
    };
    let Bucket {
        name,
        limit,
        remaining,
        reset_after_ms,
    } = bucket;
    // Faults set their own, and responses about the global limit have none.
    if headers.contains_key("x-ratelimit-limit") || headers.contains_key("x-ratelimit-global") {
        return;
    }
    stamp_with(
        headers,
        name,
        (*limit, *remaining),
        seconds(*reset_after_ms),
    );
}

/// The channel that a call gives another name.
pub(super) fn renamed(
    hub: &Hub,
    method: &str,
    path: &str,
    kept: &Kept,
    body: &[u8],
) -> Option<ChannelId> {
    if method != "PATCH" {
        return None;
    }
    let id: ChannelId = path.strip_prefix("/channels/")?.parse().ok()?;
    let body: Value = match kept {
        Kept::Note(form) => form.get("payload_json")?.clone(),
        _ => serde_json::from_slice(body).ok()?,
    };
    let name = body.get("name")?.as_str()?;
    hub.look(|world| {
        let place = world.place(id)?;
        let present = place
            .thread()
            .map_or(&place.channel().name, |thread| &thread.name);
        (present != name).then_some(id)
    })
}

/// The channel in which a call edits an old message.
pub(super) fn edits_old(hub: &Hub, method: &str, path: &str) -> Option<ChannelId> {
    if method != "PATCH" {
        return None;
    }
    let (channel, rest) = path.strip_prefix("/channels/")?.split_once('/')?;
    let message: MessageId = rest.strip_prefix("messages/")?.parse().ok()?;
    let age = hub.now().since(message.created_at());
    (age > OLD_MILLIS).then(|| channel.parse().ok())?
}

fn too_many(body: &Value, scope: Scope, after: f64) -> Answer {
    let mut response = (StatusCode::TOO_MANY_REQUESTS, Json(body)).into_response();
    let headers = response.headers_mut();
    retry_after(headers, after);
    // Without this header, discord.py thinks that the 429 comes from a proxy.
    set(headers, "via", "1.1 sandbox");
    match scope {
        Scope::User => set(headers, "x-ratelimit-scope", "user"),
        Scope::Global => {
            set(headers, "x-ratelimit-scope", "global");
            set(headers, "x-ratelimit-global", "true");
        }
    }
    (response, body.to_string().into())
}

fn stamp_with(headers: &mut HeaderMap, bucket: &str, (limit, remaining): (u32, u32), after: f64) {
    // The real clock, which the client has too, instead of the world's.
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let reset = now.unwrap_or_default().as_secs_f64() + after;
    set(headers, "x-ratelimit-bucket", bucket);
    set(headers, "x-ratelimit-limit", &limit.to_string());
    set(headers, "x-ratelimit-remaining", &remaining.to_string());
    set(headers, "x-ratelimit-reset", &format!("{reset:.3}"));
    set(headers, "x-ratelimit-reset-after", &format!("{after:.3}"));
}

/// Whole seconds, rounded up.
fn retry_after(headers: &mut HeaderMap, seconds: f64) {
    set(headers, "retry-after", &format!("{}", seconds.ceil()));
}

fn set(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a day has few enough milliseconds"
)]
fn seconds(millis: i64) -> f64 {
    millis as f64 / 1000.0
}

#[cfg(test)]
mod tests {
    use axum::response::Response;

    use super::*;

    fn header(response: &Response, name: &str) -> Option<String> {
        let value = response.headers().get(name)?;
        Some(value.to_str().unwrap().to_owned())
    }

    #[test]
    fn who_is_banned_gets_an_answer_that_is_not_discords() {
        let verdict = Verdict::Banned {
            retry_after_ms: 1001,
        };
        let (mut response, body) = refusal(&verdict).unwrap();
        stamp(response.headers_mut(), &verdict);
        assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(header(&response, "retry-after").as_deref(), Some("2"));
        for missing in ["via", "x-ratelimit-scope", "x-ratelimit-limit"] {
            assert_eq!(header(&response, missing), None, "{missing}");
        }
        assert!(serde_json::from_slice::<Value>(&body).is_err());
    }

    #[test]
    fn the_global_limit_tells_of_no_bucket() {
        let verdict = Verdict::Refused {
            scope: Scope::Global,
            retry_after_ms: 40,
            code: None,
            bucket: Bucket {
                name: "x".to_owned(),
                limit: 5,
                remaining: 5,
                reset_after_ms: 0,
            },
        };
        let (mut response, body) = refusal(&verdict).unwrap();
        stamp(response.headers_mut(), &verdict);
        assert_eq!(header(&response, "retry-after").as_deref(), Some("1"));
        assert_eq!(header(&response, "x-ratelimit-limit"), None);
        assert_eq!(
            header(&response, "x-ratelimit-global").as_deref(),
            Some("true")
        );
        let body: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(
            (&body["retry_after"], &body["global"]),
            (&json!(0.04), &json!(true))
        );
    }
}
