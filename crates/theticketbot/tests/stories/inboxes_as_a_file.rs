//! A host keeps the settings of inboxes in a file.

use std::cell::RefCell;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};
use theticketbot::cli::InboxesCommand;
use theticketbot::inboxes_command;

use crate::stage::{Result, Stage, time_passes};

impl Stage {
    /// Runs `theticketbot inboxes …`. Returns the output, or the error.
    async fn inboxes(&self, command: InboxesCommand) -> std::result::Result<String, String> {
        let printed = RefCell::new(Vec::new());
        let settings = self.settings();
        let print = |line: &str| printed.borrow_mut().push(line.to_owned());
        let ran = inboxes_command::run(&command, &settings, print).await;
        ran.map_err(|error| error.to_string())?;
        Ok(printed.into_inner().join("\n"))
    }

    async fn exported(&self) -> Result<String> {
        Ok(self.inboxes(InboxesCommand::Export).await?)
    }

    async fn apply(&self, text: &str, dry_run: bool) -> std::result::Result<String, String> {
        let file = self.inboxes_file();
        std::fs::write(&file, text).map_err(|error| error.to_string())?;
        self.inboxes(InboxesCommand::Apply { file, dry_run }).await
    }

    fn inboxes_file(&self) -> PathBuf {
        self.config_file().with_file_name("inboxes.toml")
    }
}

/// Replaces the line that has the same key.
fn with(text: &str, line: &str) -> String {
    let key = line.split('=').next().unwrap_or_default();
    let mut found = false;
    let lines = text.lines().map(|old| {
        let is_it = old.starts_with(key);
        found |= is_it;
        if is_it { line } else { old }
    });
    let lines: Vec<&str> = lines.collect();
    assert!(found, "{key} is not in {text}");
    lines.join("\n")
}

#[tokio::test]
async fn a_file_changes_the_inboxes_of_a_running_bot() -> Result {
    changes_the_inboxes(Stage::set().await?).await
}

#[cfg(all(feature = "postgres", unix))]
#[tokio::test]
async fn a_file_changes_the_inboxes_of_a_bot_on_postgresql() -> Result {
    let Some(cluster) = harness::postgres::shared() else {
        return Ok(());
    };
    changes_the_inboxes(Stage::on_postgres(cluster.url()).await?).await
}

async fn changes_the_inboxes(stage: Stage) -> Result {
    let inbox = stage.inbox().await?;
    let before = stage.exported().await?;
    assert!(
        before.contains(&format!("id = \"{}\"", inbox.message)),
        "{before}"
    );
    let unchanged = stage.apply(&before, false).await?;
    assert!(unchanged.starts_with("Nothing changes"), "{unchanged}");

    let mut wanted = before.clone();
    let lines = [
        "ticket-name = \"help $counter\"",
        "starter = \"\"\"\nHello $author,\n\\\"how\\\" can we help?\"\"\"",
        "limit-member = 2",
        "cooldown = \"0\"",
        "lock = \"archive\"",
        "button-emoji = \"🚒\"",
    ];
    for line in lines {
        wanted = with(&wanted, line);
    }
    let mark = stage.sandbox.mark();
    let told = stage.apply(&wanted, true).await?;
    assert_eq!(
        told.matches(&format!("inbox {}: ", inbox.message)).count(),
        lines.len(),
        "{told}"
    );
    assert!(
        told.contains("lock = \"archive\"") && told.contains("--dry-run"),
        "{told}"
    );
    assert_eq!(stage.exported().await?, before, "nothing was changed");
    let told = stage.apply(&wanted, false).await?;
    assert!(
        told.contains("lock = \"archive\"") && !told.contains("--dry-run"),
        "{told}"
    );
    assert!(
        stage.sandbox.calls_after(mark).is_empty(),
        "Discord is not called"
    );

    // The bot uses the settings of the file.
    let mia = stage.sandbox.member();
    let tickets = [
        stage.open(&mia, inbox).await?,
        stage.open(&mia, inbox).await?,
    ];
    let name = stage.thread(tickets[1]).map(|thread| thread.name);
    assert_eq!(name.as_deref(), Some("help 0002"));
    let starter = format!("Hello <@{}>,\n\"how\" can we help?", mia.id());
    assert_eq!(stage.said(tickets[0]), [starter]);
    mia.leave(tickets[0]).await?;
    stage.closed(tickets[0], false).await?;

    // The export shows the applied settings, and applying the old export restores the old ones.
    let after = stage.exported().await?;
    assert_ne!(after, before);
    let unchanged = stage.apply(&after, false).await?;
    assert!(unchanged.starts_with("Nothing changes"), "{unchanged}");
    stage.apply(&before, false).await?;
    assert_eq!(stage.exported().await?, before);
    stage.finish().await
}

#[tokio::test]
async fn a_file_with_a_mistake_changes_nothing_and_says_where_it_is() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let before = stage.exported().await?;
    let good = with(&before, "ticket-name = \"help\"");
    let place = stage.inboxes_file().display().to_string();
    for (line, words) in [
        ("lock = \"sometimes\"", "lock: "),
        ("lock = 1.5", "lock: must be"),
        ("limit-member = 1000", "limit-member: "),
        ("cooldown = \"soon\"", "cooldown: "),
        ("starter = 7", "starter: must be a string"),
        ("destination = \"#general\"", "destination: must be the id"),
        ("staff = [\"Max\"]", "staff: must be an array of mentions"),
        ("channel = \"1\"", "channel: must be"),
        (
            "reports = \"Support\"",
            "reports: must be the id of an inbox",
        ),
        (
            "reports = \"Support, 5\"",
            "reports: must be the id of an inbox",
        ),
        ("reports = \"5\"", "reports: this server has no inbox 5"),
        (
            "reports = { stored = \"5,x\" }",
            "reports: this server has no inbox 5,x",
        ),
        (
            "language = \"xx\"",
            "language: must be a language of Discord: ",
        ),
        (
            "language = \"DE\"",
            "language: must be a language of Discord: ",
        ),
        (
            "language = \"Deutsch\"",
            "language: must be a language of Discord: ",
        ),
    ] {
        let refused = stage.apply(&with(&good, line), false).await;
        let refused = refused.expect_err(line);
        assert!(
            refused.starts_with(&place) && refused.contains(words),
            "{refused}"
        );
    }
    let id = format!("\"{}\"", inbox.message);
    // The error names the line of the second table.
    let twice = format!("[[inbox]]\nid = {id}\n[[inbox]]\nid = {id}\n");
    let refused = stage.apply(&twice, false).await.expect_err("two tables");
    assert!(
        refused.starts_with(&format!("{place}:4:6: id: ")),
        "{refused}"
    );
    for line in [format!("reports = {id}"), "language = \"de\"".to_owned()] {
        let told = stage.apply(&with(&before, &line), true).await?;
        assert!(told.contains(&line), "{told}");
    }
    for (text, words) in [
        (good.replace(&id, "\"1\""), "id: there is no inbox 1"),
        (
            format!("{good}\ncolour = \"red\""),
            "colour: unknown setting; allowed here: id,",
        ),
        (format!("{good}\n[tickets]"), "tickets: unknown key"),
        (format!("{good}\n="), "not TOML"),
        ("[[inbox]]".to_owned(), "must have an id"),
        (
            format!("{good}\n[[inbox]]\nid = {id}\n"),
            "id: this file has two tables [[inbox]] for",
        ),
    ] {
        let refused = stage.apply(&text, false).await.expect_err(words);
        assert!(
            refused.starts_with(&place) && refused.contains(words),
            "{refused}"
        );
    }
    assert_eq!(stage.exported().await?, before);
    stage.finish().await
}

#[tokio::test]
async fn two_inboxes_of_a_server_never_get_one_name() -> Result {
    let stage = Stage::set().await?;
    let inboxes = [stage.inbox().await?, stage.inbox().await?];
    let file = |names: [&str; 2]| {
        let tables = inboxes.iter().zip(names).map(|(inbox, name)| {
            format!("[[inbox]]\nid = \"{}\"\nname = \"{name}\"\n", inbox.message)
        });
        tables.collect::<String>()
    };
    let refused = stage.apply(&file(["Help", "help"]), false).await;
    let refused = refused.expect_err("one name for two");
    assert!(refused.contains("name: "), "{refused}");
    stage.apply(&file(["Help", "Reports"]), false).await?;
    let refused = stage.apply(&file(["reports", "Reports"]), false).await;
    assert!(refused.is_err(), "{refused:?}");
    stage.finish().await
}

#[tokio::test]
async fn an_inbox_on_another_message_keeps_its_name() -> Result {
    let stage = Stage::set().await?;
    let host = stage.inbox_with(json!({"name": "Host"})).await?;
    let own = stage.inbox_with(json!({"name": "Own"})).await?;
    let billing = stage.entry(host, "Billing", json!({})).await?;
    let named = |id: &str, name: &str| format!("[[inbox]]\nid = \"{id}\"\nname = \"{name}\"\n");
    let refused = stage.apply(&named(&billing, ""), false).await;
    let refused = refused.expect_err("members would see a second *Create Ticket*");
    let place = stage.inboxes_file().display().to_string();
    let words = format!("{place}:3:8: name: must not be empty");
    assert!(refused.starts_with(&words), "{refused}");
    stage.apply(&named(&billing, "Bills"), false).await?;
    // An inbox that only its own message offers needs no name.
    stage
        .apply(&named(&own.message.to_string(), ""), false)
        .await?;
    let exported = stage.exported().await?;
    assert!(exported.contains("name = \"Bills\""), "{exported}");
    assert!(!exported.contains("name = \"Own\""), "{exported}");
    stage.finish().await
}

/// A new pause does not end when an earlier one did, and the end of a pause goes with it.
#[tokio::test]
async fn a_pause_has_no_end_of_an_earlier_one() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let mia = stage.sandbox.member();
    let head = format!("[[inbox]]\nid = \"{}\"\n", inbox.message);
    let apply = async |lines: &str| stage.apply(&format!("{head}{lines}"), false).await;
    let cleared = format!("inbox {}: pause-end = \"\"", inbox.message);
    let told = apply("pause = \"Lunch\"\npause-end = { stored = \"1000\" }\n").await?;
    assert!(!told.contains(&cleared), "the file sets it: {told}");
    let told = apply("pause = \"Holiday\"\n").await?;
    assert!(told.contains(&cleared), "{told}");
    let refused = stage.click(&mia, inbox).await?;
    assert!(refused.content()?.contains("Holiday"), "{refused:?}");

    // An end in the future stays until the pause is over.
    let told = apply("pause = \"Away\"\npause-end = \"1h\"\n").await?;
    assert!(!told.contains(&cleared), "{told}");
    let told = apply("pause = \"Still away\"\n").await?;
    assert!(!told.contains(&cleared), "{told}");
    let told = apply("pause = \"\"\n").await?;
    assert!(told.contains(&cleared), "{told}");
    let exported = stage.exported().await?;
    assert!(exported.contains("pause-end = \"\""), "{exported}");
    stage.open(&mia, inbox).await?;
    stage.finish().await
}

/// The file changes the timing of a ticket that is already waiting.
#[tokio::test]
async fn a_running_bot_uses_a_file_within_a_minute() -> Result {
    let stage = Stage::set().await?;
    let (inbox, other) = (stage.inbox().await?, stage.inbox().await?);
    let (mia, max) = (stage.sandbox.member(), stage.sandbox.moderator());
    let ticket = stage.open(&mia, inbox).await?;
    max.join(ticket).await?;
    max.send(ticket, "Better now?").await?;
    stage.hours_pass(3).await?;
    assert_eq!(stage.said(ticket).len(), 1);

    let file = format!(
        "[[server]]\nid = \"{}\"\nlanguage = \"de\"\n\
         [[inbox]]\nid = \"{}\"\nremind-owner = \"2h\"\nbutton-label = \"Hilfe\"\n",
        stage.sandbox.guild_id(),
        inbox.message,
    );
    let mark = stage.sandbox.mark();
    let told = stage.apply(&file, false).await?;
    assert!(
        told.ends_with("within a minute; it need not be restarted."),
        "{told}"
    );
    time_passes(Duration::from_secs(61)).await;
    stage.says(ticket, "Brauchst du noch Hilfe?").await?;
    stage.idle().await?;
    let labels = async |message| -> Result<Value> {
        let messages = mia.messages(inbox.channel).await?;
        let found = messages.iter().find(|it| it.id() == message);
        Ok(found.ok_or("an inbox")?.components()[0]["label"].clone())
    };
    assert_eq!(labels(inbox.message).await?, "Hilfe");
    assert_eq!(labels(other.message).await?, "Create Ticket");
    let path = format!("/channels/{}/messages/*", inbox.channel);
    let edits = |mark| {
        let calls = stage.sandbox.calls_after(mark);
        calls.iter().filter(|it| it.is("PATCH", &path)).count()
    };
    assert_eq!(edits(mark), 1, "only the message that shows something else");

    // The bot applies the file only once.
    let mark = stage.sandbox.mark();
    time_passes(Duration::from_secs(61)).await;
    stage.idle().await?;
    assert_eq!(edits(mark), 0);
    stage.finish().await
}

/// A file can set everything that the panel can: the staff, the channel, and both texts.
#[tokio::test]
async fn a_file_says_exactly_who_and_where() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let (noah, role) = (stage.sandbox.member2().id(), stage.sandbox.moderator_role());
    let (tickets, everyone) = (stage.tickets(), stage.sandbox.guild_id());
    let head = format!("[[inbox]]\nid = \"{}\"\n", inbox.message);
    let lines = format!(
        "destination = \"{tickets}\"\nstaff = [\"<@{noah}>\", \"<@&{role}>\"]\n\
         starter = \"Hello $author\"\nticket-name = \"help $counter\"\npause = \"Away\"\npause-end = \"1h\"\n"
    );
    let told = stage.apply(&format!("{head}{lines}"), false).await?;
    assert_eq!(told.matches("inbox ").count(), 6, "{told}");
    let exported = stage.exported().await?;
    for line in lines.lines().take(4) {
        assert!(exported.contains(line), "{line} is not in {exported}");
    }
    // The pause lasts for an hour from when the file was applied.
    let refused = stage.click(&stage.sandbox.member(), inbox).await?;
    assert!(refused.content()?.contains("Away"), "{refused:?}");
    stage.apply(&format!("{head}pause = \"\"\n"), false).await?;
    let ticket = stage.open(&stage.sandbox.member(), inbox).await?;
    let thread = stage.thread(ticket).ok_or("a ticket")?;
    assert_eq!((thread.parent, &*thread.name), (tickets, "help 0001"));
    // The inbox's own channel is the default destination, as with the command.
    let own = format!("{head}destination = \"{}\"\n", inbox.channel);
    stage.apply(&own, false).await?;
    assert!(stage.exported().await?.contains("destination = \"\""));

    let before = stage.exported().await?;
    for (line, words) in [
        (
            format!("staff = [\"<@&{everyone}>\"]"),
            "staff: @everyone cannot",
        ),
        (
            "staff = \"<@1>\"".to_owned(),
            "staff: must be an array of mentions",
        ),
        (
            "allowed-roles = [\"Moderator\"]".to_owned(),
            "allowed-roles: must be",
        ),
        (
            format!("allowed-roles = [\"{role}\", \"\"]"),
            "allowed-roles: must be",
        ),
        (
            format!(
                "blocked-roles = [{}]",
                vec![format!("\"{role}\""); 26].join(", ")
            ),
            "blocked-roles: must have at most 25",
        ),
        (
            format!("name = \"{}\"", "x".repeat(46)),
            "name: must have at most 45",
        ),
        (
            format!("starter = \"{}\"", "x".repeat(4_001)),
            "starter: must have at most",
        ),
    ] {
        let refused = stage.apply(&format!("{head}{line}\n"), false).await;
        let refused = refused.expect_err(&line);
        assert!(refused.contains(words), "{refused}");
    }
    assert_eq!(stage.exported().await?, before);
    stage.finish().await
}
