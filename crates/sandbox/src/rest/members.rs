//! `/guilds/{guild}/members`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::extract::{Bot, Ids, Params, Payload};
use super::{Answer, Done, Routes, done};
use crate::error::ApiError;
use crate::hub::Hub;
use crate::id::{GuildId, RoleId, UserId};
use crate::wire::{self, read};
use crate::world::World;

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/guilds/{guild}/members", list)
        .get("/guilds/{guild}/members/search", search)
        .patch("/guilds/{guild}/members/@me", edit_own)
        .patch("/guilds/{guild}/members/@me/nick", rename_self)
        .get("/guilds/{guild}/members/{user}", show)
        .patch("/guilds/{guild}/members/{user}", edit)
        .delete("/guilds/{guild}/members/{user}", kick)
        .put("/guilds/{guild}/members/{user}/roles/{role}", add_role)
        .delete("/guilds/{guild}/members/{user}/roles/{role}", remove_role)
}

async fn list(
    State(hub): State<Arc<Hub>>,
    bot: Bot,
    Ids(guild): Ids<GuildId>,
    params: Params,
) -> Answer {
    let limit = params.limit(1, 1000)?;
    let after = params.parsed::<UserId>("after")?.unwrap_or(UserId(0));
    hub.look(|world| {
        let found = world.joined_guild(bot.id, guild)?;
        if world
            .application(bot.application)
            .is_none_or(|a| !a.privileged.members)
        {
            return Err(ApiError::MissingAccess);
        }
        let members = found
            .members
            .values()
            .filter(|m| m.user > after)
            .take(limit);
        Ok(Json(members.map(|m| wire::member(world, m)).collect()))
    })
}

async fn search(
    State(hub): State<Arc<Hub>>,
    bot: Bot,
    Ids(guild): Ids<GuildId>,
    params: Params,
) -> Answer {
    let limit = params.limit(1, 1000)?;
    let Some(query) = params
        .text("query")
        .filter(|q| !q.is_empty())
        .map(str::to_lowercase)
    else {
        return Err(ApiError::field(
            "query",
            "BASE_TYPE_REQUIRED",
            "This field is required",
        ));
    };
    hub.look(|world| {
        let found = world.joined_guild(bot.id, guild)?;
        let fits = |name: &str| name.to_lowercase().starts_with(&query);
        let members = found.members.values().filter(|member| {
            member.nick.as_deref().is_some_and(fits)
                || world.user(member.user).is_some_and(|u| {
                    fits(&u.username) || u.global_name.as_deref().is_some_and(fits)
                })
        });
        Ok(Json(
            members
                .take(limit)
                .map(|m| wire::member(world, m))
                .collect(),
        ))
    })
}

async fn show(
    State(hub): State<Arc<Hub>>,
    bot: Bot,
    Ids((guild, user)): Ids<(GuildId, UserId)>,
) -> Answer {
    hub.look(|world| {
        world.joined_guild(bot.id, guild)?;
        if world.user(user).is_none() {
            return Err(ApiError::UnknownUser);
        }
        world
            .member(guild, user)
            .map(|m| Json(wire::member(world, m)))
            .ok_or(ApiError::UnknownMember)
    })
}

async fn edit(
    State(hub): State<Arc<Hub>>,
    bot: Bot,
    Ids((guild, user)): Ids<(GuildId, UserId)>,
    payload: Payload,
) -> Answer {
    change(&hub, bot, guild, user, payload)
}

async fn edit_own(
    State(hub): State<Arc<Hub>>,
    bot: Bot,
    Ids(guild): Ids<GuildId>,
    payload: Payload,
) -> Answer {
    change(&hub, bot, guild, bot.id, payload)
}

/// The old way for a bot to change its nickname, which is the whole response.
async fn rename_self(
    State(hub): State<Arc<Hub>>,
    bot: Bot,
    Ids(guild): Ids<GuildId>,
    payload: Payload,
) -> Answer {
    let Json(member) = change(&hub, bot, guild, bot.id, payload)?;
    Ok(Json(json!({"nick": member["nick"]})))
}

async fn kick(
    State(hub): State<Arc<Hub>>,
    bot: Bot,
    Ids((guild, user)): Ids<(GuildId, UserId)>,
) -> Done {
    done(hub.change(|world, now| world.kick(now, bot.id, guild, user)))
}

async fn add_role(
    State(hub): State<Arc<Hub>>,
    bot: Bot,
    Ids((guild, user, role)): Ids<(GuildId, UserId, RoleId)>,
) -> Done {
    done(hub.change(|world, now| world.add_member_role(now, bot.id, guild, user, role)))
}

async fn remove_role(
    State(hub): State<Arc<Hub>>,
    bot: Bot,
    Ids((guild, user, role)): Ids<(GuildId, UserId, RoleId)>,
) -> Done {
    done(hub.change(|world, now| world.remove_member_role(now, bot.id, guild, user, role)))
}

fn change(hub: &Hub, bot: Bot, guild: GuildId, user: UserId, payload: Payload) -> Answer {
    let edit = read::member_edit(&payload.or_empty())?;
    let json = hub.change(|world, now| {
        let changed = world.edit_member(now, bot.id, guild, user, edit)?;
        Ok(changed.map(|user| of(world, guild, user)))
    })?;
    Ok(Json(json))
}

fn of(world: &World, guild: GuildId, user: UserId) -> Value {
    world
        .member(guild, user)
        .map_or(Value::Null, |member| wire::member(world, member))
}
