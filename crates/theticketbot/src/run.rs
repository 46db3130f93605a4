//! The bot's life: log in, register the commands, connect, serve, stop.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::app::{App, Failure};
use crate::cleanup;
use crate::config::Settings;
use crate::dirs::Dirs;
use crate::discord::invite::invite_link;
use crate::discord::{Application, Discord};
use crate::engine::recovery;
use crate::engine::register;
use crate::gateway::{self, Connecting, GatewayError, Shards};
#[cfg(target_os = "linux")]
use crate::host::systemd;
use crate::host::warn_of_silent_pings;
use crate::metrics::Metrics;
use crate::process::{Attended, Process};
use crate::reconcile;
pub use crate::run_error::RunError;
use crate::session;
use crate::shards::Assignment;
use crate::store::{Store, StoreError};
use crate::{Registration, RunOptions};

/// Runs the bot until `stop` is done or something ends it.
pub async fn run(
    settings: Settings,
    store: Store,
    options: RunOptions,
    stop: impl Future<Output = ()>,
) -> Result<(), RunError> {
    let RunOptions {
        registration,
        first_run,
        dirs,
        invites,
    } = options;
    let starting = async {
        let known = log_in(&settings, &store, registration).await?;
        if registration == Registration::ThenExit {
            return Ok(None);
        }
        if invites {
            tell_how_to_invite(&settings, known.1.id);
        }
        let bot = Bot::connect(known, settings, store, Some(dirs)).await?;
        Ok(Some(bot))
    };
    let ended = live(starting, stop).await;
    if let Err(error) = &ended
        && error.is_about_the_token()
        && let Some(first_run) = first_run
        && let Err(error) = first_run.roll_back()
    {
        tracing::warn!(%error, "the config file with the refused token could not be removed");
    }
    ended
}

async fn live(
    starting: impl Future<Output = Result<Option<Bot>, RunError>>,
    stop: impl Future<Output = ()>,
) -> Result<(), RunError> {
    tokio::pin!(stop);
    let started = tokio::select! {
        started = starting => started?,
        () = &mut stop => None,
    };
    let Some(mut bot) = started else {
        return Ok(());
    };
    tokio::select! {
        ended = bot.wait() => Err(ended),
        () = stop => {
            tracing::info!("stopping");
            #[cfg(target_os = "linux")]
            systemd::stopping();
            bot.stop().await
        }
    }
}

/// A running bot.
pub struct Bot {
    app: Arc<App>,
    stop: watch::Sender<bool>,
    /// `None` once the gateway has ended and its result was returned.
    gateway: Option<JoinHandle<Result<Shards, GatewayError>>>,
    /// The tasks that run beside it.
    work: [JoinHandle<()>; 4],
    /// `None` if this is a shard of a cluster: then the process attends to the host.
    attended: Option<Attended>,
}

/// How long handlers have to finish when the bot stops.
const TIME_LIMIT: Duration = Duration::from_millis(1500);

impl Bot {
    /// Logs in, registers the commands if they have changed, and connects.
    pub async fn start(settings: Settings, store: Store) -> Result<Self, RunError> {
        let known = log_in(&settings, &store, Registration::IfChanged).await?;
        Self::connect(known, settings, store, Dirs::of_this_user().ok()).await
    }

    async fn connect(
        known: (Discord, Application),
        settings: Settings,
        store: Store,
        dirs: Option<Dirs>,
    ) -> Result<Self, RunError> {
        warn_of_silent_pings(&store).await.map_err(unreadable)?;
        let process = Process::new(known, settings, dirs).await?;
        let recommended = process.gateway.shard_count();
        let assignment = process.settings().assignment.clone();
        let assignment = assignment.unwrap_or_else(|| Assignment::all(recommended));
        assignment.warn_of_too_few(recommended);
        let limit = &process.gateway.session_start_limit;
        if limit.remaining < assignment.count() {
            tracing::warn!(
                remaining = limit.remaining,
                hours = limit.reset_after / 3_600_000,
                "Discord allows only a few more sessions; further shards wait until the limit resets"
            );
        }
        process.metrics().set_shards(assignment.shards());
        process.heartbeat.expect_shards(assignment.shards());
        let mut bot = Self::of(&process, store, assignment).await?;
        let is_ready = bot.app.connected.subscribe();
        bot.attended = Some(process.attend(is_ready).await);
        Ok(bot)
    }

    /// Connects these shards of a process. `store` has their servers.
    pub(crate) async fn of(
        process: &Process,
        store: Store,
        assignment: Assignment,
    ) -> Result<Self, RunError> {
        // The journal is read first, so that recovery gets only the unfinished work of earlier runs.
        let journal = store.journal().await.map_err(unreadable)?;
        let Process {
            discord,
            application,
            config,
            gateway,
            heartbeat,
            ..
        } = process.clone();
        let (token, intents) = (config.settings.token.clone(), config.settings.intents);
        let metrics = discord.metrics().clone();
        // From here on, the saved sessions belong to this run, even if it fails.
        let owner = session::owner(application.id, intents, &gateway.url, assignment.total());
        let saved = session::take(&store, &owner, &assignment)
            .await
            .map_err(unreadable)?;
        let is_unfinished = session::is_unfinished(&store, &assignment)
            .await
            .map_err(unreadable)?;
        let app = App::new(discord, store, application, config);
        process.has(&app);
        app.take_new_settings().await.map_err(unreadable)?;
        app.load_languages().await.map_err(unreadable)?;
        let sessions = saved.map_or_else(Vec::new, |(sessions, cache)| {
            app.watched.restore(&cache);
            *app.cache() = cache;
            sessions
        });
        #[cfg(feature = "postgres")]
        if app.store.shard().is_some() {
            app.cache().note_changes();
        }
        let connecting = Connecting {
            token,
            intents,
            gateway,
            assignment: assignment.clone(),
            turns: process.turns.clone(),
            sessions,
            heartbeat,
            metrics,
        };
        let (stop, stopped) = watch::channel(false);
        if is_unfinished {
            scan_once_connected(&app);
        }
        app.recovered.send_replace(journal.is_empty());
        let recovery = recovery::recover(app.clone(), journal, stopped.clone());
        let work = [
            tokio::spawn(cleanup::weekly(app.clone(), assignment)),
            tokio::spawn(reconcile::run_backlog(app.clone(), stopped.clone())),
            tokio::spawn(recovery),
            tokio::spawn(reconcile::run_timer(app.clone(), stopped.clone())),
        ];
        let gateway = tokio::spawn(gateway::run(app.clone(), connecting, stopped));
        Ok(Self {
            app,
            stop,
            gateway: Some(gateway),
            work,
            attended: None,
        })
    }

    /// Where its metrics can be scraped, if anywhere.
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.attended.as_ref().and_then(Attended::metrics_address)
    }

    /// Waits until the bot ends without a request to stop.
    pub async fn wait(&mut self) -> RunError {
        let (discord, store) = (self.app.discord.clone(), self.app.store.clone());
        let ended = tokio::select! {
            () = discord.revoked() => RunError::Revoked,
            () = store.taken_over() => RunError::TakenOver,
            ended = left(&mut self.gateway) => match ended {
                // Discord accepted the token at first, so it has been revoked since.
                Err(RunError::Gateway(GatewayError::Token)) if *self.app.connected.borrow() => {
                    RunError::Revoked
                }
                Err(error) => error,
                // The gateway ends in order only on request, and nothing can request that meanwhile.
                Ok(_) => RunError::Gateway(GatewayError::Closed(1000, String::new())),
            },
        };
        self.stop.send_replace(true);
        self.app.tasks.stop();
        self.app.tasks.drain(TIME_LIMIT).await;
        ended
    }

    /// Waits until the bot is idle: connected, with everything handled that it has received, and
    /// nothing due or failed.
    pub async fn idle(&self) {
        let mut recovered = self.app.recovered.subscribe();
        // The sender lives as long as the app.
        let _ = recovered.wait_for(|recovered| *recovered).await;
        self.app.idle().await;
    }

    /// Waits until everything that the bot has received is handled or was tried; what failed may be
    /// tried again later.
    pub async fn quiet(&self) {
        let mut recovered = self.app.recovered.subscribe();
        // The sender lives as long as the app.
        let _ = recovered.wait_for(|recovered| *recovered).await;
        self.app.quiet().await;
    }

    /// Waits until no check is ready or running. Other tasks may still run.
    pub async fn scanned(&self) {
        self.app.backlog.quiet().await;
    }

    /// The last event that each shard has received and passed on, by its number in the session.
    pub fn received(&self) -> watch::Receiver<BTreeMap<u64, u64>> {
        self.app.received.subscribe()
    }

    /// Finishes started work if that is quick, and leaves the gateway. If nothing is left
    /// unfinished, the next start resumes the sessions. An error if the bot had ended without a request.
    pub async fn stop(mut self) -> Result<(), RunError> {
        self.stop.send_replace(true);
        self.app.tasks.stop();
        self.app
            .tasks
            .spawn(reconcile::finish_scans(self.app.clone()));
        let (ended, done) = tokio::join!(
            tokio::time::timeout(TIME_LIMIT, left(&mut self.gateway)),
            self.app.tasks.drain(TIME_LIMIT),
        );
        if !done {
            tracing::warn!("stopped while something was unfinished; the next start finishes it");
        }
        if let Some(gateway) = self.gateway.take() {
            gateway.abort();
        }
        match ended {
            Ok(Ok(Some(shards))) => shards.leave(done).await,
            Ok(Err(error)) => {
                self.app.tasks.end().await;
                return Err(error);
            }
            Ok(Ok(None)) | Err(_) => {}
        }
        // Afterwards, no task holds the database open.
        self.app.tasks.end().await;
        for work in &mut self.work {
            work.abort();
            let _ = work.await;
        }
        Ok(())
    }
}

#[cfg(feature = "postgres")]
impl Bot {
    pub(crate) fn app(&self) -> &Arc<App> {
        &self.app
    }

    /// Stops everything at once, without another call or write, because another process may have the shard.
    pub(crate) async fn abandon(mut self) {
        self.stop.send_replace(true);
        if let Some(gateway) = self.gateway.take() {
            // Its connections end without a close frame, so that the sessions can be resumed.
            gateway.abort();
            let _ = gateway.await;
        }
        self.app.tasks.end().await;
        for work in &mut self.work {
            work.abort();
            let _ = work.await;
        }
    }
}

/// Scans all servers of a resumed shard once it is connected, because the process before left work
/// unfinished.
fn scan_once_connected(app: &Arc<App>) {
    let worker = app.clone();
    app.tasks.spawn(async move {
        let mut connected = worker.connected.subscribe();
        tokio::select! {
            // The sender lives as long as the app.
            _ = connected.wait_for(|connected| *connected) => {}
            () = worker.tasks.stopping() => return,
        }
        let servers: Vec<_> = worker.cache().known_guilds().collect();
        for guild in servers {
            worker.backlog.request(reconcile::Work::Scan(guild));
        }
    });
}

fn unreadable(error: StoreError) -> RunError {
    RunError::start("read the database")(Failure::Store(error))
}

/// Waits until the gateway has ended, and returns how. `None` if that was returned before.
async fn left(
    gateway: &mut Option<JoinHandle<Result<Shards, GatewayError>>>,
) -> Result<Option<Shards>, RunError> {
    let Some(handle) = gateway else {
        return Ok(None);
    };
    let ended = handle.await;
    *gateway = None;
    match ended {
        Ok(ended) => ended.map(Some).map_err(RunError::Gateway),
        Err(error) => {
            let why = error.to_string();
            Err(RunError::Gateway(GatewayError::Closed(0, why)))
        }
    }
}

impl Drop for Bot {
    fn drop(&mut self) {
        self.stop.send_replace(true);
        for work in &self.work {
            work.abort();
        }
    }
}

/// Logs in: returns Discord and the application of the token, after binding the database and registering the
/// commands.
pub(crate) async fn log_in(
    settings: &Settings,
    store: &Store,
    registration: Registration,
) -> Result<(Discord, Application), RunError> {
    let metrics = match settings.metrics_listen {
        Some(_) => Metrics::counting(),
        None => Metrics::default(),
    };
    let discord = Discord::new(&settings.api_url.to_string(), &settings.token, metrics);
    let doing = if settings.api_url.is_discord() {
        "log in to Discord".to_owned()
    } else {
        format!("log in at {}", settings.api_url)
    };
    let is_slow =
        || tracing::warn!(server = %settings.api_url, "no response to the login yet; retrying");
    let application = noting_slowness(discord.application(), is_slow)
        .await
        .map_err(|error| RunError::start(&doing)(error.into()))?;
    tracing::info!(
        application = application.id,
        name = application.name,
        "logged in"
    );
    bind(store, &application).await?;
    registered(&discord, store, &application, registration).await?;
    // The commands have needed all languages. A bot mostly uses one or two.
    crate::translate::unload();
    Ok((discord, application))
}

/// How long a login may take before the log says so. With all retries, it can take two minutes.
const SLOW_LOGIN: Duration = Duration::from_secs(10);

async fn noting_slowness<T>(login: impl Future<Output = T>, is_slow: impl FnOnce()) -> T {
    tokio::pin!(login);
    tokio::select! {
        done = &mut login => done,
        () = tokio::time::sleep(SLOW_LOGIN) => {
            is_slow();
            login.await
        }
    }
}

/// Binds the database to the application. A database that other processes can reach must not be used for
/// another application; with a file, there is only a warning.
async fn bind(store: &Store, application: &Application) -> Result<(), RunError> {
    let bound = store.bind(application.id).await;
    let bound = bound.map_err(|error| RunError::start("use the database")(error.into()))?;
    let Some(owner) = bound else {
        return Ok(());
    };
    if store.is_shared() {
        return Err(RunError::OtherApplication {
            owner,
            application: application.id,
            name: application.name.clone(),
        });
    }
    tracing::warn!(
        owner,
        application = application.id,
        "the database belongs to another application; this one cannot change the threads of its tickets"
    );
    Ok(())
}

async fn registered(
    discord: &Discord,
    store: &Store,
    application: &Application,
    registration: Registration,
) -> Result<(), RunError> {
    let done = match registration {
        Registration::IfChanged => register::if_changed(discord, store, application)
            .await
            .map(drop),
        Registration::Always | Registration::ThenExit => {
            register::now(discord, store, application).await.map(drop)
        }
        Registration::Skip => register::skip(store, application).await,
    };
    match done {
        // The commands that are registered still work; serving is worth more than new ones.
        Err(Failure::Discord(error))
            if matches!(registration, Registration::IfChanged | Registration::Always)
                && !error.is_unauthorized() =>
        {
            tracing::error!(%error, "could not register the commands; retrying at the next start");
            Ok(())
        }
        done => done.map_err(RunError::start("register the commands")),
    }
}

pub(crate) fn tell_how_to_invite(settings: &Settings, application: u64) {
    let link = invite_link(application);
    if settings.api_url.is_discord() {
        tracing::info!("invite the bot with {link}");
    } else {
        // A proxy on the way to Discord, or a sandbox, where the bot is already.
        let api_url = &settings.api_url;
        tracing::info!("if {api_url} leads to Discord, invite the bot with {link}");
    }
}

/// Listens from now on, and completes when the system or the terminal asks the program to stop.
pub fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        let mut hangup = (!ignores_hangup())
            .then(|| signal(SignalKind::hangup()))
            .transpose()?;
        Ok(async move {
            let hung_up = async {
                match &mut hangup {
                    Some(hangup) => hangup.recv().await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
                _ = hung_up => {}
            }
        })
    }
    #[cfg(windows)]
    {
        let mut interrupt = tokio::signal::windows::ctrl_c()?;
        Ok(async move {
            interrupt.recv().await;
        })
    }
}

/// Whether closing the terminal must not stop this program: `nohup` starts it with SIGHUP ignored.
#[cfg(unix)]
fn ignores_hangup() -> bool {
    use std::io::IsTerminal;
    match std::fs::read_to_string("/proc/self/status") {
        Ok(status) => {
            let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
            let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
            // The lowest bit is signal 1, which is SIGHUP.
            ignored.is_some_and(|mask| mask & 1 == 1)
        }
        // On systems without this file, the only sign of `nohup` is that it redirects the output.
        Err(_) => !io::stderr().is_terminal(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discord::Error;

    #[tokio::test(start_paused = true)]
    async fn a_slow_login_is_noted_once() {
        for (seconds, expected) in [(1, 0), (100, 1)] {
            let noted = std::cell::Cell::new(0);
            let login = tokio::time::sleep(Duration::from_secs(seconds));
            noting_slowness(login, || noted.set(noted.get() + 1)).await;
            assert_eq!(noted.get(), expected, "{seconds}");
        }
    }

    #[test]
    fn a_refused_token_is_told_apart() {
        let refused = |status| Error::Refused {
            status,
            code: 0,
            message: String::new(),
            detail: String::new(),
        };
        let error = |status| RunError::start("log in")(refused(status).into());
        assert!(error(401).is_about_the_token());
        assert!(!error(500).is_about_the_token());
        assert!(error(500).to_string().starts_with("cannot log in: "));
    }
}
