//! The languages' files, parsed once and kept.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use unic_langid::LanguageIdentifier;

use super::{FILES, Language, number};

static BUNDLES: LazyLock<Vec<FluentBundle<FluentResource>>> = LazyLock::new(|| {
    FILES
        .iter()
        .map(|(code, file)| bundle(code, file))
        .collect()
});

/// The message of this key. What a language lacks is said in the default one, and what even that
/// lacks shows its key: the tests see to it that neither happens.
pub(super) fn format(key: &str, values: &FluentArgs, language: Language) -> String {
    try_format(key, values, language)
        .or_else(|| try_format(key, values, Language::DEFAULT))
        .unwrap_or_else(|| key.to_owned())
}

fn try_format(key: &str, values: &FluentArgs, language: Language) -> Option<String> {
    let bundle = &BUNDLES[language.0];
    let pattern = bundle.get_message(key)?.value()?;
    let mut errors = Vec::new();
    let text = bundle.format_pattern(pattern, Some(values), &mut errors);
    errors.is_empty().then(|| text.into_owned())
}

fn bundle(code: &str, file: &str) -> FluentBundle<FluentResource> {
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
