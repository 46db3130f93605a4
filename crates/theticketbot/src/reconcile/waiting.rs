//! Whom a ticket waits for. A message of another author than the last one may change that. After a gap, the
//! bot reads the newest messages.

use std::collections::HashMap;
use std::sync::Arc;

use tickets::ticket::{Phase, Ticket};
use tickets::waiting::{Author, Side, Waiting, counts};
use tickets::{ChannelId, GuildId, MessageId, RoleId, UserId};

use super::{Check, Work, buttons, notice};
use crate::app::queue::Key;
use crate::app::report::report;
use crate::app::staff::{Rules, find_parent};
use crate::app::{App, Failure};
use crate::discord::{Sent, code, wire};

/// A message in a watched thread.
struct Written {
    guild: GuildId,
    thread: ChannelId,
    message: MessageId,
    author: UserId,
    roles: Vec<RoleId>,
}

/// Handles a message, which may be in a ticket.
pub fn message_sent(app: &Arc<App>, message: &wire::Message) {
    let Some(guild) = message.guild_id.map(GuildId::from) else {
        return;
    };
    let (thread, id) = (message.channel_id.into(), message.id.into());
    app.watched.sent(guild, thread, id);
    let Some(author) = &message.author else {
        return;
    };
    let is_webhook = message.webhook_id.is_some();
    if !counts(message.kind, author.bot, is_webhook)
        || !app.watched.wrote(guild, thread, author.id.into())
    {
        return;
    }
    let roles = message.member.as_ref().map(|member| &member.roles);
    let written = Written {
        guild,
        thread,
        message: id,
        author: author.id.into(),
        roles: roles
            .into_iter()
            .flatten()
            .copied()
            .map(RoleId::from)
            .collect(),
    };
    let worker = app.clone();
    let pushed = app.queues.push(Key::Channel(thread), async move {
        if let Err(failure) = take_in(&worker, &written).await {
            // If the thread is gone or hidden, the check finds out.
            if failure.is_unexpected() && !failure.is_gone() {
                report(&failure, "a message in a ticket could not be handled");
            }
            again(&worker, guild, thread);
        }
    });
    if !pushed {
        again(app, guild, thread);
    }
}

/// Requests a check, which reads the newest messages later.
fn again(app: &App, guild: GuildId, thread: ChannelId) {
    app.watched.forget_author(guild, thread);
    app.backlog.retry(Work::Check(Check::thread(guild, thread)));
}

async fn take_in(app: &App, written: &Written) -> Result<(), Failure> {
    let Some(ticket) = app.store.ticket(written.thread).await? else {
        app.watched.forget_author(written.guild, written.thread);
        return Ok(());
    };
    if ticket.state.phase != Phase::Open {
        // A message in an archived thread reopens it, and the thread is then checked.
        app.watched.forget_author(written.guild, written.thread);
        return Ok(());
    }
    let known = app.store.waiting(ticket.id).await?;
    let author = author(app, &ticket, written.author, &written.roles).await?;
    match Waiting::after(known, ticket.owner, author, written.message) {
        Some(now) => store(app, &ticket, now).await,
        None => Ok(()),
    }
}

/// Reads the newest messages of an open ticket, if there are any that the bot has not handled. Returns who
/// wrote the newest of them.
pub(super) async fn check(app: &App, ticket: &Ticket) -> Result<Option<UserId>, Failure> {
    // An opening knows what is in its ticket, and stores that at its end. So this is checked first.
    if app.store.is_opening(ticket.id).await? {
        return Ok(None);
    }
    let known = app.store.waiting(ticket.id).await?;
    let newest = app.watched.newest(ticket.guild, ticket.id);
    if known.is_some_and(|known| newest.is_none_or(|newest| newest <= known.seen)) {
        return Ok(None);
    }
    let read = read(app, ticket, known).await?;
    let newest = read.and_then(|read| read.by_a_person);
    let newest = newest.filter(|(id, _)| known.is_none_or(|known| *id > known.seen));
    Ok(newest.map(|(_, author)| author))
}

/// Reads a ticket's newest messages, and stores whom it waits for.
pub async fn read_newest(app: &App, ticket: &Ticket) -> Result<(), Failure> {
    let known = app.store.waiting(ticket.id).await?;
    read(app, ticket, known).await.map(drop)
}

/// Stores that a ticket waits for staff because of this message of the bot, unless it does so already or newer
/// messages were handled.
pub async fn wait_for_staff(app: &App, ticket: &Ticket, message: MessageId) -> Result<(), Failure> {
    let known = app.store.waiting(ticket.id).await?;
    if known.is_none_or(|known| known.side == Side::Owner && known.seen < message) {
        let now = Waiting {
            side: Side::Staff,
            since: message,
            seen: message,
        };
        store(app, ticket, now).await?;
    }
    // The next message counts, even if its author also wrote the last one.
    app.watched.forget_author(ticket.guild, ticket.id);
    Ok(())
}

/// The newest messages of a ticket.
pub(super) struct Read {
    pub(super) newest: MessageId,
    /// The newest message of a person, and its author.
    pub(super) by_a_person: Option<(MessageId, UserId)>,
    /// The bot's newest message.
    pub(super) own: Option<MessageId>,
}

/// Reads a ticket's newest messages, and stores whom it waits for. `None` if the bot cannot read them. One call
/// returns 50 messages: of a longer gap, only the last 50 count.
pub(super) async fn read(
    app: &App,
    ticket: &Ticket,
    known: Option<Waiting>,
) -> Result<Option<Read>, Failure> {
    let messages = match app.discord.last_messages(ticket.id).await {
        // The next message will tell.
        Err(error) if error.is_forbidden() || error.is_unknown(code::UNKNOWN_CHANNEL) => {
            return Ok(None);
        }
        messages => messages?,
    };
    let Some(newest) = messages.iter().map(|message| message.id).max() else {
        return Ok(None);
    };
    buttons::adopt(app, ticket, &messages).await?;
    let mut by_people: Vec<_> = messages.iter().filter(|it| it.is_by_a_person).collect();
    by_people.sort_unstable_by_key(|message| message.id);
    let last = by_people.last().copied();
    let missed = match known {
        Some(known) => by_people.partition_point(|message| message.id <= known.seen),
        // Without an earlier state, only the last message counts.
        None => by_people.len().saturating_sub(1),
    };
    let written = authors(app, ticket, &by_people[missed..]).await?;
    if let Some(now) = Waiting::caught_up(known, ticket.owner, written, newest) {
        store(app, ticket, now).await?;
    }
    let me = app.cache().me();
    let own = messages.iter().filter(|message| message.is_own(me));
    Ok(Some(Read {
        newest,
        by_a_person: last.map(|last| (last.id, last.author)),
        own: own.map(|message| message.id).max(),
    }))
}

/// These messages with their authors.
async fn authors(
    app: &App,
    ticket: &Ticket,
    messages: &[&Sent],
) -> Result<Vec<(Author, MessageId)>, Failure> {
    let mut known: HashMap<UserId, Author> = HashMap::new();
    let mut written = Vec::new();
    for message in messages {
        let author = match known.get(&message.author) {
            Some(author) => *author,
            None => author_of(app, ticket, message).await?,
        };
        known.insert(message.author, author);
        written.push((author, message.id));
    }
    Ok(written)
}

/// The author of a message that Discord returned, which does not contain their roles.
async fn author_of(app: &App, ticket: &Ticket, message: &Sent) -> Result<Author, Failure> {
    let roles = if ticket.owner == Some(message.author) {
        Vec::new()
    } else {
        roles_of(app, ticket, message.author).await?
    };
    author(app, ticket, message.author, &roles).await
}

/// Whether somebody is staff of a ticket now. Its owner is not.
pub(super) async fn is_staff(app: &App, ticket: &Ticket, user: UserId) -> Result<bool, Failure> {
    let roles = roles_of(app, ticket, user).await?;
    Ok(author(app, ticket, user, &roles).await?.is_staff)
}

async fn roles_of(app: &App, ticket: &Ticket, user: UserId) -> Result<Vec<RoleId>, Failure> {
    let member = app.discord.guild_member(ticket.guild, user).await?;
    Ok(member.map_or_else(Vec::new, |member| member.roles))
}

async fn author(
    app: &App,
    ticket: &Ticket,
    user: UserId,
    roles: &[RoleId],
) -> Result<Author, Failure> {
    // The owner counts as the owner even if they are staff.
    if ticket.owner == Some(user) {
        return Ok(Author {
            user,
            is_staff: false,
        });
    }
    app.check_known(ticket.guild)?;
    // Discord's own timer may have archived the thread.
    let parent = find_parent(app, ticket.guild, ticket.id).await?;
    let inbox = Rules::of(app, ticket).await?;
    let is_staff =
        parent.is_some_and(|parent| inbox.may_look_after(app, ticket.guild, parent, user, roles));
    Ok(Author { user, is_staff })
}

async fn store(app: &App, ticket: &Ticket, now: Waiting) -> Result<(), Failure> {
    app.store.set_waiting(ticket.id, now).await?;
    app.alarm.set_again();
    notice::refresh(app, ticket.id).await?;
    // A question that was answered by a message loses its buttons.
    buttons::check(app, ticket).await?;
    let on = match now.side {
        Side::Owner => "owner",
        Side::Staff => "staff",
    };
    tracing::debug!(ticket = %ticket.id, on, since = %now.since, "ticket waits");
    Ok(())
}
