use super::{Entered, Group, Kind, Setting, Shown, Typed, enter};
use crate::text::Text;

/// Whether a notice mentions the inbox's staff. This works for roles of any size. Unlike a mention in a
/// ticket, it adds no thread to anybody's list of channels.
#[derive(Clone, Copy, Debug)]
pub struct NoticePing;

const NOBODY: &str = "nobody";
const STAFF: &str = "staff";
const WORDS: &[&str] = &[NOBODY, STAFF];

impl Setting for NoticePing {
    fn key(&self) -> &'static str {
        "notice-ping"
    }

    fn group(&self) -> Group {
        Group::Staff
    }

    fn kind(&self) -> Kind {
        Kind::Choice(WORDS)
    }

    fn enter(&self, entered: &Entered) -> Result<Option<String>, Text> {
        let word = enter::optional(entered, |text| enter::word(text, WORDS))?;
        Ok(word.filter(|word| word != NOBODY))
    }

    fn show(&self, stored: Option<&str>) -> Shown {
        Shown::Word(if self.value(stored) { STAFF } else { NOBODY })
    }
}

impl Typed for NoticePing {
    /// Whether the staff are mentioned.
    type Value = bool;

    fn value(&self, stored: Option<&str>) -> bool {
        stored == Some(STAFF)
    }
}
