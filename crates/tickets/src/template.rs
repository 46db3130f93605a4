//! Placeholders in what admins write: `$author`, `${counter}`, `$$`.
//!
//! The rules are those of Python's `string.Template.safe_substitute`, which inboxes of the
//! original were written for: unknown names and lone dollars stay as they are.

use time::OffsetDateTime;
use unicode_segmentation::UnicodeSegmentation;

use crate::{Mention, Timestamp, UserId};

/// The template for a ticket's name where an inbox has none.
pub const DEFAULT_NAME: &str = "$year-$month-$day $author";

/// The most characters that Discord takes as a thread's name.
pub const MAX_NAME: usize = 100;

/// The most characters that Discord takes as a message.
pub const MAX_STARTER: usize = 2000;

/// Replaces each `$name` and `${name}` that `value_of` knows, and `$$` by a dollar.
///
/// Names are an ASCII letter or `_`, then letters, digits and `_`; they are case-sensitive.
pub fn substitute(template: &str, mut value_of: impl FnMut(&str) -> Option<String>) -> String {
    let mut result = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(dollar) = rest.find('$') {
        result.push_str(&rest[..dollar]);
        let after = &rest[dollar + 1..];
        let (taken, replacement) = match placeholder(after) {
            Placeholder::Dollar => (1, Some("$".to_owned())),
            Placeholder::Named { name, length } => (length, value_of(name)),
            Placeholder::None => (0, None),
        };
        match replacement {
            Some(value) => result.push_str(&value),
            None => result.push_str(&rest[dollar..=dollar + taken]),
        }
        rest = &after[taken..];
    }
    result.push_str(rest);
    result
}

/// Whether the template has a placeholder of this name.
pub fn mentions_placeholder(template: &str, name: &str) -> bool {
    let mut found = false;
    substitute(template, |used| {
        found |= used == name;
        None
    });
    found
}

/// What a ticket's name is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameTemplate {
    /// The inbox's own template; empty for the default.
    pub template: String,
    /// The owner's display name in the server.
    pub author: String,
    /// When the button was clicked.
    pub at: Timestamp,
}

impl NameTemplate {
    /// The name, at most 100 characters; `None` if nothing visible is left of it.
    pub fn render(&self, counter: u64) -> Option<String> {
        // A snowflake's time always lies in the years that the library knows.
        let date = OffsetDateTime::from_unix_timestamp(self.at.unix_seconds())
            .unwrap_or(OffsetDateTime::UNIX_EPOCH);
        let template = if self.template.is_empty() {
            DEFAULT_NAME
        } else {
            &self.template
        };
        let name = substitute(template, |name| {
            Some(match name {
                "year" => format!("{:04}", date.year()),
                "month" => format!("{:02}", u8::from(date.month())),
                "day" => format!("{:02}", date.day()),
                "author" => self.author.clone(),
                "counter" => four_digits(counter),
                _ => return None,
            })
        });
        // Line breaks cannot be in a name; Discord would refuse it.
        let name: String = name
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        let name = cut(name.trim(), MAX_NAME).trim_end();
        name.chars().any(is_visible).then(|| name.to_owned())
    }
}

/// The counter as it is shown: its last four digits.
pub fn four_digits(counter: u64) -> String {
    format!("{:04}", counter % 10_000)
}

/// The starting message of a ticket, at most 2,000 characters.
pub fn starter(template: &str, author: UserId, staff: &[Mention]) -> String {
    let text = substitute(template, |name| match name {
        "author" => Some(Mention::User(author).to_string()),
        "staff" => Some(mention_list(staff)),
        _ => None,
    });
    cut(&text, MAX_STARTER).to_owned()
}

/// Mentions as they stand in a sentence.
pub fn mention_list(mentions: &[Mention]) -> String {
    mentions
        .iter()
        .map(Mention::to_string)
        .collect::<Vec<_>>()
        .join(" ")
}

/// The members and roles that a text mentions, each once, in their order.
pub fn mentions_in(text: &str) -> Vec<Mention> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("<@") {
        rest = &rest[start..];
        let end = rest.find('>').map_or(rest.len(), |end| end + 1);
        match rest[..end].parse() {
            Ok(mention) => {
                if !found.contains(&mention) {
                    found.push(mention);
                }
                rest = &rest[end..];
            }
            // Perhaps a mention begins inside of what was none.
            Err(_) => rest = &rest[2..],
        }
    }
    found
}

/// The beginning of `text`, at most `max` characters (code points, as Discord counts), never
/// ending inside a mention, an emoji or another character that people see as one.
pub fn cut(text: &str, max: usize) -> &str {
    let Some((limit, _)) = text.char_indices().nth(max) else {
        return text;
    };
    let end = text
        .grapheme_indices(true)
        .map(|(start, _)| start)
        .take_while(|&start| start <= limit)
        .last()
        .unwrap_or(0);
    // A single "character" of thousands of combining marks: rather cut it than lose everything.
    let end = if end == 0 { limit } else { end };
    match open_markup(text, end) {
        Some(start) if start > 0 => &text[..start],
        _ => &text[..end],
    }
}

enum Placeholder<'a> {
    Dollar,
    Named {
        name: &'a str,
        /// Bytes after the dollar.
        length: usize,
    },
    None,
}

fn placeholder(after_dollar: &str) -> Placeholder<'_> {
    if after_dollar.starts_with('$') {
        return Placeholder::Dollar;
    }
    if let Some(braced) = after_dollar.strip_prefix('{') {
        let name = identifier(braced);
        return if !name.is_empty() && braced[name.len()..].starts_with('}') {
            Placeholder::Named {
                name,
                length: name.len() + 2,
            }
        } else {
            Placeholder::None
        };
    }
    match identifier(after_dollar) {
        "" => Placeholder::None,
        name => Placeholder::Named {
            name,
            length: name.len(),
        },
    }
}

/// The longest identifier that `text` begins with, or nothing.
fn identifier(text: &str) -> &str {
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return "";
    }
    let end = text
        .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .unwrap_or(text.len());
    &text[..end]
}

/// Where a mention or custom emoji begins that a cut at `end` would tear apart.
fn open_markup(text: &str, end: usize) -> Option<usize> {
    let start = text[..end].rfind('<')?;
    let close = start + text[start..].find('>')?;
    let is_markup = ["<@", "<#", "<:", "<a:", "<t:", "</", "<id:"]
        .iter()
        .any(|prefix| text[start..].starts_with(prefix))
        && !text[start..close].contains(char::is_whitespace);
    (is_markup && close >= end).then_some(start)
}

/// Characters that Discord does not count as a name.
fn is_visible(c: char) -> bool {
    !c.is_whitespace()
        && !c.is_control()
        && !matches!(c, '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}' | '\u{00AD}' | '\u{3164}')
}
