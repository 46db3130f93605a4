//! Creating threads, archiving them, listing them.

use super::audit::{AuditAction, AuditDraft};
use super::draft::ThreadDraft;
use super::event::Events;
use super::model::{ChannelKind, Guild, MessageKind, Place, Reference, Thread, ThreadKind, flags};
use super::post::{SystemMessage, push_message};
use super::{Audience, Body, Due, EventName, Outcome, World, require};
use crate::error::ApiError;
use crate::id::{ChannelId, GuildId, MessageId, Timestamp, UserId};
use crate::permissions::Permissions;

/// The most active threads of a server.
const MAX_ACTIVE: usize = 1000;
/// The default time until a thread is archived, in minutes. The channel's own setting is only a default of
/// clients: they send it, and Discord's API ignores it.
const DEFAULT_AUTO_ARCHIVE: u32 = 4320;

/// Which archived threads of a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Archived {
    Public,
    /// All private ones: needs Manage Threads.
    Private,
    /// The private ones that the actor is in.
    JoinedPrivate,
}

/// A page of threads, and whether there are older ones.
#[derive(Debug)]
pub struct ThreadPage<'a> {
    pub threads: Vec<&'a Thread>,
    pub has_more: bool,
}

impl World {
    /// Creates a thread that does not start from a message.
    pub fn create_thread(
        &mut self,
        now: Timestamp,
        actor: UserId,
        channel: ChannelId,
        draft: ThreadDraft,
    ) -> Outcome<ChannelId> {
        let (place, permissions) = self.visible(now, actor, channel)?;
        let Place::Channel(parent) = place else {
            return Err(ApiError::WrongChannelType);
        };
        let fits = match draft.kind {
            ThreadKind::Private | ThreadKind::Public => parent.kind == ChannelKind::Text,
            ThreadKind::Announcement => parent.kind == ChannelKind::Announcement,
        };
        if !fits {
            return Err(ApiError::WrongChannelType);
        }
        require(permissions, creating(draft.kind))?;
        self.check_name(&draft.name)?;
        if self.user(actor).is_some_and(|user| !user.bot) {
            self.check_title(permissions, &draft.name)?;
        }
        self.check_active_threads(parent.guild)?;
        let guild = parent.guild;
        let is_private = draft.kind == ThreadKind::Private;
        let name = draft.name.clone();
        let mut events = Events::default();
        let id = ChannelId(self.ids.next(now));
        self.open_thread(now, actor, (guild, channel), id, draft, &mut events);
        if !is_private {
            let about = SystemMessage {
                content: name,
                reference: Some(Reference {
                    channel: id,
                    message: None,
                    guild,
                }),
                ..SystemMessage::default()
            };
            let place = (guild, channel);
            self.post_system(
                now,
                place,
                actor,
                MessageKind::ThreadCreated,
                about,
                &mut events,
            );
        }
        Ok(events.done(id))
    }

    /// Creates many threads at once, or none of them.
    pub fn create_threads(
        &mut self,
        now: Timestamp,
        actor: UserId,
        channel: ChannelId,
        drafts: Vec<ThreadDraft>,
    ) -> Outcome<Vec<ChannelId>> {
        let (place, _) = self.visible(now, actor, channel)?;
        for draft in &drafts {
            self.check_name(&draft.name)?;
        }
        let active = |guild: &Guild| guild.active_threads.len();
        let active = self.guild(place.guild()).map_or(0, active);
        if active + drafts.len() > MAX_ACTIVE {
            return Err(ApiError::TooManyActiveThreads);
        }
        let mut events = Events::default();
        let mut ids = Vec::with_capacity(drafts.len());
        for draft in drafts {
            // If anything is still wrong, the first thread fails, so none is created.
            let made = self.create_thread(now, actor, channel, draft)?;
            ids.push(made.value);
            events.0.extend(made.events);
        }
        Ok(events.done(ids))
    }

    /// Creates a public thread from a message; it gets the message's id.
    pub fn create_thread_from_message(
        &mut self,
        now: Timestamp,
        actor: UserId,
        channel: ChannelId,
        message: MessageId,
        draft: ThreadDraft,
    ) -> Outcome<ChannelId> {
        let (place, permissions) = self.visible(now, actor, channel)?;
        let Place::Channel(parent) = place else {
            return Err(ApiError::WrongChannelType);
        };
        let kind = match parent.kind {
            ChannelKind::Text => ThreadKind::Public,
            ChannelKind::Announcement => ThreadKind::Announcement,
            ChannelKind::Voice
            | ChannelKind::Category
            | ChannelKind::Direct
            | ChannelKind::Forum => {
                return Err(ApiError::WrongChannelType);
            }
        };
        require(
            permissions,
            creating(kind) | Permissions::READ_MESSAGE_HISTORY,
        )?;
        let found = self
            .message(channel, message)
            .filter(|m| m.ephemeral_to.is_none())
            .ok_or(ApiError::UnknownMessage)?;
        if found.thread.is_some() || self.threads.contains_key(&message.into()) {
            return Err(ApiError::ThreadExists);
        }
        self.check_name(&draft.name)?;
        self.check_active_threads(parent.guild)?;
        let (guild, id) = (parent.guild, ChannelId::from(message));
        let author = found.user().unwrap_or(actor);
        let mut events = Events::default();
        self.open_thread(
            now,
            actor,
            (guild, channel),
            id,
            ThreadDraft { kind, ..draft },
            &mut events,
        );
        let starter = self
            .messages
            .get_mut(&channel)
            .and_then(|m| m.get_mut(&message));
        if let Some(starter) = starter {
            starter.thread = Some(id);
            starter.flags |= flags::HAS_THREAD;
            push_message(EventName::MessageUpdate, starter, &mut events);
        }
        let about = SystemMessage::about(guild, channel, message);
        let kind = MessageKind::ThreadStarterMessage;
        self.post_system(now, (guild, id), author, kind, about, &mut events);
        Ok(events.done(id))
    }

    /// Active threads of a server that `actor` can see, newest first.
    pub fn active_threads(
        &self,
        now: Timestamp,
        actor: UserId,
        guild: GuildId,
    ) -> Result<Vec<&Thread>, ApiError> {
        let guild = self.joined_guild(actor, guild)?;
        let places = guild
            .active_threads
            .iter()
            .rev()
            .filter_map(|id| self.place(*id));
        let seen = places.filter(|place| self.can_view(now, *place, actor));
        Ok(seen.filter_map(Place::thread).collect())
    }

    /// Archived threads under a channel that were archived before a time, newest first. For joined threads,
    /// the time of creation counts instead.
    pub fn archived_threads(
        &self,
        now: Timestamp,
        actor: UserId,
        channel: ChannelId,
        which: Archived,
        before: Option<Timestamp>,
        limit: usize,
    ) -> Result<ThreadPage<'_>, ApiError> {
        let needed = match which {
            Archived::Private => Permissions::READ_MESSAGE_HISTORY | Permissions::MANAGE_THREADS,
            _ => Permissions::READ_MESSAGE_HISTORY,
        };
        let (place, _) = self.allowed(now, actor, channel, needed)?;
        let Place::Channel(parent) = place else {
            return Err(ApiError::WrongChannelType);
        };
        let moment = |thread: &Thread| match which {
            Archived::JoinedPrivate => thread.created,
            _ => thread.archive_changed,
        };
        let mut threads: Vec<&Thread> = parent
            .threads
            .iter()
            .filter_map(|id| self.threads.get(id))
            .filter(|thread| {
                thread.archived
                    && thread.is_private() != (which == Archived::Public)
                    && (which != Archived::JoinedPrivate || thread.members.contains_key(&actor))
                    && before.is_none_or(|before| moment(thread) < before)
            })
            .collect();
        threads.sort_by_key(|thread| std::cmp::Reverse((moment(thread), thread.id)));
        let has_more = threads.len() > limit;
        threads.truncate(limit);
        Ok(ThreadPage { threads, has_more })
    }
}

/// Used by other files of the world.
impl World {
    /// 160006 if the server has the most active threads already.
    pub(super) fn check_active_threads(&self, guild: GuildId) -> Result<(), ApiError> {
        let full = self
            .guilds
            .get(&guild)
            .is_some_and(|g| g.active_threads.len() >= MAX_ACTIVE);
        if full {
            Err(ApiError::TooManyActiveThreads)
        } else {
            Ok(())
        }
    }

    /// Archives or unarchives a thread. The caller sends the `THREAD_UPDATE`.
    pub(super) fn set_archived(&mut self, now: Timestamp, id: ChannelId, archived: bool) {
        let Some(thread) = self.threads.get_mut(&id) else {
            return;
        };
        thread.archived = archived;
        thread.archive_changed = now;
        // An archived post is not pinned. Source: Discord's "Threads".
        if let Some(post) = thread.post.as_mut().filter(|_| archived) {
            post.pinned = false;
        }
        if let Some(guild) = self.guilds.get_mut(&thread.guild) {
            if archived {
                guild.active_threads.remove(&id);
            } else {
                guild.active_threads.insert(id);
            }
        }
        if !archived {
            thread.active_at = now;
            let due = thread.archives_at();
            self.agenda.insert((due, Due::Archive(id)));
        }
    }

    /// Unarchives a thread in which something is written.
    pub(super) fn reopen(&mut self, now: Timestamp, id: ChannelId, events: &mut Events) {
        if self.threads.get(&id).is_some_and(|thread| thread.archived) {
            self.set_archived(now, id, false);
            self.push_thread_update(id, true, events);
        }
    }

    /// Sends `THREAD_UPDATE`. If the thread was unarchived, also sends its members their own membership.
    pub(super) fn push_thread_update(&self, id: ChannelId, unarchived: bool, events: &mut Events) {
        let Some(thread) = self.threads.get(&id) else {
            return;
        };
        let audience = || Audience::Viewers(id);
        let body = Body::Thread {
            thread: Box::new(thread.clone()),
            newly_created: false,
        };
        events.push(EventName::ThreadUpdate, thread.guild, audience(), body);
        if unarchived {
            let body = Body::ThreadMember { thread: id };
            events.push(
                EventName::ThreadMemberUpdate,
                thread.guild,
                audience(),
                body,
            );
        }
    }

    /// Adds a new thread to its channel. The creator becomes a member, unless it is a webhook.
    pub(super) fn open_thread(
        &mut self,
        now: Timestamp,
        actor: UserId,
        (guild, parent): (GuildId, ChannelId),
        id: ChannelId,
        draft: ThreadDraft,
        events: &mut Events,
    ) {
        let joins = self.users.contains_key(&actor);
        let slowmode = self.channels.get(&parent);
        let slowmode = slowmode.and_then(|parent| parent.forum.post_slowmode);
        let thread = Thread {
            id,
            guild,
            parent,
            owner: actor,
            kind: draft.kind,
            name: draft.name,
            archived: false,
            locked: false,
            invitable: draft.invitable,
            auto_archive: draft.auto_archive.unwrap_or(DEFAULT_AUTO_ARCHIVE),
            archive_changed: now,
            active_at: now,
            rate_limit_per_user: draft.rate_limit_per_user.or(slowmode).unwrap_or(0),
            last_message: None,
            last_pin: None,
            message_count: 0,
            total_message_sent: 0,
            members: joins.then_some((actor, now)).into_iter().collect(),
            created: now,
            post: draft.post,
        };
        self.agenda.insert((thread.archives_at(), Due::Archive(id)));
        let body = Body::Thread {
            thread: Box::new(thread.clone()),
            newly_created: true,
        };
        self.threads.insert(id, thread);
        if let Some(guild) = self.guilds.get_mut(&guild) {
            guild.active_threads.insert(id);
        }
        if let Some(channel) = self.channels.get_mut(&parent) {
            channel.threads.insert(id);
        }
        events.push(EventName::ThreadCreate, guild, Audience::Viewers(id), body);
        if joins {
            let body = Body::ThreadMembers {
                thread: id,
                added: vec![actor],
                removed: vec![],
            };
            events.push(
                EventName::ThreadMembersUpdate,
                guild,
                Audience::Viewers(id),
                body,
            );
        }
        let entry = AuditDraft::new(AuditAction::ThreadCreate, id.0);
        let entry = entry.changing(None, self.threads.get(&id));
        self.log(now, (guild, actor), entry, events);
    }
}

impl Thread {
    /// When the thread is archived automatically if nobody writes.
    pub(super) fn archives_at(&self) -> Timestamp {
        self.active_at.plus(i64::from(self.auto_archive) * 60_000)
    }
}

fn creating(kind: ThreadKind) -> Permissions {
    match kind {
        ThreadKind::Private => Permissions::CREATE_PRIVATE_THREADS,
        ThreadKind::Public | ThreadKind::Announcement => Permissions::CREATE_PUBLIC_THREADS,
    }
}
