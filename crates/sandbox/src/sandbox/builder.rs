//! Settings of a sandbox, and its start.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;

use super::{Error, Keeping, Sandbox};
use crate::guard::Guard;
use crate::hub::{Hub, Settings};
use crate::id::Timestamp;
use crate::inspector::Inspection;
use crate::keep::{self, Keeper};
use crate::limits::Limits;
use crate::server;
use crate::sharding::Sharding;
use crate::world::model::Privileged;
use crate::world::{MoreGuilds, Seed};

/// Discord's heartbeat interval.
const HEARTBEAT_INTERVAL: Duration = Duration::from_millis(41_250);

/// Settings of a sandbox before it starts.
#[derive(Clone, Debug)]
#[must_use = "nothing happens before `start`"]
pub struct Builder {
    listen: SocketAddr,
    names: Vec<String>,
    relay: Option<SocketAddr>,
    heartbeat_interval: Duration,
    inspection: Inspection,
    limits: Limits,
    sharding: Sharding,
    seed: Seed,
    keep: Option<PathBuf>,
}

impl Builder {
    pub(super) fn new() -> Self {
        Self {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
            names: Vec::new(),
            relay: None,
            heartbeat_interval: HEARTBEAT_INTERVAL,
            inspection: Inspection::default(),
            limits: Limits::default(),
            sharding: Sharding::default(),
            seed: Seed::default(),
            keep: None,
        }
    }

    /// The address to listen on; port 0 takes a free one. On anything but a loopback address, others on the
    /// network can act as anybody in the sandbox.
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.listen = address;
        self
    }

    /// A further host name under which requests may be addressed to the sandbox, such as the name
    /// of a container.
    pub fn host_name(mut self, name: &str) -> Self {
        self.names.push(name.to_owned());
        self
    }

    /// The address at which clients reach the gateway, if something such as a relay forwards their
    /// connections. So a test can cut some of them off.
    pub fn behind(mut self, relay: SocketAddr) -> Self {
        self.relay = Some(relay);
        self
    }

    /// The initial world. [`Builder::start`] fills in its address.
    pub fn seed(mut self, seed: Seed) -> Self {
        self.seed = seed;
        self
    }

    /// Takes the people and servers, and the application's name, token and intents, from a seed file (see the
    /// README). It replaces what was set for them before.
    pub fn seed_file(self, path: impl AsRef<Path>) -> Result<Self, Error> {
        Ok(self.seed(Seed::read(path)?))
    }

    /// The bot's token. By default, a made-up one.
    pub fn token(mut self, token: &str) -> Self {
        self.seed.token = Some(token.to_owned());
        self
    }

    pub fn bot_name(mut self, name: &str) -> Self {
        self.seed.bot_name = Some(name.to_owned());
        self
    }

    /// When the world's clock begins. Ids then count up from this moment, so that two runs in which
    /// the same happens have the same ids. See the README for what that means to bots.
    pub fn ids_from(mut self, moment: Timestamp) -> Self {
        self.seed.ids_from = Some(moment);
        self
    }

    /// Which privileged intents the application may use; all of them by default.
    pub fn privileged_intents(mut self, allowed: Privileged) -> Self {
        self.seed.privileged = allowed;
        self
    }

    /// Further servers with the bot in them, all alike.
    pub fn more_guilds(mut self, more: MoreGuilds) -> Self {
        self.seed.more_guilds = more;
        self
    }

    /// The recommended number of shards, whatever the number of servers. The default is one for each 1,300
    /// servers.
    pub fn shards(mut self, count: u32) -> Self {
        self.sharding.shards = Some(count);
        self
    }

    /// How many shards may begin a session at the same time (`max_concurrency`); 1 by default, as
    /// for all bots but the largest.
    pub fn max_concurrency(mut self, count: u32) -> Self {
        self.sharding.max_concurrency = count.max(1);
        self
    }

    /// Keeps the world in this folder. If the folder already contains a world, the sandbox continues with it
    /// and ignores the seed. The world is saved about a second after each change, and when the sandbox stops.
    /// Gateway sessions, the record, faults and limits are not kept.
    pub fn keep(mut self, folder: impl Into<PathBuf>) -> Self {
        self.keep = Some(folder.into());
        self
    }

    /// How often gateway clients must send a heartbeat; Discord's 41.25 s by default. A connection that
    /// misses two is closed.
    pub fn heartbeat_interval(mut self, interval: Duration) -> Self {
        self.heartbeat_interval = interval;
        self
    }

    /// The limits on calls and sessions; none by default.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Whether to validate every call and event against Discord's own specification. Each mismatch is a
    /// problem. By default it is on if the feature `oracle` is; without that feature, nothing is validated.
    pub fn oracle(mut self, on: bool) -> Self {
        self.inspection.on = on;
        self
    }

    /// Treats wrong requests that are refused with 400 as expected: for tests that check that such requests
    /// are refused.
    pub fn bad_requests_are_meant(mut self) -> Self {
        self.inspection.bad_requests_are_meant = true;
        self
    }

    /// Starts the sandbox, which is ready when this returns. Needs a Tokio runtime.
    pub async fn start(mut self) -> Result<Sandbox, Error> {
        let failed = |cause| Error::Listen {
            address: self.listen,
            cause,
        };
        let listener = TcpListener::bind(self.listen).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        // Clients cannot connect to the unspecified address, so they get the loopback address.
        let reachable = match address.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => {
                SocketAddr::new(Ipv4Addr::LOCALHOST.into(), address.port())
            }
            IpAddr::V6(ip) if ip.is_unspecified() => {
                SocketAddr::new(std::net::Ipv6Addr::LOCALHOST.into(), address.port())
            }
            _ => address,
        };
        self.seed.base_url = format!("http://{reachable}");
        let settings = Settings {
            gateway_url: format!("ws://{}", self.relay.unwrap_or(reachable)),
            heartbeat_interval: self.heartbeat_interval,
            guard: Guard::new(address, self.names, self.relay),
            inspection: self.inspection,
            limits: self.limits,
            sharding: self.sharding,
        };
        let (folder, kept) = match self.keep {
            Some(folder) => {
                let (folder, kept) = keep::open(folder).await?;
                (Some(folder), kept)
            }
            None => (None, None),
        };
        let goes_on = kept.is_some();
        let hub = Arc::new(match kept {
            Some(mut kept) => {
                kept.seed.base_url.clone_from(&self.seed.base_url);
                kept.world.move_to(&self.seed.base_url);
                Hub::going_on(kept, settings)
            }
            None => Hub::new(self.seed, settings),
        });
        let keeping = match folder {
            Some(folder) => Some(Keeping {
                keeper: Keeper::start(Arc::clone(&hub), folder).await?,
                goes_on,
            }),
            None => None,
        };
        let server = tokio::spawn(server::serve(listener, Arc::clone(&hub)));
        Ok(Sandbox {
            hub,
            address: reachable,
            server,
            keeping,
        })
    }
}
