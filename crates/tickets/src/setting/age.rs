use super::{Entered, Group, Kind, Setting, Shown, Typed, enter};
use crate::duration;
use crate::text::Text;

/// How old an account must be.
pub const ACCOUNT_AGE: Age = Age("account-age");

/// How long somebody must have been in the server.
pub const MEMBER_AGE: Age = Age("member-age");

/// A minimum age, with the setting's key.
#[derive(Clone, Copy, Debug)]
pub struct Age(&'static str);

const MOST: i64 = 365 * 24 * 60 * 60;

impl Setting for Age {
    fn key(&self) -> &'static str {
        self.0
    }

    fn group(&self) -> Group {
        Group::Access
    }

    fn kind(&self) -> Kind {
        Kind::Line(40)
    }

    fn enter(&self, entered: &Entered) -> Result<Option<String>, Text> {
        let seconds = enter::optional(entered, |text| enter::duration(text, &(0..=MOST)))?;
        Ok(seconds.filter(|seconds| seconds != "0"))
    }

    fn show(&self, stored: Option<&str>) -> Shown {
        match self.value(stored) {
            0 => Shown::Word("none"),
            seconds => Shown::Duration(seconds),
        }
    }

    fn words(&self) -> &'static [&'static str] {
        &["none"]
    }

    fn written(&self, stored: Option<&str>) -> String {
        match self.value(stored) {
            0 => String::new(),
            seconds => duration::write(seconds),
        }
    }
}

impl Typed for Age {
    /// In seconds; 0 is no minimum.
    type Value = i64;

    fn value(&self, stored: Option<&str>) -> i64 {
        let seconds = stored.and_then(|stored| stored.parse().ok());
        seconds
            .filter(|seconds| (0..=MOST).contains(seconds))
            .unwrap_or_default()
    }
}
