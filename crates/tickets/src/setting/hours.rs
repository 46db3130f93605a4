use super::{Entered, Group, Kind, Setting, Shown, Typed, Zone, enter};
use crate::Timestamp;
use crate::hours::{self, Mistake};
use crate::inbox::Inbox;
use crate::text::Text;

/// When staff are there. Its zone is the setting [`Zone`].
#[derive(Clone, Copy, Debug)]
pub struct Hours;

/// The most characters, both as written and as stored. Earlier versions accepted 500 and stored up to four
/// times as many, and the field must be able to show those.
const MOST: u16 = 2_000;

impl Setting for Hours {
    fn key(&self) -> &'static str {
        "hours"
    }

    fn group(&self) -> Group {
        Group::Access
    }

    fn kind(&self) -> Kind {
        Kind::Lines(MOST)
    }

    fn enter(&self, entered: &Entered) -> Result<Option<String>, Text> {
        enter::optional(entered, |text| {
            let hours = hours::Hours::parse(text).map_err(refusal)?.to_string();
            if hours.chars().count() > MOST.into() {
                return Err(Text::HoursTooLong { limit: MOST.into() });
            }
            Ok(hours)
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

fn refusal(mistake: Mistake) -> Text {
    let Mistake { line, text, fault } = mistake;
    let line = i64::try_from(line).unwrap_or(i64::MAX);
    let written = enter::quoted(&text);
    match fault {
        hours::Fault::Days => Text::HoursWithoutDays { line, written },
        hours::Fault::Times => Text::HoursWithoutTimes { line, written },
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
