//! Finding what must be checked, and checking it: newest first, and only a few checks at a time for the whole
//! bot, so that clicks do not wait.

mod closed;

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use tickets::ticket::Phase;
use tickets::{ChannelId, GuildId, Mention};
use tokio::sync::{Mutex, Semaphore, watch};
use tokio::time::{Interval, MissedTickBehavior, interval, sleep_until};

use super::entries::has_entries;
use super::{Check, Thing, Work, due, in_turn, joining, notice, reports, stray};
use crate::app::queue::no_panic;
use crate::app::{App, Failure};

/// How many checks run at the same time, for all servers.
const AT_ONCE: usize = 4;

/// The time between two checks. Discord allows 50 calls a second, and most are for members.
const PACE: Duration = Duration::from_millis(50);

/// Works through the backlog until the bot stops.
pub async fn run(app: Arc<App>, mut stop: watch::Receiver<bool>) {
    tokio::select! {
        () = Scanner::new(app).work() => {}
        _ = stop.wait_for(|stop| *stop) => {}
    }
}

/// When the bot stops: finishes the scans that are due, but not the checks.
pub async fn finish_scans(app: Arc<App>) {
    Scanner::new(app).find_all().await;
}

struct Scanner {
    app: Arc<App>,
    slots: Arc<Semaphore>,
    pace: Arc<Pace>,
}

/// The pace of checks, for all servers: one starts every [`PACE`].
struct Pace {
    next: Mutex<Interval>,
    refusals: closed::Refusals,
}

impl Pace {
    async fn tick(&self) {
        self.next.lock().await.tick().await;
    }
}

impl Scanner {
    fn new(app: Arc<App>) -> Self {
        let mut pace = interval(PACE);
        pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self {
            app,
            slots: Arc::new(Semaphore::new(AT_ONCE)),
            pace: Arc::new(Pace {
                next: Mutex::new(pace),
                refusals: closed::Refusals::default(),
            }),
        }
    }

    /// Only finds what must be checked. Servers with nothing to check then need no scan at the next start.
    async fn find_all(self) {
        while let Some(work) = self.app.backlog.start_scan() {
            let is_done = self.find(work).await;
            self.app.backlog.complete(work, is_done);
            if !is_done {
                return;
            }
        }
    }

    async fn work(self) {
        let mut changes = self.app.backlog.changes();
        loop {
            changes.mark_unchanged();
            // The semaphore is never closed.
            let slot = self.slots.clone().acquire_owned().await;
            let Some(work) = self.app.backlog.start() else {
                drop(slot);
                let wake = self.app.backlog.wake_at();
                tokio::select! {
                    // The sender lives as long as the app.
                    _ = changes.changed() => {}
                    () = async { sleep_until(wake.expect("checked")).await }, if wake.is_some() => {}
                }
                continue;
            };
            let (app, pace) = (self.app.clone(), self.pace.clone());
            match work {
                Work::Scan(_) | Work::ScanChannel(..) => {
                    let is_done = self.find(work).await;
                    app.backlog.complete(work, is_done);
                }
                Work::Check(_)
                | Work::Closed(_)
                | Work::Notices(..)
                | Work::Due(..)
                | Work::Commands(_)
                | Work::Joined(..) => {
                    if matches!(work, Work::Check(_) | Work::Due(..)) {
                        pace.tick().await;
                    }
                    app.clone().tasks.spawn(async move {
                        let done = no_panic(async {
                            match work {
                                Work::Closed(guild) => closed::check(&app, &pace, guild).await,
                                Work::Check(check) => in_turn(&app, check).await,
                                Work::Notices(guild, channel) => {
                                    notice::check(&app, guild, channel).await
                                }
                                Work::Due(_, ticket) => due::in_turn(&app, ticket).await,
                                Work::Joined(_, ticket) => joining::conclude(&app, ticket).await,
                                Work::Commands(guild) => reports::check(&app, guild).await,
                                Work::Scan(_) | Work::ScanChannel(..) => Ok(()),
                            }
                        });
                        let done = done.await;
                        let is_done = is_done(&app, work, done).await;
                        app.backlog.complete(work, is_done);
                        drop(slot);
                    });
                }
            }
        }
    }

    /// Finds what must be checked, and requests it.
    async fn find(&self, work: Work) -> bool {
        let found = async {
            match work {
                Work::ScanChannel(guild, channel) => things(&self.app, guild, Some(channel)).await,
                work => things(&self.app, work.guild(), None).await,
            }
        };
        let found = no_panic(found).await;
        is_done(&self.app, work, found).await
    }
}

async fn is_done(app: &App, work: Work, done: Result<(), Failure>) -> bool {
    match done {
        Ok(()) => true,
        // Discord would refuse it again.
        Err(failure) if failure.is_forbidden() && !is_closing(app, work).await => {
            tracing::debug!(guild = %work.guild(), %failure, "Discord does not allow this check; not retrying it");
            true
        }
        Err(Failure::ServerUnknown) => false,
        Err(failure) => {
            tracing::warn!(guild = %work.guild(), %failure, "a check failed");
            false
        }
    }
}

/// Whether this closes a ticket. An admin may grant the missing permission, and members were told that the
/// bot retries.
async fn is_closing(app: &App, work: Work) -> bool {
    let Work::Check(Check {
        thing: Thing::Thread(id),
        ..
    }) = work
    else {
        return false;
    };
    let ticket = app.store.ticket(id).await.unwrap_or_default();
    ticket.is_some_and(|ticket| matches!(ticket.state.phase, Phase::Closing(_)))
}

/// Requests a check of everything that may have changed or gone: open tickets first, newest first.
async fn things(app: &App, guild: GuildId, only: Option<ChannelId>) -> Result<(), Failure> {
    let Some(known) = app.cache().guild(guild) else {
        // The server is scanned when Discord describes it.
        return Ok(());
    };
    let store = &app.store;
    // Most servers of a large bot have nothing to check.
    if store.remembered(vec![guild]).await?.is_empty() {
        return Ok(());
    }
    let request = |thing| app.backlog.request(Work::Check(Check { guild, thing }));
    // The channel of a thread that is not active is unknown.
    let is_there = |thread: ChannelId| {
        let parent = known.active_thread(thread).map(|active| active.parent);
        only.is_none_or(|only| parent.is_none_or(|parent| parent == only))
    };
    let found = store
        .unfinished_tickets(guild, known.active(), known.own_active())
        .await?;
    for ticket in found.tickets.into_iter().filter(|id| is_there(*id)) {
        request(Thing::Thread(ticket));
    }
    for stranger in found.strangers.into_iter().filter(|id| is_there(*id)) {
        stray::plan_check(app, guild, stranger);
    }
    for entry in store.journal().await? {
        if let crate::store::Work::Orphan { parent } = entry.work
            && entry.guild == guild
            && only.is_none_or(|only| parent == only)
        {
            request(Thing::Thread(ChannelId(entry.id)));
        }
    }
    for (guild, channel) in store.notice_channels(Some(guild)).await? {
        app.backlog.request(Work::Notices(guild, channel));
    }
    if reports::is_outdated(app, guild).await? {
        reports::check_soon(app, guild);
    }
    let mut inboxes = store.inboxes_in(guild).await?;
    inboxes.retain(|inbox| only.is_none_or(|only| inbox.channel == only));
    let roles: HashSet<_> = known.roles().into_iter().collect();
    for inbox in &inboxes {
        request(Thing::Inbox {
            channel: inbox.channel,
            message: inbox.message,
        });
        if has_entries(inbox) {
            let (channel, message) = (inbox.channel, inbox.message);
            request(Thing::Entries { channel, message });
        }
        // Discord has sent all channels and roles of the server.
        let destination = inbox.destination;
        if let Some(channel) = destination.filter(|id| !known.has_channel(*id)) {
            request(Thing::Channel(channel));
        }
        for staff in &inbox.staff {
            if let Mention::Role(role) = staff
                && !roles.contains(role)
            {
                request(Thing::Role(*role));
            }
        }
    }
    if only.is_none() || !inboxes.is_empty() {
        app.backlog.request(Work::Closed(guild));
    }
    Ok(())
}
