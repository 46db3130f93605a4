//! The bot registers its commands only if their definitions have changed.

use discord_sandbox::{Fault, Sandbox};

use crate::stage::{Result, Stage};

fn registrations(stage: &Stage, mark: u64) -> usize {
    let application = stage.sandbox.application_id();
    let path = format!("/applications/{application}/commands");
    stage
        .sandbox
        .calls_after(mark)
        .iter()
        .filter(|call| call.is("PUT", &path))
        .count()
}

#[tokio::test]
async fn an_unchanged_start_registers_nothing() -> Result {
    let mut stage = Stage::without_bot(Sandbox::start().await?)?;
    let mark = stage.sandbox.mark();
    stage.start().await?;
    assert_eq!(registrations(&stage, mark), 1);
    stage.stop().await?;
    let mark = stage.sandbox.mark();
    stage.start().await?;
    assert_eq!(registrations(&stage, mark), 0);
    stage.finish().await
}

#[tokio::test]
async fn commands_that_are_refused_keep_nobody_from_working() -> Result {
    let mut stage = Stage::without_bot(Sandbox::start().await?)?;
    let refusal = Fault::refusal(403, 50_001, "Missing Access");
    stage
        .sandbox
        .fail_next(refusal.on("PUT", "/applications/*/commands"))?;
    stage.start().await?;
    let [logged] = &stage.expected_errors()[..] else {
        panic!("one error is logged")
    };
    assert!(logged.contains("commands"), "{logged}");
    // The next start tries again.
    stage.stop().await?;
    let mark = stage.sandbox.mark();
    stage.start().await?;
    assert_eq!(registrations(&stage, mark), 1);
    stage.finish().await
}
