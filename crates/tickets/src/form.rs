//! A form: the questions that an inbox asks before it opens a ticket.
//!
//! An admin writes a form as text, one question a line ([`parse()`]). Members see it as a modal, and what
//! they submit comes back as [`answer::Answer`]s, which [`render`] turns into what the ticket shows.

pub mod answer;
pub mod parse;
pub mod render;
pub mod word;

pub use answer::{Answer, Fitted, Value, fit};
pub use parse::{Mistake, Reason, parse};
pub use word::Word;

/// The most questions: Discord's modals hold five.
pub const MAX_QUESTIONS: usize = 5;

/// The most characters of a question.
pub const MAX_LABEL: usize = 45;

/// The most characters of a description.
pub const MAX_DESCRIPTION: usize = 100;

/// The fewest choices that make a question.
pub const MIN_CHOICES: usize = 2;

/// The most choices of a menu.
pub const MAX_CHOICES: usize = 25;

/// The most characters of a choice.
pub const MAX_CHOICE: usize = 100;

/// The most characters of a short answer.
pub const MAX_SHORT: usize = 200;

/// The most characters of a long answer.
pub const MAX_LONG: usize = 1_000;

/// The most files of an answer.
pub const MAX_FILES: usize = 10;

/// The most characters of a form's text: what a modal's field holds.
pub const MAX_TEXT: usize = 4_000;

/// A form, with one to five questions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    pub questions: Vec<Question>,
}

/// A question of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Unique in its form, also without regard to case.
    pub label: String,
    pub kind: Kind,
    pub description: Option<String>,
    pub is_optional: bool,
}

/// What a question is answered with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A line.
    Short,
    /// Several lines.
    Long,
    OneOf(Vec<String>),
    SomeOf(Vec<String>),
    YesOrNo,
    Member,
    Role,
    Channel,
    Files,
}

impl Kind {
    /// The word for it in a form's text.
    pub const fn word(&self) -> Word {
        match self {
            Self::Short => Word::Short,
            Self::Long => Word::Long,
            Self::OneOf(_) => Word::OneOf,
            Self::SomeOf(_) => Word::SomeOf,
            Self::YesOrNo => Word::YesOrNo,
            Self::Member => Word::Member,
            Self::Role => Word::Role,
            Self::Channel => Word::Channel,
            Self::Files => Word::Files,
        }
    }

    /// What can be chosen.
    pub fn choices(&self) -> &[String] {
        match self {
            Self::OneOf(choices) | Self::SomeOf(choices) => choices,
            _ => &[],
        }
    }
}

impl Form {
    /// Whether members can attach files to it.
    pub fn takes_files(&self) -> bool {
        self.questions.iter().any(|it| it.kind == Kind::Files)
    }

    /// The label of the question whose answer is a ticket's title; empty if there is none.
    pub fn title_label(&self) -> String {
        let mut titles = self.questions.iter().filter(|it| it.gives_title());
        titles
            .next()
            .map_or_else(String::new, |it| it.label.clone())
    }

    /// The form as text, with the words that the reader knows. [`parse()`] reads it again as the same
    /// form.
    pub fn to_text(&self, word: impl Fn(Word) -> String) -> String {
        let lines: Vec<_> = self
            .questions
            .iter()
            .map(|question| question.to_text(&word))
            .collect();
        lines.join("\n")
    }

    /// The form as it is stored.
    pub fn canonical(&self) -> String {
        self.to_text(|word| word.key().to_owned())
    }
}

impl Question {
    /// Whether the answer fits into a ticket's name.
    pub(super) fn gives_title(&self) -> bool {
        matches!(self.kind, Kind::Short | Kind::OneOf(_))
    }

    fn to_text(&self, word: &impl Fn(Word) -> String) -> String {
        let mut text = parse::escaped(&self.label, &['|']);
        text.push_str(" | ");
        text.push_str(&word(self.kind.word()));
        let choices: Vec<_> = self
            .kind
            .choices()
            .iter()
            .map(|choice| parse::escaped(choice, &['|', ',']))
            .collect();
        if !choices.is_empty() {
            text.push_str(": ");
            text.push_str(&choices.join(", "));
        }
        if let Some(description) = &self.description {
            text.push_str(" | ");
            text.push_str(&parse::escaped(description, &['|']));
        }
        if self.is_optional {
            text.push_str(" | ");
            text.push_str(&word(Word::Optional));
        }
        text
    }
}

#[cfg(test)]
pub(crate) mod examples {
    use super::*;

    /// The form that the documentation shows.
    pub(crate) const TEXT: &str = "\
        What is your name in the game? | short\n\
        What happened? | long | as exactly as you can\n\
        Where? | one of: Lobby, Survival, Creative\n\
        Who was it? | member | optional\n\
        Screenshots | files | optional";

    pub(crate) fn form() -> Form {
        parse(TEXT).expect("it is good").expect("it has questions")
    }
}
