//! Machines whose clocks differ by hours: leases depend only on PostgreSQL's clock.

use std::path::Path;

use harness::Result;
use harness::cluster::{Stage, skewed};

use crate::stage;

#[tokio::test]
async fn clocks_that_differ_by_hours_make_no_difference() -> Result {
    let Some(mut stage) = stage(4, 4).await? else {
        return Ok(());
    };
    stage.in_slow_motion();
    let folder = tempfile::tempdir()?;
    for (name, hours) in [("a", -5), ("b", 0), ("c", 7)] {
        let program = Path::new(env!("CARGO_BIN_EXE_theticketbot"));
        let program = skewed(folder.path(), program, hours)?;
        stage.start_as(name, program).await?;
    }
    stage.shared(3).await?;
    stage.make_inboxes().await?;
    stage.tickets_work().await?;
    stage.saved().await?;
    // The log shows each process's own time, so this proves that their clocks differ.
    let hour = |stage: &mut Stage, name| {
        let log = stage.process(name).log().tail();
        log.first().map(|line| line[11..13].to_owned())
    };
    assert_ne!(hour(&mut stage, "a"), hour(&mut stage, "b"));
    let before = stage.begun();
    stage.process("c").kill().await?;
    stage.shared(2).await?;
    stage.tickets_work().await?;
    stage.process("a").stop().await?;
    stage.shared(1).await?;
    stage.tickets_work().await?;
    assert_eq!(stage.begun(), before, "every session was resumed");
    stage.finish(0).await
}
