use super::{Entered, Group, Kind, Setting, Shown, Typed, enter};
use crate::duration;
use crate::text::Text;

/// How long a member waits between two tickets. A value replaces the default, also a shorter one.
#[derive(Clone, Copy, Debug)]
pub struct Cooldown;

const DEFAULT: &str = "default";
const NONE: &str = "none";
const MOST: i64 = 30 * 24 * 60 * 60;

impl Setting for Cooldown {
    fn key(&self) -> &'static str {
        "cooldown"
    }

    fn group(&self) -> Group {
        Group::Access
    }

    fn kind(&self) -> Kind {
        Kind::Line(40)
    }

    fn enter(&self, entered: &Entered) -> Result<Option<String>, Text> {
        enter::optional(entered, |text| enter::duration(text, &(0..=MOST)))
    }

    fn show(&self, stored: Option<&str>) -> Shown {
        match self.value(stored) {
            None => Shown::Word(DEFAULT),
            Some(0) => Shown::Word(NONE),
            Some(seconds) => Shown::Duration(seconds.into()),
        }
    }

    fn words(&self) -> &'static [&'static str] {
        &[DEFAULT, NONE]
    }

    fn written(&self, stored: Option<&str>) -> String {
        self.value(stored)
            .map(|seconds| duration::write(seconds.into()))
            .unwrap_or_default()
    }
}

impl Typed for Cooldown {
    /// In seconds; `None` is a minute or the channel's slowmode, whichever is longer.
    type Value = Option<u32>;

    fn value(&self, stored: Option<&str>) -> Option<u32> {
        stored?.parse().ok()
    }
}
