//! `/ticket open`, and *Open a ticket…* in a member's Apps menu.

use std::sync::Arc;

use tickets::decide::open::{Choice, Facts, Open, OpenFor, inbox_of, open, open_for};
use tickets::opening::admission::{Admitted, Opener, admit};
use tickets::permission::Permission;
use tickets::request::{Invoker, Target};
use tickets::setting::Form;
use tickets::text::Text;
use tickets::{ChannelId, GuildId, InboxId, RoleId, UserId};

use crate::app::staff::{Rules, permissions};
use crate::app::{App, Failure};
use crate::discord::Message;
use crate::discord::custom_id::ComponentId;
use crate::discord::render::ticket::{choice_menu, open_another_button};
use crate::engine::facts::{self, Begun, Click};
use crate::engine::response::Response;
use crate::engine::{opening, requests, settings};
use crate::reconcile::known;
use crate::translate::say;

/// Opens a ticket as the inbox's button does.
pub(super) async fn serve(
    app: &Arc<App>,
    response: &Arc<Response>,
    invoker: &Invoker,
    named: Option<&str>,
) -> Result<(), Failure> {
    let named_inboxes = settings::facts(app, invoker.guild).await?.inboxes;
    let all: Vec<Choice> = named_inboxes
        .into_iter()
        .map(|it| (it.inbox.id, it.name))
        .collect();
    match open(named, &all).map_err(Failure::Refused)? {
        Open::Click(inbox) => {
            let click = Click {
                inbox,
                slowmode: 0,
                channel_name: None,
                answers: None,
                is_quick: false,
            };
            requests::open_ticket(app, response, invoker, click, false).await
        }
        Open::Choose(choices) => {
            let reader = response.language();
            let menu = choice_menu(ComponentId::OpenInbox, &choices, reader);
            let message = Message {
                components: Some(vec![menu]),
                ..Message::text(say(Text::ChooseInbox {}, reader))
            };
            Ok(response.send(message).await?)
        }
    }
}

/// Whom a ticket is for, and where, if the menu or button says so.
pub(super) struct For<'a> {
    pub target: &'a Target,
    /// Theirs, without @everyone.
    pub roles: &'a [RoleId],
    /// Chosen in the menu.
    pub inbox: Option<InboxId>,
    /// They have an open ticket, and should have another.
    pub another: bool,
}

/// Opens a ticket for somebody else, who owns it.
pub(super) async fn serve_for(
    app: &Arc<App>,
    response: &Arc<Response>,
    invoker: &Invoker,
    order: For<'_>,
) -> Result<(), Failure> {
    let (guild, target) = (invoker.guild, order.target);
    let mut mine = Vec::new();
    for named in settings::facts(app, guild).await?.inboxes {
        let parent = named.inbox.tickets_in();
        let rules = Rules::of_inbox(named.inbox.clone());
        if rules.is_staff(app, guild, parent, invoker.user, &invoker.roles) {
            mine.push(named);
        }
    }
    let choices: Vec<Choice> = mine
        .iter()
        .map(|it| (it.inbox.id, it.name.clone()))
        .collect();
    let chosen = inbox_of(&choices, order.inbox);
    let chosen = mine.iter().find(|it| Some(it.inbox.id) == chosen);
    let facts = Facts {
        chosen: order.inbox,
        parent: chosen.map(|it| {
            let parent = it.inbox.tickets_in();
            (parent, can_view(app, guild, parent, &order))
        }),
        open: match chosen {
            Some(it) if !order.another => open_ticket(app, guild, it.inbox.id, target.user).await?,
            _ => None,
        },
        inboxes: choices,
    };
    let reader = response.language();
    match open_for(target, &facts).map_err(Failure::Refused)? {
        OpenFor::Choose(choices) => {
            let menu = choice_menu(ComponentId::OpenFor(target.user), &choices, reader);
            let message = Message {
                components: Some(vec![menu]),
                ..Message::text(say(Text::ChooseInbox {}, reader))
            };
            Ok(response.send(message).await?)
        }
        OpenFor::Link { inbox, ticket } => {
            let name = tickets::text::plain(&target.name);
            let button = open_another_button(inbox, target.user, reader);
            let message = Message {
                components: Some(vec![button]),
                ..Message::text(say(Text::HasOpenTicket { name, ticket }, reader))
            };
            Ok(response.send(message).await?)
        }
        OpenFor::Open(inbox) => begin(app, response, invoker, &order, inbox).await,
    }
}

/// Limits and cooldowns are for members: staff open as many tickets as are needed.
async fn begin(
    app: &Arc<App>,
    response: &Arc<Response>,
    invoker: &Invoker,
    order: &For<'_>,
    inbox: InboxId,
) -> Result<(), Failure> {
    let owner = Invoker {
        user: order.target.user,
        display_name: order.target.name.clone(),
        roles: order.roles.to_vec(),
        ..invoker.clone()
    };
    let click = Click {
        inbox,
        slowmode: 0,
        channel_name: None,
        answers: None,
        is_quick: false,
    };
    let mut click = facts::click(app, &owner, click, response).await?;
    // The form asks the owner, who did not click.
    if let Some(inbox) = &mut click.facts.inbox {
        inbox.settings = std::mem::take(&mut inbox.settings).with(&Form, "");
    }
    click.facts.open.clear();
    click.facts.last_opened = None;
    click.facts.slowmode = 0;
    let mut plan = match admit(&owner, &click.facts).map_err(Failure::Refused)? {
        Admitted::Ticket(plan) => *plan,
        Admitted::Form(_) => return Err(Failure::Refused(Text::UnknownInbox {})),
    };
    plan.limit = 0;
    plan.opener = Some(Opener {
        user: invoker.user,
        name: invoker.display_name.clone(),
    });
    let language = response.guild_language(app, invoker.guild);
    match facts::begin(app, response, plan, click.not_open, language).await? {
        Begun::Opening(machine) => {
            let machine = if response.is_acknowledged().await {
                machine.acknowledged()
            } else {
                *machine
            };
            Box::pin(opening::open(app, response.clone(), machine)).await;
            Ok(())
        }
        Begun::Refused(text) => Err(Failure::Refused(text)),
        Begun::Repeated => Ok(()),
    }
}

/// A channel that the bot cannot view says nothing: then Discord decides.
fn can_view(app: &App, guild: GuildId, parent: ChannelId, order: &For<'_>) -> bool {
    permissions(app, guild, parent, order.target.user, order.roles)
        .is_none_or(|may| may.has(Permission::ViewChannel))
}

/// The newest ticket of a member in an inbox that is open by the gateway's events.
async fn open_ticket(
    app: &App,
    guild: GuildId,
    inbox: InboxId,
    owner: UserId,
) -> Result<Option<ChannelId>, Failure> {
    let tickets = app.store.tickets_of(guild, owner).await?;
    let open = tickets.into_iter().find(|ticket| {
        ticket.inbox == Some(inbox)
            && !ticket.is_closed()
            && known(app, guild, ticket.id).is_some_and(|thread| !thread.locked)
    });
    Ok(open.map(|ticket| ticket.id))
}
