//! `theticketbot demo`: the bot on a local Discord, in one process.
//!
//! The bot is the real one: it connects over HTTP and WebSocket as it would to Discord, with its own
//! database. The database and the sandbox's world are deleted when the demo ends, or kept in a folder.

mod world;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use discord_sandbox::{Sandbox, Seed};

use crate::cli::DemoArgs;
use crate::config::{self, ApiUrl};
use crate::dirs::Dirs;
use crate::run;
use crate::store::{Access, Store};
use crate::{BoxError, Registration, RunOptions};

/// Runs the bot and the sandbox until a signal stops them. `on_ready` is called with the page's address.
pub async fn run(args: &DemoArgs, dirs: Dirs, on_ready: impl FnOnce(&str)) -> Result<(), BoxError> {
    // This comes first, so that temporary files are deleted even if a signal comes early.
    let stop = run::stop_signal()?;
    let home = Home::of(args)?;
    let sandbox = sandbox(args).await?;

    let mut settings = config::load(None, &dirs, None)?;
    settings.token = sandbox.token().into();
    settings.api_url = ApiUrl::parse(&sandbox.url())?;
    settings.db.path = home.path().join("theticketbot.db");
    let store = Store::open(&Access::plain(settings.db.path.clone()))?;

    on_ready(&sandbox.url());
    if args.open
        && let Err(error) = open::that_detached(sandbox.url())
    {
        let page = sandbox.url();
        tracing::warn!(%error, "no browser could be opened; the page is at {page}");
    }
    let options = RunOptions {
        // After a crash, the kept world may be older than the database, and lack the commands.
        registration: Registration::Always,
        first_run: None,
        dirs,
        // It is in the server already.
        invites: false,
    };
    let ended = run::run(settings, store, options, stop).await;
    let closed = sandbox.close().await;
    ended?;
    Ok(closed?)
}

async fn sandbox(args: &DemoArgs) -> Result<Sandbox, BoxError> {
    let port = args.port.unwrap_or(0);
    let mut builder = Sandbox::builder()
        .listen(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))
        .seed(seed(args)?);
    if let Some(folder) = &args.keep {
        builder = builder.keep(folder);
    }
    let sandbox = builder.start().await.map_err(|error| match error {
        discord_sandbox::Error::Listen { cause, .. }
            if cause.kind() == io::ErrorKind::AddrInUse =>
        {
            BoxError::from(format!(
                "port {port} is taken: choose another with --port, or leave --port out"
            ))
        }
        error => error.into(),
    })?;
    if sandbox.goes_on() && (args.language.is_some() || args.seed.is_some()) {
        tracing::warn!(
            "continuing with the kept world; --language and --seed work only for a new one, in another \
             folder"
        );
    }
    Ok(sandbox)
}

/// What the world begins with.
fn seed(args: &DemoArgs) -> Result<Seed, BoxError> {
    if let Some(file) = &args.seed {
        return Ok(Seed::read(file)?);
    }
    let text = world::in_language(args.language.as_deref().unwrap_or("en-US"))?;
    Ok(Seed::from_toml(&text)?)
}

/// Where the bot's database is.
enum Home {
    /// Deleted when the demo ends.
    Temporary(tempfile::TempDir),
    Kept(PathBuf),
}

impl Home {
    fn of(args: &DemoArgs) -> io::Result<Self> {
        match &args.keep {
            Some(folder) => Ok(Self::Kept(folder.clone())),
            None => tempfile::Builder::new()
                .prefix("theticketbot-demo-")
                .tempdir()
                .map(Self::Temporary)
                .map_err(|error| {
                    io::Error::other(format!("cannot make a temporary folder: {error}"))
                }),
        }
    }

    fn path(&self) -> &Path {
        match self {
            Self::Temporary(folder) => folder.path(),
            Self::Kept(folder) => folder,
        }
    }
}
