//! Lists of things that the sandbox does not have and that libraries request when they start. Like Discord in
//! such a case, the sandbox responds with an empty list.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::commands::own;
use super::extract::{Bot, Ids, Params};
use super::{Answer, Routes};
use crate::hub::Hub;
use crate::id::{ApplicationId, GuildId};
use crate::permissions::Permissions;

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/soundboard-default-sounds", none)
        .get("/sticker-packs", no_packs)
        .get("/voice/regions", none)
        .get("/guilds/{guild}/regions", none_in_guild)
        .get("/guilds/{guild}/stickers", none_in_guild)
        .get("/guilds/{guild}/scheduled-events", no_events)
        .get("/guilds/{guild}/soundboard-sounds", no_sounds)
        .get("/guilds/{guild}/templates", no_templates)
        .get("/applications/{application}/entitlements", no_entitlements)
        .get(
            "/applications/{application}/role-connections/metadata",
            none_of_application,
        )
        .get(
            "/applications/{application}/guilds/{guild}/commands/permissions",
            no_command_permissions,
        )
}

async fn none(_: Bot) -> Json<Value> {
    Json(json!([]))
}

async fn no_packs(_: Bot) -> Json<Value> {
    Json(json!({"sticker_packs": []}))
}

async fn none_in_guild(State(hub): State<Arc<Hub>>, bot: Bot, Ids(guild): Ids<GuildId>) -> Answer {
    in_guild(&hub, bot, guild, json!([]))
}

async fn no_events(
    State(hub): State<Arc<Hub>>,
    bot: Bot,
    Ids(guild): Ids<GuildId>,
    params: Params,
) -> Answer {
    params.flag("with_user_count");
    in_guild(&hub, bot, guild, json!([]))
}

async fn no_sounds(State(hub): State<Arc<Hub>>, bot: Bot, Ids(guild): Ids<GuildId>) -> Answer {
    in_guild(&hub, bot, guild, json!({"items": []}))
}

async fn no_templates(State(hub): State<Arc<Hub>>, bot: Bot, Ids(guild): Ids<GuildId>) -> Answer {
    let now = hub.now();
    hub.look(|world| {
        world.allowed_in_guild(now, bot.id, guild, Permissions::MANAGE_GUILD)?;
        Ok(Json(json!([])))
    })
}

/// Any entitlement in the query is not found.
async fn no_entitlements(bot: Bot, Ids(application): Ids<ApplicationId>, params: Params) -> Answer {
    for filter in [
        "user_id",
        "sku_ids",
        "guild_id",
        "before",
        "after",
        "limit",
        "exclude_ended",
        "exclude_deleted",
        "only_active",
    ] {
        params.text(filter);
    }
    of_application(bot, application)
}

async fn none_of_application(bot: Bot, Ids(application): Ids<ApplicationId>) -> Answer {
    of_application(bot, application)
}

async fn no_command_permissions(
    State(hub): State<Arc<Hub>>,
    bot: Bot,
    Ids((application, guild)): Ids<(ApplicationId, GuildId)>,
) -> Answer {
    own(bot, application)?;
    in_guild(&hub, bot, guild, json!([]))
}

fn in_guild(hub: &Hub, bot: Bot, guild: GuildId, empty: Value) -> Answer {
    hub.look(|world| {
        world.joined_guild(bot.id, guild)?;
        Ok(Json(empty))
    })
}

fn of_application(bot: Bot, application: ApplicationId) -> Answer {
    own(bot, application).map(|()| Json(json!([])))
}
