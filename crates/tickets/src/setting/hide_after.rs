use super::{Entered, Group, Kind, Setting, Shown, Typed, enter};
use crate::text::Text;

/// After how long without a message Discord hides a ticket.
#[derive(Clone, Copy, Debug)]
pub struct HideAfter;

const CHANNEL: &str = "channel";

/// The words, and the minutes of Discord's four choices.
const MINUTES: [(&str, u16); 4] = [
    ("hour", 60),
    ("day", 24 * 60),
    ("three-days", 3 * 24 * 60),
    ("week", 7 * 24 * 60),
];
const WORDS: &[&str] = &[CHANNEL, "hour", "day", "three-days", "week"];

impl Setting for HideAfter {
    fn key(&self) -> &'static str {
        "hide-after"
    }

    fn group(&self) -> Group {
        Group::Tickets
    }

    fn kind(&self) -> Kind {
        Kind::Choice(WORDS)
    }

    fn enter(&self, entered: &Entered) -> Result<Option<String>, Text> {
        let word = enter::optional(entered, |text| enter::word(text, WORDS))?;
        Ok(word.filter(|word| word != CHANNEL))
    }

    fn show(&self, stored: Option<&str>) -> Shown {
        let minutes = self.value(stored);
        let known = MINUTES.iter().find(|it| Some(it.1) == minutes);
        Shown::Word(known.map_or(CHANNEL, |(word, _)| word))
    }
}

impl Typed for HideAfter {
    /// In minutes; `None` is as the channel says.
    type Value = Option<u16>;

    fn value(&self, stored: Option<&str>) -> Option<u16> {
        let known = MINUTES.iter().find(|it| Some(it.0) == stored);
        known.map(|(_, minutes)| *minutes)
    }
}
