use super::{Entered, Group, Kind, Setting, Shown, Typed, enter};
use crate::text::Text;

/// How many open tickets a member may have in all inboxes of a server together. Each inbox's own
/// limit holds, too.
#[derive(Clone, Copy, Debug)]
pub struct ServerLimit;

impl Setting for ServerLimit {
    fn key(&self) -> &'static str {
        "server-limit"
    }

    fn group(&self) -> Group {
        Group::Server
    }

    fn kind(&self) -> Kind {
        Kind::Line(4)
    }

    fn enter(&self, entered: &Entered) -> Result<Option<String>, Text> {
        let number = enter::optional(entered, |text| enter::number(text, &(0..=50)))?;
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

impl Typed for ServerLimit {
    /// 0 is no limit.
    type Value = u32;

    fn value(&self, stored: Option<&str>) -> u32 {
        stored
            .and_then(|stored| stored.parse().ok())
            .unwrap_or_default()
    }
}
