use super::{Entered, Group, Kind, Setting, Shown, Typed, enter};
use crate::inbox::MAX_INBOX_NAME;
use crate::text::Text;

/// What an inbox is called in the server: in menus, suggestions and lists.
#[derive(Clone, Copy, Debug)]
pub struct Name;

impl Setting for Name {
    fn key(&self) -> &'static str {
        "name"
    }

    fn group(&self) -> Group {
        Group::Inbox
    }

    fn kind(&self) -> Kind {
        Kind::Line(u16::try_from(MAX_INBOX_NAME).unwrap_or(u16::MAX))
    }

    fn enter(&self, entered: &Entered) -> Result<Option<String>, Text> {
        enter::optional(entered, |text| {
            let words: Vec<_> = text.split_whitespace().collect();
            Ok(words.join(" "))
        })
    }

    fn refused_beside(&self, value: &str, others: &[&str]) -> Option<Text> {
        let wanted = value.to_lowercase();
        let is_taken = others.iter().any(|name| name.to_lowercase() == wanted);
        is_taken.then(|| Text::NameTaken {
            written: enter::quoted(value),
        })
    }

    fn show(&self, stored: Option<&str>) -> Shown {
        match self.value(stored) {
            None => Shown::Word("channel"),
            Some(name) => Shown::Text(name),
        }
    }

    fn words(&self) -> &'static [&'static str] {
        &["channel"]
    }
}

impl Typed for Name {
    /// `None` is the name of the inbox's channel, numbered if that is taken.
    type Value = Option<String>;

    fn value(&self, stored: Option<&str>) -> Option<String> {
        let name = stored.map(str::trim).filter(|name| !name.is_empty());
        name.map(str::to_owned)
    }
}
