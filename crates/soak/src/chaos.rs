//! Chaos: three processes of the bot on one PostgreSQL, and faults in an order drawn from a seed, while
//! members click and staff close. After each fault everything must converge, and no promise be broken.
//!
//! - [`fault`] says what can happen to a process, or to PostgreSQL.
//! - [`judge`] says what must be true once a fault is over.
//! - [`table`] has a row for each kind of fault.

pub mod fault;
pub mod judge;
pub mod table;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use discord_sandbox::id::{ChannelId, InteractionId};
use discord_sandbox::{Person, State};
use fastrand::Rng;
use harness::cluster::{Inbox, Stage};
use harness::{BUTTON, linked_channel};
use tempfile::TempDir;
use theticketbot::store::Store;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until};

use fault::Fault;
use judge::wrong_in;
use table::Row;

/// The processes that run between faults.
const PROCESSES: [&str; 3] = ["a", "b", "c"];
/// The process that joins them in [`Fault::Join`].
const FOURTH: &str = "d";

const SHARDS: u32 = 8;

/// The number of members in each server with an inbox, besides the server's owner.
const MEMBERS: u32 = 3;

/// For how long members click during a fault, in milliseconds.
const BUSY: u64 = 14_000;

/// When a fault begins after the members have started, in milliseconds.
const BEGINS: std::ops::Range<u64> = 500..4_000;

/// How long everything may take to converge once all processes have their shards.
const TO_CONVERGE: Duration = Duration::from_secs(60);

/// How often the checks are repeated.
const AGAIN: Duration = Duration::from_millis(500);

/// Discord's heartbeat interval, in milliseconds. A dead connection may keep its shard for this long, so two
/// connections may have the same shard until then.
const HEARTBEAT: i64 = 41_250;

#[derive(Clone, Debug)]
pub struct Options {
    pub seed: u64,
    pub program: PathBuf,
    /// The kinds of faults. Each of them happens once, in a random order.
    pub faults: Vec<Fault>,
    /// Whether each process has a network of its own.
    pub namespaces: bool,
}

/// A running play of one seed.
struct Play {
    seed: u64,
    stage: Stage,
    rng: Rng,
    members: Vec<(Inbox, Person)>,
    store: Store,
    /// The folder for programs whose clock is wrong.
    folder: TempDir,
    witness: (JoinHandle<()>, UnboundedReceiver<String>),
}

impl Drop for Play {
    fn drop(&mut self) {
        self.witness.0.abort();
    }
}

/// What people did during a fault.
#[derive(Default)]
struct Done {
    clicks: Vec<(Person, InteractionId)>,
    wrong: Vec<String>,
}

enum Action {
    Click(Inbox, Person),
    /// A member of the staff closes a ticket.
    Archive(Person, ChannelId),
}

/// Plays one seed, and adds to the rows. `None` where PostgreSQL is not installed.
pub async fn play(
    options: &Options,
    rows: &mut BTreeMap<Fault, Row>,
    mut say: impl FnMut(&str),
) -> Result<Option<()>, String> {
    let Some(mut play) = Play::begin(options).await? else {
        return Ok(None);
    };
    let mut faults = options.faults.clone();
    play.rng.shuffle(&mut faults);
    for fault in faults {
        let row = rows.entry(fault).or_default();
        row.runs += 1;
        match play.round(fault, row).await {
            Ok(wrong) => {
                row.violations += u64::from(!wrong.is_empty());
                for wrong in wrong {
                    say(&format!("seed {}: {fault}: {wrong}", options.seed));
                }
            }
            // Later faults of this seed would only repeat the error.
            Err(error) => {
                row.violations += 1;
                let seed = options.seed;
                return Err(format!("seed {seed}: {fault}: {error}"));
            }
        }
    }
    Ok(Some(()))
}

impl Play {
    async fn begin(options: &Options) -> Result<Option<Self>, String> {
        let rng = Rng::with_seed(options.seed);
        let said = |error: harness::Error| error.to_string();
        let program = options.program.clone();
        let stage = if options.namespaces {
            Stage::in_namespaces(program, SHARDS, SHARDS).await
        } else {
            Stage::new(program, SHARDS, SHARDS).await
        };
        let Some(mut stage) = stage.map_err(said)? else {
            return Ok(None);
        };
        for name in PROCESSES {
            stage.start(name).await.map_err(said)?;
        }
        stage.shared(3).await.map_err(said)?;
        stage.make_inboxes().await.map_err(said)?;
        let mut members = Vec::new();
        for inbox in &stage.inboxes {
            let name = format!("member-of-{}-", inbox.guild);
            let crowd = stage.sandbox.crowd_in(inbox.guild, &name, MEMBERS);
            let crowd = crowd.map_err(|error| error.to_string())?;
            members.extend(crowd.into_iter().map(|person| (*inbox, person)));
        }
        let settings = stage.process(PROCESSES[0]).home.settings();
        let store = settings.map_err(said)?.db.open_beside();
        let (report, reports) = unbounded_channel();
        let witness = tokio::spawn(stage.witness().watch(report));
        Ok(Some(Self {
            seed: options.seed,
            rng,
            members,
            store: store.map_err(|error| error.to_string())?,
            folder: tempfile::tempdir().map_err(|error| error.to_string())?,
            witness: (witness, reports),
            stage,
        }))
    }

    /// One fault while people use the bot. Returns what was wrong afterwards, or an error if the run cannot continue.
    async fn round(&mut self, fault: Fault, row: &mut Row) -> Result<Vec<String>, String> {
        // Lets the cooldown between two tickets of a member pass while nothing is pending.
        self.stage.sandbox.advance(Duration::from_secs(61));
        let mark = self.stage.sandbox.now();
        let people = tokio::spawn(act(self.plan()));
        let begins = Duration::from_millis(self.rng.u64(BEGINS));
        sleep_until(Instant::now() + begins).await;
        let victim = PROCESSES[self.rng.usize(..PROCESSES.len())];
        let folder = self.folder.path();
        let served = fault.happen(&mut self.stage, victim, &mut self.rng, folder);
        let served = served.await.map_err(|error| error.to_string())?;
        row.served.extend(served);
        let shared = self.stage.shared(3).await;
        shared.map_err(|error| error.to_string())?;
        let done = people.await.map_err(|error| error.to_string())?;
        let mut wrong = done.wrong;
        let began = Instant::now();
        loop {
            let found = self.judge(&done.clicks).await?;
            if found.is_empty() {
                break;
            }
            if began.elapsed() > TO_CONVERGE {
                wrong.extend(found);
                break;
            }
            tokio::time::sleep(AGAIN).await;
        }
        row.converged.push(began.elapsed());
        for (person, click) in &done.clicks {
            row.clicks += 1;
            match person.answer_so_far(*click).await {
                Ok(answer) if answer.state == State::Answered => {
                    let is_link = answer.content().is_ok_and(|it| linked_channel(it).is_ok());
                    row.linked += u64::from(is_link);
                    row.said += u64::from(!is_link);
                }
                // Discord has told the member that the interaction failed.
                Ok(_) => row.unanswered += 1,
                Err(error) => wrong.push(format!("{click}: {error}")),
            }
        }
        let held = self.stage.sandbox.held_shards();
        let held: Vec<_> = held.into_iter().filter(|it| it.from >= mark.0).collect();
        let longest = harness::cluster::overlaps(&held, self.stage.sandbox.now().0);
        let longest = longest.into_iter().max().unwrap_or(0);
        row.overlap = row.overlap.max(longest);
        if longest > HEARTBEAT {
            wrong.push(format!("two connections had one shard for {longest} ms"));
        }
        while let Ok(report) = self.witness.1.try_recv() {
            wrong.push(report);
        }
        if !wrong.is_empty() {
            let file = std::env::temp_dir().join(format!("chaos-{}-{fault:?}.txt", self.seed));
            match std::fs::write(&file, self.stage.situation()) {
                Ok(()) => wrong.push(format!("the logs are in {}", file.display())),
                Err(error) => wrong.push(error.to_string()),
            }
        }
        for bot in self.stage.processes.values() {
            // The bot responds to a click that fails without a database with a code, and logs it as an error.
            row.errors += bot.log().take_errors().len();
        }
        Ok(wrong)
    }

    /// What people do, and when, in milliseconds.
    fn plan(&mut self) -> Vec<(u64, Action)> {
        let open: Vec<ChannelId> = self.stage.sandbox.look(|look| {
            let channels = self.stage.inboxes.iter().map(|it| it.channel);
            let threads = channels.flat_map(|channel| look.threads_of(channel));
            threads.filter(|it| !it.archived).map(|it| it.id).collect()
        });
        let mut plan = Vec::new();
        for thread in open {
            // Staff leave some open.
            if self.rng.u8(..4) > 0 {
                let owner = self.stage.sandbox.owner();
                plan.push((self.rng.u64(..BUSY), Action::Archive(owner, thread)));
            }
        }
        for (inbox, person) in &self.members {
            let person = self.stage.sandbox.person(person.id());
            plan.push((self.rng.u64(..BUSY), Action::Click(*inbox, person)));
        }
        plan.sort_by_key(|(at, _)| *at);
        plan
    }

    /// Everything that is wrong now in the servers that have an inbox.
    async fn judge(&self, clicks: &[(Person, InteractionId)]) -> Result<Vec<String>, String> {
        let mut wrong = Vec::new();
        for inbox in &self.stage.inboxes {
            wrong.extend(wrong_in(&self.stage.sandbox, &self.store, inbox.guild).await?);
        }
        for (person, click) in clicks {
            let answer = person.answer_so_far(*click).await;
            let answer = answer.map_err(|error| error.to_string())?;
            if answer.state == State::Waiting {
                wrong.push(format!("the click {click} has no response"));
            }
            if let Ok(Ok(thread)) = answer.content().map(linked_channel)
                && self
                    .stage
                    .sandbox
                    .look(|look| look.thread(thread).is_none())
            {
                wrong.push(format!("the ticket {thread} that {click} opened is lost"));
            }
        }
        Ok(wrong)
    }
}

/// Carries out the plan.
async fn act(plan: Vec<(u64, Action)>) -> Done {
    let began = Instant::now();
    let mut done = Done::default();
    for (at, action) in plan {
        sleep_until(began + Duration::from_millis(at)).await;
        match action {
            Action::Click(inbox, person) => {
                match person
                    .start_click(inbox.channel, inbox.message, BUTTON)
                    .await
                {
                    Ok(click) => done.clicks.push((person, click)),
                    Err(error) => done.wrong.push(format!("a click: {error}")),
                }
            }
            Action::Archive(staff, ticket) => {
                // The ticket may have been closed or deleted meanwhile.
                let _ = staff.archive(ticket).await;
            }
        }
    }
    done
}
