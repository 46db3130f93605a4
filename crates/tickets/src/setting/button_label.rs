use super::{Entered, Group, Kind, Setting, Shown, Typed, enter};
use crate::text::Text;

/// What the button under an inbox says.
#[derive(Clone, Copy, Debug)]
pub struct ButtonLabel;

impl Setting for ButtonLabel {
    fn key(&self) -> &'static str {
        "button-label"
    }

    fn group(&self) -> Group {
        Group::Inbox
    }

    fn kind(&self) -> Kind {
        Kind::Line(80)
    }

    fn enter(&self, entered: &Entered) -> Result<Option<String>, Text> {
        enter::optional(entered, |text| Ok(text.to_owned()))
    }

    fn shows_on_message(&self) -> bool {
        true
    }

    fn show(&self, stored: Option<&str>) -> Shown {
        match self.value(stored) {
            None => Shown::Word("default"),
            Some(label) => Shown::Text(label),
        }
    }

    fn words(&self) -> &'static [&'static str] {
        &["default"]
    }
}

impl Typed for ButtonLabel {
    /// `None` is *Create Ticket*, in the server's language.
    type Value = Option<String>;

    fn value(&self, stored: Option<&str>) -> Option<String> {
        let label = stored.map(str::trim).filter(|label| !label.is_empty());
        label.map(str::to_owned)
    }
}
