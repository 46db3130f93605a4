//! Op 8: a client asks for members of a server, and gets them in chunks.

use serde_json::{Value, json};

use super::close::Close;
use super::inbound::{MOST_WANTED, RequestMembers, Wanted};
use super::session::Session;
use super::sessions::{Around, push};
use crate::id::UserId;
use crate::wire;
use crate::world::Intents;
use crate::world::model::{Guild, Member};

/// The number of members in one chunk.
const CHUNK: usize = 1000;

/// How long a client must wait before it requests a full list again, in milliseconds.
const FULL_LIST_EVERY: i64 = 30_000;

/// Adds the response to the session.
pub(super) fn answer(
    session: &mut Session,
    around: &Around<'_>,
    request: &RequestMembers,
) -> Result<(), Close> {
    if request.wanted == Wanted::All && !session.intents.has(Intents::GUILD_MEMBERS) {
        return Err(Close::DisallowedIntents);
    }
    let guild = around.world.joined_guild(session.user, request.guild).ok();
    // Discord does not respond for a server that is not in the session.
    let Some(guild) = guild.filter(|guild| session.serves(guild.id)) else {
        return Ok(());
    };
    if request.wanted == Wanted::All
        && let Some(limited) = too_soon(session, around, request)
    {
        push(session, around, "RATE_LIMITED", &limited);
        return Ok(());
    }
    let (found, not_found) = select(around, guild, &request.wanted);
    let chunks: Vec<&[&Member]> = if found.is_empty() {
        vec![&[]]
    } else {
        found.chunks(CHUNK).collect()
    };
    for (index, chunk) in chunks.iter().enumerate() {
        let members: Vec<Value> = chunk
            .iter()
            .map(|m| wire::member(around.world, m))
            .collect();
        let mut data = json!({
            "guild_id": guild.id,
            "members": members,
            "chunk_index": index,
            "chunk_count": chunks.len(),
        });
        if !not_found.is_empty() {
            data["not_found"] = json!(not_found);
        }
        if let Some(nonce) = &request.nonce {
            data["nonce"] = json!(nonce);
        }
        push(session, around, "GUILD_MEMBERS_CHUNK", &data);
    }
    Ok(())
}

/// The error response, if the client requested the full list a moment ago.
fn too_soon(session: &mut Session, around: &Around<'_>, request: &RequestMembers) -> Option<Value> {
    let before = session.listed_members.get(&request.guild);
    let left = before.map_or(0, |before| FULL_LIST_EVERY - around.now.since(*before));
    if left <= 0 {
        session.listed_members.insert(request.guild, around.now);
        return None;
    }
    let mut meta = json!({"guild_id": request.guild});
    if let Some(nonce) = &request.nonce {
        meta["nonce"] = json!(nonce);
    }
    let seconds = std::time::Duration::from_millis(left.unsigned_abs()).as_secs_f64();
    Some(json!({"opcode": 8, "retry_after": seconds, "meta": meta}))
}

/// The members that match, and the requested ids that are not members.
fn select<'a>(
    around: &Around<'_>,
    guild: &'a Guild,
    wanted: &Wanted,
) -> (Vec<&'a Member>, Vec<UserId>) {
    match wanted {
        Wanted::All => (guild.members.values().collect(), Vec::new()),
        Wanted::Named { prefix, limit } => {
            let prefix = prefix.to_lowercase();
            let is_named = |name: &str| name.to_lowercase().starts_with(&prefix);
            let named = guild.members.values().filter(|member| {
                let user = around.world.user(member.user);
                member.nick.as_deref().is_some_and(is_named)
                    || user.is_some_and(|user| {
                        is_named(&user.username) || is_named(user.display_name())
                    })
            });
            (named.take(*limit).collect(), Vec::new())
        }
        Wanted::These(users) => {
            let users = &users[..users.len().min(MOST_WANTED)];
            let found = users
                .iter()
                .filter_map(|user| guild.members.get(user))
                .collect();
            let missing = users
                .iter()
                .filter(|user| !guild.members.contains_key(user));
            (found, missing.copied().collect())
        }
    }
}
