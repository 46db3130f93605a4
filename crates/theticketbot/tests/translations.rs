//! The translations: complete, with the right variables, and with correct results.

mod samples;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use expect_test::expect_file;
use fluent_syntax::ast::{
    CallArguments, Entry, Expression, InlineExpression, Message, Pattern, PatternElement, Resource,
    Term,
};
use samples::samples;
use theticketbot::translate::{
    DISCORD_LOCALES, Language, Phrase, default_starter_template, keys, phrase, problem_lines, say,
    settings,
};
use tickets::problem::Problem;
use tickets::setting::{self, Group};
use tickets::text::Text;
use tickets::{Mention, UserId};

fn german() -> Language {
    Language::of("de")
}

fn french() -> Language {
    Language::of("fr")
}

#[test]
fn a_locale_finds_its_language() {
    for (locale, code) in [
        ("en-US", "en-US"),
        ("en-GB", "en-US"),
        ("de", "de"),
        ("fr", "fr"),
        ("fr-CA", "fr"),
        ("", "en-US"),
        ("-", "en-US"),
        ("nonsense", "en-US"),
    ] {
        assert_eq!(Language::of(locale).code(), code, "{locale}");
    }
    assert_eq!(Language::DEFAULT, Language::of("en-US"));
    for language in Language::ALL {
        assert_eq!(Language::of(language.code()), language);
    }
}

/// If a long problem does not fit, a shorter one after it is still shown.
#[test]
fn each_problem_that_fits_is_shown() {
    let english = Language::DEFAULT;
    let line = |problem: &Problem| format!("\n{}", say(problem.text(), english));
    let short = Problem::NobodyNotified;
    let long = Problem::StaffNotMentioned;
    let room = line(&short).chars().count();
    assert!(line(&long).chars().count() > room);
    let shown = problem_lines(&[long, short.clone()], room, english);
    assert_eq!(shown, line(&short));
}

#[test]
fn each_file_is_named_after_a_locale_of_discord() {
    for language in Language::ALL {
        assert!(
            DISCORD_LOCALES.contains(&language.code()),
            "locales/{language:?}.ftl: Discord has no locale of this name; see its API reference"
        );
    }
}

#[test]
fn every_key_is_there_once_with_its_variables() {
    let wanted: BTreeMap<_, BTreeSet<_>> = keys()
        .map(|(key, variables)| (key, variables.iter().copied().collect()))
        .collect();
    assert_eq!(wanted.len(), keys().count(), "a key is used for two things");

    let mut faults = String::new();
    for language in Language::ALL {
        let file = File::parse(language, &mut faults);
        for (key, variables) in &wanted {
            match file.messages.get(&**key) {
                None => writeln!(faults, "{language:?}: {key} is missing").unwrap(),
                Some(message) => {
                    let used = file.variables(message.value.as_ref());
                    if used != *variables {
                        writeln!(
                            faults,
                            "{language:?}: {key} uses {used:?}, not {variables:?}"
                        )
                        .unwrap();
                    }
                }
            }
        }
        for key in file
            .messages
            .keys()
            .filter(|&&key| !wanted.contains_key(key))
        {
            writeln!(faults, "{language:?}: {key} is not used by the program").unwrap();
        }
        for term in file.unused_terms() {
            writeln!(faults, "{language:?}: -{term} is not used by any message").unwrap();
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
}

/// Texts that Discord shows without markup, and texts with a length limit.
#[test]
fn names_and_titles_fit() {
    use Phrase as P;

    for language in Language::ALL {
        let (name, id) = ("x".repeat(32), u64::MAX.to_string());
        let who = || (name.clone(), id.clone());
        let audited = |make: fn(String, String) -> Text| {
            let (name, id) = who();
            say(make(name, id), language)
        };
        for (what, shown, most) in [
            ("starter title", phrase(P::StarterModalTitle, language), 45),
            ("starter label", phrase(P::StarterModalLabel, language), 45),
            (
                "starter description",
                phrase(P::StarterModalDescription, language),
                100,
            ),
            ("name title", phrase(P::NameModalTitle, language), 45),
            ("name label", phrase(P::NameModalLabel, language), 45),
            (
                "name description",
                phrase(P::NameModalDescription, language),
                100,
            ),
            (
                "name description with a form",
                phrase(P::NameModalDescriptionForm, language),
                100,
            ),
            (
                "placeholder",
                phrase(P::StaffMenuPlaceholder, language),
                150,
            ),
            ("button", say(Text::CreateTicket {}, language), 80),
            (
                "neutral name",
                say(
                    Text::NeutralName {
                        counter: "0001".into(),
                    },
                    language,
                ),
                100,
            ),
            (
                "opened",
                audited(|name, id| Text::AuditOpened { name, id }),
                512,
            ),
            (
                "reopened",
                audited(|name, id| Text::AuditReopened { name, id }),
                512,
            ),
            ("previous", phrase(P::PreviousPage, language), 80),
            ("next", phrase(P::NextPage, language), 80),
            ("join", phrase(P::JoinMenuPlaceholder, language), 150),
            ("another", say(Text::OpenAnother {}, language), 80),
            ("close title", phrase(P::CloseModalTitle, language), 45),
            ("close label", phrase(P::CloseModalLabel, language), 45),
            (
                "close description",
                phrase(P::CloseModalDescription, language),
                100,
            ),
            ("close", say(Text::CloseButton {}, language), 80),
            (
                "closed",
                audited(|name, id| Text::AuditClosed { name, id }),
                512,
            ),
            (
                "renamed",
                audited(|name, id| Text::AuditRenamed { name, id }),
                512,
            ),
            (
                "added",
                audited(|name, id| Text::AuditAdded { name, id }),
                512,
            ),
            (
                "removed",
                audited(|name, id| Text::AuditRemoved { name, id }),
                512,
            ),
            ("owner left", say(Text::AuditOwnerLeft {}, language), 512),
            ("archived", say(Text::AuditArchived {}, language), 512),
            ("rolled_back", say(Text::AuditRolledBack {}, language), 512),
        ] {
            let length = shown.chars().count();
            assert!(
                (1..=most).contains(&length),
                "{language:?}: {what} has {length} of {most}"
            );
            let markup = ['*', '`', '\n'];
            assert!(
                !shown.contains(markup),
                "{language:?}: {what} has markup: {shown}"
            );
        }
    }
}

/// Discord would treat any other character after a link as part of it.
#[test]
fn links_end_where_they_should() {
    for language in Language::ALL {
        for sample in samples() {
            let said = say(sample, language);
            for (at, link) in said.match_indices("https://discord.com/channels/1/10/4") {
                let after = said[at + link.len()..].chars().nth(1);
                let ends = after.is_none_or(|c| c.is_whitespace() || ".,:;".contains(c));
                assert!(
                    ends,
                    "{language:?}: {after:?} belongs to the link in {said}"
                );
            }
        }
    }
}

/// The longest sentences still fit into a message.
#[test]
fn sentences_fit_into_a_message() {
    for language in Language::ALL {
        for sample in samples() {
            let key = sample.key();
            let length = say(sample, language).chars().count();
            assert!(
                (1..=1000).contains(&length),
                "{language:?}: {key} has {length}"
            );
        }
    }
}

#[test]
fn the_forms_name_their_placeholders() {
    for language in Language::ALL {
        let starter = phrase(Phrase::StarterModalDescription, language);
        let name = phrase(Phrase::NameModalDescription, language);
        let with_form = phrase(Phrase::NameModalDescriptionForm, language);
        for placeholder in ["$author", "$staff"] {
            assert!(starter.contains(placeholder), "{language:?}: {starter}");
        }
        for placeholder in ["$year", "$month", "$day", "$author", "$counter"] {
            assert!(name.contains(placeholder), "{language:?}: {name}");
            assert!(with_form.contains(placeholder), "{language:?}: {with_form}");
        }
        assert!(with_form.contains("$title") && !name.contains("$title"));
    }
}

/// An admin who submits the modal unchanged gets the same starting message as before.
#[test]
fn the_default_starter_and_its_template_are_one() {
    let author = UserId(20);
    for language in Language::ALL {
        let template = default_starter_template(language);
        for staff in [
            vec![Mention::User(UserId(21))],
            (30..55).map(|id| Mention::User(UserId(id))).collect(),
        ] {
            let said = say(
                Text::DefaultStarter {
                    author,
                    staff: staff.clone(),
                    count: i64::try_from(staff.len()).unwrap(),
                },
                language,
            );
            assert_eq!(tickets::template::starter(&template, author, &staff), said);
        }
    }
}

#[test]
fn numbers_have_the_languages_form() {
    let limit = |language| {
        say(
            Text::AttachmentsTooLarge {
                limit: 1_234_560_000,
            },
            language,
        )
    };
    assert!(limit(Language::DEFAULT).contains("1,234.56 MB"));
    assert!(limit(german()).contains("1.234,56 MB"));
    assert!(limit(french()).contains("1\u{202F}234,56\u{A0}Mo"));
    let limit = say(Text::AttachmentsTooLarge { limit: 5_000_000 }, german());
    assert!(limit.contains(" 5 MB"), "{limit}");
}

#[test]
fn waits_are_told_in_the_largest_units() {
    let wait = |seconds, language| say(Text::CoolingDown { seconds, until: 0 }, language);
    for (seconds, expected) in [
        (1, "1 second "),
        (45, "45 seconds"),
        (60, "1 minute "),
        (90, "1 minute 30 seconds"),
        (120, "2 minutes"),
        (3600, "1 hour "),
        (5400, "1 hour 30 minutes"),
        (21_600, "6 hours"),
        (90_000, "1 day 1 hour"),
        // What an admin has set is never rounded.
        (2_591_999, "29 days 23 hours 59 minutes 59 seconds"),
        (0, "0 seconds"),
    ] {
        let said = wait(seconds, Language::DEFAULT);
        assert!(said.contains(expected), "{said}");
    }
    assert!(wait(21_600, german()).contains("6 Stunden"));
    assert!(wait(5400, german()).contains("1 Stunde 30 Minuten"));
    assert!(wait(5400, french()).contains("1\u{A0}heure 30\u{A0}minutes"));
    assert!(wait(60, french()).contains("1\u{A0}minute "));
}

/// French uses non-breaking spaces before certain punctuation marks.
#[test]
fn french_is_typeset() {
    let file = french().source();
    let text = file.lines().filter(|line| !line.starts_with('#'));
    for line in text {
        let line = line.split_once(" = ").map_or(line, |(_, text)| text);
        for mark in [" :", " ;", " !", " ?", "'", "« ", " »", "..."] {
            assert!(!line.contains(mark), "{mark:?} in {line}");
        }
    }
}

/// Every sentence in each language, as files for people to review. A new language passes without a file;
/// `UPDATE_EXPECT=1 cargo test` writes it.
#[test]
fn sentences() {
    let said: BTreeSet<_> = samples().iter().map(Text::key).collect();
    let all: BTreeSet<_> = Text::KEYS.iter().map(|(key, _)| *key).collect();
    assert_eq!(said, all, "each sentence has a sample");

    for language in Language::ALL {
        let mut page = String::new();
        for sample in samples() {
            let key = sample.key();
            writeln!(page, "[{key}]\n{}\n", say(sample, language)).unwrap();
        }
        for sample in Phrase::ALL
            .iter()
            .filter(|phrase| phrase.variables().is_empty())
        {
            writeln!(page, "[{}]\n{}\n", sample.key(), phrase(*sample, language)).unwrap();
        }
        for setting in setting::ALL {
            let key = setting.key();
            let (name, does) = (
                settings::name(key, language),
                settings::description(key, language),
            );
            writeln!(page, "[setting-{key}]\n{name}\n{does}").unwrap();
            for word in setting.words() {
                writeln!(page, "- {}", settings::word(key, word, language)).unwrap();
            }
            writeln!(page).unwrap();
        }
        let template = default_starter_template(language);
        writeln!(page, "[default starter, as a template]\n{template}").unwrap();
        let file = format!("snapshots/sentences.{}.txt", language.code());
        let is_new = !Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests")
            .join(&file)
            .exists();
        if is_new && std::env::var_os("UPDATE_EXPECT").is_none() {
            assert!(
                !["en-US", "de", "fr"].contains(&language.code()),
                "{file} is missing"
            );
            continue;
        }
        expect_file![file].assert_eq(&page);
    }
}

/// `docs/settings.md` lists every setting. `UPDATE_EXPECT=1 cargo test` writes it.
#[test]
fn the_page_of_settings() {
    let english = Language::DEFAULT;
    let mut page = String::from(INTRODUCTION);
    for group in Group::ALL {
        let of_group = setting::ALL.iter().filter(|it| it.group() == group);
        let rows: Vec<_> = of_group
            .map(|setting| {
                let key = setting.key();
                format!(
                    "| {} | `{key}` | {} | {} |",
                    settings::name(key, english),
                    settings::description(key, english).replace('|', "\\|"),
                    settings::shown(key, &setting.show(None), english),
                )
            })
            .collect();
        if !rows.is_empty() {
            let name = settings::group(group, english);
            let rows = rows.join("\n");
            write!(
                page,
                "\n## {name}\n\n| setting | key | what it does | default |\n|---|---|---|---|\n{rows}\n"
            )
            .unwrap();
        }
    }
    expect_file!["../../../docs/settings.md"].assert_eq(&page);
}

const INTRODUCTION: &str = "\
# Settings

For admins. `/inbox settings` shows an overview of all settings of an inbox and of the server, with a menu for each group. Settings that
you have changed are in bold, the others in small print. If the inbox has problems, they are just above the menus.

Pick a setting in a menu. A setting with two choices changes at once; every other one opens a modal with its current value. To restore the
default, empty the field. Then the overview shows the new value, and just above the menus you read what was saved.

`/inbox settings setting:…` opens one setting directly. If there are several inboxes, choose one with the option `inbox`. If you cancel a
modal, Discord does not let you pick the same setting again in its menu: pick another one first, or use the option `setting`.

<picture>
  <source media=\"(prefers-color-scheme: dark) and (max-width: 500px)\" srcset=\"settings-phone-dark.webp\">
  <source media=\"(prefers-color-scheme: dark)\" srcset=\"settings-wide-dark.webp\">
  <source media=\"(max-width: 500px)\" srcset=\"settings-phone-light.webp\">
  <img src=\"settings-wide-light.webp\" alt=\"The overview of /inbox settings: all settings in groups, and a menu for each group\">
</picture>

Members with *Manage Server* can change settings, and so can everybody whom you allow to use the command in *Server Settings →
Integrations*. An inbox that the Python bot created has the defaults below, with which it works as before. In an inbox that you create now,
the listed staff count as staff (`staff-powers`).

A length of time is a number with a unit, such as `90s`, `30m`, `12h`, `7d` or `2w`, or several of them: `1d 12h`. English, German and
French words work, too: `2 days`, `2 Tage`, `2 jours`. For staff hours, time zones and pauses, [hours.md](hours.md) has examples.

This page is generated from the program's list of settings.
";

/// A language's file, parsed by Fluent's own parser.
struct File {
    messages: BTreeMap<&'static str, Message<&'static str>>,
    terms: BTreeMap<&'static str, Term<&'static str>>,
}

impl File {
    fn parse(language: Language, faults: &mut String) -> Self {
        let resource: Resource<&'static str> = match fluent_syntax::parser::parse(language.source())
        {
            Ok(resource) => resource,
            Err((resource, errors)) => {
                for error in errors {
                    let line = language.source()[..error.pos.start].lines().count();
                    writeln!(faults, "{language:?}: line {line}: {error}").unwrap();
                }
                resource
            }
        };
        let mut file = Self {
            messages: BTreeMap::new(),
            terms: BTreeMap::new(),
        };
        for entry in resource.body {
            let twice = match entry {
                Entry::Message(message) => {
                    let key = message.id.name;
                    file.messages.insert(key, message).map(|_| key)
                }
                Entry::Term(term) => {
                    let key = term.id.name;
                    file.terms.insert(key, term).map(|_| key)
                }
                _ => None,
            };
            if let Some(key) = twice {
                writeln!(faults, "{language:?}: {key} is there twice").unwrap();
            }
        }
        file
    }

    /// The variables of a pattern, including those of the messages that it refers to.
    fn variables(&self, pattern: Option<&Pattern<&'static str>>) -> BTreeSet<&'static str> {
        self.uses(pattern)
            .into_iter()
            .filter_map(|used| match used {
                Use::Variable(name) => Some(name),
                Use::Term(_) => None,
            })
            .collect()
    }

    fn unused_terms(&self) -> Vec<&'static str> {
        let used: BTreeSet<_> = self
            .messages
            .values()
            .flat_map(|message| self.uses(message.value.as_ref()))
            .collect();
        let terms = self.terms.keys().copied();
        terms
            .filter(|term| !used.contains(&Use::Term(term)))
            .collect()
    }

    fn uses(&self, pattern: Option<&Pattern<&'static str>>) -> BTreeSet<Use> {
        let mut uses = BTreeSet::new();
        for element in pattern.iter().flat_map(|pattern| &pattern.elements) {
            if let PatternElement::Placeable { expression } = element {
                self.expression(expression, &mut uses);
            }
        }
        uses
    }

    fn expression(&self, expression: &Expression<&'static str>, uses: &mut BTreeSet<Use>) {
        match expression {
            Expression::Inline(inline) => self.inline(inline, uses),
            Expression::Select { selector, variants } => {
                self.inline(selector, uses);
                for variant in variants {
                    uses.extend(self.uses(Some(&variant.value)));
                }
            }
        }
    }

    fn inline(&self, inline: &InlineExpression<&'static str>, uses: &mut BTreeSet<Use>) {
        match inline {
            InlineExpression::VariableReference { id } => {
                uses.insert(Use::Variable(id.name));
            }
            InlineExpression::MessageReference { id, .. } => {
                let message = self.messages.get(id.name);
                let message = message.unwrap_or_else(|| panic!("{} is referred to", id.name));
                uses.extend(self.uses(message.value.as_ref()));
            }
            InlineExpression::TermReference { id, arguments, .. } => {
                let term = self.terms.get(id.name);
                let term = term.unwrap_or_else(|| panic!("-{} is referred to", id.name));
                uses.insert(Use::Term(id.name));
                uses.extend(self.uses(Some(&term.value)));
                self.arguments(arguments.as_ref(), uses);
            }
            InlineExpression::FunctionReference { arguments, .. } => {
                self.arguments(Some(arguments), uses);
            }
            InlineExpression::Placeable { expression } => self.expression(expression, uses),
            InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => {}
        }
    }

    fn arguments(&self, arguments: Option<&CallArguments<&'static str>>, uses: &mut BTreeSet<Use>) {
        for argument in arguments.iter().flat_map(|arguments| &arguments.positional) {
            self.inline(argument, uses);
        }
    }
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Use {
    Variable(&'static str),
    Term(&'static str),
}

/// Discord's limit for the description of a menu's option is 100 characters.
#[test]
fn what_a_setting_does_fits_into_a_menu() {
    for language in Language::ALL {
        for setting in setting::ALL {
            let does = settings::description(setting.key(), language);
            assert!(does.chars().count() <= 100, "{language:?}: {does}");
        }
    }
}
