//! Members who join a ticket. If only the owner has joined a new ticket after a minute, that is recorded
//! until somebody else joins. A notice says which staff member joined first.

use std::sync::Arc;

use tickets::setting::Loudness;
use tickets::staff::has_come;
use tickets::ticket::{Phase, Ticket};
use tickets::{ChannelId, UserId};
use tokio::time::Instant;

use super::notice::channel_of;
use super::{Reported, Work, in_queue};
use crate::app::joining::{JOINED_WITHIN, others};
use crate::app::queue::Key;
use crate::app::staff::{inbox_of, member, parent_of};
use crate::app::{App, Failure};
use crate::discord::{ThreadMember, code};
use crate::store::StoreError;

/// Plans the checks for new tickets that the last run did not reach.
pub(super) async fn plan_unfinished(app: &App) -> Result<(), StoreError> {
    for (guild, ticket) in app.store.awaiting_staff().await? {
        let waited = app.now().duration_since(ticket.created_at());
        let at = Instant::now() + JOINED_WITHIN.saturating_sub(waited);
        app.backlog.plan(Work::Joined(guild, ticket), at);
    }
    Ok(())
}

/// A new ticket was closed: this ends the wait for its staff.
pub(super) fn end(app: &App, ticket: &Ticket) {
    if app.joining.is_watched(ticket.id) {
        app.backlog.request(Work::Joined(ticket.guild, ticket.id));
    }
}

/// Concludes for a new ticket, after a minute or when it was closed, whether only its owner has joined. Runs
/// in the queue of the ticket, as the joining of members does.
pub(super) async fn conclude(app: &Arc<App>, id: ChannelId) -> Result<(), Failure> {
    let worker = app.clone();
    let work = async move {
        let app = &worker;
        let seen = app.joining.conclude(id, app.gaps());
        let Some(ticket) = app.store.ticket(id).await? else {
            return Ok(());
        };
        let is_alone = match seen {
            // If the owner has left already, the staff had no reason to join.
            _ if ticket.is_closed() => false,
            Some(is_alone) => is_alone,
            None => match members(app, &ticket).await? {
                Some(here) => others(&here, ticket.owner, app.cache().me())
                    .next()
                    .is_none(),
                None => return Ok(()),
            },
        };
        if is_alone {
            tracing::warn!(
                ticket = %id,
                inbox = ticket.inbox.map(|id| id.0),
                "nobody but the owner joined a new ticket, although it mentions roles; check that \
                 the roles of its staff have members who can view the channel"
            );
        }
        Ok(app.store.set_alone(id, is_alone).await?)
    };
    in_queue(app, Key::Channel(id), work).await
}

/// The members of an open ticket in the order in which they joined, if the bot may know them.
async fn members(app: &App, ticket: &Ticket) -> Result<Option<Vec<ThreadMember>>, Failure> {
    if ticket.state.phase != Phase::Open || !app.hears_of_members() {
        return Ok(None);
    }
    match app.discord.thread_members(ticket.id).await {
        Ok(mut members) => {
            members.sort_by_key(|member| member.joined_at);
            Ok(Some(members))
        }
        // The check of the ticket itself handles this.
        Err(error) if error.is_unknown(code::UNKNOWN_CHANNEL) || error.is_forbidden() => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Stores who of the staff of a transferred ticket was in it first.
pub async fn find_first(app: &App, ticket: &Ticket) -> Result<(), Failure> {
    check(app, ticket, &Reported::Nothing).await
}

/// Handles that somebody may have joined a ticket. After a gap, the bot asks Discord, if necessary.
pub(super) async fn check(app: &App, ticket: &Ticket, reported: &Reported) -> Result<(), Failure> {
    let here = match reported {
        Reported::Members { joined, .. } => joined.clone(),
        Reported::Nothing if ticket.is_alone || lacks_first(app, ticket).await? => {
            members(app, ticket).await?.unwrap_or_default()
        }
        _ => return Ok(()),
    };
    let others: Vec<_> = others(&here, ticket.owner, app.cache().me()).collect();
    if others.is_empty() {
        return Ok(());
    }
    if ticket.is_alone {
        app.store.set_alone(ticket.id, false).await?;
    }
    if lacks_first(app, ticket).await?
        && let Some(first) = first(app, ticket, &others).await?
    {
        app.store.note_join(ticket.id, first).await?;
    }
    Ok(())
}

/// Whether an open ticket has a notice that does not say yet who joined first.
async fn lacks_first(app: &App, ticket: &Ticket) -> Result<bool, Failure> {
    if ticket.state.phase != Phase::Open {
        return Ok(false);
    }
    let notice = app.store.notice(ticket.id).await?;
    Ok(notice.is_some_and(|notice| notice.joined.is_none()))
}

/// The first of the staff who joined, by whatever means.
async fn first(
    app: &App,
    ticket: &Ticket,
    others: &[&ThreadMember],
) -> Result<Option<UserId>, Failure> {
    let (inbox, parent) = (
        inbox_of(app, ticket.inbox).await?,
        parent_of(app, ticket.guild, ticket.id),
    );
    let (Some(inbox), Some(parent)) = (inbox, parent) else {
        return Ok(None);
    };
    let has_notices = channel_of(app, &inbox).is_some();
    let is_mentioned = inbox.loudness(has_notices) != Loudness::Join;
    let first = others.iter().find(|it| {
        let member = member(app, ticket.guild, parent, it.user, &it.roles);
        has_come(member, &inbox.staff, is_mentioned)
    });
    Ok(first.map(|first| first.user))
}
