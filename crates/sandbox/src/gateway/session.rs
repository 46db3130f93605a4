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

/// And how many bytes of them at most.
const KEPT_BYTES: usize = 16 * 1024 * 1024;

/// Events are numbered when they happen, and wait in the log until the connection fetches them.
/// A resume only moves the mark of what was delivered back.
pub(crate) struct Session {
    pub(crate) id: Arc<str>,
    pub(crate) user: UserId,
    pub(crate) intents: Intents,
    /// `[shard, number of shards]`.
    pub(crate) shard: [u64; 2],
    /// Servers that it was not sent yet. Their other events do not concern it: what they
    /// would say is in the `GUILD_CREATE` that is still to come.
    pub(crate) awaited: BTreeSet<GuildId>,
    /// When the full member list of a server was last asked for.
    pub(crate) listed_members: HashMap<GuildId, Timestamp>,
    /// What comes later than it happened.
    pub(crate) held_back: HeldBack,
    log: VecDeque<Logged>,
    log_bytes: usize,
    /// The number of the newest event.
    seq: u64,
    /// What the present connection has been given.
    delivered: u64,
    /// What any connection has ever been given.
    ever_delivered: u64,
    link: Link,
}

/// Whether a connection serves the session.
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
    /// READY and RESUMED belong to one connection: a resume does not repeat them.
    once: bool,
}

/// What the connection should do next.
#[derive(Debug, PartialEq)]
pub(crate) enum Next {
    Send(Utf8Bytes),
    /// Everything is delivered, and this server is still to be sent.
    Tell(GuildId),
    /// Wait until woken.
    Wait,
    /// Events were lost: the connection did not fetch them in time.
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

    /// Numbers an event. `data` is JSON.
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

    /// What `connection` should do next; a payload counts as delivered.
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
        // First, because the log may have to make room for it.
        self.push("RESUMED", r#"{"_trace":["sandbox"]}"#);
        if self.position(seen + 1).is_none() {
            return Err(ResumeError::TooOld);
        }
        self.delivered = seen;
        self.link = Link::Up { connection, wake };
        Ok(())
    }

    /// The connection that serves it.
    pub(crate) fn connection(&self) -> Option<ConnectionId> {
        match &self.link {
            Link::Up { connection, .. } => Some(*connection),
            Link::Down { .. } => None,
        }
    }

    /// It has to be sent this server (again).
    pub(crate) fn await_guild(&mut self, guild: GuildId) {
        self.awaited.insert(guild);
        if let Link::Up { wake, .. } = &self.link {
            wake.notify_one();
        }
    }

    /// The connection is gone; the session waits to be resumed.
    pub(crate) fn detach(&mut self, now: Timestamp) {
        self.link = Link::Down { since: now };
    }

    /// For how long nothing has served it, in milliseconds.
    pub(crate) fn idle(&self, now: Timestamp) -> i64 {
        match &self.link {
            Link::Up { .. } => 0,
            Link::Down { since } => now.since(*since),
        }
    }

    /// Whether it is connected and has received everything.
    pub(crate) fn is_up_to_date(&self) -> bool {
        self.connection().is_some() && self.delivered == self.seq && self.awaited.is_empty()
    }

    /// Where in the log the event with this number is, if it is still there.
    fn position(&self, seq: u64) -> Option<usize> {
        let oldest = self.seq + 1 - self.log.len() as u64;
        usize::try_from(seq.checked_sub(oldest)?)
            .ok()
            .filter(|at| *at < self.log.len())
    }
}

/// Why a session cannot continue.
#[derive(Debug, PartialEq)]
pub(crate) enum ResumeError {
    /// The client says that it saw what has not happened.
    FutureSeq,
    /// What it missed is no longer kept.
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

    /// The names of what a connection is given until it has to wait.
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
        // Once more, from far back: what belonged to the other connections is not repeated.
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
        // The log makes room for RESUMED, so that event 2 is lost too.
        assert_eq!(
            session.resume(1, SECOND, Arc::default()),
            Err(ResumeError::TooOld)
        );
        assert_eq!(session.resume(3, SECOND, Arc::default()), Ok(()));
        assert_eq!(drain(&mut session, SECOND)[0], "4 A");
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
        // READY is given; the event after it waits for nothing.
        assert!(matches!(session.next(FIRST, &ready), Next::Send(_)));
        assert_eq!(session.next(FIRST, &guilds), Next::Wait);
        assert_eq!(session.next(FIRST, &ready), Next::Tell(GuildId(2)));
    }
}
