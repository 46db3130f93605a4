//! Which connection held which shard, and when: for tests of bots that run as several processes.

use std::collections::VecDeque;

use serde::Serialize;

use super::sessions::ConnectionId;
use crate::id::Timestamp;

/// How many entries are kept; the oldest are dropped.
const KEPT: usize = 10_000;

/// A connection that had a shard's session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeldShard {
    pub shard: u64,
    /// The number of all shards.
    pub shards: u64,
    /// The connection's number, which increases with every connection.
    pub connection: u64,
    pub session: String,
    /// Whether the connection resumed the session, or began it.
    pub resumed: bool,
    /// In milliseconds since the Unix epoch, on the world's clock.
    pub from: i64,
    /// `None` while the connection is open.
    pub until: Option<i64>,
}

impl HeldShard {
    /// For how long both held the same shard at the same time, in milliseconds. An open connection counts
    /// until `now`. `None` if they did not overlap.
    pub fn overlap(&self, other: &Self, now: i64) -> Option<i64> {
        if (self.shard, self.shards) != (other.shard, other.shards)
            || self.connection == other.connection
        {
            return None;
        }
        let end = |held: &Self| held.until.unwrap_or(now);
        let overlap = end(self).min(end(other)) - self.from.max(other.from);
        (overlap > 0).then_some(overlap)
    }
}

/// All entries, oldest first.
#[derive(Default)]
pub(super) struct Held(VecDeque<HeldShard>);

impl Held {
    pub(super) fn list(&self) -> Vec<HeldShard> {
        self.0.iter().cloned().collect()
    }

    /// A connection begins or resumes the session of a shard.
    pub(super) fn begin(
        &mut self,
        connection: ConnectionId,
        (session, [shard, shards]): (&str, [u64; 2]),
        resumed: bool,
        now: Timestamp,
    ) {
        if self.0.len() == KEPT {
            self.0.pop_front();
        }
        self.0.push_back(HeldShard {
            shard,
            shards,
            connection: connection.0,
            session: session.to_owned(),
            resumed,
            from: now.0,
            until: None,
        });
    }

    /// Records that a connection has ended.
    pub(super) fn end(&mut self, connection: ConnectionId, now: Timestamp) {
        let mut newest = self.0.iter_mut().rev();
        if let Some(held) = newest.find(|held| held.connection == connection.0) {
            held.until.get_or_insert(now.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_connections_of_one_shard_overlap_while_both_are_open() {
        let mut held = Held::default();
        let begin = |held: &mut Held, connection, shard, at| {
            let session = ("s", [shard, 4]);
            held.begin(ConnectionId(connection), session, false, Timestamp(at));
        };
        begin(&mut held, 1, 0, 10);
        begin(&mut held, 2, 0, 20);
        begin(&mut held, 3, 1, 20);
        held.end(ConnectionId(1), Timestamp(25));
        held.end(ConnectionId(1), Timestamp(99));
        begin(&mut held, 4, 0, 30);
        let list = held.list();
        let overlap = |one: usize, other: usize| list[one].overlap(&list[other], 50);
        assert_eq!(overlap(0, 1), Some(5));
        assert_eq!(overlap(1, 0), Some(5));
        assert_eq!(overlap(0, 0), None, "the same connection");
        assert_eq!(overlap(0, 2), None, "another shard");
        assert_eq!(overlap(0, 3), None, "one after the other");
        assert_eq!(overlap(1, 3), Some(20), "both are still open");
    }
}
