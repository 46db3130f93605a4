//! As a person: reactions, pins, and direct messages with the bot.

use serde_json::json;

use super::act::{Actor, Answer};
use super::look;
use crate::id::{ChannelId, MessageId};
use crate::wire;
use crate::world::Unreact;

impl Actor<'_> {
    pub(crate) fn react(self, channel: ChannelId, message: MessageId, emoji: &str) -> Answer {
        let about = json!({"channel_id": channel, "message_id": message, "emoji": emoji});
        self.does("react", about);
        self.done(|world, now| world.react(now, self.id, channel, message, emoji))
    }

    pub(crate) fn unreact(self, channel: ChannelId, message: MessageId, emoji: String) -> Answer {
        let about = json!({"channel_id": channel, "message_id": message, "emoji": emoji});
        self.does("take a reaction away", about);
        let which = Unreact::One(emoji, self.id);
        self.done(|world, now| world.unreact(now, self.id, channel, message, which))
    }

    pub(crate) fn pins(self, channel: ChannelId) -> Answer {
        let now = self.hub.now();
        self.hub.look(|world| {
            let pins = world.pins_for(now, self.id, channel)?;
            Ok(pins.into_iter().map(|m| wire::message(world, m)).collect())
        })
    }

    pub(crate) fn set_pinned(self, channel: ChannelId, message: MessageId, pinned: bool) -> Answer {
        let verb = if pinned { "pin" } else { "unpin" };
        self.does(verb, json!({"channel_id": channel, "message_id": message}));
        self.done(|world, now| world.set_pinned(now, self.id, channel, message, pinned))
    }

    /// Joins a server with an invite.
    pub(crate) fn use_invite(self, code: &str) -> Answer {
        self.does("use an invite", json!({"code": code}));
        self.done(|world, now| world.use_invite(now, self.id, code))
    }

    /// The person's direct messages with the bot.
    pub(crate) fn open_direct_messages(self) -> Answer {
        self.does("open direct messages", json!({}));
        let bot = self.hub.look(|world| world.defaults().bot);
        let channel = self.change(|world, now| world.open_direct_messages(now, self.id, bot))?;
        look::channel(self.hub, self.id, channel)
    }
}
