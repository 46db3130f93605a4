//! How a message gets into its channel, is changed there, and gets out again; who may do that has
//! been decided by then.

use std::sync::Arc;

use serde_json::Value;

use super::draft::{AllowedMentions, MessageDraft, MessageEdit, Upload};
use super::embed::{Embed, Picture};
use super::event::Events;
use super::model::{
    Attachment, Author, InteractionMetadata, Message, MessageKind, Reference, flags,
};
use super::{Audience, Body, EventName, World};
use crate::error::ApiError;
use crate::id::{
    ApplicationId, AttachmentId, ChannelId, GuildId, InteractionId, MessageId, Timestamp, UserId,
    WebhookId,
};
use crate::permissions::Permissions;

/// A message on its way in, besides its draft.
pub(super) struct Posting {
    pub guild: GuildId,
    pub channel: ChannelId,
    pub author: Author,
    pub kind: MessageKind,
    pub reference: Option<Reference>,
    /// Whose mentions invite into a thread.
    pub invites: Option<UserId>,
    /// Whether the author may use components.
    pub components: bool,
    pub ephemeral_to: Option<UserId>,
    pub interaction: Option<InteractionId>,
    pub interaction_metadata: Option<Arc<InteractionMetadata>>,
    pub application: Option<ApplicationId>,
    pub webhook: Option<WebhookId>,
    pub flags: u64,
}

impl Posting {
    /// A plain message that still needs its author.
    pub(super) fn new(guild: GuildId, channel: ChannelId) -> Self {
        Self {
            guild,
            channel,
            author: Author::User(UserId(0)),
            kind: MessageKind::Default,
            reference: None,
            invites: None,
            components: true,
            ephemeral_to: None,
            interaction: None,
            interaction_metadata: None,
            application: None,
            webhook: None,
            flags: 0,
        }
    }
}

impl World {
    /// Puts a message that is allowed into its channel.
    pub(super) fn post(
        &mut self,
        now: Timestamp,
        posting: Posting,
        draft: MessageDraft,
        allowed: &AllowedMentions,
        permissions: Permissions,
        events: &mut Events,
    ) -> MessageId {
        let Posting { guild, channel, .. } = posting;
        let id = MessageId(self.ids.next(now));
        let mut mentions = self.mentions_in(guild, &draft.content, allowed, permissions);
        let replied = posting
            .reference
            .and_then(|r| self.message(r.channel, r.message?)?.user());
        if let Some(replied) = replied
            && allowed.replied_user
            && posting.kind == MessageKind::Reply
            && !mentions.users.contains(&replied)
        {
            mentions.users.push(replied);
        }
        let (attachments, embeds) =
            self.attach(now, channel, Vec::new(), draft.uploads, draft.embeds);
        let failed = match posting.invites.filter(|_| posting.ephemeral_to.is_none()) {
            Some(inviter) => self.invite_mentioned(now, inviter, channel, &mentions, events),
            None => false,
        };
        let kept = draft.flags & (flags::SUPPRESS_EMBEDS | flags::SUPPRESS_NOTIFICATIONS);
        let failed = if failed {
            flags::FAILED_TO_MENTION_SOME_ROLES
        } else {
            0
        };
        let ephemeral = if posting.ephemeral_to.is_some() {
            flags::EPHEMERAL
        } else {
            0
        };
        if let (Some(author), Some(nonce)) = (posting.author.user(), &draft.nonce) {
            self.nonces
                .remember(now, (author, channel, nonce_key(nonce)), id);
        }
        let message = Message {
            id,
            channel,
            guild,
            author: posting.author,
            kind: posting.kind,
            content: draft.content,
            timestamp: id.created_at(),
            edited: None,
            mentions: mentions.users,
            mention_roles: mentions.roles,
            mention_everyone: mentions.everyone,
            attachments,
            embeds,
            components: if posting.components {
                draft.components
            } else {
                Vec::new()
            },
            flags: kept | failed | ephemeral | posting.flags,
            tts: draft.tts,
            nonce: draft.nonce,
            reference: posting.reference,
            interaction: posting.interaction,
            interaction_metadata: posting.interaction_metadata,
            application: posting.application,
            webhook: posting.webhook,
            ephemeral_to: posting.ephemeral_to,
            thread: None,
        };
        self.put_message(now, message, events);
        id
    }

    /// A message that Discord itself writes, in the name of somebody.
    pub(super) fn post_system(
        &mut self,
        now: Timestamp,
        (guild, channel): (GuildId, ChannelId),
        author: UserId,
        kind: MessageKind,
        about: SystemMessage,
        events: &mut Events,
    ) -> MessageId {
        let id = MessageId(self.ids.next(now));
        let message = Message {
            id,
            channel,
            guild,
            author: Author::User(author),
            kind,
            content: about.content,
            timestamp: id.created_at(),
            edited: None,
            mentions: about.mentions,
            mention_roles: Vec::new(),
            mention_everyone: false,
            attachments: Vec::new(),
            embeds: Vec::new(),
            components: Vec::new(),
            flags: 0,
            tts: false,
            nonce: None,
            reference: about.reference,
            interaction: None,
            interaction_metadata: None,
            application: None,
            webhook: None,
            ephemeral_to: None,
            thread: None,
        };
        self.put_message(now, message, events);
        id
    }

    /// Changes a message as `edit` says; who may do that has been checked.
    #[expect(clippy::too_many_arguments, reason = "one call, all of them needed")]
    pub(super) fn apply_edit(
        &mut self,
        now: Timestamp,
        channel: ChannelId,
        id: MessageId,
        edit: MessageEdit,
        allowed: &AllowedMentions,
        permissions: Permissions,
        events: &mut Events,
    ) -> Result<(), ApiError> {
        let old = self.message(channel, id).ok_or(ApiError::UnknownMessage)?;
        let guild = old.guild;
        let visible_change = !edit.is_flags_only();
        let mut new = old.clone();
        let kept = kept_attachments(&old.attachments, edit.keep)?;
        let embeds_change = edit.embeds.is_some();
        let embeds = edit.embeds.unwrap_or_else(|| old.embeds.clone());
        let dropped: Vec<AttachmentId> = old
            .attachments
            .iter()
            .map(|a| a.id)
            .filter(|id| kept.iter().all(|k| k.id != *id))
            .collect();
        if let Some(content) = edit.content {
            new.content = content;
        }
        if let Some(components) = edit.components {
            new.components = components;
        }
        let nothing = new.content.is_empty()
            && embeds.is_empty()
            && new.components.is_empty()
            && kept.is_empty()
            && edit.uploads.is_empty();
        if nothing {
            return Err(ApiError::EmptyMessage);
        }
        let mentions = self.mentions_in(guild, &new.content, allowed, permissions);
        self.check_role_mentions(channel, &mentions)?;
        let (attachments, embeds) = if embeds_change || !edit.uploads.is_empty() {
            self.attach(now, channel, kept, edit.uploads, embeds)
        } else {
            (kept, embeds)
        };
        for id in dropped {
            self.files.remove(&id);
        }
        new.attachments = attachments;
        new.embeds = embeds;
        let settable = flags::SUPPRESS_EMBEDS;
        if let Some(given) = edit.flags {
            new.flags = (new.flags & !settable) | (given & settable);
        }
        // Filling a deferred answer in is not an edit that readers are told of.
        let was_loading = new.flags & flags::LOADING != 0;
        new.flags &= !flags::LOADING;
        if visible_change && !was_loading {
            new.edited = Some(now);
        }
        if new.ephemeral_to.is_none()
            && let Some(inviter) = new.user()
        {
            self.invite_mentioned(now, inviter, channel, &mentions, events);
        }
        new.mentions = mentions.users;
        new.mention_roles = mentions.roles;
        new.mention_everyone = mentions.everyone;
        push_message(EventName::MessageUpdate, &new, events);
        self.messages.entry(channel).or_default().insert(id, new);
        Ok(())
    }

    /// Takes a message away and tells those who saw it.
    pub(super) fn erase(&mut self, channel: ChannelId, id: MessageId, events: &mut Events) {
        let Some(message) = self.forget_message(channel, id) else {
            return;
        };
        let body = Body::MessageDelete {
            channel,
            message: id,
        };
        events.push(EventName::MessageDelete, message.0, message.1, body);
    }

    /// Takes a message away; returns its server and who saw it.
    pub(super) fn forget_message(
        &mut self,
        channel: ChannelId,
        id: MessageId,
    ) -> Option<(GuildId, Audience)> {
        let message = self.messages.get_mut(&channel)?.remove(&id)?;
        if message.ephemeral_to.is_none()
            && let Some(thread) = self.threads.get_mut(&channel)
        {
            thread.message_count = thread.message_count.saturating_sub(1);
        }
        let audience = audience(&message);
        let guild = message.guild;
        self.drop_files(message);
        Some((guild, audience))
    }

    fn put_message(&mut self, now: Timestamp, message: Message, events: &mut Events) {
        let id = message.id;
        push_message(EventName::MessageCreate, &message, events);
        if message.ephemeral_to.is_none() {
            if let Some(thread) = self.threads.get_mut(&message.channel) {
                thread.last_message = Some(id);
                thread.active_at = now;
                if message.kind != MessageKind::ThreadStarterMessage {
                    thread.message_count += 1;
                    thread.total_message_sent += 1;
                }
            } else if let Some(channel) = self.channels.get_mut(&message.channel) {
                channel.last_message = Some(id);
            }
        }
        self.messages
            .entry(message.channel)
            .or_default()
            .insert(id, message);
    }

    /// Keeps uploads and leads `attachment://` to them. A file that an embed shows is no longer
    /// among the attachments.
    fn attach(
        &mut self,
        now: Timestamp,
        channel: ChannelId,
        kept: Vec<Attachment>,
        uploads: Vec<Upload>,
        mut embeds: Vec<Embed>,
    ) -> (Vec<Attachment>, Vec<Embed>) {
        let mut attachments: Vec<(Attachment, String)> =
            kept.into_iter().map(|a| (a.clone(), a.filename)).collect();
        for upload in uploads {
            let told_name = upload.filename.clone();
            attachments.push((self.keep_file(now, upload), told_name));
        }
        let mut shown = Vec::new();
        for mut picture in embeds.iter_mut().flat_map(Embed::pictures_mut) {
            let name = picture
                .url()
                .strip_prefix("attachment://")
                .map(str::to_owned);
            if let Some(name) = name {
                let found = attachments
                    .iter()
                    .find(|(a, told)| a.filename == name || *told == name);
                if let Some((attachment, _)) = found {
                    shown.push(attachment.id);
                    picture.show(
                        self.attachment_url(channel, attachment),
                        attachment.dimensions,
                        attachment.content_type.clone(),
                    );
                }
            } else if let Some(file) = self.file_at(picture.url()) {
                let size = super::files::dimensions(&file.data);
                let (url, content_type) = (picture.url().to_owned(), file.content_type.clone());
                picture.show(url, size, content_type);
            } else {
                let url = picture.url().to_owned();
                picture.show(url, None, None);
            }
        }
        let listed = attachments
            .into_iter()
            .map(|(a, _)| a)
            .filter(|a| !shown.contains(&a.id));
        (listed.collect(), embeds)
    }
}

/// What a system message tells.
#[derive(Default)]
pub(super) struct SystemMessage {
    pub content: String,
    pub mentions: Vec<UserId>,
    pub reference: Option<Reference>,
}

impl MessageEdit {
    pub(super) fn is_flags_only(&self) -> bool {
        self.content.is_none()
            && self.embeds.is_none()
            && self.components.is_none()
            && self.keep.is_none()
            && self.uploads.is_empty()
    }
}

impl Author {
    fn user(&self) -> Option<UserId> {
        match self {
            Self::User(id) => Some(*id),
            Self::Webhook { .. } => None,
        }
    }
}

impl Picture<'_> {
    fn show(&mut self, to: String, size: Option<(u32, u32)>, kind: Option<String>) {
        match self {
            Self::Media(media) => {
                media.proxy_url = Some(to.clone());
                media.url = to;
                media.width = size.map(|(width, _)| width);
                media.height = size.map(|(_, height)| height);
                media.content_type = kind;
            }
            Self::Icon { url, proxy } => {
                **proxy = Some(to.clone());
                **url = to;
            }
        }
    }
}

fn kept_attachments(
    old: &[Attachment],
    keep: Option<Vec<(AttachmentId, Option<String>)>>,
) -> Result<Vec<Attachment>, ApiError> {
    let Some(keep) = keep else {
        return Ok(old.to_vec());
    };
    let mut kept = Vec::new();
    for (id, description) in keep {
        let Some(found) = old.iter().find(|a| a.id == id) else {
            let message = format!("Attachment \"{id}\" is not on this message");
            let code = "ATTACHMENT_NOT_FOUND";
            return Err(ApiError::field("attachments", code, message));
        };
        kept.push(Attachment {
            description: description.or_else(|| found.description.clone()),
            ..found.clone()
        });
    }
    Ok(kept)
}

pub(super) fn nonce_key(nonce: &Value) -> String {
    nonce.as_str().map_or_else(|| nonce.to_string(), Into::into)
}

fn audience(message: &Message) -> Audience {
    match message.ephemeral_to {
        Some(person) => Audience::User(person),
        None => Audience::Viewers(message.channel),
    }
}

pub(super) fn push_message(name: EventName, message: &Message, events: &mut Events) {
    let body = Body::Message(Box::new(message.clone()));
    events.push(name, message.guild, audience(message), body);
}
