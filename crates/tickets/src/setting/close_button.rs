use super::{Entered, Group, Kind, Setting, Shown, Typed, enter};
use crate::text::Text;

/// What the *Close* button under a ticket's starting message does for its owner.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OwnerCloses {
    /// There is no button.
    #[default]
    Off,
    /// It tells staff that the owner thinks it is solved.
    Requests,
    /// It closes the ticket.
    Closes,
}

/// Whether new tickets have a *Close* button, and what it does for their owner. For staff, it closes the
/// ticket.
#[derive(Clone, Copy, Debug)]
pub struct CloseButton;

const OFF: &str = "off";
const REQUEST: &str = "request";
const OWNER: &str = "owner";
const WORDS: &[&str] = &[OFF, REQUEST, OWNER];

impl Setting for CloseButton {
    fn key(&self) -> &'static str {
        "close-button"
    }

    fn group(&self) -> Group {
        Group::Tickets
    }

    fn kind(&self) -> Kind {
        Kind::Choice(WORDS)
    }

    fn enter(&self, entered: &Entered) -> Result<Option<String>, Text> {
        enter::optional(entered, |text| enter::word(text, WORDS))
    }

    fn show(&self, stored: Option<&str>) -> Shown {
        Shown::Word(match self.value(stored) {
            OwnerCloses::Off => OFF,
            OwnerCloses::Requests => REQUEST,
            OwnerCloses::Closes => OWNER,
        })
    }
}

impl Typed for CloseButton {
    type Value = OwnerCloses;

    fn value(&self, stored: Option<&str>) -> OwnerCloses {
        match stored {
            Some(REQUEST) => OwnerCloses::Requests,
            Some(OWNER) => OwnerCloses::Closes,
            _ => OwnerCloses::Off,
        }
    }
}
