//! `/applications/{application}/commands`, global and per server.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::Value;

use super::extract::{Bot, Ids, Params, Payload};
use super::{Answer, Done, Routes, done};
use crate::error::ApiError;
use crate::hub::Hub;
use crate::id::{ApplicationId, CommandId, GuildId};
use crate::wire::{self, read};
use crate::world::Scope;

type Global = Ids<ApplicationId>;
type Local = Ids<(ApplicationId, GuildId)>;
type Created = Result<(StatusCode, Json<Value>), ApiError>;

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/applications/{application}/commands", global_list)
        .put("/applications/{application}/commands", global_put)
        .post("/applications/{application}/commands", global_create)
        .get(
            "/applications/{application}/commands/{command}",
            global_show,
        )
        .patch(
            "/applications/{application}/commands/{command}",
            global_edit,
        )
        .delete(
            "/applications/{application}/commands/{command}",
            global_delete,
        )
        .get(
            "/applications/{application}/guilds/{guild}/commands",
            local_list,
        )
        .put(
            "/applications/{application}/guilds/{guild}/commands",
            local_put,
        )
        .post(
            "/applications/{application}/guilds/{guild}/commands",
            local_create,
        )
        .get(
            "/applications/{application}/guilds/{guild}/commands/{command}",
            local_show,
        )
        .patch(
            "/applications/{application}/guilds/{guild}/commands/{command}",
            local_edit,
        )
        .delete(
            "/applications/{application}/guilds/{guild}/commands/{command}",
            local_delete,
        )
}

type Shared = State<Arc<Hub>>;

async fn global_list(hub: Shared, bot: Bot, Ids(app): Global, params: Params) -> Answer {
    list(&hub, bot, app, None, &params)
}

async fn local_list(hub: Shared, bot: Bot, Ids((app, guild)): Local, params: Params) -> Answer {
    list(&hub, bot, app, Some(guild), &params)
}

async fn global_put(hub: Shared, bot: Bot, Ids(app): Global, payload: Payload) -> Answer {
    put(&hub, bot, app, None, &payload.body)
}

async fn local_put(hub: Shared, bot: Bot, Ids((app, guild)): Local, payload: Payload) -> Answer {
    put(&hub, bot, app, Some(guild), &payload.body)
}

async fn global_create(hub: Shared, bot: Bot, Ids(app): Global, payload: Payload) -> Created {
    create(&hub, bot, app, None, &payload.body)
}

async fn local_create(
    hub: Shared,
    bot: Bot,
    Ids((app, guild)): Local,
    payload: Payload,
) -> Created {
    create(&hub, bot, app, Some(guild), &payload.body)
}

async fn global_show(
    hub: Shared,
    bot: Bot,
    Ids((app, id)): Ids<(ApplicationId, CommandId)>,
) -> Answer {
    show(&hub, bot, app, None, id)
}

async fn local_show(
    hub: Shared,
    bot: Bot,
    Ids((app, guild, id)): Ids<(ApplicationId, GuildId, CommandId)>,
) -> Answer {
    show(&hub, bot, app, Some(guild), id)
}

async fn global_edit(
    hub: Shared,
    bot: Bot,
    Ids((app, id)): Ids<(ApplicationId, CommandId)>,
    payload: Payload,
) -> Answer {
    edit(&hub, bot, app, None, id, &payload.body)
}

async fn local_edit(
    hub: Shared,
    bot: Bot,
    Ids((app, guild, id)): Ids<(ApplicationId, GuildId, CommandId)>,
    payload: Payload,
) -> Answer {
    edit(&hub, bot, app, Some(guild), id, &payload.body)
}

async fn global_delete(
    hub: Shared,
    bot: Bot,
    Ids((app, id)): Ids<(ApplicationId, CommandId)>,
) -> Done {
    delete(&hub, bot, app, None, id)
}

async fn local_delete(
    hub: Shared,
    bot: Bot,
    Ids((app, guild, id)): Ids<(ApplicationId, GuildId, CommandId)>,
) -> Done {
    delete(&hub, bot, app, Some(guild), id)
}

fn list(hub: &Hub, bot: Bot, app: ApplicationId, scope: Scope, params: &Params) -> Answer {
    own(bot, app)?;
    let all = params.flag("with_localizations");
    hub.look(|world| {
        if let Some(guild) = scope
            && world.member(guild, bot.id).is_none()
        {
            return Err(ApiError::MissingAccess);
        }
        let commands = world.commands(app, scope).iter().map(|command| {
            let mut json = wire::command(command);
            if !all {
                without_localizations(&mut json);
            }
            json
        });
        Ok(Json(commands.collect()))
    })
}

fn put(hub: &Hub, bot: Bot, app: ApplicationId, scope: Scope, body: &Value) -> Answer {
    own(bot, app)?;
    let specs = read::commands(body)?;
    let commands = hub.change(|world, now| world.put_commands(now, app, scope, specs))?;
    Ok(Json(commands.iter().map(wire::command).collect()))
}

/// 201 for a new command; 200 if it replaces one with the same name.
fn create(hub: &Hub, bot: Bot, app: ApplicationId, scope: Scope, body: &Value) -> Created {
    own(bot, app)?;
    let spec = read::command(body)?;
    let made = hub.change(|world, now| world.create_command(now, app, scope, spec))?;
    let status = if made.is_new {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    Ok((status, Json(wire::command(&made.command))))
}

fn show(hub: &Hub, bot: Bot, app: ApplicationId, scope: Scope, id: CommandId) -> Answer {
    own(bot, app)?;
    hub.look(|world| {
        world
            .command(app, scope, id)
            .map(|found| Json(wire::command(found)))
    })
}

fn edit(
    hub: &Hub,
    bot: Bot,
    app: ApplicationId,
    scope: Scope,
    id: CommandId,
    body: &Value,
) -> Answer {
    own(bot, app)?;
    let command = hub.change(|world, now| {
        let spec = read::command_edit(&world.command(app, scope, id)?.spec, body)?;
        world.edit_command(now, app, scope, id, spec)
    })?;
    Ok(Json(wire::command(&command)))
}

fn delete(hub: &Hub, bot: Bot, app: ApplicationId, scope: Scope, id: CommandId) -> Done {
    own(bot, app)?;
    done(hub.change(|world, _| world.delete_command(app, scope, id)))
}

/// Refuses a bot that names another application than its own.
pub(super) fn own(bot: Bot, application: ApplicationId) -> Result<(), ApiError> {
    if bot.application == application {
        Ok(())
    } else {
        Err(ApiError::NotYourApplication)
    }
}

fn without_localizations(json: &mut Value) {
    match json {
        Value::Object(fields) => {
            fields.remove("name_localizations");
            fields.remove("description_localizations");
            fields.values_mut().for_each(without_localizations);
        }
        Value::Array(items) => items.iter_mut().for_each(without_localizations),
        _ => {}
    }
}
