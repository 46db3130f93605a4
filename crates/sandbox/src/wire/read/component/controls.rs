//! Buttons and menus of messages, and menus of modals.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use serde_json::{Value, json};

use super::super::form::Form;
use crate::world::component::{
    Button, ButtonAction, DefaultKind, DefaultValue, Select, SelectKind, SelectOption,
};
use crate::world::is_unicode_emoji;

pub(super) fn button(form: &Form<'_>) -> Option<Button> {
    let style = form.one_imitated("style", &[1, 2, 3, 4, 5], &[6]);
    let style = form.required("style", style)?;
    let label = form.trimmed("label", 0..=80).filter(|l| !l.is_empty());
    let emoji = emoji(form);
    let unlabelled = form.raw("label").is_none_or(|label| label == "");
    if unlabelled && form.raw("emoji").is_none() {
        let message = "A label or emoji is required";
        form.note("", "BUTTON_COMPONENT_INVALID_LABEL", message);
    }
    let action = if style == 5 {
        if form.raw("custom_id").is_some() {
            let message = "A custom id and url cannot both be specified";
            form.note(
                "custom_id",
                "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
                message,
            );
        }
        let short = form.trimmed("url", 0..=512);
        let url = short.and_then(|_| form.url("url", &["http", "https", "discord"]));
        ButtonAction::Link {
            url: form.required("url", url)?,
        }
    } else {
        if form.raw("url").is_some() {
            let message = "A custom id and url cannot both be specified";
            form.note(
                "url",
                "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
                message,
            );
        }
        ButtonAction::Click {
            custom_id: form.must("custom_id", 1..=100),
        }
    };
    let disabled = form.flag("disabled").unwrap_or(false);
    Some(Button {
        style: u8::try_from(style).unwrap_or(1),
        label,
        emoji,
        disabled,
        action,
    })
}

/// The minimum and maximum number of values. `required` is only for inputs of modals.
pub(super) fn bounds(
    form: &Form<'_>,
    most: u32,
    default_max: u32,
    required: Option<bool>,
) -> (u32, u32) {
    let min_values = form.count("min_values", 0..=most).unwrap_or(1);
    let max_values = form.count("max_values", 1..=most).unwrap_or(default_max);
    if min_values > max_values {
        let message = "min_values must be less than or equal to max_values";
        form.note(
            "min_values",
            "SELECT_COMPONENT_MIN_VALUES_EXCEEDS_MAX_VALUES",
            message,
        );
    }
    if required == Some(true) && min_values == 0 {
        let message = "min_values must be at least 1 if the component is required";
        form.note("min_values", "COMPONENT_REQUIRED_MIN_VALUES", message);
    }
    (min_values, max_values)
}

pub(super) fn select(form: &Form<'_>, code: u32, in_modal: bool) -> Select {
    let required = form.flag("required").unwrap_or(true);
    let (min_values, max_values) = bounds(form, 25, 1, in_modal.then_some(required));
    let disabled = form.flag("disabled").unwrap_or(false);
    if in_modal && disabled {
        let message = "A modal cannot have disabled components";
        form.note("disabled", "COMPONENT_DISABLED_IN_MODAL", message);
    }
    let kind = match code {
        3 => SelectKind::Strings(select_options(form, min_values, max_values)),
        5 => SelectKind::Users(defaults(form, max_values, &[DefaultKind::User])),
        6 => SelectKind::Roles(defaults(form, max_values, &[DefaultKind::Role])),
        7 => SelectKind::Mentionables(defaults(
            form,
            max_values,
            &[DefaultKind::User, DefaultKind::Role],
        )),
        _ => SelectKind::Channels {
            defaults: defaults(form, max_values, &[DefaultKind::Channel]),
            types: channel_types(form),
        },
    };
    Select {
        custom_id: form.must("custom_id", 1..=100),
        kind,
        placeholder: form
            .trimmed("placeholder", 0..=150)
            .filter(|p| !p.is_empty()),
        min_values,
        max_values,
        disabled,
        required,
    }
}

fn select_options(form: &Form<'_>, min_values: u32, max_values: u32) -> Vec<SelectOption> {
    // There must be as many options as can be chosen.
    let fewest = (max_values as usize).max(1);
    let options = options(form, fewest..=25, emoji);
    let defaults = options.iter().filter(|o| o.default).count();
    if defaults > max_values as usize || (defaults > 0 && defaults < min_values as usize) {
        let message = "The number of default values is not within min_values and max_values";
        form.note(
            "options",
            "SELECT_COMPONENT_INVALID_DEFAULT_VALUES",
            message,
        );
    }
    options
}

/// The options of a radio group or a checkbox group, which have no emoji.
pub(super) fn group_options(form: &Form<'_>, how_many: RangeInclusive<usize>) -> Vec<SelectOption> {
    options(form, how_many, |_| None)
}

fn options(
    form: &Form<'_>,
    how_many: RangeInclusive<usize>,
    emoji: fn(&Form<'_>) -> Option<Value>,
) -> Vec<SelectOption> {
    let options = form.objects("options", how_many);
    let options: Vec<SelectOption> = form
        .required("options", options)
        .unwrap_or_default()
        .iter()
        .map(|option| SelectOption {
            label: option.must("label", 1..=100),
            value: option.must("value", 1..=100),
            description: option
                .trimmed("description", 0..=100)
                .filter(|d| !d.is_empty()),
            emoji: emoji(option),
            default: option.flag("default").unwrap_or(false),
        })
        .collect();
    let mut seen = BTreeSet::new();
    for (index, option) in options.iter().enumerate() {
        if !option.value.is_empty() && !seen.insert(&option.value) {
            let field = format!("options.{index}.value");
            let message = "The specified option value is already used";
            form.note(&field, "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", message);
        }
    }
    options
}

/// The `emoji` of a button or an option: a custom one by its id, or a Unicode one by its name.
fn emoji(form: &Form<'_>) -> Option<Value> {
    let emoji = form.object("emoji")?;
    let name = emoji.trimmed("name", 0..=32).filter(|n| !n.is_empty());
    let animated = emoji.flag("animated").unwrap_or(false);
    if let Some(id) = emoji.snowflake("id") {
        let name = name.unwrap_or_else(|| "_".to_owned());
        return Some(json!({"id": id.to_string(), "name": name, "animated": animated}));
    }
    let name = name.filter(|name| is_unicode_emoji(name));
    if name.is_none() {
        emoji.note("name", "COMPONENT_INVALID_EMOJI", "Invalid emoji");
    }
    Some(json!({"name": name?}))
}

fn defaults(form: &Form<'_>, max: u32, kinds: &[DefaultKind]) -> Vec<DefaultValue> {
    let values: Vec<DefaultValue> = form
        .objects("default_values", 0..=25)
        .unwrap_or_default()
        .iter()
        .filter_map(|value| {
            let id = value.required("id", value.snowflake("id"))?;
            let name = value.required("type", value.text("type", 1..=20))?;
            let kind = kinds.iter().find(|kind| kind.name() == name).copied();
            if kind.is_none() {
                let names: Vec<_> = kinds.iter().map(|k| format!("'{}'", k.name())).collect();
                let message = format!("Value must be one of ({}).", names.join(", "));
                value.note("type", "BASE_TYPE_CHOICES", message);
            }
            Some(DefaultValue { id, kind: kind? })
        })
        .collect();
    if values.len() > max as usize {
        let message = "The number of default values exceeds max_values";
        form.note(
            "default_values",
            "SELECT_COMPONENT_INVALID_DEFAULT_VALUES",
            message,
        );
    }
    values
}

/// The `channel_types` of a menu or of an option; empty for any.
pub(in crate::wire::read) fn channel_types(form: &Form<'_>) -> Vec<u8> {
    let types = form
        .values("channel_types", 0..=25)
        .map(Vec::as_slice)
        .unwrap_or_default();
    let known = |value: &Value| {
        value
            .as_u64()
            .and_then(|n| u8::try_from(n).ok())
            .filter(|n| *n < 17)
    };
    types
        .iter()
        .enumerate()
        .filter_map(|(index, value)| {
            let code = known(value);
            if code.is_none() {
                let message = "Value is not a channel type.";
                form.note(
                    &format!("channel_types.{index}"),
                    "BASE_TYPE_CHOICES",
                    message,
                );
            }
            code
        })
        .collect()
}
