//! Direct messages between a person and a bot.

use super::event::Events;
use super::model::{Channel, ChannelKind};
use super::plant::new_channel;
use super::{Outcome, World};
use crate::error::ApiError;
use crate::id::{ChannelId, GuildId, Timestamp, UserId};

impl World {
    /// Opens the direct messages between a bot and a person, or returns the existing ones. If the person
    /// refuses direct messages, that is an error only when a message is sent.
    pub fn open_direct_messages(
        &mut self,
        now: Timestamp,
        actor: UserId,
        other: UserId,
    ) -> Outcome<ChannelId> {
        let is_bot = |user: UserId| self.user(user).map(|user| user.bot);
        let events = Events::default();
        match (is_bot(actor), is_bot(other)) {
            (_, None) | (None, _) => return Err(ApiError::InvalidRecipients),
            // Two bots cannot have direct messages, and those of two people are not imitated.
            (Some(one), Some(another)) if one == another => {
                return Err(ApiError::CannotMessageUser);
            }
            _ => {}
        }
        if let Some(found) = self
            .direct_messages_of(actor)
            .find(|c| c.recipients.contains(&other))
        {
            return Ok(events.done(found.id));
        }
        let id = ChannelId(self.ids.next(now));
        let channel = Channel {
            kind: ChannelKind::Direct,
            recipients: vec![actor, other],
            ..new_channel(GuildId::NONE, id, "", 0)
        };
        self.channels.insert(id, channel);
        Ok(events.done(id))
    }

    /// The direct messages of a user, in no particular order.
    pub fn direct_messages_of(&self, user: UserId) -> impl Iterator<Item = &Channel> {
        let direct = self
            .channels
            .values()
            .filter(|channel| channel.kind == ChannelKind::Direct);
        direct.filter(move |channel| channel.recipients.contains(&user))
    }

    /// Fails if a user may not write to the other one in these direct messages.
    pub(super) fn check_direct_message(
        &self,
        actor: UserId,
        channel: &Channel,
    ) -> Result<(), ApiError> {
        if channel.kind != ChannelKind::Direct {
            return Ok(());
        }
        let own = self.user(actor).map(|user| &user.guilds);
        for other in channel.recipients.iter().filter(|user| **user != actor) {
            let Some(other) = self.user(*other) else {
                return Err(ApiError::CannotMessageUser);
            };
            if other.refuses_direct_messages {
                return Err(ApiError::CannotMessageUser);
            }
            if own.is_none_or(|own| own.is_disjoint(&other.guilds)) {
                return Err(ApiError::NoMutualServer);
            }
        }
        Ok(())
    }
}
