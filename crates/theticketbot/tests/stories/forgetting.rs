//! The host deletes what the bot has stored about a member.

use std::cell::RefCell;

use discord_sandbox::{Fault, Person};
use theticketbot::cli::MemberCommand;
use theticketbot::member_command;

use crate::stage::{Result, Stage, user};

/// Runs `theticketbot member forget`. Returns the output, and the error.
async fn forget(stage: &Stage, whom: &Person, close: bool) -> (String, Option<String>) {
    let printed = RefCell::new(Vec::new());
    let id = whom.id().0;
    let command = |dry_run| MemberCommand::Forget { id, close, dry_run };
    let print = |line: &str| printed.borrow_mut().push(line.to_owned());
    let settings = stage.settings();
    let shown = member_command::run(&command(true), &settings, print).await;
    assert!(shown.is_ok(), "{shown:?}");
    let shown = printed.take().join("\n");
    let ran = member_command::run(&command(false), &settings, print).await;
    let error = ran.err().map(|error| error.to_string());
    let printed = printed.into_inner().join("\n");
    // The dry run did not delete what it showed.
    assert!(printed.starts_with(&shown), "{shown}, then {printed}");
    (printed, error)
}

/// The columns that contain something about a person.
async fn traces(stage: &Stage, whom: &Person) -> Result<Vec<String>> {
    let store = stage.settings().db.open_beside()?;
    let found = store.traces(user(whom.id())).await?;
    Ok(found.into_iter().map(|trace| trace.column).collect())
}

#[tokio::test]
async fn a_member_is_forgotten_while_the_bot_runs() -> Result {
    forgets_beside_the_bot(Stage::set().await?).await
}

#[cfg(all(feature = "postgres", unix))]
#[tokio::test]
async fn a_member_is_forgotten_while_the_bot_runs_on_postgresql() -> Result {
    let Some(cluster) = harness::postgres::shared() else {
        return Ok(());
    };
    forgets_beside_the_bot(Stage::on_postgres(cluster.url()).await?).await
}

/// With `--close`, the next step depends on whether a bot runs.
#[cfg(all(feature = "postgres", unix))]
#[tokio::test]
async fn a_member_is_forgotten_while_the_bot_on_postgresql_is_stopped() -> Result {
    let Some(cluster) = harness::postgres::shared() else {
        return Ok(());
    };
    let mut stage = Stage::on_postgres(cluster.url()).await?;
    let inbox = stage.inbox().await?;
    let mia = stage.sandbox.member();
    let ticket = stage.open(&mia, inbox).await?;
    stage.idle().await?;
    stage.stop().await?;
    let (printed, error) = forget(&stage, &mia, true).await;
    assert_eq!(error, None, "{printed}");
    assert!(printed.contains("The bot's next start"), "{printed}");
    assert!(traces(&stage, &mia).await?.is_empty());
    stage.start().await?;
    stage.closed(ticket, true).await?;
    stage.idle().await?;
    stage.finish().await
}

async fn forgets_beside_the_bot(stage: Stage) -> Result {
    let inbox = stage.inbox().await?;
    let mia = stage.sandbox.member();
    let (printed, error) = forget(&stage, &mia, false).await;
    assert_eq!(printed, format!("Nothing is stored about {}.", mia.id()));
    assert_eq!(error, None);
    let ticket = stage.open(&mia, inbox).await?;
    stage.idle().await?;

    let before = traces(&stage, &mia).await?;
    let (printed, error) = forget(&stage, &mia, false).await;
    assert!(printed.contains("1 × owner of a ticket"), "{printed}");
    let error = error.expect("a ticket is open");
    assert!(
        error.contains(&ticket.to_string()) && error.contains("--close"),
        "{error}"
    );
    assert_eq!(traces(&stage, &mia).await?, before, "nothing was removed");

    let (printed, error) = forget(&stage, &mia, true).await;
    assert_eq!(error, None);
    assert!(printed.contains("The running bot closes"), "{printed}");
    // Discord's event tells the bot that the ticket was archived, so the bot closes it.
    stage.closed(ticket, true).await?;
    stage.idle().await?;
    assert!(traces(&stage, &mia).await?.is_empty());
    // The bot still knows the thread as a ticket.
    let noah = stage.sandbox.moderator();
    noah.reopen(ticket).await?;
    stage.idle().await?;
    noah.archive(ticket).await?;
    stage.closed(ticket, true).await?;
    // There is no cooldown, because the time of the last ticket is deleted, too.
    stage.open(&mia, inbox).await?;
    stage.finish().await
}

#[tokio::test]
async fn a_member_is_forgotten_while_the_bot_is_stopped() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let mia = stage.sandbox.member();
    let ticket = stage.open(&mia, inbox).await?;
    stage.idle().await?;
    stage.stop().await?;
    let conn = rusqlite::Connection::open(stage.database_file())?;
    let mention = format!("<@{}>", mia.id());
    conn.execute(
        "INSERT INTO inbox_staff SELECT id, ?1 FROM inbox",
        [&mention],
    )?;
    let removed =
        "INSERT INTO removed_inbox VALUES (9, 1, 1, 1, NULL, '', '', 1, 0, '<@&7> ' || ?1)";
    conn.execute(removed, [&mention])?;
    conn.execute("UPDATE ticket SET claimed_by = owner_id", [])?;
    let closed = "INSERT INTO closing (ticket_id, by_id, by_name, reason, remove_members)
         SELECT id, owner_id, '', '', 0 FROM ticket";
    conn.execute(closed, [])?;
    let notice =
        "INSERT INTO notice (ticket_id, guild_id, channel_id, message_id, joined_by, shown)
         SELECT ticket.id, guild_id, 7, 8, owner_id, 'open ' || owner_id || ' ' || owner_id
         FROM ticket JOIN channel ON channel.id = ticket.id";
    conn.execute(notice, [])?;
    let starter = format!("Ask {mention}, $author");
    conn.execute("UPDATE inbox SET starter_content = ?1", [&starter])?;
    drop(conn);

    let (printed, error) = forget(&stage, &mia, true).await;
    assert_eq!(error, None, "{printed}");
    for words in [
        "staff of an inbox (inbox_staff",
        "staff of an inbox that was removed",
        "first to join a ticket",
        "shown in a ticket's notice",
        "/inbox staff",
        "The bot's next start",
    ] {
        assert!(printed.contains(words), "{words} is not in {printed}");
    }
    assert_eq!(traces(&stage, &mia).await?, ["inbox.starter_content"]);
    let is_archived = stage.thread(ticket).is_some_and(|it| it.archived);
    assert!(is_archived);
    stage.start().await?;
    stage.closed(ticket, true).await?;
    stage.idle().await?;
    stage.finish().await
}

/// If a ticket cannot be archived, the data about its owner is not deleted.
#[tokio::test]
async fn who_has_a_ticket_that_cannot_be_archived_is_not_forgotten() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let mia = stage.sandbox.member();
    let ticket = stage.open(&mia, inbox).await?;
    stage.idle().await?;
    stage.stop().await?;
    let before = stage.database()?;
    let refused = Fault::refusal(403, 50001, "Missing Access");
    stage
        .sandbox
        .fail_next(refused.on("PATCH", "/channels/*"))?;
    let (_, error) = forget(&stage, &mia, true).await;
    let error = error.expect("it is refused");
    assert!(
        error.contains(&format!("ticket {ticket} cannot be archived")),
        "{error}"
    );
    assert_eq!(stage.database()?, before);
    stage.finish().await
}
