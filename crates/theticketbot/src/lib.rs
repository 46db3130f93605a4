//! The program: a Discord ticket bot with its own database.
//!
//! [`main_with`] is the complete start: arguments, logging, config, secrets, database, and then the bot
//! itself, which is `run_bot`.

pub mod app;
pub mod cache;
pub mod cleanup;
pub mod cli;
#[cfg(feature = "postgres")]
pub mod cluster;
pub mod config;
pub mod db_command;
#[cfg(feature = "demo")]
pub mod demo;
pub mod dirs;
pub mod discord;
pub mod engine;
pub mod failpoint;
#[cfg(feature = "postgres")]
pub mod fence;
pub mod files;
pub mod gateway;
pub mod host;
pub mod inboxes_command;
pub mod logging;
pub mod member_command;
pub mod metrics;
pub mod process;
pub mod prompt;
pub mod reconcile;
pub mod run;
pub mod run_error;
pub mod secrets;
pub mod session;
pub mod shards;
pub mod store;
pub mod translate;

use std::cell::Cell;
use std::ffi::OsString;
use std::fmt;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use cli::{Cli, Command, Start};
use config::{ConfigError, FirstRun, FirstRunError, Settings};
use dirs::Dirs;
use run::RunError;
use secrets::KeyError;
use store::{KeyTemplateError, OpenError, Store};

/// The exit code of a start that cannot succeed until the host changes something, such as the token
/// or the config: a service manager should not try again. It is `EX_CONFIG` of sysexits.h.
pub const EXIT_NEEDS_HOST: u8 = 78;

/// Whatever ended the program, with a message for the host.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// How the bot itself is to run.
#[derive(Debug)]
pub struct RunOptions {
    pub registration: Registration,
    /// The config file that this run has written. It is deleted if Discord refuses its token.
    pub first_run: Option<FirstRun>,
    /// Where the config and its placeholders are, for `reload-config`.
    pub dirs: Dirs,
    /// Whether to log how the bot is invited.
    pub invites: bool,
}

/// When the commands are registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registration {
    /// If they differ from those registered last.
    IfChanged,
    /// Now, whatever was registered last.
    Always,
    /// Now, and exit.
    ThenExit,
    /// Not now: they are taken as registered.
    Skip,
}

/// Runs the program with these arguments; the first one is its name.
pub fn main_with(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::of(args) {
        Ok(cli) => cli,
        Err(answer) => {
            // Help and version are answers, too, and go to standard output.
            let code = match written(answer.print()) {
                Err(error) if answer.exit_code() == 0 => {
                    report(&error.to_string());
                    1
                }
                _ => answer.exit_code(),
            };
            return u8::try_from(code).map_or(ExitCode::FAILURE, ExitCode::from);
        }
    };
    let starts_bot = cli.starts_bot();
    let output = Output::default();
    match start(cli, &output).and_then(|()| output.finish()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let message = with_causes(&*error);
            report(&message);
            if starts_bot {
                tracing::error!(target: logging::FILE_ONLY, "{message}");
            }
            if starts_bot && needs_the_host(&*error) {
                ExitCode::from(EXIT_NEEDS_HOST)
            } else {
                ExitCode::FAILURE
            }
        }
    }
}

/// Whether a start fails again and again until the host changes something.
fn needs_the_host(error: &(dyn std::error::Error + 'static)) -> bool {
    #[cfg(feature = "postgres")]
    if error.is::<NoServer>() {
        return true;
    }
    error.is::<ConfigError>()
        || error.is::<FirstRunError>()
        || error.is::<KeyTemplateError>()
        || error.is::<KeyError>()
        || error.is::<NoToken>()
        || error.downcast_ref().is_some_and(OpenError::needs_the_host)
        || error.downcast_ref().is_some_and(RunError::needs_the_host)
}

/// There is no bot token, and this file is where it could be.
#[derive(Debug)]
struct NoToken {
    file: PathBuf,
}

impl fmt::Display for NoToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "there is no bot token; set token in [bot] of {}, or the environment variable {}",
            self.file.display(),
            secrets::TOKEN
        )
    }
}

impl std::error::Error for NoToken {}

fn start(cli: Cli, output: &Output) -> Result<(), BoxError> {
    let print = |text: &str| output.print(text);
    let dirs = Dirs::of_this_user()?;
    logging::init(cli.verbose, cli.starts_bot().then_some(&*dirs.log));
    let file = cli.config_file.as_deref();
    let settings = || settings(file, &dirs).map(|(settings, _)| settings);
    match cli.command {
        Some(Command::Db(command)) => {
            let settings = settings()?;
            print(&db_command::run(&command, &settings)?);
            Ok(())
        }
        Some(Command::Inboxes(command)) => {
            let settings = settings()?;
            runtime()?.block_on(inboxes_command::run(&command, &settings, print))
        }
        Some(Command::Member(command)) => {
            let settings = settings()?;
            runtime()?.block_on(member_command::run(&command, &settings, print))
        }
        #[cfg(feature = "postgres")]
        Some(Command::Cluster(command)) => {
            let settings = settings()?;
            print(&runtime()?.block_on(cluster::status::run(&command, &settings))?);
            Ok(())
        }
        Some(Command::Health) => {
            let settings = settings()?;
            let age = host::heartbeat::check(&settings.db.path)?;
            print(&format!("healthy: Discord answered {age} seconds ago"));
            Ok(())
        }
        #[cfg(feature = "demo")]
        Some(Command::Demo(args)) => run_demo(&args, dirs, print),
        None if cli.start.dump_config => {
            let settings = settings()?;
            let usual = dirs.config.join("config.toml");
            let none = format!(
                "(no config file at {} or ./config.toml: these are the defaults)",
                usual.display()
            );
            let file = settings
                .file
                .as_ref()
                .map_or(none, |file| file.display().to_string());
            print(&format!("{file}\n{}", config::dump(&settings)));
            Ok(())
        }
        None => start_bot(&cli.start, file, dirs),
    }
}

fn start_bot(
    start: &Start,
    config_file: Option<&std::path::Path>,
    dirs: Dirs,
) -> Result<(), BoxError> {
    let (mut settings, located) = settings(config_file, &dirs)?;
    let mut first_run = None;
    if settings.file.is_none() && !settings.has_token() {
        let file = config::user_file(&dirs);
        first_run = Some(FirstRun::ask(&file)?);
        settings = config::in_force(Some(&file), &dirs)?;
    }
    if let Some(ignored) = located.ignored {
        tracing::warn!(
            read = %settings.file.as_deref().unwrap_or(&ignored).display(),
            ignored = %ignored.display(),
            "there are two config files and only the first is read; name the other with \
             --config-file to use it"
        );
    }
    for notice in settings.notices.iter().chain(&host::notices(&settings)) {
        tracing::warn!("{notice}");
    }
    if !settings.has_token() {
        let file = settings.file;
        let file = file.unwrap_or_else(|| config::user_file(&dirs));
        return Err(NoToken { file }.into());
    }
    #[cfg(unix)]
    files::may_open_enough().map_err(|error| {
        format!(
            "the system does not let this program have enough files and connections open \
             ({error}); raise its limit, for example with `ulimit -n 1024`"
        )
    })?;
    let database = Opened::of(&settings)?;
    tracing::info!(
        version = env!("CARGO_PKG_VERSION"),
        database = settings.db.engine(),
        "starting"
    );
    let registration = match start {
        Start { sync: true, .. } => Registration::ThenExit,
        Start { no_sync: true, .. } => Registration::Skip,
        Start { .. } => Registration::IfChanged,
    };
    let options = RunOptions {
        registration,
        first_run,
        dirs,
        invites: true,
    };
    runtime()?.block_on(run_bot(settings, database, options))
}

/// The database of a process that is alone, or of one of several.
enum Opened {
    Alone(Store),
    #[cfg(feature = "postgres")]
    Together(store::SharedDatabase),
}

impl Opened {
    fn of(settings: &Settings) -> Result<Self, BoxError> {
        #[cfg(feature = "postgres")]
        if settings.is_cluster {
            let Some(url) = &settings.db.url else {
                return Err(NoServer.into());
            };
            return Ok(Self::Together(store::SharedDatabase::connect(url)?));
        }
        Ok(Self::Alone(settings.db.open()?))
    }
}

/// Several processes need PostgreSQL.
#[cfg(feature = "postgres")]
#[derive(Debug)]
struct NoServer;

#[cfg(feature = "postgres")]
impl fmt::Display for NoServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "cluster = true in [gateway] needs PostgreSQL; set url in [db], or the environment variable {}",
            secrets::DB_URL
        )
    }
}

#[cfg(feature = "postgres")]
impl std::error::Error for NoServer {}

/// The bot, from login to shutdown.
async fn run_bot(
    settings: Settings,
    database: Opened,
    options: RunOptions,
) -> Result<(), BoxError> {
    let stop = run::stop_signal()?;
    match database {
        Opened::Alone(store) => run::run(settings, store, options, stop).await?,
        #[cfg(feature = "postgres")]
        Opened::Together(database) => cluster::run(settings, database, options, stop).await?,
    }
    Ok(())
}

/// The bot in a local Discord.
#[cfg(feature = "demo")]
fn run_demo(args: &cli::DemoArgs, dirs: Dirs, print: impl Fn(&str)) -> Result<(), BoxError> {
    runtime()?.block_on(demo::run(args, dirs, |url| {
        let kept = match &args.keep {
            Some(folder) => format!("; what you did stays in {}", folder.display()),
            None => String::new(),
        };
        print(&format!(
            "The demo is at {url}\n\
             Open it in a browser and choose at its top who you are. Ctrl+C ends it{kept}."
        ));
    }))
}

/// The settings that hold, and which config files were found.
fn settings(
    named: Option<&std::path::Path>,
    dirs: &Dirs,
) -> Result<(Settings, config::Located), BoxError> {
    let located = config::locate(named, dirs);
    let settings = config::in_force(located.file.as_deref(), dirs)?;
    Ok((settings, located))
}

/// One thread is enough for what a ticket bot does, and keeps it small. The database has its own.
fn runtime() -> io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
}

/// Standard output, for what a command was asked for. If it cannot be written, the command does its work
/// nevertheless, and then fails.
#[derive(Default)]
struct Output {
    error: Cell<Option<io::Error>>,
}

impl Output {
    fn print(&self, text: &str) {
        if let Err(error) = writeln!(io::stdout(), "{text}") {
            self.error.set(Some(error));
        }
    }

    fn finish(&self) -> Result<(), BoxError> {
        written(self.error.take().map_or(Ok(()), Err))
    }
}

/// The reader of standard output may close it early, as `head` does.
fn written(result: io::Result<()>) -> Result<(), BoxError> {
    match result {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(format!("cannot write to standard output: {error}").into())
        }
        _ => Ok(()),
    }
}

/// The message of an error with its causes.
fn with_causes(error: &(dyn std::error::Error + 'static)) -> String {
    let mut message = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let reason = error.to_string();
        // Some errors have their cause in their own words already.
        if !message.ends_with(&reason) {
            message.push_str(": ");
            message.push_str(&reason);
        }
        cause = error.source();
    }
    message
}

/// Reports the error that ends the program. Nothing else does.
fn report(message: &str) {
    for (at, line) in message.lines().enumerate() {
        let start = if at == 0 { "error: " } else { "" };
        // If nobody can read the error, there is still the exit code.
        let _ = writeln!(io::stderr(), "{start}{}", logging::escape(line));
    }
}
