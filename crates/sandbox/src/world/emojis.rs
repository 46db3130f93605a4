//! Custom emojis of servers and applications.

use std::collections::{BTreeMap, BTreeSet};

use super::audit::{AuditAction, AuditDraft};
use super::component::{self, Component};
use super::draft::Upload;
use super::event::Events;
use super::model::{Application, MadeEmoji};
use super::{Audience, Body, EventName, Outcome, World};
use crate::error::{ApiError, ErrorTree};
use crate::id::{ApplicationId, AttachmentId, EmojiId, GuildId, RoleId, Timestamp, UserId};
use crate::permissions::Permissions;

/// The most emojis of a kind in a server without boosts.
const MAX_IN_GUILD: usize = 50;
const MAX_OF_APPLICATION: usize = 2000;

/// A new emoji.
#[derive(Clone, Debug)]
pub struct EmojiDraft {
    pub name: String,
    pub image: Upload,
    pub roles: BTreeSet<RoleId>,
}

/// A change of an emoji.
#[derive(Clone, Debug, Default)]
pub struct EmojiEdit {
    pub name: Option<String>,
    pub roles: Option<BTreeSet<RoleId>>,
}

/// The server or application that has the emojis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmojiHome {
    Guild(GuildId),
    Application(ApplicationId),
}

impl EmojiHome {
    /// The server, or [`GuildId::NONE`] for an application.
    fn guild(self) -> GuildId {
        match self {
            Self::Guild(guild) => guild,
            Self::Application(_) => GuildId::NONE,
        }
    }
}

impl World {
    pub fn create_emoji(
        &mut self,
        now: Timestamp,
        actor: UserId,
        home: EmojiHome,
        draft: EmojiDraft,
    ) -> Outcome<EmojiId> {
        self.may_change_emojis(now, actor, home)?;
        let animated = draft.image.data.starts_with(b"GIF8");
        let all = self.emojis(home).values();
        let most = match home {
            EmojiHome::Guild(_) => MAX_IN_GUILD,
            EmojiHome::Application(_) => MAX_OF_APPLICATION,
        };
        if all.filter(|emoji| emoji.animated == animated).count() >= most {
            return Err(ApiError::TooManyEmojis);
        }
        let id = EmojiId(self.ids.next(now));
        self.keep_file_as(AttachmentId(id.0), draft.image);
        let emoji = MadeEmoji {
            id,
            name: draft.name,
            animated,
            creator: actor,
            roles: draft.roles,
        };
        let new = emoji.clone();
        self.change_emojis(home, |emojis| {
            emojis.insert(id, emoji);
        });
        let mut events = Self::emojis_changed(home);
        let entry = AuditDraft::new(AuditAction::EmojiCreate, id.0).changing(None, Some(&new));
        self.log(now, (home.guild(), actor), entry, &mut events);
        Ok(events.done(id))
    }

    pub fn edit_emoji(
        &mut self,
        now: Timestamp,
        actor: UserId,
        home: EmojiHome,
        id: EmojiId,
        edit: EmojiEdit,
    ) -> Outcome<EmojiId> {
        self.may_change_emojis(now, actor, home)?;
        let old = self.emojis(home).get(&id).cloned();
        let old = old.ok_or(ApiError::NoSuchEmoji)?;
        self.change_emojis(home, |emojis| {
            if let Some(emoji) = emojis.get_mut(&id) {
                emoji.name = edit.name.unwrap_or_else(|| std::mem::take(&mut emoji.name));
                emoji.roles = edit
                    .roles
                    .unwrap_or_else(|| std::mem::take(&mut emoji.roles));
            }
        });
        let mut events = Self::emojis_changed(home);
        let entry = AuditDraft::new(AuditAction::EmojiUpdate, id.0);
        let entry = entry.changing(Some(&old), self.emojis(home).get(&id));
        self.log(now, (home.guild(), actor), entry, &mut events);
        Ok(events.done(id))
    }

    pub fn delete_emoji(
        &mut self,
        now: Timestamp,
        actor: UserId,
        home: EmojiHome,
        id: EmojiId,
    ) -> Outcome<()> {
        self.may_change_emojis(now, actor, home)?;
        let mut gone = None;
        self.change_emojis(home, |emojis| gone = emojis.remove(&id));
        let gone = gone.ok_or(ApiError::NoSuchEmoji)?;
        self.files.remove(&AttachmentId(id.0));
        let mut events = Self::emojis_changed(home);
        let entry = AuditDraft::new(AuditAction::EmojiDelete, id.0).changing(Some(&gone), None);
        self.log(now, (home.guild(), actor), entry, &mut events);
        Ok(events.done(()))
    }

    /// The emojis of a server or of an application.
    pub fn emojis(&self, home: EmojiHome) -> &BTreeMap<EmojiId, MadeEmoji> {
        static NONE: BTreeMap<EmojiId, MadeEmoji> = BTreeMap::new();
        let found = match home {
            EmojiHome::Guild(guild) => self.guilds.get(&guild).map(|guild| &guild.emojis),
            EmojiHome::Application(id) => self.applications.get(&id).map(|a| &a.emojis),
        };
        found.unwrap_or(&NONE)
    }

    /// A custom emoji of any server or application.
    pub(crate) fn made_emoji(&self, id: EmojiId) -> Option<&MadeEmoji> {
        let guilds = self.guilds.values().map(|guild| &guild.emojis);
        let applications = self.applications.values().map(|a| &a.emojis);
        guilds
            .chain(applications)
            .find_map(|emojis| emojis.get(&id))
    }

    /// Refuses components with emojis that the application cannot use. It can use its own emojis and those of
    /// its bot's servers.
    pub(super) fn check_emojis(
        &self,
        application: Option<&Application>,
        components: &[Component],
    ) -> Result<(), ApiError> {
        let Some(application) = application else {
            return Ok(());
        };
        let guilds = self.guilds.values();
        let joined = guilds.filter(|guild| guild.members.contains_key(&application.bot));
        let usable: Vec<_> = joined
            .map(|guild| &guild.emojis)
            .chain([&application.emojis])
            .collect();
        let mut errors = ErrorTree::default();
        for (place, component) in component::all(components) {
            for (field, id) in component.emojis() {
                if !usable.iter().any(|emojis| emojis.contains_key(&id)) {
                    let path = format!("{place}.{field}.id");
                    errors.add(&path, "COMPONENT_INVALID_EMOJI", "Invalid emoji");
                }
            }
        }
        if errors.is_empty() {
            Ok(())
        } else {
            Err(errors.into_error())
        }
    }

    fn may_change_emojis(
        &self,
        now: Timestamp,
        actor: UserId,
        home: EmojiHome,
    ) -> Result<(), ApiError> {
        match home {
            EmojiHome::Guild(guild) => {
                let found = self.joined_guild(actor, guild)?.id;
                let own = self.permissions_in_guild(now, found, actor);
                let creates = own.has(Permissions::CREATE_GUILD_EXPRESSIONS);
                if creates || own.has(Permissions::MANAGE_GUILD_EXPRESSIONS) {
                    return Ok(());
                }
                super::require(own, Permissions::MANAGE_GUILD_EXPRESSIONS)
            }
            EmojiHome::Application(id) => match self.application_of(actor) {
                Some(own) if own.id == id => Ok(()),
                _ => Err(ApiError::NotYourApplication),
            },
        }
    }

    fn change_emojis(
        &mut self,
        home: EmojiHome,
        f: impl FnOnce(&mut BTreeMap<EmojiId, MadeEmoji>),
    ) {
        let emojis = match home {
            EmojiHome::Guild(guild) => self.guilds.get_mut(&guild).map(|g| &mut g.emojis),
            EmojiHome::Application(id) => self.applications.get_mut(&id).map(|a| &mut a.emojis),
        };
        if let Some(emojis) = emojis {
            f(emojis);
        }
    }

    /// Changes of an application's emojis send no event.
    fn emojis_changed(home: EmojiHome) -> Events {
        let mut events = Events::default();
        if let EmojiHome::Guild(guild) = home {
            let name = EventName::GuildEmojisUpdate;
            events.push(name, guild, Audience::Guild, Body::Emojis);
        }
        events
    }
}

/// Whether a text can be an emoji of Unicode. Discord has an exact list; this checks only the Unicode blocks.
pub(crate) fn is_unicode_emoji(text: &str) -> bool {
    let key = text.strip_prefix(|c: char| "0123456789#*".contains(c));
    let keycap = key.is_some_and(|rest| matches!(rest, "\u{20e3}" | "\u{fe0f}\u{20e3}"));
    let drawn = |c: char| {
        matches!(c,
            '\u{a9}' | '\u{ae}' | '\u{200d}' | '\u{203c}'..='\u{2bff}' | '\u{3030}' | '\u{303d}'
            | '\u{3297}' | '\u{3299}' | '\u{fe0f}' | '\u{1f000}'..='\u{1faff}' | '\u{e0020}'..='\u{e007f}')
    };
    keycap || (!text.is_empty() && text.chars().all(drawn))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emojis_are_told_from_letters() {
        for emoji in [
            "👍",
            "❤️",
            "❤",
            "ℹ️",
            "🅰️",
            "Ⓜ️",
            "㊙️",
            "〰️",
            "5️⃣",
            "🇩🇪",
            "👩‍🚒",
            "©️",
        ] {
            assert!(is_unicode_emoji(emoji), "{emoji}");
        }
        for text in ["", "a", "1", "thumbsup", "あ", "字", "é", "1a\u{20e3}"] {
            assert!(!is_unicode_emoji(text), "{text}");
        }
    }
}
