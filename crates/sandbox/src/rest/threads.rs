//! Threads under a channel, and their members.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::channels;
use super::extract::{Bot, Ids, Params, Payload};
use super::{Answer, Done, Routes, done};
use crate::error::ApiError;
use crate::hub::Hub;
use crate::id::{ChannelId, GuildId, MessageId, Timestamp, UserId};
use crate::wire::{self, read};
use crate::world::model::{ChannelKind, Thread};
use crate::world::{Archived, ThreadMember, World};

pub(super) fn routes() -> Routes {
    Routes::new()
        .post("/channels/{channel}/threads", create)
        .post(
            "/channels/{channel}/messages/{message}/threads",
            create_from_message,
        )
        .get(
            "/channels/{channel}/threads/archived/public",
            archived_public,
        )
        .get(
            "/channels/{channel}/threads/archived/private",
            archived_private,
        )
        .get(
            "/channels/{channel}/users/@me/threads/archived/private",
            archived_joined,
        )
        .get("/guilds/{guild}/threads/active", active)
        .get("/channels/{thread}/thread-members", members)
        .put("/channels/{thread}/thread-members/@me", join)
        .delete("/channels/{thread}/thread-members/@me", leave)
        .get("/channels/{thread}/thread-members/{user}", member)
        .put("/channels/{thread}/thread-members/{user}", add)
        .delete("/channels/{thread}/thread-members/{user}", remove)
}

async fn create(
    State(hub): State<Arc<Hub>>,
    bot: Bot,
    Ids(channel): Ids<ChannelId>,
    payload: Payload,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let is_forum = |world: &World| {
        let found = world.channel(channel);
        found.is_some_and(|found| found.kind == ChannelKind::Forum)
    };
    if hub.look(is_forum) {
        return create_post(&hub, bot, channel, payload);
    }
    let draft = read::thread(&payload.body)?;
    let json = hub.change(|world, now| {
        let made = world.create_thread(now, bot.id, channel, draft)?;
        Ok(made.map(|id| channels::of(world, id, bot.id)))
    })?;
    Ok((StatusCode::CREATED, Json(json)))
}

/// Creates a post. The response contains the message with which the post begins.
fn create_post(
    hub: &Hub,
    bot: Bot,
    forum: ChannelId,
    payload: Payload,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let draft = read::post(&payload.body, payload.files)?;
    let json = hub.change(|world, now| {
        let made = world.create_post(now, bot.id, forum, draft)?;
        Ok(made.map(|id| {
            let mut json = channels::of(world, id, bot.id);
            let first = world.message(id, MessageId(id.0));
            json["message"] = first.map_or(Value::Null, |first| wire::message(world, first));
            json
        }))
    })?;
    Ok((StatusCode::CREATED, Json(json)))
}

async fn create_from_message(
    State(hub): State<Arc<Hub>>,
    bot: Bot,
    Ids((channel, message)): Ids<(ChannelId, MessageId)>,
    payload: Payload,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let draft = read::thread_from_message(&payload.body)?;
    let json = hub.change(|world, now| {
        let made = world.create_thread_from_message(now, bot.id, channel, message, draft)?;
        Ok(made.map(|id| channels::of(world, id, bot.id)))
    })?;
    Ok((StatusCode::CREATED, Json(json)))
}

async fn archived_public(
    state: State<Arc<Hub>>,
    bot: Bot,
    channel: Ids<ChannelId>,
    params: Params,
) -> Answer {
    archived(&state.0, bot, channel.0, Archived::Public, &params)
}

async fn archived_private(
    state: State<Arc<Hub>>,
    bot: Bot,
    channel: Ids<ChannelId>,
    params: Params,
) -> Answer {
    archived(&state.0, bot, channel.0, Archived::Private, &params)
}

async fn archived_joined(
    state: State<Arc<Hub>>,
    bot: Bot,
    channel: Ids<ChannelId>,
    params: Params,
) -> Answer {
    archived(&state.0, bot, channel.0, Archived::JoinedPrivate, &params)
}

async fn active(State(hub): State<Arc<Hub>>, bot: Bot, Ids(guild): Ids<GuildId>) -> Answer {
    let now = hub.now();
    hub.look(|world| {
        let threads = world.active_threads(now, bot.id, guild)?;
        Ok(Json(page(world, &threads, bot.id)))
    })
}

async fn members(
    State(hub): State<Arc<Hub>>,
    bot: Bot,
    Ids(thread): Ids<ChannelId>,
    params: Params,
) -> Answer {
    let with_member = params.flag("with_member");
    let limit = params.limit(100, 100)?;
    let after = params.parsed::<UserId>("after")?.unwrap_or(UserId(0));
    let now = hub.now();
    hub.look(|world| {
        let all = world.thread_members(now, bot.id, thread)?.into_iter();
        // Discord paginates the list only if it includes members.
        let page: Vec<ThreadMember> = if with_member {
            all.filter(|member| member.user > after)
                .take(limit)
                .collect()
        } else {
            all.collect()
        };
        Ok(Json(
            page.iter()
                .map(|m| json_of(world, m, with_member))
                .collect(),
        ))
    })
}

async fn member(
    State(hub): State<Arc<Hub>>,
    bot: Bot,
    Ids((thread, user)): Ids<(ChannelId, UserId)>,
    params: Params,
) -> Answer {
    let now = hub.now();
    hub.look(|world| {
        let found = world.thread_member(now, bot.id, thread, user)?;
        Ok(Json(json_of(world, &found, params.flag("with_member"))))
    })
}

async fn join(State(hub): State<Arc<Hub>>, bot: Bot, Ids(thread): Ids<ChannelId>) -> Done {
    done(hub.change(|world, now| world.add_thread_member(now, bot.id, thread, bot.id)))
}

async fn leave(State(hub): State<Arc<Hub>>, bot: Bot, Ids(thread): Ids<ChannelId>) -> Done {
    done(hub.change(|world, now| world.remove_thread_member(now, bot.id, thread, bot.id)))
}

async fn add(
    State(hub): State<Arc<Hub>>,
    bot: Bot,
    Ids((thread, user)): Ids<(ChannelId, UserId)>,
) -> Done {
    done(hub.change(|world, now| world.add_thread_member(now, bot.id, thread, user)))
}

async fn remove(
    State(hub): State<Arc<Hub>>,
    bot: Bot,
    Ids((thread, user)): Ids<(ChannelId, UserId)>,
) -> Done {
    done(hub.change(|world, now| world.remove_thread_member(now, bot.id, thread, user)))
}

fn archived(hub: &Hub, bot: Bot, channel: ChannelId, which: Archived, params: &Params) -> Answer {
    let limit = params.limit(50, 100)?;
    // Joined threads are paginated by id, the others by the time at which they were archived.
    let before = match which {
        Archived::JoinedPrivate => params
            .parsed::<ChannelId>("before")?
            .map(ChannelId::created_at),
        _ => params.text("before").map(moment).transpose()?,
    };
    let now = hub.now();
    hub.look(|world| {
        let found = world.archived_threads(now, bot.id, channel, which, before, limit)?;
        let mut json = page(world, &found.threads, bot.id);
        json["has_more"] = found.has_more.into();
        Ok(Json(json))
    })
}

fn moment(text: &str) -> Result<Timestamp, ApiError> {
    // If a client does not escape a plus, it arrives as a space.
    Timestamp::from_iso(&text.replacen(' ', "+", 1))
        .or_else(|| Timestamp::from_iso(text))
        .ok_or_else(|| {
            let message = "Could not parse the moment. Should be ISO8601.";
            ApiError::field("before", "DATE_TIME_TYPE_PARSE", message)
        })
}

/// A page of threads, with the bot's own memberships.
pub(super) fn page(world: &World, threads: &[&Thread], bot: UserId) -> Value {
    let own = threads.iter().filter_map(|thread| {
        let joined = *thread.members.get(&bot)?;
        let member = ThreadMember {
            thread: thread.id,
            user: bot,
            joined,
        };
        Some(json_of(world, &member, false))
    });
    json!({
        "threads": threads.iter().map(|thread| wire::thread(thread)).collect::<Vec<_>>(),
        "members": own.collect::<Vec<_>>(),
        "has_more": false,
    })
}

fn json_of(world: &World, member: &ThreadMember, with_member: bool) -> Value {
    let guild = world
        .thread(member.thread)
        .map_or(GuildId(0), |thread| thread.guild);
    wire::thread_member(world, guild, member, with_member)
}
