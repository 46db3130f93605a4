//! Who is staff of a ticket: what [`tickets::staff`] needs to know, from the database and the cache.

use tickets::inbox::Inbox;
use tickets::permission::{Permissions, Place};
use tickets::setting::{CloseButton, OwnerCloses, StaffPowers};
use tickets::staff::{Member, Powers, is_staff, may_look_after};
use tickets::ticket::Ticket;
use tickets::{ChannelId, GuildId, InboxId, Mention, RoleId, UserId};

use super::{App, Failure};
use crate::discord::Error;

/// What an inbox says about the staff of its tickets.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    pub staff: Vec<Mention>,
    pub powers: Powers,
    /// What *Close* does for the owner.
    pub close_button: OwnerCloses,
}

impl Rules {
    /// The rules for a ticket. If it has no inbox, no one is listed as staff.
    pub async fn of(app: &App, ticket: &Ticket) -> Result<Self, Failure> {
        let inbox = inbox_of(app, ticket.inbox).await?;
        Ok(inbox.map_or_else(Self::default, Self::of_inbox))
    }

    /// The rules for the tickets of an inbox.
    pub fn of_inbox(inbox: Inbox) -> Self {
        Self {
            powers: inbox.get(StaffPowers),
            close_button: inbox.get(CloseButton),
            staff: inbox.staff,
        }
    }

    /// Whether a member with these roles is staff of the tickets in this channel.
    pub fn is_staff(
        &self,
        app: &App,
        guild: GuildId,
        parent: ChannelId,
        user: UserId,
        roles: &[RoleId],
    ) -> bool {
        let member = member(app, guild, parent, user, roles);
        is_staff(member, &self.staff, self.powers)
    }

    /// Whether a member with these roles may do what the setting `staff-powers` does not restrict.
    pub fn may_look_after(
        &self,
        app: &App,
        guild: GuildId,
        parent: ChannelId,
        user: UserId,
        roles: &[RoleId],
    ) -> bool {
        let member = member(app, guild, parent, user, roles);
        may_look_after(member, &self.staff)
    }
}

/// The inbox's staff, without roles that were deleted.
pub fn existing_staff(app: &App, inbox: &Inbox) -> Vec<Mention> {
    let roles = app.cache().guild(inbox.guild).map(|it| it.roles());
    inbox.existing_staff(|role| roles.as_ref().is_none_or(|roles| roles.contains(&role)))
}

/// The inbox of a ticket or a notice. A removed inbox is kept for its tickets.
pub async fn inbox_of(app: &App, inbox: Option<InboxId>) -> Result<Option<Inbox>, Failure> {
    let Some(id) = inbox else {
        return Ok(None);
    };
    Ok(match app.store.inbox(id).await? {
        Some(inbox) => Some(inbox),
        None => app.store.removed_inbox(id).await?.map(|it| it.inbox),
    })
}

/// The channel of a thread that is active.
pub fn parent_of(app: &App, guild: GuildId, thread: ChannelId) -> Option<ChannelId> {
    let known = app.cache().guild(guild)?;
    known.active_thread(thread).map(|active| active.parent)
}

/// The channel of a thread: from the cache if the thread is active, otherwise from Discord.
pub async fn find_parent(
    app: &App,
    guild: GuildId,
    thread: ChannelId,
) -> Result<Option<ChannelId>, Error> {
    match parent_of(app, guild, thread) {
        Some(parent) => Ok(Some(parent)),
        None => Ok(app.discord.thread(thread).await?.parent),
    }
}

/// The channel of a thread, and what the bot may do there.
pub async fn find_place(
    app: &App,
    guild: GuildId,
    thread: ChannelId,
) -> Result<Option<Place>, Error> {
    let parent = find_parent(app, guild, thread).await?;
    Ok(parent.and_then(|parent| app.cache().place(guild, parent)))
}

/// A member of the server in a channel.
pub fn member<'a>(
    app: &App,
    guild: GuildId,
    parent: ChannelId,
    user: UserId,
    roles: &'a [RoleId],
) -> Member<'a> {
    Member {
        user,
        roles,
        permissions: permissions(app, guild, parent, user, roles),
    }
}

/// What a member with these roles may do in a channel. `None` if the bot cannot view it.
pub fn permissions(
    app: &App,
    guild: GuildId,
    parent: ChannelId,
    user: UserId,
    roles: &[RoleId],
) -> Option<Permissions> {
    let cache = app.cache();
    let (me, known) = (cache.me()?, cache.guild(guild)?);
    known.permissions_of(parent, user, roles, me)
}
