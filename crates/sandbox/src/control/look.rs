//! What a person sees: only what their permissions allow.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use super::error::ControlError;
use crate::error::ApiError;
use crate::hub::Hub;
use crate::id::{ChannelId, GuildId, InteractionId, UserId};
use crate::wire;
use crate::world::draft::{Page, Start};
use crate::world::model::{InteractionState, Place, Thread, User};
use crate::world::{Archived, World};

/// Everybody and everything at a glance.
pub(crate) fn world(hub: &Hub) -> Value {
    hub.glance(|world, sessions, now| {
        let bot = world.defaults().bot;
        let application = world.application_of(bot);
        let people: Vec<Value> = world
            .people()
            .map(|user| person_json(world, user))
            .collect();
        let guilds: Vec<Value> = world
            .guilds()
            .map(|guild| json!({"id": guild.id, "name": guild.name}))
            .collect();
        json!({
            "application": {
                "id": world.defaults().application,
                "name": application.map(|application| &application.name),
                "bot_user_id": bot,
                "connected": sessions.is_connected(bot),
            },
            "people": people,
            "guilds": guilds,
            "locales": wire::read::LOCALES,
            "problems": hub.record().problem_count(),
            "now": now.0,
        })
    })
}

/// A person, as `/control/world` lists them.
pub(crate) fn person(hub: &Hub, person: UserId) -> Result<Value, ControlError> {
    hub.look(|world| Ok(person_json(world, user(world, person)?)))
}

fn person_json(world: &World, user: &User) -> Value {
    json!({
        "id": user.id,
        "username": user.username,
        "global_name": user.global_name,
        "part": world.defaults().part(user.id),
        "locale": user.locale,
        "guilds": user.guilds,
    })
}

/// The person with this id or username, or in this part such as `owner`.
pub(crate) fn who(hub: &Hub, text: &str) -> Result<UserId, ControlError> {
    hub.look(|world| {
        let named = world.person_named(text);
        let id = named.or_else(|| text.parse().ok()).ok_or_else(|| {
            ControlError::wrong(format!(
                "{text:?} is not a person: give an id, a username, or owner, moderator, member or \
                 member2"
            ))
        })?;
        user(world, id).map(|user| user.id)
    })
}

fn user(world: &World, id: UserId) -> Result<&User, ControlError> {
    match world.user(id) {
        Some(user) if user.bot => Err(ControlError::wrong(format!(
            "{id} is a bot: only people act through this API"
        ))),
        Some(user) => Ok(user),
        None => Err(ControlError::Unknown(format!("there is no person {id}"))),
    }
}

/// All that a person's client knows.
pub(crate) fn view(hub: &Hub, person: UserId) -> Result<Value, ControlError> {
    let now = hub.now();
    hub.look(|world| {
        let user = user(world, person)?;
        let mut me = wire::user(user);
        me["locale"] = json!(user.locale);
        let guilds = user
            .guilds
            .iter()
            .filter_map(|g| wire::guild_view(world, now, *g, person));
        let direct = world
            .direct_messages_of(person)
            .map(|channel| wire::channel_for(world, now, Place::Channel(channel), person));
        Ok(json!({
            "me": me,
            "guilds": guilds.collect::<Vec<_>>(),
            "direct_messages": direct.collect::<Vec<_>>(),
        }))
    })
}

/// A channel or a thread.
pub(crate) fn channel(hub: &Hub, who: UserId, id: ChannelId) -> Result<Value, ControlError> {
    let now = hub.now();
    hub.look(|world| {
        let (place, _) = world.visible(now, who, id)?;
        Ok(wire::channel_for(world, now, place, who))
    })
}

/// Messages, newest first.
pub(crate) fn messages(
    hub: &Hub,
    who: UserId,
    channel: ChannelId,
    page: Page,
) -> Result<Value, ControlError> {
    let now = hub.now();
    hub.look(|world| {
        let messages = world.messages_for(now, who, channel, page)?;
        Ok(messages
            .into_iter()
            .map(|message| {
                let mut json = wire::message(world, message);
                wire::mark_own_reactions(&mut json, message, who);
                json
            })
            .collect())
    })
}

/// Reads a page of messages from a query.
pub(crate) fn page(query: &super::routes::PageQuery) -> Result<Page, ControlError> {
    let start = match (query.before, query.after) {
        (Some(_), Some(_)) => {
            return Err(ControlError::wrong("give `before` or `after`, not both"));
        }
        (Some(before), None) => Start::Before(before),
        (None, Some(after)) => Start::After(after),
        (None, None) => Start::Newest,
    };
    match query.limit.unwrap_or(50) {
        limit @ 1..=100 => Ok(Page { start, limit }),
        limit => Err(ControlError::wrong(format!(
            "`limit` is {limit}: it must be 1 to 100"
        ))),
    }
}

/// Threads under a channel that the person can see, newest first.
pub(crate) fn threads(
    hub: &Hub,
    who: UserId,
    channel: ChannelId,
    archived: bool,
) -> Result<Value, ControlError> {
    const MOST: usize = 100;
    let now = hub.now();
    hub.look(|world| {
        let (place, _) = world.visible(now, who, channel)?;
        let mut threads: Vec<&Thread> = if archived {
            let list = |which| world.archived_threads(now, who, channel, which, None, MOST);
            let mut threads = list(Archived::Public)?.threads;
            // People who may not list all private threads get those that they are in.
            let private = list(Archived::Private).or_else(|_| list(Archived::JoinedPrivate));
            threads.extend(private.map(|page| page.threads).unwrap_or_default());
            threads.sort_by_key(|thread| std::cmp::Reverse(thread.archive_changed));
            threads
        } else {
            let active = world.active_threads(now, who, place.guild())?;
            active
                .into_iter()
                .filter(|thread| thread.parent == channel)
                .collect()
        };
        threads.truncate(MOST);
        let seen = |thread| {
            let place = Place::Thread(thread, place.channel());
            wire::channel_for(world, now, place, who)
        };
        Ok(json!({"threads": threads.into_iter().map(seen).collect::<Vec<_>>()}))
    })
}

/// Who is in a thread.
pub(crate) fn thread_members(
    hub: &Hub,
    who: UserId,
    thread: ChannelId,
) -> Result<Value, ControlError> {
    let now = hub.now();
    hub.look(|world| {
        let members = world.thread_members(now, who, thread)?;
        let guild = world.place(thread).ok_or(ApiError::UnknownChannel)?.guild();
        let seen = |member| wire::thread_member(world, guild, member, true);
        Ok(members.iter().map(seen).collect())
    })
}

/// The commands that a person may use in a server.
pub(crate) fn commands(hub: &Hub, who: UserId, guild: GuildId) -> Result<Value, ControlError> {
    let now = hub.now();
    hub.look(|world| {
        let commands = world.commands_for(now, who, guild)?;
        Ok(commands.into_iter().map(wire::command).collect())
    })
}

/// The state of an interaction that the person has started.
pub(crate) fn interaction(
    hub: &Hub,
    who: UserId,
    id: InteractionId,
) -> Result<(Value, InteractionState), ControlError> {
    hub.look(|world| {
        let interaction = world
            .interaction(id)
            .filter(|interaction| interaction.person == who)
            .ok_or(ApiError::UnknownInteraction)?;
        let view = wire::interaction_view(world, id).ok_or(ApiError::UnknownInteraction)?;
        Ok((view, interaction.state.clone()))
    })
}

/// Waits until the bot has responded or the interaction has failed, but no longer than `time_limit`. After
/// that, it returns a "thinking" interaction as it is.
pub(crate) async fn answered(
    hub: &Hub,
    who: UserId,
    id: InteractionId,
    time_limit: Duration,
) -> Result<Value, ControlError> {
    let end = Instant::now() + time_limit;
    let mut changes = hub.watch();
    loop {
        changes.mark_unchanged();
        let (view, state) = interaction(hub, who, id)?;
        if !matches!(
            state,
            InteractionState::Pending | InteractionState::Deferred
        ) {
            return Ok(view);
        }
        tokio::select! {
            // Cannot fail: the sender lives in the hub, which is borrowed here.
            _ = changes.changed() => {}
            () = tokio::time::sleep_until(end) => return Ok(view),
            () = hub.stopped() => return Ok(view),
        }
    }
}
