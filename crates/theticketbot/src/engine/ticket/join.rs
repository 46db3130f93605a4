//! *Join* under a notice, and *Join a ticket…* under a list.

use tickets::decide::join::{Facts, join};
use tickets::request::Invoker;
use tickets::text::Text;
use tickets::ticket::Ticket;
use tickets::{ChannelId, MessageId};

use super::refused;
use crate::app::report::ticket_event;
use crate::app::staff::{Rules, find_parent, permissions};
use crate::app::{App, Failure};
use crate::discord::{Error, ThreadChange};
use crate::engine::response::Response;
use crate::reconcile::{keeps_open, refresh_notice};
use crate::translate::say;

/// Adds a member to the ticket of a notice. The notice's message determines the ticket; the id in the button
/// is not used.
pub(super) async fn by_notice(
    app: &App,
    response: &Response,
    invoker: &Invoker,
    message: MessageId,
) -> Result<(), Failure> {
    let notice = app.store.notice_of_message(message).await?;
    let notice = notice.filter(|it| it.guild == invoker.guild && it.channel == invoker.channel);
    let Some(notice) = notice else {
        return Err(Failure::Refused(Text::TicketDeleted {}));
    };
    match by_id(app, response, invoker, notice.ticket).await {
        Err(Failure::Refused(Text::TicketGone {})) => Err(Failure::Refused(Text::TicketDeleted {})),
        done => done,
    }
}

/// Adds a member to a ticket. The id comes from a client, so the ticket must be one of this server.
pub(super) async fn by_id(
    app: &App,
    response: &Response,
    invoker: &Invoker,
    id: ChannelId,
) -> Result<(), Failure> {
    let gone = || Failure::Refused(Text::TicketGone {});
    let facts = facts(app, invoker, id).await?;
    let ticket = join(invoker, &facts).map_err(Failure::Refused)?;
    let add = async || app.discord.add_to_thread(id, invoker.user, None).await;
    let mut added = add().await;
    if added.as_ref().is_err_and(Error::is_archived)
        && bring_back(app, response, invoker, &ticket).await?
    {
        added = add().await;
    }
    match added {
        Ok(()) => {}
        Err(error) if error.is_gone() => return Err(gone()),
        Err(error) if error.is_archived() => {
            return Err(Failure::Refused(Text::AlreadyClosed {}));
        }
        Err(error) => return Err(refused(error)),
    }
    ticket_event!(&ticket, by = %invoker.user, "ticket joined");
    app.store.note_join(id, invoker.user).await?;
    refresh_notice(app, id).await?;
    Ok(response.say(Text::TicketJoined { ticket: id }).await?)
}

/// Unarchives a ticket that only Discord's own timer has archived, because members cannot be added to an
/// archived thread. Returns false if the ticket is closed.
async fn bring_back(
    app: &App,
    response: &Response,
    invoker: &Invoker,
    ticket: &Ticket,
) -> Result<bool, Failure> {
    let thread = app.discord.thread(ticket.id).await?;
    if thread.locked || !thread.is_idle || !keeps_open(app, ticket).await? {
        return Ok(false);
    }
    let reason = Text::AuditJoined {
        name: invoker.username.clone(),
        id: invoker.user.to_string(),
    };
    let change = ThreadChange::archived(false);
    let language = response.guild_language(app, invoker.guild);
    let changed = app
        .discord
        .change_thread(ticket.id, change, say(reason, language));
    changed.await.map_err(refused)?;
    Ok(true)
}

async fn facts(app: &App, invoker: &Invoker, id: ChannelId) -> Result<Facts, Failure> {
    let ticket = app.store.ticket(id).await?;
    // No call to Discord for an id that is not a ticket of this server.
    let Some(ticket) = ticket.filter(|ticket| ticket.guild == invoker.guild) else {
        return Ok(Facts {
            ticket: None,
            permissions: None,
            staff: Vec::new(),
        });
    };
    let rules = Rules::of(app, &ticket).await?;
    let parent = match find_parent(app, invoker.guild, id).await {
        Err(error) if error.is_gone() => return Err(Failure::Refused(Text::TicketGone {})),
        Err(error) if error.is_forbidden() => None,
        parent => parent?,
    };
    let may = |parent| permissions(app, invoker.guild, parent, invoker.user, &invoker.roles);
    Ok(Facts {
        ticket: Some(ticket),
        permissions: parent.and_then(may),
        staff: rules.staff,
    })
}
