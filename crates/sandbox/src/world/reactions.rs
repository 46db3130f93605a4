//! Reactions to messages.

use super::emojis::is_unicode_emoji;
use super::event::Events;
use super::model::{Emoji, Message, Reaction};
use super::{Audience, Body, EventName, Outcome, World, require};
use crate::error::ApiError;
use crate::id::{ChannelId, EmojiId, MessageId, Timestamp, UserId};
use crate::permissions::Permissions;

/// The most different emojis on a message.
const MAX_REACTIONS: usize = 20;

/// Which reactions to remove.
#[derive(Clone, Debug)]
pub enum Unreact {
    /// One user's reaction. Another's needs Manage Messages.
    One(String, UserId),
    /// Everybody's with this emoji.
    Emoji(String),
    All,
}

impl World {
    /// Adds a reaction to a message. `emoji` is a Unicode emoji or `name:id`.
    pub fn react(
        &mut self,
        now: Timestamp,
        actor: UserId,
        channel: ChannelId,
        message: MessageId,
        emoji: &str,
    ) -> Outcome<()> {
        let needed = Permissions::READ_MESSAGE_HISTORY;
        let (place, permissions) = self.allowed(now, actor, channel, needed)?;
        let guild = place.guild();
        if place.thread().is_some_and(|t| t.archived) {
            return Err(ApiError::ThreadArchived);
        }
        let emoji = self.emoji(emoji)?;
        let found = self.reacted_to(actor, channel, message)?;
        let known = found.reactions.iter().find(|r| is_same(&r.emoji, &emoji));
        if known.is_none() {
            require(permissions, Permissions::ADD_REACTIONS)?;
            if found.reactions.len() >= MAX_REACTIONS {
                return Err(ApiError::TooManyReactions);
            }
        }
        let mut events = Events::default();
        if known.is_some_and(|r| r.users.contains(&actor)) {
            return Ok(events.done(()));
        }
        let author = found.user();
        self.change_reactions(channel, message, |reactions| {
            match reactions.iter_mut().find(|r| is_same(&r.emoji, &emoji)) {
                Some(reaction) => reaction.users.push(actor),
                None => reactions.push(Reaction {
                    emoji: emoji.clone(),
                    users: vec![actor],
                }),
            }
        });
        let body = Body::Reaction {
            channel,
            message,
            user: actor,
            author,
            emoji: Box::new(emoji),
        };
        events.push(
            EventName::MessageReactionAdd,
            guild,
            Audience::Viewers(channel),
            body,
        );
        Ok(events.done(()))
    }

    /// Removes reactions. Removing a reaction that does not exist is not an error.
    pub fn unreact(
        &mut self,
        now: Timestamp,
        actor: UserId,
        channel: ChannelId,
        message: MessageId,
        which: Unreact,
    ) -> Outcome<()> {
        let (place, permissions) = self.visible(now, actor, channel)?;
        let guild = place.guild();
        if place.thread().is_some_and(|t| t.archived) {
            return Err(ApiError::ThreadArchived);
        }
        if !matches!(which, Unreact::One(_, user) if user == actor) {
            require(permissions, Permissions::MANAGE_MESSAGES)?;
        }
        let author = self.reacted_to(actor, channel, message)?.user();
        let mut events = Events::default();
        let (name, body) = match which {
            Unreact::One(emoji, user) => {
                let emoji = self.emoji(&emoji)?;
                let mut taken = false;
                self.change_reactions(channel, message, |reactions| {
                    for reaction in reactions.iter_mut().filter(|r| is_same(&r.emoji, &emoji)) {
                        taken |= reaction.users.contains(&user);
                        reaction.users.retain(|other| *other != user);
                    }
                });
                if !taken {
                    return Ok(events.done(()));
                }
                let body = Body::Reaction {
                    channel,
                    message,
                    user,
                    author,
                    emoji: Box::new(emoji),
                };
                (EventName::MessageReactionRemove, body)
            }
            Unreact::Emoji(emoji) => {
                let emoji = self.emoji(&emoji)?;
                self.change_reactions(channel, message, |reactions| {
                    reactions.retain(|r| !is_same(&r.emoji, &emoji));
                });
                let emoji = Some(Box::new(emoji));
                let body = Body::ReactionsGone {
                    channel,
                    message,
                    emoji,
                };
                (EventName::MessageReactionRemoveEmoji, body)
            }
            Unreact::All => {
                self.change_reactions(channel, message, Vec::clear);
                let body = Body::ReactionsGone {
                    channel,
                    message,
                    emoji: None,
                };
                (EventName::MessageReactionRemoveAll, body)
            }
        };
        events.push(name, guild, Audience::Viewers(channel), body);
        Ok(events.done(()))
    }

    /// The users who have reacted with an emoji, sorted by id.
    pub fn reacted(
        &self,
        now: Timestamp,
        actor: UserId,
        channel: ChannelId,
        message: MessageId,
        emoji: &str,
    ) -> Result<Vec<UserId>, ApiError> {
        self.allowed(now, actor, channel, Permissions::READ_MESSAGE_HISTORY)?;
        let emoji = self.emoji(emoji)?;
        let found = self.reacted_to(actor, channel, message)?;
        let mut reactions = found.reactions.iter();
        let reaction = reactions.find(|r| is_same(&r.emoji, &emoji));
        let mut users = reaction.map(|r| r.users.clone()).unwrap_or_default();
        users.sort_unstable();
        Ok(users)
    }

    fn reacted_to(
        &self,
        actor: UserId,
        channel: ChannelId,
        message: MessageId,
    ) -> Result<&Message, ApiError> {
        self.message(channel, message)
            .filter(|m| m.is_shown_to(actor) && m.ephemeral_to.is_none())
            .ok_or(ApiError::UnknownMessage)
    }

    fn change_reactions(
        &mut self,
        channel: ChannelId,
        message: MessageId,
        f: impl FnOnce(&mut Vec<Reaction>),
    ) {
        let messages = self.messages.entry(channel).or_default();
        if let Some(found) = messages.get_mut(&message) {
            f(&mut found.reactions);
            found
                .reactions
                .retain(|reaction| !reaction.users.is_empty());
        }
    }

    /// Finds an emoji.
    fn emoji(&self, text: &str) -> Result<Emoji, ApiError> {
        let text = text.strip_prefix("a:").unwrap_or(text);
        if let Some((_, id)) = text.rsplit_once(':') {
            let id: EmojiId = id.parse().map_err(|_| ApiError::UnknownEmoji)?;
            let made = self.made_emoji(id).ok_or(ApiError::UnknownEmoji)?;
            return Ok(Emoji {
                id: Some(id),
                name: made.name.clone(),
                animated: made.animated,
            });
        }
        if text.chars().count() > 16 || !is_unicode_emoji(text) {
            return Err(ApiError::UnknownEmoji);
        }
        Ok(Emoji {
            id: None,
            name: text.to_owned(),
            animated: false,
        })
    }
}

/// Compares emojis without the variation selector, which changes only their appearance.
fn is_same(one: &Emoji, other: &Emoji) -> bool {
    let plain = |emoji: &Emoji| emoji.name.replace('\u{fe0f}', "");
    match (one.id, other.id) {
        (None, None) => plain(one) == plain(other),
        (one, other) => one == other,
    }
}

/// For `wire`: whether this user has reacted.
impl Reaction {
    pub fn is_of(&self, user: UserId) -> bool {
        self.users.contains(&user)
    }
}
