//! Every setting in the registry can be exported and applied. The whole command is tested by a story.

use std::collections::HashSet;

use tickets::action::Action;
use tickets::setting::{ALL, Circumstances, Entered, Kind, Setting};
use tickets::{GuildId, InboxId, Timestamp};

use super::{registered, value};

const WITH: Circumstances<'_> = Circumstances {
    now: Timestamp(0),
    inbox: None,
    bot: &[],
    starter: "",
};

/// What an admin could enter into some setting.
const ENTERED: &[&str] = &[
    "0",
    "1",
    "7",
    "24",
    "50",
    "1h",
    "90s",
    "3d",
    "1 day",
    "hello",
    "Hello $author",
    "two\nlines",
    "\"quoted\" \\ and 'more'",
    "Mon-Fri 09:00-17:00",
    "Europe/Berlin",
    "de",
    "What happened? | long",
    "😀",
];

fn candidates(setting: &dyn Setting) -> Vec<String> {
    let mut stored = HashSet::new();
    let words = setting.words().iter().chain(ENTERED);
    for text in words {
        stored.extend(
            setting
                .enter(&Entered::Text((*text).to_owned()))
                .ok()
                .flatten(),
        );
    }
    let ids = ["123456789012345678", "223456789012345678"].map(str::to_owned);
    for count in 1..=2 {
        let chosen = Entered::Chosen(ids[..count].to_vec());
        if matches!(setting.kind(), Kind::Roles(_) | Kind::Channel) {
            stored.extend(setting.enter(&chosen).ok().flatten());
        }
        if let Kind::Mentions(_) = setting.kind() {
            let mentions = ids[..count].iter().map(|id| format!("<@&{id}>"));
            let chosen = Entered::Chosen(mentions.collect());
            stored.extend(setting.enter(&chosen).ok().flatten());
        }
    }
    stored.into_iter().collect()
}

#[test]
fn a_default_is_written_as_one() {
    for &setting in ALL {
        let written = value::write(setting, None).to_string();
        assert!(
            ["\"\"", "[]"].contains(&written.as_str()),
            "{}: {written}",
            setting.key()
        );
    }
}

#[test]
fn each_setting_survives_the_file() {
    for &setting in ALL {
        let candidates = candidates(setting);
        assert!(
            !candidates.is_empty(),
            "nothing can be entered into {}",
            setting.key()
        );
        for stored in candidates.iter().map(|it| Some(it.as_str())).chain([None]) {
            let written = value::write(setting, stored);
            let line = format!("{} = {written}", setting.key());
            let parsed: toml::Table = line
                .parse()
                .unwrap_or_else(|error| panic!("{line}: {error}"));
            let read = value::read(setting, &parsed[setting.key()], &WITH);
            let read = read.unwrap_or_else(|_| panic!("{line} is refused"));
            assert_eq!(read.as_deref(), stored, "{line}");
        }
    }
}

#[test]
fn each_setting_can_be_changed_from_a_file() {
    let all = registered(true).chain(registered(false));
    for setting in all {
        let change = setting.change(GuildId(1), InboxId(2), None);
        assert!(
            matches!(
                change,
                Action::ChangeInbox(..)
                    | Action::SetSetting { .. }
                    | Action::SetServerSetting { .. }
            ),
            "{}: {change:?}",
            setting.key()
        );
    }
}
