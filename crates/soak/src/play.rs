//! One run from a seed: segments of random actions. After each segment comes a quiet point, at which every
//! promise must hold.

pub(crate) mod admin;
mod failure;
mod people;
mod staff;
mod trouble;

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::time::{Duration, Instant};

use discord_sandbox::id::{ChannelId, GuildId};
use discord_sandbox::record::Call;
use discord_sandbox::{Person, Sandbox};
use fastrand::Rng;
use harness::{How, Stage};
use serde_json::json;
use tokio::task::JoinHandle;

use crate::action::{Action, draw};
use crate::check::check;
use crate::memory::Memory;
use crate::scene::{Notes, Rows, Scene};
pub use failure::Failure;

/// The options of a play.
#[derive(Clone, Debug)]
pub struct Options {
    pub seed: u64,
    pub how: How,
    pub people: u32,
    /// Whether calls fail and the bot is killed.
    pub faults: bool,
    /// With faults, one in this many segments is a storm.
    pub storm_every: u32,
    /// The minimum and maximum number of actions between two quiet points.
    pub segment: (u64, u64),
    /// How many tickets are kept. Staff delete older closed ones.
    pub keep: usize,
    /// How long the bot may take to become idle.
    pub timeout: Duration,
    /// Whether to continue after a failure, and to report all failures at the end.
    pub goes_on: bool,
    /// Whether to validate every call against Discord's own specification.
    pub oracle: bool,
}

/// A running play.
pub struct Play {
    pub stage: Stage,
    pub memory: Memory,
    pub counts: Counts,
    /// The failures so far, if the play continues after them.
    pub failures: Vec<Failure>,
    options: Options,
    rng: Rng,
    people: Vec<Person>,
    /// The channel for the notices of the first inbox.
    notices: ChannelId,
    admin: Option<JoinHandle<()>>,
    errands: Vec<JoinHandle<()>>,
    closings: Vec<staff::Closing>,
    is_out: bool,
    /// Whether some events came later than others that happened after them.
    is_out_of_order: bool,
    notes: Notes,
    last: VecDeque<String>,
}

/// How often each thing was done.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    pub actions: u64,
    pub quiet_points: u64,
    pub starts: u64,
    pub kills: u64,
    /// The number of actions of each kind.
    pub kinds: BTreeMap<String, u64>,
}

/// How many of the last actions a failure shows.
const LAST: usize = 150;

/// How much slower the world's clock is than the real one.
const SLOWER: u32 = 10;

/// How long the admin may wait for responses once everybody else has finished.
const ADMINS_TIMEOUT: Duration = Duration::from_secs(8);

/// How long the bot may take to handle the events that it received. After that, it probably waits for a
/// retry, so the clock is advanced.
const TO_HANDLE: Duration = Duration::from_secs(3);

/// By how much the clock is advanced then, and how often at most. The bot's longest retry delay is two hours.
const RETRY: Duration = Duration::from_secs(45);
const MOST_WAITS: usize = 20;

/// A little more than [`tickets::ticket::UNCLAIMED_AFTER`].
const UNCLAIMED: Duration = Duration::from_secs(61);

/// A little more than [`tickets::notice::BETWEEN_EDITS`].
const BETWEEN_NOTICES: Duration = Duration::from_millis(3_100);
const MOST_NOTICES: usize = 200;

/// After a gap, the bot does all due work within this time.
const DUE_AFTER_A_GAP: Duration = Duration::from_secs(11 * 60);

/// How often the checks are repeated. Polling is needed because the database cannot notify anybody of
/// changes.
const AGAIN: Duration = Duration::from_millis(20);

impl Play {
    /// Sets the stage: a server with people and two inboxes.
    pub async fn begin(options: Options) -> Result<Self, Failure> {
        let failed = |what: String| Failure::new(&options, vec![what]);
        let sandbox = Sandbox::builder().oracle(options.oracle).start().await;
        let sandbox = sandbox.map_err(|error| failed(error.to_string()))?;
        // Otherwise a busy machine would miss Discord's time limits.
        sandbox.slow_motion(SLOWER);
        let people = sandbox.crowd("person", options.people);
        let people = people.map_err(|error| failed(error.to_string()))?;
        let stage = Stage::on(sandbox, options.how.clone()).await;
        let stage = stage.map_err(|error| failed(error.to_string()))?;
        let mut play = Self {
            rng: Rng::with_seed(options.seed),
            stage,
            memory: Memory::default(),
            counts: Counts::default(),
            failures: Vec::new(),
            options,
            people,
            notices: ChannelId(0),
            admin: None,
            errands: Vec::new(),
            closings: Vec::new(),
            is_out: false,
            is_out_of_order: false,
            notes: Notes::default(),
            last: VecDeque::new(),
        };
        match play.set().await {
            Ok(()) => Ok(play),
            Err(error) => Err(play.failure(vec![error])),
        }
    }

    async fn set(&mut self) -> Result<(), String> {
        let words = self.stage.sandbox.refuse_words(&["forbidden"]);
        words.map_err(|error| error.to_string())?;
        self.start_bot().await?;
        let (support, tickets) = (
            self.stage.sandbox.defaults().support,
            self.stage.sandbox.defaults().tickets,
        );
        for destination in [None, Some(tickets)] {
            let admin = self.stage.sandbox.owner();
            let made = admin::create_inbox(&admin, support, destination).await;
            made.map_err(|error| error.to_string())?;
        }
        let set = self.choose_settings().await;
        set.map_err(|error| error.to_string())
    }

    /// The first inbox has notices, a close button, reports and a counter in its tickets' names; the
    /// second one reminders.
    async fn choose_settings(&mut self) -> Result<(), discord_sandbox::Error> {
        let admin = self.stage.sandbox.owner();
        self.notices = admin.create_channel("notices", 0).await?.id();
        let [first, second] = self.inboxes()[..] else {
            return Ok(());
        };
        let template = format!("{}$author", crate::memory::COUNTED);
        admin::fill_in(&admin, "name", first, &template).await?;
        let notices = self.notices.to_string();
        let picked = [("notices", &*notices), ("close-button", "request")];
        for (setting, value) in picked {
            admin::set(&admin, setting, Some(first.1), json!([value])).await?;
        }
        let inbox = first.1.to_string();
        admin::set(&admin, "reports", None, json!([inbox])).await?;
        for (setting, value) in [("remind-owner", "20h"), ("close-idle", "2d")] {
            admin::set(&admin, setting, Some(second.1), json!(value)).await?;
        }
        Ok(())
    }

    /// Runs random actions, at most this many, and then a quiet point.
    pub async fn segment(&mut self, at_most: u64) -> Result<(), Failure> {
        let is_storm = self.rng.u32(..self.options.storm_every) == 0 && self.options.faults;
        let (least, most) = self.options.segment;
        let length = self.rng.u64(least..=most).min(at_most);
        self.memory.begin_segment(self.stage.sandbox.now());
        self.remember(
            if is_storm {
                "— a storm —"
            } else {
                "— an everyday —"
            }
            .to_owned(),
        );
        for _ in 0..length {
            let action = draw(&mut self.rng, is_storm);
            self.memory.step += 1;
            self.counts.actions += 1;
            *self.counts.kinds.entry(kind(&action)).or_default() += 1;
            if self.last.len() == LAST {
                self.last.pop_front();
            }
            self.last
                .push_back(format!("{:>6} {action:?}", self.memory.step));
            if let Err(error) = self.act(&action).await {
                return Err(self.failure(vec![error]));
            }
            // Lets the bot run, too.
            tokio::task::yield_now().await;
        }
        match self.quiet().await {
            Err(failure) if self.options.goes_on => {
                self.failures.push(failure);
                // Restart, and accept the present state as correct, so that this failure is not reported
                // again.
                if let Err(error) = self.restart(false).await {
                    return Err(self.failure(vec![error]));
                }
                self.accept_and_clean_up().await;
                self.stage.bot.log().take_errors();
                Ok(())
            }
            quiet => quiet,
        }
    }

    fn remember(&mut self, line: String) {
        if self.last.len() == LAST {
            self.last.pop_front();
        }
        self.last.push_back(line);
    }

    async fn act(&mut self, action: &Action) -> Result<(), String> {
        match action {
            Action::Click {
                person,
                inbox,
                times,
            } => self.click(*person, *inbox, *times).await,
            Action::Crowd { inbox } => self.crowd(*inbox).await,
            Action::Owner(what, ticket) => self.owner_does(*what, *ticket).await,
            Action::Staff(what, ticket) => self.staff_does(*what, *ticket).await,
            Action::Command(what, ticket, how) => self.command(*what, *ticket, *how).await,
            Action::Server(what) => self.server_changes(*what).await,
            Action::Admin(what) => self.admin_does(*what).await,
            Action::Time(time) => self.time_passes(*time).await,
            Action::Gateway(what) => self.gateway_has(*what)?,
            Action::Fault(fault) => self.fault(*fault)?,
            Action::Host(what) => self.host_does(*what).await?,
        }
        Ok(())
    }

    /// A quiet point: stops all trouble, waits until everything is finished, and checks the promises.
    async fn quiet(&mut self) -> Result<(), Failure> {
        self.counts.quiet_points += 1;
        if let Err(error) = self.come_to_rest().await {
            return Err(self.failure(vec![error]));
        }
        let since = Instant::now();
        loop {
            let wrong = match self.failures_now().await {
                Ok(wrong) => wrong,
                Err(error) => vec![error],
            };
            if wrong.is_empty() {
                break;
            }
            // The real program cannot report that it is idle, so its checks are repeated for a while.
            let is_idle = !matches!(self.options.how, How::Program(_));
            if is_idle || since.elapsed() > self.options.timeout {
                return Err(self.failure(wrong));
            }
            tokio::time::sleep(AGAIN).await;
        }
        let mut wrong = self.accept_and_clean_up().await;
        let errors = self.stage.bot.log().take_errors();
        if self.memory.is_watched() {
            let errors = errors.into_iter();
            wrong.extend(errors.map(|line| format!("the bot logged: {line}")));
        }
        let problems = self.stage.sandbox.problems().into_iter();
        wrong.extend(problems.map(|it| format!("{} {}: {}", it.method, it.path, it.what)));
        if !wrong.is_empty() {
            return Err(self.failure(wrong));
        }
        Ok(())
    }

    async fn come_to_rest(&mut self) -> Result<(), String> {
        self.calm_down().await?;
        self.judge_closings();
        if matches!(self.options.how, How::Program(_)) {
            return Ok(());
        }
        self.idle().await?;
        // After this time, no opening can claim an unclaimed thread.
        self.time_passes_for_all(UNCLAIMED).await?;
        self.idle().await?;
        // The bot edits a channel's notices one at a time, with a delay in between.
        for _ in 0..MOST_NOTICES {
            if !self.has_stale_notices().await? {
                return Ok(());
            }
            self.time_passes_for_all(BETWEEN_NOTICES).await?;
            self.idle().await?;
        }
        Err("a notice does not show how its ticket is".to_owned())
    }

    /// Waits until the bot is idle. The bot retries failures after a delay, so the clock is advanced.
    async fn idle(&mut self) -> Result<(), String> {
        for _ in 0..MOST_WAITS {
            match tokio::time::timeout(TO_HANDLE, self.stage.idle()).await {
                Ok(idle) => return idle.map(drop).map_err(|error| error.to_string()),
                Err(_) => self.time_passes_for_all(RETRY).await?,
            }
        }
        Err("the bot never becomes idle".to_owned())
    }

    /// Advances the bot's clock and the world's together.
    async fn time_passes_for_all(&mut self, time: Duration) -> Result<(), String> {
        self.stage.sandbox.advance(time);
        let passed = self.stage.bot.time_passes(time).await;
        passed.map_err(|error| error.to_string())
    }

    /// Everything that is wrong now.
    async fn failures_now(&mut self) -> Result<Vec<String>, String> {
        if let Some(why) = self.stage.bot.ended() {
            return Err(why);
        }
        let scene = self.scene();
        let rows = self.rows().await?;
        Ok(check(&scene, &rows, &self.memory))
    }

    async fn rows(&mut self) -> Result<Rows, String> {
        let copy = self.stage.bot.home.copy().map_err(|e| e.to_string())?;
        Rows::of(&copy.store, self.guild()).await
    }

    /// Whether some notices do not show the present state of their tickets yet.
    async fn has_stale_notices(&mut self) -> Result<bool, String> {
        let copy = self.stage.bot.home.copy().map_err(|e| e.to_string())?;
        let channel = tickets::ChannelId(self.notices.0);
        let notices = copy.store.unfinished_notices(channel).await;
        let notices = notices.map_err(|error| error.to_string())?;
        let now = tickets::Timestamp(self.stage.sandbox.now().0);
        Ok(notices.iter().any(|notice| notice.step(now).is_some()))
    }

    /// All checks passed: learns the new state, and deletes the oldest tickets.
    async fn accept_and_clean_up(&mut self) -> Vec<String> {
        let scene = self.scene();
        let rows = match self.rows().await {
            Ok(rows) => rows,
            Err(error) => return vec![error],
        };
        let inbox_of = rows.tickets.iter();
        let inbox_of = inbox_of.filter_map(|row| Some((row.id.0, row.inbox?.0)));
        let inbox_of: HashMap<u64, u64> = inbox_of.collect();
        let wrong = self.memory.learn(&scene, &inbox_of);
        self.memory.accept(&scene, &rows);
        let too_many = scene.tickets.len().saturating_sub(self.options.keep);
        let owner = self.stage.sandbox.owner();
        for old in scene.tickets.iter().filter(|it| it.archived).take(too_many) {
            if owner.delete(old.id).await.is_ok() {
                self.memory.forget(old.id);
            }
        }
        wrong
    }

    /// Ends the play: checks everything once more, and also that a restart changes nothing if nothing has
    /// happened.
    pub async fn finish(mut self) -> Result<Counts, Failure> {
        self.memory.begin_segment(self.stage.sandbox.now());
        self.quiet().await?;
        // Without its session, the bot scans the server and finds changes that no event reported.
        self.stage.sandbox.end_sessions();
        self.memory.nothing_is_lost();
        self.quiet().await?;
        self.nothing_due_is_forgotten().await?;
        let mark = self.stage.sandbox.mark();
        if let Err(error) = self.restart(false).await {
            return Err(self.failure(vec![error]));
        }
        self.quiet().await?;
        let calls = self.stage.sandbox.calls_after(mark).into_iter();
        // The only interactions are the harness's probes.
        let is_probe = |call: &Call| call.is("POST", "/interactions/*/*/callback");
        // The bot edits a channel's notices one at a time, so some edits may still follow.
        let notices = format!("/channels/{}/messages/", self.notices);
        let is_notice = |call: &Call| call.path.starts_with(&notices);
        let changes =
            calls.filter(|call| call.method != "GET" && !is_probe(call) && !is_notice(call));
        let changes: Vec<_> = changes
            .map(|call| format!("a start changed something: {} {}", call.method, call.path))
            .collect();
        if !changes.is_empty() {
            return Err(self.failure(changes));
        }
        if let Err(error) = self.stage.stop().await {
            return Err(self.failure(vec![error.to_string()]));
        }
        let Self { stage, options, .. } = self;
        match stage.sandbox.finish().await {
            Ok(()) => Ok(self.counts),
            Err(error) => Err(Failure::new(&options, vec![error.to_string()])),
        }
    }

    /// Checks that the bot has done everything that was due some time ago.
    async fn nothing_due_is_forgotten(&mut self) -> Result<(), Failure> {
        let before = self.stage.sandbox.now();
        self.memory.begin_segment(before);
        self.memory.time_jumps();
        let since = Instant::now();
        self.stage.sandbox.advance(DUE_AFTER_A_GAP);
        loop {
            // The bot learns the time from Discord's responses, so it needs one.
            let _ = self
                .stage
                .sandbox
                .owner()
                .run("ticket help", json!({}))
                .await;
            self.quiet().await?;
            let rows = self.rows().await;
            let rows = rows.map_err(|error| self.failure(vec![error]))?;
            let overdue: Vec<_> = rows.due.iter().filter(|(_, at)| at.0 < before.0).collect();
            if overdue.is_empty() {
                return Ok(());
            }
            if since.elapsed() > self.options.timeout {
                let overdue = format!("overdue for {DUE_AFTER_A_GAP:?}: {overdue:?}");
                return Err(self.failure(vec![overdue]));
            }
        }
    }

    /// Starts the bot, unless it is running.
    async fn start_bot(&mut self) -> Result<(), String> {
        if !self.stage.bot.is_running() {
            self.counts.starts += 1;
        }
        self.stage.start().await.map_err(|error| error.to_string())
    }

    async fn connected(&self) -> Result<(), String> {
        let connected = self.stage.connected().await;
        connected.map_err(|error| error.to_string())
    }

    async fn restart(&mut self, kill: bool) -> Result<(), String> {
        self.end_bot(kill).await?;
        self.start_bot().await
    }

    async fn end_bot(&mut self, kill: bool) -> Result<(), String> {
        let ended = if kill {
            self.counts.kills += 1;
            self.stage.kill().await
        } else {
            self.stage.stop().await
        };
        ended.map_err(|error| error.to_string())
    }

    fn scene(&self) -> Scene {
        self.stage.sandbox.look(|look| Scene::of(look, &self.notes))
    }

    fn guild(&self) -> GuildId {
        self.stage.sandbox.guild_id()
    }

    fn failure(&self, wrong: Vec<String>) -> Failure {
        let last = self.last.iter().cloned().collect();
        Failure::new(&self.options, wrong).at(
            self.memory.step,
            last,
            &self.stage.sandbox,
            self.stage.bot.log(),
        )
    }
}

/// The kind of an action, by which it is counted: the names of its enum variants.
fn kind(action: &Action) -> String {
    let text = format!("{action:?}");
    let words = text.split(|c: char| !c.is_alphanumeric());
    let names = words.filter(|word| word.starts_with(|c: char| c.is_ascii_uppercase()));
    let names: Vec<_> = names.filter(|name| *name != "Some").take(2).collect();
    names.join(" ")
}
