//! being written
#![allow(unused)]
use super::draft::*;
#[allow(unused_imports)] use super::model::*;
#[allow(unused_imports)] use super::*;
#[allow(unused_imports)] use crate::id::*;
#[allow(unused_imports)] use crate::permissions::*;
use std::sync::Arc;

pub type InteractionToken = String;
#[derive(Clone, Debug)]
pub struct Responded { pub interaction: InteractionId, pub message: Option<MessageId> }
impl World {
    /// Nobody will answer (the bot is not connected): fails at once.
    pub fn fail_interaction(&mut self, now: Timestamp, interaction: InteractionId) -> Vec<Event> { todo!() }
}
