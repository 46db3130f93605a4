//! Several processes of the real program on one PostgreSQL: killed, paused and restarted. If PostgreSQL is
//! not installed, these tests are skipped, with a message.
#![cfg(all(feature = "postgres", target_os = "linux"))]

mod clocks;
mod cuts;
mod faults;
mod moves;

use harness::Result;
use harness::cluster::Stage;

/// `None` where PostgreSQL is not installed.
async fn stage(shards: u32, max_concurrency: u32) -> Result<Option<Stage>> {
    let program = env!("CARGO_BIN_EXE_theticketbot").into();
    Stage::new(program, shards, max_concurrency).await
}
