//! Wraps every call of the control API that changes something: adds it to the record unchanged, so that a
//! replay can repeat it.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::hub::Hub;
use crate::record::RawWhat;
use crate::server::{LONGEST_BODY, kept_body};

pub(super) async fn middleware(
    State(hub): State<Arc<Hub>>,
    request: Request,
    next: Next,
) -> Response {
    if request.method() == Method::GET {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LONGEST_BODY).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let path = parts.uri.path();
    hub.note(RawWhat::Control {
        method: parts.method.to_string(),
        path: path.strip_prefix("/control").unwrap_or(path).to_owned(),
        request: kept_body(&parts.headers, &body).await,
    });
    next.run(Request::from_parts(parts, Body::from(body))).await
}
