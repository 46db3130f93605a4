//! A new ticket that nobody but its owner joined: noted after a minute, until somebody comes.

use std::sync::Arc;

use tickets::ChannelId;
use tickets::ticket::{Phase, Ticket};

use super::{Reported, in_queue};
use crate::app::joining::has_others;
use crate::app::queue::Key;
use crate::app::{App, Failure};
use crate::discord::code;

/// A new ticket has been there for a while. It is concluded in the queue of the ticket, as joining it is
/// noted.
pub(super) async fn conclude(app: &Arc<App>, ticket: ChannelId) -> Result<(), Failure> {
    let worker = app.clone();
    let work = async move {
        let Some((inbox, is_alone)) = worker.joining.conclude(ticket, worker.gaps()) else {
            return Ok(());
        };
        if is_alone {
            tracing::warn!(
                %ticket,
                %inbox,
                "nobody but the owner joined a new ticket, although it mentions roles; check that \
                 the roles of its staff have members who can view the channel"
            );
        }
        Ok(worker.store.set_alone(ticket, is_alone).await?)
    };
    in_queue(app, Key::Channel(ticket), work).await
}

/// Somebody may have come into a ticket that its owner was alone in. After a gap Discord is asked.
pub(super) async fn check(app: &App, ticket: &Ticket, reported: &Reported) -> Result<(), Failure> {
    if !ticket.is_alone {
        return Ok(());
    }
    let here = match reported {
        Reported::Members { joined, .. } => joined.clone(),
        Reported::Nothing if ticket.state.phase == Phase::Open && app.hears_of_members() => {
            match app.discord.thread_members(ticket.id).await {
                Ok(members) => members.into_iter().map(|member| member.user).collect(),
                // The check of the ticket itself says what is with it.
                Err(error) if error.is_unknown(code::UNKNOWN_CHANNEL) || error.is_forbidden() => {
                    Vec::new()
                }
                Err(error) => return Err(error.into()),
            }
        }
        _ => Vec::new(),
    };
    let me = app.cache().me();
    if has_others(&here, ticket.owner, me) {
        app.store.set_alone(ticket.id, false).await?;
    }
    Ok(())
}
