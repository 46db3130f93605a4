//! The results of chaos, as a Markdown table.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use super::fault::Fault;

/// All runs of one kind of fault.
#[derive(Clone, Debug, Default)]
pub struct Row {
    pub runs: u64,
    pub clicks: u64,
    /// How many clicks got a link to a ticket (`linked`), got another sentence (`said`), or got no response
    /// in time (`unanswered`).
    pub linked: u64,
    pub said: u64,
    pub unanswered: u64,
    /// The number of errors in the logs.
    pub errors: usize,
    /// Runs after which a promise did not hold.
    pub violations: u64,
    /// The longest time for which two connections had one shard, in milliseconds.
    pub overlap: i64,
    /// How long it took until every shard was served again.
    pub served: Vec<Duration>,
    /// How long it took after that, and after the last click, until no work was left.
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
        // Writing to a string cannot fail.
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
