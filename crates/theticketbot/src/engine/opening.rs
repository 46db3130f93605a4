//! Opening a ticket: runs the steps of [`tickets::opening::Opening`] and reports their outcomes
//! to it. The same code serves a click, a retry after seconds and the recovery after a crash.

mod search;
mod steps;

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use tickets::opening::{Opening, Outcome, Step};
use tickets::{ChannelId, GuildId};
use tokio::sync::Notify;
use tokio::time::{Instant, sleep, timeout};

use self::steps::Run;
use super::response::Response;
use crate::app::joining::JOINED_WITHIN;
use crate::app::openings::Live;
use crate::app::queue::catch_panic;
use crate::app::report::report;
use crate::app::{App, Failure};
use crate::reconcile::{Check, Work, plan_check};

/// How long a member's next request waits for an opening to end.
const TIME_LIMIT: Duration = Duration::from_secs(30);

/// Opens a ticket. Waits until the opening has ended, or for `TIME_LIMIT`, before the member's next request
/// is served.
pub async fn open(app: &Arc<App>, response: Arc<Response>, opening: Opening) {
    let (tell, told) = tokio::sync::oneshot::channel::<()>();
    let driver = Driver::new(app.clone(), response, opening);
    app.tasks.spawn(async move {
        driver.drive().await;
        drop(tell);
    });
    // The sender is dropped when the opening has ended, so an error is the normal case.
    let _ = timeout(TIME_LIMIT, told).await;
}

/// Continues an opening that an earlier run left unfinished.
pub fn resume(app: &Arc<App>, response: Arc<Response>, mut opening: Opening) {
    opening.resume(app.clock.now());
    let driver = Driver::new(app.clone(), response, opening);
    app.tasks.spawn(driver.drive());
}

struct Driver {
    app: Arc<App>,
    response: Arc<Response>,
    opening: Opening,
    nudge: Arc<Notify>,
}

impl Driver {
    fn new(app: Arc<App>, response: Arc<Response>, opening: Opening) -> Self {
        Self {
            app,
            response,
            opening,
            nudge: Arc::default(),
        }
    }

    fn id(&self) -> u64 {
        self.opening.order.interaction
    }

    async fn drive(mut self) {
        let mut steps: FuturesUnordered<BoxFuture<'static, Option<Outcome>>> =
            FuturesUnordered::new();
        let end = loop {
            let now = self.app.clock.now();
            for step in self.opening.poll(now) {
                steps.push(self.start(step));
            }
            self.publish();
            if self.opening.take_must_save() {
                steps.push(self.save());
            }
            if let Some(end) = self.opening.end(now) {
                break end;
            }
            let wake = self.opening.wake_at(now).map(|at| at.duration_since(now));
            tokio::select! {
                Some(outcome) = steps.next(), if !steps.is_empty() => {
                    if let Some(outcome) = outcome {
                        self.opening.on(outcome, self.app.clock.now());
                    }
                }
                () = self.nudge.notified() => self.opening.nudge(),
                // The opening is in the journal, and the next start continues it.
                () = self.app.tasks.stopping(), if steps.is_empty() => {
                    self.app.openings.live().remove(&self.id());
                    return;
                }
                () = sleep(wake.unwrap_or(Duration::MAX)), if wake.is_some() => {}
            }
        };
        // A save that finished after the end would write the entry again.
        while steps.next().await.is_some() {}
        let (app, id) = (self.app.clone(), self.id());
        let check = end
            .ticket
            .map(|it| Check::thread(self.opening.order.guild, it));
        self.finish(end).await;
        let live = app.openings.live().remove(&id);
        if let Some(check) = check
            && live.is_some_and(|live| live.has_news)
        {
            app.backlog.request(Work::Check(check));
        }
    }

    /// Publishes what this opening may claim, so that others leave that thread alone.
    fn publish(&self) {
        let mut live = self.app.openings.live();
        let order = &self.opening.order;
        let entry = live.entry(order.interaction).or_insert_with(|| Live {
            guild: order.guild,
            owner: order.owner,
            may_claim: true,
            parent: order.parent,
            name: order.name.clone(),
            thread: None,
            has_news: false,
            nudge: self.nudge.clone(),
        });
        entry.thread = self.opening.thread();
        entry.may_claim = entry.thread.is_none();
        if entry.parent != order.parent || entry.name != order.name {
            entry.parent = order.parent;
            entry.name.clone_from(&order.name);
        }
    }

    fn start(&self, step: Step) -> BoxFuture<'static, Option<Outcome>> {
        let kind = step.kind();
        let run = Run {
            app: self.app.clone(),
            response: self.response.clone(),
            opening: self.opening.clone(),
        };
        Box::pin(async move {
            let done = catch_panic(Box::pin(run.step(step))).await;
            let failure = match done {
                Ok(Ok(outcome)) => return Some(outcome),
                Ok(Err(failure)) => failure,
                Err(panic) => Failure::Other(format!("a step panicked: {panic}")),
            };
            report(&failure, "a step of an opening failed");
            Some(Outcome::Failed(kind))
        })
    }

    fn save(&self) -> BoxFuture<'static, Option<Outcome>> {
        let (store, id) = (self.app.store.clone(), self.id());
        let work = crate::store::Work::Opening(Box::new(self.opening.as_written()));
        Box::pin(async move {
            if let Err(error) = store.save(id, work).await {
                tracing::warn!(
                    interaction = id, %error,
                    "the progress of an opening could not be saved"
                );
            }
            None
        })
    }

    async fn finish(self, mut end: tickets::opening::machine::End) {
        end.awaits_staff &= self.app.hears_of_members();
        let order = &self.opening.order;
        let (inbox, owner, guild) = (order.inbox, order.owner, order.guild);
        // Marked before the row is in the database: a notice that is not known to be new is searched for
        // first, which costs a call.
        if let (Some(ticket), Some(_), false) = (end.ticket, end.notice, self.opening.is_resumed())
        {
            self.app.notices.note_new(ticket);
        }
        let mut is_reported = false;
        while let Err(error) = self.app.store.finish_opening(self.id(), end).await {
            let may_repeat = self.app.tasks.may_store_again(&error).await;
            if !std::mem::replace(&mut is_reported, true) {
                report(&error.into(), "an opening could not be finished");
            }
            if !may_repeat {
                break;
            }
        }
        if let (Some(_), Some(channel)) = (end.ticket, end.notice) {
            self.app.backlog.request(Work::Notices(guild, channel));
        }
        if let Some(ticket) = end.ticket {
            let moved = order.moved.as_ref();
            let by = moved.map(|moved| moved.by).or(order.opener);
            let by = by.unwrap_or(owner);
            if let Some(moved) = moved {
                let from = moved.from;
                tracing::info!(ticket = %from, %inbox, %owner, %by, to = %ticket, "ticket transferred");
                // The transaction that ended this opening has also begun to close the old ticket.
                let check = Check::thread(guild, from);
                self.app.backlog.request(Work::Check(check));
            }
            tracing::info!(%ticket, %inbox, %owner, %by, "ticket opened");
            self.app.discord.metrics().ticket_opened();
            if end.awaits_staff {
                let at = Instant::now() + JOINED_WITHIN;
                self.app.backlog.plan(Work::Joined(guild, ticket), at);
            }
            // The owner may have left before the ticket was stored; then that event found no ticket.
            if self.opening.is_resumed() || self.app.gaps() != self.response.gaps {
                let check = Check::thread(guild, ticket);
                self.app.backlog.request(Work::Check(check));
            }
        } else {
            tracing::info!(%inbox, %owner, orphan = end.is_orphan, "no ticket opened");
            self.app.discord.metrics().ticket_failed();
        }
        // No event says when the bot becomes able to delete an orphaned thread in a channel that it can view,
        // so it retries.
        if let (true, Some(thread)) = (end.is_orphan, end.rolled_back)
            && is_visible(&self.app, guild, order.parent)
        {
            self.app
                .backlog
                .retry(Work::Check(Check::thread(guild, thread)));
        }
    }
}

fn is_visible(app: &App, guild: GuildId, channel: ChannelId) -> bool {
    let place = app.cache().place(guild, channel);
    place.is_some_and(tickets::permission::Place::can_be_seen)
}

/// Handles the event that a thread of the bot was created.
pub fn thread_created(app: &App, guild: GuildId, thread: ChannelId, parent: ChannelId, name: &str) {
    app.openings.thread_created(parent, name);
    plan_check(app, guild, thread);
}
