//! Any config file yields settings or an error with a position. It never causes a panic, and no secret of the
//! file is in a message.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use theticketbot::config::{self, ConfigError, Settings, dump};
use theticketbot::dirs::Dirs;
use theticketbot::store::Pragma;

/// A secret that must not appear in any message.
const TOKEN: &str = "MTQ1TokenThatNobodyMaySee.Gx7aBc.k3y-0f_tHe_bOt";
const KEY: &str = "k3yThatNobodyMaySee0";

const GOOD: &str = r#"[bot]
token = "MTQ1TokenThatNobodyMaySee.Gx7aBc.k3y-0f_tHe_bOt"
api_url = "http://localhost:8080"
extensions = ["a", "b"]
allow_jishaku = false

[bot.inbox]
max_attachment_size = 5_000_000

[bot.intents]
members = true
message_content = false

[db]
path = "${USER_DATA_DIR}/theticketbot.db"
pragmas = ["PRAGMA cipher = 'sqlcipher'", "PRAGMA key = 'k3yThatNobodyMaySee0'"]
key_template = "PRAGMA hexkey = '{}'"
"#;

/// Keys, with their table and the type of their value.
const KEYS: &[(&str, &str, &str)] = &[
    ("bot", "token", "string"),
    ("bot", "api_url", "string"),
    ("bot.inbox", "max_attachment_size", "number"),
    ("bot.intents", "members", "boolean"),
    ("bot.intents", "guilds", "boolean"),
    ("db", "path", "string"),
    ("db", "pragmas", "array"),
    ("db", "key_template", "string"),
];

fn config() -> ProptestConfig {
    // PROPTEST_CASES can ask for more cases.
    let asked = std::env::var_os("PROPTEST_CASES").is_some();
    let default = ProptestConfig::default();
    ProptestConfig {
        cases: if asked { default.cases } else { 300 },
        failure_persistence: None,
        ..default
    }
}

fn dirs() -> Dirs {
    Dirs {
        config: "/config".into(),
        data: "/data".into(),
        state: "/state".into(),
        log: "/state/log".into(),
        runtime: "/run".into(),
    }
}

fn load(file: &Path) -> Result<Settings, ConfigError> {
    config::load(Some(file), &dirs(), None)
}

fn is_secret(text: &str) -> bool {
    // The URL parser converts a host's name to lowercase.
    let text = text.to_lowercase();
    [TOKEN, KEY]
        .iter()
        .flat_map(|secret| secret.split('.'))
        .filter(|part| part.len() > 8)
        .any(|part| text.contains(&part.to_lowercase()))
}

/// Loads this text, and checks the settings or the error.
fn check(text: &[u8]) -> Result<Settings, String> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.toml");
    fs::write(&file, text).unwrap();
    let settings = match load(&file) {
        Ok(settings) => settings,
        Err(error) => {
            let message = error.to_string();
            assert!(!is_secret(&message), "{message}");
            assert!(!is_secret(&format!("{error:?}")), "{error:?}");
            assert!(!message.contains(char::is_control), "{message:?}");
            assert!(message.len() < 2_000, "{message}");
            let file = file.to_str().unwrap();
            let place = message
                .strip_prefix(file)
                .unwrap_or_else(|| panic!("{message}"));
            let Ok(text) = std::str::from_utf8(text) else {
                assert!(place.contains("not UTF-8"), "{message}");
                return Err(message);
            };
            let mut numbers = place.split(':').skip(1);
            let line: usize = numbers.next().and_then(|n| n.parse().ok()).expect(&message);
            let column: usize = numbers.next().and_then(|n| n.parse().ok()).expect(&message);
            assert!(
                (1..=text.matches('\n').count() + 1).contains(&line),
                "{message}"
            );
            assert!(column >= 1, "{message}");
            return Err(message);
        }
    };
    // The database's path, the URL of the API and the names of pragmas are shown on purpose.
    let shown = [
        settings.api_url.to_string(),
        settings.db.path.to_string_lossy().into_owned(),
        settings.db.pragmas.iter().map(Pragma::name).collect(),
    ];
    if !shown.iter().any(|shown| is_secret(shown)) {
        for message in [
            format!("{settings:?}"),
            dump(&settings),
            settings.notices.join("\n"),
        ] {
            assert!(!is_secret(&message), "{message}");
        }
    }
    Ok(settings)
}

/// A TOML value, and its type. It may contain a secret.
fn value() -> impl Strategy<Value = (String, &'static str)> {
    let secret = prop::sample::select(vec![TOKEN, KEY]);
    let text = prop_oneof![
        secret.clone().prop_map(str::to_owned),
        secret.prop_map(|it| format!("PRAGMA key = '{it}'")),
        "\\PC{0,20}",
        "(https?://)?[a-z:/@$?{}.]{0,12}",
    ];
    let quoted = text.prop_map(|text| serde_json::to_string(&text).expect("a text"));
    let leaf = prop_oneof![
        4 => quoted.prop_map(|text| (text, "string")),
        1 => any::<i64>().prop_map(|number| (number.to_string(), "number")),
        1 => any::<u128>().prop_map(|number| (number.to_string(), "number")),
        1 => any::<u32>().prop_map(|number| (format!("{number}.5e3"), "fraction")),
        1 => any::<bool>().prop_map(|yes| (yes.to_string(), "boolean")),
        1 => Just(("2026-03-09T10:00:00Z".to_owned(), "date")),
        1 => Just(("nan".to_owned(), "fraction")),
    ];
    leaf.prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(|all| {
                let all: Vec<String> = all.into_iter().map(|(text, _)| text).collect();
                (format!("[{}]", all.join(", ")), "array")
            }),
            inner.prop_map(|(text, _)| (format!("{{ a = {text} }}"), "table")),
        ]
    })
}

fn key() -> impl Strategy<Value = String> {
    let known: Vec<&str> = KEYS.iter().map(|(_, key, _)| *key).collect();
    prop_oneof![
        4 => prop::sample::select(known).prop_map(str::to_owned),
        1 => Just(format!("{TOKEN:?}")),
        1 => Just(KEY.to_owned()),
        1 => "[a-z_]{1,8}(\\.[a-z]{1,4}){0,2}",
        1 => "\\PC{0,6}",
    ]
}

fn document() -> impl Strategy<Value = String> {
    let header = prop_oneof![
        5 => prop::sample::select(vec!["[bot]", "[bot.inbox]", "[bot.intents]", "[db]", ""])
            .prop_map(str::to_owned),
        1 => Just(format!("[{KEY}]")),
        1 => Just("[[bot]]".to_owned()),
        1 => "\\[\\PC{0,8}\\]",
    ];
    let entry = (key(), value()).prop_map(|(key, (value, _))| format!("{key} = {value}"));
    let table = (header, prop::collection::vec(entry, 0..4))
        .prop_map(|(header, entries)| format!("{header}\n{}\n", entries.join("\n")));
    prop::collection::vec(table, 0..4).prop_map(|tables| tables.concat())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        let _ = check(&bytes);
    }

    #[test]
    fn any_text(text in "(\\PC|[\\[\\]=\"'{}\n.#]){0,60}") {
        let _ = check(text.as_bytes());
    }

    #[test]
    fn any_document(text in document()) {
        let _ = check(text.as_bytes());
    }

    #[test]
    fn a_good_one_with_mistakes(
        mistakes in prop::collection::vec(
            (any::<prop::sample::Index>(), 0_usize..6, "(\\PC|[\\[\\]=\"'{}\n.#]){0,3}"), 1..4),
    ) {
        let mut text: Vec<char> = GOOD.chars().collect();
        for (at, removed, put) in mistakes {
            let at = at.index(text.len());
            let end = (at + removed).min(text.len());
            text.splice(at..end, put.chars());
        }
        let _ = check(text.into_iter().collect::<String>().as_bytes());
    }

    #[test]
    fn a_wrong_type_is_told_with_its_line_and_key(
        which in prop::sample::select(KEYS),
        (value, kind) in value(),
        before in 0_usize..5,
    ) {
        let (table, key, wanted) = which;
        prop_assume!(kind != wanted);
        let text = format!("{}[{table}]\n{key} = {value}\n", "# more\n".repeat(before));
        let message = check(text.as_bytes()).expect_err("it has a wrong type");
        let line = before + 2;
        prop_assert!(message.contains(&format!("config.toml:{line}:")), "{message}");
        prop_assert!(message.contains(&format!(": {table}.{key}: must be ")), "{message}");
    }

    #[test]
    fn a_token_from_the_environment(token in "\\PC{0,20}", secret in any::<bool>()) {
        let token = if secret { format!("{token}{TOKEN}") } else { token };
        let loaded = config::load(None, &dirs(), Some(token.clone().into()));
        match loaded {
            Ok(settings) => {
                let shown = format!("{settings:?}{}", dump(&settings));
                prop_assert!(!is_secret(&shown));
                prop_assert!(!is_secret(&settings.notices.join("\n")));
            }
            Err(error) => {
                let shown = format!("{error} {error:?}");
                prop_assert!(!is_secret(&shown));
                prop_assert!(error.to_string().contains("THETICKETBOT_TOKEN"), "{error}");
            }
        }
    }
}

#[test]
fn the_good_one_is_good() {
    let settings = check(GOOD.as_bytes()).unwrap();
    assert!(settings.has_token());
}

#[test]
fn deep_nesting_is_no_end() {
    for depth in [10, 100, 1_000, 40_000] {
        for deep in [
            format!("a = {}", "[".repeat(depth)),
            format!("a = {}{}", "[".repeat(depth), "]".repeat(depth)),
            format!("a = {}1{}", "{a=".repeat(depth), "}".repeat(depth)),
            format!("{}a = 1", "a.".repeat(depth)),
            format!("[{}a]", "a.".repeat(depth)),
            format!("bot = {}", "[".repeat(depth)),
            format!(
                "[bot]\ntoken = {}1{}",
                "{a=".repeat(depth),
                "}".repeat(depth)
            ),
            format!("[bot]\ntoken.{}a = 1", "a.".repeat(depth)),
        ] {
            assert!(check(deep.as_bytes()).is_err(), "{depth}: {deep:.20}");
        }
    }
}

#[test]
fn what_is_no_file_of_settings_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let message = load(folder.path()).unwrap_err().to_string();
    assert!(
        message.starts_with(folder.path().to_str().unwrap()),
        "{message}"
    );
    let file = folder.path().join("config.toml");
    fs::write(&file, "x".repeat(10_000_000)).unwrap();
    let message = load(&file).unwrap_err().to_string();
    assert!(message.contains("larger than 1 MB"), "{message}");
    fs::write(&file, "#\n".repeat(400_000)).unwrap();
    assert!(load(&file).is_ok());
}

/// A file that can be read only once, such as a pipe, or that has no end is refused. The bot does not wait
/// for it.
#[cfg(unix)]
#[test]
fn what_is_no_regular_file_is_refused_and_not_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("config.toml");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    for file in [Path::new("/dev/zero"), pipe.as_path()] {
        let message = load(file).unwrap_err().to_string();
        assert!(message.contains("not a regular file"), "{message}");
    }
}
