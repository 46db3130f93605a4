//! Answers to interactions: the first one within 3 seconds, edits and follow-ups for 15 minutes.

mod lifecycle;

use std::sync::Arc;

use super::draft::{AllowedMentions, MessageDraft, MessageEdit, Response};
use super::event::Events;
use super::model::{
    Author, CommandKind, Interaction, InteractionData, InteractionState, Message, MessageKind,
    Reference, flags,
};
use super::post::Posting;
use super::{Event, EventName, Outcome, World};
use crate::error::ApiError;
use crate::id::{ApplicationId, ChannelId, InteractionId, MessageId, Timestamp, UserId, WebhookId};
use crate::permissions::Permissions;

/// The time limit for the first response.
const ANSWER_MILLIS: i64 = 3000;
/// How long a token is valid.
pub(super) const TOKEN_MILLIS: i64 = 15 * 60_000;

/// The result of a first response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Responded {
    pub interaction: InteractionId,
    /// The type of the response.
    pub kind: u8,
    /// The message that the response created or changed.
    pub message: Option<MessageId>,
}

impl World {
    /// Handles an application's first response. `token` must be that of the interaction.
    pub fn respond(
        &mut self,
        now: Timestamp,
        id: InteractionId,
        token: &str,
        response: Response,
    ) -> Outcome<Responded> {
        let found = self.interactions.get(&id).filter(|i| i.token == token);
        let found = found.ok_or(ApiError::UnknownInteraction)?;
        match found.state {
            InteractionState::Pending if now.since(found.created) <= ANSWER_MILLIS => {}
            InteractionState::Pending | InteractionState::Failed => {
                return Err(ApiError::UnknownInteraction);
            }
            _ => return Err(ApiError::AlreadyAcknowledged),
        }
        let (channel, source) = (found.channel, found.source);
        let application = self.applications.get(&found.application);
        let from_modal = matches!(found.data, InteractionData::Modal { .. });
        let wants_choices = found.wants_choices();
        if wants_choices != matches!(response, Response::Choices(_)) {
            return Err(wrong_type(if wants_choices {
                "Autocomplete can only be answered with choices"
            } else {
                "Only autocomplete can be answered with choices"
            }));
        }
        let mut events = Events::default();
        let (kind, message) = match response {
            Response::Pong => (1, None),
            Response::Message(draft) => {
                draft.check().map_err(in_data)?;
                self.check_emojis(application, &draft.components)
                    .map_err(in_data)?;
                let ephemeral = draft.flags & flags::EPHEMERAL != 0;
                let message = self.answer(now, id, draft, ephemeral, false, &mut events)?;
                (
                    4,
                    self.settle(id, InteractionState::Answered, message, &mut events),
                )
            }
            Response::Defer { ephemeral } => {
                let draft = MessageDraft::default();
                let message = self.answer(now, id, draft, ephemeral, true, &mut events)?;
                (
                    5,
                    self.settle(id, InteractionState::Deferred, message, &mut events),
                )
            }
            Response::DeferUpdate | Response::Update(_) if source.is_none() => {
                return Err(wrong_type(
                    "Only answers to components can update a message",
                ));
            }
            Response::DeferUpdate => (
                6,
                self.settle(id, InteractionState::Answered, source, &mut events),
            ),
            Response::Update(edit) => {
                if let Some(source) = source {
                    // An update with empty data is still an edit, unlike a deferred update.
                    let edit = MessageEdit {
                        counts_always: true,
                        ..edit
                    };
                    self.edit_as(now, id, channel, source, edit, &mut events)
                        .map_err(in_data)?;
                }
                (
                    7,
                    self.settle(id, InteractionState::Answered, source, &mut events),
                )
            }
            Response::Modal(_) if from_modal => {
                return Err(wrong_type("A modal cannot be answered with a modal"));
            }
            Response::Modal(modal) => {
                self.check_emojis(application, &modal.components)
                    .map_err(in_data)?;
                (
                    9,
                    self.settle(id, InteractionState::Modal(modal), None, &mut events),
                )
            }
            Response::Choices(choices) => (
                8,
                self.settle(id, InteractionState::Choices(choices), None, &mut events),
            ),
        };
        self.close_answered(now, id);
        Ok(events.done(Responded {
            interaction: id,
            kind,
            message,
        }))
    }

    /// The message that the first response created or updated.
    pub fn original(
        &self,
        now: Timestamp,
        application: ApplicationId,
        token: &str,
    ) -> Result<&Message, ApiError> {
        let found = self.interaction_by_token(now, application, token)?;
        let id = found.original.ok_or(ApiError::UnknownMessage)?;
        self.message(found.channel, id)
            .ok_or(ApiError::UnknownMessage)
    }

    /// The message of a response or follow-up with this token.
    pub fn followup(
        &self,
        now: Timestamp,
        application: ApplicationId,
        token: &str,
        message: MessageId,
    ) -> Result<&Message, ApiError> {
        let found = self.interaction_by_token(now, application, token)?;
        let own = |m: &&Message| m.interaction == Some(found.id) || found.original == Some(m.id);
        self.message(found.channel, message)
            .filter(own)
            .ok_or(ApiError::UnknownMessage)
    }

    /// Sends a follow-up. Right after a deferred response, it fills in the loading message, which stays
    /// ephemeral or public as it is.
    pub fn send_followup(
        &mut self,
        now: Timestamp,
        application: ApplicationId,
        token: &str,
        draft: MessageDraft,
    ) -> Outcome<(ChannelId, MessageId)> {
        let found = self.interaction_by_token(now, application, token)?;
        let (id, channel) = (found.id, found.channel);
        draft.check()?;
        self.check_emojis(self.applications.get(&application), &draft.components)?;
        let mut events = Events::default();
        if let (InteractionState::Deferred, Some(original)) = (&found.state, found.original) {
            let edit = MessageEdit {
                content: Some(draft.content),
                embeds: Some(draft.embeds),
                components: Some(draft.components),
                keep: None,
                uploads: draft.uploads,
                flags: Some(draft.flags),
                allowed_mentions: draft.allowed_mentions,
                counts_always: false,
            };
            self.edit_as(now, id, channel, original, edit, &mut events)?;
            self.finish_deferred(id, original, &mut events);
            return Ok(events.done((channel, original)));
        }
        let ephemeral = draft.flags & flags::EPHEMERAL != 0;
        let message = self.answer(now, id, draft, ephemeral, false, &mut events)?;
        let message = message.ok_or(ApiError::UnknownChannel)?;
        Ok(events.done((channel, message)))
    }

    /// Changes the message of a response with this token; `None` stands for the first response.
    pub fn edit_followup(
        &mut self,
        now: Timestamp,
        application: ApplicationId,
        token: &str,
        message: Option<MessageId>,
        edit: MessageEdit,
    ) -> Outcome<(ChannelId, MessageId)> {
        let message = self.own_message(now, application, token, message)?;
        let found = self.interaction_by_token(now, application, token)?;
        let (id, channel) = (found.id, found.channel);
        let mut events = Events::default();
        self.edit_as(now, id, channel, message, edit, &mut events)?;
        self.finish_deferred(id, message, &mut events);
        Ok(events.done((channel, message)))
    }

    /// Deletes the message of a response with this token; `None` stands for the first response.
    pub fn delete_followup(
        &mut self,
        now: Timestamp,
        application: ApplicationId,
        token: &str,
        message: Option<MessageId>,
    ) -> Outcome<()> {
        let message = self.own_message(now, application, token, message)?;
        let found = self.interaction_by_token(now, application, token)?;
        let (id, channel) = (found.id, found.channel);
        let mut events = Events::default();
        self.erase(channel, message, &mut events);
        self.finish_deferred(id, message, &mut events);
        Ok(events.done(()))
    }

    /// Lets an interaction fail if it has no response yet, such as when the bot is not connected.
    pub fn fail_interaction(&mut self, id: InteractionId) -> Vec<Event> {
        let mut events = Events::default();
        let pending = |i: &&mut Interaction| matches!(i.state, InteractionState::Pending);
        if let Some(found) = self.interactions.get_mut(&id).filter(pending) {
            found.state = InteractionState::Failed;
            self.tell_person(id, EventName::InteractionFailure, &mut events);
        }
        events.0
    }
}

/// Used by the methods above.
impl World {
    fn own_message(
        &self,
        now: Timestamp,
        application: ApplicationId,
        token: &str,
        message: Option<MessageId>,
    ) -> Result<MessageId, ApiError> {
        let found = match message {
            Some(id) => self.followup(now, application, token, id),
            None => self.original(now, application, token),
        };
        found.map(|m| m.id)
    }

    /// Posts the message of a response. `None` if the channel is gone. A message that everyone sees unarchives
    /// an archived thread, and is refused if the thread is locked, too.
    fn answer(
        &mut self,
        now: Timestamp,
        id: InteractionId,
        draft: MessageDraft,
        ephemeral: bool,
        loading: bool,
        events: &mut Events,
    ) -> Result<Option<MessageId>, ApiError> {
        let Some(found) = self.interactions.get(&id) else {
            return Ok(None);
        };
        let (guild, channel) = (found.guild, found.channel);
        let Some(bot) = self.applications.get(&found.application).map(|it| it.bot) else {
            return Ok(None);
        };
        let Some(place) = self.place(channel) else {
            return Ok(None);
        };
        let first = matches!(found.state, InteractionState::Pending);
        let (kind, reference) = answer_kind(found, first);
        let posting = Posting {
            author: Author::User(bot),
            kind,
            reference,
            invites: Some(bot),
            ephemeral_to: ephemeral.then_some(found.person),
            interaction: Some(id),
            interaction_metadata: Some(Arc::clone(&found.metadata)),
            application: Some(found.application),
            webhook: Some(WebhookId(found.application.0)),
            flags: if loading { flags::LOADING } else { 0 },
            ..Posting::new(guild, channel)
        };
        let archived = place.thread().filter(|thread| thread.archived);
        if let Some(thread) = archived.filter(|_| !ephemeral) {
            if thread.locked {
                return Err(ApiError::ThreadArchived);
            }
            self.check_active_threads(thread.guild)?;
            self.reopen(now, channel, events);
        }
        let permissions = self.mentioning(now, channel, bot);
        let allowed = draft
            .allowed_mentions
            .clone()
            .unwrap_or_else(AllowedMentions::of_webhooks);
        let message = self.post(now, posting, draft, &allowed, permissions, events);
        Ok(Some(message))
    }

    fn edit_as(
        &mut self,
        now: Timestamp,
        id: InteractionId,
        channel: ChannelId,
        message: MessageId,
        edit: MessageEdit,
        events: &mut Events,
    ) -> Result<(), ApiError> {
        let bot = self
            .interactions
            .get(&id)
            .and_then(|i| self.applications.get(&i.application));
        let bot = bot.map(|a| a.bot).ok_or(ApiError::UnknownWebhook)?;
        let is_ephemeral = |m: &Message| m.ephemeral_to.is_some();
        if !self.message(channel, message).is_some_and(is_ephemeral) {
            self.check_not_archived(channel)?;
        }
        let permissions = self.mentioning(now, channel, bot);
        let allowed = edit
            .allowed_mentions
            .clone()
            .unwrap_or_else(AllowedMentions::of_webhooks);
        self.apply_edit(now, channel, message, edit, &allowed, permissions, events)
    }

    /// The application's permissions in a channel, which decide what it may mention.
    fn mentioning(&self, now: Timestamp, channel: ChannelId, bot: UserId) -> Permissions {
        let place = self.place(channel);
        place
            .map(|place| self.permissions_in(now, place, bot))
            .unwrap_or_default()
    }
}

/// Discord shows a first response as a reply to the component's message, or as the result of the command.
fn answer_kind(found: &Interaction, first: bool) -> (MessageKind, Option<Reference>) {
    let reply = |message| {
        let (channel, guild) = (found.channel, found.guild);
        (
            MessageKind::Reply,
            Some(Reference {
                channel,
                message: Some(message),
                guild,
            }),
        )
    };
    match (&found.data, found.source, found.original) {
        (_, _, Some(original)) if !first => reply(original),
        (_, Some(source), _) => reply(source),
        (
            InteractionData::Command {
                kind: CommandKind::ChatInput,
                ..
            },
            ..,
        ) => (MessageKind::ChatInputCommand, None),
        (InteractionData::Command { .. }, ..) => (MessageKind::ContextMenuCommand, None),
        _ => (MessageKind::Default, None),
    }
}

/// Moves the paths of errors below the response's `data`.
fn in_data(error: ApiError) -> ApiError {
    error.inside("data")
}

fn wrong_type(message: &str) -> ApiError {
    ApiError::field("type", "INTERACTION_CALLBACK_TYPE_INVALID", message)
}
