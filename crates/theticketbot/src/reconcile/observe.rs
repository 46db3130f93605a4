//! Observing a ticket: first from the event, then from the cache, then from Discord.

use tickets::permission::Permission;
use tickets::setting::{Lock, Setting, Typed};
use tickets::ticket::{
    Found, Hint, Invited, Observed, Owner, Presence, Thread, Ticket, hidden_needs, needs,
    told_of_note, told_of_owner,
};
use tickets::{ChannelId, GuildId, MessageId, Timestamp, UserId};

use super::due::keeps_open;
use super::stray::plan_check;
use crate::app::staff::{find_parent, permissions};
use crate::app::{App, Failure};
use crate::discord::{self, Error, Sent, code};
use crate::store::Scope;

/// Observes what the rule needs to know about a ticket.
pub(super) async fn ticket(app: &App, ticket: &Ticket, hint: Hint) -> Result<Observed, Failure> {
    app.joining.set_unclear(ticket.id, false);
    let observed = observe(app, ticket, hint).await?;
    note_visibility(app, ticket, observed.found).await?;
    Ok(observed)
}

async fn observe(app: &App, ticket: &Ticket, hint: Hint) -> Result<Observed, Failure> {
    let (found, is_idle) = found(app, ticket, hint).await?;
    let found = match found {
        Found::There(thread) if is_idle && keeps_open(app, ticket).await? => Found::Idle(thread),
        found => found,
    };
    let found = if found == found.without_lock() || wants_lock(app, ticket).await? {
        found
    } else {
        found.without_lock()
    };
    let mut observed = Observed {
        found,
        owner: told_of_owner(hint),
        unrecorded: told_of_note(hint),
        request: None,
    };
    let mut needs = match found {
        Found::There(thread) => needs(ticket, thread, hint),
        Found::Idle(thread) => hidden_needs(ticket, thread, hint),
        _ => return Ok(observed),
    };
    // The opening invites the owner, and requests a check afterwards if necessary.
    if ticket.state.presence == Presence::Invited && app.store.is_opening(ticket.id).await? {
        needs.owner = false;
    }
    if needs.owner
        && let Some(owner) = ticket.owner
    {
        match self::owner(app, ticket, owner).await {
            Ok(owner) => observed.owner = owner,
            Err(error) if error.is_unknown(code::UNKNOWN_CHANNEL) => observed.found = Found::Gone,
            // Discord sends no events for the threads of a channel that the bot can no longer view.
            Err(error) if error.is_forbidden() => observed.found = Found::Hidden,
            Err(error) => return Err(error.into()),
        }
    }
    if needs.note {
        observed.unrecorded = unrecorded(app, ticket).await?;
    }
    if needs.request {
        observed.request = app.store.closing(ticket.id).await?;
    }
    Ok(observed)
}

/// Whether the inbox wants closed tickets locked, but the bot may not lock this one.
pub async fn cannot_lock(app: &App, ticket: &Ticket) -> Result<bool, Failure> {
    let known = known(app, ticket.guild, ticket.id);
    Ok(known.is_some_and(|thread| !thread.can_lock) && wants_lock(app, ticket).await?)
}

/// Whether the ticket's inbox wants closed tickets locked. A removed inbox counts, too.
async fn wants_lock(app: &App, ticket: &Ticket) -> Result<bool, Failure> {
    let Some(inbox) = ticket.inbox else {
        return Ok(Lock.value(None));
    };
    let stored = app.store.setting(Scope::Inbox(inbox), Lock.key()).await?;
    Ok(Lock.value(stored.as_deref()))
}

/// The state of the ticket's thread, and whether Discord's own timer has archived it.
async fn found(app: &App, ticket: &Ticket, hint: Hint) -> Result<(Found, bool), Failure> {
    let (guild, thread) = (ticket.guild, ticket.id);
    if hint == Hint::Gone {
        return Ok((Found::Gone, false));
    }
    let known = known(app, guild, thread);
    if hint == Hint::BotRemoved {
        let can_archive = known.is_some_and(|thread| thread.can_lock);
        let removed = Found::Removed {
            can_archive,
            lock: can_archive,
        };
        return Ok((removed, false));
    }
    match (known, hint) {
        // The cache knows every active thread that the bot can view. But if a closed ticket seems active
        // again, the bot asks Discord, because its own earlier observation can be newer than the event.
        (Some(known), _) if !ticket.is_closed() => {
            return Ok((Found::There(known), false));
        }
        (
            None,
            Hint::Thread {
                archived: true,
                locked,
                is_idle,
                parent,
            },
        ) if !ticket.is_closed() || locked => {
            let can_lock = parent.is_some_and(|parent| can_lock(app, guild, parent));
            let thread = Thread {
                archived: true,
                locked,
                can_lock,
            };
            return Ok((Found::There(thread), is_idle));
        }
        _ => {}
    }
    match app.discord.thread(thread).await {
        Ok(now) => Ok((Found::There(described(app, guild, &now)), now.is_idle)),
        Err(error) if error.is_unknown(code::UNKNOWN_CHANNEL) => Ok((Found::Gone, false)),
        Err(error) if error.is_forbidden() => Ok((Found::Hidden, false)),
        Err(error) => Err(error.into()),
    }
}

/// Stores since when the bot cannot view a ticket, or that it can view the ticket again.
async fn note_visibility(app: &App, ticket: &Ticket, found: Found) -> Result<(), Failure> {
    let since = match (found, ticket.hidden_since) {
        (Found::Hidden, None) => Some(app.now()),
        (Found::There(_) | Found::Idle(_), Some(_)) => None,
        _ => return Ok(()),
    };
    Ok(app.store.set_hidden(ticket.id, since).await?)
}

/// A thread that is active according to the gateway's events.
pub fn known(app: &App, guild: GuildId, thread: ChannelId) -> Option<Thread> {
    let cache = app.cache();
    let (me, known) = (cache.me()?, cache.guild(guild)?);
    let active = known.active_thread(thread)?;
    let place = known.place(active.parent, me);
    Some(Thread {
        archived: false,
        locked: active.locked,
        can_lock: place.is_some_and(|place| place.permissions.has(Permission::ManageThreads)),
    })
}

/// A thread that Discord has returned.
pub fn described(app: &App, guild: GuildId, thread: &discord::Thread) -> Thread {
    Thread {
        archived: thread.archived,
        locked: thread.locked,
        can_lock: thread
            .parent
            .is_some_and(|parent| can_lock(app, guild, parent)),
    }
}

fn can_lock(app: &App, guild: GuildId, parent: ChannelId) -> bool {
    let place = app.cache().place(guild, parent);
    place.is_some_and(|place| place.permissions.has(Permission::ManageThreads))
}

/// Whether the owner is in the ticket. An owner who was never seen in the thread may have left the server, or
/// may have joined and left while the bot got no events.
async fn owner(app: &App, ticket: &Ticket, owner: UserId) -> Result<Owner, Error> {
    if app.discord.is_in_thread(ticket.id, owner).await? {
        return Ok(Owner::In);
    }
    if ticket.state.presence != Presence::Invited {
        return Ok(Owner::Out { was_in: false });
    }
    let Some(member) = app.discord.guild_member(ticket.guild, owner).await? else {
        return Ok(Owner::LeftServer);
    };
    let joined = member.joined_at;
    if joined.is_some_and(|joined| joined > ticket.id.created_at()) {
        // The owner has come back to the server since then.
        return Ok(Owner::LeftServer);
    }
    if app.hears_of_members() && app.was_told_since(ticket.id.created_at()) {
        return Ok(Owner::Out { was_in: false });
    }
    let invited = Invited {
        at: invited_at(app, ticket, owner).await?,
        can_view: match find_parent(app, ticket.guild, ticket.id).await? {
            Some(parent) => permissions(app, ticket.guild, parent, owner, &member.roles)
                .is_some_and(|may| may.has(Permission::ViewChannel)),
            None => false,
        },
    };
    let was_in = invited.was_in(app.now());
    if was_in.is_none() {
        app.joining.set_unclear(ticket.id, true);
        plan_check(app, ticket.guild, ticket.id);
    }
    Ok(Owner::Out {
        was_in: was_in.unwrap_or(false),
    })
}

/// Whether the owner is in the ticket. If the bot has never seen them there, it asks Discord: the starting message
/// may not invite them.
pub async fn presence(app: &App, ticket: &Ticket) -> Result<Presence, Error> {
    match (ticket.state.presence, ticket.owner) {
        (Presence::Invited, Some(owner)) => {
            let is_in = app.discord.is_in_thread(ticket.id, owner).await?;
            Ok(if is_in {
                Presence::Present
            } else {
                Presence::Gone
            })
        }
        (known, _) => Ok(known),
    }
}

/// When the bot's first message was sent, if it mentions the owner and the bot can read it.
async fn invited_at(app: &App, ticket: &Ticket, owner: UserId) -> Result<Option<Timestamp>, Error> {
    let first = match first_own_message(app, ticket.id).await {
        Err(error) if error.is_forbidden() => None,
        first => first?,
    };
    let invitation = first.filter(|message| message.mentions.contains(&owner));
    Ok(invitation.map(|message| message.id.created_at()))
}

/// The bot's newest message in the ticket, if it is not recorded because the bot was interrupted.
async fn unrecorded(app: &App, ticket: &Ticket) -> Result<Option<MessageId>, Failure> {
    let messages = match app.discord.last_messages(ticket.id).await {
        // For some minutes, the nonce keeps Discord from accepting the message twice.
        Err(error) if error.is_forbidden() || error.is_gone() => return Ok(None),
        messages => messages?,
    };
    let newest = own(app, &messages).max();
    // Only the starting message of a ticket that an older version opened is not recorded, and it is the first
    // one.
    let is_new = |id: &MessageId| match ticket.own_message {
        Some(recorded) => *id > recorded,
        None => own(app, &messages).count() > 1 || messages.len() >= FULL_PAGE,
    };
    Ok(newest.filter(is_new))
}

/// How many messages one call returns.
const FULL_PAGE: usize = 50;

fn own<'a>(app: &App, messages: &'a [Sent]) -> impl Iterator<Item = MessageId> + use<'a> {
    let me = app.cache().me();
    messages
        .iter()
        .filter(move |message| message.is_own(me))
        .map(|message| message.id)
}

/// The bot's first message in a thread.
pub async fn first_own_message(app: &App, thread: ChannelId) -> Result<Option<Sent>, Error> {
    let messages = app.discord.first_messages(thread).await?;
    Ok(first_own(app, &messages).cloned())
}

pub(super) fn first_own<'a>(app: &App, messages: &'a [Sent]) -> Option<&'a Sent> {
    let me = app.cache().me();
    let own = messages.iter().filter(|message| message.is_own(me));
    own.min_by_key(|message| message.id)
}
