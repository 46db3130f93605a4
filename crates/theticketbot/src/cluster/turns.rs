//! IDENTIFY, one after the other in all processes: Discord lets one shard of each bucket
//! (`max_concurrency`) begin a session every five seconds, and limits the sessions of a day.
//!
//! A bucket's row holds when the last of them began, by the database's clock. The row stays when a process
//! dies in between, so the next one waits in that case too. Only Discord knows how many sessions are left
//! today, so each process asks it from time to time.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Mutex, oneshot};
use tokio::time::{Instant, timeout};
use twilight_gateway::queue::Queue;

use super::TIME_LIMIT;
use crate::discord::{Discord, SessionStartLimit};
use crate::store::SharedDatabase;

/// A little longer than Discord's five seconds, because the IDENTIFY itself takes its time.
const DISTANCE: Duration = Duration::from_millis(5_250);

/// How long to wait if the database or Discord cannot be asked.
const RETRY: Duration = Duration::from_secs(1);

/// How soon Discord is asked again after it allowed no more sessions, even if it named a later time.
const ASK_AGAIN: Duration = Duration::from_secs(60);

/// Discord's limit is for a day.
const DAY: Duration = Duration::from_secs(86_400);

/// The gateway library's queue of those who want to begin a session. Cheap to clone.
#[derive(Clone)]
pub(super) struct Turns {
    database: SharedDatabase,
    discord: Discord,
    max_concurrency: u16,
    allowance: Arc<Mutex<Allowance>>,
}

impl Turns {
    pub(super) fn new(
        database: SharedDatabase,
        discord: Discord,
        limit: &SessionStartLimit,
    ) -> Self {
        let now = Instant::now();
        let mut allowance = Allowance {
            is_open: true,
            until: now,
        };
        allowance.learn(limit, now);
        Self {
            database,
            discord,
            max_concurrency: limit.max_concurrency,
            allowance: Arc::new(Mutex::new(allowance)),
        }
    }

    async fn wait(self, bucket: u32, mut turn: oneshot::Sender<()>) {
        loop {
            let wait = match self.until_allowed().await {
                Some(wait) => wait,
                None => match self.database.take_turn(bucket, DISTANCE).await {
                    Ok(None) if self.database.fence().is_over() => RETRY,
                    Ok(None) => {
                        // The shard may be gone.
                        let _ = turn.send(());
                        return;
                    }
                    Ok(Some(wait)) => wait,
                    Err(_) => RETRY,
                },
            };
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = turn.closed() => return,
            }
        }
    }

    /// How long to wait if no session may begin now. One question is for all shards of this process.
    async fn until_allowed(&self) -> Option<Duration> {
        let mut allowance = self.allowance.lock().await;
        if allowance.until <= Instant::now() {
            match timeout(TIME_LIMIT, self.discord.gateway_bot()).await {
                Ok(Ok(gateway)) => allowance.learn(&gateway.session_start_limit, Instant::now()),
                // Discord resets the token of a bot that begins too many sessions, so it rather waits.
                Ok(Err(_)) | Err(_) => return Some(RETRY),
            }
        }
        let left = allowance.until.saturating_duration_since(Instant::now());
        (!allowance.is_open).then_some(left)
    }
}

impl Queue for Turns {
    fn enqueue(&self, shard: u32) -> oneshot::Receiver<()> {
        let (turn, waiting) = oneshot::channel();
        let bucket = shard % u32::from(self.max_concurrency.max(1));
        tokio::spawn(self.clone().wait(bucket, turn));
        waiting
    }
}

/// What Discord last said about the sessions of this day.
struct Allowance {
    /// Whether sessions may begin.
    is_open: bool,
    /// Until when that holds. Then Discord must be asked again.
    until: Instant,
}

impl Allowance {
    /// In five seconds, all processes together begin one session in each bucket. So an answer is used only while
    /// they cannot have begun more than a quarter of the sessions that were left. If even one round could be
    /// more than that, the next sessions wait for the reset.
    fn learn(&mut self, limit: &SessionStartLimit, now: Instant) {
        let rounds = limit.remaining / u32::from(limit.max_concurrency.max(1)) / 4;
        let was_open = std::mem::replace(&mut self.is_open, rounds > 0);
        let reset_after = Duration::from_millis(limit.reset_after);
        self.until = now
            + match rounds {
                0 => reset_after.clamp(DISTANCE, ASK_AGAIN),
                rounds => DISTANCE.saturating_mul(rounds).min(DAY),
            };
        if was_open && !self.is_open {
            tracing::warn!(
                remaining = limit.remaining,
                hours = limit.reset_after / 3_600_000,
                "Discord allows only a few more sessions; new ones wait until the limit resets"
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_begin_only_while_enough_are_left() {
        let now = Instant::now();
        let mut allowance = Allowance {
            is_open: true,
            until: now,
        };
        let mut learn = |remaining, reset_after, max_concurrency| {
            let limit = SessionStartLimit {
                total: 1_000,
                remaining,
                reset_after,
                max_concurrency,
            };
            allowance.learn(&limit, now);
            (allowance.is_open, allowance.until - now)
        };
        assert_eq!(learn(1_000, 0, 1), (true, 250 * DISTANCE));
        assert_eq!(learn(1_000, 0, 16), (true, 15 * DISTANCE));
        assert_eq!(learn(4, 0, 1), (true, DISTANCE));
        assert_eq!(learn(3, 20_000, 1), (false, Duration::from_secs(20)));
        assert_eq!(learn(63, 20_000, 16), (false, Duration::from_secs(20)));
        assert_eq!(learn(0, 80_000_000, 1), (false, ASK_AGAIN));
        assert_eq!(learn(0, 0, 0), (false, DISTANCE));
    }
}
