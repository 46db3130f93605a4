//! Settings in a language: their names and words have keys that follow from the registry.

use fluent_bundle::FluentArgs;
use tickets::setting::{self, Group, Shown, enter};
use tickets::template::mention_list;

use super::{Language, Phrase, bundle, duration, phrase};

/// A setting's name.
pub fn name(key: &str, language: Language) -> String {
    plain(&name_key(key), language)
}

/// The setting with this name, as somebody typed it.
pub fn named(written: &str, language: Language) -> Option<&'static str> {
    let wanted = written.trim().to_lowercase();
    let mut keys = setting::ALL.iter().map(|setting| setting.key());
    keys.find(|key| name(key, language).to_lowercase() == wanted)
}

/// A setting's description.
pub fn description(key: &str, language: Language) -> String {
    plain(&description_key(key), language)
}

/// The text for one of a setting's words.
pub fn word(key: &str, word: &str, language: Language) -> String {
    plain(&word_key(key, word), language)
}

/// A group's name.
pub fn group(group: Group, language: Language) -> String {
    plain(group.name_key(), language)
}

/// A value of a setting.
pub fn shown(key: &str, shown: &Shown, language: Language) -> String {
    match shown {
        Shown::Word(word) => self::word(key, word, language),
        Shown::Number(number) => number.to_string(),
        Shown::Duration(seconds) => duration(*seconds, language),
        Shown::Text(text) => format!("`{}`", enter::quoted(text)),
        Shown::Mentions(mentions) => mention_list(mentions),
        Shown::Channel(channel) => format!("<#{channel}>"),
        Shown::Moment(seconds) => format!("<t:{seconds}:f>"),
        Shown::Emoji(emoji) => emoji.clone(),
        Shown::Language(code) => phrase(Phrase::LanguageName, Language::of(code)),
    }
}

/// The keys of all texts of settings.
pub(super) fn keys() -> impl Iterator<Item = String> {
    let groups = Group::ALL.iter().map(|group| group.name_key().to_owned());
    groups.chain(setting::ALL.iter().flat_map(|setting| {
        let key = setting.key();
        let words = setting.words().iter().map(move |word| word_key(key, word));
        [name_key(key), description_key(key)]
            .into_iter()
            .chain(words)
    }))
}

fn name_key(key: &str) -> String {
    format!("setting-{key}")
}

fn description_key(key: &str) -> String {
    format!("setting-{key}-description")
}

fn word_key(key: &str, word: &str) -> String {
    format!("setting-{key}-{word}")
}

fn plain(key: &str, language: Language) -> String {
    bundle::format(key, &FluentArgs::new(), language)
}
