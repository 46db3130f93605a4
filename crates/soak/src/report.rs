//! The results of a run: Markdown tables, one row after the other.

use std::fmt;
use std::time::Duration;

use crate::measure::Usage;
use crate::play::Counts;

/// The head of the table of a soak.
pub const SOAK_HEAD: &str = "\
| minute | actions | opened | closed | checks | starts | kills | memory, kB | peak, kB | handles | threads | CPU, s |
|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|";

/// A row of that table.
#[derive(Clone, Debug)]
pub struct Minute {
    pub minute: u64,
    pub counts: Counts,
    pub opened: u64,
    pub closed: u64,
    pub usage: Usage,
}

impl fmt::Display for Minute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Counts {
            actions,
            quiet_points,
            starts,
            kills,
            ..
        } = self.counts;
        let Usage {
            memory,
            own: _,
            peak,
            threads,
            handles,
            cpu,
        } = self.usage;
        write!(
            f,
            "| {} | {actions} | {} | {} | {quiet_points} | {starts} | {kills} | {memory} | {peak} \
             | {handles} | {threads} | {:.1} |",
            self.minute,
            self.opened,
            self.closed,
            cpu.as_secs_f64()
        )
    }
}

/// The head of the table of many tickets.
pub const FLAT_HEAD: &str = "\
| tickets | memory, kB | heap and stacks, kB | peak, kB | handles | threads | CPU per ticket, ms | tickets/s | database, kB | sandbox, kB |
|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|";

/// A row of that table.
#[derive(Clone, Debug)]
pub struct Tickets {
    /// How many tickets have been opened and closed.
    pub tickets: u64,
    pub usage: Usage,
    /// The time since the previous row.
    pub since: Duration,
    pub cpu: Duration,
    pub of: u64,
    /// The size of the database file, in kB.
    pub database: u64,
    /// The memory of this process, in kB.
    pub sandbox: u64,
}

impl fmt::Display for Tickets {
    #[expect(clippy::cast_precision_loss, reason = "nobody opens 2^53 tickets")]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = self.of.max(1) as f64;
        write!(
            f,
            "| {} | {} | {} | {} | {} | {} | {:.2} | {:.0} | {} | {} |",
            self.tickets,
            self.usage.memory,
            self.usage.own,
            self.usage.peak,
            self.usage.handles,
            self.usage.threads,
            self.cpu.as_secs_f64() * 1000.0 / of,
            of / self.since.as_secs_f64().max(0.001),
            self.database,
            self.sandbox,
        )
    }
}

/// How often each action happened, one line for each kind.
pub fn kinds(counts: &Counts) -> String {
    let kinds = counts.kinds.iter();
    let kinds: Vec<_> = kinds
        .map(|(kind, count)| format!("{kind} {count}"))
        .collect();
    kinds.join(", ")
}
