//! Custom emojis as JSON.

use serde_json::{Value, json};

use super::guild::user;
use crate::world::model::MadeEmoji;
use crate::world::{EmojiHome, World};

/// An emoji, with the user who uploaded it.
pub(crate) fn emoji(world: &World, found: &MadeEmoji) -> Value {
    let mut json = plain(found);
    json["user"] = world.user(found.creator).map_or(Value::Null, user);
    json
}

/// All custom emojis of a server or an application.
pub(crate) fn list(world: &World, home: EmojiHome) -> Value {
    world.emojis(home).values().map(plain).collect()
}

pub(super) fn plain(found: &MadeEmoji) -> Value {
    json!({
        "id": found.id,
        "name": found.name,
        "roles": found.roles,
        "require_colons": true,
        "managed": false,
        "animated": found.animated,
        "available": true,
    })
}
