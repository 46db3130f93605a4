//! The owner still needs help: *I still need help* under a reminder, *Not yet* under a question of staff.

use tickets::MessageId;
use tickets::text::{Text, plain};
use tickets::waiting::{Side, Waiting};

use super::{Command, refused};
use crate::app::Failure;
use crate::app::report::ticket_event;
use crate::discord::Message;
use crate::reconcile::refresh_notice;
use crate::store::{ButtonKind, TicketButton};
use crate::translate::say;

impl Command<'_> {
    /// Has the same effect as a message of the owner: the ticket now waits for staff. The sentence that
    /// everybody reads replaces the question.
    pub(super) async fn keep_open(&self, prompt: MessageId) -> Result<(), Failure> {
        let (app, ticket) = (self.app, self.ticket.id);
        let at = MessageId(self.response.id());
        let now = Waiting {
            side: Side::Staff,
            since: at,
            seen: at,
        };
        app.store.set_waiting(ticket, now).await?;
        refresh_notice(app, ticket).await?;
        // Even if the owner wrote the last message, their next one counts.
        app.watched.forget_author(self.ticket.guild, ticket);
        app.alarm.set_again();
        ticket_event!(&self.ticket, by = %self.invoker.user, "owner still needs help");
        let name = plain(&self.invoker.display_name);
        let message = Message {
            components: Some(Vec::new()),
            ..Message::text(say(Text::StillNeedsHelp { name }, self.server_language()))
        };
        if self.response.is_acknowledged().await {
            let edited = app.discord.edit_message(ticket, prompt, &message);
            edited.await.map_err(refused)?;
            self.response.say(Text::StaysOpen {}).await?;
        } else {
            self.response.update(message).await?;
        }
        let button = TicketButton {
            message: prompt,
            kind: ButtonKind::Prompt,
            is_shown: false,
        };
        Ok(app.store.set_ticket_button(ticket, button).await?)
    }
}
