//! Numbers in a language's own form: 1,000.5 or 1.000,5 or 1 000,5.

use fluent_bundle::FluentValue;
use fluent_bundle::types::{FluentNumber, FluentNumberOptions};
use intl_memoizer::Memoizable;
use intl_memoizer::concurrent::IntlLangMemoizer;
use unic_langid::LanguageIdentifier;

/// A no-break space, which keeps a number on one line.
const NARROW_SPACE: char = '\u{202F}';

/// Discord's locales. Source: Discord's API reference, "Locales".
pub const DISCORD_LOCALES: [&str; 34] = [
    "ar", "bg", "cs", "da", "de", "el", "en-GB", "en-US", "es-419", "es-ES", "fi", "fr", "he",
    "hi", "hr", "hu", "id", "it", "ja", "ko", "lt", "nl", "no", "pl", "pt-BR", "ro", "ru", "sv-SE",
    "th", "tr", "uk", "vi", "zh-CN", "zh-TW",
];

/// What a language writes between groups of three digits and before decimals. Source: the Unicode
/// CLDR, release 48.
fn separators(code: &str) -> (char, char) {
    match code {
        "de" => ('.', ','),
        "fr" => (NARROW_SPACE, ','),
        _ => (',', '.'),
    }
}

/// Fluent calls this for each value. Only numbers have a format of ours.
pub(super) fn format(value: &FluentValue, memoizer: &IntlLangMemoizer) -> Option<String> {
    let FluentValue::Number(number) = value else {
        return None;
    };
    memoizer
        .with_try_get::<NumberForm, _, _>((), |form| form.write(number))
        .ok()
}

/// How a language writes numbers.
struct NumberForm {
    group: char,
    decimal: char,
}

impl Memoizable for NumberForm {
    type Args = ();
    type Error = std::convert::Infallible;

    fn construct(language: LanguageIdentifier, (): ()) -> Result<Self, Self::Error> {
        let (group, decimal) = separators(&language.to_string());
        Ok(Self { group, decimal })
    }
}

impl NumberForm {
    fn write(&self, number: &FluentNumber) -> String {
        let FluentNumberOptions {
            use_grouping,
            minimum_integer_digits,
            minimum_fraction_digits,
            maximum_fraction_digits,
            ..
        } = number.options;
        let least = minimum_fraction_digits.unwrap_or(0);
        // As ECMA-402 has it, which Fluent follows.
        let most = maximum_fraction_digits.unwrap_or(3.max(least)).max(least);
        let plain = format!("{:.most$}", number.value.abs());
        let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
        let mut fraction = fraction;
        while fraction.len() > least && fraction.ends_with('0') {
            fraction = &fraction[..fraction.len() - 1];
        }

        let whole = format!(
            "{whole:0>width$}",
            width = minimum_integer_digits.unwrap_or(1)
        );
        let mut text = String::new();
        // A value that is rounded to zero gets no minus sign.
        if number.value < 0.0 && plain.bytes().any(|b| (b'1'..=b'9').contains(&b)) {
            text.push('-');
        }
        for (index, digit) in whole.chars().enumerate() {
            let left = whole.len() - index;
            if index > 0 && use_grouping && left.is_multiple_of(3) {
                text.push(self.group);
            }
            text.push(digit);
        }
        if !fraction.is_empty() {
            text.push(self.decimal);
            text.push_str(fraction);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(code: &str, value: f64, options: FluentNumberOptions) -> String {
        let form = NumberForm::construct(code.parse().unwrap(), ()).unwrap();
        form.write(&FluentNumber::new(value, options))
    }

    fn plainly(code: &str, value: f64) -> String {
        written(code, value, FluentNumberOptions::default())
    }

    #[test]
    fn each_language_has_its_own_form() {
        for (code, expected) in [
            ("en-US", "1,234,567.5"),
            ("de", "1.234.567,5"),
            ("fr", "1\u{202F}234\u{202F}567,5"),
        ] {
            assert_eq!(plainly(code, 1_234_567.5), expected, "{code}");
        }
        assert_eq!(plainly("en-US", 1000.5), "1,000.5");
        assert_eq!(plainly("de", 1000.5), "1.000,5");
        assert_eq!(plainly("fr", 1000.5), "1\u{202F}000,5");
    }

    #[test]
    fn digits_are_counted() {
        for (value, expected) in [
            (0.0, "0"),
            (7.0, "7"),
            (999.0, "999"),
            (1000.0, "1,000"),
            (-1234.0, "-1,234"),
            (0.12345, "0.123"),
            (0.0001, "0"),
            (-0.0001, "0"),
            (2.5, "2.5"),
            (100.0, "100"),
        ] {
            assert_eq!(plainly("en-US", value), expected);
        }
    }

    #[test]
    fn options_are_honoured() {
        let options = FluentNumberOptions::default;
        let at_most = |digits| FluentNumberOptions {
            maximum_fraction_digits: Some(digits),
            ..options()
        };
        assert_eq!(written("de", 5.0, at_most(2)), "5");
        assert_eq!(written("de", 5.25, at_most(2)), "5,25");
        assert_eq!(written("de", 5.256, at_most(2)), "5,26");
        assert_eq!(written("de", 5.256, at_most(0)), "5");
        assert_eq!(written("de", 999.996, at_most(2)), "1.000");
        let at_least = FluentNumberOptions {
            minimum_fraction_digits: Some(2),
            ..options()
        };
        assert_eq!(written("de", 5.0, at_least), "5,00");
        let ungrouped = FluentNumberOptions {
            use_grouping: false,
            ..options()
        };
        assert_eq!(written("de", 12_345.0, ungrouped), "12345");
        let padded = FluentNumberOptions {
            minimum_integer_digits: Some(4),
            use_grouping: false,
            ..options()
        };
        assert_eq!(written("de", 7.0, padded), "0007");
    }
}
