//! The soak: the real program, tried for as long as asked.

#[cfg(target_os = "linux")]
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

#[cfg(target_os = "linux")]
use clap::Args;
use clap::{Parser, Subcommand, ValueEnum};
use harness::How;
use harness::bot::Program;
#[cfg(target_os = "linux")]
use soak::chaos::fault::Fault;
use soak::flat;
use soak::measure::Meter;
use soak::play::{Options, Play};
use soak::report::{FLAT_HEAD, Minute, SOAK_HEAD, kinds};

/// Tries to break the bot: random people do random things on a local Discord
///
/// Without --steps or --tickets it runs for --minutes and prints a line each minute; the report is
/// Markdown. It exits with status 1 if a promise did not hold.
#[derive(Debug, Parser)]
#[command(name = "soak", version, args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// How long
    #[arg(long, default_value_t = 30)]
    minutes: u64,
    /// The number of actions of one seed instead
    #[arg(long, conflicts_with = "minutes")]
    steps: Option<u64>,
    /// The number of tickets to open and close as fast as possible, and nothing else
    #[arg(long, conflicts_with_all = ["minutes", "steps", "faults", "seed"])]
    tickets: Option<u64>,
    /// What the actions are drawn from; by default another one each time
    #[arg(long)]
    seed: Option<u64>,
    /// With --steps: the number of seeds, one after the other
    #[arg(long, default_value_t = 1, requires = "steps")]
    seeds: u64,
    /// How many members there are
    #[arg(long)]
    people: Option<u32>,
    /// Whether calls fail, connections break and the bot is killed
    #[arg(long, default_value = "on")]
    faults: Switch,
    /// The program; by default the `theticketbot` beside this one
    #[arg(long, value_name = "FILE")]
    bot: Option<PathBuf>,
    /// Run the bot inside this process instead: quicker, and nothing to measure
    #[arg(long)]
    inside: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Faults happen to three processes on one PostgreSQL, while members click and staff close
    ///
    /// Each seed has every fault once, in a different order. Needs Linux, PostgreSQL and a C compiler.
    #[cfg(target_os = "linux")]
    Chaos(Chaos),
    /// How long members wait on SQLite and on PostgreSQL, side by side
    Engines {
        /// So many members click, one after the other
        #[arg(long, default_value_t = 300)]
        clicks: u32,
        /// The program; by default the `theticketbot` beside this one
        #[arg(long, value_name = "FILE")]
        bot: Option<PathBuf>,
    },
}

#[cfg(target_os = "linux")]
#[derive(Debug, Args)]
struct Chaos {
    /// The first seed; by default another one each time
    #[arg(long)]
    seed: Option<u64>,
    /// So many seeds, one after the other
    #[arg(long, default_value_t = 1)]
    seeds: u64,
    /// Begins no seed after so long
    #[arg(long)]
    minutes: Option<u64>,
    /// This kind of fault only; can be given several times
    #[arg(long = "fault", value_enum)]
    faults: Vec<Fault>,
    /// Gives each process a network namespace of its own, whose link goes down, too; needs root and `ip`
    #[arg(long)]
    namespaces: bool,
    /// The program, with its feature postgres; by default the `theticketbot` beside this one
    #[arg(long, value_name = "FILE")]
    bot: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Switch {
    On,
    Off,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = tokio::select! {
        done = run(&arguments) => done,
        // This drops the run, which kills the bot.
        () = interrupted() => Err("interrupted".to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error);
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &Arguments) -> Result<(), String> {
    match &arguments.command {
        #[cfg(target_os = "linux")]
        Some(Command::Chaos(arguments)) => return chaos(arguments).await,
        Some(Command::Engines { clicks, bot }) => {
            let program = program(bot.clone())?;
            let measured = soak::engines::run(&program, *clicks, say).await;
            return measured.map_err(|error| error.to_string());
        }
        None => {}
    }
    match (arguments.tickets, arguments.steps) {
        (Some(tickets), _) => many_tickets(arguments, tickets).await,
        (None, Some(steps)) => some_steps(arguments, steps).await,
        (None, None) => some_minutes(arguments).await,
    }
}

/// Completes when the terminal or the system asks the program to stop.
async fn interrupted() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminated.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}

async fn some_minutes(arguments: &Arguments) -> Result<(), String> {
    let options = Options {
        people: arguments.people.unwrap_or(50),
        storm_every: 10,
        segment: (50, 400),
        keep: 300,
        oracle: false,
        goes_on: true,
        ..options(arguments)?
    };
    let is_measured = cfg!(target_os = "linux") && !arguments.inside;
    say(&format!(
        "Seed {}, {} people, faults {}.{}\n\n{SOAK_HEAD}",
        options.seed,
        options.people,
        if options.faults { "on" } else { "off" },
        if is_measured {
            ""
        } else {
            " Memory, handles and CPU are not measured here."
        },
    ));
    let began = Instant::now();
    let mut play = Play::begin(options).await.map_err(|e| e.to_string())?;
    let (mut meter, mut minute, mut broken) = (Meter::default(), 0, 0);
    let row = |play: &Play, meter: &Meter, minute| {
        say(&Minute {
            minute,
            counts: play.counts.clone(),
            opened: play.memory.opened,
            closed: play.memory.closed,
            usage: meter.now(),
        }
        .to_string());
    };
    while began.elapsed()
        < Duration::from_secs(60) * u32::try_from(arguments.minutes).unwrap_or(u32::MAX)
    {
        play.segment(u64::MAX).await.map_err(|e| e.to_string())?;
        if let Some(pid) = play.stage.bot.program().map(Program::pid) {
            meter.sample(pid);
        }
        for failure in play.failures.drain(..) {
            broken += 1;
            complain(&failure.to_string());
        }
        if began.elapsed().as_secs() / 60 > minute {
            minute = began.elapsed().as_secs() / 60;
            row(&play, &meter, minute);
        }
    }
    let (opened, closed) = (play.memory.opened, play.memory.closed);
    let transferred = play.memory.transferred;
    let counts = play.finish().await.map_err(|e| e.to_string())?;
    say(&format!(
        "\nIn {:.1} minutes {} actions; {opened} tickets opened, {transferred} of \
         them by a transfer, {closed} closed by people; {} starts of \
         the bot, {} after it was killed; every promise checked at {} quiet points, {}.",
        began.elapsed().as_secs_f64() / 60.0,
        counts.actions,
        counts.starts,
        counts.kills,
        counts.quiet_points,
        match broken {
            0 => "all held".to_owned(),
            broken => format!("{broken} of them with failures"),
        }
    ));
    if is_measured {
        let most = meter.highest;
        say(&format!(
            "At most: {} kB of memory at a check, {} kB at any moment, {} handles, {} threads; {:.1} s \
             of CPU.",
            most.memory,
            most.peak,
            most.handles,
            most.threads,
            most.cpu.as_secs_f64()
        ));
    }
    say(&format!("\nWhat was done: {}.", kinds(&counts)));
    match broken {
        0 => Ok(()),
        broken => Err(format!("something was wrong at {broken} quiet points")),
    }
}

async fn some_steps(arguments: &Arguments, steps: u64) -> Result<(), String> {
    let first = options(arguments)?;
    let mut failed = 0;
    for seed in first.seed..first.seed + arguments.seeds {
        let began = Instant::now();
        let options = Options {
            seed,
            ..first.clone()
        };
        match played(options, steps).await {
            Ok(counts) => say(&format!(
                "seed {seed}: {} actions, {} quiet points, {} starts, {} kills, {:.1} s: all is well",
                counts.actions,
                counts.quiet_points,
                counts.starts,
                counts.kills,
                began.elapsed().as_secs_f64()
            )),
            Err(error) => {
                failed += 1;
                say(&error);
            }
        }
    }
    match failed {
        0 => Ok(()),
        failed => Err(format!("{failed} of {} seeds failed", arguments.seeds)),
    }
}

async fn played(options: Options, steps: u64) -> Result<soak::play::Counts, String> {
    let mut play = Play::begin(options).await.map_err(|e| e.to_string())?;
    while play.memory.step < steps {
        let left = steps - play.memory.step;
        play.segment(left).await.map_err(|e| e.to_string())?;
    }
    play.finish().await.map_err(|e| e.to_string())
}

#[cfg(target_os = "linux")]
async fn chaos(arguments: &Chaos) -> Result<(), String> {
    let first = arguments.seed.unwrap_or_else(|| fastrand::u64(..1_000_000));
    let mut faults = match arguments.faults.as_slice() {
        [] => Fault::value_variants().to_vec(),
        some => some.to_vec(),
    };
    if !arguments.namespaces {
        faults.retain(|fault| *fault != Fault::LinkDown);
        if faults.is_empty() {
            return Err("a process has a link of its own with --namespaces only".to_owned());
        }
    }
    let program = program(arguments.bot.clone())?;
    let time = Duration::from_secs(60)
        * arguments
            .minutes
            .map_or(u32::MAX, |it| it.min(10_000) as u32);
    let (began, mut rows, mut failed) = (Instant::now(), BTreeMap::new(), 0);
    for seed in (first..first + arguments.seeds).take_while(|_| began.elapsed() < time) {
        let options = soak::chaos::Options {
            seed,
            program: program.clone(),
            faults: faults.clone(),
            namespaces: arguments.namespaces,
        };
        match soak::chaos::play(&options, &mut rows, complain).await {
            Ok(Some(())) => say(&format!("seed {seed}: done")),
            Ok(None) => return Err("PostgreSQL is not installed".to_owned()),
            Err(error) => {
                failed += 1;
                complain(&error);
            }
        }
    }
    say(&soak::chaos::table::table(&rows));
    let violations: u64 = rows.values().map(|row| row.violations).sum();
    match (violations, failed) {
        (0, 0) => Ok(()),
        (violations, failed) => Err(format!(
            "{violations} violations; {failed} seeds did not end"
        )),
    }
}

async fn many_tickets(arguments: &Arguments, tickets: u64) -> Result<(), String> {
    let people = arguments.people.unwrap_or(1000);
    let every = (tickets / 10).max(1);
    say(&format!(
        "{people} people open and close {tickets} tickets.\n\n{FLAT_HEAD}"
    ));
    flat::run(how(arguments)?, people, tickets, every, |row| {
        say(&row.to_string());
    })
    .await
}

fn options(arguments: &Arguments) -> Result<Options, String> {
    Ok(Options {
        seed: arguments.seed.unwrap_or_else(|| fastrand::u64(..1_000_000)),
        how: how(arguments)?,
        people: arguments.people.unwrap_or(10),
        faults: arguments.faults == Switch::On,
        storm_every: 2,
        segment: (20, 80),
        keep: 40,
        // The bot waits a minute before it deletes a thread that no opening has claimed.
        timeout: Duration::from_secs(90),
        goes_on: false,
        oracle: true,
    })
}

fn how(arguments: &Arguments) -> Result<How, String> {
    if arguments.inside {
        return Ok(How::Inside);
    }
    program(arguments.bot.clone()).map(How::Program)
}

/// The given program, or the one in the same folder as this program.
fn program(named: Option<PathBuf>) -> Result<PathBuf, String> {
    let beside = || {
        let own = std::env::current_exe().ok()?;
        let name = format!("theticketbot{}", std::env::consts::EXE_SUFFIX);
        Some(own.parent()?.join(name))
    };
    let program = named.or_else(beside);
    let program = program.ok_or("cannot find this program's own path; name the bot with --bot")?;
    if program.is_file() {
        Ok(program)
    } else {
        Err(format!(
            "{} does not exist: build it with `cargo build --release -p theticketbot`, or name \
             another with --bot",
            program.display()
        ))
    }
}

#[expect(clippy::print_stdout, reason = "the report goes to standard output")]
fn say(text: &str) {
    println!("{text}");
}

#[expect(clippy::print_stderr, reason = "the one place where an error ends")]
fn complain(text: &str) {
    eprintln!("error: {text}");
}
