//! Which receivers get an event, and what each of them gets.

use serde_json::{Value, json};

use super::{audit, emoji, guild, interaction, interaction_view, invite, message, place};
use crate::id::{ChannelId, GuildId, Timestamp, UserId};
use crate::permissions::Permissions;
use crate::world::model::{Channel, Message, Place, Thread};
use crate::world::{Audience, Body, EmojiHome, Event, EventName, Intents, ThreadMember, World};

/// The `d` that one receiver gets, or `None` if they may not see the event or did not subscribe to it.
/// `intents: None` is a person's client, which receives everything that the person may see.
pub(crate) fn dispatch(
    world: &World,
    now: Timestamp,
    event: &Event,
    to: UserId,
    intents: Option<Intents>,
) -> Option<Value> {
    if let Some(intents) = intents
        && !is_wanted(event, to, intents)
    {
        return None;
    }
    if !is_told(world, now, event, to, intents) {
        return None;
    }
    render(world, now, event, to, intents)
}

/// Whether this message's content is hidden from a session with these intents.
pub(crate) fn missing_content(message: &Message, to: UserId, intents: Option<Intents>) -> bool {
    intents.is_some_and(|i| !i.has(Intents::MESSAGE_CONTENT))
        && message.user() != Some(to)
        && !message.guild.is_none()
        && !message.mentions.contains(&to)
}

fn is_wanted(event: &Event, to: UserId, intents: Intents) -> bool {
    use EventName as E;
    let either = |in_guild, direct| {
        if event.guild.is_none() {
            direct
        } else {
            in_guild
        }
    };
    let needed = match event.name {
        // A bot receives events about itself with any intents.
        E::GuildMemberUpdate => match &event.body {
            Body::Member(member) if member.user == to => return true,
            _ => Intents::GUILD_MEMBERS,
        },
        E::ThreadMembersUpdate => match &event.body {
            Body::ThreadMembers { added, removed, .. }
                if added.contains(&to) || removed.contains(&to) =>
            {
                Intents::GUILDS
            }
            _ => Intents::GUILD_MEMBERS,
        },
        E::GuildMemberAdd | E::GuildMemberRemove => Intents::GUILD_MEMBERS,
        E::GuildBanAdd | E::GuildBanRemove | E::GuildAuditLogEntryCreate => {
            Intents::GUILD_MODERATION
        }
        E::MessageCreate | E::MessageUpdate | E::MessageDelete | E::MessageDeleteBulk => {
            either(Intents::GUILD_MESSAGES, Intents::DIRECT_MESSAGES)
        }
        E::MessageReactionAdd
        | E::MessageReactionRemove
        | E::MessageReactionRemoveAll
        | E::MessageReactionRemoveEmoji => either(
            Intents::GUILD_MESSAGE_REACTIONS,
            Intents::DIRECT_MESSAGE_REACTIONS,
        ),
        E::TypingStart => either(
            Intents::GUILD_MESSAGE_TYPING,
            Intents::DIRECT_MESSAGE_TYPING,
        ),
        E::ChannelPinsUpdate => either(Intents::GUILDS, Intents::DIRECT_MESSAGES),
        E::InviteCreate | E::InviteDelete => Intents::GUILD_INVITES,
        E::GuildEmojisUpdate => Intents::GUILD_EXPRESSIONS,
        E::WebhooksUpdate => Intents::GUILD_WEBHOOKS,
        E::InteractionCreate | E::UserUpdate => return true,
        E::InteractionSuccess | E::InteractionFailure | E::InteractionModalCreate | E::Resync => {
            return false;
        }
        E::ChannelCreate
        | E::ChannelUpdate
        | E::ChannelDelete
        | E::ThreadCreate
        | E::ThreadUpdate
        | E::ThreadDelete
        | E::ThreadListSync
        | E::ThreadMemberUpdate
        | E::GuildCreate
        | E::GuildUpdate
        | E::GuildDelete
        | E::GuildRoleCreate
        | E::GuildRoleUpdate
        | E::GuildRoleDelete => Intents::GUILDS,
    };
    intents.has(needed)
}

fn is_told(
    world: &World,
    now: Timestamp,
    event: &Event,
    to: UserId,
    intents: Option<Intents>,
) -> bool {
    let in_guild = || world.member(event.guild, to).is_some();
    // Bots also receive channels that they cannot view, with most fields masked.
    if intents.is_some() && matches!(event.body, Body::Channel(_)) {
        return in_guild();
    }
    match &event.audience {
        Audience::Guild => in_guild(),
        Audience::Auditors => {
            let own = world.permissions_in_guild(now, event.guild, to);
            intents.is_some() && own.has(Permissions::VIEW_AUDIT_LOG)
        }
        Audience::People => intents.is_none() && in_guild(),
        Audience::User(user) => *user == to,
        Audience::FormerViewers(channel, thread) => {
            could_view(world, now, channel, thread.as_deref(), to)
        }
        Audience::Viewers(id) => match &event.body {
            // The removed member receives it, too.
            Body::ThreadMembers { removed, .. } if removed.contains(&to) => in_guild(),
            // Only those who manage the channel receive its invites.
            Body::Invite(_) => world.place(*id).is_some_and(|place| {
                let own = world.permissions_in(now, place, to).as_given();
                own.has(Permissions::VIEW_CHANNEL | Permissions::MANAGE_CHANNELS)
            }),
            _ => world
                .place(*id)
                .is_some_and(|place| world.can_view(now, place, to)),
        },
    }
}

fn could_view(
    world: &World,
    now: Timestamp,
    channel: &Channel,
    thread: Option<&Thread>,
    to: UserId,
) -> bool {
    let Some(standing) = world.standing(now, channel.guild, to) else {
        return false;
    };
    let permissions = standing.in_channel(&channel.overwrites);
    permissions.has(Permissions::VIEW_CHANNEL)
        && thread.is_none_or(|thread| {
            !thread.is_private()
                || thread.members.contains_key(&to)
                || permissions.has(Permissions::MANAGE_THREADS)
        })
}

fn render(
    world: &World,
    now: Timestamp,
    event: &Event,
    to: UserId,
    intents: Option<Intents>,
) -> Option<Value> {
    let guild = event.guild;
    Some(match &event.body {
        Body::Channel(channel) => place::gateway_channel(world, now, channel, to, intents)?,
        Body::Thread {
            thread,
            newly_created,
        } => thread_event(world, now, event.name, thread, *newly_created, to, intents),
        Body::ThreadDelete {
            thread,
            parent,
            kind,
        } => {
            json!({"id": thread, "guild_id": guild, "parent_id": parent, "type": kind})
        }
        Body::ThreadListSync { channel } => list_sync(world, now, *channel, guild, to)?,
        Body::ThreadMember { thread } => {
            let joined = *world.thread(*thread)?.members.get(&to)?;
            let member = ThreadMember {
                thread: *thread,
                user: to,
                joined,
            };
            let mut json = place::thread_member(world, guild, &member, false);
            json["guild_id"] = json!(guild);
            json
        }
        Body::ThreadMembers {
            thread,
            added,
            removed,
        } => thread_members(world, guild, *thread, added, removed),
        Body::Message(message) => message_event(world, message, to, intents),
        Body::MessageDelete { channel, message } => {
            in_guild(json!({"id": message, "channel_id": channel}), guild)
        }
        Body::Reaction {
            channel,
            message,
            user,
            author,
            emoji,
        } => {
            let mut json = json!({
                "user_id": user,
                "channel_id": channel,
                "message_id": message,
                "emoji": message::emoji(emoji),
                "burst": false,
                "type": 0,
            });
            if event.name == EventName::MessageReactionAdd {
                if let Some(member) = world.member(guild, *user) {
                    json["member"] = guild::member(world, member);
                }
                if let Some(author) = author {
                    json["message_author_id"] = json!(author);
                }
            }
            in_guild(json, guild)
        }
        Body::ReactionsGone {
            channel,
            message,
            emoji,
        } => {
            let mut json = json!({"channel_id": channel, "message_id": message});
            if let Some(emoji) = emoji {
                json["emoji"] = message::emoji(emoji);
            }
            in_guild(json, guild)
        }
        Body::Pins { channel } => {
            let last = match world.place(*channel)? {
                Place::Channel(found) => found.last_pin,
                Place::Thread(found, _) => found.last_pin,
            };
            in_guild(
                json!({"channel_id": channel, "last_pin_timestamp": last}),
                guild,
            )
        }
        Body::Invite(found) => match event.name {
            EventName::InviteCreate => invite::created(world, found),
            _ => json!({"channel_id": found.channel, "guild_id": guild, "code": found.code}),
        },
        Body::AuditEntry(found) => in_guild(audit::entry(found), guild),
        Body::Emojis => json!({
            "guild_id": guild,
            "emojis": emoji::list(world, EmojiHome::Guild(guild)),
        }),
        Body::CurrentUser => guild::current_user(world, to),
        Body::MessageDeleteBulk { channel, messages } => {
            in_guild(json!({"ids": messages, "channel_id": channel}), guild)
        }
        Body::Typing { channel, user, at } => {
            let mut json = json!({
                "channel_id": channel,
                "user_id": user,
                "timestamp": at.0 / 1000,
            });
            if let Some(member) = world.member(guild, *user) {
                json["member"] = guild::member(world, member);
            }
            in_guild(json, guild)
        }
        Body::Guild => match event.name {
            EventName::GuildCreate => guild::guild_create(world, now, guild, to, intents)?,
            _ => guild::guild(world.guild(guild)?),
        },
        // Without `unavailable`, the event means that the bot was removed, not that there is an outage.
        Body::GuildDelete => json!({"id": guild}),
        Body::Role(role) => json!({"guild_id": guild, "role": guild::role(role)}),
        Body::RoleDelete(role) => json!({"guild_id": guild, "role_id": role}),
        Body::Member(member) => {
            let mut json = guild::member(world, member);
            json["guild_id"] = json!(guild);
            json
        }
        Body::MemberRemove(user) | Body::Ban(user) => {
            json!({"guild_id": guild, "user": world.user(*user).map(guild::user)})
        }
        Body::Interaction(id) => interaction(world, now, world.interaction(*id)?),
        Body::InteractionView(id) => interaction_view(world, *id)?,
        Body::Json(json) => json.clone(),
    })
}

/// Adds the server's id, except in direct messages, which belong to no server.
fn in_guild(mut json: Value, guild: GuildId) -> Value {
    if !guild.is_none() {
        json["guild_id"] = json!(guild);
    }
    json
}

fn thread_event(
    world: &World,
    now: Timestamp,
    name: EventName,
    thread: &Thread,
    newly_created: bool,
    to: UserId,
    intents: Option<Intents>,
) -> Value {
    let mut json = match (intents, world.channel(thread.parent)) {
        (None, Some(parent)) => place::channel_for(world, now, Place::Thread(thread, parent), to),
        _ => place::thread(thread),
    };
    if newly_created {
        json["newly_created"] = true.into();
    } else if name == EventName::ThreadCreate
        && let Some(joined) = thread.members.get(&to)
    {
        let member = ThreadMember {
            thread: thread.id,
            user: to,
            joined: *joined,
        };
        json["member"] = place::thread_member(world, thread.guild, &member, false);
    }
    json
}

fn list_sync(
    world: &World,
    now: Timestamp,
    channel: ChannelId,
    guild: GuildId,
    to: UserId,
) -> Option<Value> {
    let threads: Vec<&Thread> = world
        .channel(channel)?
        .threads
        .iter()
        .filter_map(|id| world.place(*id))
        .filter(|place| world.can_view(now, *place, to))
        .filter_map(Place::thread)
        .filter(|thread| !thread.archived)
        .collect();
    let members = threads.iter().filter_map(|thread| {
        let joined = *thread.members.get(&to)?;
        let member = ThreadMember {
            thread: thread.id,
            user: to,
            joined,
        };
        Some(place::thread_member(world, guild, &member, false))
    });
    Some(json!({
        "guild_id": guild,
        "channel_ids": [channel],
        "members": members.collect::<Vec<_>>(),
        "threads": threads.iter().map(|t| place::thread_in_list(t, to)).collect::<Vec<_>>(),
    }))
}

fn thread_members(
    world: &World,
    guild: GuildId,
    id: ChannelId,
    added: &[UserId],
    removed: &[UserId],
) -> Value {
    let thread = world.thread(id);
    let mut json = json!({
        "id": id,
        "guild_id": guild,
        "member_count": thread.map_or(0, |t| t.members.len().min(50)),
    });
    if !added.is_empty() {
        let added = added.iter().filter_map(|user| {
            let joined = *thread?.members.get(user)?;
            let member = ThreadMember {
                thread: id,
                user: *user,
                joined,
            };
            let mut json = place::thread_member(world, guild, &member, true);
            json["presence"] = Value::Null;
            Some(json)
        });
        json["added_members"] = added.collect();
    }
    if !removed.is_empty() {
        json["removed_member_ids"] = json!(removed);
    }
    json
}

fn message_event(world: &World, found: &Message, to: UserId, intents: Option<Intents>) -> Value {
    let mut json = message(world, found);
    let member = |user: &UserId| {
        world.member(found.guild, *user).map(|m| {
            let mut json = guild::bare_member(m);
            json["deaf"] = false.into();
            json["mute"] = false.into();
            json
        })
    };
    json = in_guild(json, found.guild);
    if intents.is_none() {
        message::mark_own_reactions(&mut json, found, to);
    }
    json["channel_type"] = json!(world.place(found.channel).map(Place::type_code));
    if let (Some(author), None) = (found.user(), found.webhook)
        && let Some(member) = member(&author)
    {
        json["member"] = member;
    }
    for (index, user) in found.mentions.iter().enumerate() {
        if let Some(member) = member(user) {
            json["mentions"][index]["member"] = member;
        }
    }
    if missing_content(found, to, intents) {
        message::without_content(&mut json);
    }
    json
}
