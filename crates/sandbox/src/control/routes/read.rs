//! What a person can see.

use std::time::Duration;

use axum::extract::State;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_TYPE, UPGRADE};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::{Answer, TheHub, last_event};
use crate::control::error::ControlError;
use crate::control::extract::{Params, Query, Reply};
use crate::control::{events, look};
use crate::id::MessageId;

/// The longest frame that is accepted. Clients send no longer ones.
const LONGEST_FRAME: usize = 4096;

/// The OpenAPI document.
pub(super) async fn description() -> impl IntoResponse {
    const DESCRIPTION: &str = include_str!("../../../control-openapi.json");
    ([(CONTENT_TYPE, "application/json")], DESCRIPTION)
}

pub(super) async fn world(State(hub): TheHub) -> Reply {
    Reply(look::world(&hub))
}

pub(super) async fn view(State(hub): TheHub, params: Params) -> Answer {
    look::view(&hub, params.actor()?.id).map(Reply)
}

pub(super) async fn channel(State(hub): TheHub, params: Params) -> Answer {
    look::channel(&hub, params.actor()?.id, params.id("channel")?).map(Reply)
}

#[derive(Deserialize)]
pub(crate) struct PageQuery {
    pub(in crate::control) before: Option<MessageId>,
    pub(in crate::control) after: Option<MessageId>,
    pub(in crate::control) limit: Option<usize>,
}

pub(super) async fn messages(
    State(hub): TheHub,
    params: Params,
    Query(query): Query<PageQuery>,
) -> Answer {
    let page = look::page(&query)?;
    look::messages(&hub, params.actor()?.id, params.id("channel")?, page).map(Reply)
}

#[derive(Deserialize)]
pub(super) struct ThreadsQuery {
    #[serde(default)]
    archived: bool,
}

pub(super) async fn threads(
    State(hub): TheHub,
    params: Params,
    Query(query): Query<ThreadsQuery>,
) -> Answer {
    look::threads(
        &hub,
        params.actor()?.id,
        params.id("channel")?,
        query.archived,
    )
    .map(Reply)
}

pub(super) async fn thread_members(State(hub): TheHub, params: Params) -> Answer {
    look::thread_members(&hub, params.actor()?.id, params.id("channel")?).map(Reply)
}

#[derive(Deserialize)]
pub(super) struct CommandsQuery {
    guild: Option<crate::id::GuildId>,
}

pub(super) async fn commands(
    State(hub): TheHub,
    params: Params,
    Query(query): Query<CommandsQuery>,
) -> Answer {
    let guild = query.guild.ok_or_else(|| {
        ControlError::wrong(
            "`guild` is missing in the query: it is the id of the server, as in `commands?guild=123`",
        )
    })?;
    look::commands(&hub, params.actor()?.id, guild).map(Reply)
}

#[derive(Deserialize)]
pub(super) struct InteractionQuery {
    #[serde(default)]
    wait: bool,
    timeout_ms: Option<u64>,
}

/// How long `wait=true` waits by default.
const TIME_LIMIT: Duration = Duration::from_secs(30);

pub(super) async fn interaction(
    State(hub): TheHub,
    params: Params,
    Query(query): Query<InteractionQuery>,
) -> Answer {
    let (who, id) = (params.actor()?.id, params.id("interaction")?);
    if query.wait {
        let time_limit = query.timeout_ms.map_or(TIME_LIMIT, Duration::from_millis);
        return look::answered(&hub, who, id, time_limit).await.map(Reply);
    }
    look::interaction(&hub, who, id).map(|(view, _)| Reply(view))
}

pub(super) async fn person_events(
    State(hub): TheHub,
    params: Params,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    let person = match params.actor() {
        Ok(actor) => actor.id,
        Err(error) => return error.into_response(),
    };
    match upgrade {
        Ok(upgrade) => upgrade
            .max_message_size(LONGEST_FRAME)
            .on_upgrade(move |socket| events::person_socket(socket, hub, person)),
        Err(error) if headers.contains_key(UPGRADE) => error.into_response(),
        Err(_) => events::person(hub, person, last_event(&headers)).into_response(),
    }
}
