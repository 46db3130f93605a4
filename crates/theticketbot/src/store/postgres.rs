//! PostgreSQL as an engine: a small pool of connections, driven by one thread, and a connection
//! that keeps every other process out of the schema.
//!
//! If PostgreSQL cannot be reached, jobs fail at once with [`StoreError::Unreachable`]. The first job after
//! the outage reconnects. If a job loses its connection during the commit, it asks the server afterwards
//! whether the transaction was committed, so its result is reliable.

mod connect;
mod error;
mod guard;
mod migrate;
mod shared;
mod tls;
mod transaction;
mod url;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime};
use tokio::runtime::{Builder, Handle};
use tokio::sync::{Semaphore, oneshot, watch};
use tokio::time::timeout;

pub use error::Problem;
pub(crate) use error::{refused, store_error};
pub use shared::{Lease, SharedDatabase};
pub(crate) use shared::{connect_beside, notify_cluster};
pub use url::PostgresUrl;

use super::engine::{Engine, Job, Kind, run};
use super::sql::{Connection, Result as Done};
use super::{OpenError, StoreError, row};
use crate::fence::Fence;
use tls::Tls;
use transaction::{Outcome, Transaction, Xid};

/// Connections besides the guard's.
const CONNECTIONS: usize = 4;

/// How long a job waits for a connection.
const TIME_LIMIT: Duration = Duration::from_secs(5);

/// After a failed attempt to connect, jobs fail at once for this long: a crowd must not wait in a queue of
/// attempts.
const PAUSE: Duration = Duration::from_millis(500);

/// How often a job looks for a connection that is free again.
const TURN: Duration = Duration::from_millis(5);

/// A process gives up its jobs this long before its leases end, so that members still get a response.
const LAST_RESPONSE: Duration = Duration::from_secs(1);

/// How long opening takes at most, if each of its statements takes as long as it may.
const OPENING: Duration = Duration::from_secs(120);

/// How long jobs that are running may take when the store is closed.
const LAST_WORDS: Duration = Duration::from_secs(3);

pub(super) struct Postgres {
    shared: Arc<Shared>,
    engine: Handle,
    // Both are `Some` until the drop.
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// What the jobs and the guard share.
struct Shared {
    url: PostgresUrl,
    tls: Tls,
    pool: Pool,
    epoch: i64,
    /// Until when this process may write, if it is one of several.
    fence: Fence,
    /// It has one permit, so that the jobs of this process wait here for each other, and not inside the
    /// database.
    writer: Semaphore,
    /// A permit for each job; all of them are back when no job runs.
    jobs: Semaphore,
    /// The last attempt to connect, if it failed.
    failed: Mutex<Option<Failed>>,
    taken_over: watch::Sender<bool>,
}

#[derive(Clone)]
struct Failed {
    at: Instant,
    error: StoreError,
    /// The server has no more connections for this user.
    is_full: bool,
}

const JOBS: u32 = 1 << 20;

/// How a process has the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// No other process has it.
    Alone,
    /// Others may have it too, each its shards.
    Together,
    /// A command, which may run beside the bot.
    Beside,
}

/// How many processes have the lock of a schema, by its two numbers.
const PROCESSES: &str = "SELECT count(*) FROM pg_locks
     WHERE locktype = 'advisory' AND granted AND objsubid = 2
         AND classid::bigint = ? AND objid::bigint = ?
         AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())";

/// What a transaction that writes begins with, to see whether this process may write.
const BOT: &str = "SELECT epoch, pg_current_xact_id() FROM bot";

impl Postgres {
    /// Connects. Unless it runs beside a bot, it also locks the schema for this process and migrates it.
    /// Blocks for some seconds at most.
    fn open(url: &PostgresUrl, mode: Mode) -> Result<Self, OpenError> {
        let (stop, stopped) = oneshot::channel();
        let (tell, told) = std::sync::mpsc::channel();
        let url = url.clone();
        let failed = url.clone();
        let thread = thread::Builder::new()
            .name("database".to_owned())
            .spawn(
                move || match Builder::new_current_thread().enable_all().build() {
                    Ok(runtime) => {
                        runtime.block_on(drive(url, mode, tell, stopped));
                        runtime.shutdown_timeout(LAST_WORDS);
                    }
                    Err(error) => {
                        let error = StoreError::Other(format!("cannot start a runtime: {error}"));
                        // The receiver waits below.
                        let _ = tell.send(Err(Problem::Store(error).at(&url)));
                    }
                },
            );
        let closed = || Problem::Store(StoreError::Closed).at(&failed);
        let thread = thread.map_err(|_| closed())?;
        let (shared, engine) = told.recv().map_err(|_| closed())??;
        Ok(Self {
            shared,
            engine,
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take()
            && thread.thread().id() != thread::current().id()
        {
            let _ = thread.join();
        }
    }
}

type Opened = Result<(Arc<Shared>, Handle), OpenError>;

/// The engine's thread: opens the database, and drives its connections until the store is dropped.
async fn drive(
    url: PostgresUrl,
    mode: Mode,
    tell: std::sync::mpsc::Sender<Opened>,
    stopped: oneshot::Receiver<()>,
) {
    let (shared, guard) = match Shared::open(&url, mode).await {
        Ok(opened) => opened,
        Err(problem) => {
            // The receiver waits in `open`.
            let _ = tell.send(Err(problem.at(&url)));
            return;
        }
    };
    let shared = Arc::new(shared);
    let (release, released) = oneshot::channel();
    let guard = tokio::spawn(guard.keep(shared.clone(), released));
    let _ = tell.send(Ok((shared.clone(), Handle::current())));
    // The sender is dropped when the store is dropped.
    let _ = stopped.await;
    let _ = timeout(LAST_WORDS, shared.jobs.acquire_many(JOBS)).await;
    shared.pool.close();
    drop(release);
    let _ = timeout(LAST_WORDS, guard).await;
}

impl Shared {
    async fn open(url: &PostgresUrl, mode: Mode) -> Result<(Self, guard::Guard), Problem> {
        let tls = Tls::of(url)?;
        let taking = timeout(OPENING, guard::Guard::take(url, &tls, mode)).await;
        let (guard, epoch) = taking.unwrap_or(Err(Problem::Store(error::no_answer())))?;
        let connect = connect::OfPool {
            tls: tls.clone(),
            session: url.session(mode),
        };
        let config = ManagerConfig {
            recycling_method: RecyclingMethod::Fast,
        };
        let pool = Pool::builder(Manager::from_connect(url.config(), connect, config))
            .max_size(CONNECTIONS)
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(TIME_LIMIT))
            .create_timeout(Some(TIME_LIMIT))
            .build()
            .map_err(|error| Problem::Store(StoreError::Other(error.to_string())))?;
        let shared = Self {
            url: url.clone(),
            tls,
            pool,
            epoch,
            fence: Fence::default(),
            writer: Semaphore::new(1),
            jobs: Semaphore::new(JOBS as usize),
            failed: Mutex::new(None),
            taken_over: watch::Sender::new(false),
        };
        Ok((shared, guard))
    }

    async fn connection(&self) -> Done<Object> {
        if *self.taken_over.borrow() {
            return Err(StoreError::TakenOver);
        }
        let began = Instant::now();
        loop {
            let failed = self.failed().clone();
            let failed = failed.filter(|failed| failed.at.elapsed() < PAUSE);
            let failed = match failed {
                Some(failed) if self.pool.status().available == 0 => failed,
                _ => match self.pool.get().await {
                    Ok(connection) => {
                        *self.failed() = None;
                        return Ok(connection);
                    }
                    Err(error) => {
                        let failed = Failed {
                            at: Instant::now(),
                            error: error::pool_error(&error),
                            is_full: error::is_full(&error),
                        };
                        self.failed().insert(failed).clone()
                    }
                },
            };
            // All connections of this user are in use, and one of the pool will be free again.
            let is_waiting = failed.is_full && self.pool.status().size > 0;
            if !is_waiting || began.elapsed() > TIME_LIMIT {
                return Err(failed.error);
            }
            tokio::time::sleep(TURN).await;
        }
    }

    fn failed(&self) -> MutexGuard<'_, Option<Failed>> {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn job(self: Arc<Self>, lease: Option<Lease>, job: Job) -> Done<()> {
        let kind = job.kind;
        let closed = |_| StoreError::Closed;
        let _job = self.jobs.acquire().await.map_err(closed)?;
        // Once the leases have ended, no member waits for the result, so reading needs no limit.
        let has_limit = lease.is_some() && !self.fence.is_over();
        let limit = Limit(has_limit.then(|| self.fence.clone()));
        let beginning = async {
            let writer = match kind {
                Kind::Reads => None,
                Kind::Writes => Some(self.writer.acquire().await.map_err(closed)?),
            };
            Ok((writer, self.connection().await?))
        };
        let (writer, connection) = limit
            .of(beginning)
            .await
            .unwrap_or(Err(error::no_answer()))?;
        if lease.is_some() && kind == Kind::Writes && self.fence.is_over() {
            return Err(StoreError::TakenOver);
        }
        let right = match lease {
            Some(lease) => (lease.statement(), lease.epoch),
            None => (BOT.to_owned(), self.epoch),
        };
        let writers = (guard::WRITERS, guard::key(self.url.schema()));
        let handle = Handle::current();
        let transaction = Transaction::new(connection, handle, kind, writers, right, limit.clone());
        let outcome = tokio::task::spawn_blocking(move || transaction.run(job)).await;
        drop(writer);
        let outcome = outcome.map_err(|_| StoreError::Closed)?;
        if let Outcome::Done(Err(StoreError::Unreachable(_))) | Outcome::Unknown(_) = outcome {
            // Other connections of the pool are probably lost, too.
            self.pool.retain(|_, _| false);
        }
        match outcome {
            Outcome::Done(result) => result,
            Outcome::Unknown(xid) => {
                tracing::warn!("the connection to PostgreSQL was lost during a commit");
                // Without an answer, the job counts as failed. The next holder of the lease reads what was
                // really committed.
                if limit.of(self.is_committed(&xid)).await == Some(true) {
                    Ok(())
                } else {
                    Err(error::lost())
                }
            }
        }
    }

    /// Asks what became of a transaction, until there is an answer.
    async fn is_committed(&self, Xid(xid): &Xid) -> bool {
        loop {
            if let Ok(client) = self.pool.get().await {
                let sql = "SELECT pg_xact_status($1::text::xid8)";
                match timeout(TIME_LIMIT, client.query_one(sql, &[xid])).await {
                    Ok(Ok(row)) => match row.try_get(0) {
                        Ok(Some("committed")) => return true,
                        Ok(Some("in progress")) => {}
                        _ => return false,
                    },
                    Ok(Err(error)) => match store_error(&error) {
                        StoreError::Unreachable(_) => drop(Object::take(client)),
                        // After a fail-over, the server may know nothing of it.
                        _ => return false,
                    },
                    Err(_) => drop(Object::take(client)),
                }
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
}

/// The time limit of a job. A job of a shard must end shortly before the lease ends.
#[derive(Clone)]
struct Limit(Option<Fence>);

impl Limit {
    /// `None` if this was not done in time.
    async fn of<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let Some(fence) = &self.0 else {
            return Some(work.await);
        };
        tokio::select! {
            biased;
            done = work => Some(done),
            () = fence.until_near(LAST_RESPONSE) => None,
        }
    }
}

/// The database under the lease of a shard, or under the right of the process itself.
pub(super) struct Session {
    postgres: Arc<Postgres>,
    lease: Option<Lease>,
}

impl Session {
    /// For a process that has the schema for itself.
    pub(super) fn alone(url: &PostgresUrl) -> Result<Self, OpenError> {
        Postgres::open(url, Mode::Alone).map(Self::without_lease)
    }

    /// Beside a bot that may run on the schema, whose tables must be those of this version.
    pub(super) fn beside(url: &PostgresUrl) -> Result<Self, OpenError> {
        Postgres::open(url, Mode::Beside).map(Self::without_lease)
    }

    fn without_lease(postgres: Postgres) -> Self {
        Self {
            postgres: Arc::new(postgres),
            lease: None,
        }
    }
}

#[async_trait]
impl Engine for Session {
    async fn run(&self, job: Job) -> Done<()> {
        let job = self.postgres.shared.clone().job(self.lease, job);
        // A job that has started continues even if its caller is cancelled.
        let job = self.postgres.engine.spawn(job);
        job.await.map_err(|_| StoreError::Closed)?
    }

    fn is_shared(&self) -> bool {
        true
    }

    fn shard(&self) -> Option<(u32, u32)> {
        self.lease.map(|lease| (lease.shard, lease.total))
    }

    async fn has_bot(&self) -> Done<bool> {
        let (class, key) = guard::process_lock(self.postgres.shared.url.schema());
        let count = move |conn: &Connection| row(conn, PROCESSES, [class, key], |row| row.get(0));
        let count: Option<i64> = run(self, Kind::Reads, count).await?;
        Ok(count.unwrap_or(0) > 0)
    }

    async fn taken_over(&self) {
        let mut taken_over = self.postgres.shared.taken_over.subscribe();
        // The sender lives as long as this.
        let _ = taken_over.wait_for(|taken_over| *taken_over).await;
    }
}
