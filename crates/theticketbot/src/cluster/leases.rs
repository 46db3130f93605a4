//! The leases in PostgreSQL: their tables, and what a process does with them every few seconds. All times
//! are the database's.
//!
//! A process renews all of its leases at once. The same transaction reads the state of the cluster and
//! decides which shards the process takes or gives back. An epoch is never used twice, and each write of a
//! shard carries it. A process has its own connection for this, so that a renewal does not wait behind other
//! jobs. Renewals hold a lock, so their statements are sent together to keep it short.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::try_join_all;
use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Row};

use super::checkpoint::{Save, save};
use super::plan::{Plan, Process, View};
use super::{LEASE, MARGIN};
use crate::shards::MOST_SHARDS;
use crate::store::{SessionOwner, SharedDatabase, StoreError};

pub(super) struct Leases {
    database: SharedDatabase,
    /// Identifies the saved sessions. The number of shards in it is replaced when it is used.
    owner: SessionOwner,
    client: Option<Client>,
    /// This process's row, once there is one.
    me: Option<Process>,
    /// The number of shards if this is the first process of the cluster.
    total: u32,
    name: String,
    /// Notified when another process has given a lease back, or has joined.
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
    /// When the process has to stop its shards, unless it renews the leases before.
    pub(super) until: Instant,
}

/// What a process says of itself when it renews its leases.
pub(super) struct State {
    /// When Discord last answered each shard, in seconds since 1970.
    pub(super) answers: BTreeMap<u32, Option<u64>>,
    /// Whether Discord can be reached from here.
    pub(super) reaches_discord: bool,
    /// Whether this process has been unable to reach Discord for a while.
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

    /// Completes when another process has given a lease back, or has joined.
    pub(super) async fn changed(&self) {
        self.changed.notified().await;
    }

    /// Takes the process's own connection, or makes a new one. The caller puts it back after its transaction,
    /// so a failed transaction drops the connection.
    async fn client(&mut self) -> Result<Client, StoreError> {
        match self.client.take() {
            Some(client) if !client.is_closed() => Ok(client),
            _ => self.database.dedicated(self.changed.clone()).await,
        }
    }

    /// Logs a failed tick.
    pub(super) fn failed(&mut self, error: &StoreError) {
        if !std::mem::replace(&mut self.is_failing, true) {
            tracing::warn!(%error, "the leases cannot be renewed; retrying");
        }
    }

    /// Renews the leases, and saves what others need to resume the shards.
    pub(super) async fn tick(&mut self, state: &State) -> Result<Tick, StoreError> {
        let began = Instant::now();
        let client = self.client().await?;
        // A process that was away for long gets a new number.
        let register = "WITH renewed AS (
                 UPDATE cluster_process SET seen = clock_timestamp(), reaches_discord = $3
                 WHERE id = $1 AND seen >= clock_timestamp() - $2 * interval '1 s' RETURNING id
             ), added AS (
                 INSERT INTO cluster_process (name, version)
                 SELECT $4, $5 WHERE NOT EXISTS (SELECT 1 FROM renewed) RETURNING id
             ) SELECT id FROM renewed UNION ALL SELECT id FROM added";
        let (lock, known) = (self.lock(), self.me.unwrap_or(0));
        let me = vec![
            with(&known, Type::INT8),
            with(&SECONDS, Type::FLOAT8),
            with(&state.reaches_discord, Type::BOOL),
            with(&self.name, Type::TEXT),
            with(&env!("CARGO_PKG_VERSION"), Type::TEXT),
        ];
        let statements = [("BEGIN", vec![]), (&lock, vec![]), (register, me)];
        let me = together(&client, &statements).await?[2]
            .first()
            .map(|row| row.get(0));
        let me: Process = me.ok_or_else(|| StoreError::Other("a process has no row".to_owned()))?;

        let dead =
            "DELETE FROM cluster_process WHERE seen < clock_timestamp() - $1 * interval '1 s'";
        let renew = "UPDATE cluster_shard SET until = clock_timestamp() + $2 * interval '1 s',
                 answered = (SELECT to_timestamp(it.answered)
                     FROM unnest($3, $4) AS it (shard, answered) WHERE it.shard = cluster_shard.shard)
             WHERE holder = $1 AND until > clock_timestamp()";
        let processes = "SELECT id, reaches_discord FROM cluster_process ORDER BY id";
        // The number of shards that the cluster should have. The first process sets it, and `cluster reshard`
        // changes it.
        let first = "INSERT INTO cluster_total (total) VALUES ($1) ON CONFLICT DO NOTHING";
        let wanted = "SELECT total FROM cluster_total";
        let shards: Vec<i64> = state.answers.keys().copied().map(i64::from).collect();
        let answers = state.answers.values();
        let answers = answers.map(|it| it.map(|it| Duration::from_secs(it).as_secs_f64()));
        let answers: Vec<Option<f64>> = answers.collect();
        let total = i64::from(self.total);
        let renewed = vec![
            with(&me, Type::INT8),
            with(&SECONDS, Type::FLOAT8),
            with(&shards, Type::INT8_ARRAY),
            with(&answers, Type::FLOAT8_ARRAY),
        ];
        let statements = [
            (dead, vec![with(&SECONDS, Type::FLOAT8)]),
            (renew, renewed),
            (processes, vec![]),
            (first, vec![with(&total, Type::INT8)]),
            (wanted, vec![]),
            (SHARDS, vec![]),
        ];
        let found = together(&client, &statements).await?;
        let processes = found[2].iter();
        let processes: Vec<(Process, bool)> =
            processes.map(|row| (row.get(0), row.get(1))).collect();
        let wanted = found[4].first().map_or(1, |row| row.get::<_, i64>(0));
        let wanted = wanted.clamp(1, i64::from(MOST_SHARDS));
        let mut shards = read(&found[5]);
        let is_free = shards.iter().all(Option::is_none);
        if i64::try_from(shards.len()) != Ok(wanted) && is_free {
            // The saved sessions are of another number of shards, so they cannot be resumed.
            let fill = "INSERT INTO cluster_shard (shard) SELECT * FROM generate_series(0, $1 - 1)";
            let statements = [
                ("DELETE FROM handover_session", vec![]),
                ("DELETE FROM handover_server", vec![]),
                ("DELETE FROM cluster_shard", vec![]),
                (fill, vec![with(&wanted, Type::INT8)]),
                (SHARDS, vec![]),
            ];
            shards = read(&together(&client, &statements).await?[4]);
        }
        let mut tick = Tick {
            me,
            processes: processes.len(),
            total: u32::try_from(shards.len()).unwrap_or(MOST_SHARDS),
            held: held_by(me, &shards),
            give: Vec::new(),
            take: Vec::new(),
            until: began + LEASE - MARGIN,
        };
        let mut others = processes.iter().filter(|(id, _)| *id != me);
        let others_reach = others.any(|(_, reach)| *reach);
        if i64::from(tick.total) != wanted || (state.is_cut_off && others_reach) {
            // Give all shards back, because the number of shards changes, or because this process cannot
            // reach Discord and others can.
            tick.give = tick.held.iter().map(|(shard, _)| *shard).collect();
        } else {
            let processes = processes.iter();
            let processes = processes.filter(|(id, reach)| *reach || *id == me || !others_reach);
            let view = View {
                me,
                processes: processes.map(|(id, _)| *id).collect(),
                holders: shards
                    .iter()
                    .map(|it| it.map(|(holder, _)| holder))
                    .collect(),
            };
            Plan {
                give: tick.give,
                take: tick.take,
            } = view.plan();
        }
        let (owner, channel) = (self.owner_of(tick.total), self.database.channel());
        let mut last = vec![("COMMIT", vec![])];
        if self.me != Some(me) {
            // This process is new, so the others now hold more than their share.
            last.insert(0, (NOTIFY, vec![with(&channel, Type::TEXT)]));
        }
        save(&client, &owner, &state.saves, &tick.held, last).await?;
        (self.me, self.client) = (Some(me), Some(client));
        if std::mem::take(&mut self.is_failing) {
            tracing::info!("the leases are renewed again");
        }
        Ok(tick)
    }

    /// Takes free shards up to this process's share. This is separate from the renewal, because it may have
    /// to wait for writers. Returns the leases that this process then has.
    pub(super) async fn take(&mut self, tick: &Tick) -> Result<Vec<(u32, i64)>, StoreError> {
        let client = self.client().await?;
        // After this lock, all writes of the former holder are committed. The database refuses its later
        // writes.
        let (class, key) = self.database.lock_of_writers();
        let (leases, writers) = (self.lock(), lock(class, key));
        let take: Vec<i64> = tick.take.iter().copied().map(i64::from).collect();
        // Take nothing if the number of shards has changed in the meantime.
        let sql = "UPDATE cluster_shard SET holder = $1, epoch = nextval('cluster_epoch'),
             until = clock_timestamp() + $3 * interval '1 s', answered = NULL
             WHERE shard = ANY($2) AND coalesce(until <= clock_timestamp(), true)
                 AND (SELECT count(*) FROM cluster_shard) = $4";
        let total = i64::from(tick.total);
        let parameters = vec![
            with(&tick.me, Type::INT8),
            with(&take, Type::INT8_ARRAY),
            with(&SECONDS, Type::FLOAT8),
            with(&total, Type::INT8),
        ];
        let statements = [
            ("BEGIN", vec![]),
            (&leases, vec![]),
            (&writers, vec![]),
            (sql, parameters),
            (SHARDS, vec![]),
            ("COMMIT", vec![]),
        ];
        let taken = together(&client, &statements).await?;
        self.client = Some(client);
        Ok(held_by(tick.me, &read(&taken[4])))
    }

    /// Gives leases back, and saves what other processes need to resume the shards, so that they can take
    /// them at once. With `is_last`, this process also leaves the cluster.
    pub(super) async fn release(
        &mut self,
        leases: &[(u32, i64)],
        saves: &[Save],
        is_last: bool,
    ) -> Result<(), StoreError> {
        let Some(me) = self.me else {
            return Ok(());
        };
        let client = self.client().await?;
        let lock = self.lock();
        let statements = [("BEGIN", vec![]), (&lock, vec![]), (SHARDS, vec![])];
        let shards = read(&together(&client, &statements).await?[2]);
        let mut held = held_by(me, &shards);
        held.retain(|lease| leases.contains(lease));
        let owner = self.owner_of(u32::try_from(shards.len()).unwrap_or(MOST_SHARDS));
        let shards: Vec<i64> = held.iter().map(|(shard, _)| i64::from(*shard)).collect();
        let channel = self.database.channel();
        let sql = "UPDATE cluster_shard SET holder = NULL, until = NULL, answered = NULL
             WHERE shard = ANY($1)";
        let mut last = vec![(sql, vec![with(&shards, Type::INT8_ARRAY)])];
        if is_last {
            let sql = "DELETE FROM cluster_process WHERE id = $1";
            last.push((sql, vec![with(&me, Type::INT8)]));
        }
        last.push((NOTIFY, vec![with(&channel, Type::TEXT)]));
        last.push(("COMMIT", vec![]));
        save(&client, &owner, saves, &held, last).await?;
        self.client = Some(client);
        Ok(())
    }

    /// The statement after which no other process changes the leases.
    fn lock(&self) -> String {
        let (class, key) = self.database.lock_of_leases();
        lock(class, key)
    }

    fn owner_of(&self, shards: u32) -> SessionOwner {
        SessionOwner {
            shards,
            ..self.owner.clone()
        }
    }
}

/// All shards, from 0 on.
const SHARDS: &str = "SELECT CASE WHEN until > clock_timestamp() THEN holder END, epoch
     FROM cluster_shard ORDER BY shard";

/// Notifies the other processes when the transaction commits.
const NOTIFY: &str = "SELECT pg_notify($1, '')";

fn lock(class: i32, key: i32) -> String {
    format!("SELECT pg_advisory_xact_lock({class}, {key})")
}

/// Who has a shard, with its epoch; `None` if its lease has ended.
type Holder = Option<(Process, i64)>;

fn read(rows: &[Row]) -> Vec<Holder> {
    let rows = rows.iter();
    let holders = rows.map(|row| Some((row.get::<_, Option<_>>(0)?, row.get(1))));
    holders.collect()
}

/// The shards of a process, with their epochs.
fn held_by(process: Process, shards: &[Holder]) -> Vec<(u32, i64)> {
    let held = (0..).zip(shards).filter_map(|(shard, holder)| {
        let (holder, epoch) = (*holder)?;
        (holder == process).then_some((shard, epoch))
    });
    held.collect()
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

/// A statement with its parameters.
pub(super) type Asked<'a> = (&'a str, Vec<Parameter<'a>>);

pub(super) type Parameter<'a> = (&'a (dyn ToSql + Sync), Type);

pub(super) fn with(value: &(dyn ToSql + Sync), of: Type) -> Parameter<'_> {
    (value, of)
}

/// Sends these statements in one go, and returns what each finds. After an error, the connection must not be used
/// again: its transaction may be open.
pub(super) async fn together(
    client: &Client,
    statements: &[Asked<'_>],
) -> Result<Vec<Vec<Row>>, StoreError> {
    let statements = statements.iter();
    let asked = statements.map(|(sql, parameters)| client.query_typed(sql, parameters));
    let found = try_join_all(asked).await;
    found.map_err(|error| crate::store::postgres_error(&error))
}
