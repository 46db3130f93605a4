//! Sending a message that a crash neither repeats nor loses. The journal has its contents before the bot
//! sends it. After a crash, the bot searches the thread for it.

use tickets::permission::Place;
use tickets::text::Text;
use tickets::ticket::Ticket;
use tickets::{ChannelId, GuildId, MessageId};

use crate::app::staff::find_place;
use crate::app::{App, Failure};
use crate::discord::{Error, Message, Sent};

/// Sends the message. If Discord's response is lost, the bot searches for the message.
pub(super) async fn send(
    app: &App,
    thread: ChannelId,
    message: &Message,
    after: MessageId,
    is_it: fn(&Sent) -> bool,
) -> Result<Sent, Error> {
    match app.discord.send(thread, message).await {
        Err(error) if error.is_ambiguous() => search(app, thread, after, is_it).await?.ok_or(error),
        sent => sent,
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
) -> Result<Sent, Failure> {
    let can_read = match search(app, thread, after, is_it).await {
        Ok(Some(sent)) => return Ok(sent),
        Ok(None) => find_place(app, guild, thread)
            .await
            .map(|place| place.is_some_and(Place::can_be_read)),
        Err(error) => Err(error),
    };
    Err(match can_read {
        Ok(true) => Failure::Refused(Text::Interrupted {}),
        Ok(false) => Failure::Refused(Text::InterruptedUnseen { ticket: thread }),
        Err(error) if error.is_gone() => Failure::Refused(Text::Interrupted {}),
        Err(error) if error.is_forbidden() => {
            Failure::Refused(Text::InterruptedUnseen { ticket: thread })
        }
        Err(error) => error.into(),
    })
}

/// The message if it was sent although Discord's response is lost.
pub(super) async fn search(
    app: &App,
    thread: ChannelId,
    after: MessageId,
    is_it: fn(&Sent) -> bool,
) -> Result<Option<Sent>, Error> {
    let me = app.cache().me();
    let messages = app.discord.messages_after(thread, after.0).await?;
    let own = messages.into_iter().filter(|it| it.is_own(me) && is_it(it));
    Ok(own.min_by_key(|message| message.id))
}

/// Where a search for the message starts: after the newest message that was known before it was sent.
pub(super) fn after(ticket: &Ticket, invoked: MessageId) -> MessageId {
    ticket.own_message.map_or(invoked, |own| own.max(invoked))
}
