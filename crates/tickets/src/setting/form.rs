use super::{Entered, Group, Kind, Setting, Shown, Typed};
use crate::form::{self, Form as Questions, Word};
use crate::text::Text;

/// The questions that members answer before a ticket opens.
#[derive(Clone, Copy, Debug)]
pub struct Form;

const NONE: &str = "none";

/// The most characters of a modal's field.
const MOST: u16 = 4_000;

/// The most characters that are stored. With the words of another language, the form must still fit into the
/// field.
const MOST_STORED: usize = 3_800;

impl Setting for Form {
    fn key(&self) -> &'static str {
        "form"
    }

    fn group(&self) -> Group {
        Group::Inbox
    }

    fn kind(&self) -> Kind {
        Kind::Lines(MOST)
    }

    fn enter(&self, entered: &Entered) -> Result<Option<String>, Text> {
        let Some(form) = form::parse(entered.text()).map_err(form::Mistake::text)? else {
            return Ok(None);
        };
        let text = form.canonical();
        if text.chars().count() > MOST_STORED {
            return Err(Text::FormTooLong {});
        }
        Ok(Some(text))
    }

    fn show(&self, stored: Option<&str>) -> Shown {
        let Some(form) = self.value(stored) else {
            return Shown::Word(NONE);
        };
        let labels: Vec<_> = form.questions.into_iter().map(|it| it.label).collect();
        Shown::Text(labels.join(" "))
    }

    fn words(&self) -> &'static [&'static str] {
        &[
            NONE,
            "short",
            "long",
            "one-of",
            "some-of",
            "yes-or-no",
            "member",
            "role",
            "channel",
            "files",
            "optional",
        ]
    }

    fn in_words(&self, written: &str, word: &dyn Fn(&str) -> String) -> String {
        match form::parse(written) {
            Ok(Some(form)) => form.to_text(|it| word(slug(it))),
            // A refused text is given back as it was written.
            Ok(None) | Err(_) => written.to_owned(),
        }
    }

    fn can_be_tried(&self) -> bool {
        true
    }
}

impl Typed for Form {
    type Value = Option<Questions>;

    fn value(&self, stored: Option<&str>) -> Option<Questions> {
        form::parse(stored?).ok()?
    }
}

/// A word of forms among this setting's words.
fn slug(word: Word) -> &'static str {
    match word {
        Word::Short => "short",
        Word::Long => "long",
        Word::OneOf => "one-of",
        Word::SomeOf => "some-of",
        Word::YesOrNo => "yes-or-no",
        Word::Member => "member",
        Word::Role => "role",
        Word::Channel => "channel",
        Word::Files => "files",
        Word::Optional => "optional",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entered(text: &str) -> Result<Option<String>, Text> {
        Form.enter(&Entered::Text(text.to_owned()))
    }

    #[test]
    fn a_form_is_stored_in_one_way_however_it_was_written() {
        let stored = entered("Was? |kurz\n\n Wo?|Eines von: a,b | freiwillig");
        let stored = stored.unwrap().unwrap();
        assert_eq!(stored, "Was? | short\nWo? | one of: a, b | optional");
        assert_eq!(entered(&stored), Ok(Some(stored.clone())));
        assert_eq!(entered(" \n"), Ok(None));
        assert_eq!(Form.show(Some(&stored)), Shown::Text("Was? Wo?".into()));
        assert_eq!(Form.show(None), Shown::Word(NONE));
    }

    #[test]
    fn a_mistake_says_the_line() {
        assert_eq!(
            entered("What? | short\nWhy? | number"),
            Err(Text::FormLineUnknownKind {
                line: 2,
                written: "number".into()
            })
        );
    }

    #[test]
    fn what_would_not_fit_into_the_field_is_refused() {
        let choices: Vec<_> = (0..25)
            .map(|n| format!("{n:02}{}", "x".repeat(90)))
            .collect();
        let line = |n| format!("q{n} | one of: {}\n", choices.join(", "));
        assert!(entered(&line(1)).is_ok());
        assert_eq!(entered(&(line(1) + &line(2))), Err(Text::FormTooLong {}));
    }

    #[test]
    fn the_words_are_the_readers() {
        let german = |word: &str| match word {
            "one-of" => "eines von".to_owned(),
            word => word.to_owned(),
        };
        let shown = Form.in_words("Wo? | one of: a, b", &german);
        assert_eq!(shown, "Wo? | eines von: a, b");
        assert_eq!(Form.in_words("Wo? | number", &german), "Wo? | number");
    }

    #[test]
    fn every_word_of_a_form_has_a_text() {
        for word in Word::ALL {
            assert!(Form.words().contains(&slug(word)));
        }
    }
}
