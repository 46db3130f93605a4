//! A process is cut off from PostgreSQL and not from Discord: members of its servers still get a response,
//! and it holds up no other process.

use discord_sandbox::State;
use harness::Result;
use harness::cluster::{Commit, Way};

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
