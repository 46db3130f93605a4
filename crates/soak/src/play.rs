//! One run from a seed: segments of random actions, each followed by a quiet point at which everything
//! must be as promised.

pub(crate) mod admin;
mod failure;
mod people;
mod trouble;

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::time::{Duration, Instant};

use discord_sandbox::id::GuildId;
use discord_sandbox::{Person, Sandbox};
use fastrand::Rng;
use tokio::task::JoinHandle;

use crate::action::{Action, draw};
use crate::bot::{Bot, How};
use crate::check::{Excuses, check};
use crate::memory::Memory;
use crate::scene::{Notes, Rows, Scene};
pub use failure::Failure;

/// What is played.
#[derive(Clone, Debug)]
pub struct Options {
    pub seed: u64,
    pub how: How,
    pub people: u32,
    /// Whether calls fail and the bot dies.
    pub faults: bool,
    /// One in so many segments is a storm, if there are faults.
    pub storm_every: u32,
    /// Actions between two quiet points, at least and at most.
    pub segment: (u64, u64),
    /// Tickets that are kept; older closed ones are deleted by staff.
    pub keep: usize,
    /// How long the bot may take to come to rest.
    pub patience: Duration,
    /// Whether it goes on when something is wrong, and tells in the end.
    pub goes_on: bool,
    /// Whether every call is held against Discord's own specification.
    pub oracle: bool,
}

/// A running play.
pub struct Play {
    pub sandbox: Sandbox,
    pub bot: Bot,
    pub memory: Memory,
    pub counts: Counts,
    /// What was wrong so far, if it goes on.
    pub failures: Vec<Failure>,
    options: Options,
    rng: Rng,
    people: Vec<Person>,
    admin: Option<JoinHandle<()>>,
    excuses: Excuses,
    is_out: bool,
    notes: Notes,
    last: VecDeque<String>,
}

/// How much was done.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    pub actions: u64,
    pub quiet_points: u64,
    pub starts: u64,
    pub kills: u64,
    /// By kind.
    pub kinds: BTreeMap<String, u64>,
}

/// So many of the last actions are shown when something is wrong.
const LAST: usize = 150;

/// How long the admin may wait for answers once everybody else is quiet.
const ADMINS_PATIENCE: Duration = Duration::from_secs(8);

/// How long the bot may need to look for what it missed. It tries again after some seconds.
const TO_LOOK: Duration = Duration::from_secs(8);

/// How often it is looked again whether all is well. The world can be watched, the database cannot.
const AGAIN: Duration = Duration::from_millis(20);

impl Play {
    /// Sets the stage: a server with people and two inboxes.
    pub async fn begin(options: Options) -> Result<Self, Failure> {
        let failed = |what: String| Failure::new(&options, vec![what]);
        let sandbox = Sandbox::builder().oracle(options.oracle).start().await;
        let sandbox = sandbox.map_err(|error| failed(error.to_string()))?;
        let bot = Bot::new(options.how.clone(), &sandbox.url(), &sandbox.token());
        let bot = bot.map_err(|error| failed(error.to_string()))?;
        let people = sandbox.crowd("person", options.people);
        let people = people.map_err(|error| failed(error.to_string()))?;
        let mut play = Self {
            rng: Rng::with_seed(options.seed),
            sandbox,
            bot,
            memory: Memory::default(),
            counts: Counts::default(),
            failures: Vec::new(),
            options,
            people,
            admin: None,
            excuses: Excuses::default(),
            is_out: false,
            notes: Notes::default(),
            last: VecDeque::new(),
        };
        match play.set().await {
            Ok(()) => Ok(play),
            Err(error) => Err(play.failure(vec![error])),
        }
    }

    async fn set(&mut self) -> Result<(), String> {
        let words = self.sandbox.refuse_words(&["forbidden"]);
        words.map_err(|error| error.to_string())?;
        self.start_bot().await?;
        let (support, tickets) = (
            self.sandbox.defaults().support,
            self.sandbox.defaults().tickets,
        );
        for destination in [None, Some(tickets)] {
            let admin = self.sandbox.owner();
            let made = admin::create_inbox(&admin, support, destination).await;
            made.map_err(|error| error.to_string())?;
        }
        if let Some(inbox) = self.inboxes().first().copied() {
            let template = format!("{}$author", crate::memory::COUNTED);
            let named = admin::fill_in(&self.sandbox.owner(), "name", inbox, &template).await;
            named.map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    /// Random actions, and a quiet point after them. At most so many actions.
    pub async fn segment(&mut self, at_most: u64) -> Result<(), Failure> {
        let is_storm = self.rng.u32(..self.options.storm_every) == 0 && self.options.faults;
        let (least, most) = self.options.segment;
        let length = self.rng.u64(least..=most).min(at_most);
        self.memory.segment = self.memory.step + 1;
        self.memory.segment_began = Some(self.sandbox.now());
        self.excuses = Excuses::default();
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
            // The bot gets its share of the machine.
            tokio::task::yield_now().await;
        }
        match self.quiet().await {
            Err(failure) if self.options.goes_on => {
                self.failures.push(failure);
                // From here on it is right as it is.
                if let Err(error) = self.restart(false).await {
                    return Err(self.failure(vec![error]));
                }
                self.excuses.interrupted = true;
                self.settle_accounts().await;
                self.bot.log().take_errors();
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
            Action::Server(what) => self.server_changes(*what).await,
            Action::Admin(what) => self.admin_does(*what).await,
            Action::Time(time) => self.time_passes(*time).await,
            Action::Gateway(what) => self.gateway_has(*what)?,
            Action::Fault(fault) => self.fault(*fault)?,
            Action::Host(what) => self.host_does(*what).await?,
        }
        Ok(())
    }

    /// Everything comes to rest, and is checked.
    async fn quiet(&mut self) -> Result<(), Failure> {
        self.counts.quiet_points += 1;
        if let Err(error) = self.calm_down().await {
            return Err(self.failure(vec![error]));
        }
        let since = Instant::now();
        loop {
            self.memory.has_looked = since.elapsed() > TO_LOOK;
            let wrong = match self.look_for_wrongs().await {
                Ok(wrong) => wrong,
                Err(error) => vec![error],
            };
            if wrong.is_empty() {
                break;
            }
            if since.elapsed() > self.options.patience {
                return Err(self.failure(wrong));
            }
            tokio::time::sleep(AGAIN).await;
        }
        let mut wrong = self.settle_accounts().await;
        let errors = self.bot.log().take_errors();
        if !self.excuses.errors {
            wrong.extend(
                errors
                    .into_iter()
                    .map(|line| format!("the bot logged: {line}")),
            );
        }
        let problems = self.sandbox.problems().into_iter();
        wrong.extend(problems.map(|it| format!("{} {}: {}", it.method, it.path, it.what)));
        if !wrong.is_empty() {
            return Err(self.failure(wrong));
        }
        Ok(())
    }

    /// What is wrong at this moment.
    async fn look_for_wrongs(&mut self) -> Result<Vec<String>, String> {
        if let Some(why) = self.bot.ended() {
            return Err(why);
        }
        self.memory.blind = self.excuses.blind();
        let scene = self.scene();
        let rows = self.rows().await?;
        Ok(check(&scene, &rows, &self.memory, self.excuses))
    }

    async fn rows(&mut self) -> Result<Rows, String> {
        let guild = self.guild();
        let copy = self.bot.database()?;
        Rows::of(&copy.store, guild).await
    }

    /// All is well: what is new is learnt, and the oldest tickets are put away.
    async fn settle_accounts(&mut self) -> Vec<String> {
        let scene = self.scene();
        let rows = match self.rows().await {
            Ok(rows) => rows,
            Err(error) => return vec![error],
        };
        let known: Vec<u64> = rows.inboxes.iter().map(|inbox| inbox.id.0).collect();
        let orphans = scene.inboxes.iter().map(|(_, message)| *message);
        let orphans = orphans.filter(|message| !known.contains(&message.0));
        self.memory.orphans.extend(orphans);
        if self.excuses.blind() {
            let there: HashSet<u64> = scene.tickets.iter().map(|seen| seen.id.0).collect();
            let lost = rows.tickets.iter().map(|row| row.id.0);
            self.memory
                .lost
                .extend(lost.filter(|id| !there.contains(id)));
        }
        let unknown = scene.tickets.iter().filter(|seen| seen.starters.is_empty());
        self.memory.left.extend(unknown.map(|seen| seen.id));
        let inbox_of = rows.tickets.iter();
        let inbox_of = inbox_of.filter_map(|row| Some((row.id.0, row.inbox?.0)));
        let inbox_of: HashMap<u64, u64> = inbox_of.collect();
        let wrong = self.memory.learn(&scene, &inbox_of);
        self.memory.settle(&scene);
        let too_many = scene.tickets.len().saturating_sub(self.options.keep);
        let owner = self.sandbox.owner();
        for old in scene.tickets.iter().filter(|it| it.archived).take(too_many) {
            if owner.delete(old.id).await.is_ok() {
                self.memory.forget(old.id);
            }
        }
        wrong
    }

    /// The end: once more everything is checked, and a start after which nothing happened changes
    /// nothing.
    pub async fn finish(mut self) -> Result<Counts, Failure> {
        self.memory.segment = self.memory.step + 1;
        self.memory.segment_began = Some(self.sandbox.now());
        self.excuses = Excuses::default();
        self.quiet().await?;
        let mark = self.sandbox.mark();
        if let Err(error) = self.restart(false).await {
            return Err(self.failure(vec![error]));
        }
        self.quiet().await?;
        let calls = self.sandbox.calls_after(mark).into_iter();
        let changes = calls.filter(|call| call.method != "GET");
        let changes: Vec<_> = changes
            .map(|call| format!("a start changed something: {} {}", call.method, call.path))
            .collect();
        if !changes.is_empty() {
            return Err(self.failure(changes));
        }
        if let Err(error) = self.bot.stop().await {
            return Err(self.failure(vec![error]));
        }
        let Self {
            sandbox, options, ..
        } = self;
        match sandbox.finish().await {
            Ok(()) => Ok(self.counts),
            Err(error) => Err(Failure::new(&options, vec![error.to_string()])),
        }
    }

    async fn start_bot(&mut self) -> Result<(), String> {
        self.counts.starts += 1;
        self.bot.start().await?;
        self.connected().await
    }

    /// Waits until the bot is connected. Whose connection was cut again and again waits some seconds
    /// before the next, and once more if its session has ended.
    async fn connected(&self) -> Result<(), String> {
        let since = Instant::now();
        loop {
            match self.sandbox.wait_for_bot().await {
                Err(_) if since.elapsed() < self.options.patience => {}
                ready => return ready.map_err(|error| error.to_string()),
            }
        }
    }

    async fn restart(&mut self, kill: bool) -> Result<(), String> {
        self.end_bot(kill).await?;
        self.start_bot().await
    }

    /// Ends the bot, and waits until Discord has noticed: or the next one would seem to be connected
    /// before it has begun.
    async fn end_bot(&mut self, kill: bool) -> Result<(), String> {
        if kill {
            self.counts.kills += 1;
            self.bot.kill().await?;
        } else {
            self.bot.stop().await?;
        }
        let gone = self.sandbox.wait_until("the bot is gone", |look| {
            (!look.bot_is_ready()).then_some(())
        });
        gone.await.map_err(|error| error.to_string())
    }

    fn scene(&self) -> Scene {
        self.sandbox.look(|look| Scene::of(look, &self.notes))
    }

    fn guild(&self) -> GuildId {
        self.sandbox.guild_id()
    }

    fn failure(&self, wrong: Vec<String>) -> Failure {
        let last = self.last.iter().cloned().collect();
        Failure::new(&self.options, wrong).at(self.memory.step, last, &self.sandbox, self.bot.log())
    }
}

/// The kind of an action, to count it by: its name and that of what is in it.
fn kind(action: &Action) -> String {
    let text = format!("{action:?}");
    let words = text.split(|c: char| !c.is_alphanumeric());
    let names = words.filter(|word| word.starts_with(|c: char| c.is_ascii_uppercase()));
    let names: Vec<_> = names.filter(|name| *name != "Some").take(2).collect();
    names.join(" ")
}
