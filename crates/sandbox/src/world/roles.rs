//! being written
#![allow(unused)]
use super::draft::*;
#[allow(unused_imports)] use super::model::*;
#[allow(unused_imports)] use super::*;
#[allow(unused_imports)] use crate::id::*;
#[allow(unused_imports)] use crate::permissions::*;
use std::sync::Arc;

impl World {
    pub fn create_role(&mut self, now: Timestamp, actor: UserId, guild: GuildId, edit: RoleEdit) -> Outcome<RoleId> { todo!() }
    pub fn edit_role(&mut self, now: Timestamp, actor: UserId, guild: GuildId, role: RoleId, edit: RoleEdit) -> Outcome<RoleId> { todo!() }
    pub fn delete_role(&mut self, now: Timestamp, actor: UserId, guild: GuildId, role: RoleId) -> Outcome<()> { todo!() }
}
