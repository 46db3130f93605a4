//! Pinned messages.

use super::audit::{AuditAction, AuditDraft};
use super::event::Events;
use super::model::{ChannelKind, Message, MessageKind, Place};
use super::post::{SystemMessage, push_message};
use super::{Audience, Body, EventName, Outcome, World};
use crate::error::ApiError;
use crate::id::{ChannelId, MessageId, Timestamp, UserId};
use crate::permissions::Permissions;

/// The most pinned messages of a channel.
const MAX_PINS: usize = 250;

impl World {
    /// Pins or unpins a message.
    pub fn set_pinned(
        &mut self,
        now: Timestamp,
        actor: UserId,
        channel: ChannelId,
        message: MessageId,
        pinned: bool,
    ) -> Outcome<()> {
        let (place, _) = self.allowed(now, actor, channel, Permissions::PIN_MESSAGES)?;
        let guild = place.guild();
        let found = self
            .message(channel, message)
            .filter(|m| m.ephemeral_to.is_none())
            .ok_or(ApiError::UnknownMessage)?;
        if place.thread().is_some_and(|t| t.archived) {
            return Err(ApiError::ThreadArchived);
        }
        if pinned && found.kind.is_system() {
            return Err(ApiError::SystemMessage);
        }
        let author = found.user();
        let mut events = Events::default();
        if found.pinned.is_some() == pinned {
            return Ok(events.done(()));
        }
        if pinned && self.pinned_in(channel).count() >= MAX_PINS {
            return Err(ApiError::TooManyPins);
        }
        let messages = self.messages.entry(channel).or_default();
        if let Some(found) = messages.get_mut(&message) {
            found.pinned = pinned.then_some(now);
            push_message(EventName::MessageUpdate, found, &mut events);
        }
        if pinned {
            if let Some(thread) = self.threads.get_mut(&channel) {
                thread.last_pin = Some(now);
            } else if let Some(found) = self.channels.get_mut(&channel) {
                found.last_pin = Some(now);
            }
        }
        let audience = Audience::Viewers(channel);
        let body = Body::Pins { channel };
        events.push(EventName::ChannelPinsUpdate, guild, audience, body);
        if pinned {
            let about = SystemMessage::about(guild, channel, message);
            let kind = MessageKind::ChannelPinnedMessage;
            self.post_system(now, (guild, channel), actor, kind, about, &mut events);
        }
        let action = if pinned {
            AuditAction::MessagePin
        } else {
            AuditAction::MessageUnpin
        };
        let entry = AuditDraft::about(action, author)
            .option("channel_id", &channel)
            .option("message_id", &message);
        self.log(now, (guild, actor), entry, &mut events);
        Ok(events.done(()))
    }

    /// The pinned messages, the last pinned one first. Empty without Read Message History.
    pub fn pins_for(
        &self,
        now: Timestamp,
        actor: UserId,
        channel: ChannelId,
    ) -> Result<Vec<&Message>, ApiError> {
        let (place, permissions) = self.visible(now, actor, channel)?;
        if matches!(place, Place::Channel(found) if matches!(found.kind, ChannelKind::Category | ChannelKind::Forum))
        {
            return Err(ApiError::WrongChannelType);
        }
        if !permissions.has(Permissions::READ_MESSAGE_HISTORY) {
            return Ok(Vec::new());
        }
        let mut pins: Vec<&Message> = self.pinned_in(channel).collect();
        pins.sort_by_key(|message| std::cmp::Reverse((message.pinned, message.id)));
        Ok(pins)
    }

    fn pinned_in(&self, channel: ChannelId) -> impl Iterator<Item = &Message> {
        self.messages(channel).filter(|m| m.pinned.is_some())
    }
}
