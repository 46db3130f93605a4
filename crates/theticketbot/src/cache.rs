//! What the bot knows about servers without asking Discord: only what decisions need, in little memory.
//!
//! The gateway's events keep it true. A server that Discord has not sent yet, or that is unavailable,
//! is known by its id only. Permissions are kept as the few bits that the bot cares about, and
//! a server is kept as a row of bytes (`packed`), which is also how it outlives a restart: one of
//! 50 channels and 20 roles takes less than 1 kB.

mod guild;
mod packed;
mod permissions;

use std::collections::{HashMap, HashSet};

use tickets::permission::Place;
use tickets::{ChannelId, GuildId, UserId};

use crate::discord::events::Incoming;
use crate::shards::shard_of;
use crate::translate::Language;
pub use guild::{ActiveThread, Guild};
pub use packed::{FORMAT, Packed};
pub use permissions::Who;

/// All servers.
#[derive(Default)]
pub struct Cache {
    me: Option<UserId>,
    guilds: HashMap<GuildId, Packed>,
    /// Servers that the bot is in and knows nothing else of yet.
    unavailable: HashSet<GuildId>,
    /// The shards whose servers are known.
    told: HashSet<u32>,
    /// How many shards the bot has, according to the last event.
    shards: u32,
    /// The servers that have changed since they were last stored, if somebody stores them.
    changed: Option<HashSet<GuildId>>,
}

/// What must be stored about a server: `None` if the bot is no longer in it, and `Some(None)` if only its id
/// is known.
#[cfg(feature = "postgres")]
pub type Change = Option<Option<Packed>>;

impl Cache {
    /// An empty cache for this bot, to be filled with what an earlier run knew.
    pub fn remembered(me: UserId) -> Self {
        Self {
            me: Some(me),
            ..Self::default()
        }
    }

    /// Remembers a server as an earlier run knew it; `None` is one that it knew by its id only.
    /// False if that cannot be read.
    pub fn remember(&mut self, id: GuildId, known: Option<&[u8]>) -> bool {
        match known.map(Packed::read) {
            None => {
                self.unavailable.insert(id);
                true
            }
            Some(Some(packed)) => {
                self.guilds.insert(id, packed);
                true
            }
            Some(None) => false,
        }
    }

    /// Everything in it, for the next run to [remember](Self::remember).
    pub fn into_servers(self) -> impl Iterator<Item = (GuildId, Option<Packed>)> {
        let known = self
            .guilds
            .into_iter()
            .map(|(id, packed)| (id, Some(packed)));
        known.chain(self.unavailable.into_iter().map(|id| (id, None)))
    }

    /// The bot's own user. Known once the gateway is connected.
    pub fn me(&self) -> Option<UserId> {
        self.me
    }

    /// Whether Discord has sent this server.
    pub fn knows(&self, id: GuildId) -> bool {
        self.guilds.contains_key(&id)
    }

    /// The servers that Discord has sent.
    pub fn known_guilds(&self) -> impl Iterator<Item = GuildId> {
        self.guilds.keys().copied()
    }

    /// What is known of a server, if Discord has sent it.
    pub fn guild(&self, id: GuildId) -> Option<Guild> {
        self.guilds.get(&id).map(|packed| packed.unpack(id))
    }

    /// Whether the bot is in this server, known or not.
    pub fn is_in(&self, id: GuildId) -> bool {
        self.knows(id) || self.unavailable.contains(&id)
    }

    /// Whether Discord has yet to send this server: it is unavailable, or its shard is not connected yet.
    /// Until then, neither anybody's permissions nor the server's language are known.
    pub fn awaits(&self, id: GuildId) -> bool {
        let is_connected = self.told.contains(&shard_of(id, self.shards));
        !self.knows(id) && (!is_connected || self.unavailable.contains(&id))
    }

    /// How many servers the bot is in.
    pub fn len(&self) -> usize {
        self.guilds.len() + self.unavailable.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the list of servers of each of these shards is known. Only then does a missing server mean
    /// that the bot is no longer in it.
    pub fn is_complete(&self, mut shards: impl Iterator<Item = u32>) -> bool {
        shards.all(|shard| self.told.contains(&shard))
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
        self.shards = shards;
        match incoming {
            Incoming::Ready { me, guilds, .. } => self.begin(*me, guilds, shard, shards),
            // Discord has replayed all missed events, so the remembered servers of this shard are up to date.
            Incoming::Resumed => {
                self.told.insert(shard);
            }
            Incoming::Guild(guild) => {
                let id = guild.id.into();
                self.unavailable.remove(&id);
                if self.unavailable.is_empty() {
                    // A large bot has waited for thousands: their room is no longer needed.
                    self.unavailable = HashSet::new();
                }
                if let Some(me) = self.me {
                    self.guilds.insert(id, Guild::of(guild, me).pack());
                }
                self.changes(id);
            }
            Incoming::GuildGone { guild, unavailable } => {
                self.guilds.remove(guild);
                if *unavailable {
                    self.unavailable.insert(*guild);
                } else {
                    self.unavailable.remove(guild);
                }
                self.changes(*guild);
            }
            // Only the bot's own roles and threads matter.
            Incoming::Member { user, .. } if Some(*user) != self.me => {}
            Incoming::ThreadMembers { left, .. }
                if self.me.is_none_or(|me| !left.contains(&me)) => {}
            _ => self.learn_inside(incoming),
        }
    }

    /// A new session lists the servers of this shard again. The cached servers are kept
    /// until Discord describes them again, which takes a moment.
    fn begin(&mut self, me: UserId, guilds: &[GuildId], shard: u32, shards: u32) {
        self.me = Some(me);
        let named: HashSet<GuildId> = guilds.iter().copied().collect();
        let elsewhere = |id: &GuildId| shard_of(*id, shards) != shard || named.contains(id);
        if let Some(changed) = &mut self.changed {
            let before = self.guilds.keys().chain(&self.unavailable);
            changed.extend(before.filter(|id| !elsewhere(id)));
            changed.extend(&named);
        }
        self.guilds.retain(|id, _| elsewhere(id));
        self.unavailable.retain(elsewhere);
        for id in guilds {
            if !self.guilds.contains_key(id) {
                self.unavailable.insert(*id);
            }
        }
        self.told.insert(shard);
    }

    fn changes(&mut self, id: GuildId) {
        if let Some(changed) = &mut self.changed {
            changed.insert(id);
        }
    }

    fn learn_inside(&mut self, incoming: &Incoming) {
        let Some((id, packed)) =
            guild_of(incoming).and_then(|id| self.guilds.get_mut(&id).map(|packed| (id, packed)))
        else {
            return;
        };
        let mut guild = packed.unpack(id);
        guild.learn(incoming, self.me);
        let now = guild.pack();
        if *packed != now {
            *packed = now;
            self.changes(id);
        }
    }
}

/// For the code that stores servers while the bot runs.
#[cfg(feature = "postgres")]
impl Cache {
    /// From now on, [`Self::take_changes`] returns which servers have changed.
    pub fn note_changes(&mut self) {
        self.changed.get_or_insert_default();
    }

    /// Takes at most this many of the servers that have changed, with their present state. The flag says
    /// whether none are left.
    pub fn take_changes(&mut self, most: usize) -> (Vec<(GuildId, Change)>, bool) {
        let ids = self.changed.iter().flatten().copied();
        let ids: Vec<GuildId> = ids.take(most).collect();
        if let Some(changed) = &mut self.changed {
            for id in &ids {
                changed.remove(id);
            }
        }
        let is_all = self.changed.as_ref().is_none_or(HashSet::is_empty);
        let changes = ids.into_iter().map(|id| {
            let known = self.guilds.get(&id).cloned();
            (id, self.is_in(id).then_some(known))
        });
        (changes.collect(), is_all)
    }

    /// Notes these servers as changed again, because storing them failed.
    pub fn put_back(&mut self, ids: impl Iterator<Item = GuildId>) {
        if let Some(changed) = &mut self.changed {
            changed.extend(ids);
        }
    }
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
        | Incoming::ThreadMembers { guild, .. }
        | Incoming::ThreadList { guild, .. } => *guild,
        Incoming::ThreadCreated(thread) | Incoming::ThreadChanged(thread) => thread.guild,
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
