//! Checks that several settings share, of what an admin entered.

use std::ops::RangeInclusive;

use super::{Entered, Shown};
use crate::duration;
use crate::text::Text;
use crate::{Mention, RoleId};

/// Checks a text. An empty text stands for the default.
pub fn optional(
    entered: &Entered,
    check: impl FnOnce(&str) -> Result<String, Text>,
) -> Result<Option<String>, Text> {
    match entered.text() {
        "" => Ok(None),
        text => check(text).map(Some),
    }
}

/// A whole number in this range.
pub fn number(text: &str, range: &RangeInclusive<u32>) -> Result<String, Text> {
    let number: Option<u32> = text.parse().ok();
    match number.filter(|number| range.contains(number)) {
        Some(number) => Ok(number.to_string()),
        None => Err(Text::NotANumber {
            written: quoted(text),
            least: (*range.start()).into(),
            most: (*range.end()).into(),
        }),
    }
}

/// A duration in this range, stored in seconds. `0` needs no unit.
pub fn duration(text: &str, range: &RangeInclusive<i64>) -> Result<String, Text> {
    let seconds = match text {
        "0" => 0,
        text => duration::parse(text).map_err(|_| Text::NotADuration {
            written: quoted(text),
        })?,
    };
    if range.contains(&seconds) {
        Ok(seconds.to_string())
    } else {
        Err(Text::DurationOutOfRange {
            least: *range.start(),
            most: *range.end(),
        })
    }
}

/// One of these words.
pub fn word(text: &str, words: &[&str]) -> Result<String, Text> {
    if words.contains(&text) {
        Ok(text.to_owned())
    } else {
        // Discord's clients offer only these words.
        Err(Text::NotAChoice {
            written: quoted(text),
        })
    }
}

/// The beginning of a text, safe between backticks.
pub fn quoted(text: &str) -> String {
    const MOST: usize = 60;
    let mut quoted: String = text
        .chars()
        .take(MOST)
        .map(|c| match c {
            '`' => '\'',
            c if c.is_control() => ' ',
            c => c,
        })
        .collect();
    if text.chars().nth(MOST).is_some() {
        quoted.push('…');
    }
    quoted
}

/// What was chosen in a menu of roles or channels.
pub fn ids(entered: &Entered) -> Option<String> {
    let chosen: Vec<_> = match entered {
        Entered::Text(text) => text.split(',').collect(),
        Entered::Chosen(values) => values.iter().map(String::as_str).collect(),
    };
    let ids = chosen.iter().filter_map(|id| id.trim().parse::<u64>().ok());
    let ids: Vec<_> = ids.map(|id| id.to_string()).collect();
    (!ids.is_empty()).then(|| ids.join(","))
}

/// The first id that was chosen in a menu of roles or channels.
pub fn one_id(entered: &Entered) -> Option<String> {
    let ids = ids(entered)?;
    ids.split(',').next().map(str::to_owned)
}

/// What was chosen in a menu of members and roles.
pub fn mentions(entered: &Entered) -> Vec<Mention> {
    match entered {
        Entered::Text(text) => read_mentions(Some(text)).collect(),
        Entered::Chosen(values) => values.iter().filter_map(|it| it.parse().ok()).collect(),
    }
}

/// The members and roles that are stored.
pub fn read_mentions(stored: Option<&str>) -> impl Iterator<Item = Mention> {
    let mentions = stored.unwrap_or_default().split(',');
    mentions.filter_map(|mention| mention.trim().parse().ok())
}

/// The ids that are stored.
pub fn read_ids(stored: Option<&str>) -> impl Iterator<Item = u64> {
    let ids = stored.unwrap_or_default().split(',');
    ids.filter_map(|id| id.parse().ok())
}

/// Roles as they are shown, or this word without any.
pub fn roles_or(word: &'static str, roles: &[RoleId]) -> Shown {
    if roles.is_empty() {
        Shown::Word(word)
    } else {
        Shown::Mentions(roles.iter().copied().map(Mention::Role).collect())
    }
}

/// How a limit is shown; 0 is no limit. Each setting that uses this has the word `none`.
pub fn limit(limit: u32) -> Shown {
    match limit {
        0 => Shown::Word("none"),
        limit => Shown::Number(limit.into()),
    }
}
