//! Whether this process can reach Discord. If it cannot, it gives its shards to processes that can.

use std::time::Duration;

use tokio::time::Instant;

/// A process without any connection to the gateway for this long is cut off.
const PATIENCE: Duration = Duration::from_secs(6);

/// A process without shards probes Discord after this time. The wait doubles each time that the process was
/// cut off again. A process that reaches only a part of Discord probes at this interval.
const FIRST_PROBE: Duration = Duration::from_secs(3);
const LAST_PROBE: Duration = Duration::from_secs(300);

/// A connection that lasts this long resets the wait.
const GOOD: Duration = Duration::from_secs(60);

#[derive(Default)]
pub(super) struct Reach {
    /// Since when no shard has a connection, or attempts to reach Discord fail.
    since: Option<Instant>,
    linked_since: Option<Instant>,
    /// How often it was cut off without a good connection in between.
    times: u32,
    probe_at: Option<Instant>,
}

/// What the shards of this process have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Links {
    /// There are no shards.
    NoShards,
    /// None of them has a connection to the gateway.
    None,
    /// Some of them have one, or calls get no response.
    Some,
    All,
}

impl Reach {
    pub(super) fn observe(&mut self, links: Links, now: Instant) {
        match links {
            Links::All => {
                self.since = None;
                self.probe_at = None;
                let linked_since = *self.linked_since.get_or_insert(now);
                if now - linked_since >= GOOD {
                    self.times = 0;
                }
            }
            // Discord may be at fault, or this process's network. A probe shows which.
            Links::Some => {
                self.linked_since = None;
                self.probe_at.get_or_insert(now + FIRST_PROBE);
            }
            Links::None => {
                self.linked_since = None;
                self.probe_at = None;
                self.since.get_or_insert(now);
            }
            Links::NoShards => {
                self.linked_since = None;
                if self.since.is_some() && self.probe_at.is_none() {
                    let wait = FIRST_PROBE * 2_u32.saturating_pow(self.times.min(10));
                    self.probe_at = Some(now + wait.min(LAST_PROBE));
                    self.times += 1;
                }
            }
        }
    }

    /// Whether Discord can be reached, to this process's knowledge.
    pub(super) fn is_reached(&self) -> bool {
        self.since.is_none()
    }

    pub(super) fn is_cut_off(&self, now: Instant) -> bool {
        self.since.is_some_and(|since| now - since >= PATIENCE)
    }

    /// Whether to try to reach Discord now.
    pub(super) fn wants_probe(&self, now: Instant) -> bool {
        self.probe_at.is_some_and(|at| now >= at)
    }

    /// Notes the result of a probe.
    pub(super) fn probed(&mut self, is_answered: bool, now: Instant) {
        if is_answered {
            self.probe_at = None;
            self.since = None;
        } else {
            self.probe_at = Some(now + FIRST_PROBE);
            self.since.get_or_insert(now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_without_connections_is_cut_off_after_a_while() {
        let (mut reach, begun) = (Reach::default(), Instant::now());
        let at = |seconds| begun + Duration::from_secs(seconds);
        reach.observe(Links::NoShards, at(0));
        assert!(reach.is_reached() && !reach.wants_probe(at(1000)));
        reach.observe(Links::None, at(10));
        assert!(!reach.is_reached() && !reach.is_cut_off(at(15)));
        // The shards reconnect.
        reach.observe(Links::All, at(15));
        assert!(reach.is_reached() && !reach.is_cut_off(at(16)));
        reach.observe(Links::None, at(20));
        reach.observe(Links::None, at(25));
        assert!(!reach.is_cut_off(at(25)) && reach.is_cut_off(at(26)));
    }

    #[test]
    fn a_process_without_shards_tries_more_and_more_slowly() {
        let (mut reach, begun) = (Reach::default(), Instant::now());
        let mut now = begun;
        let mut waits = Vec::new();
        for _ in 0..9 {
            // It gets shards, cannot connect, and gives them away again.
            reach.observe(Links::None, now);
            now += PATIENCE;
            assert!(reach.is_cut_off(now));
            reach.observe(Links::NoShards, now);
            let since = now;
            while !reach.wants_probe(now) {
                now += Duration::from_secs(1);
                reach.observe(Links::NoShards, now);
            }
            waits.push((now - since).as_secs());
            reach.probed(false, now);
            assert!(reach.is_cut_off(now) && !reach.wants_probe(now));
            now += FIRST_PROBE;
            assert!(reach.wants_probe(now));
            reach.probed(true, now);
            assert!(reach.is_reached());
        }
        assert_eq!(waits, [3, 6, 12, 24, 48, 96, 192, 300, 300]);
        reach.observe(Links::All, now);
        reach.observe(Links::All, now + GOOD);
        now += GOOD;
        reach.observe(Links::None, now);
        reach.observe(Links::NoShards, now + PATIENCE);
        assert!(reach.wants_probe(now + PATIENCE + FIRST_PROBE));
    }

    #[test]
    fn a_process_that_reaches_a_part_is_cut_off_if_attempts_fail() {
        let (mut reach, begun) = (Reach::default(), Instant::now());
        let at = |seconds| begun + Duration::from_secs(seconds);
        reach.observe(Links::Some, at(0));
        assert!(!reach.wants_probe(at(2)) && reach.wants_probe(at(3)));
        // Discord has trouble with that shard: it would have it with any process.
        reach.probed(true, at(3));
        reach.observe(Links::Some, at(4));
        assert!(reach.is_reached() && reach.wants_probe(at(7)));
        reach.probed(false, at(7));
        reach.observe(Links::Some, at(8));
        assert!(!reach.is_reached() && !reach.is_cut_off(at(12)));
        reach.probed(false, at(10));
        assert!(reach.is_cut_off(at(13)));
        reach.observe(Links::All, at(14));
        assert!(reach.is_reached() && !reach.wants_probe(at(100)));
    }
}
