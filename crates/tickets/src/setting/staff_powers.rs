use super::{Entered, Group, Kind, Setting, Shown, Typed, enter};
use crate::staff::Powers;
use crate::text::Text;

/// Who counts as staff of a ticket. A value that this version does not know gives nobody more power.
#[derive(Clone, Copy, Debug)]
pub struct StaffPowers;

pub(super) const LISTED_STAFF: &str = "listed-staff";
const MANAGE_THREADS: &str = "manage-threads";
const WORDS: &[&str] = &[MANAGE_THREADS, LISTED_STAFF];

impl Setting for StaffPowers {
    fn key(&self) -> &'static str {
        "staff-powers"
    }

    fn group(&self) -> Group {
        Group::Staff
    }

    fn kind(&self) -> Kind {
        Kind::Choice(WORDS)
    }

    fn enter(&self, entered: &Entered) -> Result<Option<String>, Text> {
        enter::optional(entered, |text| enter::word(text, WORDS))
    }

    fn show(&self, stored: Option<&str>) -> Shown {
        Shown::Word(match self.value(stored) {
            Powers::ListedStaff => LISTED_STAFF,
            Powers::ManageThreads => MANAGE_THREADS,
        })
    }
}

impl Typed for StaffPowers {
    type Value = Powers;

    fn value(&self, stored: Option<&str>) -> Powers {
        match stored {
            Some(LISTED_STAFF) => Powers::ListedStaff,
            _ => Powers::ManageThreads,
        }
    }
}
