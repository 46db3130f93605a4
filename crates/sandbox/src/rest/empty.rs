//! Lists of what the sandbox does not have, and which libraries ask for when they start. Discord
//! answers them with an empty list where there is nothing, and so does the sandbox.

use std::sync::Arc;

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

use super::Answer;
use super::commands::own;
use super::extract::{Bot, Ids, Params};
use crate::hub::Hub;
use crate::id::{ApplicationId, GuildId};
use crate::permissions::Permissions;

pub(super) fn routes() -> Router<Arc<Hub>> {
    Router::new()
        .route("/soundboard-default-sounds", get(none))
        .route("/sticker-packs", get(no_packs))
        .route("/voice/regions", get(none))
        .route("/guilds/{guild}/regions", get(none_in_guild))
        .route("/guilds/{guild}/stickers", get(none_in_guild))
        .route("/guilds/{guild}/scheduled-events", get(no_events))
        .route("/guilds/{guild}/soundboard-sounds", get(no_sounds))
        .route("/guilds/{guild}/templates", get(no_templates))
        .route(
            "/applications/{application}/entitlements",
            get(no_entitlements),
        )
        .route(
            "/applications/{application}/role-connections/metadata",
            get(none_of_application),
        )
        .route(
            "/applications/{application}/guilds/{guild}/commands/permissions",
            get(no_command_permissions),
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

/// Every lookup among them finds nothing.
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
