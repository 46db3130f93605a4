use super::{Entered, Group, Kind, Setting, Shown, Typed, enter};
use crate::text::Text;

/// Whether closed tickets are locked, where the bot may, or only archived.
#[derive(Clone, Copy, Debug)]
pub struct Lock;

const LOCK: &str = "lock";
const ARCHIVE: &str = "archive";
const WORDS: &[&str] = &[LOCK, ARCHIVE];

impl Setting for Lock {
    fn key(&self) -> &'static str {
        "lock"
    }

    fn group(&self) -> Group {
        Group::Tickets
    }

    fn kind(&self) -> Kind {
        Kind::Choice(WORDS)
    }

    fn enter(&self, entered: &Entered) -> Result<Option<String>, Text> {
        enter::optional(entered, |text| enter::word(text, WORDS))
    }

    fn show(&self, stored: Option<&str>) -> Shown {
        Shown::Word(if self.value(stored) { LOCK } else { ARCHIVE })
    }
}

impl Typed for Lock {
    /// Whether to lock.
    type Value = bool;

    fn value(&self, stored: Option<&str>) -> bool {
        stored != Some(ARCHIVE)
    }
}
