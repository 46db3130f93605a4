//! `/ticket list`, and joining a ticket from it.

use std::collections::HashMap;

use tickets::decide::list::{Lately, Page, Row, list, since};
use tickets::inbox::Inbox;
use tickets::request::Invoker;
use tickets::ticket::Ticket;
use tickets::waiting::{Side, Waiting};
use tickets::{ChannelId, InboxId, UserId};
use tokio::try_join;

use crate::app::staff::Rules;
use crate::app::{App, Failure};
use crate::discord::Thread;
use crate::discord::render::list::list_message;
use crate::engine::response::Response;
use crate::store::Opened;

/// Shows a page of the tickets that the invoker may see, in place of the one whose button was used.
pub(super) async fn show(
    app: &App,
    response: &Response,
    invoker: &Invoker,
    only: Option<UserId>,
    page: usize,
) -> Result<(), Failure> {
    let page = decided(app, invoker, only, page).await?;
    let message = list_message(&page, response.language());
    Ok(response.update(message).await?)
}

async fn decided(
    app: &App,
    invoker: &Invoker,
    only: Option<UserId>,
    page: usize,
) -> Result<Page, Failure> {
    let guild = invoker.guild;
    let [week, month] = since(invoker.at);
    let (tickets, inboxes, removed, opened, waiting) = try_join!(
        app.store.open_tickets(guild),
        app.store.inboxes_in(guild),
        app.store.removed_inboxes(guild),
        app.store.opened_since(guild, week, month),
        app.store.waiting_in(guild),
    )?;
    // It says what is open by Discord's own word, and how it is called.
    let active = app.discord.active_threads(guild).await?;
    let active: HashMap<_, _> = active.iter().map(|thread| (thread.id, thread)).collect();
    // Tickets keep the staff of a removed inbox.
    let removed = removed.into_iter().map(|it| it.inbox);
    let inboxes = inboxes.into_iter().chain(removed).collect();
    let all = Inboxes::new(app, invoker, inboxes);
    let waiting: HashMap<_, _> = waiting.into_iter().collect();
    let rows = tickets
        .iter()
        .filter_map(|ticket| {
            let thread = active.get(&ticket.id)?;
            Some(row(&all, ticket, thread, waiting.get(&ticket.id)))
        })
        .collect();
    let lately = all.lately(&opened);
    list(invoker.user, only, page, rows, lately).map_err(Failure::Refused)
}

fn row(all: &Inboxes<'_>, ticket: &Ticket, thread: &Thread, waiting: Option<&Waiting>) -> Row {
    let may_look_after = thread
        .parent
        .is_some_and(|parent| all.may_look_after(ticket.inbox, parent));
    Row {
        ticket: ticket.id,
        name: thread.name.clone(),
        owner: ticket.owner,
        is_claimed: ticket.claimed_by.is_some(),
        waits_for_staff: waiting
            .filter(|waiting| waiting.side == Side::Staff)
            .map(|waiting| waiting.since.created_at()),
        may_look_after,
    }
}

/// The inboxes of a server, as a member sees them.
struct Inboxes<'a> {
    app: &'a App,
    invoker: &'a Invoker,
    rules: HashMap<InboxId, (Rules, ChannelId)>,
}

impl<'a> Inboxes<'a> {
    fn new(app: &'a App, invoker: &'a Invoker, inboxes: Vec<Inbox>) -> Self {
        let rules = inboxes.into_iter().map(|inbox| {
            let parent = inbox.tickets_in();
            let id = inbox.id;
            (id, (Rules::of_inbox(inbox), parent))
        });
        Self {
            app,
            invoker,
            rules: rules.collect(),
        }
    }

    /// Whether the member may look after an inbox's tickets in this channel.
    fn may_look_after(&self, inbox: Option<InboxId>, parent: ChannelId) -> bool {
        let none = Rules::default();
        let known = inbox.and_then(|id| self.rules.get(&id));
        let rules = known.map_or(&none, |(rules, _)| rules);
        let Invoker {
            guild, user, roles, ..
        } = self.invoker;
        rules.may_look_after(self.app, *guild, parent, *user, roles)
    }

    /// How many were opened lately in the inboxes whose staff the member is; `None` if there are none.
    fn lately(&self, opened: &[Opened]) -> Option<Lately> {
        let mut mine = self
            .rules
            .iter()
            .filter(|(id, (_, parent))| self.may_look_after(Some(**id), *parent))
            .peekable();
        mine.peek()?;
        let mut lately = Lately::default();
        for (id, _) in mine {
            for opened in opened.iter().filter(|it| it.inbox == *id) {
                lately.week += opened.week;
                lately.month += opened.month;
            }
        }
        Some(lately)
    }
}
