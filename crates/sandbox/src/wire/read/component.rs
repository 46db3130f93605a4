//! Components from JSON: rows of a message, and what modals are made of.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;

use super::form::Form;
use crate::world::component::{
    self, Button, ButtonAction, Component, ComponentKind, DefaultKind, DefaultValue, Select,
    SelectKind, SelectOption, TextInput,
};
use crate::world::model::Modal;

const ROW: u32 = 1;
const BUTTON: u32 = 2;
const TEXT_INPUT: u32 = 4;
const TEXT_DISPLAY: u32 = 10;
const LABEL: u32 = 18;

/// The `components` of a message; `None` if there is no such field, or it is null.
pub(super) fn rows(form: &Form<'_>) -> Option<Vec<Component>> {
    let rows = form.objects("components", 0..=5)?;
    let mut rows: Vec<Component> = rows.iter().filter_map(|f| row(f, message_part)).collect();
    unique(form, &rows);
    component::number(&mut rows);
    Some(rows)
}

/// The data of a modal response.
pub(super) fn modal(form: &Form<'_>) -> Arc<Modal> {
    let parts = form.objects("components", 1..=5);
    let parts = form.required("components", parts).unwrap_or_default();
    let mut components: Vec<Component> = parts.iter().filter_map(modal_part).collect();
    unique(form, &components);
    component::number(&mut components);
    Arc::new(Modal {
        custom_id: form.must("custom_id", 1..=100),
        title: form.must("title", 1..=45),
        components,
    })
}

fn row(form: &Form<'_>, part: fn(&Form<'_>) -> Option<Component>) -> Option<Component> {
    kind(form, &[ROW])?;
    let inner = form.objects("components", 1..=5);
    let inner = form.required("components", inner)?;
    let inner: Vec<Component> = inner.iter().filter_map(part).collect();
    let wide = |c: &Component| !matches!(c.kind, ComponentKind::Button(_));
    if inner.len() > 1 && inner.iter().any(wide) {
        let message = "The specified component exceeds the maximum width";
        form.note("components", "COMPONENT_LAYOUT_WIDTH_EXCEEDED", message);
    }
    Some(numbered(form, ComponentKind::ActionRow(inner)))
}

fn message_part(form: &Form<'_>) -> Option<Component> {
    let kind = match kind(form, &[BUTTON, 3, 5, 6, 7, 8])? {
        BUTTON => ComponentKind::Button(button(form)?),
        code => ComponentKind::Select(select(form, code, false)),
    };
    Some(numbered(form, kind))
}

fn modal_part(form: &Form<'_>) -> Option<Component> {
    match kind(form, &[ROW, TEXT_DISPLAY, LABEL])? {
        ROW => row(form, |input| {
            kind(input, &[TEXT_INPUT])?;
            Some(numbered(
                input,
                ComponentKind::TextInput(text_input(input, true)),
            ))
        }),
        TEXT_DISPLAY => {
            let content = form.must("content", 1..=4000);
            Some(numbered(form, ComponentKind::TextDisplay { content }))
        }
        _ => label(form),
    }
}

fn label(form: &Form<'_>) -> Option<Component> {
    let text = form.must("label", 1..=45);
    let description = form.trimmed("description", 0..=100);
    let inner = form.object("component");
    let inner = form.required("component", inner)?;
    let input = match kind(&inner, &[TEXT_INPUT, 3, 5, 6, 7, 8])? {
        TEXT_INPUT => ComponentKind::TextInput(text_input(&inner, false)),
        code => ComponentKind::Select(select(&inner, code, true)),
    };
    let component = Box::new(numbered(&inner, input));
    Some(numbered(
        form,
        ComponentKind::Label {
            label: text,
            description,
            component,
        },
    ))
}

fn button(form: &Form<'_>) -> Option<Button> {
    let style = form.one_of("style", &[1, 2, 3, 4, 5]);
    let style = form.required("style", style)?;
    let label = form.trimmed("label", 0..=80).filter(|l| !l.is_empty());
    let emoji = form.object("emoji").map(|e| e.json().clone());
    if label.is_none() && emoji.is_none() && form.raw("label").is_none_or(|l| l == "") {
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
        let url = form.url("url", &["http", "https", "discord"]);
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

fn select(form: &Form<'_>, code: u32, in_modal: bool) -> Select {
    let min_values = form.count("min_values", 0..=25).unwrap_or(1);
    let max_values = form.count("max_values", 1..=25).unwrap_or(1);
    if min_values > max_values {
        let message = "min_values must be less than or equal to max_values";
        form.note(
            "min_values",
            "SELECT_COMPONENT_MIN_VALUES_EXCEEDS_MAX_VALUES",
            message,
        );
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
        disabled: !in_modal && form.flag("disabled").unwrap_or(false),
        required: form.flag("required").unwrap_or(true),
    }
}

fn select_options(form: &Form<'_>, min_values: u32, max_values: u32) -> Vec<SelectOption> {
    let options = form.objects("options", 1..=25);
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
            emoji: option.object("emoji").map(|e| e.json().clone()),
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
pub(super) fn channel_types(form: &Form<'_>) -> Vec<u8> {
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

fn text_input(form: &Form<'_>, has_label: bool) -> TextInput {
    let style = form.one_of("style", &[1, 2]);
    let min_length = form.count("min_length", 0..=4000);
    let max_length = form.count("max_length", 1..=4000);
    if min_length.is_some_and(|min| max_length.is_some_and(|max| min > max)) {
        let message = "min_length must be less than or equal to max_length";
        form.note("min_length", "TEXT_INPUT_COMPONENT_INVALID_LENGTH", message);
    }
    let value = form.text("value", 0..=max_length.unwrap_or(4000) as usize);
    TextInput {
        custom_id: form.must("custom_id", 1..=100),
        style: form
            .required("style", style)
            .and_then(|s| u8::try_from(s).ok())
            .unwrap_or(1),
        label: has_label.then(|| form.must("label", 1..=45)),
        min_length,
        max_length,
        required: form.flag("required").unwrap_or(true),
        value: value.filter(|v| !v.is_empty()),
        placeholder: form.text("placeholder", 0..=100).filter(|p| !p.is_empty()),
    }
}

/// The component's type, if it is one of those that may stand here.
fn kind(form: &Form<'_>, allowed: &[u32]) -> Option<u32> {
    let code = form.required("type", form.count("type", 0..=u32::MAX))?;
    if allowed.contains(&code) {
        return Some(code);
    }
    let names: Vec<String> = allowed.iter().map(u32::to_string).collect();
    let message = format!(
        "Value of field \"type\" must be one of ({},).",
        names.join(", ")
    );
    form.note("type", "UNION_TYPE_CHOICES", message);
    None
}

fn numbered(form: &Form<'_>, kind: ComponentKind) -> Component {
    Component {
        id: form.count("id", 0..=i32::MAX.unsigned_abs()).unwrap_or(0),
        kind,
    }
}

fn unique(form: &Form<'_>, components: &[Component]) {
    fn visit<'a>(components: &'a [Component], found: &mut Vec<&'a str>) {
        for component in components {
            match &component.kind {
                ComponentKind::ActionRow(inner) => visit(inner, found),
                ComponentKind::Label { component, .. } => {
                    visit(std::slice::from_ref(&**component), found);
                }
                _ => found.extend(component.custom_id().filter(|id| !id.is_empty())),
            }
        }
    }
    let mut ids = Vec::new();
    visit(components, &mut ids);
    let mut seen = BTreeSet::new();
    if ids.into_iter().any(|id| !seen.insert(id)) {
        let message = "Component custom id cannot be duplicated";
        form.note("components", "COMPONENT_CUSTOM_ID_DUPLICATED", message);
    }
}
