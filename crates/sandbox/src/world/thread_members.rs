//! being written
#![allow(unused)]
use super::draft::*;
#[allow(unused_imports)] use super::model::*;
#[allow(unused_imports)] use super::*;
#[allow(unused_imports)] use crate::id::*;
#[allow(unused_imports)] use crate::permissions::*;
use std::sync::Arc;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ThreadMember { pub thread: ChannelId, pub user: UserId, pub joined: Timestamp }
impl World {
    /// Joins, if `user` is the actor.
    pub fn add_thread_member(&mut self, now: Timestamp, actor: UserId, thread: ChannelId, user: UserId) -> Outcome<()> { todo!() }
    /// Leaves, if `user` is the actor.
    pub fn remove_thread_member(&mut self, now: Timestamp, actor: UserId, thread: ChannelId, user: UserId) -> Outcome<()> { todo!() }
    pub fn thread_members(&self, now: Timestamp, actor: UserId, thread: ChannelId) -> Result<Vec<ThreadMember>, ApiError> { todo!() }
    pub fn thread_member(&self, now: Timestamp, actor: UserId, thread: ChannelId, user: UserId) -> Result<ThreadMember, ApiError> { todo!() }
}
