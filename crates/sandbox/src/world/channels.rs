//! Creating, changing and deleting channels and threads, and their overwrites.

use std::collections::BTreeSet;

use super::audit::{AuditAction, AuditDraft};
use super::draft::{ChannelDraft, ChannelEdit, ForumEdit};
use super::event::Events;
use super::forums::Forum;
use super::model::{Channel, ChannelKind, Place, Thread};
use super::{Audience, Body, EventName, Outcome, World, require};
use crate::error::ApiError;
use crate::id::{ChannelId, GuildId, Timestamp, UserId};
use crate::permissions::{Overwrite, Permissions, Target};

/// The most channels of a server.
const MAX_CHANNELS: usize = 500;
/// The most channels of a category.
const MAX_CHILDREN: usize = 50;

/// What was deleted.
#[derive(Clone, Debug)]
pub enum Deleted {
    Channel(Box<Channel>),
    Thread(Box<Thread>),
}

impl World {
    pub fn create_channel(
        &mut self,
        now: Timestamp,
        actor: UserId,
        guild: GuildId,
        draft: ChannelDraft,
    ) -> Outcome<ChannelId> {
        let found = self.allowed_in_guild(now, actor, guild, Permissions::MANAGE_CHANNELS)?;
        if found.channels.len() >= MAX_CHANNELS {
            return Err(ApiError::TooManyChannels);
        }
        self.check_new_overwrites(now, (guild, actor), &draft.overwrites)?;
        self.check_parent(guild, draft.kind, None, draft.parent)?;
        self.check_name(&draft.name)?;
        check_forum(Some(draft.kind), &draft.forum)?;
        check_topic(draft.kind, draft.topic.as_deref())?;
        let last = found.channels.iter().filter_map(|id| self.channels.get(id));
        let position = draft.position.unwrap_or_else(|| {
            last.map(|c| c.position)
                .max()
                .map_or(0, |highest| highest + 1)
        });
        // A channel begins with its category's overwrites, unless it has its own.
        let category = draft.parent.and_then(|parent| self.channels.get(&parent));
        let overwrites = match category {
            Some(category) if draft.overwrites.is_empty() => category.overwrites.clone(),
            _ => draft.overwrites,
        };
        let id = ChannelId(self.ids.next(now));
        let forum = self.edited_forum(now, &Forum::default(), draft.forum)?;
        let channel = Channel {
            id,
            guild,
            kind: draft.kind,
            name: channel_name(draft.kind, &draft.name),
            position,
            parent: draft.parent,
            topic: draft.topic,
            nsfw: draft.nsfw,
            overwrites,
            rate_limit_per_user: draft.rate_limit_per_user,
            default_auto_archive: draft.default_auto_archive,
            bitrate: draft.voice.bitrate,
            user_limit: draft.voice.user_limit.unwrap_or(0),
            last_message: None,
            last_pin: None,
            recipients: Vec::new(),
            forum,
            threads: BTreeSet::new(),
        };
        let mut events = Events::default();
        let body = Body::Channel(Box::new(channel.clone()));
        events.push(EventName::ChannelCreate, guild, Audience::Viewers(id), body);
        let entry = AuditDraft::new(AuditAction::ChannelCreate, id.0);
        let entry = entry.changing(None, Some(&channel));
        self.channels.insert(id, channel);
        if let Some(guild) = self.guilds.get_mut(&guild) {
            guild.channels.insert(id);
        }
        self.log(now, (guild, actor), entry, &mut events);
        Ok(events.done(id))
    }

    /// Changes a channel or a thread.
    pub fn edit_channel(
        &mut self,
        now: Timestamp,
        actor: UserId,
        channel: ChannelId,
        edit: ChannelEdit,
    ) -> Outcome<ChannelId> {
        let place = self.visible(now, actor, channel)?.0;
        let (kind, is_post) = match place {
            Place::Channel(channel) => (Some(channel.kind), false),
            Place::Thread(thread, _) => (None, thread.post.is_some()),
        };
        check_forum(kind, &edit.forum)?;
        if edit.pinned == Some(true) && !is_post {
            return Err(ApiError::unsupported("flags", "a flag of posts here"));
        }
        match place {
            Place::Channel(_) => self.edit_guild_channel(now, actor, channel, edit),
            Place::Thread(..) => self.edit_thread(now, actor, channel, edit),
        }
    }

    /// Deletes a channel with its threads, or a thread.
    pub fn delete_channel(
        &mut self,
        now: Timestamp,
        actor: UserId,
        channel: ChannelId,
    ) -> Outcome<Deleted> {
        let (place, permissions) = self.visible(now, actor, channel)?;
        let is_thread = place.thread().is_some();
        require(
            permissions,
            if is_thread {
                Permissions::MANAGE_THREADS
            } else {
                Permissions::MANAGE_CHANNELS
            },
        )?;
        let mut events = Events::default();
        let guild = place.guild();
        let deleted = if is_thread {
            self.drop_thread(channel, &mut events).map(Deleted::Thread)
        } else {
            self.drop_channel(channel, &mut events)
                .map(Deleted::Channel)
        };
        let deleted = deleted.ok_or(ApiError::UnknownChannel)?;
        let entry = |action| AuditDraft::new(action, channel.0);
        let entry = match &deleted {
            Deleted::Thread(old) => entry(AuditAction::ThreadDelete).changing(Some(&**old), None),
            Deleted::Channel(old) => entry(AuditAction::ChannelDelete).changing(Some(&**old), None),
        };
        self.log(now, (guild, actor), entry, &mut events);
        Ok(events.done(deleted))
    }

    pub fn set_overwrite(
        &mut self,
        now: Timestamp,
        actor: UserId,
        channel: ChannelId,
        overwrite: Overwrite,
    ) -> Outcome<()> {
        let (place, _) = self.allowed(now, actor, channel, Permissions::MANAGE_ROLES)?;
        let Place::Channel(found) = place else {
            return Err(ApiError::WrongChannelType);
        };
        self.check_target(found.guild, overwrite.target)?;
        let mut overwrites = found.overwrites.clone();
        overwrites.retain(|o| o.target != overwrite.target);
        overwrites.push(overwrite);
        self.check_overwrites(now, actor, found, &overwrites)?;
        let (who, old) = ((found.guild, actor), found.overwrites.clone());
        let mut events = Events::default();
        let new = overwrites.clone();
        self.change_channel(now, channel, &mut events, |c| c.overwrites = overwrites);
        self.log_overwrites(now, who, channel, (&old, &new), &mut events);
        Ok(events.done(()))
    }

    /// `target` is a role's or a user's id.
    pub fn delete_overwrite(
        &mut self,
        now: Timestamp,
        actor: UserId,
        channel: ChannelId,
        target: u64,
    ) -> Outcome<()> {
        let (place, _) = self.allowed(now, actor, channel, Permissions::MANAGE_ROLES)?;
        let Place::Channel(found) = place else {
            return Err(ApiError::WrongChannelType);
        };
        if found.overwrites.iter().all(|o| o.target.id() != target) {
            return Err(ApiError::UnknownOverwrite);
        }
        let (who, old) = ((found.guild, actor), found.overwrites.clone());
        let mut new = old.clone();
        new.retain(|o| o.target.id() != target);
        let mut events = Events::default();
        self.change_channel(now, channel, &mut events, |c| c.overwrites.clone_from(&new));
        self.log_overwrites(now, who, channel, (&old, &new), &mut events);
        Ok(events.done(()))
    }

    fn edit_guild_channel(
        &mut self,
        now: Timestamp,
        actor: UserId,
        id: ChannelId,
        edit: ChannelEdit,
    ) -> Outcome<ChannelId> {
        let (place, permissions) = self.allowed(now, actor, id, Permissions::MANAGE_CHANNELS)?;
        let found = place.channel();
        if let Some(overwrites) = &edit.overwrites {
            require(permissions, Permissions::MANAGE_ROLES)?;
            self.check_overwrites(now, actor, found, overwrites)?;
        }
        if let Some(parent) = edit.parent {
            self.check_parent(found.guild, found.kind, Some(id), parent)?;
        }
        let text = [ChannelKind::Text, ChannelKind::Announcement];
        let convertible = edit.kind.is_none_or(|to| {
            to == found.kind || (text.contains(&to) && text.contains(&found.kind))
        });
        if !convertible {
            let message = "Value must be one of {0, 5}.";
            return Err(ApiError::field("type", "BASE_TYPE_CHOICES", message));
        }
        if let Some(name) = &edit.name {
            self.check_name(name)?;
        }
        if let Some(topic) = &edit.topic {
            check_topic(found.kind, topic.as_deref())?;
        }
        let old = found.clone();
        let forum = self.edited_forum(now, &old.forum, edit.forum)?;
        let mut events = Events::default();
        self.change_channel(now, id, &mut events, |channel| {
            put(&mut channel.kind, edit.kind);
            put(
                &mut channel.name,
                edit.name.map(|name| channel_name(channel.kind, &name)),
            );
            put(&mut channel.topic, edit.topic);
            put(&mut channel.nsfw, edit.nsfw);
            put(&mut channel.position, edit.position);
            put(&mut channel.parent, edit.parent);
            put(&mut channel.rate_limit_per_user, edit.rate_limit_per_user);
            put(&mut channel.overwrites, edit.overwrites);
            put(&mut channel.default_auto_archive, edit.default_auto_archive);
            channel.bitrate = edit.voice.bitrate.or(channel.bitrate);
            put(&mut channel.user_limit, edit.voice.user_limit);
            channel.forum = forum;
        });
        self.drop_missing_tags(id);
        if let Some(new) = self.channels.get(&id).cloned() {
            let who = (old.guild, actor);
            let entry = AuditDraft::new(AuditAction::ChannelUpdate, id.0);
            let entry = entry.changing(Some(&old), Some(&new));
            self.log(now, who, entry, &mut events);
            let overwrites = (&*old.overwrites, &*new.overwrites);
            self.log_overwrites(now, who, id, overwrites, &mut events);
        }
        Ok(events.done(id))
    }

    fn drop_channel(&mut self, id: ChannelId, events: &mut Events) -> Option<Box<Channel>> {
        let channel = Box::new(self.channels.remove(&id)?);
        let guild = channel.guild;
        for thread in &channel.threads {
            self.threads.remove(thread);
            self.drop_messages(*thread);
        }
        self.drop_messages(id);
        self.webhooks.retain(|_, webhook| webhook.channel != id);
        self.invites.retain(|_, invite| invite.channel != id);
        let mut orphans = Vec::new();
        if let Some(guild) = self.guilds.get_mut(&guild) {
            guild.channels.remove(&id);
            guild
                .active_threads
                .retain(|thread| !channel.threads.contains(thread));
            if guild.system_channel == Some(id) {
                guild.system_channel = None;
            }
            if channel.kind == ChannelKind::Category {
                orphans.extend(guild.channels.iter().copied());
            }
        }
        let audience = Audience::FormerViewers(channel.clone(), None);
        let body = Body::Channel(channel.clone());
        events.push(EventName::ChannelDelete, guild, audience, body);
        for orphan in orphans {
            if let Some(child) = self.channels.get_mut(&orphan)
                && child.parent == Some(id)
            {
                child.parent = None;
                let body = Body::Channel(Box::new(child.clone()));
                events.push(
                    EventName::ChannelUpdate,
                    guild,
                    Audience::Viewers(orphan),
                    body,
                );
            }
        }
        Some(channel)
    }

    fn drop_thread(&mut self, id: ChannelId, events: &mut Events) -> Option<Box<Thread>> {
        let thread = Box::new(self.threads.remove(&id)?);
        self.drop_messages(id);
        if let Some(guild) = self.guilds.get_mut(&thread.guild) {
            guild.active_threads.remove(&id);
        }
        let parent = self.channels.get_mut(&thread.parent)?;
        parent.threads.remove(&id);
        let audience = Audience::FormerViewers(Box::new(parent.clone()), Some(thread.clone()));
        let (parent, kind) = (thread.parent, thread.kind.code());
        let body = Body::ThreadDelete {
            thread: id,
            parent,
            kind,
        };
        events.push(EventName::ThreadDelete, thread.guild, audience, body);
        Some(thread)
    }

    fn drop_messages(&mut self, channel: ChannelId) {
        for (_, message) in self.messages.remove(&channel).unwrap_or_default() {
            self.drop_files(message);
        }
        self.last_written
            .retain(|(written_in, _), _| *written_in != channel);
    }

    /// Fails unless a channel of this kind can be in this category. `channel` is absent for a new one.
    pub(super) fn check_parent(
        &self,
        guild: GuildId,
        kind: ChannelKind,
        channel: Option<ChannelId>,
        parent: Option<ChannelId>,
    ) -> Result<(), ApiError> {
        let Some(parent) = parent else { return Ok(()) };
        let refused = |code, message: &str| Err(ApiError::field("parent_id", code, message));
        let category = self
            .channels
            .get(&parent)
            .filter(|c| c.guild == guild && c.kind == ChannelKind::Category);
        if category.is_none() || kind == ChannelKind::Category {
            return refused("CHANNEL_PARENT_INVALID", "Category does not exist");
        }
        let others = self
            .children(guild, parent)
            .filter(|c| Some(c.id) != channel);
        if others.count() >= MAX_CHILDREN {
            let message = "Maximum number of channels in category reached (50)";
            return refused("CHANNEL_PARENT_MAX_CHANNELS", message);
        }
        Ok(())
    }

    /// The channels in a category.
    fn children(&self, guild: GuildId, category: ChannelId) -> impl Iterator<Item = &Channel> {
        let channels = self
            .guilds
            .get(&guild)
            .into_iter()
            .flat_map(|g| &g.channels);
        let channels = channels.filter_map(|id| self.channels.get(id));
        channels.filter(move |channel| channel.parent == Some(category))
    }

    /// Fails unless the actor may create a channel with these overwrites. Source: Discord's "Create Guild
    /// Channel".
    fn check_new_overwrites(
        &self,
        now: Timestamp,
        (guild, actor): (GuildId, UserId),
        overwrites: &[Overwrite],
    ) -> Result<(), ApiError> {
        let own = self.permissions_in_guild(now, guild, actor);
        let settable = if own.has(Permissions::ADMINISTRATOR) {
            own
        } else {
            own & !Permissions::MANAGE_ROLES
        };
        require_touched(settable, &[], overwrites)
    }

    /// Fails unless the actor may change a channel's overwrites to these: somebody who has Manage Roles by an
    /// overwrite there may set everything, others what they have in the server or in the category. Source:
    /// Discord's "Edit Channel Permissions".
    fn check_overwrites(
        &self,
        now: Timestamp,
        actor: UserId,
        channel: &Channel,
        new: &[Overwrite],
    ) -> Result<(), ApiError> {
        let standing = self.standing(now, channel.guild, actor);
        if standing.is_some_and(|s| s.is_given(&channel.overwrites, Permissions::MANAGE_ROLES)) {
            return Ok(());
        }
        let in_guild = self.permissions_in_guild(now, channel.guild, actor);
        let category = channel.parent.and_then(|parent| self.place(parent));
        let in_category = category.map(|place| self.permissions_in(now, place, actor));
        let own = in_guild | in_category.unwrap_or_default();
        require_touched(own, &channel.overwrites, new)
    }

    fn check_target(&self, guild: GuildId, target: Target) -> Result<(), ApiError> {
        let guild = self.guilds.get(&guild).ok_or(ApiError::UnknownGuild)?;
        match target {
            Target::Role(role) if !guild.roles.contains_key(&role) => Err(ApiError::UnknownRole),
            Target::Member(user) if !self.users.contains_key(&user) => Err(ApiError::UnknownUser),
            _ => Ok(()),
        }
    }
}

/// Used by other files of the world.
impl World {
    /// Changes a channel, and sends the events about the change and about channels that become visible.
    pub(super) fn change_channel(
        &mut self,
        now: Timestamp,
        id: ChannelId,
        events: &mut Events,
        change: impl FnOnce(&mut Channel),
    ) {
        let Some(channel) = self.channels.get(&id) else {
            return;
        };
        let (guild, before) = (channel.guild, channel.overwrites.clone());
        let sight = self.sight(now, guild);
        let Some(channel) = self.channels.get_mut(&id) else {
            return;
        };
        change(channel);
        let changed = channel.overwrites != before;
        let after = channel.overwrites.clone();
        let mut updated = vec![id];
        if changed {
            // Channels of a category that have its overwrites keep up with it. Source: Discord's "Permission
            // Syncing".
            let synced = self.children(guild, id);
            let synced = synced.filter(|child| is_same(&child.overwrites, &before));
            updated.extend(synced.map(|child| child.id));
        }
        for id in updated {
            let Some(channel) = self.channels.get_mut(&id) else {
                continue;
            };
            channel.overwrites.clone_from(&after);
            let body = Body::Channel(Box::new(channel.clone()));
            events.push(EventName::ChannelUpdate, guild, Audience::Viewers(id), body);
        }
        if changed {
            self.push_sight(now, guild, &sight, events);
            events.resync(guild, Audience::People);
        }
    }

    /// The channels that each bot of a server can see.
    pub(super) fn sight(&self, now: Timestamp, guild: GuildId) -> Sight {
        let Some(found) = self.guilds.get(&guild) else {
            return Sight::default();
        };
        let bots = self.applications.values().map(|a| a.bot);
        let bots = bots.filter(|bot| found.members.contains_key(bot));
        Sight(
            bots.map(|bot| (bot, self.seen_by(now, guild, bot)))
                .collect(),
        )
    }

    /// Sends `THREAD_LIST_SYNC` for each channel that a bot can see now and could not see `before`.
    pub(super) fn push_sight(
        &self,
        now: Timestamp,
        guild: GuildId,
        before: &Sight,
        events: &mut Events,
    ) {
        for (bot, seen) in &before.0 {
            for channel in self.seen_by(now, guild, *bot).difference(seen) {
                let body = Body::ThreadListSync { channel: *channel };
                events.push(EventName::ThreadListSync, guild, Audience::User(*bot), body);
            }
        }
    }

    fn seen_by(&self, now: Timestamp, guild: GuildId, user: UserId) -> BTreeSet<ChannelId> {
        let Some(standing) = self.standing(now, guild, user) else {
            return BTreeSet::new();
        };
        let channels = self
            .guilds
            .get(&guild)
            .into_iter()
            .flat_map(|g| &g.channels);
        channels
            .filter_map(|id| self.channels.get(id))
            .filter(|c| {
                standing
                    .in_channel(&c.overwrites)
                    .has(Permissions::VIEW_CHANNEL)
            })
            .map(|c| c.id)
            .collect()
    }
}

/// The channels that each bot could see before a change.
#[derive(Debug, Default)]
pub(super) struct Sight(Vec<(UserId, BTreeSet<ChannelId>)>);

/// Whether two lists contain the same overwrites, in any order.
fn is_same(one: &[Overwrite], other: &[Overwrite]) -> bool {
    one.len() == other.len() && one.iter().all(|overwrite| other.contains(overwrite))
}

/// Fails unless `own` includes each permission that these overwrites change.
fn require_touched(own: Permissions, old: &[Overwrite], new: &[Overwrite]) -> Result<(), ApiError> {
    let touched = |overwrite: &Overwrite| {
        let none = Overwrite {
            target: overwrite.target,
            allow: Permissions::NONE,
            deny: Permissions::NONE,
        };
        let before = old
            .iter()
            .find(|o| o.target == overwrite.target)
            .unwrap_or(&none);
        Permissions((before.allow.0 ^ overwrite.allow.0) | (before.deny.0 ^ overwrite.deny.0))
    };
    if new.iter().all(|overwrite| own.has(touched(overwrite))) {
        Ok(())
    } else {
        Err(ApiError::MissingPermissions)
    }
}

/// Names of text channels are in lower case, without spaces.
pub(crate) fn channel_name(kind: ChannelKind, name: &str) -> String {
    match kind {
        ChannelKind::Text | ChannelKind::Announcement | ChannelKind::Forum => name
            .to_lowercase()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join("-"),
        ChannelKind::Voice | ChannelKind::Category | ChannelKind::Direct => name.to_owned(),
    }
}

/// A forum's guidelines may be longer than a topic.
fn check_topic(kind: ChannelKind, topic: Option<&str>) -> Result<(), ApiError> {
    let most = if kind == ChannelKind::Forum {
        4096
    } else {
        1024
    };
    if topic.is_some_and(|topic| topic.chars().count() > most) {
        let message = format!("Must be {most} or fewer in length.");
        return Err(ApiError::field("topic", "BASE_TYPE_MAX_LENGTH", message));
    }
    Ok(())
}

/// Refuses settings of forums for other channels, and for threads, which have no `kind` here. Discord does not
/// document what it does with them.
fn check_forum(kind: Option<ChannelKind>, edit: &ForumEdit) -> Result<(), ApiError> {
    let is_forum = kind == Some(ChannelKind::Forum);
    let has_threads =
        is_forum || matches!(kind, Some(ChannelKind::Text | ChannelKind::Announcement));
    let has_tags = edit.tags.as_ref().is_some_and(|tags| !tags.is_empty());
    let fields = [
        ("flags", edit.tag_required == Some(true), is_forum),
        ("available_tags", has_tags, is_forum),
        (
            "default_reaction_emoji",
            matches!(edit.reaction, Some(Some(_))),
            is_forum,
        ),
        (
            "default_sort_order",
            matches!(edit.sort_order, Some(Some(1..))),
            is_forum,
        ),
        (
            "default_forum_layout",
            matches!(edit.layout, Some(1..)),
            is_forum,
        ),
        (
            "default_thread_rate_limit_per_user",
            matches!(edit.post_slowmode, Some(Some(1..))),
            has_threads,
        ),
    ];
    let wrong = fields.into_iter().find(|(_, given, fits)| *given && !fits);
    wrong.map_or(Ok(()), |(field, ..)| {
        Err(ApiError::unsupported(field, "a setting of forums here"))
    })
}

/// Sets a field, if there is a new value.
pub(super) fn put<T>(place: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *place = value;
    }
}
