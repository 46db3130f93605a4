//! Webhooks of channels: making them, and sending with them.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use super::audit::{AuditAction, AuditDraft};
use super::draft::{AllowedMentions, MessageDraft, MessageEdit, ThreadDraft, Upload};
use super::event::Events;
use super::forums::{Post, check_tags};
use super::messages::check_deletion;
use super::model::{Author, ChannelKind, Image, Message, Place, ThreadKind, Webhook};
use super::post::Posting;
use super::{Audience, Body, EventName, Outcome, World};
use crate::error::ApiError;
use crate::id::{ChannelId, GuildId, MessageId, TagId, Timestamp, UserId, WebhookId};
use crate::permissions::Permissions;

/// The most webhooks of a channel.
const MAX_WEBHOOKS: usize = 15;

/// A message that a webhook should send.
#[derive(Clone, Debug, Default)]
pub struct WebhookDraft {
    pub message: MessageDraft,
    /// A name instead of the webhook's own.
    pub username: Option<String>,
    /// The address of a picture instead of the webhook's own.
    pub avatar_url: Option<String>,
    /// Creates a post in a forum with this name and these tags. The message is the post's first one.
    pub post: Option<(String, Vec<TagId>)>,
    /// The thread under the webhook's channel to send to.
    pub thread: Option<ChannelId>,
    /// Whether to accept components from a webhook that belongs to no application.
    pub with_components: bool,
}

/// A change of a webhook.
#[derive(Clone, Debug, Default)]
pub struct WebhookEdit {
    pub avatar: Option<Option<Upload>>,
    pub name: Option<String>,
    pub channel: Option<ChannelId>,
}

impl World {
    pub fn create_webhook(
        &mut self,
        now: Timestamp,
        actor: UserId,
        channel: ChannelId,
        name: String,
        avatar: Option<Upload>,
    ) -> Outcome<WebhookId> {
        let (place, _) = self.allowed(now, actor, channel, Permissions::MANAGE_WEBHOOKS)?;
        let Place::Channel(found) = place else {
            return Err(ApiError::WrongChannelType);
        };
        if matches!(found.kind, ChannelKind::Category | ChannelKind::Direct) {
            return Err(ApiError::WrongChannelType);
        }
        if self.webhooks_of(channel).count() >= MAX_WEBHOOKS {
            return Err(ApiError::TooManyWebhooks);
        }
        let guild = found.guild;
        let application = self.application_of(actor).map(|a| a.id);
        let id = WebhookId(self.ids.next(now));
        let avatar = avatar.map(|avatar| self.keep_picture(now, avatar));
        let token = format!("sandbox-webhook-{id}-{}", "x".repeat(33));
        let webhook = Webhook {
            id,
            channel,
            guild,
            creator: actor,
            name,
            token,
            application,
            avatar,
        };
        let entry = AuditDraft::new(AuditAction::WebhookCreate, id.0);
        let entry = entry.changing(None, Some(&webhook));
        self.webhooks.insert(id, webhook);
        let mut events = Events::default();
        push_update(guild, channel, &mut events);
        self.log(now, (guild, actor), entry, &mut events);
        Ok(events.done(id))
    }

    /// The webhooks of a channel. Needs the permission to manage them.
    pub fn webhooks_for(
        &self,
        now: Timestamp,
        actor: UserId,
        channel: ChannelId,
    ) -> Result<Vec<&Webhook>, ApiError> {
        self.allowed(now, actor, channel, Permissions::MANAGE_WEBHOOKS)?;
        Ok(self.webhooks_of(channel).collect())
    }

    pub fn delete_webhook(
        &mut self,
        now: Timestamp,
        actor: UserId,
        webhook: WebhookId,
    ) -> Outcome<()> {
        let found = self
            .webhooks
            .get(&webhook)
            .ok_or(ApiError::UnknownWebhook)?;
        let (guild, channel) = (found.guild, found.channel);
        self.allowed(now, actor, channel, Permissions::MANAGE_WEBHOOKS)?;
        let gone = self.webhooks.remove(&webhook);
        let mut events = Events::default();
        push_update(guild, channel, &mut events);
        let entry = AuditDraft::new(AuditAction::WebhookDelete, webhook.0);
        self.log(
            now,
            (guild, actor),
            entry.changing(gone.as_ref(), None),
            &mut events,
        );
        Ok(events.done(()))
    }

    /// The webhooks of a server. Needs the permission to manage all of them.
    pub fn webhooks_in_guild(
        &self,
        now: Timestamp,
        actor: UserId,
        guild: GuildId,
    ) -> Result<Vec<&Webhook>, ApiError> {
        self.allowed_in_guild(now, actor, guild, Permissions::MANAGE_WEBHOOKS)?;
        Ok(self
            .webhooks
            .values()
            .filter(|w| w.guild == guild)
            .collect())
    }

    /// The webhook with this token.
    pub fn webhook_by_token(&self, webhook: WebhookId, token: &str) -> Result<&Webhook, ApiError> {
        let found = self.webhook(webhook).ok_or(ApiError::UnknownWebhook)?;
        if found.token == token {
            Ok(found)
        } else {
            Err(ApiError::InvalidWebhookToken)
        }
    }

    /// Renames a webhook, or moves it to another channel of its server.
    pub fn edit_webhook(
        &mut self,
        now: Timestamp,
        actor: UserId,
        webhook: WebhookId,
        edit: WebhookEdit,
    ) -> Outcome<WebhookId> {
        let found = self.webhook(webhook).ok_or(ApiError::UnknownWebhook)?;
        let (guild, old) = (found.guild, found.channel);
        self.allowed(now, actor, old, Permissions::MANAGE_WEBHOOKS)?;
        let mut events = Events::default();
        if let Some(channel) = edit.channel.filter(|channel| *channel != old) {
            let (place, _) = self.allowed(now, actor, channel, Permissions::MANAGE_WEBHOOKS)?;
            if place.guild() != guild || place.thread().is_some() {
                return Err(ApiError::UnknownChannel);
            }
            push_update(guild, channel, &mut events);
        }
        let before = self.webhooks.get(&webhook).cloned();
        self.change_webhook(now, webhook, edit);
        push_update(guild, old, &mut events);
        let entry = AuditDraft::new(AuditAction::WebhookUpdate, webhook.0);
        let entry = entry.changing(before.as_ref(), self.webhooks.get(&webhook));
        self.log(now, (guild, actor), entry, &mut events);
        Ok(events.done(webhook))
    }

    /// Changes a webhook with only its token. Its channel cannot be changed.
    pub fn edit_webhook_by_token(
        &mut self,
        now: Timestamp,
        webhook: WebhookId,
        token: &str,
        edit: WebhookEdit,
    ) -> Outcome<WebhookId> {
        let found = self.webhook_by_token(webhook, token)?;
        let (guild, channel) = (found.guild, found.channel);
        self.change_webhook(now, webhook, edit);
        let mut events = Events::default();
        push_update(guild, channel, &mut events);
        Ok(events.done(webhook))
    }

    pub fn delete_webhook_by_token(&mut self, webhook: WebhookId, token: &str) -> Outcome<()> {
        let found = self.webhook_by_token(webhook, token)?;
        let (guild, channel) = (found.guild, found.channel);
        self.webhooks.remove(&webhook);
        let mut events = Events::default();
        push_update(guild, channel, &mut events);
        Ok(events.done(()))
    }

    /// A message that a webhook sent to its channel, or to this thread under it.
    pub fn webhook_message(
        &self,
        webhook: WebhookId,
        token: &str,
        thread: Option<ChannelId>,
        message: MessageId,
    ) -> Result<&Message, ApiError> {
        let found = self.webhook_by_token(webhook, token)?;
        let channel = thread.unwrap_or(found.channel);
        self.message(channel, message)
            .filter(|m| m.webhook == Some(webhook))
            .ok_or(ApiError::UnknownMessage)
    }

    pub fn edit_webhook_message(
        &mut self,
        now: Timestamp,
        webhook: WebhookId,
        token: &str,
        thread: Option<ChannelId>,
        message: MessageId,
        edit: MessageEdit,
    ) -> Outcome<(ChannelId, MessageId)> {
        let found = self.webhook_message(webhook, token, thread, message)?;
        let channel = found.channel;
        self.check_not_archived(channel)?;
        let allowed = edit
            .allowed_mentions
            .clone()
            .unwrap_or_else(AllowedMentions::of_webhooks);
        let all = Permissions::ALL;
        let mut events = Events::default();
        self.apply_edit(now, channel, message, edit, &allowed, all, &mut events)?;
        Ok(events.done((channel, message)))
    }

    pub fn delete_webhook_message(
        &mut self,
        webhook: WebhookId,
        token: &str,
        thread: Option<ChannelId>,
        message: MessageId,
    ) -> Outcome<()> {
        let found = self.webhook_message(webhook, token, thread, message)?;
        let channel = found.channel;
        let place = self.place(channel).ok_or(ApiError::UnknownChannel)?;
        check_deletion(place, Permissions::NONE)?;
        let mut events = Events::default();
        self.erase(channel, message, &mut events);
        Ok(events.done(()))
    }

    /// Sends a message with a webhook. Needs only the webhook's token.
    pub fn execute_webhook(
        &mut self,
        now: Timestamp,
        webhook: WebhookId,
        token: &str,
        draft: WebhookDraft,
    ) -> Outcome<(ChannelId, MessageId)> {
        let found = self.webhook_by_token(webhook, token)?;
        let channel = draft.thread.unwrap_or(found.channel);
        let place = self.place(channel).ok_or(ApiError::UnknownChannel)?;
        if place.channel().id != found.channel {
            return Err(ApiError::UnknownChannel);
        }
        match (place, &draft.post) {
            (Place::Thread(..), Some(_)) => return Err(ApiError::ForumPostInThread),
            (Place::Channel(forum), Some((name, tags))) if forum.kind == ChannelKind::Forum => {
                check_tags(forum, Permissions::ALL, &[], tags)?;
                if forum.forum.tag_required && tags.is_empty() {
                    return Err(ApiError::TagRequired);
                }
                self.check_name(name)?;
                self.check_active_threads(forum.guild)?;
            }
            (Place::Channel(_), Some(_)) => return Err(ApiError::PostOutsideForum),
            (Place::Channel(found), None) if found.kind == ChannelKind::Forum => {
                return Err(ApiError::ForumNeedsThread);
            }
            (_, None) => {}
        }
        if place.thread().is_some_and(|t| t.archived && t.locked) {
            return Err(ApiError::ThreadLocked);
        }
        let message = if found.application.is_some() || draft.with_components {
            draft.message
        } else {
            draft.message.without_components()
        };
        message.check()?;
        let application = found.application.and_then(|id| self.applications.get(&id));
        self.check_emojis(application, &message.components)?;
        if place.thread().is_some_and(|t| t.archived) {
            self.check_active_threads(place.guild())?;
        }
        let author = Author::Webhook {
            id: webhook,
            name: draft.username.unwrap_or_else(|| found.name.clone()),
            avatar: draft.avatar_url.map(|address| self.avatar_at(&address)),
        };
        let (application, guild) = (found.application, found.guild);
        let mut events = Events::default();
        let post = draft.post.map(|(name, tags)| {
            let thread = ThreadDraft {
                name,
                kind: ThreadKind::Public,
                auto_archive: None,
                invitable: true,
                rate_limit_per_user: None,
                post: Some(Post {
                    tags,
                    pinned: false,
                }),
            };
            let creator = UserId(webhook.0);
            self.open_post(now, creator, (guild, channel), thread, &mut events)
        });
        let channel = post.unwrap_or(channel);
        self.reopen(now, channel, &mut events);
        let posting = Posting {
            id: post.map(|post| MessageId(post.0)),
            author,
            application,
            webhook: Some(webhook),
            ..Posting::new(guild, channel)
        };
        let allowed = message
            .allowed_mentions
            .clone()
            .unwrap_or_else(AllowedMentions::of_webhooks);
        let all = Permissions::ALL;
        let id = self.post(now, posting, message, &allowed, all, &mut events);
        Ok(events.done((channel, id)))
    }

    /// The avatar hash for the picture at an address. Pictures elsewhere are not downloaded: only the
    /// sandbox's own files are shown.
    fn avatar_at(&self, address: &str) -> String {
        if let Some(own) = self.attachment_at(address) {
            return Image(own).hash();
        }
        let half = |salt: u8| {
            let mut hasher = DefaultHasher::new();
            (salt, address).hash(&mut hasher);
            hasher.finish()
        };
        format!("{:016x}{:016x}", half(0) | 1 << 63, half(1))
    }

    /// Sends with the webhook that this person (with Manage Webhooks) has in a channel. If there is none, it
    /// is created.
    pub fn send_as_webhook(
        &mut self,
        now: Timestamp,
        actor: UserId,
        channel: ChannelId,
        draft: WebhookDraft,
    ) -> Outcome<MessageId> {
        let (place, _) = self.allowed(now, actor, channel, Permissions::MANAGE_WEBHOOKS)?;
        let (home, is_thread) = (place.channel().id, place.thread().is_some());
        let own = self
            .webhooks_of(home)
            .find(|w| w.creator == actor)
            .map(|w| w.id);
        let mut events = Events::default();
        let webhook = if let Some(id) = own {
            id
        } else {
            let made = self.create_webhook(now, actor, home, "Webhook".into(), None)?;
            events.0.extend(made.events);
            made.value
        };
        let token = self
            .webhooks
            .get(&webhook)
            .map(|w| w.token.clone())
            .unwrap_or_default();
        let draft = WebhookDraft {
            thread: is_thread.then_some(channel),
            ..draft
        };
        let sent = self.execute_webhook(now, webhook, &token, draft)?;
        events.0.extend(sent.events);
        Ok(events.done(sent.value.1))
    }

    fn change_webhook(&mut self, now: Timestamp, webhook: WebhookId, edit: WebhookEdit) {
        let avatar = edit.avatar;
        let avatar = avatar.map(|avatar| avatar.map(|avatar| self.keep_picture(now, avatar)));
        if let Some(found) = self.webhooks.get_mut(&webhook) {
            found.name = edit.name.unwrap_or_else(|| std::mem::take(&mut found.name));
            found.channel = edit.channel.unwrap_or(found.channel);
            found.avatar = avatar.unwrap_or(found.avatar);
        }
    }

    /// 50083 for an archived thread.
    pub(super) fn check_not_archived(&self, channel: ChannelId) -> Result<(), ApiError> {
        match self.thread(channel) {
            Some(thread) if thread.archived => Err(ApiError::ThreadArchived),
            _ => Ok(()),
        }
    }

    fn webhooks_of(&self, channel: ChannelId) -> impl Iterator<Item = &Webhook> {
        self.webhooks.values().filter(move |w| w.channel == channel)
    }
}

fn push_update(guild: GuildId, channel: ChannelId, events: &mut Events) {
    let body = Body::Json(serde_json::json!({"guild_id": guild, "channel_id": channel}));
    events.push(
        EventName::WebhooksUpdate,
        guild,
        Audience::Viewers(channel),
        body,
    );
}
