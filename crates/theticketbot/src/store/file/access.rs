//! How to get into a database file: its path, the pragmas of the config, and the key.

use std::fmt;
use std::path::PathBuf;

use secrecy::{ExposeSecret, SecretString};

/// What it takes to open a database. Its `Debug` shows no secret.
#[derive(Clone, Debug)]
pub struct Access {
    pub path: PathBuf,
    /// Run in order on every new connection, before the key.
    pub pragmas: Vec<Pragma>,
    /// The finished key pragma; none for a database that is not encrypted.
    pub key: Option<SecretString>,
}

impl Access {
    /// The access to a database that is not encrypted.
    pub fn plain(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            pragmas: Vec::new(),
            key: None,
        }
    }

    /// The same access to a copy of the file.
    pub(super) fn at(&self, path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            ..self.clone()
        }
    }

    /// Whether the host has chosen a cipher or its version, so that nothing needs to be guessed.
    pub(super) fn chooses_cipher(&self) -> bool {
        self.pragmas.iter().any(|pragma| {
            let name = pragma.name().to_ascii_lowercase();
            ["cipher", "legacy", "kdf_", "hmac_"]
                .iter()
                .any(|start| name.starts_with(start))
        })
    }

    /// Whether the host has asked for an encrypted file whose first bytes are left readable.
    pub(super) fn keeps_header_readable(&self) -> bool {
        self.pragmas
            .iter()
            .any(|pragma| pragma.name().contains("plaintext_header"))
    }
}

/// One statement that starts with PRAGMA, as the config has it. It can hold a key, so nothing shows
/// it but [`Pragma::name`].
#[derive(Clone, Debug)]
pub struct Pragma(SecretString);

impl Pragma {
    pub fn parse(text: &str) -> Result<Self, PragmaError> {
        let text = text.trim();
        let end = single_statement(text)?;
        let statement = text[..end].trim_end();
        if pragma_name(statement).is_none() {
            return Err(PragmaError::NotAPragma);
        }
        Ok(Self(statement.into()))
    }

    /// The name of the pragma, such as `cipher`.
    pub fn name(&self) -> &str {
        pragma_name(self.statement()).map_or("", |(name, _)| name)
    }

    pub(super) fn statement(&self) -> &str {
        self.0.expose_secret()
    }
}

impl PartialEq for Pragma {
    fn eq(&self, other: &Self) -> bool {
        self.statement() == other.statement()
    }
}

/// Why a text is not one pragma.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PragmaError {
    NotAPragma,
    SeveralStatements,
    Unfinished,
}

impl fmt::Display for PragmaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAPragma => "must be a statement that starts with PRAGMA",
            Self::SeveralStatements => "must be a single statement (it has a `;` in the middle)",
            Self::Unfinished => "has a quote or comment that does not end",
        })
    }
}

/// A pragma with a place for the key, such as `PRAGMA key = '{}'`. As in the original, `{{` and
/// `}}` stand for braces.
#[derive(Clone, PartialEq)]
pub struct KeyTemplate {
    parts: Vec<Part>,
}

#[derive(Clone, PartialEq)]
enum Part {
    Text(String),
    Key,
}

/// A template can have the key written into it, so its `Debug` shows nothing of it.
impl fmt::Debug for KeyTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyTemplate(…)")
    }
}

impl KeyTemplate {
    pub fn parse(text: &str) -> Result<Self, KeyTemplateError> {
        let template = Self {
            parts: split_template(text.trim())?,
        };
        // No key can change the structure of the statement, so checking it with one sample key is enough.
        let sample = template.fill(&"0".into())?;
        Pragma::parse(sample.expose_secret()).map_err(KeyTemplateError::Pragma)?;
        Ok(template)
    }

    /// Whether the template has a placeholder for the key. Otherwise it contains the key itself.
    pub fn wants_key(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::Key))
    }

    /// The pragma with the key in its place, quoted so that nothing in it can end the quotes.
    pub fn fill(&self, key: &SecretString) -> Result<SecretString, KeyTemplateError> {
        let mut pragma = String::new();
        let mut scanner = Scanner::default();
        for part in &self.parts {
            let piece = match part {
                Part::Text(text) => text.clone(),
                Part::Key => quote(key.expose_secret(), scanner.state)?,
            };
            piece.chars().for_each(|c| scanner.feed(c));
            pragma.push_str(&piece);
        }
        // A last `;` is as welcome as in a pragma.
        Ok(pragma.trim_end().trim_end_matches(';').into())
    }

    /// The template of the pragma that changes the key: `rekey` for `key`, `hexrekey` for `hexkey`.
    pub fn rekey(&self) -> Option<Self> {
        let mut parts = self.parts.clone();
        let Some(Part::Text(first)) = parts.first_mut() else {
            return None;
        };
        let (name, at) = pragma_name(first)?;
        let changed = match name.to_ascii_lowercase().as_str() {
            "key" => "rekey",
            "hexkey" => "hexrekey",
            "textkey" => "textrekey",
            _ => return None,
        };
        let end = at + name.len();
        first.replace_range(at..end, changed);
        Some(Self { parts })
    }
}

/// Why a key template cannot be used, or a key not be put into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyTemplateError {
    Pragma(PragmaError),
    Braces,
    InComment,
    Unquotable,
}

impl fmt::Display for KeyTemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pragma(error) => error.fmt(f),
            Self::Braces => f.write_str(
                "must have {} where the key goes (write a brace itself twice: {{ or }})",
            ),
            Self::InComment => f.write_str("has the key's place in a comment"),
            Self::Unquotable => f.write_str(
                "cannot hold this key: it has a character that \
                cannot be quoted there",
            ),
        }
    }
}

impl std::error::Error for KeyTemplateError {}

fn split_template(text: &str) -> Result<Vec<Part>, KeyTemplateError> {
    let mut parts = Vec::new();
    let mut current = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        current.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix("{{") {
            current.push('{');
            rest = after;
        } else if let Some(after) = rest.strip_prefix("}}") {
            current.push('}');
            rest = after;
        } else if let Some(after) = rest.strip_prefix("{}").or_else(|| rest.strip_prefix("{0}")) {
            parts.push(Part::Text(std::mem::take(&mut current)));
            parts.push(Part::Key);
            rest = after;
        } else {
            return Err(KeyTemplateError::Braces);
        }
    }
    current.push_str(rest);
    parts.push(Part::Text(current));
    Ok(parts)
}

/// The key as it must be written at a place in this state.
fn quote(key: &str, state: State) -> Result<String, KeyTemplateError> {
    if key.contains('\0') {
        return Err(KeyTemplateError::Unquotable);
    }
    match state {
        State::Quoted(']') if key.contains(']') => Err(KeyTemplateError::Unquotable),
        State::Quoted(']') => Ok(key.to_owned()),
        State::Quoted(end) => Ok(key.replace(end, &format!("{end}{end}"))),
        State::LineComment | State::BlockComment => Err(KeyTemplateError::InComment),
        // The original inserted the key unchanged, so a key could be typed with its quotes.
        State::Code if is_literal(key) => Ok(key.to_owned()),
        State::Code => Ok(format!("'{}'", key.replace('\'', "''"))),
    }
}

/// One word, or one quoted string, perhaps with the `x` of a blob.
fn is_literal(key: &str) -> bool {
    let word = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let quoted = |mark: char| {
        let inner = key.strip_prefix(['x', 'X']).unwrap_or(key);
        inner
            .strip_prefix(mark)
            .and_then(|rest| rest.strip_suffix(mark))
            .is_some_and(|inner| !inner.replace(&format!("{mark}{mark}"), "").contains(mark))
    };
    word || quoted('\'') || quoted('"')
}

/// The name after PRAGMA, without a schema, and where it begins.
fn pragma_name(statement: &str) -> Option<(&str, usize)> {
    let start = statement.len() - statement.trim_start().len();
    let keyword = statement.get(start..start + "pragma".len())?;
    let after = &statement[start + "pragma".len()..];
    if !keyword.eq_ignore_ascii_case("pragma") || !after.starts_with(char::is_whitespace) {
        return None;
    }
    let word = |text: &str| text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    let mut name = after.trim_start();
    if let Some(end) = word(name)
        && name[end..].starts_with('.')
    {
        name = &name[end + 1..];
    }
    let at = statement.len() - name.len();
    let name = &name[..word(name).unwrap_or(name.len())];
    (!name.is_empty()).then_some((name, at))
}

/// Where the one statement ends: at a `;` after which nothing comes, or at the end.
fn single_statement(text: &str) -> Result<usize, PragmaError> {
    let mut scanner = Scanner::default();
    for (at, c) in text.char_indices() {
        if c == ';' && scanner.state == State::Code {
            let rest = text[at..].trim_matches(|c: char| c == ';' || c.is_whitespace());
            return if rest.is_empty() {
                Ok(at)
            } else {
                Err(PragmaError::SeveralStatements)
            };
        }
        scanner.feed(c);
    }
    match scanner.state {
        State::Code | State::LineComment => Ok(text.len()),
        State::Quoted(_) | State::BlockComment => Err(PragmaError::Unfinished),
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Code,
    /// Inside quotes that this character ends.
    Quoted(char),
    LineComment,
    BlockComment,
}

/// Scans SQL text for quotes and comments. A doubled quote ends the quotes and begins them again,
/// which has the same effect.
#[derive(Default)]
struct Scanner {
    state: State,
    last: char,
}

impl Scanner {
    fn feed(&mut self, c: char) {
        let last = std::mem::replace(&mut self.last, c);
        self.state = match (self.state, last, c) {
            (State::Code, _, '\'' | '"' | '`') => State::Quoted(c),
            (State::Code, _, '[') => State::Quoted(']'),
            (State::Code, '-', '-') => State::LineComment,
            (State::Code, '/', '*') => {
                // In `/*/`, the star must not count as the first character of `*/`.
                self.last = ' ';
                State::BlockComment
            }
            (State::Quoted(end), _, c) if c == end => State::Code,
            (State::LineComment, _, '\n') | (State::BlockComment, '*', '/') => State::Code,
            (state, ..) => state,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(template: &str, key: &str) -> String {
        let template = KeyTemplate::parse(template).unwrap();
        template
            .fill(&key.into())
            .unwrap()
            .expose_secret()
            .to_owned()
    }

    #[test]
    fn a_pragma_is_one_statement() {
        for good in [
            "PRAGMA cipher = sqlcipher",
            " pragma kdf_iter=512000 ; ",
            "PRAGMA key = 'a;b'",
            "PRAGMA\tmain.page_size = 4096 -- as it was",
        ] {
            assert!(Pragma::parse(good).is_ok(), "{good}");
        }
        for (bad, error) in [
            ("", PragmaError::NotAPragma),
            ("SELECT 1", PragmaError::NotAPragma),
            ("PRAGMA", PragmaError::NotAPragma),
            ("PRAGMATIC = 1", PragmaError::NotAPragma),
            (
                "PRAGMA a = 1; DROP TABLE ticket",
                PragmaError::SeveralStatements,
            ),
            ("PRAGMA a = 'x'';' ; x", PragmaError::SeveralStatements),
            ("PRAGMA key = 'a", PragmaError::Unfinished),
            ("PRAGMA key = 1 /* a", PragmaError::Unfinished),
        ] {
            assert_eq!(Pragma::parse(bad).map(drop), Err(error), "{bad}");
        }
        assert_eq!(
            Pragma::parse("PRAGMA main.Cipher = x;").unwrap().name(),
            "Cipher"
        );
    }

    #[test]
    fn quotes_in_a_key_cannot_break_out() {
        for (template, key, pragma) in [
            ("PRAGMA key = '{}'", "it's", "PRAGMA key = 'it''s'"),
            ("PRAGMA key = '{}'", "a\"b", "PRAGMA key = 'a\"b'"),
            ("PRAGMA key = \"{}\"", "a\"b'", "PRAGMA key = \"a\"\"b'\""),
            ("PRAGMA key = \"x'{}'\"", "00ff", "PRAGMA key = \"x'00ff'\""),
            ("PRAGMA hexkey = '{0}';", "00ff", "PRAGMA hexkey = '00ff'"),
            ("PRAGMA key = '{{{}}}'", "k", "PRAGMA key = '{k}'"),
            (
                "PRAGMA key = '{}'",
                "'; DROP TABLE x; --",
                "PRAGMA key = '''; DROP TABLE x; --'",
            ),
            ("PRAGMA key = {}", "word", "PRAGMA key = word"),
            (
                "PRAGMA key = {}",
                "'typed with quotes'",
                "PRAGMA key = 'typed with quotes'",
            ),
            ("PRAGMA key = {}", "x'00'", "PRAGMA key = x'00'"),
            (
                "PRAGMA key = {}",
                "1; DROP TABLE x",
                "PRAGMA key = '1; DROP TABLE x'",
            ),
            ("PRAGMA key = {}", "'a' 'b'", "PRAGMA key = '''a'' ''b'''"),
        ] {
            assert_eq!(filled(template, key), pragma);
        }
    }

    #[test]
    fn a_template_that_cannot_work_says_why() {
        for (bad, error) in [
            ("PRAGMA key = '{'", KeyTemplateError::Braces),
            ("PRAGMA key = '{name}'", KeyTemplateError::Braces),
            ("key {}", KeyTemplateError::Pragma(PragmaError::NotAPragma)),
            (
                "PRAGMA a; PRAGMA key = {}",
                KeyTemplateError::Pragma(PragmaError::SeveralStatements),
            ),
            (
                "PRAGMA key = '{}",
                KeyTemplateError::Pragma(PragmaError::Unfinished),
            ),
            ("PRAGMA key -- {}", KeyTemplateError::InComment),
        ] {
            assert_eq!(KeyTemplate::parse(bad).map(drop), Err(error), "{bad}");
        }
        let template = KeyTemplate::parse("PRAGMA key = '{}'").unwrap();
        let error = template.fill(&"a\0b".into()).map(drop);
        assert_eq!(error, Err(KeyTemplateError::Unquotable));
        assert!(template.wants_key());
        assert!(
            !KeyTemplate::parse("PRAGMA key = 'fixed'")
                .unwrap()
                .wants_key()
        );
    }

    #[test]
    fn a_key_pragma_has_its_rekey_pragma() {
        for (key, rekey) in [
            ("PRAGMA key = '{}'", Some("PRAGMA rekey = 'k'")),
            ("pragma main.HexKey='{}'", Some("pragma main.hexrekey='k'")),
            ("PRAGMA textkey='{}'", Some("PRAGMA textrekey='k'")),
            ("PRAGMA unlock='{}'", None),
        ] {
            let rekeyed = KeyTemplate::parse(key).unwrap().rekey();
            let rekeyed = rekeyed.map(|template| template.fill(&"k".into()).unwrap());
            assert_eq!(rekeyed.as_ref().map(ExposeSecret::expose_secret), rekey);
        }
    }

    #[test]
    fn nothing_secret_is_shown() {
        let access = Access {
            path: "x.db".into(),
            pragmas: vec![Pragma::parse("PRAGMA key = 'hunter2'").unwrap()],
            key: Some("PRAGMA key = 'hunter2'".into()),
        };
        let template = KeyTemplate::parse("PRAGMA key = 'hunter2{}'").unwrap();
        let shown = format!("{access:?} {template:?}");
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}
