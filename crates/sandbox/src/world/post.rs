//! How a message is added to its channel, changed there and removed. Permissions were checked before.

use std::sync::Arc;

use serde_json::Value;

use super::attach::{Shown, kept_attachments};
use super::draft::{AllowedMentions, MessageDraft, MessageEdit};
use super::event::Events;
use super::model::{Author, InteractionMetadata, Message, MessageKind, Reference, flags};
use super::parts::{Parts, text_of};
use super::{Audience, Body, EventName, World};
use crate::error::ApiError;
use crate::id::{
    ApplicationId, AttachmentId, ChannelId, GuildId, InteractionId, MessageId, Timestamp, UserId,
    WebhookId,
};
use crate::permissions::Permissions;

/// A message that is being sent, without its draft.
pub(super) struct Posting {
    /// Set for the first message of a post, which has the thread's id.
    pub id: Option<MessageId>,
    pub guild: GuildId,
    pub channel: ChannelId,
    pub author: Author,
    pub kind: MessageKind,
    pub reference: Option<Reference>,
    /// The user whose mentions add others to a thread.
    pub invites: Option<UserId>,
    pub ephemeral_to: Option<UserId>,
    pub interaction: Option<InteractionId>,
    pub interaction_metadata: Option<Arc<InteractionMetadata>>,
    pub application: Option<ApplicationId>,
    pub webhook: Option<WebhookId>,
    pub flags: u64,
}

impl Posting {
    /// A plain message without its author.
    pub(super) fn new(guild: GuildId, channel: ChannelId) -> Self {
        Self {
            id: None,
            guild,
            channel,
            author: Author::User(UserId(0)),
            kind: MessageKind::Default,
            reference: None,
            invites: None,
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
    /// Adds a message to its channel. Permissions were checked before.
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
        let id = posting.id.unwrap_or_else(|| MessageId(self.ids.next(now)));
        let text = text_of(&draft.content, &draft.components);
        let mut mentions = self.mentions_in(guild, &text, allowed, permissions);
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
        let Shown {
            attachments,
            embeds,
            components,
        } = self.attach(
            now,
            channel,
            draft.uploads,
            Shown {
                attachments: Vec::new(),
                embeds: draft.embeds,
                components: draft.components,
            },
        );
        let failed = match posting.invites.filter(|_| posting.ephemeral_to.is_none()) {
            Some(inviter) => self.invite_mentioned(now, inviter, channel, &mentions, events),
            None => false,
        };
        let settable =
            flags::SUPPRESS_EMBEDS | flags::SUPPRESS_NOTIFICATIONS | flags::COMPONENTS_V2;
        let kept = draft.flags & settable;
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
            components,
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
            position: None,
            pinned: None,
            reactions: Vec::new(),
        };
        self.put_message(now, message, events);
        id
    }

    /// Adds a message that Discord itself writes about a user's action.
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
            position: None,
            pinned: None,
            reactions: Vec::new(),
        };
        self.put_message(now, message, events);
        id
    }

    /// Changes a message. Permissions were checked before.
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
        let visible_change = edit.counts_always || !edit.is_flags_only();
        let is_text_new = edit.content.is_some();
        let are_components_new = edit.components.is_some();
        let mut new = old.clone();
        let kept = kept_attachments(&old.attachments, edit.keep)?;
        let is_shown_again =
            edit.embeds.is_some() || edit.components.is_some() || !edit.uploads.is_empty();
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
            let application = match old.author {
                Author::User(bot) => self.application_of(bot),
                Author::Webhook { .. } => old.application.and_then(|id| self.applications.get(&id)),
            };
            self.check_emojis(application, &components)?;
            new.components = components;
        }
        // A message that is made of components cannot become an ordinary one again.
        new.flags |= edit.flags.unwrap_or(0) & flags::COMPONENTS_V2;
        let names = kept.iter().map(|a| &*a.filename);
        let names = names.chain(edit.uploads.iter().map(|u| &*u.filename));
        Parts {
            components_only: new.flags & flags::COMPONENTS_V2 != 0,
            content: &new.content,
            embeds: &embeds,
            components: &new.components,
            files: names.collect(),
        }
        .check()?;
        // Only an edit of the text changes the mentions. Source: Discord's "Edit Message".
        let is_made_of_components = new.flags & flags::COMPONENTS_V2 != 0;
        let mentions = if is_text_new || (is_made_of_components && are_components_new) {
            let text = text_of(&new.content, &new.components);
            let mentions = self.mentions_in(guild, &text, allowed, permissions);
            self.check_role_mentions(channel, &mentions)?;
            Some(mentions)
        } else {
            None
        };
        let mut shown = Shown {
            attachments: kept,
            embeds,
            components: std::mem::take(&mut new.components),
        };
        if is_shown_again {
            shown = self.attach(now, channel, edit.uploads, shown);
        }
        for id in dropped {
            self.files.remove(&id);
        }
        new.attachments = shown.attachments;
        new.embeds = shown.embeds;
        new.components = shown.components;
        let settable = flags::SUPPRESS_EMBEDS;
        if let Some(given) = edit.flags {
            new.flags = (new.flags & !settable) | (given & settable);
        }
        // Completing a deferred response does not mark the message as edited.
        let was_loading = new.flags & flags::LOADING != 0;
        new.flags &= !flags::LOADING;
        if visible_change && !was_loading {
            new.edited = Some(now);
        }
        if let Some(mentions) = mentions {
            if new.ephemeral_to.is_none()
                && let Some(inviter) = new.user()
            {
                self.invite_mentioned(now, inviter, channel, &mentions, events);
            }
            new.mentions = mentions.users;
            new.mention_roles = mentions.roles;
            new.mention_everyone = mentions.everyone;
        }
        push_message(EventName::MessageUpdate, &new, events);
        self.messages.entry(channel).or_default().insert(id, new);
        Ok(())
    }

    /// Removes a message and notifies those who could see it.
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

    /// Removes a message. Returns its server, and who could see it.
    pub(super) fn forget_message(
        &mut self,
        channel: ChannelId,
        id: MessageId,
    ) -> Option<(GuildId, Audience)> {
        let message = self.messages.get_mut(&channel)?.remove(&id)?;
        if message.ephemeral_to.is_none()
            && ChannelId::from(id) != channel
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
        let thread = self.threads.get(&message.channel);
        let thread = thread.filter(|_| message.ephemeral_to.is_none());
        let message = Message {
            position: thread.map(|thread| thread.total_message_sent),
            ..message
        };
        push_message(EventName::MessageCreate, &message, events);
        if message.ephemeral_to.is_none() {
            if let Some(thread) = self.threads.get_mut(&message.channel) {
                thread.last_message = Some(id);
                thread.active_at = now;
                // A thread's first message is not counted.
                let begins = ChannelId::from(id) == message.channel;
                if !begins && message.kind != MessageKind::ThreadStarterMessage {
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
}

/// The content of a system message.
#[derive(Default)]
pub(super) struct SystemMessage {
    pub content: String,
    pub mentions: Vec<UserId>,
    pub reference: Option<Reference>,
}

impl SystemMessage {
    /// A system message that only refers to another message.
    pub(super) fn about(guild: GuildId, channel: ChannelId, message: MessageId) -> Self {
        Self {
            reference: Some(Reference {
                channel,
                message: Some(message),
                guild,
            }),
            ..Self::default()
        }
    }
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
