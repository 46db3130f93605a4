//! A claim ends when its holder leaves the ticket or the server, or is not staff of the inbox to which the ticket is
//! transferred.

use tickets::ticket::{Phase, Ticket};
use tickets::{GuildId, UserId};

use super::{Reported, notice, waiting};
use crate::app::report::ticket_event;
use crate::app::{App, Failure};
use crate::discord::code;
use crate::store::StoreError;

/// Ends the claim of a ticket if its holder is no longer in it. After a gap, the bot asks Discord.
pub(super) async fn check(app: &App, ticket: &Ticket, reported: &Reported) -> Result<(), Failure> {
    let Some(holder) = ticket.claimed_by else {
        return Ok(());
    };
    let has_left = match reported {
        Reported::Members { left, .. } => left.contains(&holder),
        Reported::Nothing if ticket.state.phase == Phase::Open => {
            match app.discord.is_in_thread(ticket.id, holder).await {
                Ok(is_in) => !is_in,
                // The check of the ticket itself handles this.
                Err(error) if error.is_unknown(code::UNKNOWN_CHANNEL) || error.is_forbidden() => {
                    false
                }
                Err(error) => return Err(error.into()),
            }
        }
        _ => false,
    };
    if has_left {
        app.store.claim_ticket(ticket.id, None).await?;
        ticket_event!(ticket, by = %holder, "claim ended, because its holder left");
    }
    Ok(())
}

/// Ends the claims of a member who has left the server. Discord does not report who leaves archived threads.
pub async fn end_all(app: &App, guild: GuildId, holder: UserId) -> Result<(), StoreError> {
    for ticket in app.store.end_claims(guild, holder).await? {
        notice::refresh(app, ticket).await?;
        tracing::info!(%ticket, by = %holder, "claim ended, because its holder left the server");
    }
    Ok(())
}

/// Ends the claim of a ticket that was transferred, unless its holder is also staff of the new inbox.
pub async fn end_of_others(app: &App, ticket: &Ticket) -> Result<(), Failure> {
    let Some(holder) = ticket.claimed_by else {
        return Ok(());
    };
    if !waiting::is_staff(app, ticket, holder).await? {
        app.store.claim_ticket(ticket.id, None).await?;
        ticket_event!(ticket, by = %holder, "claim ended, because the ticket was transferred");
    }
    Ok(())
}
