//! *Join* under a notice, and *Join a ticket…* under a list.

use tickets::decide::join::{Facts, join};
use tickets::request::Invoker;
use tickets::text::Text;
use tickets::{ChannelId, MessageId};

use super::refused;
use crate::app::staff::{Rules, find_parent, permissions};
use crate::app::{App, Failure};
use crate::discord::code;
use crate::engine::response::Response;
use crate::reconcile::refresh_notice;

/// Adds a member to the ticket of a notice. Its message says which ticket: what the button's id says is
/// not asked.
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

/// Adds a member to a ticket. The id is only what the menu says: it has to be one of this server.
pub(super) async fn by_id(
    app: &App,
    response: &Response,
    invoker: &Invoker,
    id: ChannelId,
) -> Result<(), Failure> {
    let gone = || Failure::Refused(Text::TicketGone {});
    let facts = facts(app, invoker, id).await?;
    join(invoker, &facts).map_err(Failure::Refused)?;
    let added = app.discord.add_to_thread(id, invoker.user, None);
    match added.await {
        Ok(()) => {}
        Err(error) if error.is_gone() => return Err(gone()),
        Err(error) if error.code() == Some(code::THREAD_ARCHIVED) => {
            return Err(Failure::Refused(Text::AlreadyClosed {}));
        }
        Err(error) => return Err(refused(error)),
    }
    tracing::info!(ticket = %id, by = %invoker.user, "ticket joined");
    app.store.note_join(id, invoker.user).await?;
    refresh_notice(app, id).await?;
    Ok(response.say(Text::TicketJoined { ticket: id }).await?)
}

async fn facts(app: &App, invoker: &Invoker, id: ChannelId) -> Result<Facts, Failure> {
    let ticket = app.store.ticket(id).await?;
    // Nothing is asked about what is no ticket of this server.
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
