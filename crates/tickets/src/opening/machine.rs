//! The sequence of calls that opens a ticket, as a state machine without I/O and without a clock.
//!
//! [`Opening::poll`] returns the steps that can run now, and [`Opening::on`] takes the outcome of a step.
//! Steps that do not depend on each other are returned together: the acknowledgement and the thread, then the
//! starting message, the link and the commit. After the starting message, the bot posts the answers to the
//! inbox's form, and adds staff who opened the ticket for somebody else. The serialised machine is the row of
//! the journal, so a click, a retry after seconds and the recovery after a crash run the same code.

mod outcomes;

use serde::{Deserialize, Serialize};

use super::order::Order;
use super::step::{Attempt, Joined, Kind, Outcome, Reply, Responded, RolledBack, Step};
use crate::text::Text;
use crate::{ChannelId, Mention, MessageId, Timestamp, UserId};

/// How long a member waits for a ticket before they are notified of the delay, in milliseconds.
pub const DELAYED_AFTER: i64 = 5_000;

/// How long Discord accepts a response, in milliseconds. Source: Discord's "Receiving and
/// Responding to Interactions".
pub const TOKEN_LIFETIME: i64 = 15 * 60 * 1000;

/// After how long the bot gives up, in milliseconds. Discord still accepts a response then.
pub const GIVE_UP_AFTER: i64 = 13 * 60 * 1000;

/// The back-off between retries, in milliseconds; the last is repeated.
pub const BACKOFF: [i64; 7] = [1_000, 2_000, 5_000, 15_000, 30_000, 60_000, 120_000];

/// After a restart, a click that is older than this opens no new thread, in milliseconds.
const STALE_AFTER: i64 = 2 * 60 * 1000;

/// How many other names the bot tries after Discord has refused the first.
const MAX_NAMES: u8 = 5;

/// How often the bot creates another thread for a ticket because another opening has claimed the last one.
const MAX_TAKEN: u8 = 3;

/// A ticket that is being opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    pub order: Order,
    thread: Thread,
    start: Start,
    #[serde(default)]
    answers: Answers,
    #[serde(default)]
    joining: Joining,
    /// How many names Discord has refused.
    bad_names: u8,
    /// How many threads other openings have claimed.
    taken: u8,
    /// There will be no ticket: what is there is rolled back.
    #[serde(alias = "undoing")]
    rolling_back: bool,
    #[serde(skip)]
    live: Live,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Thread {
    /// The bot has not asked Discord for a thread.
    None,
    /// The bot has asked Discord for a thread, which may exist.
    Asked,
    Known(ChannelId),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Start {
    None,
    /// The bot has tried to send the starting message, which may exist.
    Asked(Attempt),
    Done {
        message: Option<MessageId>,
        whole: bool,
    },
}

/// The messages with the answers to the form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
enum Answers {
    /// There are none to post.
    #[default]
    None,
    /// This many messages were sent already.
    Due(usize),
    /// The bot has tried to send the messages, and some may exist.
    Asked,
    /// All are posted; this is the last one.
    Done(MessageId),
    Refused,
}

/// Whether staff who opened the ticket for its owner are in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
enum Joining {
    #[default]
    Due,
    Done,
    Refused,
}

/// The state that only a running bot has. It is not in the journal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "they are facts, each of its own"
)]
struct Live {
    since: Option<Timestamp>,
    /// It continues after a restart.
    resumed: bool,
    acknowledged: bool,
    /// The bot does not respond: Discord no longer accepts a response, or another process responds.
    silent: bool,
    running: Vec<Kind>,
    said: Option<Reply>,
    ending: Option<Text>,
    contested: bool,
    claimed: bool,
    /// The name was refused: another one is being made.
    renaming: bool,
    /// The outcome of the last attempt at the starting message is unknown.
    in_doubt: bool,
    /// The last attempt at the starting message failed.
    failed_attempt: bool,
    rolled_back: bool,
    orphan: bool,
    forgotten: bool,
    must_save: bool,
    thread_retry: Retry,
    start_retry: Retry,
    answers_retry: Retry,
    joining_retry: Retry,
    respond_retry: Retry,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Retry {
    failures: usize,
    at: Option<Timestamp>,
}

impl Retry {
    fn later(&mut self, now: Timestamp) {
        let wait = BACKOFF[self.failures.min(BACKOFF.len() - 1)];
        self.failures += 1;
        self.at = Some(now.plus(wait));
    }

    fn is_due(self, now: Timestamp) -> bool {
        self.at.is_none_or(|at| now >= at)
    }
}

/// How an opening ended. Without a ticket, the member may try again at once, unless a thread is left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct End {
    /// The ticket, if there is one.
    pub ticket: Option<ChannelId>,
    /// The last message that the bot sent into it: the starting message, or the last with answers.
    pub message: Option<MessageId>,
    /// The starting message, if it has a button.
    pub button: Option<MessageId>,
    /// The thread that was rolled back, so that the bot forgets it.
    pub rolled_back: Option<ChannelId>,
    /// That thread could not be deleted.
    pub is_orphan: bool,
    /// Where to post the ticket's notice.
    pub notice: Option<ChannelId>,
    /// Staff who opened it for its owner, and are the first to join it.
    pub opener: Option<UserId>,
    /// The starting message mentions roles, so the bot must find out whether anybody but the owner joins.
    pub awaits_staff: bool,
}

impl Opening {
    /// A click that is served now.
    pub fn new(order: Order) -> Self {
        let answers = if order.answers.is_empty() && order.pages.is_empty() {
            Answers::None
        } else {
            Answers::Due(0)
        };
        Self {
            order,
            thread: Thread::None,
            start: Start::None,
            answers,
            joining: Joining::Due,
            bad_names: 0,
            taken: 0,
            rolling_back: false,
            live: Live::default(),
        }
    }

    /// An opening of an older version, which stored only the thread and whether the starting message was
    /// sent.
    pub fn restored(order: Order, thread: Option<ChannelId>, is_started: bool) -> Self {
        let start = match (thread, is_started) {
            (Some(_), true) => Start::Done {
                message: None,
                whole: true,
            },
            (Some(_), false) => Start::Asked(Attempt::Everybody),
            (None, _) => Start::None,
        };
        Self {
            thread: thread.map_or(Thread::Asked, Thread::Known),
            start,
            ..Self::new(order)
        }
    }

    /// The click is acknowledged already.
    #[must_use]
    pub fn acknowledged(mut self) -> Self {
        self.live.acknowledged = true;
        self
    }

    /// The state that a crash must find: from now on, a thread may exist. Call this before the machine is
    /// written into the journal for the first time.
    #[must_use]
    pub fn as_written(&self) -> Self {
        let mut written = self.clone();
        if written.thread == Thread::None {
            written.thread = Thread::Asked;
        }
        if let (Thread::Known(_), Start::None) = (written.thread, written.start) {
            written.start = Start::Asked(Attempt::Everybody);
        }
        if let (Thread::Known(_), Answers::Due(_)) = (written.thread, written.answers) {
            written.answers = Answers::Asked;
        }
        written
    }

    /// The state to write once this thread is claimed for the opening. A search claims a thread before the
    /// machine knows it.
    #[must_use]
    pub fn as_claimed(&self, thread: ChannelId) -> Self {
        let claimed = Self {
            thread: Thread::Known(thread),
            ..self.clone()
        };
        claimed.as_written()
    }

    /// Continues an opening that an earlier run did not finish.
    pub fn resume(&mut self, now: Timestamp) {
        self.live = Live {
            since: Some(now),
            resumed: true,
            acknowledged: true,
            claimed: matches!(self.thread, Thread::Known(_)),
            ending: self.rolling_back.then_some(Text::OpeningRolledBack {}),
            ..Live::default()
        };
    }

    /// The thread, once Discord has returned it.
    pub fn thread(&self) -> Option<ChannelId> {
        match self.thread {
            Thread::Known(thread) => Some(thread),
            Thread::None | Thread::Asked => None,
        }
    }

    /// The starting message, if it is there and not empty.
    pub fn starting_message(&self) -> Option<MessageId> {
        match self.start {
            Start::Done { message, .. } => message,
            Start::None | Start::Asked(_) => None,
        }
    }

    /// Whether the opening continues after a restart, so that the bot may have missed events.
    pub fn is_resumed(&self) -> bool {
        self.live.resumed
    }

    /// Whether a change must be saved in the journal. The call resets this.
    pub fn take_must_save(&mut self) -> bool {
        std::mem::take(&mut self.live.must_save)
    }

    /// Something happened that may help: the bot retries now instead of waiting.
    pub fn nudge(&mut self) {
        for retry in [
            &mut self.live.thread_retry,
            &mut self.live.start_retry,
            &mut self.live.answers_retry,
            &mut self.live.joining_retry,
            &mut self.live.respond_retry,
        ] {
            retry.at = None;
        }
    }

    /// The steps that can run now.
    pub fn poll(&mut self, now: Timestamp) -> Vec<Step> {
        self.live.since.get_or_insert(now);
        self.give_up_in_time(now);
        let mut steps = Vec::new();
        if !self.live.acknowledged && !self.is_running(Kind::Acknowledge) {
            steps.push(Step::Acknowledge);
        }
        if self.live.ending.is_some() {
            steps.extend(self.roll_back(now));
        } else {
            self.go_on(now, &mut steps);
        }
        steps.extend(self.respond(now));
        self.live.running.extend(steps.iter().map(Step::kind));
        steps
    }

    /// When to call [`Self::poll`] again if no outcome comes before that.
    pub fn wake_at(&self, now: Timestamp) -> Option<Timestamp> {
        let since = self.live.since.unwrap_or(now);
        let delayed = since.plus(DELAYED_AFTER);
        let waits = self.live.said.is_none() && !self.live.resumed;
        let give_up = since.plus(GIVE_UP_AFTER);
        [
            self.live.thread_retry.at,
            self.live.start_retry.at,
            self.live.answers_retry.at,
            self.live.joining_retry.at,
            self.live.respond_retry.at,
            waits.then_some(delayed),
            self.live.ending.is_none().then_some(give_up),
        ]
        .into_iter()
        .flatten()
        .filter(|at| *at > now)
        .min()
    }

    /// How the opening ended, once nothing is left to do.
    pub fn end(&self, now: Timestamp) -> Option<End> {
        if !self.live.running.is_empty() {
            return None;
        }
        if self.live.forgotten {
            return Some(End::default());
        }
        let thread = self.thread();
        let is_told = self.is_told(now);
        if self.live.ending.is_some() {
            let is_rolled_back = thread.is_none() || self.live.rolled_back;
            return (is_rolled_back && is_told).then_some(End {
                rolled_back: thread,
                is_orphan: self.live.orphan,
                ..End::default()
            });
        }
        let Start::Done { message, whole } = self.start else {
            return None;
        };
        let mentioned = self.order.mentions(Attempt::Everybody);
        let awaits_staff = whole && mentioned.iter().any(|who| matches!(who, Mention::Role(_)));
        let button = message.filter(|_| self.order.has_button);
        let message = match self.answers {
            Answers::None | Answers::Refused => message,
            Answers::Done(last) => Some(last),
            Answers::Due(_) | Answers::Asked => return None,
        };
        let opener = match self.joining {
            Joining::Due if self.order.opener.is_some() => return None,
            Joining::Refused => None,
            Joining::Due | Joining::Done => self.order.opener,
        };
        (self.live.claimed && is_told).then_some(End {
            ticket: thread,
            message,
            button,
            notice: self.order.notice,
            opener,
            awaits_staff,
            ..End::default()
        })
    }

    /// Takes the outcome of a step.
    pub fn on(&mut self, outcome: Outcome, now: Timestamp) {
        match outcome {
            Outcome::Acknowledged(acknowledged) => self.on_acknowledged(acknowledged),
            Outcome::Created(created) => self.on_created(created, now),
            Outcome::Searched(searched) => self.on_searched(searched, now),
            Outcome::Numbered(name) => {
                self.ended(Kind::Number);
                self.order.name = name;
                self.live.renaming = false;
                self.live.must_save = true;
            }
            Outcome::Claimed(claimed) => self.on_claimed(claimed),
            Outcome::Started(started) => self.on_started(started, now),
            Outcome::Examined(examined) => self.on_examined(examined, now),
            Outcome::Posted(posted) => self.on_posted(posted, now),
            Outcome::Reviewed(reviewed) => self.on_reviewed(reviewed, now),
            Outcome::Joined(joined) => {
                self.ended(Kind::Join);
                match joined {
                    Joined::Done => self.joining = Joining::Done,
                    Joined::Refused => self.joining = Joining::Refused,
                    Joined::Again if self.live.joining_retry.failures >= BACKOFF.len() => {
                        self.joining = Joining::Refused;
                    }
                    Joined::Again => self.live.joining_retry.later(now),
                }
            }
            Outcome::Responded(responded) => {
                self.ended(Kind::Respond);
                match responded {
                    Responded::Done => self.live.respond_retry = Retry::default(),
                    Responded::Again => {
                        self.live.said = None;
                        self.live.respond_retry.later(now);
                    }
                }
            }
            Outcome::RolledBack(rolled_back) => {
                self.ended(Kind::RollBack);
                match rolled_back {
                    RolledBack::Done => self.live.rolled_back = true,
                    RolledBack::Orphaned => {
                        self.live.rolled_back = true;
                        self.live.orphan = true;
                    }
                    RolledBack::Again => self.live.thread_retry.later(now),
                }
            }
            Outcome::Failed(kind) => self.on_failed(kind, now),
        }
    }

    fn go_on(&mut self, now: Timestamp, steps: &mut Vec<Step>) {
        let thread = match self.thread {
            Thread::Known(thread) => thread,
            Thread::None | Thread::Asked if !self.live.thread_retry.is_due(now) => return,
            Thread::None if self.live.renaming => {
                if !self.is_running(Kind::Number) {
                    steps.push(Step::Number {
                        is_first: self.bad_names == 1,
                    });
                }
                return;
            }
            Thread::None => {
                self.thread = Thread::Asked;
                steps.push(Step::Create {
                    parent: self.order.parent,
                    name: self.order.name.clone(),
                });
                return;
            }
            Thread::Asked => {
                if !self.is_running(Kind::Create) && !self.is_running(Kind::Search) {
                    steps.push(Step::Search);
                }
                return;
            }
        };
        if !self.live.claimed && !self.is_running(Kind::Claim) && self.live.thread_retry.is_due(now)
        {
            steps.push(Step::Claim(thread));
        }
        if self.is_contested() || !self.live.start_retry.is_due(now) {
            return;
        }
        let is_running = self.is_running(Kind::Start) || self.is_running(Kind::Examine);
        match self.start {
            Start::None if self.order.starter.trim().is_empty() => {
                // An admin's own starting message can become empty. Then nobody is invited.
                self.start = Start::Done {
                    message: None,
                    whole: true,
                };
            }
            Start::None => steps.push(self.attempt(thread, Attempt::Everybody)),
            Start::Asked(_) if is_running => {}
            Start::Asked(attempt) if self.live.failed_attempt => {
                self.live.failed_attempt = false;
                match self.order.next_attempt(attempt) {
                    Some(next) => steps.push(self.attempt(thread, next)),
                    None => self.end_with(Text::OpeningRolledBack {}),
                }
            }
            Start::Asked(_) => steps.push(Step::Examine(thread)),
            Start::Done { .. } => {}
        }
        if matches!(self.start, Start::Done { .. }) {
            steps.extend(self.post(thread, now));
            steps.extend(self.join(thread, now));
        }
    }

    /// Staff who opened the ticket for its owner join it.
    fn join(&self, thread: ChannelId, now: Timestamp) -> Option<Step> {
        let user = self.order.opener?;
        let is_due = self.joining == Joining::Due && self.live.joining_retry.is_due(now);
        (is_due && !self.is_running(Kind::Join)).then_some(Step::Join { thread, user })
    }

    /// The step that posts the answers, after the starting message.
    fn post(&mut self, thread: ChannelId, now: Timestamp) -> Option<Step> {
        let is_running = self.is_running(Kind::Post) || self.is_running(Kind::Review);
        if is_running || !self.live.answers_retry.is_due(now) {
            return None;
        }
        match self.answers {
            Answers::Due(skip) => {
                self.answers = Answers::Asked;
                Some(Step::Post { thread, skip })
            }
            Answers::Asked => Some(Step::Review(thread)),
            Answers::None | Answers::Done(_) | Answers::Refused => None,
        }
    }

    fn attempt(&mut self, thread: ChannelId, attempt: Attempt) -> Step {
        self.start = Start::Asked(attempt);
        Step::Start { thread, attempt }
    }

    fn roll_back(&mut self, now: Timestamp) -> Option<Step> {
        let Thread::Known(thread) = self.thread else {
            return None;
        };
        let is_busy = [
            Kind::RollBack,
            Kind::Start,
            Kind::Examine,
            Kind::Post,
            Kind::Review,
            Kind::Join,
            Kind::Claim,
        ]
        .into_iter()
        .any(|kind| self.is_running(kind));
        let waits = is_busy || self.live.rolled_back || !self.live.thread_retry.is_due(now);
        (!waits).then_some(Step::RollBack(thread))
    }

    fn respond(&mut self, now: Timestamp) -> Option<Step> {
        let wanted = self.wanted(now)?;
        let may = self.live.acknowledged
            && !self.live.silent
            && !self.is_running(Kind::Respond)
            && self.live.respond_retry.is_due(now)
            && !self.is_expired(now);
        if !may || self.live.said.as_ref() == Some(&wanted) {
            return None;
        }
        self.live.said = Some(wanted.clone());
        Some(Step::Respond(wanted))
    }

    /// What the member should read now.
    fn wanted(&self, now: Timestamp) -> Option<Reply> {
        if let Some(text) = &self.live.ending {
            let is_rolled_back = match self.thread {
                Thread::Known(_) => self.live.rolled_back,
                Thread::None | Thread::Asked => !self.is_running(Kind::Create),
            };
            return is_rolled_back.then(|| Reply::Ended(text.clone()));
        }
        if let Thread::Known(thread) = self.thread
            && !self.is_contested()
        {
            match self.start {
                Start::Done { .. } if self.answers == Answers::Refused => {
                    return Some(Reply::OpenedWithoutAnswers(thread));
                }
                Start::Done { whole: false, .. } => {
                    return Some(Reply::OpenedWithoutStaff(thread));
                }
                Start::Done { whole: true, .. } => return Some(Reply::Opened(thread)),
                // After a restart, it is unknown whether the ticket will be complete, so the link waits.
                _ if !self.live.resumed => return Some(Reply::Opened(thread)),
                _ => {}
            }
        }
        let since = self.live.since?;
        let is_slow = now >= since.plus(DELAYED_AFTER) && !self.live.resumed;
        is_slow.then_some(Reply::Delayed)
    }

    fn is_told(&self, now: Timestamp) -> bool {
        let wanted = self.wanted(now);
        self.live.silent || self.is_expired(now) || wanted.is_some() && self.live.said == wanted
    }

    fn is_expired(&self, now: Timestamp) -> bool {
        now.since(self.order.begun_at) >= TOKEN_LIFETIME
    }

    /// Whether another opening found the thread in a search and may be about to claim it.
    fn is_contested(&self) -> bool {
        self.live.contested && !self.live.claimed
    }

    /// Gives up while Discord still accepts a response. If the thread is known, the opening goes on, because
    /// the ticket may be complete.
    fn give_up_in_time(&mut self, now: Timestamp) {
        let Some(since) = self.live.since else { return };
        let is_over = now.since(since) >= GIVE_UP_AFTER;
        let is_lost = !matches!(self.thread, Thread::Known(_)) && !self.is_running(Kind::Create);
        if is_over && is_lost && self.live.ending.is_none() {
            self.end_with(Text::Interrupted {});
        }
    }

    fn end_with(&mut self, text: Text) {
        self.live.ending.get_or_insert(text);
        self.rolling_back = true;
        self.live.must_save |= matches!(self.thread, Thread::Known(_));
        self.live.thread_retry = Retry::default();
    }

    fn is_running(&self, kind: Kind) -> bool {
        self.live.running.contains(&kind)
    }

    fn ended(&mut self, kind: Kind) {
        self.live.running.retain(|running| *running != kind);
    }
}

#[cfg(test)]
mod tests;
