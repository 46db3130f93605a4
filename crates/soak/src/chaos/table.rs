//! What chaos comes to, as Markdown.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use super::fault::Fault;

/// All runs of one kind of fault.
#[derive(Clone, Debug, Default)]
pub struct Row {
    pub runs: u64,
    pub clicks: u64,
    /// Clicks with a link to a ticket, with another sentence, and without a response in time.
    pub linked: u64,
    pub said: u64,
    pub unanswered: u64,
    /// Errors in the logs.
    pub errors: usize,
    /// Runs after which a promise did not hold.
    pub violations: u64,
    /// The longest time for which two connections had one shard, in milliseconds.
    pub overlap: i64,
    /// How long it took until every shard was served again.
    pub served: Vec<Duration>,
    /// How long it took from then, and from the last click, until nothing was left to do.
    pub converged: Vec<Duration>,
}

pub fn table(rows: &BTreeMap<Fault, Row>) -> String {
    let mut text = "\
| fault | runs | clicks | link | other sentence | no response | errors logged | served again, s: median, most | \
two connections, ms | runs with violations |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
        .to_owned();
    for (fault, row) in rows {
        let served = match (median(&row.served), row.served.iter().max()) {
            (Some(median), Some(most)) => {
                format!("{:.1}, {:.1}", median.as_secs_f64(), most.as_secs_f64())
            }
            _ => "–".to_owned(),
        };
        // A string takes everything.
        let _ = write!(
            text,
            "\n| {fault} | {} | {} | {} | {} | {} | {} | {served} | {} | {} |",
            row.runs,
            row.clicks,
            row.linked,
            row.said,
            row.unanswered,
            row.errors,
            row.overlap,
            row.violations
        );
    }
    text
}

fn median(times: &[Duration]) -> Option<Duration> {
    let mut times = times.to_vec();
    times.sort();
    times.get(times.len() / 2).copied()
}
