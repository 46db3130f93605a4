//! A gate stops many calls at once: all calls of one kind after a global rate limit, or all calls while
//! Cloudflare blocks the host's address. When the wait is over, one call goes first as a probe; the others
//! follow if it was not refused. Time is an argument.

use std::time::Duration;

use tokio::time::Instant;

use super::bucket::When;

/// The wait after the first refusal without a stated time. It doubles with each further refusal.
const FIRST_WAIT: Duration = Duration::from_secs(10);

/// The longest wait without a stated time.
const LONGEST_WAIT: Duration = Duration::from_secs(600);

#[derive(Debug, Default)]
pub(super) struct Gate {
    /// `None` while the gate is open.
    closed: Option<Closed>,
}

#[derive(Debug)]
struct Closed {
    until: Instant,
    /// How many refusals there were in a row, not counting calls that were already in flight.
    refusals: u32,
    is_probed: bool,
}

impl Gate {
    pub(super) fn when(&self, now: Instant) -> When {
        match &self.closed {
            Some(closed) if closed.until > now => When::At(closed.until),
            Some(closed) if closed.is_probed => When::Later,
            Some(_) | None => When::Now,
        }
    }

    /// When the wait ends. `None` if the gate is open.
    pub(super) fn closed_until(&self) -> Option<Instant> {
        self.closed.as_ref().map(|closed| closed.until)
    }

    /// Lets a call pass. Returns whether the call is the probe.
    pub(super) fn pass(&mut self) -> bool {
        match &mut self.closed {
            Some(closed) => {
                closed.is_probed = true;
                true
            }
            None => false,
        }
    }

    /// Opens the gate: the probe was not refused.
    pub(super) fn open(&mut self) {
        self.closed = None;
    }

    /// Allows another probe: this one got no response.
    pub(super) fn give_up_probe(&mut self) {
        if let Some(closed) = &mut self.closed {
            closed.is_probed = false;
        }
    }

    /// Closes the gate after a refusal. Returns for how long it is closed now.
    pub(super) fn close(&mut self, now: Instant, retry_after: Option<Duration>) -> Duration {
        let was = self.closed.take();
        // Calls that were in flight together are refused together: they count as one refusal.
        let (is_new, refusals, until) = match &was {
            Some(closed) => (closed.until <= now, closed.refusals, Some(closed.until)),
            None => (true, 0, None),
        };
        let wait = match retry_after {
            Some(wait) => wait,
            None if is_new => FIRST_WAIT
                .saturating_mul(2_u32.saturating_pow(refusals))
                .min(LONGEST_WAIT),
            None => Duration::ZERO,
        };
        let until = now.checked_add(wait).max(until).unwrap_or(now);
        self.closed = Some(Closed {
            until,
            refusals: refusals + u32::from(is_new),
            is_probed: false,
        });
        until.saturating_duration_since(now)
    }
}
