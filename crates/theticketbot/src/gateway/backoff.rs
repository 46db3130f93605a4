//! Bad connections: one on which Discord sends no hello times out, and after connections that do not
//! last, the bot backs off before it reconnects.

use std::time::Duration;

use tokio::time::Instant;
use twilight_gateway::ShardState;

/// Notices a connection on which Discord sends nothing. The library notices heartbeats without an
/// acknowledgement, but before Discord's hello there are no heartbeats.
#[derive(Default)]
pub(super) struct HelloTimeout {
    since: Option<Instant>,
}

impl HelloTimeout {
    /// How often to check.
    pub(super) const CHECK_EVERY: Duration = Duration::from_secs(20);
    /// Discord says hello within a second, and then answers a heartbeat each 41 seconds, also while
    /// a new session waits for its turn.
    const LONGEST: Duration = Duration::from_secs(90);

    /// Whether a connection has waited too long for a message.
    pub(super) fn has_expired(&mut self, state: ShardState, now: Instant) -> bool {
        if state != ShardState::Identifying {
            *self = Self::default();
            return false;
        }
        now - *self.since.get_or_insert(now) >= Self::LONGEST
    }

    /// Discord sent a message.
    pub(super) fn reset(&mut self) {
        *self = Self::default();
    }
}

/// The back-off where Discord accepts connections and closes them at once.
#[derive(Default)]
pub(super) struct Backoff {
    /// Since when Discord sends events on this connection.
    connected: Option<Instant>,
    /// How many in a row were closed before they lasted.
    in_row: u32,
}

impl Backoff {
    /// A connection that lasts longer is a good one.
    const GOOD: Duration = Duration::from_secs(5);
    const LONGEST: Duration = Duration::from_secs(5);

    pub(super) fn connected(&mut self, now: Instant) {
        self.connected = Some(now);
    }

    /// How long to wait before the next connection.
    pub(super) fn closed(&mut self, now: Instant) -> Duration {
        let since = self.connected.take();
        let was_good = since.is_some_and(|since| now - since >= Self::GOOD);
        self.in_row = if was_good { 0 } else { self.in_row + 1 };
        let Some(doublings) = self.in_row.checked_sub(3) else {
            return Duration::ZERO;
        };
        let wait = Duration::from_millis(250 << doublings.min(8));
        wait.min(Self::LONGEST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_closed_again_and_again_waits() {
        let (mut backoff, begun) = (Backoff::default(), Instant::now());
        let at = |seconds| begun + Duration::from_secs(seconds);
        let in_row: Vec<_> = (0..9)
            .map(|second| backoff.closed(at(second)).as_millis())
            .collect();
        assert_eq!(in_row, [0, 0, 250, 500, 1000, 2000, 4000, 5000, 5000]);
        backoff.connected(at(60));
        assert_eq!(backoff.closed(at(64)).as_millis(), 5000, "it did not last");
        backoff.connected(at(70));
        assert_eq!(backoff.closed(at(75)).as_millis(), 0, "this one did");
        let again: Vec<_> = (76..79)
            .map(|second| backoff.closed(at(second)).as_millis())
            .collect();
        assert_eq!(again, [0, 0, 250]);
    }

    #[test]
    fn a_connection_without_a_word_is_given_up_and_no_other() {
        use ShardState::{Active, Disconnected, Identifying};
        let (mut timeout, begun) = (HelloTimeout::default(), Instant::now());
        let at = |seconds| begun + Duration::from_secs(seconds);
        assert!(!timeout.has_expired(Identifying, at(0)));
        assert!(!timeout.has_expired(Identifying, at(80)));
        assert!(timeout.has_expired(Identifying, at(90)));
        // It said hello, and answers heartbeats while the new session waits for its turn.
        for heard in [100, 141, 182] {
            timeout.reset();
            assert!(!timeout.has_expired(Identifying, at(heard)));
            assert!(!timeout.has_expired(Identifying, at(heard + 40)));
        }
        // It was lost and replaced by a dead one between two checks.
        assert!(timeout.has_expired(Identifying, at(272)));
        // An active connection may be silent for long.
        assert!(!timeout.has_expired(Active, at(280)));
        assert!(!timeout.has_expired(Active, at(2000)));
        assert!(!timeout.has_expired(Identifying, at(2020)));
        let trying = Disconnected {
            reconnect_attempts: 1,
        };
        assert!(!timeout.has_expired(trying, at(2100)));
        assert!(!timeout.has_expired(Identifying, at(2120)));
        assert!(timeout.has_expired(Identifying, at(2210)));
    }
}
