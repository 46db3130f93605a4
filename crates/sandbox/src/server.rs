//! Listening: the router, which requests are accepted, and the headers of every response.

mod limited;
mod recorded;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{DefaultBodyLimit, Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router, routing};
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinSet;

use crate::error::ApiError;
use crate::hub::Hub;
use crate::{cdn, control, gateway, rest, web};
pub(crate) use recorded::keep as kept_body;

/// The longest body of a request: Discord's 25 MiB for files, and room for base64 in the control API.
pub(crate) const LONGEST_BODY: usize = 40 * 1024 * 1024;

/// The longest frame that is read. The limit is 4,096 bytes, but a longer frame must be read to be refused
/// properly.
const LONGEST_FRAME: usize = 1024 * 1024;

/// Serves until the future is dropped.
pub(crate) async fn serve(listener: TcpListener, hub: Arc<Hub>) {
    let router = router(Arc::clone(&hub));
    let mut connections = JoinSet::new();
    connections.spawn(async move { hub.keep_time().await });
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    connections.spawn(connection(stream, peer, router.clone()));
                }
                Err(error) => {
                    // Usually, too many files are open. Wait until other connections have ended.
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

/// Cuts the connection of a request, without a response.
#[derive(Clone)]
pub(crate) struct Cut(Arc<Notify>);

impl Cut {
    /// Never returns, because cutting the connection also drops the task that serves it.
    pub(crate) async fn now(&self) -> Infallible {
        self.0.notify_one();
        std::future::pending().await
    }
}

async fn connection(stream: TcpStream, peer: SocketAddr, router: Router) {
    // Otherwise small responses would be delayed. If it fails, they are only slower.
    let _ = stream.set_nodelay(true);
    let cut = Cut(Arc::new(Notify::new()));
    let requests = hyper::service::service_fn(|mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(cut.clone());
        let mut router = router.clone();
        async move { tower_service::Service::call(&mut router, request.map(Body::new)).await }
    });
    let serving = hyper::server::conn::http1::Builder::new()
        .serve_connection(TokioIo::new(stream), requests)
        .with_upgrades();
    tokio::select! {
        served = serving => if let Err(error) = served {
            tracing::debug!(%peer, %error, "a connection ended early");
        },
        () = cut.0.notified() => {}
    }
}

fn router(hub: Arc<Hub>) -> Router {
    let api = rest::router()
        .fallback(elsewhere)
        .method_not_allowed_fallback(wrong_method)
        .layer(from_fn_with_state(Arc::clone(&hub), recorded::middleware));
    let files = cdn::router().layer(from_fn_with_state(Arc::clone(&hub), recorded::files));
    Router::new()
        .route("/", routing::get(front_door))
        .merge(control::router(&hub))
        .merge(files)
        .merge(api)
        .layer(DefaultBodyLimit::max(LONGEST_BODY))
        .layer(from_fn_with_state(Arc::clone(&hub), guarded))
        .with_state(hub)
}

/// `/`: the page for browsers, the gateway for WebSocket clients.
async fn front_door(
    State(hub): State<Arc<Hub>>,
    headers: HeaderMap,
    query: Query<gateway::Query>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    match upgrade {
        Ok(upgrade) => upgrade
            .max_message_size(LONGEST_FRAME)
            .on_upgrade(|socket| gateway::serve(socket, hub, query.0)),
        Err(error) if headers.contains_key(header::UPGRADE) => error.into_response(),
        Err(_) => web::page(&headers),
    }
}

/// Requests without a route: a file of the page, an address inside the page, or an unknown one.
async fn elsewhere(
    State(hub): State<Arc<Hub>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let path = uri.path();
    if is_api(path) {
        if let Some(refused) = other_version(path) {
            return refused.into_response();
        }
        hub.problem(
            method.as_str(),
            recorded::below_api(path),
            "the sandbox has no such route",
        );
        return refusal(&ApiError::NotFound);
    }
    if method == Method::GET || method == Method::HEAD {
        if let Some(file) = web::file(path, &headers) {
            return file;
        }
        // Jump links are addresses inside the page.
        if path.starts_with("/channels/") {
            return web::page(&headers);
        }
    }
    refusal(&ApiError::NotFound)
}

/// The error for a call of an API version that the sandbox does not have.
fn other_version(path: &str) -> Option<ApiError> {
    let version = path.strip_prefix("/api/v")?.split('/').next()?;
    let number: u32 = version.parse().ok()?;
    (!matches!(number, 9 | 10)).then(|| {
        let what = format!("version {number} of the API: use version 10");
        ApiError::unsupported("", &what)
    })
}

async fn wrong_method(State(hub): State<Arc<Hub>>, method: Method, uri: Uri) -> Response {
    let path = recorded::below_api(uri.path());
    hub.problem(method.as_str(), path, "the sandbox has no such method here");
    refusal(&ApiError::MethodNotAllowed)
}

/// Checks whether the request is accepted, and adds security headers for browsers to every response.
async fn guarded(State(hub): State<Arc<Hub>>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let shows_files = !(path == "/" || is_api(path) || path.starts_with("/control"));
    let mut response = match hub.settings().guard.check(request.uri(), request.headers()) {
        Ok(()) => next.run(request).await,
        Err(why) => (StatusCode::FORBIDDEN, Json(json!({"message": why}))).into_response(),
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (
            header::HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if shows_files && !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        disarm(headers);
    }
    response
}

/// Makes uploaded files harmless: browsers may show or save them, but never run them.
fn disarm(headers: &mut HeaderMap) {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    if !kind.is_some_and(may_be_shown) {
        let saved = match headers
            .get(header::CONTENT_DISPOSITION)
            .map(HeaderValue::as_bytes)
        {
            // The header is already set, possibly with a file name.
            Some(disposition) if disposition.starts_with(b"attachment") => None,
            _ => Some(HeaderValue::from_static("attachment")),
        };
        if let Some(saved) = saved {
            headers.insert(header::CONTENT_DISPOSITION, saved);
        }
    }
    let policy = HeaderValue::from_static("default-src 'none'; sandbox");
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
}

/// Whether browsers may show a file of this type: pictures, films and sounds. SVG can contain scripts.
fn may_be_shown(kind: &str) -> bool {
    let kind = kind
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    match kind.split_once('/') {
        Some(("image", picture)) => !picture.contains("svg") && !picture.contains("xml"),
        Some(("video" | "audio", _)) => true,
        _ => false,
    }
}

fn is_api(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/")
}

fn refusal(error: &ApiError) -> Response {
    let status = StatusCode::from_u16(error.status).unwrap_or(StatusCode::BAD_REQUEST);
    (status, Json(error.to_json())).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pictures_films_and_sounds_are_shown() {
        for (kind, expected) in [
            ("image/png", true),
            ("image/JPEG; q=1", true),
            ("video/mp4", true),
            ("audio/ogg", true),
            ("image/svg+xml", false),
            ("IMAGE/SVG", false),
            ("text/html", false),
            ("application/pdf", false),
            ("image", false),
            ("", false),
        ] {
            assert_eq!(may_be_shown(kind), expected, "{kind}");
        }
    }

    #[test]
    fn other_files_are_saved_under_their_own_name() {
        let disarmed = |pairs: &[(header::HeaderName, &'static str)]| {
            let pairs = pairs
                .iter()
                .map(|(k, v)| (k.clone(), HeaderValue::from_static(v)));
            let mut headers: HeaderMap = pairs.collect();
            disarm(&mut headers);
            let found = headers.get(header::CONTENT_DISPOSITION);
            found.map(|value| value.to_str().unwrap().to_owned())
        };
        let html = (header::CONTENT_TYPE, "text/html");
        assert_eq!(
            disarmed(std::slice::from_ref(&html)).as_deref(),
            Some("attachment")
        );
        let named = (header::CONTENT_DISPOSITION, "attachment; filename=\"x\"");
        assert_eq!(
            disarmed(&[html.clone(), named]).as_deref(),
            Some("attachment; filename=\"x\"")
        );
        let inline = (header::CONTENT_DISPOSITION, "inline");
        assert_eq!(disarmed(&[html, inline]).as_deref(), Some("attachment"));
        assert_eq!(disarmed(&[(header::CONTENT_TYPE, "image/gif")]), None);
    }
}
