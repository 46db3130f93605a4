use tickets::action::PanelInbox;
use tickets::problem::Problem;
use tickets::setting::Shown;
use tickets::text::{MessageLink, Text};
use tickets::{ChannelId, GuildId, Mention, MessageId, RoleId, UserId};

use super::*;

const INBOX: InboxId = InboxId(40);

fn all_rows() -> Vec<Row> {
    setting::ALL
        .iter()
        .map(|it| Row {
            group: it.group(),
            key: it.key(),
            value: it.show(None),
            other: None,
            is_default: true,
        })
        .collect()
}

fn a_panel(rows: Vec<Row>) -> Panel {
    Panel {
        inbox: Some(PanelInbox {
            id: INBOX,
            link: MessageLink {
                guild: GuildId(1),
                channel: ChannelId(10),
                message: MessageId(40),
            },
            name: "x".repeat(100),
        }),
        rows,
        text: Some(Text::InboxGone {}),
        problems: Vec::new(),
    }
}

/// A setting at its default is plain; a changed one has a bold name.
#[test]
fn what_is_set_stands_out() {
    let rows = ["lock", "ticket-name"].map(|key| Row {
        group: Group::Tickets,
        key,
        value: setting::find(key).expect("it exists").show(None),
        other: None,
        is_default: key == "lock",
    });
    let rows = [
        Row {
            value: Shown::Text("Help".into()),
            ..rows[1].clone()
        },
        rows[0].clone(),
    ];
    for (language, colon) in [("en-US", ":"), ("de", ":"), ("fr", "\u{a0}:")] {
        let language = Language::of(language);
        let [group, set, left] = [
            words::group(Group::Tickets, language),
            words::name("ticket-name", language),
            words::name("lock", language),
        ];
        let locked = words::word("lock", "lock", language);
        let expected = format!("### {group}\n**{set}**{colon} `Help`\n-# {left}{colon} {locked}");
        let message = panel(&a_panel(rows.to_vec()), language);
        let overview = &message.embeds.expect("an embed")[0];
        assert_eq!(overview.description, Some(expected));
    }
}

/// An admin uses the menus at the bottom, so the saved change and the problems are just above them.
#[test]
fn problems_are_next_to_the_menus() {
    let english = Language::DEFAULT;
    let below = |shown: &Panel| panel(shown, english).embeds.expect("embeds").split_off(1);
    let quiet = Panel {
        text: None,
        ..a_panel(all_rows())
    };
    assert_eq!(below(&quiet), []);
    let problem = Problem::StaffNotMentioned;
    let wrong = Panel {
        problems: vec![problem.clone()],
        ..quiet
    };
    let warning = say(problem.text(), english);
    assert_eq!(below(&wrong)[0].description.as_ref(), Some(&warning));
    assert_eq!(below(&wrong)[0].color, Some(YELLOW));
    let saved = say(Text::InboxGone {}, english);
    let both = Panel {
        text: Some(Text::InboxGone {}),
        ..wrong
    };
    let both = below(&both)[0].description.clone();
    assert_eq!(both, Some(format!("{saved}\n{warning}")));
}

#[test]
fn what_was_saved_leaves_room_for_problems() {
    let (english, problem) = (Language::DEFAULT, Problem::StaffNotMentioned);
    let shown = a_panel(all_rows());
    let inbox = shown.inbox.as_ref().expect("an inbox").link;
    let staff = (0..200).map(|id| Mention::User(UserId(u64::MAX - id)));
    let staff = Text::StaffSaved {
        inbox,
        staff: staff.collect(),
        count: 200,
    };
    let written = "y".repeat(5000);
    for text in [staff, Text::NotADuration { written }] {
        let shown = Panel {
            text: Some(text),
            problems: vec![problem.clone()],
            ..shown.clone()
        };
        let embeds = panel(&shown, english).embeds.expect("embeds");
        let news = embeds[1].description.as_deref().expect("news");
        assert!(news.chars().count() <= MAX_NEWS, "{news}");
        assert!(news.ends_with(&say(problem.text(), english)), "{news}");
    }
}

/// Discord's limits: five rows, 25 options, and the maximum lengths.
#[test]
fn the_panel_fits_in_each_language() {
    for language in Language::ALL {
        let problems = vec![Problem::StaffNotMentioned; 100];
        let shown = Panel {
            problems,
            ..a_panel(all_rows())
        };
        let message = panel(&shown, language);
        let embeds = message.embeds.expect("embeds");
        let length = |text: &Option<String>| text.as_ref().map_or(0, |it| it.chars().count());
        assert!((1..=256).contains(&length(&embeds[0].title)));
        for embed in &embeds {
            assert!((1..=4096).contains(&length(&embed.description)));
        }
        let all = embeds
            .iter()
            .map(|it| length(&it.title) + length(&it.description));
        assert!(all.sum::<usize>() <= MAX_EMBEDS);
        let menus = message.components.expect("menus");
        assert!((1..=5).contains(&menus.len()));
        for menu in menus {
            let json = serde_json::to_value(&menu).expect("it is JSON");
            let menu = &json["components"][0];
            let options = menu["options"].as_array().expect("options");
            assert!((1..=25).contains(&options.len()));
            for option in options {
                for text in ["label", "description"] {
                    let length = option[text].as_str().expect(text).chars().count();
                    assert!((1..=100).contains(&length), "{language:?}: {option}");
                }
            }
        }
    }
}

#[test]
fn a_long_value_is_shortened() {
    let shown = |value| {
        let key = "lock";
        let group = Group::Tickets;
        let is_default = false;
        let row = Row {
            group,
            key,
            value,
            other: None,
            is_default,
        };
        let message = panel(&a_panel(vec![row]), Language::DEFAULT);
        let embed = &message.embeds.expect("an embed")[0];
        let shown = embed.description.as_deref().expect("a description");
        shown.split_once("**: ").expect("a value").1.to_owned()
    };
    let text = shown(Shown::Text("y".repeat(500)));
    assert_eq!(text.chars().count(), MAX_VALUE);
    assert!(text.starts_with("`yyy") && text.ends_with("y…`"), "{text}");
    let whole = "y".repeat(MAX_VALUE - 2);
    assert_eq!(shown(Shown::Text(whole.clone())), format!("`{whole}`"));
    // A shortened list of mentions ends between two mentions.
    let roles = (100..120).map(|id| Mention::Role(RoleId(id)));
    let roles = shown(Shown::Mentions(roles.collect()));
    assert!(roles.chars().count() <= MAX_VALUE, "{roles}");
    assert!(roles.ends_with(", …"), "{roles}");
}

#[test]
fn each_control_fits_in_each_language() {
    for language in Language::ALL {
        for setting in setting::ALL {
            let key = setting.key();
            let modal = control(Some(INBOX), key, &setting.written(None), language, language);
            let json = serde_json::to_value(&modal).expect("it is JSON");
            let label = &json["components"][0];
            for (text, most) in [("label", 45), ("description", 100)] {
                let length = label[text].as_str().expect(text).chars().count();
                assert!((1..=most).contains(&length), "{language:?}: {key}: {text}");
            }
            let title = json["title"].as_str().expect("a title");
            assert!((1..=45).contains(&title.chars().count()));
            assert_eq!(json["custom_id"], format!("setting:{key}:40"));
            assert_eq!(label["component"]["custom_id"], MODAL_FIELD);
        }
    }
}

#[test]
fn a_choice_shows_what_is_chosen() {
    let english = Language::DEFAULT;
    let modal = control(None, "lock", "archive", english, english);
    let json = serde_json::to_value(&modal).expect("it is JSON");
    let options = &json["components"][0]["component"]["options"];
    assert_eq!(options[0]["default"], false);
    assert_eq!(options[1]["default"], true);
    assert_eq!(options[1]["value"], "archive");
}

#[test]
fn what_is_typed_filters_what_is_suggested() {
    let suggested = |typed: &str, language| {
        let all = Suggestions {
            typed: typed.to_owned(),
            choices: vec![
                Suggestion::Inbox(InboxId(1), "support".into()),
                Suggestion::Inbox(InboxId(2), "Appeals".into()),
                Suggestion::Setting("cooldown"),
            ],
        };
        let choices = suggestions(all, language);
        choices.into_iter().map(|it| it.name).collect::<Vec<_>>()
    };
    let english = Language::DEFAULT;
    assert_eq!(suggested("", english).len(), 3);
    assert_eq!(suggested(" #APP", english), ["Appeals"]);
    assert_eq!(suggested("xyz", english), Vec::<String>::new());
    let german = Language::of("de");
    let name = words::name("cooldown", german);
    assert_eq!(suggested(&name, german), [name]);
}

#[test]
fn many_suggestions_are_cut() {
    let choices = (1..100).map(|id| Suggestion::Inbox(InboxId(id), "x".repeat(200)));
    let all = Suggestions {
        typed: String::new(),
        choices: choices.collect(),
    };
    let choices = suggestions(all, Language::DEFAULT);
    assert_eq!(choices.len(), 25);
    assert_eq!(choices[0].name.chars().count(), 100);
}

#[test]
fn a_mistake_is_given_back() {
    let english = Language::DEFAULT;
    let message = refusal(Some(INBOX), "cooldown", "Why.", Some("10".into()), english);
    let embeds = message.embeds.expect("an embed");
    assert_eq!(embeds[0].description.as_deref(), Some("10"));
    let json = serde_json::to_value(message.components).expect("it is JSON");
    assert_eq!(json[0]["components"][0]["custom_id"], "edit:cooldown:40");
    let message = refusal(None, "lock", "Why.", None, english);
    assert_eq!(message.components, Some(Vec::new()));
}
