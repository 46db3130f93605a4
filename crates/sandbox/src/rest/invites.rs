//! Invites.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::Value;

use super::extract::{Bot, Ids, Params, Payload};
use super::{Answer, Routes};
use crate::error::ApiError;
use crate::hub::Hub;
use crate::id::{ChannelId, GuildId};
use crate::permissions::Permissions;
use crate::wire::{invite, read};
use crate::world::{Invite, World};

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/channels/{channel}/invites", list_of_channel)
        .post("/channels/{channel}/invites", create)
        .get("/guilds/{guild}/invites", list_of_guild)
        .get("/invites/{code}", show)
        .delete("/invites/{code}", remove)
}

async fn create(
    State(hub): State<Arc<Hub>>,
    bot: Bot,
    Ids(channel): Ids<ChannelId>,
    payload: Payload,
) -> Answer {
    let draft = read::invite(&payload.body)?;
    let code = hub.change(|world, now| world.create_invite(now, bot.id, channel, draft))?;
    let now = hub.now();
    hub.look(|world| Ok(Json(invite::invite(world, world.invite(now, &code)?, true))))
}

async fn list_of_channel(
    State(hub): State<Arc<Hub>>,
    bot: Bot,
    Ids(channel): Ids<ChannelId>,
) -> Answer {
    let now = hub.now();
    hub.look(|world| {
        let guild = world
            .place(channel)
            .ok_or(ApiError::UnknownChannel)?
            .guild();
        let found = world.invites_into(now, bot.id, guild, Some(channel))?;
        Ok(Json(all(world, &found, true)))
    })
}

async fn list_of_guild(State(hub): State<Arc<Hub>>, bot: Bot, Ids(guild): Ids<GuildId>) -> Answer {
    let now = hub.now();
    hub.look(|world| {
        let found = world.invites_into(now, bot.id, guild, None)?;
        let own = world.permissions_in_guild(now, guild, bot.id);
        Ok(Json(all(world, &found, own.has(Permissions::MANAGE_GUILD))))
    })
}

async fn show(
    State(hub): State<Arc<Hub>>,
    _: Bot,
    Ids(code): Ids<String>,
    params: Params,
) -> Answer {
    // The sandbox has no scheduled events, and no other targets of invites.
    for target in [
        "guild_scheduled_event_id",
        "target_channel_id",
        "target_message_id",
    ] {
        params.text(target);
    }
    let counts = params.flag("with_counts");
    let now = hub.now();
    hub.look(|world| {
        let found = world.invite(now, &code)?;
        let mut json = invite::invite(world, found, false);
        if counts {
            let members = world
                .guild(found.guild)
                .map_or(0, |guild| guild.members.len());
            json["approximate_member_count"] = members.into();
            json["approximate_presence_count"] = members.into();
        }
        Ok(Json(json))
    })
}

async fn remove(State(hub): State<Arc<Hub>>, bot: Bot, Ids(code): Ids<String>) -> Answer {
    let gone = hub.change(|world, now| world.delete_invite(now, bot.id, &code))?;
    Ok(Json(hub.look(|world| invite::invite(world, &gone, false))))
}

fn all(world: &World, found: &[&Invite], with_uses: bool) -> Value {
    let invites = found
        .iter()
        .map(|one| invite::invite(world, one, with_uses));
    invites.collect()
}
