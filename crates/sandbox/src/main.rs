//! The program: a sandbox for a bot in any language. It prints one line of JSON with its address and its
//! people, and runs until it is stopped.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use discord_sandbox::id::{Timestamp, UserId};
use discord_sandbox::record::Entry;
use discord_sandbox::world::MoreGuilds;
use discord_sandbox::{Builder, Replay, Sandbox, Seed};
use serde_json::json;

/// A local Discord for bots and their tests.
#[derive(Debug, Parser)]
#[command(name = "sandbox", version)]
struct Arguments {
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:0")]
    listen: String,
    /// Allow an address that others on the network can reach: they can act as anybody in it
    #[arg(long)]
    expose: bool,
    /// A further host name under which the sandbox is addressed, such as a container's
    #[arg(long, value_name = "NAME")]
    host_name: Vec<String>,
    /// A seed file: servers, channels, roles and people instead of the default world
    #[arg(long, value_name = "FILE")]
    seed: Option<PathBuf>,
    /// Keep the world in this folder, and continue with it the next time
    #[arg(long, value_name = "FOLDER")]
    keep: Option<PathBuf>,
    /// Open the page in a browser
    #[arg(long)]
    open: bool,
    /// Write the record into this file, as lines of JSON
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
    /// Repeat what people and tests did in a record, each time the bot has come as far as it had then, and compare
    /// the bot's calls: method, path and status
    #[arg(long, value_name = "FILE")]
    replay: Option<PathBuf>,
    /// The bot's token
    #[arg(long)]
    token: Option<String>,
    /// The bot's name
    #[arg(long, value_name = "NAME")]
    bot_name: Option<String>,
    /// Switch a privileged intent off: members, presences or message-content
    #[arg(long, value_name = "INTENT")]
    without_intent: Vec<String>,
    /// Limit calls and sessions as Discord does; without it there are no limits
    #[arg(long)]
    limits: bool,
    /// The number of further servers with the bot in them
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    guilds: u32,
    /// Channels in each further server
    #[arg(long, value_name = "COUNT", default_value_t = 50)]
    channels: u32,
    /// Roles in each further server
    #[arg(long, value_name = "COUNT", default_value_t = 20)]
    roles: u32,
    /// Count ids up from this time (ISO 8601), at which the world's clock starts: two runs with the same actions get
    /// the same ids
    #[arg(long, value_name = "TIME")]
    seed_ids: Option<String>,
    /// The number of shards to recommend, whatever the number of servers
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..))]
    shards: Option<u32>,
    /// The number of shards that may identify at the same time
    #[arg(long, value_name = "COUNT", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    max_concurrency: u32,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            complain("error", &message);
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn run(arguments: &Arguments) -> Result<(), String> {
    // Before anything is printed: the reader of the line may stop the program at once.
    let stop = stop_signal().map_err(|error| format!("cannot wait for signals: {error}"))?;
    if let (Some(replay), Some(record)) = (&arguments.replay, &arguments.record)
        && is_same_file(replay, record)
    {
        return Err(format!(
            "--record {} is the file of --replay, which would be overwritten: name another file",
            record.display()
        ));
    }
    let replay = arguments.replay.as_deref().map(read_replay).transpose()?;
    let sandbox = builder(arguments)?
        .start()
        .await
        .map_err(|error| error.to_string())?;
    // Created only now, so that an older file is kept if the sandbox cannot start.
    let record = arguments.record.as_deref().map(RecordFile::create);
    let record = record.transpose()?;
    let mut problems = sandbox.new_problems();
    announce(&sandbox).map_err(|error| format!("cannot write to standard output: {error}"))?;
    if sandbox.goes_on() && arguments.describes_a_world() {
        let what = "continuing with the kept world: options for a new world are ignored";
        complain("warning", what);
    }
    if arguments.open
        && let Err(error) = open::that_detached(sandbox.url())
    {
        let url = sandbox.url();
        complain(
            "warning",
            &format!("no browser could be opened ({error}): the page is at {url}"),
        );
    }
    let running = async {
        match record {
            None => stop.await,
            Some(record) => record
                .keep(&sandbox, stop)
                .await
                .map_err(|error| format!("--record: cannot write the file: {error}"))?,
        }
        Ok::<_, String>(())
    };
    let replaying = async {
        if let Some(replay) = &replay {
            match sandbox.replay(replay).await {
                Ok(replayed) => complain("replay", &replayed.to_string()),
                Err(why) => complain("replay", &why),
            }
        }
        std::future::pending::<()>().await;
    };
    let telling_problems = async {
        while let Some(problem) = problems.next().await {
            let (method, path, what) = (&problem.method, &problem.path, &problem.what);
            complain("problem", &format!("{method} {path}: {what}"));
        }
    };
    let telling = async {
        loop {
            let reason = sandbox.keeping_fails().await;
            complain(
                "warning",
                &format!("the world is not kept for now: {reason}"),
            );
        }
    };
    tokio::select! {
        ended = running => ended?,
        () = telling => {}
        () = telling_problems => {}
        () = replaying => {}
    }
    sandbox.close().await.map_err(|error| error.to_string())
}

impl Arguments {
    /// Whether an option is set that only affects a new world.
    fn describes_a_world(&self) -> bool {
        self.seed.is_some()
            || self.token.is_some()
            || self.bot_name.is_some()
            || !self.without_intent.is_empty()
            || self.guilds > 0
            || self.seed_ids.is_some()
    }
}

/// Whether two paths lead to one file. A file that does not exist yet is no other file.
fn is_same_file(one: &Path, other: &Path) -> bool {
    #[cfg(unix)]
    let identity = |path: &Path| {
        use std::os::unix::fs::MetadataExt as _;
        let found = std::fs::metadata(path)?;
        io::Result::Ok((found.dev(), found.ino()))
    };
    #[cfg(not(unix))]
    let identity = |path: &Path| std::fs::canonicalize(path);
    match (identity(one), identity(other)) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}

fn read_replay(path: &Path) -> Result<Replay, String> {
    let record = std::fs::read_to_string(path)
        .map_err(|error| format!("--replay {}: {error}", path.display()))?;
    Replay::parse(&record).map_err(|why| format!("--replay {}, {why}", path.display()))
}

/// The file with the record.
struct RecordFile {
    file: BufWriter<File>,
    /// The number of the last entry in the file.
    last: u64,
}

impl RecordFile {
    fn create(path: &Path) -> Result<Self, String> {
        let file =
            File::create(path).map_err(|error| format!("--record {}: {error}", path.display()))?;
        Ok(Self {
            file: BufWriter::new(file),
            last: 0,
        })
    }

    /// Appends new entries to the file until `stop` completes.
    async fn keep(mut self, sandbox: &Sandbox, stop: impl Future<Output = ()>) -> io::Result<()> {
        tokio::pin!(stop);
        loop {
            tokio::select! {
                entries = sandbox.next_entries(self.last) => self.write(&entries)?,
                () = &mut stop => break,
            }
        }
        // Entries that were added while the last ones were written.
        self.write(&sandbox.record_after(self.last))
    }

    fn write(&mut self, entries: &[Entry]) -> io::Result<()> {
        for entry in entries {
            serde_json::to_writer(&mut self.file, entry)?;
            self.file.write_all(b"\n")?;
            self.last = entry.seq;
        }
        self.file.flush()
    }
}

/// Builds a sandbox from the arguments.
fn builder(arguments: &Arguments) -> Result<Builder, String> {
    let listen: SocketAddr = arguments.listen.parse().map_err(|_| {
        format!(
            "--listen {:?} is not an address: write an IP address and a port, such as 127.0.0.1:8080",
            arguments.listen
        )
    })?;
    if !listen.ip().is_loopback() {
        if !arguments.expose {
            return Err(format!(
                "--listen {listen}: others on the network could reach this address and act as \
                 anybody in the sandbox; add --expose if that is wanted"
            ));
        }
        complain(
            "warning",
            &format!("everybody who can reach {listen} can use this sandbox"),
        );
    }
    let mut builder = Sandbox::builder().listen(listen).seed(seed(arguments)?);
    if arguments.limits {
        builder = builder.limits(discord_sandbox::Limits::Discord);
    }
    if let Some(shards) = arguments.shards {
        builder = builder.shards(shards);
    }
    builder = builder.max_concurrency(arguments.max_concurrency);
    if let Some(folder) = &arguments.keep {
        builder = builder.keep(folder);
    }
    for name in &arguments.host_name {
        builder = builder.host_name(name);
    }
    Ok(builder)
}

/// The seed from the arguments. Options take precedence over the seed file.
fn seed(arguments: &Arguments) -> Result<Seed, String> {
    let mut seed = match &arguments.seed {
        Some(file) => Seed::read(file).map_err(|error| error.to_string())?,
        None => Seed::default(),
    };
    for intent in &arguments.without_intent {
        match intent.as_str() {
            "members" => seed.privileged.members = false,
            "presences" => seed.privileged.presences = false,
            "message-content" => seed.privileged.message_content = false,
            other => {
                return Err(format!(
                    "--without-intent {other:?} is not a privileged intent: members, presences or \
                     message-content"
                ));
            }
        }
    }
    if let Some(token) = &arguments.token {
        if token.is_empty() {
            return Err("--token is empty".to_owned());
        }
        seed.token = Some(token.clone());
    }
    if let Some(name) = &arguments.bot_name {
        seed.bot_name = Some(name.clone());
    }
    if let Some(moment) = &arguments.seed_ids {
        let read = Timestamp::from_iso(moment);
        seed.ids_from = Some(read.ok_or_else(|| {
            format!("--seed-ids {moment:?} is not a time: write it as in 2026-01-31T12:00:00Z")
        })?);
    }
    seed.more_guilds = MoreGuilds {
        count: arguments.guilds,
        channels: arguments.channels,
        roles: arguments.roles,
    };
    Ok(seed)
}

/// Prints one line for other programs to read.
fn announce(sandbox: &Sandbox) -> io::Result<()> {
    let who = sandbox.defaults();
    // A seed file may lack a moderator and members.
    let known = |id: &UserId| *id != UserId(0);
    let members: Vec<UserId> = [who.member, who.member2]
        .into_iter()
        .filter(known)
        .collect();
    let line = json!({
        "url": sandbox.url(),
        "gateway": sandbox.gateway_url(),
        "token": sandbox.token(),
        "application_id": who.application,
        "guild_id": who.guild,
        "owner": who.owner,
        "moderator": Some(who.moderator).filter(known),
        "members": members,
    });
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}

/// A future that completes when the program should stop.
#[cfg(unix)]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (
        signal(SignalKind::interrupt())?,
        signal(SignalKind::terminate())?,
    );
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// A future that completes when the program should stop.
#[cfg(not(unix))]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        // If the signal cannot be received, Ctrl+C ends the program without a clean stop.
        let _ = tokio::signal::ctrl_c().await;
    })
}

#[expect(
    clippy::print_stderr,
    reason = "the one place where the program talks to its user"
)]
fn complain(kind: &str, message: &str) {
    eprintln!("{kind}: {message}");
}
