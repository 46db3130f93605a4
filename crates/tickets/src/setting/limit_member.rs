use super::{Entered, Group, Kind, Setting, Shown, Stored, Typed, enter};
use crate::action::Action;
use crate::inbox::{Inbox, InboxChange};
use crate::text::Text;
use crate::{GuildId, InboxId};

/// How many open tickets of an inbox a member may have. The original has a column for it.
#[derive(Clone, Copy, Debug)]
pub struct LimitMember;

/// The original's default.
const DEFAULT: u32 = 1;
const NONE: &str = "none";

impl Setting for LimitMember {
    fn key(&self) -> &'static str {
        "limit-member"
    }

    fn group(&self) -> Group {
        Group::Access
    }

    fn kind(&self) -> Kind {
        Kind::Line(4)
    }

    fn enter(&self, entered: &Entered) -> Result<Option<String>, Text> {
        enter::optional(entered, |text| enter::number(text, &(0..=50)))
    }

    fn show(&self, stored: Option<&str>) -> Shown {
        enter::limit(self.value(stored))
    }

    fn words(&self) -> &'static [&'static str] {
        &[NONE]
    }

    fn written(&self, stored: Option<&str>) -> String {
        self.value(stored).to_string()
    }

    fn stored(&self, of: Stored<'_>) -> Option<String> {
        of.inbox.map(|inbox| inbox.max_tickets_per_user.to_string())
    }

    fn put(&self, inbox: &mut Inbox, value: Option<&str>) {
        inbox.max_tickets_per_user = self.value(value);
    }

    fn change(&self, _: GuildId, inbox: InboxId, value: Option<String>) -> Action {
        let limit = self.value(value.as_deref());
        Action::ChangeInbox(inbox, InboxChange::Limit(limit))
    }
}

impl Typed for LimitMember {
    /// 0 is no limit.
    type Value = u32;

    fn value(&self, stored: Option<&str>) -> u32 {
        stored
            .and_then(|stored| stored.parse().ok())
            .unwrap_or(DEFAULT)
    }
}
