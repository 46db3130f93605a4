//! being written
#![allow(unused)]
use super::draft::*;
#[allow(unused_imports)] use super::model::*;
#[allow(unused_imports)] use super::*;
#[allow(unused_imports)] use crate::id::*;
#[allow(unused_imports)] use crate::permissions::*;
use std::sync::Arc;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Archived { Public, Private, JoinedPrivate }
#[derive(Debug)]
pub struct ThreadPage<'a> { pub threads: Vec<&'a Thread>, pub has_more: bool }
impl World {
    pub fn create_thread(&mut self, now: Timestamp, actor: UserId, channel: ChannelId, draft: ThreadDraft) -> Outcome<ChannelId> { todo!() }
    pub fn create_thread_from_message(&mut self, now: Timestamp, actor: UserId, channel: ChannelId, message: MessageId, draft: ThreadDraft) -> Outcome<ChannelId> { todo!() }
    /// Active threads of a server that `actor` can see, newest first.
    pub fn active_threads(&self, now: Timestamp, actor: UserId, guild: GuildId) -> Result<Vec<&Thread>, ApiError> { todo!() }
    /// Archived threads under a channel, newest first. `before` is an archive time (ids for joined ones compare by creation).
    pub fn archived_threads(&self, now: Timestamp, actor: UserId, channel: ChannelId, which: Archived, before: Option<Timestamp>, limit: usize) -> Result<ThreadPage<'_>, ApiError> { todo!() }
}
