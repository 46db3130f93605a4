//! Starting the program: config, logs, ports, and refusals.

use super::*;

#[test]
fn the_version_and_help_are_told() {
    let host = Host::new();
    host.run(&["-V"])
        .says(&["theticketbot ", env!("CARGO_PKG_VERSION")]);
    host.run(&["--help"]).says(&[
        "--dump-config",
        "--no-sync",
        "db",
        "Without a command, the bot runs.",
    ]);
    let ran = host.run(&["--nonsense"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""));
}

#[test]
fn without_config_and_terminal_it_says_what_to_do() {
    let host = Host::new();
    host.run(&[])
        .refuses(&["config.toml", "--config-file", "THETICKETBOT_TOKEN"]);
    assert!(!host.path("data").exists(), "nothing was begun");
}

/// The first run asks for the token on a terminal, which `script` provides. It uses the same database as the
/// runs after it.
#[cfg(all(feature = "postgres", target_os = "linux"))]
#[test]
fn the_first_run_uses_the_database_of_the_environment() {
    let host = Host::new();
    let bot = host.command(&[]);
    let program = bot.get_program().to_str().unwrap();
    let mut command = Command::new("script");
    command
        .args(["--quiet", "--return", "--command", program, "/dev/null"])
        .current_dir(host.home.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    for (name, value) in bot.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    let url = "postgres://bot@127.0.0.1:1/tickets";
    let mut child = command.env("THETICKETBOT_DB_URL", url).spawn().unwrap();
    let mut terminal = child.stdin.take().unwrap();
    terminal.write_all(b"aaaaaa.bbbbbb.cccccc\n").unwrap();
    let ended = child.wait_with_output().unwrap();
    let shown = String::from_utf8_lossy(&ended.stdout);
    assert!(shown.contains("Bot token"), "{shown}");
    let advice = "check the host and the port in THETICKETBOT_DB_URL";
    assert!(shown.contains(advice), "{shown}");
    assert!(host.path("config/theticketbot/config.toml").exists());
}

#[test]
fn a_wrong_config_is_told_with_its_place_and_without_secrets() {
    let host = Host::new();
    host.write("config.toml", "[bot]\ntoken = hunter2.hunter2.hunter2\n");
    let ran = host.run(&[]);
    ran.refuses(&["config.toml:2:"]);
    assert!(!ran.err.contains("hunter2"), "{ran:?}");
    host.write("config.toml", "[bot]\ntoken = \"Bot hunter2\"\n");
    let ran = host.run(&[]);
    ran.refuses(&["config.toml:2:9: bot.token: must be the token alone"]);
    assert!(!ran.err.contains("hunter2"), "{ran:?}");
    host.write("config.toml", "[bot]\n");
    host.run(&[])
        .refuses(&["there is no bot token", "[bot]", "THETICKETBOT_TOKEN"]);
    host.run(&["--config-file", "none.toml"])
        .refuses(&["none.toml: there is no such config file"]);
    host.run_with(&[], &[("THETICKETBOT_TOKEN", "hunter2 hunter2")])
        .refuses(&["THETICKETBOT_TOKEN: must be the token alone"]);
}

/// Otherwise the bot would run on the defaults, with a new database.
#[cfg(target_os = "linux")]
#[test]
#[cfg(feature = "demo")]
fn a_demo_takes_no_config_file() {
    let host = Host::new();
    for args in [
        ["demo", "--config-file", "nofile.toml"],
        ["--config-file", "nofile.toml", "demo"],
    ] {
        let ran = host.run(&args);
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{}", ran.err);
        let expected = "--config-file cannot be used with demo, which reads no config file";
        assert!(ran.err.contains(expected), "{}", ran.err);
    }
}

#[test]
fn a_config_file_that_cannot_be_reached_is_no_missing_one() {
    let host = Host::new();
    fs::create_dir_all(host.path("config/theticketbot")).unwrap();
    let link = host.path("config/theticketbot/config.toml");
    std::os::unix::fs::symlink("nowhere", link).unwrap();
    for args in [&[][..], &["--dump-config"]] {
        let ran = host.run_with(args, &[("THETICKETBOT_TOKEN", "a.b.c")]);
        ran.refuses(&["config.toml: the config file cannot be read: it is a link to nowhere"]);
    }
    assert!(!host.path("data").exists(), "nothing was begun");
}

#[test]
fn two_config_files_are_a_warning() {
    let host = Host::new();
    fs::create_dir_all(host.path("config/theticketbot")).unwrap();
    host.write("config/theticketbot/config.toml", "[bot]\n")
        .write("config.toml", "[bot]\n");
    let folder = if cfg!(windows) {
        "local/thegamecracks/theticketbot"
    } else {
        "config/theticketbot"
    };
    if cfg!(windows) {
        fs::create_dir_all(host.path(folder)).unwrap();
        host.write("local/thegamecracks/theticketbot/config.toml", "[bot]\n");
    }
    let ran = host.run(&[]);
    ran.refuses(&["there is no bot token"]);
    assert!(
        ran.err.contains("WARN") && ran.err.contains("two config files"),
        "{ran:?}"
    );
}

#[test]
fn the_dump_shows_what_holds_and_no_secret() {
    let host = Host::new();
    // The output names the folders that were searched.
    host.run(&["--dump-config"]).says(&[
        "(no config file at ",
        "config.toml or ./config.toml: these are the defaults)\n{\n",
        "\"api_url\": \"https://discord.com\"",
    ]);
    host.write(
        "config.toml",
        "[bot]\ntoken = \"hunter2.b.c\"\n[db]\npragmas = [\"PRAGMA key = 'hunter2'\"]\nkey_template = \"PRAGMA key = 'hunter2{}'\"",
    );
    for env in [
        &[][..],
        &[
            ("THETICKETBOT_TOKEN", "hunter2.e.f"),
            ("THETICKETBOT_DB_KEY", "hunter2"),
        ],
    ] {
        let ran = host.run_with(&["--dump-config"], env);
        ran.says(&[
            "config.toml\n{\n",
            "\"token\": \"**********\"",
            "PRAGMA key = **********",
        ]);
        assert!(!format!("{ran:?}").contains("hunter2"), "{ran:?}");
        let json = ran.out.split_once('\n').unwrap().1;
        let json: serde_json::Value = serde_json::from_str(json).unwrap();
        assert_eq!(json["bot"]["intents"]["guild_messages"], true);
        let from = if env.is_empty() {
            "config file"
        } else {
            "environment"
        };
        assert_eq!(json["from"]["bot.token"], from);
    }
    assert!(
        !host.path("data").exists() && !host.path("state").exists(),
        "it only looks"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn the_log_file_has_json_lines_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let host = Host::new();
    host.write("config.toml", "[bot]\nallow_jishaku = true\n");
    let ran = host.run(&[]);
    ran.refuses(&["there is no bot token"]);
    assert_eq!(ran.err.matches("there is no bot token").count(), 1);
    let file = host.path("state/theticketbot/log/theticketbot.jsonl");
    let text = fs::read_to_string(&file).unwrap();
    let line: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    assert_eq!(line["level"], "WARN");
    assert!(
        line["message"]
            .as_str()
            .unwrap()
            .contains("bot.allow_jishaku"),
        "{line}"
    );
    let last: serde_json::Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    assert_eq!(last["level"], "ERROR");
    let why = last["message"].as_str().unwrap();
    assert!(why.starts_with("there is no bot token"), "{why}");
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&file), mode(file.parent().unwrap())), (0o600, 0o700));
}

/// `/dev/full` is a disk without space.
#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_an_error() {
    let host = Host::new();
    host.write("config.toml", "[bot]\n");
    let full = || fs::File::options().write(true).open("/dev/full").unwrap();
    for args in [&["--dump-config"], &["--help"]] {
        let ended = host.command(args).stdout(full()).output().unwrap();
        let said = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(ended.status.code(), Some(1), "{said}");
        assert!(
            said.starts_with("error: cannot write to standard output: "),
            "{said}"
        );
    }
    // The bot logs a warning, and then ends with an error.
    host.write("config.toml", "[bot]\nallow_jishaku = true\n");
    let ended = host.command(&[]).stderr(full()).output().unwrap();
    assert_eq!(ended.status.code(), Some(78));
}

#[cfg(target_os = "linux")]
#[test]
fn without_a_log_folder_it_goes_on() {
    let host = Host::new();
    host.write("config.toml", "[bot]\n")
        .write("state", "in the way");
    let ran = host.run(&[]);
    ran.refuses(&["there is no bot token"]);
    assert_eq!(
        ran.err.matches("cannot write to the log folder").count(),
        1,
        "{ran:?}"
    );
}

#[cfg(unix)]
#[test]
fn a_pipe_is_no_config_and_no_database() {
    let host = Host::new();
    for name in ["pipe.toml", "pipe.db"] {
        let made = Command::new("mkfifo").arg(host.path(name)).status();
        assert!(made.unwrap().success());
    }
    host.run(&["--config-file", "pipe.toml"])
        .refuses(&["pipe.toml", "not a regular file"]);
    let config = "[bot]\ntoken = \"a.b.c\"\n[db]\npath = \"pipe.db\"\n";
    host.write("config.toml", config);
    host.run(&[]).refuses(&["pipe.db", "not a regular file"]);
    host.run(&["db", "check"])
        .refuses(&["pipe.db", "not a regular file"]);
}

#[cfg(unix)]
#[test]
fn files_and_addresses_that_look_like_mistakes_are_a_warning() {
    use std::os::unix::fs::PermissionsExt;
    let host = Host::new();
    // The database cannot be opened, so the start ends before it calls Discord.
    let config = "[bot]\ntoken = \"a.b.c\"\napi_url = \"http://192.0.2.1\"\n";
    let config = format!("{config}[db]\npath = \"bot.db\"\n");
    host.write("config.toml", &config)
        .write("bot.db", "my notes");
    fs::create_dir(host.path("data")).unwrap();
    host.write("data/theticketbot.db", "");
    let warned = |words: &[&str]| {
        let ran = host.run(&[]);
        ran.refuses(&["bot.db is not an SQLite database"]);
        for word in words {
            let warnings = ran.err.lines().filter(|line| line.contains("WARN"));
            let found = warnings.filter(|line| line.contains(word)).count();
            assert_eq!(found, 1, "{word}: {ran:?}");
        }
        ran.err.matches("WARN").count()
    };
    let all = [
        "chmod 600 config.toml",
        "data/theticketbot.db",
        "api_url is http://192.0.2.1",
    ];
    let mode = |mode| {
        let permissions = fs::Permissions::from_mode(mode);
        fs::set_permissions(host.path("config.toml"), permissions).unwrap();
    };
    mode(0o644);
    let before = warned(&all);
    mode(0o600);
    fs::remove_file(host.path("data/theticketbot.db")).unwrap();
    host.write("config.toml", &config.replace("192.0.2.1", "127.0.0.1:9"));
    assert_eq!(before - warned(&[]), 3);
}

#[cfg(feature = "demo")]
#[test]
fn a_port_that_is_taken_is_said() {
    let host = Host::new();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    let ran = host.run(&["demo", "--port", &port]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""), "{ran:?}");
    let last = ran.err.lines().last();
    let expected =
        format!("error: port {port} is taken: choose another with --port, or leave --port out");
    assert_eq!(last, Some(expected.as_str()), "{ran:?}");
}

#[cfg(feature = "postgres")]
#[test]
fn a_cluster_needs_postgresql() {
    let host = Host::new();
    host.write(
        "config.toml",
        "[bot]\ntoken = \"a.b.c\"\n[gateway]\ncluster = true\n",
    );
    host.run(&[]).refuses(&[
        "cluster = true in [gateway] needs PostgreSQL",
        "THETICKETBOT_DB_URL",
    ]);
    let ran = host.run(&["cluster", "status"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""), "{ran:?}");
    assert!(ran.err.contains("a cluster needs PostgreSQL"), "{ran:?}");
    let Some(cluster) = harness::postgres::shared() else {
        return;
    };
    let url = cluster.url();
    let ran = host.run_with(&["cluster", "status"], &[("THETICKETBOT_DB_URL", &url)]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""), "{ran:?}");
    assert!(
        ran.err.contains("no process has run with cluster = true"),
        "{ran:?}"
    );
}
