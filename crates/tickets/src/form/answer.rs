//! Answers: what a member submitted, and which answers fit the current form.

use serde::{Deserialize, Serialize};

use super::{Form, Word};
use crate::request::Attachment;
use crate::{ChannelId, RoleId, UserId};

/// The answer to one question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    pub label: String,
    /// The kind of the question.
    pub kind: Word,
    pub value: Value,
}

/// What a question was answered with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Value {
    Nothing,
    Text(String),
    Choices(Vec<String>),
    YesOrNo(bool),
    Member { id: UserId, name: String },
    Role { id: RoleId, name: String },
    Channel { id: ChannelId, name: String },
    Files(Vec<Attachment>),
}

impl Value {
    /// A text that somebody wrote; nothing but white space is not an answer.
    pub fn text(text: &str) -> Self {
        let text = text.trim();
        if text.is_empty() {
            Self::Nothing
        } else {
            Self::Text(text.to_owned())
        }
    }

    pub fn choices(choices: Vec<String>) -> Self {
        if choices.is_empty() {
            Self::Nothing
        } else {
            Self::Choices(choices)
        }
    }

    pub fn files(files: Vec<Attachment>) -> Self {
        if files.is_empty() {
            Self::Nothing
        } else {
            Self::Files(files)
        }
    }

    pub fn is_nothing(&self) -> bool {
        *self == Self::Nothing
    }
}

/// The answers as a ticket has them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fitted {
    /// One for each question, in the form's order.
    pub answers: Vec<Answer>,
    /// Answers to questions that the form no longer asks.
    pub left_over: Vec<Answer>,
    /// Questions that need an answer and have none.
    pub missing: Vec<String>,
}

/// Fits answers into the current form. An answer counts if its question has the same label and kind.
pub fn fit(form: Option<&Form>, submitted: Vec<Answer>) -> Fitted {
    let mut left_over = submitted;
    let mut fitted = Fitted::default();
    for question in form.iter().flat_map(|form| &form.questions) {
        let kind = question.kind.word();
        let fits = |answer: &Answer| answer.label == question.label && answer.kind == kind;
        let answer = match left_over.iter().position(fits) {
            Some(index) => left_over.remove(index),
            None => Answer {
                label: question.label.clone(),
                kind,
                value: Value::Nothing,
            },
        };
        if answer.value.is_nothing() && !question.is_optional {
            fitted.missing.push(question.label.clone());
        }
        fitted.answers.push(answer);
    }
    left_over.retain(|answer| !answer.value.is_nothing());
    Fitted {
        left_over,
        ..fitted
    }
}

/// What `$title` in a ticket's name stands for: the first answer that is a line or one choice.
pub fn title(form: &Form, answers: &[Answer]) -> String {
    let asked = form.questions.iter().filter(|it| it.gives_title());
    let mut given = asked.filter_map(|question| {
        let answer = answers
            .iter()
            .find(|answer| answer.label == question.label)?;
        match &answer.value {
            Value::Text(text) => Some(text.clone()),
            Value::Choices(choices) => choices.first().cloned(),
            _ => None,
        }
    });
    given.next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::{examples::form, parse};
    use super::*;

    fn answer(label: &str, kind: Word, value: Value) -> Answer {
        Answer {
            label: label.into(),
            kind,
            value,
        }
    }

    fn text(label: &str, kind: Word, value: &str) -> Answer {
        answer(label, kind, Value::text(value))
    }

    fn all() -> Vec<Answer> {
        vec![
            text("What happened?", Word::Long, "It broke"),
            text("What is your name in the game?", Word::Short, "Mia"),
            answer("Where?", Word::OneOf, Value::choices(vec!["Lobby".into()])),
        ]
    }

    #[test]
    fn answers_come_in_the_forms_order() {
        let fitted = fit(Some(&form()), all());
        let labels: Vec<_> = fitted.answers.iter().map(|it| &*it.label).collect();
        assert_eq!(
            labels,
            [
                "What is your name in the game?",
                "What happened?",
                "Where?",
                "Who was it?",
                "Screenshots"
            ]
        );
        assert_eq!(fitted.answers[0].value, Value::Text("Mia".into()));
        assert!(fitted.answers[3].value.is_nothing());
        assert!(fitted.missing.is_empty() && fitted.left_over.is_empty());
    }

    #[test]
    fn what_is_needed_and_missing_is_named() {
        let mut some = all();
        some.retain(|answer| answer.kind != Word::OneOf);
        some[0] = text("What happened?", Word::Long, " \n ");
        let fitted = fit(Some(&form()), some);
        assert_eq!(fitted.missing, ["What happened?", "Where?"]);
    }

    #[test]
    fn a_changed_form_keeps_answers_of_the_same_label_and_kind() {
        let changed = parse(
            "Where? | short | optional\nWhat happened? | long\nHow often? | short | optional",
        );
        let fitted = fit(changed.unwrap().as_ref(), all());
        let values: Vec<_> = fitted.answers.iter().map(|it| it.value.clone()).collect();
        assert_eq!(
            values,
            [
                Value::Nothing,
                Value::Text("It broke".into()),
                Value::Nothing
            ]
        );
        assert!(fitted.missing.is_empty());
        let left: Vec<_> = fitted.left_over.iter().map(|it| &*it.label).collect();
        assert_eq!(left, ["What is your name in the game?", "Where?"]);
    }

    #[test]
    fn a_new_question_that_needs_an_answer_is_missing() {
        let changed = parse("What happened? | long\nWhen? | short").unwrap();
        assert_eq!(fit(changed.as_ref(), all()).missing, ["When?"]);
    }

    #[test]
    fn without_a_form_everything_is_left_over() {
        let mut submitted = all();
        submitted.push(text("More?", Word::Long, ""));
        let fitted = fit(None, submitted);
        assert_eq!(fitted.left_over, all());
        assert!(fitted.answers.is_empty() && fitted.missing.is_empty());
    }

    #[test]
    fn the_title_is_the_first_line_or_choice() {
        let form = form();
        let of = |answers: Vec<Answer>| title(&form, &fit(Some(&form), answers).answers);
        assert_eq!(of(all()), "Mia");
        assert_eq!(of(all()[2..].to_vec()), "Lobby");
        assert_eq!(of(all()[..1].to_vec()), "");
        assert_eq!(of(vec![]), "");
    }

    #[test]
    fn answers_survive_being_stored() {
        let stored = vec![
            answer("a", Word::YesOrNo, Value::YesOrNo(true)),
            answer(
                "b",
                Word::Member,
                Value::Member {
                    id: UserId(7),
                    name: "Mia".into(),
                },
            ),
            answer(
                "c",
                Word::Files,
                Value::files(vec![Attachment {
                    filename: "a.png".into(),
                    url: "https://cdn/a.png".into(),
                    size: 3,
                    description: None,
                    is_image: true,
                }]),
            ),
            answer("d", Word::SomeOf, Value::choices(vec![])),
        ];
        let json = serde_json::to_string(&stored).unwrap();
        assert_eq!(serde_json::from_str::<Vec<Answer>>(&json).unwrap(), stored);
    }
}
