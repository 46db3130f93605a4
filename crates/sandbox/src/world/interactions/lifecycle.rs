//! How an interaction begins, what state it is in, and how it is forgotten.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::{ANSWER_MILLIS, TOKEN_MILLIS};
use crate::error::ApiError;
use crate::id::{ApplicationId, ChannelId, GuildId, InteractionId, MessageId, Timestamp};
use crate::world::event::Events;
use crate::world::model::{Interaction, InteractionData, InteractionMetadata, InteractionState};
use crate::world::{Audience, Body, Due, EventName, Outcome, World};

impl World {
    /// Begins an interaction, and notifies the application and the person's client. Fills in the id of the
    /// metadata.
    #[expect(clippy::too_many_arguments, reason = "one call, all of them needed")]
    pub(in crate::world) fn begin_interaction(
        &mut self,
        now: Timestamp,
        application: ApplicationId,
        (guild, channel): (GuildId, ChannelId),
        data: InteractionData,
        metadata: InteractionMetadata,
        source: Option<MessageId>,
        events: &mut Events,
    ) -> InteractionId {
        let id = InteractionId(self.ids.next(now));
        let token = token_of(id);
        let person = metadata.user;
        let about = serde_json::json!({
            "id": id,
            "channel_id": channel,
            "message_id": source,
            "name": metadata.name,
            "state": "pending",
        });
        let interaction = Interaction {
            id,
            application,
            token: token.clone(),
            person,
            guild,
            channel,
            created: now,
            data,
            state: InteractionState::Pending,
            source,
            original: None,
            metadata: Arc::new(InteractionMetadata { id, ..metadata }),
        };
        let asks = interaction.wants_choices();
        self.interactions.insert(id, interaction);
        self.interaction_tokens.insert(token, id);
        self.agenda
            .insert((now.plus(ANSWER_MILLIS + 1), Due::Unanswered(id)));
        self.agenda
            .insert((now.plus(TOKEN_MILLIS + 1), Due::Forget(id)));
        let name = EventName::InteractionCreate;
        // A request for suggestions is not shown to the person; only the suggestions are.
        if !asks {
            events.push(name, guild, Audience::User(person), Body::Json(about));
        }
        if let Some(bot) = self.applications.get(&application).map(|a| a.bot) {
            events.push(name, guild, Audience::User(bot), Body::Interaction(id));
        }
        id
    }

    /// Sends an interaction to the application again, if it has not expired.
    pub fn repeat_interaction(&self, now: Timestamp, id: InteractionId) -> Outcome<()> {
        let found = self.interactions.get(&id);
        let found = found.filter(|found| now.since(found.created) <= TOKEN_MILLIS);
        let found = found.ok_or(ApiError::UnknownInteraction)?;
        let mut events = Events::default();
        if let Some(application) = self.applications.get(&found.application) {
            events.push(
                EventName::InteractionCreate,
                found.guild,
                Audience::User(application.bot),
                Body::Interaction(id),
            );
        }
        Ok(events.done(()))
    }

    pub(in crate::world) fn set_state(&mut self, id: InteractionId, state: InteractionState) {
        if let Some(found) = self.interactions.get_mut(&id) {
            found.state = state;
        }
    }

    /// Forgets an interaction whose token has expired, unless a modal that it opened is still open.
    pub(in crate::world) fn forget_interaction(&mut self, id: InteractionId, events: &mut Events) {
        let Some(found) = self.interactions.get(&id) else {
            return;
        };
        self.interaction_tokens.remove(&found.token);
        match found.state {
            InteractionState::Modal(_) => return,
            // A "Thinking…" that is never completed fails when the token expires.
            InteractionState::Deferred => {
                self.set_state(id, InteractionState::Failed);
                self.tell_person(id, EventName::InteractionFailure, events);
            }
            _ => {}
        }
        if let Some(found) = self.interactions.remove(&id) {
            for attachment in found.data.attachments() {
                self.files.remove(&attachment.id);
            }
        }
    }

    /// Forgets an interaction whose token has expired and that was kept only for its modal.
    pub(in crate::world) fn forget_if_expired(&mut self, now: Timestamp, id: InteractionId) {
        let expired = |found: &Interaction| now.since(found.created) > TOKEN_MILLIS;
        if self.interactions.get(&id).is_some_and(expired) {
            self.forget_interaction(id, &mut Events::default());
        }
    }

    pub(super) fn interaction_by_token(
        &self,
        now: Timestamp,
        application: ApplicationId,
        token: &str,
    ) -> Result<&Interaction, ApiError> {
        let found = self
            .interaction_tokens
            .get(token)
            .and_then(|id| self.interactions.get(id));
        let Some(found) = found.filter(|i| i.application == application) else {
            // The token contains the interaction's time, so an expired token is recognised after its
            // interaction is forgotten.
            let expired = id_of(token).filter(|id| now.since(id.created_at()) > TOKEN_MILLIS);
            return Err(expired.map_or(ApiError::UnknownWebhook, |_| ApiError::InvalidWebhookToken));
        };
        if now.since(found.created) > TOKEN_MILLIS {
            return Err(ApiError::InvalidWebhookToken);
        }
        match found.state {
            InteractionState::Pending | InteractionState::Failed => Err(ApiError::UnknownWebhook),
            _ => Ok(found),
        }
    }

    pub(super) fn settle(
        &mut self,
        id: InteractionId,
        state: InteractionState,
        message: Option<MessageId>,
        events: &mut Events,
    ) -> Option<MessageId> {
        let name = match state {
            InteractionState::Modal(_) => EventName::InteractionModalCreate,
            _ => EventName::InteractionSuccess,
        };
        if let Some(found) = self.interactions.get_mut(&id) {
            found.state = state;
            found.original = message;
        }
        self.tell_person(id, name, events);
        message
    }

    pub(super) fn finish_deferred(
        &mut self,
        id: InteractionId,
        message: MessageId,
        events: &mut Events,
    ) {
        let Some(found) = self.interactions.get_mut(&id) else {
            return;
        };
        if matches!(found.state, InteractionState::Deferred) && found.original == Some(message) {
            found.state = InteractionState::Answered;
            self.tell_person(id, EventName::InteractionSuccess, events);
        }
    }

    pub(super) fn tell_person(&self, id: InteractionId, name: EventName, events: &mut Events) {
        let Some(found) = self.interactions.get(&id) else {
            return;
        };
        let audience = Audience::User(found.person);
        let body = match name {
            // The world may forget the interaction before this event is sent, so the JSON is made now.
            EventName::InteractionFailure => Body::Json(serde_json::json!({"id": id})),
            _ => Body::InteractionView(id),
        };
        events.push(name, found.guild, audience, body);
    }
}

/// A token that looks as long and random as a real one, but depends only on the interaction's id.
fn token_of(id: InteractionId) -> String {
    let mut state = id.0;
    let mut filler = String::new();
    for _ in 0..6 {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        filler.push_str(&(mixed ^ (mixed >> 31)).to_string());
    }
    URL_SAFE_NO_PAD.encode(format!("interaction:{id}:{filler}"))
}

fn id_of(token: &str) -> Option<InteractionId> {
    let decoded = String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
    let id: InteractionId = decoded
        .strip_prefix("interaction:")?
        .split(':')
        .next()?
        .parse()
        .ok()?;
    (token_of(id) == token).then_some(id)
}
