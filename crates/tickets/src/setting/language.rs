use super::{Entered, Group, Kind, Setting, Shown, Typed, enter};
use crate::text::Text;

/// The language of texts that everybody in a server reads. The default is the language that Discord reports.
#[derive(Clone, Copy, Debug)]
pub struct Language;

const DISCORD: &str = "discord";

impl Setting for Language {
    fn key(&self) -> &'static str {
        "language"
    }

    fn group(&self) -> Group {
        Group::Server
    }

    fn kind(&self) -> Kind {
        Kind::Language
    }

    fn enter(&self, entered: &Entered) -> Result<Option<String>, Text> {
        let code = enter::optional(entered, |text| {
            let is_code = text.chars().all(|c| c.is_ascii_alphabetic() || c == '-');
            if is_code && text.len() <= 10 {
                Ok(text.to_owned())
            } else {
                Err(Text::NotAChoice {
                    written: enter::quoted(text),
                })
            }
        })?;
        Ok(code.filter(|code| code != DISCORD))
    }

    fn show(&self, stored: Option<&str>) -> Shown {
        match self.value(stored) {
            None => Shown::Word(DISCORD),
            Some(code) => Shown::Language(code),
        }
    }

    fn words(&self) -> &'static [&'static str] {
        &[DISCORD]
    }

    fn written(&self, stored: Option<&str>) -> String {
        self.value(stored).unwrap_or_else(|| DISCORD.to_owned())
    }
}

impl Typed for Language {
    /// Discord's code for it.
    type Value = Option<String>;

    fn value(&self, stored: Option<&str>) -> Option<String> {
        let code = stored.filter(|code| !code.is_empty());
        code.filter(|code| code.chars().all(|c| c.is_ascii_alphabetic() || c == '-'))
            .map(str::to_owned)
    }
}
