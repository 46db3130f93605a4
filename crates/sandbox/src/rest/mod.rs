//! The routes of the REST API: thin skins over the world, one file per kind of thing.
//!
//! A handler reads what was sent ([`extract`]), asks the world, and answers with what
//! [`crate::wire`] makes of it. Who is authorised, what may be done and what it causes is the
//! world's business.

mod applications;
mod audit;
mod bans;
mod channels;
mod commands;
mod emojis;
mod empty;
pub(crate) mod extract;
mod guilds;
mod interactions;
mod invites;
mod members;
mod messages;
mod pins;
mod reactions;
mod roles;
mod threads;
mod unsupported;
mod users;
mod webhooks;

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Json, Router};
use serde_json::Value;

use crate::error::ApiError;
use crate::hub::Hub;

/// Everything below `/api`, `/api/v9` and `/api/v10`; all three mean the same.
pub(crate) fn router() -> Router<Arc<Hub>> {
    Router::new()
        .nest("/api", api())
        .nest("/api/v9", api())
        .nest("/api/v10", api())
}

fn api() -> Router<Arc<Hub>> {
    Router::new()
        .merge(applications::routes())
        .merge(audit::routes())
        .merge(bans::routes())
        .merge(channels::routes())
        .merge(commands::routes())
        .merge(emojis::routes())
        .merge(empty::routes())
        .merge(guilds::routes())
        .merge(interactions::routes())
        .merge(invites::routes())
        .merge(members::routes())
        .merge(messages::routes())
        .merge(pins::routes())
        .merge(reactions::routes())
        .merge(roles::routes())
        .merge(threads::routes())
        .merge(unsupported::routes())
        .merge(users::routes())
        .merge(webhooks::routes())
}

/// 200 with JSON, or a refusal.
type Answer = Result<Json<Value>, ApiError>;
/// 204, or a refusal.
type Done = Result<StatusCode, ApiError>;

/// A call that answers with nothing.
fn done(result: Result<(), ApiError>) -> Done {
    result.map(|()| StatusCode::NO_CONTENT)
}

/// Goes with an answer that refuses what the sandbox does not imitate: the problem to record.
#[derive(Clone)]
pub(crate) struct NotImitated(pub(crate) Vec<String>);

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_REQUEST);
        let mut response = (status, Json(self.to_json())).into_response();
        let sentences = self.unsupported_sentences();
        if !sentences.is_empty() {
            response.extensions_mut().insert(NotImitated(sentences));
        }
        response
    }
}
