//! The words of a form's text.

use serde::{Deserialize, Serialize};

/// A word that means something in a form's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Word {
    Short,
    Long,
    OneOf,
    SomeOf,
    YesOrNo,
    Member,
    Role,
    Channel,
    Files,
    /// Not a kind: the question may be left without an answer.
    Optional,
}

impl Word {
    pub const ALL: [Self; 10] = [
        Self::Short,
        Self::Long,
        Self::OneOf,
        Self::SomeOf,
        Self::YesOrNo,
        Self::Member,
        Self::Role,
        Self::Channel,
        Self::Files,
        Self::Optional,
    ];

    /// The word as it is stored.
    pub const fn key(self) -> &'static str {
        self.known()[0]
    }

    /// How people write the word, in lowercase: first as it is stored, then in English, German and French.
    /// Each translation that the bot shows must be in this list.
    const fn known(self) -> &'static [&'static str] {
        match self {
            Self::Short => &["short", "kurz", "court"],
            Self::Long => &["long", "lang"],
            Self::OneOf => &[
                "one of",
                "eines von",
                "eins von",
                "eine von",
                "einer von",
                "un parmi",
                "une parmi",
                "l'un de",
            ],
            Self::SomeOf => &[
                "some of",
                "mehrere von",
                "einige von",
                "plusieurs parmi",
                "plusieurs de",
            ],
            Self::YesOrNo => &[
                "yes or no",
                "yes/no",
                "ja oder nein",
                "ja/nein",
                "oui ou non",
                "oui/non",
            ],
            Self::Member => &["member", "mitglied", "membre"],
            Self::Role => &["role", "rolle", "rôle"],
            Self::Channel => &["channel", "kanal", "salon"],
            Self::Files => &["files", "file", "dateien", "datei", "fichiers", "fichier"],
            Self::Optional => &["optional", "freiwillig", "facultatif", "facultative"],
        }
    }

    /// Parses a word, regardless of its case and spaces.
    pub fn parse(text: &str) -> Option<Self> {
        let words: Vec<_> = text.split_whitespace().collect();
        let text = words.join(" ").to_lowercase().replace('’', "'");
        Self::ALL
            .into_iter()
            .find(|word| word.known().contains(&text.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_means_one_thing() {
        for word in Word::ALL {
            for text in word.known() {
                assert_eq!(Word::parse(text), Some(word), "{text}");
                assert_eq!(Word::parse(&text.to_uppercase()), Some(word), "{text}");
            }
        }
        assert_eq!(Word::parse("  One   of "), Some(Word::OneOf));
        assert_eq!(Word::parse("L’un de"), Some(Word::OneOf));
        for unknown in ["", "shorts", "oneof", "number", "one of:"] {
            assert_eq!(Word::parse(unknown), None, "{unknown}");
        }
    }
}
