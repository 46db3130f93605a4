//! A form's text: one question a line, its parts separated by `|`.
//!
//! ```text
//! What happened? | long | as exactly as you can
//! Where? | one of: Lobby, Survival, Creative | optional
//! ```
//!
//! `\|`, `\,` and `\\` stand for `|`, `,` and `\`. Any other backslash stands for itself.

use super::{
    Form, Kind, MAX_CHOICE, MAX_CHOICES, MAX_DESCRIPTION, MAX_LABEL, MAX_QUESTIONS, MIN_CHOICES,
    Question, Word,
};
use crate::setting::enter::quoted;
use crate::text::Text;

/// Why a form's text is not understood, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Counted from 1, with the empty lines.
    pub line: usize,
    pub reason: Reason,
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The form has one question too many.
    TooManyQuestions,
    /// There is no question before the first `|`.
    NoLabel,
    LabelTooLong,
    /// Another line asks the same.
    LabelTwice(String),
    /// There is no `|` with a kind after it.
    NoKind,
    UnknownKind(String),
    /// This kind takes no choices, but the line has some.
    ChoicesNotAllowed(String),
    /// This kind needs choices, two at least.
    TooFewChoices(String),
    TooManyChoices,
    EmptyChoice,
    ChoiceTooLong(String),
    ChoiceTwice(String),
    DescriptionTooLong,
    /// There are two parts that could be the description.
    TwoDescriptions(String),
}

impl Mistake {
    /// What the admin reads.
    pub fn text(self) -> Text {
        let line = i64::try_from(self.line).unwrap_or(i64::MAX);
        let quoted = |written: String| quoted(&written);
        match self.reason {
            Reason::TooManyQuestions => Text::FormLineTooManyQuestions { line },
            Reason::NoLabel => Text::FormLineNoLabel { line },
            Reason::LabelTooLong => Text::FormLineLabelTooLong { line },
            Reason::LabelTwice(label) => Text::FormLineLabelTwice {
                line,
                written: quoted(label),
            },
            Reason::NoKind => Text::FormLineNoKind { line },
            Reason::UnknownKind(kind) => Text::FormLineUnknownKind {
                line,
                written: quoted(kind),
            },
            Reason::ChoicesNotAllowed(kind) => Text::FormLineChoicesNotAllowed {
                line,
                written: quoted(kind),
            },
            Reason::TooFewChoices(kind) => Text::FormLineTooFewChoices {
                line,
                written: quoted(kind),
            },
            Reason::TooManyChoices => Text::FormLineTooManyChoices { line },
            Reason::EmptyChoice => Text::FormLineEmptyChoice { line },
            Reason::ChoiceTooLong(choice) => Text::FormLineChoiceTooLong {
                line,
                written: quoted(choice),
            },
            Reason::ChoiceTwice(choice) => Text::FormLineChoiceTwice {
                line,
                written: quoted(choice),
            },
            Reason::DescriptionTooLong => Text::FormLineDescriptionTooLong { line },
            Reason::TwoDescriptions(part) => Text::FormLineTwoDescriptions {
                line,
                written: quoted(part),
            },
        }
    }
}

/// Parses a form's text; `None` if it has no question.
pub fn parse(text: &str) -> Result<Option<Form>, Mistake> {
    let mut questions: Vec<Question> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        let mistake = |reason| Mistake {
            line: index + 1,
            reason,
        };
        let question = question(line).map_err(mistake)?;
        let label = question.label.to_lowercase();
        if questions.iter().any(|it| it.label.to_lowercase() == label) {
            return Err(mistake(Reason::LabelTwice(question.label)));
        }
        if questions.len() == MAX_QUESTIONS {
            return Err(mistake(Reason::TooManyQuestions));
        }
        questions.push(question);
    }
    Ok((!questions.is_empty()).then_some(Form { questions }))
}

fn question(line: &str) -> Result<Question, Reason> {
    let parts = split(line, '|');
    let mut parts = parts.iter().map(|part| part.trim());
    let label = plain(parts.next().unwrap_or_default());
    if label.is_empty() {
        return Err(Reason::NoLabel);
    }
    if label.chars().count() > MAX_LABEL {
        return Err(Reason::LabelTooLong);
    }
    let kind = kind(
        parts
            .next()
            .filter(|it| !it.is_empty())
            .ok_or(Reason::NoKind)?,
    )?;
    let (mut description, mut is_optional) = (None, false);
    for part in parts.filter(|part| !part.is_empty()) {
        let part = plain(part);
        if Word::parse(&part) == Some(Word::Optional) {
            is_optional = true;
        } else if description.is_some() {
            return Err(Reason::TwoDescriptions(part));
        } else if part.chars().count() > MAX_DESCRIPTION {
            return Err(Reason::DescriptionTooLong);
        } else {
            description = Some(part);
        }
    }
    Ok(Question {
        label,
        kind,
        description,
        is_optional,
    })
}

fn kind(part: &str) -> Result<Kind, Reason> {
    let (word, choices) = match part.split_once(':') {
        Some((word, choices)) => (word, Some(choices)),
        None => (part, None),
    };
    let word = word.trim();
    let simple = match Word::parse(word) {
        Some(Word::OneOf) => return Ok(Kind::OneOf(parse_choices(word, choices)?)),
        Some(Word::SomeOf) => return Ok(Kind::SomeOf(parse_choices(word, choices)?)),
        Some(Word::Short) => Kind::Short,
        Some(Word::Long) => Kind::Long,
        Some(Word::YesOrNo) => Kind::YesOrNo,
        Some(Word::Member) => Kind::Member,
        Some(Word::Role) => Kind::Role,
        Some(Word::Channel) => Kind::Channel,
        Some(Word::Files) => Kind::Files,
        Some(Word::Optional) => return Err(Reason::NoKind),
        None => return Err(Reason::UnknownKind(plain(part))),
    };
    match choices {
        Some(choices) if !choices.trim().is_empty() => {
            Err(Reason::ChoicesNotAllowed(word.to_owned()))
        }
        _ => Ok(simple),
    }
}

fn parse_choices(word: &str, text: Option<&str>) -> Result<Vec<String>, Reason> {
    let text = text.unwrap_or_default();
    let too_few = || Reason::TooFewChoices(word.to_owned());
    if text.trim().is_empty() {
        return Err(too_few());
    }
    let mut choices: Vec<String> = Vec::new();
    for choice in split(text, ',') {
        let choice = plain(choice.trim());
        if choice.is_empty() {
            return Err(Reason::EmptyChoice);
        }
        if choice.chars().count() > MAX_CHOICE {
            return Err(Reason::ChoiceTooLong(choice));
        }
        if choices.contains(&choice) {
            return Err(Reason::ChoiceTwice(choice));
        }
        choices.push(choice);
    }
    if choices.len() < MIN_CHOICES {
        return Err(too_few());
    }
    if choices.len() > MAX_CHOICES {
        return Err(Reason::TooManyChoices);
    }
    Ok(choices)
}

/// The parts between separators without a backslash before them. Backslashes stay in the parts.
fn split(text: &str, separator: char) -> Vec<&str> {
    let (mut parts, mut start, mut is_escaped) = (Vec::new(), 0, false);
    for (index, c) in text.char_indices() {
        if is_escaped {
            is_escaped = false;
        } else if c == '\\' {
            is_escaped = true;
        } else if c == separator {
            parts.push(&text[start..index]);
            start = index + c.len_utf8();
        }
    }
    parts.push(&text[start..]);
    parts
}

/// A part as people read it: escapes are resolved, and characters that a line cannot have become spaces.
fn plain(part: &str) -> String {
    let mut plain = String::with_capacity(part.len());
    let mut chars = part.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                let next = chars.next_if(|next| matches!(next, '|' | ',' | '\\'));
                plain.push(next.unwrap_or('\\'));
            }
            c if c.is_control() => plain.push(' '),
            c => plain.push(c),
        }
    }
    plain.trim().to_owned()
}

/// The text with backslashes where needed, so that [`plain`] reads it back.
pub(super) fn escaped(text: &str, separators: &[char]) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let means_more = match c {
            '\\' => chars
                .peek()
                .is_none_or(|next| matches!(next, '|' | ',' | '\\')),
            c => separators.contains(&c),
        };
        if means_more {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::examples::{TEXT, form};
    use super::*;

    fn one(line: &str) -> Question {
        let mut form = parse(line).expect("it is good").expect("it has a question");
        assert_eq!(form.questions.len(), 1);
        form.questions.remove(0)
    }

    fn wrong(text: &str) -> (usize, Reason) {
        let mistake = parse(text).expect_err("a mistake");
        (mistake.line, mistake.reason)
    }

    fn reason(line: &str) -> Reason {
        wrong(line).1
    }

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().copied().map(str::to_owned).collect()
    }

    #[test]
    fn the_example_of_the_documentation() {
        let form = form();
        let kinds: Vec<_> = form.questions.iter().map(|it| it.kind.clone()).collect();
        assert_eq!(
            kinds,
            [
                Kind::Short,
                Kind::Long,
                Kind::OneOf(texts(&["Lobby", "Survival", "Creative"])),
                Kind::Member,
                Kind::Files,
            ]
        );
        let optional: Vec<_> = form.questions.iter().map(|it| it.is_optional).collect();
        assert_eq!(optional, [false, false, false, true, true]);
        let described = form.questions[1].description.as_deref();
        assert_eq!(described, Some("as exactly as you can"));
        assert!(form.takes_files());
        assert_eq!(form.canonical(), TEXT);
    }

    #[test]
    fn a_text_without_questions_is_no_form() {
        for text in ["", "  ", "\n\n \n"] {
            assert_eq!(parse(text), Ok(None), "{text:?}");
        }
    }

    #[test]
    fn kinds_are_understood_in_three_languages() {
        for (line, kind) in [
            ("a|kurz", Kind::Short),
            ("a | COURT", Kind::Short),
            ("a | lang", Kind::Long),
            ("a | Eine von: x, y", Kind::OneOf(texts(&["x", "y"]))),
            (
                "a | plusieurs parmi : x, y",
                Kind::SomeOf(texts(&["x", "y"])),
            ),
            ("a | ja/nein", Kind::YesOrNo),
            ("a | oui ou non", Kind::YesOrNo),
            ("a | Mitglied", Kind::Member),
            ("a | rôle", Kind::Role),
            ("a | salon:", Kind::Channel),
            ("a | Dateien", Kind::Files),
        ] {
            assert_eq!(one(line).kind, kind, "{line}");
        }
        assert!(one("a | kurz | freiwillig").is_optional);
        assert!(one("a | court | facultatif").is_optional);
    }

    #[test]
    fn optional_stands_anywhere_after_the_kind() {
        for line in ["a | short | optional | why", "a | short | why | OPTIONAL"] {
            let question = one(line);
            assert!(question.is_optional, "{line}");
            assert_eq!(question.description.as_deref(), Some("why"), "{line}");
        }
        // A repeated `optional` is allowed, and an empty part is ignored.
        assert!(one("a | short | optional | | optional |").is_optional);
        // Before the kind, `optional` is the question itself.
        assert_eq!(one("optional | short").label, "optional");
    }

    #[test]
    fn a_backslash_makes_a_separator_an_ordinary_character() {
        let question = one(r"a\|b \, c | one of: x\, y, z\|1, C:\dir, \\ | d\|e");
        assert_eq!(question.label, "a|b , c");
        let choices = texts(&["x, y", "z|1", r"C:\dir", r"\"]);
        assert_eq!(question.kind, Kind::OneOf(choices));
        assert_eq!(question.description.as_deref(), Some("d|e"));
        // A comma separates choices only.
        assert_eq!(one("Well, what? | short").label, "Well, what?");
    }

    #[test]
    fn a_mistake_names_its_line() {
        assert_eq!(
            wrong("a | short\n\nb | number"),
            (3, Reason::UnknownKind("number".into()))
        );
        assert_eq!(wrong("a | short\r\nb"), (2, Reason::NoKind));
        let six: Vec<_> = (0..6).map(|n| format!("q{n} | short")).collect();
        assert_eq!(wrong(&six.join("\n")), (6, Reason::TooManyQuestions));
        assert_eq!(
            wrong("What? | short\nwhat? | long"),
            (2, Reason::LabelTwice("what?".into()))
        );
    }

    #[test]
    fn each_mistake_has_its_reason() {
        let long = |count| "é".repeat(count);
        assert_eq!(reason("| short"), Reason::NoLabel);
        assert_eq!(reason("a |"), Reason::NoKind);
        assert_eq!(reason("a | | short"), Reason::NoKind);
        assert_eq!(reason("a | optional"), Reason::NoKind);
        assert_eq!(one(&format!("{} | short", long(45))).label, long(45));
        assert_eq!(
            reason(&format!("{} | short", long(46))),
            Reason::LabelTooLong
        );
        assert_eq!(
            reason("a | short: 5"),
            Reason::ChoicesNotAllowed("short".into())
        );
        for line in ["a | one of", "a | one of:", "a | one of: x"] {
            assert_eq!(
                reason(line),
                Reason::TooFewChoices("one of".into()),
                "{line}"
            );
        }
        let many = |count| -> String {
            let choices: Vec<_> = (0..count).map(|n: i32| n.to_string()).collect();
            format!("a | some of: {}", choices.join(","))
        };
        assert_eq!(one(&many(25)).kind.choices().len(), 25);
        assert_eq!(reason(&many(26)), Reason::TooManyChoices);
        for line in ["a | one of: x,, y", "a | one of: x, y,"] {
            assert_eq!(reason(line), Reason::EmptyChoice, "{line}");
        }
        assert_eq!(
            reason("a | one of: x, y, x"),
            Reason::ChoiceTwice("x".into())
        );
        assert_eq!(
            reason(&format!("a | one of: x, {}", long(101))),
            Reason::ChoiceTooLong(long(101))
        );
        assert_eq!(
            reason(&format!("a | short | {}", long(101))),
            Reason::DescriptionTooLong
        );
        assert_eq!(
            reason("a | short | b | c"),
            Reason::TwoDescriptions("c".into())
        );
    }

    /// Any text that a part of a question can be.
    fn part(max: usize) -> impl Strategy<Value = String> {
        proptest::collection::vec(
            prop_oneof![
                Just('\\'),
                Just('|'),
                Just(','),
                Just(':'),
                Just(' '),
                any::<char>()
            ],
            1..=max,
        )
        .prop_map(|chars| {
            let text: String = chars.into_iter().filter(|c| !c.is_control()).collect();
            text.trim().to_owned()
        })
        .prop_filter("something must be left", |text| {
            !text.is_empty() && !text.contains(['\u{2028}', '\u{2029}'])
        })
    }

    fn any_kind() -> impl Strategy<Value = Kind> {
        let choices = || {
            proptest::collection::hash_set(part(12), 2..6)
                .prop_map(|choices| choices.into_iter().collect::<Vec<_>>())
        };
        prop_oneof![
            Just(Kind::Short),
            Just(Kind::Long),
            Just(Kind::YesOrNo),
            Just(Kind::Member),
            Just(Kind::Files),
            choices().prop_map(Kind::OneOf),
            choices().prop_map(Kind::SomeOf),
        ]
    }

    proptest! {
        #[test]
        fn a_form_survives_its_text(
            label in part(45),
            kind in any_kind(),
            description in proptest::option::of(part(100)),
            is_optional in any::<bool>(),
        ) {
            prop_assume!(description.as_deref().is_none_or(|it| Word::parse(it) != Some(Word::Optional)));
            let form = Form { questions: vec![Question { label, kind, description, is_optional }] };
            prop_assert_eq!(parse(&form.canonical()), Ok(Some(form.clone())));
            let german = form.to_text(|word| match word {
                Word::OneOf => "eins von".into(),
                Word::Optional => "freiwillig".into(),
                word => word.key().into(),
            });
            prop_assert_eq!(parse(&german), Ok(Some(form)));
        }

        #[test]
        fn any_text_is_understood_or_refused(text in "(\\PC|[|,:\\\\\n]| short| one of:){0,60}") {
            match parse(&text) {
                Ok(Some(form)) => {
                    prop_assert!((1..=MAX_QUESTIONS).contains(&form.questions.len()));
                    prop_assert_eq!(parse(&form.canonical()), Ok(Some(form)));
                }
                Ok(None) => prop_assert!(text.trim().is_empty()),
                Err(mistake) => prop_assert!((1..=text.lines().count()).contains(&mistake.line)),
            }
        }
    }
}
