//! `/guilds/{guild}/bans`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::extract::{Bot, Ids, Params, Payload, Reason};
use super::{Answer, Done, Routes, done};
use crate::error::ApiError;
use crate::hub::Hub;
use crate::id::{GuildId, UserId};
use crate::permissions::Permissions;
use crate::wire::{self, read};
use crate::world::World;

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/guilds/{guild}/bans", list)
        .get("/guilds/{guild}/bans/{user}", show)
        .put("/guilds/{guild}/bans/{user}", ban)
        .delete("/guilds/{guild}/bans/{user}", unban)
        .post("/guilds/{guild}/bulk-ban", bulk_ban)
}

async fn list(
    State(hub): State<Arc<Hub>>,
    bot: Bot,
    Ids(guild): Ids<GuildId>,
    params: Params,
) -> Answer {
    let limit = params.limit(1000, 1000)?;
    let after = params.parsed::<UserId>("after")?;
    let before = params.parsed::<UserId>("before")?;
    let now = hub.now();
    hub.look(|world| {
        let found = world.allowed_in_guild(now, bot.id, guild, Permissions::BAN_MEMBERS)?;
        // If both are given, only `before` counts.
        let fits = |user: &UserId| match before {
            Some(before) => *user < before,
            None => after.is_none_or(|after| *user > after),
        };
        let bans = found.bans.iter().filter(|(user, _)| fits(user));
        let mut bans: Vec<Value> = bans
            .map(|(user, why)| json_of(world, *user, why.as_ref()))
            .collect();
        // With `before`, the page ends right before the given user.
        if before.is_some() {
            bans.drain(..bans.len().saturating_sub(limit));
        }
        bans.truncate(limit);
        Ok(Json(bans.into()))
    })
}

async fn show(
    State(hub): State<Arc<Hub>>,
    bot: Bot,
    Ids((guild, user)): Ids<(GuildId, UserId)>,
) -> Answer {
    let now = hub.now();
    hub.look(|world| {
        let found = world.allowed_in_guild(now, bot.id, guild, Permissions::BAN_MEMBERS)?;
        let why = found.bans.get(&user).ok_or(ApiError::UnknownBan)?;
        Ok(Json(json_of(world, user, why.as_ref())))
    })
}

async fn ban(
    State(hub): State<Arc<Hub>>,
    bot: Bot,
    Ids((guild, user)): Ids<(GuildId, UserId)>,
    Reason(reason): Reason,
    payload: Payload,
) -> Done {
    let ban = read::ban(&payload.body, reason)?;
    done(hub.change(|world, now| world.ban(now, bot.id, guild, user, ban)))
}

async fn unban(
    State(hub): State<Arc<Hub>>,
    bot: Bot,
    Ids((guild, user)): Ids<(GuildId, UserId)>,
) -> Done {
    done(hub.change(|world, now| world.unban(now, bot.id, guild, user)))
}

async fn bulk_ban(
    State(hub): State<Arc<Hub>>,
    bot: Bot,
    Ids(guild): Ids<GuildId>,
    Reason(reason): Reason,
    payload: Payload,
) -> Answer {
    let users = read::bulk_ban(&payload.body)?;
    let ban = read::ban(&payload.body, reason)?;
    let outcome = hub.change(|world, now| world.bulk_ban(now, bot.id, guild, &users, &ban))?;
    let (banned, failed) = (outcome.banned, outcome.failed);
    Ok(Json(
        json!({"banned_users": banned, "failed_users": failed}),
    ))
}

fn json_of(world: &World, user: UserId, why: Option<&String>) -> Value {
    json!({"user": world.user(user).map(wire::user), "reason": why})
}
