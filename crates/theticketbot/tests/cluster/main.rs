//! Several processes of the bot on one PostgreSQL: the real program, killed, paused and restarted. Where
//! PostgreSQL is not installed, these tests are left out, and say so.
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
