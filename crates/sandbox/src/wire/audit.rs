//! The audit log as JSON.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::guild::user;
use super::place;
use crate::id::{ChannelId, UserId};
use crate::world::{AuditEntry, World};

pub(crate) fn entry(found: &AuditEntry) -> Value {
    let mut json = json!({
        "id": found.id,
        "user_id": found.actor,
        "target_id": found.target.map(|id| id.to_string()),
        "action_type": found.action.code(),
    });
    if !found.changes.is_empty() {
        let changes = found.changes.iter().map(|change| {
            let mut json = json!({"key": change.key});
            if let Some(old) = &change.old {
                json["old_value"] = old.clone();
            }
            if let Some(new) = &change.new {
                json["new_value"] = new.clone();
            }
            json
        });
        json["changes"] = changes.collect();
    }
    if !found.options.is_empty() {
        json["options"] = json!(found.options);
    }
    if let Some(reason) = &found.reason {
        json["reason"] = json!(reason);
    }
    json
}

/// The entries, with the users and threads that they mention.
pub(crate) fn log(world: &World, found: &[&AuditEntry]) -> Value {
    let actors = found.iter().map(|entry| entry.actor);
    let targets = found.iter().filter_map(|entry| entry.target);
    let users: BTreeSet<UserId> = actors.chain(targets.clone().map(UserId)).collect();
    let threads: BTreeSet<ChannelId> = targets.map(ChannelId).collect();
    let users = users.into_iter().filter_map(|id| world.user(id)).map(user);
    let threads = threads.into_iter().filter_map(|id| world.thread(id));
    json!({
        "audit_log_entries": found.iter().map(|found| entry(found)).collect::<Vec<_>>(),
        "users": users.collect::<Vec<_>>(),
        "threads": threads.map(place::thread).collect::<Vec<_>>(),
        "webhooks": [],
        "integrations": [],
        "guild_scheduled_events": [],
        "application_commands": [],
        "auto_moderation_rules": [],
    })
}
