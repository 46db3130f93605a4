//! Sending a message that a crash neither repeats nor loses. The journal has its contents before the bot
//! sends it. After a crash, the bot searches the thread for it.

use tickets::permission::Permission;
use tickets::text::Text;
use tickets::ticket::Ticket;
use tickets::{ChannelId, GuildId, MessageId};

use crate::app::staff::find_parent;
use crate::app::{App, Failure};
use crate::discord::{Error, Message, Sent};
use crate::store::StoreError;

/// Sends the message. If Discord's response is lost, the bot searches for the message.
pub(super) async fn send(
    app: &App,
    thread: ChannelId,
    message: &Message,
    after: MessageId,
    is_it: fn(&Sent) -> bool,
) -> Result<MessageId, Error> {
    match app.discord.send(thread, message).await {
        Ok(sent) => Ok(sent.id),
        Err(error) if error.is_ambiguous() => search(app, thread, after, is_it).await?.ok_or(error),
        Err(error) => Err(error),
    }
}

/// The first of the bot's own messages after `after` for which `is_it` holds: an earlier run may have sent
/// it. Refuses if there is none, or if the bot cannot read the thread.
pub(super) async fn find(
    app: &App,
    guild: GuildId,
    thread: ChannelId,
    after: MessageId,
    is_it: fn(&Sent) -> bool,
) -> Result<MessageId, Failure> {
    let refused = |can_read| {
        Failure::Refused(if can_read {
            Text::Interrupted {}
        } else {
            Text::InterruptedUnseen { ticket: thread }
        })
    };
    match search(app, thread, after, is_it).await {
        Ok(Some(sent)) => Ok(sent),
        Ok(None) => Err(refused(can_read(app, guild, thread).await?)),
        Err(error) if error.is_gone() => Err(refused(true)),
        Err(error) if error.is_forbidden() => Err(refused(false)),
        Err(error) => Err(error.into()),
    }
}

async fn search(
    app: &App,
    thread: ChannelId,
    after: MessageId,
    is_it: fn(&Sent) -> bool,
) -> Result<Option<MessageId>, Error> {
    let me = app.cache().me();
    let messages = app.discord.messages_after(thread, after.0).await?;
    let own = messages.iter().filter(|it| it.is_own(me) && is_it(it));
    Ok(own.map(|message| message.id).min())
}

/// Without *Read Message History*, Discord returns an empty list instead of an error.
async fn can_read(app: &App, guild: GuildId, thread: ChannelId) -> Result<bool, Error> {
    let parent = match find_parent(app, guild, thread).await {
        Err(error) if error.is_gone() => return Ok(true),
        Err(error) if error.is_forbidden() => return Ok(false),
        parent => parent?,
    };
    let place = parent.and_then(|parent| app.cache().place(guild, parent));
    let missing = place.and_then(|place| place.missing(&[Permission::ReadMessageHistory]));
    Ok(missing.is_none())
}

/// Records the message as the bot's newest in the ticket.
pub(super) async fn record(
    app: &App,
    ticket: &Ticket,
    message: MessageId,
) -> Result<(), StoreError> {
    let own = ticket.own_message.max(Some(message));
    app.store.set_ticket(ticket.id, ticket.state, own).await
}

/// Where a search for the message starts: after the newest message that was known before it was sent.
pub(super) fn after(ticket: &Ticket, invoked: MessageId) -> MessageId {
    ticket.own_message.map_or(invoked, |own| own.max(invoked))
}
