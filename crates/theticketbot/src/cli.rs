//! The command line, parsed into data.

use std::ffi::OsString;
use std::ops::RangeInclusive;
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{ArgAction, Args, CommandFactory, Parser, Subcommand};

#[cfg(feature = "demo")]
use crate::translate::DISCORD_LOCALES;

/// A Discord ticket bot: members click a button and get a private thread with staff.
#[derive(Debug, Parser)]
#[command(
    name = "theticketbot",
    version,
    after_help = "Without a command, the bot runs."
)]
pub struct Cli {
    /// Log more: -v for this program, -vv for its libraries too
    #[arg(short, long, action = ArgAction::Count, global = true)]
    pub verbose: u8,

    /// The config file to read
    #[arg(long, value_name = "FILE", global = true)]
    pub config_file: Option<PathBuf>,

    #[command(flatten)]
    pub start: Start,

    #[command(subcommand)]
    pub command: Option<Command>,
}

impl Cli {
    /// Whether the bot itself is to run.
    pub fn starts_bot(&self) -> bool {
        self.command.is_none() && !self.start.dump_config
    }

    /// Parses the arguments; the first one is the program's name.
    pub fn of(args: impl IntoIterator<Item = OsString>) -> Result<Self, clap::Error> {
        let cli = Self::try_parse_from(args)?;
        let Start {
            sync,
            no_sync,
            dump_config,
        } = cli.start;
        if cli.command.is_some() && (sync || no_sync || dump_config) {
            let why = "--sync, --no-sync and --dump-config cannot be used with a command";
            return Err(Self::command().error(ErrorKind::ArgumentConflict, why));
        }
        #[cfg(feature = "demo")]
        if cli.config_file.is_some() && matches!(cli.command, Some(Command::Demo(_))) {
            let why = "--config-file cannot be used with demo, which reads no config file";
            return Err(Self::command().error(ErrorKind::ArgumentConflict, why));
        }
        Ok(cli)
    }
}

/// How the bot itself starts. At most one.
#[derive(Debug, Args)]
#[group(multiple = false)]
pub struct Start {
    /// Register the commands with Discord, and exit
    #[arg(long)]
    pub sync: bool,

    /// Start the bot, and take the commands as registered without registering them
    #[arg(long)]
    pub no_sync: bool,

    /// Print the config file's path and the settings in force, and exit
    #[arg(long)]
    pub dump_config: bool,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Encrypt, check, back up or restore the database
    #[command(subcommand)]
    Db(DbCommand),

    /// Export the settings of inboxes, or apply them from a file
    #[command(subcommand)]
    Inboxes(InboxesCommand),

    /// Show and erase what is stored about a person
    #[command(subcommand)]
    Member(MemberCommand),

    /// Manage a bot that runs as several processes
    #[cfg(feature = "postgres")]
    #[command(subcommand)]
    Cluster(ClusterCommand),

    /// Check that the running bot is connected: exit code 0 if Discord answered it in the last two
    /// minutes
    Health,

    /// Try the bot in a local Discord, without a token
    #[cfg(feature = "demo")]
    Demo(DemoArgs),
}

#[derive(Debug, Subcommand)]
pub enum DbCommand {
    /// Encrypt the database
    Encrypt,
    /// Change the key of an encrypted database
    Rekey,
    /// Decrypt the database
    Decrypt,
    /// Check for damage; also while the bot runs
    Check,
    /// Copy the database; also while the bot runs
    Backup {
        /// The file to write, which must not exist yet
        target: PathBuf,
    },
    /// Copy everything to an empty PostgreSQL schema, or from PostgreSQL to a new file; the bot must
    /// be stopped
    #[cfg(feature = "postgres")]
    Copy {
        /// A URL without a password, or a file that does not exist yet; by default the URL in the
        /// environment variable `THETICKETBOT_DB_COPY_URL`
        #[arg(long, value_name = "URL or FILE")]
        to: Option<String>,
    },
    /// Replace the database with a backup; the old one is kept beside it
    Restore {
        /// The backup, which stays as it is
        source: PathBuf,
    },
}

#[cfg(feature = "postgres")]
#[derive(Debug, Subcommand)]
pub enum ClusterCommand {
    /// Show the processes, and which of them has which shard
    Status,
    /// Change the number of shards of all processes, while they run
    Reshard {
        /// The new number of shards
        total: u32,
    },
}

#[derive(Debug, Subcommand)]
pub enum InboxesCommand {
    /// Print the settings of all inboxes as TOML; also while the bot runs
    Export,
    /// Change the settings of inboxes to those in a file; also while the bot runs
    Apply {
        /// A file as `inboxes export` prints it
        file: PathBuf,

        /// Only print what would change
        #[arg(long)]
        dry_run: bool,
    },
}

#[derive(Debug, Subcommand)]
pub enum MemberCommand {
    /// Show what is stored about a person, and remove it; also while the bot runs
    Forget {
        /// The person's id: enable Developer Mode in Discord, and choose Copy User ID in their menu
        #[arg(value_parser = person_id)]
        id: u64,

        /// Archive their open tickets first; otherwise an open ticket is an error
        #[arg(long)]
        close: bool,

        /// Only show it
        #[arg(long, conflicts_with = "close")]
        dry_run: bool,
    },
}

/// No id of this century needs the highest bit, which the database cannot store. Ids with fewer than 17
/// digits would be from Discord's first month, so they are most likely something else.
const IDS: RangeInclusive<u64> = 10_000_000_000_000_000..=i64::MAX.cast_unsigned();

fn person_id(text: &str) -> Result<u64, String> {
    let id = text.parse().ok().filter(|id| IDS.contains(id));
    id.ok_or_else(|| "a Discord id is a number of 17 to 19 digits".to_owned())
}

#[cfg(feature = "demo")]
#[derive(Clone, Debug, Args)]
pub struct DemoArgs {
    /// The port of the local Discord; by default a free one
    #[arg(long)]
    pub port: Option<u16>,

    /// Open the page in your browser
    #[arg(long)]
    pub open: bool,

    /// Keep everything in this folder, and continue with it the next time; otherwise nothing is kept
    #[arg(long, value_name = "FOLDER")]
    pub keep: Option<PathBuf>,

    /// The language of the server and its people: a Discord locale, such as de
    #[arg(long, value_name = "LOCALE", value_parser = locale)]
    pub language: Option<String>,

    /// Start with the servers and people of a seed file (see the sandbox's README)
    #[arg(long, value_name = "FILE", conflicts_with = "language")]
    pub seed: Option<PathBuf>,
}

/// A Discord locale, in whatever case it is typed.
#[cfg(feature = "demo")]
fn locale(typed: &str) -> Result<String, String> {
    let mut all = DISCORD_LOCALES.into_iter();
    let found = all.find(|code| code.eq_ignore_ascii_case(typed));
    found
        .map(str::to_owned)
        .ok_or_else(|| format!("Discord has these: {}", DISCORD_LOCALES.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn what_is_typed_is_understood() {
        let parse = |line: &str| Cli::of(line.split_whitespace().map(OsString::from));
        let cli = parse("theticketbot -vv --config-file a.toml --sync").unwrap();
        assert_eq!(
            (cli.verbose, cli.start.sync, cli.start.no_sync),
            (2, true, false)
        );
        assert_eq!(cli.config_file, Some("a.toml".into()));
        let cli = parse("theticketbot db backup copy.db --config-file a.toml").unwrap();
        assert!(matches!(
            cli.command,
            Some(Command::Db(DbCommand::Backup { .. }))
        ));
        assert_eq!(cli.config_file, Some("a.toml".into()));
        for bad in [
            "--sync --no-sync",
            "--sync --dump-config",
            "--sync health",
            "--no-sync db check",
            "--dump-config db check",
            "db",
            "db backup",
            "inboxes",
            "inboxes apply",
            "member",
            "member forget",
            "member forget mia",
            "member forget 0",
            "member forget 9223372036854775808",
            "--nonsense",
        ] {
            assert!(parse(&format!("theticketbot {bad}")).is_err(), "{bad}");
        }
    }

    #[test]
    #[cfg(feature = "demo")]
    fn a_demo_speaks_discords_languages() {
        let parse = |line: &str| Cli::try_parse_from(line.split_whitespace());
        let language = |typed: &str| match parse(&format!("t demo --language {typed}")) {
            Ok(Cli {
                command: Some(Command::Demo(args)),
                ..
            }) => Ok(args.language.unwrap()),
            other => Err(other.unwrap_err().to_string()),
        };
        assert_eq!(language("fr").unwrap(), "fr");
        assert_eq!(language("PT-br").unwrap(), "pt-BR");
        let refused = language("klingon").unwrap_err();
        assert!(
            refused.contains("'klingon'") && refused.contains("cs, da, de, el"),
            "{refused}"
        );
        assert!(parse("t demo --language de --seed a.toml").is_err());
    }
}
