//! The commands for the database.

use super::*;

#[test]
fn files_that_are_no_database_of_ours_are_told() {
    let host = Host::new();
    host.with_database("original-v7.db", "");
    host.write("bot.db", "my notes");
    host.run(&[]).refuses(&["bot.db is not an SQLite database"]);
    host.write("bot.db", "");
    host.run(&[]).refuses(&["bot.db is an empty file"]);
    host.with_database("original-v7.db", "");
    let conn = rusqlite::Connection::open(host.path("bot.db")).unwrap();
    conn.execute_batch("PRAGMA user_version = 8").unwrap();
    drop(conn);
    host.run(&[])
        .refuses(&["bot.db was written by a newer version"]);
}

#[test]
fn keys_that_do_not_fit_are_told_apart() {
    let host = Host::new();
    host.with_database("sqlcipher-4.db", "");
    host.run(&[]).refuses(&[
        "bot.db is encrypted, but no key is configured",
        "key_template",
    ]);
    host.with_database("sqlcipher-4.db", KEY_TEMPLATE);
    let wrong = host.run_with(&[], &[(KEY.0, "hunter2")]);
    wrong.refuses(&["the key does not open", "bot.db"]);
    assert!(!wrong.err.contains("hunter2"), "{wrong:?}");
    host.run(&[]).refuses(&["no database key was given", KEY.0]);
    host.with_database("original-v7.db", KEY_TEMPLATE);
    host.run_with(&[], &[KEY])
        .refuses(&["bot.db is not encrypted", "key_template"]);
    let logs = fs::read_to_string(host.path("state/theticketbot/log/theticketbot.jsonl"));
    if cfg!(target_os = "linux") {
        assert!(!logs.unwrap().contains("hunter2"));
    }
}

#[test]
fn a_key_can_be_piped_in() {
    let host = Host::new();
    host.with_database("sqlcipher-4.db", KEY_TEMPLATE);
    host.run_piped(&["db", "check"], "it's a key\n")
        .says(&["bot.db is all right"]);
    host.run_piped(&["db", "check"], "another\n")
        .refuses(&["the key does not open"]);
}

#[test]
fn a_database_is_encrypted_rekeyed_and_decrypted() {
    let host = Host::new();
    host.with_database("original-v7.db", "");
    let new = |key| [KEY, ("THETICKETBOT_DB_NEW_KEY", key)];
    let first = "'; DROP TABLE ticket; --\"";
    let ran = host.run_with(&["db", "encrypt"], &new(first));
    ran.says(&["bot.db is encrypted now", KEY_TEMPLATE]);
    assert!(!format!("{ran:?}").contains("DROP"), "{ran:?}");
    host.run(&["db", "check"])
        .refuses(&["is encrypted, but no key is configured"]);
    host.write(
        "config.toml",
        &format!("[db]\npath = \"bot.db\"\n{KEY_TEMPLATE}"),
    );
    host.run_with(&["db", "check"], &[(KEY.0, first)])
        .says(&["all right"]);
    host.run_with(&["db", "check"], &[KEY])
        .refuses(&["the key does not open"]);

    // With the wrong key, the database does not change.
    let before = fs::read(host.path("bot.db")).unwrap();
    host.run_with(&["db", "rekey"], &new("second"))
        .refuses(&["the key does not open"]);
    // This is known before a key is asked for.
    host.run(&["db", "encrypt"])
        .refuses(&["bot.db is already encrypted", "`theticketbot db rekey`"]);
    assert_eq!(fs::read(host.path("bot.db")).unwrap(), before);

    host.run_with(
        &["db", "rekey"],
        &[(KEY.0, first), ("THETICKETBOT_DB_NEW_KEY", "second")],
    )
    .says(&["has a new key now"]);
    host.run_with(&["db", "check"], &[(KEY.0, first)])
        .refuses(&["the key does not open"]);
    host.run_with(&["db", "check"], &[(KEY.0, "second")])
        .says(&["all right"]);

    host.run_with(&["db", "decrypt"], &[(KEY.0, "second")])
        .says(&["no longer encrypted"]);
    let conn = rusqlite::Connection::open(host.path("bot.db")).unwrap();
    let tickets = conn.query_row("SELECT count(*) FROM ticket", [], |row| {
        row.get::<_, i64>(0)
    });
    assert_eq!(tickets, Ok(3));
    let leftovers = host.names_with("bot.db");
    assert_eq!(
        leftovers.len(),
        2,
        "the database and its lock: {leftovers:?}"
    );
}

#[test]
fn a_reader_that_has_enough_is_no_error() {
    let host = Host::new();
    host.write("config.toml", "");
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let ran = host
        .command(&["--dump-config"])
        .stdout(writer)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success() && said.is_empty(), "{said}");
}

#[test]
fn the_configured_cipher_is_used() {
    for (pragmas, template, key) in [
        (
            r#"["PRAGMA cipher = sqlcipher", "PRAGMA kdf_iter = 5120"]"#,
            "PRAGMA hexkey = '{}'",
            "00ff",
        ),
        (
            r#"["PRAGMA cipher = 'sqlcipher'", "PRAGMA legacy = 4"]"#,
            "PRAGMA key = '{}'",
            "a key",
        ),
        (
            r#"["PRAGMA cipher = sqlcipher", "PRAGMA legacy = 3"]"#,
            "PRAGMA key = '{}'",
            "a key",
        ),
        (
            r#"["PRAGMA cipher = aes256cbc"]"#,
            "PRAGMA key = \\\"{}\\\"",
            "a\"key",
        ),
        ("[]", "PRAGMA key = {}", "a key"),
    ] {
        let host = Host::new();
        let db = format!("pragmas = {pragmas}\nkey_template = \"{template}\"");
        host.with_database("original-v7.db", &db);
        host.run_with(&["db", "encrypt"], &[("THETICKETBOT_DB_NEW_KEY", key)])
            .says(&["encrypted now", "The config is set for it already"]);
        host.run_with(&["db", "check"], &[(KEY.0, key)])
            .says(&["all right"]);
        host.run_with(
            &["db", "rekey"],
            &[(KEY.0, key), ("THETICKETBOT_DB_NEW_KEY", "ff00")],
        )
        .says(&["new key"]);
        host.run_with(&["db", "check"], &[(KEY.0, key)])
            .refuses(&["the key does not open"]);
        host.run_with(&["db", "check"], &[(KEY.0, "ff00")])
            .says(&["all right"]);
        host.run_with(&["db", "decrypt"], &[(KEY.0, "ff00")])
            .says(&["no longer encrypted"]);
        host.run_with(&["db", "check"], &[(KEY.0, "ff00")])
            .refuses(&["is not encrypted"]);
    }
}

#[test]
fn while_a_bot_runs_the_file_is_only_looked_at() {
    let host = Host::new();
    host.with_database("original-v7.db", "");
    let access = theticketbot::store::Access::plain(host.path("bot.db"));
    let running = theticketbot::store::Store::open(&access).unwrap();
    let new_key = [("THETICKETBOT_DB_NEW_KEY", "a key")];
    let pid = std::process::id().to_string();
    host.run_with(&["db", "encrypt"], &new_key)
        .refuses(&["in use by another theticketbot", &pid]);
    // This is known before a key is asked for.
    host.run(&["db", "encrypt"])
        .refuses(&["in use by another theticketbot"]);
    host.run(&["db", "check"]).says(&["all right"]);
    host.run(&["db", "backup", "copy.db"])
        .says(&["was copied to copy.db"]);
    host.run(&["db", "backup", "copy.db"])
        .refuses(&["copy.db", "exists"]);
    drop(running);
    let copy = rusqlite::Connection::open(host.path("copy.db")).unwrap();
    let tickets = copy.query_row("SELECT count(*) FROM ticket", [], |row| {
        row.get::<_, i64>(0)
    });
    assert_eq!(tickets, Ok(3));
}

#[test]
fn a_damaged_database_is_told() {
    let host = Host::new();
    host.with_database("original-v7.db", "");
    let mut bytes = fs::read(host.path("bot.db")).unwrap();
    let middle = bytes.len() / 2 / 512 * 512;
    bytes[middle..middle + 512].fill(0xAA);
    fs::write(host.path("bot.db"), bytes).unwrap();
    let ran = host.run(&["db", "check"]);
    ran.refuses(&["bot.db"]);
    assert!(ran.err.contains("damaged"), "{ran:?}");
    host.run(&["db", "backup", "copy.db"])
        .refuses(&["bot.db: the database file is damaged"]);
    assert!(!host.path("copy.db").exists());
    // The first page, which SQLite reads before everything else.
    let mut bytes = fs::read(host.path("bot.db")).unwrap();
    bytes[100..512].fill(0xAA);
    fs::write(host.path("bot.db"), bytes).unwrap();
    host.run(&["db", "check"])
        .refuses(&["bot.db is damaged; restore a backup"]);
    host.run(&["db", "backup", "copy.db"])
        .refuses(&["bot.db: the database file is damaged; try `theticketbot db check`"]);
}

#[cfg(unix)]
#[test]
fn a_link_to_a_missing_database_is_not_replaced() {
    let host = Host::new();
    host.with_database("original-v7.db", "");
    fs::rename(host.path("bot.db"), host.path("copy.db")).unwrap();
    std::os::unix::fs::symlink("disk/bot.db", host.path("bot.db")).unwrap();
    for command in [
        &[][..],
        &["db", "check"],
        &["db", "encrypt"],
        &["db", "restore", "copy.db"],
        &["inboxes", "export"],
    ] {
        let ran = host.run(command);
        assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""), "{ran:?}");
        let why = "bot.db: it is a link to disk/bot.db, which is not there";
        assert!(ran.err.contains(why), "{ran:?}");
        let link = fs::symlink_metadata(host.path("bot.db")).unwrap();
        assert!(link.is_symlink(), "{command:?}");
    }
}

#[test]
fn a_key_is_not_asked_for_without_a_database() {
    let host = Host::new();
    host.write("config.toml", "[db]\npath = \"bot.db\"\n");
    host.run(&["db", "encrypt"])
        .refuses(&["there is no database at ", "bot.db"]);
    assert!(host.names_with("bot.db").is_empty(), "nothing was created");
}

/// If the program is killed while it encrypts, the old or the new database is complete.
#[cfg(unix)]
#[test]
fn a_kill_while_encrypting_leaves_one_whole_database() {
    use rusqlite::Connection;
    let host = Host::new();
    host.with_database("original-v7.db", "");
    // Large enough that encrypting it takes a while.
    let conn = Connection::open(host.path("bot.db")).unwrap();
    conn.execute_batch(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
         INSERT INTO setting SELECT i, 'some value to fill the page with' FROM n",
    )
    .unwrap();
    drop(conn);
    let original = fs::read(host.path("bot.db")).unwrap();
    let draft = host.path("bot.db.new");
    let mut killed_early = false;
    // In each round, the new file has grown further before the kill.
    for round in 0..8_u64 {
        fs::write(host.path("bot.db"), &original).unwrap();
        let mut child = host
            .command(&["db", "encrypt"])
            .env("THETICKETBOT_DB_NEW_KEY", "a key")
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let grown = original.len() as u64 * round / 8;
        loop {
            let long_enough = fs::metadata(&draft).is_ok_and(|draft| draft.len() >= grown);
            if long_enough || child.try_wait().unwrap().is_some() {
                break;
            }
            std::thread::yield_now();
        }
        let _ = child.kill();
        child.wait().unwrap();

        let plain = host.run(&["db", "check"]);
        if plain.code == Some(0) {
            killed_early = true;
        } else {
            plain.refuses(&["is encrypted"]);
            host.write(
                "key.toml",
                &format!("[db]\npath = \"bot.db\"\n{KEY_TEMPLATE}"),
            );
            host.run_with(
                &["--config-file", "key.toml", "db", "check"],
                &[(KEY.0, "a key")],
            )
            .says(&["all right"]);
        }
    }
    assert!(killed_early, "no round was killed in the middle");
    // The file that a kill leaves behind does not prevent the next attempt.
    fs::write(host.path("bot.db"), &original).unwrap();
    host.run_with(&["db", "encrypt"], &[("THETICKETBOT_DB_NEW_KEY", "a key")])
        .says(&["encrypted"]);
    assert!(!draft.exists());
}

#[test]
fn a_backup_is_restored() {
    let host = Host::new();
    host.with_database("original-v7.db", "");
    host.run(&["db", "backup", "copy.db"])
        .says(&["bot.db was copied to copy.db"]);
    host.run(&["db", "backup", "copy.db"])
        .refuses(&["copy.db", "it already exists"]);
    let copy = fs::read(host.path("copy.db")).unwrap();
    let conn = rusqlite::Connection::open(host.path("bot.db")).unwrap();
    conn.execute_batch("DELETE FROM ticket").unwrap();
    drop(conn);
    host.run(&["db", "restore", "copy.db"])
        .says(&["bot.db was restored from copy.db", "bot.db.replaced.bak"]);
    let tickets = |name: &str| -> i64 {
        let conn = rusqlite::Connection::open(host.path(name)).unwrap();
        conn.query_row("SELECT count(*) FROM ticket", [], |row| row.get(0))
            .unwrap()
    };
    assert_eq!((tickets("bot.db"), tickets("bot.db.replaced.bak")), (3, 0));
    assert_eq!(
        fs::read(host.path("copy.db")).unwrap(),
        copy,
        "it is as it was"
    );

    // If the file is not a backup, the database does not change.
    host.write("notes.db", "my notes")
        .write("empty.db", "")
        .write("byte.db", "x");
    let bare = rusqlite::Connection::open(host.path("bare.db")).unwrap();
    bare.execute_batch("CREATE TABLE x (a); DROP TABLE x")
        .unwrap();
    drop(bare);
    for (file, why) in [
        ("notes.db", "notes.db is not an SQLite database"),
        ("empty.db", "empty.db is an empty file"),
        ("byte.db", "byte.db is an empty database; restore a backup"),
        ("bare.db", "bare.db is an empty database; restore a backup"),
        ("none.db", "cannot read none.db"),
        ("bot.db", "it is the database itself"),
    ] {
        host.run(&["db", "restore", file]).refuses(&[why]);
    }
    assert_eq!(tickets("bot.db"), 3);
    // Without a database, the backup becomes the database.
    fs::remove_file(host.path("bot.db")).unwrap();
    host.run(&["db", "restore", "copy.db"])
        .says(&["bot.db was restored from copy.db\n"]);
    assert_eq!(tickets("bot.db"), 3);
}

#[test]
fn a_plain_backup_needs_a_config_without_a_key() {
    let host = Host::new();
    host.with_database("original-v7.db", "");
    host.run(&["db", "backup", "copy.db"]).says(&["copied"]);
    host.with_database("sqlcipher-4.db", KEY_TEMPLATE);
    host.run_with(&["db", "restore", "copy.db"], &[KEY])
        .refuses(&["copy.db is not encrypted", "remove key_template, restore"]);
}

/// A host restores as root, and the bot runs as another user.
#[cfg(unix)]
#[test]
fn what_root_restores_belongs_to_the_owner_of_the_folder() {
    use std::os::unix::fs::{MetadataExt, chown};
    let host = Host::new();
    host.with_database("original-v7.db", "");
    host.run(&["db", "backup", "copy.db"]).says(&["copied"]);
    let uid = |path: PathBuf| fs::metadata(path).unwrap().uid();
    let me = uid(host.path(""));
    let owner = if me == 0 { 65534 } else { me };
    for path in [host.path(""), host.path("bot.db")] {
        chown(path, Some(owner), None).unwrap();
    }
    host.run(&["db", "restore", "copy.db"]).says(&["restored"]);
    for name in ["bot.db", "bot.db.replaced.bak", "bot.db.lock"] {
        assert_eq!(uid(host.path(name)), owner, "{name}");
    }
}

#[test]
fn a_person_is_named_by_an_id() {
    let host = Host::new();
    for text in [
        "1",
        "9999999999999999",
        "9223372036854775808",
        "mia",
        "-1",
        "",
    ] {
        let ran = host.run(&["member", "forget", "--", text]);
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{ran:?}");
        let why = "a Discord id is a number of 17 to 19 digits";
        assert!(ran.err.contains(why), "{ran:?}");
    }
}

/// Another story covers a member about whom something is stored.
#[test]
fn who_is_not_stored_cannot_be_forgotten() {
    let host = Host::new();
    host.write("config.toml", "[db]\npath = \"bot.db\"\n");
    let forget = ["member", "forget", "123456789012345678"];
    let refuses = |words: &str| {
        let ran = host.run(&forget);
        assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""), "{ran:?}");
        assert!(ran.err.contains(words), "{words:?} is not in {ran:?}");
    };
    refuses("bot.db");
    assert!(!host.path("bot.db").exists(), "nothing was created");
    host.with_database("original-v7.db", "");
    refuses("written by an older version; start the bot once");
    let settings = theticketbot::store::Access::plain(host.path("bot.db"));
    drop(theticketbot::store::Store::open(&settings).unwrap());
    host.run(&forget)
        .says(&["Nothing is stored about 123456789012345678."]);
}

#[cfg(feature = "postgres")]
#[test]
fn what_needs_a_database_file_is_refused_where_there_is_none() {
    let host = Host::new();
    host.write(
        "config.toml",
        "[db]\nurl = \"postgres://bot:hunter2@127.0.0.1:1/tickets\"\n",
    );
    let refuses = |command: &[&str], why: &str| {
        let ran = host.run(command);
        assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""), "{ran:?}");
        assert!(ran.err.contains(why), "{ran:?}");
        assert!(!ran.err.contains("hunter2"), "{ran:?}");
    };
    refuses(&["db", "check"], "this command is for a database file");
    // These commands work on both engines, but no server answers at this address.
    let unreachable = "cannot connect to PostgreSQL at 127.0.0.1:1";
    refuses(&["inboxes", "export"], unreachable);
    refuses(&["member", "forget", "123456789012345678"], unreachable);
}

/// A command refuses a schema that no bot of this version has used.
#[cfg(feature = "postgres")]
#[test]
fn a_command_upgrades_no_schema() {
    let Some(cluster) = harness::postgres::shared() else {
        return;
    };
    let host = Host::new();
    let (url, config) = (cluster.url(), "config.toml");
    host.write(config, &format!("[db]\nurl = {url:?}\n"));
    let ran = host.run(&["inboxes", "export"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""), "{ran:?}");
    let why = "has no tables of this version; start the bot once";
    assert!(ran.err.contains(why), "{ran:?}");
    let url = theticketbot::store::PostgresUrl::parse(&url).unwrap();
    drop(theticketbot::store::Store::connect(&url).unwrap());
    host.run(&["inboxes", "export"])
        .says(&["# The settings of theticketbot's inboxes."]);
    host.run(&["member", "forget", "123456789012345678"])
        .says(&["Nothing is stored about 123456789012345678."]);
}

#[cfg(feature = "postgres")]
#[test]
fn a_file_is_copied_to_postgresql_and_back() {
    let Some(cluster) = harness::postgres::shared() else {
        return;
    };
    let host = Host::new();
    host.with_database("original-v7.db", "");
    let url = cluster.url();
    let to_server = ["db", "copy", "--to", &url];
    let access = theticketbot::store::Access::plain(host.path("bot.db"));
    let running = theticketbot::store::Store::open(&access).unwrap();
    host.run(&to_server).refuses(&["bot.db", "in use"]);
    drop(running);
    let secret = url.replace("bot@", "bot:hunter2@");
    let on_the_command_line = host.run(&["db", "copy", "--to", &secret]);
    on_the_command_line.refuses(&["set THETICKETBOT_DB_COPY_URL to the URL"]);
    assert!(!on_the_command_line.err.contains("hunter2"));
    host.run(&["db", "copy"]).refuses(&["add --to"]);
    host.run(&["db", "copy", "--to", "copy.db"])
        .refuses(&["db backup"]);
    let copied = host.run_with(&["db", "copy"], &[("THETICKETBOT_DB_COPY_URL", &secret)]);
    copied.says(&[
        "was copied to the schema",
        "\n  ticket: ",
        "set url in [db]",
    ]);
    let counts = |ran: &Ran| -> Vec<String> {
        let lines = ran.out.lines().filter(|line| line.starts_with("  "));
        lines.map(str::to_owned).collect()
    };
    host.run(&to_server)
        .refuses(&["is not empty, so nothing was copied"]);

    host.write("config.toml", "[bot]\ntoken = \"a.b.c\"\n");
    let env = [("THETICKETBOT_DB_URL", &*url)];
    host.run_with(&["db", "copy", "--to", "bot.db"], &env)
        .refuses(&["bot.db already exists"]);
    host.run_with(&to_server, &env).refuses(&["use pg_dump"]);
    let parsed = theticketbot::store::PostgresUrl::parse(&url).unwrap();
    let running = theticketbot::store::Store::connect(&parsed).unwrap();
    let back = ["db", "copy", "--to", "back.db"];
    host.run_with(&back, &env)
        .refuses(&["in use by another theticketbot"]);
    assert!(!host.path("back.db").exists());
    drop(running);
    let ran = host.run_with(&back, &env);
    ran.says(&["was copied to back.db", "set path in [db]"]);
    assert_eq!(counts(&ran), counts(&copied));
    assert_eq!(host.names_with("back.db"), ["back.db"]);
    let back = rusqlite::Connection::open(host.path("back.db")).unwrap();
    let tickets: i64 = back
        .query_row("SELECT count(*) FROM ticket", [], |row| row.get(0))
        .unwrap();
    let line = format!("  ticket: {tickets}");
    assert!(counts(&copied).contains(&line), "{line}: {copied:?}");
}

/// A copy has a temporary name until it is complete.
#[cfg(feature = "postgres")]
#[test]
fn a_copy_that_is_interrupted_leaves_no_database() {
    let Some(cluster) = harness::postgres::shared() else {
        return;
    };
    let host = Host::new();
    host.write("config.toml", "[bot]\ntoken = \"a.b.c\"\n");
    let url = cluster.url();
    let env = [("THETICKETBOT_DB_URL", &*url)];
    let parsed = theticketbot::store::PostgresUrl::parse(&url).unwrap();
    drop(theticketbot::store::Store::connect(&parsed).unwrap());
    let table = format!("{}.journal", parsed.schema());
    let back = ["db", "copy", "--to", "back.db"];
    std::thread::scope(|scope| {
        let hold = format!("BEGIN; LOCK TABLE {table}; SELECT pg_sleep(60)");
        scope.spawn(move || cluster.sql(&hold));
        let is_held = format!(
            "SELECT count(*) FROM pg_locks WHERE relation = '{table}'::regclass AND granted"
        );
        while cluster.sql(&is_held).unwrap() == "0" {
            std::thread::yield_now();
        }
        // The copy begins its file, and then waits for the locked table.
        let mut child = host.command(&back).envs(env).spawn().unwrap();
        while host.names_with("back.db").is_empty() {
            std::thread::yield_now();
        }
        let waits = format!(
            "SELECT count(*) FROM pg_locks WHERE relation = '{table}'::regclass AND NOT granted"
        );
        while cluster.sql(&waits).unwrap() == "0" {
            std::thread::yield_now();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let release = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE query LIKE 'BEGIN; LOCK%'";
        cluster.sql(release).unwrap();
    });
    assert!(!host.path("back.db").exists());
    host.run_with(&back, &env).says(&["was copied to back.db"]);
}

/// The error names the setting with the wrong URL, wherever it was set.
#[cfg(feature = "postgres")]
#[test]
fn the_url_that_is_wrong_is_named() {
    let host = Host::new();
    host.with_database("original-v7.db", "");
    let url = "postgres://bot@127.0.0.1:1/tickets";
    let names = |ran: &Ran, source: &str| {
        assert_eq!(ran.code, Some(1), "{ran:?}");
        let advice = format!("check the host and the port in {source},");
        assert!(ran.err.contains(&advice), "{ran:?}");
    };
    let variable = "THETICKETBOT_DB_COPY_URL";
    names(
        &host.run_with(&["db", "copy"], &[(variable, url)]),
        variable,
    );
    names(&host.run(&["db", "copy", "--to", url]), "--to");
    let variable = "THETICKETBOT_DB_URL";
    let export = ["inboxes", "export"];
    names(&host.run_with(&export, &[(variable, url)]), variable);
    host.write("config.toml", &format!("[db]\nurl = {url:?}\n"));
    names(&host.run(&export), "url of [db]");
}

#[cfg(feature = "postgres")]
#[test]
fn what_the_status_of_a_cluster_may_not_read_is_said() {
    let Some(cluster) = harness::postgres::shared() else {
        return;
    };
    let host = Host::new();
    let url = cluster.url_of("hidden");
    let parsed = theticketbot::store::PostgresUrl::parse(&url).unwrap();
    drop(theticketbot::store::SharedDatabase::connect(&parsed).unwrap());
    let guest = "CREATE ROLE guest LOGIN; GRANT USAGE ON SCHEMA hidden TO guest";
    cluster.sql(guest).unwrap();
    let url = url.replace("//bot@", "//guest@");
    host.write("config.toml", &format!("[db]\nurl = {url:?}\n"));
    let ran = host.run(&["cluster", "status"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""), "{ran:?}");
    for words in [
        "may not create or use the schema hidden of",
        "permission denied for table cluster_",
        "ALTER SCHEMA hidden OWNER TO \"guest\"",
    ] {
        assert!(ran.err.contains(words), "{ran:?}");
    }
}
