//! The facts that a decision needs, gathered; then the decision.
//!
//! What is known without asking is taken from the cache and the database. Before Discord is asked,
//! a member who waits is told so.

mod unwatched;

use futures_util::future::try_join_all;
use tickets::action::Action;
use tickets::decide::{departure, host, inbox, opening, select};
use tickets::event::{Asker, Event, Request, Selected};
use tickets::pending::{Pending, Target, Task, Waited};
use tickets::permission::{Permission, Permissions, Place};
use tickets::stored::{Departure, Inbox, Ticket};
use tickets::{ChannelId, GuildId, Mention, MessageId, RoleId, UserId};
use tokio::try_join;

use crate::context::{Context, Failure};
use crate::discord::{Error, Thread, code};
use crate::perform::answer::Answer;
use crate::translate::default_starter_template;

/// What to do for a member who asked.
pub async fn asked(
    context: &Context,
    asker: &Asker,
    request: &Request,
    answer: &Answer,
) -> Result<Vec<Action>, Failure> {
    let store = &context.store;
    if let Request::ChooseStaff { .. } | Request::SetStarter { .. } | Request::SetName { .. } =
        request
    {
        let selections = context.selections();
        let has_opened = selections.has_opened(asker.guild, asker.user, asker.at);
        if let Some(refusal) = inbox::refusal(asker, has_opened) {
            return Ok(refusal);
        }
    }
    Ok(match request {
        Request::CreateInbox {
            channel,
            destination,
        } => inbox::create(
            place(context, asker.guild, *channel),
            destination.map(|channel| place(context, asker.guild, channel)),
        ),
        Request::ChangeInbox(task) => {
            let destination = match task {
                Task::Destination(channel) => Some(place(context, asker.guild, *channel)),
                _ => None,
            };
            inbox::change(*task, destination)
        }
        Request::Select(message) => {
            let facts = selection(context, asker, message).await?;
            select::select(asker, message, &facts)
        }
        Request::ChooseStaff { inbox: id, staff } => {
            inbox::choose_staff(store.inbox(*id).await?.as_ref(), asker, staff.clone())
        }
        Request::SetStarter {
            inbox: id,
            template,
        } => {
            let default = default_starter_template(context.language(asker.guild));
            let known = store.inbox(*id).await?;
            inbox::set_starter(known.as_ref(), asker, template, &default)
        }
        Request::SetName {
            inbox: id,
            template,
        } => inbox::set_name(store.inbox(*id).await?.as_ref(), asker, template),
        Request::OpenTicket { inbox, slowmode } => {
            let facts = click(context, asker, *inbox, *slowmode, answer).await?;
            opening::open(asker, &facts)
        }
    })
}

/// What to do when something happened.
pub async fn happened(context: &Context, event: &Event) -> Result<Vec<Action>, Failure> {
    let store = &context.store;
    Ok(match event {
        Event::ThreadChanged {
            guild,
            thread,
            archived,
            locked,
        } => match store.ticket(*thread).await? {
            Some(ticket) => changed(context, *guild, &ticket, *archived, *locked).await?,
            None => Vec::new(),
        },
        Event::LeftThread {
            guild,
            thread,
            users,
        } => match store.ticket(*thread).await? {
            Some(ticket) => left(context, *guild, &ticket, users, false).await?,
            None => Vec::new(),
        },
        Event::JoinedThread { thread, users } => match store.ticket(*thread).await? {
            Some(ticket) => departure::joined(&ticket, users),
            None => Vec::new(),
        },
        Event::LeftGuild { guild, user } => left_guild(context, *guild, *user).await?,
        Event::ChannelDeleted { channel } => departure::deleted(*channel),
        Event::MessagesDeleted { messages } => vec![Action::ForgetMessages(messages.clone())],
        Event::RoleDeleted { guild, role } => vec![Action::ForgetRole(*guild, *role)],
        Event::Spoken(spoken) => {
            let is_host = context.application.hosts.contains(&spoken.author);
            host::speak(&spoken.words, is_host, |guild| context.cache().is_in(guild))
        }
        Event::Unwatched { guild, thing } => {
            return unwatched::actions(context, *guild, *thing).await;
        }
        Event::Asked(..) => Vec::new(),
    })
}

/// A ticket's thread was archived, locked, re-opened or renamed.
async fn changed(
    context: &Context,
    guild: GuildId,
    ticket: &Ticket,
    archived: bool,
    locked: bool,
) -> Result<Vec<Action>, Failure> {
    if !archived {
        // An event can be old news when its turn comes.
        let is_open = ticket.closed && {
            let now = asked_discord(context, guild, ticket.id).await?;
            now.is_some_and(|thread| !thread.archived)
        };
        if !is_open {
            return Ok(Vec::new());
        }
        // If that cannot be told, nobody may conclude later that they left an open ticket.
        let owner_is_gone = is_gone(context, ticket).await?;
        return Ok(departure::reopened(ticket, owner_is_gone));
    }
    context.is_archived_again(ticket.id);
    let thread = if locked || ticket.departure == Departure::Begun {
        Some(departure::Thread {
            archived,
            locked,
            can_lock: true,
        })
    } else {
        asked_discord(context, guild, ticket.id).await?
    };
    Ok(departure::archived(ticket, thread))
}

/// Whether the owner of a re-opened ticket is gone from it.
async fn is_gone(context: &Context, ticket: &Ticket) -> Result<bool, Error> {
    let Some(owner) = ticket
        .owner
        .filter(|_| ticket.departure == Departure::Present)
    else {
        return Ok(false);
    };
    let discord = &context.discord;
    match discord.is_in_thread(ticket.id, owner).await {
        Ok(false) => {}
        Ok(true) => return Ok(false),
        // It was deleted just now, which is told in a moment.
        Err(error) if error.is_gone() => return Ok(false),
        Err(error) => return Err(error),
    }
    let is_in_server = discord.is_in_guild(ticket.guild, owner).await?;
    context.reopened_without_owner(ticket.id, is_in_server);
    Ok(true)
}

/// A member is no longer in a server, or was not for a while.
async fn left_guild(
    context: &Context,
    guild: GuildId,
    user: UserId,
) -> Result<Vec<Action>, Failure> {
    let mut tickets = context.store.tickets_owned_by(guild, user).await?;
    tickets.retain(|ticket| !ticket.closed || ticket.departure == Departure::Present);
    // An event can be old news when its turn comes. They may have opened another ticket since.
    if !tickets.is_empty() && context.discord.is_in_guild(guild, user).await? {
        for ticket in tickets {
            context.look_soon(guild, ticket.id);
        }
        return Ok(Vec::new());
    }
    let mut actions = Vec::new();
    for ticket in tickets {
        actions.extend(left(context, guild, &ticket, &[user], true).await?);
    }
    Ok(actions)
}

/// Members are no longer in a ticket's thread, or in its `server` any more.
async fn left(
    context: &Context,
    guild: GuildId,
    ticket: &Ticket,
    users: &[UserId],
    server: bool,
) -> Result<Vec<Action>, Failure> {
    let is_owner = ticket.owner.is_some_and(|owner| users.contains(&owner));
    let left_just_now = is_owner && context.left_when_reopened(ticket.id, server);
    if ticket.departure != Departure::Present && !left_just_now {
        return Ok(Vec::new());
    }
    let thread = match known(context, guild, ticket.id) {
        Some(thread) => Some(thread),
        None => asked_discord(context, guild, ticket.id).await?,
    };
    let so_far = Ticket {
        departure: Departure::Present,
        ..*ticket
    };
    let returned = (ticket.departure != Departure::Present)
        .then_some(Action::NoteReturn { ticket: ticket.id });
    let left = departure::left(&so_far, users, thread);
    Ok(returned.into_iter().chain(left).collect())
}

/// A thread as far as it is known without asking: of a server that Discord has described, all
/// active threads are.
fn known(context: &Context, guild: GuildId, thread: ChannelId) -> Option<departure::Thread> {
    let cache = context.cache();
    let (me, server) = (cache.me()?, cache.guild(guild)?);
    let parent = server.parent_of_active(thread);
    let place = parent.and_then(|parent| server.place(parent, me));
    Some(departure::Thread {
        archived: parent.is_none(),
        locked: false,
        can_lock: place.is_some_and(|place| place.permissions.has(Permission::ManageThreads)),
    })
}

/// A thread as Discord has it at this moment; `None` if it is gone.
async fn asked_discord(
    context: &Context,
    guild: GuildId,
    thread: ChannelId,
) -> Result<Option<departure::Thread>, Failure> {
    let thread = match context.discord.thread(thread).await {
        Ok(thread) => thread,
        Err(error) if error.is_gone() => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    Ok(Some(described(context, guild, &thread)))
}

fn described(context: &Context, guild: GuildId, thread: &Thread) -> departure::Thread {
    let place = thread.parent.map(|parent| place(context, guild, parent));
    departure::Thread {
        archived: thread.archived,
        locked: thread.locked,
        can_lock: place.is_some_and(|place| place.permissions.has(Permission::ManageThreads)),
    }
}

async fn selection(
    context: &Context,
    asker: &Asker,
    message: &Selected,
) -> Result<select::Facts, Failure> {
    let waited = context
        .selections()
        .waited(asker.guild, asker.user, asker.at);
    let store = &context.store;
    let (mut selected, mut replaced) = (None, None);
    let (mut channel, mut destination, mut staff_of) = (None, None, None);
    match waited {
        Waited::For(Pending::Content(Target::NewInbox {
            channel: posted_in,
            destination: tickets_in,
        })) => {
            channel = Some(posted_in);
            destination = tickets_in;
            staff_of = Some(tickets_in.unwrap_or(posted_in));
        }
        Waited::For(Pending::Content(Target::Replace { inbox })) => {
            replaced = store.inbox(inbox).await?;
            channel = replaced.as_ref().map(|inbox| inbox.channel);
        }
        Waited::For(Pending::Inbox(task)) => {
            selected = store.inbox(message.id).await?;
            if let Task::Destination(to) = task {
                destination = Some(to);
            }
        }
        Waited::Nothing | Waited::Expired => {}
    }
    Ok(select::Facts {
        waited,
        channel: channel.map(|channel| place(context, asker.guild, channel)),
        destination: destination.map(|channel| place(context, asker.guild, channel)),
        first_staff: staff_of.map_or_else(Vec::new, |of| first_staff(context, asker.guild, of)),
        roles: roles(context, asker.guild, selected.as_ref()),
        selected,
        replaced,
        max_attachment_size: context.max_attachment_size(),
    })
}

fn first_staff(context: &Context, guild: GuildId, channel: ChannelId) -> Vec<Mention> {
    let cache = context.cache();
    match (cache.guild(guild), cache.me()) {
        (Some(guild), Some(me)) => guild.first_staff(channel, me),
        _ => Vec::new(),
    }
}

async fn click(
    context: &Context,
    asker: &Asker,
    id: MessageId,
    slowmode: u32,
    answer: &Answer,
) -> Result<opening::Facts, Failure> {
    let store = &context.store;
    // Asked together, they are answered together.
    let (inbox, tickets, last_opened) = try_join!(
        store.inbox(id),
        store.tickets_of(id, asker.user),
        store.last_opened(id, asker.user),
    )?;
    let open = match &inbox {
        Some(inbox) if inbox.max_tickets_per_user > 0 => {
            open_tickets(context, asker, inbox, tickets, answer).await?
        }
        _ => Vec::new(),
    };
    let cached = context
        .cache()
        .guild(asker.guild)
        .map_or(0, |guild| guild.slowmode(asker.channel));
    Ok(opening::Facts {
        open,
        last_opened,
        slowmode: slowmode.max(cached),
        parent: inbox
            .as_ref()
            .map(|inbox| tickets_in(context, asker.guild, inbox)),
        roles: roles(context, asker.guild, inbox.as_ref()),
        inbox,
    })
}

/// The member's tickets that are open by Discord's own word.
async fn open_tickets(
    context: &Context,
    asker: &Asker,
    inbox: &Inbox,
    stored: Vec<Ticket>,
    answer: &Answer,
) -> Result<Vec<ChannelId>, Failure> {
    // What is closed is known; of the others Discord is asked who is in them.
    let perhaps: Vec<_> = stored
        .into_iter()
        .filter(|ticket| !ticket.closed || is_active(context, asker.guild, ticket.id))
        .take(inbox.max_tickets_per_user as usize + MORE_TO_ASK)
        .collect();
    if perhaps.is_empty() {
        return Ok(Vec::new());
    }
    answer.defer().await?;
    let questions = perhaps
        .iter()
        .map(|ticket| is_open(context, asker.guild, ticket.id, asker.user));
    let open = try_join_all(questions).await?;
    Ok(perhaps
        .iter()
        .zip(open)
        .filter_map(|(ticket, is_open)| is_open.then_some(ticket.id))
        .collect())
}

/// A member can have left tickets that staff keep open; so many of them are looked through.
const MORE_TO_ASK: usize = 5;

async fn is_open(
    context: &Context,
    guild: GuildId,
    ticket: ChannelId,
    owner: UserId,
) -> Result<bool, Failure> {
    if !is_active(context, guild, ticket) {
        // It is archived, or so new that the gateway has not told of it yet.
        match context.discord.thread(ticket).await {
            Ok(thread) if thread.archived => return Ok(false),
            Ok(_) => {}
            Err(error) if error.is_unknown(code::UNKNOWN_CHANNEL) => {
                return forgotten(context, ticket).await;
            }
            Err(error) if error.is_forbidden() => return Ok(false),
            Err(error) => return Err(error.into()),
        }
    }
    match context.discord.is_in_thread(ticket, owner).await {
        Ok(is_in) => Ok(is_in),
        Err(error) if error.is_unknown(code::UNKNOWN_CHANNEL) => forgotten(context, ticket).await,
        Err(error) if error.is_forbidden() => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Whether the gateway has told of this thread as an active one.
fn is_active(context: &Context, guild: GuildId, thread: ChannelId) -> bool {
    known(context, guild, thread).is_some_and(|thread| !thread.archived)
}

/// Discord says that the thread does not exist.
async fn forgotten(context: &Context, ticket: ChannelId) -> Result<bool, Failure> {
    context.store.forget_channel(ticket).await?;
    Ok(false)
}

/// Where an inbox's tickets go: its own channel if the destination is gone.
fn tickets_in(context: &Context, guild: GuildId, inbox: &Inbox) -> Place {
    let is_known = |channel| context.cache().place(guild, channel).is_some();
    let wanted = inbox.tickets_in();
    if context.cache().knows(guild) && !is_known(wanted) {
        return place(context, guild, inbox.channel);
    }
    place(context, guild, wanted)
}

/// What the bot may do in a channel. Of a server that Discord has not described yet nothing is
/// known: then the bot tries, and Discord decides.
fn place(context: &Context, guild: GuildId, channel: ChannelId) -> Place {
    let cache = context.cache();
    let unknown = if cache.knows(guild) {
        Permissions::default()
    } else {
        Permissions::EVERYTHING
    };
    cache.place(guild, channel).unwrap_or(Place {
        channel,
        permissions: unknown,
        holds_private_threads: true,
    })
}

/// The server's roles, or else those that the inbox names: then all of them are taken to exist.
fn roles(context: &Context, guild: GuildId, inbox: Option<&Inbox>) -> Vec<RoleId> {
    if let Some(guild) = context.cache().guild(guild) {
        return guild.roles();
    }
    let staff = inbox.map_or(&[][..], |inbox| &inbox.staff);
    staff
        .iter()
        .filter_map(|who| match who {
            Mention::Role(role) => Some(*role),
            Mention::User(_) => None,
        })
        .collect()
}
