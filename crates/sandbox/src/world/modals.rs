//! A person sends a modal off, or closes it.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::component::{Component, ComponentKind, Select, TextInput};
use super::draft::{Submission, Submitted};
use super::event::Events;
use super::model::{
    InteractionData, InteractionMetadata, InteractionState, Modal, Place, Resolved,
};
use super::{Outcome, World};
use crate::error::{ApiError, ErrorTree};
use crate::id::{InteractionId, Timestamp, UserId};

impl World {
    /// Sends off the modal that an interaction opened. What is not filled in keeps the value that
    /// it had when the modal was opened.
    pub fn submit_modal(
        &mut self,
        now: Timestamp,
        person: UserId,
        submission: Submission,
    ) -> Outcome<InteractionId> {
        let (opened_by, modal) = self.open_modal(person, submission.opened_by)?;
        let (place, _) = self.visible(now, person, opened_by.channel)?;
        let mut filled = Filled {
            world: self,
            now,
            person,
            place,
            values: submission.values,
            resolved: Resolved::default(),
            errors: ErrorTree::default(),
        };
        let components: Vec<Value> = modal.components.iter().map(|c| filled.fill(c)).collect();
        for name in filled.values.keys() {
            let message = format!("The modal has no input \"{name}\"");
            filled
                .errors
                .add("values", "COMPONENT_VALIDATION_FAILED", message);
        }
        let (resolved, errors) = (filled.resolved, filled.errors);
        if !errors.is_empty() {
            return Err(errors.into_error());
        }
        let data = InteractionData::Modal {
            custom_id: modal.custom_id.clone(),
            components,
            resolved,
        };
        let metadata = InteractionMetadata {
            id: InteractionId(0),
            kind: 5,
            user: person,
            name: None,
            target_message: None,
            target_user: None,
            interacted_message: None,
            triggered_by: Some(Arc::clone(&opened_by.metadata)),
        };
        let (application, source) = (opened_by.application, opened_by.source);
        let place = (opened_by.guild, opened_by.channel);
        let id = opened_by.id;
        let mut events = Events::default();
        // It is open no longer: it cannot be sent off twice.
        self.set_state(id, InteractionState::Answered);
        let id =
            self.begin_interaction(now, application, place, data, metadata, source, &mut events);
        Ok(events.done(id))
    }

    /// Closes a modal without sending it.
    pub fn dismiss_modal(
        &mut self,
        _now: Timestamp,
        person: UserId,
        opened_by: InteractionId,
    ) -> Outcome<()> {
        let id = self.open_modal(person, opened_by)?.0.id;
        self.set_state(id, InteractionState::Answered);
        Ok(Events::default().done(()))
    }

    fn open_modal(
        &self,
        person: UserId,
        id: InteractionId,
    ) -> Result<(&super::model::Interaction, Arc<Modal>), ApiError> {
        let found = self.interactions.get(&id).filter(|i| i.person == person);
        let found = found.ok_or(ApiError::UnknownInteraction)?;
        match &found.state {
            InteractionState::Modal(modal) => Ok((found, Arc::clone(modal))),
            _ => Err(ApiError::UnknownInteraction),
        }
    }
}

/// A modal while it is read.
struct Filled<'a> {
    world: &'a World,
    now: Timestamp,
    person: UserId,
    place: Place<'a>,
    /// What has not been used yet.
    values: BTreeMap<String, Submitted>,
    resolved: Resolved,
    errors: ErrorTree,
}

impl Filled<'_> {
    /// A component as it is sent to the application.
    fn fill(&mut self, component: &Component) -> Value {
        let mut json = match &component.kind {
            ComponentKind::ActionRow(inner) => {
                json!({"components": inner.iter().map(|c| self.fill(c)).collect::<Vec<_>>()})
            }
            ComponentKind::Label { component, .. } => json!({"component": self.fill(component)}),
            ComponentKind::TextInput(input) => {
                json!({"custom_id": input.custom_id, "value": self.text(input)})
            }
            ComponentKind::Select(select) => {
                json!({"custom_id": select.custom_id, "values": self.chosen(select)})
            }
            ComponentKind::TextDisplay { .. } | ComponentKind::Button(_) => json!({}),
        };
        json["type"] = component.kind.code().into();
        json["id"] = component.id.into();
        json
    }

    fn text(&mut self, input: &TextInput) -> String {
        let given = self.values.remove(&input.custom_id);
        let text = match given {
            None => input.value.clone().unwrap_or_default(),
            Some(Submitted::Text(text)) => text,
            Some(Submitted::Chosen(_)) => {
                self.wrong(
                    &input.custom_id,
                    "STRING_TYPE_CONVERT",
                    "This input takes a text".into(),
                );
                return String::new();
            }
        };
        let length = text.chars().count();
        let min = input.min_length.unwrap_or(u32::from(input.required)) as usize;
        let max = input.max_length.unwrap_or(4000) as usize;
        let skipped = text.is_empty() && !input.required;
        if !skipped && text.is_empty() {
            self.wrong(
                &input.custom_id,
                "BASE_TYPE_REQUIRED",
                "This field is required".into(),
            );
        } else if !skipped && !(min..=max).contains(&length) {
            let message = format!("Must be between {min} and {max} in length.");
            self.wrong(&input.custom_id, "BASE_TYPE_BAD_LENGTH", message);
        }
        text
    }

    fn chosen(&mut self, select: &Select) -> Vec<String> {
        let values = match self.values.remove(&select.custom_id) {
            None => select.kind.defaults(),
            Some(Submitted::Chosen(values)) => values,
            Some(Submitted::Text(value)) => vec![value],
        };
        let path = format!("values.{}", select.custom_id.replace('.', "_"));
        let checked = self.world.check_values(
            self.now,
            self.person,
            self.place,
            select,
            &values,
            true,
            &path,
        );
        if let Ok(found) = checked {
            self.resolved.users.extend(found.users);
            self.resolved.roles.extend(found.roles);
            self.resolved.channels.extend(found.channels);
        } else {
            let message = "The chosen values are not among the choices, too few or too many";
            let code = "SELECT_COMPONENT_INVALID_VALUES";
            self.wrong(&select.custom_id, code, message.into());
        }
        values
    }

    fn wrong(&mut self, custom_id: &str, code: &'static str, message: String) {
        // Dots separate the parts of a path.
        let path = format!("values.{}", custom_id.replace('.', "_"));
        self.errors.add(&path, code, message);
    }
}
