//! The initial state of a world.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::model::{Privileged, Token};
use super::plan::Plan;
use crate::id::{ApplicationId, ChannelId, GuildId, RoleId, Timestamp, UserId};
use crate::permissions::Permissions;

/// The initial state of a world. `Seed::default()` is the default world; [`Seed::read`] and
/// [`Seed::from_toml`] read another one from a seed file.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Seed {
    /// The address of the sandbox, such as `http://127.0.0.1:4000`, with which addresses of attachments
    /// begin.
    pub base_url: String,
    /// The bot's token; by default, a made-up one.
    pub token: Option<String>,
    /// The bot's name; by default, the plan's.
    pub bot_name: Option<String>,
    /// Which privileged intents are switched on; all of them by default.
    pub privileged: Privileged,
    /// Further servers with the bot in them, for tests with many servers.
    pub more_guilds: MoreGuilds,
    /// The people and servers.
    pub plan: Plan,
    /// When the world's clock begins. Ids count up from then instead of containing the present time, so that
    /// two runs with the same actions have the same ids.
    #[serde(default)]
    pub ids_from: Option<Timestamp>,
}

/// Hides the token.
impl fmt::Debug for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Seed")
            .field("base_url", &self.base_url)
            .field("bot_name", &self.bot_name)
            .field("privileged", &self.privileged)
            .field("more_guilds", &self.more_guilds)
            .field("plan", &self.plan)
            .field("ids_from", &self.ids_from)
            .finish_non_exhaustive()
    }
}

/// Servers that are all the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MoreGuilds {
    pub count: u32,
    /// Text channels in each.
    pub channels: u32,
    /// Roles in each, besides `@everyone` and the bot's.
    pub roles: u32,
}

/// The objects of the default world.
///
/// In a world from a seed file, `guild` is the first server and `owner` its owner. The other people are those
/// with that `part`, and `moderator_role` is the moderator's first role there. Channels are found by name
/// (`general` may be any text channel). Missing objects have the id 0, which no object has.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Defaults {
    pub application: ApplicationId,
    pub bot: UserId,
    pub token: Token,
    pub guild: GuildId,
    pub owner: UserId,
    pub moderator: UserId,
    pub member: UserId,
    pub member2: UserId,
    pub moderator_role: RoleId,
    pub bot_role: RoleId,
    pub general: ChannelId,
    pub welcome: ChannelId,
    pub support: ChannelId,
    pub tickets: ChannelId,
}

impl Defaults {
    /// The person in this part of the control API: `owner`, `moderator`, `member`, `member2`.
    pub fn person(&self, name: &str) -> Option<UserId> {
        match name {
            "owner" => Some(self.owner),
            "moderator" => Some(self.moderator),
            "member" => Some(self.member),
            "member2" => Some(self.member2),
            _ => None,
        }
    }

    /// The part of this person.
    pub fn part(&self, user: UserId) -> Option<&'static str> {
        match user {
            _ if user == self.owner => Some("owner"),
            _ if user == self.moderator => Some("moderator"),
            _ if user == self.member || user == self.member2 => Some("member"),
            _ => None,
        }
    }
}

/// The permissions of the bot's role: those of a ticket bot's invite link, and Manage Threads.
pub(crate) const BOT_PERMISSIONS: Permissions = Permissions(
    Permissions::VIEW_CHANNEL.0
        | Permissions::SEND_MESSAGES.0
        | Permissions::CREATE_PRIVATE_THREADS.0
        | Permissions::SEND_MESSAGES_IN_THREADS.0
        | Permissions::EMBED_LINKS.0
        | Permissions::ATTACH_FILES.0
        | Permissions::MANAGE_THREADS.0,
);
