//! `/channels/{channel}`: channels and threads themselves, overwrites, typing.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::Value;

use super::extract::{Bot, Ids, Payload};
use super::{Answer, Done, Routes, done};
use crate::hub::Hub;
use crate::id::{ChannelId, UserId};
use crate::wire::{self, read};
use crate::world::model::{ChannelKind, Place};
use crate::world::{Deleted, ThreadMember, World};

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/channels/{channel}", show)
        .patch("/channels/{channel}", edit)
        .delete("/channels/{channel}", remove)
        .post("/channels/{channel}/typing", typing)
        .put("/channels/{channel}/permissions/{target}", set_overwrite)
        .delete("/channels/{channel}/permissions/{target}", delete_overwrite)
}

async fn show(State(hub): State<Arc<Hub>>, bot: Bot, Ids(channel): Ids<ChannelId>) -> Answer {
    let now = hub.now();
    hub.look(|world| {
        let (place, _) = world.visible(now, bot.id, channel)?;
        Ok(Json(with_membership(world, place, bot.id)))
    })
}

async fn edit(
    State(hub): State<Arc<Hub>>,
    bot: Bot,
    Ids(channel): Ids<ChannelId>,
    payload: Payload,
) -> Answer {
    let edit = read::channel_edit(&payload.or_empty())?;
    let json = hub.change(|world, now| {
        let changed = world.edit_channel(now, bot.id, channel, edit)?;
        Ok(changed.map(|id| of(world, id, bot.id)))
    })?;
    Ok(Json(json))
}

async fn remove(State(hub): State<Arc<Hub>>, bot: Bot, Ids(channel): Ids<ChannelId>) -> Answer {
    // Deleting direct messages only closes them: the messages are kept.
    let direct = hub.look(|world| {
        world
            .channel(channel)
            .is_some_and(|c| c.kind == ChannelKind::Direct)
    });
    if direct {
        return show(State(hub), bot, Ids(channel)).await;
    }
    let deleted = hub.change(|world, now| world.delete_channel(now, bot.id, channel))?;
    Ok(Json(match deleted {
        Deleted::Channel(channel) => wire::channel(Place::Channel(&channel)),
        Deleted::Thread(thread) => wire::thread(&thread),
    }))
}

async fn typing(State(hub): State<Arc<Hub>>, bot: Bot, Ids(channel): Ids<ChannelId>) -> Done {
    done(hub.change(|world, now| world.start_typing(now, bot.id, channel)))
}

async fn set_overwrite(
    State(hub): State<Arc<Hub>>,
    bot: Bot,
    Ids((channel, target)): Ids<(ChannelId, u64)>,
    payload: Payload,
) -> Done {
    let overwrite = read::overwrite(target, &payload.body)?;
    done(hub.change(|world, now| world.set_overwrite(now, bot.id, channel, overwrite)))
}

async fn delete_overwrite(
    State(hub): State<Arc<Hub>>,
    bot: Bot,
    Ids((channel, target)): Ids<(ChannelId, u64)>,
) -> Done {
    done(hub.change(|world, now| world.delete_overwrite(now, bot.id, channel, target)))
}

/// A channel or thread as a response. The bot may have just lost access to it.
pub(super) fn of(world: &World, id: ChannelId, bot: UserId) -> Value {
    world
        .place(id)
        .map_or(Value::Null, |place| with_membership(world, place, bot))
}

/// A channel or thread. If the bot is in the thread, its membership is included.
pub(super) fn with_membership(world: &World, place: Place<'_>, bot: UserId) -> Value {
    let mut json = match place {
        Place::Channel(found) if found.kind == ChannelKind::Direct => {
            wire::direct_channel(world, found, bot)
        }
        place => wire::channel(place),
    };
    if let Place::Thread(thread, _) = place
        && let Some(joined) = thread.members.get(&bot)
    {
        let member = ThreadMember {
            thread: thread.id,
            user: bot,
            joined: *joined,
        };
        json["member"] = wire::thread_member(world, thread.guild, &member, false);
    }
    json
}
