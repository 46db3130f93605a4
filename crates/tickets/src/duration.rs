//! Durations as people write them: `90s`, `30m`, `12h`, `7d`, `2w`, one after another, also with the
//! words of English, German and French. There is one parser for all of them.

/// Why a text is not a duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unclear {
    /// A number without a unit: minutes for one reader, days for another.
    NoUnit,
    /// Something else.
    Unknown,
}

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const WEEK: i64 = 7 * DAY;

/// Each unit with its words in lowercase, those of English first, then German, then French.
const UNITS: [(i64, &[&str]); 5] = [
    (
        1,
        &[
            "s", "sec", "secs", "second", "seconds", "sek", "sekunde", "sekunden", "seconde",
            "secondes",
        ],
    ),
    (
        MINUTE,
        &["m", "min", "mins", "minute", "minutes", "minuten"],
    ),
    (
        HOUR,
        &[
            "h", "hr", "hrs", "hour", "hours", "std", "stunde", "stunden", "heure", "heures",
        ],
    ),
    (
        DAY,
        &[
            "d", "day", "days", "t", "tag", "tage", "tagen", "j", "jour", "jours",
        ],
    ),
    (
        WEEK,
        &[
            "w", "week", "weeks", "woche", "wochen", "sem", "semaine", "semaines",
        ],
    ),
];

/// What may stand between two parts.
const BETWEEN: [&str; 4] = ["and", "und", "et", "&"];

/// Parses a duration, in seconds. If it is too large for the type, the result is the largest value.
pub fn parse(text: &str) -> Result<i64, Unclear> {
    let text = text.to_lowercase();
    let mut rest = text.trim();
    let mut total: i64 = 0;
    if rest.is_empty() {
        return Err(Unclear::Unknown);
    }
    while !rest.is_empty() {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, after) = rest.split_at(digits);
        if number.is_empty() {
            return Err(Unclear::Unknown);
        }
        // Digits fail to parse only if the number is too large.
        let number: i64 = number.parse().unwrap_or(i64::MAX);
        let after = after.trim_start();
        let word = after.len() - after.trim_start_matches(char::is_alphabetic).len();
        let (word, after) = after.split_at(word);
        if word.is_empty() {
            let is_number = after.is_empty();
            return Err(if is_number {
                Unclear::NoUnit
            } else {
                Unclear::Unknown
            });
        }
        let unit = UNITS.iter().find(|(_, words)| words.contains(&word));
        let (seconds, _) = unit.ok_or(Unclear::Unknown)?;
        total = total.saturating_add(number.saturating_mul(*seconds));
        rest = without_separator(after.trim_start_matches('.'));
    }
    Ok(total)
}

fn without_separator(text: &str) -> &str {
    let text = text.trim_start().trim_start_matches(',').trim_start();
    let word = BETWEEN.iter().find_map(|word| {
        let rest = text.strip_prefix(word)?;
        rest.starts_with(char::is_whitespace)
            .then(|| rest.trim_start())
    });
    word.unwrap_or(text)
}

/// A unit in which a duration is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Days,
    Hours,
    Minutes,
    Seconds,
}

/// A duration in the largest units, exactly. Units of which there are none are left out.
pub fn parts(seconds: i64) -> Vec<(i64, Unit)> {
    let mut rest = seconds.max(0);
    let mut parts = Vec::new();
    for (length, unit) in [
        (DAY, Unit::Days),
        (HOUR, Unit::Hours),
        (MINUTE, Unit::Minutes),
        (1, Unit::Seconds),
    ] {
        if rest >= length {
            parts.push((rest / length, unit));
            rest %= length;
        }
    }
    if parts.is_empty() {
        parts.push((0, Unit::Seconds));
    }
    parts
}

/// Writes a duration so that [`parse`] reads it, and everybody understands it: `1d 12h`.
pub fn write(seconds: i64) -> String {
    let part = |(count, unit)| match unit {
        Unit::Days => format!("{count}d"),
        Unit::Hours => format!("{count}h"),
        Unit::Minutes => format!("{count}m"),
        Unit::Seconds => format!("{count}s"),
    };
    let parts: Vec<_> = parts(seconds).into_iter().map(part).collect();
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn all_three_languages_are_understood() {
        for (text, seconds) in [
            ("90s", 90),
            ("30m", 1800),
            ("12h", 43_200),
            ("7d", 604_800),
            ("2w", 1_209_600),
            ("0s", 0),
            (" 1h30m ", 5400),
            ("1 h 30 min.", 5400),
            ("1D, 2H", 93_600),
            ("2 days and 3 hours", 183_600),
            ("1 Tag und 2 Stunden", 93_600),
            ("3 Wochen", 1_814_400),
            ("5 Std. 10 Min.", 18_600),
            ("2 jours et 1 heure", 176_400),
            ("1 semaine", 604_800),
            ("45 secondes", 45),
        ] {
            assert_eq!(parse(text), Ok(seconds), "{text}");
        }
    }

    #[test]
    fn what_is_unclear_is_refused() {
        for text in ["10", " 10 ", "1h 30"] {
            assert_eq!(parse(text), Err(Unclear::NoUnit), "{text}");
        }
        for text in [
            "",
            " ",
            "h",
            "soon",
            "-5m",
            "1.5h",
            "5 parsecs",
            "5mm",
            "1h and",
            "5m!",
            "٣m",
            "10 %",
        ] {
            assert_eq!(parse(text), Err(Unclear::Unknown), "{text}");
        }
    }

    #[test]
    fn a_huge_one_is_no_overflow() {
        assert_eq!(parse("99999999999999999999999w 5w"), Ok(i64::MAX));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(seconds in 0..i64::from(u32::MAX)) {
            prop_assert_eq!(parse(&write(seconds)), Ok(seconds));
        }

        #[test]
        fn anything_is_read_or_refused(text in any::<String>(), tail in "[0-9]{0,25} ?\\PC{0,9}") {
            let _ = parse(&text);
            let _ = parse(&tail);
        }
    }
}
