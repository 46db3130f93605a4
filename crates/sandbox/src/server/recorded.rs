//! Wraps every call of the REST API: applies faults and limits, and adds the call to the record.

use std::sync::Arc;
use std::time::{Duration, Instant, UNIX_EPOCH};

use axum::Json;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream;
use serde_json::{Value, json};
use tokio::sync::watch;

use super::{Cut, LONGEST_BODY, is_api, limited, refusal};
use crate::error::ApiError;
use crate::faults::Fault;
use crate::hub::Hub;
use crate::id::Timestamp;
use crate::limits::Wanted;
use crate::reason;
use crate::record::{Body as Kept, RawWhat};
use crate::rest::NotImitated;
use crate::rest::extract::{audit_reason, is_urlencoded, urlencoded};
use crate::wire::reading::{self, Read};

/// A response, and its body.
pub(super) type Answer = (Response, Bytes);

/// The path below `/api/v10`, or below `/api` for clients that send no version.
pub(super) fn below_api(path: &str) -> &str {
    let below = path.strip_prefix("/api").unwrap_or(path);
    let versionless = below.strip_prefix("/v").and_then(|rest| {
        let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        (rest.is_empty() || rest.starts_with('/')).then_some(rest)
    });
    versionless.unwrap_or(below)
}

pub(super) async fn middleware(
    State(hub): State<Arc<Hub>>,
    request: Request,
    next: Next,
) -> Response {
    if !is_api(request.uri().path()) {
        return next.run(request).await;
    }
    let began = Instant::now();
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LONGEST_BODY).await else {
        return refusal(&ApiError::RequestTooLarge);
    };
    let method = parts.method.as_str().to_owned();
    let path = match parts.uri.query() {
        Some(query) => format!("{}?{query}", below_api(parts.uri.path())),
        None => below_api(parts.uri.path()).to_owned(),
    };
    let kept_request = keep(&parts.headers, &body).await;
    let reason = audit_reason(&parts.headers);
    let cut = parts.extensions.get::<Cut>().cloned();
    let token = parts.headers.get(header::AUTHORIZATION);
    let token = token.and_then(|t| t.to_str().ok()).map(str::to_owned);
    let request = Request::from_parts(parts, Body::from(body.clone()));

    let wanted = Wanted {
        method: &method,
        path: &path,
        token: token.as_deref(),
        renames: limited::renamed(&hub, &method, &path, &kept_request, &body),
        edits_old: limited::edits_old(&hub, &method, &path),
    };
    let verdict = hub.limiter().call(hub.now(), wanted);
    let (mut outcome, read) = if let Some(refusal) = limited::refusal(&verdict) {
        (Some(refusal), None)
    } else if let Some(refused) = too_long(reason.as_deref()) {
        (Some(whole(refusal(&refused)).await), None)
    } else {
        let met = hub
            .faults()
            .meet(&method, &path, || said(&kept_request, &body));
        let call = perform(&hub, met, request, next);
        watched(&hub, reason::giving(reason.clone(), call)).await
    };
    let not_imitated = outcome
        .as_ref()
        .and_then(|(response, _)| response.extensions().get::<NotImitated>());
    for sentence in not_imitated.iter().flat_map(|found| &found.0) {
        hub.problem(&method, &path, sentence.as_str());
    }
    if let Some((response, _)) = &mut outcome {
        limited::stamp(response.headers_mut(), &verdict);
        date(response.headers_mut(), hub.now());
        if limited::is_invalid(response) {
            hub.limiter().count_invalid(hub.now());
        }
    }

    let (status, kept_response) = match &outcome {
        Some((response, body)) => (response.status().as_u16(), Kept::of(body)),
        None => (0, Kept::Empty),
    };
    let answer = outcome
        .as_ref()
        .filter(|(response, _)| response.extensions().get::<limited::Foreign>().is_none())
        .map(|(_, answer)| (status, answer));
    hub.inspector().call(
        hub.now(),
        (&method, &path),
        (&kept_request, &body),
        read,
        answer,
    );
    let ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    let (request, response) = (kept_request, kept_response);
    hub.note(RawWhat::Call {
        method,
        path,
        status,
        ms,
        reason,
        request,
        response,
    });
    sent(outcome, cut).await
}

/// The error for a reason that is too long for the audit log.
fn too_long(reason: Option<&str>) -> Option<ApiError> {
    const MOST: usize = 512;
    let is_too_long = reason.is_some_and(|reason| reason.chars().count() > MOST);
    is_too_long.then(|| {
        let message = format!("Must be {MOST} or fewer in length.");
        ApiError::field("reason", "BASE_TYPE_MAX_LENGTH", message)
    })
}

/// Downloads are not recorded, and only faults that name their path apply to them.
pub(super) async fn files(State(hub): State<Arc<Hub>>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let Some(met) = hub.faults().meet_named(request.method().as_str(), path) else {
        return next.run(request).await;
    };
    let cut = request.extensions().get::<Cut>().cloned();
    sent(perform(&hub, Some(met), request, next).await, cut).await
}

/// Sends the response, or cuts the connection.
async fn sent(outcome: Option<Answer>, cut: Option<Cut>) -> Response {
    match (outcome, cut) {
        (Some((response, _)), _) => response,
        (None, Some(cut)) => match cut.now().await {},
        // This happens only in tests of the router, which have no connection.
        (None, None) => StatusCode::BAD_GATEWAY.into_response(),
    }
}

/// The request's body as JSON: for a form, its `payload_json`; null if there is none.
fn said(kept: &Kept, body: &Bytes) -> Value {
    match kept {
        Kept::Note(form) if form.get("payload_json").is_some() => form["payload_json"].clone(),
        _ => serde_json::from_slice(body).unwrap_or_default(),
    }
}

/// Makes the call. If the call will be validated, also notes which parts of the request are read.
async fn watched(
    hub: &Hub,
    call: impl Future<Output = Option<Answer>>,
) -> (Option<Answer>, Option<Read>) {
    if !hub.inspector().is_on() {
        return (call.await, None);
    }
    let (outcome, read) = reading::noting(call).await;
    (outcome, Some(read))
}

/// Makes the call, unless a fault prevents it.
async fn perform(
    hub: &Arc<Hub>,
    met: Option<(Fault, watch::Receiver<()>)>,
    request: Request,
    next: Next,
) -> Option<Answer> {
    let Some((fault, mut cleared)) = met else {
        return Some(whole(next.run(request).await).await);
    };
    if !fault.after {
        delay(&fault, &mut cleared).await;
        if let Some(ms) = fault.late_ms {
            let late = Duration::from_millis(ms);
            let effect = take_effect(Arc::clone(hub), late, cleared, request, next);
            tokio::spawn(reason::giving(reason::given(), effect));
            return failure(&fault);
        }
        if fault.fails() {
            return failure(&fault);
        }
    }
    let (mut response, body) = whole(next.run(request).await).await;
    if fault.after {
        delay(&fault, &mut cleared).await;
        if fault.fails() {
            return failure(&fault);
        }
    }
    limited::put_on(response.headers_mut(), &fault);
    Some((response, body))
}

/// Lets a call take effect after its fault's response was sent.
async fn take_effect(
    hub: Arc<Hub>,
    late: Duration,
    mut cleared: watch::Receiver<()>,
    request: Request,
    next: Next,
) {
    tokio::select! {
        () = tokio::time::sleep(late) => {}
        _ = cleared.changed() => {}
        () = hub.stopped() => return,
    }
    drop(next.run(request).await);
}

async fn delay(fault: &Fault, cleared: &mut watch::Receiver<()>) {
    if fault.hold {
        // An error means that the sandbox is stopping.
        let _ = cleared.changed().await;
    }
    if let Some(ms) = fault.delay_ms {
        tokio::time::sleep(Duration::from_millis(ms)).await;
    }
}

/// The fault's response and its body, or `None` to cut the connection.
fn failure(fault: &Fault) -> Option<Answer> {
    if fault.drop {
        return None;
    }
    let (mut response, body) = failed(fault);
    limited::put_on(response.headers_mut(), fault);
    Some((response, body))
}

fn failed(fault: &Fault) -> Answer {
    let status = fault
        .status
        .and_then(|status| StatusCode::from_u16(status).ok());
    if let Some(form) = fault.cloudflare {
        return limited::blocked(form, fault.retry_after);
    }
    if let Some(body) = &fault.body {
        let response = (status.unwrap_or(StatusCode::OK), body.clone()).into_response();
        return (response, body.clone().into());
    }
    let body = fault.body();
    let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if status == StatusCode::TOO_MANY_REQUESTS {
        return limited::fault(fault, &body);
    }
    let response = (status, Json(&body)).into_response();
    (response, body.to_string().into())
}

/// Reads the whole body of a response, so that it can be recorded.
async fn whole(response: Response) -> Answer {
    let (parts, body) = response.into_parts();
    // Cannot fail: the bodies of REST responses are in memory.
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    (Response::from_parts(parts, Body::from(body.clone())), body)
}

/// A request's body for the record: forms without the content of their files.
pub(crate) async fn keep(headers: &HeaderMap, body: &Bytes) -> Kept {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    if kind.is_some_and(is_urlencoded) {
        // If the form cannot be read, the route itself refuses it.
        let payload = urlencoded(body).unwrap_or_default();
        return Kept::Note(json!({"payload_json": payload, "files": []}));
    }
    let Some(boundary) = kind.and_then(|kind| multer::parse_boundary(kind).ok()) else {
        return Kept::of(body);
    };
    let body = stream::iter([Ok::<_, std::convert::Infallible>(body.clone())]);
    let mut form = multer::Multipart::new(body, boundary);
    let (mut payload, mut files) = (Value::Null, Vec::new());
    // If the form cannot be read, the route itself refuses it, and the rest is not recorded.
    while let Ok(Some(field)) = form.next_field().await {
        let name = field.name().unwrap_or_default().to_owned();
        let filename = field.file_name().map(str::to_owned);
        let content_type = field.content_type().map(ToString::to_string);
        let Ok(data) = field.bytes().await else { break };
        if name == "payload_json" {
            payload = serde_json::from_slice(&data).unwrap_or_default();
        } else {
            files.push(json!({
                "name": name,
                "filename": filename,
                "content_type": content_type,
                "size": data.len(),
            }));
        }
    }
    Kept::Note(json!({"payload_json": payload, "files": files}))
}

/// Sets the `Date` header to the time on the world's clock, which may differ from this machine's.
fn date(headers: &mut HeaderMap, now: Timestamp) {
    let since = Duration::from_millis(u64::try_from(now.0).unwrap_or_default());
    let date = httpdate::fmt_http_date(UNIX_EPOCH + since);
    if let Ok(date) = HeaderValue::from_str(&date) {
        headers.insert(header::DATE, date);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_does_not_matter() {
        for (path, expected) in [
            ("/api/v10/users/@me", "/users/@me"),
            ("/api/v9/users/@me", "/users/@me"),
            ("/api/users/@me", "/users/@me"),
            ("/api/voice/regions", "/voice/regions"),
            ("/api/v10", ""),
            ("/api", ""),
        ] {
            assert_eq!(below_api(path), expected, "{path}");
        }
    }
}
