//! Applications with their bots, and people.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Image, MadeEmoji};
use crate::id::{ApplicationId, EmojiId, GuildId, UserId};

/// What a bot logs in as.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Application {
    pub id: ApplicationId,
    pub name: String,
    /// Its bot user.
    pub bot: UserId,
    /// Whose application it is.
    pub owner: UserId,
    pub token: Token,
    pub privileged: Privileged,
    /// Whether the owner's account has two-factor authentication.
    #[serde(default = "yes")]
    pub owner_has_two_factors: bool,
    #[serde(default)]
    pub emojis: BTreeMap<EmojiId, MadeEmoji>,
}

const fn yes() -> bool {
    true
}

/// A bot's token. Its `Debug` shows nothing of it; only what is kept for the next start has it.
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
    /// Where the user is a member.
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
