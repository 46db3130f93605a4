//! Servers: their roles, members, emojis and webhooks.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::id::{
    ApplicationId, AttachmentId, ChannelId, EmojiId, GuildId, RoleId, Timestamp, UserId, WebhookId,
};
use crate::permissions::Permissions;

/// A server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Guild {
    pub id: GuildId,
    pub name: String,
    pub owner: UserId,
    pub preferred_locale: String,
    pub description: Option<String>,
    /// The channel in which joins are announced.
    pub system_channel: Option<ChannelId>,
    pub roles: BTreeMap<RoleId, Role>,
    pub members: BTreeMap<UserId, Member>,
    /// Its channels, without threads.
    pub channels: BTreeSet<ChannelId>,
    /// Threads that are not archived.
    pub active_threads: BTreeSet<ChannelId>,
    /// 1 if moderation needs two-factor authentication, or else 0.
    #[serde(default)]
    pub mfa_level: u8,
    #[serde(default)]
    pub emojis: BTreeMap<EmojiId, MadeEmoji>,
    #[serde(default)]
    pub icon: Option<Image>,
    /// The banned users, with the reasons.
    #[serde(default)]
    pub bans: BTreeMap<UserId, Option<String>>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Role {
    pub id: RoleId,
    pub name: String,
    pub color: u32,
    pub hoist: bool,
    pub position: u32,
    pub permissions: Permissions,
    pub mentionable: bool,
    /// The bot whose own role this is.
    pub bot: Option<UserId>,
}

/// A user's membership in a server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Member {
    pub user: UserId,
    pub nick: Option<String>,
    /// Without the role of `@everyone`.
    pub roles: BTreeSet<RoleId>,
    pub joined_at: Timestamp,
    pub timed_out_until: Option<Timestamp>,
}

/// A custom emoji of a server or an application. Its picture is the file with the same id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MadeEmoji {
    pub id: EmojiId,
    pub name: String,
    pub animated: bool,
    pub creator: UserId,
    /// The roles that may use it; everybody if empty.
    pub roles: BTreeSet<RoleId>,
}

/// An avatar or an icon, stored as this file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image(pub AttachmentId);

impl Image {
    /// The hash of the picture in JSON and addresses.
    pub fn hash(self) -> String {
        format!("{:032x}", self.0.0)
    }

    pub fn of_hash(hash: &str) -> Option<Self> {
        let hash = hash.strip_prefix("a_").unwrap_or(hash);
        u64::from_str_radix(hash, 16)
            .ok()
            .map(|id| Self(AttachmentId(id)))
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Webhook {
    pub id: WebhookId,
    pub channel: ChannelId,
    pub guild: GuildId,
    pub creator: UserId,
    pub name: String,
    pub token: String,
    /// The application whose bot made it.
    pub application: Option<ApplicationId>,
    #[serde(default)]
    pub avatar: Option<Image>,
}
