//! Creating, changing and deleting roles.

use super::audit::{AuditAction, AuditDraft};
use super::draft::RoleEdit;
use super::event::Events;
use super::members::outranks_role;
use super::model::Role;
use super::plant::new_role;
use super::{Audience, Body, EventName, Outcome, World, require};
use crate::error::ApiError;
use crate::id::{GuildId, RoleId, Timestamp, UserId};
use crate::permissions::{Permissions, Target};

/// The most roles of a server, including `@everyone`.
const MAX_ROLES: usize = 250;

impl World {
    pub fn create_role(
        &mut self,
        now: Timestamp,
        actor: UserId,
        guild: GuildId,
        edit: RoleEdit,
    ) -> Outcome<RoleId> {
        let found = self.allowed_in_guild(now, actor, guild, Permissions::MANAGE_ROLES)?;
        if found.roles.len() >= MAX_ROLES {
            return Err(ApiError::TooManyRoles);
        }
        let everyone = found.roles.get(&guild.everyone()).map(|r| r.permissions);
        let own = self.permissions_in_guild(now, guild, actor);
        if let Some(wanted) = edit.permissions {
            require(own, wanted)?;
        }
        let id = RoleId(self.ids.next(now));
        let mut role = Role {
            position: 1,
            ..new_role(id, "new role", everyone.unwrap_or_default())
        };
        apply(&mut role, edit);
        let mut events = Events::default();
        let body = Body::Role(Box::new(role.clone()));
        events.push(EventName::GuildRoleCreate, guild, Audience::Guild, body);
        let entry = AuditDraft::new(AuditAction::RoleCreate, id.0).changing(None, Some(&role));
        self.log(now, (guild, actor), entry, &mut events);
        if let Some(guild) = self.guilds.get_mut(&guild) {
            guild.roles.insert(id, role);
        }
        Ok(events.done(id))
    }

    pub fn edit_role(
        &mut self,
        now: Timestamp,
        actor: UserId,
        guild: GuildId,
        role: RoleId,
        edit: RoleEdit,
    ) -> Outcome<RoleId> {
        let found = self.allowed_in_guild(now, actor, guild, Permissions::MANAGE_ROLES)?;
        let old = found.roles.get(&role).ok_or(ApiError::UnknownRole)?;
        if !outranks_role(found, actor, old) {
            return Err(ApiError::MissingPermissions);
        }
        if let Some(wanted) = edit.permissions {
            // The role may keep permissions that it has already.
            let own = self.permissions_in_guild(now, guild, actor);
            require(own, wanted & !old.permissions)?;
        }
        let mut new = old.clone();
        apply(&mut new, edit);
        let changed = new.permissions != old.permissions;
        let entry = AuditDraft::new(AuditAction::RoleUpdate, role.0);
        let entry = entry.changing(Some(old), Some(&new));
        let sight = self.sight(now, guild);
        let mut events = Events::default();
        let body = Body::Role(Box::new(new.clone()));
        if let Some(guild) = self.guilds.get_mut(&guild) {
            guild.roles.insert(role, new);
        }
        events.push(EventName::GuildRoleUpdate, guild, Audience::Guild, body);
        if changed {
            self.push_sight(now, guild, &sight, &mut events);
            events.resync(guild, Audience::People);
        }
        self.log(now, (guild, actor), entry, &mut events);
        Ok(events.done(role))
    }

    pub fn delete_role(
        &mut self,
        now: Timestamp,
        actor: UserId,
        guild: GuildId,
        role: RoleId,
    ) -> Outcome<()> {
        let found = self.allowed_in_guild(now, actor, guild, Permissions::MANAGE_ROLES)?;
        let old = found.roles.get(&role).ok_or(ApiError::UnknownRole)?;
        if old.bot.is_some() || role == guild.everyone() {
            return Err(ApiError::InvalidRole);
        }
        if !outranks_role(found, actor, old) {
            return Err(ApiError::MissingPermissions);
        }
        let entry = AuditDraft::new(AuditAction::RoleDelete, role.0).changing(Some(old), None);
        let sight = self.sight(now, guild);
        let mut events = Events::default();
        self.drop_role(guild, role, &mut events);
        self.push_sight(now, guild, &sight, &mut events);
        events.resync(guild, Audience::People);
        self.log(now, (guild, actor), entry, &mut events);
        Ok(events.done(()))
    }

    /// Takes a role away from the server, its members and its channels.
    pub(super) fn drop_role(&mut self, guild: GuildId, role: RoleId, events: &mut Events) {
        let Some(found) = self.guilds.get_mut(&guild) else {
            return;
        };
        found.roles.remove(&role);
        for member in found.members.values_mut() {
            member.roles.remove(&role);
        }
        for channel in &found.channels {
            if let Some(channel) = self.channels.get_mut(channel) {
                channel
                    .overwrites
                    .retain(|o| o.target != Target::Role(role));
            }
        }
        events.push(
            EventName::GuildRoleDelete,
            guild,
            Audience::Guild,
            Body::RoleDelete(role),
        );
    }
}

fn apply(role: &mut Role, edit: RoleEdit) {
    if let Some(name) = edit.name {
        role.name = name;
    }
    if let Some(color) = edit.color {
        role.color = color;
    }
    if let Some(hoist) = edit.hoist {
        role.hoist = hoist;
    }
    if let Some(permissions) = edit.permissions {
        role.permissions = permissions;
    }
    if let Some(mentionable) = edit.mentionable {
        role.mentionable = mentionable;
    }
}
