//! One server, as decisions read it and events change it.

use tickets::decide::inbox::{Overwrite as StaffOverwrite, first_staff};
use tickets::permission::{Permission, Permissions, Place};
use tickets::problem;
use tickets::{ChannelId, GuildId, Mention, RoleId, UserId};

use super::permissions::{Bits, Who, effective};
use crate::discord::events::{Incoming, Thread};
use crate::discord::wire;
use crate::translate::Language;

/// A server. Everything with an id is in the order of the ids.
#[derive(Debug, PartialEq)]
pub struct Guild {
    pub(super) id: GuildId,
    pub owner: UserId,
    pub language: Language,
    pub(super) roles: Vec<Role>,
    pub(super) channels: Vec<Channel>,
    /// The bot's own roles, without @everyone.
    pub(super) own_roles: Vec<RoleId>,
    /// Threads that are not archived.
    pub(super) active: Vec<ActiveThread>,
}

/// A thread that is not archived, and that the bot can view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActiveThread {
    pub id: ChannelId,
    /// The channel of the thread.
    pub parent: ChannelId,
    pub locked: bool,
    /// The bot created it.
    pub is_own: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Role {
    pub(super) id: RoleId,
    pub(super) bits: Bits,
    /// The role that Discord made for this bot when it was invited.
    pub(super) is_own: bool,
    /// A role of this bot or of another.
    pub(super) is_of_a_bot: bool,
    /// Everybody may mention it.
    pub(super) is_mentionable: bool,
}

/// A text or announcement channel: no other kind matters here.
#[derive(Debug, PartialEq)]
pub(super) struct Channel {
    pub(super) id: ChannelId,
    /// In seconds; Discord allows six hours.
    pub(super) slowmode: u16,
    /// After how many minutes without a message Discord hides its threads; 0 if the channel says
    /// nothing.
    pub(super) hide_after: u16,
    pub(super) is_text: bool,
    pub(super) overwrites: Vec<Overwrite>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Overwrite {
    pub(super) who: Mention,
    pub(super) allow: Bits,
    pub(super) deny: Bits,
}

impl Guild {
    /// As Discord describes it.
    pub(super) fn of(wire: &wire::GuildCreate, me: UserId) -> Self {
        let own = wire.members.iter().find(|member| {
            member
                .user
                .as_ref()
                .is_some_and(|user| UserId::from(user.id) == me)
        });
        let mut guild = Self {
            id: wire.id.into(),
            owner: UserId(wire.owner_id.map_or(0, |id| id.0)),
            language: Language::of(&wire.preferred_locale),
            roles: Vec::with_capacity(wire.roles.len()),
            channels: Vec::new(),
            own_roles: own
                .map(|member| member.roles.iter().copied().map(RoleId::from).collect())
                .unwrap_or_default(),
            active: Vec::with_capacity(wire.threads.len()),
        };
        for role in &wire.roles {
            guild.set_role(role, Some(me));
        }
        for channel in &wire.channels {
            guild.set_channel(channel);
        }
        for thread in &wire.threads {
            guild.set_thread(&Thread::of(thread, guild.id), Some(me));
        }
        guild
    }

    /// Applies an event to the server.
    pub(super) fn learn(&mut self, incoming: &Incoming, me: Option<UserId>) {
        match incoming {
            Incoming::GuildChanged(change) => {
                if let Some(owner) = change.owner_id {
                    self.owner = owner.into();
                }
                self.language = Language::of(&change.preferred_locale);
            }
            Incoming::Channel { channel, .. } => self.set_channel(channel),
            Incoming::ChannelDeleted { channel, .. } => self.forget_channel(*channel),
            Incoming::Role { role, .. } => self.set_role(role, me),
            Incoming::RoleDeleted { role, .. } => self.forget_role(*role),
            Incoming::Member { user, roles, .. } if Some(*user) == me => {
                self.own_roles.clone_from(roles);
            }
            Incoming::ThreadCreated(thread) | Incoming::ThreadChanged(thread) => {
                self.set_thread(thread, me);
            }
            Incoming::ThreadDeleted { thread, .. } => {
                self.active.retain(|active| active.id != *thread);
            }
            // Without Manage Threads, a bot that has left a thread gets no events about it.
            Incoming::ThreadMembers { thread, left, .. }
                if me.is_some_and(|me| left.contains(&me)) =>
            {
                let parent = self.active_thread(*thread).map(|active| active.parent);
                let place = parent
                    .zip(me)
                    .and_then(|(parent, me)| self.place(parent, me));
                if place.is_some_and(|it| !it.permissions.has(Permission::ManageThreads)) {
                    self.active.retain(|active| active.id != *thread);
                }
            }
            Incoming::ThreadList {
                parents, threads, ..
            } => {
                self.active.retain(|active| {
                    parents
                        .as_ref()
                        .is_some_and(|parents| !parents.contains(&active.parent))
                });
                for thread in threads {
                    self.set_thread(thread, me);
                }
            }
            _ => {}
        }
    }

    /// The roles that exist.
    pub fn roles(&self) -> Vec<RoleId> {
        self.roles.iter().map(|role| role.id).collect()
    }

    /// The roles other than @everyone, with what they may do in a channel.
    pub fn roles_in(&self, channel: ChannelId) -> Vec<problem::Role> {
        let others = self.roles.iter().filter(|role| role.id != self.everyone());
        let described = others.map(|role| {
            let who = Who {
                roles: &[role.id],
                ..Who::NOBODY
            };
            problem::Role {
                id: role.id,
                may: self.may(who, channel).unwrap_or_default(),
                manages_threads: role.bits.has(Permission::ManageThreads),
                whose: if role.is_of_a_bot {
                    problem::Whose::Bot
                } else if role.bits.is_administrator() {
                    problem::Whose::Administrators
                } else {
                    problem::Whose::People
                },
                is_mentionable: role.is_mentionable,
                size: None,
            }
        });
        described.collect()
    }

    /// The active threads that the bot can see.
    pub fn active(&self) -> Vec<ChannelId> {
        self.active.iter().map(|active| active.id).collect()
    }

    /// Those of them that the bot created.
    pub fn own_active(&self) -> Vec<ChannelId> {
        let own = self.active.iter().filter(|active| active.is_own);
        own.map(|active| active.id).collect()
    }

    /// The active threads of a channel.
    pub fn active_in(&self, channel: ChannelId) -> Vec<ChannelId> {
        let active = self.active.iter();
        active
            .filter(|active| active.parent == channel)
            .map(|active| active.id)
            .collect()
    }

    /// Whether Discord has sent this channel, and the bot has a use for it.
    pub fn has_channel(&self, channel: ChannelId) -> bool {
        self.channel(channel).is_some()
    }

    /// A channel's slowmode in seconds.
    pub fn slowmode(&self, channel: ChannelId) -> u32 {
        self.channel(channel)
            .map_or(0, |channel| u32::from(channel.slowmode))
    }

    /// After how many minutes Discord hides a channel's threads, if the channel says so.
    pub fn hide_after(&self, channel: ChannelId) -> Option<u16> {
        let known = self.channel(channel)?;
        (known.hide_after > 0).then_some(known.hide_after)
    }

    /// A thread, if it is active and the bot can view it.
    pub fn active_thread(&self, thread: ChannelId) -> Option<ActiveThread> {
        let at = self.active.binary_search_by_key(&thread, |it| it.id);
        at.ok().map(|at| self.active[at])
    }

    /// What the bot may do in a channel, or in the threads of a channel.
    pub fn place(&self, channel: ChannelId, me: UserId) -> Option<Place> {
        let known = self.channel(channel)?;
        Some(self.place_in(known, self.bot(me)))
    }

    /// What the bot and a member may do in a channel as Discord has just described it.
    pub fn places_now(
        &self,
        channel: &wire::Channel,
        me: UserId,
        member: Who<'_>,
    ) -> (Place, Permissions) {
        let now = Channel::of(channel);
        let of_member = self.place_in(&now, member).permissions;
        (self.place_in(&now, self.bot(me)), of_member)
    }

    /// What somebody may do in a channel, or in the threads of a channel. `None` if Discord has not
    /// described that channel.
    pub fn may(&self, who: Who<'_>, channel: ChannelId) -> Option<Permissions> {
        let known = self.channel(channel)?;
        Some(self.place_in(known, who).permissions)
    }

    fn bot(&self, me: UserId) -> Who<'_> {
        Who {
            user: Some(me),
            roles: &self.own_roles,
            is_timed_out: false,
        }
    }

    fn place_in(&self, channel: &Channel, who: Who<'_>) -> Place {
        Place {
            channel: channel.id,
            permissions: effective(self, &channel.overwrites, who).into(),
            holds_private_threads: channel.is_text,
        }
    }

    /// The permissions of a member with these roles in a channel, and so in its threads. `None` if the bot
    /// cannot view the channel: then Discord does not send its real overwrites.
    pub fn permissions_of(
        &self,
        channel: ChannelId,
        member: UserId,
        roles: &[RoleId],
        me: UserId,
    ) -> Option<Permissions> {
        self.place(channel, me)
            .filter(|place| place.can_be_seen())?;
        let who = Who {
            user: Some(member),
            roles,
            is_timed_out: false,
        };
        self.may(who, channel)
    }

    /// The first staff of an inbox whose tickets go to this channel.
    pub fn first_staff(&self, channel: ChannelId, me: UserId) -> Vec<Mention> {
        let overwrites = self.channel(channel).map(|known| &known.overwrites);
        let overwrites: Vec<_> = overwrites
            .into_iter()
            .flatten()
            .map(|overwrite| StaffOverwrite {
                who: overwrite.who,
                allows_manage_threads: overwrite.allow.has(Permission::ManageThreads),
            })
            .collect();
        first_staff(&overwrites, self.everyone(), me, self.own_role())
    }

    /// The role that Discord made for the bot when it was invited.
    pub fn own_role(&self) -> Option<RoleId> {
        let own = self.roles.iter().find(|role| role.is_own);
        own.map(|role| role.id)
    }

    /// The role @everyone has the server's id.
    pub(super) fn everyone(&self) -> RoleId {
        RoleId(self.id.0)
    }

    fn channel(&self, id: ChannelId) -> Option<&Channel> {
        let at = self.channels.binary_search_by_key(&id, |known| known.id);
        at.ok().map(|at| &self.channels[at])
    }

    fn set_role(&mut self, wire: &wire::Role, me: Option<UserId>) {
        let role = Role {
            id: wire.id.into(),
            bits: Bits::of(wire.permissions.0),
            is_own: me.is_some() && wire.tags.bot_id.map(UserId::from) == me,
            is_of_a_bot: wire.tags.bot_id.is_some(),
            is_mentionable: wire.mentionable,
        };
        match self.roles.binary_search_by_key(&role.id, |known| known.id) {
            Ok(at) => self.roles[at] = role,
            Err(at) => self.roles.insert(at, role),
        }
    }

    fn forget_role(&mut self, role: RoleId) {
        self.roles.retain(|known| known.id != role);
        self.own_roles.retain(|known| *known != role);
        for channel in &mut self.channels {
            channel
                .overwrites
                .retain(|overwrite| overwrite.who != Mention::Role(role));
        }
    }

    fn set_channel(&mut self, wire: &wire::Channel) {
        let id = wire.id.into();
        let at = self.channels.binary_search_by_key(&id, |known| known.id);
        // A channel can change its kind.
        if !is_relevant(wire.kind) {
            if let Ok(at) = at {
                self.channels.remove(at);
            }
            return;
        }
        let channel = Channel::of(wire);
        match at {
            Ok(at) => self.channels[at] = channel,
            Err(at) => self.channels.insert(at, channel),
        }
    }

    fn forget_channel(&mut self, id: ChannelId) {
        self.channels.retain(|channel| channel.id != id);
        self.active.retain(|active| active.parent != id);
    }

    fn set_thread(&mut self, thread: &Thread, me: Option<UserId>) {
        let at = self.active.binary_search_by_key(&thread.id, |it| it.id);
        let active = thread.parent.filter(|_| !thread.archived);
        let active = active.map(|parent| ActiveThread {
            id: thread.id,
            parent,
            locked: thread.locked,
            is_own: me.is_some() && thread.creator == me,
        });
        match (at, active) {
            (Ok(at), Some(active)) => self.active[at] = active,
            (Err(at), Some(active)) => self.active.insert(at, active),
            (Ok(at), None) => {
                self.active.remove(at);
            }
            (Err(_), None) => {}
        }
    }
}

impl Channel {
    fn of(wire: &wire::Channel) -> Self {
        let overwrites = wire.permission_overwrites.iter().map(Overwrite::of);
        Self {
            id: wire.id.into(),
            slowmode: u16::try_from(wire.rate_limit_per_user.unwrap_or(0)).unwrap_or(u16::MAX),
            hide_after: wire
                .default_auto_archive_duration
                .and_then(|minutes| u16::try_from(minutes).ok())
                .unwrap_or(0),
            is_text: wire.kind == TEXT,
            overwrites: overwrites.filter(|it| !it.is_empty()).collect(),
        }
    }
}

impl Overwrite {
    fn of(wire: &wire::Overwrite) -> Self {
        Self {
            who: if wire.kind == 1 {
                Mention::User(wire.id.into())
            } else {
                Mention::Role(wire.id.into())
            },
            allow: Bits::of(wire.allow.0),
            deny: Bits::of(wire.deny.0),
        }
    }

    /// Whether the overwrite says nothing about any permission that the bot uses.
    fn is_empty(&self) -> bool {
        self.allow.is_empty() && self.deny.is_empty()
    }
}

// Discord's channel types.
const TEXT: u8 = 0;
const ANNOUNCEMENT: u8 = 5;

fn is_relevant(kind: u8) -> bool {
    matches!(kind, TEXT | ANNOUNCEMENT)
}
