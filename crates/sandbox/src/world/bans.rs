//! Bans.

use super::audit::{AuditAction, AuditDraft};
use super::event::Events;
use super::members::outranks;
use super::{Audience, Body, EventName, Outcome, World};
use crate::error::ApiError;
use crate::id::{ChannelId, GuildId, MessageId, Timestamp, UserId};
use crate::permissions::Permissions;

/// The options of a ban.
#[derive(Clone, Debug, Default)]
pub struct BanDraft {
    /// The user's messages of this many last seconds are deleted.
    pub delete_message_seconds: u32,
    pub reason: Option<String>,
}

/// The result of a bulk ban.
#[derive(Clone, Debug, Default)]
pub struct BulkBan {
    pub banned: Vec<UserId>,
    pub failed: Vec<UserId>,
}

impl World {
    /// Bans a user, who need not be in the server.
    pub fn ban(
        &mut self,
        now: Timestamp,
        actor: UserId,
        guild: GuildId,
        user: UserId,
        ban: BanDraft,
    ) -> Outcome<()> {
        let found = self.allowed_in_guild(now, actor, guild, Permissions::BAN_MEMBERS)?;
        if self.user(user).is_none() {
            return Err(ApiError::UnknownUser);
        }
        if let Some(member) = found.members.get(&user)
            && (user == actor || !outranks(found, actor, member))
        {
            return Err(ApiError::MissingPermissions);
        }
        let mut events = Events::default();
        let entry = AuditDraft::new(AuditAction::MemberBanAdd, user.0).because(ban.reason.clone());
        self.put_ban(now, guild, user, ban, &mut events);
        self.log(now, (guild, actor), entry, &mut events);
        Ok(events.done(()))
    }

    /// Bans many users. Fails only if none could be banned.
    pub fn bulk_ban(
        &mut self,
        now: Timestamp,
        actor: UserId,
        guild: GuildId,
        users: &[UserId],
        ban: &BanDraft,
    ) -> Outcome<BulkBan> {
        let needed = Permissions::BAN_MEMBERS | Permissions::MANAGE_GUILD;
        self.allowed_in_guild(now, actor, guild, needed)?;
        let mut events = Events::default();
        let mut outcome = BulkBan::default();
        for user in users {
            let already = self.guild(guild).is_some_and(|g| g.bans.contains_key(user));
            match self.ban(now, actor, guild, *user, ban.clone()) {
                Ok(change) if !already => {
                    events.0.extend(change.events);
                    outcome.banned.push(*user);
                }
                _ => outcome.failed.push(*user),
            }
        }
        if outcome.banned.is_empty() {
            return Err(ApiError::NobodyBanned);
        }
        Ok(events.done(outcome))
    }

    pub fn unban(
        &mut self,
        now: Timestamp,
        actor: UserId,
        guild: GuildId,
        user: UserId,
    ) -> Outcome<()> {
        self.allowed_in_guild(now, actor, guild, Permissions::BAN_MEMBERS)?;
        let found = self.guilds.get_mut(&guild).ok_or(ApiError::UnknownGuild)?;
        found.bans.remove(&user).ok_or(ApiError::UnknownBan)?;
        let mut events = Events::default();
        let body = Body::Ban(user);
        events.push(EventName::GuildBanRemove, guild, Audience::Guild, body);
        let entry = AuditDraft::new(AuditAction::MemberBanRemove, user.0);
        self.log(now, (guild, actor), entry, &mut events);
        Ok(events.done(()))
    }

    fn put_ban(
        &mut self,
        now: Timestamp,
        guild: GuildId,
        user: UserId,
        ban: BanDraft,
        events: &mut Events,
    ) {
        let is_member = self.member(guild, user).is_some();
        let Some(found) = self.guilds.get_mut(&guild) else {
            return;
        };
        if found.bans.insert(user, ban.reason).is_none() {
            let body = Body::Ban(user);
            events.push(EventName::GuildBanAdd, guild, Audience::Guild, body);
        }
        if is_member {
            self.unseat(guild, user, events);
        }
        if ban.delete_message_seconds > 0 {
            let since = now.plus(-i64::from(ban.delete_message_seconds) * 1000);
            self.delete_messages_of(guild, user, since, events);
        }
    }

    /// Deletes all messages of a user in a server since this time.
    fn delete_messages_of(
        &mut self,
        guild: GuildId,
        user: UserId,
        since: Timestamp,
        events: &mut Events,
    ) {
        let written = |channel: &ChannelId| -> Vec<MessageId> {
            let recent = self.messages(*channel).rev();
            let recent = recent.take_while(|m| m.timestamp >= since);
            recent
                .filter(|m| m.user() == Some(user) && m.ephemeral_to.is_none())
                .map(|m| m.id)
                .collect()
        };
        let places = self.messages.keys().copied();
        let places = places.filter(|id| self.place(*id).is_some_and(|p| p.guild() == guild));
        let found: Vec<(ChannelId, Vec<MessageId>)> = places
            .map(|channel| (channel, written(&channel)))
            .filter(|(_, messages)| !messages.is_empty())
            .collect();
        for (channel, messages) in found {
            for message in &messages {
                self.forget_message(channel, *message);
            }
            let audience = Audience::Viewers(channel);
            let body = Body::MessageDeleteBulk { channel, messages };
            events.push(EventName::MessageDeleteBulk, guild, audience, body);
        }
    }
}
