//! Op 31: a client requests the soundboard sounds of servers. The sandbox has none.

use serde_json::json;

use super::session::Session;
use super::sessions::{Around, push};
use crate::id::GuildId;

/// Adds the responses to the session.
pub(super) fn answer(session: &mut Session, around: &Around<'_>, guilds: &[GuildId]) {
    for guild in guilds {
        if session.serves(*guild) && around.world.member(*guild, session.user).is_some() {
            let sounds = json!({"guild_id": guild, "soundboard_sounds": []});
            push(session, around, "SOUNDBOARD_SOUNDS", &sounds);
        }
    }
}
