//! Errors in a config file: what is wrong, at which position, and what is allowed. They never show the file's
//! text.

use std::fmt;
use std::io;
use std::path::Path;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    place: String,
    message: String,
}

impl ConfigError {
    /// Something at a byte of the text, in the value of a key such as `bot.token`.
    pub(crate) fn at(
        file: Option<&Path>,
        text: &str,
        byte: usize,
        key: Option<&str>,
        message: impl Into<String>,
    ) -> Self {
        let before = text.get(..byte).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let column = before
            .rsplit('\n')
            .next()
            .map_or(0, |line| line.chars().count())
            + 1;
        let file = file.unwrap_or(Path::new("config.toml")).display();
        let key = key.map(|key| format!(" {key}:")).unwrap_or_default();
        Self {
            place: format!("{file}:{line}:{column}:{key}"),
            message: message.into(),
        }
    }

    pub(super) fn unreadable(file: &Path, error: &io::Error) -> Self {
        let message = match error.kind() {
            io::ErrorKind::NotFound => "there is no such config file".to_owned(),
            io::ErrorKind::InvalidData => "the config file is not UTF-8 text".to_owned(),
            io::ErrorKind::FileTooLarge => {
                "the file is larger than 1 MB, which no config file is".to_owned()
            }
            io::ErrorKind::PermissionDenied => format!(
                "the config file cannot be read: {error}; the user who runs theticketbot must be able \
                 to read it"
            ),
            _ => format!("the config file cannot be read: {error}"),
        };
        Self {
            place: format!("{}:", file.display()),
            message,
        }
    }

    pub(super) fn environment(name: &str, message: impl Into<String>) -> Self {
        Self {
            place: format!("environment variable {name}:"),
            message: message.into(),
        }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.place, self.message)
    }
}

impl std::error::Error for ConfigError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_may_not_be_read_says_who_must_be_able_to() {
        let denied = io::ErrorKind::PermissionDenied.into();
        let error = ConfigError::unreadable(Path::new("config.toml"), &denied).to_string();
        let advice = "the user who runs theticketbot must be able to read it";
        assert!(error.ends_with(advice), "{error}");
    }
}
