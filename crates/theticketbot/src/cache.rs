//! What is known of servers without asking: just what decisions need, and small.
//!
//! The gateway's events keep it true. A server that Discord has not told of yet, or has an outage
//! of, is known by its id only. Permissions are kept as the few bits that the bot cares about; a
//! server of 50 channels and 20 roles takes about 2 kB.

mod permissions;

use std::collections::{HashMap, HashSet};

use tickets::decide::inbox::{Overwrite as StaffOverwrite, first_staff};
use tickets::permission::{Permission, Permissions, Place};
use tickets::{ChannelId, GuildId, Mention, RoleId, UserId};

use crate::from_discord::{Incoming, Thread, wire};
use crate::translate::Language;
use permissions::{Bits, effective};

/// All servers.
#[derive(Default)]
pub struct Cache {
    me: Option<UserId>,
    guilds: HashMap<GuildId, Guild>,
    /// Servers that the bot is in and knows nothing else of yet.
    unavailable: HashSet<GuildId>,
    /// The shards that have told which servers they serve.
    told: HashSet<u32>,
}

/// A server.
pub struct Guild {
    id: GuildId,
    pub owner: UserId,
    pub language: Language,
    roles: Vec<Role>,
    channels: Vec<Channel>,
    overwrites: Vec<Overwrite>,
    /// The bot's own roles, without @everyone.
    own_roles: Vec<RoleId>,
    /// Threads that are not archived, and where they are. Sorted.
    active: Vec<(ChannelId, ChannelId)>,
}

struct Role {
    id: RoleId,
    bits: Bits,
    /// The role that Discord made for this bot when it was invited.
    is_own: bool,
}

/// A text or announcement channel: no other kind matters here.
struct Channel {
    id: ChannelId,
    /// In seconds; Discord allows six hours.
    slowmode: u16,
    is_text: bool,
}

struct Overwrite {
    channel: ChannelId,
    who: u64,
    allow: Bits,
    deny: Bits,
    for_member: bool,
}

impl Cache {
    /// The bot's own user. Known once the gateway is connected.
    pub fn me(&self) -> Option<UserId> {
        self.me
    }

    /// What is known of a server, if Discord has told of it.
    pub fn guild(&self, id: GuildId) -> Option<&Guild> {
        self.guilds.get(&id)
    }

    /// Whether the bot is in this server, known or not.
    pub fn is_in(&self, id: GuildId) -> bool {
        self.guilds.contains_key(&id) || self.unavailable.contains(&id)
    }

    /// How many servers the bot is in.
    pub fn len(&self) -> usize {
        self.guilds.len() + self.unavailable.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether every shard has told of its servers: only then is a missing server really gone.
    pub fn is_complete(&self, shards: u32) -> bool {
        (0..shards).all(|shard| self.told.contains(&shard))
    }

    /// A server's language.
    pub fn language(&self, id: GuildId) -> Language {
        self.guild(id)
            .map_or(Language::DEFAULT, |guild| guild.language)
    }

    /// What the bot may do in a channel that it knows of.
    pub fn place(&self, guild: GuildId, channel: ChannelId) -> Option<Place> {
        self.guild(guild)?.place(channel, self.me?)
    }

    /// Learns from an event of this shard.
    pub fn learn(&mut self, incoming: &Incoming, shard: u32, shards: u32) {
        match incoming {
            Incoming::Ready { me, guilds } => self.begin(*me, guilds, shard, shards),
            Incoming::Guild(guild) => {
                let id = guild.id.into();
                self.unavailable.remove(&id);
                if let Some(me) = self.me {
                    self.guilds.insert(id, Guild::of(guild, me));
                }
            }
            Incoming::GuildGone { guild, unavailable } => {
                self.guilds.remove(guild);
                if *unavailable {
                    self.unavailable.insert(*guild);
                } else {
                    self.unavailable.remove(guild);
                }
            }
            _ => self.learn_inside(incoming),
        }
    }

    /// A new session tells anew which servers this shard serves. What was known of them is kept
    /// until Discord describes them again, which takes moments.
    fn begin(&mut self, me: UserId, guilds: &[GuildId], shard: u32, shards: u32) {
        self.me = Some(me);
        let elsewhere = |id: &GuildId| shard_of(*id, shards) != shard || guilds.contains(id);
        self.guilds.retain(|id, _| elsewhere(id));
        self.unavailable.retain(elsewhere);
        for id in guilds {
            if !self.guilds.contains_key(id) {
                self.unavailable.insert(*id);
            }
        }
        self.told.insert(shard);
    }

    fn learn_inside(&mut self, incoming: &Incoming) {
        let me = self.me;
        let Some(guild) = guild_of(incoming).and_then(|id| self.guilds.get_mut(&id)) else {
            return;
        };
        match incoming {
            Incoming::GuildChanged(change) => {
                guild.owner = change.owner_id.into();
                guild.language = Language::of(&change.preferred_locale);
            }
            Incoming::Channel { channel, .. } => guild.set_channel(channel),
            Incoming::ChannelDeleted { channel, .. } => guild.forget_channel(*channel),
            Incoming::Role { role, .. } => guild.set_role(role, me),
            Incoming::RoleDeleted { role, .. } => {
                guild.roles.retain(|known| known.id != *role);
                guild.own_roles.retain(|known| known != role);
                guild.overwrites.retain(|overwrite| overwrite.who != role.0);
            }
            Incoming::Member { user, roles, .. } if Some(*user) == me => {
                guild.own_roles.clone_from(roles);
            }
            Incoming::ThreadCreated(thread) | Incoming::ThreadChanged(thread) => {
                guild.set_thread(thread);
            }
            Incoming::ThreadDeleted { thread, .. } => guild.forget_thread(*thread),
            Incoming::ThreadList {
                parents, threads, ..
            } => {
                guild.active.retain(|(_, parent)| {
                    parents
                        .as_ref()
                        .is_some_and(|parents| !parents.contains(parent))
                });
                for thread in threads {
                    guild.set_thread(thread);
                }
            }
            _ => {}
        }
    }
}

/// Which shard serves a server. Source: Discord's "Sharding".
fn shard_of(guild: GuildId, shards: u32) -> u32 {
    // A remainder of a division by a 32-bit number fits in 32 bits.
    u32::try_from((guild.0 >> 22) % u64::from(shards.max(1))).unwrap_or(0)
}

fn guild_of(incoming: &Incoming) -> Option<GuildId> {
    Some(match incoming {
        Incoming::GuildChanged(change) => change.id.into(),
        Incoming::Channel { guild, .. }
        | Incoming::ChannelDeleted { guild, .. }
        | Incoming::Role { guild, .. }
        | Incoming::RoleDeleted { guild, .. }
        | Incoming::Member { guild, .. }
        | Incoming::ThreadDeleted { guild, .. }
        | Incoming::ThreadList { guild, .. } => *guild,
        Incoming::ThreadCreated(thread) | Incoming::ThreadChanged(thread) => thread.guild,
        _ => return None,
    })
}

impl Guild {
    fn of(wire: &wire::GuildCreate, me: UserId) -> Self {
        let own = wire.members.iter().find(|member| {
            member
                .user
                .as_ref()
                .is_some_and(|user| UserId::from(user.id) == me)
        });
        let mut guild = Self {
            id: wire.id.into(),
            owner: wire.owner_id.into(),
            language: Language::of(&wire.preferred_locale),
            roles: Vec::with_capacity(wire.roles.len()),
            channels: Vec::with_capacity(
                wire.channels
                    .iter()
                    .filter(|channel| is_relevant(channel.kind))
                    .count(),
            ),
            overwrites: Vec::new(),
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
        guild.overwrites.shrink_to_fit();
        for thread in &wire.threads {
            guild.set_thread(&Thread::of(thread, guild.id));
        }
        guild
    }

    /// The roles that exist.
    pub fn roles(&self) -> Vec<RoleId> {
        self.roles.iter().map(|role| role.id).collect()
    }

    /// The threads that are active, as far as the bot can see them.
    pub fn active(&self) -> Vec<ChannelId> {
        self.active.iter().map(|(thread, _)| *thread).collect()
    }

    /// A channel's slowmode in seconds.
    pub fn slowmode(&self, channel: ChannelId) -> u32 {
        self.channel(channel)
            .map_or(0, |channel| u32::from(channel.slowmode))
    }

    /// Where a thread is, if it is active and the bot can see it.
    pub fn parent_of_active(&self, thread: ChannelId) -> Option<ChannelId> {
        let at = self
            .active
            .binary_search_by_key(&thread, |(id, _)| *id)
            .ok()?;
        Some(self.active[at].1)
    }

    /// What the bot may do in a channel, or in the threads of a channel.
    pub fn place(&self, channel: ChannelId, me: UserId) -> Option<Place> {
        let known = self.channel(channel)?;
        let overwrites = self
            .overwrites
            .iter()
            .filter(|overwrite| overwrite.channel == channel);
        let bits = effective(self, overwrites, me);
        Some(Place {
            channel,
            permissions: Permissions::from(bits),
            holds_private_threads: known.is_text,
        })
    }

    /// The first staff of an inbox whose tickets go to this channel.
    pub fn first_staff(&self, channel: ChannelId, me: UserId) -> Vec<Mention> {
        let overwrites: Vec<_> = self
            .overwrites
            .iter()
            .filter(|overwrite| overwrite.channel == channel)
            .map(|overwrite| StaffOverwrite {
                who: if overwrite.for_member {
                    Mention::User(UserId(overwrite.who))
                } else {
                    Mention::Role(RoleId(overwrite.who))
                },
                allows_manage_threads: overwrite.allow.has(Permission::ManageThreads),
            })
            .collect();
        let own_role = self
            .roles
            .iter()
            .find(|role| role.is_own)
            .map(|role| role.id);
        // The role @everyone has the server's id.
        first_staff(&overwrites, RoleId(self.id.0), me, own_role)
    }

    fn channel(&self, id: ChannelId) -> Option<&Channel> {
        self.channels.iter().find(|channel| channel.id == id)
    }

    fn set_role(&mut self, wire: &wire::Role, me: Option<UserId>) {
        let role = Role {
            id: wire.id.into(),
            bits: Bits::of(wire.permissions.0),
            is_own: me.is_some() && wire.tags.bot_id.map(UserId::from) == me,
        };
        match self.roles.iter_mut().find(|known| known.id == role.id) {
            Some(known) => *known = role,
            None => self.roles.push(role),
        }
    }

    fn set_channel(&mut self, wire: &wire::Channel) {
        let id = wire.id.into();
        self.overwrites.retain(|overwrite| overwrite.channel != id);
        if !is_relevant(wire.kind) {
            // A channel can change its kind.
            self.channels.retain(|channel| channel.id != id);
            return;
        }
        let channel = Channel {
            id,
            slowmode: u16::try_from(wire.rate_limit_per_user.unwrap_or(0)).unwrap_or(u16::MAX),
            is_text: wire.kind == TEXT,
        };
        match self.channels.iter_mut().find(|known| known.id == id) {
            Some(known) => *known = channel,
            None => self.channels.push(channel),
        }
        self.overwrites.extend(
            wire.permission_overwrites
                .iter()
                .map(|overwrite| Overwrite {
                    channel: id,
                    who: overwrite.id.0,
                    allow: Bits::of(overwrite.allow.0),
                    deny: Bits::of(overwrite.deny.0),
                    for_member: overwrite.kind == 1,
                })
                .filter(|overwrite| !overwrite.allow.is_empty() || !overwrite.deny.is_empty()),
        );
    }

    fn forget_channel(&mut self, id: ChannelId) {
        self.channels.retain(|channel| channel.id != id);
        self.overwrites.retain(|overwrite| overwrite.channel != id);
        self.active.retain(|(_, parent)| *parent != id);
    }

    fn set_thread(&mut self, thread: &Thread) {
        let at = self.active.binary_search_by_key(&thread.id, |(id, _)| *id);
        match (at, thread.parent.filter(|_| !thread.archived)) {
            (Ok(at), Some(parent)) => self.active[at].1 = parent,
            (Err(at), Some(parent)) => self.active.insert(at, (thread.id, parent)),
            (Ok(at), None) => {
                self.active.remove(at);
            }
            (Err(_), None) => {}
        }
    }

    fn forget_thread(&mut self, thread: ChannelId) {
        self.active.retain(|(id, _)| *id != thread);
    }
}

// Discord's channel types.
const TEXT: u8 = 0;
const ANNOUNCEMENT: u8 = 5;

fn is_relevant(kind: u8) -> bool {
    matches!(kind, TEXT | ANNOUNCEMENT)
}

#[cfg(test)]
mod tests;
