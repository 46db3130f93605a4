//! The record and the problems.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{TheHub, last_event};
use crate::control::extract::{Query, Reply};
use crate::control::{events, trouble};

#[derive(Deserialize)]
pub(super) struct RecordQuery {
    #[serde(default)]
    after: u64,
    limit: Option<usize>,
    #[serde(default)]
    brief: bool,
}

pub(super) async fn record(State(hub): TheHub, Query(query): Query<RecordQuery>) -> Reply {
    Reply(trouble::record(
        &hub,
        query.after,
        query.limit.unwrap_or(1000),
        query.brief,
    ))
}

pub(super) async fn record_events(State(hub): TheHub, headers: HeaderMap) -> Response {
    events::record(hub, last_event(&headers)).into_response()
}

pub(super) async fn problems(State(hub): TheHub) -> Reply {
    hub.inspector().caught_up().await;
    Reply(json!(hub.record().problems()))
}

pub(super) async fn clear_problems(State(hub): TheHub) -> Reply {
    hub.inspector().caught_up().await;
    hub.record().clear_problems();
    Reply(Value::Null)
}
