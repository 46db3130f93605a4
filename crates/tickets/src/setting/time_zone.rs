use jiff::tz::TimeZone;

use super::{Entered, Group, Kind, Setting, Shown, Typed, enter};
use crate::hours;
use crate::text::Text;

/// The time zone of the hours. The zones are compiled in.
#[derive(Clone, Copy, Debug)]
pub struct Zone;

const DEFAULT: &str = "UTC";

impl Setting for Zone {
    fn key(&self) -> &'static str {
        "time-zone"
    }

    fn group(&self) -> Group {
        Group::Access
    }

    fn kind(&self) -> Kind {
        Kind::Line(60)
    }

    fn enter(&self, entered: &Entered) -> Result<Option<String>, Text> {
        let zone = enter::optional(entered, |text| {
            let zone = hours::zone(text);
            let name = zone.as_ref().and_then(TimeZone::iana_name);
            name.map(str::to_owned)
                .ok_or_else(|| Text::UnknownTimeZone {
                    written: enter::quoted(text),
                })
        })?;
        Ok(zone.filter(|zone| zone != DEFAULT))
    }

    fn show(&self, stored: Option<&str>) -> Shown {
        let zone = self.value(stored);
        Shown::Text(zone.iana_name().unwrap_or(DEFAULT).to_owned())
    }
}

impl Typed for Zone {
    type Value = TimeZone;

    fn value(&self, stored: Option<&str>) -> TimeZone {
        stored.and_then(hours::zone).unwrap_or(TimeZone::UTC)
    }
}
