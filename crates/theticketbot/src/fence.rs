//! Until when this process may act, by its own monotonic clock.

use std::future::pending;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// The fence ends a little before the leases, which are all renewed together. Code that calls Discord or
/// writes checks it first, so a process that was paused stops acting when it wakes.
#[derive(Clone, Debug, Default)]
pub struct Fence(Arc<Mutex<Option<Instant>>>);

impl Fence {
    /// Moves the end of the fence, because the leases were renewed.
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

    /// Completes when at most `before` is left until the fence ends. A renewal in the meantime postpones
    /// that.
    pub async fn until_near(&self, before: Duration) {
        while let Some(end) = self.ends() {
            if Instant::now() + before >= end {
                return;
            }
            sleep_until(end - before).await;
        }
        // Without a lease, there is no end to wait for.
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
