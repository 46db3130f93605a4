use super::{Entered, Group, Kind, Setting, Shown, Typed, enter};
use crate::duration;
use crate::text::Text;

/// After how long without an answer the owner is asked whether they still need help.
pub const REMIND_OWNER: Period = Period {
    key: "remind-owner",
    group: Group::Tickets,
    most: 30 * DAY,
};

/// After how long without an answer of the owner a ticket is closed.
pub const CLOSE_IDLE: Period = Period {
    key: "close-idle",
    group: Group::Tickets,
    most: 60 * DAY,
};

/// After how long without an answer staff are reminded.
pub const REMIND_STAFF: Period = Period {
    key: "remind-staff",
    group: Group::Staff,
    most: 30 * DAY,
};

const HOUR: i64 = 60 * 60;
const DAY: i64 = 24 * HOUR;

/// A time without an answer after which the bot does something, with the setting's key.
#[derive(Clone, Copy, Debug)]
pub struct Period {
    key: &'static str,
    group: Group,
    /// In seconds.
    most: i64,
}

const OFF: &str = "off";

impl Setting for Period {
    fn key(&self) -> &'static str {
        self.key
    }

    fn group(&self) -> Group {
        self.group
    }

    fn kind(&self) -> Kind {
        Kind::Line(40)
    }

    fn enter(&self, entered: &Entered) -> Result<Option<String>, Text> {
        enter::optional(entered, |text| match text {
            "0" => Ok(String::new()),
            text => enter::duration(text, &(HOUR..=self.most)),
        })
        .map(|seconds| seconds.filter(|seconds| !seconds.is_empty()))
    }

    fn show(&self, stored: Option<&str>) -> Shown {
        match self.value(stored) {
            0 => Shown::Word(OFF),
            seconds => Shown::Duration(seconds),
        }
    }

    fn words(&self) -> &'static [&'static str] {
        &[OFF]
    }

    fn written(&self, stored: Option<&str>) -> String {
        match self.value(stored) {
            0 => String::new(),
            seconds => duration::write(seconds),
        }
    }
}

impl Typed for Period {
    /// In seconds; 0 is never.
    type Value = i64;

    fn value(&self, stored: Option<&str>) -> i64 {
        let seconds = stored.and_then(|stored| stored.parse().ok());
        seconds
            .filter(|seconds| (HOUR..=self.most).contains(seconds))
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn enter(period: Period, text: &str) -> Result<Option<String>, Text> {
        period.enter(&Entered::Text(text.to_owned()))
    }

    #[test]
    fn a_period_is_at_least_an_hour_and_at_most_so_many_days() {
        for (period, most) in [(REMIND_OWNER, 30), (CLOSE_IDLE, 60), (REMIND_STAFF, 30)] {
            assert_eq!(enter(period, "1h"), Ok(Some("3600".into())));
            let longest = (most * DAY).to_string();
            assert_eq!(enter(period, &format!("{most}d")), Ok(Some(longest)));
            for text in ["59m", "0s", &format!("{most}d 1s")] {
                let refused = Text::DurationOutOfRange {
                    least: HOUR,
                    most: most * DAY,
                };
                assert_eq!(enter(period, text), Err(refused), "{text}");
            }
            assert!(enter(period, "24").is_err(), "a number says nothing");
        }
    }

    #[test]
    fn zero_is_never() {
        assert_eq!(enter(CLOSE_IDLE, "0"), Ok(None));
        assert_eq!(CLOSE_IDLE.value(None), 0);
        assert_eq!(CLOSE_IDLE.value(Some("7200")), 7200);
        for odd in ["60", "x", "99999999999"] {
            assert_eq!(CLOSE_IDLE.value(Some(odd)), 0, "{odd}");
        }
    }
}
