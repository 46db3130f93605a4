//! Channels and threads as JSON.

use serde_json::{Value, json};

use super::guild::{member, user};
use super::read::{PINNED, REQUIRE_TAG};
use crate::id::{GuildId, Timestamp, UserId};
use crate::permissions::{Overwrite, Permissions, Target};
use crate::world::model::{Channel, ChannelKind, Place, Thread};
use crate::world::{ForumEmoji, Intents, Tag, ThreadMember, World};

/// Discord reports at most this many members of a thread.
const MEMBER_COUNT_CAP: usize = 50;

/// A channel or a thread.
pub(crate) fn channel(place: Place<'_>) -> Value {
    match place {
        Place::Channel(found) => guild_channel(found),
        Place::Thread(found, _) => thread(found),
    }
}

/// Direct messages, as one of the two users sees them: the other one is the recipient.
pub(crate) fn direct_channel(world: &World, channel: &Channel, viewer: UserId) -> Value {
    let others = channel.recipients.iter().filter(|user| **user != viewer);
    let others = others.filter_map(|user| world.user(*user)).map(user);
    json!({
        "id": channel.id,
        "type": channel.kind.code(),
        "last_message_id": channel.last_message,
        "last_pin_timestamp": channel.last_pin,
        "flags": 0,
        "recipients": others.collect::<Vec<_>>(),
    })
}

/// A channel or a thread with a person's `permissions` and whether they `joined`.
pub(crate) fn channel_for(
    world: &World,
    now: Timestamp,
    place: Place<'_>,
    person: UserId,
) -> Value {
    let mut json = match place {
        Place::Channel(found) if found.kind == ChannelKind::Direct => {
            direct_channel(world, found, person)
        }
        place => channel(place),
    };
    json["permissions"] = json!(world.permissions_in(now, place, person));
    json["joined"] = json!(
        place
            .thread()
            .is_none_or(|t| t.members.contains_key(&person))
    );
    json
}

pub(super) fn guild_channel(channel: &Channel) -> Value {
    let mut json = json!({
        "id": channel.id,
        "type": channel.kind.code(),
        "guild_id": channel.guild,
        "name": channel.name,
        "position": channel.position,
        "parent_id": channel.parent,
        "permission_overwrites": channel.overwrites.iter().map(overwrite).collect::<Vec<_>>(),
        "nsfw": channel.nsfw,
        "flags": 0,
    });
    if channel.kind != ChannelKind::Category {
        json["rate_limit_per_user"] = channel.rate_limit_per_user.into();
        json["last_message_id"] = json!(channel.last_message);
    }
    match channel.kind {
        ChannelKind::Text | ChannelKind::Announcement => {
            json["topic"] = json!(channel.topic);
            json["last_pin_timestamp"] = json!(channel.last_pin);
            if let Some(seconds) = channel.forum.post_slowmode {
                json["default_thread_rate_limit_per_user"] = seconds.into();
            }
        }
        ChannelKind::Voice => {
            json["bitrate"] = channel.bitrate.unwrap_or(64_000).into();
            json["user_limit"] = channel.user_limit.into();
            json["rtc_region"] = Value::Null;
        }
        ChannelKind::Forum => forum(&mut json, channel),
        ChannelKind::Category | ChannelKind::Direct => {}
    }
    if let Some(minutes) = channel.default_auto_archive {
        json["default_auto_archive_duration"] = minutes.into();
    }
    json
}

fn forum(json: &mut Value, channel: &Channel) {
    let forum = &channel.forum;
    json["topic"] = json!(channel.topic);
    json["available_tags"] = forum.tags.iter().map(tag).collect();
    json["default_reaction_emoji"] = forum.reaction.as_ref().map_or(Value::Null, emoji);
    json["default_sort_order"] = json!(forum.sort_order);
    json["default_forum_layout"] = forum.layout.into();
    json["default_thread_rate_limit_per_user"] = forum.post_slowmode.unwrap_or(0).into();
    if forum.tag_required {
        json["flags"] = REQUIRE_TAG.into();
    }
}

fn tag(tag: &Tag) -> Value {
    let mut json = tag
        .emoji
        .as_ref()
        .map_or_else(|| json!({"emoji_id": null, "emoji_name": null}), emoji);
    json["id"] = json!(tag.id);
    json["name"] = json!(tag.name);
    json["moderated"] = tag.moderated.into();
    json
}

fn emoji(emoji: &ForumEmoji) -> Value {
    match emoji {
        ForumEmoji::Made(id) => json!({"emoji_id": id, "emoji_name": null}),
        ForumEmoji::Unicode(name) => json!({"emoji_id": null, "emoji_name": name}),
    }
}

/// What a bot receives over the gateway about a channel that it cannot view (since 2026-11-16).
pub(crate) fn channel_hidden(channel: &Channel) -> Value {
    let hidden = Overwrite {
        target: Target::Role(channel.guild.everyone()),
        allow: Permissions::NONE,
        deny: Permissions::VIEW_CHANNEL,
    };
    json!({
        "id": channel.id,
        "type": channel.kind.code(),
        "guild_id": channel.guild,
        "name": "___hidden___",
        "position": channel.position,
        "parent_id": channel.parent,
        "permission_overwrites": [overwrite(&hidden)],
        "nsfw": false,
        "flags": 1 << 17,
    })
}

/// A channel, as one receiver gets it over the gateway. People do not receive hidden channels.
pub(super) fn gateway_channel(
    world: &World,
    now: Timestamp,
    channel: &Channel,
    to: UserId,
    intents: Option<Intents>,
) -> Option<Value> {
    let permissions = world
        .standing(now, channel.guild, to)?
        .in_channel(&channel.overwrites);
    let visible = permissions.has(Permissions::VIEW_CHANNEL);
    match intents {
        Some(_) if visible => Some(guild_channel(channel)),
        Some(_) => Some(channel_hidden(channel)),
        None if visible => {
            let mut json = guild_channel(channel);
            json["permissions"] = json!(permissions);
            json["joined"] = true.into();
            Some(json)
        }
        None => None,
    }
}

fn overwrite(overwrite: &Overwrite) -> Value {
    json!({
        "id": overwrite.target.id().to_string(),
        "type": match overwrite.target {
            Target::Role(_) => 0,
            Target::Member(_) => 1,
        },
        "allow": overwrite.allow,
        "deny": overwrite.deny,
    })
}

pub(crate) fn thread(thread: &Thread) -> Value {
    let mut json = json!({
        "id": thread.id,
        "type": thread.kind.code(),
        "guild_id": thread.guild,
        "parent_id": thread.parent,
        "owner_id": thread.owner,
        "name": thread.name,
        "last_message_id": thread.last_message,
        "last_pin_timestamp": thread.last_pin,
        "rate_limit_per_user": thread.rate_limit_per_user,
        "flags": 0,
        "bitrate": 64_000,
        "user_limit": 0,
        "rtc_region": null,
        "message_count": thread.message_count,
        "total_message_sent": thread.total_message_sent,
        "member_count": thread.members.len().min(MEMBER_COUNT_CAP),
        "thread_metadata": {
            "archived": thread.archived,
            "archive_timestamp": thread.archive_changed,
            "auto_archive_duration": thread.auto_archive,
            "locked": thread.locked,
            "create_timestamp": thread.created,
        },
    });
    if thread.is_private() {
        json["thread_metadata"]["invitable"] = thread.invitable.into();
    }
    if let Some(post) = &thread.post {
        json["applied_tags"] = json!(post.tags);
        if post.pinned {
            json["flags"] = PINNED.into();
        }
    }
    json
}

/// A thread in `GUILD_CREATE` and `THREAD_LIST_SYNC`. The receiver's own membership is included, without ids.
pub(super) fn thread_in_list(found: &Thread, to: UserId) -> Value {
    let mut json = thread(found);
    if let Some(joined) = found.members.get(&to) {
        json["member"] = json!({"join_timestamp": joined, "flags": 0});
    }
    json
}

/// A thread member, optionally with the server's member.
pub(crate) fn thread_member(
    world: &World,
    guild: GuildId,
    found: &ThreadMember,
    with_member: bool,
) -> Value {
    let mut json = json!({
        "id": found.thread,
        "user_id": found.user,
        "join_timestamp": found.joined,
        "flags": 0,
    });
    if with_member && let Some(found) = world.member(guild, found.user) {
        json["member"] = member(world, found);
    }
    json
}
