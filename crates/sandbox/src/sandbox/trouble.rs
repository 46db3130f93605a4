//! Trouble that a test makes for its bot, besides failing calls and cut connections.

use super::{Error, Sandbox};
use crate::control::ControlError;
use crate::control::trouble;
use crate::gateway::{Sessions, Twist};
use crate::id::GuildId;

impl Sandbox {
    /// Lets the next matching event come more than once, or later than it happened.
    pub fn twist(&self, twist: Twist) -> Result<(), Error> {
        twist.check().map_err(ControlError::Wrong)?;
        self.hub.gateway(|sessions, _| sessions.twist(twist));
        Ok(())
    }

    /// The twists that still wait for an event.
    pub fn waiting_twists(&self) -> Vec<Twist> {
        self.hub.gateway(|sessions, _| sessions.twists().to_vec())
    }

    /// Forgets the twists that still wait, and sends the events that they hold back.
    pub fn untwist(&self) {
        self.hub.gateway(Sessions::untwist);
    }

    /// A server becomes unavailable: bots are told so, and of nothing that happens in it.
    pub fn begin_outage(&self, guild: GuildId) -> Result<(), Error> {
        trouble::outage(&self.hub, guild, true)?;
        Ok(())
    }

    /// It is available again: bots are told of it as it is now.
    pub fn end_outage(&self, guild: GuildId) -> Result<(), Error> {
        trouble::outage(&self.hub, guild, false)?;
        Ok(())
    }
}
