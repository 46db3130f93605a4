//! A new ticket that only its owner joined: noted after a minute, until somebody else joins.

use std::sync::Arc;

use tickets::ChannelId;
use tickets::setting::Loudness;
use tickets::staff::has_come;
use tickets::ticket::{Phase, Ticket};

use super::notice::channel_of;
use super::{Reported, in_queue};
use crate::app::joining::others;
use crate::app::queue::Key;
use crate::app::staff::{inbox_of, member, parent_of};
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
                Ok(members) => members,
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
    if others(&here, ticket.owner, me).next().is_some() {
        app.store.set_alone(ticket.id, false).await?;
    }
    Ok(())
}

/// The notice of a ticket says who of the staff came first, however they came.
pub(super) async fn note_first(
    app: &App,
    ticket: &Ticket,
    reported: &Reported,
) -> Result<(), Failure> {
    let Reported::Members { joined, .. } = reported else {
        return Ok(());
    };
    let me = app.cache().me();
    let mut others = others(joined, ticket.owner, me).peekable();
    if others.peek().is_none() || ticket.state.phase != Phase::Open {
        return Ok(());
    }
    let notice = app.store.notice(ticket.id).await?;
    if notice.is_none_or(|notice| notice.joined.is_some()) {
        return Ok(());
    }
    let (inbox, parent) = (
        inbox_of(app, ticket).await?,
        parent_of(app, ticket.guild, ticket.id),
    );
    let (Some(inbox), Some(parent)) = (inbox, parent) else {
        return Ok(());
    };
    let has_notices = channel_of(app, &inbox).is_some();
    let is_mentioned = inbox.loudness(has_notices) != Loudness::Join;
    let first = others.find(|it| {
        let member = member(app, ticket.guild, parent, it.user, &it.roles);
        has_come(member, &inbox.staff, is_mentioned)
    });
    if let Some(first) = first {
        app.store.note_join(ticket.id, first.user).await?;
    }
    Ok(())
}
