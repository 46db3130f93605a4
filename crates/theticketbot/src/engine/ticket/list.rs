//! `/ticket list`, and joining a ticket from it.

use std::collections::HashMap;

use tickets::decide::list::{Lately, Page, Row, list, since};
use tickets::inbox::Inbox;
use tickets::request::Invoker;
use tickets::text::Text;
use tickets::ticket::Ticket;
use tickets::waiting::{Side, Waiting};
use tickets::{ChannelId, InboxId, UserId};
use tokio::try_join;

use crate::app::staff::Rules;
use crate::app::{App, Failure};
use crate::discord::Thread;
use crate::discord::render::list::list_message;
use crate::engine::response::Response;
use crate::reconcile::{Check, Work, keeps_open};
use crate::store::Opened;

/// Shows a page of the tickets that the invoker may see. A page that was turned replaces the one before.
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
    // Discord lists the active threads with their names.
    let active = app.discord.active_threads(guild).await?;
    let active: HashMap<_, _> = active.iter().map(|thread| (thread.id, thread)).collect();
    // The tickets of a removed inbox keep its staff.
    let removed = removed.into_iter().map(|it| it.inbox);
    let inboxes = inboxes.into_iter().chain(removed).collect();
    let all = Inboxes::new(app, invoker, inboxes);
    let waiting: HashMap<_, _> = waiting.into_iter().collect();
    let mut rows = Vec::new();
    for ticket in &tickets {
        let thread = active.get(&ticket.id).copied();
        // A ticket that the bot cannot view is not shown.
        if thread.is_some() || (ticket.hidden_since.is_none() && keeps_open(app, ticket).await?) {
            rows.push(row(&all, ticket, thread, waiting.get(&ticket.id)));
        }
    }
    let lately = all.lately(&opened);
    let mut page = list(invoker.user, only, page, rows, lately).map_err(Failure::Refused)?;
    let inbox_of = |id| tickets.iter().find(|it| it.id == id)?.inbox;
    let mut shown = Vec::new();
    for row in page.rows {
        if row.is_hidden {
            let inbox = inbox_of(row.ticket);
            shown.extend(hidden(&all, row, inbox).await?);
        } else {
            shown.push(row);
        }
    }
    if shown.is_empty() {
        return Err(Failure::Refused(Text::NoTickets {}));
    }
    page.rows = shown;
    Ok(page)
}

/// The row of a ticket that Discord's own timer has archived. `None` if the ticket is not open, or if the
/// invoker may not see it.
async fn hidden(
    all: &Inboxes<'_>,
    row: Row,
    inbox: Option<InboxId>,
) -> Result<Option<Row>, Failure> {
    let Inboxes { app, invoker, .. } = all;
    let thread = match app.discord.thread(row.ticket).await {
        Ok(thread) if !thread.locked => thread,
        Err(error) if !error.is_gone() && !error.is_forbidden() => return Err(error.into()),
        _ => {
            let check = Check::thread(invoker.guild, row.ticket);
            app.backlog.request(Work::Check(check));
            return Ok(None);
        }
    };
    let parent = thread.parent;
    let may_look_after = parent.is_some_and(|parent| all.may_look_after(inbox, parent));
    let is_shown = may_look_after || row.owner == Some(invoker.user);
    Ok(is_shown.then_some(Row {
        name: thread.name,
        is_hidden: thread.archived,
        may_look_after,
        ..row
    }))
}

/// The row of a ticket whose thread is active, or that Discord's own timer has archived.
fn row(
    all: &Inboxes<'_>,
    ticket: &Ticket,
    thread: Option<&Thread>,
    waiting: Option<&Waiting>,
) -> Row {
    // The channel of an archived thread is only known from Discord's answer.
    let parent = match thread {
        Some(thread) => thread.parent,
        None => all.parent_of(ticket.inbox),
    };
    let may_look_after = parent.is_some_and(|parent| all.may_look_after(ticket.inbox, parent));
    Row {
        ticket: ticket.id,
        name: thread.map_or_else(String::new, |thread| thread.name.clone()),
        is_hidden: thread.is_none(),
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

    /// The channel in which an inbox's tickets are opened.
    fn parent_of(&self, inbox: Option<InboxId>) -> Option<ChannelId> {
        self.rules.get(&inbox?).map(|(_, parent)| *parent)
    }

    /// Whether the member is staff of an inbox's tickets in this channel.
    fn may_look_after(&self, inbox: Option<InboxId>, parent: ChannelId) -> bool {
        let none = Rules::default();
        let known = inbox.and_then(|id| self.rules.get(&id));
        let rules = known.map_or(&none, |(rules, _)| rules);
        let Invoker {
            guild, user, roles, ..
        } = self.invoker;
        rules.may_look_after(self.app, *guild, parent, *user, roles)
    }

    /// How many tickets were opened lately in the inboxes whose staff the member is; `None` if there are no
    /// such inboxes.
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
