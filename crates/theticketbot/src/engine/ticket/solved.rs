//! The *Close* button: the modal that asks for a reason, and the message of an owner who thinks that the
//! ticket is solved.

use tickets::text::Text;

use super::Command;
use crate::app::Failure;
use crate::app::report::ticket_event;
use crate::discord::render::ticket::{close_button, close_modal};
use crate::store::{ButtonKind, TicketButton};

impl Command<'_> {
    pub(super) async fn ask_reason(&self, closes: bool) -> Result<(), Failure> {
        // A modal must be the first response.
        if self.response.is_acknowledged().await {
            return Err(Failure::Refused(Text::TicketBusy {}));
        }
        let modal = close_modal(closes, self.response.language());
        Ok(self.response.show(modal).await?)
    }

    /// Posts the message with the button with which staff close the ticket.
    pub(super) async fn tell_solved(&self, name: String, reason: String) -> Result<(), Failure> {
        let text = if reason.is_empty() {
            Text::ThinksSolved { name }
        } else {
            Text::ThinksSolvedWithReason { name, reason }
        };
        let button = vec![close_button(self.server_language())];
        let told = self.tell_all(text, Some(button), Text::SolvedSaid {});
        let button = TicketButton::shown(told.await?, ButtonKind::Solved);
        let ticket = self.ticket.id;
        self.app.store.set_ticket_button(ticket, button).await?;
        ticket_event!(&self.ticket, by = %self.invoker.user, "owner thinks that the ticket is solved");
        Ok(())
    }
}
