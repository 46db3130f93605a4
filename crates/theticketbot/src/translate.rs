//! Renders sentences and phrases in a language.
//!
//! The words are in `locales/`, one file for each language, named after Discord's code for it.
//! To add a language, add a file; the tests name what it lacks.

mod bundle;
mod number;
mod phrase;
pub mod settings;

use std::borrow::Cow;
use std::fmt;

use fluent_bundle::types::{FluentNumber, FluentNumberOptions};
use fluent_bundle::{FluentArgs, FluentValue};
use tickets::duration::{self, Unit};
use tickets::form::render::escape;
use tickets::permission::{Missing, Permission};
use tickets::problem::Problem;
use tickets::setting::enter;
use tickets::template::{MAX_STARTER, four_digits, mention_list};
use tickets::text::{MessageLink, Text, Value};

pub use number::DISCORD_LOCALES;
pub use phrase::Phrase;

/// The code and the file of each language. The first is the default language, to which all others fall back.
const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/languages.rs"));

/// A language that the bot speaks.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Language(usize);

impl Language {
    /// American English, which everything falls back to.
    pub const DEFAULT: Self = Self(0);

    /// All of them, the default first.
    pub const ALL: [Self; FILES.len()] = {
        let mut all = [Self::DEFAULT; FILES.len()];
        let mut index = 0;
        while index < all.len() {
            all[index] = Self(index);
            index += 1;
        }
        all
    };

    /// The best language for a reader or server with this locale: exactly this one, else the same language of
    /// another country, else the default.
    pub fn of(discord_locale: &str) -> Self {
        let find = |matches: &dyn Fn(&str) -> bool| {
            Self::ALL
                .into_iter()
                .find(|language| matches(language.code()))
        };
        find(&|code| code == discord_locale)
            .or_else(|| find(&|code| without_country(code) == without_country(discord_locale)))
            .unwrap_or(Self::DEFAULT)
    }

    /// Discord's code for it.
    pub const fn code(self) -> &'static str {
        FILES[self.0].0
    }

    /// Its file, for tests of the translations themselves.
    pub const fn source(self) -> &'static str {
        FILES[self.0].1
    }
}

impl fmt::Debug for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A sentence in a language.
pub fn say(text: Text, language: Language) -> String {
    let key = text.key();
    let values: FluentArgs = text
        .values()
        .into_iter()
        .map(|(name, value)| (name, render(value, language)))
        .collect();
    bundle::format(key, &values, language)
}

/// What was done, what is wrong with the inbox, and perhaps a last sentence: each on its own line.
/// Problems for which a message has no room are left out.
pub fn report(text: Text, problems: &[Problem], last: Option<Text>, language: Language) -> String {
    let report = say(text, language);
    let last = last.map(|last| format!("\n{}", say(last, language)));
    let last = last.unwrap_or_default();
    let room = MAX_STARTER.saturating_sub((report.clone() + &last).chars().count());
    report + &problem_lines(problems, room, language) + &last
}

/// What is wrong with an inbox, each problem on a new line, the worst first. Those that do not fit into so
/// many characters are left out.
pub fn problem_lines(problems: &[Problem], mut room: usize, language: Language) -> String {
    let mut lines = String::new();
    for problem in problems {
        let line = format!("\n{}", say(problem.text(), language));
        let Some(left) = room.checked_sub(line.chars().count()) else {
            continue;
        };
        room = left;
        lines.push_str(&line);
    }
    lines
}

/// A phrase in a language.
pub fn phrase(phrase: Phrase, language: Language) -> String {
    bundle::format(phrase.key(), &FluentArgs::new(), language)
}

/// A phrase with values in it.
pub fn phrase_of(phrase: Phrase, values: &[(&str, &str)], language: Language) -> String {
    let values = values.iter().copied().collect();
    bundle::format(phrase.key(), &values, language)
}

/// The default starting message as a template: what an admin sees in the form before there is an
/// own one. With its placeholders filled in it is the sentence that a ticket begins with.
pub fn default_starter_template(language: Language) -> String {
    let sentence = Text::DefaultStarter {
        author: tickets::UserId(0),
        staff: Vec::new(),
        count: 0,
    };
    let values = [
        ("author", FluentValue::from("$author")),
        ("staff", FluentValue::from("$staff")),
        // The template is the variant of the sentence that mentions staff.
        ("count", FluentValue::from(1)),
    ];
    bundle::format(sentence.key(), &values.into_iter().collect(), language)
}

/// The link to a message.
pub fn link(message: MessageLink) -> String {
    let MessageLink {
        guild,
        channel,
        message,
    } = message;
    format!("https://discord.com/channels/{guild}/{channel}/{message}")
}

/// Drops the languages that were needed only once, for the commands. A language that is needed later is
/// loaded again, which takes a millisecond.
pub fn unload() {
    bundle::unload();
}

/// Every key with its variables: what each language must have, no more and no less.
pub fn keys() -> impl Iterator<Item = (Cow<'static, str>, &'static [&'static str])> {
    let sentences = Text::KEYS.iter().copied();
    let permissions = Permission::ALL.into_iter().map(|p| (p.key(), &[][..]));
    let phrases = Phrase::ALL.iter().map(|p| (p.key(), p.variables()));
    let known = sentences.chain(permissions).chain(phrases);
    let settings = settings::keys().map(|key| (Cow::Owned(key), &[][..]));
    known
        .map(|(key, variables)| (Cow::Borrowed(key), variables))
        .chain(settings)
}

fn render(value: Value, language: Language) -> FluentValue<'static> {
    let text = match value {
        Value::Number(number) => return number.into(),
        Value::Megabytes(bytes) => return megabytes(bytes),
        Value::Text(text) => text,
        Value::Quoted(texts) => quoted(&texts, language),
        Value::Channel(id) => format!("<#{id}>"),
        Value::User(id) => format!("<@{id}>"),
        Value::Mentions(mentions) => mention_list(&mentions),
        Value::Few(mentions) => few(&mentions, mention_list, language),
        Value::FewNames(names) => few(&names, |names| list(names, language), language),
        Value::Permissions(permissions) => names(&permissions, language),
        Value::Message(message) => link(message),
        Value::Missing(missing) => missing_list(&missing, language),
        Value::Moment(seconds) => format!("<t:{seconds}:R>"),
        Value::Duration(seconds) => duration(seconds, language),
        Value::TicketName(Some(name)) => enter::quoted(&name),
        Value::TicketName(None) => {
            let counter = four_digits(1);
            say(Text::NeutralName { counter }, language)
        }
        Value::Setting(key) => settings::name(key, language),
        Value::Shown((key, shown)) => settings::shown(key, &shown, language),
    };
    FluentValue::String(Cow::Owned(text))
}

/// Texts that somebody wrote: nothing in them is markup.
fn quoted(texts: &[String], language: Language) -> String {
    let quoted = texts.iter().map(|text| {
        let values = [("text", escape(text))];
        bundle::format(
            Phrase::Quoted.key(),
            &values.into_iter().collect(),
            language,
        )
    });
    list(&quoted.collect::<Vec<_>>(), language)
}

fn list(texts: &[String], language: Language) -> String {
    texts.join(&phrase(Phrase::ListSeparator, language))
}

fn megabytes(bytes: u64) -> FluentValue<'static> {
    #[expect(
        clippy::cast_precision_loss,
        reason = "two decimals of a megabyte are shown"
    )]
    let megabytes = bytes as f64 / 1_000_000.0;
    let options = FluentNumberOptions {
        maximum_fraction_digits: Some(2),
        ..FluentNumberOptions::default()
    };
    FluentValue::Number(FluentNumber::new(megabytes, options))
}

/// A line for each channel.
fn missing_list(missing: &[Missing], language: Language) -> String {
    let line = |missing: &Missing| {
        let values = [
            ("channel", format!("<#{}>", missing.channel)),
            ("permissions", names(&missing.permissions, language)),
        ];
        bundle::format(
            Phrase::MissingInChannel.key(),
            &values.into_iter().collect(),
            language,
        )
    };
    missing.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn names(permissions: &[Permission], language: Language) -> String {
    let names: Vec<_> = permissions
        .iter()
        .map(|permission| bundle::format(permission.key(), &FluentArgs::new(), language))
        .collect();
    list(&names, language)
}

/// The first of many, and the number of the others. A sentence about 25 roles must fit into a message with
/// other sentences, even if their names are long.
fn few<T>(all: &[T], list: impl Fn(&[T]) -> String, language: Language) -> String {
    const SHOWN: usize = 5;
    let (shown, more) = all.split_at(all.len().min(SHOWN));
    let names = list(shown);
    if more.is_empty() {
        return names;
    }
    let values = [
        ("names", FluentValue::from(names)),
        ("count", FluentValue::from(more.len())),
    ];
    let key = Phrase::AndMore.key();
    bundle::format(key, &values.into_iter().collect(), language)
}

/// The exact duration, in the largest possible units. An admin may have entered it.
pub fn duration(seconds: i64, language: Language) -> String {
    let part = |(count, unit)| {
        let unit = match unit {
            Unit::Days => Phrase::DurationDays,
            Unit::Hours => Phrase::DurationHours,
            Unit::Minutes => Phrase::DurationMinutes,
            Unit::Seconds => Phrase::DurationSeconds,
        };
        let values = [("count", count)].into_iter().collect();
        bundle::format(unit.key(), &values, language)
    };
    let parts: Vec<_> = duration::parts(seconds).into_iter().map(part).collect();
    parts.join(" ")
}

fn without_country(code: &str) -> &str {
    code.split('-').next().unwrap_or(code)
}
