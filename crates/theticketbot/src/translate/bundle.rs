//! The files of the languages. Each sentence is parsed when it is first used, because most of them never are,
//! and kept until the language is unloaded.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use unic_langid::LanguageIdentifier;

use super::{FILES, Language, number};

static LOADED: [Mutex<Option<Words>>; FILES.len()] = [const { Mutex::new(None) }; FILES.len()];

/// The message for this key. If a language lacks the sentence, the default language is used; if that lacks it
/// too, the key itself is shown. Tests make sure that neither happens.
pub(super) fn format(key: &str, values: &FluentArgs, language: Language) -> String {
    [language, Language::DEFAULT]
        .into_iter()
        .find_map(|Language(index)| {
            let (code, file) = FILES[index];
            let mut place = LOADED[index].lock().unwrap_or_else(PoisonError::into_inner);
            let words = place.get_or_insert_with(|| Words::new(code, file));
            words.format(key, values)
        })
        .unwrap_or_else(|| key.to_owned())
}

/// Unloads all languages. Sentences are parsed again when they are needed.
pub(super) fn unload() {
    for words in &LOADED {
        *words.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// One language: its file, and what of it was said.
struct Words {
    file: &'static str,
    bundle: FluentBundle<FluentResource>,
    /// The keys that were requested, including those that do not exist.
    known: HashSet<String>,
}

impl Words {
    fn new(code: &str, file: &'static str) -> Self {
        let locale: LanguageIdentifier = code.parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![locale]);
        // The marks around values would show in audit logs and thread names.
        bundle.set_use_isolating(false);
        bundle.set_formatter(Some(number::format));
        let _ = bundle.add_builtins();
        Self {
            file,
            bundle,
            known: HashSet::new(),
        }
    }

    /// The message. `None` if it does not exist or cannot be formatted completely.
    fn format(&mut self, key: &str, values: &FluentArgs) -> Option<String> {
        self.load(key);
        let pattern = self.bundle.get_message(key)?.value()?;
        let mut errors = Vec::new();
        let text = self
            .bundle
            .format_pattern(pattern, Some(values), &mut errors);
        errors.is_empty().then(|| text.into_owned())
    }

    /// Parses an entry, and those that it refers to.
    fn load(&mut self, key: &str) {
        if self.known.contains(key) {
            return;
        }
        self.known.insert(key.to_owned());
        let Some(entry) = entry(self.file, key) else {
            return;
        };
        // What cannot be parsed is left out; the tests name it.
        let (Ok(resource) | Err((resource, _))) = FluentResource::try_new(entry.to_owned());
        let _ = self.bundle.add_resource(resource);
        for referred in references(entry) {
            self.load(referred);
        }
    }
}

/// The lines of the first entry of this key: all until the next entry or comment begins.
fn entry<'file>(file: &'file str, key: &str) -> Option<&'file str> {
    let begins = |line: &str| {
        let value = line.strip_prefix(key);
        value.is_some_and(|value| value.trim_start_matches(' ').starts_with('='))
    };
    let mut lines = file.split_inclusive('\n').scan(0, |end, line| {
        let start = *end;
        *end += line.len();
        Some((start, line))
    });
    let (start, _) = lines.find(|(_, line)| begins(line))?;
    let next =
        lines.find(|(_, line)| line.starts_with(|c: char| !matches!(c, ' ' | '\n' | '\r' | '}')));
    let end = next.map_or(file.len(), |(end, _)| end);
    Some(&file[start..end])
}

/// The messages and terms that an entry may refer to in braces. Names that do not exist in the file do no
/// harm.
fn references(entry: &str) -> impl Iterator<Item = &str> {
    entry.split('{').skip(1).filter_map(|inside| {
        let inside = inside.trim_start();
        let end = inside.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_'));
        let name = &inside[..end.unwrap_or(inside.len())];
        (!name.is_empty()).then_some(name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(words: &mut Words, key: &str) -> Option<String> {
        words.format(key, &[("x", "1")].into_iter().collect())
    }

    #[test]
    fn what_is_broken_or_lacks_a_value_is_not_said() {
        let mut words = Words::new(
            "de",
            "a = Ah\nb = { broken\nc = Ze { $y }\nd =\na = twice\ne = E\n",
        );
        let expected = [
            ("a", Some("Ah")),
            ("b", None),
            ("c", None),
            ("d", None),
            ("e", Some("E")),
            ("f", None),
        ];
        for (key, text) in expected {
            assert_eq!(said(&mut words, key).as_deref(), text, "{key}");
            assert_eq!(said(&mut words, key).as_deref(), text, "{key} again");
        }
    }

    #[test]
    fn an_entry_is_parsed_with_all_its_lines_and_what_it_names() {
        let file = "\
ab = longer key
# a comment
a =
    One { $x ->
        [one] line of { -term }
       *[other] lines
    }

    and { b }.
-term = the term
    .attribute = and its attribute
b = B { \"{\" } { NUMBER(1) }
";
        let mut words = Words::new("en-US", file);
        let text = said(&mut words, "a");
        assert_eq!(text.as_deref(), Some("One lines\n\nand B { 1."));
        assert_eq!(said(&mut words, "ab").as_deref(), Some("longer key"));
        assert_eq!(
            entry(file, "-term"),
            Some("-term = the term\n    .attribute = and its attribute\n")
        );
    }

    #[test]
    fn what_a_language_lacks_is_said_in_the_default_one() {
        let nothing = FluentArgs::new();
        assert_eq!(
            format("no-such-key", &nothing, Language::ALL[1]),
            "no-such-key"
        );
        for language in Language::ALL {
            let said = format("language-name", &nothing, language);
            assert_ne!(said, "language-name", "{language:?}");
        }
    }

    #[test]
    fn an_unusable_file_is_no_end() {
        let mut words = Words::new("not a code!", "}}} { = \u{0}");
        assert_eq!(said(&mut words, "a"), None);
    }
}
