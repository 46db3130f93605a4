//! Invites as JSON.

use serde_json::{Value, json};

use super::guild::user;
use crate::world::model::Image;
use crate::world::{Invite, World};

/// An invite. Its uses are only for members who manage the server, or have just created the invite.
pub(crate) fn invite(world: &World, found: &Invite, with_uses: bool) -> Value {
    let channel = world.channel(found.channel);
    let mut json = json!({
        "type": 0,
        "code": found.code,
        "guild_id": found.guild,
        "guild": world.guild(found.guild).map(|guild| json!({
            "id": guild.id,
            "name": guild.name,
            "splash": null,
            "banner": null,
            "description": guild.description,
            "icon": guild.icon.map(Image::hash),
            "features": [],
            "verification_level": 0,
            "vanity_url_code": null,
            "nsfw_level": 0,
            "nsfw": false,
            "premium_subscription_count": 0,
        })),
        "channel": channel.map(|c| json!({"id": c.id, "name": c.name, "type": c.kind.code()})),
        "inviter": world.user(found.inviter).map(user),
        "expires_at": found.expires(),
    });
    if with_uses {
        json["uses"] = found.uses.into();
        json["max_uses"] = found.max_uses.into();
        json["max_age"] = found.max_age.into();
        json["temporary"] = found.temporary.into();
        json["created_at"] = json!(found.created);
    }
    json
}

/// The `d` of `INVITE_CREATE`.
pub(super) fn created(world: &World, found: &Invite) -> Value {
    json!({
        "channel_id": found.channel,
        "guild_id": found.guild,
        "code": found.code,
        "created_at": found.created,
        "expires_at": found.expires(),
        "inviter": world.user(found.inviter).map(user),
        "max_age": found.max_age,
        "max_uses": found.max_uses,
        "temporary": found.temporary,
        "uses": found.uses,
    })
}
