//! Whether a connection is any good: one without a word is given up, and those that do not last are
//! not followed at once by others.

use std::time::Duration;

use tokio::time::Instant;
use twilight_gateway::ShardState;

/// Notices a connection on which nothing is heard. The library knows when heartbeats are not
/// answered; but before the first word there are none.
#[derive(Default)]
pub(super) struct Silence {
    since: Option<Instant>,
}

impl Silence {
    /// How often to look.
    pub(super) const LOOK: Duration = Duration::from_secs(20);
    /// Discord says hello within a second, and then answers a heartbeat each 41 seconds, also while
    /// a new session waits for its turn.
    const LONGEST: Duration = Duration::from_secs(90);

    /// Whether a connection has been there for too long without a word.
    pub(super) fn lasts(&mut self, state: ShardState, now: Instant) -> bool {
        if state != ShardState::Identifying {
            *self = Self::default();
            return false;
        }
        now - *self.since.get_or_insert(now) >= Self::LONGEST
    }

    /// Something was said.
    pub(super) fn broken(&mut self) {
        *self = Self::default();
    }
}

/// Keeps from connecting again and again, where connections are taken and closed at once.
#[derive(Default)]
pub(super) struct Haste {
    /// Since when Discord tells this connection what happens.
    connected: Option<Instant>,
    /// How many were closed before they were good for anything, one after the other.
    in_row: u32,
}

impl Haste {
    /// A connection that lasts longer is a good one.
    const GOOD: Duration = Duration::from_secs(5);
    const LONGEST: Duration = Duration::from_secs(5);

    pub(super) fn connected(&mut self, now: Instant) {
        self.connected = Some(now);
    }

    /// How long to wait with the next connection.
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
        let (mut haste, begun) = (Haste::default(), Instant::now());
        let at = |seconds| begun + Duration::from_secs(seconds);
        let in_row: Vec<_> = (0..9)
            .map(|second| haste.closed(at(second)).as_millis())
            .collect();
        assert_eq!(in_row, [0, 0, 250, 500, 1000, 2000, 4000, 5000, 5000]);
        haste.connected(at(60));
        assert_eq!(haste.closed(at(64)).as_millis(), 5000, "it did not last");
        haste.connected(at(70));
        assert_eq!(haste.closed(at(75)).as_millis(), 0, "this one did");
        let again: Vec<_> = (76..79)
            .map(|second| haste.closed(at(second)).as_millis())
            .collect();
        assert_eq!(again, [0, 0, 250]);
    }

    #[test]
    fn a_connection_without_a_word_is_given_up_and_no_other() {
        use ShardState::{Active, Disconnected, Identifying};
        let (mut silence, begun) = (Silence::default(), Instant::now());
        let at = |seconds| begun + Duration::from_secs(seconds);
        assert!(!silence.lasts(Identifying, at(0)));
        assert!(!silence.lasts(Identifying, at(80)));
        assert!(silence.lasts(Identifying, at(90)));
        // It said hello, and answers heartbeats while the new session waits for its turn.
        for heard in [100, 141, 182] {
            silence.broken();
            assert!(!silence.lasts(Identifying, at(heard)));
            assert!(!silence.lasts(Identifying, at(heard + 40)));
        }
        // It was lost and followed by a dead one before anybody looked.
        assert!(silence.lasts(Identifying, at(272)));
        // What serves may be silent for long.
        assert!(!silence.lasts(Active, at(280)));
        assert!(!silence.lasts(Active, at(2000)));
        assert!(!silence.lasts(Identifying, at(2020)));
        let trying = Disconnected {
            reconnect_attempts: 1,
        };
        assert!(!silence.lasts(trying, at(2100)));
        assert!(!silence.lasts(Identifying, at(2120)));
        assert!(silence.lasts(Identifying, at(2210)));
    }
}
