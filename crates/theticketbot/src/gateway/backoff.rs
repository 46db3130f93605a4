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

/// Notices a connection that ends without a close frame, which the library does not report. The library
/// reconnects within the same call, so the bot can only watch the shard's state.
#[derive(Default)]
pub(super) struct Wordless {
    is_open: bool,
    /// The end of the last connection was noticed here.
    is_counted: bool,
    /// How many times in a row the shard was found without a connection.
    without: u32,
}

impl Wordless {
    /// Making one connection takes fewer steps than this: an address, TCP, TLS and the upgrade.
    const STEPS: u32 = 16;

    /// Whether a connection has ended, now that the shard waits in this state.
    pub(super) fn ended(&mut self, state: ShardState) -> bool {
        if !matches!(state, ShardState::Disconnected { .. }) {
            *self = Self {
                is_open: true,
                ..Self::default()
            };
            return false;
        }
        self.without += 1;
        let has_ended = self.is_open || self.without >= Self::STEPS;
        if has_ended {
            *self = Self {
                is_counted: true,
                ..Self::default()
            };
        }
        has_ended
    }

    /// Handles a close frame. Returns whether the end of that connection is already counted, because the bot
    /// began to close it.
    pub(super) fn is_counted(&mut self) -> bool {
        std::mem::take(self).is_counted
    }
}

/// How long to wait with the next connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pause {
    pub(super) wait: Duration,
    /// How many connections in a row ended before they lasted.
    pub(super) in_row: u32,
}

impl Pause {
    /// Warns once of connections that do not last.
    pub(super) fn warn(self, shard: u32) {
        if self.in_row == Backoff::SHOWN {
            tracing::warn!(
                shard,
                "the gateway connection does not last; reconnecting more slowly from now on"
            );
        }
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
    /// A connection that lasts this long resets the back-off.
    const GOOD: Duration = Duration::from_secs(5);
    const LONGEST: Duration = Duration::from_secs(5);
    /// How many short connections in a row are logged at INFO. After that, one warning says so.
    pub(super) const SHOWN: u32 = 3;

    pub(super) fn connected(&mut self, now: Instant) {
        self.connected = Some(now);
    }

    /// Notes the end of a connection, and returns how long to wait.
    pub(super) fn closed(&mut self, now: Instant) -> Pause {
        let since = self.connected.take();
        let was_good = since.is_some_and(|since| now - since >= Self::GOOD);
        self.in_row = if was_good { 0 } else { self.in_row + 1 };
        let in_row = self.in_row;
        let wait = match in_row.checked_sub(Self::SHOWN) {
            Some(doublings) => Duration::from_millis(250 << doublings.min(8)).min(Self::LONGEST),
            None => Duration::ZERO,
        };
        Pause { wait, in_row }
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
            .map(|second| backoff.closed(at(second)).wait.as_millis())
            .collect();
        assert_eq!(in_row, [0, 0, 250, 500, 1000, 2000, 4000, 5000, 5000]);
        backoff.connected(at(60));
        assert_eq!(
            backoff.closed(at(64)).wait.as_millis(),
            5000,
            "it did not last"
        );
        backoff.connected(at(70));
        assert_eq!(backoff.closed(at(75)).wait.as_millis(), 0, "this one did");
        let again: Vec<_> = (76..79)
            .map(|second| backoff.closed(at(second)).wait.as_millis())
            .collect();
        assert_eq!(again, [0, 0, 250]);
    }

    #[test]
    fn an_end_without_a_word_is_noticed_once() {
        use ShardState::{Active, Disconnected, Identifying};
        let trying = Disconnected {
            reconnect_attempts: 0,
        };
        let mut wordless = Wordless::default();
        // Connecting for the first time takes a few steps.
        assert!((0..5).all(|_| !wordless.ended(trying)));
        assert!(!wordless.ended(Identifying));
        assert!(wordless.ended(trying), "it ended before HELLO");
        assert!((0..5).all(|_| !wordless.ended(trying)));
        assert!(!wordless.ended(Active));
        // The connection was closed with a close frame.
        assert!(!wordless.is_counted());
        assert!(!wordless.ended(trying));
        // The bot closes a connection, and Discord's close frame comes after that.
        assert!(!wordless.ended(Active) && wordless.ended(trying));
        assert!(wordless.is_counted() && !wordless.ended(trying));
        // Connections that are made and end within one step are never seen to be open.
        let seen = (0..160).filter(|_| wordless.ended(trying)).count();
        assert!((9..=10).contains(&seen), "{seen}");
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
