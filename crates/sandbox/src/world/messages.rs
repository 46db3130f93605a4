//! being written
#![allow(unused)]
use super::draft::*;
#[allow(unused_imports)] use super::model::*;
#[allow(unused_imports)] use super::*;
#[allow(unused_imports)] use crate::id::*;
#[allow(unused_imports)] use crate::permissions::*;
use std::sync::Arc;

impl World {
    pub fn send_message(&mut self, now: Timestamp, actor: UserId, channel: ChannelId, draft: MessageDraft) -> Outcome<MessageId> { todo!() }
    pub fn edit_message(&mut self, now: Timestamp, actor: UserId, channel: ChannelId, message: MessageId, edit: MessageEdit) -> Outcome<MessageId> { todo!() }
    /// An ephemeral message is dismissed.
    pub fn delete_message(&mut self, now: Timestamp, actor: UserId, channel: ChannelId, message: MessageId) -> Outcome<()> { todo!() }
    pub fn bulk_delete(&mut self, now: Timestamp, actor: UserId, channel: ChannelId, messages: &[MessageId]) -> Outcome<()> { todo!() }
    /// One message, as `actor` may see it.
    pub fn message_for(&self, now: Timestamp, actor: UserId, channel: ChannelId, message: MessageId) -> Result<&Message, ApiError> { todo!() }
    /// Newest first, with the actor's own ephemeral ones.
    pub fn messages_for(&self, now: Timestamp, actor: UserId, channel: ChannelId, page: Page) -> Result<Vec<&Message>, ApiError> { todo!() }
    pub fn start_typing(&mut self, now: Timestamp, actor: UserId, channel: ChannelId) -> Outcome<()> { todo!() }
}
