//! A process is killed, paused, or cut off from PostgreSQL, and PostgreSQL itself restarts, while members
//! click.

use harness::Result;

use crate::stage::Stage;

async fn three() -> Result<Option<Stage>> {
    let Some(mut stage) = Stage::new(8, 8).await? else {
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

#[tokio::test]
async fn the_shards_of_a_killed_process_are_taken_over() -> Result {
    let Some(mut stage) = three().await? else {
        return Ok(());
    };
    let clicks = stage.click_everywhere().await?;
    stage.process("b").kill().await?;
    stage.shared(2).await?;
    stage.clicks_are_sound(&clicks).await?;
    stage.tickets_work().await?;
    stage.start("b").await?;
    stage.shared(3).await?;
    stage.tickets_work().await?;
    stage.finish(0).await
}

/// A process that was paused for longer than its leases finds out when it wakes, and begins again.
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
    // Its old connections were open, though nobody read them, until Discord or the system closed them.
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
        // Clicks in the meantime have codes, which are logged as errors.
        bot.log().take_errors();
    }
    stage.finish(0).await
}

/// A process that cannot reach PostgreSQL stops its shards before the others take them.
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
