//! Changes of a server.

use super::audit::{AuditAction, AuditDraft};
use super::draft::GuildEdit;
use super::event::Events;
use super::model::{ChannelKind, Guild};
use super::{Audience, Body, EventName, Outcome, World};
use crate::error::ApiError;
use crate::id::{GuildId, Timestamp, UserId};
use crate::permissions::Permissions;

impl World {
    /// Sets whether moderation needs two-factor authentication. Only the owner can change that.
    pub fn set_mfa_level(
        &mut self,
        now: Timestamp,
        actor: UserId,
        guild: GuildId,
        level: u8,
    ) -> Outcome<()> {
        if self.joined_guild(actor, guild)?.owner != actor {
            return Err(ApiError::MissingPermissions);
        }
        let mut events = Events::default();
        let old = self.guilds.get(&guild).cloned();
        if let Some(found) = self.guilds.get_mut(&guild) {
            found.mfa_level = level;
        }
        events.push(EventName::GuildUpdate, guild, Audience::Guild, Body::Guild);
        self.log_guild(now, (guild, actor), old.as_ref(), &mut events);
        Ok(events.done(()))
    }

    pub fn edit_guild(
        &mut self,
        now: Timestamp,
        actor: UserId,
        guild: GuildId,
        edit: GuildEdit,
    ) -> Outcome<GuildId> {
        self.allowed_in_guild(now, actor, guild, Permissions::MANAGE_GUILD)?;
        if let Some(Some(channel)) = edit.system_channel {
            let found = self.channels.get(&channel).filter(|c| c.guild == guild);
            if found.is_none_or(|c| c.kind != ChannelKind::Text) {
                let message = "Channel does not exist";
                return Err(ApiError::field(
                    "system_channel_id",
                    "CHANNEL_INVALID",
                    message,
                ));
            }
        }
        let icon = edit
            .icon
            .map(|icon| icon.map(|icon| self.keep_picture(now, icon)));
        let found = self.guilds.get_mut(&guild).ok_or(ApiError::UnknownGuild)?;
        let old = found.clone();
        if let Some(icon) = icon {
            found.icon = icon;
        }
        if let Some(name) = edit.name {
            found.name = name;
        }
        if let Some(locale) = edit.preferred_locale {
            found.preferred_locale = locale;
        }
        if let Some(description) = edit.description {
            found.description = description;
        }
        if let Some(channel) = edit.system_channel {
            found.system_channel = channel;
        }
        let mut events = Events::default();
        events.push(EventName::GuildUpdate, guild, Audience::Guild, Body::Guild);
        self.log_guild(now, (guild, actor), Some(&old), &mut events);
        Ok(events.done(guild))
    }

    fn log_guild(
        &mut self,
        now: Timestamp,
        who: (GuildId, UserId),
        old: Option<&Guild>,
        events: &mut Events,
    ) {
        let entry = AuditDraft::new(AuditAction::GuildUpdate, who.0.0);
        let entry = entry.changing(old, self.guilds.get(&who.0));
        self.log(now, who, entry, events);
    }
}
