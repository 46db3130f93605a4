//! Looking through a server for what happened while the bot was away, whenever Discord describes it
//! anew. What is found is handled like any other event, in the same queues; here is decided only
//! what is looked at, and how fast: newest first, few at a time, so that no click waits for it.
//!
//! What could not be looked at, because Discord is in bad shape, is looked at again later. What the
//! bot may not see is left as it is.

mod closed;

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::iter;
use tickets::event::Thing;
use tickets::{ChannelId, GuildId, Mention};
use tokio::sync::{Mutex as Turn, OwnedSemaphorePermit, Semaphore, oneshot, watch};
use tokio::time::{Interval, MissedTickBehavior, interval, sleep};

use crate::context::{Context, Failure, NOWHERE};
use crate::handle::Handlers;
use crate::store::StoreError;
use crate::tasks::Tasks;

/// Things looked at together, in all servers.
const AT_ONCE: usize = 4;

/// The time between two things. Discord allows 50 calls a second, and most are for members.
const PACE: Duration = Duration::from_millis(50);

/// After so many failures one after the other, the rest of a server waits for the next round.
const PATIENCE: usize = 10;

/// After so many refusals, the rest of a server waits for the next round: Discord bans who asks for
/// what it may not see ten thousand times in ten minutes.
const MAX_REFUSALS: usize = 100;

/// When a server is looked through where something that happened could not be handled.
const SOON: Duration = Duration::from_secs(3);

/// When what failed is looked at again; the last is repeated.
const ROUNDS: [Duration; 6] = [
    Duration::from_secs(3),
    Duration::from_secs(30),
    Duration::from_secs(2 * 60),
    Duration::from_secs(10 * 60),
    Duration::from_secs(30 * 60),
    Duration::from_secs(2 * 60 * 60),
];

/// Servers looked through together.
const SERVERS_AT_ONCE: usize = 64;

/// Looks through servers.
pub struct CatchUp {
    looking: Arc<Looking>,
    stop: watch::Receiver<bool>,
}

/// What all looks share.
struct Looking {
    context: Arc<Context>,
    handlers: Arc<Handlers>,
    looks: Mutex<Looks>,
    /// One for each server that is looked through for the first time.
    servers: Arc<Semaphore>,
    slots: Semaphore,
    pace: Turn<Interval>,
    /// How many looks have urgent things before them for the first time: all else waits.
    urgent: watch::Sender<usize>,
    /// Closed tickets are looked at in one server after the other.
    closed: Turn<()>,
}

#[derive(Default)]
struct Looks {
    /// Servers that are to be looked through, if anything of theirs is remembered.
    waiting: Vec<(GuildId, First)>,
    /// Whether somebody looks who of them that is.
    are_sorted: bool,
    /// They are numbered, because a server can have several.
    running: HashMap<u64, Running>,
    last: u64,
    /// Where somebody waits to look at closed tickets, and their number.
    closed: HashMap<GuildId, u64>,
}

impl Looks {
    /// A number that nobody has.
    fn next(&mut self) -> u64 {
        self.last += 1;
        self.last
    }
}

struct Running {
    guild: GuildId,
    /// Everything was looked at once, and the rest is left for the next round.
    waits: bool,
    /// Dropping it ends the look.
    _end: oneshot::Sender<()>,
}

/// How much of a server is looked through.
enum Scope {
    All,
    /// What is in these channels, or was.
    Channels(Vec<ChannelId>),
    Tickets(Vec<ChannelId>),
    /// Closed tickets only, which all others but single tickets have as well.
    Closed,
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
            looks: Mutex::default(),
            servers: Arc::new(Semaphore::new(SERVERS_AT_ONCE)),
            slots: Semaphore::new(AT_ONCE),
            pace: Turn::new(pace),
            urgent: watch::Sender::new(0),
            closed: Turn::default(),
        });
        let mending = looking.clone().mend(stop.clone());
        spawn_until(&looking.context.tasks, stop.clone(), mending);
        Self { looking, stop }
    }

    /// Looks through a server that the cache has just learnt anew. An earlier look ends.
    pub fn begin(&self, guild: GuildId) {
        self.looking.context.note_gap();
        self.looking.context.see_to_left_openings(guild);
        self.end(guild);
        let first = self.looking.first();
        let mut looks = self.looking.looks();
        looks.waiting.push((guild, first));
        if std::mem::replace(&mut looks.are_sorted, true) {
            return;
        }
        drop(looks);
        // A stop does not end this: who has nothing to look for need not start anew.
        let sorting = self.looking.clone().sort(self.stop.clone());
        self.looking.context.tasks.spawn(async move {
            sorting.await;
        });
    }

    /// Looks through channels that the bot can see again.
    pub fn begin_in(&self, guild: GuildId, channels: Vec<ChannelId>) {
        self.looking.context.note_gap();
        self.looking.context.see_to_left_openings(guild);
        let (scope, first) = (Scope::Channels(channels), self.looking.first());
        let look = self.looking.clone().look_through(guild, scope, first, None);
        spawn_until(&self.looking.context.tasks, self.stop.clone(), look);
    }

    /// The bot is not in this server any more, or Discord has an outage of it.
    pub fn end(&self, guild: GuildId) {
        let mut looks = self.looking.looks();
        looks.running.retain(|_, look| look.guild != guild);
        looks.closed.remove(&guild);
        drop(looks);
        // If it comes back it is looked through as a whole.
        self.looking.context.has_looked(guild);
    }

    /// Whether everything was looked at that had to be.
    pub fn is_complete(&self) -> bool {
        let looks = self.looking.looks();
        looks.waiting.is_empty() && !looks.are_sorted && looks.running.is_empty()
    }
}

/// Waits for something. `None` if a stop comes first.
async fn unless_stopped<T>(
    stop: &mut watch::Receiver<bool>,
    wait: impl Future<Output = T>,
) -> Option<T> {
    tokio::select! {
        biased;
        done = wait => Some(done),
        _ = stop.wait_for(|stop| *stop) => None,
    }
}

/// Starts something that ends at the latest when the bot stops.
fn spawn_until(
    tasks: &Tasks,
    mut stop: watch::Receiver<bool>,
    work: impl Future<Output = ()> + Send + 'static,
) {
    tasks.spawn(async move {
        tokio::select! {
            () = work => {}
            _ = stop.wait_for(|stop| *stop) => {}
        }
    });
}

impl Looking {
    fn looks(&self) -> MutexGuard<'_, Looks> {
        self.looks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn first(&self) -> First {
        First {
            urgent: Counted::new(self.urgent.clone()),
            all: Counted::new(self.context.catching_up.clone()),
        }
    }

    /// Looks where something that happened could not be handled: what made that fail may be over
    /// soon, and until then there may be more.
    async fn mend(self: Arc<Self>, stop: watch::Receiver<bool>) {
        loop {
            self.context.has_news().await;
            sleep(SOON).await;
            let news = self.context.take_news();
            let guilds = news.guilds.into_iter().map(|guild| (guild, Scope::All));
            let tickets = news.tickets.into_iter();
            let tickets = tickets.map(|(guild, tickets)| (guild, Scope::Tickets(tickets)));
            let closed = news.closed.into_iter().map(|guild| (guild, Scope::Closed));
            for (guild, scope) in guilds.chain(tickets).chain(closed) {
                // One that is not known is looked through when it is.
                if guild == NOWHERE || !self.context.cache().knows(guild) {
                    continue;
                }
                let first = self.first();
                let look = self.clone().look_through(guild, scope, first, None);
                spawn_until(&self.context.tasks, stop.clone(), look);
            }
        }
    }

    /// Begins to look through the servers that wait. Most of a large bot's have nothing to look at.
    /// `None` if a stop came first.
    async fn sort(self: Arc<Self>, mut stop: watch::Receiver<bool>) -> Option<()> {
        let mut settled = self.context.settled.subscribe();
        // A ticket whose opening was interrupted has no owner in it yet. The sender is kept above.
        let settled = unless_stopped(&mut stop, settled.wait_for(|settled| *settled));
        settled.await?.ok()?;
        loop {
            let waiting = {
                let mut looks = self.looks();
                if looks.waiting.is_empty() {
                    looks.are_sorted = false;
                    return Some(());
                }
                std::mem::take(&mut looks.waiting)
            };
            let guilds: Vec<_> = waiting.iter().map(|(guild, _)| *guild).collect();
            let remembered = self.context.store.remembered(guilds.clone()).await;
            let remembered = remembered.unwrap_or_else(|error| {
                // Whoever looks through one finds the same, and tries again.
                tracing::warn!(%error, "who is to be looked through is not known: all are");
                guilds
            });
            let remembered: HashSet<_> = remembered.into_iter().collect();
            for (guild, first) in waiting {
                if !remembered.contains(&guild) || !self.context.cache().knows(guild) {
                    continue;
                }
                let permit = self.servers.clone().acquire_owned();
                let permit = unless_stopped(&mut stop, permit).await?.ok();
                let look = self.clone().look_through(guild, Scope::All, first, permit);
                spawn_until(&self.context.tasks, stop.clone(), look);
            }
        }
    }

    /// A look, which is known to be running even before it is polled. `permit` is held until all
    /// that is urgent was looked at once.
    fn look_through(
        self: Arc<Self>,
        guild: GuildId,
        scope: Scope,
        first: First,
        permit: Option<OwnedSemaphorePermit>,
    ) -> impl Future<Output = ()> + Send + 'static {
        let (end, ended) = oneshot::channel();
        let is_all = matches!(scope, Scope::All);
        let number = {
            let mut looks = self.looks();
            if is_all {
                // What they wait for is looked at now.
                looks
                    .running
                    .retain(|_, look| look.guild != guild || !look.waits);
            }
            let number = looks.next();
            let look = Running {
                guild,
                waits: false,
                _end: end,
            };
            looks.running.insert(number, look);
            number
        };
        async move {
            tokio::select! {
                () = self.look(guild, &scope, first, permit, number) => {
                    if is_all {
                        self.context.has_looked(guild);
                    }
                }
                // Nobody wants to know any more.
                _ = ended => {}
            }
            // One that the stop of the bot ends stays: it did not look at everything.
            self.looks().running.remove(&number);
        }
    }

    /// Looks again and again until everything was looked at.
    async fn look(
        &self,
        guild: GuildId,
        scope: &Scope,
        first: First,
        permit: Option<OwnedSemaphorePermit>,
        number: u64,
    ) {
        let mut left = self.urgent(guild, scope, None).await;
        drop((first.urgent, permit));
        let mut closed_are_seen =
            matches!(scope, Scope::Tickets(_)) || self.look_at_closed(guild).await;
        drop(first.all);
        let mut waits = ROUNDS.into_iter();
        let mut wait = ROUNDS[0];
        while !closed_are_seen || left.as_ref().is_none_or(|left| !left.is_empty()) {
            wait = waits.next().unwrap_or(wait);
            let left_over = left.as_ref().map_or(0, Vec::len);
            tracing::info!(%guild, left = left_over, ?wait, "not all could be looked at; trying again later");
            if let Some(look) = self.looks().running.get_mut(&number) {
                look.waits = true;
            }
            sleep(wait).await;
            left = self.urgent(guild, scope, left).await;
            closed_are_seen = closed_are_seen || self.look_at_closed(guild).await;
        }
    }

    /// Looks at what is left, or else at all that is urgent. What is to be looked at again is
    /// returned; `None` if that is not known.
    async fn urgent(
        &self,
        guild: GuildId,
        scope: &Scope,
        left: Option<Vec<Thing>>,
    ) -> Option<Vec<Thing>> {
        let things = match left {
            Some(left) => left,
            None => match self.things(guild, scope).await {
                Ok(things) => things,
                Err(error) => {
                    tracing::warn!(%guild, %error, "what happened while away cannot be looked for");
                    return None;
                }
            },
        };
        Some(self.round(guild, things).await)
    }

    /// What may have changed or gone: first the tickets that members wait in, newest first.
    async fn things(&self, guild: GuildId, scope: &Scope) -> Result<Vec<Thing>, StoreError> {
        match scope {
            Scope::Tickets(tickets) => {
                return Ok(tickets.iter().copied().map(Thing::Ticket).collect());
            }
            Scope::Closed => return Ok(Vec::new()),
            Scope::All | Scope::Channels(_) => {}
        }
        let store = &self.context.store;
        let known = self.context.cache().guild(guild);
        let (active, roles) =
            known.map_or_else(Default::default, |known| (known.active(), known.roles()));
        let mut tickets = store.unsettled_tickets(guild, active).await?;
        let mut abandoned = store.abandoned_threads(guild).await?;
        let mut inboxes = store.inboxes_in(guild).await?;
        let cache = self.context.cache();
        if let Scope::Channels(channels) = scope {
            let known = cache.guild(guild);
            // Where a thread is that is not active, nobody knows.
            tickets.retain(|ticket| {
                let parent = known.as_ref().and_then(|it| it.parent_of_active(*ticket));
                parent.is_none_or(|parent| channels.contains(&parent))
            });
            abandoned.retain(|left| channels.contains(&left.parent));
            inboxes.retain(|inbox| channels.contains(&inbox.channel));
        }
        let mut things: Vec<_> = tickets.into_iter().map(Thing::Ticket).collect();
        things.extend(abandoned.into_iter().map(Thing::Abandoned));
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
                if refusals.load(Ordering::Relaxed) >= MAX_REFUSALS
                    || failures.load(Ordering::Relaxed) >= PATIENCE
                {
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
        self.in_turn().await;
        let busy = || Failure::Other("too much happens to it at once".to_owned());
        let told = self.handlers.look_after(guild, thing).ok_or_else(busy)?;
        // Without an answer the bot is stopping.
        told.await.unwrap_or(Ok(()))
    }

    /// Waits until something may be asked for.
    async fn in_turn(&self) {
        self.pace.lock().await.tick().await;
    }
}

/// Counts a look while it looks for the first time: as one with urgent things, and at all.
struct First {
    urgent: Counted,
    all: Counted,
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
