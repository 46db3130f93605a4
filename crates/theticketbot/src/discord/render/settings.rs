//! Settings: the overview with its menus, the controls, and the response to a mistake.

use tickets::action::{Panel, Row, Suggestion, Suggestions};
use tickets::setting::{self, Group, Kind, Setting};
use tickets::template::cut;
use tickets::{InboxId, duration};
use twilight_model::application::command::{CommandOptionChoice, CommandOptionChoiceValue};
use twilight_model::channel::ChannelType;
use twilight_model::channel::message::component::{
    ButtonStyle, Label, SelectDefaultValue, SelectMenu, SelectMenuOption, SelectMenuType,
    TextInput, TextInputStyle,
};
use twilight_model::channel::message::{Component, Embed};
use twilight_model::http::interaction::InteractionResponseData;
use twilight_model::id::Id;

use super::component::{self, lone_button, row};
use super::menu::mentions_menu;
use super::message::empty_embed;
use crate::discord::Message;
use crate::discord::custom_id::{ComponentId, MODAL_FIELD, ModalId};
use crate::translate::{
    Language, Phrase, default_starter_template, duration as in_words, link, phrase, phrase_of,
    problem_lines, say, settings as words,
};

/// The maximum length of a value in the overview.
const MAX_VALUE: usize = 60;

/// Discord's limit for all embeds of a message together.
const MAX_EMBEDS: usize = 6000;

/// The maximum length of the text below the overview, so that the overview stays visible.
const MAX_NEWS: usize = 2000;

/// The color of Discord's own warnings.
const YELLOW: u32 = 0x00f0_b232;

/// The most characters of a menu option's label, of its description, and of a suggestion.
const MAX_LABEL: usize = 100;

/// Discord's limit for the options of a menu, and for suggestions.
const MAX_CHOICES: usize = 25;

/// The overview, which replaces the earlier response.
pub fn panel(panel: &Panel, reader: Language) -> Message {
    let groups: Vec<_> = Group::ALL
        .into_iter()
        .map(|group| (group, rows_of(panel, group)))
        .filter(|(_, rows)| !rows.is_empty())
        .collect();
    let mut lines = Vec::new();
    for (group, rows) in &groups {
        lines.push(format!("### {}", words::group(*group, reader)));
        let (defaults, set): (Vec<&Row>, Vec<&Row>) = rows.iter().partition(|row| row.is_default);
        lines.extend(set.into_iter().map(|row| line(row, true, reader)));
        if !defaults.is_empty() {
            let defaults = defaults.into_iter().map(|row| line(row, false, reader));
            lines.push(format!("-# {}", defaults.collect::<Vec<_>>().join(" · ")));
        }
    }
    let inbox = panel.inbox.as_ref();
    let title = match inbox {
        Some(inbox) => phrase_of(Phrase::SettingsTitle, &[("inbox", &inbox.name)], reader),
        None => phrase(Phrase::SettingsTitleServer, reader),
    };
    let embed = Embed {
        title: Some(title),
        url: inbox.map(|inbox| link(inbox.link)),
        description: Some(lines.join("\n")),
        ..empty_embed()
    };
    let menus = groups.iter().map(|(group, rows)| {
        let id = ComponentId::Settings(*group, inbox.map(|inbox| inbox.id));
        let options = rows.iter().map(|row| SelectMenuOption {
            default: false,
            description: Some(words::description(row.key, reader)),
            emoji: None,
            label: words::name(row.key, reader),
            value: match row.other {
                Some(other) => format!("{}={other}", row.key),
                None => row.key.to_owned(),
            },
        });
        let group = words::group(*group, reader);
        let placeholder = phrase_of(
            Phrase::SettingsMenuPlaceholder,
            &[("group", &group)],
            reader,
        );
        row(vec![Component::SelectMenu(SelectMenu {
            placeholder: Some(placeholder),
            ..menu(id.to_string(), options.collect())
        })])
    });
    let news = news(panel, &embed, reader);
    Message {
        // Removes the earlier response's text.
        content: Some(String::new()),
        embeds: Some([embed].into_iter().chain(news).collect()),
        components: Some(menus.collect()),
        ..Message::default()
    }
}

/// The saved change and the problems. They are below the overview, because an admin who uses the menus at the
/// bottom does not see the top.
fn news(panel: &Panel, overview: &Embed, reader: Language) -> Option<Embed> {
    let saved = panel.text.clone().map(|text| say(text, reader));
    let mut saved = saved.unwrap_or_default();
    let length = |text: &str| text.chars().count();
    let used = [&overview.title, &overview.description].map(|it| it.as_deref().map_or(0, length));
    let room = MAX_EMBEDS.saturating_sub(used.iter().sum()).min(MAX_NEWS);
    // Shortens a long value, so that there is room for the problems.
    if length(&saved) > room / 2 {
        saved = format!("{}…", cut(&saved, room / 2));
    }
    let room = room.saturating_sub(length(&saved));
    let news = saved + &problem_lines(&panel.problems, room, reader);
    (!news.is_empty()).then(|| Embed {
        color: (!panel.problems.is_empty()).then_some(YELLOW),
        description: Some(news.trim_start().to_owned()),
        ..empty_embed()
    })
}

fn rows_of(panel: &Panel, group: Group) -> Vec<&Row> {
    panel.rows.iter().filter(|row| row.group == group).collect()
}

fn line(row: &Row, is_bold: bool, reader: Language) -> String {
    let name = words::name(row.key, reader);
    let name = if is_bold { format!("**{name}**") } else { name };
    let value = words::shown(row.key, &row.value, reader);
    named(&name, &shortened(&value), reader)
}

/// A line with a setting's name and value, or with its problem.
fn named(name: &str, value: &str, reader: Language) -> String {
    phrase_of(
        Phrase::SettingLine,
        &[("name", name), ("value", value)],
        reader,
    )
}

/// Shortens a value. If an admin's text is in a code span, the span must be closed again.
fn shortened(value: &str) -> String {
    if value.chars().count() <= MAX_VALUE {
        return value.to_owned();
    }
    match value.strip_prefix('`') {
        Some(text) => format!("`{}…`", cut(text, MAX_VALUE - 3)),
        None => format!("{}…", cut(value, MAX_VALUE - 1)),
    }
}

/// The modal with the control of one setting.
pub fn control(
    inbox: Option<InboxId>,
    key: &'static str,
    value: &str,
    reader: Language,
    server: Language,
) -> InteractionResponseData {
    let setting = setting::find(key);
    let kind = setting.map_or(Kind::Line(100), Setting::kind);
    let word = |word: &str| words::word(key, word, reader);
    let value = setting.map_or_else(|| value.to_owned(), |it| it.in_words(value, &word));
    let value = if value.is_empty() && key == setting::Starter.key() {
        default_starter_template(server)
    } else {
        value
    };
    let value = value.as_str();
    let component = match kind {
        // `inboxes_control` builds the modal for this kind; this is a fallback.
        Kind::Inbox => text_input(value, 100, TextInputStyle::Short),
        Kind::Line(most) => text_input(value, most, TextInputStyle::Short),
        Kind::Lines(most) => text_input(value, most, TextInputStyle::Paragraph),
        Kind::Choice(all) => {
            let option = |word: &&str| SelectMenuOption {
                default: *word == value,
                description: None,
                emoji: None,
                label: words::word(key, word, reader),
                value: (*word).to_owned(),
            };
            Component::SelectMenu(menu(
                MODAL_FIELD.to_owned(),
                all.iter().map(option).collect(),
            ))
        }
        Kind::Language => {
            let discord = setting::find(key).map_or(&[][..], Setting::words);
            let own = discord
                .iter()
                .map(|word| ((*word).to_owned(), words::word(key, word, reader)));
            let known = Language::ALL.iter().map(|language| {
                let name = phrase(Phrase::LanguageName, *language);
                (language.code().to_owned(), name)
            });
            let option = |(code, label)| SelectMenuOption {
                default: code == value,
                description: None,
                emoji: None,
                label,
                value: code,
            };
            Component::SelectMenu(menu(
                MODAL_FIELD.to_owned(),
                own.chain(known).map(option).collect(),
            ))
        }
        Kind::Roles(most) => Component::SelectMenu(SelectMenu {
            kind: SelectMenuType::Role,
            options: None,
            default_values: Some(
                ids(value)
                    .filter_map(|id| Some(SelectDefaultValue::Role(Id::new_checked(id)?)))
                    .take(most.into())
                    .collect(),
            ),
            min_values: Some(0),
            max_values: Some(most),
            required: Some(false),
            ..menu(MODAL_FIELD.to_owned(), Vec::new())
        }),
        Kind::Mentions(most) => Component::SelectMenu(SelectMenu {
            min_values: Some(0),
            max_values: Some(most),
            required: Some(false),
            ..mentions_menu(
                MODAL_FIELD,
                &value
                    .split(',')
                    .filter_map(|it| it.parse().ok())
                    .collect::<Vec<_>>(),
            )
        }),
        Kind::Channel => Component::SelectMenu(SelectMenu {
            kind: SelectMenuType::Channel,
            options: None,
            channel_types: Some(vec![ChannelType::GuildText]),
            default_values: Some(
                ids(value)
                    .filter_map(|id| Some(SelectDefaultValue::Channel(Id::new_checked(id)?)))
                    .take(1)
                    .collect(),
            ),
            min_values: Some(0),
            required: Some(false),
            ..menu(MODAL_FIELD.to_owned(), Vec::new())
        }),
    };
    modal(
        inbox,
        key,
        component,
        words::description(key, reader),
        reader,
    )
}

/// The modal of a setting whose value is one of these inboxes. `description` replaces the setting's own.
pub fn inboxes_control(
    (inbox, key): (Option<InboxId>, &'static str),
    inboxes: &[(InboxId, String)],
    chosen: Option<InboxId>,
    description: Option<String>,
    reader: Language,
) -> InteractionResponseData {
    let none = SelectMenuOption {
        default: chosen.is_none(),
        description: None,
        emoji: None,
        label: words::word(key, "none", reader),
        value: "none".to_owned(),
    };
    let option = |(id, name): &(InboxId, String)| SelectMenuOption {
        default: chosen == Some(*id),
        description: None,
        emoji: None,
        label: cut(name, MAX_LABEL).to_owned(),
        value: id.to_string(),
    };
    let options = [none].into_iter().chain(inboxes.iter().map(option));
    let component = Component::SelectMenu(menu(MODAL_FIELD.to_owned(), options.collect()));
    let description = description.unwrap_or_else(|| words::description(key, reader));
    modal(inbox, key, component, description, reader)
}

fn modal(
    inbox: Option<InboxId>,
    key: &'static str,
    component: Component,
    description: String,
    reader: Language,
) -> InteractionResponseData {
    let label = Label {
        component: Box::new(component),
        description: Some(description),
        id: None,
        label: words::name(key, reader),
    };
    InteractionResponseData {
        custom_id: Some(ModalId::Setting(key, inbox).to_string()),
        title: Some(phrase(Phrase::SettingModalTitle, reader)),
        components: Some(vec![Component::Label(label)]),
        ..InteractionResponseData::default()
    }
}

/// Why a setting is not stored, with the written text and a button to correct it.
pub fn refusal(
    inbox: Option<InboxId>,
    key: &'static str,
    why: &str,
    written: Option<String>,
    reader: Language,
) -> Message {
    let name = format!("**{}**", words::name(key, reader));
    let content = named(&name, why, reader);
    let Some(written) = written.filter(|written| !written.is_empty()) else {
        return Message {
            // Removes an earlier refusal's embed and button.
            embeds: Some(Vec::new()),
            components: Some(Vec::new()),
            ..Message::text(content)
        };
    };
    let button = lone_button(
        ComponentId::EditSetting(key, inbox),
        &phrase(Phrase::EditAgain, reader),
        ButtonStyle::Primary,
    );
    Message {
        embeds: Some(vec![Embed {
            description: Some(written),
            ..empty_embed()
        }]),
        components: Some(vec![button]),
        ..Message::text(content)
    }
}

/// The menu that chooses an inbox.
pub fn inbox_menu(
    inboxes: &[(InboxId, String, Option<String>)],
    setting: Option<&'static str>,
    reader: Language,
) -> Vec<Component> {
    let option = |(id, name, description): &(InboxId, String, Option<String>)| SelectMenuOption {
        default: false,
        description: description.clone(),
        emoji: None,
        label: cut(name, MAX_LABEL).to_owned(),
        value: id.to_string(),
    };
    let options = inboxes.iter().take(MAX_CHOICES).map(option).collect();
    let id = ComponentId::SettingsOf(setting);
    vec![row(vec![Component::SelectMenu(SelectMenu {
        placeholder: Some(phrase(Phrase::InboxMenuPlaceholder, reader)),
        ..menu(id.to_string(), options)
    })])]
}

/// The suggestions that match the typed text, in the reader's language.
pub fn suggestions(suggestions: Suggestions, reader: Language) -> Vec<CommandOptionChoice> {
    let typed = suggestions
        .typed
        .trim()
        .trim_start_matches('#')
        .to_lowercase();
    suggestions
        .choices
        .into_iter()
        .map(|choice| match choice {
            Suggestion::Inbox(id, name) => (name, id.to_string()),
            Suggestion::Duration(seconds) => (in_words(seconds, reader), duration::write(seconds)),
            Suggestion::Setting(key) => (words::name(key, reader), key.to_owned()),
            // Discord rejects a choice without a name.
            Suggestion::Ticket(id, name) if name.trim().is_empty() => {
                (id.to_string(), id.to_string())
            }
            Suggestion::Ticket(id, name) => (name, id.to_string()),
        })
        .filter(|(label, value)| label.to_lowercase().contains(&typed) || value.starts_with(&typed))
        .take(MAX_CHOICES)
        .map(|(label, value)| CommandOptionChoice {
            name: cut(&label, MAX_LABEL).to_owned(),
            name_localizations: None,
            value: CommandOptionChoiceValue::String(value),
        })
        .collect()
}

fn ids(value: &str) -> impl Iterator<Item = u64> {
    value.split(',').filter_map(|id| id.trim().parse().ok())
}

fn text_input(value: &str, most: u16, style: TextInputStyle) -> Component {
    // Discord rejects a modal with a value that is longer than its field allows.
    let value = cut(value, most.into());
    #[expect(deprecated, reason = "the model still has the field")]
    let input = TextInput {
        custom_id: MODAL_FIELD.to_owned(),
        id: None,
        label: None,
        max_length: Some(most),
        min_length: None,
        placeholder: None,
        // An empty field resets to the default.
        required: Some(false),
        style,
        value: (!value.is_empty()).then(|| value.to_owned()),
    };
    Component::TextInput(input)
}

/// A menu with text options. The admin chooses one.
fn menu(custom_id: String, options: Vec<SelectMenuOption>) -> SelectMenu {
    SelectMenu {
        max_values: Some(1),
        min_values: Some(1),
        ..component::menu(custom_id, options)
    }
}

#[cfg(test)]
mod tests;
