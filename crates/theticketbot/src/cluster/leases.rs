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
use tokio_postgres::{Client, GenericClient, Transaction};

use super::checkpoint::{self, Save};
use super::plan::{Process, View};
use super::{LEASE, MARGIN, TIME_LIMIT};
use crate::shards::MOST_SHARDS;
use crate::store::{SessionOwner, SharedDatabase, StoreError};

pub(super) struct Leases {
    database: SharedDatabase,
    /// Whose sessions are saved, but for the number of shards.
    owner: SessionOwner,
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
    /// The shards that it should give back.
    pub(super) give: Vec<u32>,
    /// Free ones that it may take.
    pub(super) take: Vec<u32>,
    /// When it has to stop them.
    pub(super) until: Instant,
}

/// What a process says of itself when it renews its leases.
pub(super) struct State {
    /// When Discord last answered each shard, in seconds since 1970.
    pub(super) answers: BTreeMap<u32, Option<u64>>,
    /// Whether Discord can be reached from here.
    pub(super) reaches_discord: bool,
    /// It cannot be, for a while already.
    pub(super) is_cut_off: bool,
    pub(super) saves: Vec<Save>,
}

const SECONDS: f64 = LEASE.as_secs_f64();

impl Leases {
    pub(super) fn new(database: &SharedDatabase, owner: SessionOwner, total: u32) -> Self {
        Self {
            database: database.clone(),
            owner,
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

    /// Renews the leases, and saves what others need to resume the shards.
    pub(super) async fn tick(&mut self, state: &State) -> Result<Tick, StoreError> {
        let began = Instant::now();
        let mut client = self.client().await?;
        let transaction = self.begin(&mut client).await?;
        let tick = self.renew(&transaction, state, began).await?;
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

    /// Begins a transaction in which no other process changes the leases.
    async fn begin<'a>(&self, client: &'a mut Client) -> Result<Transaction<'a>, StoreError> {
        let transaction = client.transaction().await.map_err(|error| failed(&error))?;
        let lock = "SELECT pg_advisory_xact_lock($1, $2)";
        let (class, key) = self.database.lock_of_leases();
        execute(&transaction, lock, &[&class, &key]).await?;
        Ok(transaction)
    }

    async fn renew(
        &self,
        client: &impl GenericClient,
        state: &State,
        began: Instant,
    ) -> Result<Tick, StoreError> {
        let me = self.register(client, state.reaches_discord).await?;
        let sql =
            "DELETE FROM cluster_process WHERE seen < clock_timestamp() - $1 * interval '1 s'";
        execute(client, sql, &[&SECONDS]).await?;
        let sql = "UPDATE cluster_shard SET until = clock_timestamp() + $2 * interval '1 s'
             WHERE holder = $1 AND until > clock_timestamp()";
        execute(client, sql, &[&me, &SECONDS]).await?;
        let shards = state.answers.keys().copied().map(i64::from);
        let shards: Vec<i64> = shards.collect();
        let answers = state.answers.values();
        let answers = answers.map(|it| it.map(|it| Duration::from_secs(it).as_secs_f64()));
        let answers: Vec<Option<f64>> = answers.collect();
        let sql = "UPDATE cluster_shard SET answered = to_timestamp(it.answered)
             FROM unnest($2::bigint[], $3::float8[]) AS it (shard, answered)
             WHERE cluster_shard.shard = it.shard AND holder = $1";
        execute(client, sql, &[&me, &shards, &answers]).await?;
        let sql = "SELECT id, reaches_discord FROM cluster_process ORDER BY id";
        let processes = query(client, sql, &[]).await?;
        let processes: Vec<(Process, bool)> = processes
            .iter()
            .map(|row| (row.get(0), row.get(1)))
            .collect();
        let count = processes.len();

        let wanted = self.wanted(client).await?;
        let mut rows = self.rows(client).await?;
        let is_free = rows.iter().all(|row| row.holder.is_none());
        if rows.len() != wanted as usize && is_free {
            if !rows.is_empty() {
                // None of them is a session with this number of shards.
                execute(client, "DELETE FROM handover_session", &[]).await?;
                execute(client, "DELETE FROM handover_server", &[]).await?;
            }
            execute(client, "DELETE FROM cluster_shard", &[]).await?;
            let sql = "INSERT INTO cluster_shard (shard) SELECT * FROM generate_series(0, $1::bigint - 1)";
            execute(client, sql, &[&i64::from(wanted)]).await?;
            rows = self.rows(client).await?;
        }
        let total = u32::try_from(rows.len()).unwrap_or(MOST_SHARDS);
        let mut tick = Tick {
            me,
            processes: count,
            total,
            held: held_by(me, &rows),
            give: Vec::new(),
            take: Vec::new(),
            until: began + LEASE - MARGIN,
        };
        let owner = SessionOwner {
            shards: total,
            ..self.owner.clone()
        };
        checkpoint::save(client, &owner, &state.saves, &tick.held).await?;
        let others = processes.iter().filter(|(id, _)| *id != me);
        let others_reach = others.clone().any(|(_, reach)| *reach);
        if total != wanted || (state.is_cut_off && others_reach) {
            // The number of shards changes, or others can serve them and this one cannot.
            tick.give = tick.held.iter().map(|(shard, _)| *shard).collect();
            return Ok(tick);
        }
        let processes = processes.iter();
        let processes = processes.filter(|(id, reach)| *reach || *id == me || !others_reach);
        let view = View {
            me,
            processes: processes.map(|(id, _)| *id).collect(),
            holders: rows.iter().map(|row| row.holder).collect(),
        };
        let plan = view.plan();
        (tick.give, tick.take) = (plan.give, plan.take);
        Ok(tick)
    }

    /// Takes free shards up to this process's share, after its leases were renewed: it may have to wait for
    /// the writers. Returns what this process has then.
    pub(super) async fn take(&mut self, tick: &Tick) -> Result<Vec<(u32, i64)>, StoreError> {
        let mut client = self.client().await?;
        let transaction = self.begin(&mut client).await?;
        // Writes of the process that had them before are over, or are refused from now on.
        let (class, key) = self.database.lock_of_writers();
        let lock = "SELECT pg_advisory_xact_lock($1, $2)";
        execute(&transaction, lock, &[&class, &key]).await?;
        let mut rows = self.rows(&transaction).await?;
        if rows.len() == tick.total as usize {
            let take: Vec<i64> = tick.take.iter().map(|shard| i64::from(*shard)).collect();
            let sql = "UPDATE cluster_shard SET holder = $1, epoch = nextval('cluster_epoch'),
                 until = clock_timestamp() + $3 * interval '1 s', answered = NULL
                 WHERE shard = ANY($2) AND coalesce(until <= clock_timestamp(), true)";
            execute(&transaction, sql, &[&tick.me, &take, &SECONDS]).await?;
            rows = self.rows(&transaction).await?;
        }
        transaction.commit().await.map_err(|error| failed(&error))?;
        self.client = Some(client);
        Ok(held_by(tick.me, &rows))
    }

    /// Renews this process's row. A process that was away for long gets a new number.
    async fn register(
        &self,
        client: &impl GenericClient,
        reaches_discord: bool,
    ) -> Result<Process, StoreError> {
        let sql = "UPDATE cluster_process SET seen = clock_timestamp(), reaches_discord = $3
             WHERE id = $1 AND seen >= clock_timestamp() - $2 * interval '1 s' RETURNING id";
        let me = self.me.unwrap_or(0);
        let renewed = query(client, sql, &[&me, &SECONDS, &reaches_discord]).await?;
        if !renewed.is_empty() {
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

    /// Gives leases back, so that others can take them at once, with what they need to resume the shards.
    pub(super) async fn release(
        &mut self,
        leases: &[(u32, i64)],
        saves: &[Save],
    ) -> Result<(), StoreError> {
        let released = tokio::time::timeout(TIME_LIMIT, self.release_now(leases, saves));
        released.await.map_err(late)?
    }

    async fn release_now(
        &mut self,
        leases: &[(u32, i64)],
        saves: &[Save],
    ) -> Result<(), StoreError> {
        let mut client = self.client().await?;
        let me = self.me.unwrap_or(0);
        let transaction = self.begin(&mut client).await?;
        let rows = self.rows(&transaction).await?;
        let mine = |(shard, epoch): &(u32, i64)| {
            let mut rows = rows.iter();
            rows.any(|row| (row.holder, row.shard, row.epoch) == (Some(me), *shard, *epoch))
        };
        let held: Vec<(u32, i64)> = leases.iter().copied().filter(mine).collect();
        let owner = SessionOwner {
            shards: u32::try_from(rows.len()).unwrap_or(MOST_SHARDS),
            ..self.owner.clone()
        };
        checkpoint::save(&transaction, &owner, saves, &held).await?;
        let shards: Vec<i64> = held.iter().map(|(shard, _)| i64::from(*shard)).collect();
        let sql = "UPDATE cluster_shard SET holder = NULL, until = NULL, answered = NULL
             WHERE shard = ANY($1)";
        execute(&transaction, sql, &[&shards]).await?;
        transaction.commit().await.map_err(|error| failed(&error))?;
        self.notify(&client).await?;
        self.client = Some(client);
        Ok(())
    }

    /// Gives these leases back, and leaves the cluster.
    pub(super) async fn leave(
        &mut self,
        leases: &[(u32, i64)],
        saves: &[Save],
    ) -> Result<(), StoreError> {
        let Some(me) = self.me else {
            return Ok(());
        };
        let leaving = async {
            let client = self.client().await?;
            let sql = "DELETE FROM cluster_process WHERE id = $1";
            execute(&client, sql, &[&me]).await?;
            self.client = Some(client);
            self.release_now(leases, saves).await
        };
        let left = tokio::time::timeout(TIME_LIMIT, leaving).await;
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

/// The shards of a process, with their epochs.
fn held_by(process: Process, rows: &[Row]) -> Vec<(u32, i64)> {
    let held = rows.iter().filter(|row| row.holder == Some(process));
    held.map(|row| (row.shard, row.epoch)).collect()
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

pub(super) async fn execute(
    client: &impl GenericClient,
    sql: &str,
    parameters: Parameters<'_>,
) -> Result<(), StoreError> {
    let done = client.execute(sql, parameters).await;
    done.map(drop).map_err(|error| failed(&error))
}

fn late(_: tokio::time::error::Elapsed) -> StoreError {
    StoreError::Unreachable("it does not answer".to_owned())
}

fn failed(error: &tokio_postgres::Error) -> StoreError {
    crate::store::postgres_error(error)
}
