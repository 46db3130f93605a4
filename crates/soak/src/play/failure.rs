//! The report of a play that failed.

use std::fmt;

use discord_sandbox::Sandbox;

use super::Options;
use harness::Log;

/// How many entries of the record a failure shows.
const TAIL: usize = 1000;

/// A broken promise, with everything needed to investigate it.
pub struct Failure {
    seed: u64,
    people: u32,
    faults: bool,
    step: u64,
    wrong: Vec<String>,
    last: Vec<String>,
    record: Vec<String>,
    log: Vec<String>,
}

impl Failure {
    pub(super) fn new(options: &Options, wrong: Vec<String>) -> Self {
        Self {
            seed: options.seed,
            people: options.people,
            faults: options.faults,
            step: 0,
            wrong,
            last: Vec::new(),
            record: Vec::new(),
            log: Vec::new(),
        }
    }

    pub(super) fn at(mut self, step: u64, last: Vec<String>, sandbox: &Sandbox, log: &Log) -> Self {
        let mark = sandbox.mark().saturating_sub(TAIL as u64);
        let entries = sandbox.record_after(mark).into_iter();
        self.record = entries
            .map(|entry| format!("{:>6} {}", entry.seq, entry.what.summary()))
            .collect();
        self.step = step;
        self.last = last;
        self.log = log.tail();
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "seed {}, at step {}, this is wrong:",
            self.seed, self.step
        )?;
        for wrong in &self.wrong {
            writeln!(f, "  {wrong}")?;
        }
        for (title, lines) in [
            ("the last actions", &self.last),
            ("the last things that happened", &self.record),
            ("the last that the bot logged", &self.log),
        ] {
            writeln!(f, "{title}:")?;
            for line in lines {
                let short: String = line.chars().take(400).collect();
                writeln!(f, "  {short}")?;
            }
        }
        writeln!(
            f,
            "once more: cargo run -p soak -- --seed {} --people {} --faults {} --steps {} --inside",
            self.seed,
            self.people,
            if self.faults { "on" } else { "off" },
            self.step
        )
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Failure {}
