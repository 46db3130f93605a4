//! The parts of an event that the specification describes.
//!
//! The specification has no gateway events, but it describes objects that the events are or contain.

use serde_json::{Map, Value};

/// An object inside an event: its place, its name in the specification, and its JSON.
pub(super) type Part = (String, &'static str, Value);

/// Where an event contains which object. `*` stands for every item or field.
struct Row {
    events: &'static [&'static str],
    at: &'static str,
    component: &'static str,
    difference: Difference,
}

/// How objects at this place differ from those in REST responses, according to Discord's documentation.
#[derive(Clone, Copy)]
enum Difference {
    None,
    /// `GUILD_CREATE`'s channels do not contain the id of their guild.
    NoGuildId,
    /// The thread member does not contain `id` and `user_id` here.
    BareThreadMember,
    /// These fields may be missing, because the gateway does not always send them.
    Without(&'static [&'static str]),
}

/// Fields of a guild that only REST responses contain.
const REST_ONLY_GUILD: &[&str] = &["widget_enabled", "widget_channel_id", "max_presences"];

#[rustfmt::skip]
const TABLE: &[Row] = &[
    row(&["MESSAGE_CREATE", "MESSAGE_UPDATE"], "", "MessageResponse", Difference::None),
    row(&["THREAD_CREATE", "THREAD_UPDATE"], "", "ThreadResponse", Difference::BareThreadMember),
    row(&["CHANNEL_CREATE", "CHANNEL_UPDATE", "CHANNEL_DELETE"], "", "GuildChannelResponse", Difference::None),
    row(&["GUILD_UPDATE"], "", "GuildResponse", Difference::Without(REST_ONLY_GUILD)),
    row(&["GUILD_CREATE"], "", "GuildResponse", Difference::Without(REST_ONLY_GUILD)),
    row(&["GUILD_CREATE"], "/channels/*", "GuildChannelResponse", Difference::NoGuildId),
    row(&["GUILD_CREATE"], "/threads/*", "ThreadResponse", Difference::BareThreadMember),
    row(&["GUILD_CREATE"], "/members/*", "GuildMemberResponse", Difference::None),
    row(&["GUILD_ROLE_CREATE", "GUILD_ROLE_UPDATE"], "/role", "GuildRoleResponse", Difference::None),
    row(&["GUILD_MEMBER_ADD"], "", "GuildMemberResponse", Difference::None),
    row(&["GUILD_MEMBER_UPDATE"], "", "GuildMemberResponse", Difference::Without(&["mute", "deaf"])),
    row(&["GUILD_MEMBER_REMOVE"], "/user", "UserResponse", Difference::None),
    row(&["GUILD_MEMBERS_CHUNK"], "/members/*", "GuildMemberResponse", Difference::None),
    row(&["THREAD_LIST_SYNC"], "/threads/*", "ThreadResponse", Difference::BareThreadMember),
    row(&["THREAD_MEMBERS_UPDATE"], "/added_members/*", "ThreadMemberResponse", Difference::None),
    row(&["THREAD_MEMBER_UPDATE"], "", "ThreadMemberResponse", Difference::None),
    row(&["INTERACTION_CREATE"], "/message", "MessageResponse", Difference::None),
    row(&["INTERACTION_CREATE"], "/member", "GuildMemberResponse", Difference::None),
    row(&["INTERACTION_CREATE"], "/data/resolved/users/*", "UserResponse", Difference::None),
    row(&["INTERACTION_CREATE"], "/data/resolved/roles/*", "GuildRoleResponse", Difference::None),
    row(&["INTERACTION_CREATE"], "/data/resolved/messages/*", "MessageResponse", Difference::None),
    row(&["INTERACTION_CREATE"], "/data/resolved/attachments/*", "MessageAttachmentResponse", Difference::None),
];

const fn row(
    events: &'static [&'static str],
    at: &'static str,
    component: &'static str,
    difference: Difference,
) -> Row {
    Row {
        events,
        at,
        component,
        difference,
    }
}

/// The parts of an event that the specification describes, completed to what REST would respond with.
pub(super) fn parts(event: &str, data: &Value) -> Vec<Part> {
    let rows = TABLE.iter().filter(|row| row.events.contains(&event));
    let mut parts = Vec::new();
    for row in rows {
        let mut steps: Vec<&str> = row.at.split('/').skip(1).collect();
        steps.reverse();
        let mut found = Vec::new();
        collect(String::new(), data, steps, &mut found);
        for (pointer, object) in found {
            let mut object = object.clone();
            if let Value::Object(fields) = &mut object {
                row.difference.undo(fields, data);
            }
            parts.push((pointer, row.component, object));
        }
    }
    parts
}

/// Every component that the table names.
#[cfg(test)]
pub(super) fn components() -> impl Iterator<Item = &'static str> {
    TABLE.iter().map(|row| row.component)
}

impl Difference {
    fn undo(self, fields: &mut Map<String, Value>, event: &Value) {
        match self {
            Self::None => {}
            Self::NoGuildId => {
                fields
                    .entry("guild_id")
                    .or_insert_with(|| event["id"].clone());
            }
            Self::BareThreadMember => {
                if let Some(Value::Object(member)) = fields.get_mut("member") {
                    for missing in ["id", "user_id"] {
                        member.entry(missing).or_insert_with(|| "0".into());
                    }
                }
            }
            Self::Without(missing) => {
                for name in missing {
                    fields.entry(*name).or_insert_with(|| stand_in(name));
                }
            }
        }
    }
}

/// A value of the right type for a field that the gateway leaves out.
fn stand_in(name: &str) -> Value {
    if name == "widget_channel_id" || name == "max_presences" {
        Value::Null
    } else {
        false.into()
    }
}

/// `steps` is the rest of the path, with the last step first.
fn collect<'a>(
    pointer: String,
    value: &'a Value,
    mut steps: Vec<&str>,
    into: &mut Vec<(String, &'a Value)>,
) {
    let Some(step) = steps.pop() else {
        into.push((pointer, value));
        return;
    };
    match value {
        Value::Array(items) if step == "*" => {
            for (n, item) in items.iter().enumerate() {
                collect(format!("{pointer}/{n}"), item, steps.clone(), into);
            }
        }
        Value::Object(fields) if step == "*" => {
            for (name, field) in fields {
                collect(format!("{pointer}/{name}"), field, steps.clone(), into);
            }
        }
        Value::Object(fields) => {
            if let Some(field) = fields.get(step) {
                collect(format!("{pointer}/{step}"), field, steps, into);
            }
        }
        _ => {}
    }
}
