//! Stopping, starting, and losing the connection.

use discord_sandbox::record::What;
use serde_json::json;
use std::time::{Duration, Instant};

use crate::stage::{Result, Stage};

#[tokio::test]
async fn everything_goes_on_after_a_restart() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let mia = stage.sandbox.member();
    let ticket = stage.open(&mia, inbox).await?;
    stage.stop().await?;
    stage.start().await?;
    stage.open(&stage.sandbox.member2(), inbox).await?;
    mia.leave(ticket).await?;
    stage.closed(ticket, true).await?;
    stage.finish().await
}

#[tokio::test]
async fn a_lost_connection_is_resumed_and_misses_nothing() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let mia = stage.sandbox.member();
    let ticket = stage.open(&mia, inbox).await?;
    assert_eq!(stage.sandbox.cut_gateway(1006), 1);
    mia.leave(ticket).await?;
    stage.closed(ticket, true).await?;
    stage.finish().await
}

#[tokio::test]
async fn a_lost_session_is_replaced() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let mark = stage.sandbox.mark();
    assert_eq!(stage.sandbox.end_sessions(), 1);
    stage
        .sandbox
        .wait_for_entry("the session is replaced", mark, |entry| match &entry.what {
            What::Gateway { what } if what.contains(" begins") => Some(()),
            _ => None,
        })
        .await?;
    stage.sandbox.wait_for_bot().await?;
    assert_eq!(stage.sessions_after(mark), (1, 0), "begun and resumed");
    stage.open(&stage.sandbox.member(), inbox).await?;
    stage.finish().await
}

#[tokio::test]
async fn a_stop_in_the_middle_of_a_click_is_quick_and_loses_nothing() -> Result {
    use discord_sandbox::Fault;
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let mia = stage.sandbox.member();
    let held = Fault::held().on("POST", "/channels/*/messages");
    stage.sandbox.fail_next(held)?;
    mia.start_click(inbox.channel, inbox.message, "create-ticket")
        .await?;
    let support = inbox.channel;
    stage
        .sandbox
        .wait_until("the thread", |look| {
            look.threads_of(support).pop().map(drop)
        })
        .await?;
    let began = Instant::now();
    stage.stop().await?;
    // The bot gives the call up after 20 seconds only. A busy machine may take some of them.
    let took = began.elapsed();
    assert!(took < Duration::from_secs(10), "{took:?}");
    stage.sandbox.clear_faults();
    stage.start().await?;
    let mia_is_in = |look: &discord_sandbox::Look<'_>| {
        let thread = look.threads_of(support).pop()?.id;
        look.is_in_thread(thread, mia.id()).then_some(thread)
    };
    let ticket = stage
        .sandbox
        .wait_until("the owner is in the ticket", mia_is_in)
        .await?;
    mia.leave(ticket).await?;
    stage.closed(ticket, true).await?;
    stage.finish().await
}

#[tokio::test]
async fn an_inbox_of_another_destination_survives() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage
        .inbox_with(json!({"destination": stage.tickets()}))
        .await?;
    stage.stop().await?;
    stage.start().await?;
    let ticket = stage.open(&stage.sandbox.member(), inbox).await?;
    assert_eq!(
        stage.thread(ticket).map(|thread| thread.parent),
        Some(stage.tickets())
    );
    stage.finish().await
}
