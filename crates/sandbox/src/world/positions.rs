//! The order of a server's channels and roles.

use std::cmp::Ordering;

use super::event::Events;
use super::members::outranks_role;
use super::{Audience, Body, EventName, Outcome, World};
use crate::error::ApiError;
use crate::id::{ChannelId, GuildId, RoleId, Timestamp, UserId};
use crate::permissions::Permissions;

/// A new position for a channel.
#[derive(Clone, Debug)]
pub struct ChannelMove {
    pub channel: ChannelId,
    pub position: Option<u32>,
    /// The new category; `Some(None)` for none.
    pub parent: Option<Option<ChannelId>>,
    /// Whether the channel takes over the new category's permissions.
    pub lock_permissions: bool,
}

/// A new position for a role.
#[derive(Clone, Copy, Debug)]
pub struct RoleMove {
    pub role: RoleId,
    pub position: Option<u32>,
}

impl World {
    /// Moves channels. Source: Discord's "Modify Guild Channel Positions".
    pub fn move_channels(
        &mut self,
        now: Timestamp,
        actor: UserId,
        guild: GuildId,
        moves: &[ChannelMove],
    ) -> Outcome<()> {
        self.allowed_in_guild(now, actor, guild, Permissions::MANAGE_CHANNELS)?;
        if moves.iter().filter(|wish| wish.parent.is_some()).count() > 1 {
            return Err(ApiError::OneParentAtATime);
        }
        for wish in moves {
            let found = self.channel(wish.channel).filter(|c| c.guild == guild);
            let found = found.ok_or(ApiError::UnknownChannel)?;
            if let Some(parent) = wish.parent {
                // A channel that only gets another position may be one that the actor cannot view.
                for place in [Some(wish.channel), parent].into_iter().flatten() {
                    self.allowed(now, actor, place, Permissions::MANAGE_CHANNELS)?;
                }
                self.check_parent(guild, found.kind, Some(wish.channel), parent)?;
            }
            if wish.lock_permissions {
                self.allowed(now, actor, wish.channel, Permissions::MANAGE_ROLES)?;
            }
        }
        let mut events = Events::default();
        for wish in moves {
            let category = wish.parent.flatten().filter(|_| wish.lock_permissions);
            let overwrites = category
                .and_then(|id| self.channel(id))
                .map(|category| category.overwrites.clone());
            self.change_channel(now, wish.channel, &mut events, |channel| {
                channel.position = wish.position.unwrap_or(channel.position);
                channel.parent = wish.parent.unwrap_or(channel.parent);
                if let Some(overwrites) = overwrites {
                    channel.overwrites = overwrites;
                }
            });
        }
        Ok(events.done(()))
    }

    /// Moves roles. A member cannot move a role that ranks above their own, or move one above their own.
    /// Roles that are in the way move on.
    pub fn move_roles(
        &mut self,
        now: Timestamp,
        actor: UserId,
        guild: GuildId,
        moves: &[RoleMove],
    ) -> Outcome<()> {
        let found = self.allowed_in_guild(now, actor, guild, Permissions::MANAGE_ROLES)?;
        for wish in moves {
            let role = found.roles.get(&wish.role).ok_or(ApiError::UnknownRole)?;
            let mut there = role.clone();
            there.position = wish.position.unwrap_or(role.position);
            let above = !outranks_role(found, actor, role) || !outranks_role(found, actor, &there);
            if above || wish.role == guild.everyone() {
                return Err(ApiError::MissingPermissions);
            }
        }
        let wanted = |role: RoleId| {
            let mut moves = moves.iter();
            moves.find(|wish| wish.role == role)?.position
        };
        // At the same position, a role that moves down is sorted below the others, and one that moves up
        // above them.
        let mut order: Vec<(u32, Ordering, RoleId)> = found
            .roles
            .values()
            .filter(|role| role.id != guild.everyone())
            .map(|role| match wanted(role.id) {
                Some(position) => (position, position.cmp(&role.position), role.id),
                None => (role.position, Ordering::Equal, role.id),
            })
            .collect();
        order.sort_unstable();
        let mut events = Events::default();
        for (position, (.., id)) in (1..).zip(order) {
            let roles = self.guilds.get_mut(&guild).map(|guild| &mut guild.roles);
            let role = roles.and_then(|roles| roles.get_mut(&id));
            if let Some(role) = role.filter(|role| role.position != position) {
                role.position = position;
                let body = Body::Role(Box::new(role.clone()));
                events.push(EventName::GuildRoleUpdate, guild, Audience::Guild, body);
            }
        }
        Ok(events.done(()))
    }
}
