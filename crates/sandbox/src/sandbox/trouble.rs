//! Faults that a test injects.

use super::{Error, Sandbox};
use crate::control::ControlError;
use crate::control::trouble;
use crate::faults::Fault;
use crate::gateway::{EventFault, Frame, Hold, Order, Sessions};
use crate::id::{GuildId, InteractionId, RoleId};
use crate::limits::Limits;
use crate::world::RoleMentions;
use crate::world::model::Privileged;

impl Sandbox {
    /// Makes the next matching call fail.
    pub fn fail_next(&self, fault: Fault) -> Result<(), Error> {
        fault.check().map_err(ControlError::Wrong)?;
        self.hub.faults().add(fault);
        Ok(())
    }

    /// The faults that still wait for a call. Empty when all of them have happened.
    pub fn waiting_faults(&self) -> Vec<Fault> {
        self.hub
            .faults()
            .list()
            .into_iter()
            .map(|(_, fault)| fault)
            .collect()
    }

    /// Forgets the faults that still wait for a call.
    pub fn clear_faults(&self) {
        self.hub.faults().clear();
    }

    /// Switches the limits on calls and sessions on or off. Nothing is used up afterwards.
    pub fn set_limits(&self, limits: Limits) {
        self.hub.limiter().set(limits);
    }

    /// Cuts every gateway connection, with this close code or without a close frame (1006). Returns the
    /// number of connections.
    pub fn cut_gateway(&self, code: u16) -> usize {
        self.hub
            .gateway(|sessions, _| sessions.order(&Order::Cut(code)))
    }

    /// Cuts the gateway connections of this shard, without a close frame. Returns the number of connections.
    pub fn cut_shard(&self, shard: u64) -> usize {
        self.hub
            .gateway(|sessions, _| sessions.order_shard(shard, &Order::Cut(1006)))
    }

    /// Cuts every gateway connection, and forgets the sessions, so that none can be resumed.
    pub fn end_sessions(&self) -> usize {
        self.hub.gateway(|sessions, _| {
            let cut = sessions.order(&Order::Cut(1006));
            sessions.forget();
            cut
        })
    }

    /// Asks every gateway client to reconnect (op 7).
    pub fn ask_to_reconnect(&self) -> usize {
        self.hub
            .gateway(|sessions, _| sessions.order(&Order::AskToReconnect))
    }

    /// Repeats or delays the next matching event.
    pub fn fault_event(&self, fault: EventFault) -> Result<(), Error> {
        fault.check().map_err(ControlError::Wrong)?;
        self.hub.gateway(|sessions, _| sessions.fault_event(fault));
        Ok(())
    }

    /// The event faults that still wait for an event.
    pub fn waiting_event_faults(&self) -> Vec<EventFault> {
        self.hub
            .gateway(|sessions, _| sessions.event_faults().to_vec())
    }

    /// Removes the event faults that still wait, and sends the events that they delay.
    pub fn clear_event_faults(&self) {
        self.hub.gateway(Sessions::clear_event_faults);
    }

    /// Sends an interaction to the bot again, even if the bot has responded to it.
    pub fn repeat_interaction(&self, id: InteractionId) -> Result<(), Error> {
        trouble::repeat_interaction(&self.hub, id)?;
        Ok(())
    }

    /// From now on gateway clients wait for this, until [`Sandbox::release_gateway`].
    pub fn hold_gateway(&self, what: Hold) {
        self.hub.gateway(|sessions, _| sessions.hold(what));
    }

    /// Sends gateway clients what they were waiting for.
    pub fn release_gateway(&self) {
        self.hub.gateway(|sessions, _| sessions.release());
    }

    /// Sends a raw frame to every gateway client. Returns the number of clients.
    pub fn send_frame(&self, frame: Frame) -> usize {
        let order = Order::Send(frame);
        self.hub.gateway(|sessions, _| sessions.order(&order))
    }

    /// Sets what mentioning this role in a thread does from now on.
    pub fn set_role_mentions(&self, role: RoleId, outcome: RoleMentions) -> Result<(), Error> {
        let change = self
            .hub
            .change(|world, _| world.set_role_mentions(role, outcome));
        Ok(change.map_err(ControlError::from)?)
    }

    /// Refuses names of channels and threads that contain one of these words, from now on.
    pub fn refuse_words(&self, words: &[&str]) -> Result<(), Error> {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        let change = self.hub.change(|world, _| world.refuse_words(&words));
        Ok(change.map_err(ControlError::from)?)
    }

    /// Switches privileged intents on and off, as in Discord's developer portal. This takes effect with the
    /// next IDENTIFY.
    pub fn switch_intents(&self, allowed: Privileged) -> Result<(), Error> {
        let change = self.hub.change(|world, _| world.set_privileged(allowed));
        Ok(change.map_err(ControlError::from)?)
    }

    /// Switches two-factor authentication of the bot owner's account on or off.
    pub fn set_two_factors(&self, on: bool) -> Result<(), Error> {
        let set = self.hub.change(|world, _| world.set_two_factors(on));
        Ok(set.map_err(ControlError::from)?)
    }

    /// Takes the bot's token away, as *Reset Token* does in Discord's developer portal: calls get 401,
    /// gateway connections are closed with 4004. [`Sandbox::reset`] gives it back.
    pub fn reset_token(&self) -> Result<(), Error> {
        trouble::reset_token(&self.hub)?;
        Ok(())
    }

    /// Begins an outage: the server becomes unavailable, and bots receive that event but no others from it.
    pub fn begin_outage(&self, guild: GuildId) -> Result<(), Error> {
        trouble::outage(&self.hub, guild, true)?;
        Ok(())
    }

    /// Ends an outage: bots receive the server's present state.
    pub fn end_outage(&self, guild: GuildId) -> Result<(), Error> {
        trouble::outage(&self.hub, guild, false)?;
        Ok(())
    }
}
