use super::{Circumstances, Entered, Group, Kind, Setting, Shown, Typed, enter};
use crate::Timestamp;
use crate::text::Text;

/// When a pause ends. Without it, the pause lasts until an admin ends it.
#[derive(Clone, Copy, Debug)]
pub struct PauseEnd;

const MOST: i64 = 365 * 24 * 60 * 60;

impl Setting for PauseEnd {
    fn key(&self) -> &'static str {
        "pause-end"
    }

    fn group(&self) -> Group {
        Group::Access
    }

    fn kind(&self) -> Kind {
        Kind::Line(40)
    }

    /// Without the current time, the duration can only be checked.
    fn enter(&self, entered: &Entered) -> Result<Option<String>, Text> {
        from(Timestamp(0), entered)
    }

    fn enter_with(
        &self,
        entered: &Entered,
        with: &Circumstances<'_>,
    ) -> Result<Option<String>, Text> {
        from(with.now, entered)
    }

    fn show(&self, stored: Option<&str>) -> Shown {
        match self.value(stored) {
            None => Shown::Word("none"),
            Some(end) => Shown::Moment(end.unix_seconds()),
        }
    }

    fn words(&self) -> &'static [&'static str] {
        &["none"]
    }

    /// Empty, because the control asks for the remaining time, which changes every minute.
    fn written(&self, _: Option<&str>) -> String {
        String::new()
    }
}

impl Typed for PauseEnd {
    type Value = Option<Timestamp>;

    fn value(&self, stored: Option<&str>) -> Option<Timestamp> {
        let end: i64 = stored?.parse().ok()?;
        (end > 0).then_some(Timestamp(end))
    }
}

/// The end of a pause that begins now and lasts for the entered time.
fn from(now: Timestamp, entered: &Entered) -> Result<Option<String>, Text> {
    let seconds = enter::optional(entered, |text| enter::duration(text, &(60..=MOST)))?;
    let seconds: Option<i64> = seconds.and_then(|seconds| seconds.parse().ok());
    Ok(seconds.map(|seconds| now.plus(seconds * 1000).0.to_string()))
}
