use super::{Entered, Group, Kind, Setting, Shown, Typed, enter};
use crate::text::Text;

/// What happens outside the hours.
#[derive(Clone, Copy, Debug)]
pub struct OutsideHours;

const SAY: &str = "say";
const REFUSE: &str = "refuse";
const WORDS: &[&str] = &[SAY, REFUSE];

impl Setting for OutsideHours {
    fn key(&self) -> &'static str {
        "outside-hours"
    }

    fn group(&self) -> Group {
        Group::Access
    }

    fn kind(&self) -> Kind {
        Kind::Choice(WORDS)
    }

    fn enter(&self, entered: &Entered) -> Result<Option<String>, Text> {
        enter::optional(entered, |text| enter::word(text, WORDS))
    }

    fn show(&self, stored: Option<&str>) -> Shown {
        Shown::Word(if self.value(stored) { REFUSE } else { SAY })
    }
}

impl Typed for OutsideHours {
    /// Whether to refuse; otherwise the ticket says when staff are back.
    type Value = bool;

    fn value(&self, stored: Option<&str>) -> bool {
        stored == Some(REFUSE)
    }
}
