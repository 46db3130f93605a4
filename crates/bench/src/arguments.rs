//! The command line.

use std::path::PathBuf;
use std::str::FromStr;

use clap::Parser;

/// Measures theticketbot beside the original.
#[derive(Debug, Parser)]
#[command(name = "bench", version)]
pub(crate) struct Arguments {
    /// What to measure: round-trips, form, five-clicks, crowd, throughput, memory, start, tickets, idle,
    /// size; or all
    #[arg(value_name = "MEASURE", default_value = "all")]
    what: Vec<Wanted>,
    /// How often each thing is measured
    #[arg(long, value_name = "COUNT")]
    runs: Option<usize>,
    /// Once, and little of it: to see that it works
    #[arg(long)]
    pub(crate) quick: bool,
    /// The release build of theticketbot, instead of building it
    #[arg(long, value_name = "PROGRAM")]
    pub(crate) theticketbot: Option<PathBuf>,
    /// The release build without the demo, instead of building it
    #[arg(long, value_name = "PROGRAM")]
    pub(crate) slim: Option<PathBuf>,
    /// The release build of the sandbox, instead of building it
    #[arg(long, value_name = "PROGRAM")]
    pub(crate) sandbox: Option<PathBuf>,
    /// Leave the build without the demo out
    #[arg(long)]
    pub(crate) no_slim: bool,
    /// Leave the original out
    #[arg(long)]
    pub(crate) no_original: bool,
    /// A further bot: a shell command that reads theticketbot's config, or takes the sandbox's
    /// address and token from `SANDBOX_URL` and `SANDBOX_TOKEN`
    #[arg(long, value_name = "NAME=COMMAND")]
    pub(crate) peer: Vec<Peer>,
    /// Write the table into this file, too
    #[arg(long, value_name = "FILE")]
    pub(crate) markdown: Option<PathBuf>,
    /// Write all figures into this file
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
}

/// One thing to measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Measure {
    /// From the click to the acknowledgement, to the owner in the thread and to the link.
    RoundTrips,
    /// From the click to the form, and from its submission to the link and the answers, beside a click
    /// without one.
    Form,
    /// Five clicks within 100 ms.
    FiveClicks,
    /// 500 clicks in a second.
    Crowd,
    /// Tickets a second with Discord's limits switched on.
    Throughput,
    /// Resident memory, idle, with 1, 1,000 and 10,000 servers.
    Memory,
    /// Processor time and calls of a start.
    Start,
    /// Processor time and memory of many tickets.
    Tickets,
    /// Wake-ups of a bot to which nothing happens.
    Idle,
    /// The programs' sizes.
    Size,
}

impl Measure {
    const ALL: [Self; 10] = [
        Self::RoundTrips,
        Self::Form,
        Self::FiveClicks,
        Self::Crowd,
        Self::Throughput,
        Self::Memory,
        Self::Start,
        Self::Tickets,
        Self::Idle,
        Self::Size,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::RoundTrips => "round-trips",
            Self::Form => "form",
            Self::FiveClicks => "five-clicks",
            Self::Crowd => "crowd",
            Self::Throughput => "throughput",
            Self::Memory => "memory",
            Self::Start => "start",
            Self::Tickets => "tickets",
            Self::Idle => "idle",
            Self::Size => "size",
        }
    }
}

/// One measure, or all.
#[derive(Clone, Debug)]
struct Wanted(Vec<Measure>);

impl FromStr for Wanted {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "all" {
            return Ok(Self(Measure::ALL.to_vec()));
        }
        let known = Measure::ALL.into_iter().find(|one| one.name() == text);
        let names = || Measure::ALL.map(Measure::name).join(", ");
        known
            .map(|one| Self(vec![one]))
            .ok_or_else(|| format!("there are: all, {}", names()))
    }
}

/// A further bot.
#[derive(Clone, Debug)]
pub(crate) struct Peer {
    pub(crate) name: String,
    pub(crate) command: String,
}

impl FromStr for Peer {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once('=') {
            Some((name, command)) if !name.is_empty() && !command.is_empty() => Ok(Self {
                name: name.to_owned(),
                command: command.to_owned(),
            }),
            _ => Err("write NAME=COMMAND, such as older=/usr/local/bin/theticketbot".to_owned()),
        }
    }
}

impl Arguments {
    /// What was asked for, in the table's order and once each.
    pub(crate) fn measures(&self) -> Vec<Measure> {
        let is_wanted = |one: &Measure| self.what.iter().any(|wanted| wanted.0.contains(one));
        Measure::ALL.into_iter().filter(is_wanted).collect()
    }

    pub(crate) fn runs(&self) -> usize {
        match self.runs {
            Some(runs) => runs.max(1),
            None if self.quick => 1,
            None => 3,
        }
    }
}
