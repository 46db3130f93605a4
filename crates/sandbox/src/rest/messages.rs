//! `/channels/{channel}/messages`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::Value;

use super::extract::{Bot, Ids, Params, Payload};
use super::{Answer, Done, Routes, done};
use crate::hub::Hub;
use crate::id::{ChannelId, MessageId};
use crate::wire::{self, read};
use crate::world::draft::{Page, Start};
use crate::world::model::Message;
use crate::world::{Intents, World};

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/channels/{channel}/messages", list)
        .post("/channels/{channel}/messages", send)
        .post("/channels/{channel}/messages/bulk-delete", bulk_delete)
        .get("/channels/{channel}/messages/{message}", show)
        .patch("/channels/{channel}/messages/{message}", edit)
        .delete("/channels/{channel}/messages/{message}", remove)
}

async fn list(
    State(hub): State<Arc<Hub>>,
    bot: Bot,
    Ids(channel): Ids<ChannelId>,
    params: Params,
) -> Answer {
    let limit = params.limit(50, 100)?;
    let start = match (
        params.parsed("around")?,
        params.parsed("before")?,
        params.parsed("after")?,
    ) {
        (Some(around), ..) => Start::Around(around),
        (_, Some(before), _) => Start::Before(before),
        (_, _, Some(after)) => Start::After(after),
        _ => Start::Newest,
    };
    let now = hub.now();
    hub.look(|world| {
        let found = world.messages_for(now, bot.id, channel, Page { start, limit })?;
        Ok(Json(
            found.into_iter().map(|m| readable(world, m, bot)).collect(),
        ))
    })
}

async fn show(
    State(hub): State<Arc<Hub>>,
    bot: Bot,
    Ids((channel, message)): Ids<(ChannelId, MessageId)>,
) -> Answer {
    let now = hub.now();
    hub.look(|world| {
        let found = world.message_for(now, bot.id, channel, message)?;
        Ok(Json(readable(world, found, bot)))
    })
}

async fn send(
    State(hub): State<Arc<Hub>>,
    bot: Bot,
    Ids(channel): Ids<ChannelId>,
    payload: Payload,
) -> Answer {
    let draft = read::message(&payload.body, payload.files)?;
    let json = hub.change(|world, now| {
        let sent = world.send_message(now, bot.id, channel, draft)?;
        Ok(sent.map(|id| of(world, channel, id)))
    })?;
    Ok(Json(json))
}

async fn edit(
    State(hub): State<Arc<Hub>>,
    bot: Bot,
    Ids((channel, message)): Ids<(ChannelId, MessageId)>,
    payload: Payload,
) -> Answer {
    let edit = read::message_edit(&payload.body, payload.files)?;
    let json = hub.change(|world, now| {
        let changed = world.edit_message(now, bot.id, channel, message, edit)?;
        Ok(changed.map(|id| of(world, channel, id)))
    })?;
    Ok(Json(json))
}

async fn remove(
    State(hub): State<Arc<Hub>>,
    bot: Bot,
    Ids((channel, message)): Ids<(ChannelId, MessageId)>,
) -> Done {
    done(hub.change(|world, now| world.delete_message(now, bot.id, channel, message)))
}

async fn bulk_delete(
    State(hub): State<Arc<Hub>>,
    bot: Bot,
    Ids(channel): Ids<ChannelId>,
    payload: Payload,
) -> Done {
    let messages = read::bulk_delete(&payload.body)?;
    done(hub.change(|world, now| world.bulk_delete(now, bot.id, channel, &messages)))
}

/// A message that was just created or changed, as a response.
pub(super) fn of(world: &World, channel: ChannelId, id: MessageId) -> Value {
    world
        .message(channel, id)
        .map_or(Value::Null, |found| wire::message(world, found))
}

/// A message, without its content if the bot may not read that.
pub(super) fn readable(world: &World, found: &Message, bot: Bot) -> Value {
    let application = world.application(bot.application);
    let may_read = application.is_some_and(|a| a.privileged.message_content);
    let intents = if may_read {
        Intents::MESSAGE_CONTENT
    } else {
        Intents(0)
    };
    let mut json = wire::message(world, found);
    if wire::missing_content(found, bot.id, Some(intents)) {
        wire::without_content(&mut json);
    }
    json
}
