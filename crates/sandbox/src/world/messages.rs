//! Sending, editing, deleting and reading messages.

use super::audit::{AuditAction, AuditDraft};
use super::draft::{AllowedMentions, MessageDraft, MessageEdit, Page, ReferenceDraft, Start};
use super::event::Events;
use super::model::{Author, Channel, ChannelKind, Message, MessageKind, Place, Reference};
use super::parts::text_of;
use super::post::{Posting, nonce_key};
use super::{Audience, Body, EventName, Outcome, World, require};
use crate::error::ApiError;
use crate::id::{ChannelId, MessageId, Timestamp, UserId};
use crate::permissions::Permissions;

/// Messages older than this cannot be deleted in bulk.
const BULK_DELETE_MILLIS: i64 = 14 * 86_400_000;

impl World {
    /// Sends a message as a person or a bot.
    pub fn send_message(
        &mut self,
        now: Timestamp,
        actor: UserId,
        channel: ChannelId,
        draft: MessageDraft,
    ) -> Outcome<MessageId> {
        let is_bot = self.user(actor).is_some_and(|u| u.bot);
        let draft = if is_bot {
            draft
        } else {
            draft.without_components()
        };
        let (place, permissions) = self.allowed(now, actor, channel, Permissions::SEND_MESSAGES)?;
        if holds_no_messages(place) {
            return Err(ApiError::NotATextChannel);
        }
        require(permissions, needs(&draft))?;
        if place.thread().is_some_and(|t| t.locked) && !permissions.has(Permissions::MANAGE_THREADS)
        {
            return Err(ApiError::ThreadLocked);
        }
        let guild = place.guild();
        if place.thread().is_some_and(|t| t.archived) {
            self.check_active_threads(guild)?;
        }
        self.check_direct_message(actor, place.channel())?;
        if !is_bot && !guild.is_none() {
            self.check_auto_moderation(permissions, &draft.content)?;
        }
        let reference = draft
            .reference
            .map(|r| self.reply(place, permissions, r))
            .transpose()?;
        draft.check()?;
        self.check_emojis(self.application_of(actor), &draft.components)?;
        if let Some(earlier) = self.sent_before(now, actor, channel, &draft) {
            return Ok(Events::default().done(earlier));
        }
        let slow = !is_bot && slowmode(place) > 0;
        if slow {
            self.check_slowmode(now, actor, place, permissions)?;
        }
        let allowed = draft
            .allowed_mentions
            .clone()
            .unwrap_or_else(AllowedMentions::of_messages);
        let text = text_of(&draft.content, &draft.components);
        let mentions = self.mentions_in(guild, &text, &allowed, permissions);
        self.check_role_mentions(channel, &mentions)?;
        let mut events = Events::default();
        self.enter_thread(now, actor, channel, &mut events);
        let reference = reference.flatten();
        let id = self.post(
            now,
            Posting {
                author: Author::User(actor),
                kind: if reference.is_some() {
                    MessageKind::Reply
                } else {
                    MessageKind::Default
                },
                reference,
                invites: Some(actor),
                ..Posting::new(guild, channel)
            },
            draft,
            &allowed,
            permissions,
            &mut events,
        );
        if slow {
            self.last_written.insert((channel, actor), now);
        }
        Ok(events.done(id))
    }

    /// Changes a message: the actor's own, or with Manage Messages whether another's embeds are shown.
    pub fn edit_message(
        &mut self,
        now: Timestamp,
        actor: UserId,
        channel: ChannelId,
        message: MessageId,
        edit: MessageEdit,
    ) -> Outcome<MessageId> {
        let (place, permissions) = self.visible(now, actor, channel)?;
        let found = self
            .message(channel, message)
            .filter(|m| m.is_shown_to(actor))
            .ok_or(ApiError::UnknownMessage)?;
        if found.kind.is_system() {
            return Err(ApiError::SystemMessage);
        }
        if found.user() != Some(actor) {
            if !edit.is_flags_only() {
                return Err(ApiError::NotYourMessage);
            }
            require(permissions, Permissions::MANAGE_MESSAGES)?;
        }
        if place.thread().is_some_and(|t| t.archived) {
            return Err(ApiError::ThreadArchived);
        }
        if place.thread().is_some_and(|t| t.locked) && !permissions.has(Permissions::MANAGE_THREADS)
        {
            return Err(ApiError::ThreadLocked);
        }
        let is_bot = self.user(actor).is_some_and(|user| user.bot);
        let edit = if is_bot {
            edit
        } else {
            edit.without_components()
        };
        let mut events = Events::default();
        let allowed = edit
            .allowed_mentions
            .clone()
            .unwrap_or_else(AllowedMentions::of_messages);
        self.apply_edit(
            now,
            channel,
            message,
            edit,
            &allowed,
            permissions,
            &mut events,
        )?;
        Ok(events.done(message))
    }

    /// Deletes the actor's own message or, with Manage Messages, another's. A person can also dismiss an
    /// ephemeral message that they see.
    pub fn delete_message(
        &mut self,
        now: Timestamp,
        actor: UserId,
        channel: ChannelId,
        message: MessageId,
    ) -> Outcome<()> {
        let (place, permissions) = self.visible(now, actor, channel)?;
        let found = self
            .message(channel, message)
            .filter(|m| m.is_shown_to(actor))
            .ok_or(ApiError::UnknownMessage)?;
        if found.ephemeral_to.is_none() {
            if found.user() != Some(actor) || found.kind.is_system() {
                require(permissions, Permissions::MANAGE_MESSAGES)?;
            }
            check_deletion(place, permissions)?;
        }
        // The audit log has no entry for somebody who deletes their own message.
        let others = found.ephemeral_to.is_none() && found.user() != Some(actor);
        let (who, author) = ((found.guild, actor), found.user());
        let mut events = Events::default();
        self.erase(channel, message, &mut events);
        if others {
            let entry = AuditDraft::about(AuditAction::MessageDelete, author)
                .option("channel_id", &channel)
                .option("count", &1);
            self.log(now, who, entry, &mut events);
        }
        Ok(events.done(()))
    }

    /// Deletes up to 100 messages at once. Unknown ids are skipped.
    pub fn bulk_delete(
        &mut self,
        now: Timestamp,
        actor: UserId,
        channel: ChannelId,
        messages: &[MessageId],
    ) -> Outcome<()> {
        let (place, permissions) =
            self.allowed(now, actor, channel, Permissions::MANAGE_MESSAGES)?;
        let guild = place.guild();
        check_deletion(place, permissions)?;
        if !(2..=100).contains(&messages.len()) {
            return Err(ApiError::BulkDeleteCount);
        }
        if messages
            .iter()
            .any(|id| now.since(id.created_at()) > BULK_DELETE_MILLIS)
        {
            return Err(ApiError::BulkDeleteTooOld);
        }
        let shown = |id: &&MessageId| {
            self.message(channel, **id)
                .is_some_and(|m| m.ephemeral_to.is_none())
        };
        let known: Vec<MessageId> = messages.iter().filter(shown).copied().collect();
        let mut events = Events::default();
        if !known.is_empty() {
            let count = known.len();
            for id in &known {
                self.forget_message(channel, *id);
            }
            events.push(
                EventName::MessageDeleteBulk,
                guild,
                Audience::Viewers(channel),
                Body::MessageDeleteBulk {
                    channel,
                    messages: known,
                },
            );
            let entry = AuditDraft::new(AuditAction::MessageBulkDelete, channel.0);
            self.log(
                now,
                (guild, actor),
                entry.option("count", &count),
                &mut events,
            );
        }
        Ok(events.done(()))
    }

    /// One message, as `actor` may see it.
    pub fn message_for(
        &self,
        now: Timestamp,
        actor: UserId,
        channel: ChannelId,
        message: MessageId,
    ) -> Result<&Message, ApiError> {
        self.allowed(now, actor, channel, Permissions::READ_MESSAGE_HISTORY)?;
        let shown = |m: &&Message| {
            // A bot can access its ephemeral messages only with the interaction's token.
            m.is_shown_to(actor)
        };
        self.message(channel, message)
            .filter(shown)
            .ok_or(ApiError::UnknownMessage)
    }

    /// A page of messages, newest first, with the actor's own ephemeral ones. Empty without Read Message
    /// History.
    pub fn messages_for(
        &self,
        now: Timestamp,
        actor: UserId,
        channel: ChannelId,
        page: Page,
    ) -> Result<Vec<&Message>, ApiError> {
        let (place, permissions) = self.visible(now, actor, channel)?;
        if holds_no_messages(place) {
            return Err(ApiError::WrongChannelType);
        }
        let Some(all) = self.messages.get(&channel) else {
            return Ok(Vec::new());
        };
        if !permissions.has(Permissions::READ_MESSAGE_HISTORY) {
            return Ok(Vec::new());
        }
        let shown = |m: &&Message| m.is_shown_to(actor);
        let before = |id: MessageId, limit: usize| {
            all.range(..id)
                .rev()
                .map(|(_, m)| m)
                .filter(shown)
                .take(limit)
        };
        // The oldest messages after the given one, but sorted newest first like all others.
        let after = |id: MessageId, limit: usize| {
            let from = MessageId(id.0.saturating_add(1));
            let mut found: Vec<_> = all
                .range(from..)
                .map(|(_, m)| m)
                .filter(shown)
                .take(limit)
                .collect();
            found.reverse();
            found
        };
        Ok(match page.start {
            Start::Newest => before(MessageId(u64::MAX), page.limit).collect(),
            Start::Before(id) => before(id, page.limit).collect(),
            Start::After(id) => after(id, page.limit),
            Start::Around(id) => {
                let mut found = after(id, page.limit / 2);
                let rest = page.limit - found.len();
                found.extend(before(MessageId(id.0.saturating_add(1)), rest));
                found
            }
        })
    }

    /// Shows that somebody is typing.
    pub fn start_typing(
        &mut self,
        now: Timestamp,
        actor: UserId,
        channel: ChannelId,
    ) -> Outcome<()> {
        let (place, _) = self.allowed(now, actor, channel, Permissions::SEND_MESSAGES)?;
        let mut events = Events::default();
        let body = Body::Typing {
            channel,
            user: actor,
            at: now,
        };
        events.push(
            EventName::TypingStart,
            place.guild(),
            Audience::Viewers(channel),
            body,
        );
        Ok(events.done(()))
    }

    fn reply(
        &self,
        place: Place<'_>,
        permissions: Permissions,
        wish: ReferenceDraft,
    ) -> Result<Option<Reference>, ApiError> {
        if !permissions.has(Permissions::READ_MESSAGE_HISTORY) {
            return Err(ApiError::ReplyNeedsHistory);
        }
        let found = self
            .message(place.id(), wish.message)
            .filter(|m| m.ephemeral_to.is_none());
        let wrong = |code, message: &str| Err(ApiError::field("message_reference", code, message));
        if wish.channel.is_some_and(|channel| channel != place.id()) {
            return wrong(
                "REPLIES_CANNOT_REPLY_TO_OTHER_CHANNEL",
                "Cannot reply to a message in a different channel",
            );
        }
        match found {
            None if wish.fail_if_not_exists => {
                wrong("MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "Unknown message")
            }
            None => Ok(None),
            Some(target) if target.kind.is_system() => wrong(
                "REPLIES_CANNOT_REPLY_TO_SYSTEM_MESSAGE",
                "Cannot reply to a system message",
            ),
            Some(target) => Ok(Some(Reference {
                channel: place.id(),
                message: Some(target.id),
                guild: place.guild(),
            })),
        }
    }

    /// The message that this author has recently sent with the same nonce.
    fn sent_before(
        &self,
        now: Timestamp,
        actor: UserId,
        channel: ChannelId,
        draft: &MessageDraft,
    ) -> Option<MessageId> {
        let nonce = draft.nonce.as_ref().filter(|_| draft.enforce_nonce)?;
        let id = self.nonces.find(now, &(actor, channel, nonce_key(nonce)))?;
        self.message(channel, id).map(|m| m.id)
    }

    /// Fails if a user has to wait because of the slowmode.
    pub(super) fn check_slowmode(
        &self,
        now: Timestamp,
        actor: UserId,
        place: Place<'_>,
        permissions: Permissions,
    ) -> Result<(), ApiError> {
        let exempt = [
            Permissions::BYPASS_SLOWMODE,
            Permissions::MANAGE_MESSAGES,
            Permissions::MANAGE_CHANNELS,
        ];
        let last = self.last_written.get(&(place.id(), actor));
        let waiting = last.is_some_and(|last| now.since(*last) < i64::from(slowmode(place)) * 1000);
        if waiting && !exempt.iter().any(|bit| permissions.has(*bit)) {
            return Err(ApiError::Slowmode);
        }
        Ok(())
    }
}

/// Messages of archived threads can be deleted, unless the thread is locked, too. Source: Discord's "Threads".
pub(super) fn check_deletion(place: Place<'_>, permissions: Permissions) -> Result<(), ApiError> {
    let is_closed = place.thread().is_some_and(|t| t.archived && t.locked);
    if is_closed && !permissions.has(Permissions::MANAGE_THREADS) {
        return Err(ApiError::ThreadArchived);
    }
    Ok(())
}

/// Whether this is a category or a forum, which contain no messages themselves.
fn holds_no_messages(place: Place<'_>) -> bool {
    let none =
        |channel: &Channel| matches!(channel.kind, ChannelKind::Category | ChannelKind::Forum);
    matches!(place, Place::Channel(channel) if none(channel))
}

/// The permissions that a message needs.
pub(super) fn needs(draft: &MessageDraft) -> Permissions {
    [
        (!draft.uploads.is_empty(), Permissions::ATTACH_FILES),
        (!draft.embeds.is_empty(), Permissions::EMBED_LINKS),
        (draft.tts, Permissions::SEND_TTS_MESSAGES),
    ]
    .iter()
    .filter(|(used, _)| *used)
    .fold(Permissions::SEND_MESSAGES, |sum, (_, bit)| sum | *bit)
}

/// The slowmode: how many seconds people have to wait between two messages.
fn slowmode(place: Place<'_>) -> u32 {
    match place {
        Place::Channel(channel) => channel.rate_limit_per_user,
        Place::Thread(thread, _) => thread.rate_limit_per_user,
    }
}
