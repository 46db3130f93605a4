use super::*;
use crate::decide::examples::{GUILD, INBOX_ID, INBOX_LINK, inbox, mia};
use crate::entries::{ENTRIES, HOME};
use crate::setting::Shown;
use crate::{MessageId, Timestamp};

const OTHER: InboxId = InboxId(41);

fn support() -> Named {
    Named {
        inbox: inbox(),
        name: "support".into(),
    }
}

fn appeals() -> Named {
    let message = MessageId(OTHER.0);
    Named {
        inbox: Inbox {
            id: OTHER,
            message,
            ..inbox()
        },
        name: "Appeals".into(),
    }
}

fn facts(inboxes: &[Named]) -> Facts {
    Facts {
        inboxes: inboxes.to_vec(),
        ..Facts::default()
    }
}

fn shown(actions: &[Action]) -> &Panel {
    match actions {
        [.., Action::ShowPanel(panel)] => panel,
        other => panic!("no panel: {other:?}"),
    }
}

fn value<'a>(panel: &'a Panel, key: &str) -> &'a Shown {
    let row = panel.rows.iter().find(|row| row.key == key);
    &row.unwrap_or_else(|| panic!("{key} is not in the panel"))
        .value
}

#[test]
fn the_only_inbox_needs_no_choice() {
    let facts = facts(&[support()]);
    let actions = open(None, None, &facts);
    let panel = shown(&actions);
    assert_eq!(
        panel.inbox,
        Some(PanelInbox {
            id: INBOX_ID,
            link: INBOX_LINK,
            name: "support".into()
        })
    );
    assert_eq!(panel.rows.len(), setting::ALL.len());
    assert_eq!(*value(panel, "limit-member"), Shown::Number(1));
}

#[test]
fn a_setting_can_be_an_inbox_of_the_server() {
    let two = facts(&[support(), appeals()]);
    let key = setting::Reports.key();
    let opened = open(None, Some(key), &two);
    let choice = Modal::Inboxes {
        inbox: None,
        key,
        inboxes: vec![(INBOX_ID, "support".into()), (OTHER, "Appeals".into())],
        chosen: None,
        is_shortened: false,
    };
    assert_eq!(opened, [Action::ShowModal(choice)]);
    let chosen = |id: &str| Entered::Chosen(vec![id.to_owned()]);
    let actions = submit(&mia(), None, key, &chosen("41"), &two);
    let stored = Action::SetServerSetting {
        guild: GUILD,
        key,
        value: Some("41".into()),
    };
    assert!(actions.contains(&stored), "{actions:?}");
    assert_eq!(*value(shown(&actions), key), Shown::Text("Appeals".into()));
    // An inbox of another server, or one that does not exist.
    let forged = submit(&mia(), None, key, &chosen("99"), &two);
    assert_eq!(forged, [Action::Say(Text::InboxGone {})]);
    let none = submit(&mia(), None, key, &chosen("none"), &two);
    assert_eq!(*value(shown(&none), key), Shown::Word("none"));
    let gone = Facts {
        server: Settings::default().with(&setting::Reports, "99"),
        ..two
    };
    let panel = open(Some("41"), None, &gone);
    assert_eq!(*value(shown(&panel), key), Shown::Word("gone"));
}

#[test]
fn of_several_one_is_chosen() {
    let facts = facts(&[support(), appeals()]);
    assert_eq!(
        open(None, Some("cooldown"), &facts),
        [Action::ChooseInbox {
            inboxes: vec![
                (INBOX_ID, "support".into(), None),
                (OTHER, "Appeals".into(), None)
            ],
            setting: Some("cooldown"),
            text: Text::ChooseAmongInboxes {},
        }]
    );
    for written in ["41", "appeals", " #APPEALS "] {
        let actions = open(Some(written), None, &facts);
        let id = shown(&actions).inbox.as_ref().map(|it| it.id);
        assert_eq!(id, Some(OTHER), "{written}");
    }
    let chosen = choose_inbox(OTHER, None, &facts);
    assert_eq!(shown(&chosen).inbox.as_ref().map(|it| it.id), Some(OTHER));
}

#[test]
fn a_name_may_begin_as_channels_are_written() {
    let inboxes = [
        Named {
            name: "#Support desk".into(),
            ..support()
        },
        appeals(),
    ];
    let facts = facts(&inboxes);
    let named = |written: &str| facts.named(written).map(|named| named.inbox.id);
    for written in ["#support desk", " #Support desk "] {
        assert_eq!(named(written), Some(INBOX_ID), "{written}");
    }
    assert_eq!(named("#appeals"), Some(OTHER));
    assert_eq!(named("#"), None);
}

#[test]
fn a_setting_is_named_by_its_key() {
    let facts = facts(&[support()]);
    for written in ["button-label", " Button label ", "BUTTON-LABEL"] {
        let [Action::ShowModal(Modal::Setting { key, .. })] = open(None, Some(written), &facts)[..]
        else {
            panic!("{written} is a setting")
        };
        assert_eq!(key, "button-label");
    }
}

#[test]
fn what_there_is_not_is_said() {
    let two = facts(&[support(), appeals()]);
    let written = || "nothing".to_owned();
    assert_eq!(
        open(Some("nothing"), None, &two),
        [Action::Say(Text::NoSuchInbox { written: written() })]
    );
    assert_eq!(
        open(None, Some("nothing"), &two),
        [Action::Say(Text::UnknownSetting { written: written() })]
    );
    let none = Facts::default();
    assert_eq!(open(None, None, &none), [Action::Say(Text::NoInboxes {})]);
    let gone = [Action::Say(Text::InboxGone {})];
    assert_eq!(choose_inbox(INBOX_ID, None, &none), gone);
    assert_eq!(choose(&mia(), Some(INBOX_ID), "lock", &none), gone);
    assert_eq!(choose(&mia(), None, "lock", &two), gone);
    let entered = Entered::Text("1".into());
    assert_eq!(
        submit(&mia(), Some(INBOX_ID), "lock", &entered, &none),
        gone
    );
    assert_eq!(edit_again(Some(INBOX_ID), "lock", "1".into(), &none), gone);
}

#[test]
fn a_control_shows_what_is_stored() {
    let mut named = support();
    named.inbox.settings = Settings::default().with(&setting::Cooldown, "300");
    let facts = facts(&[named]);
    let control = [Action::ShowModal(Modal::Setting {
        inbox: Some(INBOX_ID),
        key: "cooldown",
        value: "5m".into(),
    })];
    assert_eq!(open(None, Some("cooldown"), &facts), control);
    assert_eq!(choose(&mia(), Some(INBOX_ID), "cooldown", &facts), control);
}

#[test]
fn a_switch_is_turned_at_once() {
    let facts = facts(&[support()]);
    let actions = choose(&mia(), Some(INBOX_ID), "lock", &facts);
    assert_eq!(
        actions[0],
        Action::SetSetting {
            inbox: INBOX_ID,
            key: "lock",
            value: Some("archive".into())
        }
    );
    let panel = shown(&actions);
    assert_eq!(*value(panel, "lock"), Shown::Word("archive"));
    // The panel states the value that the switch gets next.
    let row = panel.rows.iter().find(|row| row.key == "lock");
    assert_eq!(row.and_then(|row| row.other), Some("lock"));
    let others = panel.rows.iter().filter(|row| row.other.is_some());
    let switches = setting::ALL.iter();
    let switches = switches.filter(|it| matches!(it.kind(), Kind::Choice([_, _])));
    assert!(others.map(|row| row.key).eq(switches.map(|it| it.key())));
}

#[test]
fn what_is_saved_is_shown() {
    let facts = facts(&[support()]);
    let entered = Entered::Text("2h".into());
    let actions = submit(&mia(), Some(INBOX_ID), "cooldown", &entered, &facts);
    let saved = Action::SetSetting {
        inbox: INBOX_ID,
        key: "cooldown",
        value: Some("7200".into()),
    };
    assert_eq!(actions[0], saved);
    let panel = shown(&actions);
    assert_eq!(*value(panel, "cooldown"), Shown::Duration(7200));
    assert_eq!(
        panel.text,
        Some(Text::SettingSaved {
            setting: "cooldown",
            value: ("cooldown", Shown::Duration(7200))
        })
    );
    let reset = submit(
        &mia(),
        Some(INBOX_ID),
        "cooldown",
        &Entered::Text(String::new()),
        &facts,
    );
    assert!(matches!(reset[0], Action::SetSetting { value: None, .. }));
}

#[test]
fn the_end_of_a_pause_goes_with_it() {
    let now = mia().at;
    let submitted = |end: Timestamp, pause: &str| {
        let mut named = support();
        named.inbox.settings = Settings::default().with(&setting::PauseEnd, &end.0.to_string());
        let facts = facts(&[named]);
        let entered = Entered::Text(pause.into());
        let actions = submit(&mia(), Some(INBOX_ID), "pause", &entered, &facts);
        let reset = Action::SetSetting {
            inbox: INBOX_ID,
            key: "pause-end",
            value: None,
        };
        let is_shown_as_none = *value(shown(&actions), "pause-end") == Shown::Word("none");
        assert_eq!(actions.contains(&reset), is_shown_as_none, "{actions:?}");
        is_shown_as_none
    };
    let (over, ahead) = (now.plus(-1), now.plus(60_000));
    assert!(
        submitted(over, "Away"),
        "a new pause does not end in the past"
    );
    assert!(submitted(now, "Away"));
    assert!(
        !submitted(ahead, "Away"),
        "another message, and the same end"
    );
    assert!(submitted(ahead, ""), "there is no pause that could end");
}

#[test]
fn a_mistake_gives_the_text_back() {
    let facts = facts(&[support()]);
    let entered = Entered::Text("10000".into());
    let actions = submit(&mia(), Some(INBOX_ID), "limit-total", &entered, &facts);
    assert_eq!(
        actions,
        [Action::RefuseSetting(RefusedSetting {
            inbox: Some(INBOX_ID),
            key: "limit-total",
            text: Text::NotANumber {
                written: "10000".into(),
                least: 0,
                most: 900
            },
            written: Some("10000".into()),
        })]
    );
    assert_eq!(
        edit_again(Some(INBOX_ID), "limit-total", "10000".into(), &facts),
        [Action::ShowModal(Modal::Setting {
            inbox: Some(INBOX_ID),
            key: "limit-total",
            value: "10000".into()
        })]
    );
}

#[test]
fn a_name_is_one_inboxs_only() {
    let facts = facts(&[support(), appeals()]);
    let name = |name: &str| {
        let entered = Entered::Text(name.to_owned());
        submit(&mia(), Some(INBOX_ID), "name", &entered, &facts)
    };
    let refused = name(" appeals ");
    let [Action::RefuseSetting(RefusedSetting { text, written, .. })] = &refused[..] else {
        panic!("{refused:?}")
    };
    let taken = "appeals".to_owned();
    assert_eq!(*text, Text::NameTaken { written: taken });
    assert_eq!(written.as_deref(), Some(" appeals "));
    // An inbox may keep its own name, and the panel shows a new one.
    let panel_of = |name: &str, actions: &[Action]| {
        let panel = shown(actions).inbox.as_ref().map(|it| it.name.clone());
        assert_eq!(panel.as_deref(), Some(name));
    };
    panel_of("Support", &name("Support"));
    let facts = Facts {
        without_name: Some("help-desk".into()),
        ..facts.clone()
    };
    let nothing = Entered::Text(String::new());
    let emptied = submit(&mia(), Some(INBOX_ID), "name", &nothing, &facts);
    panel_of("help-desk", &emptied);
    panel_of(
        "Bans and  more".replace("  ", " ").as_str(),
        &name("Bans  and more"),
    );
}

#[test]
fn each_of_many_inboxes_can_be_chosen_if_the_command_names_it() {
    let many: Vec<_> = (100..140)
        .map(|id| {
            let mut named = appeals();
            named.inbox.id = InboxId(id);
            named.name = format!("n{id}");
            named
        })
        .collect();
    let key = setting::Reports.key();
    let facts = Facts {
        server: Settings::default().with_stored(key, Some("139".into())),
        ..facts(&many)
    };
    let shown = |wanted: Option<&str>| match &open(wanted, Some(key), &facts)[..] {
        [
            Action::ShowModal(Modal::Inboxes {
                inboxes,
                is_shortened: true,
                ..
            }),
        ] => inboxes.iter().map(|it| it.0.0).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    let without = shown(None);
    assert_eq!((without.len(), &without[..2]), (24, &[139, 100][..]));
    assert_eq!(shown(Some("n130"))[..3], [130, 139, 100]);
}

#[test]
fn an_inbox_on_the_message_of_another_keeps_a_name() {
    let key = setting::Name.key();
    let stored = |entry: Named, host: Named, name: &str| {
        let inbox = Some(entry.inbox.id);
        let facts = Facts {
            without_name: Some(name.into()),
            ..facts(&[host, entry])
        };
        let nothing = Entered::Text(String::new());
        submit(&mia(), inbox, key, &nothing, &facts)
    };
    let set = |value: Option<&str>| Action::SetSetting {
        inbox: OTHER,
        key,
        value: value.map(str::to_owned),
    };
    let own = stored(appeals(), support(), "support 2");
    assert!(own.contains(&set(None)), "{own:?}");
    let (mut only_there, mut host) = (appeals(), support());
    let settings = only_there.inbox.settings.clone();
    only_there.inbox.settings = settings.with_stored(HOME, Some(INBOX_ID.to_string()));
    let settings = host.inbox.settings.clone();
    host.inbox.settings = settings.with_stored(ENTRIES, Some(OTHER.to_string()));
    for (entry, host) in [(only_there, support()), (appeals(), host.clone())] {
        let saved = stored(entry, host, "support 2");
        assert!(saved.contains(&set(Some("support 2"))), "{saved:?}");
        assert_eq!(*value(shown(&saved), key), Shown::Text("support 2".into()));
    }
    let number = inbox().channel.to_string();
    let refused = stored(appeals(), host, &number);
    let inbox = appeals().inbox.link();
    let [Action::RefuseSetting(RefusedSetting { text, .. })] = &refused[..] else {
        panic!("{refused:?}")
    };
    assert_eq!(*text, Text::NameUnknown { inbox });
}

#[test]
fn a_new_button_is_shown_before_it_is_stored() {
    let facts = facts(&[support()]);
    let entered = Entered::Text("Apply".into());
    let actions = submit(&mia(), Some(INBOX_ID), "button-label", &entered, &facts);
    let [Action::Draw(drawn), Action::SetSetting { .. }, ..] = &actions[..] else {
        panic!("{actions:?}")
    };
    assert_eq!(drawn.link(), INBOX_LINK);
    let button = drawn.button();
    assert_eq!(button.label.as_deref(), Some("Apply"));
    assert_eq!(button.colour, setting::Colour::Blurple);
}

#[test]
fn suggestions() {
    let facts = facts(&[support()]);
    let typed = "su".to_owned();
    assert_eq!(
        complete(
            &Complete::Inbox {
                typed: typed.clone()
            },
            &facts
        ),
        [Action::Suggest(Suggestions {
            typed: typed.clone(),
            choices: vec![Suggestion::Inbox(INBOX_ID, "support".into())]
        })]
    );
    let settings = complete(&Complete::Setting { typed }, &facts);
    let [Action::Suggest(Suggestions { choices, .. })] = &settings[..] else {
        panic!("{settings:?}")
    };
    assert_eq!(choices.len(), setting::ALL.len());
    assert_eq!(choices[0], Suggestion::Setting(setting::ALL[0].key()));
    assert_eq!(facts.inboxes[0].inbox.guild, GUILD);
}

#[test]
fn a_duration_is_suggested_as_it_is_understood() {
    let suggested = |typed: &str| {
        let wanted = Complete::Duration {
            typed: typed.into(),
        };
        let actions = complete(&wanted, &Facts::default());
        let [Action::Suggest(Suggestions { typed, choices })] = &actions[..] else {
            panic!("suggestions, not {actions:?}")
        };
        assert_eq!(typed, "", "nothing is filtered");
        let seconds = choices.iter().map(|it| match it {
            Suggestion::Duration(seconds) => *seconds,
            other => panic!("a duration, not {other:?}"),
        });
        seconds.collect::<Vec<_>>()
    };
    let usual = [3600, 21_600, 43_200, 86_400, 259_200, 604_800];
    assert_eq!(suggested(""), usual);
    assert_eq!(suggested("so"), usual);
    assert_eq!(suggested("90m"), [5400]);
    assert_eq!(suggested("2 Tage"), [172_800]);
    assert_eq!(suggested("2"), [120, 7200, 172_800]);
}
