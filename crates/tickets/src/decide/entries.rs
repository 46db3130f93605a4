//! `/inbox panel`: which inboxes a message offers besides its own.

use crate::InboxId;
use crate::action::Action;
use crate::decide::settings::{Facts, Named};
use crate::entries::{ENTRIES, LAYOUT, Layout, MAX_OPTIONS, stored};
use crate::inbox::{Inbox, is_number};
use crate::setting::{Description, Name, Setting, enter};
use crate::text::Text;

/// How many inboxes the editor's menus show: a message has room for five menus, and one is for the layout.
const MAX_CHOICES: usize = 4 * MAX_OPTIONS;

/// The menus in which an admin chooses which inboxes a message offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Editor {
    /// The inbox that the message belongs to.
    pub inbox: InboxId,
    pub choices: Vec<Choice>,
    pub layout: Layout,
    pub text: Text,
    /// The server has more inboxes than the menus list.
    pub is_shortened: bool,
}

/// Another inbox of the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub inbox: InboxId,
    pub name: String,
    pub description: Option<String>,
    pub is_chosen: bool,
}

/// `/inbox panel`. If the named inbox has no message of its own, the editor is for the inbox whose message
/// offers it.
pub fn open(written: &str, facts: &Facts) -> Vec<Action> {
    let Some(named) = facts.named(written) else {
        let written = enter::quoted(written);
        return vec![Action::Say(Text::NoSuchInbox { written })];
    };
    let host = facts.inbox(named.inbox.home()).unwrap_or(named);
    let text = Text::ChooseEntries {
        inbox: host.inbox.link(),
    };
    vec![editor(&host.inbox, facts, text)]
}

/// An admin changed the choice in an editor's menu, which showed the inboxes in `before` as chosen. Only the
/// difference is applied, because the message may have changed since.
pub fn choose(host: InboxId, chosen: &[InboxId], before: &[InboxId], facts: &Facts) -> Vec<Action> {
    let Some(host) = facts.inbox(Some(host)) else {
        return vec![Action::Say(Text::InboxGone {})];
    };
    let inbox = &host.inbox;
    let is_added = |id: &InboxId| chosen.contains(id) && !before.contains(id);
    let is_removed = |id: &InboxId| before.contains(id) && !chosen.contains(id);
    let mut entries = inbox.entries();
    let new: Vec<&Named> = facts
        .inboxes
        .iter()
        .filter(|it| is_added(&it.inbox.id) && it.inbox.id != inbox.id)
        .filter(|it| !entries.contains(&it.inbox.id))
        .collect();
    entries.retain(|id| !is_removed(id));
    entries.extend(new.iter().map(|it| it.inbox.id));
    let count = facts.count(&entries);
    if count > inbox.layout().room() {
        return vec![Action::Say(Text::NoRoomForEntries {})];
    }
    // An entry's label is the inbox's name. It is stored, so that it stays when other inboxes come and go.
    let unnamed = new.iter().filter(|it| it.inbox.own_name().is_none());
    if let Some(it) = unnamed.clone().find(|it| is_number(&it.name, &it.inbox)) {
        let inbox = it.inbox.link();
        return vec![Action::Say(Text::NameUnknown { inbox })];
    }
    let mut actions: Vec<_> = unnamed
        .map(|it| Action::SetSetting {
            inbox: it.inbox.id,
            key: Name.key(),
            value: Some(it.name.clone()),
        })
        .collect();
    actions.extend(change(inbox, ENTRIES, stored(&entries), count, facts));
    actions
}

/// An admin chose how the entries are shown.
pub fn arrange(host: InboxId, layout: Layout, facts: &Facts) -> Vec<Action> {
    let Some(host) = facts.inbox(Some(host)) else {
        return vec![Action::Say(Text::InboxGone {})];
    };
    let count = facts.count(&host.inbox.entries());
    if count > layout.room() {
        return vec![Action::Say(Text::NoRoomForEntries {})];
    }
    let value = (layout != Layout::default()).then(|| layout.word().to_owned());
    change(&host.inbox, LAYOUT, value, count, facts)
}

/// The message is changed first, because Discord may refuse it.
fn change(
    inbox: &Inbox,
    key: &'static str,
    value: Option<String>,
    count: usize,
    facts: &Facts,
) -> Vec<Action> {
    let changed = Inbox {
        settings: inbox.settings.clone().with_stored(key, value.clone()),
        ..inbox.clone()
    };
    let text = Text::EntriesSaved {
        inbox: inbox.link(),
        count: i64::try_from(count).unwrap_or(i64::MAX),
    };
    let editor = editor(&changed, facts, text);
    vec![
        Action::Draw(Box::new(changed)),
        Action::SetSetting {
            inbox: inbox.id,
            key,
            value,
        },
        editor,
    ]
}

fn editor(host: &Inbox, facts: &Facts, text: Text) -> Action {
    let entries = host.entries();
    let mut others: Vec<_> = facts
        .inboxes
        .iter()
        .filter(|it| it.inbox.id != host.id)
        .collect();
    if others.is_empty() {
        return Action::Say(Text::NoOtherInbox {});
    }
    // Chosen inboxes come first, so that each is in a menu and can be removed.
    others.sort_by_key(|it| !entries.contains(&it.inbox.id));
    let is_shortened = others.len() > MAX_CHOICES;
    others.truncate(MAX_CHOICES);
    let choices = others.into_iter().map(|it| Choice {
        inbox: it.inbox.id,
        name: it.name.clone(),
        description: it.inbox.get(Description),
        is_chosen: entries.contains(&it.inbox.id),
    });
    Action::ShowEntries(Editor {
        inbox: host.id,
        choices: choices.collect(),
        layout: host.layout(),
        text,
        is_shortened,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::examples::{INBOX_ID, INBOX_LINK, inbox};
    use crate::entries::HOME;
    use crate::setting::Settings;

    fn named(id: u64, name: &str, has_name: bool) -> Named {
        let settings = Settings::default();
        Named {
            inbox: Inbox {
                id: InboxId(id),
                settings: if has_name {
                    settings.with(&Name, name)
                } else {
                    settings
                },
                ..inbox()
            },
            name: name.to_owned(),
        }
    }

    fn facts(host: Settings, others: &[Named]) -> Facts {
        let host = Named {
            inbox: Inbox {
                settings: host,
                ..inbox()
            },
            name: "support".into(),
        };
        Facts {
            inboxes: std::iter::once(host).chain(others.to_vec()).collect(),
            ..Facts::default()
        }
    }

    fn shown(actions: &[Action]) -> &Editor {
        match actions {
            [.., Action::ShowEntries(editor)] => editor,
            other => panic!("no editor: {other:?}"),
        }
    }

    fn set(inbox: u64, key: &'static str, value: &str) -> Action {
        Action::SetSetting {
            inbox: InboxId(inbox),
            key,
            value: Some(value.to_owned()),
        }
    }

    #[test]
    fn the_editor_shows_what_is_chosen_first() {
        let entries = Settings::default().with_stored(ENTRIES, Some("61".into()));
        let others = [named(60, "Billing", true), named(61, "Appeals", true)];
        let facts = facts(entries, &others);
        let actions = open("support", &facts);
        let editor = shown(&actions);
        let choices: Vec<_> = editor
            .choices
            .iter()
            .map(|it| (&*it.name, it.is_chosen))
            .collect();
        assert_eq!(choices, [("Appeals", true), ("Billing", false)]);
        assert_eq!(editor.text, Text::ChooseEntries { inbox: INBOX_LINK });
        let written = "nothing".to_owned();
        let unknown = Action::Say(Text::NoSuchInbox { written });
        assert_eq!(open("nothing", &facts), [unknown]);
    }

    #[test]
    fn an_inbox_without_a_message_leads_to_the_one_it_is_on() {
        let mut entry = named(60, "Billing", true);
        let home = Some(INBOX_ID.to_string());
        entry.inbox.settings = entry.inbox.settings.with_stored(HOME, home);
        let facts = facts(Settings::default(), &[entry]);
        assert_eq!(shown(&open("Billing", &facts)).inbox, INBOX_ID);
    }

    #[test]
    fn alone_there_is_nothing_to_offer() {
        let alone = facts(Settings::default(), &[]);
        let said = [Action::Say(Text::NoOtherInbox {})];
        assert_eq!(open("support", &alone), said);
    }

    #[test]
    fn the_message_is_drawn_before_the_choice_is_stored() {
        let entries = Settings::default().with_stored(ENTRIES, Some("61,60".into()));
        let others = [
            named(60, "Billing", true),
            named(61, "Appeals", true),
            named(62, "support 2", false),
        ];
        let facts = facts(entries, &others);
        let chosen = [InboxId(62), InboxId(61), INBOX_ID, InboxId(99)];
        let before = [InboxId(60), InboxId(61)];
        let actions = choose(INBOX_ID, &chosen, &before, &facts);
        // An inbox without a name keeps the one that it has now.
        assert_eq!(actions[0], set(62, "name", "support 2"));
        let Action::Draw(drawn) = &actions[1] else {
            panic!("{actions:?}")
        };
        assert_eq!(drawn.entries(), [InboxId(61), InboxId(62)]);
        assert_eq!(actions[2], set(INBOX_ID.0, ENTRIES, "61,62"));
        let editor = shown(&actions);
        assert_eq!(editor.choices.iter().filter(|it| it.is_chosen).count(), 2);
        let inbox = INBOX_LINK;
        assert_eq!(editor.text, Text::EntriesSaved { inbox, count: 2 });

        let nothing = choose(INBOX_ID, &[], &before, &facts);
        let reset = Action::SetSetting {
            inbox: INBOX_ID,
            key: ENTRIES,
            value: None,
        };
        assert_eq!(nothing[1], reset);
        let gone = [Action::Say(Text::InboxGone {})];
        assert_eq!(choose(InboxId(9), &[], &[], &facts), gone);
    }

    #[test]
    fn what_was_changed_elsewhere_meanwhile_stays() {
        let entries = Settings::default().with_stored(ENTRIES, Some("60,61".into()));
        let others = [60, 61, 62, 63].map(|id| named(id, &format!("n{id}"), true));
        let facts = facts(entries, &others);
        let entries = |chosen: &[u64], before: &[u64]| {
            let ids = |ids: &[u64]| ids.iter().copied().map(InboxId).collect::<Vec<_>>();
            let actions = choose(INBOX_ID, &ids(chosen), &ids(before), &facts);
            match &actions[0] {
                Action::Draw(drawn) => stored(&drawn.entries()).unwrap_or_default(),
                other => panic!("not drawn: {other:?}"),
            }
        };
        // Two others were added since the menu was shown.
        assert_eq!(entries(&[62], &[]), "60,61,62");
        // Entry 62 was removed since, and the menu still shows it as chosen.
        assert_eq!(entries(&[60, 62, 63], &[60, 62]), "60,61,63");
        assert_eq!(entries(&[60], &[60, 61, 62]), "60");
    }

    /// A removed inbox is offered again when it is posted again, and takes no room until then.
    #[test]
    fn a_removed_inbox_keeps_its_place_and_takes_no_room() {
        let removed: Vec<_> = (200..230).map(InboxId).collect();
        let settings = Settings::default().with_stored(ENTRIES, stored(&removed));
        let facts = facts(settings, &[named(60, "Billing", true)]);
        let actions = choose(INBOX_ID, &[InboxId(60)], &[], &facts);
        let Action::Draw(drawn) = &actions[0] else {
            panic!("{actions:?}")
        };
        assert_eq!(drawn.entries(), [&removed[..], &[InboxId(60)]].concat());
        let inbox = INBOX_LINK;
        let saved = Text::EntriesSaved { inbox, count: 1 };
        assert_eq!(shown(&actions).text, saved);
    }

    #[test]
    fn a_number_does_not_become_a_name() {
        let unnamed = named(60, &inbox().channel.to_string(), false);
        let refused = Text::NameUnknown {
            inbox: unnamed.inbox.link(),
        };
        let facts = facts(Settings::default(), &[unnamed]);
        let actions = choose(INBOX_ID, &[InboxId(60)], &[], &facts);
        assert_eq!(actions, [Action::Say(refused)]);
    }

    #[test]
    fn buttons_have_room_for_one_less() {
        let others: Vec<_> = (100..125)
            .map(|id| named(id, &format!("n{id}"), true))
            .collect();
        let ids: Vec<_> = others.iter().map(|it| it.inbox.id).collect();
        let facts = facts(
            Settings::default().with_stored(ENTRIES, stored(&ids)),
            &others,
        );
        let refused = [Action::Say(Text::NoRoomForEntries {})];
        assert_eq!(arrange(INBOX_ID, Layout::Buttons, &facts), refused);
        let menu = arrange(INBOX_ID, Layout::Menu, &facts);
        assert_eq!(menu[1], set(INBOX_ID.0, LAYOUT, "menu"));
        assert_eq!(shown(&menu).layout, Layout::Menu);
    }

    #[test]
    fn the_menus_hold_100() {
        let others: Vec<_> = (100..220)
            .map(|id| named(id, &format!("n{id}"), true))
            .collect();
        let last = others
            .last()
            .map(|it| it.inbox.id)
            .into_iter()
            .collect::<Vec<_>>();
        let entries = Settings::default().with_stored(ENTRIES, stored(&last));
        let facts = facts(entries, &others);
        let actions = open("support", &facts);
        let editor = shown(&actions);
        assert!(editor.is_shortened && editor.choices.len() == 100);
        assert!(
            editor.choices[0].is_chosen,
            "what is chosen is always there"
        );
    }
}
