//! Seed files: TOML files in which people describe an initial world.
//!
//! [`raw`] reads the fields of a file. [`meaning`] resolves all references and makes a [`Plan`] of them. An
//! error names the line.

mod channels;
mod meaning;
mod raw;
mod values;

use std::fmt;
use std::fs;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::world::{Plan, Seed};

/// The default world, as a seed file.
const DEFAULT: &str = include_str!("../worlds/default.toml");

impl Seed {
    /// Reads a seed file. Its format is described in the README.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, SeedError> {
        let path = path.as_ref();
        let text = fs::read_to_string(path).map_err(|error| SeedError {
            file: Some(path.to_owned()),
            line: None,
            what: match error.kind() {
                io::ErrorKind::NotFound => "there is no such file".to_owned(),
                io::ErrorKind::InvalidData => "it is not text in UTF-8".to_owned(),
                _ => error.to_string(),
            },
        })?;
        Self::from_toml(&text).map_err(|error| SeedError {
            file: Some(path.to_owned()),
            ..error
        })
    }

    /// Reads the text of a seed file.
    ///
    /// ```
    /// let seed = discord_sandbox::Seed::from_toml(r#"
    ///     people = [{ username = "ada" }, { username = "grace" }]
    ///     [[guilds]]
    ///     name = "Compilers"
    ///     channels = [{ name = "help" }]
    /// "#)?;
    ///
    /// let error = discord_sandbox::Seed::from_toml("people = [{ username = 'ada' }]\ngilds = []");
    /// assert!(error.unwrap_err().to_string().starts_with("line 2: unknown field `gilds`"));
    /// # Ok::<_, discord_sandbox::SeedError>(())
    /// ```
    pub fn from_toml(text: &str) -> Result<Self, SeedError> {
        let file: raw::File = toml::from_str(text).map_err(|error| SeedError {
            file: None,
            line: error.span().map(|span| line_of(text, span.start)),
            what: error.message().trim().replace('\n', "; "),
        })?;
        meaning::of(file).map_err(|wrong| SeedError {
            file: None,
            line: wrong.place.map(|span| line_of(text, span.start)),
            what: wrong.what,
        })
    }
}

impl Default for Plan {
    fn default() -> Self {
        let seed = Seed::from_toml(DEFAULT);
        seed.expect("the default world is right, which a test sees to")
            .plan
    }
}

/// What is wrong with a seed file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeedError {
    file: Option<PathBuf>,
    line: Option<usize>,
    what: String,
}

impl SeedError {
    /// The line with the error, counted from 1; `None` if the error is about the file as a whole.
    pub fn line(&self) -> Option<usize> {
        self.line
    }
}

impl fmt::Display for SeedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.file, self.line) {
            (Some(file), Some(line)) => write!(f, "{}, line {line}: ", file.display())?,
            (Some(file), None) => write!(f, "{}: ", file.display())?,
            (None, Some(line)) => write!(f, "line {line}: ")?,
            (None, None) => {}
        }
        f.write_str(&self.what)
    }
}

impl std::error::Error for SeedError {}

/// An error, and its position in the file.
struct Wrong {
    place: Option<Range<usize>>,
    what: String,
}

fn line_of(text: &str, at: usize) -> usize {
    let before = text.as_bytes().iter().take(at);
    before.filter(|byte| **byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests;
