//! All sessions of all bots: which client may open or resume one, and which receives what.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

use serde_json::{Value, json};
use tokio::sync::{Notify, mpsc, watch};

use super::close::Close;
use super::event_faults::{EventFault, EventFaults};
use super::held::{Held, HeldShard};
use super::inbound::{Identify, Resume};
use super::session::{Next, ResumeError, Session};
use super::strange::{Frame, Hold, Holds};
use crate::id::{GuildId, Timestamp, UserId};
use crate::inspector::Inspector;
use crate::record::{Body, RawWhat, Record};
use crate::wire;
use crate::world::model::Privileged;
use crate::world::{Event, EventName, Intents, World};

/// How long a session without a connection can be resumed, in milliseconds.
const RESUMABLE: i64 = 5 * 60 * 1000;

/// A shard must not have more servers than this.
/// Source: Discord's documentation, "Sharding".
const MOST_GUILDS: usize = 2500;

/// All of Discord's intents, and the bits 17 to 19, 22 and 23. Discord does not document these bits, but
/// accepts them: interactions.py sends bit 17 by default.
const KNOWN_INTENTS: u64 = 0x03FF_FFFF;

/// The number of a WebSocket connection. Numbers are never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ConnectionId(pub u64);

/// An order to a connection from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// Close with this code. 1006 means to close without a close frame.
    Cut(u16),
    /// Ask the client to reconnect (op 7).
    AskToReconnect,
    /// Send this frame unchanged.
    Send(Frame),
}

/// The sessions and open connections of a sandbox.
#[derive(Default)]
pub(crate) struct Sessions {
    by_id: HashMap<Arc<str>, Session>,
    connections: HashMap<ConnectionId, mpsc::UnboundedSender<Order>>,
    last_connection: u64,
    /// Random keys, so that session ids differ from those of other sandboxes.
    keys: RandomState,
    last_session: u64,
    /// The faults for the next events.
    event_faults: EventFaults,
    /// What clients have to wait for.
    holds: watch::Sender<Holds>,
    /// Which connection had which shard.
    held: Held,
    /// Servers that are unavailable to bots at present.
    unavailable: BTreeSet<GuildId>,
}

/// The other parts of the sandbox that the sessions need.
pub(crate) struct Around<'a> {
    pub(crate) world: &'a World,
    pub(crate) now: Timestamp,
    pub(crate) record: &'a Record,
    pub(crate) inspector: &'a Inspector,
    /// The address at which a client resumes.
    pub(crate) gateway_url: &'a str,
}

impl Around<'_> {
    fn note(&self, what: String) {
        self.record.add(self.now, RawWhat::Gateway { what });
    }
}

impl Sessions {
    pub(crate) fn connect(&mut self) -> (ConnectionId, mpsc::UnboundedReceiver<Order>) {
        self.last_connection += 1;
        let id = ConnectionId(self.last_connection);
        let (orders, receiver) = mpsc::unbounded_channel();
        self.connections.insert(id, orders);
        (id, receiver)
    }

    /// Removes a connection. If `ended`, its session is removed too, because the client may not resume it.
    pub(crate) fn disconnect(&mut self, id: ConnectionId, ended: bool, now: Timestamp) {
        self.connections.remove(&id);
        self.held.end(id, now);
        if ended {
            self.by_id
                .retain(|_, session| session.connection() != Some(id));
        }
        if let Some(session) = self.served_by(id) {
            session.detach(now);
        }
    }

    /// Gives an order to every open connection.
    pub(crate) fn order(&self, order: &Order) -> usize {
        // Sending fails if a connection is just closing. Such a connection needs no order.
        self.connections
            .values()
            .filter(|orders| orders.send(order.clone()).is_ok())
            .count()
    }

    /// Gives an order to the open connections that serve this shard.
    pub(crate) fn order_shard(&self, shard: u64, order: &Order) -> usize {
        let serving = self.by_id.values().filter(|it| it.shard[0] == shard);
        let connections = serving.filter_map(|it| self.connections.get(&it.connection()?));
        connections
            .filter(|orders| orders.send(order.clone()).is_ok())
            .count()
    }

    /// Which connection had which shard, oldest first.
    pub(crate) fn held(&self) -> Vec<HeldShard> {
        self.held.list()
    }

    /// Forgets all sessions, so that they can no longer be resumed.
    pub(crate) fn forget(&mut self) {
        self.by_id.clear();
    }

    /// Each connected shard with the number of the newest event of its session.
    pub(crate) fn sequences(&self) -> Vec<(u64, u64)> {
        let connected = self.by_id.values().filter(|it| it.connection().is_some());
        connected.map(|it| (it.shard[0], it.sequence())).collect()
    }

    /// Whether there is a bot whose shards are all connected and have received all their servers.
    pub(crate) fn all_up_to_date(&self) -> bool {
        let mut ready: BTreeMap<(UserId, u64), BTreeSet<u64>> = BTreeMap::new();
        for session in self.by_id.values().filter(|s| s.is_up_to_date()) {
            let [this, count] = session.shard;
            ready.entry((session.user, count)).or_default().insert(this);
        }
        let all = |((_, count), shards): (&(UserId, u64), &BTreeSet<u64>)| {
            u64::try_from(shards.len()).is_ok_and(|ready| ready == *count)
        };
        ready.iter().any(all)
    }

    /// Whether this bot has a connection with a session.
    pub(crate) fn is_connected(&self, bot: UserId) -> bool {
        self.by_id
            .values()
            .any(|s| s.user == bot && s.connection().is_some())
    }

    /// Whether this bot will receive events of this server, now or after a resume.
    pub(crate) fn serves(&self, bot: UserId, guild: GuildId) -> bool {
        self.by_id
            .values()
            .any(|s| s.user == bot && s.serves(guild))
    }

    /// Opens a new session for a connection that has none.
    pub(crate) fn identify(
        &mut self,
        around: &Around<'_>,
        connection: ConnectionId,
        wake: &Arc<Notify>,
        identify: &Identify,
    ) -> Result<Arc<str>, Close> {
        let application = around
            .world
            .application_by_token(&identify.token)
            .ok_or(Close::AuthenticationFailed)?;
        let intents = allowed_intents(identify.intents, application.privileged)?;
        let shard = match identify.shard {
            Some([this, count]) if this < count => [this, count],
            _ => return Err(Close::InvalidShard),
        };
        let id = self.new_id();
        let mut session = Session::new(
            Arc::clone(&id),
            application.bot,
            intents,
            shard,
            connection,
            Arc::clone(wake),
        );
        let guilds = around.world.user(application.bot).map(|bot| &bot.guilds);
        session.awaited = guilds
            .into_iter()
            .flatten()
            .copied()
            .filter(|guild| session.serves(*guild) && !self.unavailable.contains(guild))
            .collect();
        if session.awaited.len() > MOST_GUILDS {
            return Err(Close::ShardingRequired);
        }
        let [this, count] = shard;
        let ready = wire::ready(
            around.world,
            application.bot,
            &id,
            around.gateway_url,
            (this, count),
        );
        push(&mut session, around, "READY", &ready);
        around.note(format!(
            "session {id} begins: shard {shard:?}, intents {}",
            intents.0
        ));
        self.expire(around.now);
        self.held.begin(connection, (&id, shard), false, around.now);
        self.by_id.insert(Arc::clone(&id), session);
        Ok(id)
    }

    /// Resumes a session on a connection. `Ok(None)` means that the session is invalid.
    pub(crate) fn resume(
        &mut self,
        around: &Around<'_>,
        connection: ConnectionId,
        wake: &Arc<Notify>,
        resume: &Resume,
    ) -> Result<Option<Arc<str>>, Close> {
        let application = around
            .world
            .application_by_token(&resume.token)
            .ok_or(Close::AuthenticationFailed)?;
        self.expire(around.now);
        let id: &str = &resume.session_id;
        let Some(session) = self.by_id.get_mut(id).filter(|s| s.user == application.bot) else {
            around.note(format!(
                "session {id} cannot be resumed: it is unknown or too old"
            ));
            return Ok(None);
        };
        let before = session.connection();
        match session.resume(resume.seq, connection, Arc::clone(wake)) {
            Ok(()) => {}
            Err(ResumeError::FutureSeq) => {
                self.by_id.remove(id);
                return Err(Close::InvalidSeq);
            }
            Err(ResumeError::TooOld) => {
                around.note(format!(
                    "session {id} cannot be resumed: too much was missed"
                ));
                self.by_id.remove(id);
                return Ok(None);
            }
        }
        around.note(format!(
            "session {id} is resumed after event {}",
            resume.seq
        ));
        let id = Arc::clone(&session.id);
        let which = (&*id, session.shard);
        self.held.begin(connection, which, true, around.now);
        if let Some(orders) = before.and_then(|before| self.connections.get(&before)) {
            // The previous connection may not have noticed yet that it is dead.
            let _ = orders.send(Order::Cut(1006));
        }
        Ok(Some(id))
    }

    /// The session that a connection serves.
    pub(crate) fn served_by(&mut self, connection: ConnectionId) -> Option<&mut Session> {
        self.by_id
            .values_mut()
            .find(|session| session.connection() == Some(connection))
    }

    /// What a connection should do next. A server that its session has not received yet is sent in its
    /// present state.
    pub(crate) fn next(&mut self, around: &Around<'_>, id: &str, connection: ConnectionId) -> Next {
        let Some(session) = self.by_id.get_mut(id) else {
            return Next::Gone;
        };
        loop {
            match session.next(connection, &self.holds.borrow()) {
                Next::Tell(guild) => {
                    session.awaited.remove(&guild);
                    let (to, intents) = (session.user, Some(session.intents));
                    let created = wire::guild_create(around.world, around.now, guild, to, intents);
                    if let Some(created) = created {
                        push(session, around, EventName::GuildCreate.as_str(), &created);
                    }
                }
                next => return next,
            }
        }
    }

    /// Sends an event to every session that may receive it.
    pub(crate) fn dispatch(&mut self, around: &Around<'_>, event: &Event) {
        // During an outage, a bot still receives its own removal and interactions: the outage does not affect
        // the part of Discord that sends interactions.
        let is_told = matches!(
            event.name,
            EventName::GuildDelete | EventName::InteractionCreate
        );
        if self.unavailable.contains(&event.guild) && !is_told {
            return;
        }
        // Taken once, so that the fault applies to every session that receives the event.
        let mut fault = None;
        for session in self.by_id.values_mut() {
            if !session.serves(event.guild) {
                continue;
            }
            // The later GUILD_CREATE contains the result of this event. Only an interaction cannot wait,
            // because a person waits for the response.
            let is_interaction = event.name == EventName::InteractionCreate;
            if session.awaited.contains(&event.guild) && !is_interaction {
                continue;
            }
            let (to, intents) = (session.user, Some(session.intents));
            if let Some(data) = wire::dispatch(around.world, around.now, event, to, intents) {
                let fault = fault.get_or_insert_with(|| self.event_faults.take(event.name));
                deliver(session, around, event.name.as_str(), data, fault.as_ref());
            }
        }
    }

    pub(crate) fn fault_event(&mut self, fault: EventFault) {
        self.event_faults.add(fault);
    }

    /// The event faults that still wait for an event.
    pub(crate) fn event_faults(&self) -> &[EventFault] {
        self.event_faults.list()
    }

    /// Removes the event faults that wait, and sends the delayed events.
    pub(crate) fn clear_event_faults(&mut self, around: &Around<'_>) {
        self.event_faults.clear();
        for session in self.by_id.values_mut() {
            for (name, data) in session.held_back.release() {
                push(session, around, name, &data);
            }
        }
    }

    /// Makes clients wait for this from now on.
    pub(crate) fn hold(&self, what: Hold) {
        self.holds.send_modify(|holds| {
            holds.insert(what);
        });
    }

    /// Clients no longer wait for anything.
    pub(crate) fn release(&self) {
        self.holds.send_modify(Holds::clear);
    }

    /// What clients have to wait for at present.
    pub(crate) fn holds(&self) -> watch::Receiver<Holds> {
        self.holds.subscribe()
    }

    /// Begins an outage: the server becomes unavailable to bots.
    pub(crate) fn take_away(&mut self, around: &Around<'_>, guild: GuildId) {
        if !self.unavailable.insert(guild) {
            return;
        }
        for session in self.by_id.values_mut() {
            // A session that was not sent the server yet knows from READY that it is unavailable.
            let knows = !session.awaited.remove(&guild)
                && session.serves(guild)
                && session.intents.has(Intents::GUILDS)
                && around.world.member(guild, session.user).is_some();
            if knows {
                let gone = json!({"id": guild, "unavailable": true});
                push(session, around, EventName::GuildDelete.as_str(), &gone);
            }
        }
    }

    /// Ends an outage: bots receive the server's present state.
    pub(crate) fn give_back(&mut self, guild: GuildId) {
        if !self.unavailable.remove(&guild) {
            return;
        }
        for session in self.by_id.values_mut().filter(|s| s.serves(guild)) {
            session.await_guild(guild);
        }
    }

    /// Ends outages, event faults and holds, without sending an event.
    pub(crate) fn calm_down(&mut self) {
        self.event_faults.clear();
        self.release();
        self.unavailable.clear();
    }

    fn expire(&mut self, now: Timestamp) {
        self.by_id
            .retain(|_, session| session.idle(now) <= RESUMABLE);
    }

    fn new_id(&mut self) -> Arc<str> {
        self.last_session += 1;
        let halves =
            [(self.last_session, 0), (self.last_session, 1)].map(|n| self.keys.hash_one(n));
        format!("{:016x}{:016x}", halves[0], halves[1]).into()
    }
}

/// Adds an event to a session as the fault requires, and then the delayed events that are due.
fn deliver(
    session: &mut Session,
    around: &Around<'_>,
    name: &'static str,
    data: Value,
    fault: Option<&EventFault>,
) {
    let (copies, behind) = fault.map_or((0, 0), |t| (t.copies, t.behind));
    if behind > 0 {
        around.note(format!(
            "{name} is held back behind {behind} others of session {}",
            session.id
        ));
        session.held_back.add(behind, name, data);
        return;
    }
    for _ in 0..=copies {
        push(session, around, name, &data);
    }
    for (name, data) in session.held_back.another_went() {
        push(session, around, name, &data);
    }
}

/// Adds an event to a session and to the record.
pub(super) fn push(session: &mut Session, around: &Around<'_>, name: &'static str, data: &Value) {
    let text = data.to_string();
    session.push(name, &text);
    let text = text.into();
    around.inspector.event(around.now, name, &text);
    let (session, data) = (Arc::clone(&session.id), Body::of(&text));
    around.record.add(
        around.now,
        RawWhat::Event {
            name,
            session,
            data,
        },
    );
}

fn allowed_intents(asked: Option<u64>, allowed: Privileged) -> Result<Intents, Close> {
    let bits = asked
        .filter(|bits| bits & !KNOWN_INTENTS == 0)
        .ok_or(Close::InvalidIntents)?;
    let intents = Intents(bits);
    let refused = (intents.has(Intents::GUILD_MEMBERS) && !allowed.members)
        || (intents.has(Intents::GUILD_PRESENCES) && !allowed.presences)
        || (intents.has(Intents::MESSAGE_CONTENT) && !allowed.message_content);
    if refused {
        Err(Close::DisallowedIntents)
    } else {
        Ok(intents)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intents_are_known_and_allowed_or_refused() {
        let all = Privileged::default();
        let none = Privileged {
            members: false,
            presences: false,
            message_content: false,
        };
        for (asked, allowed, expected) in [
            (Some(515), all, Ok(Intents(515))),
            (Some(0), none, Ok(Intents(0))),
            (Some(513), none, Ok(Intents(513))),
            (Some(515), none, Err(Close::DisallowedIntents)),
            (Some(1 << 8), none, Err(Close::DisallowedIntents)),
            (Some(1 << 15), none, Err(Close::DisallowedIntents)),
            (Some(1 << 17), all, Ok(Intents(1 << 17))),
            (Some(0b11 << 22), all, Ok(Intents(0b11 << 22))),
            (Some(1 << 26), all, Err(Close::InvalidIntents)),
            (Some(1 << 40), all, Err(Close::InvalidIntents)),
            (None, all, Err(Close::InvalidIntents)),
        ] {
            assert_eq!(allowed_intents(asked, allowed), expected, "{asked:?}");
        }
    }
}
