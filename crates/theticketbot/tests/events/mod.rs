//! The gateway's events, and values that Discord never sends.

use proptest::prelude::*;
use serde_json::{Value, json};

/// One example of each event that the bot handles.
pub(crate) fn known() -> Vec<Value> {
    let thread = json!({"id": "50", "guild_id": "1", "parent_id": "10", "type": 12, "owner_id": "9",
        "thread_metadata": {"archived": false, "locked": false}});
    let channel = json!({"id": "10", "guild_id": "1", "type": 0, "rate_limit_per_user": 5,
        "permission_overwrites": [{"id": "1", "type": 0, "allow": "1024", "deny": "0"}]});
    let role = json!({"id": "30", "permissions": "1024", "tags": {"bot_id": "9"}});
    let user = json!({"id": "7", "username": "mia", "global_name": "Mia"});
    let member = json!({"user": user, "roles": ["30"], "nick": null});
    let interaction = |kind: u8, data: Value| {
        json!({"id": "100", "application_id": "5", "type": kind, "token": "secret", "version": 1,
            "guild_id": "1", "channel_id": "10", "guild_locale": "de", "locale": "fr",
            "channel": channel, "member": {"user": user, "roles": [], "permissions": "32"},
            "message": {"id": "40", "channel_id": "10", "content": "", "author": user},
            "data": data, "entitlements": []})
    };
    let events = [
        (
            "READY",
            json!({"v": 10, "user": user, "guilds": [{"id": "1", "unavailable": true}],
            "session_id": "secret", "resume_gateway_url": "ws://x", "application": {"id": "5", "flags": 0}}),
        ),
        ("RESUMED", json!({})),
        (
            "GUILD_CREATE",
            json!({"id": "1", "name": "x", "owner_id": "2", "preferred_locale": "de",
            "roles": [role], "channels": [channel], "threads": [thread], "members": [member]}),
        ),
        (
            "GUILD_UPDATE",
            json!({"id": "1", "owner_id": "2", "preferred_locale": "de"}),
        ),
        ("GUILD_DELETE", json!({"id": "1", "unavailable": true})),
        ("CHANNEL_CREATE", channel.clone()),
        ("CHANNEL_UPDATE", channel.clone()),
        ("CHANNEL_DELETE", channel.clone()),
        ("GUILD_ROLE_CREATE", json!({"guild_id": "1", "role": role})),
        ("GUILD_ROLE_UPDATE", json!({"guild_id": "1", "role": role})),
        (
            "GUILD_ROLE_DELETE",
            json!({"guild_id": "1", "role_id": "30"}),
        ),
        (
            "GUILD_MEMBER_UPDATE",
            json!({"guild_id": "1", "user": user, "roles": ["30"]}),
        ),
        (
            "GUILD_MEMBER_REMOVE",
            json!({"guild_id": "1", "user": user}),
        ),
        ("THREAD_CREATE", thread.clone()),
        ("THREAD_UPDATE", thread.clone()),
        (
            "THREAD_DELETE",
            json!({"id": "50", "guild_id": "1", "parent_id": "10", "type": 12}),
        ),
        (
            "THREAD_LIST_SYNC",
            json!({"guild_id": "1", "channel_ids": ["10"], "threads": [thread], "members": []}),
        ),
        (
            "THREAD_MEMBERS_UPDATE",
            json!({"id": "50", "guild_id": "1", "member_count": 2,
            "added_members": [{"id": "50", "user_id": "7"}], "removed_member_ids": ["8"]}),
        ),
        (
            "MESSAGE_CREATE",
            json!({"id": "60", "channel_id": "10", "guild_id": "1", "content": "<@9> sync",
            "author": user, "mentions": [user]}),
        ),
        (
            "MESSAGE_DELETE",
            json!({"id": "60", "channel_id": "10", "guild_id": "1"}),
        ),
        (
            "MESSAGE_DELETE_BULK",
            json!({"ids": ["60", "61"], "channel_id": "10", "guild_id": "1"}),
        ),
        (
            "INTERACTION_CREATE",
            interaction(
                2,
                json!({"id": "70", "name": "inbox", "type": 1,
            "options": [{"name": "create", "type": 1, "options": [{"name": "channel", "type": 7, "value": "10"}]}],
            "resolved": {"channels": {"10": channel}}}),
            ),
        ),
        (
            "INTERACTION_CREATE",
            interaction(
                2,
                json!({"id": "71", "name": "Select this message", "type": 3,
            "target_id": "40", "resolved": {"messages": {"40": {"id": "40", "channel_id": "10",
            "content": "x", "author": user, "attachments": [], "embeds": []}}}}),
            ),
        ),
        (
            "INTERACTION_CREATE",
            interaction(
                3,
                json!({"custom_id": "create-ticket", "component_type": 2}),
            ),
        ),
        (
            "INTERACTION_CREATE",
            interaction(
                3,
                json!({"custom_id": "staff:40", "component_type": 7,
            "values": ["30"], "resolved": {"roles": {"30": role}}}),
            ),
        ),
        (
            "INTERACTION_CREATE",
            interaction(
                5,
                json!({"custom_id": "name:40", "components": [{"type": 18,
            "component": {"type": 4, "custom_id": "template", "value": "x"}}]}),
            ),
        ),
    ];
    let frames = events.into_iter().zip(1..);
    frames
        .map(|((name, data), seq)| json!({"op": 0, "s": seq, "t": name, "d": data}))
        .collect()
}

/// Any JSON, with some of Discord's keys and types.
pub(crate) fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(|id| json!(id.to_string())),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,10}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("id|type|user|[a-z]{1,4}", inner, 0..4)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// The path of each value in a frame.
pub(crate) fn paths(value: &Value) -> Vec<String> {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.clone(), value))
            .collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(at, it)| (at.to_string(), it))
            .collect(),
        _ => Vec::new(),
    };
    let below = children.into_iter().flat_map(|(name, child)| {
        let below = paths(child)
            .into_iter()
            .map(|path| format!("/{name}{path}"));
        std::iter::once(format!("/{name}")).chain(below.collect::<Vec<_>>())
    });
    below.collect()
}

/// Replaces the value at this path.
pub(crate) fn replace(frame: &mut Value, path: &str, value: Value) {
    if let Some(place) = frame.pointer_mut(path) {
        *place = value;
    }
}
