//! Looking through a server for what happened while the bot was away, whenever Discord describes it
//! anew. What is found is handled like any other event, in the same queues; here is decided only
//! what is looked at, and how fast: newest first, few at a time, so that no click waits for it.
//!
//! What could not be looked at, because Discord is in bad shape, is looked at again later. What the
//! bot may not see is left as it is.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::iter;
use tickets::event::Thing;
use tickets::{GuildId, Mention};
use tokio::sync::{Mutex as Turn, oneshot, watch};
use tokio::time::{Interval, MissedTickBehavior, interval, sleep};

use crate::context::{Context, Failure};
use crate::handle::Handlers;
use crate::store::StoreError;

/// Things looked at together, in all servers.
const AT_ONCE: usize = 4;

/// The time between two things. Discord allows 50 calls a second, and most are for members.
const PACE: Duration = Duration::from_millis(50);

/// After so many failures one after the other, the rest of a server waits for the next round.
const PATIENCE: usize = 10;

/// After so many refusals, the rest of a server is left: Discord bans who asks for what it may not
/// see ten thousand times in ten minutes.
const MAX_REFUSALS: usize = 100;

/// When what failed is looked at again.
const ROUNDS: [Duration; 5] = [
    Duration::from_secs(30),
    Duration::from_secs(2 * 60),
    Duration::from_secs(10 * 60),
    Duration::from_secs(30 * 60),
    Duration::from_secs(2 * 60 * 60),
];

/// Looks through servers.
pub struct CatchUp {
    looking: Arc<Looking>,
    stop: watch::Receiver<bool>,
    /// One for each server; dropping it ends the look through that server.
    running: Mutex<HashMap<GuildId, oneshot::Sender<()>>>,
}

/// What all looks share.
struct Looking {
    context: Arc<Context>,
    handlers: Arc<Handlers>,
    slots: tokio::sync::Semaphore,
    pace: Turn<Interval>,
}

impl CatchUp {
    pub fn new(
        context: Arc<Context>,
        handlers: Arc<Handlers>,
        stop: watch::Receiver<bool>,
    ) -> Self {
        let mut pace = interval(PACE);
        pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let looking = Arc::new(Looking {
            context,
            handlers,
            slots: tokio::sync::Semaphore::new(AT_ONCE),
            pace: Turn::new(pace),
        });
        Self {
            looking,
            stop,
            running: Mutex::default(),
        }
    }

    /// Looks through a server that the cache has just learnt anew. An earlier look ends.
    pub fn begin(&self, guild: GuildId) {
        let (end, ended) = oneshot::channel();
        self.running().insert(guild, end);
        let looking = self.looking.clone();
        let mut stop = self.stop.clone();
        let counted = Counted::new(looking.context.catching_up.clone());
        let tasks = looking.context.tasks.clone();
        tasks.spawn(async move {
            tokio::select! {
                () = looking.look_through(guild, counted) => {}
                _ = ended => {}
                _ = stop.wait_for(|stop| *stop) => {}
            }
        });
    }

    /// The bot is not in this server any more, or Discord has an outage of it.
    pub fn end(&self, guild: GuildId) {
        self.running().remove(&guild);
    }

    fn running(&self) -> std::sync::MutexGuard<'_, HashMap<GuildId, oneshot::Sender<()>>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Looking {
    async fn look_through(&self, guild: GuildId, counted: Counted) {
        let mut settled = self.context.settled.subscribe();
        // A ticket whose opening was interrupted has no owner in it yet. The sender is kept above.
        let _ = settled.wait_for(|settled| *settled).await;
        let things = match self.things(guild).await {
            Ok(things) => things,
            Err(error) => {
                tracing::warn!(%guild, %error, "what happened while away cannot be looked for");
                return;
            }
        };
        let mut left = self.round(guild, things).await;
        drop(counted);
        for wait in ROUNDS {
            if left.is_empty() {
                return;
            }
            tracing::info!(%guild, left = left.len(), "not all could be looked at; trying again later");
            sleep(wait).await;
            left = self.round(guild, left).await;
        }
    }

    /// What may have changed or gone: first the tickets that members wait in, newest first.
    async fn things(&self, guild: GuildId) -> Result<Vec<Thing>, StoreError> {
        let store = &self.context.store;
        let active = self
            .context
            .cache()
            .guild(guild)
            .map(crate::cache::Guild::active);
        let tickets = store
            .unsettled_tickets(guild, active.unwrap_or_default())
            .await?;
        let inboxes = store.inboxes_in(guild).await?;
        let cache = self.context.cache();
        let roles = cache.guild(guild).map(crate::cache::Guild::roles);
        let roles: HashSet<_> = roles.unwrap_or_default().into_iter().collect();
        let mut things: Vec<_> = tickets.into_iter().map(Thing::Ticket).collect();
        let mut seen = HashSet::new();
        for inbox in inboxes.iter().rev() {
            things.push(Thing::Inbox {
                channel: inbox.channel,
                message: inbox.id,
            });
            // Discord has told of the channels and roles that there are.
            let channel = inbox
                .destination
                .filter(|id| cache.place(guild, *id).is_none() && seen.insert(id.0));
            things.extend(channel.map(Thing::Channel));
            for staff in &inbox.staff {
                if let Mention::Role(role) = staff
                    && !roles.contains(role)
                    && seen.insert(role.0)
                {
                    things.push(Thing::Role(*role));
                }
            }
        }
        Ok(things)
    }

    /// Looks at each thing once. Those that are to be looked at again are returned.
    async fn round(&self, guild: GuildId, things: Vec<Thing>) -> Vec<Thing> {
        let (failures, refusals) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let looks = things.into_iter().map(|thing| {
            let (failures, refusals) = (&failures, &refusals);
            async move {
                if refusals.load(Ordering::Relaxed) >= MAX_REFUSALS {
                    return None;
                }
                if failures.load(Ordering::Relaxed) >= PATIENCE {
                    return Some(thing);
                }
                match self.look_at(guild, thing).await {
                    Ok(()) => {
                        failures.store(0, Ordering::Relaxed);
                        None
                    }
                    Err(failure) if failure.is_forbidden() => {
                        tracing::debug!(%guild, ?thing, %failure, "left as it is");
                        refusals.fetch_add(1, Ordering::Relaxed);
                        None
                    }
                    Err(failure) => {
                        tracing::warn!(%guild, ?thing, %failure, "cannot be looked at now");
                        failures.fetch_add(1, Ordering::Relaxed);
                        Some(thing)
                    }
                }
            }
        });
        let again: Vec<_> = iter(looks).buffered(AT_ONCE).collect().await;
        again.into_iter().flatten().collect()
    }

    async fn look_at(&self, guild: GuildId, thing: Thing) -> Result<(), Failure> {
        // The semaphore is never closed.
        let _slot = self.slots.acquire().await;
        self.pace.lock().await.tick().await;
        let busy = || Failure::Other("too much happens to it at once".to_owned());
        let told = self.handlers.look_after(guild, thing).ok_or_else(busy)?;
        // Without an answer the bot is stopping.
        told.await.unwrap_or(Ok(()))
    }
}

/// Counts a look, until it is over.
struct Counted(watch::Sender<usize>);

impl Counted {
    fn new(count: watch::Sender<usize>) -> Self {
        count.send_modify(|count| *count += 1);
        Self(count)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count -= 1);
    }
}
