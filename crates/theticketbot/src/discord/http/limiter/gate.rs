//! What stops many calls at once: the limit on all calls of one kind, and the block of the host's
//! address. When the time is over, one call goes first; the others follow once it was not refused.
//! Time is an argument.

use std::time::Duration;

use tokio::time::Instant;

use super::bucket::When;

/// The wait after the first refusal that names none. It doubles with each one that follows.
const FIRST_WAIT: Duration = Duration::from_secs(10);

/// The longest wait that is guessed.
const LONGEST_WAIT: Duration = Duration::from_secs(600);

#[derive(Debug, Default)]
pub(super) struct Gate {
    /// `None` while the gate is open.
    closed: Option<Closed>,
}

#[derive(Debug)]
struct Closed {
    until: Instant,
    /// How often in a row a call was refused that had waited.
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

    /// Until when it is closed, if that is known.
    pub(super) fn closed_until(&self) -> Option<Instant> {
        self.closed.as_ref().map(|closed| closed.until)
    }

    /// A call passes. Returns whether it is the one that goes first.
    pub(super) fn pass(&mut self) -> bool {
        match &mut self.closed {
            Some(closed) => {
                closed.is_probed = true;
                true
            }
            None => false,
        }
    }

    /// The call that went first was not refused here.
    pub(super) fn open(&mut self) {
        self.closed = None;
    }

    /// The call that went first got no response: another may.
    pub(super) fn give_up_probe(&mut self) {
        if let Some(closed) = &mut self.closed {
            closed.is_probed = false;
        }
    }

    /// Discord refused a call. Returns how long the gate is closed now.
    pub(super) fn close(&mut self, now: Instant, retry_after: Option<Duration>) -> Duration {
        let was = self.closed.take();
        // Calls that were on their way together are refused together: that is one refusal.
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
