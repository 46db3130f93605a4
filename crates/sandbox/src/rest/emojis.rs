//! Emojis of servers and of the application.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::commands::own;
use super::extract::{Bot, Ids, Payload};
use super::{Answer, Done, Routes, done};
use crate::error::ApiError;
use crate::hub::Hub;
use crate::id::{ApplicationId, EmojiId, GuildId};
use crate::wire::{emoji, read};
use crate::world::{EmojiHome, World};

type Created = Result<(StatusCode, Json<Value>), ApiError>;
type Shared = State<Arc<Hub>>;

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/guilds/{guild}/emojis", list_in_guild)
        .post("/guilds/{guild}/emojis", create_in_guild)
        .get("/guilds/{guild}/emojis/{emoji}", show_in_guild)
        .patch("/guilds/{guild}/emojis/{emoji}", edit_in_guild)
        .delete("/guilds/{guild}/emojis/{emoji}", delete_in_guild)
        .get("/applications/{application}/emojis", list_own)
        .post("/applications/{application}/emojis", create_own)
        .get("/applications/{application}/emojis/{emoji}", show_own)
        .patch("/applications/{application}/emojis/{emoji}", edit_own)
        .delete("/applications/{application}/emojis/{emoji}", delete_own)
}

async fn list_in_guild(State(hub): Shared, bot: Bot, Ids(guild): Ids<GuildId>) -> Answer {
    hub.look(|world| {
        world.joined_guild(bot.id, guild)?;
        Ok(Json(all(world, EmojiHome::Guild(guild))))
    })
}

async fn list_own(State(hub): Shared, bot: Bot, Ids(app): Ids<ApplicationId>) -> Answer {
    own(bot, app)?;
    Ok(Json(hub.look(
        |world| json!({"items": all(world, EmojiHome::Application(app))}),
    )))
}

async fn show_in_guild(
    State(hub): Shared,
    bot: Bot,
    Ids((guild, id)): Ids<(GuildId, EmojiId)>,
) -> Answer {
    hub.look(|world| {
        world.joined_guild(bot.id, guild)?;
        show(world, EmojiHome::Guild(guild), id)
    })
}

async fn show_own(
    State(hub): Shared,
    bot: Bot,
    Ids((app, id)): Ids<(ApplicationId, EmojiId)>,
) -> Answer {
    own(bot, app)?;
    hub.look(|world| show(world, EmojiHome::Application(app), id))
}

async fn create_in_guild(
    hub: Shared,
    bot: Bot,
    Ids(guild): Ids<GuildId>,
    body: Payload,
) -> Created {
    create(&hub, bot, EmojiHome::Guild(guild), &body)
}

async fn create_own(hub: Shared, bot: Bot, Ids(app): Ids<ApplicationId>, body: Payload) -> Created {
    create(&hub, bot, EmojiHome::Application(app), &body)
}

async fn edit_in_guild(
    hub: Shared,
    bot: Bot,
    Ids((guild, id)): Ids<(GuildId, EmojiId)>,
    body: Payload,
) -> Answer {
    edit(&hub, bot, EmojiHome::Guild(guild), id, body)
}

async fn edit_own(
    hub: Shared,
    bot: Bot,
    Ids((app, id)): Ids<(ApplicationId, EmojiId)>,
    body: Payload,
) -> Answer {
    edit(&hub, bot, EmojiHome::Application(app), id, body)
}

async fn delete_in_guild(hub: Shared, bot: Bot, Ids((guild, id)): Ids<(GuildId, EmojiId)>) -> Done {
    delete(&hub, bot, EmojiHome::Guild(guild), id)
}

async fn delete_own(hub: Shared, bot: Bot, Ids((app, id)): Ids<(ApplicationId, EmojiId)>) -> Done {
    delete(&hub, bot, EmojiHome::Application(app), id)
}

fn all(world: &World, home: EmojiHome) -> Value {
    let emojis = world.emojis(home).values();
    emojis.map(|found| emoji::emoji(world, found)).collect()
}

fn show(world: &World, home: EmojiHome, id: EmojiId) -> Answer {
    let found = world.emojis(home).get(&id).ok_or(ApiError::NoSuchEmoji)?;
    Ok(Json(emoji::emoji(world, found)))
}

fn create(hub: &Hub, bot: Bot, home: EmojiHome, payload: &Payload) -> Created {
    let draft = read::emoji(&payload.body)?;
    let id = hub.change(|world, now| world.create_emoji(now, bot.id, home, draft))?;
    let shown = hub.look(|world| show(world, home, id))?;
    Ok((StatusCode::CREATED, shown))
}

fn edit(hub: &Hub, bot: Bot, home: EmojiHome, id: EmojiId, payload: Payload) -> Answer {
    let edit = read::emoji_edit(&payload.or_empty())?;
    hub.change(|world, now| world.edit_emoji(now, bot.id, home, id, edit))?;
    hub.look(|world| show(world, home, id))
}

fn delete(hub: &Hub, bot: Bot, home: EmojiHome, id: EmojiId) -> Done {
    done(hub.change(|world, now| world.delete_emoji(now, bot.id, home, id)))
}
