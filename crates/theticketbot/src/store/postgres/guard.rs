//! One process for one schema, or several that share it by leases: two that know nothing of each other would
//! answer every click twice.
//!
//! A lock of PostgreSQL's is held by a separate connection, so that it ends with the process however that
//! ends. If that connection is lost, another process may take the lock in the meantime. It then begins a
//! new epoch, and the database refuses what the older process still writes.

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

/// The server's oldest version.
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
            // A process that shares the schema takes nothing over.
            let epoch = client.query_one("SELECT epoch FROM bot", &[]).await;
            epoch.map_err(of)?
        };
        let epoch = epoch.try_get(0).map_err(of)?;
        Ok((guard, epoch))
    }

    async fn connect(url: &PostgresUrl, tls: &Tls, mode: Mode) -> Result<Self, Problem> {
        // It holds nothing up that others need, and a start on a busy machine takes its time.
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
            // It needs none.
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
        // The connection says goodbye, so that the server releases the lock at once.
        drop(self.client);
        let _ = self.connection.await;
    }

    /// `None` if another process has taken the schema.
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
                // The server may hold the lost connection for a live one, and its lock with it.
                if is_locked {
                    return Some(guard);
                }
            }
            tokio::time::sleep(RETRY).await;
        }
    }
}
