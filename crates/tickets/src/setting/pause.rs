use super::{Entered, Group, Kind, PauseEnd, Setting, Settings, Shown, Typed, enter};
use crate::Timestamp;
use crate::text::Text;

/// What members read instead of getting a ticket, while the inbox is paused.
#[derive(Clone, Copy, Debug)]
pub struct Pause;

impl Setting for Pause {
    fn key(&self) -> &'static str {
        "pause"
    }

    fn group(&self) -> Group {
        Group::Access
    }

    fn kind(&self) -> Kind {
        Kind::Lines(500)
    }

    fn enter(&self, entered: &Entered) -> Result<Option<String>, Text> {
        enter::optional(entered, |text| Ok(text.to_owned()))
    }

    /// The stored end is obsolete if the pause is removed, or if that end has passed.
    fn outdates(
        &self,
        value: Option<&str>,
        stored: &Settings,
        now: Timestamp,
    ) -> Option<&'static dyn Setting> {
        let end = stored.get(PauseEnd)?;
        (value.is_none() || end <= now).then_some(&PauseEnd)
    }

    fn show(&self, stored: Option<&str>) -> Shown {
        match self.value(stored) {
            None => Shown::Word("off"),
            Some(message) => Shown::Text(message),
        }
    }

    fn words(&self) -> &'static [&'static str] {
        &["off"]
    }
}

impl Typed for Pause {
    /// The message; `None` is no pause.
    type Value = Option<String>;

    fn value(&self, stored: Option<&str>) -> Option<String> {
        let message = stored.map(str::trim).filter(|message| !message.is_empty());
        message.map(str::to_owned)
    }
}
