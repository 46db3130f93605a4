//! IDENTIFY, one after the other in all processes: Discord lets one shard of each bucket
//! (`max_concurrency`) begin a session every five seconds.
//!
//! A bucket's row holds when the last of them began, by the database's clock. The row stays when a process
//! dies in between, so the next one waits in that case too.

use std::time::Duration;

use tokio::sync::oneshot;
use twilight_gateway::queue::Queue;

use crate::store::SharedDatabase;

/// A little longer than Discord's five seconds, because the IDENTIFY itself takes its time.
const DISTANCE: Duration = Duration::from_millis(5_250);

/// How long to wait if the database cannot be asked.
const RETRY: Duration = Duration::from_secs(1);

/// The gateway library's queue of those who want to begin a session.
#[derive(Debug)]
pub(super) struct Turns {
    pub(super) database: SharedDatabase,
    pub(super) max_concurrency: u16,
}

impl Queue for Turns {
    fn enqueue(&self, shard: u32) -> oneshot::Receiver<()> {
        let (turn, waiting) = oneshot::channel();
        let bucket = shard % u32::from(self.max_concurrency.max(1));
        tokio::spawn(wait_for_turn(self.database.clone(), bucket, turn));
        waiting
    }
}

async fn wait_for_turn(database: SharedDatabase, bucket: u32, mut turn: oneshot::Sender<()>) {
    loop {
        let wait = match database.take_turn(bucket, DISTANCE).await {
            Ok(None) if database.fence().is_over() => RETRY,
            Ok(None) => {
                // The shard may be gone.
                let _ = turn.send(());
                return;
            }
            Ok(Some(wait)) => wait,
            Err(_) => RETRY,
        };
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = turn.closed() => return,
        }
    }
}
