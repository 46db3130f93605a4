use super::{Entered, Group, Kind, Setting, Shown, Typed, enter};
use crate::InboxId;
use crate::text::Text;

/// The inbox whose staff get the messages that members report. Without it, reporting is off.
#[derive(Clone, Copy, Debug)]
pub struct Reports;

impl Setting for Reports {
    fn key(&self) -> &'static str {
        "reports"
    }

    fn group(&self) -> Group {
        Group::Server
    }

    fn kind(&self) -> Kind {
        Kind::Inbox
    }

    fn enter(&self, entered: &Entered) -> Result<Option<String>, Text> {
        let ids = enter::ids(entered);
        let first = ids.as_deref().and_then(|ids| ids.split(',').next());
        Ok(first.map(str::to_owned))
    }

    fn show(&self, stored: Option<&str>) -> Shown {
        match self.value(stored) {
            None => Shown::Word("none"),
            // The inbox's name is not known here, so this is its id. The overview shows the name instead.
            Some(inbox) => Shown::Text(inbox.to_string()),
        }
    }

    fn words(&self) -> &'static [&'static str] {
        &["none", "gone"]
    }
}

impl Typed for Reports {
    /// May be an inbox that was removed.
    type Value = Option<InboxId>;

    fn value(&self, stored: Option<&str>) -> Option<InboxId> {
        enter::read_ids(stored).next().map(InboxId)
    }
}
