//! being written
#![allow(unused)]
use super::draft::*;
#[allow(unused_imports)] use super::model::*;
#[allow(unused_imports)] use super::*;
#[allow(unused_imports)] use crate::id::*;
#[allow(unused_imports)] use crate::permissions::*;
use std::sync::Arc;

#[derive(Clone, Debug)]
pub struct WebhookDraft { pub message: MessageDraft, pub username: Option<String> }
impl World {
    /// What a webhook made by this person (Manage Webhooks) sends.
    pub fn send_as_webhook(&mut self, now: Timestamp, actor: UserId, channel: ChannelId, draft: WebhookDraft) -> Outcome<MessageId> { todo!() }
}
