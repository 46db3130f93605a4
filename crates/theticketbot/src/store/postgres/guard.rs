//! Lets one process use a schema, or several that share it with leases. Two processes without such
//! coordination would both respond to every click.
//!
//! A separate connection holds an advisory lock of PostgreSQL, which is released when the process ends, even
//! after a crash. If this connection is lost, another process may take the lock. That process begins a new
//! epoch, and the database then refuses the writes of the older process.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_postgres::Client;

use super::connect::connect;
use super::error::Problem;
use super::tls::Tls;
use super::url::PostgresUrl;
use super::{Mode, Shared, migrate};

// PostgreSQL names such a lock by two numbers: the first says what it is for, the second which schema.
const PROCESS: i32 = 0x7469_0001;
pub(super) const WRITERS: i32 = 0x7469_0002;
pub(super) const LEASES: i32 = 0x7469_0003;
pub(super) const TABLES: i32 = 0x7469_0004;

/// How long a start waits for the process before it, which may have been killed just now.
const TIME_LIMIT: Duration = Duration::from_secs(4);

const RETRY: Duration = Duration::from_millis(250);

/// The oldest supported version of the server.
const OLDEST: i32 = 130_000;

pub(super) struct Guard {
    mode: Mode,
    client: Client,
    connection: JoinHandle<()>,
}

/// A schema's number in the names of locks: FNV-1a of its name.
pub(super) fn key(schema: &str) -> i32 {
    let hash = schema.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    hash.cast_signed()
}

/// The numbers of the lock that a bot has on its schema, as the server lists locks.
pub(super) fn process_lock(schema: &str) -> (i64, i64) {
    let number = |part: i32| i64::from(part.cast_unsigned());
    (number(PROCESS), number(key(schema)))
}

impl Guard {
    /// Takes the schema for this process, brings it up to date, and begins an epoch.
    pub(super) async fn take(
        url: &PostgresUrl,
        tls: &Tls,
        mode: Mode,
    ) -> Result<(Self, i64), Problem> {
        let guard = Self::connect(url, tls, mode).await?;
        let client = &guard.client;
        let of = |error: tokio_postgres::Error| Problem::of(url, &error);
        let sql =
            "SELECT current_setting('server_version_num'), current_setting('server_encoding')";
        let server = client.query_one(sql, &[]).await.map_err(of)?;
        let (version, encoding): (String, String) = (
            server.try_get(0).map_err(of)?,
            server.try_get(1).map_err(of)?,
        );
        if version.parse::<i32>().is_ok_and(|version| version < OLDEST) {
            return Err(Problem::OldServer(version));
        }
        if encoding != "UTF8" {
            return Err(Problem::Encoding {
                database: url.database().to_owned(),
                encoding,
            });
        }
        if mode == Mode::Beside {
            migrate::expect_current(client, url).await?;
        } else {
            guard.wait_for_lock(url).await?;
            migrate::to_current(client, url, mode).await?;
        }
        let epoch = if mode == Mode::Alone {
            let begin = format!(
                "BEGIN; SELECT pg_advisory_xact_lock({WRITERS}, {})",
                key(url.schema())
            );
            client.batch_execute(&begin).await.map_err(of)?;
            let next = "UPDATE bot SET epoch = epoch + 1 RETURNING epoch";
            let epoch = client.query_one(next, &[]).await.map_err(of)?;
            client.batch_execute("COMMIT").await.map_err(of)?;
            epoch
        } else {
            // A process of a cluster begins no epoch, because it takes over nothing.
            let epoch = client.query_one("SELECT epoch FROM bot", &[]).await;
            epoch.map_err(of)?
        };
        let epoch = epoch.try_get(0).map_err(of)?;
        Ok((guard, epoch))
    }

    async fn connect(url: &PostgresUrl, tls: &Tls, mode: Mode) -> Result<Self, Problem> {
        // This connection holds no lock that others wait for, and a start on a busy machine can be slow. So
        // it gets the longer idle limit.
        let (client, connection) = connect(url, tls, Mode::Alone).await?;
        Ok(Self {
            mode,
            client,
            connection,
        })
    }

    async fn wait_for_lock(&self, url: &PostgresUrl) -> Result<(), Problem> {
        let began = tokio::time::Instant::now();
        let of = |error: tokio_postgres::Error| Problem::of(url, &error);
        while !self.try_lock(url).await.map_err(of)? {
            if began.elapsed() > TIME_LIMIT {
                return Err(Problem::InUse {
                    schema: url.schema().to_owned(),
                    holder: self.holder(url).await,
                });
            }
            tokio::time::sleep(RETRY).await;
        }
        Ok(())
    }

    async fn try_lock(&self, url: &PostgresUrl) -> Result<bool, tokio_postgres::Error> {
        let sql = match self.mode {
            // A command needs no lock.
            Mode::Beside => return Ok(true),
            Mode::Alone => "SELECT pg_try_advisory_lock($1, $2)",
            Mode::Together => "SELECT pg_try_advisory_lock_shared($1, $2)",
        };
        let row = self
            .client
            .query_one(sql, &[&PROCESS, &key(url.schema())])
            .await?;
        row.try_get(0)
    }

    /// Which processes have the lock, as far as the server shows it.
    async fn holder(&self, url: &PostgresUrl) -> Option<String> {
        let process = "application_name || coalesce(' on ' || host(client_addr), '')";
        let sql = format!(
            "SELECT string_agg({process}, ', ' ORDER BY {process})
             FROM pg_locks JOIN pg_stat_activity USING (pid)
             WHERE locktype = 'advisory' AND granted AND objsubid = 2
               AND classid::bigint = $1 AND objid::bigint = $2
               AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        );
        let (class, key) = process_lock(url.schema());
        let row = self.client.query_one(&sql, &[&class, &key]).await.ok()?;
        row.try_get(0).ok()?
    }

    /// Keeps the lock until `released`, or until another process has taken the schema.
    pub(super) async fn keep(mut self, shared: Arc<Shared>, mut released: oneshot::Receiver<()>) {
        loop {
            tokio::select! {
                _ = &mut released => break,
                _ = &mut self.connection => {}
            }
            tracing::warn!(
                "the connection that keeps other processes out of the database was lost; connecting \
                 again"
            );
            tokio::select! {
                _ = &mut released => return,
                again = Self::take_again(&shared, self.mode) => {
                    let Some(again) = again else {
                        shared.taken_over.send_replace(true);
                        return;
                    };
                    self = again;
                }
            }
        }
        // This closes the connection properly, so that the server releases the lock at once.
        drop(self.client);
        let _ = self.connection.await;
    }

    /// Connects and locks again. `None` if another process has taken over the schema.
    async fn take_again(shared: &Shared, mode: Mode) -> Option<Self> {
        loop {
            let trying = async {
                let guard = Self::connect(&shared.url, &shared.tls, mode).await.ok()?;
                let is_locked = guard.try_lock(&shared.url).await.ok()?;
                let row = guard.client.query_one("SELECT epoch FROM bot", &[]).await;
                Some((guard, is_locked, row.ok()?.try_get(0).ok()))
            };
            if let Ok(Some((guard, is_locked, epoch))) = timeout(TIME_LIMIT, trying).await {
                if epoch != Some(shared.epoch) {
                    return None;
                }
                // The server may not have noticed yet that the old connection is lost, and may still hold its
                // lock.
                if is_locked {
                    return Some(guard);
                }
            }
            tokio::time::sleep(RETRY).await;
        }
    }
}
