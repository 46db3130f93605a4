//! Closing by a member who uses a command or button. The response is the closing message. Everything after it
//! is in `reconcile`, as for any other closing.

use tickets::MessageId;
use tickets::permission::Place;
use tickets::text::{Text, plain};
use tickets::ticket::{ClosingRequest, Phase};

use super::{Command, refused};
use crate::app::Failure;
use crate::app::report::report;
use crate::app::staff::parent_of;
use crate::discord::Message;
use crate::reconcile::{Check, Reported, cannot_lock, check_now};
use crate::store::ClosingBegun;
use crate::translate::say;

impl Command<'_> {
    pub(super) async fn close(&self, request: ClosingRequest) -> Result<(), Failure> {
        let (app, ticket) = (self.app, self.ticket.id);
        self.check_access().await?;
        let note = say(request.note(), self.server_language());
        let after = MessageId(self.response.id());
        match app.store.begin_closing(ticket, request, after).await? {
            ClosingBegun::Begun => {}
            ClosingBegun::Closing => return self.close_again().await,
            ClosingBegun::Closed(by) => return self.refuse_closed(by).await,
            ClosingBegun::NoTicket => return Err(Failure::Refused(Text::NotATicket {})),
        }
        let reported = self.tell_of_closing(&note).await;
        // Sent before the ticket is archived, because no response is possible afterwards.
        if self.response.is_public().await
            && cannot_lock(app, &self.ticket).await.unwrap_or_default()
        {
            self.tell(Text::NotLocked {}).await;
        }
        if self.finish_closing(reported).await.is_ok() {
            return Ok(());
        }
        // The bot retries later, but the member who waits should know.
        let text = Text::NotArchived { note };
        if self.response.is_public().await {
            let message = Message::text(say(text, self.server_language()));
            self.response.change_announced(&message).await?;
        } else {
            self.response.correct(text).await?;
        }
        Ok(())
    }

    /// Refuses if the bot cannot view the ticket: it would only announce that the ticket is closed.
    async fn check_access(&self) -> Result<(), Failure> {
        let (app, guild, ticket) = (self.app, self.ticket.guild, self.ticket.id);
        let parent = parent_of(app, guild, ticket);
        let place = parent.and_then(|parent| app.cache().place(guild, parent));
        if !place.is_some_and(Place::can_be_seen) {
            app.discord.thread(ticket).await.map_err(refused)?;
        }
        Ok(())
    }

    /// An earlier attempt to close the ticket has failed, for example because the bot lacks a permission.
    async fn close_again(&self) -> Result<(), Failure> {
        // Sent before the ticket is archived, because no response is possible afterwards.
        self.tell(Text::BeingClosed {}).await;
        let closed = self.finish_closing(Reported::Nothing).await;
        match closed.map_err(explained) {
            Err(Failure::Refused(text)) => Ok(self.response.correct(text).await?),
            // Otherwise, the bot retries later.
            _ => Ok(()),
        }
    }

    /// Closes the ticket, whose phase is `Closing`. If that fails, the bot retries later.
    async fn finish_closing(&self, reported: Reported) -> Result<(), Failure> {
        let (app, id) = (self.app, self.ticket.id);
        let closed = async {
            check_now(app, Check::thread(self.ticket.guild, id), reported).await?;
            let now = app.store.ticket(id).await?;
            if now.is_some_and(|now| matches!(now.state.phase, Phase::Closing(_))) {
                // The bot has just lost access to the channel.
                return Err(Failure::Refused(Text::TicketForbidden {}));
            }
            Ok(())
        };
        closed.await.inspect_err(|failure| {
            if failure.is_unexpected() {
                report(failure, "a ticket could not be closed");
            } else {
                tracing::warn!(ticket = %id, %failure, "a ticket could not be closed");
            }
        })
    }

    /// Sends the closing message. If the outcome is unknown, the check searches for the message, and sends it
    /// if it is missing.
    async fn tell_of_closing(&self, note: &str) -> Reported {
        match self.response.announce(Message::text(note.to_owned())).await {
            Ok(Some(id)) => return Reported::Noted(id),
            Ok(None) => {}
            Err(error) => {
                tracing::warn!(
                    %error,
                    "cannot tell whether the closing message was sent; checking the ticket"
                );
            }
        }
        // Sent before the ticket is archived, because no response is possible afterwards.
        self.tell(Text::BeingClosed {}).await;
        Reported::Nothing
    }

    /// Responds to the member who closes the ticket. If that fails, the ticket is closed all the same.
    async fn tell(&self, text: Text) {
        if let Err(error) = self.response.say(text).await {
            tracing::warn!(%error, "could not respond to a member who closed a ticket");
        }
    }

    async fn refuse_closed(&self, by: Option<tickets::UserId>) -> Result<(), Failure> {
        let member = match by {
            Some(by) => {
                let member = self.app.discord.guild_member(self.ticket.guild, by).await;
                member.unwrap_or_default()
            }
            None => None,
        };
        Err(Failure::Refused(match member {
            Some(member) => Text::AlreadyClosedBy {
                name: plain(&member.name),
            },
            None => Text::AlreadyClosed {},
        }))
    }
}

/// The failure of a call as the invoker should read it.
fn explained(failure: Failure) -> Failure {
    match failure {
        Failure::Discord(error) => refused(error),
        failure => failure,
    }
}
