//! being written
#![allow(unused)]
use super::draft::*;
#[allow(unused_imports)] use super::model::*;
#[allow(unused_imports)] use super::*;
#[allow(unused_imports)] use crate::id::*;
#[allow(unused_imports)] use crate::permissions::*;
use std::sync::Arc;

impl World {
    pub fn join_guild(&mut self, now: Timestamp, user: UserId, guild: GuildId) -> Outcome<()> { todo!() }
    pub fn leave_guild(&mut self, now: Timestamp, user: UserId, guild: GuildId) -> Outcome<()> { todo!() }
    pub fn kick(&mut self, now: Timestamp, actor: UserId, guild: GuildId, user: UserId) -> Outcome<()> { todo!() }
    /// Invites a bot (back): by somebody with Manage Server.
    pub fn invite_bot(&mut self, now: Timestamp, actor: UserId, guild: GuildId, bot: UserId) -> Outcome<()> { todo!() }
    pub fn edit_member(&mut self, now: Timestamp, actor: UserId, guild: GuildId, user: UserId, edit: MemberEdit) -> Outcome<UserId> { todo!() }
    pub fn add_member_role(&mut self, now: Timestamp, actor: UserId, guild: GuildId, user: UserId, role: RoleId) -> Outcome<()> { todo!() }
    pub fn remove_member_role(&mut self, now: Timestamp, actor: UserId, guild: GuildId, user: UserId, role: RoleId) -> Outcome<()> { todo!() }
}
