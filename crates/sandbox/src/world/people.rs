//! New people, and changes of their profiles.

use std::collections::BTreeSet;

use super::draft::{PersonDraft, Upload};
use super::event::Events;
use super::model::User;
use super::{Audience, Body, EventName, Outcome, World};
use crate::error::ApiError;
use crate::id::{GuildId, Timestamp, UserId};

impl World {
    /// Creates a person who is in no server yet.
    pub fn add_person(&mut self, now: Timestamp, draft: PersonDraft) -> UserId {
        let id = match draft.created {
            None => UserId(self.ids.next(now)),
            Some(created) => self.user_since(created),
        };
        let user = User {
            id,
            username: draft.username,
            global_name: draft.global_name,
            locale: draft.locale,
            bot: false,
            guilds: BTreeSet::new(),
            refuses_direct_messages: false,
            avatar: None,
        };
        self.users.insert(id, user);
        id
    }

    /// Sets whether a person accepts direct messages.
    pub fn set_direct_messages(&mut self, person: UserId, taken: bool) -> Outcome<()> {
        let user = self.users.get_mut(&person).ok_or(ApiError::UnknownUser)?;
        user.refuses_direct_messages = !taken;
        Ok(Events::default().done(()))
    }

    /// Changes a bot's username or avatar; `Some(None)` removes the avatar.
    pub fn edit_bot(
        &mut self,
        now: Timestamp,
        bot: UserId,
        username: Option<String>,
        avatar: Option<Option<Upload>>,
    ) -> Outcome<()> {
        let avatar = avatar.map(|upload| upload.map(|upload| self.keep_picture(now, upload)));
        let user = self.users.get_mut(&bot).ok_or(ApiError::UnknownUser)?;
        if let Some(username) = username {
            user.username = username;
        }
        if let Some(avatar) = avatar {
            user.avatar = avatar;
        }
        let mut events = Events::default();
        // With no server, the bot receives the event once instead of once per server.
        let guild = GuildId::NONE;
        events.push(
            EventName::UserUpdate,
            guild,
            Audience::User(bot),
            Body::CurrentUser,
        );
        Ok(events.done(()))
    }

    /// An unused id for an account that was created at this time.
    fn user_since(&self, created: Timestamp) -> UserId {
        let mut ids = created.snowflakes().map(UserId);
        // A millisecond has room for four million ids, so one is always free.
        ids.find(|id| !self.users.contains_key(id))
            .unwrap_or(UserId(created.first_snowflake()))
    }

    /// Changes a person's display name or their client's language.
    pub fn edit_person(
        &mut self,
        _now: Timestamp,
        person: UserId,
        locale: Option<String>,
        global_name: Option<Option<String>>,
    ) -> Outcome<()> {
        let user = self.users.get_mut(&person).ok_or(ApiError::UnknownUser)?;
        if let Some(locale) = locale {
            user.locale = locale;
        }
        let mut events = Events::default();
        if let Some(global_name) = global_name {
            user.global_name = global_name;
            let members = user.guilds.iter().filter_map(|id| self.guilds.get(id));
            for (guild, member) in members.filter_map(|g| Some((g.id, g.members.get(&person)?))) {
                let body = Body::Member(Box::new(member.clone()));
                events.push(EventName::GuildMemberUpdate, guild, Audience::Guild, body);
            }
        }
        Ok(events.done(()))
    }
}
