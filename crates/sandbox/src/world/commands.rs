//! being written
#![allow(unused)]
use super::draft::*;
#[allow(unused_imports)] use super::model::*;
#[allow(unused_imports)] use super::*;
#[allow(unused_imports)] use crate::id::*;
#[allow(unused_imports)] use crate::permissions::*;
use std::sync::Arc;

/// Whose commands: all servers', or one server's.
pub type Scope = Option<GuildId>;
impl World {
    pub fn commands(&self, application: ApplicationId, scope: Scope) -> &[Command] { todo!() }
    /// What a person may use in a server.
    pub fn commands_for(&self, now: Timestamp, person: UserId, guild: GuildId) -> Result<Vec<&Command>, ApiError> { todo!() }
}
