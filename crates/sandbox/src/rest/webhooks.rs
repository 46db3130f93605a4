//! Webhooks of channels, and `/webhooks/{application}/{token}`: what follows the first answer to
//! an interaction. Both have the same paths; whose id stands there decides.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use super::extract::{Bot, Ids, Params, Payload};
use super::{Answer, Done, done, messages};
use crate::error::ApiError;
use crate::hub::Hub;
use crate::id::{ApplicationId, ChannelId, MessageId, WebhookId};
use crate::wire::{self, read};
use crate::world::model::Webhook;
use crate::world::{WebhookDraft, World};

pub(super) fn routes() -> Router<Arc<Hub>> {
    Router::new()
        .route("/channels/{channel}/webhooks", get(list).post(create))
        .route("/webhooks/{webhook}", get(show).delete(remove))
        .route("/webhooks/{webhook}/{token}", post(send))
        .route(
            "/webhooks/{webhook}/{token}/messages/{message}",
            get(show_message).patch(edit_message).delete(delete_message),
        )
}

async fn list(State(hub): State<Arc<Hub>>, bot: Bot, Ids(channel): Ids<ChannelId>) -> Answer {
    let now = hub.now();
    hub.look(|world| {
        let found = world.webhooks_for(now, bot.id, channel)?;
        Ok(Json(found.into_iter().map(|w| json_of(world, w)).collect()))
    })
}

async fn create(
    State(hub): State<Arc<Hub>>,
    bot: Bot,
    Ids(channel): Ids<ChannelId>,
    payload: Payload,
) -> Answer {
    let name = read::webhook(&payload.body)?;
    let json = hub.change(|world, now| {
        let made = world.create_webhook(now, bot.id, channel, name)?;
        Ok(made.map(|id| {
            world
                .webhook(id)
                .map(|w| json_of(world, w))
                .unwrap_or_default()
        }))
    })?;
    Ok(Json(json))
}

async fn show(State(hub): State<Arc<Hub>>, bot: Bot, Ids(webhook): Ids<WebhookId>) -> Answer {
    let now = hub.now();
    hub.look(|world| {
        let found = world.webhook(webhook).ok_or(ApiError::UnknownWebhook)?;
        world.webhooks_for(now, bot.id, found.channel)?;
        Ok(Json(json_of(world, found)))
    })
}

async fn remove(State(hub): State<Arc<Hub>>, bot: Bot, Ids(webhook): Ids<WebhookId>) -> Done {
    done(hub.change(|world, now| world.delete_webhook(now, bot.id, webhook)))
}

/// A follow-up to an interaction, or what a webhook says.
async fn send(
    State(hub): State<Arc<Hub>>,
    Ids((id, token)): Ids<(u64, String)>,
    params: Params,
    payload: Payload,
) -> Result<Response, ApiError> {
    let application = ApplicationId(id);
    let username = read::webhook_username(&payload.body)?;
    let draft = read::message(&payload.body, payload.files)?;
    if hub.look(|world| world.application(application).is_some()) {
        let json = hub.change(|world, now| {
            let sent = world.send_followup(now, application, &token, draft)?;
            Ok(sent.map(|(channel, id)| messages::of(world, channel, id)))
        })?;
        return Ok(Json(json).into_response());
    }
    let webhook = WebhookId(id);
    let draft = WebhookDraft {
        message: draft,
        username,
        thread: params.parsed("thread_id")?,
    };
    let json = hub.change(|world, now| {
        let channel = draft
            .thread
            .or_else(|| world.webhook(webhook).map(|w| w.channel));
        let sent = world.execute_webhook(now, webhook, &token, draft)?;
        let channel = channel.unwrap_or(ChannelId(0));
        Ok(sent.map(|id| messages::of(world, channel, id)))
    })?;
    Ok(if params.flag("wait") {
        Json(json).into_response()
    } else {
        StatusCode::NO_CONTENT.into_response()
    })
}

async fn show_message(
    State(hub): State<Arc<Hub>>,
    Ids((application, token, message)): Ids<(ApplicationId, String, String)>,
) -> Answer {
    let message = which(&message)?;
    let now = hub.now();
    hub.look(|world| {
        let found = match message {
            None => world.original(now, application, &token)?,
            Some(id) => world.followup(now, application, &token, id)?,
        };
        Ok(Json(wire::message(world, found)))
    })
}

async fn edit_message(
    State(hub): State<Arc<Hub>>,
    Ids((application, token, message)): Ids<(ApplicationId, String, String)>,
    payload: Payload,
) -> Answer {
    let message = which(&message)?;
    let edit = read::message_edit(&payload.body, payload.files)?;
    let json = hub.change(|world, now| {
        let changed = world.edit_followup(now, application, &token, message, edit)?;
        Ok(changed.map(|(channel, id)| messages::of(world, channel, id)))
    })?;
    Ok(Json(json))
}

async fn delete_message(
    State(hub): State<Arc<Hub>>,
    Ids((application, token, message)): Ids<(ApplicationId, String, String)>,
) -> Done {
    let message = which(&message)?;
    done(hub.change(|world, now| world.delete_followup(now, application, &token, message)))
}

/// `@original` is the first answer.
fn which(message: &str) -> Result<Option<MessageId>, ApiError> {
    if message == "@original" {
        return Ok(None);
    }
    message.parse().map(Some).map_err(|_| {
        let message = "A value in the path is not snowflake.";
        ApiError::field("", "NUMBER_TYPE_COERCE", message)
    })
}

fn json_of(world: &World, webhook: &Webhook) -> Value {
    json!({
        "id": webhook.id,
        "type": 1,
        "guild_id": webhook.guild,
        "channel_id": webhook.channel,
        "user": world.user(webhook.creator).map(wire::user),
        "name": webhook.name,
        "avatar": null,
        "token": webhook.token,
        "application_id": webhook.application,
        "url": format!("{}/api/webhooks/{}/{}", world.base_url(), webhook.id, webhook.token),
    })
}
