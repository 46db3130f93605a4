//! Starting and stopping a sandbox, and the view of it from outside.

mod builder;
mod error;
mod problems;
mod replay;
mod trouble;

pub use builder::Builder;
pub use error::Error;
pub use problems::NewProblems;
pub use replay::{Replay, Replayed};

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tokio::task::JoinHandle;

use crate::control::{ControlError, act};
use crate::gateway::HeldShard;
use crate::hub::Hub;
use crate::id::{ApplicationId, ChannelId, GuildId, RoleId, Timestamp, UserId};
use crate::keep::Keeper;
use crate::look::Look;
use crate::person::Person;
use crate::record::{Call, Entry, What};
use crate::world::Defaults;

/// How long [`Sandbox::wait_until`] waits.
const TIME_LIMIT: Duration = Duration::from_secs(10);

/// How much of the record an error shows.
const TAIL: usize = 30;

/// A running sandbox. It stops when it is dropped.
pub struct Sandbox {
    hub: Arc<Hub>,
    address: SocketAddr,
    server: JoinHandle<()>,
    keeping: Option<Keeping>,
}

/// How a world is kept.
struct Keeping {
    keeper: Keeper,
    /// Whether the world was loaded from the folder.
    goes_on: bool,
}

impl Sandbox {
    /// Starts a sandbox with the default world, on a free port of 127.0.0.1. It is ready when this returns.
    /// Needs a Tokio runtime.
    pub async fn start() -> Result<Self, Error> {
        Self::builder().start().await
    }

    /// For a sandbox with other settings.
    pub fn builder() -> Builder {
        Builder::new()
    }

    /// Stops the sandbox: every connection is cut, and the port is free when this returns. If the world is
    /// kept, it is saved; a failure is only logged (see [`Sandbox::close`]).
    pub async fn stop(self) {
        if let Err(error) = self.close().await {
            tracing::error!(%error, "the last changes are not kept");
        }
    }

    /// Stops the sandbox as [`Sandbox::stop`] does. Fails if the world should be kept and could not be saved.
    pub async fn close(mut self) -> Result<(), Error> {
        self.hub.stop();
        self.server.abort();
        // The task was cancelled, as intended.
        let _ = (&mut self.server).await;
        match self.keeping.take() {
            Some(keeping) => Ok(keeping.keeper.close().await?),
            None => Ok(()),
        }
    }

    /// Whether the world was kept by an earlier sandbox (see [`Builder::keep`]).
    pub fn goes_on(&self) -> bool {
        self.keeping.as_ref().is_some_and(|keeping| keeping.goes_on)
    }

    /// Returns the reason when a world that should be kept could not be saved. It does so once for each
    /// series of failures. Saving is retried automatically.
    pub async fn keeping_fails(&self) -> String {
        match &self.keeping {
            Some(keeping) => keeping.keeper.trouble().await,
            None => std::future::pending().await,
        }
    }

    /// Stops the sandbox. Fails if there are problems on which a test should fail (see
    /// [`Sandbox::problems`]).
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

    /// The ids of everything in the default world.
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

    /// A person by id. If the id is unknown, the first action fails.
    pub fn person(&self, id: UserId) -> Person {
        Person::new(Arc::clone(&self.hub), id)
    }

    /// Adds new people to the default server: `name1`, `name2`, ….
    pub fn crowd(&self, name: &str, count: u32) -> Result<Vec<Person>, Error> {
        self.crowd_in(self.guild_id(), name, count)
    }

    /// As [`Self::crowd`], in another server.
    pub fn crowd_in(&self, guild: GuildId, name: &str, count: u32) -> Result<Vec<Person>, Error> {
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

    /// Which gateway connection had which shard and when, oldest first.
    pub fn held_shards(&self) -> Vec<HeldShard> {
        self.hub.glance(|_, sessions, _| sessions.held())
    }

    /// Adds a new person to the default server, with an account of this age, who joined this long ago.
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

    /// Reads the present world, without permissions.
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
                // Cannot fail: the sender lives in the hub, which is borrowed here.
                let _ = changes.changed().await;
            }
        };
        tokio::time::timeout(TIME_LIMIT, waiting)
            .await
            .map_err(|_| self.out_of_patience(what))
    }

    /// Waits until `find` returns something for the record's entries after number `after`.
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
                // Cannot fail: the sender lives in the hub, which is borrowed here.
                let _ = news.changed().await;
            }
        };
        tokio::time::timeout(TIME_LIMIT, waiting)
            .await
            .map_err(|_| self.out_of_patience(what))
    }

    /// Waits until the bot is connected with all its shards and has received all its servers.
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

    /// The present time in the world.
    pub fn now(&self) -> Timestamp {
        self.hub.now()
    }

    /// Moves the world's clock forward: threads archive themselves, interactions expire.
    pub fn advance(&self, by: Duration) -> Timestamp {
        self.hub.advance(by)
    }

    /// Slows the world's clock down by this factor; 1 is as usual. Then a busy
    /// machine or a build for debugging does not miss Discord's time limits.
    pub fn slow_motion(&self, times: u32) {
        self.hub.slow_down(times);
    }

    /// Resets to a new default world with the same ids. Only the commands that bots have registered stay.
    /// Gateway connections are cut.
    pub fn reset(&self) {
        self.hub.reset();
    }

    /// The newest 10,000 entries of the record, oldest first.
    pub fn record(&self) -> Vec<Entry> {
        self.record_after(0)
    }

    /// The entries of the record after this one that are still kept.
    pub fn record_after(&self, mark: u64) -> Vec<Entry> {
        self.hub.record().after(mark, usize::MAX)
    }

    /// The entries of the record after this mark. Waits until there are some. To follow the record, pass the
    /// `seq` of the last entry as the next mark.
    pub async fn next_entries(&self, mark: u64) -> Vec<Entry> {
        let mut news = self.hub.record().watch();
        loop {
            news.mark_unchanged();
            let entries = self.record_after(mark);
            if !entries.is_empty() {
                return entries;
            }
            // Cannot fail: the sender lives in the hub, which is borrowed here.
            let _ = news.changed().await;
        }
    }

    /// The number of the record's newest entry, as a mark for what comes after it.
    pub fn mark(&self) -> u64 {
        self.hub.record().newest()
    }

    /// The calls of the bot, oldest first.
    pub fn calls(&self) -> Vec<Call> {
        self.calls_after(0)
    }

    /// The calls of the bot after a mark in the record.
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
