//! Until when this process may act, by its own monotonic clock.

use std::future::pending;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// Ends a little before the leases do, which are renewed all together. Whoever calls Discord or writes
/// checks it first: a process that was paused finds out when it wakes.
#[derive(Clone, Debug, Default)]
pub struct Fence(Arc<Mutex<Option<Instant>>>);

impl Fence {
    /// The leases were renewed, and hold until then.
    pub fn extend(&self, until: Instant) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(until);
    }

    /// When it ends; `None` before the first lease.
    pub fn ends(&self) -> Option<Instant> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether this process may no longer act.
    pub fn is_over(&self) -> bool {
        self.ends().is_some_and(|end| Instant::now() >= end)
    }

    /// Completes so long before it ends, unless the leases are renewed until then.
    pub async fn until_near(&self, before: Duration) {
        while let Some(end) = self.ends() {
            if Instant::now() + before >= end {
                return;
            }
            sleep_until(end - before).await;
        }
        // There was no lease yet.
        pending::<()>().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn it_is_over_until_the_leases_are_renewed() {
        let fence = Fence::default();
        assert!(!fence.is_over(), "there was no lease yet");
        fence.extend(Instant::now() + Duration::from_secs(8));
        tokio::time::advance(Duration::from_secs(7)).await;
        assert!(!fence.is_over());
        tokio::time::advance(Duration::from_secs(1)).await;
        assert!(fence.is_over());
        fence
            .clone()
            .extend(Instant::now() + Duration::from_secs(8));
        assert!(!fence.is_over());
    }

    #[tokio::test(start_paused = true)]
    async fn its_end_is_announced_unless_the_leases_are_renewed() {
        let (fence, begun) = (Fence::default(), Instant::now());
        let seconds = Duration::from_secs;
        fence.extend(begun + seconds(8));
        let renewing = async {
            sleep_until(begun + seconds(6)).await;
            fence.extend(begun + seconds(14));
        };
        tokio::join!(fence.until_near(seconds(1)), renewing);
        assert_eq!(begun.elapsed(), seconds(13));
    }
}
