//! A sandbox with many servers and shards, a PostgreSQL server, and several processes of the bot. Each test
//! passes the path of the bot's program.

mod clock;
mod front;
mod networks;
mod way;
mod witness;

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use discord_sandbox::id::{ChannelId, GuildId, InteractionId, MessageId};
use discord_sandbox::record::What;
use discord_sandbox::world::MoreGuilds;
use discord_sandbox::{Answer, HeldShard, Limits, Look, Sandbox, State};

use serde_json::json;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::postgres::Cluster;
use crate::{BUTTON, Bot, Home, How, Result, linked_channel};
pub use clock::skewed;
pub use front::Cut;
use front::Front;
use networks::Networks;
pub use way::{Commit, Way};
pub use witness::Witness;

/// How long anything may take before it counts as failed.
const TIME_LIMIT: Duration = Duration::from_secs(90);

pub struct Stage {
    program: PathBuf,
    pub sandbox: Sandbox,
    pub postgres: Arc<Cluster>,
    pub processes: BTreeMap<&'static str, Bot>,
    /// One network for each process. `None` if all processes use this machine's network.
    networks: Option<Networks>,
    pub inboxes: Vec<Inbox>,
    /// The PostgreSQL schema and the config section `[gateway]` for processes that are started for the first
    /// time.
    pub schema: &'static str,
    pub gateway: &'static str,
    ways: BTreeMap<&'static str, Way>,
    front: Front,
    shards: u32,
    // The last field, so that the permit is released after everything else is dropped.
    _turn: SemaphorePermit<'static>,
}

/// At most this many stages run at the same time. Each runs a PostgreSQL server and several processes, whose
/// leases expire after ten seconds even if the machine is too busy to renew them.
static AT_ONCE: Semaphore = Semaphore::const_new(4);

/// An inbox in its own server.
#[derive(Clone, Copy, Debug)]
pub struct Inbox {
    pub guild: GuildId,
    pub channel: ChannelId,
    pub message: MessageId,
}

/// The number of servers with an inbox.
const INBOXES: usize = 10;

impl Stage {
    /// `None` where PostgreSQL is not installed.
    pub async fn new(program: PathBuf, shards: u32, max_concurrency: u32) -> Result<Option<Self>> {
        Self::on(None, program, shards, max_concurrency).await
    }

    /// As [`Self::new`], but each process has a network of its own. This needs root.
    pub async fn in_namespaces(
        program: PathBuf,
        shards: u32,
        max_concurrency: u32,
    ) -> Result<Option<Self>> {
        let networks = Networks::new()?;
        Self::on(Some(networks), program, shards, max_concurrency).await
    }

    async fn on(
        networks: Option<Networks>,
        program: PathBuf,
        shards: u32,
        max_concurrency: u32,
    ) -> Result<Option<Self>> {
        let turn = AT_ONCE.acquire().await?;
        let Some(postgres) = crate::postgres::start() else {
            return Ok(None);
        };
        let more = MoreGuilds {
            count: 120,
            channels: 1,
            roles: 1,
        };
        let front = Front::new(here(networks.as_ref())).await?;
        let sandbox = Sandbox::builder()
            .behind(front.address())
            .more_guilds(more)
            .shards(shards)
            .max_concurrency(max_concurrency)
            .limits(Limits::Discord)
            .start()
            .await?;
        front.leads_to(sandbox.address());
        Ok(Some(Self {
            program,
            sandbox,
            postgres: Arc::new(postgres),
            processes: BTreeMap::new(),
            networks,
            inboxes: Vec::new(),
            schema: "bot",
            gateway: "cluster = true",
            ways: BTreeMap::new(),
            front,
            shards,
            _turn: turn,
        }))
    }

    /// Slows the world's clock, so that a busy machine does not miss Discord's time limits. It also switches
    /// the limits on calls and sessions off, because they would be wrong for a slowed clock.
    pub fn in_slow_motion(&self) {
        self.sandbox.set_limits(Limits::Off);
        self.sandbox.slow_motion(5);
    }

    /// Starts a process.
    pub async fn start(&mut self, name: &'static str) -> Result {
        self.start_as(name, self.program.clone()).await
    }

    /// Starts a process of this program, which should become the bot.
    pub async fn start_as(&mut self, name: &'static str, mut program: PathBuf) -> Result {
        if !self.processes.contains_key(name) {
            let home = Home::on(&self.sandbox)?;
            let here = here(self.networks.as_ref());
            if let Some(networks) = &mut self.networks {
                program = networks.inside(name, home.folder(), &program)?;
            }
            let way = Way::to(self.postgres.socket(), here).await?;
            let (port, schema) = (way.port(), self.schema);
            let url =
                format!("postgres://bot@{here}:{port}/postgres?schema={schema}&sslmode=disable");
            self.ways.insert(name, way);
            let api_url = format!("http://{}", self.front.address());
            let token = self.sandbox.token();
            home.write_config(&format!(
                "[bot]\ntoken = {token:?}\napi_url = {api_url:?}\n[db]\nurl = {url:?}\n\
                 [gateway]\n{}\n",
                self.gateway
            ))?;
            let bot = Bot::new(How::Program(program), home);
            self.processes.insert(name, bot);
        }
        self.process(name).start().await?;
        self.front.count(self.pid(name)?);
        Ok(())
    }

    /// A process that was started before.
    ///
    /// # Panics
    ///
    /// If the process was never started.
    pub fn process(&mut self, name: &str) -> &mut Bot {
        self.processes.get_mut(name).expect("it was started once")
    }

    /// The connection of a process to PostgreSQL.
    pub fn way(&self, name: &str) -> &Way {
        &self.ways[name]
    }

    fn pid(&self, name: &str) -> Result<u32> {
        let program = self.processes[name].program().ok_or("it does not run")?;
        Ok(program.pid())
    }

    /// Cuts a process off from Discord.
    pub fn cut_from_discord(&self, name: &str, what: Cut) -> Result {
        self.front.cut(self.pid(name)?, what);
        Ok(())
    }

    /// Takes a process's network link down or brings it up again. Fails if the process has no network of its
    /// own.
    pub fn set_link(&self, name: &str, is_up: bool) -> Result {
        let networks = self.networks.as_ref();
        networks
            .ok_or("it has no network of its own")?
            .set_link(name, is_up)
    }

    pub fn open_to_discord(&self, name: &str) -> Result {
        self.front.open(self.pid(name)?);
        Ok(())
    }

    /// Detects processes that act without a lease.
    pub fn witness(&self) -> Witness {
        Witness {
            postgres: self.postgres.clone(),
            front: self.front.clone(),
        }
    }

    /// Waits until the present session of every shard is saved, with nothing unfinished.
    pub async fn saved(&self) -> Result {
        self.finished().await?;
        // What was saved before could be older than that. A process saves when it renews its leases, and one
        // renewal may have begun before now.
        self.renewed_for(Duration::from_secs(2)).await?;
        let saved = "SELECT count(*) FROM bot.handover_session WHERE NOT EXISTS
             (SELECT 1 FROM bot.setting WHERE name = 'unfinished-shard-' || shard)";
        let all = self.shards.to_string();
        self.until_sql("the sessions are saved", saved, &all).await
    }

    /// Waits until all started work is finished.
    pub async fn finished(&self) -> Result {
        let pending = "SELECT count(*) FROM bot.journal";
        self.until_sql("nothing is unfinished", pending, "0").await
    }

    async fn until_sql(&self, what: &str, sql: &str, wanted: &str) -> Result {
        let waiting = async {
            while self.postgres.query(sql).await? != wanted {
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
            Ok(())
        };
        match tokio::time::timeout(TIME_LIMIT, waiting).await {
            Ok(done) => done,
            Err(_) => Err(format!("{what}: it never happened\n{}", self.situation()).into()),
        }
    }

    /// The number of sessions that were started so far, without resumed ones.
    pub fn begun(&self) -> usize {
        let held = self.sandbox.held_shards();
        held.iter().filter(|it| !it.resumed).count()
    }

    /// Runs a command of the program with a process's config, and returns what it prints. The sandbox and the
    /// connections to PostgreSQL continue to run meanwhile.
    pub async fn command(&self, name: &str, args: &[&str]) -> Result<String> {
        let home = &self.processes[name].home;
        let mut command = Command::new(&self.program);
        command
            .arg("--config-file")
            .arg(home.config_file())
            .args(args)
            .env("HOME", home.folder());
        let output = tokio::task::spawn_blocking(move || command.output()).await??;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into());
        }
        Ok(String::from_utf8(output.stdout)?)
    }

    /// Sends a signal to a process, such as `STOP`.
    pub fn signal(&mut self, name: &str, signal: &str) -> Result {
        let pid = self.pid(name)?;
        let sent = Command::new("kill")
            .args([format!("-{signal}"), pid.to_string()])
            .status()?;
        if sent.success() {
            Ok(())
        } else {
            Err(format!("cannot send {signal}").into())
        }
    }

    /// Waits until the gateway's connections satisfy the condition. It is checked after each change.
    pub async fn until(
        &self,
        what: &str,
        is_so: impl Fn(&[HeldShard]) -> bool,
    ) -> Result<Vec<HeldShard>> {
        let waiting = async {
            loop {
                let mark = self.sandbox.mark();
                let held = self.sandbox.held_shards();
                if is_so(&held) {
                    return held;
                }
                self.sandbox.next_entries(mark).await;
            }
        };
        match tokio::time::timeout(TIME_LIMIT, waiting).await {
            Ok(held) => Ok(held),
            Err(_) => Err(format!("{what}: it never happened\n{}", self.situation()).into()),
        }
    }

    pub fn situation(&self) -> String {
        let open = self.sandbox.held_shards();
        let open: Vec<_> = open.iter().filter(|held| held.until.is_none()).collect();
        let logs = self.processes.iter();
        let logs = logs.map(|(name, bot)| format!("{name}:\n{}", bot.log().tail().join("\n")));
        format!("{open:#?}\n{}", logs.collect::<Vec<_>>().join("\n"))
    }

    /// Waits until all `total` shards are connected, and Discord has sent every server.
    pub async fn all_connected(&self, total: u32) -> Result<Vec<HeldShard>> {
        let total = u64::from(total);
        let held = self
            .until("all shards are connected", |held| {
                let open = held
                    .iter()
                    .filter(|it| it.until.is_none() && it.shards == total);
                open.map(|it| it.shard).collect::<BTreeSet<_>>().len() as u64 == total
            })
            .await?;
        self.ready().await?;
        Ok(held)
    }

    /// The program that the processes run.
    pub fn program(&self) -> &Path {
        &self.program
    }

    /// Forgets a process that has ended, so that it can be started again with another program.
    pub fn forget(&mut self, name: &str) {
        self.processes.remove(name);
    }

    /// Waits until every shard is connected again after a process has ended. `before` is the number of
    /// connections that had begun before that.
    pub async fn served_again(&self, before: usize) -> Result {
        let all = u64::from(self.shards);
        let is_served = |held: &[HeldShard]| {
            let is_open = |shard| {
                held.iter()
                    .any(|it| it.shard == shard && it.until.is_none())
            };
            held.len() > before && (0..all).all(is_open)
        };
        self.until("every shard is served again", is_served).await?;
        Ok(())
    }

    /// Waits until every shard is connected, and Discord has sent every server.
    pub async fn served(&self) -> Result {
        self.all_connected(self.shards).await.map(drop)
    }

    async fn ready(&self) -> Result {
        let ready = async { while self.sandbox.wait_for_bot().await.is_err() {} };
        let ready = tokio::time::timeout(TIME_LIMIT, ready).await;
        ready.map_err(|_| format!("the bot is not ready\n{}", self.situation()).into())
    }

    /// Waits until this many processes share the leases evenly, and all shards are connected.
    pub async fn shared(&self, processes: u32) -> Result<BTreeMap<i64, usize>> {
        let count = processes as usize;
        let all = self.shards as usize;
        let share = all / count..=all.div_ceil(count);
        let waiting = async {
            loop {
                let mark = self.sandbox.mark();
                let shares = self.shares().await?;
                let is_even = shares.len() == count
                    && shares.values().sum::<usize>() == all
                    && shares.values().all(|it| share.contains(it));
                if is_even {
                    return Ok::<_, crate::Error>(shares);
                }
                // A lease usually moves together with a connection. Poll as well, because it can also move
                // alone.
                let news = self.sandbox.next_entries(mark);
                let _ = tokio::time::timeout(Duration::from_millis(200), news).await;
            }
        };
        let Ok(shares) = tokio::time::timeout(TIME_LIMIT, waiting).await else {
            let shares = self.shares().await;
            let situation = self.situation();
            return Err(format!("the shares are not even: {shares:?}\n{situation}").into());
        };
        let shares = shares?;
        self.served().await?;
        Ok(shares)
    }

    /// How many leases each process has.
    async fn shares(&self) -> Result<BTreeMap<i64, usize>> {
        let is_there = "SELECT to_regclass('bot.cluster_shard') IS NOT NULL";
        let is_there = self.postgres.query(is_there).await?;
        if is_there != "t" {
            return Ok(BTreeMap::new());
        }
        let shares = "SELECT holder, count(*) FROM bot.cluster_shard
             WHERE until > clock_timestamp() GROUP BY holder";
        let rows = self.postgres.query(shares).await?;
        let rows = rows.lines().filter_map(|line| line.split_once('|'));
        let rows = rows.map(|(holder, count)| Ok((holder.parse()?, count.parse()?)));
        rows.collect()
    }

    /// Olivia makes an inbox in some servers, so that most shards have one.
    pub async fn make_inboxes(&mut self) -> Result {
        let owner = self.sandbox.owner();
        let places: Vec<(GuildId, ChannelId)> = self.sandbox.look(|look| {
            let guilds = look
                .guilds()
                .filter(|guild| guild.name.starts_with("Server"));
            let places = guilds.filter_map(|guild| Some((guild.id, *guild.channels.first()?)));
            places.take(INBOXES).collect()
        });
        for (guild, channel) in places {
            let source = owner.send(channel, "Need help?").await?.id();
            let options = json!({"channel": channel});
            owner
                .run_in(channel, "inbox create", options)
                .await?
                .content()?;
            owner
                .use_menu("Select this message", channel, source)
                .await?
                .content()?;
            let bot = self.sandbox.bot_id();
            let message = self.sandbox.look(|look| {
                let own = look.messages(channel).rev();
                let mut own = own.filter(|it| it.user() == Some(bot) && it.ephemeral_to.is_none());
                own.find(|it| !it.components.is_empty()).map(|it| it.id)
            });
            self.inboxes.push(Inbox {
                guild,
                channel,
                message: message.ok_or("there is no inbox")?,
            });
        }
        Ok(())
    }

    /// The response to one of Olivia's clicks.
    pub async fn answer_to(&self, click: InteractionId) -> Result<Answer> {
        let owner = self.sandbox.owner();
        let answer = tokio::time::timeout(TIME_LIMIT, owner.answer_to(click)).await;
        Ok(answer.map_err(|_| format!("a click has no response\n{}", self.situation()))??)
    }

    /// The ticket that the response to a click finally links to. The bot may first respond that the member
    /// has to wait.
    pub async fn linked(&self, click: InteractionId) -> Result<ChannelId> {
        let owner = self.sandbox.owner();
        let waiting = async {
            loop {
                let mark = self.sandbox.mark();
                let answer = owner.answer_to(click).await?;
                match answer.content().map(linked_channel) {
                    Ok(Ok(thread)) => return Ok(thread),
                    Ok(Err(_)) => drop(self.sandbox.next_entries(mark).await),
                    Err(error) => return Err(crate::Error::from(error)),
                }
            }
        };
        let linked = match tokio::time::timeout(TIME_LIMIT, waiting).await {
            Ok(linked) => linked,
            Err(_) => Err("a click has no link".into()),
        };
        linked.map_err(|error| {
            let calls = self.sandbox.calls();
            let calls = calls.iter().rev().take(60).map(|call| format!("{call:?}"));
            let calls: Vec<String> = calls.collect();
            format!(
                "{error}: {click}\n{}\n{}",
                calls.join("\n"),
                self.situation()
            )
            .into()
        })
    }

    /// Olivia clicks in each server at once.
    pub async fn click_everywhere(&self) -> Result<Vec<(Inbox, InteractionId)>> {
        self.click_in(&self.inboxes).await
    }

    pub async fn click_in(&self, inboxes: &[Inbox]) -> Result<Vec<(Inbox, InteractionId)>> {
        // Lets the cooldown between two tickets of a member pass.
        self.sandbox.advance(Duration::from_secs(61));
        let owner = self.sandbox.owner();
        let mut clicks = Vec::new();
        for inbox in inboxes {
            let id = owner
                .start_click(inbox.channel, inbox.message, BUTTON)
                .await?;
            clicks.push((*inbox, id));
        }
        Ok(clicks)
    }

    /// Opens a ticket in each server, and closes it: each click has one response and one thread.
    pub async fn tickets_work(&self) -> Result {
        let before = self.threads();
        let clicks = self.click_everywhere().await?;
        for (_, click) in clicks {
            let thread = self.linked(click).await?;
            self.archive(thread).await?;
            self.closed(thread).await?;
        }
        let after = self.threads();
        for inbox in &self.inboxes {
            // An orphaned thread of an earlier click may have been deleted meanwhile.
            let new = after[&inbox.channel].difference(&before[&inbox.channel]);
            let new: Vec<_> = new.collect();
            if new.len() != 1 {
                let situation = self.situation();
                return Err(format!("{new:?} in server {}\n{situation}", inbox.guild).into());
            }
        }
        Ok(())
    }

    /// Olivia archives her ticket, once she is in it.
    pub async fn archive(&self, thread: ChannelId) -> Result {
        self.joined(thread).await?;
        self.sandbox.owner().archive(thread).await?;
        Ok(())
    }

    /// Waits until Olivia is in her ticket.
    pub async fn joined(&self, thread: ChannelId) -> Result {
        let owner = self.sandbox.owner();
        let is_in = |look: &Look<'_>| look.is_in_thread(thread, owner.id()).then_some(());
        let waiting = self.sandbox.wait_until("the owner is in the ticket", is_in);
        let waited = waiting.await;
        waited.map_err(|error| format!("{error}\n{}", self.situation()).into())
    }

    /// Waits until the bot has closed a ticket.
    pub async fn closed(&self, thread: ChannelId) -> Result {
        let is_closed = |look: &Look<'_>| {
            let closed = look.thread(thread).filter(|it| it.archived && it.locked);
            closed.map(drop)
        };
        let waiting = self.sandbox.wait_until("the ticket is closed", is_closed);
        let waited = waiting.await;
        waited.map_err(|error| format!("{error}\n{}", self.situation()).into())
    }

    /// Waits until each process has renewed its leases at least this long after now.
    pub async fn renewed_for(&self, time: Duration) -> Result {
        let begun = self.postgres.query("SELECT clock_timestamp()").await?;
        let seconds = time.as_secs_f64();
        let is_over = format!(
            "SELECT min(seen) > timestamptz '{begun}' + {seconds} * interval '1 s'
             FROM bot.cluster_process"
        );
        self.until_sql("the leases are renewed", &is_over, "t")
            .await
    }

    /// Which process has which lease.
    pub async fn holders(&self) -> Result<String> {
        let sql = "SELECT shard, holder FROM bot.cluster_shard
             WHERE until > clock_timestamp() ORDER BY shard";
        self.postgres.query(sql).await
    }

    fn threads(&self) -> BTreeMap<ChannelId, BTreeSet<ChannelId>> {
        let threads = |inbox: &Inbox| {
            let threads = self.sandbox.look(|look| {
                let threads = look.threads_of(inbox.channel);
                threads.iter().map(|it| it.id).collect()
            });
            (inbox.channel, threads)
        };
        self.inboxes.iter().map(threads).collect()
    }

    /// Checks clicks that were made during a fault: each has at most one response, each server has at most
    /// one open ticket, and in the end no thread is without a ticket. Then it closes the tickets.
    ///
    /// # Panics
    ///
    /// If somebody has two open tickets.
    pub async fn clicks_are_sound(&self, clicks: &[(Inbox, InteractionId)]) -> Result {
        let owner = self.sandbox.owner();
        for (inbox, click) in clicks {
            let answer = self.answer_to(*click).await?;
            let open = || {
                self.sandbox.look(|look| {
                    let threads = look.threads_of(inbox.channel);
                    let open = threads.iter().filter(|it| !it.archived).map(|it| it.id);
                    open.collect::<Vec<_>>()
                })
            };
            // Archives each thread once only: the bot's closing message reopens a thread for a moment.
            let mut archived = BTreeSet::new();
            if answer.state == State::Answered
                && let Ok(thread) = answer
                    .content()
                    .map_err(Into::into)
                    .and_then(linked_channel)
            {
                if open() != [thread] {
                    let error = format!(
                        "{thread} was linked and {:?} is open in server {}\n{}",
                        open(),
                        inbox.guild,
                        self.situation()
                    );
                    return Err(error.into());
                }
                self.archive(thread).await?;
                archived.insert(thread);
            }
            // If a process died before it responded, the next process finishes the ticket or deletes it.
            let waiting = async {
                loop {
                    let mark = self.sandbox.mark();
                    let open = open();
                    assert!(open.len() <= 1, "{open:?} in server {}", inbox.guild);
                    let Some(thread) = open.first() else {
                        // Until the bot has closed the ticket, it would respond to the next click that the
                        // ticket is still open.
                        let is_closed = self.sandbox.look(|look| {
                            let threads = look.threads_of(inbox.channel);
                            threads.iter().all(|it| it.locked)
                        });
                        if is_closed {
                            return;
                        }
                        self.sandbox.next_entries(mark).await;
                        continue;
                    };
                    let is_in = self
                        .sandbox
                        .look(|look| look.is_in_thread(*thread, owner.id()));
                    if is_in && archived.insert(*thread) {
                        // This fails if the thread was deleted meanwhile. The next iteration checks that.
                        let _ = owner.archive(*thread).await;
                    }
                    self.sandbox.next_entries(mark).await;
                }
            };
            tokio::time::timeout(TIME_LIMIT, waiting)
                .await
                .map_err(|_| {
                    format!(
                        "a ticket stays open in {}\n{}",
                        inbox.guild,
                        self.situation()
                    )
                })?;
        }
        // An opening that has no thread yet would prevent the next one.
        self.finished().await
    }

    /// How many times Discord has refused to begin a session since a mark, because the last one began too
    /// recently.
    pub fn refused_starts(&self, mark: u64) -> usize {
        let entries = self.sandbox.record_after(mark);
        let is_refused = |what: &What| matches!(what, What::Gateway { what } if what.contains("may not begin a session"));
        entries.iter().filter(|it| is_refused(&it.what)).count()
    }

    /// Stops everything, and checks what must always be true: no process logged an error, the sandbox
    /// received no call that Discord does not have, and no shard had two connections for longer than a
    /// moment.
    ///
    /// # Panics
    ///
    /// If one of these is not true.
    pub async fn finish(mut self, longest_overlap: i64) -> Result {
        for (name, bot) in &mut self.processes {
            bot.stop().await?;
            let errors = bot.log().take_errors();
            assert!(errors.is_empty(), "{name}: {errors:#?}\n{}", bot.log());
        }
        let overlaps = overlaps(&self.sandbox.held_shards(), self.sandbox.now().0);
        let longest = overlaps.iter().copied().max().unwrap_or(0);
        assert!(
            longest <= longest_overlap,
            "two connections had a shard for {longest} ms"
        );
        self.sandbox.finish().await?;
        Ok(())
    }
}

/// The address at which a process reaches this machine.
fn here(networks: Option<&Networks>) -> Ipv4Addr {
    networks.map_or(Ipv4Addr::LOCALHOST, Networks::address)
}

/// For how long pairs of connections held the same shard at once, in milliseconds.
pub fn overlaps(held: &[HeldShard], now: i64) -> Vec<i64> {
    let pairs = held.iter().enumerate();
    let pairs = pairs.flat_map(|(at, one)| held[at + 1..].iter().map(move |other| (one, other)));
    pairs
        .filter_map(|(one, other)| one.overlap(other, now))
        .collect()
}
