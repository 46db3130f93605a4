//! Trouble that a test makes for its bot, besides failing calls and cut connections.

use super::{Error, Sandbox};
use crate::control::ControlError;
use crate::control::trouble;
use crate::gateway::{Sessions, Twist};
use crate::id::{GuildId, RoleId};
use crate::world::RoleMentions;

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

    /// What mentioning a role in a thread leads to from now on.
    pub fn set_role_mentions(&self, role: RoleId, outcome: RoleMentions) -> Result<(), Error> {
        let change = self
            .hub
            .change(|world, _| world.set_role_mentions(role, outcome));
        Ok(change.map_err(ControlError::from)?)
    }

    /// No channel or thread gets a name with one of these words in it from now on.
    pub fn refuse_words(&self, words: &[&str]) -> Result<(), Error> {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        let change = self.hub.change(|world, _| world.refuse_words(&words));
        Ok(change.map_err(ControlError::from)?)
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
