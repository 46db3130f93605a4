//! Servers, members, roles, users and applications as JSON.

use serde_json::{Map, Value, json};

use super::emoji::plain;
use super::place;
use crate::id::{GuildId, Timestamp, UserId};
use crate::world::model::{Application, Guild, Image, Member, Place, Role, User};
use crate::world::{Intents, World};

/// A server with more members than this counts as large, unless the client gives another number.
const LARGE: usize = 50;

pub(crate) fn user(user: &User) -> Value {
    let mut json = json!({
        "id": user.id,
        "username": user.username,
        "global_name": user.global_name,
        // People no longer have one; bots still do.
        "discriminator": if user.bot { "0001" } else { "0" },
        "avatar": user.avatar.map(Image::hash),
        "banner": null,
        "accent_color": null,
        "avatar_decoration_data": null,
        "collectibles": null,
        "primary_guild": null,
        "public_flags": 0,
        "flags": 0,
    });
    if user.bot {
        json["bot"] = true.into();
    }
    json
}

/// The bot's own user, as only the bot receives it.
pub(crate) fn current_user(world: &World, id: UserId) -> Value {
    let Some(found) = world.user(id) else {
        return Value::Null;
    };
    let mut json = user(found);
    // For a bot, these fields are about the account of its application's owner.
    let application = world.application_of(id);
    json["mfa_enabled"] = application.is_none_or(|it| it.owner_has_two_factors).into();
    json["verified"] = true.into();
    json["email"] = Value::Null;
    json["locale"] = "en-US".into();
    json["premium_type"] = 0.into();
    json
}

/// A member with its `user`.
pub(crate) fn member(world: &World, member: &Member) -> Value {
    let mut json = bare_member(member);
    json["user"] = world.user(member.user).map_or(Value::Null, user);
    json["deaf"] = false.into();
    json["mute"] = false.into();
    json
}

/// A member as it stands beside its user: without `user`, `deaf`, `mute`.
pub(super) fn bare_member(member: &Member) -> Value {
    json!({
        "avatar": null,
        "avatar_decoration_data": null,
        "banner": null,
        "collectibles": null,
        "communication_disabled_until": member.timed_out_until,
        "flags": 0,
        "joined_at": member.joined_at,
        "nick": member.nick,
        "pending": false,
        "premium_since": null,
        "roles": member.roles,
    })
}

pub(crate) fn role(role: &Role) -> Value {
    let mut json = json!({
        "id": role.id,
        "name": role.name,
        "description": null,
        "permissions": role.permissions,
        "position": role.position,
        "color": role.color,
        "colors": {"primary_color": role.color, "secondary_color": null, "tertiary_color": null},
        "hoist": role.hoist,
        "managed": role.bot.is_some(),
        "mentionable": role.mentionable,
        "icon": null,
        "unicode_emoji": null,
        "flags": 0,
    });
    if let Some(bot) = role.bot {
        json["tags"] = json!({"bot_id": bot});
    }
    json
}

/// A server without the fields that only the gateway sends.
pub(crate) fn guild(guild: &Guild) -> Value {
    json!({
        "id": guild.id,
        "name": guild.name,
        "icon": guild.icon.map(Image::hash),
        "description": guild.description,
        "home_header": null,
        "splash": null,
        "discovery_splash": null,
        "features": [],
        "banner": null,
        "owner_id": guild.owner,
        "application_id": null,
        "region": "deprecated",
        "afk_channel_id": null,
        "afk_timeout": 300,
        "system_channel_id": guild.system_channel,
        "system_channel_flags": 0,
        "widget_enabled": false,
        "widget_channel_id": null,
        "verification_level": 0,
        "roles": guild.roles.values().map(role).collect::<Vec<_>>(),
        "default_message_notifications": 0,
        "mfa_level": guild.mfa_level,
        "explicit_content_filter": 0,
        "max_presences": null,
        "max_members": 500_000,
        "max_stage_video_channel_users": 50,
        "max_video_channel_users": 25,
        "vanity_url_code": null,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "preferred_locale": guild.preferred_locale,
        "rules_channel_id": null,
        "safety_alerts_channel_id": null,
        "public_updates_channel_id": null,
        "premium_progress_bar_enabled": false,
        "nsfw": false,
        "nsfw_level": 0,
        "emojis": guild.emojis.values().map(plain).collect::<Vec<_>>(),
        "stickers": [],
        "incidents_data": null,
    })
}

/// The `d` of READY, with the servers of this shard. `shard` is (number, of how many).
pub(crate) fn ready(
    world: &World,
    bot: UserId,
    session_id: &str,
    resume_url: &str,
    shard: (u64, u64),
) -> Value {
    let guilds: Vec<Value> = world
        .user(bot)
        .into_iter()
        .flat_map(|user| &user.guilds)
        .filter(|guild| guild.shard(shard.1.max(1)) == shard.0)
        .map(|guild| json!({"id": guild, "unavailable": true}))
        .collect();
    let application = world.application_of(bot);
    json!({
        "v": 10,
        "user": current_user(world, bot),
        "user_settings": {},
        "session_type": "normal",
        "session_id": session_id,
        "resume_gateway_url": resume_url,
        "shard": [shard.0, shard.1],
        "guilds": guilds,
        "private_channels": [],
        "relationships": [],
        "presences": [],
        "guild_join_requests": [],
        "geo_ordered_rtc_regions": [],
        "application": application.map(|a| json!({"id": a.id, "flags": a.privileged.flags()})),
    })
}

/// The `d` of `GUILD_CREATE` for one receiver; `None` if they are not in the server, or did not
/// ask for servers. `intents: None` is a person's client.
pub(crate) fn guild_create(
    world: &World,
    now: Timestamp,
    id: GuildId,
    to: UserId,
    intents: Option<Intents>,
) -> Option<Value> {
    let found = world.guild(id)?;
    let own = found.members.get(&to)?;
    if intents.is_some_and(|i| !i.has(Intents::GUILDS)) {
        return None;
    }
    // Without the presences intent, a bot receives only its own member.
    let everyone = intents.is_none_or(|i| i.has(Intents::GUILD_PRESENCES));
    let members: Vec<Value> = found
        .members
        .values()
        .filter(|m| everyone || m.user == to)
        .map(|m| member(world, m))
        .collect();
    let channels: Vec<Value> = found
        .channels
        .iter()
        .filter_map(|id| place::gateway_channel(world, now, world.channel(*id)?, to, intents))
        .collect();
    let threads: Vec<Value> = found
        .active_threads
        .iter()
        .filter_map(|id| world.place(*id))
        .filter(|place| world.can_view(now, *place, to))
        .filter_map(|place| match (intents, place) {
            (None, place) => Some(place::channel_for(world, now, place, to)),
            (_, Place::Thread(thread, _)) => Some(place::thread_in_list(thread, to)),
            (_, Place::Channel(_)) => None,
        })
        .collect();
    let mut json = guild(found);
    for (field, value) in [
        ("joined_at", json!(own.joined_at)),
        ("large", json!(found.members.len() > LARGE)),
        ("unavailable", json!(false)),
        ("member_count", json!(found.members.len())),
        ("voice_states", json!([])),
        ("members", json!(members)),
        ("channels", json!(channels)),
        ("threads", json!(threads)),
        ("presences", json!([])),
        ("stage_instances", json!([])),
        ("guild_scheduled_events", json!([])),
        ("soundboard_sounds", json!([])),
    ] {
        json[field] = value;
    }
    if intents.is_none() {
        json["permissions"] = json!(world.permissions_in_guild(now, id, to));
    }
    Some(json)
}

/// A server in the shape of the control API's `view`; `None` for somebody who is not in it.
pub(crate) fn guild_view(
    world: &World,
    now: Timestamp,
    id: GuildId,
    person: UserId,
) -> Option<Value> {
    let full = guild_create(world, now, id, person, None)?;
    let wanted = [
        "id",
        "name",
        "owner_id",
        "preferred_locale",
        "system_channel_id",
        "roles",
        "members",
        "channels",
        "threads",
        "permissions",
    ];
    Some(
        wanted
            .iter()
            .map(|field| ((*field).to_owned(), full[*field].clone()))
            .collect(),
    )
}

/// The application, as its own bot sees it.
pub(crate) fn application(world: &World, application: &Application) -> Value {
    let person = |id| world.user(id).map_or(Value::Null, user);
    let guilds = world.user(application.bot).map_or(0, |u| u.guilds.len());
    let flags = application.privileged.flags();
    let profile = &application.profile;
    let types = profile.integration_types.iter().map(|(kind, params)| {
        let about = params.as_ref().map_or_else(
            || json!({}),
            |params| json!({"oauth2_install_params": params}),
        );
        (kind.to_string(), about)
    });
    let mut json = json!({
        "id": application.id,
        "name": application.name,
        "icon": profile.icon.map(Image::hash),
        "description": profile.description,
        "summary": "",
        "type": null,
        "bot": person(application.bot),
        "bot_public": true,
        "bot_require_code_grant": false,
        "verify_key": "0".repeat(64),
        "flags": flags,
        "flags_new": flags.to_string(),
        "tags": profile.tags,
        "redirect_uris": [],
        "interactions_endpoint_url": null,
        "role_connections_verification_url": null,
        "owner": person(application.owner),
        "team": null,
        "approximate_guild_count": guilds,
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "event_webhooks_url": null,
        "event_webhooks_status": 1,
        "explicit_content_filter": 0,
        "eligible_oauth2_scopes": [],
        "integration_types_config": types.collect::<Map<String, Value>>(),
    });
    // Missing values of the other fields are null, but these fields are left out.
    if let Some(cover) = profile.cover_image {
        json["cover_image"] = cover.hash().into();
    }
    if let Some(url) = &profile.custom_install_url {
        json["custom_install_url"] = json!(url);
    }
    if let Some(params) = &profile.install_params {
        json["install_params"] = json!(params);
    }
    json
}
