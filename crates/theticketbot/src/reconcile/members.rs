//! Removing everybody who is not staff from a ticket.

use tickets::ticket::Ticket;
use tickets::{ChannelId, UserId};

use crate::app::staff::{Rules, find_parent};
use crate::app::{App, Failure};
use crate::discord::ThreadMember;

/// Removes everybody who is not staff, the owner last, so that the owner's view of the ticket changes last.
/// If somebody cannot be removed, the ticket is closed all the same.
pub(super) async fn remove_all(app: &App, ticket: &Ticket, reason: &str) -> Result<(), Failure> {
    let rules = Rules::of(app, ticket).await?;
    let Some(me) = app.cache().me() else {
        return Ok(());
    };
    let mut members = match app.discord.thread_members(ticket.id).await {
        Err(error) if error.is_transient() => return Err(error.into()),
        Err(error) => {
            tracing::warn!(
                ticket = %ticket.id, %error,
                "cannot list the members of a ticket; closing it without removing anybody"
            );
            return Ok(());
        }
        Ok(members) => members,
    };
    let parent = find_parent(app, ticket.guild, ticket.id).await?;
    members.retain(|member| member.user != me && !is_staff(app, ticket, &rules, parent, member));
    members.sort_by_key(|member| Some(member.user) == ticket.owner);
    for member in members {
        remove(app, ticket.id, member.user, reason).await?;
    }
    Ok(())
}

fn is_staff(
    app: &App,
    ticket: &Ticket,
    rules: &Rules,
    parent: Option<ChannelId>,
    member: &ThreadMember,
) -> bool {
    parent.is_some_and(|parent| {
        rules.may_look_after(app, ticket.guild, parent, member.user, &member.roles)
    })
}

async fn remove(app: &App, ticket: ChannelId, user: UserId, reason: &str) -> Result<(), Failure> {
    let removed = app
        .discord
        .remove_from_thread(ticket, user, Some(reason.to_owned()));
    match removed.await {
        Ok(()) => Ok(()),
        Err(error) if error.is_transient() => Err(error.into()),
        // The member has left, or the thread was archived.
        Err(error) if error.is_gone() || error.is_archived() => Ok(()),
        Err(error) => {
            tracing::warn!(%ticket, %user, %error, "a member could not be removed from a ticket");
            Ok(())
        }
    }
}
