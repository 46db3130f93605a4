use super::{Entered, Group, Kind, Setting, Shown, Typed, enter};
use crate::text::Text;

/// What stands below an inbox's name in a menu of inboxes.
#[derive(Clone, Copy, Debug)]
pub struct Description;

impl Setting for Description {
    fn key(&self) -> &'static str {
        "description"
    }

    fn group(&self) -> Group {
        Group::Inbox
    }

    fn kind(&self) -> Kind {
        Kind::Line(100)
    }

    fn enter(&self, entered: &Entered) -> Result<Option<String>, Text> {
        enter::optional(entered, |text| Ok(text.to_owned()))
    }

    fn show(&self, stored: Option<&str>) -> Shown {
        match self.value(stored) {
            None => Shown::Word("none"),
            Some(text) => Shown::Text(text),
        }
    }

    fn words(&self) -> &'static [&'static str] {
        &["none"]
    }
}

impl Typed for Description {
    type Value = Option<String>;

    fn value(&self, stored: Option<&str>) -> Option<String> {
        let text = stored.map(str::trim).filter(|text| !text.is_empty());
        text.map(str::to_owned)
    }
}
