//! The buttons in a ticket: removed before the ticket is archived, because they do not work then, and
//! restored when it is reopened.

use tickets::MessageId;
use tickets::ticket::Ticket;

use crate::app::{App, Failure};
use crate::discord::render::ticket::close_button;
use crate::discord::{Asks, Message, Sent};
use crate::store::{ButtonKind, TicketButton, Work};

/// Removes every button. If one cannot be removed, the ticket is closed all the same. Returns false if the
/// ticket is archived, so that its messages cannot be changed.
pub(super) async fn remove(app: &App, ticket: &Ticket) -> Result<bool, Failure> {
    for button in app.store.ticket_buttons(ticket.id).await? {
        if button.is_shown && change(app, ticket, button, false).await? == Changed::IsArchived {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Removes the buttons of questions that were answered or replaced, including those that an earlier run left.
pub async fn check(app: &App, ticket: &Ticket) -> Result<(), Failure> {
    let buttons = app.store.ticket_buttons(ticket.id).await?;
    let is_question = |it: &TicketButton| it.is_shown && it.kind == ButtonKind::Prompt;
    if !buttons.iter().any(is_question) {
        return Ok(());
    }
    let pending = app.store.pending(ticket.id).await?;
    let current = pending.and_then(|pending| pending.prompt);
    for button in buttons.into_iter().filter(is_question) {
        if Some(button.message) != current {
            change(app, ticket, button, false).await?;
        }
    }
    Ok(())
}

/// Records the messages with buttons that an earlier run sent but did not record. An unrecorded question does
/// not count.
pub(super) async fn adopt(app: &App, ticket: &Ticket, messages: &[Sent]) -> Result<(), Failure> {
    let me = app.cache().me();
    let with = messages
        .iter()
        .filter(|it| Some(it.author) == me && it.asks.is_some());
    let mut found: Vec<_> = with.map(|it| (it.id, it.asks)).collect();
    if found.is_empty() {
        return Ok(());
    }
    found.sort_unstable_by_key(|(message, _)| *message);
    let pending = app.store.pending(ticket.id).await?;
    if pending.is_some_and(|pending| pending.is_sending) {
        // A reminder whose outcome is unknown is recorded when it is due again.
        let recorded = ticket.own_message.unwrap_or(MessageId(ticket.id.0));
        found.retain(|(message, _)| *message <= recorded);
    }
    let known = app.store.ticket_buttons(ticket.id).await?;
    let mut has_starter = known.iter().any(|it| it.kind == ButtonKind::Starter);
    for (message, asks) in found {
        if known.iter().any(|it| it.message == message) {
            continue;
        }
        let kind = match asks {
            // Recovery records a question whose outcome is unknown.
            Some(Asks::Owner) if has_unfinished_question(app, ticket).await? => continue,
            Some(Asks::Owner) => ButtonKind::Prompt,
            _ if has_starter => ButtonKind::Solved,
            _ => ButtonKind::Starter,
        };
        has_starter |= kind == ButtonKind::Starter;
        let button = TicketButton::shown(message, kind);
        app.store.set_ticket_button(ticket.id, button).await?;
    }
    Ok(())
}

async fn has_unfinished_question(app: &App, ticket: &Ticket) -> Result<bool, Failure> {
    let journal = app.store.journal().await?;
    Ok(journal.iter().any(
        |entry| matches!(&entry.work, Work::Question(question) if question.ticket == ticket.id),
    ))
}

/// Restores the button of the starting message.
pub(super) async fn restore(app: &App, ticket: &Ticket) -> Result<(), Failure> {
    for button in app.store.ticket_buttons(ticket.id).await? {
        if button.kind == ButtonKind::Starter && !button.is_shown {
            change(app, ticket, button, true).await?;
        }
    }
    Ok(())
}

#[derive(PartialEq, Eq)]
enum Changed {
    Yes,
    No,
    IsArchived,
}

async fn change(
    app: &App,
    ticket: &Ticket,
    button: TicketButton,
    is_shown: bool,
) -> Result<Changed, Failure> {
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
        // The message was deleted.
        Err(error) if error.is_gone() => {}
        Err(error) if error.is_archived() => {
            return Ok(Changed::IsArchived);
        }
        Err(error) => {
            tracing::warn!(ticket = %ticket.id, %error, "the buttons of a ticket could not be changed");
            return Ok(Changed::No);
        }
    }
    let now = TicketButton { is_shown, ..button };
    app.store.set_ticket_button(ticket.id, now).await?;
    Ok(Changed::Yes)
}
