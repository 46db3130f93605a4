use super::{Entered, Group, Kind, Setting, Shown, Typed, enter};
use crate::text::Text;

/// The colour of the button under an inbox.
#[derive(Clone, Copy, Debug)]
pub struct ButtonColour;

/// Discord's colours for buttons.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Colour {
    #[default]
    Blurple,
    Grey,
    Green,
    Red,
}

const COLOURS: [(&str, Colour); 4] = [
    ("blurple", Colour::Blurple),
    ("grey", Colour::Grey),
    ("green", Colour::Green),
    ("red", Colour::Red),
];
const WORDS: &[&str] = &["blurple", "grey", "green", "red"];

impl Setting for ButtonColour {
    fn key(&self) -> &'static str {
        "button-colour"
    }

    fn group(&self) -> Group {
        Group::Inbox
    }

    fn kind(&self) -> Kind {
        Kind::Choice(WORDS)
    }

    fn enter(&self, entered: &Entered) -> Result<Option<String>, Text> {
        enter::optional(entered, |text| enter::word(text, WORDS))
    }

    fn shows_on_message(&self) -> bool {
        true
    }

    fn show(&self, stored: Option<&str>) -> Shown {
        let colour = self.value(stored);
        let known = COLOURS.iter().find(|(_, it)| *it == colour);
        Shown::Word(known.map_or("blurple", |(word, _)| word))
    }
}

impl Typed for ButtonColour {
    type Value = Colour;

    fn value(&self, stored: Option<&str>) -> Colour {
        let known = COLOURS.iter().find(|(word, _)| Some(*word) == stored);
        known.map_or_else(Colour::default, |(_, colour)| *colour)
    }
}
