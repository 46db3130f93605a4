//! Servers can require two-factor authentication for moderation. That also applies to the account of the
//! bot's host: without it, Discord permanently refuses calls that need Manage Threads.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use tickets::GuildId;

use crate::discord::events::Incoming;

/// Warns the host, once for each server.
#[derive(Default)]
pub struct TwoFactors {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    /// Discord said that the host's account has none.
    is_missing: bool,
    warned: HashSet<GuildId>,
}

impl TwoFactors {
    pub fn notice(&self, incoming: &Incoming) {
        match incoming {
            Incoming::Ready {
                has_two_factors, ..
            } => self.ready(*has_two_factors),
            Incoming::Guild(guild) if guild.mfa_level > 0 => {
                let guild = guild.id.into();
                if self.is_news(guild) {
                    tracing::warn!(
                        server = %guild,
                        "this server requires two-factor authentication for moderation, and your \
                         Discord account, which owns the bot, has none: tickets there cannot be \
                         locked; enable it in Discord's user settings"
                    );
                }
            }
            _ => {}
        }
    }

    fn ready(&self, has_two_factors: Option<bool>) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.is_missing = has_two_factors == Some(false);
    }

    fn is_news(&self, guild: GuildId) -> bool {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.is_missing && inner.warned.insert(guild)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_warns_once_for_each_server_and_only_if_discord_says_so() {
        let two_factors = TwoFactors::default();
        for (said, is_news) in [(None, false), (Some(true), false), (Some(false), true)] {
            two_factors.ready(said);
            assert_eq!(two_factors.is_news(GuildId(1)), is_news, "{said:?}");
        }
        assert!(!two_factors.is_news(GuildId(1)), "it was said");
        assert!(two_factors.is_news(GuildId(2)));
    }
}
