//! The first run: no config file yet, so the token is asked for and a minimal file is written.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};

use crate::{files, prompt};

/// A config file that this run has written. It is deleted again if Discord refuses its token.
#[derive(Debug)]
pub struct FirstRun {
    file: PathBuf,
}

impl FirstRun {
    /// Asks for the token until it has the right form, and writes the file.
    pub fn ask(file: &Path) -> Result<Self, FirstRunError> {
        if !prompt::is_possible() {
            return Err(FirstRunError::NoTerminal {
                file: file.to_owned(),
            });
        }
        prompt::say(&format!(
            "There is no config file yet. A minimal one will be written to:\n\n    {}\n\nIt will \
             hold the bot token, which the Discord developer portal shows under Bot.\n",
            file.display()
        ));
        let token = ask_until_it_has_the_form(|| {
            prompt::hidden("Bot token (what you type is not shown): ")
        })
        .map_err(FirstRunError::Prompt)?;
        Self::write(file, &token).map_err(|error| FirstRunError::Write {
            file: file.to_owned(),
            error,
        })
    }

    /// Deletes the file, because Discord refused the token. The next start asks again.
    pub fn roll_back(self) -> io::Result<()> {
        files::remove(&self.file)
    }

    fn write(file: &Path, token: &SecretString) -> io::Result<Self> {
        use std::io::Write;
        files::create_parent(file)?;
        let quoted = token
            .expose_secret()
            .replace('\\', "\\\\")
            .replace('"', "\\\"");
        let mut handle = files::create_new(file)?;
        let first_run = Self {
            file: file.to_owned(),
        };
        let written = handle
            .write_all(format!("[bot]\ntoken = \"{quoted}\"\n").as_bytes())
            .and_then(|()| handle.sync_all());
        match written {
            Ok(()) => Ok(first_run),
            Err(error) => {
                // An incomplete file would prevent the next start from asking again.
                let _ = first_run.roll_back();
                Err(error)
            }
        }
    }
}

fn ask_until_it_has_the_form(
    mut ask: impl FnMut() -> io::Result<SecretString>,
) -> io::Result<SecretString> {
    loop {
        let token = SecretString::from(ask()?.expose_secret().trim());
        if looks_like_a_token(token.expose_secret()) {
            return Ok(token);
        }
        prompt::say(
            "This is not a bot token. A token has three parts of letters, digits, - and _ with \
             dots between them. Please try again.",
        );
    }
}

/// Whether a text has the shape of a bot token: three parts with dots between them.
pub fn looks_like_a_token(text: &str) -> bool {
    let word = |part: &str| {
        !part.is_empty()
            && part
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
    };
    let mut parts = text.splitn(3, '.');
    parts.next().is_some_and(word)
        && parts.next().is_some_and(word)
        && parts
            .next()
            .is_some_and(|rest| !rest.is_empty() && unusable_token(rest).is_none())
}

/// Why a text cannot be a token at all: it could not even be sent.
pub(super) fn unusable_token(text: &str) -> Option<&'static str> {
    if text.chars().all(|c| c.is_ascii_graphic()) {
        None
    } else {
        Some("must be the token alone, without spaces, line ends or the word Bot before it")
    }
}

#[derive(Debug)]
pub enum FirstRunError {
    NoTerminal { file: PathBuf },
    Prompt(io::Error),
    Write { file: PathBuf, error: io::Error },
}

impl fmt::Display for FirstRunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoTerminal { file } => write!(
                f,
                "there is no config file at {}, and no terminal to ask for the bot token on; write \
                 the file, name one with --config-file, or set {}",
                file.display(),
                crate::secrets::TOKEN
            ),
            Self::Prompt(error) => write!(f, "cannot read the bot token: {error}"),
            Self::Write { file, error } => write!(f, "cannot write {}: {error}", file.display()),
        }
    }
}

impl std::error::Error for FirstRunError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_have_three_parts() {
        for good in ["a.b.c", "MTI0.G-_1.x2fb-SN_u.more", "a.b.!"] {
            assert!(looks_like_a_token(good), "{good}");
        }
        for bad in [
            "",
            "abc",
            "a.b",
            "a.b.",
            ".b.c",
            "a..c",
            "a.b.c d",
            "ä.b.c",
            "Bot a.b.c",
            "a.b.c\n",
        ] {
            assert!(!looks_like_a_token(bad), "{bad}");
        }
    }

    #[test]
    fn it_asks_until_a_token_looks_right_or_nobody_answers() {
        let mut answers = vec![" a.b.c\n", "Bot a.b.c", ""];
        let token = ask_until_it_has_the_form(|| Ok(answers.pop().unwrap().into())).unwrap();
        assert_eq!((token.expose_secret(), answers.len()), ("a.b.c", 0));
        let closed = ask_until_it_has_the_form(|| Err(io::ErrorKind::UnexpectedEof.into()));
        assert_eq!(closed.unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
    }

    #[test]
    fn the_written_file_is_read_back_and_can_be_taken_back() {
        let temp = tempfile::tempdir().unwrap();
        let file = temp.path().join("new/config.toml");
        let first_run = FirstRun::write(&file, &"a.b.\"c\\d".into()).unwrap();
        let text = std::fs::read_to_string(&file).unwrap();
        let value: toml::Table = text.parse().unwrap();
        assert_eq!(value["bot"]["token"].as_str(), Some("a.b.\"c\\d"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!((mode(&file), mode(file.parent().unwrap())), (0o600, 0o700));
        }
        assert!(
            FirstRun::write(&file, &"a.b.c".into()).is_err(),
            "never overwrites"
        );
        first_run.roll_back().unwrap();
        assert!(!file.exists());
    }
}
