//! New people, and what they change about themselves.

use std::collections::BTreeSet;

use super::draft::PersonDraft;
use super::event::Events;
use super::model::User;
use super::{Audience, Body, EventName, Outcome, World};
use crate::error::ApiError;
use crate::id::{Timestamp, UserId};

impl World {
    /// A new person, in no server yet.
    pub fn add_person(&mut self, now: Timestamp, draft: PersonDraft) -> UserId {
        let id = UserId(self.ids.next(now));
        let user = User {
            id,
            username: draft.username,
            global_name: draft.global_name,
            locale: draft.locale,
            bot: false,
            guilds: BTreeSet::new(),
        };
        self.users.insert(id, user);
        id
    }

    /// Changes the language of a person's client, or their name.
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
