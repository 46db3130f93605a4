//! Messages as JSON.

use serde_json::{Value, json};

use super::guild::user;
use super::{components, place};
use crate::id::{ChannelId, GuildId, UserId};
use crate::world::World;
use crate::world::embed::Picture;
use crate::world::model::{
    Attachment, Author, Emoji, InteractionMetadata, Message, MessageKind, Reaction, flags,
};

/// A message as in REST responses, including the message that it replies to.
pub(crate) fn message(world: &World, message: &Message) -> Value {
    let mut json = alone(world, message);
    if let (MessageKind::Reply | MessageKind::ThreadStarterMessage, Some(reference)) =
        (message.kind, message.reference)
    {
        let target = reference
            .message
            .and_then(|id| world.message(reference.channel, id));
        json["referenced_message"] = target.map_or(Value::Null, |target| alone(world, target));
    }
    json
}

/// Takes away what a bot without the message-content intent may not read.
pub(crate) fn without_content(json: &mut Value) {
    json["content"] = "".into();
    for list in ["embeds", "attachments", "components"] {
        json[list] = json!([]);
    }
    if json["referenced_message"].is_object() {
        without_content(&mut json["referenced_message"]);
    }
}

fn alone(world: &World, message: &Message) -> Value {
    let fresh = freshened(world, message);
    let message = fresh.as_ref().unwrap_or(message);
    let person = |id: &UserId| world.user(*id).map(user);
    let mut json = json!({
        "id": message.id,
        "channel_id": message.channel,
        "type": message.kind as u8,
        "author": match &message.author {
            Author::User(id) => person(id).unwrap_or_default(),
            Author::Webhook { id, name, avatar } => json!({
                "id": id,
                "username": name,
                "global_name": null,
                "avatar": avatar.clone().or_else(|| Some(world.webhook(*id)?.avatar?.hash())),
                "discriminator": "0000",
                "public_flags": 0,
                "flags": 0,
                "primary_guild": null,
                "bot": true,
            }),
        },
        "content": message.content,
        "timestamp": message.timestamp,
        "edited_timestamp": message.edited,
        "tts": message.tts,
        "mention_everyone": message.mention_everyone,
        "mentions": message.mentions.iter().filter_map(person).collect::<Vec<_>>(),
        "mention_roles": message.mention_roles,
        "attachments": message.attachments.iter().map(|a| attachment(world, message.channel, a, message.ephemeral_to.is_some())).collect::<Vec<_>>(),
        "embeds": if message.flags & flags::SUPPRESS_EMBEDS == 0 { json!(message.embeds) } else { json!([]) },
        "components": components(&message.components),
        "pinned": message.pinned.is_some(),
        "flags": message.flags,
    });
    if !message.reactions.is_empty() {
        let bot = world.defaults().bot;
        json["reactions"] = message.reactions.iter().map(|r| reaction(r, bot)).collect();
    }
    if let Some(position) = message.position {
        json["position"] = position.into();
    }
    if let Some(nonce) = &message.nonce {
        json["nonce"] = nonce.clone();
    }
    if let Some(reference) = message.reference {
        json["message_reference"] = json!({
            "type": 0,
            "channel_id": reference.channel,
        });
        if !reference.guild.is_none() {
            json["message_reference"]["guild_id"] = json!(reference.guild);
        }
        if let Some(id) = reference.message {
            json["message_reference"]["message_id"] = json!(id);
        }
    }
    if let Some(application) = message.application {
        json["application_id"] = json!(application);
    }
    if let Some(webhook) = message.webhook {
        json["webhook_id"] = json!(webhook);
    }
    if let Some(about) = &message.interaction_metadata {
        json["interaction_metadata"] = metadata(world, message.guild, about);
    }
    if let Some(thread) = message.thread.and_then(|id| world.thread(id)) {
        json["thread"] = place::thread(thread);
    }
    json
}

/// A reaction, as `viewer` sees it.
fn reaction(found: &Reaction, viewer: UserId) -> Value {
    json!({
        "emoji": emoji(&found.emoji),
        "count": found.users.len(),
        "count_details": {"burst": 0, "normal": found.users.len()},
        "burst_colors": [],
        "me": found.is_of(viewer),
        "me_burst": false,
    })
}

/// Marks the reader's own reactions in a message's JSON.
pub(crate) fn mark_own_reactions(json: &mut Value, message: &Message, viewer: UserId) {
    if !message.reactions.is_empty() {
        let reactions = message.reactions.iter();
        json["reactions"] = reactions.map(|r| reaction(r, viewer)).collect();
    }
}

/// An emoji of a reaction.
pub(super) fn emoji(found: &Emoji) -> Value {
    let mut json = json!({"id": found.id, "name": found.name});
    if found.animated {
        json["animated"] = true.into();
    }
    json
}

/// The message with new signatures on the addresses of the sandbox's own files.
fn freshened(world: &World, message: &Message) -> Option<Message> {
    if message.embeds.is_empty() && message.components.is_empty() {
        return None;
    }
    let mut fresh = message.clone();
    for address in fresh.pictures_mut().flat_map(Picture::addresses_mut) {
        if let Some(signed) = world.freshly_signed(address) {
            *address = signed;
        }
    }
    Some(fresh)
}

/// A file of a message.
fn attachment(world: &World, channel: ChannelId, found: &Attachment, ephemeral: bool) -> Value {
    let mut json = file(found, &world.attachment_url(channel, found));
    if ephemeral {
        json["ephemeral"] = true.into();
    }
    json
}

/// A file that was uploaded with a command or a modal.
pub(super) fn ephemeral_attachment(world: &World, channel: ChannelId, found: &Attachment) -> Value {
    let mut json = file(found, &world.ephemeral_attachment_url(channel, found));
    json["ephemeral"] = true.into();
    json
}

fn file(found: &Attachment, url: &str) -> Value {
    let mut json = json!({
        "id": found.id,
        "filename": found.filename,
        "size": found.size,
        "url": url,
        "proxy_url": url,
    });
    if let Some(title) = &found.title {
        json["title"] = json!(title);
    }
    if let Some(description) = &found.description {
        json["description"] = json!(description);
    }
    if let Some(content_type) = &found.content_type {
        json["content_type"] = json!(content_type);
    }
    if let Some((width, height)) = found.dimensions {
        json["width"] = width.into();
        json["height"] = height.into();
    }
    json
}

fn metadata(world: &World, guild: GuildId, about: &InteractionMetadata) -> Value {
    let mut json = json!({
        "id": about.id,
        "type": about.kind,
        "user": world.user(about.user).map(user),
        "authorizing_integration_owners": {"0": guild},
    });
    if let Some(name) = &about.name {
        json["name"] = json!(name);
    }
    if let Some(target) = about.target_message {
        json["target_message_id"] = json!(target);
    }
    if let Some(target) = about.target_user.and_then(|id| world.user(id)) {
        json["target_user"] = user(target);
    }
    if let Some(source) = about.interacted_message {
        json["interacted_message_id"] = json!(source);
    }
    if let Some(earlier) = &about.triggered_by {
        json["triggering_interaction_metadata"] = metadata(world, guild, earlier);
    }
    json
}
