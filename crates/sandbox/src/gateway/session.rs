//! One session of a bot: its numbered events, how far they were delivered, and how it is resumed.
//! No sockets and no clock in here.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

use axum::extract::ws::Utf8Bytes;
use tokio::sync::Notify;

use super::event_faults::HeldBack;
use super::sessions::ConnectionId;
use super::strange::{Hold, Holds};
use crate::id::{GuildId, Timestamp, UserId};
use crate::world::Intents;

/// How many events are kept for a resume, delivered or not.
const KEPT: usize = 10_000;

/// The most bytes of events that are kept.
const KEPT_BYTES: usize = 16 * 1024 * 1024;

/// Events get their number when they happen, and stay in the log for the connection to fetch. A resume only
/// moves the mark of delivered events back.
pub(crate) struct Session {
    pub(crate) id: Arc<str>,
    pub(crate) user: UserId,
    pub(crate) intents: Intents,
    /// `[shard, number of shards]`.
    pub(crate) shard: [u64; 2],
    /// Servers that were not sent to the session yet. It does not need their other events, because the later
    /// `GUILD_CREATE` contains the result.
    pub(crate) awaited: BTreeSet<GuildId>,
    /// When the client last requested the full member list of each server.
    pub(crate) listed_members: HashMap<GuildId, Timestamp>,
    /// The events that a fault delays.
    pub(crate) held_back: HeldBack,
    log: VecDeque<Logged>,
    log_bytes: usize,
    /// The number of the newest event.
    seq: u64,
    /// The number of the last event that the present connection was given.
    delivered: u64,
    /// The highest number that any connection was ever given.
    ever_delivered: u64,
    link: Link,
}

/// Whether a connection serves the session, or since when none does.
enum Link {
    Up {
        connection: ConnectionId,
        wake: Arc<Notify>,
    },
    Down {
        since: Timestamp,
    },
}

struct Logged {
    payload: Utf8Bytes,
    /// Whether the event belongs to one connection only (READY, RESUMED): a resume does not repeat it.
    once: bool,
}

/// What the connection should do next.
#[derive(Debug, PartialEq)]
pub(crate) enum Next {
    Send(Utf8Bytes),
    /// Everything is delivered. The session should be sent this server next.
    Tell(GuildId),
    /// Wait until woken.
    Wait,
    /// The connection did not fetch its events in time, and some were dropped.
    Overrun,
    /// Another connection serves the session now.
    Gone,
}

impl Session {
    pub(crate) fn new(
        id: Arc<str>,
        user: UserId,
        intents: Intents,
        shard: [u64; 2],
        connection: ConnectionId,
        wake: Arc<Notify>,
    ) -> Self {
        Self {
            id,
            user,
            intents,
            shard,
            awaited: BTreeSet::new(),
            listed_members: HashMap::new(),
            held_back: HeldBack::default(),
            log: VecDeque::new(),
            log_bytes: 0,
            seq: 0,
            delivered: 0,
            ever_delivered: 0,
            link: Link::Up { connection, wake },
        }
    }

    /// The number of the newest event.
    pub(crate) fn sequence(&self) -> u64 {
        self.seq
    }

    /// Whether events of this server belong to its shard.
    pub(crate) fn serves(&self, guild: GuildId) -> bool {
        let [this, count] = self.shard;
        guild.shard(count) == this
    }

    /// Numbers an event and adds it to the log. `data` is JSON.
    pub(crate) fn push(&mut self, name: &str, data: &str) {
        self.seq += 1;
        let payload = format!(r#"{{"t":"{name}","s":{},"op":0,"d":{data}}}"#, self.seq);
        self.log_bytes += payload.len();
        let once = matches!(name, "READY" | "RESUMED");
        self.log.push_back(Logged {
            payload: payload.into(),
            once,
        });
        while self.log.len() > KEPT || (self.log_bytes > KEPT_BYTES && self.log.len() > 1) {
            if let Some(oldest) = self.log.pop_front() {
                self.log_bytes -= oldest.payload.len();
            }
        }
        if let Link::Up { wake, .. } = &self.link {
            wake.notify_one();
        }
    }

    /// What `connection` should do next. The returned payload counts as delivered.
    pub(crate) fn next(&mut self, connection: ConnectionId, holds: &Holds) -> Next {
        if self.connection() != Some(connection) {
            return Next::Gone;
        }
        while self.delivered < self.seq {
            let Some(at) = self.position(self.delivered + 1) else {
                return Next::Overrun;
            };
            let repeated = self.delivered < self.ever_delivered;
            if self.log[at].once && !repeated && holds.contains(&Hold::Ready) {
                return Next::Wait;
            }
            self.delivered += 1;
            self.ever_delivered = self.ever_delivered.max(self.delivered);
            let logged = &self.log[at];
            if !(repeated && logged.once) {
                return Next::Send(logged.payload.clone());
            }
        }
        if holds.contains(&Hold::Guilds) {
            return Next::Wait;
        }
        self.awaited
            .first()
            .map_or(Next::Wait, |guild| Next::Tell(*guild))
    }

    /// Goes on with a new connection whose client has seen everything up to `seen`.
    pub(crate) fn resume(
        &mut self,
        seen: u64,
        connection: ConnectionId,
        wake: Arc<Notify>,
    ) -> Result<(), ResumeError> {
        if seen > self.seq {
            return Err(ResumeError::FutureSeq);
        }
        // First, because the log may have to drop an old event for RESUMED.
        self.push("RESUMED", r#"{"_trace":["sandbox"]}"#);
        if self.position(seen + 1).is_none() {
            // No connection is to receive this RESUMED.
            if let Some(resumed) = self.log.pop_back() {
                self.log_bytes -= resumed.payload.len();
                self.seq -= 1;
            }
            return Err(ResumeError::TooOld);
        }
        self.delivered = seen;
        self.link = Link::Up { connection, wake };
        Ok(())
    }

    /// The connection that serves the session.
    pub(crate) fn connection(&self) -> Option<ConnectionId> {
        match &self.link {
            Link::Up { connection, .. } => Some(*connection),
            Link::Down { .. } => None,
        }
    }

    /// Marks a server as one that the session should be sent (again).
    pub(crate) fn await_guild(&mut self, guild: GuildId) {
        self.awaited.insert(guild);
        if let Link::Up { wake, .. } = &self.link {
            wake.notify_one();
        }
    }

    /// Records that the connection is gone. The session can be resumed.
    pub(crate) fn detach(&mut self, now: Timestamp) {
        self.link = Link::Down { since: now };
    }

    /// For how long no connection has served the session, in milliseconds.
    pub(crate) fn idle(&self, now: Timestamp) -> i64 {
        match &self.link {
            Link::Up { .. } => 0,
            Link::Down { since } => now.since(*since),
        }
    }

    /// Whether the session is connected and has delivered everything.
    pub(crate) fn is_up_to_date(&self) -> bool {
        self.connection().is_some() && self.delivered == self.seq && self.awaited.is_empty()
    }

    /// The index of this event in the log, if the log still has it.
    fn position(&self, seq: u64) -> Option<usize> {
        let oldest = self.seq + 1 - self.log.len() as u64;
        usize::try_from(seq.checked_sub(oldest)?)
            .ok()
            .filter(|at| *at < self.log.len())
    }
}

/// Why a session cannot be resumed.
#[derive(Debug, PartialEq)]
pub(crate) enum ResumeError {
    /// The client claims to have seen an event that has not happened yet.
    FutureSeq,
    /// The log no longer has the events that the client missed.
    TooOld,
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: ConnectionId = ConnectionId(1);
    const SECOND: ConnectionId = ConnectionId(2);

    fn session() -> Session {
        let intents = Intents(515);
        let mut session = Session::new(
            "s".into(),
            UserId(1),
            intents,
            [0, 1],
            FIRST,
            Arc::default(),
        );
        session.push("READY", "{}");
        session
    }

    /// The names of the events that a connection gets until it has to wait.
    fn drain(session: &mut Session, connection: ConnectionId) -> Vec<String> {
        let mut names = Vec::new();
        while let Next::Send(payload) = session.next(connection, &Holds::new()) {
            let payload: serde_json::Value = serde_json::from_str(&payload).unwrap();
            names.push(format!(
                "{} {}",
                payload["s"],
                payload["t"].as_str().unwrap()
            ));
        }
        names
    }

    #[test]
    fn a_resume_repeats_what_was_missed_and_then_says_so() {
        let mut session = session();
        session.push("A", "1");
        assert_eq!(drain(&mut session, FIRST), ["1 READY", "2 A"]);
        session.push("B", "{}");
        session.detach(Timestamp(7));
        session.push("C", "{}");
        assert_eq!(session.next(FIRST, &Holds::new()), Next::Gone);
        assert_eq!(session.resume(2, SECOND, Arc::default()), Ok(()));
        assert_eq!(drain(&mut session, SECOND), ["3 B", "4 C", "5 RESUMED"]);
        assert!(session.is_up_to_date());
        // Resume again from the start: READY and RESUMED of earlier connections are not repeated.
        assert_eq!(session.resume(0, FIRST, Arc::default()), Ok(()));
        assert_eq!(session.next(SECOND, &Holds::new()), Next::Gone);
        assert_eq!(
            drain(&mut session, FIRST),
            ["2 A", "3 B", "4 C", "6 RESUMED"]
        );
    }

    #[test]
    fn what_has_not_happened_cannot_have_been_seen() {
        let mut session = session();
        assert_eq!(
            session.resume(2, SECOND, Arc::default()),
            Err(ResumeError::FutureSeq)
        );
        assert_eq!(
            session.connection(),
            Some(FIRST),
            "a refused resume takes nothing over"
        );
    }

    #[test]
    fn what_is_no_longer_kept_cannot_be_repeated() {
        let mut session = session();
        session.detach(Timestamp(0));
        for _ in 0..KEPT {
            session.push("A", "{}");
        }
        // The log drops event 2 to make room for RESUMED.
        assert_eq!(
            session.resume(1, SECOND, Arc::default()),
            Err(ResumeError::TooOld)
        );
        // A refused resume is not an event.
        assert_eq!(session.sequence(), KEPT as u64 + 1);
        assert_eq!(session.resume(3, SECOND, Arc::default()), Ok(()));
        let events = drain(&mut session, SECOND);
        assert_eq!(events[0], "4 A");
        let resumed = events.iter().filter(|event| event.ends_with("RESUMED"));
        assert_eq!(resumed.count(), 1);
    }

    #[test]
    fn a_connection_that_does_not_fetch_is_told_that_it_lost_events() {
        let mut session = session();
        for _ in 0..=KEPT {
            session.push("A", "{}");
        }
        assert_eq!(session.next(FIRST, &Holds::new()), Next::Overrun);
    }

    #[test]
    fn servers_are_told_of_when_everything_else_is_delivered() {
        let mut session = session();
        session.awaited = BTreeSet::from([GuildId(3), GuildId(2)]);
        assert_eq!(drain(&mut session, FIRST), ["1 READY"]);
        assert_eq!(session.next(FIRST, &Holds::new()), Next::Tell(GuildId(2)));
        assert!(!session.is_up_to_date());
    }

    #[test]
    fn a_shard_serves_its_part_of_the_servers() {
        let mut session = session();
        session.shard = [1, 4];
        assert!(session.serves(GuildId(5 << 22)));
        assert!(!session.serves(GuildId(6 << 22)));
        session.shard = [0, 1];
        assert!(session.serves(GuildId(6 << 22)));
    }

    #[test]
    fn what_is_held_waits_and_so_does_what_comes_after_it() {
        let mut session = session();
        session.awaited = BTreeSet::from([GuildId(2)]);
        let (ready, guilds) = (Holds::from([Hold::Ready]), Holds::from([Hold::Guilds]));
        session.push("A", "1");
        assert_eq!(session.next(FIRST, &ready), Next::Wait);
        assert!(!session.is_up_to_date());
        assert!(matches!(session.next(FIRST, &guilds), Next::Send(_)));
        // After READY was delivered, the next event is not held.
        assert!(matches!(session.next(FIRST, &ready), Next::Send(_)));
        assert_eq!(session.next(FIRST, &guilds), Next::Wait);
        assert_eq!(session.next(FIRST, &ready), Next::Tell(GuildId(2)));
    }
}
