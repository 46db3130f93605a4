//! A person submits a modal, or closes it.

mod filled;

use std::sync::Arc;

use serde_json::Value;

use super::draft::{Submission, Upload};
use super::event::Events;
use super::model::{Interaction, InteractionData, InteractionMetadata, InteractionState, Modal};
use super::{Outcome, World};
use crate::error::ApiError;
use crate::id::{AttachmentId, InteractionId, Timestamp, UserId};
use filled::Filled;

impl World {
    /// Submits the modal that an interaction opened, however long ago. Inputs that are not filled in keep
    /// their initial values. The modal closes when the application responds; if it does not, the person can
    /// submit it again.
    pub fn submit_modal(
        &mut self,
        now: Timestamp,
        person: UserId,
        submission: Submission,
    ) -> Outcome<InteractionId> {
        let Submission {
            opened_by,
            values,
            files,
        } = submission;
        let files = self.named(now, files);
        let (opened_by, modal) = self.open_modal(person, opened_by)?;
        if self.waits_for_answer(opened_by.id) {
            return Err(ApiError::UnknownInteraction);
        }
        let (place, _) = self.visible(now, person, opened_by.channel)?;
        let mut filled = Filled::new(self, now, person, place, (values, files));
        let components: Vec<Value> = modal.components.iter().map(|c| filled.fill(c)).collect();
        let (mut resolved, files) = filled.finish()?;
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
        let files = files.into_iter();
        resolved.attachments = files
            .map(|(id, upload)| self.keep_file_as(id, upload))
            .collect();
        let data = InteractionData::Modal {
            custom_id: modal.custom_id.clone(),
            components,
            resolved,
            opened_by: Some(id),
        };
        let mut events = Events::default();
        let id =
            self.begin_interaction(now, application, place, data, metadata, source, &mut events);
        Ok(events.done(id))
    }

    /// Closes a modal without submitting it.
    pub fn dismiss_modal(
        &mut self,
        now: Timestamp,
        person: UserId,
        opened_by: InteractionId,
    ) -> Outcome<()> {
        let id = self.open_modal(person, opened_by)?.0.id;
        self.close_modal(now, id);
        Ok(Events::default().done(()))
    }

    fn open_modal(
        &self,
        person: UserId,
        id: InteractionId,
    ) -> Result<(&Interaction, Arc<Modal>), ApiError> {
        let found = self.interactions.get(&id).filter(|i| i.person == person);
        let found = found.ok_or(ApiError::UnknownInteraction)?;
        match &found.state {
            InteractionState::Modal(modal) => Ok((found, Arc::clone(modal))),
            _ => Err(ApiError::UnknownInteraction),
        }
    }
    /// Closes the modal if this submission of it got a response.
    pub(super) fn close_answered(&mut self, now: Timestamp, submission: InteractionId) {
        let found = self.interactions.get(&submission);
        let opened_by = found.and_then(Interaction::modal_of);
        let open = |found: &Interaction| matches!(found.state, InteractionState::Modal(_));
        if let Some(id) = opened_by
            && self.interactions.get(&id).is_some_and(open)
        {
            self.close_modal(now, id);
        }
    }

    /// Whether a submission of the modal still waits for its response.
    fn waits_for_answer(&self, opened_by: InteractionId) -> bool {
        let mut pending = self
            .interactions
            .values()
            .filter(|found| matches!(found.state, InteractionState::Pending));
        pending.any(|found| found.modal_of() == Some(opened_by))
    }

    /// Closes a modal. If the interaction's token has expired, it was kept only for the modal, and is
    /// forgotten now.
    fn close_modal(&mut self, now: Timestamp, id: InteractionId) {
        self.set_state(id, InteractionState::Answered);
        self.forget_if_expired(now, id);
    }

    /// Gives uploads their ids.
    pub(super) fn named(
        &mut self,
        now: Timestamp,
        files: Vec<Upload>,
    ) -> Vec<Option<(AttachmentId, Upload)>> {
        let named = files.into_iter();
        named
            .map(|upload| Some((AttachmentId(self.ids.next(now)), upload)))
            .collect()
    }
}

impl Interaction {
    /// The interaction that opened the modal, if this one is its submission.
    fn modal_of(&self) -> Option<InteractionId> {
        match self.data {
            InteractionData::Modal { opened_by, .. } => opened_by,
            _ => None,
        }
    }
}
