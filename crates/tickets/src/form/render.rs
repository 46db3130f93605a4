//! Answers as embeds: what a ticket shows of a form.
//!
//! Answers are shown as they were written: mentions do not ping, and markup does not work, except that
//! addresses of websites stay links.

use serde::{Deserialize, Serialize};

use super::{Answer, Value, Word};
use crate::text::Text;

/// An embed, reduced to what answers need.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Embed {
    pub title: Option<String>,
    pub description: Option<String>,
    pub fields: Vec<Field>,
}

/// A question with its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    pub name: String,
    pub value: String,
}

/// Why a file is not attached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Absent {
    /// It is larger than this number of bytes, which is the host's or Discord's limit.
    TooLarge(u64),
    /// It could not be downloaded.
    Failed,
}

impl Absent {
    /// Names the file, with the reason.
    pub fn text(&self, filename: &str) -> Text {
        let filename = escape(filename);
        match *self {
            Self::TooLarge(limit) => Text::FormFileTooLarge { filename, limit },
            Self::Failed => Text::FormFileFailed { filename },
        }
    }
}

// Discord's limits. Source: Discord's "Message Resource", "Embed Limits".
const MAX_FIELD: usize = 1024;
const MAX_FIELDS: usize = 25;
const MAX_DESCRIPTION: usize = 4096;
const MAX_MESSAGE: usize = 6000;
pub const MAX_EMBEDS: usize = 10;

/// The embeds of one or more messages. `say` translates for the reader. `absent` says why a file is not
/// attached; its arguments are the index of the answer and the index of the file.
pub fn messages(
    answers: &[Answer],
    say: impl Fn(Text) -> String,
    absent: impl Fn(usize, usize) -> Option<Absent>,
) -> Vec<Vec<Embed>> {
    let mut embeds: Vec<Embed> = Vec::new();
    for (index, answer) in answers.iter().enumerate() {
        let name = escape(&answer.label);
        let value = shown(answer, &say, |file| absent(index, file));
        let is_long = answer.kind == Word::Long && !answer.value.is_nothing();
        if is_long || length(&value) > MAX_FIELD {
            embeds.extend(described(name, &value));
            continue;
        }
        let field = Field { name, value };
        match embeds.last_mut() {
            Some(last) if (1..MAX_FIELDS).contains(&last.fields.len()) => last.fields.push(field),
            _ => embeds.push(Embed {
                fields: vec![field],
                ..Embed::default()
            }),
        }
    }
    paginated(embeds)
}

/// What was answered, on one or more lines.
fn shown(
    answer: &Answer,
    say: &impl Fn(Text) -> String,
    absent: impl Fn(usize) -> Option<Absent>,
) -> String {
    let named = |name: &str, id: u64| format!("{} ({id})", escape(name));
    match &answer.value {
        Value::Nothing => say(Text::FormNoAnswer {}),
        Value::Text(text) => escape(text),
        Value::Choices(choices) => {
            let choices: Vec<_> = choices.iter().map(|choice| escape(choice)).collect();
            choices.join("\n")
        }
        Value::YesOrNo(true) => say(Text::FormYes {}),
        Value::YesOrNo(false) => say(Text::FormNo {}),
        Value::Member { id, name } => named(name, id.0),
        Value::Role { id, name } => named(name, id.0),
        Value::Channel { id, name } => named(name, id.0),
        Value::Files(files) => {
            let line = |(index, file): (usize, &crate::request::Attachment)| match absent(index) {
                None => escape(&file.filename),
                Some(absent) => say(absent.text(&file.filename)),
            };
            let lines: Vec<_> = files.iter().enumerate().map(line).collect();
            lines.join("\n")
        }
    }
}

/// A long answer: the question as title, and the answer as description of as many embeds as it takes.
fn described(name: String, value: &str) -> Vec<Embed> {
    let mut name = Some(name);
    chunks(value, MAX_DESCRIPTION)
        .into_iter()
        .map(|chunk| Embed {
            title: name.take(),
            description: Some(chunk.to_owned()),
            fields: Vec::new(),
        })
        .collect()
}

/// Fills each message with as many embeds as Discord accepts.
fn paginated(embeds: Vec<Embed>) -> Vec<Vec<Embed>> {
    let mut pages: Vec<Vec<Embed>> = Vec::new();
    let mut used = 0;
    for embed in embeds {
        let size = embed.size();
        match pages.last_mut() {
            Some(page) if page.len() < MAX_EMBEDS && used + size <= MAX_MESSAGE => {
                used += size;
                page.push(embed);
            }
            _ => {
                used = size;
                pages.push(vec![embed]);
            }
        }
    }
    pages
}

impl Embed {
    /// What counts towards a message's limit.
    fn size(&self) -> usize {
        let head = [&self.title, &self.description];
        let head = head.into_iter().flatten().map(|text| length(text));
        let fields = self
            .fields
            .iter()
            .map(|field| length(&field.name) + length(&field.value));
        head.chain(fields).sum()
    }
}

/// In UTF-16 units, which are never fewer than the characters that Discord may count instead.
fn length(text: &str) -> usize {
    text.encode_utf16().count()
}

/// Pieces of at most this number of UTF-16 units. No piece ends between a backslash and the character that it escapes.
fn chunks(text: &str, max: usize) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut start, mut used, mut is_escaped) = (0, 0, false);
    for (index, c) in text.char_indices() {
        let size = c.len_utf16();
        // A backslash stays with the next character.
        let needed = if c == '\\' && !is_escaped {
            size + 2
        } else {
            size
        };
        if used + needed > max && !is_escaped {
            pieces.push(&text[start..index]);
            (start, used) = (index, 0);
        }
        used += size;
        is_escaped = c == '\\' && !is_escaped;
    }
    pieces.push(&text[start..]);
    pieces
}

/// The text with backslashes, so that Discord shows it as it was written. Addresses of websites stay as they
/// are, because Discord reads an address as a whole.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + text.len() / 8);
    let mut is_line_start = true;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let address = address(rest);
        if address > 0 {
            escaped.push_str(&rest[..address]);
            rest = &rest[address..];
            is_line_start = false;
            continue;
        }
        rest = &rest[c.len_utf8()..];
        match c {
            '\n' | ' ' | '\t' => {
                is_line_start |= c == '\n';
                escaped.push(c);
                continue;
            }
            // Discord does not show control characters. Between two other characters, one could hide markup
            // from these checks.
            c if c.is_control() => continue,
            c => {
                let opens_a_line = is_line_start && matches!(c, '#' | '-' | '+');
                let ends_a_number = c == '.' && is_line_number(&escaped);
                if ALWAYS.contains(&c) || opens_a_line || ends_a_number {
                    escaped.push('\\');
                }
                escaped.push(c);
            }
        }
        is_line_start = false;
    }
    escaped
}

/// Characters that can mean something in Discord's markup anywhere in a line: emphasis, code, spoilers,
/// links, quotes, mentions, emojis and timestamps.
const ALWAYS: [char; 12] = ['\\', '*', '_', '~', '`', '|', '[', ']', '<', '>', '@', ':'];

/// The length of the website address at the start of the text; 0 if there is none.
fn address(text: &str) -> usize {
    let is_address = ["https://", "http://"]
        .iter()
        .any(|scheme| text.starts_with(scheme) && text.len() > scheme.len());
    if !is_address {
        return 0;
    }
    // These characters end an address, or could end the markup around it.
    let end = text.find(|c: char| c.is_whitespace() || c.is_control() || "<>|`\\*()[]".contains(c));
    let end = end.unwrap_or(text.len());
    // Without a host it is an ordinary text.
    if end <= "https://".len() { 0 } else { end }
}

/// Whether the last line so far is only a number.
fn is_line_number(text: &str) -> bool {
    let line = text.rsplit('\n').next().unwrap_or_default().trim_start();
    !line.is_empty() && line.chars().all(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod tests;
