//! The buttons in a ticket: taken away before it is archived, because nobody can use them then, and
//! brought back when it is opened again.

use tickets::MessageId;
use tickets::ticket::Ticket;

use crate::app::{App, Failure};
use crate::discord::Message;
use crate::discord::render::ticket::close_button;
use crate::store::TicketButton;

/// Takes every button away. One that cannot be taken away does not keep the ticket open.
pub(super) async fn remove(app: &App, ticket: &Ticket) -> Result<(), Failure> {
    for button in app.store.ticket_buttons(ticket.id).await? {
        if button.is_shown {
            change(app, ticket, button, false).await?;
        }
    }
    Ok(())
}

/// Takes the buttons of one message away.
pub async fn take_away(app: &App, ticket: &Ticket, message: MessageId) -> Result<(), Failure> {
    let button = TicketButton {
        message,
        is_starter: false,
        is_shown: true,
    };
    change(app, ticket, button, false).await
}

/// Brings the starting message's button back.
pub(super) async fn restore(app: &App, ticket: &Ticket) -> Result<(), Failure> {
    for button in app.store.ticket_buttons(ticket.id).await? {
        if button.is_starter && !button.is_shown {
            change(app, ticket, button, true).await?;
        }
    }
    Ok(())
}

async fn change(
    app: &App,
    ticket: &Ticket,
    button: TicketButton,
    is_shown: bool,
) -> Result<(), Failure> {
    let components = if is_shown {
        vec![close_button(app.language(ticket.guild))]
    } else {
        Vec::new()
    };
    let message = Message {
        components: Some(components),
        ..Message::default()
    };
    let edited = app
        .discord
        .edit_message(ticket.id, button.message, &message);
    match edited.await {
        Ok(()) => {}
        // Somebody has deleted it.
        Err(error) if error.is_gone() => {}
        Err(error) => {
            tracing::warn!(ticket = %ticket.id, %error, "the buttons of a ticket could not be changed");
            return Ok(());
        }
    }
    let now = TicketButton { is_shown, ..button };
    Ok(app.store.set_ticket_button(ticket.id, now).await?)
}
