use super::{Entered, Group, Kind, Setting, Shown, Typed, enter};
use crate::text::Text;

/// How many open tickets an inbox may have in all.
pub const LIMIT_TOTAL: Limit = Limit {
    key: "limit-total",
    group: Group::Access,
    most: 900,
};

/// How many open tickets a member may have in all inboxes of a server together. Each inbox's own
/// limit holds, too.
pub const SERVER_LIMIT: Limit = Limit {
    key: "server-limit",
    group: Group::Server,
    most: 50,
};

/// A limit that the original does not have.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    key: &'static str,
    group: Group,
    most: u32,
}

impl Setting for Limit {
    fn key(&self) -> &'static str {
        self.key
    }

    fn group(&self) -> Group {
        self.group
    }

    fn kind(&self) -> Kind {
        Kind::Line(4)
    }

    fn enter(&self, entered: &Entered) -> Result<Option<String>, Text> {
        let number = enter::optional(entered, |text| enter::number(text, &(0..=self.most)))?;
        Ok(number.filter(|number| number != "0"))
    }

    fn show(&self, stored: Option<&str>) -> Shown {
        enter::limit(self.value(stored))
    }

    fn words(&self) -> &'static [&'static str] {
        &["none"]
    }

    fn written(&self, stored: Option<&str>) -> String {
        self.value(stored).to_string()
    }
}

impl Typed for Limit {
    /// 0 is no limit.
    type Value = u32;

    fn value(&self, stored: Option<&str>) -> u32 {
        stored
            .and_then(|stored| stored.parse().ok())
            .unwrap_or_default()
    }
}
