//! From JSON to drafts: what a client sent becomes a wish that the world understands, or a 50035.
#![allow(unused)]
use serde_json::Value;
use std::sync::Arc;
use crate::error::ApiError;
use crate::world::draft::{ChannelDraft, ChannelEdit, GuildEdit, MessageDraft, MessageEdit, RoleEdit, ThreadDraft};
use crate::permissions::Overwrite;

/// A `files[n]` part of a form.
#[derive(Clone, Debug)]
pub struct FilePart { pub index: u64, pub filename: String, pub content_type: Option<String>, pub data: Arc<[u8]> }
pub fn message(body: &Value, files: Vec<FilePart>) -> Result<MessageDraft, ApiError> { todo!() }
pub fn message_edit(body: &Value, files: Vec<FilePart>) -> Result<MessageEdit, ApiError> { todo!() }
pub fn thread(body: &Value) -> Result<ThreadDraft, ApiError> { todo!() }
pub fn channel(body: &Value) -> Result<ChannelDraft, ApiError> { todo!() }
pub fn channel_edit(body: &Value) -> Result<ChannelEdit, ApiError> { todo!() }
pub fn guild_edit(body: &Value) -> Result<GuildEdit, ApiError> { todo!() }
pub fn role(body: &Value) -> Result<RoleEdit, ApiError> { todo!() }
/// `{type, allow, deny}` for a target's id.
pub fn overwrite(id: u64, body: &Value) -> Result<Overwrite, ApiError> { todo!() }
