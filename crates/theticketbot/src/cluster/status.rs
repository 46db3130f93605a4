//! `theticketbot cluster …`: what a host sees of all processes, and a change of the number of shards.

use std::fmt::Write as _;

use tokio_postgres::Client;

use crate::BoxError;
use crate::cli::ClusterCommand;
use crate::config::Settings;
use crate::shards::MOST_SHARDS;
use crate::store::{OpenError, PostgresUrl, connect_beside, notify_cluster, postgres_refused};

/// Runs the command, and returns its message.
pub async fn run(command: &ClusterCommand, settings: &Settings) -> Result<String, BoxError> {
    let Some(url) = &settings.db.url else {
        return Err("a cluster needs PostgreSQL; set url in [db] (docs/cluster.md)".into());
    };
    let client = connect_beside(url).await?;
    let sql = "SELECT to_regclass('cluster_shard') IS NOT NULL";
    let has_run = client.query_one(sql, &[]).await;
    if !has_run.map_err(of(url))?.get::<_, bool>(0) {
        return Err(format!(
            "no process has run with cluster = true on the schema {} of {}",
            url.schema(),
            url.server()
        )
        .into());
    }
    match command {
        ClusterCommand::Status => status(&client, url).await,
        ClusterCommand::Reshard { total } => reshard(&client, url, *total).await,
    }
}

fn of(url: &PostgresUrl) -> impl Fn(tokio_postgres::Error) -> OpenError {
    |error| postgres_refused(url, &error)
}

async fn status(client: &Client, url: &PostgresUrl) -> Result<String, BoxError> {
    let mut text = String::new();
    let sql = "SELECT id, name, version,
             extract(epoch FROM clock_timestamp() - started)::bigint,
             extract(epoch FROM clock_timestamp() - seen)::bigint,
             (SELECT count(*) FROM cluster_shard
              WHERE holder = cluster_process.id AND until > clock_timestamp()),
             reaches_discord
         FROM cluster_process ORDER BY id";
    let processes = client.query(sql, &[]).await.map_err(of(url))?;
    writeln!(text, "Processes: {}", processes.len())?;
    for row in processes {
        writeln!(
            text,
            "  {}: {}, version {}, running for {} s, last seen {} s ago, {} shards{}",
            row.get::<_, i64>(0),
            row.get::<_, &str>(1),
            row.get::<_, &str>(2),
            row.get::<_, i64>(3),
            row.get::<_, i64>(4),
            row.get::<_, i64>(5),
            if row.get(6) {
                ""
            } else {
                ", cannot reach Discord"
            },
        )?;
    }
    let sql = "SELECT shard, CASE WHEN until > clock_timestamp() THEN holder END,
             extract(epoch FROM until - clock_timestamp())::bigint,
             extract(epoch FROM clock_timestamp() - answered)::bigint,
             EXISTS (SELECT 1 FROM handover_session WHERE handover_session.shard = cluster_shard.shard)
         FROM cluster_shard ORDER BY shard";
    let shards = client.query(sql, &[]).await.map_err(of(url))?;
    let held = shards
        .iter()
        .filter(|row| row.get::<_, Option<i64>>(1).is_some());
    writeln!(text, "Shards: {}, held: {}", shards.len(), held.count())?;
    for row in &shards {
        let shard: i64 = row.get(0);
        let saved = if row.get(4) {
            ", a session is saved"
        } else {
            ""
        };
        let Some(holder) = row.get::<_, Option<i64>>(1) else {
            writeln!(text, "  {shard}: free{saved}")?;
            continue;
        };
        let answered = match row.get::<_, Option<i64>>(3) {
            Some(seconds) => format!("Discord answered {} s ago", seconds.max(0)),
            None => "not connected yet".to_owned(),
        };
        writeln!(
            text,
            "  {shard}: process {holder}, {answered}, the lease ends in {} s{saved}",
            row.get::<_, i64>(2)
        )?;
    }
    let wanted = client
        .query_opt("SELECT total FROM cluster_total", &[])
        .await
        .map_err(of(url))?;
    let wanted = wanted.map(|row| row.get::<_, i64>(0));
    if let Some(wanted) = wanted.filter(|wanted| usize::try_from(*wanted) != Ok(shards.len())) {
        writeln!(text, "Changing to {wanted} shards")?;
    }
    Ok(text.trim_end().to_owned())
}

async fn reshard(client: &Client, url: &PostgresUrl, total: u32) -> Result<String, BoxError> {
    if !(1..=MOST_SHARDS).contains(&total) {
        return Err(format!("the number of shards must be from 1 to {MOST_SHARDS}").into());
    }
    let sql = "INSERT INTO cluster_total (total) VALUES ($1)
         ON CONFLICT (only_row) DO UPDATE SET total = excluded.total";
    let stored = client.execute(sql, &[&i64::from(total)]).await;
    stored.map_err(of(url))?;
    notify_cluster(client, url).await.map_err(of(url))?;
    Ok(format!(
        "All processes give their shards back now, and take them again as {total} shards. `theticketbot \
         cluster status` shows how far that is."
    ))
}
