//! Discord's snowflakes, one type per kind of thing, so that a channel is never taken for a user.

use std::fmt;
use std::num::ParseIntError;
use std::str::FromStr;
use std::time::Duration;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub u64);

        impl $name {
            /// When the thing was created, in milliseconds since the Unix epoch.
            /// Source: Discord's API reference, "Snowflakes".
            pub const fn created_at(self) -> Timestamp {
                Timestamp::of_snowflake(self.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = ParseIntError;
            fn from_str(s: &str) -> Result<Self, Self::Err> {
                s.parse().map(Self)
            }
        }
    )+};
}

ids! {
    /// A server.
    GuildId,
    /// A channel or a thread.
    ChannelId,
    /// A message.
    MessageId,
    /// An inbox. Its number is the id of its first message, as the original's database requires. An inbox
    /// without a message of its own has the id of the interaction that created it.
    InboxId,
    /// A user; in a server, a member.
    UserId,
    /// A role.
    RoleId,
}

impl InboxId {
    /// Stands for the server where an inbox is named. No inbox has this number.
    pub const SERVER: Self = Self(0);

    /// The inbox whose first message this is.
    pub const fn of_message(message: MessageId) -> Self {
        Self(message.0)
    }
}

/// A moment, in milliseconds since the Unix epoch. This crate has no clock: a moment is always
/// an argument, usually the one that an interaction's id holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

/// The first millisecond of 2015, where Discord's snowflakes begin.
const DISCORD_EPOCH: i64 = 1_420_070_400_000;

impl Timestamp {
    /// The moment that a snowflake's upper 42 bits hold.
    pub const fn of_snowflake(snowflake: u64) -> Self {
        Self((snowflake >> 22).cast_signed() + DISCORD_EPOCH)
    }

    /// The smallest snowflake of this moment: those of things that were created later are larger.
    pub const fn snowflake(self) -> u64 {
        let since = self.0.saturating_sub(DISCORD_EPOCH);
        if since < 0 {
            0
        } else {
            since.cast_unsigned() << 22
        }
    }

    /// Whole seconds since the Unix epoch, as `<t:…>` wants them.
    pub const fn unix_seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// The same, rounded up, so that something happens at the second that is shown or before, not after it.
    pub const fn unix_seconds_up(self) -> i64 {
        self.plus(999).unix_seconds()
    }

    /// The day, counted from the Unix epoch, in UTC.
    pub const fn day(self) -> i64 {
        self.0.div_euclid(24 * 60 * 60 * 1000)
    }

    /// This many milliseconds later.
    #[must_use]
    pub const fn plus(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// The time from `earlier` to this moment; zero if `earlier` is later.
    pub fn duration_since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.since(earlier)).unwrap_or(0))
    }

    /// How many milliseconds have passed since `earlier`; negative if it is later.
    pub const fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// Who is mentioned in a new ticket: a member or a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mention {
    User(UserId),
    Role(RoleId),
}

impl fmt::Display for Mention {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(id) => write!(f, "<@{id}>"),
            Self::Role(id) => write!(f, "<@&{id}>"),
        }
    }
}

/// The text was no mention of a member or a role.
#[derive(Debug, PartialEq, Eq)]
pub struct NotAMention;

impl FromStr for Mention {
    type Err = NotAMention;

    fn from_str(s: &str) -> Result<Self, NotAMention> {
        let inner = s
            .strip_prefix("<@")
            .and_then(|s| s.strip_suffix('>'))
            .ok_or(NotAMention)?;
        let parsed = match inner.strip_prefix('&') {
            Some(role) => role.parse().map(Self::Role),
            // Old clients wrote <@!id> for members with a nickname.
            None => inner
                .strip_prefix('!')
                .unwrap_or(inner)
                .parse()
                .map(Self::User),
        };
        parsed.map_err(|_| NotAMention)
    }
}

impl Serialize for Mention {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Mention {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse()
            .map_err(|NotAMention| D::Error::custom("not a mention of a member or a role"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mentions_survive_a_round_trip() {
        for text in ["<@1>", "<@&22>"] {
            assert_eq!(text.parse::<Mention>().unwrap().to_string(), text);
        }
        assert_eq!("<@!3>".parse(), Ok(Mention::User(UserId(3))));
        for wrong in ["", "<@>", "<@&>", "@everyone", "<#4>", "<@x>", "<@1", "1"] {
            assert_eq!(wrong.parse::<Mention>(), Err(NotAMention), "{wrong}");
        }
    }

    #[test]
    fn a_snowflake_holds_its_time() {
        // The example of Discord's API reference.
        assert_eq!(
            MessageId(175_928_847_299_117_063).created_at(),
            Timestamp(1_462_015_105_796)
        );
        let moment = Timestamp(1_462_015_105_796);
        assert_eq!(Timestamp::of_snowflake(moment.snowflake()), moment);
        assert!(moment.snowflake() <= 175_928_847_299_117_063);
        assert_eq!(Timestamp(0).snowflake(), 0);
    }
}
