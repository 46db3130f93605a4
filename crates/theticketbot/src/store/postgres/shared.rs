//! One schema for several processes: what each writes is tied to the lease of a shard.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::timeout;
use tokio_postgres::{AsyncMessage, Client};

use super::connect::connect;
use super::tls::Tls;
use super::{Mode, Postgres, PostgresUrl, Session, Shared, TIME_LIMIT, error, guard};
use crate::fence::Fence;
use crate::store::{OpenError, Store, StoreError};

/// A lease of this process on a shard. Once another process has the lease, the database refuses writes under
/// this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lease {
    pub shard: u32,
    /// The number of all shards.
    pub total: u32,
    /// The process's number.
    pub holder: i64,
    /// Never used twice.
    pub epoch: i64,
}

impl Lease {
    /// The statement at the beginning of each writing transaction: it returns the epoch of the lease if this
    /// process still holds it.
    pub(super) fn statement(&self) -> String {
        let Self { shard, holder, .. } = self;
        format!(
            "SELECT epoch, pg_current_xact_id() FROM cluster_shard
             WHERE shard = {shard} AND holder = {holder}"
        )
    }
}

/// A database that several processes of the bot use at once. Cheap to clone.
#[derive(Clone)]
pub struct SharedDatabase {
    postgres: Arc<Postgres>,
}

impl std::fmt::Debug for SharedDatabase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SharedDatabase").finish_non_exhaustive()
    }
}

impl SharedDatabase {
    /// Connects, and migrates the tables. Keeps out processes that are not part of a cluster.
    pub fn connect(url: &PostgresUrl) -> Result<Self, OpenError> {
        let postgres = Postgres::open(url, Mode::Together)?;
        Ok(Self {
            postgres: Arc::new(postgres),
        })
    }

    /// For what concerns no shard.
    pub fn store(&self) -> Store {
        self.store_with(None)
    }

    /// A store with the servers of this shard only. It can write only while the lease is valid.
    pub fn store_of(&self, lease: Lease) -> Store {
        self.store_with(Some(lease))
    }

    fn store_with(&self, lease: Option<Lease>) -> Store {
        let postgres = self.postgres.clone();
        Store::on(Session { postgres, lease })
    }

    /// Until when this process may write.
    pub fn fence(&self) -> &Fence {
        &self.shared().fence
    }

    fn shared(&self) -> &Arc<Shared> {
        &self.postgres.shared
    }

    /// The lock under which processes change the leases.
    pub(crate) fn lock_of_leases(&self) -> (i32, i32) {
        (guard::LEASES, guard::key(self.shared().url.schema()))
    }

    /// The lock that every writing transaction takes.
    pub(crate) fn lock_of_writers(&self) -> (i32, i32) {
        (guard::WRITERS, guard::key(self.shared().url.schema()))
    }

    /// Where processes notify each other.
    pub(crate) fn channel(&self) -> String {
        channel(&self.shared().url)
    }

    /// A connection of one's own. `changed` is notified when another process notifies.
    pub(crate) async fn dedicated(&self, changed: Arc<Notify>) -> Result<Client, StoreError> {
        let (shared, channel) = (self.shared().clone(), self.channel());
        let connecting = self.postgres.engine.spawn(timeout(TIME_LIMIT, async move {
            let connected = shared.url.config().connect(shared.tls.clone()).await;
            let (client, mut connection) = connected.map_err(|error| error::store_error(&error))?;
            tokio::spawn(async move {
                // It ends with the client, or when the connection is lost.
                while let Some(Ok(message)) =
                    std::future::poll_fn(|cx| connection.poll_message(cx)).await
                {
                    if let AsyncMessage::Notification(_) = message {
                        changed.notify_one();
                    }
                }
            });
            // A statement that its process no longer waits for must not hold a lock that others need.
            let session = shared.url.session(Mode::Together);
            let listen = format!("{session}; SET lock_timeout = '2s'; LISTEN \"{channel}\"");
            let listening = client.batch_execute(&listen).await;
            listening.map_err(|error| error::store_error(&error))?;
            Ok(client)
        }));
        let connected = connecting.await.map_err(|_| StoreError::Closed)?;
        connected.map_err(|_| error::no_answer())?
    }

    /// Takes a bucket's turn to begin a session, or returns how long to wait before the next attempt.
    pub(crate) async fn take_turn(
        &self,
        bucket: u32,
        distance: Duration,
    ) -> Result<Option<Duration>, StoreError> {
        let shared = self.shared().clone();
        let asking = self.postgres.engine.spawn(timeout(TIME_LIMIT, async move {
            let client = shared.connection().await?;
            let of = |error: tokio_postgres::Error| error::store_error(&error);
            let (bucket, seconds) = (i64::from(bucket), distance.as_secs_f64());
            // A time in the future means that the clock has been set back.
            let sql = "WITH taken AS (
                     INSERT INTO cluster_start (bucket, at) VALUES ($1, clock_timestamp())
                     ON CONFLICT (bucket) DO UPDATE SET at = excluded.at
                     WHERE cluster_start.at <= clock_timestamp() - $2 * interval '1 s'
                         OR cluster_start.at > clock_timestamp()
                     RETURNING bucket
                 ) SELECT EXISTS (SELECT 1 FROM taken),
                     (SELECT extract(epoch FROM at - clock_timestamp())::float8 + $2
                      FROM cluster_start WHERE bucket = $1)";
            let statement = client.prepare_cached(sql).await.map_err(of)?;
            let asked = client.query_one(&statement, &[&bucket, &seconds]).await;
            let row = asked.map_err(of)?;
            if row.get(0) {
                return Ok(None);
            }
            let left: f64 = row.get::<_, Option<_>>(1).unwrap_or(0.0);
            Ok(Some(Duration::from_secs_f64(left.clamp(0.05, seconds))))
        }));
        let asked = asking.await.map_err(|_| StoreError::Closed)?;
        asked.map_err(|_| error::no_answer())?
    }
}

fn channel(url: &PostgresUrl) -> String {
    format!("cluster_{}", url.schema())
}

/// A connection beside those of the bot, for a command.
pub(crate) async fn connect_beside(url: &PostgresUrl) -> Result<Client, OpenError> {
    let tls = Tls::of(url).map_err(|problem| problem.at(url))?;
    let connected = connect(url, &tls, Mode::Beside).await;
    let (client, _) = connected.map_err(|problem| problem.at(url))?;
    Ok(client)
}

/// Wakes all processes.
pub(crate) async fn notify_cluster(
    client: &Client,
    url: &PostgresUrl,
) -> Result<(), tokio_postgres::Error> {
    let sql = "SELECT pg_notify($1, '')";
    client.execute(sql, &[&channel(url)]).await.map(drop)
}
