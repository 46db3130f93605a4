//! Sending, editing, deleting and reading messages.

use serde_json::Value;

use super::draft::{
    AllowedMentions, MessageDraft, MessageEdit, Page, ReferenceDraft, Start, Upload,
};
use super::embed::{Embed, Picture};
use super::event::Events;
use super::model::{
    Attachment, Author, ChannelKind, Message, MessageKind, Place, Reference, flags,
};
use super::{Audience, Body, EventName, Outcome, World, require};
use crate::error::ApiError;
use crate::id::{AttachmentId, ChannelId, GuildId, MessageId, Timestamp, UserId};
use crate::permissions::Permissions;

/// Messages older than this cannot be deleted in bulk.
const BULK_DELETE_MILLIS: i64 = 14 * 86_400_000;

impl World {
    /// Sends a message as a person or a bot.
    pub fn send_message(
        &mut self,
        now: Timestamp,
        actor: UserId,
        channel: ChannelId,
        draft: MessageDraft,
    ) -> Outcome<MessageId> {
        let is_bot = self.user(actor).is_some_and(|u| u.bot);
        let (place, permissions) = self.allowed(now, actor, channel, Permissions::SEND_MESSAGES)?;
        if place.channel().kind == ChannelKind::Category {
            return Err(ApiError::NotATextChannel);
        }
        require(permissions, needs(&draft))?;
        if place.thread().is_some_and(|t| t.locked) && !permissions.has(Permissions::MANAGE_THREADS)
        {
            return Err(ApiError::ThreadLocked);
        }
        let guild = place.guild();
        let reference = draft
            .reference
            .map(|r| self.reply(place, permissions, r))
            .transpose()?;
        if draft.is_empty() {
            return Err(ApiError::EmptyMessage);
        }
        if let Some(earlier) = self.sent_before(now, actor, channel, &draft) {
            return Ok(Events::default().done(earlier));
        }
        let slow = !is_bot && slowmode(place) > 0;
        if slow {
            self.check_slowmode(now, actor, place, permissions)?;
        }
        let mut events = Events::default();
        self.enter_thread(now, actor, channel, &mut events);
        let allowed = draft
            .allowed_mentions
            .clone()
            .unwrap_or_else(AllowedMentions::of_messages);
        let reference = reference.flatten();
        let id = self.post(
            now,
            Posting {
                author: Author::User(actor),
                kind: if reference.is_some() {
                    MessageKind::Reply
                } else {
                    MessageKind::Default
                },
                reference,
                invites: Some(actor),
                components: is_bot,
                ..Posting::new(guild, channel)
            },
            draft,
            &allowed,
            permissions,
            &mut events,
        );
        if slow {
            self.last_written.insert((channel, actor), now);
        }
        Ok(events.done(id))
    }

    /// Changes a message: one's own, or with Manage Messages whether another's embeds show.
    pub fn edit_message(
        &mut self,
        now: Timestamp,
        actor: UserId,
        channel: ChannelId,
        message: MessageId,
        edit: MessageEdit,
    ) -> Outcome<MessageId> {
        let (place, permissions) = self.visible(now, actor, channel)?;
        let found = self
            .message(channel, message)
            .filter(|m| m.is_shown_to(actor))
            .ok_or(ApiError::UnknownMessage)?;
        if found.kind.is_system() {
            return Err(ApiError::SystemMessage);
        }
        if found.user() != Some(actor) {
            if !edit.is_flags_only() {
                return Err(ApiError::NotYourMessage);
            }
            require(permissions, Permissions::MANAGE_MESSAGES)?;
        }
        if place.thread().is_some_and(|t| t.archived) {
            return Err(ApiError::ThreadArchived);
        }
        let mut events = Events::default();
        let allowed = edit
            .allowed_mentions
            .clone()
            .unwrap_or_else(AllowedMentions::of_messages);
        self.apply_edit(
            now,
            channel,
            message,
            edit,
            &allowed,
            permissions,
            &mut events,
        )?;
        Ok(events.done(message))
    }

    /// Deletes one's own message or, with Manage Messages, another's. An ephemeral message is
    /// dismissed by the person who sees it.
    pub fn delete_message(
        &mut self,
        now: Timestamp,
        actor: UserId,
        channel: ChannelId,
        message: MessageId,
    ) -> Outcome<()> {
        let (place, permissions) = self.visible(now, actor, channel)?;
        let found = self
            .message(channel, message)
            .filter(|m| m.is_shown_to(actor))
            .ok_or(ApiError::UnknownMessage)?;
        if found.ephemeral_to.is_none() {
            if found.user() != Some(actor) || found.kind.is_system() {
                require(permissions, Permissions::MANAGE_MESSAGES)?;
            }
            if place.thread().is_some_and(|t| t.archived) {
                return Err(ApiError::ThreadArchived);
            }
        }
        let mut events = Events::default();
        self.erase(channel, message, &mut events);
        Ok(events.done(()))
    }

    /// Deletes up to 100 messages at once; ids that are unknown are skipped.
    pub fn bulk_delete(
        &mut self,
        now: Timestamp,
        actor: UserId,
        channel: ChannelId,
        messages: &[MessageId],
    ) -> Outcome<()> {
        let (place, _) = self.allowed(now, actor, channel, Permissions::MANAGE_MESSAGES)?;
        let guild = place.guild();
        if place.thread().is_some_and(|t| t.archived) {
            return Err(ApiError::ThreadArchived);
        }
        if !(2..=100).contains(&messages.len()) {
            return Err(ApiError::BulkDeleteCount);
        }
        if messages
            .iter()
            .any(|id| now.since(id.created_at()) > BULK_DELETE_MILLIS)
        {
            return Err(ApiError::BulkDeleteTooOld);
        }
        let shown = |id: &&MessageId| {
            self.message(channel, **id)
                .is_some_and(|m| m.ephemeral_to.is_none())
        };
        let known: Vec<MessageId> = messages.iter().filter(shown).copied().collect();
        let mut events = Events::default();
        if !known.is_empty() {
            for id in &known {
                self.forget_message(channel, *id);
            }
            events.push(
                EventName::MessageDeleteBulk,
                guild,
                Audience::Viewers(channel),
                Body::MessageDeleteBulk {
                    channel,
                    messages: known,
                },
            );
        }
        Ok(events.done(()))
    }

    /// One message, as `actor` may see it.
    pub fn message_for(
        &self,
        now: Timestamp,
        actor: UserId,
        channel: ChannelId,
        message: MessageId,
    ) -> Result<&Message, ApiError> {
        self.allowed(now, actor, channel, Permissions::READ_MESSAGE_HISTORY)?;
        let shown = |m: &&Message| {
            // A bot reaches its ephemeral messages by their interaction only.
            m.is_shown_to(actor)
        };
        self.message(channel, message)
            .filter(shown)
            .ok_or(ApiError::UnknownMessage)
    }

    /// A page of messages, newest first, with the actor's own ephemeral ones. Without Read
    /// Message History there are none.
    pub fn messages_for(
        &self,
        now: Timestamp,
        actor: UserId,
        channel: ChannelId,
        page: Page,
    ) -> Result<Vec<&Message>, ApiError> {
        let (place, permissions) = self.visible(now, actor, channel)?;
        if place.channel().kind == ChannelKind::Category {
            return Err(ApiError::WrongChannelType);
        }
        let Some(all) = self.messages.get(&channel) else {
            return Ok(Vec::new());
        };
        if !permissions.has(Permissions::READ_MESSAGE_HISTORY) {
            return Ok(Vec::new());
        }
        let shown = |m: &&Message| m.is_shown_to(actor);
        let before = |id: MessageId, limit: usize| {
            all.range(..id)
                .rev()
                .map(|(_, m)| m)
                .filter(shown)
                .take(limit)
        };
        // The ones next to the given message, but newest first like all others.
        let after = |id: MessageId, limit: usize| {
            let from = MessageId(id.0.saturating_add(1));
            let mut found: Vec<_> = all
                .range(from..)
                .map(|(_, m)| m)
                .filter(shown)
                .take(limit)
                .collect();
            found.reverse();
            found
        };
        Ok(match page.start {
            Start::Newest => before(MessageId(u64::MAX), page.limit).collect(),
            Start::Before(id) => before(id, page.limit).collect(),
            Start::After(id) => after(id, page.limit),
            Start::Around(id) => {
                let mut found = after(id, page.limit / 2);
                let rest = page.limit - found.len();
                found.extend(before(MessageId(id.0.saturating_add(1)), rest));
                found
            }
        })
    }

    /// Shows that somebody is typing.
    pub fn start_typing(
        &mut self,
        now: Timestamp,
        actor: UserId,
        channel: ChannelId,
    ) -> Outcome<()> {
        let (place, _) = self.allowed(now, actor, channel, Permissions::SEND_MESSAGES)?;
        let mut events = Events::default();
        let body = Body::Typing {
            channel,
            user: actor,
            at: now,
        };
        events.push(
            EventName::TypingStart,
            place.guild(),
            Audience::Viewers(channel),
            body,
        );
        Ok(events.done(()))
    }

    fn reply(
        &self,
        place: Place<'_>,
        permissions: Permissions,
        wish: ReferenceDraft,
    ) -> Result<Option<Reference>, ApiError> {
        if !permissions.has(Permissions::READ_MESSAGE_HISTORY) {
            return Err(ApiError::ReplyNeedsHistory);
        }
        let found = self
            .message(place.id(), wish.message)
            .filter(|m| m.ephemeral_to.is_none());
        let wrong = |code, message: &str| Err(ApiError::field("message_reference", code, message));
        match found {
            None if wish.fail_if_not_exists => {
                wrong("MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "Unknown message")
            }
            None => Ok(None),
            Some(target) if target.kind.is_system() => wrong(
                "REPLIES_CANNOT_REPLY_TO_SYSTEM_MESSAGE",
                "Cannot reply to a system message",
            ),
            Some(target) => Ok(Some(Reference {
                channel: place.id(),
                message: Some(target.id),
                guild: place.guild(),
            })),
        }
    }

    /// The message that the same author sent with the same nonce a short while ago.
    fn sent_before(
        &self,
        now: Timestamp,
        actor: UserId,
        channel: ChannelId,
        draft: &MessageDraft,
    ) -> Option<MessageId> {
        let nonce = draft.nonce.as_ref().filter(|_| draft.enforce_nonce)?;
        let id = self.nonces.find(now, &(actor, channel, nonce_key(nonce)))?;
        self.message(channel, id).map(|m| m.id)
    }

    fn check_slowmode(
        &self,
        now: Timestamp,
        actor: UserId,
        place: Place<'_>,
        permissions: Permissions,
    ) -> Result<(), ApiError> {
        let exempt = [
            Permissions::BYPASS_SLOWMODE,
            Permissions::MANAGE_MESSAGES,
            Permissions::MANAGE_CHANNELS,
        ];
        let last = self.last_written.get(&(place.id(), actor));
        let waiting = last.is_some_and(|last| now.since(*last) < i64::from(slowmode(place)) * 1000);
        if waiting && !exempt.iter().any(|bit| permissions.has(*bit)) {
            return Err(ApiError::Slowmode);
        }
        Ok(())
    }
}

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
    pub interaction: Option<crate::id::InteractionId>,
    pub interaction_metadata: Option<std::sync::Arc<super::model::InteractionMetadata>>,
    pub application: Option<crate::id::ApplicationId>,
    pub webhook: Option<crate::id::WebhookId>,
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

/// What others of the world's files use.
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

impl MessageDraft {
    /// Whether there is nothing to send.
    pub fn is_empty(&self) -> bool {
        self.content.is_empty()
            && self.embeds.is_empty()
            && self.components.is_empty()
            && self.uploads.is_empty()
    }
}

impl MessageEdit {
    fn is_flags_only(&self) -> bool {
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

/// The permissions that a message's parts ask for.
fn needs(draft: &MessageDraft) -> Permissions {
    [
        (!draft.uploads.is_empty(), Permissions::ATTACH_FILES),
        (!draft.embeds.is_empty(), Permissions::EMBED_LINKS),
        (draft.tts, Permissions::SEND_TTS_MESSAGES),
    ]
    .iter()
    .filter(|(used, _)| *used)
    .fold(Permissions::SEND_MESSAGES, |sum, (_, bit)| sum | *bit)
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
        match old.iter().find(|a| a.id == id) {
            Some(found) => kept.push(Attachment {
                description: description.or_else(|| found.description.clone()),
                ..found.clone()
            }),
            None => {
                let message = format!("Attachment \"{id}\" is not on this message");
                return Err(ApiError::field(
                    "attachments",
                    "ATTACHMENT_NOT_FOUND",
                    message,
                ));
            }
        }
    }
    Ok(kept)
}

/// Seconds that people have to wait between two messages.
fn slowmode(place: Place<'_>) -> u32 {
    match place {
        Place::Channel(channel) => channel.rate_limit_per_user,
        Place::Thread(thread, _) => thread.rate_limit_per_user,
    }
}

fn nonce_key(nonce: &Value) -> String {
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
