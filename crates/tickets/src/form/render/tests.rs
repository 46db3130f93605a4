use proptest::prelude::*;

use super::*;
use crate::request::Attachment;
use crate::{ChannelId, RoleId, UserId};

fn say(text: Text) -> String {
    match text {
        Text::FormNoAnswer {} => "–".into(),
        Text::FormYes {} => "Yes".into(),
        Text::FormNo {} => "No".into(),
        Text::FormFileTooLarge { filename, limit } => format!("{filename} > {limit}"),
        Text::FormFileFailed { filename } => format!("{filename} failed"),
        other => panic!("{other:?} is not about a form"),
    }
}

fn answer(label: &str, kind: Word, value: Value) -> Answer {
    Answer {
        label: label.into(),
        kind,
        value,
    }
}

fn pages(answers: &[Answer]) -> Vec<Vec<Embed>> {
    messages(answers, say, |_, _| None)
}

fn value_of(kind: Word, value: Value) -> String {
    let pages = pages(&[answer("q", kind, value)]);
    pages[0][0].fields[0].value.clone()
}

fn file(name: &str) -> Attachment {
    Attachment {
        filename: name.into(),
        url: "https://cdn/x".into(),
        size: 1,
        description: None,
        is_image: false,
    }
}

#[test]
fn each_kind_is_shown_in_its_way() {
    assert_eq!(value_of(Word::Short, Value::Text("a".into())), "a");
    assert_eq!(
        value_of(Word::SomeOf, Value::Choices(vec!["a".into(), "b*".into()])),
        "a\nb\\*"
    );
    assert_eq!(value_of(Word::YesOrNo, Value::YesOrNo(true)), "Yes");
    assert_eq!(value_of(Word::YesOrNo, Value::YesOrNo(false)), "No");
    assert_eq!(value_of(Word::Long, Value::Nothing), "–");
    let name = || "_Mia_".to_owned();
    let shown = "\\_Mia\\_ (7)";
    let id = UserId(7);
    assert_eq!(
        value_of(Word::Member, Value::Member { id, name: name() }),
        shown
    );
    let id = RoleId(7);
    assert_eq!(
        value_of(Word::Role, Value::Role { id, name: name() }),
        shown
    );
    let id = ChannelId(7);
    assert_eq!(
        value_of(Word::Channel, Value::Channel { id, name: name() }),
        shown
    );
}

#[test]
fn files_that_are_not_attached_are_named_with_the_reason() {
    let files = Value::Files(vec![file("a.png"), file("b_c.mp4"), file("d.txt")]);
    let answers = [
        answer("q", Word::Short, Value::Nothing),
        answer("f", Word::Files, files),
    ];
    let shown = messages(&answers, say, |answer, file| match (answer, file) {
        (1, 1) => Some(Absent::TooLarge(5)),
        (1, 2) => Some(Absent::Failed),
        _ => None,
    });
    assert_eq!(
        shown[0][0].fields[1].value,
        "a.png\nb\\_c.mp4 > 5\nd.txt failed"
    );
}

#[test]
fn long_answers_are_descriptions_and_the_others_fields_in_their_order() {
    let short = |label| answer(label, Word::Short, Value::Text("x".into()));
    let long = |label| answer(label, Word::Long, Value::Text("y".into()));
    let shown = pages(&[short("a"), short("b"), long("c"), short("d"), long("e")]);
    assert_eq!(shown.len(), 1);
    let shape: Vec<_> = shown[0]
        .iter()
        .map(|embed| (embed.title.as_deref(), embed.fields.len()))
        .collect();
    assert_eq!(
        shape,
        [(None, 2), (Some("c"), 0), (None, 1), (Some("e"), 0)]
    );
    assert_eq!(shown[0][1].description.as_deref(), Some("y"));
}

#[test]
fn nobody_s_markup_works() {
    for (written, shown) in [
        ("<@1> <@&2> <#3>", r"\<\@1\> \<\@&2\> \<#3\>"),
        ("@everyone", r"\@everyone"),
        (
            "**a** __b__ ~~c~~ `d` ||e||",
            r"\*\*a\*\* \_\_b\_\_ \~\~c\~\~ \`d\` \|\|e\|\|",
        ),
        (
            "[text](https://a.example/x)",
            r"\[text\](https://a.example/x)",
        ),
        (
            "# a\n-# b\n> c\n- d\n1. e\n 2. f",
            "\\# a\n\\-# b\n\\> c\n\\- d\n1\\. e\n 2\\. f",
        ),
        ("a - b # c 1.5", "a - b # c 1.5"),
        (
            "<t:1:R> <:a:1> :smile:",
            r"\<t\:1\:R\> \<\:a\:1\> \:smile\:",
        ),
        (r"\* \", r"\\\* \\"),
        ("```\nx\n```", "\\`\\`\\`\nx\n\\`\\`\\`"),
    ] {
        assert_eq!(escape(written), shown, "{written}");
    }
}

#[test]
fn addresses_of_websites_stay_links() {
    for (written, shown) in [
        (
            "see https://a.example/x_y_z?b=c_d",
            "see https://a.example/x_y_z?b=c_d",
        ),
        (
            "http://a.example:80/~me *b*",
            r"http://a.example:80/~me \*b\*",
        ),
        ("<https://a.example>", r"\<https://a.example\>"),
        ("https://a.example/**b", r"https://a.example/\*\*b"),
        ("https:// a_b", r"https\:// a\_b"),
        ("javascript:a_b", r"javascript\:a\_b"),
    ] {
        assert_eq!(escape(written), shown, "{written}");
    }
}

#[test]
fn a_second_message_comes_only_beyond_the_limit() {
    let long = |count| answer("q", Word::Long, Value::Text("x".repeat(count)));
    assert_eq!(
        pages(&[long(1000), long(1000), long(1000), long(1000), long(1000)]).len(),
        1
    );
    // Each is twice as long with its backslashes.
    let stars = answer("q", Word::Long, Value::Text("*".repeat(1000)));
    let shown = pages(&vec![stars; 5]);
    let counts: Vec<_> = shown.iter().map(Vec::len).collect();
    assert_eq!(counts, [2, 2, 1]);
}

#[test]
fn many_choices_become_descriptions() {
    let choices: Vec<_> = (0..25)
        .map(|n| format!("{n:02}{}", "_".repeat(98)))
        .collect();
    let shown = pages(&[answer("q", Word::SomeOf, Value::Choices(choices))]);
    let embeds: Vec<_> = shown.into_iter().flatten().collect();
    assert_eq!(embeds.len(), 2);
    assert_eq!(embeds[0].title.as_deref(), Some("q"));
    assert_eq!(embeds[1].title, None);
}

/// Without the backslashes that [`escape`] writes.
fn read(escaped: &str) -> String {
    let mut text = String::new();
    let mut chars = escaped.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => text.extend(chars.next()),
            c => text.push(c),
        }
    }
    text
}

proptest! {
    #[test]
    fn what_was_written_is_what_is_read(text in "(\\PC|\n|[*_`|<>@:\\\\#-]|https://a\\.b/c_d ){0,80}") {
        let text: String = text.chars().filter(|c| *c == '\n' || !c.is_control()).collect();
        prop_assert_eq!(read(&escape(&text)), text);
    }

    #[test]
    fn no_markup_is_left_outside_of_addresses(text in "(\\PC|\n|[*_`|<>@\\\\]){0,80}") {
        prop_assume!(!text.contains("http"));
        let escaped = escape(&text);
        let mut chars = escaped.chars();
        while let Some(c) = chars.next() {
            if c == '\\' {
                prop_assert!(chars.next().is_some());
            } else {
                prop_assert!(!ALWAYS.contains(&c), "{escaped:?}");
            }
        }
    }

    #[test]
    fn whatever_is_answered_fits_into_messages(
        texts in proptest::collection::vec(("(\\PC|[*_\\\\]|😀){0,12}", 1_usize..100), 1..6),
        long in any::<bool>(),
    ) {
        let kind = if long { Word::Long } else { Word::Short };
        let texts = texts.iter().map(|(text, times)| text.repeat(*times));
        let answers: Vec<_> = texts.map(|text| answer("q", kind, Value::text(&text))).collect();
        let shown = pages(&answers);
        let mut all = String::new();
        for page in &shown {
            prop_assert!(!page.is_empty() && page.len() <= MAX_EMBEDS);
            prop_assert!(page.iter().map(Embed::size).sum::<usize>() <= MAX_MESSAGE);
            for embed in page {
                if let Some(description) = &embed.description {
                    prop_assert!((1..=MAX_DESCRIPTION).contains(&length(description)));
                    all.push_str(description);
                }
                for field in &embed.fields {
                    prop_assert!((1..=MAX_FIELD).contains(&length(&field.value)));
                    all.push_str(&field.value);
                }
            }
        }
        let expected: String = answers.iter().map(shown_alone).collect();
        prop_assert_eq!(all, expected);
    }

    #[test]
    fn pieces_are_whole(text in "([a*😀]|\\\\){0,50}", max in 4_usize..12) {
        let escaped = escape(&text);
        let pieces = chunks(&escaped, max);
        prop_assert_eq!(pieces.concat(), escaped.clone());
        for piece in pieces {
            prop_assert!(length(piece) <= max);
            prop_assert_eq!(escape(&read(piece)), piece);
        }
    }
}

fn shown_alone(answer: &Answer) -> String {
    shown(answer, &say, |_| None)
}
