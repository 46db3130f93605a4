//! The rest of a transfer within a channel, after the message that announces it, also after a crash. If that
//! message does not exist, the transfer has not begun.

use std::sync::Arc;

use tickets::GuildId;
use tickets::decide::transfer::leaves;
use tickets::inbox::Inbox;
use tickets::text::{Text, plain};
use tickets::ticket::Ticket;

use super::refused;
use crate::app::staff::{Rules, find_parent};
use crate::app::{App, Failure};
use crate::discord::Sent;
use crate::engine::response::Response;
use crate::engine::{invite, once, settings};
use crate::reconcile::{
    end_claim_of_others, find_first, move_notice, notice_channel, refresh_notice, wait_for_staff,
};
use crate::store::Transfer;
use crate::translate::say;

/// Continues a transfer that an earlier run left unfinished. Returns the response for the staff member who
/// transferred the ticket.
pub(in crate::engine) async fn recover(
    app: &Arc<App>,
    guild: GuildId,
    transfer: &Transfer,
    response: &Response,
) -> Result<Text, Failure> {
    let found = once::find(app, guild, &wanted(transfer, response)).await?;
    finish(app, transfer, &found).await
}

/// The message that announces a transfer.
pub(super) fn wanted(transfer: &Transfer, response: &Response) -> once::Wanted {
    once::Wanted {
        thread: transfer.ticket,
        interaction: response.id(),
        sending: transfer.sending,
        is_it: |_| true,
    }
}

/// Everything after the announcement. It is idempotent. Returns the response for the staff member who
/// transferred the ticket.
pub(super) async fn finish(app: &App, transfer: &Transfer, sent: &Sent) -> Result<Text, Failure> {
    let Some(ticket) = app.store.ticket(transfer.ticket).await? else {
        return Ok(Text::NotATicket {});
    };
    app.check_known(ticket.guild)?;
    let message = sent.id;
    let named = settings::facts(app, ticket.guild).await?;
    let named = named.inbox(Some(transfer.to));
    let named = named.ok_or(Failure::Refused(Text::InboxGone {}))?;
    app.store.set_own_message(ticket.id, message).await?;
    let notices = notice_channel(app, &named.inbox);
    if let Some(notice) = app.store.notice(ticket.id).await?
        && notices.is_some_and(|channel| channel != notice.channel)
    {
        move_notice(app, &notice, &plain(&named.name)).await?;
    }
    app.store
        .transfer_ticket(ticket.id, transfer.to, notices)
        .await?;
    wait_for_staff(app, &ticket, message).await?;
    let moved = Ticket {
        inbox: Some(transfer.to),
        ..ticket
    };
    end_claim_of_others(app, &moved).await?;
    find_first(app, &moved).await?;
    refresh_notice(app, ticket.id).await?;
    tracing::info!(
        ticket = %ticket.id,
        inbox = %transfer.to,
        owner = ticket.owner.map(|owner| owner.0),
        by = %transfer.by,
        "ticket transferred"
    );
    if transfer.remove_old_staff {
        remove_old_staff(app, transfer, &ticket, &named.inbox).await?;
    }
    let inbox = plain(&named.name);
    let left_out = invite::left_out(ticket.id, transfer.to, &transfer.mentions, sent);
    Ok(if left_out {
        Text::TransferDoneWithoutStaff { inbox }
    } else {
        Text::TransferDone { inbox }
    })
}

/// Removes the old staff, the staff member who transferred the ticket last.
async fn remove_old_staff(
    app: &App,
    transfer: &Transfer,
    ticket: &Ticket,
    inbox: &Inbox,
) -> Result<(), Failure> {
    let Some(parent) = find_parent(app, ticket.guild, ticket.id).await? else {
        return Ok(());
    };
    let old = Ticket {
        inbox: transfer.from,
        ..*ticket
    };
    let old = Rules::of(app, &old).await?;
    let new = Rules::of_inbox(inbox.clone());
    let mut members = app.discord.thread_members(ticket.id).await?;
    members.retain(|member| {
        let (user, roles) = (member.user, &member.roles);
        let stays = new.may_look_after(app, ticket.guild, parent, user, roles);
        Some(user) != ticket.owner && leaves(user, roles, &old.staff, stays)
    });
    members.sort_by_key(|member| member.user == transfer.by);
    let (name, id) = (transfer.username.clone(), transfer.by.to_string());
    let reason = say(Text::AuditRemoved { name, id }, app.language(ticket.guild));
    for member in members {
        let removed = app
            .discord
            .remove_from_thread(ticket.id, member.user, Some(reason.clone()));
        match removed.await {
            Err(error) if !error.is_gone() => return Err(refused(error)),
            _ => {}
        }
    }
    Ok(())
}
