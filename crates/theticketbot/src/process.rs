//! What the shards of a process have in common: one login, one budget of calls, one health, one set of
//! metrics.

#[cfg(feature = "postgres")]
use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::watch;
#[cfg(target_os = "linux")]
use tokio::task::JoinHandle;

use crate::app::{App, Config};
use crate::config::Settings;
use crate::dirs::Dirs;
use crate::discord::{Application, Discord, GatewayBot};
use crate::gateway::Turns;
use crate::host::heartbeat::Heartbeat;
#[cfg(target_os = "linux")]
use crate::host::systemd;
use crate::metrics::{self, Metrics};
use crate::run_error::RunError;

/// The shared state of a process. Cheap to clone.
#[derive(Clone)]
pub struct Process {
    pub(crate) discord: Discord,
    pub(crate) application: Application,
    pub(crate) config: Arc<Config>,
    pub(crate) gateway: GatewayBot,
    /// Who may begin a session.
    pub(crate) turns: Turns,
    pub(crate) heartbeat: Heartbeat,
    apps: Arc<Mutex<Vec<Weak<App>>>>,
}

impl Process {
    /// After the login: asks Discord for its gateway.
    pub(crate) async fn new(
        (discord, application): (Discord, Application),
        settings: Settings,
        dirs: Option<Dirs>,
    ) -> Result<Self, RunError> {
        let gateway = discord
            .gateway_bot()
            .await
            .map_err(|error| RunError::start("find the gateway")(error.into()))?;
        let process = Self {
            turns: Turns::of_this_process(&gateway.session_start_limit),
            heartbeat: Heartbeat::new(&settings.db.path),
            config: Arc::new(Config::new(settings, dirs)),
            discord,
            application,
            gateway,
            apps: Arc::default(),
        };
        process.count_what_waits();
        Ok(process)
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.config.settings
    }

    pub(crate) fn metrics(&self) -> &Metrics {
        self.discord.metrics()
    }

    /// Adds the app of a shard that runs in this process.
    pub(crate) fn has(&self, app: &Arc<App>) {
        let mut apps = self.apps.lock().unwrap_or_else(PoisonError::into_inner);
        apps.retain(|app| app.strong_count() > 0);
        apps.push(Arc::downgrade(app));
    }

    /// Counts running and pending work at each scrape.
    fn count_what_waits(&self) {
        let apps = self.apps.clone();
        self.metrics().before_scrape(move |metrics| {
            let apps = apps.lock().unwrap_or_else(PoisonError::into_inner);
            let (mut queued, mut due, mut failed) = (0, 0, 0);
            for app in apps.iter().filter_map(Weak::upgrade) {
                let (due_here, failed_here) = app.backlog.size();
                queued += app.tasks.running();
                due += due_here;
                failed += failed_here;
            }
            metrics.set_queued(queued);
            metrics.set_backlog("due", due);
            metrics.set_backlog("failed", failed);
        });
    }

    /// Serves metrics, and notifies systemd once `is_ready` becomes true.
    pub(crate) async fn attend(&self, is_ready: watch::Receiver<bool>) -> Attended {
        #[cfg(not(target_os = "linux"))]
        drop(is_ready);
        Attended {
            metrics: match self.settings().metrics_listen {
                Some(address) => listen_for_scrapes(address, self.metrics()).await,
                None => None,
            },
            heartbeat: self.heartbeat.clone(),
            #[cfg(target_os = "linux")]
            systemd: tokio::spawn(systemd::attend(is_ready)),
        }
    }
}

#[cfg(feature = "postgres")]
impl Process {
    /// A shard that stands for the leases in the process's health.
    const LEASES: u32 = u32::MAX;

    /// The same process with another queue for beginning sessions.
    pub(crate) fn with_turns(&self, turns: Turns) -> Self {
        Self {
            turns,
            ..self.clone()
        }
    }

    /// Notes that the leases on these shards were renewed. A process that cannot reach Discord becomes
    /// unhealthy.
    pub(crate) fn serves(&self, shards: &[u32], total: u32, reaches_discord: bool) {
        let count = u32::try_from(shards.len()).unwrap_or(total);
        self.discord.take_share(count, total);
        self.metrics().set_shards(shards.iter().copied());
        let all = shards.iter().copied().chain([Self::LEASES]);
        self.heartbeat.expect_shards(all);
        if reaches_discord {
            self.heartbeat.answered(Self::LEASES);
        }
    }

    /// When Discord last answered each shard, in seconds since 1970.
    pub(crate) fn answers(&self) -> BTreeMap<u32, Option<u64>> {
        let mut answers = self.heartbeat.answers();
        answers.remove(&Self::LEASES);
        answers
    }
}

/// The metrics server, the heartbeat file and the notifications to systemd. They end when this is dropped.
pub(crate) struct Attended {
    metrics: Option<metrics::Server>,
    heartbeat: Heartbeat,
    #[cfg(target_os = "linux")]
    systemd: JoinHandle<()>,
}

impl Attended {
    /// Where metrics can be scraped, if anywhere.
    pub(crate) fn metrics_address(&self) -> Option<SocketAddr> {
        self.metrics.as_ref().map(metrics::Server::address)
    }
}

impl Drop for Attended {
    fn drop(&mut self) {
        self.heartbeat.end();
        #[cfg(target_os = "linux")]
        self.systemd.abort();
    }
}

/// Tickets are worth more than figures: if the address cannot be used, the bot continues.
async fn listen_for_scrapes(address: SocketAddr, metrics: &Metrics) -> Option<metrics::Server> {
    match metrics::serve(address, metrics.clone()).await {
        Ok(server) => {
            tracing::info!("metrics are at http://{}/metrics", server.address());
            Some(server)
        }
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
            tracing::error!(
                %address,
                "the port for metrics is in use, so there are no metrics; choose another for listen in \
                 [metrics], or leave it out"
            );
            None
        }
        Err(error) => {
            tracing::error!(%error, %address, "cannot listen for scrapes; there are no metrics");
            None
        }
    }
}
