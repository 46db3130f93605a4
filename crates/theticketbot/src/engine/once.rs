//! Sending a message that a crash neither repeats nor loses. The journal has its contents before the bot
//! sends it. After a crash, the bot searches the thread for it.

use tickets::permission::Place;
use tickets::text::Text;
use tickets::ticket::Ticket;
use tickets::{ChannelId, GuildId, MessageId};

use crate::app::staff::find_place;
use crate::app::{App, Failure};
use crate::discord::{Error, Message, Sent};
use crate::store::Sending;

/// How long after the last attempt a message may still appear, in milliseconds. The time of that attempt is
/// known only to the second.
const LATE: i64 = 2_000;

/// A message that may have been sent, and how the bot recognizes it. Only its own messages can be it.
#[derive(Clone, Copy)]
pub(super) struct Wanted {
    pub thread: ChannelId,
    /// For whose interaction it is sent.
    pub interaction: u64,
    pub sending: Sending,
    pub is_it: fn(&Sent) -> bool,
}

impl Wanted {
    fn fits(&self, sent: &Sent) -> bool {
        let Sending { after, until } = self.sending;
        let is_in_time = |until| sent.id.created_at().since(until) <= LATE;
        sent.id > after
            && until.is_none_or(is_in_time)
            && sent.responds_to.is_none_or(|it| it == self.interaction)
            && (self.is_it)(sent)
    }
}

/// Sends the message. If Discord's response is lost, the bot searches for the message.
pub(super) async fn send(app: &App, wanted: &Wanted, message: &Message) -> Result<Sent, Error> {
    match app.discord.send(wanted.thread, message).await {
        Err(error) if error.is_ambiguous() => search(app, wanted).await?.ok_or(error),
        sent => sent,
    }
}

/// Finds the message if an earlier attempt has sent it. Refuses if there is none, or if the bot cannot read the
/// thread.
pub(super) async fn find(app: &App, guild: GuildId, wanted: &Wanted) -> Result<Sent, Failure> {
    let thread = wanted.thread;
    let can_read = match search(app, wanted).await {
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
pub(super) async fn search(app: &App, wanted: &Wanted) -> Result<Option<Sent>, Error> {
    let me = app.cache().me();
    let after = wanted.sending.after.0;
    let messages = app.discord.messages_after(wanted.thread, after).await?;
    let own = messages
        .into_iter()
        .filter(|it| it.is_own(me) && wanted.fits(it));
    Ok(own.min_by_key(|message| message.id))
}

/// When the message can have been sent: after the newest message that was known before.
pub(super) fn sending(ticket: &Ticket, invoked: MessageId) -> Sending {
    Sending {
        after: ticket.own_message.map_or(invoked, |own| own.max(invoked)),
        until: None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use tickets::Timestamp;

    use super::*;

    const COMMAND: u64 = 40;

    fn sent(mut message: Value, at: Timestamp) -> Sent {
        message["id"] = json!(at.snowflake().to_string());
        message["author"] = json!({"id": "1"});
        serde_json::from_value(message).unwrap()
    }

    #[test]
    fn what_the_bot_sends_later_or_in_response_to_others_is_not_it() {
        let (begun, ended) = (Timestamp(1_900_000_000_000), Timestamp(1_900_000_020_000));
        let wanted = Wanted {
            thread: ChannelId(50),
            interaction: COMMAND,
            sending: Sending {
                after: MessageId(begun.snowflake()),
                until: Some(ended),
            },
            is_it: |_| true,
        };
        let fits = |message: Value, at: Timestamp| wanted.fits(&sent(message, at));
        assert!(!fits(json!({}), begun));
        assert!(fits(json!({}), begun.plus(1)));
        assert!(fits(json!({}), ended));
        assert!(!fits(json!({}), ended.plus(LATE + 1)));
        let response = |id: u64| json!({"interaction_metadata": {"id": id.to_string()}});
        assert!(fits(response(COMMAND), ended));
        assert!(!fits(response(COMMAND + 1), ended));
        // While the bot tries, it sends nothing else in the ticket.
        let sending = Sending {
            until: None,
            ..wanted.sending
        };
        let wanted = Wanted { sending, ..wanted };
        assert!(wanted.fits(&sent(json!({}), ended.plus(LATE + 1))));
    }
}
