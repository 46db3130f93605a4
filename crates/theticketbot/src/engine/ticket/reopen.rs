//! `/ticket reopen`, and bringing the owner back.

use tickets::decide::reopen::{Facts, reopen};
use tickets::permission::Permission;
use tickets::request::Invoker;
use tickets::text::{Text, plain};
use tickets::ticket::{Presence, Ticket};
use tickets::{ChannelId, UserId};

use super::refused;
use crate::app::report::ticket_event;
use crate::app::staff::{Rules, parent_of, permissions};
use crate::app::{App, Failure};
use crate::discord::render::ticket::add_owner_button;
use crate::discord::{Message, ThreadChange};
use crate::engine::response::Response;
use crate::reconcile::{Check, Reported, check_now, described};
use crate::translate::say;

/// Reopens a ticket. The id comes from a client.
pub(super) async fn serve(
    app: &App,
    response: &Response,
    invoker: &Invoker,
    id: ChannelId,
) -> Result<(), Failure> {
    let facts = facts(app, invoker, id).await?;
    let how = reopen(invoker, &facts).map_err(Failure::Refused)?;
    let language = response.guild_language(app, invoker.guild);
    let reason = Text::AuditReopened {
        name: invoker.username.clone(),
        id: invoker.user.to_string(),
    };
    let change = ThreadChange {
        archived: Some(false),
        locked: how.unlock.then_some(false),
    };
    let changed = app.discord.change_thread(id, change, say(reason, language));
    changed.await.map_err(refused)?;
    let note = Text::ReopenedBy {
        name: plain(&invoker.display_name),
    };
    let message = Message::text(say(note, language)).once(format!("r{}", response.id()));
    let noted = match app.discord.send(id, &message).await {
        Ok(sent) => Some(sent.id),
        // The ticket is open all the same.
        Err(error) => {
            tracing::warn!(
                ticket = %id, %error,
                "the message about a reopened ticket could not be sent"
            );
            None
        }
    };
    // From here on, the same as when staff reopen a ticket with Discord's own tools.
    check_now(
        app,
        Check::thread(invoker.guild, id),
        Reported::Reopened { by: invoker.user },
    )
    .await?;
    let Some(ticket) = app.store.ticket(id).await? else {
        return Err(Failure::Refused(Text::TicketGone {}));
    };
    if let Some(noted) = noted {
        app.store.set_own_message(id, noted).await?;
    }
    let text = Text::TicketReopened { ticket: id };
    let reader = response.language();
    let mut message = Message::text(say(text, reader));
    if let Some(name) = absent_owner(app, &ticket).await? {
        message.components = Some(vec![add_owner_button(id, &name, reader)]);
    }
    Ok(response.send(message).await?)
}

async fn facts(app: &App, invoker: &Invoker, id: ChannelId) -> Result<Facts, Failure> {
    let ticket = app.store.ticket(id).await?;
    let rules = match &ticket {
        Some(ticket) => Rules::of(app, ticket).await?,
        None => Rules::default(),
    };
    let mut facts = Facts {
        ticket: ticket.filter(|ticket| ticket.guild == invoker.guild),
        thread: None,
        permissions: None,
        staff: rules.staff,
        powers: rules.powers,
    };
    // No call to Discord for an id that is not a ticket of this server.
    if facts.ticket.is_none() {
        return Ok(facts);
    }
    let thread = match app.discord.thread(id).await {
        Ok(thread) => thread,
        Err(error) if error.is_gone() || error.is_forbidden() => return Ok(facts),
        Err(error) => return Err(error.into()),
    };
    let Some(parent) = thread.parent else {
        return Ok(facts);
    };
    facts.thread = Some(described(app, invoker.guild, &thread));
    facts.permissions = permissions(app, invoker.guild, parent, invoker.user, &invoker.roles);
    Ok(facts)
}

/// The owner's name, if they are in the server and not in the ticket.
async fn absent_owner(app: &App, ticket: &Ticket) -> Result<Option<String>, Failure> {
    let Some(owner) = ticket.owner else {
        return Ok(None);
    };
    if ticket.state.presence == Presence::Present {
        return Ok(None);
    }
    let member = app.discord.guild_member(ticket.guild, owner).await?;
    Ok(member.map(|member| member.name))
}

/// Adds the owner to a reopened ticket. The id comes from a client.
pub(super) async fn add_owner(
    app: &App,
    response: &Response,
    invoker: &Invoker,
    id: ChannelId,
) -> Result<(), Failure> {
    let gone = || Failure::Refused(Text::TicketGone {});
    let ticket = app.store.ticket(id).await?;
    let ticket = ticket.filter(|ticket| ticket.guild == invoker.guild);
    let ticket = ticket.ok_or_else(gone)?;
    let (Some(parent), Some(owner)) = (parent_of(app, ticket.guild, id), ticket.owner) else {
        return Err(gone());
    };
    let rules = Rules::of(app, &ticket).await?;
    if !rules.is_staff(app, ticket.guild, parent, invoker.user, &invoker.roles) {
        return Err(Failure::Refused(Text::NotTheStaff {}));
    }
    let name = add_member(app, &ticket, parent, owner).await?;
    ticket_event!(&ticket, user = %owner, by = %invoker.user, "member added to a ticket");
    Ok(response.say(Text::MemberAdded { name }).await?)
}

/// Adds a member of whom only the id is known. Returns their name.
async fn add_member(
    app: &App,
    ticket: &Ticket,
    parent: ChannelId,
    user: UserId,
) -> Result<String, Failure> {
    let Some(member) = app.discord.guild_member(ticket.guild, user).await? else {
        let name = user.to_string();
        return Err(Failure::Refused(Text::NotInServer { name }));
    };
    let name = plain(&member.name);
    let may = permissions(app, ticket.guild, parent, user, &member.roles);
    if may.is_some_and(|may| !may.has(Permission::ViewChannel)) {
        let channel = parent;
        return Err(Failure::Refused(Text::CannotViewChannel { name, channel }));
    }
    let added = app.discord.add_to_thread(ticket.id, user, None);
    added.await.map_err(refused)?;
    Ok(name)
}
