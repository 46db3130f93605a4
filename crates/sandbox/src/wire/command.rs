//! Application commands as JSON.

use serde_json::{Value, json};

use crate::world::model::{Choice, Command, CommandOption, CommandSpec};

/// A command with all its localizations.
pub(crate) fn command(command: &Command) -> Value {
    let mut json = spec(&command.spec);
    json["id"] = json!(command.id);
    json["application_id"] = json!(command.application);
    json["version"] = json!(command.version.to_string());
    match command.guild {
        Some(guild) => {
            json["guild_id"] = json!(guild);
            // Only global commands have these.
            if let Some(fields) = json.as_object_mut() {
                fields.remove("contexts");
                fields.remove("dm_permission");
            }
        }
        None => json["contexts"] = json!(command.spec.contexts),
    }
    if json["integration_types"].is_null() {
        json["integration_types"] = json!([0]);
    }
    json
}

/// A command's definition, in the shape in which it can be registered again.
pub(crate) fn spec(spec: &CommandSpec) -> Value {
    let mut json = json!({
        "type": spec.kind as u8,
        "name": spec.name,
        "name_localizations": spec.name_localizations,
        "description": spec.description,
        "description_localizations": spec.description_localizations,
        "default_member_permissions": spec.default_member_permissions,
        "dm_permission": spec.dm_permission,
        "contexts": spec.contexts,
        "nsfw": spec.nsfw,
    });
    if let Some(types) = &spec.integration_types {
        json["integration_types"] = json!(types);
    }
    if !spec.options.is_empty() {
        json["options"] = spec.options.iter().map(option).collect();
    }
    json
}

fn option(option: &CommandOption) -> Value {
    let mut json = json!({
        "type": option.kind as u8,
        "name": option.name,
        "name_localizations": option.name_localizations,
        "description": option.description,
        "description_localizations": option.description_localizations,
    });
    let mut put = |field: &str, value: Value, wanted: bool| {
        if wanted {
            json[field] = value;
        }
    };
    put("required", true.into(), option.required);
    put("autocomplete", true.into(), option.autocomplete);
    put(
        "choices",
        option.choices.iter().map(choice).collect(),
        !option.choices.is_empty(),
    );
    put(
        "channel_types",
        json!(option.channel_types),
        !option.channel_types.is_empty(),
    );
    put(
        "min_value",
        number(option, option.min_value),
        option.min_value.is_some(),
    );
    put(
        "max_value",
        number(option, option.max_value),
        option.max_value.is_some(),
    );
    put(
        "min_length",
        json!(option.min_length),
        option.min_length.is_some(),
    );
    put(
        "max_length",
        json!(option.max_length),
        option.max_length.is_some(),
    );
    put(
        "options",
        option.options.iter().map(self::option).collect(),
        !option.options.is_empty(),
    );
    json
}

/// The bounds of an integer option, as integers.
fn number(option: &CommandOption, value: Option<f64>) -> Value {
    match value {
        Some(value) if option.kind == crate::world::model::OptionKind::Integer => {
            #[expect(clippy::cast_possible_truncation, reason = "an integer option's bound")]
            let whole = value as i64;
            whole.into()
        }
        value => json!(value),
    }
}

pub(super) fn choice(choice: &Choice) -> Value {
    json!({
        "name": choice.name,
        "name_localizations": choice.name_localizations,
        "value": choice.value,
    })
}
