use std::collections::HashSet;

use super::*;
use crate::decide::examples::{GUILD, INBOX_ID, inbox};
use crate::inbox::InboxChange;
use crate::staff::Powers;

fn text(text: &str) -> Entered {
    Entered::Text(text.to_owned())
}

/// What is stored after this was entered.
fn stored(setting: &dyn Setting, entered: &str) -> Option<String> {
    let checked = setting.enter(&text(entered));
    checked.unwrap_or_else(|why| panic!("{entered:?} was refused: {why:?}"))
}

fn refused(setting: &dyn Setting, entered: &str) -> Text {
    let checked = setting.enter(&text(entered));
    checked.expect_err(&format!("{entered:?} was taken"))
}

#[test]
fn each_setting_has_a_key_of_its_own() {
    let mut keys = HashSet::new();
    for setting in ALL {
        let key = setting.key();
        assert!(keys.insert(key), "{key} is there twice");
        // A custom id has a maximum length, and it also contains the inbox.
        assert!((1..=32).contains(&key.len()), "{key}");
        assert!(
            key.chars().all(|c| c.is_ascii_lowercase() || c == '-'),
            "{key}"
        );
        assert_eq!(find(key).map(Setting::key), Some(key));
    }
    assert!(find("no such thing").is_none());
}

#[test]
fn a_group_is_one_menu_and_a_choice_another() {
    for group in Group::ALL {
        let count = ALL.iter().filter(|it| it.group() == group).count();
        assert!(count <= 25, "{group:?} has {count} settings");
    }
    for setting in ALL {
        if let Kind::Choice(words) = setting.kind() {
            assert!((2..=25).contains(&words.len()), "{}", setting.key());
        }
    }
}

#[test]
fn nothing_is_the_default_of_each() {
    for setting in ALL {
        let key = setting.key();
        assert_eq!(setting.enter(&text(" ")), Ok(None), "{key}");
        assert_eq!(setting.enter(&Entered::Chosen(vec![])), Ok(None), "{key}");
    }
}

#[test]
fn what_a_control_is_filled_with_changes_nothing() {
    for setting in ALL {
        let key = setting.key();
        let kept = setting.stored(Stored {
            inbox: Some(&inbox()),
            server: &Settings::default(),
        });
        let written = setting.written(kept.as_deref());
        let again = stored(*setting, &written);
        assert_eq!(
            setting.show(again.as_deref()),
            setting.show(kept.as_deref()),
            "{key}"
        );
    }
}

#[test]
fn what_means_nothing_to_this_version_is_the_default() {
    for setting in ALL {
        let key = setting.key();
        // This setting accepts any text.
        if setting.show(Some("x")) == Shown::Text("x".into()) {
            continue;
        }
        for odd in ["", "\u{0}", "a later version's", "-1"] {
            assert_eq!(setting.show(Some(odd)), setting.show(None), "{key}");
        }
    }
}

#[test]
fn words_that_are_shown_are_among_the_words() {
    for setting in ALL {
        for kept in [None, Some("0"), Some("5")] {
            if let Shown::Word(word) = setting.show(kept) {
                assert!(setting.words().contains(&word), "{} {word}", setting.key());
            }
        }
    }
}

#[test]
fn a_choice_shows_what_was_chosen() {
    for setting in ALL {
        if let Kind::Choice(words) = setting.kind() {
            for &word in words {
                let chosen = Entered::Chosen(vec![word.to_owned()]);
                let kept = setting.enter(&chosen).expect("it is one of its words");
                assert_eq!(setting.show(kept.as_deref()), Shown::Word(word));
            }
            let wrong = Entered::Chosen(vec!["no such word".to_owned()]);
            assert!(setting.enter(&wrong).is_err(), "{}", setting.key());
        }
    }
}

#[test]
fn an_inbox_of_1_x_has_the_originals_ways() {
    let inbox = inbox();
    assert_eq!(inbox.get(StaffPowers), Powers::ManageThreads);
    assert!(inbox.get(Lock));
    assert_eq!(inbox.get(HideAfter), None);
    assert_eq!(inbox.get(LimitMember), 1);
    assert_eq!(inbox.get(LIMIT_TOTAL), 0);
    assert_eq!(inbox.get(Cooldown), None);
}

#[test]
fn a_new_inbox_gives_its_staff_powers() {
    assert_eq!(of_new_inboxes().get(StaffPowers), Powers::ListedStaff);
}

#[test]
fn limits() {
    let not = |written: &str, most| Text::NotANumber {
        written: written.to_owned(),
        least: 0,
        most,
    };
    assert_eq!(stored(&LimitMember, " 50 "), Some("50".into()));
    assert_eq!(stored(&LimitMember, "0"), Some("0".into()));
    for wrong in ["-1", "51", "10000", "two", "1.5", "99999999999"] {
        assert_eq!(refused(&LimitMember, wrong), not(wrong, 50));
    }
    assert_eq!(stored(&LIMIT_TOTAL, "900"), Some("900".into()));
    assert_eq!(stored(&LIMIT_TOTAL, "0"), None);
    assert_eq!(refused(&LIMIT_TOTAL, "901"), not("901", 900));
    assert_eq!(LimitMember.show(Some("0")), Shown::Word("none"));
    assert_eq!(LimitMember.show(Some("3")), Shown::Number(3));
    // The original has a column for this one.
    assert_eq!(
        LimitMember.change(GUILD, INBOX_ID, Some("3".into())),
        Action::ChangeInbox(INBOX_ID, InboxChange::Limit(3))
    );
    assert_eq!(
        LimitMember.change(GUILD, INBOX_ID, None),
        Action::ChangeInbox(INBOX_ID, InboxChange::Limit(1))
    );
}

#[test]
fn a_cooldown() {
    assert_eq!(stored(&Cooldown, "5 minutes"), Some("300".into()));
    assert_eq!(stored(&Cooldown, "0"), Some("0".into()));
    assert_eq!(Cooldown.show(Some("0")), Shown::Word("none"));
    assert_eq!(Cooldown.show(Some("300")), Shown::Duration(300));
    assert_eq!(Cooldown.written(Some("5400")), "1h 30m");
    let written = "10".to_owned();
    assert_eq!(refused(&Cooldown, "10"), Text::NotADuration { written });
    assert_eq!(
        refused(&Cooldown, "31d"),
        Text::DurationOutOfRange {
            least: 0,
            most: 2_592_000
        }
    );
}

#[test]
fn when_a_ticket_is_hidden() {
    for (word, minutes) in [
        ("channel", None),
        ("hour", Some(60)),
        ("day", Some(1440)),
        ("three-days", Some(4320)),
        ("week", Some(10080)),
    ] {
        let kept = stored(&HideAfter, word);
        assert_eq!(HideAfter.value(kept.as_deref()), minutes);
    }
}

#[test]
fn what_is_quoted_stays_between_its_marks() {
    assert_eq!(enter::quoted("a`b\nc"), "a'b c");
    let long = "x".repeat(100);
    assert_eq!(enter::quoted(&long).chars().count(), 61);
}

#[test]
fn ages() {
    for setting in [&ACCOUNT_AGE as &dyn Setting, &MEMBER_AGE] {
        assert_eq!(stored(setting, "7 Tage"), Some("604800".into()));
        assert_eq!(stored(setting, "0"), None);
        assert_eq!(setting.show(Some("604800")), Shown::Duration(604_800));
        assert_eq!(setting.written(Some("604800")), "7d");
        let refused = refused(setting, "366d");
        assert!(matches!(refused, Text::DurationOutOfRange { .. }));
    }
}

#[test]
fn roles_are_chosen() {
    let chosen = Entered::Chosen(vec!["30".into(), "31".into()]);
    let kept = ALLOWED_ROLES.enter(&chosen).expect("they are roles");
    assert_eq!(kept.as_deref(), Some("30,31"));
    let roles = [30, 31].map(crate::RoleId);
    assert_eq!(ALLOWED_ROLES.value(kept.as_deref()), roles);
    let shown = roles.map(Mention::Role).to_vec();
    assert_eq!(BLOCKED_ROLES.show(kept.as_deref()), Shown::Mentions(shown));
}

#[test]
fn a_pause_ends_some_time_after_now() {
    let now = Timestamp(1_000_000);
    let with = Circumstances {
        now,
        inbox: None,
        bot: &[],
        starter: "",
    };
    let kept = PauseEnd.enter_with(&text("1h"), &with);
    assert_eq!(kept, Ok(Some("4600000".into())));
    assert_eq!(PauseEnd.show(Some("4600000")), Shown::Moment(4600));
    assert!(PauseEnd.enter_with(&text("2 years"), &with).is_err());
}

#[test]
fn hours_and_their_zone() {
    assert_eq!(
        stored(&Hours, "Mo-Fr 9-17\n\nSa 10-12"),
        Some("Mon-Fri 09:00-17:00\nSat 10:00-12:00".into())
    );
    assert_eq!(
        refused(&Hours, "Mon 9-17\nnever `ever`"),
        Text::HoursWithoutTimes {
            line: 2,
            written: "never 'ever'".into()
        }
    );
    assert_eq!(
        refused(&Hours, "Someday 9-17"),
        Text::HoursWithoutDays {
            line: 1,
            written: "Someday 9-17".into()
        }
    );
    assert_eq!(stored(&Zone, "europe/berlin"), Some("Europe/Berlin".into()));
    assert_eq!(stored(&Zone, "UTC"), None);
    let written = "Middle-earth".to_owned();
    assert_eq!(
        refused(&Zone, "Middle-earth"),
        Text::UnknownTimeZone { written }
    );
}

/// Stored hours can be longer than the text that was written, and the field must be able to show them again.
#[test]
fn hours_fit_into_their_field() {
    let Kind::Lines(most) = Hours.kind() else {
        panic!("hours are lines")
    };
    let lines = |line: &str, chars: usize| [line].repeat(chars / (line.len() + 1)).join("\n");
    // What earlier versions took, 500 characters, is still taken.
    for line in ["mo-fr9-10", "daily9-10", "mo9-10,11-12", "mo1-2"] {
        let kept = stored(&Hours, &lines(line, 501)).expect("these are hours");
        assert!(kept.chars().count() <= most.into(), "{line}");
        assert_eq!(stored(&Hours, &kept), Some(kept), "{line}");
    }
    let too_many = lines("mo1-2,2-3,3-4", most.into());
    let limit = most.into();
    assert_eq!(refused(&Hours, &too_many), Text::HoursTooLong { limit });
}

#[test]
fn a_language_has_a_code() {
    assert_eq!(stored(&Language, "de"), Some("de".into()));
    assert_eq!(stored(&Language, "discord"), None);
    assert_eq!(Language.show(Some("de")), Shown::Language("de".into()));
    assert!(matches!(
        refused(&Language, "<@1>"),
        Text::NotAChoice { .. }
    ));
}

#[test]
fn emojis() {
    for taken in [
        "🎫",
        "1️⃣",
        "👨‍👩‍👧",
        "<:ticket:123>",
        "<a:party_2:9>",
        "-",
        "ℹ️",
        "Ⓜ️",
        "🅰️",
        "🅱️",
        "🅾️",
        "🅿️",
        "\u{2139}",
        "\u{1F17E}",
    ] {
        assert!(ButtonEmoji.enter(&text(taken)).is_ok(), "{taken}");
    }
    for wrong in [
        ":ticket:",
        "<:ticket:>",
        "<:ticket:0>",
        "<b:x:1>",
        "<:a b:1>",
        "x",
        "é\u{FE0F}",
        "ℹ️nfo",
        "🎫 x",
        "<@1>",
    ] {
        let refused = refused(&ButtonEmoji, wrong);
        assert!(matches!(refused, Text::NotAnEmoji { .. }), "{wrong}");
    }
    assert_eq!(stored(&ButtonEmoji, "-"), None);
    for none in [None, Some("-"), Some("not an emoji")] {
        assert_eq!(ButtonEmoji.value(none), None, "{none:?}");
    }
    assert_eq!(
        ButtonEmoji.value(Some("<a:party:9>")),
        Some(Emoji::Custom {
            animated: true,
            name: "party".into(),
            id: 9
        })
    );
    assert_eq!(
        ButtonEmoji.show(Some("<:t:9>")),
        Shown::Emoji("<:t:9>".into())
    );
}

#[test]
fn colours() {
    assert_eq!(ButtonColour.value(None), Colour::Blurple);
    assert_eq!(ButtonColour.value(Some("red")), Colour::Red);
}
