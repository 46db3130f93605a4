//! Migrates the schema to the current tables. The steps are PostgreSQL's own; each brings the
//! same tables as the additions of SQLite that came with it.

use std::cmp::Ordering;

use tokio_postgres::Client;

use super::error::Problem;
use super::url::PostgresUrl;
use super::{Mode, guard};
use crate::store::tables::TABLES;

/// The statements that a cluster needs in addition. They have no version, because each does nothing if it was
/// done.
const CLUSTER: &str = include_str!("../migrations/postgres-cluster.sql");

const STEPS: [&str; 5] = [
    include_str!("../migrations/postgres-1.sql"),
    include_str!("../migrations/postgres-2.sql"),
    include_str!("../migrations/postgres-3.sql"),
    include_str!("../migrations/postgres-4.sql"),
    include_str!("../migrations/postgres-5.sql"),
];

/// Creates the schema if there is none, and does the steps that are missing, in one transaction. One process
/// does so at a time.
pub(super) async fn to_current(
    client: &Client,
    url: &PostgresUrl,
    mode: Mode,
) -> Result<(), Problem> {
    let of = |error: tokio_postgres::Error| Problem::of(url, &error);
    let (class, key) = (guard::TABLES, guard::key(url.schema()));
    let begin = format!("BEGIN; SELECT pg_advisory_xact_lock({class}, {key})");
    client.batch_execute(&begin).await.map_err(of)?;
    let done = async {
        steps(client, url).await?;
        match mode {
            Mode::Alone | Mode::Beside => Ok(()),
            Mode::Together => client.batch_execute(CLUSTER).await.map_err(of),
        }
    };
    match done.await {
        Ok(()) => client.batch_execute("COMMIT").await.map_err(of),
        Err(problem) => {
            // The connection is closed if even that fails.
            let _ = client.batch_execute("ROLLBACK").await;
            Err(problem)
        }
    }
}

async fn steps(client: &Client, url: &PostgresUrl) -> Result<(), Problem> {
    let of = |error: tokio_postgres::Error| Problem::of(url, &error);
    let schema = url.schema();
    let sql = "SELECT 1 FROM pg_namespace WHERE nspname = $1";
    if client
        .query_opt(sql, &[&schema])
        .await
        .map_err(of)?
        .is_none()
    {
        let create = format!("CREATE SCHEMA \"{schema}\"");
        client.batch_execute(&create).await.map_err(of)?;
    }
    let done = steps_done(client, url).await?;
    let Some(missing) = STEPS.get(done..) else {
        return Err(Problem::Newer {
            schema: schema.to_owned(),
        });
    };
    for step in missing {
        client.batch_execute(step).await.map_err(of)?;
    }
    if !missing.is_empty() {
        let version = i64::try_from(STEPS.len()).expect("there are a handful of steps");
        let sql = "UPDATE bot SET version = $1";
        client.execute(sql, &[&version]).await.map_err(of)?;
    }
    Ok(())
}

/// Checks that the tables need no migration.
pub(super) async fn expect_current(client: &Client, url: &PostgresUrl) -> Result<(), Problem> {
    let schema = url.schema().to_owned();
    match steps_done(client, url).await?.cmp(&STEPS.len()) {
        Ordering::Less => Err(Problem::Older { schema }),
        Ordering::Equal => Ok(()),
        Ordering::Greater => Err(Problem::Newer { schema }),
    }
}

/// How many of the steps were done: none if there are no tables.
async fn steps_done(client: &Client, url: &PostgresUrl) -> Result<usize, Problem> {
    let of = |error: tokio_postgres::Error| Problem::of(url, &error);
    let schema = url.schema();
    let sql =
        "SELECT relname::text, has_schema_privilege(relnamespace, 'USAGE'),
             has_table_privilege(pg_class.oid, 'SELECT') AND has_table_privilege(pg_class.oid, 'INSERT')
             AND has_table_privilege(pg_class.oid, 'UPDATE') AND has_table_privilege(pg_class.oid, 'DELETE')
         FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
         WHERE nspname = $1 AND relkind IN ('r', 'p') ORDER BY 1";
    let rows = client.query(sql, &[&schema]).await.map_err(of)?;
    let tables: Result<Vec<String>, _> = rows.iter().map(|row| row.try_get(0)).collect();
    let tables = tables.map_err(of)?;
    if tables.is_empty() {
        return Ok(0);
    }
    let is_ours = ["bot", "inbox", "journal"]
        .iter()
        .all(|name| tables.iter().any(|table| table == name));
    if !is_ours {
        return Err(Problem::NotOurs {
            schema: schema.to_owned(),
            tables,
        });
    }
    // An administrator may have restored a backup, and then owns its tables.
    for (row, table) in rows.iter().zip(&tables) {
        if !row.try_get::<_, bool>(1).map_err(of)? {
            let reason = format!("permission denied for schema {schema}");
            return Err(Problem::not_allowed(url, reason));
        }
        let is_used = table == "bot" || TABLES.iter().any(|it| it.name.trim_matches('"') == table);
        if is_used && !row.try_get::<_, bool>(2).map_err(of)? {
            let reason = format!("permission denied for table {table}");
            return Err(Problem::not_allowed(url, reason));
        }
    }
    let sql = "SELECT version FROM bot";
    let row = client.query_one(sql, &[]).await.map_err(of)?;
    let version: i64 = row.try_get(0).map_err(of)?;
    // A number that is out of range is a newer version's.
    Ok(usize::try_from(version).unwrap_or(usize::MAX))
}
