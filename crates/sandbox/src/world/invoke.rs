//! being written
#![allow(unused)]
use super::draft::*;
#[allow(unused_imports)] use super::model::*;
#[allow(unused_imports)] use super::*;
#[allow(unused_imports)] use crate::id::*;
#[allow(unused_imports)] use crate::permissions::*;
use std::sync::Arc;

impl World {
    /// Runs a command, checked as a client and Discord would. Events: `INTERACTION_CREATE` to the application and to the person's client.
    pub fn invoke_command(&mut self, now: Timestamp, person: UserId, invocation: Invocation) -> Outcome<InteractionId> { todo!() }
    pub fn click(&mut self, now: Timestamp, person: UserId, click: Click) -> Outcome<InteractionId> { todo!() }
}
