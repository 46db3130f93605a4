use super::{Entered, Group, Kind, Setting, Shown, Typed, Zone, enter};
use crate::Timestamp;
use crate::hours::{self, Mistake};
use crate::inbox::Inbox;
use crate::text::Text;

/// When staff are there. Its zone is the setting [`Zone`].
#[derive(Clone, Copy, Debug)]
pub struct Hours;

impl Setting for Hours {
    fn key(&self) -> &'static str {
        "hours"
    }

    fn group(&self) -> Group {
        Group::Access
    }

    fn kind(&self) -> Kind {
        Kind::Lines(500)
    }

    fn enter(&self, entered: &Entered) -> Result<Option<String>, Text> {
        enter::optional(entered, |text| match hours::Hours::parse(text) {
            Ok(hours) => Ok(hours.to_string()),
            Err(Mistake { line, text, fault }) => {
                let line = i64::try_from(line).unwrap_or(i64::MAX);
                let written = enter::quoted(&text);
                Err(match fault {
                    hours::Fault::Days => Text::HoursWithoutDays { line, written },
                    hours::Fault::Times => Text::HoursWithoutTimes { line, written },
                })
            }
        })
    }

    fn show(&self, stored: Option<&str>) -> Shown {
        match self.value(stored) {
            None => Shown::Word("always"),
            Some(hours) => Shown::Text(hours.to_string()),
        }
    }

    fn words(&self) -> &'static [&'static str] {
        &["always"]
    }
}

impl Typed for Hours {
    /// `None` is always.
    type Value = Option<hours::Hours>;

    fn value(&self, stored: Option<&str>) -> Option<hours::Hours> {
        hours::Hours::parse(stored?).ok()
    }
}

/// When staff of this inbox are back, if they are not there now.
pub fn staff_are_back(inbox: &Inbox, now: Timestamp) -> Option<Timestamp> {
    inbox.get(Hours)?.next(now, &inbox.get(Zone))
}
