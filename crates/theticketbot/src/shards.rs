//! Which shards a process runs: all by default, or those of `[gateway]` in the config.

use std::fmt;
use std::ops::RangeInclusive;

use tickets::GuildId;

/// A range of shards, and how many there are in all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    shards: RangeInclusive<u32>,
    total: u32,
}

/// No bot needs more: this would be enough for ten million servers.
pub const MOST_SHARDS: u32 = 10_000;

impl Assignment {
    /// All shards of a bot with this many shards; at least one.
    pub fn all(total: u32) -> Self {
        let total = total.max(1);
        Self {
            shards: 0..=total - 1,
            total,
        }
    }

    /// One shard of a bot with this many shards.
    #[cfg(feature = "postgres")]
    pub fn one(shard: u32, total: u32) -> Self {
        Self {
            shards: shard..=shard,
            total,
        }
    }

    /// Parses what a config says, such as `0-7` of 32. The error says what is allowed.
    pub fn parse(text: &str, total: u32) -> Result<Self, String> {
        let number = |text: &str| {
            let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            is_number.then(|| text.parse().unwrap_or(u32::MAX))
        };
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        let (Some(first), Some(last)) = (number(first.trim()), number(last.trim())) else {
            return Err("must be a range such as \"0-7\", or one shard such as \"3\"".to_owned());
        };
        if first > last {
            return Err("must have the lower number first, such as \"0-7\"".to_owned());
        }
        if last >= total {
            return Err(format!(
                "must be within 0-{}, because total is {total} and shards are counted from 0",
                total.saturating_sub(1)
            ));
        }
        Ok(Self {
            shards: first..=last,
            total,
        })
    }

    /// The shards of this process, in their order.
    pub fn shards(&self) -> impl Iterator<Item = u32> + use<> {
        self.shards.clone()
    }

    /// How many shards this process has.
    pub fn count(&self) -> u32 {
        self.shards.end() - self.shards.start() + 1
    }

    /// How many shards the bot has, in all processes.
    pub const fn total(&self) -> u32 {
        self.total
    }

    /// Whether one of these shards serves a server.
    pub fn serves(&self, guild: GuildId) -> bool {
        self.shards.contains(&shard_of(guild, self.total))
    }

    /// Warns if Discord recommends more shards than the bot has.
    pub fn warn_of_too_few(&self, recommended: u32) {
        if recommended > self.total {
            tracing::warn!(
                total = self.total,
                recommended,
                "Discord recommends more shards than the bot has; set total in [gateway] to the \
                 recommended number, for all processes"
            );
        }
    }
}

/// The range in the form that the config has.
impl fmt::Display for Assignment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.shards.start(), self.shards.end())
    }
}

/// Which shard serves a server. Source: Discord's "Sharding".
pub fn shard_of(guild: GuildId, shards: u32) -> u32 {
    // A remainder of a division by a 32-bit number fits in 32 bits.
    u32::try_from((guild.0 >> 22) % u64::from(shards.max(1))).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_of_shards_is_parsed() {
        for (text, shards) in [
            ("0-7", 0..=7),
            ("3", 3..=3),
            (" 30 - 31 ", 30..=31),
            ("5-5", 5..=5),
        ] {
            let parsed = Assignment::parse(text, 32).unwrap();
            let expected: Vec<u32> = shards.collect();
            assert_eq!(parsed.shards().collect::<Vec<_>>(), expected, "{text}");
            assert_eq!(parsed.count() as usize, expected.len());
            assert_eq!(Assignment::parse(&parsed.to_string(), 32), Ok(parsed));
        }
        assert_eq!(Assignment::parse("0-31", 32), Ok(Assignment::all(32)));
    }

    #[test]
    fn anything_else_is_refused_with_what_is_allowed() {
        for (text, why) in [
            ("", "a range such as"),
            ("-", "a range such as"),
            ("1-", "a range such as"),
            ("0..7", "a range such as"),
            ("0-7,9", "a range such as"),
            ("+1", "a range such as"),
            ("7-0", "the lower number first"),
            ("0-32", "within 0-31, because total is 32"),
            ("99999999999", "within 0-31"),
        ] {
            let error = Assignment::parse(text, 32).unwrap_err();
            assert!(
                error.starts_with("must ") && error.contains(why),
                "{text}: {error}"
            );
        }
    }

    #[test]
    fn a_server_is_served_by_one_shard() {
        let (low, high) = (Assignment::parse("0-1", 4), Assignment::parse("2-3", 4));
        let (low, high) = (low.unwrap(), high.unwrap());
        for shard in 0..4_u64 {
            let guild = GuildId((shard + 4 * 1_000) << 22 | 5);
            assert_eq!(shard_of(guild, 4), u32::try_from(shard).unwrap());
            assert_eq!(
                (low.serves(guild), high.serves(guild)),
                (shard < 2, shard >= 2)
            );
        }
        assert!(Assignment::all(0).serves(GuildId(7)));
    }
}
