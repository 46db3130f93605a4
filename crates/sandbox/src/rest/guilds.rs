//! `/guilds/{guild}`: servers themselves, and their channels.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::Value;

use super::channels;
use super::extract::{Bot, Ids, Params, Payload};
use super::{Answer, Done, Routes, done};
use crate::error::ApiError;
use crate::hub::Hub;
use crate::id::GuildId;
use crate::wire::{self, read};
use crate::world::model::Place;

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/guilds/{guild}", show)
        .patch("/guilds/{guild}", edit)
        .get("/guilds/{guild}/channels", list_channels)
        .post("/guilds/{guild}/channels", create_channel)
        .patch("/guilds/{guild}/channels", move_channels)
}

async fn show(
    State(hub): State<Arc<Hub>>,
    bot: Bot,
    Ids(guild): Ids<GuildId>,
    params: Params,
) -> Answer {
    hub.look(|world| {
        let found = world.joined_guild(bot.id, guild)?;
        let mut json = wire::guild(found);
        if params.flag("with_counts") {
            json["approximate_member_count"] = found.members.len().into();
            json["approximate_presence_count"] = found.members.len().into();
        }
        Ok(Json(json))
    })
}

async fn edit(
    State(hub): State<Arc<Hub>>,
    bot: Bot,
    Ids(guild): Ids<GuildId>,
    payload: Payload,
) -> Answer {
    let edit = read::guild_edit(&payload.or_empty())?;
    let json = hub.change(|world, now| {
        let changed = world.edit_guild(now, bot.id, guild, edit)?;
        Ok(changed.map(|id| world.guild(id).map(wire::guild).unwrap_or_default()))
    })?;
    Ok(Json(json))
}

async fn list_channels(State(hub): State<Arc<Hub>>, bot: Bot, Ids(guild): Ids<GuildId>) -> Answer {
    let now = hub.now();
    hub.look(|world| {
        let found = world.joined_guild(bot.id, guild)?;
        let channels = found.channels.iter().filter_map(|id| world.channel(*id));
        let json = channels.map(|channel| {
            let place = Place::Channel(channel);
            if world.can_view(now, place, bot.id) {
                wire::channel(place)
            } else {
                wire::channel_hidden(channel)
            }
        });
        Ok(Json(json.collect()))
    })
}

async fn move_channels(
    State(hub): State<Arc<Hub>>,
    bot: Bot,
    Ids(guild): Ids<GuildId>,
    payload: Payload,
) -> Done {
    let moves = read::channel_moves(&payload.body)?;
    done(hub.change(|world, now| world.move_channels(now, bot.id, guild, &moves)))
}

async fn create_channel(
    State(hub): State<Arc<Hub>>,
    bot: Bot,
    Ids(guild): Ids<GuildId>,
    payload: Payload,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let draft = read::channel(&payload.body)?;
    let json = hub.change(|world, now| {
        let made = world.create_channel(now, bot.id, guild, draft)?;
        Ok(made.map(|id| channels::of(world, id, bot.id)))
    })?;
    Ok((StatusCode::CREATED, Json(json)))
}
