//! `/guilds/{guild}/roles`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::extract::{Bot, Ids, Payload};
use super::{Answer, Done, Routes, done};
use crate::error::ApiError;
use crate::hub::Hub;
use crate::id::{GuildId, RoleId};
use crate::wire::{self, read};
use crate::world::World;

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/guilds/{guild}/roles", list)
        .post("/guilds/{guild}/roles", create)
        .patch("/guilds/{guild}/roles", reorder)
        .get("/guilds/{guild}/roles/member-counts", member_counts)
        .get("/guilds/{guild}/roles/{role}", show)
        .patch("/guilds/{guild}/roles/{role}", edit)
        .delete("/guilds/{guild}/roles/{role}", remove)
}

async fn list(State(hub): State<Arc<Hub>>, bot: Bot, Ids(guild): Ids<GuildId>) -> Answer {
    hub.look(|world| {
        let roles = world.joined_guild(bot.id, guild)?.roles.values();
        Ok(Json(roles.map(wire::role).collect()))
    })
}

async fn reorder(
    State(hub): State<Arc<Hub>>,
    bot: Bot,
    Ids(guild): Ids<GuildId>,
    payload: Payload,
) -> Answer {
    let moves = read::role_moves(&payload.body)?;
    hub.change(|world, now| world.move_roles(now, bot.id, guild, &moves))?;
    list(State(hub), bot, Ids(guild)).await
}

/// How many members have each role, except @everyone.
async fn member_counts(State(hub): State<Arc<Hub>>, bot: Bot, Ids(guild): Ids<GuildId>) -> Answer {
    hub.look(|world| {
        let found = world.joined_guild(bot.id, guild)?;
        let count = |role: &RoleId| {
            let members = found.members.values();
            members.filter(|member| member.roles.contains(role)).count()
        };
        let roles = found.roles.keys().filter(|role| **role != guild.everyone());
        Ok(Json(
            roles
                .map(|role| (role.to_string(), json!(count(role))))
                .collect(),
        ))
    })
}

async fn show(
    State(hub): State<Arc<Hub>>,
    bot: Bot,
    Ids((guild, role)): Ids<(GuildId, RoleId)>,
) -> Answer {
    hub.look(|world| {
        let found = world.joined_guild(bot.id, guild)?.roles.get(&role);
        found
            .map(|role| Json(wire::role(role)))
            .ok_or(ApiError::UnknownRole)
    })
}

async fn create(
    State(hub): State<Arc<Hub>>,
    bot: Bot,
    Ids(guild): Ids<GuildId>,
    payload: Payload,
) -> Answer {
    let wish = read::role(&payload.body)?;
    let json = hub.change(|world, now| {
        let made = world.create_role(now, bot.id, guild, wish)?;
        Ok(made.map(|role| of(world, guild, role)))
    })?;
    Ok(Json(json))
}

async fn edit(
    State(hub): State<Arc<Hub>>,
    bot: Bot,
    Ids((guild, role)): Ids<(GuildId, RoleId)>,
    payload: Payload,
) -> Answer {
    let edit = read::role(&payload.body)?;
    let json = hub.change(|world, now| {
        let changed = world.edit_role(now, bot.id, guild, role, edit)?;
        Ok(changed.map(|role| of(world, guild, role)))
    })?;
    Ok(Json(json))
}

async fn remove(
    State(hub): State<Arc<Hub>>,
    bot: Bot,
    Ids((guild, role)): Ids<(GuildId, RoleId)>,
) -> Done {
    done(hub.change(|world, now| world.delete_role(now, bot.id, guild, role)))
}

fn of(world: &World, guild: GuildId, role: RoleId) -> Value {
    let role = world.guild(guild).and_then(|guild| guild.roles.get(&role));
    role.map_or(Value::Null, wire::role)
}
