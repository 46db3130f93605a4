//! The leases in PostgreSQL: their tables, and what a process does with them every few seconds. All times
//! are the database's.
//!
//! All leases of a process are renewed together, in the transaction in which it sees the cluster and takes
//! its part. An epoch is never used twice, and each write of a shard carries it. The connection is the
//! process's own, so that renewing does not wait behind a crowd.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_postgres::{Client, GenericClient};

use super::plan::{Process, View};
use super::{LEASE, MARGIN};
use crate::shards::MOST_SHARDS;
use crate::store::{SharedDatabase, StoreError};

pub(super) struct Leases {
    database: SharedDatabase,
    client: Option<Client>,
    /// This process's row, once there is one.
    me: Option<Process>,
    /// How many shards there are if no process has said so yet.
    total: u32,
    name: String,
    /// Notified when another process has given something back.
    changed: Arc<Notify>,
    /// Whether the last tick failed, so that this is said once.
    is_failing: bool,
}

/// What a process has after it renewed its leases.
#[derive(Debug)]
pub(super) struct Tick {
    pub(super) me: Process,
    pub(super) processes: usize,
    pub(super) total: u32,
    /// The shards whose leases it has, with their epochs.
    pub(super) held: Vec<(u32, i64)>,
    /// Those of them that it is to give back.
    pub(super) give: Vec<u32>,
    /// When it has to stop them.
    pub(super) until: Instant,
}

const SECONDS: f64 = LEASE.as_secs_f64();

impl Leases {
    pub(super) fn new(database: &SharedDatabase, total: u32) -> Self {
        Self {
            database: database.clone(),
            client: None,
            me: None,
            total,
            name: name(),
            changed: Arc::default(),
            is_failing: false,
        }
    }

    /// Completes when another process has given something back, or joined.
    pub(super) async fn changed(&self) {
        self.changed.notified().await;
    }

    /// The last tick failed.
    pub(super) fn failed(&mut self, error: &str) {
        // Whatever is wrong with the connection, the next one is new.
        self.client = None;
        if !std::mem::replace(&mut self.is_failing, true) {
            tracing::warn!(error, "the leases cannot be renewed; retrying");
        }
    }

    /// The process's own connection, which the caller puts back if it is still good.
    async fn client(&mut self) -> Result<Client, StoreError> {
        match self.client.take() {
            Some(client) if !client.is_closed() => Ok(client),
            _ => self.database.dedicated(self.changed.clone()).await,
        }
    }

    /// Renews the leases, and takes free shards up to this process's share.
    pub(super) async fn tick(
        &mut self,
        answers: &BTreeMap<u32, Option<u64>>,
    ) -> Result<Tick, StoreError> {
        let began = Instant::now();
        let mut client = self.client().await?;
        let transaction = client.transaction().await.map_err(|error| failed(&error))?;
        let lock = "SELECT pg_advisory_xact_lock($1, $2)";
        let (class, key) = self.database.lock_of_leases();
        transaction
            .execute(lock, &[&class, &key])
            .await
            .map_err(|error| failed(&error))?;
        let tick = self.renew(&transaction, answers, began).await?;
        transaction.commit().await.map_err(|error| failed(&error))?;
        if self.me != Some(tick.me) {
            // The others have too much now.
            self.notify(&client).await?;
        }
        self.me = Some(tick.me);
        self.client = Some(client);
        if std::mem::take(&mut self.is_failing) {
            tracing::info!("the leases are renewed again");
        }
        Ok(tick)
    }

    async fn renew(
        &self,
        client: &impl GenericClient,
        answers: &BTreeMap<u32, Option<u64>>,
        began: Instant,
    ) -> Result<Tick, StoreError> {
        let me = self.register(client).await?;
        let sql =
            "DELETE FROM cluster_process WHERE seen < clock_timestamp() - $1 * interval '1 s'";
        execute(client, sql, &[&SECONDS]).await?;
        let sql = "UPDATE cluster_shard SET until = clock_timestamp() + $2 * interval '1 s'
             WHERE holder = $1 AND until > clock_timestamp()";
        execute(client, sql, &[&me, &SECONDS]).await?;
        for (shard, answered) in answers {
            let sql = "UPDATE cluster_shard SET answered = to_timestamp($3)
                 WHERE shard = $1 AND holder = $2";
            let answered = answered.map(|seconds| Duration::from_secs(seconds).as_secs_f64());
            execute(client, sql, &[&i64::from(*shard), &me, &answered]).await?;
        }
        let processes = query(client, "SELECT id FROM cluster_process ORDER BY id", &[]).await?;
        let processes: Vec<Process> = processes.iter().map(|row| row.get(0)).collect();
        let count = processes.len();

        let wanted = self.wanted(client).await?;
        let mut rows = self.rows(client).await?;
        let is_free = rows.iter().all(|row| row.holder.is_none());
        if rows.len() != wanted as usize && is_free {
            execute(client, "DELETE FROM cluster_shard", &[]).await?;
            let sql = "INSERT INTO cluster_shard (shard) SELECT * FROM generate_series(0, $1::bigint - 1)";
            execute(client, sql, &[&i64::from(wanted)]).await?;
            rows = self.rows(client).await?;
        }
        let held = |rows: &[Row]| -> Vec<(u32, i64)> {
            let mine = rows.iter().filter(|row| row.holder == Some(me));
            mine.map(|row| (row.shard, row.epoch)).collect()
        };
        let total = u32::try_from(rows.len()).unwrap_or(MOST_SHARDS);
        let mut tick = Tick {
            me,
            processes: count,
            total,
            held: held(&rows),
            give: Vec::new(),
            until: began + LEASE - MARGIN,
        };
        if total != wanted {
            // The number of shards changes: all give theirs back first.
            tick.give = tick.held.iter().map(|(shard, _)| *shard).collect();
            return Ok(tick);
        }
        let view = View {
            me,
            processes,
            holders: rows.iter().map(|row| row.holder).collect(),
        };
        let plan = view.plan();
        tick.give = plan.give;
        if !plan.take.is_empty() {
            // Writes of the process that had them before are over, or are refused from now on.
            let (class, key) = self.database.lock_of_writers();
            execute(
                client,
                "SELECT pg_advisory_xact_lock($1, $2)",
                &[&class, &key],
            )
            .await?;
            let take: Vec<i64> = plan.take.iter().map(|shard| i64::from(*shard)).collect();
            let sql = "UPDATE cluster_shard SET holder = $1, epoch = nextval('cluster_epoch'),
                 until = clock_timestamp() + $3 * interval '1 s', answered = NULL
                 WHERE shard = ANY($2)";
            execute(client, sql, &[&me, &take, &SECONDS]).await?;
            tick.held = held(&self.rows(client).await?);
        }
        Ok(tick)
    }

    /// Renews this process's row. One that was away for long has a new number.
    async fn register(&self, client: &impl GenericClient) -> Result<Process, StoreError> {
        let sql = "UPDATE cluster_process SET seen = clock_timestamp()
             WHERE id = $1 AND seen >= clock_timestamp() - $2 * interval '1 s' RETURNING id";
        let me = self.me.unwrap_or(0);
        if !query(client, sql, &[&me, &SECONDS]).await?.is_empty() {
            return Ok(me);
        }
        let sql = "INSERT INTO cluster_process (name, version) VALUES ($1, $2) RETURNING id";
        let version = env!("CARGO_PKG_VERSION");
        let rows = query(client, sql, &[&self.name, &version]).await?;
        let row = rows.first().map(|row| row.get(0));
        row.ok_or_else(|| StoreError::Other("a process has no row".to_owned()))
    }

    /// How many shards there are to be: what was said first, or with `cluster reshard`.
    async fn wanted(&self, client: &impl GenericClient) -> Result<u32, StoreError> {
        let sql = "INSERT INTO cluster_total (total) VALUES ($1) ON CONFLICT DO NOTHING";
        execute(client, sql, &[&i64::from(self.total)]).await?;
        let rows = query(client, "SELECT total FROM cluster_total", &[]).await?;
        let total = rows.first().map_or(1, |row| row.get::<_, i64>(0));
        let total = u32::try_from(total).unwrap_or(MOST_SHARDS);
        Ok(total.clamp(1, MOST_SHARDS))
    }

    async fn rows(&self, client: &impl GenericClient) -> Result<Vec<Row>, StoreError> {
        let sql = "SELECT shard, CASE WHEN until > clock_timestamp() THEN holder END, epoch
             FROM cluster_shard ORDER BY shard";
        let rows = query(client, sql, &[]).await?;
        let rows = rows.iter().map(|row| Row {
            shard: u32::try_from(row.get::<_, i64>(0)).unwrap_or(MOST_SHARDS),
            holder: row.get(1),
            epoch: row.get(2),
        });
        Ok(rows.collect())
    }

    /// Gives leases back, so that others can take them at once.
    pub(super) async fn release(&mut self, leases: &[(u32, i64)]) -> Result<(), StoreError> {
        let released = tokio::time::timeout(Duration::from_secs(1), self.release_now(leases));
        let late = |_| StoreError::Unreachable("it does not answer".to_owned());
        released.await.map_err(late)?
    }

    async fn release_now(&mut self, leases: &[(u32, i64)]) -> Result<(), StoreError> {
        let client = self.client().await?;
        let me = self.me.unwrap_or(0);
        for (shard, epoch) in leases {
            let sql = "UPDATE cluster_shard SET holder = NULL, until = NULL, answered = NULL
                 WHERE shard = $1 AND epoch = $2 AND holder = $3";
            execute(&client, sql, &[&i64::from(*shard), epoch, &me]).await?;
        }
        self.notify(&client).await?;
        self.client = Some(client);
        Ok(())
    }

    /// Gives these leases back, and leaves the cluster.
    pub(super) async fn leave(&mut self, leases: &[(u32, i64)]) -> Result<(), StoreError> {
        let Some(me) = self.me else {
            return Ok(());
        };
        let leaving = async {
            let client = self.client().await?;
            let sql = "DELETE FROM cluster_process WHERE id = $1";
            execute(&client, sql, &[&me]).await?;
            self.client = Some(client);
            self.release_now(leases).await
        };
        let late = |_| StoreError::Unreachable("it does not answer".to_owned());
        let left = tokio::time::timeout(Duration::from_secs(2), leaving).await;
        left.map_err(late)?
    }

    /// Wakes the others.
    async fn notify(&self, client: &Client) -> Result<(), StoreError> {
        let channel = self.database.channel();
        execute(client, "SELECT pg_notify($1, '')", &[&channel]).await
    }
}

/// A shard as the table has it.
struct Row {
    shard: u32,
    /// `None` if its lease has ended.
    holder: Option<Process>,
    epoch: i64,
}

/// What `cluster status` shows this process as: the machine and the process.
fn name() -> String {
    let machine = std::env::var("HOSTNAME")
        .ok()
        .filter(|name| !name.is_empty());
    let machine = machine.or_else(|| std::fs::read_to_string("/etc/hostname").ok());
    let machine = machine.unwrap_or_default();
    let machine: String = machine.trim().chars().take(60).collect();
    match machine.as_str() {
        "" => format!("process {}", std::process::id()),
        machine => format!("{machine} process {}", std::process::id()),
    }
}

type Parameters<'a> = &'a [&'a (dyn tokio_postgres::types::ToSql + Sync)];

async fn query(
    client: &impl GenericClient,
    sql: &str,
    parameters: Parameters<'_>,
) -> Result<Vec<tokio_postgres::Row>, StoreError> {
    client
        .query(sql, parameters)
        .await
        .map_err(|error| failed(&error))
}

async fn execute(
    client: &impl GenericClient,
    sql: &str,
    parameters: Parameters<'_>,
) -> Result<(), StoreError> {
    let done = client.execute(sql, parameters).await;
    done.map(drop).map_err(|error| failed(&error))
}

fn failed(error: &tokio_postgres::Error) -> StoreError {
    crate::store::postgres_error(error)
}
