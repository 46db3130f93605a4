//! A process loses PostgreSQL but not Discord: members of its servers still get a response, and it does not
//! block other processes.

use std::time::Duration;

use discord_sandbox::State;
use harness::Result;
use harness::cluster::{Commit, Cut, Stage, Way};

use crate::faults::three;

/// Members click right after this happens to one process's connection to PostgreSQL.
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
    // Members of this process got error codes, which are in its log. The other processes logged no error.
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

/// A process that loses its connection does not keep the lock for writing.
#[tokio::test]
async fn what_a_process_was_writing_blocks_no_other() -> Result {
    clicks_are_answered_after(|way| way.silence_at(Commit::OfARequest)).await
}

/// A process that loses its connection does not keep the lock for renewing leases.
#[tokio::test]
async fn a_process_that_was_renewing_its_leases_blocks_no_other() -> Result {
    clicks_are_answered_after(|way| way.silence_at(Commit::OfTheLeases)).await
}

/// A process that reaches only a part of Discord gives its shards to processes that reach all of it. It takes
/// shards again only after it reaches all of Discord.
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
    // In this time, the process checks Discord again.
    stage.renewed_for(Duration::from_secs(8)).await?;
    assert_eq!(taken(&mut stage), before);
    let status = stage.command("a", &["cluster", "status"]).await?;
    let cut_off = status.matches("cannot reach Discord");
    assert_eq!(cut_off.count(), 1, "{status}");
    stage.open_to_discord("b")?;
    stage.shared(3).await?;
    stage.tickets_work().await?;
    // Requests without a response got error codes, which are logged.
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
