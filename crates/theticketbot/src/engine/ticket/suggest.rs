//! Suggestions for `/ticket reopen`: the newest closed tickets of the inboxes whose staff the invoker is.
//!
//! The database knows which tickets are closed, and Discord knows their names. The channel of a ticket is not
//! stored. Most tickets are in the channel where their inbox opens tickets now. If a ticket is not there, the
//! bot asks Discord for its channel.

use std::collections::{HashMap, HashSet};

use futures_util::future::join_all;
use tickets::ChannelId;
use tickets::action::{Suggestion, Suggestions};
use tickets::request::Invoker;

use crate::app::staff::Rules;
use crate::app::{App, Failure};
use crate::discord::render::settings::suggestions;
use crate::discord::{Error, Thread};
use crate::engine::response::Response;

/// How many closed tickets of a server are considered at most.
const MOST: usize = 500;

/// In how many channels threads are listed at most, because suggestions must be there within three seconds.
const MAX_CHANNELS: usize = 10;

/// How many tickets are looked up one after the other.
const MAX_SEARCHES: usize = 3;

/// How many tickets are suggested at most, and looked up if necessary.
const MAX_SUGGESTED: usize = 25;

/// Suggests closed tickets that fit what is typed, the newest first.
pub(in crate::engine) async fn closed_tickets(
    app: &App,
    response: &Response,
    invoker: &Invoker,
    typed: &str,
) -> Result<(), Failure> {
    let guild = invoker.guild;
    let is_staff =
        |rules: &Rules, channel| rules.is_staff(app, guild, channel, invoker.user, &invoker.roles);
    let mut inboxes = HashMap::new();
    for inbox in app.store.inboxes_in(guild).await? {
        let (id, channel) = (inbox.id, inbox.tickets_in());
        let rules = Rules::of_inbox(inbox);
        if is_staff(&rules, channel) {
            inboxes.insert(id, (rules, channel));
        }
    }
    let closed = app.store.newest_closed(guild, MOST).await?;
    let closed: Vec<_> = closed
        .into_iter()
        .filter_map(|ticket| Some((ticket.id, inboxes.get(&ticket.inbox?)?)))
        .collect();
    let tickets = closed.iter().map(|(ticket, _)| *ticket);
    let channels = closed.iter().map(|(_, (_, channel))| *channel);
    let threads = find(app, tickets.collect(), channels.collect()).await;
    let choices = closed.iter().filter_map(|(ticket, (rules, _))| {
        let thread = threads.get(ticket)?;
        let name = thread.name.clone();
        is_staff(rules, thread.parent?).then_some(Suggestion::Ticket(*ticket, name))
    });
    let suggested = Suggestions {
        typed: typed.to_owned(),
        choices: choices.collect(),
    };
    let choices = suggestions(suggested, response.language());
    Ok(response.suggest(choices).await?)
}

/// The archived threads of these tickets, which are probably in these channels. The newest tickets come first.
async fn find(
    app: &App,
    tickets: Vec<ChannelId>,
    channels: Vec<ChannelId>,
) -> HashMap<ChannelId, Thread> {
    let mut listed = HashSet::new();
    let channels = channels.into_iter().filter(|it| listed.insert(*it));
    let lists: Vec<_> = channels
        .take(MAX_CHANNELS)
        .map(|channel| list(app, channel))
        .collect();
    let lists = join_all(lists).await.into_iter().flatten();
    let mut found: HashMap<_, _> = lists.map(by_id).collect();
    let mut searches = 0;
    for ticket in tickets.into_iter().take(MAX_SUGGESTED) {
        if found.contains_key(&ticket) {
            continue;
        }
        if searches == MAX_SEARCHES {
            break;
        }
        searches += 1;
        let thread = cached(app, ticket, async || {
            Ok(vec![app.discord.thread(ticket).await?])
        });
        for thread in thread.await {
            if let Some(parent) = thread.parent.filter(|it| listed.insert(*it)) {
                found.extend(list(app, parent).await.into_iter().map(by_id));
            }
            found.insert(thread.id, thread);
        }
    }
    found
}

fn by_id(thread: Thread) -> (ChannelId, Thread) {
    (thread.id, thread)
}

/// A channel's archived threads. One page is enough for 25 suggestions.
async fn list(app: &App, channel: ChannelId) -> Vec<Thread> {
    // Without *Manage Threads*, Discord only lists the threads that the bot is in, and the bot is in all
    // tickets.
    let page = async || app.discord.archived_page(channel, true, None).await;
    cached(app, channel, async || Ok(page().await?.threads)).await
}

/// The archived threads that Discord returns for a channel or a single thread; none if it refuses.
async fn cached(
    app: &App,
    about: ChannelId,
    ask: impl AsyncFnOnce() -> Result<Vec<Thread>, Error>,
) -> Vec<Thread> {
    let now = app.clock.now();
    if let Some(threads) = app.archived.fresh(about, now) {
        return threads;
    }
    let mut threads = match ask().await {
        Err(error) if !error.is_gone() && !error.is_forbidden() => {
            tracing::debug!(channel = %about, %error, "closed tickets cannot be suggested");
            return Vec::new();
        }
        // An error is cached, too: the same call would fail for each typed letter.
        answer => answer.unwrap_or_default(),
    };
    threads.retain(|it| it.archived);
    app.archived.keep(about, now, threads.clone());
    threads
}
