//! The languages' files, parsed when one is spoken, and kept until they are let go.

use std::sync::{Arc, PoisonError, RwLock};

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use unic_langid::LanguageIdentifier;

use super::{FILES, Language, number};

type Bundle = FluentBundle<FluentResource>;

static LOADED: [RwLock<Option<Arc<Bundle>>>; FILES.len()] =
    [const { RwLock::new(None) }; FILES.len()];

/// The message of this key. What a language lacks is said in the default one, and what even that
/// lacks shows its key: the tests see to it that neither happens.
pub(super) fn format(key: &str, values: &FluentArgs, language: Language) -> String {
    let languages = [language, Language::DEFAULT];
    format_first(languages.into_iter().map(loaded), key, values)
}

/// Unloads all languages. They are parsed again when they are needed.
pub(super) fn unload() {
    for bundle in &LOADED {
        *bundle.write().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

fn loaded(language: Language) -> Arc<Bundle> {
    let place = &LOADED[language.0];
    // A bundle is put there whole, or not at all.
    let known = place.read().unwrap_or_else(PoisonError::into_inner).clone();
    known.unwrap_or_else(|| {
        let mut place = place.write().unwrap_or_else(PoisonError::into_inner);
        let (code, file) = FILES[language.0];
        place
            .get_or_insert_with(|| Arc::new(bundle(code, file)))
            .clone()
    })
}

/// The message in the first of these that has it whole.
fn format_first(
    mut bundles: impl Iterator<Item = Arc<Bundle>>,
    key: &str,
    values: &FluentArgs,
) -> String {
    bundles
        .find_map(|bundle| try_format(&bundle, key, values))
        .unwrap_or_else(|| key.to_owned())
}

fn try_format(bundle: &Bundle, key: &str, values: &FluentArgs) -> Option<String> {
    let pattern = bundle.get_message(key)?.value()?;
    let mut errors = Vec::new();
    let text = bundle.format_pattern(pattern, Some(values), &mut errors);
    errors.is_empty().then(|| text.into_owned())
}

fn bundle(code: &str, file: &str) -> Bundle {
    let locale: LanguageIdentifier = code.parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![locale]);
    // The marks around values would show in audit logs and thread names.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(number::format));
    // What cannot be parsed or is there twice is left out; the tests name it.
    let (Ok(resource) | Err((resource, _))) = FluentResource::try_new(file.to_owned());
    let _ = bundle.add_builtins();
    let _ = bundle.add_resource(resource);
    bundle
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_language_lacks_is_said_in_the_default_one() {
        let default = bundle("en-US", "a = A\nb = B\nc = C { $x }\nd = D\n");
        let german = bundle(
            "de",
            "a = Ah\nb = { broken\nc = Ze { $y }\nd =\na = twice\n",
        );
        let values = [("x", "1")].into_iter().collect();
        let bundles = [Arc::new(german), Arc::new(default)];
        let said = |key| format_first(bundles.iter().cloned(), key, &values);
        assert_eq!(said("a"), "Ah");
        assert_eq!(said("b"), "B");
        assert_eq!(said("c"), "C 1");
        assert_eq!(said("d"), "D");
        assert_eq!(said("e"), "e");
    }

    #[test]
    fn an_unusable_file_is_no_end() {
        let nothing = Arc::new(bundle("not a code!", "}}} { = \u{0}"));
        let said = format_first(std::iter::once(nothing), "a", &FluentArgs::new());
        assert_eq!(said, "a");
    }
}
