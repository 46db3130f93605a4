//! Suggestions for `/ticket reopen`: the newest closed tickets of the inboxes whose staff the invoker is.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

use futures_util::future::join_all;
use tickets::ChannelId;
use tickets::action::{Suggestion, Suggestions};
use tickets::request::Invoker;

use crate::app::staff::Rules;
use crate::app::{App, Failure};
use crate::discord::Thread;
use crate::discord::render::settings::suggestions;
use crate::engine::response::Response;

/// Suggestions must be there within three seconds, so not many channels are asked for their threads.
const MAX_CHANNELS: usize = 10;

/// Suggests closed tickets that fit what is typed, the newest first.
pub(in crate::engine) async fn closed_tickets(
    app: &App,
    response: &Response,
    invoker: &Invoker,
    typed: &str,
) -> Result<(), Failure> {
    let guild = invoker.guild;
    let mut rules = HashMap::new();
    let mut channels = BTreeSet::new();
    for inbox in app.store.inboxes_in(guild).await? {
        channels.insert(inbox.tickets_in());
        rules.insert(inbox.id, Rules::of_inbox(inbox));
    }
    let is_staff =
        |rules: &Rules, channel| rules.is_staff(app, guild, channel, invoker.user, &invoker.roles);
    channels.retain(|channel| rules.values().any(|rules| is_staff(rules, *channel)));
    let lists = channels.into_iter().take(MAX_CHANNELS);
    let lists = lists.map(|channel| async move { (channel, archived(app, channel).await) });
    let mut found = Vec::new();
    for (channel, threads) in join_all(lists).await {
        for thread in threads {
            let ticket = app.store.ticket(thread.id).await?;
            let inbox = ticket
                .filter(|ticket| ticket.guild == guild)
                .and_then(|ticket| rules.get(&ticket.inbox?));
            if inbox.is_some_and(|rules| is_staff(rules, channel)) {
                found.push(thread);
            }
        }
    }
    found.sort_by_key(|thread| Reverse(thread.id));
    let suggested = Suggestions {
        typed: typed.to_owned(),
        choices: found
            .into_iter()
            .map(|thread| Suggestion::Ticket(thread.id, thread.name))
            .collect(),
    };
    let choices = suggestions(suggested, response.language());
    Ok(response.suggest(choices).await?)
}

/// A page is enough for a list of 25. A channel that does not show its threads has no suggestions.
async fn archived(app: &App, channel: ChannelId) -> Vec<Thread> {
    let now = app.clock.now();
    if let Some(threads) = app.archived.fresh(channel, now) {
        return threads;
    }
    // Without Manage Threads only those that the bot is in may be listed, which all tickets are.
    match app.discord.archived_page(channel, true, None).await {
        Ok(page) => {
            let threads: Vec<_> = page.threads.into_iter().filter(|it| it.archived).collect();
            app.archived.keep(channel, now, threads.clone());
            threads
        }
        Err(error) => {
            tracing::debug!(%channel, %error, "closed tickets cannot be suggested");
            Vec::new()
        }
    }
}
