//! The world: the whole state of the imitated Discord, and the rules for changing it.
//!
//! Pure: no clock, no sockets, no locks. Every change takes the moment at which it happens and
//! returns the events that it causes ([`Change`]); a refusal is an [`ApiError`]. There is one file
//! per kind of thing, with the same division as in `rest`.

mod applications;
mod attach;
mod audit;
mod bans;
mod channels;
mod click;
mod commands;
pub mod component;
mod direct;
pub mod draft;
mod due;
pub mod embed;
mod emojis;
pub mod event;
pub mod files;
mod forge;
mod forums;
mod guilds;
mod interactions;
mod invites;
mod invoke;
mod kept;
mod members;
mod mentions;
mod messages;
mod modals;
pub mod model;
mod nonces;
mod parts;
mod people;
mod pins;
pub(crate) mod plan;
mod plant;
mod positions;
mod post;
mod reactions;
mod roles;
mod seed;
mod seed_messages;
mod thread_edits;
mod thread_members;
mod thread_search;
mod threads;
mod trouble;
mod webhooks;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

pub use applications::ApplicationEdit;
pub use audit::{AuditAction, AuditChange, AuditEntry, AuditFilter};
pub use bans::{BanDraft, BulkBan};
pub use channels::Deleted;
pub(crate) use channels::channel_name;
pub use commands::{Registered, Scope};
pub use due::Due;
pub(crate) use emojis::is_unicode_emoji;
pub use emojis::{EmojiDraft, EmojiEdit, EmojiHome};
pub use event::{Audience, Body, Change, Event, EventName, Intents};
pub use forums::{Forum, ForumEmoji, Post, Tag};
pub use interactions::Responded;
pub use invites::{Invite, InviteDraft};
use kept::pairs;
use nonces::Nonces;
pub use plan::Plan;
pub use positions::{ChannelMove, RoleMove};
pub use reactions::Unreact;
pub(crate) use seed::BOT_PERMISSIONS;
pub use seed::{Defaults, MoreGuilds, Seed};
pub use thread_members::ThreadMember;
pub use thread_search::{ThreadOrder, ThreadSearch};
pub use threads::{Archived, ThreadPage};
pub use trouble::RoleMentions;
pub use webhooks::{WebhookDraft, WebhookEdit};

use crate::error::ApiError;
use crate::id::{
    ApplicationId, AttachmentId, ChannelId, GuildId, InteractionId, MessageId, Snowflakes,
    Timestamp, UserId, WebhookId,
};
use crate::permissions::{Permissions, Standing};
use model::{
    Application, Channel, ChannelKind, Command, File, Guild, Interaction, Member, Message, Place,
    Thread, User, Webhook,
};

/// What every change returns.
pub type Outcome<T> = Result<Change<T>, ApiError>;

/// The imitated Discord.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct World {
    ids: Snowflakes,
    /// The address that serves attachments, without a slash at the end.
    base_url: String,
    defaults: Defaults,
    applications: BTreeMap<ApplicationId, Application>,
    users: BTreeMap<UserId, User>,
    guilds: BTreeMap<GuildId, Guild>,
    channels: HashMap<ChannelId, Channel>,
    threads: HashMap<ChannelId, Thread>,
    messages: HashMap<ChannelId, BTreeMap<MessageId, Message>>,
    files: HashMap<AttachmentId, File>,
    webhooks: BTreeMap<WebhookId, Webhook>,
    #[serde(default)]
    invites: BTreeMap<String, Invite>,
    /// The audit log of each server, oldest entry first.
    #[serde(default)]
    audit_logs: BTreeMap<GuildId, Vec<AuditEntry>>,
    /// The reason for the present call, for the audit log.
    #[serde(skip)]
    reason: Option<String>,
    /// By application and scope, in the order of registration.
    #[serde(with = "pairs")]
    commands: BTreeMap<(ApplicationId, Option<GuildId>), Vec<Command>>,
    interactions: HashMap<InteractionId, Interaction>,
    interaction_tokens: HashMap<String, InteractionId>,
    /// Messages by author and nonce, for `enforce_nonce`.
    nonces: Nonces,
    /// When people last wrote in channels with a slowmode.
    #[serde(with = "pairs")]
    last_written: HashMap<(ChannelId, UserId), Timestamp>,
    /// What will become due, and when.
    agenda: BTreeSet<(Timestamp, Due)>,
    trouble: trouble::Trouble,
    /// The time of the present read, which the addresses of files contain.
    #[serde(skip)]
    seen_at: SeenAt,
}

/// A time that does not count for equality, so that equal worlds are equal whenever they are compared.
#[derive(Debug, Clone, Copy)]
struct SeenAt(Timestamp);

impl Default for SeenAt {
    fn default() -> Self {
        Self(Timestamp(0))
    }
}

impl PartialEq for SeenAt {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// Reading.
impl World {
    /// Sets the present time for the following reads.
    pub(crate) fn see_at(&mut self, now: Timestamp) {
        self.seen_at = SeenAt(now);
    }

    /// The ids of the default world.
    pub fn defaults(&self) -> &Defaults {
        &self.defaults
    }

    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    pub fn applications(&self) -> impl Iterator<Item = &Application> {
        self.applications.values()
    }

    pub fn application(&self, id: ApplicationId) -> Option<&Application> {
        self.applications.get(&id)
    }

    /// The application with this token, which may have the prefix `Bot `.
    pub fn application_by_token(&self, token: &str) -> Option<&Application> {
        let token = token.strip_prefix("Bot ").unwrap_or(token).trim();
        self.applications.values().find(|a| a.token.0 == token)
    }

    /// The application whose bot this is.
    pub fn application_of(&self, bot: UserId) -> Option<&Application> {
        self.applications.values().find(|a| a.bot == bot)
    }

    pub fn users(&self) -> impl Iterator<Item = &User> {
        self.users.values()
    }

    /// All users who are not bots.
    pub fn people(&self) -> impl Iterator<Item = &User> {
        self.users.values().filter(|u| !u.bot)
    }

    pub fn user(&self, id: UserId) -> Option<&User> {
        self.users.get(&id)
    }

    pub fn guilds(&self) -> impl Iterator<Item = &Guild> {
        self.guilds.values()
    }

    pub fn guild(&self, id: GuildId) -> Option<&Guild> {
        self.guilds.get(&id)
    }

    pub fn member(&self, guild: GuildId, user: UserId) -> Option<&Member> {
        self.guilds.get(&guild)?.members.get(&user)
    }

    pub fn channel(&self, id: ChannelId) -> Option<&Channel> {
        self.channels.get(&id)
    }

    pub fn thread(&self, id: ChannelId) -> Option<&Thread> {
        self.threads.get(&id)
    }

    /// A channel or a thread.
    pub fn place(&self, id: ChannelId) -> Option<Place<'_>> {
        match self.threads.get(&id) {
            Some(thread) => Some(Place::Thread(thread, self.channels.get(&thread.parent)?)),
            None => self.channels.get(&id).map(Place::Channel),
        }
    }

    /// A message, without checking who may see it.
    pub fn message(&self, channel: ChannelId, id: MessageId) -> Option<&Message> {
        self.messages.get(&channel)?.get(&id)
    }

    /// Every message of a channel, oldest first, without checking who may see them.
    pub fn messages(&self, channel: ChannelId) -> impl DoubleEndedIterator<Item = &Message> {
        self.messages
            .get(&channel)
            .into_iter()
            .flat_map(BTreeMap::values)
    }

    /// The interactions that are not forgotten yet: a response can be changed for 15 minutes.
    pub fn interactions(&self) -> impl Iterator<Item = &Interaction> {
        self.interactions.values()
    }

    pub fn interaction(&self, id: InteractionId) -> Option<&Interaction> {
        self.interactions.get(&id)
    }

    pub fn file(&self, id: AttachmentId) -> Option<&File> {
        self.files.get(&id)
    }

    pub fn webhook(&self, id: WebhookId) -> Option<&Webhook> {
        self.webhooks.get(&id)
    }

    /// A member's display name in a server.
    pub fn display_name(&self, guild: GuildId, user: UserId) -> &str {
        let nick = self.member(guild, user).and_then(|m| m.nick.as_deref());
        nick.or_else(|| self.user(user).map(User::display_name))
            .unwrap_or_default()
    }
}

/// Permissions.
impl World {
    /// What decides a member's permissions; `None` for somebody who is not in the server.
    pub fn standing(&self, now: Timestamp, guild: GuildId, user: UserId) -> Option<Standing> {
        let guild = self.guilds.get(&guild)?;
        let member = guild.members.get(&user)?;
        let permissions_of = |id| guild.roles.get(&id).map(|r| (id, r.permissions));
        let everyone = guild.id.everyone();
        Some(Standing {
            user,
            owner: guild.owner == user,
            everyone: permissions_of(everyone).unwrap_or((everyone, Permissions::NONE)),
            roles: member
                .roles
                .iter()
                .filter_map(|id| permissions_of(*id))
                .collect(),
            timed_out: member.timed_out_until.is_some_and(|until| until > now),
        })
    }

    /// A member's permissions in the server; none for somebody else.
    pub fn permissions_in_guild(
        &self,
        now: Timestamp,
        guild: GuildId,
        user: UserId,
    ) -> Permissions {
        self.standing(now, guild, user)
            .map_or(Permissions::NONE, |s| {
                self.as_usable(guild, user, s.in_guild())
            })
    }

    /// A user's permissions in a channel or thread, whether or not they are in a private thread.
    pub fn permissions_in(&self, now: Timestamp, place: Place<'_>, user: UserId) -> Permissions {
        if let Place::Channel(channel) = place
            && channel.kind == ChannelKind::Direct
        {
            return if channel.recipients.contains(&user) {
                Permissions::DIRECT_MESSAGES
            } else {
                Permissions::NONE
            };
        }
        let Some(standing) = self.standing(now, place.guild(), user) else {
            return Permissions::NONE;
        };
        let given = match place {
            Place::Channel(channel) => standing.in_channel(&channel.overwrites),
            Place::Thread(_, parent) => standing.in_thread(&parent.overwrites),
        };
        self.as_usable(place.guild(), user, given)
    }

    /// Marks the permissions that a bot cannot use because the server requires two-factor authentication.
    fn as_usable(&self, guild: GuildId, user: UserId, given: Permissions) -> Permissions {
        let asked = self.guilds.get(&guild).is_some_and(|g| g.mfa_level > 0);
        let one_factor = |a: &Application| !a.owner_has_two_factors;
        if asked && self.application_of(user).is_some_and(one_factor) {
            given.with_one_factor()
        } else {
            given
        }
    }

    /// Whether a user can see a channel, or a thread and its messages.
    pub fn can_view(&self, now: Timestamp, place: Place<'_>, user: UserId) -> bool {
        // What users can see does not depend on two-factor authentication.
        let permissions = self.permissions_in(now, place, user).as_given();
        permissions.has(Permissions::VIEW_CHANNEL)
            && place.thread().is_none_or(|thread| {
                !thread.is_private()
                    || thread.members.contains_key(&user)
                    || permissions.has(Permissions::MANAGE_THREADS)
            })
    }

    /// A channel or thread that `actor` can see, with their permissions there. 10003 if it is unknown, 50001
    /// if it is not visible.
    pub fn visible(
        &self,
        now: Timestamp,
        actor: UserId,
        channel: ChannelId,
    ) -> Result<(Place<'_>, Permissions), ApiError> {
        let place = self.place(channel).ok_or(ApiError::UnknownChannel)?;
        if !self.can_view(now, place, actor) {
            return Err(ApiError::MissingAccess);
        }
        Ok((place, self.permissions_in(now, place, actor)))
    }

    /// As [`World::visible`], and 50013 unless `actor` has `needed` there.
    pub fn allowed(
        &self,
        now: Timestamp,
        actor: UserId,
        channel: ChannelId,
        needed: Permissions,
    ) -> Result<(Place<'_>, Permissions), ApiError> {
        let (place, permissions) = self.visible(now, actor, channel)?;
        require(permissions, needed)?;
        Ok((place, permissions))
    }

    /// A server that `actor` is in. Otherwise 10004, as if the server did not exist.
    pub fn joined_guild(&self, actor: UserId, guild: GuildId) -> Result<&Guild, ApiError> {
        self.guilds
            .get(&guild)
            .filter(|g| g.members.contains_key(&actor))
            .ok_or(ApiError::UnknownGuild)
    }

    /// As [`World::joined_guild`], and 50013 unless `actor` has `needed` in the server.
    pub fn allowed_in_guild(
        &self,
        now: Timestamp,
        actor: UserId,
        guild: GuildId,
        needed: Permissions,
    ) -> Result<&Guild, ApiError> {
        let found = self.joined_guild(actor, guild)?;
        require(self.permissions_in_guild(now, guild, actor), needed)?;
        Ok(found)
    }
}

/// 50013 if a `needed` permission is missing; 60003 if it needs two-factor authentication.
fn require(permissions: Permissions, needed: Permissions) -> Result<(), ApiError> {
    if permissions.has(needed) {
        Ok(())
    } else if permissions.as_given().has(needed) {
        Err(ApiError::TwoFactorRequired)
    } else {
        Err(ApiError::MissingPermissions)
    }
}

#[cfg(test)]
mod tests;
