//! Applications with their bots, and people.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Image, MadeEmoji};
use crate::id::{ApplicationId, EmojiId, GuildId, UserId};
use crate::permissions::Permissions;

/// An application, which a bot logs in as.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Application {
    pub id: ApplicationId,
    pub name: String,
    /// The application's bot user.
    pub bot: UserId,
    /// The person who owns the application.
    pub owner: UserId,
    pub token: Token,
    pub privileged: Privileged,
    /// Whether the owner's account has two-factor authentication.
    #[serde(default = "yes")]
    pub owner_has_two_factors: bool,
    #[serde(default)]
    pub emojis: BTreeMap<EmojiId, MadeEmoji>,
    #[serde(default)]
    pub profile: Profile,
}

/// The application's description and installation settings. Nothing in the sandbox depends on them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    pub description: String,
    pub icon: Option<Image>,
    pub cover_image: Option<Image>,
    pub tags: Vec<String>,
    pub custom_install_url: Option<String>,
    pub install_params: Option<InstallParams>,
    /// The ways of installing it (0 in a server, 1 for a user), each with what it asks for.
    pub integration_types: BTreeMap<u8, Option<InstallParams>>,
}

impl Default for Profile {
    fn default() -> Self {
        Self {
            description: String::new(),
            icon: None,
            cover_image: None,
            tags: Vec::new(),
            custom_install_url: None,
            install_params: Some(InstallParams {
                scopes: vec!["bot".to_owned(), "applications.commands".to_owned()],
                permissions: Permissions::NONE,
            }),
            integration_types: Self::servers_only(),
        }
    }
}

impl Profile {
    /// The default: only the installation in a server.
    pub fn servers_only() -> BTreeMap<u8, Option<InstallParams>> {
        BTreeMap::from([(0, None)])
    }
}

/// What Discord's own installation link asks for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InstallParams {
    pub scopes: Vec<String>,
    pub permissions: Permissions,
}

const fn yes() -> bool {
    true
}

/// A bot's token. Its `Debug` hides it; only a kept world contains it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token(pub String);

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

/// The intents that are switched on for the application in Discord's developer portal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Privileged {
    pub members: bool,
    pub presences: bool,
    pub message_content: bool,
}

impl Privileged {
    const PRESENCES: u64 = 1 << 13;
    const MEMBERS: u64 = 1 << 15;
    const MESSAGE_CONTENT: u64 = 1 << 19;

    /// The application flags for these intents, in their variants for bots in few servers.
    pub const fn flags(self) -> u64 {
        let mut flags = 0;
        if self.presences {
            flags |= Self::PRESENCES;
        }
        if self.members {
            flags |= Self::MEMBERS;
        }
        if self.message_content {
            flags |= Self::MESSAGE_CONTENT;
        }
        flags
    }

    /// Reads such flags.
    pub const fn of_flags(flags: u64) -> Self {
        Self {
            members: flags & Self::MEMBERS != 0,
            presences: flags & Self::PRESENCES != 0,
            message_content: flags & Self::MESSAGE_CONTENT != 0,
        }
    }
}

impl Default for Privileged {
    fn default() -> Self {
        Self {
            members: true,
            presences: true,
            message_content: true,
        }
    }
}

/// A person or a bot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct User {
    pub id: UserId,
    pub username: String,
    pub global_name: Option<String>,
    /// The language of the person's client.
    pub locale: String,
    pub bot: bool,
    /// The servers that the user has joined.
    pub guilds: BTreeSet<GuildId>,
    /// Whether the user refuses direct messages.
    #[serde(default)]
    pub refuses_direct_messages: bool,
    #[serde(default)]
    pub avatar: Option<Image>,
}

impl User {
    /// The user's display name where no nickname is set.
    pub fn display_name(&self) -> &str {
        self.global_name.as_deref().unwrap_or(&self.username)
    }
}
