//! A process is killed, paused, or cut off from PostgreSQL, and PostgreSQL itself restarts, while members
//! click.

use std::time::Duration;

use discord_sandbox::id::InteractionId;
use harness::Result;

use harness::cluster::{Cut, Stage};

use crate::stage;

pub(crate) async fn three() -> Result<Option<Stage>> {
    let Some(mut stage) = stage(8, 8).await? else {
        return Ok(None);
    };
    stage.in_slow_motion();
    for name in ["a", "b", "c"] {
        stage.start(name).await?;
    }
    stage.shared(3).await?;
    stage.make_inboxes().await?;
    Ok(Some(stage))
}

/// The next processes resume the sessions of a killed process, so no event is lost.
#[tokio::test]
async fn the_shards_of_a_killed_process_are_taken_over() -> Result {
    let Some(mut stage) = three().await? else {
        return Ok(());
    };
    let owner = stage.sandbox.owner();
    let (some, others) = stage.inboxes.split_at(5);
    let (some, others) = (some.to_vec(), others.to_vec());
    let mut tickets = Vec::new();
    for (_, click) in stage.click_in(&some).await? {
        let answer = stage.answer_to(click).await?;
        let ticket = harness::linked_channel(answer.content()?)?;
        stage.joined(ticket).await?;
        tickets.push(ticket);
    }
    stage.saved().await?;
    let before = stage.begun();
    stage.process("b").kill().await?;
    for ticket in &tickets {
        owner.archive(*ticket).await?;
    }
    let clicks = stage.click_in(&others).await?;
    stage.shared(2).await?;
    for ticket in tickets {
        stage.closed(ticket).await?;
    }
    for (_, click) in &clicks {
        harness::linked_channel(stage.answer_to(*click).await?.content()?)?;
    }
    assert_eq!(stage.begun(), before, "every session was resumed");
    stage.clicks_are_sound(&clicks).await?;
    stage.tickets_work().await?;
    stage.start("b").await?;
    stage.shared(3).await?;
    stage.tickets_work().await?;
    assert_eq!(stage.begun(), before, "every session was resumed");
    stage.finish(0).await
}

/// Another process finishes the work of a process that was killed while members clicked.
#[tokio::test]
async fn what_a_killed_process_has_begun_is_finished() -> Result {
    let Some(mut stage) = three().await? else {
        return Ok(());
    };
    let clicks = stage.click_everywhere().await?;
    stage.process("b").kill().await?;
    stage.shared(2).await?;
    stage.clicks_are_sound(&clicks).await?;
    stage.tickets_work().await?;
    stage.finish(0).await
}

/// A process is killed after it has responded. Discord sends those interactions to the next process again,
/// and repeats the interactions of other processes, too. No process responds a second time.
#[tokio::test]
async fn interactions_that_come_again_after_a_take_over_are_left_alone() -> Result {
    let Some(mut stage) = three().await? else {
        return Ok(());
    };
    let clicks = stage.click_everywhere().await?;
    for (_, click) in &clicks {
        let ticket = stage.linked(*click).await?;
        stage.joined(ticket).await?;
    }
    stage.saved().await?;
    let (before, mark) = (stage.begun(), stage.sandbox.mark());
    stage.process("b").kill().await?;
    for (_, click) in &clicks {
        stage.sandbox.repeat_interaction(*click)?;
    }
    stage.shared(2).await?;
    // Each member's later click is handled after the repeated one.
    stage.clicks_are_sound(&clicks).await?;
    stage.tickets_work().await?;
    assert_eq!(stage.begun(), before, "every session was resumed");
    for call in stage.sandbox.calls_after(mark) {
        let path = format!("{} {}", call.method, call.path);
        let is_of = |(_, click): &(_, InteractionId)| path.contains(&click.to_string());
        assert!(!clicks.iter().any(is_of), "{path}");
    }
    let logs = ["a", "c"].map(|name| stage.processes[name].log().tail().join("\n"));
    let logs = logs.join("\n");
    assert!(logs.contains("handled before this shard moved"), "{logs}");
    assert!(!logs.contains("running twice"), "{logs}");
    stage.finish(0).await
}

/// A process that reaches PostgreSQL but not Discord gives its shards to processes that reach both.
#[tokio::test]
async fn a_process_that_is_cut_off_from_discord_gives_its_shards() -> Result {
    let Some(mut stage) = three().await? else {
        return Ok(());
    };
    stage.saved().await?;
    let before = stage.begun();
    stage.cut_from_discord("b", Cut::All)?;
    let clicks = stage.click_everywhere().await?;
    stage.shared(2).await?;
    assert_eq!(stage.begun(), before, "every session was resumed");
    stage.clicks_are_sound(&clicks).await?;
    stage.tickets_work().await?;
    let status = stage.command("a", &["cluster", "status"]).await?;
    assert_eq!(
        status.matches("cannot reach Discord").count(),
        1,
        "{status}"
    );
    stage.open_to_discord("b")?;
    stage.shared(3).await?;
    stage.tickets_work().await?;
    // Calls that were in flight when the process lost Discord got error codes, which are logged.
    stage.process("b").log().take_errors();
    stage.finish(0).await
}

/// If no process reaches Discord, no shard moves.
#[tokio::test]
async fn nothing_moves_while_discord_is_away_for_all() -> Result {
    let Some(stage) = three().await? else {
        return Ok(());
    };
    stage.saved().await?;
    let (before, holders) = (stage.begun(), stage.holders().await?);
    for name in ["a", "b", "c"] {
        stage.cut_from_discord(name, Cut::All)?;
    }
    // This is longer than a single process without Discord keeps its shards.
    stage.renewed_for(Duration::from_secs(12)).await?;
    assert_eq!(stage.holders().await?, holders);
    for name in ["a", "b", "c"] {
        stage.open_to_discord(name)?;
    }
    stage.all_connected(8).await?;
    stage.tickets_work().await?;
    assert_eq!(stage.holders().await?, holders);
    assert_eq!(stage.begun(), before, "every session was resumed");
    for bot in stage.processes.values() {
        // Calls that were in flight when the processes lost Discord got error codes, which are logged.
        bot.log().take_errors();
    }
    stage.finish(0).await
}

/// A process that was paused for longer than its leases notices that when it continues, and restarts its
/// shards.
#[tokio::test]
async fn a_process_that_was_paused_for_too_long_does_nothing() -> Result {
    let Some(mut stage) = three().await? else {
        return Ok(());
    };
    let clicks = stage.click_everywhere().await?;
    stage.signal("b", "STOP")?;
    stage.shared(2).await?;
    stage.clicks_are_sound(&clicks).await?;
    stage.tickets_work().await?;
    stage.signal("b", "CONT")?;
    stage.shared(3).await?;
    stage.tickets_work().await?;
    // Its old connections stayed open while it was paused, so two connections had the same shard.
    stage.finish(i64::MAX).await
}

/// PostgreSQL ends all connections, and is away for a while.
#[tokio::test]
async fn a_restart_of_postgresql_is_outlived() -> Result {
    let Some(stage) = three().await? else {
        return Ok(());
    };
    let clicks = stage.click_everywhere().await?;
    stage.postgres.stop()?;
    stage.postgres.start_again()?;
    stage.shared(3).await?;
    stage.clicks_are_sound(&clicks).await?;
    stage.tickets_work().await?;
    for bot in stage.processes.values() {
        // Clicks during the restart got error codes, which are logged.
        bot.log().take_errors();
    }
    stage.finish(0).await
}

/// A process that loses PostgreSQL stops its shards before other processes take them.
#[tokio::test]
async fn a_process_that_is_cut_off_from_postgresql_stops_its_shards() -> Result {
    let Some(mut stage) = three().await? else {
        return Ok(());
    };
    stage.way("b").cut();
    stage.shared(2).await?;
    stage.tickets_work().await?;
    stage.way("b").open();
    stage.shared(3).await?;
    stage.tickets_work().await?;
    let warned = stage.process("b").log().tail().join("\n");
    assert!(warned.contains("could not be renewed in time"), "{warned}");
    stage.finish(0).await
}
