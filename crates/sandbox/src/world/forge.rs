//! Interactions that no client could send: with a custom id that no message has, or from a modal that was
//! never opened. Discord would refuse them, but a bot should not depend on that.

use serde_json::{Value, json};

use super::draft::Forgery;
use super::event::Events;
use super::model::{InteractionData, InteractionMetadata, Resolved};
use super::{Outcome, World};
use crate::error::ApiError;
use crate::id::{InteractionId, RoleId, Timestamp, UserId};

impl World {
    /// Sends the application the interaction of a component or a modal, with any content. Only the channel
    /// and the person must exist.
    pub fn forge(
        &mut self,
        now: Timestamp,
        person: UserId,
        forgery: Forgery,
    ) -> Outcome<InteractionId> {
        let place = self
            .place(forgery.channel)
            .ok_or(ApiError::UnknownChannel)?;
        let (guild, channel) = (place.guild(), forgery.channel);
        let in_guild = |bot: UserId| self.member(guild, bot).is_some();
        let application = self
            .applications()
            .find(|application| in_guild(application.bot))
            .ok_or(ApiError::UnknownApplication)?
            .id;
        let (data, kind) = match forgery.fields {
            Some(fields) => (
                InteractionData::Modal {
                    custom_id: forgery.custom_id,
                    components: fields.iter().map(filled).collect(),
                    resolved: Resolved::default(),
                    opened_by: None,
                },
                5,
            ),
            None => (
                InteractionData::Component {
                    custom_id: forgery.custom_id,
                    component_type: forgery.component_type,
                    component_id: 1,
                    resolved: self.resolve(&forgery.values),
                    values: forgery.values,
                },
                3,
            ),
        };
        let metadata = InteractionMetadata {
            id: InteractionId(0),
            kind,
            user: person,
            name: None,
            target_message: None,
            target_user: None,
            interacted_message: forgery.message,
            triggered_by: None,
        };
        let mut events = Events::default();
        let id = self.begin_interaction(
            now,
            application,
            (guild, channel),
            data,
            metadata,
            forgery.message,
            &mut events,
        );
        Ok(events.done(id))
    }

    /// The users and roles among these ids, from any server.
    fn resolve(&self, values: &[String]) -> Resolved {
        let mut resolved = Resolved::default();
        for id in values.iter().filter_map(|value| value.parse().ok()) {
            if self.user(UserId(id)).is_some() {
                resolved.users.insert(UserId(id));
            } else if self.guilds().any(|g| g.roles.contains_key(&RoleId(id))) {
                resolved.roles.insert(RoleId(id));
            }
        }
        resolved
    }
}

/// A text input of a modal, as the application receives it.
fn filled((custom_id, value): (&String, &String)) -> Value {
    let field = json!({"type": 4, "id": 2, "custom_id": custom_id, "value": value});
    json!({"type": 18, "id": 1, "component": field})
}
