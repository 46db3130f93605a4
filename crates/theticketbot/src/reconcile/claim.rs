//! A claim ends when its holder leaves the ticket.

use tickets::ticket::{Phase, Ticket};

use super::Reported;
use crate::app::report::ticket_event;
use crate::app::{App, Failure};
use crate::discord::code;

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
