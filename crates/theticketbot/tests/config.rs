//! Config files: the settings that they yield, and the errors of invalid ones.

use std::path::Path;

use expect_test::{Expect, expect};
use secrecy::ExposeSecret;
use tempfile::TempDir;
use theticketbot::config::{self, ConfigError, Settings, Source};
use theticketbot::dirs::Dirs;
use theticketbot::shards::Assignment;

fn dirs() -> Dirs {
    Dirs {
        config: "/config".into(),
        data: "/data".into(),
        state: "/state".into(),
        log: "/state/log".into(),
        runtime: "/run".into(),
    }
}

fn load(text: &str) -> Result<Settings, ConfigError> {
    let folder = tempfile::tempdir().unwrap();
    load_in(&folder, text)
}

fn load_in(folder: &TempDir, text: &str) -> Result<Settings, ConfigError> {
    let file = folder.path().join("config.toml");
    std::fs::write(&file, text).unwrap();
    config::load(Some(&file), &dirs(), None)
}

/// Checks the error, without the folder's name.
#[track_caller]
fn check_error(text: &str, expected: &Expect) {
    let folder = tempfile::tempdir().unwrap();
    let error = load_in(&folder, text)
        .expect_err("this config is wrong")
        .to_string();
    let folder = folder.path().to_str().unwrap();
    expected.assert_eq(error.strip_prefix(folder).unwrap_or(&error));
}

#[test]
fn an_empty_config_is_the_defaults() {
    let settings = load("").unwrap();
    assert!(!settings.has_token());
    assert_eq!(settings.api_url.to_string(), "https://discord.com");
    assert_eq!(settings.max_attachment_size, 5_000_000);
    assert_eq!(settings.intents, 515);
    assert_eq!(settings.db.path, Path::new("/data/theticketbot.db"));
    assert!(settings.db.pragmas.is_empty());
    assert!(settings.db.key_template.is_none());
    assert_eq!(settings.assignment, None);
    assert_eq!(settings.metrics_listen, None);
    assert_eq!(settings.sources, config::Sources::default());
    assert_eq!(settings.notices, Vec::<String>::new());
}

#[test]
fn everything_can_be_set() {
    let settings = load(
        r#"
        [bot]
        token = "a.b.c"
        api_url = "http://localhost:8080/"
        [bot.inbox]
        max_attachment_size = 0x10_00
        [bot.intents]
        members = false
        message_content = true
        [db]
        path = "${USER_STATE_DIR}/x.db"
        pragmas = ["PRAGMA cipher = sqlcipher", "pragma kdf_iter = 512000;"]
        key_template = "PRAGMA hexkey = '{}'"
        [gateway]
        shards = "8-15"
        total = 32
        [metrics]
        listen = "127.0.0.1:9464"
        "#,
    )
    .unwrap();
    assert_eq!(settings.token.expose_secret(), "a.b.c");
    assert_eq!(settings.api_url.to_string(), "http://localhost:8080");
    assert_eq!(settings.max_attachment_size, 4096);
    assert_eq!(settings.intents, 1 | 1 << 9 | 1 << 15);
    assert_eq!(settings.db.path, Path::new("/state/x.db"));
    let names: Vec<&str> = settings
        .db
        .pragmas
        .iter()
        .map(theticketbot::store::Pragma::name)
        .collect();
    assert_eq!(names, ["cipher", "kdf_iter"]);
    assert!(settings.db.key_template.unwrap().wants_key());
    assert_eq!(settings.assignment, Assignment::parse("8-15", 32).ok());
    assert_eq!(settings.metrics_listen, Some(([127, 0, 0, 1], 9464).into()));
    assert_eq!(settings.sources.token, Source::File);
    assert_eq!(settings.notices, Vec::<String>::new());
}

#[cfg(feature = "postgres")]
#[test]
fn processes_share_the_shards_or_have_theirs() {
    let settings = load("[gateway]\ncluster = true\ntotal = 4").unwrap();
    assert!(settings.is_cluster);
    assert!(
        !load("[gateway]\nshards = \"0\"\ntotal = 4\ncluster = false")
            .unwrap()
            .is_cluster
    );
    // An empty value is the default, as in the docs.
    let settings = load("[gateway]\nshards = \"\"\ncluster = true").unwrap();
    assert!(settings.is_cluster);
    let url = "[db]\npragmas = []\nkey_template = \"\"\nurl = \"postgres://u@h/x\"";
    assert!(load(url).unwrap().db.is_server());
    check_error(
        "[gateway]\nshards = \"0\"\ntotal = 4\ncluster = true",
        &expect![
            "/config.toml:4:11: gateway.cluster: must stand without shards: the processes share them"
        ],
    );
}

#[test]
fn what_a_running_bot_does_not_apply_is_known() {
    let folder = tempfile::tempdir().unwrap();
    let old = "[bot]\ntoken = \"a.b.c\"\n[db]\npragmas = [\"PRAGMA a = 1\"]\nkey_template = \"PRAGMA key = '{}'\"\n";
    let settings = load_in(&folder, old).unwrap();
    let changed = |text: &str| settings.needing_restart(&load_in(&folder, text).unwrap());
    assert!(changed(old).is_empty());
    let attachments = format!("{old}[bot.inbox]\nmax_attachment_size = 1\n");
    assert!(changed(&attachments).is_empty());
    for (from, to, name) in [
        ("a.b.c", "a.b.d", "bot.token"),
        ("[db]", "intents.bans = true\n[db]", "bot.intents"),
        (
            "[db]",
            "api_url = \"http://localhost\"\n[db]",
            "bot.api_url",
        ),
        ("[db]", "[db]\npath = \"x\"", "db"),
        ("a = 1", "a = 2", "db"),
        ("'{}'", "'{}{}'", "db"),
        ("[db]", "[gateway]\ntotal = 2\n[db]", "gateway"),
        (
            "[db]",
            "[metrics]\nlisten = \"127.0.0.1:1\"\n[db]",
            "metrics",
        ),
    ] {
        assert_eq!(changed(&old.replace(from, to)), [name]);
    }
}

#[test]
fn a_total_alone_means_all_of_its_shards() {
    let settings = load("[gateway]\nshards = \"\"\ntotal = 4").unwrap();
    assert_eq!(settings.assignment, Some(Assignment::all(4)));
}

#[test]
fn metrics_that_other_machines_can_read_are_noticed() {
    let settings = load("[metrics]\nlisten = \"[::]:9464\"").unwrap();
    assert_eq!(
        settings.notices,
        ["metrics.listen is [::]:9464: other machines can read the metrics"]
    );
    assert_eq!(
        load("[metrics]\nlisten = \"\"").unwrap().metrics_listen,
        None
    );
}

#[test]
fn what_only_the_original_had_is_ignored_with_a_notice() {
    let settings = load("[bot]\nextensions = [\".cogs.inbox\"]\nallow_jishaku = false").unwrap();
    let notices = settings.notices.join("\n");
    expect![[r"
        bot.extensions in the config file means nothing to this program and is ignored
        bot.allow_jishaku in the config file means nothing to this program and is ignored"]]
    .assert_eq(&notices);
}

#[test]
fn intents_overlap_as_in_the_original() {
    const DEFAULT: u64 = 0b10_0000_0011;
    let intents = |lines: &str| load(&format!("[bot.intents]\n{lines}")).unwrap().intents;
    assert_eq!(intents("messages = true"), DEFAULT | 1 << 12);
    assert_eq!(intents("messages = false"), 3);
    // The original sets guild_messages first, wherever it is in the file, because its defaults contain it.
    assert_eq!(intents("messages = false\nguild_messages = true"), 3);
    assert_eq!(intents("bans = true"), DEFAULT | 1 << 2);
    assert_eq!(intents("moderation = true\nbans = false"), DEFAULT);
    assert_eq!(
        intents("polls = true\nauto_moderation = true"),
        DEFAULT | 3 << 24 | 3 << 20
    );
    assert_eq!(intents("emojis = true\nexpressions = false"), DEFAULT);
    assert_eq!(
        intents("expressions = false\nemojis = true"),
        DEFAULT | 1 << 3
    );
    assert_eq!(
        intents("reactions = true\ntyping = true"),
        DEFAULT | 9 << 10 | 9 << 11
    );
}

#[test]
fn the_environments_token_goes_before_the_files() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.toml");
    std::fs::write(&file, "[bot]\ntoken = \"a.b.c\"").unwrap();
    let settings = config::load(Some(&file), &dirs(), Some("d.e.f".into())).unwrap();
    assert_eq!(settings.token.expose_secret(), "d.e.f");
    assert_eq!(settings.sources.token, Source::Environment);
    let settings = config::load(None, &dirs(), Some("d.e.f".into())).unwrap();
    assert_eq!(
        (settings.file, settings.token.expose_secret()),
        (None, "d.e.f")
    );
    let error = config::load(None, &dirs(), Some("Bot d.e.f".into())).unwrap_err();
    expect![
        "environment variable THETICKETBOT_TOKEN: must be the token alone, without spaces, line \
         ends or the word Bot before it"
    ]
    .assert_eq(&error.to_string());
}

#[test]
fn a_token_of_another_shape_is_used_with_a_notice() {
    let settings = load("[bot]\ntoken = \"sandbox\"").unwrap();
    assert_eq!(settings.token.expose_secret(), "sandbox");
    assert_eq!(settings.notices.len(), 1);
    assert!(!settings.notices[0].contains("sandbox"));
}

#[test]
fn errors_say_where_what_and_what_is_allowed() {
    check_error(
        "[bot]\ntokn = \"a.b.c\"",
        &expect![
            "/config.toml:2:1: bot.tokn: unknown key; allowed here: token, api_url, inbox, intents (and extensions and allow_jishaku, ignored)"
        ],
    );
    check_error(
        "bot = 1",
        &expect!["/config.toml:1:7: bot: must be a table: [bot]"],
    );
    check_error(
        "\n[database]\npath = 1",
        &expect![
            "/config.toml:2:2: database: unknown key; allowed here: [bot], [db], [gateway] and [metrics]"
        ],
    );
    check_error(
        "[bot]\ntoken = 5",
        &expect!["/config.toml:2:9: bot.token: must be a string, not a whole number"],
    );
    check_error(
        "[bot.inbox]\nmax_attachment_size = \"5 MB\"",
        &expect![
            "/config.toml:2:23: bot.inbox.max_attachment_size: must be a whole number, not a string"
        ],
    );
    check_error(
        "[bot.inbox]\nmax_attachment_size = -1",
        &expect![
            "/config.toml:2:23: bot.inbox.max_attachment_size: must be a number of bytes, 0 or more"
        ],
    );
    check_error(
        "[bot]\n  intents = { guilds = 1 }",
        &expect![
            "/config.toml:2:24: bot.intents.guilds: must be true or false, not a whole number"
        ],
    );
    check_error(
        "[bot]\napi_url = \"discord.com\"",
        &expect!["/config.toml:2:11: bot.api_url: must begin with https:// or http://"],
    );
    check_error(
        "[db]\npragmas = [\n  \"PRAGMA a = 1\",\n  \"SELECT 1\"]",
        &expect!["/config.toml:4:3: db.pragmas: must be a statement that starts with PRAGMA"],
    );
    check_error(
        "[db]\npragmas = \"PRAGMA a = 1\"",
        &expect!["/config.toml:2:11: db.pragmas: must be an array of strings, not a string"],
    );
    check_error(
        "[db]\nkey_template = \"PRAGMA key = '{key}'\"",
        &expect![
            "/config.toml:2:16: db.key_template: must have {} where the key goes (write a brace itself twice: {{ or }})"
        ],
    );
    check_error(
        "[db]\npath = \"$HOME/x.db\"",
        &expect![
            "/config.toml:2:8: db.path: has a $ that begins none of ${USER_CONFIG_DIR}, ${USER_DATA_DIR}, ${USER_LOG_DIR}, ${USER_RUNTIME_DIR}, ${USER_STATE_DIR} (a dollar itself is written $$)"
        ],
    );
    check_error(
        "[db]\npath = \"~/x.db\"",
        &expect![
            "/config.toml:2:8: db.path: begins with ~, which only a shell replaces; use the full path of the folder, or one of ${USER_CONFIG_DIR}, ${USER_DATA_DIR}, ${USER_LOG_DIR}, ${USER_RUNTIME_DIR}, ${USER_STATE_DIR}"
        ],
    );
    check_error(
        "[db]\npath = \"\"",
        &expect!["/config.toml:2:8: db.path: must not be empty"],
    );
    check_error(
        "[db]\nurl = \"mysql://h/x\"",
        &expect![
            "/config.toml:2:7: db.url: must begin with postgres://, such as postgres://USER:PASSWORD@HOST/DATABASE"
        ],
    );
    check_error(
        "[db]\npath = \"x.db\"\nurl = \"postgres://u@h/x\"",
        &expect![
            "/config.toml:3:7: db.url: must stand alone: path, pragmas and key_template are of a database file"
        ],
    );
    check_error(
        "[gateway]\nshards = \"0-7\"",
        &expect![
            "/config.toml:2:10: gateway.shards: needs total beside it: the number of shards in all processes"
        ],
    );
    check_error(
        "[gateway]\nshards = \"0-8\"\ntotal = 8",
        &expect![
            "/config.toml:2:10: gateway.shards: must be within 0-7, because total is 8 and shards are counted from 0"
        ],
    );
    check_error(
        "[gateway]\nshards = \"7\"\ntotal = 0",
        &expect!["/config.toml:3:9: gateway.total: must be a number from 1 to 10000"],
    );
    check_error(
        "[gateway]\nshards = 7\ntotal = 8",
        &expect!["/config.toml:2:10: gateway.shards: must be a string, not a whole number"],
    );
    check_error(
        "[gateway]\nshard = \"7\"",
        &expect![
            "/config.toml:2:1: gateway.shard: unknown key; allowed here: shards, total, cluster"
        ],
    );
    for listen in ["9464", ":9464", "localhost:9464", "127.0.0.1"] {
        check_error(
            &format!("[metrics]\nlisten = \"{listen}\""),
            &expect![[
                r#"/config.toml:2:10: metrics.listen: must be an IP address and a port, such as "127.0.0.1:9464", or "" for no metrics"#
            ]],
        );
    }
    check_error(
        "[metrics]\nport = 1",
        &expect!["/config.toml:2:1: metrics.port: unknown key; allowed here: listen"],
    );
}

#[test]
fn an_unknown_intent_names_the_known_ones() {
    let error = load("[bot.intents]\nguild = true").unwrap_err().to_string();
    assert!(
        error.contains(":2:1: bot.intents.guild: unknown key; allowed here: guilds, members, ")
    );
    assert!(error.ends_with("dm_polls"), "{error}");
}

#[test]
fn a_file_that_cannot_be_read_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let error = |path: &Path| {
        config::load(Some(path), &dirs(), None)
            .unwrap_err()
            .to_string()
    };
    assert!(error(&folder.path().join("none.toml")).ends_with("there is no such config file"));
    let latin = folder.path().join("latin.toml");
    std::fs::write(&latin, b"# caf\xe9").unwrap();
    assert!(error(&latin).ends_with("the config file is not UTF-8 text"));
    #[cfg(unix)]
    {
        let link = folder.path().join("link.toml");
        std::os::unix::fs::symlink("nowhere", &link).unwrap();
        assert!(
            error(&link).ends_with("it is a link to nowhere, which is not there"),
            "{}",
            error(&link)
        );
    }
}

/// A line with a secret can be invalid in any way: no error repeats the secret.
#[test]
fn no_error_shows_a_secret() {
    const SECRET: &str = "Zq7Xw9Kv3Jp5";
    let lines = [
        format!("token = \"{SECRET}\""),
        format!("token = '{SECRET}'"),
        format!("key_template = \"PRAGMA key = '{SECRET}'\""),
        format!("pragmas = [\"PRAGMA key = '{SECRET}'\"]"),
        format!("token = {SECRET}"),
        format!("token = {SECRET}.{SECRET}.{SECRET}"),
        format!("{SECRET}.{SECRET} = 1"),
        format!("token = \"\\{SECRET}\""),
        format!("token = \"\\u{SECRET}\""),
        format!("token = 1{SECRET}"),
        format!("token = [{SECRET}]"),
        format!("token = {{{SECRET}}}"),
        format!("token = \"a\" {SECRET}"),
        format!("api_url = \"https://user:{SECRET}@host\""),
        format!("api_url = \"{SECRET}\""),
        format!("path = \"${SECRET}\""),
        format!("max_attachment_size = \"{SECRET}\""),
        format!("url = \"postgres://u:{SECRET}@h/x\""),
        format!("url = \"{SECRET}\""),
    ];
    let mut errors = 0;
    let folder = tempfile::tempdir().unwrap();
    for table in ["bot", "bot.inbox", "db"] {
        for line in &lines {
            // Each line, with each of its characters removed or doubled.
            let cuts = (0..line.len()).flat_map(|at| {
                let (before, after) = line.split_at(at);
                [
                    format!("{before}{}", &after[1..]),
                    format!("{before}{}{after}", &after[..1]),
                ]
            });
            for line in cuts.chain([line.clone()]) {
                let Err(error) = load_in(&folder, &format!("[{table}]\n{line}")) else {
                    continue;
                };
                errors += 1;
                let shown = format!("{error} {error:?}");
                // Not even a part of the secret may be shown.
                for piece in ["Zq7Xw", "9Kv3", "Jp5"] {
                    assert!(!shown.contains(piece), "{line}\n{shown}");
                }
            }
        }
    }
    assert!(errors > 1_000, "{errors}");
}

#[test]
fn a_dump_and_debug_show_no_secret() {
    let settings = load(
        r#"
        [bot]
        token = "Zq7Xw9Kv3Jp5.b.c"
        [db]
        pragmas = ["PRAGMA key = 'Zq7Xw9Kv3Jp5'"]
        key_template = "PRAGMA key = 'Zq7Xw9Kv3Jp5{}'"
        "#,
    )
    .unwrap();
    let shown = format!("{} {settings:?}", config::dump(&settings));
    assert!(!shown.contains("Zq7X"), "{shown}");
    let access = settings.db.access(Some(&"Zq7Xw9Kv3Jp5".into())).unwrap();
    assert!(!format!("{access:?}").contains("Zq7X"));
}

#[test]
fn a_url_is_dumped_without_its_password() {
    let text = "[db]\nurl = \"postgres://bot:Zq7Xw9Kv3Jp5@db.example/tickets?sslmode=disable\"";
    let mut settings = load(text).unwrap();
    assert_eq!(settings.sources.db_url, Source::File);
    let [notice] = &settings.notices[..] else {
        panic!("{:?}", settings.notices);
    };
    assert!(notice.contains("not encrypted"), "{notice}");
    let shown = format!("{} {settings:?} {notice}", config::dump(&settings));
    assert!(!shown.contains("Zq7X"), "{shown}");
    let url = "postgres://bot@db.example:5432/tickets?schema=theticketbot&sslmode=disable";
    assert!(shown.contains(url), "{shown}");
    // The environment overrides the file.
    let other = "postgres://mia:Zq7Xw9Kv3Jp5@localhost/x".into();
    config::use_database_url(&mut settings, &other).unwrap();
    assert_eq!(settings.sources.db_url, Source::Environment);
    assert!(settings.db.is_server());
    let shown = format!("{} {settings:?}", config::dump(&settings));
    assert!(shown.contains("postgres://mia@localhost:5432/x"), "{shown}");
    assert!(!shown.contains("Zq7X"), "{shown}");
    // Then nothing in the file about a database file is in force.
    let text = "[db]\npath = \"x.db\"\npragmas = [\"PRAGMA a = 1\"]\nkey_template = \"PRAGMA key = '{}'\"\n";
    let mut of_file = load(text).unwrap();
    config::use_database_url(&mut of_file, &other).unwrap();
    let dump: serde_json::Value = serde_json::from_str(&config::dump(&of_file)).unwrap();
    assert_eq!(dump["db"]["path"], "");
    assert_eq!(dump["db"]["pragmas"], serde_json::json!([]));
    assert_eq!(dump["db"]["key_template"], "");
    assert_eq!(dump["from"]["db.path"], "default");
    assert_eq!(dump["from"]["db.url"], "environment");
    let error = config::use_database_url(&mut settings, &"Zq7Xw9Kv3Jp5".into()).unwrap_err();
    let shown = error.to_string();
    assert!(shown.contains("THETICKETBOT_DB_URL"), "{shown}");
    assert!(!shown.contains("Zq7X"), "{shown}");
}
