//! Application commands from JSON, with Discord's rules for their definitions.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::component::channel_types;
use super::form::{Form, read};
use crate::error::{ApiError, ErrorTree};
use crate::id::CommandId;
use crate::world::draft::CommandDraft;
use crate::world::model::{Choice, CommandKind, CommandOption, CommandSpec, OptionKind};

/// The languages that Discord knows. Source: API reference, "Locales".
pub(crate) const LOCALES: &[&str] = &[
    "id", "da", "de", "en-GB", "en-US", "es-ES", "es-419", "fr", "hr", "it", "lt", "hu", "nl",
    "no", "pl", "pt-BR", "ro", "fi", "sv-SE", "vi", "tr", "cs", "el", "bg", "ru", "uk", "hi", "th",
    "zh-CN", "ja", "zh-TW", "ko", "ar", "he",
];

/// The most characters of a command in total: names, descriptions and values.
const TOTAL: usize = 8000;

/// One command.
pub(crate) fn command(body: &Value) -> Result<CommandSpec, ApiError> {
    read(body, spec)
}

/// All commands of an application, for a bulk overwrite.
pub(crate) fn commands(body: &Value) -> Result<Vec<CommandDraft>, ApiError> {
    let Value::Array(items) = body else {
        return Err(ApiError::field(
            "",
            "LIST_TYPE_CONVERT",
            "Only iterables may be used in a ListType",
        ));
    };
    // A list has no field names of its own: errors are under the index.
    let wrapped = serde_json::json!({"": items});
    let found = read(&wrapped, |form| {
        let forms = form.objects("", 0..=130).unwrap_or_default();
        let drafts = forms.iter().map(|form| CommandDraft {
            id: form.snowflake("id").map(CommandId),
            spec: spec(form),
        });
        drafts.collect::<Vec<_>>()
    })?;
    let mut seen = BTreeSet::new();
    let mut errors = ErrorTree::default();
    for (index, CommandDraft { spec, .. }) in found.iter().enumerate() {
        if !seen.insert((spec.kind, spec.name.as_str())) {
            let message = "Application command names must be unique";
            errors.add(
                &index.to_string(),
                "APPLICATION_COMMANDS_DUPLICATE_NAME",
                message,
            );
        }
    }
    if errors.is_empty() {
        Ok(found)
    } else {
        Err(errors.into_error())
    }
}

/// Changes the given fields of a command and keeps the others.
pub(crate) fn command_edit(old: &CommandSpec, body: &Value) -> Result<CommandSpec, ApiError> {
    let mut merged = crate::wire::command_spec(old);
    if let (Some(merged), Value::Object(changes)) = (merged.as_object_mut(), body) {
        for (field, value) in changes {
            if field != "type" {
                merged.insert(field.clone(), value.clone());
            }
        }
    }
    command(&merged)
}

fn spec(form: &Form<'_>) -> CommandSpec {
    form.not_imitated(&["handler"]);
    let kind = match form.one_imitated("type", &[1, 2, 3], &[4]) {
        Some(2) => CommandKind::User,
        Some(3) => CommandKind::Message,
        _ => CommandKind::ChatInput,
    };
    let slash = kind == CommandKind::ChatInput;
    let description = if slash {
        form.must("description", 1..=100)
    } else {
        if form
            .text("description", 0..=usize::MAX)
            .is_some_and(|d| !d.is_empty())
        {
            let message = "Context menu commands cannot have description";
            form.note(
                "description",
                "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION",
                message,
            );
        }
        String::new()
    };
    if !slash
        && form
            .raw("options")
            .is_some_and(|o| o.as_array().is_none_or(|o| !o.is_empty()))
    {
        let message = "Context menu commands cannot have options";
        form.note(
            "options",
            "APPLICATION_COMMAND_CONTEXT_MENU_OPTIONS",
            message,
        );
    }
    let spec = CommandSpec {
        kind,
        name: name(form, slash),
        name_localizations: localizations(form, "name_localizations", |text| {
            if slash {
                is_slash_name(text)
            } else {
                is_menu_name(text)
            }
        }),
        description,
        description_localizations: localizations(form, "description_localizations", |text| {
            (1..=100).contains(&text.chars().count())
        }),
        options: if slash { options(form, 0) } else { Vec::new() },
        default_member_permissions: form.permissions("default_member_permissions"),
        contexts: small_numbers(form, "contexts", 2),
        integration_types: small_numbers(form, "integration_types", 1),
        dm_permission: form.flag("dm_permission").unwrap_or(true),
        nsfw: form.flag("nsfw").unwrap_or(false),
    };
    if size(&spec) > TOTAL {
        let message = format!("Command exceeds maximum size of {TOTAL}");
        form.note("", "APPLICATION_COMMAND_TOO_LARGE", message);
    }
    spec
}

fn name(form: &Form<'_>, slash: bool) -> String {
    let Some(name) = form.required("name", form.text("name", 1..=32)) else {
        return String::new();
    };
    if if slash {
        is_slash_name(&name)
    } else {
        is_menu_name(&name)
    } {
        return name;
    }
    form.note(
        "name",
        "APPLICATION_COMMAND_INVALID_NAME",
        "Command name is invalid",
    );
    String::new()
}

/// `^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$`, in lower case where there is one.
fn is_slash_name(name: &str) -> bool {
    let fits = |c: char| {
        c.is_alphanumeric()
            || matches!(c, '-' | '_' | '\'' | '\u{900}'..='\u{97F}' | '\u{E00}'..='\u{E7F}')
    };
    (1..=32).contains(&name.chars().count())
        && name.chars().all(fits)
        && name.to_lowercase() == name
}

fn is_menu_name(name: &str) -> bool {
    (1..=32).contains(&name.chars().count()) && name.trim() == name
}

fn localizations(
    form: &Form<'_>,
    field: &str,
    fits: impl Fn(&str) -> bool,
) -> Option<BTreeMap<String, String>> {
    let texts = form.object(field)?;
    let mut found = BTreeMap::new();
    for (locale, text) in texts.json().as_object()? {
        if !LOCALES.contains(&locale.as_str()) {
            let allowed = LOCALES.join(", ");
            let message = format!("Value must be one of ({allowed}).");
            texts.note("", "ENUM_TYPE_COERCE", message);
            continue;
        }
        match text {
            Value::Null => {}
            Value::String(text) if fits(text) => {
                found.insert(locale.clone(), text.clone());
            }
            _ => {
                let message = "Localization is invalid";
                texts.note(locale, "APPLICATION_COMMAND_INVALID_LOCALIZATION", message);
            }
        }
    }
    Some(found)
}

fn options(form: &Form<'_>, depth: usize) -> Vec<CommandOption> {
    let forms = form.objects("options", 0..=25).unwrap_or_default();
    let options: Vec<CommandOption> = forms.iter().filter_map(|f| option(f, depth)).collect();
    let mut seen = BTreeSet::new();
    let mut optional_before = false;
    for (index, option) in options.iter().enumerate() {
        if !option.name.is_empty() && !seen.insert(&option.name) {
            let message = "Option name already exists";
            form.note(
                &format!("options.{index}"),
                "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS",
                message,
            );
        }
        if option.required && optional_before {
            let message = "Required options must be placed before non-required options";
            form.note(
                &format!("options.{index}"),
                "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
                message,
            );
        }
        optional_before |= !option.required;
    }
    let nesting = options.iter().filter(|o| o.kind.nests()).count();
    if nesting > 0 && nesting < options.len() {
        let message = "Sub-commands and sub-command groups cannot stand beside other options";
        form.note(
            "options",
            "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
            message,
        );
    }
    options
}

fn option(form: &Form<'_>, depth: usize) -> Option<CommandOption> {
    let code = form.required(
        "type",
        form.one_of("type", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]),
    )?;
    let kind = OptionKind::from_code(code)?;
    let too_deep = match kind {
        OptionKind::SubCommandGroup => depth > 0,
        OptionKind::SubCommand => depth > 1,
        _ => false,
    };
    if too_deep {
        let message = "Sub-command option type is not allowed here";
        form.note("type", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", message);
        return None;
    }
    let number = matches!(kind, OptionKind::Integer | OptionKind::Number);
    let text = kind == OptionKind::String;
    let choices = if number || text {
        choices(form, kind)
    } else {
        Vec::new()
    };
    let autocomplete = form.flag("autocomplete").unwrap_or(false);
    if autocomplete && !choices.is_empty() {
        let message = "Choices cannot be used with autocomplete";
        form.note(
            "autocomplete",
            "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_CHOICES",
            message,
        );
    }
    Some(CommandOption {
        kind,
        name: name(form, true),
        name_localizations: localizations(form, "name_localizations", is_slash_name),
        description: form.must("description", 1..=100),
        description_localizations: localizations(form, "description_localizations", |text| {
            (1..=100).contains(&text.chars().count())
        }),
        required: form.flag("required").unwrap_or(false) && !kind.nests(),
        autocomplete,
        choices,
        channel_types: if kind == OptionKind::Channel {
            channel_types(form)
        } else {
            Vec::new()
        },
        min_value: if number {
            form.number("min_value")
        } else {
            None
        },
        max_value: if number {
            form.number("max_value")
        } else {
            None
        },
        min_length: if text {
            form.count("min_length", 0..=6000).map(u64::from)
        } else {
            None
        },
        max_length: if text {
            form.count("max_length", 1..=6000).map(u64::from)
        } else {
            None
        },
        options: if kind.nests() {
            options(form, depth + nested_depth(kind))
        } else {
            Vec::new()
        },
    })
}

/// Groups contain subcommands; subcommands contain only options that do not nest.
fn nested_depth(kind: OptionKind) -> usize {
    if kind == OptionKind::SubCommandGroup {
        1
    } else {
        2
    }
}

fn choices(form: &Form<'_>, kind: OptionKind) -> Vec<Choice> {
    choices_that(form, |value| match kind {
        OptionKind::String => is_short(value),
        OptionKind::Integer => value.as_i64().is_some(),
        _ => value.as_f64().is_some(),
    })
}

/// The choices that an application suggests for an option of any kind.
pub(super) fn suggestions(form: &Form<'_>) -> Vec<Choice> {
    form.required("choices", form.raw("choices"));
    choices_that(form, |value| is_short(value) || value.as_f64().is_some())
}

fn is_short(value: &Value) -> bool {
    value
        .as_str()
        .is_some_and(|v| (1..=100).contains(&v.chars().count()))
}

fn choices_that(form: &Form<'_>, fits: impl Fn(&Value) -> bool) -> Vec<Choice> {
    let forms = form.objects("choices", 0..=25).unwrap_or_default();
    forms
        .iter()
        .filter_map(|choice| {
            let value = choice.required("value", choice.raw("value"))?;
            if !fits(value) {
                let message = "Choice value does not fit the option's type";
                choice.note(
                    "value",
                    "APPLICATION_COMMAND_OPTIONS_CHOICE_VALUE_INVALID",
                    message,
                );
            }
            Some(Choice {
                name: choice.must("name", 1..=100),
                name_localizations: localizations(choice, "name_localizations", |text| {
                    (1..=100).contains(&text.chars().count())
                }),
                value: value.clone(),
            })
        })
        .collect()
}

fn small_numbers(form: &Form<'_>, field: &str, max: u64) -> Option<Vec<u8>> {
    let mut found = Vec::new();
    for (index, value) in form.values(field, 0..=3)?.iter().enumerate() {
        match value
            .as_u64()
            .filter(|n| *n <= max)
            .and_then(|n| u8::try_from(n).ok())
        {
            Some(number) if !found.contains(&number) => found.push(number),
            _ => {
                let message = format!("Value must be a number from 0 to {max}, once.");
                form.note(&format!("{field}.{index}"), "BASE_TYPE_CHOICES", message);
            }
        }
    }
    Some(found)
}

/// The size of a command. Like Discord, counts the longest localization in place of a shorter default.
fn size(spec: &CommandSpec) -> usize {
    longest(&spec.name, spec.name_localizations.as_ref())
        + longest(&spec.description, spec.description_localizations.as_ref())
        + spec.options.iter().map(option_size).sum::<usize>()
}

fn option_size(option: &CommandOption) -> usize {
    let choices = option.choices.iter().map(|choice| {
        longest(&choice.name, choice.name_localizations.as_ref())
            + choice.value.as_str().map_or(0, |v| v.chars().count())
    });
    longest(&option.name, option.name_localizations.as_ref())
        + longest(
            &option.description,
            option.description_localizations.as_ref(),
        )
        + choices.sum::<usize>()
        + option.options.iter().map(option_size).sum::<usize>()
}

fn longest(text: &str, localizations: Option<&BTreeMap<String, String>>) -> usize {
    let others = localizations
        .into_iter()
        .flat_map(BTreeMap::values)
        .map(|t| t.chars().count());
    others.chain([text.chars().count()]).max().unwrap_or(0)
}

impl OptionKind {
    fn from_code(code: u32) -> Option<Self> {
        Some(match code {
            1 => Self::SubCommand,
            2 => Self::SubCommandGroup,
            3 => Self::String,
            4 => Self::Integer,
            5 => Self::Boolean,
            6 => Self::User,
            7 => Self::Channel,
            8 => Self::Role,
            9 => Self::Mentionable,
            10 => Self::Number,
            11 => Self::Attachment,
            _ => return None,
        })
    }

    /// Whether an option of this kind contains other options.
    pub(crate) fn nests(self) -> bool {
        matches!(self, Self::SubCommand | Self::SubCommandGroup)
    }
}
