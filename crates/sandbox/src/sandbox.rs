//! Starting and stopping a sandbox, and the view of it from outside.

mod problems;
mod trouble;

pub use problems::NewProblems;

use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::control::{ControlError, act};
use crate::guard::Guard;
use crate::hub::{Hub, Settings};
use crate::id::{ApplicationId, ChannelId, GuildId, RoleId, Timestamp, UserId};
use crate::inspector::Inspection;
use crate::keep::{self, KeepError, Keeper};
use crate::limits::Limits;
use crate::look::Look;
use crate::person::Person;
use crate::record::{Call, Entry, Problem, What};
use crate::seed_file::SeedError;
use crate::server;
use crate::sharding::Sharding;
use crate::world::model::Privileged;
use crate::world::{Defaults, MoreGuilds, Seed};

/// How long [`Sandbox::wait_until`] waits.
const PATIENCE: Duration = Duration::from_secs(10);

/// Discord's own.
const HEARTBEAT_INTERVAL: Duration = Duration::from_millis(41_250);

/// How much of the record an error shows.
const TAIL: usize = 30;

/// A running sandbox. It stops when it is dropped.
pub struct Sandbox {
    hub: Arc<Hub>,
    address: SocketAddr,
    server: JoinHandle<()>,
    keeping: Option<Keeping>,
}

/// How a world is kept, if it is.
struct Keeping {
    keeper: Keeper,
    /// Whether it has been kept before.
    goes_on: bool,
}

impl Sandbox {
    /// Starts one with the default world, on a free port of 127.0.0.1; ready when it returns.
    /// Needs a Tokio runtime.
    pub async fn start() -> Result<Self, Error> {
        Self::builder().start().await
    }

    /// For one that is not the default.
    pub fn builder() -> Builder {
        Builder {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
            names: Vec::new(),
            heartbeat_interval: HEARTBEAT_INTERVAL,
            inspection: Inspection::default(),
            limits: Limits::default(),
            sharding: Sharding::default(),
            seed: Seed::default(),
            keep: None,
        }
    }

    /// Stops it: every connection is cut, and the port is free when this returns. A world that is
    /// kept is written; that this did not work is only logged (see [`Sandbox::close`]).
    pub async fn stop(self) {
        if let Err(error) = self.close().await {
            tracing::error!(%error, "the last changes are not kept");
        }
    }

    /// Stops it as [`Sandbox::stop`] does, and fails if the world should be kept and could not be
    /// written.
    pub async fn close(mut self) -> Result<(), Error> {
        self.hub.stop();
        self.server.abort();
        // It was cancelled, which is what is wanted.
        let _ = (&mut self.server).await;
        match self.keeping.take() {
            Some(keeping) => Ok(keeping.keeper.close().await?),
            None => Ok(()),
        }
    }

    /// Whether the world is one that was kept before (see [`Builder::keep`]).
    pub fn goes_on(&self) -> bool {
        self.keeping.as_ref().is_some_and(|keeping| keeping.goes_on)
    }

    /// Returns, with the reason, when a world that should be kept could not be written: once for
    /// each time that this begins. It is retried automatically.
    pub async fn keeping_fails(&self) -> String {
        match &self.keeping {
            Some(keeping) => keeping.keeper.trouble().await,
            None => std::future::pending().await,
        }
    }

    /// Stops it, and fails if something happened that a test should fail on
    /// (see [`Sandbox::problems`]).
    pub async fn finish(self) -> Result<(), Error> {
        let problems = self.checked_problems().await;
        self.stop().await;
        if problems.is_empty() {
            Ok(())
        } else {
            Err(Error::Problems(problems))
        }
    }

    /// Where REST, attachments and the page are, such as `http://127.0.0.1:40123`; the API is
    /// below `/api/v10`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where the gateway is, such as `ws://127.0.0.1:40123`.
    pub fn gateway_url(&self) -> &str {
        &self.hub.settings().gateway_url
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The bot's token.
    pub fn token(&self) -> String {
        self.hub.look(|world| world.defaults().token.0.clone())
    }

    /// Every id of the default world.
    pub fn defaults(&self) -> Defaults {
        self.hub.look(|world| world.defaults().clone())
    }

    pub fn application_id(&self) -> ApplicationId {
        self.defaults().application
    }

    /// The bot's user.
    pub fn bot_id(&self) -> UserId {
        self.defaults().bot
    }

    /// The default server.
    pub fn guild_id(&self) -> GuildId {
        self.defaults().guild
    }

    /// The role *Moderator*.
    pub fn moderator_role(&self) -> RoleId {
        self.defaults().moderator_role
    }

    /// The channel with this name in the default server.
    pub fn channel(&self, name: &str) -> Result<ChannelId, Error> {
        let found = self.hub.look(|world| {
            let guild = world.guild(world.defaults().guild)?;
            let mut channels = guild.channels.iter().filter_map(|id| world.channel(*id));
            channels
                .find(|channel| channel.name == name)
                .map(|channel| channel.id)
        });
        let unknown = || ControlError::Unknown(format!("the server has no channel #{name}"));
        Ok(found.ok_or_else(unknown)?)
    }

    /// Olivia, who owns the server.
    pub fn owner(&self) -> Person {
        self.person(self.defaults().owner)
    }

    /// Max, with the role *Moderator*.
    pub fn moderator(&self) -> Person {
        self.person(self.defaults().moderator)
    }

    /// Mia, an ordinary member.
    pub fn member(&self) -> Person {
        self.person(self.defaults().member)
    }

    /// Noah, another ordinary member.
    pub fn member2(&self) -> Person {
        self.person(self.defaults().member2)
    }

    /// The person with this username, or who is `owner`, `moderator`, `member` or `member2`.
    pub fn person_named(&self, name: &str) -> Result<Person, Error> {
        let found = self.hub.look(|world| world.person_named(name));
        let unknown = || ControlError::Unknown(format!("there is no person {name:?}"));
        Ok(self.person(found.ok_or_else(unknown)?))
    }

    /// Another person. An unknown id is reported by the first action.
    pub fn person(&self, id: UserId) -> Person {
        Person::new(Arc::clone(&self.hub), id)
    }

    /// Lets new people into the default server: `name1`, `name2`, ….
    pub fn crowd(&self, name: &str, count: u32) -> Result<Vec<Person>, Error> {
        let guild = self.guild_id();
        let added = act::add_people(
            &self.hub,
            json!({"username": name, "count": count, "guild_id": guild}),
        )?;
        let ids = added.as_array().into_iter().flatten();
        let ids = ids.filter_map(|person| UserId::from_json(&person["id"]));
        Ok(ids.map(|id| self.person(id)).collect())
    }

    /// Each connected shard with the number of the newest event of its session: a bot that has
    /// handled the event of that number has handled everything that has happened so far.
    pub fn sequences(&self) -> Vec<(u64, u64)> {
        self.hub.glance(|_, sessions, _| sessions.sequences())
    }

    /// Lets somebody new into the default server whose account is so old, and who joined so long ago.
    pub fn newcomer(
        &self,
        username: &str,
        account_age: Duration,
        member_age: Duration,
    ) -> Result<Person, Error> {
        let ago = |age: Duration| {
            let millis = i64::try_from(age.as_millis()).unwrap_or(i64::MAX);
            self.hub.now().plus(millis.saturating_neg())
        };
        let added = act::add_people(
            &self.hub,
            json!({
                "username": username,
                "guild_id": self.guild_id(),
                "created_at": ago(account_age),
                "joined_at": ago(member_age),
            }),
        )?;
        let id = UserId::from_json(&added[0]["id"]).unwrap_or(UserId(0));
        Ok(self.person(id))
    }

    /// Reads the world as it is now, without permissions.
    ///
    /// # Panics
    ///
    /// If the closure uses the sandbox itself, because the world is locked meanwhile. Get the
    /// ids that it needs before.
    pub fn look<T>(&self, f: impl FnOnce(&Look<'_>) -> T) -> T {
        self.hub.glance(|world, sessions, now| {
            f(&Look {
                world,
                now,
                bot_is_ready: sessions.all_up_to_date(),
            })
        })
    }

    /// Waits until `find` returns something, and returns it. It runs now and after every change.
    /// After 10 seconds it fails, with `what` and the end of the record in the error.
    pub async fn wait_until<T>(
        &self,
        what: &str,
        mut find: impl FnMut(&Look<'_>) -> Option<T>,
    ) -> Result<T, Error> {
        let mut changes = self.hub.watch();
        let waiting = async {
            loop {
                changes.mark_unchanged();
                if let Some(found) = self.look(&mut find) {
                    return found;
                }
                // The sender lives in the hub, which is borrowed here.
                let _ = changes.changed().await;
            }
        };
        tokio::time::timeout(PATIENCE, waiting)
            .await
            .map_err(|_| self.out_of_patience(what))
    }

    /// Waits until the record holds something, from its entry number `after` on.
    pub async fn wait_for_entry<T>(
        &self,
        what: &str,
        after: u64,
        mut find: impl FnMut(&Entry) -> Option<T>,
    ) -> Result<T, Error> {
        let mut news = self.hub.record().watch();
        let mut seen = after;
        let waiting = async {
            loop {
                news.mark_unchanged();
                for entry in self.hub.record().after(seen, usize::MAX) {
                    seen = entry.seq;
                    if let Some(found) = find(&entry) {
                        return found;
                    }
                }
                // The sender lives in the hub, which is borrowed here.
                let _ = news.changed().await;
            }
        };
        tokio::time::timeout(PATIENCE, waiting)
            .await
            .map_err(|_| self.out_of_patience(what))
    }

    /// Waits until the bot is connected with all its shards and has been told of all its servers.
    pub async fn wait_for_bot(&self) -> Result<(), Error> {
        self.wait_until("the bot is ready", |look| look.bot_is_ready().then_some(()))
            .await
    }

    fn out_of_patience(&self, what: &str) -> Error {
        Error::Timeout {
            what: what.to_owned(),
            tail: self.hub.record().tail(TAIL),
        }
    }

    /// The world's time.
    pub fn now(&self) -> Timestamp {
        self.hub.now()
    }

    /// Moves the world's clock forward: threads archive themselves, interactions expire.
    pub fn advance(&self, by: Duration) -> Timestamp {
        self.hub.advance(by)
    }

    /// Lets the world's clock go so many times slower than the real one; 1 is as usual. Then a busy
    /// machine or a build for debugging does not miss Discord's time limits.
    pub fn slow_motion(&self, times: u32) {
        self.hub.slow_down(times);
    }

    /// A fresh default world with the same ids; gateway connections are cut.
    pub fn reset(&self) {
        self.hub.reset();
    }

    /// What happened, oldest first: the newest 10,000 entries.
    pub fn record(&self) -> Vec<Entry> {
        self.record_after(0)
    }

    /// The entries of the record after this one, as far as they are kept.
    pub fn record_after(&self, mark: u64) -> Vec<Entry> {
        self.hub.record().after(mark, usize::MAX)
    }

    /// The entries of the record after this one; waits until there are some. To follow what
    /// happens: give the last one's `seq` next time.
    pub async fn next_entries(&self, mark: u64) -> Vec<Entry> {
        let mut news = self.hub.record().watch();
        loop {
            news.mark_unchanged();
            let entries = self.record_after(mark);
            if !entries.is_empty() {
                return entries;
            }
            // The sender lives in the hub, which is borrowed here.
            let _ = news.changed().await;
        }
    }

    /// The number of the newest entry of the record, to look for what comes after it.
    pub fn mark(&self) -> u64 {
        self.hub.record().newest()
    }

    /// The calls of the bot, oldest first.
    pub fn calls(&self) -> Vec<Call> {
        self.calls_after(0)
    }

    /// The calls of the bot after an entry of the record.
    pub fn calls_after(&self, mark: u64) -> Vec<Call> {
        let entries = self.record_after(mark);
        let calls = entries.into_iter().filter_map(|entry| match entry.what {
            What::Call(call) => Some(call),
            _ => None,
        });
        calls.collect()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.hub.stop();
        self.server.abort();
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

/// Settings of a sandbox that is to be started.
#[derive(Clone, Debug)]
#[must_use = "nothing happens before `start`"]
pub struct Builder {
    listen: SocketAddr,
    names: Vec<String>,
    heartbeat_interval: Duration,
    inspection: Inspection,
    limits: Limits,
    sharding: Sharding,
    seed: Seed,
    keep: Option<PathBuf>,
}

impl Builder {
    /// Where to listen; port 0 takes a free one. Anything but a loopback address lets others on
    /// the network act as anybody in the sandbox.
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

    /// Everything that the world begins with. The address in it is filled in by [`Builder::start`].
    pub fn seed(mut self, seed: Seed) -> Self {
        self.seed = seed;
        self
    }

    /// Takes the people and servers, and the application's name, token and intents, from a seed
    /// file (see the README); what was said of them before is forgotten.
    pub fn seed_file(self, path: impl AsRef<Path>) -> Result<Self, Error> {
        Ok(self.seed(Seed::read(path)?))
    }

    /// The bot's token, if it has to be a certain one.
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

    /// How many shards the bot is recommended to have, whatever the number of its servers; one for
    /// each 1,300 servers by default.
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

    /// Keeps the world in this folder, and goes on with the one that is in it already: then the
    /// seed does not matter. It is written about a second after each change, and when the sandbox
    /// stops. What is not kept: gateway sessions, the record, faults, limits.
    pub fn keep(mut self, folder: impl Into<PathBuf>) -> Self {
        self.keep = Some(folder.into());
        self
    }

    /// How often gateway clients shall send a heartbeat; Discord's 41.25 s by default. Who misses
    /// two is cut.
    pub fn heartbeat_interval(mut self, interval: Duration) -> Self {
        self.heartbeat_interval = interval;
        self
    }

    /// Whether the limits on calls and sessions are Discord's; there are none by default.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Whether every call and event is held against Discord's own specification; what does not
    /// fit is a problem. It is, by default, if the feature `oracle` is on; without that feature
    /// nothing is.
    pub fn oracle(mut self, on: bool) -> Self {
        self.inspection.on = on;
        self
    }

    /// Wrong requests that are refused with 400 are no problem: for tests that send them to see
    /// that.
    pub fn bad_requests_are_meant(mut self) -> Self {
        self.inspection.bad_requests_are_meant = true;
        self
    }

    /// Starts it; it is ready when this returns. Needs a Tokio runtime.
    pub async fn start(mut self) -> Result<Sandbox, Error> {
        let failed = |cause| Error::Listen {
            address: self.listen,
            cause,
        };
        let listener = TcpListener::bind(self.listen).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        // Clients cannot connect to "any address", so this is the loopback one.
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
            gateway_url: format!("ws://{reachable}"),
            heartbeat_interval: self.heartbeat_interval,
            guard: Guard::new(address, self.names),
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

/// What went wrong. Its `Debug` is as readable as its `Display`, for tests that return it.
pub enum Error {
    /// The address cannot be listened on.
    Listen {
        address: SocketAddr,
        cause: io::Error,
    },
    /// A seed file is wrong.
    Seed(SeedError),
    /// The world cannot be kept, or one that was kept cannot go on.
    Keep(KeepError),
    /// An action was refused, by Discord's rules or because it makes no sense.
    Control(ControlError),
    /// The bot answered, but not with what was asked for.
    UnexpectedAnswer {
        wanted: &'static str,
        answered: String,
    },
    /// What was waited for did not happen. `tail` is the end of the record.
    Timeout { what: String, tail: Vec<Entry> },
    /// Something happened that a test should fail on.
    Problems(Vec<Problem>),
}

impl Error {
    /// Discord's error code, if Discord refused.
    pub fn code(&self) -> Option<u32> {
        match self {
            Self::Control(error) => error.code(),
            _ => None,
        }
    }
}

impl From<ControlError> for Error {
    fn from(error: ControlError) -> Self {
        Self::Control(error)
    }
}

impl From<KeepError> for Error {
    fn from(error: KeepError) -> Self {
        Self::Keep(error)
    }
}

impl From<SeedError> for Error {
    fn from(error: SeedError) -> Self {
        Self::Seed(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Listen { address, cause } => {
                write!(f, "cannot listen on {address}: {cause}")
            }
            Self::Seed(error) => error.fmt(f),
            Self::Keep(error) => error.fmt(f),
            Self::Control(error) => error.fmt(f),
            Self::UnexpectedAnswer { wanted, answered } => {
                write!(
                    f,
                    "expected the bot to answer with {wanted}, but it answered with {answered}"
                )
            }
            Self::Timeout { what, tail } => {
                writeln!(f, "waited {} s in vain until: {what}", PATIENCE.as_secs())?;
                writeln!(f, "the last {} things that happened:", tail.len())?;
                tail.iter()
                    .try_for_each(|entry| writeln!(f, "{:>6} {}", entry.seq, entry.what.summary()))
            }
            Self::Problems(problems) => {
                writeln!(f, "{} problems:", problems.len())?;
                problems
                    .iter()
                    .try_for_each(|p| writeln!(f, "  {} {}: {}", p.method, p.path, p.what))
            }
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Listen { cause, .. } => Some(cause),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timeout_tells_what_happened_instead() {
        let call = Call {
            method: "POST".to_owned(),
            path: "/channels/1/threads".to_owned(),
            status: 403,
            ms: 2,
            reason: None,
            request: json!({}),
            response: json!({"code": 50013, "message": "Missing Permissions"}),
        };
        let what = What::Call(call);
        let tail = vec![Entry {
            seq: 7,
            at: 0,
            what,
        }];
        let error = Error::Timeout {
            what: "a thread is there".to_owned(),
            tail,
        };
        assert_eq!(
            format!("{error:?}"),
            "waited 10 s in vain until: a thread is there\n\
             the last 1 things that happened:\n\
             \u{20}    7 POST /channels/1/threads -> 403 \
             {\"code\":50013,\"message\":\"Missing Permissions\"}, 2 ms\n"
        );
    }
}
