//! The bot as several equal processes on one PostgreSQL. The process that has the lease on a shard serves it.
//!
//! A shard in here is a whole [`Bot`] with one shard: its cache, its queues, and a store whose writes are
//! refused once another process has the lease. So nothing else in the program knows of leases. `plan`
//! decides which shards to take and to give, `leases` has the tables, `checkpoint` saves what the next
//! holder of a shard needs to resume it, `reach` notices that Discord cannot be reached from here, `fence`
//! says until when this process may act, and `turns` lets the processes begin their sessions one after the
//! other.

mod checkpoint;
mod leases;
mod plan;
mod reach;
pub mod status;
mod turns;

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::sync::{oneshot, watch};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{Instant, sleep_until, timeout, timeout_at};

use checkpoint::{SERVERS_AT_ONCE, Save};
use leases::{Leases, State, Tick};
use reach::{Links, Reach};
use turns::Turns;

use crate::app::queue::catch_panic;
use crate::app::{App, Failure};
use crate::config::Settings;
use crate::discord::Discord;
use crate::fence::Fence;
use crate::gateway::{self, GatewayError};
#[cfg(target_os = "linux")]
use crate::host::systemd;
use crate::host::warn_of_silent_pings;
use crate::process::Process;
use crate::run::{Bot, RunError, log_in, tell_how_to_invite};
use crate::session;
use crate::shards::Assignment;
use crate::store::{Lease, SharedDatabase, Store, StoreError};
use crate::{Registration, RunOptions};

/// How long a lease holds after it was renewed, by the database's clock.
const LEASE: Duration = Duration::from_secs(10);

/// A process that cannot renew its leases stops its shards this long before the leases end.
const MARGIN: Duration = Duration::from_secs(2);

/// How often leases are renewed.
const RENEW_EVERY: Duration = Duration::from_secs(2);

/// How soon a failed renewal is retried.
const RETRY_EVERY: Duration = Duration::from_millis(500);

/// How long a renewal may take.
const TIME_LIMIT: Duration = Duration::from_secs(3);

/// Runs the shards whose leases this process gets, until `stop` is done or something ends the bot.
pub async fn run(
    settings: Settings,
    database: SharedDatabase,
    options: RunOptions,
    stop: impl Future<Output = ()>,
) -> Result<(), RunError> {
    tokio::pin!(stop);
    let started = tokio::select! {
        started = start(settings, &database, options) => started?,
        () = &mut stop => None,
    };
    let Some(process) = started else {
        return Ok(());
    };
    let recommended = process.gateway.shard_count();
    let total = process.settings().assignment.as_ref();
    let total = total.map_or(recommended, Assignment::total);
    process.discord.obey(database.fence().clone());
    let (application, intents) = (process.application.id, process.settings().intents);
    let owner = session::owner(application, intents, &process.gateway.url, total);
    let turns = Turns::new(
        database.clone(),
        process.discord.clone(),
        &process.gateway.session_start_limit,
    );
    let joined = watch::Sender::new(false);
    let _attended = process.attend(joined.subscribe()).await;
    let mut supervisor = Supervisor {
        process: process.with_turns(gateway::Turns::new(turns)),
        fence: database.fence().clone(),
        leases: Leases::new(&database, owner, total),
        database,
        recommended,
        reach: Reach::default(),
        probe: None,
        running: BTreeMap::new(),
        tasks: JoinSet::new(),
        joined,
    };
    let ended = supervisor.work(stop).await;
    #[cfg(target_os = "linux")]
    systemd::stopping();
    supervisor.leave().await;
    ended
}

/// Logs in. `None` if the program was only started to register the commands.
async fn start(
    settings: Settings,
    database: &SharedDatabase,
    options: RunOptions,
) -> Result<Option<Process>, RunError> {
    let store = database.store();
    let known = log_in(&settings, &store, options.registration).await?;
    if options.registration == Registration::ThenExit {
        return Ok(None);
    }
    if options.invites {
        tell_how_to_invite(&settings, known.1.id);
    }
    warn_of_silent_pings(&store)
        .await
        .map_err(|error| RunError::start("read the database")(Failure::Store(error)))?;
    Process::new(known, settings, Some(options.dirs))
        .await
        .map(Some)
}

struct Supervisor {
    process: Process,
    database: SharedDatabase,
    fence: Fence,
    leases: Leases,
    recommended: u32,
    reach: Reach,
    /// A call that shows whether Discord can be reached.
    probe: Option<JoinHandle<bool>>,
    /// The shards that run here, by number.
    running: BTreeMap<u32, Running>,
    tasks: JoinSet<Ended>,
    /// Becomes true when this process has renewed its leases for the first time, and has joined the cluster.
    joined: watch::Sender<bool>,
}

struct Running {
    epoch: i64,
    /// Set once it runs.
    app: Arc<OnceLock<Arc<App>>>,
    /// What was last saved of its session.
    saved: Option<(String, u64, bool)>,
    /// Whether another process is meant to continue this shard, so that its session is saved at the end.
    is_given: bool,
    /// `None` once its end was requested.
    order: Option<oneshot::Sender<Order>>,
}

/// How a shard is to end.
enum Order {
    /// Its session is saved for the next holder.
    Give,
    /// Another process may have the shard already, so it stops without calling Discord or writing.
    Lose,
}

/// A shard, and how it ended.
type Ended = (u32, Result<(), RunError>);

impl Supervisor {
    async fn work(&mut self, stop: impl Future<Output = ()>) -> Result<(), RunError> {
        tokio::pin!(stop);
        let mut next = Instant::now();
        loop {
            let wake = self.until_fence(next);
            tokio::select! {
                () = &mut stop => {
                    tracing::info!("stopping");
                    return Ok(());
                }
                Some(ended) = self.tasks.join_next() => {
                    // These tasks catch their panics and are not aborted.
                    if let Ok(ended) = ended {
                        self.ended(ended).await?;
                    }
                    continue;
                }
                () = self.leases.changed() => {}
                () = sleep_until(wake) => {}
            }
            self.lose_if_over().await?;
            self.observe_discord().await;
            let state = self.state();
            let time_limit = self.until_fence(Instant::now() + TIME_LIMIT);
            let mut wait = RETRY_EVERY;
            match in_time(time_limit, self.leases.tick(&state)).await {
                Ok(mut tick) => {
                    wait = RENEW_EVERY;
                    self.saved(&state.saves);
                    self.apply(&tick, state.is_cut_off);
                    let time_limit = Instant::now() + TIME_LIMIT;
                    if !tick.take.is_empty() {
                        match in_time(time_limit, self.leases.take(&tick)).await {
                            Ok(held) => {
                                tick.held = held;
                                self.apply(&tick, state.is_cut_off);
                            }
                            Err(error) => {
                                tracing::warn!(%error, "free shards could not be taken; retrying");
                            }
                        }
                    }
                }
                Err(error) => {
                    self.not_saved(&state.saves);
                    self.leases.failed(&error);
                }
            }
            self.lose_if_over().await?;
            next = Instant::now() + wait;
        }
    }

    /// Finds out whether Discord can be reached from here.
    async fn observe_discord(&mut self) {
        let now = Instant::now();
        let apps = self.running.values().filter_map(|it| it.app.get());
        let links = apps.map(|app| app.is_linked.load(Ordering::Relaxed));
        let links: Vec<bool> = links.collect();
        let links = match links.iter().filter(|is_linked| **is_linked).count() {
            _ if links.is_empty() => Links::NoShards,
            0 => Links::None,
            // What the gateway sends is of no use if nothing can be answered.
            count if count == links.len() && !self.process.discord.is_silent() => Links::All,
            _ => Links::Some,
        };
        self.reach.observe(links, now);
        if self.probe.as_ref().is_some_and(JoinHandle::is_finished)
            && let Some(probe) = self.probe.take()
        {
            self.reach.probed(probe.await.unwrap_or(false), now);
        }
        if self.probe.is_none() && self.reach.wants_probe(now) {
            let (discord, url) = (
                self.process.discord.clone(),
                self.process.gateway.url.clone(),
            );
            self.probe = Some(tokio::spawn(async move {
                let probing =
                    async { tokio::join!(discord.gateway_bot(), Discord::has_gateway(&url)) };
                matches!(timeout(TIME_LIMIT, probing).await, Ok((Ok(_), true)))
            }));
        }
    }

    /// What this process reports with its next renewal.
    fn state(&self) -> State {
        let mut saves: Vec<Save> = Vec::new();
        let mut room = SERVERS_AT_ONCE;
        for (shard, running) in &self.running {
            if running.order.is_none() {
                continue;
            }
            if let Some(save) = running.checkpoint(*shard, room) {
                room -= save.checkpoint.servers.len();
                saves.push(save);
            }
        }
        State {
            answers: self.process.answers(),
            reaches_discord: self.reach.is_reached(),
            is_cut_off: self.reach.is_cut_off(Instant::now()),
            saves,
        }
    }

    fn saved(&mut self, saves: &[Save]) {
        for save in saves {
            if let (Some(running), mark @ Some(_)) =
                (self.running.get_mut(&save.shard), save.mark())
            {
                running.saved = mark;
            }
        }
    }

    fn not_saved(&self, saves: &[Save]) {
        for save in saves {
            if let Some(app) = self.running.get(&save.shard).and_then(|it| it.app.get()) {
                app.cache().put_back(save.guilds());
            }
        }
    }

    /// This moment, or that at which the leases end, whichever is earlier.
    fn until_fence(&self, moment: Instant) -> Instant {
        let is_acting = self.running.values().any(|it| it.order.is_some());
        match self.fence.ends() {
            Some(end) if is_acting => moment.min(end),
            _ => moment,
        }
    }

    /// Stops all shards if their leases could not be renewed in time, and waits for their end: what one of them
    /// has begun may not act once the process has leases again.
    async fn lose_if_over(&mut self) -> Result<(), RunError> {
        if !self.fence.is_over() {
            return Ok(());
        }
        let mut lost = 0;
        for running in self.running.values_mut() {
            lost += usize::from(running.end(Order::Lose));
        }
        if lost > 0 {
            tracing::warn!(
                shards = lost,
                "the leases could not be renewed in time; this process has stopped its shards"
            );
        }
        while self.running.values().any(|it| it.order.is_none()) {
            match self.tasks.join_next().await {
                Some(Ok(ended)) => self.ended(ended).await?,
                // These tasks catch their panics and are not aborted.
                Some(Err(_)) => {}
                None => break,
            }
        }
        Ok(())
    }

    /// Starts, gives and loses shards, so that this process has those of the tick.
    fn apply(&mut self, tick: &Tick, is_cut_off: bool) {
        self.fence.extend(tick.until);
        let mut is_told = !is_cut_off;
        for (shard, running) in &mut self.running {
            if !tick.held.contains(&(*shard, running.epoch)) && running.end(Order::Lose) {
                tracing::warn!(
                    shard,
                    "another process has taken this shard; stopping it here"
                );
            } else if tick.give.contains(shard) && running.end(Order::Give) {
                if !std::mem::replace(&mut is_told, true) {
                    tracing::warn!(
                        "this process cannot reach Discord, but others can; giving them its shards"
                    );
                }
                tracing::info!(shard, "giving a shard to another process");
            }
        }
        for &(shard, epoch) in &tick.held {
            if self.running.contains_key(&shard) || tick.give.contains(&shard) {
                continue;
            }
            self.start(tick, shard, epoch);
        }
        let held: Vec<u32> = tick.held.iter().map(|(shard, _)| *shard).collect();
        self.process.serves(&held, tick.total, !is_cut_off);
        if self
            .joined
            .send_if_modified(|joined| !std::mem::replace(joined, true))
        {
            self.warn_of_totals(tick.total);
            tracing::info!(
                process = tick.me,
                processes = tick.processes,
                shards = tick.held.len(),
                total = tick.total,
                "joined the cluster"
            );
        }
    }

    /// Warns of a number of shards that is too small, or is not the one in the config.
    fn warn_of_totals(&self, total: u32) {
        let recommended = self.recommended;
        if recommended > total {
            tracing::warn!(
                total,
                recommended,
                "Discord recommends more shards than the cluster has; run `theticketbot cluster \
                 reshard {recommended}`"
            );
        }
        let configured = self.process.settings().assignment.as_ref();
        if let Some(configured) = configured.map(Assignment::total)
            && configured != total
        {
            tracing::warn!(
                total,
                configured,
                "total in [gateway] has no effect on a cluster that has begun; set it to the cluster's \
                 total, or change that with `theticketbot cluster reshard`"
            );
        }
    }

    fn start(&mut self, tick: &Tick, shard: u32, epoch: i64) {
        tracing::info!(shard, total = tick.total, epoch, "taking a shard");
        let lease = Lease {
            shard,
            total: tick.total,
            holder: tick.me,
            epoch,
        };
        let (order, orders) = oneshot::channel();
        let process = self.process.clone();
        let store = self.database.store_of(lease);
        let app = Arc::new(OnceLock::new());
        let runs = app.clone();
        self.tasks.spawn(async move {
            let assignment = Assignment::one(shard, lease.total);
            let served = catch_panic(serve(process, store, assignment, orders, &runs)).await;
            let result = served
                .unwrap_or_else(|panic| Err(RunError::Gateway(GatewayError::Closed(0, panic))));
            (shard, result)
        });
        let running = Running {
            epoch,
            app,
            saved: None,
            is_given: false,
            order: Some(order),
        };
        self.running.insert(shard, running);
    }

    /// Handles the end of a shard, and releases its lease so that another process can take it.
    async fn ended(&mut self, (shard, result): Ended) -> Result<(), RunError> {
        let Some(running) = self.running.remove(&shard) else {
            return Ok(());
        };
        self.process.metrics().shard_disconnected(shard, 0);
        match result {
            // A start that failed is retried with the next tick.
            Err(error @ RunError::Start { .. }) if !error.needs_the_host() => {
                tracing::warn!(shard, %error, "a shard could not be started; retrying");
            }
            Err(error) => return Err(error),
            Ok(()) => {
                let saves: Vec<Save> = running.last_checkpoint(shard).into_iter().collect();
                let leases = [(shard, running.epoch)];
                let time_limit = self.until_fence(Instant::now() + TIME_LIMIT);
                let releasing = self.leases.release(&leases, &saves, false);
                if in_time(time_limit, releasing).await.is_err() {
                    tracing::debug!(shard, "a lease could not be released; it ends by time");
                }
            }
        }
        Ok(())
    }

    /// Stops all shards, gives back their leases, and leaves the cluster.
    async fn leave(mut self) {
        for running in self.running.values_mut() {
            running.end(Order::Give);
        }
        let (mut given, mut saves) = (Vec::new(), Vec::new());
        while let Some(ended) = self.tasks.join_next().await {
            if let Ok((shard, _)) = ended
                && let Some(running) = self.running.remove(&shard)
            {
                given.push((shard, running.epoch));
                saves.extend(running.last_checkpoint(shard));
            }
        }
        let time_limit = Instant::now() + TIME_LIMIT;
        let leaving = self.leases.release(&given, &saves, true);
        if let Err(error) = in_time(time_limit, leaving).await {
            tracing::warn!(%error, "the leases could not be released; they end within seconds");
        }
    }
}

async fn in_time<T>(
    until: Instant,
    work: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, StoreError> {
    let late = |_| StoreError::Unreachable("it does not answer".to_owned());
    timeout_at(until, work).await.map_err(late)?
}

impl Running {
    /// Requests its end, unless that was done before.
    fn end(&mut self, order: Order) -> bool {
        match self.order.take() {
            // Without a receiver, the shard is ending already.
            Some(orders) => {
                self.is_given = matches!(order, Order::Give);
                orders.send(order).is_ok()
            }
            None => false,
        }
    }

    /// What another process needs to continue, with at most this many servers; `None` if nothing has changed.
    fn checkpoint(&self, shard: u32, servers: usize) -> Option<Save> {
        let mut save = Save {
            shard,
            epoch: self.epoch,
            checkpoint: session::checkpoint(self.app.get()?, servers),
        };
        let mark = save.mark();
        if mark.is_some() && mark == self.saved {
            save.checkpoint.session = None;
        }
        let is_new = save.checkpoint.session.is_some() || !save.checkpoint.servers.is_empty();
        is_new.then_some(save)
    }

    /// The final checkpoint of a shard that has ended and was given away.
    fn last_checkpoint(&self, shard: u32) -> Option<Save> {
        self.is_given
            .then(|| self.checkpoint(shard, usize::MAX))
            .flatten()
    }
}

/// Runs one shard until its end is requested, or until it ends the bot.
async fn serve(
    process: Process,
    store: Store,
    assignment: Assignment,
    mut orders: oneshot::Receiver<Order>,
    app: &OnceLock<Arc<App>>,
) -> Result<(), RunError> {
    let mut bot = tokio::select! {
        started = Bot::of(&process, store, assignment) => started?,
        _ = &mut orders => return Ok(()),
    };
    // Nothing else sets it, so this cannot fail.
    let _ = app.set(bot.app().clone());
    tokio::select! {
        ended = bot.wait() => Err(ended),
        order = orders => match order {
            Ok(Order::Give) => bot.stop().await,
            // The supervisor itself is gone.
            Ok(Order::Lose) | Err(_) => {
                bot.abandon().await;
                Ok(())
            }
        },
    }
}
