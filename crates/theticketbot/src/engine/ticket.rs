//! The commands inside a ticket: facts, the decision of [`tickets::decide::ticket`], and its effects.
//! They run in the queue of the ticket.

mod ask_close;
mod close;
mod join;
mod keep_open;
mod list;
mod moving;
mod open;
mod people;
mod reopen;
mod solved;
mod suggest;
mod transfer;
mod transferred;

use std::sync::Arc;

pub(super) use ask_close::recover as recover_question;
pub(super) use suggest::closed_tickets;
use tickets::decide::ticket::{Deed, Facts, decide};
use tickets::permission::Permissions;
use tickets::request::{AnywhereRequest, Invoker, Target, TicketRequest};
use tickets::text::{Text, plain};
use tickets::ticket::Ticket;
use tickets::{MessageId, RoleId, UserId};
pub(super) use transferred::recover as recover_transfer;
use twilight_model::channel::message::Component;

use super::once;
use super::response::Response;
use crate::app::report::ticket_event;
use crate::app::staff::{Rules, parent_of};
use crate::app::{App, Failure};
use crate::discord::{Error, ErrorKind, Message, Sent, code};
use crate::reconcile::{presence, refresh_notice};
use crate::store::ButtonKind;
use crate::translate::{Language, say};

/// Serves a command.
pub(super) async fn serve(
    app: &Arc<App>,
    response: &Arc<Response>,
    invoker: &Invoker,
    request: &TicketRequest,
) -> Result<(), Failure> {
    let mut facts = facts(app, invoker).await?;
    if let Some(ticket) = &mut facts.ticket
        && request.needs_owner()
    {
        ticket.state.presence = presence(app, ticket).await.map_err(refused)?;
    }
    let deed = decide(invoker, request, &facts).map_err(Failure::Refused)?;
    let Some(ticket) = facts.ticket else {
        return match deed {
            Deed::Say(text) => Ok(response.say(text).await?),
            _ => Err(Failure::Refused(Text::NotATicket {})),
        };
    };
    let command = Command {
        app,
        response,
        invoker,
        ticket,
    };
    match deed {
        Deed::Say(text) => Ok(response.say(text).await?),
        Deed::Close(request) => command.close(request).await,
        Deed::AskReason { closes } => command.ask_reason(closes).await,
        Deed::Solved { name, reason } => command.tell_solved(name, reason).await,
        Deed::Add { user, name } => command.add(user, name).await,
        Deed::Remove {
            user,
            name,
            is_owner,
        } => command.remove(user, name, is_owner).await,
        Deed::Rename(name) => command.rename(&name).await,
        Deed::AskClose {
            owner,
            close_at,
            reason,
        } => command.ask_close(owner, close_at, reason).await,
        Deed::Snooze(until) => command.snooze(until).await,
        Deed::KeepOpen(prompt) => command.keep_open(prompt).await,
        Deed::Claim => command.claim().await,
        Deed::Unclaim => command.unclaim().await,
        Deed::Transfer {
            inbox,
            reason,
            remove_old_staff,
        } => command.transfer(&inbox, reason, remove_old_staff).await,
    }
}

/// Serves the commands that work in every channel.
pub(super) async fn serve_anywhere(
    app: &Arc<App>,
    response: &Arc<Response>,
    invoker: &Invoker,
    request: &AnywhereRequest,
) -> Result<(), Failure> {
    match request {
        AnywhereRequest::Open { inbox } => {
            open::serve(app, response, invoker, inbox.as_deref()).await
        }
        AnywhereRequest::OpenFor {
            user,
            inbox,
            another,
        } => {
            let (target, roles) = target(app, invoker, *user).await?;
            let order = open::For {
                target: &target,
                roles: &roles,
                inbox: *inbox,
                another: *another,
            };
            open::serve_for(app, response, invoker, order).await
        }
        AnywhereRequest::List { only, page } => {
            list::show(app, response, invoker, *only, *page).await
        }
        AnywhereRequest::Join { ticket } => join::by_id(app, response, invoker, *ticket).await,
        AnywhereRequest::JoinByNotice { message } => {
            join::by_notice(app, response, invoker, *message).await
        }
        AnywhereRequest::Reopen { ticket } => reopen::serve(app, response, invoker, *ticket).await,
        AnywhereRequest::AddOwner { ticket } => {
            reopen::add_owner(app, response, invoker, *ticket).await
        }
    }
}

/// A member of whom only the id is known, with their roles.
async fn target(
    app: &App,
    invoker: &Invoker,
    user: UserId,
) -> Result<(Target, Vec<RoleId>), Failure> {
    let member = app.discord.guild_member(invoker.guild, user).await?;
    let is_member = member.is_some();
    let (name, is_bot, roles) = member.map_or_else(
        || (user.to_string(), false, Vec::new()),
        |member| (member.name, member.is_bot, member.roles),
    );
    let target = Target {
        user,
        name,
        is_bot,
        // Decisions do not use this member's permissions, only whether they are in the server.
        permissions: is_member.then(Permissions::default),
    };
    Ok((target, roles))
}

async fn facts(app: &App, invoker: &Invoker) -> Result<Facts, Failure> {
    let ticket = app.store.ticket(invoker.channel).await?;
    let rules = match &ticket {
        Some(ticket) => Rules::of(app, ticket).await?,
        None => Rules::default(),
    };
    let buttons = app.store.ticket_buttons(invoker.channel).await?;
    let looks_after_others = ticket.is_none() && looks_after_others(app, invoker).await?;
    let pending = app.store.pending(invoker.channel).await?;
    let prompt = pending.as_ref().and_then(|pending| pending.prompt);
    Ok(Facts {
        looks_after_others,
        close_button: rules.close_button,
        is_solved: buttons
            .iter()
            .any(|it| it.is_shown && it.kind == ButtonKind::Solved),
        prompt,
        asked: pending.and_then(|pending| pending.timers.asked),
        ticket,
        staff: rules.staff,
        powers: rules.powers,
        parent: parent_of(app, invoker.guild, invoker.channel),
        me: app.cache().me(),
    })
}

/// Whether a member is staff of the tickets of any inbox of this server.
async fn looks_after_others(app: &App, invoker: &Invoker) -> Result<bool, Failure> {
    let inboxes = app.store.inboxes_in(invoker.guild).await?;
    Ok(inboxes.into_iter().any(|inbox| {
        let parent = inbox.tickets_in();
        let (guild, user, roles) = (invoker.guild, invoker.user, &invoker.roles);
        Rules::of_inbox(inbox).may_look_after(app, guild, parent, user, roles)
    }))
}

/// A command that is being served.
struct Command<'a> {
    app: &'a Arc<App>,
    response: &'a Arc<Response>,
    invoker: &'a Invoker,
    ticket: Ticket,
}

impl Command<'_> {
    /// The server's language, for text that everybody in the ticket reads.
    fn server_language(&self) -> Language {
        self.response.guild_language(self.app, self.invoker.guild)
    }

    /// The invoker's name and id for the audit log.
    fn who(&self) -> (String, String) {
        let invoker = self.invoker;
        (invoker.username.clone(), invoker.user.to_string())
    }

    async fn rename(&self, name: &str) -> Result<(), Failure> {
        let (by, id) = self.who();
        let reason = say(Text::AuditRenamed { name: by, id }, self.server_language());
        let ticket = self.ticket.id;
        match self.app.discord.rename_thread(ticket, name, reason).await {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::RefusedContent => {
                return Err(Failure::Refused(Text::TicketNameRefused {}));
            }
            Err(Error::RateLimited { retry_after }) => {
                let wait = i64::try_from(retry_after.as_millis()).unwrap_or(i64::MAX);
                let until = self.app.clock.now().plus(wait).unix_seconds_up();
                return Err(Failure::Refused(Text::RenameLater { until }));
            }
            Err(error) => return Err(refused(error)),
        }
        ticket_event!(&self.ticket, by = %self.invoker.user, "ticket renamed");
        Ok(self.response.say(Text::TicketRenamed { ticket }).await?)
    }

    async fn claim(&self) -> Result<(), Failure> {
        let (ticket, by) = (self.ticket.id, self.invoker.user);
        // A claim ends when its holder leaves the ticket, so the bot adds them first.
        let added = self.app.discord.add_to_thread(ticket, by, None);
        added.await.map_err(refused)?;
        self.app.store.claim_ticket(ticket, Some(by)).await?;
        refresh_notice(self.app, ticket).await?;
        ticket_event!(&self.ticket, %by, "ticket claimed");
        let name = plain(&self.invoker.display_name);
        let text = Text::ClaimedBy { name };
        let said = self.tell_all(text, None, Text::ClaimSaved {}).await;
        said.map(drop)
    }

    async fn unclaim(&self) -> Result<(), Failure> {
        let (ticket, by) = (self.ticket.id, self.invoker.user);
        self.app.store.claim_ticket(ticket, None).await?;
        refresh_notice(self.app, ticket).await?;
        ticket_event!(&self.ticket, %by, "claim ended");
        let name = plain(&self.invoker.display_name);
        let text = Text::UnclaimedBy { name };
        let said = self.tell_all(text, None, Text::ClaimSaved {}).await;
        said.map(drop)
    }

    /// Says something once to everybody in the ticket: as the response, or as a message if that is too late.
    /// Returns the message's id.
    async fn tell_all(
        &self,
        text: Text,
        components: Option<Vec<Component>>,
        done: Text,
    ) -> Result<MessageId, Failure> {
        let said = say(text, self.server_language());
        let message = || Message {
            components: components.clone(),
            ..Message::text(said.clone())
        };
        let id = self.announce(message, done, |_| true).await?;
        // Recorded, because the bot could take it for a closing message otherwise.
        self.app.store.set_own_message(self.ticket.id, id).await?;
        Ok(id)
    }

    /// Sends a public message: as the response, or, if that is too late, as a new message, and `done` as the
    /// response. Returns the message's id.
    async fn announce(
        &self,
        message: impl Fn() -> Message,
        done: Text,
        is_it: fn(&Sent) -> bool,
    ) -> Result<MessageId, Failure> {
        match self.response.announce(message()).await {
            Ok(Some(id)) => return Ok(id),
            Ok(None) => {}
            Err(error) if error.is_ambiguous() => {
                let announced = self.response.announced().await?;
                return announced.ok_or_else(|| error.into());
            }
            Err(error) => return Err(error.into()),
        }
        let message = message().once(format!("t{}", self.response.id()));
        let wanted = once::Wanted {
            thread: self.ticket.id,
            interaction: self.response.id(),
            sending: once::sending(&self.ticket, MessageId(self.response.id())),
            is_it,
        };
        let sent = once::send(self.app, &wanted, &message).await;
        let id = sent.map_err(refused)?.id;
        self.response.say(done).await?;
        Ok(id)
    }
}

/// The response to an invoker for what Discord refused.
fn refused(error: Error) -> Failure {
    match error.kind() {
        ErrorKind::NotAllowed => {
            tracing::warn!(%error, "Discord does not allow what a command in a ticket needs");
            Failure::Refused(Text::TicketForbidden {})
        }
        ErrorKind::Full if error.code() == Some(code::TOO_MANY_THREADS) => {
            Failure::Refused(Text::ThreadsFull {})
        }
        ErrorKind::Full => Failure::Refused(Text::TicketFull {}),
        ErrorKind::Gone => Failure::Refused(Text::TicketGone {}),
        _ => error.into(),
    }
}
