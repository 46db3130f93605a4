//! being written
#![allow(unused)]
use super::draft::*;
#[allow(unused_imports)] use super::model::*;
#[allow(unused_imports)] use super::*;
#[allow(unused_imports)] use crate::id::*;
#[allow(unused_imports)] use crate::permissions::*;
use std::sync::Arc;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Due { Unanswered(InteractionId), Forget(InteractionId), Archive(ChannelId) }
impl World {
    /// What time causes: unanswered interactions fail, threads archive themselves.
    pub fn due(&mut self, now: Timestamp) -> Vec<Event> { todo!() }
    pub fn next_due(&self) -> Option<Timestamp> { self.agenda.first().map(|(at, _)| *at) }
}
