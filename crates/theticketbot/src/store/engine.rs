//! What an engine is: it runs jobs, each in its own transaction.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;

use super::StoreError;
use super::sql::{Connection, Result as Done};

/// What a job does. It puts its result where its caller takes it.
type Body = Box<dyn FnOnce(&Connection) -> Done<()> + Send>;

/// What an engine runs.
pub(super) struct Job {
    pub(super) kind: Kind,
    /// The type name of the closure, which contains the verb's name.
    pub(super) name: &'static str,
    work: Body,
}

impl Job {
    /// Does the work. A panic fails this job only; it was reported where it happened.
    pub(super) fn perform(self, conn: &Connection) -> Done<()> {
        let done = catch_unwind(AssertUnwindSafe(|| (self.work)(conn)));
        done.unwrap_or_else(|_| Err(StoreError::Other("a database job panicked".to_owned())))
    }
}

/// Runs jobs. It is not generic over the type of a job, so that each engine's code is compiled once and not
/// for each verb.
#[async_trait]
pub(super) trait Engine: Send + Sync {
    /// Runs one job in a transaction, and returns once that is committed.
    async fn run(&self, job: Job) -> Done<()>;

    /// Whether other processes can reach the database.
    fn is_shared(&self) -> bool;

    /// Whether a bot runs on the database. Only an engine that was opened beside a bot is asked this.
    async fn has_bot(&self) -> Done<bool>;

    /// Completes when another process has taken the database over.
    async fn taken_over(&self);

    /// The shard whose servers this store holds, and the number of shards; `None` for all servers.
    fn shard(&self) -> Option<(u32, u32)> {
        None
    }
}

/// Whether a job may write. A writing job gets the right to write at its beginning.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Reads,
    Writes,
}

/// The step of a commit, as a failpoint has it: the verb, out of its closure's name, such as
/// `…::<impl …::Store>::begin_opening::{{closure}}::{{closure}}`.
pub(super) struct Commit<'a>(pub(super) &'a str);

impl fmt::Display for Commit<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = self.0.rsplit("::").find(|part| !part.starts_with('{'));
        let verb = verb.and_then(|verb| verb.split('<').next());
        write!(f, "commit {}", verb.unwrap_or_default())
    }
}

/// Runs one job on an engine, and returns its result once it is committed.
pub(super) async fn run<T, W>(engine: &dyn Engine, kind: Kind, work: W) -> Done<T>
where
    T: Send + 'static,
    W: FnOnce(&Connection) -> Done<T> + Send + 'static,
{
    let result = Arc::new(Mutex::new(None));
    let place = result.clone();
    let job = Job {
        kind,
        name: std::any::type_name::<W>(),
        work: Box::new(move |conn| {
            let value = work(conn)?;
            *place.lock().unwrap_or_else(PoisonError::into_inner) = Some(value);
            Ok(())
        }),
    };
    engine.run(job).await?;
    let value = result.lock().unwrap_or_else(PoisonError::into_inner).take();
    value.ok_or(StoreError::Closed)
}
