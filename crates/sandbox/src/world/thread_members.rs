//! Members of threads: joining, leaving, inviting and removing, also by mention.

use super::event::Events;
use super::mentions::Mentions;
use super::model::{MessageKind, Place, Thread};
use super::post::SystemMessage;
use super::{Audience, Body, EventName, Outcome, RoleMentions, World, require};
use crate::error::ApiError;
use crate::id::{ChannelId, GuildId, Timestamp, UserId};
use crate::permissions::Permissions;

/// The most members of a thread.
const MAX_MEMBERS: usize = 1000;
/// Mentions of roles with at least this many members do not invite anybody.
const MAX_ROLE_INVITED: usize = 100;

/// A member of a thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ThreadMember {
    pub thread: ChannelId,
    pub user: UserId,
    pub joined: Timestamp,
}

impl World {
    /// Adds a user to a thread. If `user` is the actor, they join.
    pub fn add_thread_member(
        &mut self,
        now: Timestamp,
        actor: UserId,
        thread: ChannelId,
        user: UserId,
    ) -> Outcome<()> {
        let (found, parent, permissions) = self.visible_thread(now, actor, thread)?;
        if found.archived {
            return Err(ApiError::ThreadArchived);
        }
        if actor != user {
            require(permissions, Permissions::SEND_MESSAGES)?;
            if !may_invite(found, actor, permissions) {
                require(permissions, Permissions::MANAGE_THREADS)?;
            }
            if self.member(found.guild, user).is_none() {
                return Err(ApiError::UnknownMember);
            }
            if !self.can_view(now, Place::Channel(parent), user) {
                return Err(ApiError::MissingAccess);
            }
        }
        let mut events = Events::default();
        if found.members.contains_key(&user) {
            return Ok(events.done(()));
        }
        if found.members.len() >= MAX_MEMBERS {
            return Err(ApiError::TooManyThreadMembers);
        }
        let guild = found.guild;
        self.seat_in_thread(now, thread, &[user], &mut events);
        if actor != user {
            let kind = MessageKind::RecipientAdd;
            self.tell_of_recipient(now, (guild, thread), actor, (kind, user), &mut events);
        }
        Ok(events.done(()))
    }

    /// Removes a user from a thread. If `user` is the actor, they leave.
    pub fn remove_thread_member(
        &mut self,
        now: Timestamp,
        actor: UserId,
        thread: ChannelId,
        user: UserId,
    ) -> Outcome<()> {
        let (found, _, permissions) = self.visible_thread(now, actor, thread)?;
        if found.archived {
            return Err(ApiError::ThreadArchived);
        }
        let own = found.is_private() && found.owner == actor;
        if actor != user && !own {
            require(permissions, Permissions::MANAGE_THREADS)?;
        }
        let mut events = Events::default();
        if !found.members.contains_key(&user) {
            return if actor == user {
                Ok(events.done(()))
            } else {
                Err(ApiError::UnknownMember)
            };
        }
        let guild = found.guild;
        self.unseat_from_thread(thread, user, &mut events);
        if actor != user {
            let kind = MessageKind::RecipientRemove;
            self.tell_of_recipient(now, (guild, thread), actor, (kind, user), &mut events);
        }
        Ok(events.done(()))
    }

    /// Adds the system message that says who added or removed whom.
    fn tell_of_recipient(
        &mut self,
        now: Timestamp,
        place: (GuildId, ChannelId),
        actor: UserId,
        (kind, user): (MessageKind, UserId),
        events: &mut Events,
    ) {
        let about = SystemMessage {
            mentions: vec![user],
            ..SystemMessage::default()
        };
        self.post_system(now, place, actor, kind, about, events);
    }

    /// All members of a thread. A bot needs the members intent.
    pub fn thread_members(
        &self,
        now: Timestamp,
        actor: UserId,
        thread: ChannelId,
    ) -> Result<Vec<ThreadMember>, ApiError> {
        let (found, ..) = self.visible_thread(now, actor, thread)?;
        if self
            .application_of(actor)
            .is_some_and(|a| !a.privileged.members)
        {
            return Err(ApiError::MissingAccess);
        }
        let member = |(user, joined): (&UserId, &Timestamp)| ThreadMember {
            thread,
            user: *user,
            joined: *joined,
        };
        Ok(found.members.iter().map(member).collect())
    }

    /// One member of a thread; 10007 if the user is not in it.
    pub fn thread_member(
        &self,
        now: Timestamp,
        actor: UserId,
        thread: ChannelId,
        user: UserId,
    ) -> Result<ThreadMember, ApiError> {
        let (found, ..) = self.visible_thread(now, actor, thread)?;
        let joined = *found.members.get(&user).ok_or(ApiError::UnknownMember)?;
        Ok(ThreadMember {
            thread,
            user,
            joined,
        })
    }

    fn visible_thread(
        &self,
        now: Timestamp,
        actor: UserId,
        thread: ChannelId,
    ) -> Result<(&Thread, &super::model::Channel, Permissions), ApiError> {
        match self.visible(now, actor, thread)? {
            (Place::Thread(thread, parent), permissions) => Ok((thread, parent, permissions)),
            (Place::Channel(_), _) => Err(ApiError::WrongChannelType),
        }
    }
}

/// Used by other files of the world.
impl World {
    /// Lets a member who writes in a thread reopen it and join it.
    pub(super) fn enter_thread(
        &mut self,
        now: Timestamp,
        actor: UserId,
        channel: ChannelId,
        events: &mut Events,
    ) {
        let Some(thread) = self.threads.get(&channel) else {
            return;
        };
        let joined = thread.members.contains_key(&actor);
        self.reopen(now, channel, events);
        if !joined {
            self.seat_in_thread(now, channel, &[actor], events);
        }
    }

    /// Invites the users and roles that a message in a thread mentions. Returns whether the members of a role
    /// were not invited, usually because there are too many.
    pub(super) fn invite_mentioned(
        &mut self,
        now: Timestamp,
        inviter: UserId,
        channel: ChannelId,
        mentions: &Mentions,
        events: &mut Events,
    ) -> bool {
        let Some(Place::Thread(thread, parent)) = self.place(channel) else {
            return false;
        };
        let permissions = self.permissions_in(now, Place::Thread(thread, parent), inviter);
        if thread.archived || !may_invite(thread, inviter, permissions) {
            return false;
        }
        let Some(guild) = self.guilds.get(&thread.guild) else {
            return false;
        };
        let mut wanted = mentions.users.clone();
        let mut failed = false;
        for role in &mentions.roles {
            let holders: Vec<UserId> = guild
                .members
                .values()
                .filter(|m| m.roles.contains(role))
                .map(|m| m.user)
                .collect();
            let expands = self.role_mentions(*role) == RoleMentions::Invite;
            if !expands || holders.len() >= MAX_ROLE_INVITED {
                failed = true;
            } else {
                wanted.extend(holders);
            }
        }
        let mut fresh: Vec<UserId> = Vec::new();
        for user in wanted {
            let fits = !fresh.contains(&user)
                && !thread.members.contains_key(&user)
                && self.can_view(now, Place::Channel(parent), user);
            if fits && thread.members.len() + fresh.len() < MAX_MEMBERS {
                fresh.push(user);
            }
        }
        if !fresh.is_empty() {
            self.seat_in_thread(now, channel, &fresh, events);
        }
        failed
    }

    /// Adds users to a thread. Its viewers receive the new members, and each new member receives the thread.
    pub(super) fn seat_in_thread(
        &mut self,
        now: Timestamp,
        id: ChannelId,
        users: &[UserId],
        events: &mut Events,
    ) {
        let Some(thread) = self.threads.get_mut(&id) else {
            return;
        };
        thread.members.extend(users.iter().map(|user| (*user, now)));
        let (guild, snapshot) = (thread.guild, thread.clone());
        let body = Body::ThreadMembers {
            thread: id,
            added: users.to_vec(),
            removed: vec![],
        };
        events.push(
            EventName::ThreadMembersUpdate,
            guild,
            Audience::Viewers(id),
            body,
        );
        for user in users {
            let body = Body::Thread {
                thread: Box::new(snapshot.clone()),
                newly_created: false,
            };
            events.push(EventName::ThreadCreate, guild, Audience::User(*user), body);
        }
    }

    /// Removes a member from a thread. The member and the thread's viewers receive the event.
    pub(super) fn unseat_from_thread(&mut self, id: ChannelId, user: UserId, events: &mut Events) {
        let Some(thread) = self.threads.get_mut(&id) else {
            return;
        };
        thread.members.remove(&user);
        let body = Body::ThreadMembers {
            thread: id,
            added: vec![],
            removed: vec![user],
        };
        events.push(
            EventName::ThreadMembersUpdate,
            thread.guild,
            Audience::Viewers(id),
            body,
        );
    }
}

/// With `invitable: false`, only the thread's creator and moderators can invite others.
fn may_invite(thread: &Thread, actor: UserId, permissions: Permissions) -> bool {
    !thread.is_private()
        || thread.invitable
        || thread.owner == actor
        || permissions.has(Permissions::MANAGE_THREADS)
}
