//! A person uses a component: checked as a Discord client and Discord would.

use super::component::{self, Button, ButtonAction, ComponentKind, Select, SelectKind};
use super::draft::Click;
use super::event::Events;
use super::model::{InteractionData, InteractionMetadata, Place, Resolved};
use super::{Outcome, World};
use crate::error::ApiError;
use crate::id::{InteractionId, Timestamp, UserId};

impl World {
    /// Clicks a button, or chooses in a menu.
    pub fn click(
        &mut self,
        now: Timestamp,
        person: UserId,
        click: Click,
    ) -> Outcome<InteractionId> {
        let Click {
            channel,
            message,
            custom_id,
            values,
        } = click;
        let found = self.message_for(now, person, channel, message)?;
        let (place, _) = self.visible(now, person, channel)?;
        if place.thread().is_some_and(|t| t.archived) {
            return Err(ApiError::ThreadArchived);
        }
        let timed_out = self
            .member(place.guild(), person)
            .and_then(|m| m.timed_out_until);
        if timed_out.is_some_and(|until| until > now) {
            return Err(ApiError::MissingPermissions);
        }
        // An ordinary message has no application id, but its author is the application's bot.
        let author = || Some(self.application_of(found.user()?)?.id);
        let application = found
            .application
            .or_else(author)
            .ok_or_else(|| no_component("custom_id"))?;
        let component = component::find(&found.components, &custom_id)
            .ok_or_else(|| no_component("custom_id"))?;
        let resolved = match &component.kind {
            ComponentKind::Button(Button {
                disabled: false,
                action: ButtonAction::Click { .. },
                ..
            }) => Resolved::default(),
            ComponentKind::Select(select) if !select.disabled => {
                self.check_values(now, person, place, select, &values, "values")?
            }
            _ => return Err(no_component("custom_id")),
        };
        let data = InteractionData::Component {
            custom_id,
            component_type: component.kind.code(),
            component_id: component.id,
            values,
            resolved,
        };
        let metadata = InteractionMetadata {
            id: InteractionId(0),
            kind: 3,
            user: person,
            name: None,
            target_message: None,
            target_user: None,
            interacted_message: Some(message),
            triggered_by: None,
        };
        let place = (place.guild(), channel);
        let mut events = Events::default();
        let source = Some(message);
        let id =
            self.begin_interaction(now, application, place, data, metadata, source, &mut events);
        Ok(events.done(id))
    }

    /// Checks the values that were chosen in a menu, and resolves their ids.
    pub(super) fn check_values(
        &self,
        now: Timestamp,
        person: UserId,
        place: Place<'_>,
        select: &Select,
        values: &[String],
        path: &str,
    ) -> Result<Resolved, ApiError> {
        let wrong =
            |message: String| ApiError::field(path, "SELECT_COMPONENT_INVALID_VALUES", message);
        let (min, max) = (select.min_values as usize, select.max_values as usize);
        if !(min..=max).contains(&values.len()) {
            return Err(wrong(format!("Must be between {min} and {max} in length.")));
        }
        let mut resolved = Resolved::default();
        for (index, value) in values.iter().enumerate() {
            if values[..index].contains(value) {
                return Err(wrong(format!("\"{value}\" is chosen twice")));
            }
            let id = value.parse::<u64>().ok();
            let guild = place.guild();
            let known = match &select.kind {
                SelectKind::Strings(options) => options.iter().any(|o| o.value == *value),
                SelectKind::Users(_) => self.resolve_user(id, &mut resolved),
                SelectKind::Roles(_) => self.resolve_role(guild, id, &mut resolved),
                SelectKind::Mentionables(_) => {
                    self.resolve_role(guild, id, &mut resolved)
                        || self.resolve_user(id, &mut resolved)
                }
                SelectKind::Channels { types, .. } => {
                    self.resolve_channel(now, person, guild, id, types, &mut resolved)
                }
            };
            if !known {
                return Err(wrong(format!("\"{value}\" is not among the choices")));
            }
        }
        Ok(resolved)
    }
}

fn no_component(path: &str) -> ApiError {
    let message = "The message has no such component that can be used";
    ApiError::field(path, "COMPONENT_VALIDATION_FAILED", message)
}
