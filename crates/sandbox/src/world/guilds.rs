//! being written
#![allow(unused)]
use super::draft::*;
#[allow(unused_imports)] use super::model::*;
#[allow(unused_imports)] use super::*;
#[allow(unused_imports)] use crate::id::*;
#[allow(unused_imports)] use crate::permissions::*;
use std::sync::Arc;

impl World {
    pub fn edit_guild(&mut self, now: Timestamp, actor: UserId, guild: GuildId, edit: GuildEdit) -> Outcome<GuildId> { todo!() }
}
