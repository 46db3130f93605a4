//! Joining and leaving, and changes of members.

use std::collections::BTreeSet;

use super::audit::{AuditAction, AuditDraft};
use super::draft::MemberEdit;
use super::event::Events;
use super::model::{Guild, Member, MessageKind, Role};
use super::plant::new_role;
use super::post::SystemMessage;
use super::seed::BOT_PERMISSIONS;
use super::{Audience, Body, Due, EventName, Outcome, World, require};
use crate::error::ApiError;
use crate::id::{ChannelId, GuildId, RoleId, Timestamp, UserId};
use crate::permissions::{Permissions, Target};

/// The longest time-out: 28 days.
const MAX_TIME_OUT: i64 = 28 * 86_400_000;

impl World {
    /// Adds a person to a server.
    pub fn join_guild(&mut self, now: Timestamp, user: UserId, guild: GuildId) -> Outcome<()> {
        if self
            .guild(guild)
            .is_some_and(|g| g.bans.contains_key(&user))
        {
            return Err(ApiError::UserIsBanned);
        }
        self.add_member(now, guild, user, &[], now)
    }

    /// Adds a member with roles, without permission checks. Does nothing if the user is a member already.
    pub fn add_member(
        &mut self,
        now: Timestamp,
        guild: GuildId,
        user: UserId,
        roles: &[RoleId],
        joined_at: Timestamp,
    ) -> Outcome<()> {
        let found = self.guilds.get_mut(&guild).ok_or(ApiError::UnknownGuild)?;
        if roles.iter().any(|role| !found.roles.contains_key(role)) {
            return Err(ApiError::UnknownRole);
        }
        let newcomer = self.users.get_mut(&user).ok_or(ApiError::UnknownUser)?;
        let mut events = Events::default();
        if found.members.contains_key(&user) {
            return Ok(events.done(()));
        }
        let member = Member {
            user,
            nick: None,
            roles: roles
                .iter()
                .copied()
                .filter(|role| *role != guild.everyone())
                .collect(),
            joined_at,
            timed_out_until: None,
        };
        found.members.insert(user, member.clone());
        newcomer.guilds.insert(guild);
        let system_channel = found.system_channel;
        let body = Body::Member(Box::new(member));
        // The new member needs to know the server before its other events.
        events.push(
            EventName::GuildCreate,
            guild,
            Audience::User(user),
            Body::Guild,
        );
        events.push(EventName::GuildMemberAdd, guild, Audience::Guild, body);
        if let Some(channel) = system_channel {
            let about = SystemMessage::default();
            let kind = MessageKind::UserJoin;
            self.post_system(now, (guild, channel), user, kind, about, &mut events);
        }
        Ok(events.done(()))
    }

    /// Adds a bot to a server, with a role of its own. Needs Manage Server.
    pub fn invite_bot(
        &mut self,
        now: Timestamp,
        actor: UserId,
        guild: GuildId,
        bot: UserId,
    ) -> Outcome<()> {
        self.allowed_in_guild(now, actor, guild, Permissions::MANAGE_GUILD)?;
        let Some(application) = self.application_of(bot) else {
            return Err(ApiError::UnknownUser);
        };
        let name = application.name.clone();
        let mut events = Events::default();
        if self.member(guild, bot).is_some() {
            return Ok(events.done(()));
        }
        let id = RoleId(self.ids.next(now));
        let role = Role {
            position: 1,
            bot: Some(bot),
            ..new_role(id, &name, BOT_PERMISSIONS)
        };
        if let Some(found) = self.guilds.get_mut(&guild) {
            found.roles.insert(id, role.clone());
        }
        let mut joined = self
            .add_member(now, guild, bot, &[id], now)?
            .events
            .into_iter();
        // The bot's GUILD_CREATE comes first. Then everybody gets the role, before the member who has it.
        events.0.extend(joined.next());
        let body = Body::Role(Box::new(role));
        events.push(EventName::GuildRoleCreate, guild, Audience::Guild, body);
        events.0.extend(joined);
        let entry = AuditDraft::new(AuditAction::BotAdd, bot.0);
        self.log(now, (guild, actor), entry, &mut events);
        Ok(events.done(()))
    }

    /// Leaves a server. The owner cannot leave.
    pub fn leave_guild(&mut self, _now: Timestamp, user: UserId, guild: GuildId) -> Outcome<()> {
        if self.joined_guild(user, guild)?.owner == user {
            return Err(ApiError::InvalidGuild);
        }
        let mut events = Events::default();
        self.unseat(guild, user, &mut events);
        Ok(events.done(()))
    }

    /// Removes a member who ranks lower.
    pub fn kick(
        &mut self,
        now: Timestamp,
        actor: UserId,
        guild: GuildId,
        user: UserId,
    ) -> Outcome<()> {
        let found = self.allowed_in_guild(now, actor, guild, Permissions::KICK_MEMBERS)?;
        let member = found.members.get(&user).ok_or(ApiError::UnknownMember)?;
        if !outranks(found, actor, member) {
            return Err(ApiError::MissingPermissions);
        }
        let mut events = Events::default();
        self.unseat(guild, user, &mut events);
        let entry = AuditDraft::new(AuditAction::MemberKick, user.0);
        self.log(now, (guild, actor), entry, &mut events);
        Ok(events.done(()))
    }

    pub fn edit_member(
        &mut self,
        now: Timestamp,
        actor: UserId,
        guild: GuildId,
        user: UserId,
        edit: MemberEdit,
    ) -> Outcome<UserId> {
        let found = self.joined_guild(actor, guild)?;
        let old = found.members.get(&user).ok_or(ApiError::UnknownMember)?;
        let own = self.permissions_in_guild(now, guild, actor);
        if edit.nick.is_some() {
            let bit = if actor == user {
                Permissions::CHANGE_NICKNAME
            } else {
                Permissions::MANAGE_NICKNAMES
            };
            require(own, bit)?;
            if actor != user && !outranks(found, actor, old) {
                return Err(ApiError::MissingPermissions);
            }
        }
        if let Some(until) = edit.timed_out_until {
            require(own, Permissions::MODERATE_MEMBERS)?;
            let immune = self
                .permissions_in_guild(now, guild, user)
                .has(Permissions::ADMINISTRATOR);
            if immune || !outranks(found, actor, old) {
                return Err(ApiError::MissingPermissions);
            }
            if until.is_some_and(|until| until.since(now) > MAX_TIME_OUT) {
                let message = "Must be within 28 days";
                let field = "communication_disabled_until";
                return Err(ApiError::field(field, "DATE_TIME_TYPE_RANGE", message));
            }
        }
        let mut new = old.clone();
        if let Some(roles) = edit.roles {
            require(own, Permissions::MANAGE_ROLES)?;
            let roles: BTreeSet<RoleId> = roles
                .into_iter()
                .filter(|role| *role != guild.everyone())
                .collect();
            for changed in roles.symmetric_difference(&old.roles) {
                may_give(found, actor, *changed)?;
            }
            new.roles = roles;
        }
        if let Some(nick) = edit.nick {
            new.nick = nick;
        }
        if let Some(until) = edit.timed_out_until {
            new.timed_out_until = until;
        }
        let old = old.clone();
        let mut events = Events::default();
        self.change_member(now, guild, new.clone(), &mut events);
        self.log_member(now, (guild, actor), (&old, &new), &mut events);
        Ok(events.done(user))
    }

    pub fn add_member_role(
        &mut self,
        now: Timestamp,
        actor: UserId,
        guild: GuildId,
        user: UserId,
        role: RoleId,
    ) -> Outcome<()> {
        self.toggle_role(now, actor, guild, user, role, true)
    }

    pub fn remove_member_role(
        &mut self,
        now: Timestamp,
        actor: UserId,
        guild: GuildId,
        user: UserId,
        role: RoleId,
    ) -> Outcome<()> {
        self.toggle_role(now, actor, guild, user, role, false)
    }

    fn toggle_role(
        &mut self,
        now: Timestamp,
        actor: UserId,
        guild: GuildId,
        user: UserId,
        role: RoleId,
        wanted: bool,
    ) -> Outcome<()> {
        let found = self.allowed_in_guild(now, actor, guild, Permissions::MANAGE_ROLES)?;
        let mut member = found
            .members
            .get(&user)
            .ok_or(ApiError::UnknownMember)?
            .clone();
        may_give(found, actor, role)?;
        let old = member.clone();
        let changed = if wanted {
            member.roles.insert(role)
        } else {
            member.roles.remove(&role)
        };
        let mut events = Events::default();
        if changed {
            self.change_member(now, guild, member.clone(), &mut events);
            self.log_member(now, (guild, actor), (&old, &member), &mut events);
        }
        Ok(events.done(()))
    }

    fn change_member(&mut self, now: Timestamp, guild: GuildId, new: Member, events: &mut Events) {
        let user = new.user;
        let sight = self.sight(now, guild);
        let Some(found) = self.guilds.get_mut(&guild) else {
            return;
        };
        if let Some(until) = new.timed_out_until.filter(|until| *until > now) {
            self.agenda.insert((until, Due::EndTimeOut(guild, user)));
        }
        let body = Body::Member(Box::new(new.clone()));
        found.members.insert(user, new);
        events.push(EventName::GuildMemberUpdate, guild, Audience::Guild, body);
        self.push_sight(now, guild, &sight, events);
        events.resync(guild, Audience::User(user));
    }

    /// Removes a member from a server and from its threads.
    pub(super) fn unseat(&mut self, guild: GuildId, user: UserId, events: &mut Events) {
        let Some(found) = self.guilds.get_mut(&guild) else {
            return;
        };
        found.members.remove(&user);
        let own_roles: Vec<RoleId> = found
            .roles
            .values()
            .filter(|r| r.bot == Some(user))
            .map(|r| r.id)
            .collect();
        let channels: Vec<ChannelId> = found.channels.iter().copied().collect();
        if let Some(gone) = self.users.get_mut(&user) {
            gone.guilds.remove(&guild);
        }
        if let Some(application) = self.application_of(user).map(|a| a.id) {
            self.commands.remove(&(application, Some(guild)));
        }
        events.push(
            EventName::GuildMemberRemove,
            guild,
            Audience::Guild,
            Body::MemberRemove(user),
        );
        events.push(
            EventName::GuildDelete,
            guild,
            Audience::User(user),
            Body::GuildDelete,
        );
        for channel in channels {
            let threads: Vec<ChannelId> = match self.channels.get_mut(&channel) {
                Some(channel) => {
                    channel
                        .overwrites
                        .retain(|o| o.target != Target::Member(user));
                    channel.threads.iter().copied().collect()
                }
                None => Vec::new(),
            };
            for id in threads {
                let Some(thread) = self.threads.get_mut(&id) else {
                    continue;
                };
                if thread.archived {
                    thread.members.remove(&user);
                } else if thread.members.contains_key(&user) {
                    self.unseat_from_thread(id, user, events);
                }
            }
        }
        for role in own_roles {
            self.drop_role(guild, role, events);
        }
    }
}

/// A rank in the order of roles. Higher positions rank higher; at the same position, the older role does.
type Rank = (u32, std::cmp::Reverse<RoleId>);

fn rank(guild: &Guild, member: &Member) -> Option<Rank> {
    let roles = member.roles.iter().filter_map(|role| guild.roles.get(role));
    roles
        .map(|role| (role.position, std::cmp::Reverse(role.id)))
        .max()
}

/// Whether `actor` ranks above a member. The owner ranks above everyone else.
pub(super) fn outranks(guild: &Guild, actor: UserId, other: &Member) -> bool {
    let own = guild.members.get(&actor).and_then(|m| rank(guild, m));
    other.user != guild.owner && (actor == guild.owner || own > rank(guild, other))
}

/// Whether `actor` stands above a role.
pub(super) fn outranks_role(guild: &Guild, actor: UserId, role: &Role) -> bool {
    let own = guild.members.get(&actor).and_then(|m| rank(guild, m));
    actor == guild.owner || own > Some((role.position, std::cmp::Reverse(role.id)))
}

/// Fails unless `actor` may give a role to somebody, or take it away.
fn may_give(guild: &Guild, actor: UserId, role: RoleId) -> Result<(), ApiError> {
    let role = guild.roles.get(&role).ok_or(ApiError::UnknownRole)?;
    let givable = role.bot.is_none() && role.id != guild.id.everyone();
    if givable && outranks_role(guild, actor, role) {
        Ok(())
    } else {
        Err(ApiError::MissingPermissions)
    }
}
