//! The bot on PostgreSQL. If it is not installed, these stories are skipped, with a message.

use harness::postgres::{shared, start};
use theticketbot::run::{Bot, RunError};

use discord_sandbox::Fault;

use crate::stage::{Result, Stage};

#[tokio::test]
async fn tickets_are_opened_and_closed_and_outlive_a_restart() -> Result {
    let Some(cluster) = shared() else {
        return Ok(());
    };
    let mut stage = Stage::on_postgres(cluster.url()).await?;
    let inbox = stage.inbox().await?;
    let (mia, other) = (stage.sandbox.member(), stage.sandbox.member2());
    let ticket = stage.open(&mia, inbox).await?;
    stage.stop().await?;
    // It resumes the session that it saved.
    stage.start().await?;
    let second = stage.open(&other, inbox).await?;
    mia.leave(ticket).await?;
    stage.closed(ticket, true).await?;
    stage.idle().await?;
    stage.stop().await?;
    other.leave(second).await?;
    stage.start_without_session().await?;
    stage.closed(second, true).await?;
    stage.finish().await
}

/// While the server is away, members get an error in time, and no work stays half done. What the bot missed
/// in the meantime is done when the server is back.
#[tokio::test]
async fn a_server_that_is_away_for_a_while() -> Result {
    let Some(cluster) = start() else {
        return Ok(());
    };
    let stage = Stage::on_postgres(cluster.url()).await?;
    let inbox = stage.inbox().await?;
    let (mia, other) = (stage.sandbox.member(), stage.sandbox.member2());
    let ticket = stage.open(&mia, inbox).await?;
    stage.idle().await?;
    let threads = stage
        .sandbox
        .look(|look| look.threads_of(inbox.channel).len());

    cluster.stop().expect("the server stops");
    let told = stage.click(&other, inbox).await?;
    let code = told
        .content()?
        .split('`')
        .nth(1)
        .expect("it has a code")
        .to_owned();
    let logged = stage.expected_errors().join("\n");
    assert!(logged.contains(&code), "{code}: {logged}");
    assert!(logged.contains("PostgreSQL cannot be reached"), "{logged}");
    mia.leave(ticket).await?;

    cluster.start_again().expect("the server starts");
    stage.closed(ticket, true).await?;
    stage.expected_errors();
    let now = stage
        .sandbox
        .look(|look| look.threads_of(inbox.channel).len());
    assert_eq!(now, threads, "the refused click left nothing");
    stage.open(&other, inbox).await?;
    stage.finish().await
}

/// The server goes away before the end of an opening is stored. The bot stores it when the server is back,
/// without a restart.
#[tokio::test]
async fn a_server_that_goes_away_at_the_end_of_an_opening() -> Result {
    let Some(cluster) = start() else {
        return Ok(());
    };
    let stage = Stage::on_postgres(cluster.url()).await?;
    let inbox = stage.inbox().await?;
    let mia = stage.sandbox.member();
    stage
        .sandbox
        .fail_next(Fault::held().on("PATCH", "/webhooks/**"))?;
    let click = mia
        .start_click(inbox.channel, inbox.message, harness::BUTTON)
        .await?;
    while !stage.sandbox.waiting_faults().is_empty() {
        tokio::task::yield_now().await;
    }
    cluster.stop().expect("the server stops");
    stage.sandbox.clear_faults();
    let answer = mia.answer_to(click).await?;
    harness::linked_channel(answer.content()?)?;
    // The first attempt to store it has failed.
    while stage.expected_errors().is_empty() {
        tokio::task::yield_now().await;
    }
    cluster.start_again().expect("the server starts");
    stage.idle().await?;
    let store = stage.settings().db.open_beside();
    let store = store.map_err(|error| error.to_string())?;
    assert_eq!(store.journal().await?, []);
    stage.expected_errors();
    stage.finish().await
}

#[tokio::test]
async fn a_schema_serves_one_application() -> Result {
    let Some(cluster) = shared() else {
        return Ok(());
    };
    let mut stage = Stage::on_postgres(cluster.url()).await?;
    stage.stop().await?;
    let store = stage.store()?;
    let application = store.bind(7).await?.expect("it is the bot's");
    let other = stage.settings();
    drop(store);
    // Simulates a schema of another bot.
    let another = cluster.sql(&format!(
        "UPDATE {}.setting SET value = '7' WHERE name = 'application-id'",
        other.db.url.as_ref().expect("it has one").schema()
    ));
    another.expect("the setting is there");
    let Err(refused) = Bot::start(other, stage.store()?).await else {
        panic!("it started");
    };
    assert!(
        matches!(refused, RunError::OtherApplication { .. }),
        "{refused}"
    );
    assert!(refused.needs_the_host());
    let text = refused.to_string();
    for id in ["the application 7", &application.to_string()] {
        assert!(text.contains(id), "{text}");
    }
    stage.finish().await
}

/// A file also belongs to one bot, but the host may give it to another.
#[tokio::test]
async fn a_file_of_another_application_is_a_warning_only() -> Result {
    let mut stage = Stage::set().await?;
    stage.stop().await?;
    let file = rusqlite::Connection::open(stage.database_file())?;
    file.execute(
        "UPDATE setting SET value = '7' WHERE name = 'application-id'",
        [],
    )?;
    drop(file);
    stage.start().await?;
    let inbox = stage.inbox().await?;
    stage.open(&stage.sandbox.member(), inbox).await?;
    stage.finish().await
}
