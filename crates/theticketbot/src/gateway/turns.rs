//! Whose turn it is to begin a session.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;
use twilight_gateway::queue::{InMemoryQueue, Queue};

use crate::discord::SessionStartLimit;

/// The client library's queue of shards: in memory, or shared by the processes of a cluster. Cheap to clone.
#[derive(Clone)]
pub struct Turns(Arc<dyn Queue + Send + Sync>);

impl Turns {
    /// A queue for a process that shares its shards with no other.
    pub fn of_this_process(limit: &SessionStartLimit) -> Self {
        Self::new(InMemoryQueue::new(
            limit.max_concurrency.max(1),
            limit.remaining,
            Duration::from_millis(limit.reset_after),
            limit.total,
        ))
    }

    pub fn new(queue: impl Queue + Send + Sync + 'static) -> Self {
        Self(Arc::new(queue))
    }
}

impl Queue for Turns {
    fn enqueue(&self, shard: u32) -> oneshot::Receiver<()> {
        self.0.enqueue(shard)
    }
}

impl fmt::Debug for Turns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Turns").finish_non_exhaustive()
    }
}
