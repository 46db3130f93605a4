//! `/ticket open`, and *Open a ticket…* in a member's Apps menu.

use std::sync::Arc;

use tickets::decide::open::{Choice, Facts, Open, OpenFor, inbox_of, open, open_for};
use tickets::opening::admission::{Opener, admit_by_staff};
use tickets::request::{Invoker, Target};
use tickets::text::Text;
use tickets::{InboxId, RoleId};

use crate::app::staff::Rules;
use crate::app::{App, Failure};
use crate::discord::Message;
use crate::discord::custom_id::ComponentId;
use crate::discord::render::ticket::{choice_menus, open_another_button};
use crate::engine::facts::{self, Click};
use crate::engine::response::Response;
use crate::engine::{access, beginning, requests, settings};
use crate::translate::say;

/// Opens a ticket, as the inbox's button does.
pub(super) async fn serve(
    app: &Arc<App>,
    response: &Arc<Response>,
    invoker: &Invoker,
    named: Option<&str>,
) -> Result<(), Failure> {
    // The response may be a modal, so this waits only briefly.
    let inboxes = settings::facts_in_time(app, invoker.guild).await?.inboxes;
    let all: Vec<Choice> = access::clickable(app, invoker, inboxes)
        .into_iter()
        .map(|it| (it.inbox.id, it.name))
        .collect();
    match open(named, &all).map_err(Failure::Refused)? {
        Open::Click(inbox) => {
            requests::open_ticket(app, response, invoker, Click::on(inbox), false).await
        }
        Open::Choose(choices) => {
            let reader = response.language();
            let id = |menu| ComponentId::OpenInbox { menu };
            let message = Message {
                components: Some(choice_menus(id, &choices, reader)),
                ..Message::text(say(Text::ChooseInbox {}, reader))
            };
            Ok(response.send(message).await?)
        }
    }
}

/// The future owner, and what the menu or button chose.
pub(super) struct For<'a> {
    pub target: &'a Target,
    /// The owner's roles, without @everyone.
    pub roles: &'a [RoleId],
    /// The inbox chosen in the menu.
    pub inbox: Option<InboxId>,
    /// The owner has an open ticket, and the invoker wants to open another.
    pub another: bool,
}

/// Opens a ticket for another member, who owns it.
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
    // The owner as if they had clicked the button.
    let owner = Invoker {
        user: target.user,
        display_name: target.name.clone(),
        roles: order.roles.to_vec(),
        joined_at: None,
        timed_out_until: None,
        ..invoker.clone()
    };
    let facts = Facts {
        chosen: order.inbox,
        open: match chosen {
            Some(inbox) if !order.another => facts::open_ticket(app, &owner, inbox).await?,
            _ => None,
        },
        inboxes: choices,
    };
    let reader = response.language();
    match open_for(target, &facts).map_err(Failure::Refused)? {
        OpenFor::Choose(choices) => {
            let user = target.user;
            let id = |menu| ComponentId::OpenFor { user, menu };
            let message = Message {
                components: Some(choice_menus(id, &choices, reader)),
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
        OpenFor::Open(inbox) => begin(app, response, invoker, &owner, inbox).await,
    }
}

/// The limits for members do not apply to staff, who open as many tickets as they need.
async fn begin(
    app: &Arc<App>,
    response: &Arc<Response>,
    invoker: &Invoker,
    owner: &Invoker,
    inbox: InboxId,
) -> Result<(), Failure> {
    let click = Click {
        is_by_staff: true,
        ..Click::on(inbox)
    };
    let mut click = facts::click(app, owner, click, response).await?;
    let admitted = access::admitted(app, owner, &mut click.facts, admit_by_staff).await;
    let mut plan = *admitted.map_err(Failure::Refused)?;
    plan.opener = Some(Opener {
        user: invoker.user,
        name: invoker.display_name.clone(),
    });
    beginning::begin(app, response, plan, click.not_open).await
}
