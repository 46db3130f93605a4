//! Invites to a server.

use serde::{Deserialize, Serialize};

use super::audit::{AuditAction, AuditDraft};
use super::event::Events;
use super::model::Place;
use super::{Audience, Body, EventName, Outcome, World, require};
use crate::error::ApiError;
use crate::id::{ChannelId, GuildId, Timestamp, UserId};
use crate::permissions::Permissions;

/// An invite into a channel of a server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Invite {
    pub code: String,
    pub guild: GuildId,
    pub channel: ChannelId,
    pub inviter: UserId,
    pub created: Timestamp,
    /// In seconds; 0 if it does not expire.
    pub max_age: u32,
    /// 0 for no limit.
    pub max_uses: u32,
    pub uses: u32,
    pub temporary: bool,
}

impl Invite {
    pub fn expires(&self) -> Option<Timestamp> {
        (self.max_age > 0).then(|| self.created.plus(i64::from(self.max_age) * 1000))
    }

    /// Whether the invite can still be used.
    fn is_good(&self, now: Timestamp) -> bool {
        self.expires().is_none_or(|end| end > now)
            && (self.max_uses == 0 || self.uses < self.max_uses)
    }
}

/// A new invite.
#[derive(Clone, Copy, Debug)]
pub struct InviteDraft {
    pub max_age: u32,
    pub max_uses: u32,
    pub temporary: bool,
    /// Whether to create a new invite even if a similar one exists.
    pub unique: bool,
}

impl World {
    pub fn create_invite(
        &mut self,
        now: Timestamp,
        actor: UserId,
        channel: ChannelId,
        draft: InviteDraft,
    ) -> Outcome<String> {
        let (place, _) = self.allowed(now, actor, channel, Permissions::CREATE_INSTANT_INVITE)?;
        let Place::Channel(found) = place else {
            return Err(ApiError::WrongChannelType);
        };
        let guild = found.guild;
        let mut events = Events::default();
        let fits = |invite: &&Invite| {
            invite.channel == channel
                && invite.inviter == actor
                && (invite.max_age, invite.max_uses) == (draft.max_age, draft.max_uses)
                && invite.is_good(now)
        };
        if let Some(known) = self.invites.values().find(fits).filter(|_| !draft.unique) {
            return Ok(events.done(known.code.clone()));
        }
        let code = code_of(self.ids.next(now));
        let invite = Invite {
            code: code.clone(),
            guild,
            channel,
            inviter: actor,
            created: now,
            max_age: draft.max_age,
            max_uses: draft.max_uses,
            uses: 0,
            temporary: draft.temporary,
        };
        let body = Body::Invite(Box::new(invite.clone()));
        let audience = Audience::Viewers(channel);
        events.push(EventName::InviteCreate, guild, audience, body);
        let entry = AuditDraft::without_target(AuditAction::InviteCreate);
        let entry = entry.changing(None, Some(&invite));
        self.log(now, (guild, actor), entry, &mut events);
        self.invites.insert(code.clone(), invite);
        Ok(events.done(code))
    }

    /// A valid invite, for anybody.
    pub fn invite(&self, now: Timestamp, code: &str) -> Result<&Invite, ApiError> {
        let found = self.invites.get(code).filter(|invite| invite.is_good(now));
        found.ok_or(ApiError::UnknownInvite)
    }

    /// The invites to a server or to one of its channels, for somebody who manages it. Those to a server are
    /// also for somebody who may view the audit log.
    pub fn invites_into(
        &self,
        now: Timestamp,
        actor: UserId,
        guild: GuildId,
        channel: Option<ChannelId>,
    ) -> Result<Vec<&Invite>, ApiError> {
        if let Some(channel) = channel {
            self.allowed(now, actor, channel, Permissions::MANAGE_CHANNELS)?;
        } else {
            self.joined_guild(actor, guild)?;
            let own = self.permissions_in_guild(now, guild, actor);
            if !own.has(Permissions::VIEW_AUDIT_LOG) {
                require(own, Permissions::MANAGE_GUILD)?;
            }
        }
        let all = self.invites.values().filter(|invite| invite.is_good(now));
        Ok(all
            .filter(|i| i.guild == guild && channel.is_none_or(|channel| i.channel == channel))
            .collect())
    }

    pub fn delete_invite(&mut self, now: Timestamp, actor: UserId, code: &str) -> Outcome<Invite> {
        let found = self.invite(now, code)?;
        let own = self.permissions_in_guild(now, found.guild, actor);
        if !own.has(Permissions::MANAGE_GUILD) {
            let place = self.place(found.channel).ok_or(ApiError::UnknownChannel)?;
            require(
                self.permissions_in(now, place, actor),
                Permissions::MANAGE_CHANNELS,
            )?;
        }
        let invite = self.invites.remove(code).ok_or(ApiError::UnknownInvite)?;
        let mut events = Events::default();
        let body = Body::Invite(Box::new(invite.clone()));
        let audience = Audience::Viewers(invite.channel);
        events.push(EventName::InviteDelete, invite.guild, audience, body);
        let entry = AuditDraft::without_target(AuditAction::InviteDelete);
        let entry = entry.changing(Some(&invite), None);
        self.log(now, (invite.guild, actor), entry, &mut events);
        Ok(events.done(invite))
    }

    /// Joins a server with an invite.
    pub fn use_invite(&mut self, now: Timestamp, person: UserId, code: &str) -> Outcome<()> {
        let guild = self.invite(now, code)?.guild;
        let is_new = self.member(guild, person).is_none();
        let joined = self.join_guild(now, person, guild)?;
        if let Some(invite) = self.invites.get_mut(code).filter(|_| is_new) {
            invite.uses += 1;
        }
        Ok(joined)
    }
}

/// A short code. Different numbers have different codes.
fn code_of(number: u64) -> String {
    const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let digits = std::iter::successors(Some(number), |n| Some(n / 62).filter(|n| *n > 0));
    digits
        .map(|n| char::from(LETTERS[usize::try_from(n % 62).unwrap_or(0)]))
        .collect()
}
