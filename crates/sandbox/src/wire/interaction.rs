//! Interactions and modals as JSON: for the application that must respond, for the response to its callback,
//! and for the control API.

use serde_json::{Map, Value, json};

use super::guild::{bare_member, member, user};
use super::message::{ephemeral_attachment, message};
use super::{channel, components};
use crate::id::{InteractionId, Timestamp};
use crate::world::World;
use crate::world::model::{
    CommandKind, Interaction, InteractionData, InteractionState, Modal, Place, Resolved,
};
use crate::world::{Responded, model};

/// The `d` of `INTERACTION_CREATE` for the application.
pub(crate) fn interaction(world: &World, now: Timestamp, found: &Interaction) -> Value {
    let guild = world.guild(found.guild);
    let bot = world.application(found.application).map(|a| a.bot);
    let place = world.place(found.channel);
    let permissions = |who| place.map(|place| world.permissions_in(now, place, who));
    let mut person = world
        .member(found.guild, found.person)
        .map(|m| member(world, m));
    if let Some(person) = &mut person {
        person["permissions"] = json!(permissions(found.person));
    }
    let mut json = json!({
        "id": found.id,
        "application_id": found.application,
        "type": kind(&found.data),
        "token": found.token,
        "version": 1,
        "guild_id": found.guild,
        "guild": guild.map(|g| json!({
            "id": g.id,
            "locale": g.preferred_locale,
            "features": [],
        })),
        "guild_locale": guild.map(|g| &g.preferred_locale),
        "channel_id": found.channel,
        "channel": place.map(|place| resolved_channel(world, now, place, found)),
        "member": person,
        "app_permissions": bot.and_then(permissions).unwrap_or_default(),
        "locale": world.user(found.person).map(|u| &u.locale),
        "entitlements": [],
        "authorizing_integration_owners": {"0": found.guild},
        "context": 0,
        "attachment_size_limit": super::read::MAX_FILE,
        "data": data(world, now, found),
    });
    if found.guild.is_none() {
        in_direct_messages(&mut json, world.user(found.person).map(user));
    }
    if let Some(source) = found.source.and_then(|id| world.message(found.channel, id)) {
        json["message"] = message(world, source);
    }
    json
}

/// In direct messages, there is no server and no member, but the person as `user`.
fn in_direct_messages(json: &mut Value, person: Option<Value>) {
    if let Some(fields) = json.as_object_mut() {
        for field in ["guild", "guild_id", "guild_locale", "member"] {
            fields.remove(field);
        }
    }
    json["user"] = person.unwrap_or_default();
    json["context"] = 1.into();
}

/// The response to the application's callback, if the application asked for one.
pub(crate) fn callback(world: &World, responded: &Responded) -> Value {
    let Some(found) = world.interaction(responded.interaction) else {
        return json!({});
    };
    let shown = responded
        .message
        .and_then(|id| world.message(found.channel, id));
    let loading = shown.is_some_and(|m| m.flags & model::flags::LOADING != 0);
    let mut about = json!({
        "id": found.id,
        "type": kind(&found.data),
        "channel_id": found.channel,
    });
    if !found.guild.is_none() {
        about["guild_id"] = json!(found.guild);
    }
    let mut json = json!({});
    if let Some(shown) = shown {
        about["response_message_id"] = json!(shown.id);
        about["response_message_loading"] = loading.into();
        about["response_message_ephemeral"] = shown.ephemeral_to.is_some().into();
        // The message is included only if the callback created or updated it directly.
        if matches!(responded.kind, 4 | 7) {
            json["resource"] = json!({"type": responded.kind, "message": message(world, shown)});
        }
    }
    json["interaction"] = about;
    json
}

/// `{id, state, message?, modal?, choices?}` of the control API.
pub(crate) fn interaction_view(world: &World, id: InteractionId) -> Option<Value> {
    let found = world.interaction(id)?;
    let mut json = json!({"id": id, "state": found.state.name()});
    if let Some(shown) = found
        .original
        .and_then(|id| world.message(found.channel, id))
    {
        json["message"] = message(world, shown);
    }
    if let InteractionState::Modal(form) = &found.state {
        json["modal"] = modal(form);
    }
    if let InteractionState::Choices(choices) = &found.state {
        json["choices"] = choices.iter().map(super::command::choice).collect();
    }
    Some(json)
}

fn modal(modal: &Modal) -> Value {
    json!({
        "custom_id": modal.custom_id,
        "title": modal.title,
        "components": components(&modal.components),
    })
}

fn kind(data: &InteractionData) -> u8 {
    match data {
        InteractionData::Command {
            autocomplete: true, ..
        } => 4,
        InteractionData::Command { .. } => 2,
        InteractionData::Component { .. } => 3,
        InteractionData::Modal { .. } => 5,
    }
}

fn data(world: &World, now: Timestamp, found: &Interaction) -> Value {
    let (mut json, resolved) = match &found.data {
        InteractionData::Command {
            command,
            guild_command,
            kind,
            name,
            options,
            target,
            resolved,
            autocomplete: _,
        } => {
            let mut json = json!({"id": command, "name": name, "type": *kind as u8});
            if *guild_command {
                json["guild_id"] = json!(found.guild);
            }
            if !options.is_empty() {
                json["options"] = json!(options);
            }
            if let (Some(target), CommandKind::User | CommandKind::Message) = (target, kind) {
                json["target_id"] = json!(target.to_string());
            }
            (json, resolved)
        }
        InteractionData::Component {
            custom_id,
            component_type,
            component_id,
            values,
            resolved,
        } => {
            let mut json = json!({
                "custom_id": custom_id,
                "component_type": component_type,
                "id": component_id,
            });
            // Buttons have no values.
            if *component_type != 2 {
                json["values"] = json!(values);
            }
            (json, resolved)
        }
        InteractionData::Modal {
            custom_id,
            components,
            resolved,
            opened_by: _,
        } => (
            json!({"custom_id": custom_id, "components": components}),
            resolved,
        ),
    };
    if *resolved != Resolved::default() {
        json["resolved"] = resolve(world, now, found, resolved);
    }
    json
}

fn resolve(world: &World, now: Timestamp, found: &Interaction, resolved: &Resolved) -> Value {
    let guild = world.guild(found.guild);
    let mut json = Map::new();
    let mut put = |field: &str, entries: Map<String, Value>| {
        if !entries.is_empty() {
            json.insert(field.to_owned(), Value::Object(entries));
        }
    };
    let users = resolved
        .users
        .iter()
        .filter_map(|id| Some((id.to_string(), user(world.user(*id)?))));
    put("users", users.collect());
    let members = resolved.users.iter().filter_map(|id| {
        let mut json = bare_member(world.member(found.guild, *id)?);
        let place = world.place(found.channel)?;
        json["permissions"] = json!(world.permissions_in(now, place, *id));
        Some((id.to_string(), json))
    });
    put("members", members.collect());
    let roles = resolved
        .roles
        .iter()
        .filter_map(|id| Some((id.to_string(), super::role(guild?.roles.get(id)?))));
    put("roles", roles.collect());
    let channels = resolved.channels.iter().filter_map(|id| {
        Some((
            id.to_string(),
            resolved_channel(world, now, world.place(*id)?, found),
        ))
    });
    put("channels", channels.collect());
    let messages = resolved.messages.iter().filter_map(|(channel, id)| {
        Some((
            id.to_string(),
            message(world, world.message(*channel, *id)?),
        ))
    });
    put("messages", messages.collect());
    let attachments = resolved.attachments.iter();
    let attachments = attachments.map(|file| {
        let json = ephemeral_attachment(world, found.channel, file);
        (file.id.to_string(), json)
    });
    put("attachments", attachments.collect());
    Value::Object(json)
}

/// A channel, with the permissions of the person and of the application.
fn resolved_channel(world: &World, now: Timestamp, place: Place<'_>, found: &Interaction) -> Value {
    let bot = world.application(found.application).map(|a| a.bot);
    let full = channel(place);
    let mut json: Value = [
        "id",
        "name",
        "type",
        "guild_id",
        "parent_id",
        "flags",
        "nsfw",
        "topic",
        "position",
        "last_message_id",
        "rate_limit_per_user",
        "thread_metadata",
        "owner_id",
        "message_count",
        "member_count",
        "total_message_sent",
    ]
    .iter()
    .filter_map(|field| Some(((*field).to_owned(), full.get(*field)?.clone())))
    .collect();
    json["permissions"] = json!(world.permissions_in(now, place, found.person));
    json["app_permissions"] = json!(
        bot.map(|bot| world.permissions_in(now, place, bot))
            .unwrap_or_default()
    );
    json
}
