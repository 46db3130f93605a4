use serde::{Deserialize, Serialize};

use super::{Entered, Group, Kind, Setting, Shown, Typed, enter};
use crate::text::Text;

/// How a new ticket is announced to the staff.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Loudness {
    /// The starting message mentions the staff, and so adds them.
    #[default]
    Mention,
    /// The starting message mentions and adds the staff, but Discord notifies nobody.
    Silent,
    /// The starting message only names the staff, who join with *Join*.
    Join,
}

/// How staff are notified of a new ticket and join it.
#[derive(Clone, Copy, Debug)]
pub struct StaffMode;

const MENTION: &str = "mention";
const SILENT: &str = "silent";
const JOIN: &str = "join";
const WORDS: &[&str] = &[MENTION, SILENT, JOIN];

impl Setting for StaffMode {
    fn key(&self) -> &'static str {
        "staff-mode"
    }

    fn group(&self) -> Group {
        Group::Staff
    }

    fn kind(&self) -> Kind {
        Kind::Choice(WORDS)
    }

    fn enter(&self, entered: &Entered) -> Result<Option<String>, Text> {
        let word = enter::optional(entered, |text| enter::word(text, WORDS))?;
        Ok(word.filter(|word| word != MENTION))
    }

    fn show(&self, stored: Option<&str>) -> Shown {
        Shown::Word(match self.value(stored) {
            Loudness::Mention => MENTION,
            Loudness::Silent => SILENT,
            Loudness::Join => JOIN,
        })
    }
}

impl Typed for StaffMode {
    type Value = Loudness;

    fn value(&self, stored: Option<&str>) -> Loudness {
        match stored {
            Some(SILENT) => Loudness::Silent,
            Some(JOIN) => Loudness::Join,
            _ => Loudness::Mention,
        }
    }
}
