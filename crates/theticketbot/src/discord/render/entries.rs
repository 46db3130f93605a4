//! The buttons and menus under an inbox's message, and the editor for them.

use tickets::decide::entries::{Choice, Editor};
use tickets::entries::{Entry, Layout, MAX_OPTIONS, Offer};
use tickets::setting::Emoji;
use tickets::template::cut;
use tickets::text::Text;
use twilight_model::channel::message::component::{SelectMenu, SelectMenuOption};
use twilight_model::channel::message::{Component, EmojiReactionType};

use super::component::{self, MAX_OPTION, menu, row};
use super::message::{emoji, inbox_button};
use crate::discord::Message;
use crate::discord::custom_id::ComponentId;
use crate::translate::{Language, Phrase, phrase, say};

/// Discord's limit of buttons in a row.
const IN_A_ROW: usize = 5;

/// The buttons or the menu under an inbox, in a server of this language.
pub fn components(offer: &Offer, server: Language) -> Vec<Component> {
    let own = inbox_button(ComponentId::CreateTicket, &offer.own, server);
    if offer.is_menu {
        let menu = SelectMenu {
            placeholder: Some(phrase(Phrase::OpenMenuPlaceholder, server)),
            ..menu(
                ComponentId::OpenMenu.to_string(),
                offer.others.iter().map(|it| option(it, server)).collect(),
            )
        };
        return vec![row(vec![own]), row(vec![Component::SelectMenu(menu)])];
    }
    let button =
        |entry: &Entry| inbox_button(ComponentId::Open(entry.inbox), &entry.button, server);
    let others = offer.others.iter().map(button);
    let buttons: Vec<_> = std::iter::once(own).chain(others).collect();
    buttons
        .chunks(IN_A_ROW)
        .map(|five| row(five.to_vec()))
        .collect()
}

fn option(entry: &Entry, server: Language) -> SelectMenuOption {
    let label = entry.button.label.clone();
    let label = label.unwrap_or_else(|| say(Text::CreateTicket {}, server));
    SelectMenuOption {
        default: false,
        description: entry.description.clone(),
        emoji: entry.button.emoji.as_ref().and_then(emoji),
        label: cut(&label, MAX_OPTION).to_owned(),
        value: entry.inbox.to_string(),
    }
}

/// Removes the custom emojis except `kept` from the buttons and the menu under an inbox. Returns whether it
/// removed any.
pub fn drop_custom_emojis(rows: &mut [Component], kept: Option<&Emoji>) -> bool {
    let kept = kept.and_then(emoji);
    let mut dropped = false;
    let mut drop = |emoji: &mut Option<EmojiReactionType>| {
        let is_custom = matches!(emoji, Some(EmojiReactionType::Custom { .. }));
        if is_custom && *emoji != kept {
            *emoji = None;
            dropped = true;
        }
    };
    for row in rows {
        let Component::ActionRow(row) = row else {
            continue;
        };
        for component in &mut row.components {
            match component {
                Component::Button(button) => drop(&mut button.emoji),
                Component::SelectMenu(menu) => {
                    let options = menu.options.iter_mut().flatten();
                    options.for_each(|option| drop(&mut option.emoji));
                }
                _ => {}
            }
        }
    }
    dropped
}

/// The editor, which replaces the earlier response.
pub fn editor(editor: &Editor, reader: Language) -> Message {
    let mut text = say(editor.text.clone(), reader);
    if editor.is_shortened {
        text = format!("{text}\n{}", say(Text::EntriesShortened {}, reader));
    }
    let choice = |choice: &Choice| SelectMenuOption {
        default: choice.is_chosen,
        description: choice.description.clone(),
        emoji: None,
        label: cut(&choice.name, MAX_OPTION).to_owned(),
        value: choice.inbox.to_string(),
    };
    let entries = |(menu, choices): (usize, &[Choice])| SelectMenu {
        min_values: Some(0),
        max_values: u8::try_from(choices.len().min(editor.layout.room())).ok(),
        placeholder: Some(phrase(Phrase::EntriesPlaceholder, reader)),
        ..component::menu(
            ComponentId::Entries {
                inbox: editor.inbox,
                menu,
            }
            .to_string(),
            choices.iter().map(choice).collect(),
        )
    };
    let layout = |layout: Layout| SelectMenuOption {
        default: layout == editor.layout,
        description: None,
        emoji: None,
        label: phrase(label(layout), reader),
        value: layout.word().to_owned(),
    };
    let layouts = menu(
        ComponentId::EntriesLayout(editor.inbox).to_string(),
        Layout::ALL.map(layout).to_vec(),
    );
    Message {
        components: Some(
            editor
                .choices
                .chunks(MAX_OPTIONS)
                .enumerate()
                .map(entries)
                .chain([layouts])
                .map(|menu| row(vec![Component::SelectMenu(menu)]))
                .collect(),
        ),
        ..Message::text(text)
    }
}

fn label(layout: Layout) -> Phrase {
    match layout {
        Layout::Automatic => Phrase::EntriesAutomatic,
        Layout::Buttons => Phrase::EntriesButtons,
        Layout::Menu => Phrase::EntriesMenu,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;
    use tickets::InboxId;
    use tickets::inbox::Button;
    use tickets::setting::Colour;

    use super::*;

    fn offer(others: u64, is_menu: bool) -> Offer {
        let entry = |id: u64| Entry {
            inbox: InboxId(id),
            button: Button {
                label: Some(format!("Inbox {id}")),
                emoji: None,
                colour: Colour::Green,
            },
            description: Some("What it is for".to_owned()),
        };
        Offer {
            own: Button::default(),
            others: (50..50 + others).map(entry).collect(),
            is_menu,
        }
    }

    fn rows(offer: &Offer) -> Vec<Vec<Value>> {
        let json = serde_json::to_value(components(offer, Language::DEFAULT));
        let json = json.expect("components are JSON");
        let rows = json.as_array().cloned().unwrap_or_default().into_iter();
        rows.map(|row| row["components"].as_array().cloned().unwrap_or_default())
            .collect()
    }

    #[test]
    fn the_own_button_is_that_of_the_original() {
        for (others, is_menu) in [(0, false), (3, false), (3, true)] {
            let rows = rows(&offer(others, is_menu));
            assert_eq!(rows[0][0]["custom_id"], "create-ticket");
        }
        assert_eq!(rows(&offer(0, false)).len(), 1);
    }

    #[test]
    fn five_buttons_are_in_a_row() {
        let rows = rows(&offer(24, false));
        let counts: Vec<_> = rows.iter().map(Vec::len).collect();
        assert_eq!(counts, [5, 5, 5, 5, 5]);
        let second = &rows[0][1];
        assert_eq!(second["custom_id"], "open:50");
        assert_eq!(
            (&second["label"], &second["style"]),
            (&"Inbox 50".into(), &3.into())
        );
    }

    #[test]
    fn the_editor_shows_25_in_each_of_its_menus() {
        let choice = |id: u64| Choice {
            inbox: InboxId(id),
            name: format!("Inbox {id}"),
            description: None,
            is_chosen: id == 50,
        };
        let shown = Editor {
            inbox: InboxId(40),
            choices: (50..110).map(choice).collect(),
            layout: Layout::Buttons,
            text: Text::NoOtherInbox {},
            is_shortened: false,
        };
        let shown = editor(&shown, Language::DEFAULT).components;
        let json = serde_json::to_value(shown).expect("components are JSON");
        let rows = json.as_array().cloned().unwrap_or_default().into_iter();
        let menus: Vec<_> = rows.map(|row| row["components"][0].clone()).collect();
        let ids: Vec<_> = menus.iter().map(|it| it["custom_id"].clone()).collect();
        let expected = [
            "entries:40",
            "entries:40:1",
            "entries:40:2",
            "entries-layout:40",
        ];
        assert_eq!(ids, expected);
        let most: Vec<_> = menus.iter().map(|it| it["max_values"].clone()).collect();
        assert_eq!(most[..3], [24, 24, 10]);
    }

    #[test]
    fn a_menu_has_the_others_with_their_descriptions() {
        let rows = rows(&offer(25, true));
        assert_eq!(rows.len(), 2);
        let menu = &rows[1][0];
        assert_eq!(menu["custom_id"], "open-menu");
        let options = menu["options"].as_array().cloned().unwrap_or_default();
        assert_eq!(options.len(), 25);
        assert_eq!(options[0]["value"], "50");
        assert_eq!(options[0]["description"], "What it is for");
    }
}
