//! The registered commands: they are within Discord's limits in each language.

use std::collections::{BTreeMap, HashMap, HashSet};

use expect_test::expect_file;
use serde_json::Value;
use theticketbot::discord::commands::{definitions, fingerprint, names};
use theticketbot::translate::{DISCORD_LOCALES, Language, Phrase, phrase};
use twilight_model::application::command::{Command, CommandOption, CommandType};

/// All commands in one language, as a file for people to review.
#[test]
fn definitions_as_they_are_sent() {
    let mut commands = definitions();
    for command in &mut commands {
        keep_german(&mut command.name_localizations);
        keep_german(&mut command.description_localizations);
        keep_german_in(&mut command.options);
    }
    let json = sorted(serde_json::to_value(commands).unwrap());
    let text = serde_json::to_string_pretty(&json).unwrap() + "\n";
    expect_file!["snapshots/commands.json"].assert_eq(&text);
}

/// Discord sends the English names, and the bot parses them.
#[test]
fn english_names_are_those_that_the_program_knows() {
    for (key, name) in [
        (Phrase::CommandInbox, names::INBOX),
        (Phrase::CommandCreate, names::CREATE),
        (Phrase::CommandCreateChannel, names::CHANNEL),
        (Phrase::CommandCreateDestination, names::DESTINATION),
        (Phrase::CommandCreateName, names::NAME),
        (Phrase::CommandCreatePanel, names::PANEL),
        (Phrase::CommandPanel, names::PANEL),
        (Phrase::CommandDestination, names::DESTINATION),
        (Phrase::CommandDestinationChannel, names::CHANNEL),
        (Phrase::CommandMessage, names::MESSAGE),
        (Phrase::CommandStaff, names::STAFF),
        (Phrase::CommandNewTickets, names::NEW_TICKETS),
        (Phrase::CommandStarter, names::STARTER),
        (Phrase::CommandName, names::NAME),
        (Phrase::CommandInboxList, names::LIST),
        (Phrase::CommandInboxRemove, names::REMOVE),
        (Phrase::CommandSettings, names::SETTINGS),
        (Phrase::CommandSettingsInbox, names::INBOX),
        (Phrase::CommandSettingsSetting, names::SETTING),
        (Phrase::CommandSelect, names::SELECT),
        (Phrase::CommandTicket, names::TICKET),
        (Phrase::CommandClose, names::CLOSE),
        (Phrase::CommandCloseReason, names::REASON),
        (Phrase::CommandCloseRemoveOwner, names::REMOVE_OWNER),
        (Phrase::CommandAdd, names::ADD),
        (Phrase::CommandRemove, names::REMOVE),
        (Phrase::CommandMember, names::MEMBER),
        (Phrase::CommandRename, names::RENAME),
        (Phrase::CommandRenameName, names::NAME),
        (Phrase::CommandClaim, names::CLAIM),
        (Phrase::CommandUnclaim, names::UNCLAIM),
        (Phrase::CommandHelp, names::HELP),
        (Phrase::CommandList, names::LIST),
        (Phrase::CommandReopen, names::REOPEN),
        (Phrase::CommandOpen, names::OPEN),
        (Phrase::CommandOpenFor, names::OPEN_FOR),
    ] {
        assert_eq!(phrase(key, Language::DEFAULT), name);
    }
}

#[test]
fn every_locale_that_the_bot_speaks_is_localised() {
    let locales: HashSet<_> = DISCORD_LOCALES
        .into_iter()
        .filter(|locale| Language::of(locale) != Language::DEFAULT)
        .collect();
    let has_all = |localizations: Option<&HashMap<String, String>>| {
        let found: HashSet<_> = localizations.into_iter().flatten().collect();
        found
            .into_iter()
            .map(|(locale, _)| locale.as_str())
            .collect::<HashSet<_>>()
            == locales
    };
    for command in definitions() {
        assert!(
            has_all(command.name_localizations.as_ref()),
            "{}",
            command.name
        );
        if command.kind == CommandType::ChatInput {
            assert!(
                has_all(command.description_localizations.as_ref()),
                "{}",
                command.name
            );
        }
        for option in all_options(&command.options) {
            assert!(
                has_all(option.name_localizations.as_ref()),
                "{}",
                option.name
            );
            assert!(
                has_all(option.description_localizations.as_ref()),
                "{}",
                option.name
            );
        }
    }
}

#[test]
fn names_obey_discords_rule_in_each_language() {
    for command in definitions() {
        let names = named(&command.name, command.name_localizations.as_ref());
        for (language, name) in names {
            let length = name.chars().count();
            assert!((1..=32).contains(&length), "{language}: {name}");
            if command.kind == CommandType::ChatInput {
                assert!(is_slash_name(&name), "{language}: {name}");
            }
        }
        for option in all_options(&command.options) {
            for (language, name) in named(&option.name, option.name_localizations.as_ref()) {
                assert!(is_slash_name(&name), "{language}: {name}");
            }
        }
    }
}

#[test]
fn the_rule_itself() {
    for good in [
        "inbox",
        "new-tickets",
        "équipe",
        "a_b",
        "l'x",
        "チケット",
        "x2",
    ] {
        assert!(is_slash_name(good), "{good}");
    }
    let long = "x".repeat(33);
    for bad in [
        "",
        "Inbox",
        "new tickets",
        "ÉQUIPE",
        "a.b",
        "a/b",
        "a!",
        "l’x",
        &long,
    ] {
        assert!(!is_slash_name(bad), "{bad}");
    }
}

#[test]
fn names_beside_each_other_differ_in_each_language() {
    for command in definitions() {
        siblings_differ(&command.options);
    }
}

#[test]
fn descriptions_fit_in_each_language() {
    for command in definitions() {
        if command.kind != CommandType::ChatInput {
            assert_eq!(command.description, "");
            assert_eq!(command.description_localizations, None);
            continue;
        }
        let own = named(
            &command.description,
            command.description_localizations.as_ref(),
        );
        let options = all_options(&command.options);
        let others = options.iter().flat_map(|option| {
            named(
                &option.description,
                option.description_localizations.as_ref(),
            )
        });
        for (language, description) in own.into_iter().chain(others) {
            let length = description.chars().count();
            assert!((1..=100).contains(&length), "{language}: {description}");
        }
    }
}

/// Discord limits the sum of all names and descriptions, and counts the longest translation of each.
#[test]
fn a_command_is_not_too_long_in_all() {
    for command in definitions() {
        let mut total = longest(&command.name, command.name_localizations.as_ref())
            + longest(
                &command.description,
                command.description_localizations.as_ref(),
            );
        for option in all_options(&command.options) {
            total += longest(&option.name, option.name_localizations.as_ref())
                + longest(
                    &option.description,
                    option.description_localizations.as_ref(),
                );
        }
        assert!(total <= 8000, "{} has {total}", command.name);
    }
}

#[test]
fn a_fingerprint_changes_with_the_definitions_only() {
    let first = fingerprint(&definitions());
    // The maps of localizations have a different order each time.
    for _ in 0..20 {
        assert_eq!(fingerprint(&definitions()), first);
    }
    let mut changed = HashSet::from([first, fingerprint(&[])]);
    let mut differs = |change: fn(&mut Vec<Command>)| {
        let mut commands = definitions();
        change(&mut commands);
        assert!(changed.insert(fingerprint(&commands)));
    };
    differs(|commands| commands.reverse());
    differs(|commands| commands.truncate(1));
    differs(|commands| commands[0].description.push('!'));
    differs(|commands| commands[0].options[0].required = Some(true));
    differs(|commands| {
        let german = commands[1].name_localizations.as_mut().unwrap();
        german.insert("de".into(), "Wählen".into());
    });
}

/// The fingerprint is stable, so that a new version of Rust or of a library does not register the commands
/// again.
#[test]
fn a_fingerprint_is_what_it_was() {
    assert_eq!(fingerprint(&[]), "09612b07b5ecb5a5");
}

/// The text in each language, beginning with the default.
fn named(default: &str, localizations: Option<&HashMap<String, String>>) -> Vec<(String, String)> {
    let others = localizations.into_iter().flatten();
    let others = others.map(|(language, name)| (language.clone(), name.clone()));
    std::iter::once(("default".to_owned(), default.to_owned()))
        .chain(others)
        .collect()
}

fn longest(default: &str, localizations: Option<&HashMap<String, String>>) -> usize {
    let names = named(default, localizations);
    names
        .iter()
        .map(|(_, name)| name.chars().count())
        .max()
        .unwrap_or(0)
}

/// All options, including nested ones.
fn all_options(options: &[CommandOption]) -> Vec<CommandOption> {
    let mut all = Vec::new();
    for option in options {
        all.push(option.clone());
        all.extend(all_options(option.options.as_deref().unwrap_or_default()));
    }
    all
}

fn siblings_differ(options: &[CommandOption]) {
    let mut taken: HashMap<String, HashSet<String>> = HashMap::new();
    for option in options {
        for (language, name) in named(&option.name, option.name_localizations.as_ref()) {
            let free = taken
                .entry(language.clone())
                .or_default()
                .insert(name.clone());
            assert!(free, "{language}: two are named {name}");
        }
        siblings_differ(option.options.as_deref().unwrap_or_default());
    }
}

/// Source: Discord's API reference, "Application Command Naming".
fn is_slash_name(name: &str) -> bool {
    (1..=32).contains(&name.chars().count())
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || "-_'".contains(c))
        && name.to_lowercase() == name
}

fn keep_german(localizations: &mut Option<HashMap<String, String>>) {
    if let Some(localizations) = localizations {
        localizations.retain(|locale, _| locale == "de");
    }
}

fn keep_german_in(options: &mut [CommandOption]) {
    for option in options {
        keep_german(&mut option.name_localizations);
        keep_german(&mut option.description_localizations);
        keep_german_in(option.options.as_deref_mut().unwrap_or_default());
    }
}

fn sorted(json: Value) -> Value {
    match json {
        Value::Object(map) => {
            let sorted: BTreeMap<_, _> = map.into_iter().map(|(k, v)| (k, sorted(v))).collect();
            sorted.into_iter().collect()
        }
        Value::Array(items) => items.into_iter().map(sorted).collect(),
        plain => plain,
    }
}
