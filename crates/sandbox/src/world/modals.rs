//! being written
#![allow(unused)]
use super::draft::*;
#[allow(unused_imports)] use super::model::*;
#[allow(unused_imports)] use super::*;
#[allow(unused_imports)] use crate::id::*;
#[allow(unused_imports)] use crate::permissions::*;
use std::sync::Arc;

impl World {
    pub fn submit_modal(&mut self, now: Timestamp, person: UserId, submission: Submission) -> Outcome<InteractionId> { todo!() }
    /// Closes a modal without sending it.
    pub fn dismiss_modal(&mut self, now: Timestamp, person: UserId, opened_by: InteractionId) -> Outcome<()> { todo!() }
}
