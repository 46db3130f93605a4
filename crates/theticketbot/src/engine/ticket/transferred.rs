//! The end of a transfer within a channel, once the message that says so was sent: also after a crash. If
//! that message is not there, nothing has happened.

use std::sync::Arc;

use tickets::decide::transfer::leaves;
use tickets::inbox::Inbox;
use tickets::permission::FOR_MESSAGE;
use tickets::setting::Notices;
use tickets::text::{Text, plain};
use tickets::ticket::Ticket;
use tickets::{ChannelId, MessageId};

use super::refused;
use crate::app::staff::{Rules, find_parent};
use crate::app::{App, Failure};
use crate::engine::settings;
use crate::reconcile::{move_notice, refresh_notice};
use crate::store::Transfer;
use crate::translate::say;

/// Goes on with a transfer that an earlier run left. The sentence for whoever asked for it.
pub(in crate::engine) async fn recover(
    app: &Arc<App>,
    transfer: &Transfer,
) -> Result<Text, Failure> {
    let Some(message) = sent_message(app, transfer).await? else {
        return Err(Failure::Refused(Text::Interrupted {}));
    };
    finish(app, transfer, message).await?;
    let Some(ticket) = app.store.ticket(transfer.ticket).await? else {
        return Ok(Text::NotATicket {});
    };
    let named = settings::facts(app, ticket.guild).await?;
    Ok(match named.inbox(Some(transfer.to)) {
        Some(named) => Text::TransferDone {
            inbox: plain(&named.name),
        },
        None => Text::InboxGone {},
    })
}

/// The message that says so, if it is there.
pub(super) async fn sent_message(
    app: &App,
    transfer: &Transfer,
) -> Result<Option<MessageId>, Failure> {
    let me = app.cache().me();
    let sent = app
        .discord
        .messages_after(transfer.ticket, transfer.after.0)
        .await;
    let messages = match sent {
        // Without the right to read, nothing is known of it.
        Err(error) if error.is_gone() || error.is_forbidden() => return Ok(None),
        messages => messages?,
    };
    let own = messages
        .iter()
        .filter(|message| message.is_ordinary && Some(message.author) == me);
    Ok(own.map(|message| message.id).min())
}

/// Everything after that message. Doing it again changes nothing.
pub(super) async fn finish(
    app: &App,
    transfer: &Transfer,
    message: MessageId,
) -> Result<(), Failure> {
    let Some(ticket) = app.store.ticket(transfer.ticket).await? else {
        return Ok(());
    };
    let named = settings::facts(app, ticket.guild).await?;
    let named = named.inbox(Some(transfer.to));
    let named = named.ok_or(Failure::Refused(Text::InboxGone {}))?;
    let own = ticket.own_message.map_or(message, |own| own.max(message));
    app.store
        .set_ticket(ticket.id, ticket.state, Some(own))
        .await?;
    let notices = notices_of(app, &named.inbox);
    if let Some(notice) = app.store.notice(ticket.id).await?
        && notices.is_some_and(|channel| channel != notice.channel)
    {
        move_notice(app, &notice, &plain(&named.name)).await?;
    }
    app.store
        .transfer_ticket(ticket.id, transfer.to, notices)
        .await?;
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
    Ok(())
}

/// Where the inbox's notices can be posted.
pub(super) fn notices_of(app: &App, inbox: &Inbox) -> Option<ChannelId> {
    let channel = inbox.get(Notices)?;
    let place = app.cache().place(inbox.guild, channel)?;
    place.missing(&FOR_MESSAGE).is_none().then_some(channel)
}

/// Whoever transferred it is the last.
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
