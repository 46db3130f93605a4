use super::{Entered, Group, Kind, Setting, Shown, Typed, enter};
use crate::text::Text;

/// The emoji on the button under an inbox.
#[derive(Clone, Copy, Debug)]
pub struct ButtonEmoji;

/// An emoji on a button.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Emoji {
    Unicode(String),
    /// A server's own emoji.
    Custom {
        animated: bool,
        name: String,
        id: u64,
    },
}

/// What an admin may write for no emoji, because older versions had an emoji by default.
const NONE: &str = "-";

impl Setting for ButtonEmoji {
    fn key(&self) -> &'static str {
        "button-emoji"
    }

    fn group(&self) -> Group {
        Group::Inbox
    }

    fn kind(&self) -> Kind {
        Kind::Line(100)
    }

    fn enter(&self, entered: &Entered) -> Result<Option<String>, Text> {
        let emoji = enter::optional(entered, |text| {
            if text == NONE || parse(text).is_some() {
                Ok(text.to_owned())
            } else {
                Err(Text::NotAnEmoji {
                    written: enter::quoted(text),
                })
            }
        })?;
        Ok(emoji.filter(|emoji| emoji != NONE))
    }

    fn shows_on_message(&self) -> bool {
        true
    }

    fn show(&self, stored: Option<&str>) -> Shown {
        match (self.value(stored), stored) {
            (Some(Emoji::Custom { .. }), Some(written)) => Shown::Emoji(written.to_owned()),
            (Some(Emoji::Unicode(emoji)), _) => Shown::Emoji(emoji),
            (None | Some(Emoji::Custom { .. }), _) => Shown::Word("none"),
        }
    }

    fn words(&self) -> &'static [&'static str] {
        &["none"]
    }
}

impl Typed for ButtonEmoji {
    /// `None` is a button without one.
    type Value = Option<Emoji>;

    fn value(&self, stored: Option<&str>) -> Option<Emoji> {
        stored.and_then(parse)
    }
}

/// The most characters of an emoji: families have about a dozen.
const LONGEST: usize = 20;

/// Only Discord knows which of Unicode's characters are emojis, so this excludes only ordinary text.
fn parse(text: &str) -> Option<Emoji> {
    let text = text.trim();
    if let Some(inner) = text.strip_prefix('<') {
        let mut parts = inner.strip_suffix('>')?.split(':');
        let (kind, name, id) = (parts.next()?, parts.next()?, parts.next()?);
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
        let is_custom = matches!(kind, "" | "a") && is_name && parts.next().is_none();
        return is_custom.then_some(Emoji::Custom {
            animated: kind == "a",
            name: name.to_owned(),
            id: id.parse().ok().filter(|id| *id > 0)?,
        });
    }
    let is_one = (1..=LONGEST).contains(&text.chars().count())
        && !text.is_ascii()
        && !text
            .chars()
            .any(|c| c.is_whitespace() || is_letter(c) || c.is_control());
    is_one.then(|| Emoji::Unicode(text.to_owned()))
}

/// Whether this is a letter of ordinary text. For Unicode, some emojis are letters, too: ℹ, Ⓜ, 🅰, 🅱, 🅾 and
/// 🅿. Clients write them with or without the character that makes them colourful.
fn is_letter(c: char) -> bool {
    const EMOJIS: [char; 6] = [
        '\u{2139}',
        '\u{24C2}',
        '\u{1F170}',
        '\u{1F171}',
        '\u{1F17E}',
        '\u{1F17F}',
    ];
    c.is_alphabetic() && !EMOJIS.contains(&c)
}
