//! What a bot requests when it logs in: its application, and the gateway's address.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::extract::{Bot, Ids, Payload};
use super::{Answer, Routes};
use crate::error::ApiError;
use crate::hub::Hub;
use crate::id::ApplicationId;
use crate::limits::StartsLeft;
use crate::wire::{self, read};

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/applications/@me", own)
        .patch("/applications/@me", edit)
        .get("/applications/{application}", by_id)
        .patch("/applications/{application}", edit_by_id)
        .get("/oauth2/applications/@me", own)
        .get("/gateway", gateway)
        .get("/gateway/bot", gateway_for_bots)
}

async fn own(State(hub): State<Arc<Hub>>, bot: Bot) -> Answer {
    hub.look(|world| {
        let found = world
            .application(bot.application)
            .ok_or(ApiError::UnknownApplication)?;
        Ok(Json(wire::application(world, found)))
    })
}

/// Only the bot's own application: a bot may not read others.
async fn by_id(hub: State<Arc<Hub>>, bot: Bot, Ids(application): Ids<ApplicationId>) -> Answer {
    if application != bot.application {
        return Err(ApiError::UnknownApplication);
    }
    own(hub, bot).await
}

async fn edit(State(hub): State<Arc<Hub>>, bot: Bot, payload: Payload) -> Answer {
    let edit = read::application_edit(&payload.or_empty())?;
    hub.change(|world, now| world.edit_application(now, bot.application, edit))?;
    own(State(hub), bot).await
}

async fn edit_by_id(
    hub: State<Arc<Hub>>,
    bot: Bot,
    Ids(application): Ids<ApplicationId>,
    payload: Payload,
) -> Answer {
    if application != bot.application {
        return Err(ApiError::UnknownApplication);
    }
    edit(hub, bot, payload).await
}

async fn gateway(State(hub): State<Arc<Hub>>) -> Json<Value> {
    Json(json!({"url": hub.settings().gateway_url}))
}

async fn gateway_for_bots(State(hub): State<Arc<Hub>>, bot: Bot) -> Json<Value> {
    let guilds = hub.look(|world| world.user(bot.id).map_or(0, |user| user.guilds.len()));
    let starts = hub.limiter().starts_left(hub.now(), bot.id);
    Json(json!({
        "url": hub.settings().gateway_url,
        "shards": hub.settings().sharding.recommended(guilds),
        "session_start_limit": {
            "total": StartsLeft::TOTAL,
            "remaining": starts.remaining,
            "reset_after": starts.reset_after_ms,
            "max_concurrency": hub.settings().sharding.max_concurrency,
        },
    }))
}
