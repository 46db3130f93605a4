//! The mentions in a text, and which of them take effect.

use std::collections::BTreeSet;

use super::World;
use super::draft::{AllowedMentions, AllowedOf};
use crate::id::{GuildId, RoleId, UserId};
use crate::permissions::Permissions;

/// The mentions of a message that take effect.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Mentions {
    pub users: Vec<UserId>,
    pub roles: Vec<RoleId>,
    pub everyone: bool,
}

impl AllowedMentions {
    /// The default for ordinary messages.
    pub fn of_messages() -> Self {
        Self {
            everyone: true,
            users: AllowedOf::All,
            roles: AllowedOf::All,
            replied_user: true,
        }
    }

    /// The default for responses to interactions and for webhooks.
    pub fn of_webhooks() -> Self {
        Self {
            users: AllowedOf::All,
            replied_user: true,
            ..Self::default()
        }
    }
}

impl World {
    /// The mentions in a text that take effect. That depends on `allowed_mentions` and the sender's
    /// permissions.
    pub(super) fn mentions_in(
        &self,
        guild: GuildId,
        text: &str,
        allowed: &AllowedMentions,
        sender: Permissions,
    ) -> Mentions {
        let found = scan(text);
        let roles = self.guilds.get(&guild).map(|g| &g.roles);
        let may_all = sender.has(Permissions::MENTION_EVERYONE);
        let counts = |id: &RoleId| {
            let role = roles.and_then(|roles| roles.get(id));
            *id != guild.everyone()
                && role.is_some_and(|role| role.mentionable || may_all)
                && allowed.roles.allows(id)
        };
        Mentions {
            users: found
                .users
                .into_iter()
                .filter(|id| self.users.contains_key(id) && allowed.users.allows(id))
                .collect(),
            roles: found.roles.into_iter().filter(counts).collect(),
            everyone: found.everyone && may_all && allowed.everyone,
        }
    }
}

/// All mentions in a text outside code, without duplicates, in order.
fn scan(text: &str) -> Mentions {
    let text = without_code(text);
    let mut found = Mentions {
        everyone: text.contains("@everyone") || text.contains("@here"),
        ..Mentions::default()
    };
    let (mut users, mut roles) = (BTreeSet::new(), BTreeSet::new());
    for piece in text.split("<@").skip(1) {
        let Some((inner, _)) = piece.split_once('>') else {
            continue;
        };
        if let Some(role) = inner.strip_prefix('&') {
            if let Some(id) = digits(role).map(RoleId)
                && roles.insert(id)
            {
                found.roles.push(id);
            }
        } else if let Some(id) = digits(inner.strip_prefix('!').unwrap_or(inner)).map(UserId)
            && users.insert(id)
        {
            found.users.push(id);
        }
    }
    found
}

fn digits(text: &str) -> Option<u64> {
    let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| text.parse().ok())?
}

/// The text without code blocks and inline code.
fn without_code(text: &str) -> String {
    let mut rest = text;
    let mut kept = String::with_capacity(text.len());
    while let Some(start) = rest.find('`') {
        let (before, from_tick) = rest.split_at(start);
        let ticks = from_tick.bytes().take_while(|b| *b == b'`').count();
        let fence = &from_tick[..ticks];
        let inner = &from_tick[ticks..];
        kept.push_str(before);
        if let Some(end) = inner.find(fence) {
            kept.push(' ');
            rest = &inner[end + ticks..];
        } else {
            kept.push_str(fence);
            rest = inner;
        }
    }
    kept.push_str(rest);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mentions_are_found_once_and_not_in_code() {
        let users = |text| scan(text).users.iter().map(|id| id.0).collect::<Vec<_>>();
        assert_eq!(users("<@1> <@!2><@1>"), [1, 2]);
        assert_eq!(users("`<@1>` <@2> ```\n<@3>``` <@4>"), [2, 4]);
        assert_eq!(users("`` <@1> ` <@2>"), [1, 2]);
        assert_eq!(users("<@> <@x> <@1 <@&3>"), [0u64; 0]);
        assert_eq!(scan("<@&3><@&3>").roles, [RoleId(3)]);
        assert!(scan("hey @here").everyone && scan("@everyone").everyone);
        assert!(!scan("`@everyone`").everyone);
    }
}
