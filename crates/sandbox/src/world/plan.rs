//! The people and servers of an initial world, as a seed file describes them. Nothing has an id yet:
//! references are valid indexes.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::model::ChannelKind;
use crate::id::Timestamp;
use crate::permissions::Permissions;

/// The meaning of a seed file; by default, the default world. It has at least one person and one server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// A fixed id of the application and its bot, if the seed file gives one.
    pub(crate) application: Option<u64>,
    pub(crate) bot_name: String,
    /// The person who owns the application.
    pub(crate) owner: usize,
    pub(crate) people: Vec<PersonPlan>,
    pub(crate) guilds: Vec<GuildPlan>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct PersonPlan {
    pub(crate) id: Option<u64>,
    pub(crate) username: String,
    pub(crate) global_name: Option<String>,
    pub(crate) locale: String,
    pub(crate) part: Option<Part>,
}

/// A person's part in the control API. The `owner` is the person who owns the first server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Part {
    Moderator,
    Member,
    Member2,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct GuildPlan {
    pub(crate) id: Option<u64>,
    pub(crate) name: String,
    pub(crate) owner: usize,
    pub(crate) preferred_locale: String,
    pub(crate) description: Option<String>,
    pub(crate) system_channel: Option<usize>,
    /// The permissions of `@everyone`; by default, those of a new server.
    pub(crate) everyone: Option<Permissions>,
    /// From the lowest to the highest, without `@everyone`.
    pub(crate) roles: Vec<RolePlan>,
    pub(crate) members: Vec<MemberPlan>,
    pub(crate) channels: Vec<ChannelPlan>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct RolePlan {
    pub(crate) id: Option<u64>,
    /// By default, the bot's name.
    pub(crate) name: Option<String>,
    pub(crate) color: u32,
    pub(crate) hoist: bool,
    pub(crate) mentionable: bool,
    pub(crate) permissions: Permissions,
    /// Whether it is the bot's own.
    pub(crate) bot: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct MemberPlan {
    pub(crate) who: Who,
    pub(crate) nick: Option<String>,
    pub(crate) roles: Vec<usize>,
    /// By default, an hour after the world was made.
    #[serde(default)]
    pub(crate) joined_at: Option<Timestamp>,
    #[serde(default)]
    pub(crate) timed_out_until: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Who {
    Bot,
    Person(usize),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct ChannelPlan {
    pub(crate) id: Option<u64>,
    pub(crate) kind: ChannelKind,
    pub(crate) name: String,
    pub(crate) parent: Option<usize>,
    pub(crate) topic: Option<String>,
    pub(crate) nsfw: bool,
    pub(crate) rate_limit_per_user: u32,
    pub(crate) overwrites: Vec<OverwritePlan>,
    /// Oldest first.
    pub(crate) messages: Vec<MessagePlan>,
    #[serde(default)]
    pub(crate) forum: ForumPlan,
    /// For forums, oldest first.
    #[serde(default)]
    pub(crate) posts: Vec<PostPlan>,
}

/// The settings that only forums have.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct ForumPlan {
    pub(crate) tags: Vec<TagPlan>,
    /// Whether each post needs a tag.
    pub(crate) require_tag: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct TagPlan {
    pub(crate) name: String,
    pub(crate) moderated: bool,
    pub(crate) emoji_name: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct PostPlan {
    /// An index into the people.
    pub(crate) author: usize,
    pub(crate) name: String,
    pub(crate) content: String,
    /// Indexes into the forum's tags.
    pub(crate) tags: Vec<usize>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct MessagePlan {
    /// An index into the people.
    pub(crate) author: usize,
    pub(crate) content: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct OverwritePlan {
    pub(crate) target: TargetPlan,
    pub(crate) allow: Permissions,
    pub(crate) deny: Permissions,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum TargetPlan {
    Everyone,
    Role(usize),
    Member(Who),
}

impl Plan {
    /// Every id that the seed file gives.
    pub(super) fn given_ids(&self) -> BTreeSet<u64> {
        let people = self.people.iter().map(|person| person.id);
        let guilds = self.guilds.iter().flat_map(|guild| {
            let roles = guild.roles.iter().map(|role| role.id);
            let channels = guild.channels.iter().map(|channel| channel.id);
            roles.chain(channels).chain([guild.id])
        });
        let all = people.chain(guilds).chain([self.application]);
        all.flatten().collect()
    }
}
