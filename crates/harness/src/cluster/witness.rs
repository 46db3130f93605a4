//! Checks whether a process makes calls in servers without a lease that PostgreSQL knows of.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::UnboundedSender;

use super::front::Front;
use crate::Result;
use crate::postgres::Cluster;

/// The interval between two observations.
const EVERY: Duration = Duration::from_millis(200);

/// How many leases each process has, by its process id.
const LEASES: &str = "SELECT split_part(name, 'process ', 2), count(shard)
     FROM bot.cluster_process LEFT JOIN bot.cluster_shard
         ON holder = id AND until > clock_timestamp()
     GROUP BY id, name";

pub struct Witness {
    pub(super) postgres: Arc<Cluster>,
    pub(super) front: Front,
}

/// One observation of all processes.
struct Seen {
    /// The processes without a lease.
    idle: Vec<u32>,
    /// The number of calls right before and right after the leases were queried.
    before: BTreeMap<u32, u64>,
    after: BTreeMap<u32, u64>,
}

impl Witness {
    /// Reports every process that makes a call between two moments at which it has no lease.
    pub async fn watch(self, report: UnboundedSender<String>) {
        let mut last: Option<Seen> = None;
        while !report.is_closed() {
            // The query fails while PostgreSQL is stopped.
            let seen = self.see().await.ok();
            if let (Some(last), Some(seen)) = (&last, &seen) {
                for pid in seen.idle.iter().filter(|pid| last.idle.contains(pid)) {
                    let (then, now) = (last.after.get(pid), seen.before.get(pid));
                    if then < now {
                        // The receiver may be gone.
                        let _ = report.send(format!("process {pid} made calls without a lease"));
                    }
                }
            }
            last = seen;
            tokio::time::sleep(EVERY).await;
        }
    }

    async fn see(&self) -> Result<Seen> {
        let before = self.front.calls();
        let rows = self.postgres.query(LEASES).await?;
        let mut held: BTreeMap<u32, u64> = BTreeMap::new();
        for (pid, count) in rows.lines().filter_map(|row| row.split_once('|')) {
            // A process that was away for long may have registered again, and has an older row, too.
            *held.entry(pid.parse()?).or_default() += count.parse::<u64>()?;
        }
        let is_idle = |pid: &&u32| held.get(*pid).is_none_or(|count| *count == 0);
        let idle = before.keys().filter(is_idle).copied().collect();
        Ok(Seen {
            idle,
            before,
            after: self.front.calls(),
        })
    }
}
