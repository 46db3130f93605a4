//! `/inbox list`: the server's inboxes with their problems, and the removed ones, a few on each page.

use futures_util::future::join_all;
use tickets::InboxId;
use tickets::action::Action;
use tickets::decide::inboxes::{Listed, NotPosted, Page, Posted, page};
use tickets::decide::removal::KEPT_FOR;
use tickets::decide::settings::Named;
use tickets::request::Invoker;
use tickets::ticket::Ticket;
use tokio::try_join;

use super::problems::problems;
use super::settings;
use crate::app::{App, Failure};
use crate::store::Removed;

/// One of the server's inboxes. A removed one has the details of its removal.
enum Known {
    Posted(Named),
    Removed(String, Removed),
}

/// One page of the list. `without` is a removed inbox that is being forgotten.
pub(super) async fn decide(
    app: &App,
    invoker: &Invoker,
    wanted: usize,
    without: Option<InboxId>,
) -> Result<Vec<Action>, Failure> {
    let guild = invoker.guild;
    let (known, removed, tickets) = try_join!(
        settings::facts(app, guild),
        async { Ok(app.store.removed_inboxes(guild).await?) },
        async { Ok(app.store.open_tickets(guild).await?) },
    )?;
    // The weekly cleanup deletes the others.
    let is_kept = |it: &Removed| invoker.at.since(it.at) < KEPT_FOR;
    let removed: Vec<_> = removed
        .into_iter()
        .filter(|it| is_kept(it) && Some(it.inbox.id) != without)
        .collect();
    let unnamed = removed.iter().map(|it| it.inbox.clone()).collect();
    let called = settings::named(app, guild, unnamed).await.into_iter();
    let removed = called
        .zip(removed)
        .map(|(called, removed)| Known::Removed(called.name, removed));
    let all = known.inboxes.into_iter().map(Known::Posted).chain(removed);
    let page = page(all.collect(), wanted);
    let shown = page.shown.into_iter().map(|it| listed(app, it, &tickets));
    Ok(vec![Action::ShowInboxes(Page {
        shown: join_all(shown).await,
        page: page.page,
        pages: page.pages,
    })])
}

async fn listed(app: &App, known: Known, tickets: &[Ticket]) -> Listed {
    let open = |id| tickets.iter().filter(|it| it.inbox == Some(id)).count();
    match known {
        Known::Posted(Named { inbox, name }) => Listed::Posted(Posted {
            link: inbox.link(),
            name,
            tickets_in: inbox.tickets_in(),
            open: open(inbox.id),
            problems: problems(app, &inbox).await,
            staff: inbox.staff,
        }),
        Known::Removed(name, removed) => Listed::NotPosted(NotPosted {
            inbox: removed.inbox.id,
            name,
            open: open(removed.inbox.id),
            until: removed.at.plus(KEPT_FOR),
        }),
    }
}
