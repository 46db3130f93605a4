//! What members and staff do. Discord may refuse some of it, which is normal.

use discord_sandbox::id::{ChannelId, MessageId, UserId};
use discord_sandbox::world::model::{ChannelKind, ThreadKind};
use discord_sandbox::{Look, Person};
use serde_json::json;

use super::Play;
use crate::action::{Owner, Server, Staff};
use crate::scene::{first_mention, is_create_button};
use harness::BUTTON;

/// Names that contain mentions, placeholders, formatting or a refused word.
const NAMES: [&str; 6] = [
    "@everyone",
    "<@&1>",
    "$author $counter",
    "forbidden",
    "`code` **bold**",
    "\u{202e}txet",
];

const LANGUAGES: [&str; 3] = ["en-US", "de", "fr"];

/// The permissions that the bot can lose: View Channel, Send Messages, Manage Threads, Create Private
/// Threads, Send Messages in Threads.
const RIGHTS: [u64; 5] = [1 << 10, 1 << 11, 1 << 34, 1 << 36, 1 << 38];

/// The most rooms and roles that the admin creates.
const MAX_ROOMS: usize = 5;
const MAX_ROLES: usize = 4;

/// A ticket at the moment when a person does something to it.
#[derive(Clone, Copy)]
pub(super) struct Now {
    pub(super) id: ChannelId,
    pub(super) owner: Option<UserId>,
    pub(super) owner_is_in: bool,
    pub(super) archived: bool,
    pub(super) locked: bool,
}

impl Play {
    pub(super) async fn click(&self, person: u32, inbox: u32, times: u32) {
        let Some((channel, message)) = nth(&self.inboxes(), inbox) else {
            return;
        };
        let Some(person) = nth(&self.people, person) else {
            return;
        };
        for _ in 0..times {
            let _ = person.start_click(channel, message, BUTTON).await;
        }
    }

    pub(super) async fn crowd(&self, inbox: u32) {
        let Some((channel, message)) = nth(&self.inboxes(), inbox) else {
            return;
        };
        for person in &self.people {
            let _ = person.start_click(channel, message, BUTTON).await;
        }
    }

    pub(super) async fn owner_does(&mut self, what: Owner, ticket: u32) {
        let tickets: Vec<_> = self.tickets();
        let mine: Vec<_> = tickets.into_iter().filter(|it| it.owner_is_in).collect();
        let Some(ticket) = nth(&mine, ticket) else {
            return;
        };
        let Some(owner) = ticket.owner.map(|owner| self.stage.sandbox.person(owner)) else {
            return;
        };
        match what {
            Owner::Leaves => {
                if owner.leave(ticket.id).await.is_ok() {
                    self.owner_left(&ticket);
                }
            }
            Owner::Writes => {
                if owner.send(ticket.id, "Hello? @everyone").await.is_ok() {
                    self.memory.woken(ticket.id);
                }
            }
        }
    }

    pub(super) async fn staff_does(&mut self, what: Staff, ticket: u32) {
        let Some(ticket) = nth(&self.tickets(), ticket) else {
            return;
        };
        let (id, staff) = (ticket.id, self.stage.sandbox.owner());
        match what {
            Staff::RemovesOwner => {
                let owner = ticket.owner.filter(|_| ticket.owner_is_in);
                if let Some(owner) = owner
                    && staff.remove(id, owner).await.is_ok()
                {
                    self.owner_left(&ticket);
                }
            }
            Staff::AddsOwner => {
                let owner = ticket.owner.filter(|_| !ticket.owner_is_in);
                if let Some(owner) = owner
                    && staff.add(id, owner).await.is_ok()
                {
                    self.memory.woken(id);
                }
            }
            Staff::Leaves => {
                let _ = self.stage.sandbox.moderator().leave(id).await;
            }
            Staff::Writes => {
                if staff.send(id, "How can I help?").await.is_ok() {
                    self.memory.woken(id);
                }
            }
            Staff::Archives => {
                if staff.archive(id).await.is_ok() && !ticket.archived {
                    self.memory.closed(id, ticket.locked);
                }
            }
            Staff::Locks => {
                if staff.lock(id).await.is_ok() {
                    self.memory.locked(id);
                }
            }
            Staff::Unlocks => {
                if staff.unlock(id).await.is_ok() && ticket.archived && ticket.locked {
                    self.memory.closed(id, false);
                }
            }
            Staff::Reopens => {
                if staff.reopen(id).await.is_ok() {
                    self.memory.woken(id);
                }
            }
            Staff::ReopensAndUnlocks => {
                let edit = json!({"archived": false, "locked": false});
                if staff.edit_channel(id, edit).await.is_ok() {
                    self.memory.woken(id);
                }
            }
            Staff::Renames => {
                let _ = staff.rename(id, "renamed by staff").await;
            }
            Staff::Deletes => {
                if staff.delete(id).await.is_ok() {
                    self.memory.forget(id);
                }
            }
        }
    }

    pub(super) async fn server_changes(&mut self, what: Server) {
        let (admin, guild) = (self.stage.sandbox.owner(), self.guild());
        match what {
            Server::Leaves(person) => self.leaves(person, None).await,
            Server::Kicks(person) => self.leaves(person, Some(&admin)).await,
            Server::Joins(person) => {
                // Prefer people who are not in the server.
                let is_away = |person: &&Person| {
                    let id = person.id();
                    self.stage
                        .sandbox
                        .look(|look| look.member(guild, id).is_none())
                };
                let away: Vec<_> = self.people.iter().filter(is_away).cloned().collect();
                if let Some(person) = nth(&away, person) {
                    let _ = person.join_guild().await;
                }
            }
            Server::Renames { person, name } => {
                if let (Some(person), Some(name)) = (nth(&self.people, person), nth(&NAMES, name)) {
                    let _ = person.set_global_name(name).await;
                }
            }
            Server::DeletesInbox(inbox) => {
                let inboxes = self.inboxes();
                if let Some((channel, message)) = nth(&inboxes, inbox).filter(|_| inboxes.len() > 1)
                {
                    let _ = admin.delete_message(channel, message).await;
                }
            }
            Server::DeletesChannel(channel) => {
                let rooms = self.rooms();
                if let Some(room) = nth(&rooms, channel).filter(|_| rooms.len() > 2) {
                    let under: Vec<_> = self.tickets_in(room);
                    if admin.delete(room).await.is_ok() {
                        for (ticket, archived) in under {
                            if archived {
                                self.memory.lose(ticket);
                            } else {
                                self.memory.forget(ticket);
                            }
                        }
                    }
                }
            }
            Server::CreatesChannel => {
                if self.rooms().len() < MAX_ROOMS {
                    let _ = admin.create_channel("room", 0).await;
                }
            }
            Server::DeletesRole(role) => {
                if let Some(role) = nth(&self.roles(), role) {
                    let _ = admin.delete_role(role).await;
                }
            }
            Server::CreatesRole => {
                if self.roles().len() < MAX_ROLES {
                    let role = admin.create_role(json!({"name": "helpers", "mentionable": true}));
                    if let Ok(role) = role.await {
                        let helper = self.stage.sandbox.member2().id();
                        let _ = admin.give_role(helper, role).await;
                    }
                }
            }
            Server::Language(which) => {
                if let Some(language) = nth(&LANGUAGES, which) {
                    let _ = admin
                        .edit_guild(json!({"preferred_locale": language}))
                        .await;
                }
            }
            Server::Denies { channel, what } => {
                if let (Some(room), Some(right)) = (nth(&self.rooms(), channel), nth(&RIGHTS, what))
                {
                    self.memory.note_blind_spot();
                    let bot = self.stage.sandbox.bot_id();
                    let _ = admin.set_member_overwrite(room, bot, 0, right).await;
                }
            }
            Server::Allows { channel } => {
                if let Some(room) = nth(&self.rooms(), channel) {
                    self.allow(room).await;
                }
            }
            Server::KicksBot => {
                self.memory.note_blind_spot();
                let _ = admin.kick(self.stage.sandbox.bot_id()).await;
            }
            Server::InvitesBot => {
                let _ = admin.invite(self.stage.sandbox.bot_id()).await;
            }
        }
    }

    async fn leaves(&mut self, person: u32, kicked_by: Option<&Person>) {
        let Some(person) = nth(&self.people, person) else {
            return;
        };
        let id = person.id();
        let tickets = self.tickets().into_iter();
        let mine: Vec<_> = tickets
            .filter(|ticket| ticket.owner == Some(id) && ticket.owner_is_in)
            .collect();
        let gone = match kicked_by {
            None => person.leave_guild().await,
            Some(admin) => admin.kick(id).await,
        };
        if gone.is_ok() {
            self.memory.left_guild(id);
            for ticket in &mine {
                self.owner_left(ticket);
            }
        }
    }

    /// Gives the bot its usual permissions in a channel back.
    pub(super) async fn allow(&mut self, room: ChannelId) {
        let bot = self.stage.sandbox.bot_id();
        // This fails if the bot has lost no permission there, which is usual.
        let _ = self
            .stage
            .sandbox
            .owner()
            .delete_overwrite(room, bot.0)
            .await;
    }

    /// Records that an owner left a ticket. Leaving an archived ticket does not close it again.
    fn owner_left(&mut self, ticket: &Now) {
        if !ticket.archived {
            self.memory.closed(ticket.id, ticket.locked);
        }
    }

    /// The inboxes, oldest first.
    pub(super) fn inboxes(&self) -> Vec<(ChannelId, MessageId)> {
        self.stage.sandbox.look(|look| {
            let bot = look.defaults().bot;
            let mut found: Vec<_> = channels(look)
                .flat_map(|channel| look.messages(channel))
                .filter(|m| m.user() == Some(bot) && m.ephemeral_to.is_none())
                .filter(|m| m.components.iter().any(is_create_button))
                .map(|message| (message.channel, message.id))
                .collect();
            found.sort_by_key(|(_, message)| *message);
            found
        })
    }

    /// The tickets, newest first.
    pub(super) fn tickets(&self) -> Vec<Now> {
        self.stage.sandbox.look(|look| {
            let bot = look.defaults().bot;
            let mut found: Vec<_> = channels(look)
                .flat_map(|channel| look.threads_of(channel))
                .filter(|thread| thread.owner == bot && thread.kind == ThreadKind::Private)
                // People cannot see a ticket before its starting message.
                .filter_map(|thread| {
                    let mut said = look.messages(thread.id);
                    let starter = said.find(|m| m.user() == Some(bot) && !m.kind.is_system());
                    let owner = first_mention(&starter?.content);
                    Some(Now {
                        id: thread.id,
                        owner,
                        owner_is_in: owner.is_some_and(|it| thread.members.contains_key(&it)),
                        archived: thread.archived,
                        locked: thread.locked,
                    })
                })
                .collect();
            found.sort_by_key(|ticket| std::cmp::Reverse(ticket.id));
            found
        })
    }

    /// The threads of a channel, and whether each is archived.
    pub(super) fn tickets_in(&self, channel: ChannelId) -> Vec<(ChannelId, bool)> {
        self.stage.sandbox.look(|look| {
            let threads = look.threads_of(channel).into_iter();
            threads.map(|thread| (thread.id, thread.archived)).collect()
        })
    }

    /// The text channels that are for tickets and inboxes.
    pub(super) fn rooms(&self) -> Vec<ChannelId> {
        self.stage.sandbox.look(|look| {
            let defaults = look.defaults();
            let is_room = |id: &ChannelId| {
                let kind = look.channel(*id).map(|channel| channel.kind);
                ![defaults.general, defaults.welcome, self.notices].contains(id)
                    && kind == Some(ChannelKind::Text)
            };
            channels(look).filter(is_room).collect()
        })
    }

    /// The roles that the admin has made.
    pub(super) fn roles(&self) -> Vec<discord_sandbox::id::RoleId> {
        self.stage.sandbox.look(|look| {
            let guild = look.guild(look.defaults().guild);
            let roles = guild.into_iter().flat_map(|guild| guild.roles.values());
            let made = roles.filter(|role| role.name == "helpers");
            made.map(|role| role.id).collect()
        })
    }
}

fn channels<'a>(look: &'a Look<'_>) -> impl Iterator<Item = ChannelId> + use<'a> {
    let guild = look.guild(look.defaults().guild);
    guild.into_iter().flat_map(|it| it.channels.iter().copied())
}

/// The element at this index, modulo the length of the list.
pub(super) fn nth<T: Clone>(list: &[T], number: u32) -> Option<T> {
    let at = (number as usize).checked_rem(list.len())?;
    list.get(at).cloned()
}
