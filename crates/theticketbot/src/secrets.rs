//! Secrets that come from the environment or from the terminal. They are never shown.

use std::fmt;
use std::io;

use secrecy::{ExposeSecret, SecretString};

use crate::prompt;
use crate::store::KeyTemplate;

/// The bot token, for services.
pub const TOKEN: &str = "THETICKETBOT_TOKEN";
/// Where the token that Discord refused comes from. The environment overrides the config.
pub fn where_the_token_is() -> String {
    match token() {
        Some(_) => format!("{TOKEN} in the environment"),
        None => "token in [bot]".to_owned(),
    }
}

/// The database's key, for services.
pub const DB_KEY: &str = "THETICKETBOT_DB_KEY";
/// The URL of PostgreSQL, with the password.
pub const DB_URL: &str = "THETICKETBOT_DB_URL";
/// The URL that `db copy` copies to, with the password.
#[cfg(feature = "postgres")]
pub const DB_COPY_URL: &str = "THETICKETBOT_DB_COPY_URL";
/// The key that `db encrypt` and `db rekey` set.
pub const DB_NEW_KEY: &str = "THETICKETBOT_DB_NEW_KEY";

/// A secret from the environment; a blank one is none.
pub fn from_environment(name: &str) -> Option<SecretString> {
    // What is not Unicode could be neither a token nor a key.
    let value = std::env::var(name).ok()?;
    (!value.trim().is_empty()).then(|| value.into())
}

/// The bot token from the environment, without surrounding whitespace, such as the line end of a file.
pub fn token() -> Option<SecretString> {
    from_environment(TOKEN).map(|token| token.expose_secret().trim().into())
}

/// The key that opens the database. `None` if the config has no place for a key.
pub fn database_key(template: Option<&KeyTemplate>) -> Result<Option<SecretString>, KeyError> {
    match template {
        Some(template) if template.wants_key() => ask_key(DB_KEY, "Database key: ").map(Some),
        _ => {
            if from_environment(DB_KEY).is_some() {
                tracing::warn!("{DB_KEY} is not used: key_template in [db] has no place for it");
            }
            Ok(None)
        }
    }
}

/// A key from the environment, else from the terminal.
pub fn ask_key(variable: &'static str, question: &str) -> Result<SecretString, KeyError> {
    if let Some(key) = from_environment(variable) {
        return Ok(key);
    }
    match prompt::hidden_or_piped(question) {
        Ok(key) if key.expose_secret().is_empty() => Err(KeyError::Empty { variable }),
        Ok(key) => Ok(key),
        Err(error) => Err(KeyError::Prompt { variable, error }),
    }
}

#[derive(Debug)]
pub enum KeyError {
    Empty {
        variable: &'static str,
    },
    /// A new key, typed twice, was not the same twice.
    Different,
    Prompt {
        variable: &'static str,
        error: io::Error,
    },
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty { variable } => {
                write!(f, "no database key was given; type one, or set {variable}")
            }
            Self::Different => f.write_str("the two keys are not the same; run the command again"),
            Self::Prompt { variable, error } => {
                write!(f, "cannot read the database key ({error}); set {variable}")
            }
        }
    }
}

impl std::error::Error for KeyError {}
