//! `/users`: the bot's own user, other users, and the bot's servers.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::extract::{Bot, Ids, Params, Payload};
use super::{Answer, Done, Routes, done};
use crate::error::ApiError;
use crate::hub::Hub;
use crate::id::{GuildId, UserId};
use crate::wire::{self, read};
use crate::world::model::Image;

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/users/@me", me)
        .patch("/users/@me", edit)
        .post("/users/@me/channels", open_direct_messages)
        .get("/users/@me/guilds", guilds)
        .get("/users/@me/guilds/{guild}/member", own_member)
        .delete("/users/@me/guilds/{guild}", leave)
        .get("/users/{user}", user)
}

async fn me(State(hub): State<Arc<Hub>>, bot: Bot) -> Answer {
    Ok(Json(hub.look(|world| wire::current_user(world, bot.id))))
}

async fn edit(State(hub): State<Arc<Hub>>, bot: Bot, payload: Payload) -> Answer {
    let edit = read::current_user(&payload.or_empty())?;
    hub.change(|world, now| world.edit_bot(now, bot.id, edit.username, edit.avatar))?;
    me(State(hub), bot).await
}

async fn open_direct_messages(State(hub): State<Arc<Hub>>, bot: Bot, payload: Payload) -> Answer {
    let other = read::recipient(&payload.body)?;
    let json = hub.change(|world, now| {
        let opened = world.open_direct_messages(now, bot.id, other)?;
        Ok(opened.map(|id| {
            let channel = world.channel(id);
            channel.map_or(Value::Null, |c| wire::direct_channel(world, c, bot.id))
        }))
    })?;
    Ok(Json(json))
}

async fn own_member(State(hub): State<Arc<Hub>>, bot: Bot, Ids(guild): Ids<GuildId>) -> Answer {
    hub.look(|world| {
        world.joined_guild(bot.id, guild)?;
        let found = world.member(guild, bot.id).ok_or(ApiError::UnknownMember)?;
        Ok(Json(wire::member(world, found)))
    })
}

async fn user(State(hub): State<Arc<Hub>>, _: Bot, Ids(user): Ids<UserId>) -> Answer {
    let found = hub.look(|world| world.user(user).map(wire::user));
    found.map(Json).ok_or(ApiError::UnknownUser)
}

async fn guilds(State(hub): State<Arc<Hub>>, bot: Bot, params: Params) -> Answer {
    let limit = params.limit(200, 200)?;
    let after = params.parsed::<GuildId>("after")?.unwrap_or(GuildId(0));
    let before = params
        .parsed::<GuildId>("before")?
        .unwrap_or(GuildId(u64::MAX));
    let counts = params.flag("with_counts");
    let now = hub.now();
    let list: Vec<Value> = hub.look(|world| {
        let own = world.user(bot.id).into_iter().flat_map(|user| &user.guilds);
        let page = own.filter(|id| **id > after && **id < before).take(limit);
        page.filter_map(|id| {
            let guild = world.guild(*id)?;
            let mut json = json!({
                "id": guild.id,
                "name": guild.name,
                "icon": guild.icon.map(Image::hash),
                "banner": null,
                "owner": guild.owner == bot.id,
                "permissions": world.permissions_in_guild(now, guild.id, bot.id),
                "features": [],
            });
            if counts {
                json["approximate_member_count"] = guild.members.len().into();
                json["approximate_presence_count"] = guild.members.len().into();
            }
            Some(json)
        })
        .collect()
    });
    Ok(Json(list.into()))
}

async fn leave(State(hub): State<Arc<Hub>>, bot: Bot, Ids(guild): Ids<GuildId>) -> Done {
    done(hub.change(|world, now| world.leave_guild(now, bot.id, guild)))
}
