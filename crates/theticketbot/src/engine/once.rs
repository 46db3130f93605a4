//! A message that a crash neither repeats nor loses. What it is about is in the journal before it is
//! sent; whether the message is in the thread decides whether that has happened.

use tickets::ticket::Ticket;
use tickets::{ChannelId, MessageId};

use crate::app::App;
use crate::discord::{Error, Message, Sent};
use crate::store::StoreError;

/// Sends it. If the response is lost, it may be there all the same.
pub(super) async fn send(
    app: &App,
    thread: ChannelId,
    message: &Message,
    after: MessageId,
    is_it: fn(&Sent) -> bool,
) -> Result<MessageId, Error> {
    match app.discord.send(thread, message).await {
        Ok(sent) => Ok(sent.id),
        Err(error) if error.is_ambiguous() => find(app, thread, after, is_it).await?.ok_or(error),
        Err(error) => Err(error),
    }
}

/// The first of the bot's own messages after another that is it. Without the right to read, the bot
/// finds nothing.
pub(super) async fn find(
    app: &App,
    thread: ChannelId,
    after: MessageId,
    is_it: fn(&Sent) -> bool,
) -> Result<Option<MessageId>, Error> {
    let me = app.cache().me();
    let messages = match app.discord.messages_after(thread, after.0).await {
        Err(error) if error.is_gone() || error.is_forbidden() => return Ok(None),
        messages => messages?,
    };
    let own = messages.iter().filter(|it| it.is_own(me) && is_it(it));
    Ok(own.map(|message| message.id).min())
}

/// Records that it is in the ticket.
pub(super) async fn record(
    app: &App,
    ticket: &Ticket,
    message: MessageId,
) -> Result<(), StoreError> {
    let own = ticket.own_message.max(Some(message));
    app.store.set_ticket(ticket.id, ticket.state, own).await
}

/// After which message to search: the newest that was known before it was sent.
pub(super) fn after(ticket: &Ticket, invoked: MessageId) -> MessageId {
    ticket.own_message.map_or(invoked, |own| own.max(invoked))
}
