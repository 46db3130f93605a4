//! Who may do what: Discord's permission bits and the rules by which they add up.
//!
//! Pure: everything that matters is an argument. Source: Discord's documentation, "Permissions".

use std::fmt;
use std::ops::{BitAnd, BitOr, BitOrAssign, Not};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::Value;

use crate::id::{RoleId, UserId};

/// A set of permissions. A decimal string on the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Permissions(pub u64);

macro_rules! bits {
    ($($name:ident = $bit:literal),+ $(,)?) => {
        impl Permissions {
            $(pub const $name: Self = Self(1 << $bit);)+
            /// Every permission that Discord defines.
            pub const ALL: Self = Self(0 $(| 1 << $bit)+);
            /// Each permission with its name in Discord's documentation.
            pub(crate) const NAMED: &[(&str, Self)] = &[$((stringify!($name), Self::$name)),+];
        }
    };
}

bits! {
    CREATE_INSTANT_INVITE = 0,
    KICK_MEMBERS = 1,
    BAN_MEMBERS = 2,
    ADMINISTRATOR = 3,
    MANAGE_CHANNELS = 4,
    MANAGE_GUILD = 5,
    ADD_REACTIONS = 6,
    VIEW_AUDIT_LOG = 7,
    PRIORITY_SPEAKER = 8,
    STREAM = 9,
    VIEW_CHANNEL = 10,
    SEND_MESSAGES = 11,
    SEND_TTS_MESSAGES = 12,
    MANAGE_MESSAGES = 13,
    EMBED_LINKS = 14,
    ATTACH_FILES = 15,
    READ_MESSAGE_HISTORY = 16,
    MENTION_EVERYONE = 17,
    USE_EXTERNAL_EMOJIS = 18,
    VIEW_GUILD_INSIGHTS = 19,
    CONNECT = 20,
    SPEAK = 21,
    MUTE_MEMBERS = 22,
    DEAFEN_MEMBERS = 23,
    MOVE_MEMBERS = 24,
    USE_VAD = 25,
    CHANGE_NICKNAME = 26,
    MANAGE_NICKNAMES = 27,
    MANAGE_ROLES = 28,
    MANAGE_WEBHOOKS = 29,
    MANAGE_GUILD_EXPRESSIONS = 30,
    USE_APPLICATION_COMMANDS = 31,
    REQUEST_TO_SPEAK = 32,
    MANAGE_EVENTS = 33,
    MANAGE_THREADS = 34,
    CREATE_PUBLIC_THREADS = 35,
    CREATE_PRIVATE_THREADS = 36,
    USE_EXTERNAL_STICKERS = 37,
    SEND_MESSAGES_IN_THREADS = 38,
    USE_EMBEDDED_ACTIVITIES = 39,
    MODERATE_MEMBERS = 40,
    VIEW_CREATOR_MONETIZATION_ANALYTICS = 41,
    USE_SOUNDBOARD = 42,
    CREATE_GUILD_EXPRESSIONS = 43,
    CREATE_EVENTS = 44,
    USE_EXTERNAL_SOUNDS = 45,
    SEND_VOICE_MESSAGES = 46,
    SET_VOICE_CHANNEL_STATUS = 48,
    SEND_POLLS = 49,
    USE_EXTERNAL_APPS = 50,
    PIN_MESSAGES = 51,
    BYPASS_SLOWMODE = 52,
}

impl Permissions {
    pub const NONE: Self = Self(0);

    /// The permissions of `@everyone` in a new server.
    pub const DEFAULT_EVERYONE: Self = Self(
        Self::CREATE_INSTANT_INVITE.0
            | Self::ADD_REACTIONS.0
            | Self::STREAM.0
            | Self::VIEW_CHANNEL.0
            | Self::SEND_MESSAGES.0
            | Self::EMBED_LINKS.0
            | Self::ATTACH_FILES.0
            | Self::READ_MESSAGE_HISTORY.0
            | Self::USE_EXTERNAL_EMOJIS.0
            | Self::CONNECT.0
            | Self::SPEAK.0
            | Self::USE_VAD.0
            | Self::CHANGE_NICKNAME.0
            | Self::USE_APPLICATION_COMMANDS.0
            | Self::REQUEST_TO_SPEAK.0
            | Self::CREATE_PUBLIC_THREADS.0
            | Self::CREATE_PRIVATE_THREADS.0
            | Self::USE_EXTERNAL_STICKERS.0
            | Self::SEND_MESSAGES_IN_THREADS.0
            | Self::SEND_VOICE_MESSAGES.0
            | Self::SEND_POLLS.0,
    );

    /// The permissions of both members of direct messages.
    pub(crate) const DIRECT_MESSAGES: Self = Self(
        Self::VIEW_CHANNEL.0
            | Self::SEND_MESSAGES.0
            | Self::EMBED_LINKS.0
            | Self::ATTACH_FILES.0
            | Self::READ_MESSAGE_HISTORY.0
            | Self::ADD_REACTIONS.0
            | Self::USE_EXTERNAL_EMOJIS.0
            | Self::USE_EXTERNAL_STICKERS.0
            | Self::USE_APPLICATION_COMMANDS.0
            | Self::MENTION_EVERYONE.0
            | Self::SEND_TTS_MESSAGES.0
            | Self::PIN_MESSAGES.0
            | Self::SEND_VOICE_MESSAGES.0
            | Self::SEND_POLLS.0,
    );

    /// The permissions that a member in time-out keeps.
    const TIMED_OUT: Self = Self(Self::VIEW_CHANNEL.0 | Self::READ_MESSAGE_HISTORY.0);

    /// The permissions that have no effect without *Send Messages*.
    const NEEDS_SENDING: Self = Self(
        Self::MENTION_EVERYONE.0
            | Self::SEND_TTS_MESSAGES.0
            | Self::ATTACH_FILES.0
            | Self::EMBED_LINKS.0,
    );

    /// The permissions that need two-factor authentication if the server requires it. For a bot, the account
    /// of its owner must have it.
    const ELEVATED: Self = Self(
        Self::KICK_MEMBERS.0
            | Self::BAN_MEMBERS.0
            | Self::ADMINISTRATOR.0
            | Self::MANAGE_CHANNELS.0
            | Self::MANAGE_GUILD.0
            | Self::MANAGE_MESSAGES.0
            | Self::MANAGE_ROLES.0
            | Self::MANAGE_WEBHOOKS.0
            | Self::MANAGE_GUILD_EXPRESSIONS.0
            | Self::MANAGE_THREADS.0
            | Self::VIEW_CREATOR_MONETIZATION_ANALYTICS.0,
    );

    /// Not a Discord permission: it marks a set whose elevated permissions have no effect.
    const ONE_FACTOR: Self = Self(1 << 63);

    /// This set, without the use of permissions that need two-factor authentication.
    #[must_use]
    pub fn with_one_factor(self) -> Self {
        self | Self::ONE_FACTOR
    }

    /// This set, including permissions that have no effect without two-factor authentication.
    #[must_use]
    pub fn as_given(self) -> Self {
        self & !Self::ONE_FACTOR
    }

    /// Whether all of `wanted` are in the set and have an effect.
    pub fn has(self, wanted: Self) -> bool {
        let usable = if self.0 & Self::ONE_FACTOR.0 == 0 {
            self
        } else {
            self & !Self::ELEVATED
        };
        usable.0 & wanted.0 == wanted.0
    }

    /// Reads a decimal string or a number.
    pub fn from_json(value: &Value) -> Option<Self> {
        match value {
            Value::String(text) => text.parse().ok().map(Self),
            Value::Number(number) => number.as_u64().map(Self),
            _ => None,
        }
    }
}

/// A channel's exception for a role or a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overwrite {
    pub target: Target,
    pub allow: Permissions,
    pub deny: Permissions,
}

/// The role or member to which an overwrite applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Target {
    Role(RoleId),
    Member(UserId),
}

/// Everything about a member that their permissions depend on.
#[derive(Clone, Debug)]
pub struct Standing {
    pub user: UserId,
    /// Whether the member owns the server.
    pub owner: bool,
    /// The role of `@everyone`, which all members have.
    pub everyone: (RoleId, Permissions),
    pub roles: Vec<(RoleId, Permissions)>,
    pub timed_out: bool,
}

impl Standing {
    /// The member's permissions in the server.
    pub fn in_guild(&self) -> Permissions {
        match self.base() {
            base if base.has(Permissions::ADMINISTRATOR) => Permissions::ALL,
            base => self.unless_timed_out(base),
        }
    }

    /// The member's permissions in a channel.
    pub fn in_channel(&self, overwrites: &[Overwrite]) -> Permissions {
        self.in_place(overwrites, |explicit| explicit)
    }

    /// The member's permissions in a thread under a channel with these overwrites. In the result, *Send
    /// Messages* means sending in this thread.
    pub fn in_thread(&self, parent_overwrites: &[Overwrite]) -> Permissions {
        self.in_place(parent_overwrites, |explicit| {
            if explicit.has(Permissions::SEND_MESSAGES_IN_THREADS) {
                explicit | Permissions::SEND_MESSAGES
            } else {
                explicit & !Permissions::SEND_MESSAGES
            }
        })
    }

    /// Whether one of these overwrites allows the member `wanted`.
    pub fn is_given(&self, overwrites: &[Overwrite], wanted: Permissions) -> bool {
        let applies = |target| match target {
            Target::Role(role) => {
                role == self.everyone.0 || self.roles.iter().any(|(own, _)| *own == role)
            }
            Target::Member(user) => user == self.user,
        };
        let mut overwrites = overwrites.iter().filter(|o| applies(o.target));
        overwrites.any(|overwrite| overwrite.allow.has(wanted))
    }

    fn in_place(
        &self,
        overwrites: &[Overwrite],
        adapt: impl FnOnce(Permissions) -> Permissions,
    ) -> Permissions {
        let base = self.base();
        if base.has(Permissions::ADMINISTRATOR) {
            return Permissions::ALL;
        }
        let explicit = adapt(self.explicit(base, overwrites));
        if !explicit.has(Permissions::VIEW_CHANNEL) {
            return Permissions::NONE;
        }
        let allowed = if explicit.has(Permissions::SEND_MESSAGES) {
            explicit
        } else {
            explicit & !Permissions::NEEDS_SENDING
        };
        self.unless_timed_out(allowed)
    }

    fn base(&self) -> Permissions {
        if self.owner {
            return Permissions::ALL;
        }
        self.roles
            .iter()
            .fold(self.everyone.1, |sum, (_, permissions)| sum | *permissions)
    }

    /// Applies overwrites in Discord's order: `@everyone`, then all roles together, then the member.
    fn explicit(&self, base: Permissions, overwrites: &[Overwrite]) -> Permissions {
        let mut everyone = Overwrite::nothing();
        let mut roles = Overwrite::nothing();
        let mut member = Overwrite::nothing();
        for overwrite in overwrites {
            let layer = match overwrite.target {
                Target::Role(role) if role == self.everyone.0 => &mut everyone,
                Target::Role(role) if self.roles.iter().any(|(own, _)| *own == role) => &mut roles,
                Target::Member(user) if user == self.user => &mut member,
                _ => continue,
            };
            layer.allow |= overwrite.allow;
            layer.deny |= overwrite.deny;
        }
        [everyone, roles, member]
            .iter()
            .fold(base, |sum, layer| (sum & !layer.deny) | layer.allow)
    }

    fn unless_timed_out(&self, permissions: Permissions) -> Permissions {
        if self.timed_out {
            permissions & Permissions::TIMED_OUT
        } else {
            permissions
        }
    }
}

impl Overwrite {
    fn nothing() -> Self {
        Self {
            target: Target::Role(RoleId(0)),
            allow: Permissions::NONE,
            deny: Permissions::NONE,
        }
    }
}

impl Target {
    /// The id in JSON. The field `type` distinguishes roles and members.
    pub const fn id(self) -> u64 {
        match self {
            Self::Role(id) => id.0,
            Self::Member(id) => id.0,
        }
    }
}

impl BitOr for Permissions {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitOrAssign for Permissions {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

impl BitAnd for Permissions {
    type Output = Self;
    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl Not for Permissions {
    type Output = Self;
    fn not(self) -> Self {
        Self(!self.0)
    }
}

impl fmt::Display for Permissions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_given().0.fmt(f)
    }
}

impl Serialize for Permissions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Permissions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bits = String::deserialize(deserializer)?;
        bits.parse().map(Self).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests;
