use super::{Entered, Group, Kind, Setting, Shown, Typed, enter};
use crate::ChannelId;
use crate::text::Text;

/// The channel in which each ticket of an inbox has a notice for the staff.
#[derive(Clone, Copy, Debug)]
pub struct Notices;

impl Setting for Notices {
    fn key(&self) -> &'static str {
        "notices"
    }

    fn group(&self) -> Group {
        Group::Staff
    }

    fn kind(&self) -> Kind {
        Kind::Channel
    }

    fn enter(&self, entered: &Entered) -> Result<Option<String>, Text> {
        Ok(enter::one_id(entered))
    }

    fn show(&self, stored: Option<&str>) -> Shown {
        self.value(stored)
            .map_or(Shown::Word("none"), Shown::Channel)
    }

    fn words(&self) -> &'static [&'static str] {
        &["none"]
    }
}

impl Typed for Notices {
    /// May be a channel that was deleted.
    type Value = Option<ChannelId>;

    fn value(&self, stored: Option<&str>) -> Option<ChannelId> {
        enter::read_ids(stored).next().map(ChannelId)
    }
}
