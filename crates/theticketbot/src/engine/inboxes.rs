//! `/inbox list`: the server's inboxes with what is wrong with each, a few on a page.

use futures_util::future::join_all;
use tickets::action::Action;
use tickets::decide::inboxes::{Listed, Page, page};
use tickets::decide::settings::Named;
use tickets::request::Invoker;
use tickets::text::Text;
use tickets::ticket::Ticket;

use super::app::{App, Failure};
use super::problems::problems;
use super::settings;

/// This page of the list.
pub(super) async fn decide(
    app: &App,
    invoker: &Invoker,
    wanted: usize,
) -> Result<Vec<Action>, Failure> {
    let known = settings::facts(app, invoker.guild).await?;
    let Some(page) = page(known.inboxes, wanted) else {
        return Ok(vec![Action::Say(Text::NoInboxes {})]);
    };
    let tickets = app.store.open_tickets(invoker.guild).await?;
    let shown = page.shown.into_iter().map(|it| listed(app, it, &tickets));
    Ok(vec![Action::ShowInboxes(Page {
        shown: join_all(shown).await,
        page: page.page,
        pages: page.pages,
    })])
}

async fn listed(app: &App, Named { inbox, name }: Named, tickets: &[Ticket]) -> Listed {
    let open = tickets.iter().filter(|it| it.inbox == Some(inbox.id));
    Listed {
        link: inbox.link(),
        name,
        tickets_in: inbox.tickets_in(),
        open: open.count(),
        problems: problems(app, &inbox).await,
        staff: inbox.staff,
    }
}
