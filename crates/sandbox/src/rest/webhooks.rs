//! Webhooks of channels, and `/webhooks/{application}/{token}`: follow-ups to interactions. Both have the
//! same paths; the id decides which of them is meant.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::extract::{Bot, Ids, Params, Payload};
use super::{Answer, Done, Routes, done, messages};
use crate::error::ApiError;
use crate::hub::Hub;
use crate::id::{ApplicationId, ChannelId, GuildId, MessageId, WebhookId};
use crate::wire::{self, read};
use crate::world::model::{Image, Webhook};
use crate::world::{WebhookDraft, World};

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/channels/{channel}/webhooks", list)
        .post("/channels/{channel}/webhooks", create)
        .get("/guilds/{guild}/webhooks", list_in_guild)
        .get("/webhooks/{webhook}", show)
        .patch("/webhooks/{webhook}", edit)
        .delete("/webhooks/{webhook}", remove)
        .get("/webhooks/{webhook}/{token}", show_by_token)
        .post("/webhooks/{webhook}/{token}", send)
        .patch("/webhooks/{webhook}/{token}", edit_by_token)
        .delete("/webhooks/{webhook}/{token}", remove_by_token)
        .get(
            "/webhooks/{webhook}/{token}/messages/{message}",
            show_message,
        )
        .patch(
            "/webhooks/{webhook}/{token}/messages/{message}",
            edit_message,
        )
        .delete(
            "/webhooks/{webhook}/{token}/messages/{message}",
            delete_message,
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
    let (name, avatar) = read::webhook(&payload.body)?;
    let json = hub.change(|world, now| {
        let made = world.create_webhook(now, bot.id, channel, name, avatar)?;
        Ok(made.map(|id| of(world, id)))
    })?;
    Ok(Json(json))
}

async fn show(State(hub): State<Arc<Hub>>, bot: Bot, Ids(webhook): Ids<WebhookId>) -> Answer {
    let now = hub.now();
    hub.look(|world| {
        let found = world.webhook(webhook).ok_or(ApiError::UnknownWebhook)?;
        // An application needs no permission for its own webhook.
        if found.application != Some(bot.application) {
            world.webhooks_for(now, bot.id, found.channel)?;
        }
        Ok(Json(json_of(world, found)))
    })
}

async fn remove(State(hub): State<Arc<Hub>>, bot: Bot, Ids(webhook): Ids<WebhookId>) -> Done {
    done(hub.change(|world, now| world.delete_webhook(now, bot.id, webhook)))
}

/// Sends a follow-up to an interaction, or a webhook's message.
async fn send(
    State(hub): State<Arc<Hub>>,
    Ids((id, token)): Ids<(u64, String)>,
    params: Params,
    payload: Payload,
) -> Result<Response, ApiError> {
    let application = ApplicationId(id);
    let draft = read::webhook_message(&payload.body, payload.files)?;
    // For a follow-up, the response always contains the message, and components are always allowed.
    let (waits, with_components) = (params.flag("wait"), params.flag("with_components"));
    if hub.look(|world| world.application(application).is_some()) {
        let json = hub.change(|world, now| {
            let sent = world.send_followup(now, application, &token, draft.message)?;
            Ok(sent.map(|(channel, id)| messages::of(world, channel, id)))
        })?;
        return Ok(Json(json).into_response());
    }
    let webhook = WebhookId(id);
    let draft = WebhookDraft {
        thread: params.parsed("thread_id")?,
        with_components,
        ..draft
    };
    let json = hub.change(|world, now| {
        let sent = world.execute_webhook(now, webhook, &token, draft)?;
        Ok(sent.map(|(channel, id)| messages::of(world, channel, id)))
    })?;
    Ok(if waits {
        Json(json).into_response()
    } else {
        StatusCode::NO_CONTENT.into_response()
    })
}

/// A message of an interaction or of a webhook. The id decides which.
async fn show_message(
    State(hub): State<Arc<Hub>>,
    Ids((id, token, message)): Ids<(u64, String, String)>,
    params: Params,
) -> Answer {
    let (message, thread) = (which(&message)?, params.parsed("thread_id")?);
    let now = hub.now();
    hub.look(|world| {
        let application = ApplicationId(id);
        let found = match (is_application(world, application), message) {
            (true, None) => world.original(now, application, &token)?,
            (true, Some(id)) => world.followup(now, application, &token, id)?,
            (false, Some(message)) => {
                world.webhook_message(WebhookId(id), &token, thread, message)?
            }
            (false, None) => return Err(no_original(world, WebhookId(id), &token)),
        };
        Ok(Json(wire::message(world, found)))
    })
}

async fn edit_message(
    State(hub): State<Arc<Hub>>,
    Ids((id, token, message)): Ids<(u64, String, String)>,
    params: Params,
    payload: Payload,
) -> Answer {
    let (message, thread) = (which(&message)?, params.parsed("thread_id")?);
    // Read and ignored: whether components are allowed was decided when the message was sent.
    params.flag("with_components");
    let edit = read::message_edit(&payload.body, payload.files)?;
    let json = hub.change(|world, now| {
        let application = ApplicationId(id);
        let changed = if is_application(world, application) {
            world.edit_followup(now, application, &token, message, edit)?
        } else {
            let webhook = WebhookId(id);
            let message = message.ok_or_else(|| no_original(world, webhook, &token))?;
            world.edit_webhook_message(now, webhook, &token, thread, message, edit)?
        };
        Ok(changed.map(|(channel, id)| messages::of(world, channel, id)))
    })?;
    Ok(Json(json))
}

async fn delete_message(
    State(hub): State<Arc<Hub>>,
    Ids((id, token, message)): Ids<(u64, String, String)>,
    params: Params,
) -> Done {
    let (message, thread) = (which(&message)?, params.parsed("thread_id")?);
    done(hub.change(|world, now| {
        let application = ApplicationId(id);
        if is_application(world, application) {
            return world.delete_followup(now, application, &token, message);
        }
        let webhook = WebhookId(id);
        let message = message.ok_or_else(|| no_original(world, webhook, &token))?;
        world.delete_webhook_message(webhook, &token, thread, message)
    }))
}

fn is_application(world: &World, id: ApplicationId) -> bool {
    world.application(id).is_some()
}

/// The error for `@original` of a webhook: only an interaction has one.
fn no_original(world: &World, webhook: WebhookId, token: &str) -> ApiError {
    match world.webhook_by_token(webhook, token) {
        Ok(_) => ApiError::UnknownMessage,
        Err(refused) => refused,
    }
}

async fn list_in_guild(State(hub): State<Arc<Hub>>, bot: Bot, Ids(guild): Ids<GuildId>) -> Answer {
    let now = hub.now();
    hub.look(|world| {
        let found = world.webhooks_in_guild(now, bot.id, guild)?;
        Ok(Json(found.into_iter().map(|w| json_of(world, w)).collect()))
    })
}

async fn edit(
    State(hub): State<Arc<Hub>>,
    bot: Bot,
    Ids(webhook): Ids<WebhookId>,
    payload: Payload,
) -> Answer {
    let edit = read::webhook_edit(&payload.or_empty(), false)?;
    let json = hub.change(|world, now| {
        let changed = world.edit_webhook(now, bot.id, webhook, edit)?;
        Ok(changed.map(|id| of(world, id)))
    })?;
    Ok(Json(json))
}

async fn show_by_token(
    State(hub): State<Arc<Hub>>,
    Ids((webhook, token)): Ids<(WebhookId, String)>,
) -> Answer {
    hub.look(|world| {
        let found = world.webhook_by_token(webhook, &token)?;
        Ok(Json(without_user(json_of(world, found))))
    })
}

async fn edit_by_token(
    State(hub): State<Arc<Hub>>,
    Ids((webhook, token)): Ids<(WebhookId, String)>,
    payload: Payload,
) -> Answer {
    let edit = read::webhook_edit(&payload.or_empty(), true)?;
    let json = hub.change(|world, now| {
        let changed = world.edit_webhook_by_token(now, webhook, &token, edit)?;
        Ok(changed.map(|id| without_user(of(world, id))))
    })?;
    Ok(Json(json))
}

async fn remove_by_token(
    State(hub): State<Arc<Hub>>,
    Ids((webhook, token)): Ids<(WebhookId, String)>,
) -> Done {
    done(hub.change(|world, _| world.delete_webhook_by_token(webhook, &token)))
}

fn of(world: &World, webhook: WebhookId) -> Value {
    let found = world.webhook(webhook);
    found.map_or(Value::Null, |found| json_of(world, found))
}

/// The response to a client that has only the token does not contain the webhook's creator.
fn without_user(mut json: Value) -> Value {
    if let Some(fields) = json.as_object_mut() {
        fields.remove("user");
    }
    json
}

/// The message in the path. `@original`, the first response, becomes `None`.
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
        "avatar": webhook.avatar.map(Image::hash),
        "token": webhook.token,
        "application_id": webhook.application,
        "url": format!("{}/api/webhooks/{}/{}", world.base_url(), webhook.id, webhook.token),
    })
}
