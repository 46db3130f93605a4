//! What clients send: opcodes and their data. This is the only place that parses them.
//!
//! Libraries differ in what they send, and this accepts the variants of four of them. It does not parse
//! fields that the gateway does not need.

use serde::Deserialize;
use serde_json::Value;

use super::close::Close;
use crate::id::{GuildId, UserId};

/// Longer payloads are refused.
/// Source: Discord's documentation, "Sending Events".
pub(crate) const LONGEST: usize = 4096;

/// A valid payload.
#[derive(Debug, PartialEq)]
pub(crate) enum Inbound {
    Heartbeat,
    Identify(Identify),
    Resume(Resume),
    RequestMembers(RequestMembers),
    /// Accepted without effect, because the sandbox does not imitate presences.
    PresenceUpdate,
    /// Asks for the sounds of these servers.
    RequestSounds(Vec<GuildId>),
    /// The bot joins or leaves a voice channel.
    VoiceState,
}

#[derive(Debug, PartialEq)]
pub(crate) struct Identify {
    /// The token, without the prefix `Bot ` that some clients add.
    pub(crate) token: String,
    /// `None` if it is not a number, or is too large.
    pub(crate) intents: Option<u64>,
    /// `[shard, number of shards]`; `None` if it is not such a pair.
    pub(crate) shard: Option<[u64; 2]>,
    pub(crate) compress: bool,
}

#[derive(Debug, PartialEq)]
pub(crate) struct Resume {
    pub(crate) token: String,
    pub(crate) session_id: String,
    pub(crate) seq: u64,
}

#[derive(Debug, PartialEq)]
pub(crate) struct RequestMembers {
    pub(crate) guild: GuildId,
    pub(crate) wanted: Wanted,
    pub(crate) nonce: Option<String>,
}

/// Which members a client asks for.
#[derive(Debug, PartialEq)]
pub(crate) enum Wanted {
    All,
    /// Members whose name begins with `prefix`, at most `limit`.
    Named {
        prefix: String,
        limit: usize,
    },
    These(Vec<UserId>),
}

/// Reads a payload.
pub(crate) fn read(payload: &[u8]) -> Result<Inbound, Close> {
    if payload.len() > LONGEST {
        return Err(Close::DecodeError);
    }
    let payload: Value = serde_json::from_slice(payload).map_err(|_| Close::DecodeError)?;
    let Raw { op, d } = object(payload)?;
    match op {
        1 => Ok(Inbound::Heartbeat),
        2 => identify(d).map(Inbound::Identify),
        6 => resume(d).map(Inbound::Resume),
        8 => request_members(d).map(Inbound::RequestMembers),
        3 => Ok(Inbound::PresenceUpdate),
        4 => Ok(Inbound::VoiceState),
        31 => request_sounds(d).map(Inbound::RequestSounds),
        _ => Err(Close::UnknownOpcode),
    }
}

#[derive(Deserialize)]
struct Raw {
    op: u64,
    #[serde(default)]
    d: Value,
}

fn identify(d: Value) -> Result<Identify, Close> {
    #[derive(Deserialize)]
    struct Raw {
        token: String,
        #[serde(default)]
        intents: Value,
        shard: Option<Value>,
        compress: Option<bool>,
    }
    let raw: Raw = object(d)?;
    let shard = match raw.shard {
        None => Some([0, 1]),
        Some(shard) => serde_json::from_value(shard).ok(),
    };
    Ok(Identify {
        token: bare(raw.token),
        intents: raw.intents.as_u64(),
        shard,
        compress: raw.compress.unwrap_or(false),
    })
}

fn resume(d: Value) -> Result<Resume, Close> {
    #[derive(Deserialize)]
    struct Raw {
        token: String,
        session_id: String,
        // A client that has received no event may send null.
        seq: Option<u64>,
    }
    let raw: Raw = object(d)?;
    Ok(Resume {
        token: bare(raw.token),
        session_id: raw.session_id,
        seq: raw.seq.unwrap_or(0),
    })
}

fn request_members(d: Value) -> Result<RequestMembers, Close> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum OneOrMany<T> {
        One(T),
        Many(Vec<T>),
    }
    #[derive(Deserialize)]
    struct Raw {
        // discord.js sends a list with one id.
        guild_id: OneOrMany<GuildId>,
        query: Option<String>,
        limit: Option<usize>,
        user_ids: Option<OneOrMany<UserId>>,
        nonce: Option<String>,
    }
    let raw: Raw = object(d)?;
    let guild = match raw.guild_id {
        OneOrMany::One(guild) => guild,
        OneOrMany::Many(guilds) => *guilds.first().ok_or(Close::DecodeError)?,
    };
    let wanted = match (raw.user_ids, raw.query) {
        (Some(OneOrMany::One(user)), _) => Wanted::These(vec![user]),
        (Some(OneOrMany::Many(users)), _) => Wanted::These(users),
        (None, Some(query)) if query.is_empty() && raw.limit.unwrap_or(0) == 0 => Wanted::All,
        (None, Some(prefix)) => {
            let limit = raw.limit.filter(|limit| *limit > 0).unwrap_or(MOST_WANTED);
            Wanted::Named {
                prefix,
                limit: limit.min(MOST_WANTED),
            }
        }
        (None, None) => return Err(Close::DecodeError),
    };
    // Discord ignores a longer nonce instead of refusing the request.
    let nonce = raw.nonce.filter(|nonce| nonce.len() <= 32);
    Ok(RequestMembers {
        guild,
        wanted,
        nonce,
    })
}

fn request_sounds(d: Value) -> Result<Vec<GuildId>, Close> {
    #[derive(Deserialize)]
    struct Raw {
        guild_ids: Vec<GuildId>,
    }
    let raw: Raw = object(d)?;
    Ok(raw.guild_ids)
}

/// How many members can be requested by name or by id.
pub(crate) const MOST_WANTED: usize = 100;

/// Reads an object. Otherwise serde would also accept a list with the values of the fields.
fn object<T: serde::de::DeserializeOwned>(value: Value) -> Result<T, Close> {
    if !value.is_object() {
        return Err(Close::DecodeError);
    }
    serde_json::from_value(value).map_err(|_| Close::DecodeError)
}

fn bare(token: String) -> String {
    match token.strip_prefix("Bot ") {
        Some(bare) => bare.to_owned(),
        None => token,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(payload: &Value) -> Result<Inbound, Close> {
        super::read(payload.to_string().as_bytes())
    }

    fn identified(payload: &Value) -> Identify {
        match read(payload) {
            Ok(Inbound::Identify(identify)) => identify,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_clients_identify_is_understood() {
        // As discord.py, discord.js, serenity and twilight send it.
        for d in [
            json!({"token": "t", "properties": {"os": "linux", "browser": "discord.py", "device": "discord.py"},
                "compress": true, "large_threshold": 250, "intents": 515,
                "presence": {"status": "online", "game": null, "since": 0, "afk": false}}),
            json!({"token": "t", "properties": {}, "intents": 515, "compress": false,
                "shard": [0, 1], "large_threshold": 50}),
            json!({"token": "Bot t", "shard": [0, 1], "large_threshold": 250, "intents": 515, "compress": true,
                "presence": {"afk": false, "status": "online", "since": {"secs_since_epoch": 1}, "activities": []},
                "properties": {"browser": "serenity", "device": "serenity", "os": "linux"}}),
            json!({"token": "Bot t", "capabilities": 0, "compress": false, "intents": 515,
                "large_threshold": 50, "presence": null, "properties": {}, "shard": [0, 1]}),
        ] {
            let identify = identified(&json!({"op": 2, "d": d}));
            assert_eq!((&*identify.token, identify.intents), ("t", Some(515)));
            assert_eq!(identify.shard, Some([0, 1]));
        }
    }

    #[test]
    fn odd_intents_and_shards_are_left_for_the_session_to_refuse() {
        let identify =
            identified(&json!({"op": 2, "d": {"token": "t", "intents": -1, "shard": [1]}}));
        assert_eq!((identify.intents, identify.shard), (None, None));
        let identify = identified(&json!({"op": 2, "d": {"token": "t"}}));
        assert_eq!((identify.intents, identify.shard), (None, Some([0, 1])));
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        for (payload, close) in [
            (json!({"op": 99}), Close::UnknownOpcode),
            (json!({"op": 0}), Close::UnknownOpcode),
            (json!({"op": "1"}), Close::DecodeError),
            (json!({"d": 1}), Close::DecodeError),
            (json!([1]), Close::DecodeError),
            (json!({"op": 2, "d": null}), Close::DecodeError),
            (json!({"op": 2, "d": ["t", 515]}), Close::DecodeError),
            (json!({"op": 6, "d": {"token": "t"}}), Close::DecodeError),
            (json!({"op": 8, "d": {"guild_id": "1"}}), Close::DecodeError),
            (
                json!({"op": 8, "d": {"guild_id": [], "query": ""}}),
                Close::DecodeError,
            ),
        ] {
            assert_eq!(read(&payload), Err(close), "{payload}");
        }
        assert_eq!(super::read(b"{"), Err(Close::DecodeError));
        let fits = |length: usize| {
            let padding = " ".repeat(length - 8);
            super::read(format!("{{\"op\":1{padding}}}").as_bytes())
        };
        assert_eq!(fits(LONGEST), Ok(Inbound::Heartbeat));
        assert_eq!(fits(LONGEST + 1), Err(Close::DecodeError));
    }

    #[test]
    fn members_are_asked_for_in_three_ways() {
        let wanted = |d: Value| match read(&json!({"op": 8, "d": d})) {
            Ok(Inbound::RequestMembers(request)) => request,
            other => panic!("{other:?}"),
        };
        let all = wanted(json!({"guild_id": "1", "query": "", "limit": 0, "nonce": "n"}));
        assert_eq!((all.wanted, all.nonce.as_deref()), (Wanted::All, Some("n")));
        let these =
            wanted(json!({"guild_id": ["1"], "user_ids": ["2", 3], "nonce": "n".repeat(33)}));
        assert_eq!(these.wanted, Wanted::These(vec![UserId(2), UserId(3)]));
        assert_eq!((these.guild, these.nonce), (GuildId(1), None));
        let named = wanted(json!({"guild_id": 1, "query": "mi", "limit": 5000}));
        assert_eq!(
            named.wanted,
            Wanted::Named {
                prefix: "mi".to_owned(),
                limit: 100
            }
        );
    }
}
