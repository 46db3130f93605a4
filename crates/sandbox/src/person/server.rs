//! What a person does with the server, its channels, roles and members, and with their own profile.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Person, done};
use crate::control::ControlError;
use crate::id::{ChannelId, RoleId, UserId};
use crate::sandbox::Error;
use crate::views::Channel;

impl Person {
    /// Changes a channel or a thread.
    pub async fn edit_channel(&self, channel: ChannelId, edit: Value) -> Result<Channel, Error> {
        Ok(Channel(self.actor().edit_channel(channel, &edit)?))
    }

    /// Deletes a channel or a thread.
    pub async fn delete(&self, channel: ChannelId) -> Result<(), Error> {
        done(self.actor().delete_channel(channel))
    }

    /// Makes a channel in the default server; `kind` is 0 for text, 5 for announcements.
    pub async fn create_channel(&self, name: &str, kind: u8) -> Result<Channel, Error> {
        let body = json!({"name": name, "type": kind});
        Ok(Channel(self.actor().create_channel(self.guild(), &body)?))
    }

    /// Sets a role's permissions in a channel. Bits as in [`crate::permissions::Permissions`].
    pub async fn set_role_overwrite(
        &self,
        channel: ChannelId,
        role: RoleId,
        allow: u64,
        deny: u64,
    ) -> Result<(), Error> {
        self.overwrite(channel, role.0, 0, allow, deny)
    }

    /// Sets a member's permissions in a channel.
    pub async fn set_member_overwrite(
        &self,
        channel: ChannelId,
        user: UserId,
        allow: u64,
        deny: u64,
    ) -> Result<(), Error> {
        self.overwrite(channel, user.0, 1, allow, deny)
    }

    fn overwrite(
        &self,
        channel: ChannelId,
        target: u64,
        kind: u8,
        allow: u64,
        deny: u64,
    ) -> Result<(), Error> {
        let body = json!({"type": kind, "allow": allow.to_string(), "deny": deny.to_string()});
        done(self.actor().set_overwrite(channel, target, &body))
    }

    /// Removes a role's or a member's permissions in a channel.
    pub async fn delete_overwrite(&self, channel: ChannelId, target: u64) -> Result<(), Error> {
        done(self.actor().delete_overwrite(channel, target))
    }

    /// Makes a role in the default server: `{name?, color?, permissions?, mentionable?, hoist?}`.
    pub async fn create_role(&self, role: Value) -> Result<RoleId, Error> {
        let made = self.actor().create_role(self.guild(), &role)?;
        let id = RoleId::from_json(&made["id"]);
        Ok(id.ok_or_else(|| ControlError::wrong(format!("the new role has no id: {made}")))?)
    }

    pub async fn edit_role(&self, role: RoleId, edit: Value) -> Result<(), Error> {
        done(self.actor().edit_role(self.guild(), role, &edit))
    }

    pub async fn delete_role(&self, role: RoleId) -> Result<(), Error> {
        done(self.actor().delete_role(self.guild(), role))
    }

    pub async fn give_role(&self, user: UserId, role: RoleId) -> Result<(), Error> {
        done(self.actor().give_role(self.guild(), user, role))
    }

    pub async fn take_role(&self, user: UserId, role: RoleId) -> Result<(), Error> {
        done(self.actor().take_role(self.guild(), user, role))
    }

    /// Changes a member of the default server: `{nick?, roles?, communication_disabled_until?}`.
    pub async fn edit_member(&self, user: UserId, edit: Value) -> Result<Value, Error> {
        Ok(self.actor().edit_member(self.guild(), user, &edit)?)
    }

    /// Times a member of the default server out for this long. A zero duration ends the time-out.
    pub async fn time_out(&self, user: UserId, how_long: Duration) -> Result<(), Error> {
        let millis = i64::try_from(how_long.as_millis()).unwrap_or(i64::MAX);
        let until = (millis > 0).then(|| self.hub.now().plus(millis));
        let edit = json!({"communication_disabled_until": until});
        done(self.actor().edit_member(self.guild(), user, &edit))
    }

    /// Removes a member, or the bot, from the default server.
    pub async fn kick(&self, user: UserId) -> Result<(), Error> {
        done(self.actor().remove_member(self.guild(), user))
    }

    /// Invites the bot into the default server, also after it was removed.
    pub async fn invite(&self, bot: UserId) -> Result<(), Error> {
        done(self.actor().add_member(self.guild(), bot))
    }

    /// Leaves the default server.
    pub async fn leave_guild(&self) -> Result<(), Error> {
        done(self.actor().remove_member(self.guild(), self.id))
    }

    /// Joins the default server, also after leaving it.
    pub async fn join_guild(&self) -> Result<(), Error> {
        done(self.actor().add_member(self.guild(), self.id))
    }

    /// Changes the default server: `{preferred_locale?, name?}`.
    pub async fn edit_guild(&self, edit: Value) -> Result<(), Error> {
        done(self.actor().edit_guild(self.guild(), &edit))
    }

    /// Changes the language of this person's client.
    pub async fn set_locale(&self, locale: &str) -> Result<(), Error> {
        done(self.actor().edit_self(json!({"locale": locale})))
    }

    /// Changes the person's display name in all servers.
    pub async fn set_global_name(&self, name: &str) -> Result<(), Error> {
        done(self.actor().edit_self(json!({"global_name": name})))
    }
}
