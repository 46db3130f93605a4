//! How many shards a bot is recommended to use, and how many of them may begin a session at the same time.

/// The number of servers for which one shard is recommended, roughly.
const GUILDS_PER_SHARD: usize = 1300;

/// The settings for the response to `GET /gateway/bot`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sharding {
    /// A fixed number of shards, whatever the number of servers.
    pub(crate) shards: Option<u32>,
    /// Discord's is 1 for bots in fewer than 150,000 servers.
    pub(crate) max_concurrency: u32,
}

impl Default for Sharding {
    fn default() -> Self {
        Self {
            shards: None,
            max_concurrency: 1,
        }
    }
}

impl Sharding {
    /// The number of shards for a bot in this many servers.
    pub(crate) fn recommended(self, guilds: usize) -> usize {
        let asked = self.shards.and_then(|shards| usize::try_from(shards).ok());
        asked
            .unwrap_or_else(|| guilds.div_ceil(GUILDS_PER_SHARD))
            .max(1)
    }

    /// The group of a shard. The shards of one group begin their sessions one after the other.
    pub(crate) fn group(self, shard: u64) -> u64 {
        shard % u64::from(self.max_concurrency.max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_are_recommended_by_servers_or_as_asked_for() {
        let by_servers = Sharding::default();
        let counts = [0, 1, 1300, 1301, 10_001].map(|guilds| by_servers.recommended(guilds));
        assert_eq!(counts, [1, 1, 1, 2, 8]);
        let asked = Sharding {
            shards: Some(8),
            max_concurrency: 16,
        };
        assert_eq!(asked.recommended(1), 8);
        assert_eq!((asked.group(3), asked.group(19)), (3, 3));
        assert_eq!(by_servers.group(7), 0);
    }
}
