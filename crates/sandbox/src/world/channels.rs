//! being written
#![allow(unused)]
use super::draft::*;
#[allow(unused_imports)] use super::model::*;
#[allow(unused_imports)] use super::*;
#[allow(unused_imports)] use crate::id::*;
#[allow(unused_imports)] use crate::permissions::*;
use std::sync::Arc;

/// What was deleted.
impl World {
    pub fn create_channel(&mut self, now: Timestamp, actor: UserId, guild: GuildId, draft: ChannelDraft) -> Outcome<ChannelId> { todo!() }
    /// Edits a channel or a thread.
    pub fn edit_channel(&mut self, now: Timestamp, actor: UserId, channel: ChannelId, edit: ChannelEdit) -> Outcome<ChannelId> { todo!() }
    /// Deletes a channel with its threads, or a thread; returns its last JSON.
    pub fn delete_channel(&mut self, now: Timestamp, actor: UserId, channel: ChannelId) -> Outcome<serde_json::Value> { todo!() }
    pub fn set_overwrite(&mut self, now: Timestamp, actor: UserId, channel: ChannelId, overwrite: Overwrite) -> Outcome<()> { todo!() }
    /// `target` is a role's or a user's id.
    pub fn delete_overwrite(&mut self, now: Timestamp, actor: UserId, channel: ChannelId, target: u64) -> Outcome<()> { todo!() }
}
