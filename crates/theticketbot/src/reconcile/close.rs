//! Closing a ticket: the bot sends a note that pings nobody, archives the thread and locks it if it may.

use tickets::text::Text;
use tickets::ticket::{Closing, ClosingRequest, Phase, Reason, State, Ticket};
use tickets::{ChannelId, MessageId, UserId};

use super::{buttons, joining, members, set_state};
use crate::app::report::ticket_event;
use crate::app::{App, Failure};
use crate::discord::{Error, ErrorKind, Message, ThreadChange, code};
use crate::translate::say;

/// Closes a ticket. The phase `Closing` is stored first, so that an interrupted closing is finished.
pub(super) async fn close(app: &App, ticket: &Ticket, closing: Closing) -> Result<(), Failure> {
    let language = app.language(ticket.guild);
    let begun = State {
        presence: ticket.state.presence,
        phase: Phase::Closing(closing.reason),
    };
    if ticket.state != begun && !set_state(app, ticket, begun, None).await? {
        return Ok(());
    }
    let mut wake = closing.wake;
    let mut noted = closing.noted;
    if let Some(note) = closing.note {
        noted = send_note(app, ticket, say(note, language)).await;
        // The note would have unarchived the thread, which locking needs.
        wake |= noted.is_none()
            && closing.lock
            && matches!(
                closing.reason,
                Reason::Archived | Reason::Requested | Reason::NoAnswer
            );
    }
    let by = closing.request.as_ref();
    let reason = say(audit_reason(closing.reason, by), language);
    if wake {
        tolerate(change(app, ticket.id, false, None, &reason).await)?;
    }
    if by.is_some_and(|by| by.remove_members) {
        members::remove_all(app, ticket, &reason).await?;
    }
    // Buttons do not work in an archived thread. If the bot is not in the thread, it cannot change anything.
    if closing.reason != Reason::BotRemoved && !buttons::remove(app, ticket).await? {
        // The thread was archived in the meantime.
        match change(app, ticket.id, false, None, &reason).await {
            Ok(()) => {
                buttons::remove(app, ticket).await?;
            }
            Err(error) => {
                tracing::warn!(
                    ticket = %ticket.id, %error,
                    "the buttons of a closed ticket could not be removed"
                );
            }
        }
    }
    let Some(locked) = archive(app, ticket.id, closing.lock, &reason).await? else {
        app.store.forget_channel(ticket.id).await?;
        log_deleted(ticket);
        app.discord.metrics().ticket_closed("deleted");
        return Ok(());
    };
    let locked = locked || closing.is_locked;
    let state = State {
        presence: closing.presence,
        phase: Phase::Closed { locked },
    };
    let was = Ticket {
        state: begun,
        ..*ticket
    };
    if !set_state(app, &was, state, noted).await? {
        return Ok(());
    }
    ticket_event!(
        ticket,
        reason = closing.reason.key(),
        by = by.map(|by| by.by.0),
        locked,
        "ticket closed"
    );
    app.discord.metrics().ticket_closed(closing.reason.key());
    joining::end(app, ticket);
    Ok(())
}

pub(super) fn log_deleted(ticket: &Ticket) {
    ticket_event!(ticket, "ticket deleted");
}

/// Logs that a ticket was reopened, and by whom, if known.
pub(super) fn log_reopened(ticket: &Ticket, by: Option<UserId>) {
    ticket_event!(ticket, by = by.map(|by| by.0), "ticket reopened");
}

/// Logs that a ticket was closed without the bot.
pub(super) fn log(app: &App, ticket: &Ticket, phase: Phase) {
    let Phase::Closed { locked } = phase else {
        return;
    };
    if ticket.is_closed() {
        return;
    }
    ticket_event!(ticket, locked, "ticket closed");
    app.discord.metrics().ticket_closed(Reason::Archived.key());
    joining::end(app, ticket);
}

fn audit_reason(reason: Reason, request: Option<&ClosingRequest>) -> Text {
    match (reason, request) {
        (Reason::OwnerLeft, _) => Text::AuditOwnerLeft {},
        (Reason::NoAnswer, _) => Text::AuditNoAnswer {},
        (Reason::Requested, Some(request)) => Text::AuditClosed {
            name: request.name.clone(),
            id: request.by.to_string(),
        },
        (Reason::Archived | Reason::BotRemoved | Reason::Requested, _) => Text::AuditArchived {},
    }
}

/// Sends the note. Returns its id, or `None` if it could not be sent: then the ticket is archived without it.
async fn send_note(app: &App, ticket: &Ticket, note: String) -> Option<MessageId> {
    // The nonce is the same for each attempt of this closing, so Discord keeps one message.
    let last = ticket.own_message.map_or(ticket.id.0, |message| message.0);
    let note = Message::text(note).once(format!("c{last}"));
    match app.discord.send(ticket.id, &note).await {
        Ok(sent) => Some(sent.id),
        Err(error) => {
            if !error.is_gone() {
                tracing::warn!(
                    ticket = %ticket.id, %error,
                    "the closing message could not be sent; closing the ticket without it"
                );
            }
            None
        }
    }
}

/// Returns whether the ticket is known to be locked now; `None` if it is gone.
async fn archive(
    app: &App,
    ticket: ChannelId,
    lock: bool,
    reason: &str,
) -> Result<Option<bool>, Failure> {
    let to_lock = lock.then_some(true);
    let mut changed = change(app, ticket, true, to_lock, reason).await;
    if lock && changed.as_ref().is_err_and(Error::is_archived) {
        // The thread is archived already, and an archived thread cannot be locked.
        tolerate(change(app, ticket, false, None, reason).await)?;
        changed = change(app, ticket, true, to_lock, reason).await;
    }
    match changed {
        Ok(()) => Ok(Some(lock)),
        Err(error) if error.is_unknown(code::UNKNOWN_CHANNEL) => Ok(None),
        // The bot has lost the permission to lock, or the server requires two-factor authentication for it.
        // The creator of a thread may still archive it.
        Err(error) if lock && error.kind() == ErrorKind::NotAllowed => {
            tracing::warn!(
                %ticket, %error,
                "the ticket could not be locked; closing it without a lock"
            );
            tolerate(change(app, ticket, true, None, reason).await)?;
            Ok(Some(false))
        }
        changed => {
            tolerate(changed)?;
            Ok(Some(false))
        }
    }
}

async fn change(
    app: &App,
    ticket: ChannelId,
    archived: bool,
    locked: Option<bool>,
    reason: &str,
) -> Result<(), Error> {
    let change = ThreadChange {
        archived: Some(archived),
        locked,
    };
    app.discord
        .change_thread(ticket, change, reason.to_owned())
        .await
}

/// Accepts that the thread is archived or gone already.
fn tolerate(changed: Result<(), Error>) -> Result<(), Failure> {
    match changed {
        Err(error) if error.is_gone() => Ok(()),
        changed if changed.as_ref().is_err_and(Error::is_archived) => Ok(()),
        changed => Ok(changed?),
    }
}
