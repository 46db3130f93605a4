//! A process is cut off from PostgreSQL and not from Discord: members of its servers still get a response,
//! and it holds up no other process.

use std::time::Duration;

use discord_sandbox::State;
use harness::Result;
use harness::cluster::{Commit, Cut, Stage, Way};

use crate::faults::three;

/// Members click at once after this is done to one process's way to PostgreSQL.
async fn clicks_are_answered_after(cut: impl Fn(&Way)) -> Result {
    let Some(mut stage) = three().await? else {
        return Ok(());
    };
    cut(stage.way("b"));
    let clicks = stage.click_everywhere().await?;
    for (inbox, click) in &clicks {
        let answer = stage.answer_to(*click).await?;
        assert_eq!(answer.state, State::Answered, "{inbox:?}");
    }
    stage.shared(2).await?;
    stage.clicks_are_sound(&clicks).await?;
    stage.tickets_work().await?;
    stage.way("b").open();
    stage.shared(3).await?;
    stage.tickets_work().await?;
    // Its members got codes, which are in its log. The others have logged no error.
    stage.process("b").log().take_errors();
    stage.finish(0).await
}

#[tokio::test]
async fn clicks_get_a_response_when_the_connections_end() -> Result {
    clicks_are_answered_after(Way::cut).await
}

#[tokio::test]
async fn clicks_get_a_response_when_nothing_comes_back() -> Result {
    clicks_are_answered_after(Way::silence).await
}

/// The lock under which all processes write does not stay with one that is gone.
#[tokio::test]
async fn what_a_process_was_writing_blocks_no_other() -> Result {
    clicks_are_answered_after(|way| way.silence_at(Commit::OfARequest)).await
}

/// Nor does the lock under which they renew their leases.
#[tokio::test]
async fn a_process_that_was_renewing_its_leases_blocks_no_other() -> Result {
    clicks_are_answered_after(|way| way.silence_at(Commit::OfTheLeases)).await
}

/// A process that reaches only a part of Discord gives its shards to those that reach all of it, and does not
/// take them again until it does.
async fn shards_are_given_after(cut: Cut) -> Result {
    let Some(mut stage) = three().await? else {
        return Ok(());
    };
    let taken = |stage: &mut Stage| {
        let log = stage.process("b").log().tail();
        log.iter()
            .filter(|line| line.contains("taking a shard"))
            .count()
    };
    let before = taken(&mut stage);
    stage.cut_from_discord("b", cut)?;
    let clicks = stage.click_everywhere().await?;
    stage.shared(2).await?;
    stage.finished().await?;
    stage.clicks_are_sound(&clicks).await?;
    stage.tickets_work().await?;
    // It tries Discord again in between.
    stage.renewed_for(Duration::from_secs(8)).await?;
    assert_eq!(taken(&mut stage), before);
    let status = stage.command("a", &["cluster", "status"]).await?;
    let cut_off = status.matches("cannot reach Discord");
    assert_eq!(cut_off.count(), 1, "{status}");
    stage.open_to_discord("b")?;
    stage.shared(3).await?;
    stage.tickets_work().await?;
    // What it could not answer has codes.
    stage.process("b").log().take_errors();
    stage.finish(0).await
}

#[tokio::test]
async fn a_process_without_the_gateway_gives_its_shards() -> Result {
    shards_are_given_after(Cut::Gateway).await
}

#[tokio::test]
async fn a_process_whose_calls_fail_gives_its_shards() -> Result {
    shards_are_given_after(Cut::Calls).await
}
