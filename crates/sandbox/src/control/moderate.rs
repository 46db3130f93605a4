//! Acting as a moderator: bans, time-outs, and other changes of members.

use serde::Deserialize;
use serde_json::{Value, json};

use super::act::{Actor, Answer, parse};
use super::error::ControlError;
use crate::id::{GuildId, UserId};
use crate::permissions::Permissions;
use crate::wire::{self, read};
use crate::world::BanDraft;

impl Actor<'_> {
    pub(crate) fn edit_member(self, guild: GuildId, user: UserId, body: &Value) -> Answer {
        let about = json!({"guild_id": guild, "user_id": user, "changes": body});
        self.does("edit a member", about);
        let edit = read::member_edit(body)?;
        self.change(|world, now| world.edit_member(now, self.id, guild, user, edit))?;
        let found = self.hub.look(|world| {
            let member = world.member(guild, user)?;
            Some(wire::member(world, member))
        });
        found.ok_or_else(|| ControlError::Unknown(format!("the member {user} is gone again")))
    }

    pub(crate) fn bans(self, guild: GuildId) -> Answer {
        let now = self.hub.now();
        self.hub.look(|world| {
            let found = world.allowed_in_guild(now, self.id, guild, Permissions::BAN_MEMBERS)?;
            let bans = found.bans.iter().map(|(user, reason)| {
                json!({"user": world.user(*user).map(wire::user), "reason": reason})
            });
            Ok(bans.collect())
        })
    }

    pub(crate) fn ban(self, guild: GuildId, user: UserId, body: Value) -> Answer {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Body {
            #[serde(default)]
            delete_message_seconds: u32,
            reason: Option<String>,
        }
        let Body {
            delete_message_seconds,
            reason,
        } = parse(body)?;
        let about = json!({"guild_id": guild, "user_id": user, "reason": reason});
        self.does("ban", about);
        let ban = BanDraft {
            delete_message_seconds,
            reason,
        };
        self.done(|world, now| world.ban(now, self.id, guild, user, ban))
    }

    pub(crate) fn unban(self, guild: GuildId, user: UserId) -> Answer {
        self.does("lift a ban", json!({"guild_id": guild, "user_id": user}));
        self.done(|world, now| world.unban(now, self.id, guild, user))
    }
}
