//! being written
#![allow(unused)]
use super::draft::*;
#[allow(unused_imports)] use super::model::*;
#[allow(unused_imports)] use super::*;
#[allow(unused_imports)] use crate::id::*;
#[allow(unused_imports)] use crate::permissions::*;
use std::sync::Arc;

impl World {
    /// A new person, in no server yet.
    pub fn add_person(&mut self, now: Timestamp, draft: PersonDraft) -> UserId { todo!() }
    /// A new member, with roles, without asking anybody.
    pub fn add_member(&mut self, now: Timestamp, guild: GuildId, user: UserId, roles: &[RoleId]) -> Outcome<()> { todo!() }
    pub fn edit_person(&mut self, now: Timestamp, person: UserId, locale: Option<String>, global_name: Option<Option<String>>) -> Outcome<()> { todo!() }
}
