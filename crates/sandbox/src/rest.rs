//! The routes of the REST API: thin skins over the world, one file per kind of thing.
//!
//! A handler reads the request ([`extract`]), calls the world, and responds with the JSON of [`crate::wire`].
//! The world decides who is authorised, what is allowed, and what it causes.

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
mod table;
mod thread_search;
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
use table::Routes;

pub use table::ApiCall;

/// Everything below `/api`, `/api/v9` and `/api/v10`; all three mean the same.
pub(crate) fn router() -> Router<Arc<Hub>> {
    Router::new()
        .nest("/api", table().router())
        .nest("/api/v9", table().router())
        .nest("/api/v10", table().router())
}

/// Each call of Discord's API, imitated or refused, sorted by path.
pub fn api_calls() -> Vec<ApiCall> {
    table().calls()
}

fn table() -> Routes {
    Routes::new()
        .and(applications::routes())
        .and(audit::routes())
        .and(bans::routes())
        .and(channels::routes())
        .and(commands::routes())
        .and(emojis::routes())
        .and(empty::routes())
        .and(guilds::routes())
        .and(interactions::routes())
        .and(invites::routes())
        .and(members::routes())
        .and(messages::routes())
        .and(pins::routes())
        .and(reactions::routes())
        .and(roles::routes())
        .and(thread_search::routes())
        .and(threads::routes())
        .and(unsupported::routes())
        .and(users::routes())
        .and(webhooks::routes())
}

/// 200 with JSON, or an error.
type Answer = Result<Json<Value>, ApiError>;
/// 204, or an error.
type Done = Result<StatusCode, ApiError>;

/// Responds without a body.
fn done(result: Result<(), ApiError>) -> Done {
    result.map(|()| StatusCode::NO_CONTENT)
}

/// Marks a response that refuses something the sandbox does not imitate, with the problems to record.
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
