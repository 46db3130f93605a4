//! Opening a ticket: runs the steps of [`tickets::opening::Opening`] and reports their outcomes
//! to it. The same code serves a click, a retry after seconds and the recovery after a crash.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use tickets::opening::step::{
    Acknowledged, Claimed, Created, Examined, Joined, Responded, RolledBack, Searched, Started,
};
use tickets::opening::{Attempt, Opening, Outcome, Reply, Step};
use tickets::permission::{FOR_TICKETS, Missing, Permission};
use tickets::template;
use tickets::text::Text;
use tickets::{ChannelId, GuildId, Mention, UserId};
use tokio::sync::Notify;
use tokio::time::{Instant, sleep, timeout};
use twilight_model::channel::message::MessageFlags;

use super::form;
use super::response::Response;
use crate::app::joining::JOINED_WITHIN;
use crate::app::openings::Live;
use crate::app::queue::catch_panic;
use crate::app::report::report;
use crate::app::{App, Failure};
use crate::discord::render::allowed_mentions;
use crate::discord::render::ticket::close_button;
use crate::discord::{Error, ErrorKind, Message, Sent, Thread, code};
use crate::reconcile::{Check, Work, first_own_message, plan_check, roll_back};
use crate::store::{Claim, Work as Unfinished};
use crate::translate::{Language, say};

/// After how many minutes without a message Discord hides a ticket, if its channel has no default: three
/// days. The API ignores the channel's default, so the bot always sends a value.
const HIDE_AFTER: u16 = 3 * 24 * 60;

/// How long a member's next request waits for an opening to end.
const TIME_LIMIT: Duration = Duration::from_secs(30);

/// Opens a ticket. Waits until the opening has ended, or for `TIME_LIMIT`, before the member's next request
/// is served.
pub async fn open(app: &Arc<App>, response: Arc<Response>, opening: Opening) {
    let (tell, told) = tokio::sync::oneshot::channel::<()>();
    let driver = Driver::new(app.clone(), response, opening);
    app.tasks.spawn(async move {
        driver.drive().await;
        drop(tell);
    });
    // The sender is dropped when the opening has ended, so an error is the normal case.
    let _ = timeout(TIME_LIMIT, told).await;
}

/// Continues an opening that an earlier run left unfinished.
pub fn resume(app: &Arc<App>, response: Arc<Response>, mut opening: Opening) {
    opening.resume(app.clock.now());
    let driver = Driver::new(app.clone(), response, opening);
    app.tasks.spawn(driver.drive());
}

struct Driver {
    app: Arc<App>,
    response: Arc<Response>,
    opening: Opening,
    nudge: Arc<Notify>,
}

impl Driver {
    fn new(app: Arc<App>, response: Arc<Response>, opening: Opening) -> Self {
        Self {
            app,
            response,
            opening,
            nudge: Arc::default(),
        }
    }

    fn id(&self) -> u64 {
        self.opening.order.interaction
    }

    async fn drive(mut self) {
        let mut steps: FuturesUnordered<BoxFuture<'static, Option<Outcome>>> =
            FuturesUnordered::new();
        let end = loop {
            let now = self.app.clock.now();
            for step in self.opening.poll(now) {
                steps.push(self.start(step));
            }
            self.publish();
            if self.opening.take_must_save() {
                steps.push(self.save());
            }
            if let Some(end) = self.opening.end(now) {
                break end;
            }
            let wake = self.opening.wake_at(now).map(|at| at.duration_since(now));
            tokio::select! {
                Some(outcome) = steps.next(), if !steps.is_empty() => {
                    if let Some(outcome) = outcome {
                        self.opening.on(outcome, self.app.clock.now());
                    }
                }
                () = self.nudge.notified() => self.opening.nudge(),
                // The opening is in the journal, and the next start continues it.
                () = self.app.tasks.stopping(), if steps.is_empty() => {
                    self.app.openings.live().remove(&self.id());
                    return;
                }
                () = sleep(wake.unwrap_or(Duration::MAX)), if wake.is_some() => {}
            }
        };
        // A save that finished after the end would write the entry again.
        while steps.next().await.is_some() {}
        let (app, id) = (self.app.clone(), self.id());
        let check = end
            .ticket
            .map(|it| Check::thread(self.opening.order.guild, it));
        self.finish(end).await;
        let live = app.openings.live().remove(&id);
        if let Some(check) = check
            && live.is_some_and(|live| live.has_news)
        {
            app.backlog.request(Work::Check(check));
        }
    }

    /// Publishes what this opening may claim, so that others leave that thread alone.
    fn publish(&self) {
        let mut live = self.app.openings.live();
        let order = &self.opening.order;
        let entry = live.entry(order.interaction).or_insert_with(|| Live {
            guild: order.guild,
            owner: order.owner,
            may_claim: true,
            parent: order.parent,
            name: order.name.clone(),
            thread: None,
            has_news: false,
            nudge: self.nudge.clone(),
        });
        entry.thread = self.opening.thread();
        entry.may_claim = entry.thread.is_none();
        if entry.parent != order.parent || entry.name != order.name {
            entry.parent = order.parent;
            entry.name.clone_from(&order.name);
        }
    }

    fn start(&self, step: Step) -> BoxFuture<'static, Option<Outcome>> {
        let kind = step.kind();
        let run = Run {
            app: self.app.clone(),
            response: self.response.clone(),
            opening: self.opening.clone(),
        };
        Box::pin(async move {
            let done = catch_panic(Box::pin(run.step(step))).await;
            let failure = match done {
                Ok(Ok(outcome)) => return Some(outcome),
                Ok(Err(failure)) => failure,
                Err(panic) => Failure::Other(format!("a step panicked: {panic}")),
            };
            report(&failure, "a step of an opening failed");
            Some(Outcome::Failed(kind))
        })
    }

    fn save(&self) -> BoxFuture<'static, Option<Outcome>> {
        let (store, id) = (self.app.store.clone(), self.id());
        let work = Unfinished::Opening(Box::new(self.opening.as_written()));
        Box::pin(async move {
            if let Err(error) = store.save(id, work).await {
                tracing::warn!(
                    interaction = id, %error,
                    "the progress of an opening could not be saved"
                );
            }
            None
        })
    }

    async fn finish(self, mut end: tickets::opening::machine::End) {
        end.awaits_staff &= self.app.hears_of_members();
        let order = &self.opening.order;
        let (inbox, owner, guild) = (order.inbox, order.owner, order.guild);
        // Marked before the row is in the database: a notice that is not known to be new is searched for
        // first, which costs a call.
        if let (Some(ticket), Some(_), false) = (end.ticket, end.notice, self.opening.is_resumed())
        {
            self.app.notices.note_new(ticket);
        }
        let mut is_reported = false;
        while let Err(error) = self.app.store.finish_opening(self.id(), end).await {
            let may_repeat = self.app.tasks.may_store_again(&error).await;
            if !std::mem::replace(&mut is_reported, true) {
                report(&error.into(), "an opening could not be finished");
            }
            if !may_repeat {
                break;
            }
        }
        if let (Some(_), Some(channel)) = (end.ticket, end.notice) {
            self.app.backlog.request(Work::Notices(guild, channel));
        }
        if let Some(ticket) = end.ticket {
            let moved = order.moved.as_ref();
            let by = moved.map(|moved| moved.by).or(order.opener);
            let by = by.unwrap_or(owner);
            if let Some(moved) = moved {
                let from = moved.from;
                tracing::info!(ticket = %from, %inbox, %owner, %by, to = %ticket, "ticket transferred");
                // The transaction that ended this opening has also begun to close the old ticket.
                let check = Check::thread(guild, from);
                self.app.backlog.request(Work::Check(check));
            }
            tracing::info!(%ticket, %inbox, %owner, %by, "ticket opened");
            self.app.discord.metrics().ticket_opened();
            if end.awaits_staff {
                let at = Instant::now() + JOINED_WITHIN;
                self.app.backlog.plan(Work::Joined(guild, ticket), at);
            }
            // The owner may have left before the ticket was stored; then that event found no ticket.
            if self.opening.is_resumed() || self.app.gaps() != self.response.gaps {
                let check = Check::thread(guild, ticket);
                self.app.backlog.request(Work::Check(check));
            }
        } else {
            tracing::info!(%inbox, %owner, orphan = end.is_orphan, "no ticket opened");
            self.app.discord.metrics().ticket_failed();
        }
        // No event says when the bot becomes able to delete an orphaned thread in a channel that it can view,
        // so it retries.
        if let (true, Some(thread)) = (end.is_orphan, end.rolled_back)
            && is_visible(&self.app, guild, order.parent)
        {
            self.app
                .backlog
                .retry(Work::Check(Check::thread(guild, thread)));
        }
    }
}

/// The delay before a call that was not sent is retried, in milliseconds.
pub(super) fn wait_before(error: &Error) -> i64 {
    const A_MOMENT: Duration = Duration::from_secs(2);
    let wait = error.retry_after().unwrap_or(A_MOMENT);
    i64::try_from(wait.as_millis()).unwrap_or(i64::MAX)
}

fn is_visible(app: &App, guild: GuildId, channel: ChannelId) -> bool {
    let place = app.cache().place(guild, channel);
    place.is_some_and(tickets::permission::Place::can_be_seen)
}

/// One step, with the parts of the opening that it needs.
struct Run {
    app: Arc<App>,
    response: Arc<Response>,
    opening: Opening,
}

impl Run {
    async fn step(self, step: Step) -> Result<Outcome, Failure> {
        Ok(match step {
            Step::Acknowledge => Outcome::Acknowledged(self.acknowledge().await?),
            Step::Create { parent, name } => Outcome::Created(self.create(parent, &name).await),
            Step::Search => Outcome::Searched(self.search().await?),
            Step::Number { is_first } => Outcome::Numbered(self.neutral_name(is_first).await?),
            Step::Claim(thread) => Outcome::Claimed(self.claim(thread).await?),
            Step::Start { thread, attempt } => Outcome::Started(self.send(thread, attempt).await),
            Step::Examine(thread) => Outcome::Examined(self.examine(thread).await),
            Step::Post { thread, skip } => {
                let (order, language) = (&self.opening.order, self.server_language());
                let posted = form::post(&self.app, order, language, thread, skip).await;
                Outcome::Posted(posted)
            }
            Step::Review(thread) => {
                let (order, language) = (&self.opening.order, self.server_language());
                let starter = self.opening.starting_message();
                let reviewed = form::review(&self.app, order, language, thread, starter).await;
                Outcome::Reviewed(reviewed)
            }
            Step::Join { thread, user } => Outcome::Joined(self.join(thread, user).await),
            Step::Respond(reply) => Outcome::Responded(self.respond(&reply).await),
            Step::RollBack(thread) => Outcome::RolledBack(self.roll_back(thread).await),
        })
    }

    fn server_language(&self) -> Language {
        let guild = self.opening.order.guild;
        self.response.guild_language(&self.app, guild)
    }

    async fn acknowledge(&self) -> Result<Acknowledged, Failure> {
        Ok(self.response.acknowledge().await?)
    }

    async fn create(&self, parent: ChannelId, name: &str) -> Created {
        let order = &self.opening.order;
        let text = Text::AuditOpened {
            name: order.username.clone(),
            id: order.opener.unwrap_or(order.owner).to_string(),
        };
        let reason = say(text, self.response.guild_language(&self.app, order.guild));
        let known = self.app.cache().guild(order.guild);
        let by_channel = known.and_then(|known| known.hide_after(parent));
        let hide_after = order.hide_after.or(by_channel);
        let created = self
            .app
            .discord
            .create_thread(parent, name, hide_after.unwrap_or(HIDE_AFTER), reason)
            .await;
        let error = match created {
            Ok(id) => {
                let contested = self.app.openings.found().contains(&id);
                return Created::Thread { id, contested };
            }
            Err(error) => error,
        };
        tracing::warn!(
            inbox = %order.inbox, guild = %order.guild, %error,
            "the thread of a ticket could not be created"
        );
        if error.retry_after().is_some() {
            return Created::Later(wait_before(&error));
        }
        match error.kind() {
            ErrorKind::Gone => Created::ChannelGone,
            ErrorKind::RefusedContent => Created::BadName,
            ErrorKind::Full => Created::Refused(Text::TooManyThreads {}),
            ErrorKind::NotAllowed => {
                let by_refusal = if error.code() == Some(code::MISSING_ACCESS) {
                    Permission::ViewChannel
                } else {
                    Permission::CreatePrivateThreads
                };
                Created::Refused(self.cannot_open(&[by_refusal]))
            }
            _ if error.is_ambiguous() || error.is_transient() => Created::Doubt,
            _ => {
                let code = report(&error.into(), "a thread could not be created");
                Created::Refused(self.app.unexpected(code))
            }
        }
    }

    /// Names the missing permissions: from the cache, or else from Discord's refusal.
    fn cannot_open(&self, by_refusal: &[Permission]) -> Text {
        let order = &self.opening.order;
        let known = self
            .app
            .cache()
            .place(order.guild, order.parent)
            .and_then(|place| place.missing(&FOR_TICKETS));
        let missing = known.unwrap_or_else(|| Missing {
            channel: order.parent,
            permissions: by_refusal.to_vec(),
        });
        Text::CannotOpen {
            missing: vec![missing],
        }
    }

    async fn neutral_name(&self, is_first: bool) -> Result<String, Failure> {
        let order = &self.opening.order;
        let counter = if is_first {
            order.number
        } else {
            let next = self.app.store.next_number(order.inbox).await?;
            next.unwrap_or(order.number)
        };
        let counter = template::four_digits(counter);
        let language = self.response.guild_language(&self.app, order.guild);
        Ok(say(Text::NeutralName { counter }, language))
    }

    async fn claim(&self, thread: ChannelId) -> Result<Claimed, Failure> {
        let id = self.opening.order.interaction;
        let work = Unfinished::Opening(Box::new(self.opening.as_claimed(thread)));
        Ok(match self.app.store.claim_thread(id, thread, work).await? {
            Claim::Own => Claimed::Own,
            Claim::Taken => {
                tracing::info!(%thread, "another opening has claimed the thread");
                Claimed::Taken
            }
            Claim::Unknown => Claimed::Forgotten,
        })
    }

    /// Sends the starting message, whose mentions invite the owner and the staff.
    async fn send(&self, thread: ChannelId, attempt: Attempt) -> Started {
        let order = &self.opening.order;
        let mentions = order.mentions(attempt);
        let message = Message {
            flags: order
                .is_silent
                .then_some(MessageFlags::SUPPRESS_NOTIFICATIONS),
            allowed_mentions: allowed_mentions(&mentions),
            components: order.has_button.then(|| {
                let language = self.response.guild_language(&self.app, order.guild);
                vec![close_button(language)]
            }),
            ..Message::text(order.starter.clone())
        };
        let message = message.once(format!("{}{}", order.interaction, attempt.suffix()));
        let invites_a_role = mentions.iter().any(|who| matches!(who, Mention::Role(_)));
        if invites_a_role && self.app.hears_of_members() {
            let gaps = self.app.gaps();
            let joining = &self.app.joining;
            joining.watch(thread, order.owner, gaps);
        }
        let sent = if invites_a_role {
            self.app.discord.try_to_send(thread, &message).await
        } else {
            self.app.discord.send(thread, &message).await
        };
        let error = match sent {
            Ok(sent) => {
                return Started::Sent {
                    message: sent.id,
                    left_out: self.left_out(thread, &sent),
                };
            }
            Err(error) => error,
        };
        tracing::warn!(%thread, %error, "a starting message could not be sent");
        match error.kind() {
            // Staff have locked the thread, because they took it for somebody's ticket.
            ErrorKind::NotAllowed if error.code() == Some(code::THREAD_LOCKED) => {
                Started::Refused(Text::OpeningRolledBack {})
            }
            ErrorKind::NotAllowed => {
                Started::Refused(self.cannot_open(&[Permission::SendMessagesInThreads]))
            }
            ErrorKind::Gone => Started::Refused(Text::OpeningRolledBack {}),
            ErrorKind::RefusedContent | ErrorKind::TooLarge => {
                Started::Refused(Text::StarterRefused {})
            }
            _ if error.is_ambiguous() => Started::Doubt,
            _ if error.is_transient() => Started::Later(wait_before(&error)),
            _ => Started::TooMuch,
        }
    }

    /// Whether the starting message did not mention all of its roles: a role can be unmentionable or too
    /// large.
    fn left_out(&self, thread: ChannelId, sent: &Sent) -> bool {
        let order = &self.opening.order;
        let missing: Vec<_> = order
            .mentions(Attempt::Everybody)
            .into_iter()
            .filter(|who| matches!(who, Mention::Role(role) if !sent.roles.contains(role)))
            .map(|who| who.to_string())
            .collect();
        let left_out = sent.left_roles_out || !missing.is_empty();
        if left_out {
            self.app.joining.forget(thread);
            tracing::warn!(
                ticket = %thread,
                inbox = %order.inbox,
                roles = missing.join(" "),
                "not every role could be mentioned in a new ticket; /inbox staff says what to do"
            );
        }
        left_out
    }

    async fn examine(&self, thread: ChannelId) -> Examined {
        match first_own_message(&self.app, thread).await {
            Ok(Some(message)) => Examined::Found {
                left_out: self.left_out(thread, &message),
                message: message.id,
            },
            Ok(None) => Examined::Nothing,
            Err(error) if error.is_gone() => Examined::Gone,
            Err(error) => {
                tracing::warn!(%thread, %error, "cannot search for the starting message; retrying later");
                Examined::Unclear
            }
        }
    }

    async fn join(&self, thread: ChannelId, user: UserId) -> Joined {
        let joined = self.app.discord.add_to_thread(thread, user, None).await;
        let Err(error) = joined else {
            return Joined::Done;
        };
        tracing::warn!(%thread, %error, "staff who opened a ticket could not join it");
        if error.is_transient() || error.is_ambiguous() {
            Joined::Again
        } else {
            Joined::Refused
        }
    }

    async fn respond(&self, reply: &Reply) -> Responded {
        let sent = match reply {
            Reply::Delayed => self.response.meanwhile(reply.text()).await,
            reply => self.response.correct_all(self.messages(reply)).await,
        };
        match sent {
            Err(error) if error.is_transient() => {
                tracing::warn!(%error, "could not respond to a member; retrying");
                Responded::Again
            }
            Err(error) => {
                tracing::warn!(%error, "could not respond to a member");
                Responded::Done
            }
            Ok(()) => Responded::Done,
        }
    }

    /// The member's response, with those of their answers that are not in the ticket.
    fn messages(&self, reply: &Reply) -> Vec<Message> {
        let (order, language) = (&self.opening.order, self.response.language());
        match reply {
            Reply::Ended(text) if order.moved.is_some() => {
                let stays = say(Text::TransferFailed {}, language);
                vec![Message::text(
                    [say(text.clone(), language), stays].join("\n"),
                )]
            }
            Reply::Ended(text) => {
                let all = [&order.answers[..], &order.left_over].concat();
                form::refusal(text.clone(), &all, language)
            }
            Reply::OpenedWithoutAnswers(_) => {
                form::messages(say(reply.text(), language), &order.answers, language)
            }
            _ if !order.left_over.is_empty() => {
                let heading = say(Text::FormAnswersLeftOver {}, language);
                let text = format!("{}\n\n{heading}", say(reply.text(), language));
                form::messages(text, &order.left_over, language)
            }
            Reply::Opened(ticket) | Reply::OpenedWithoutStaff(ticket) if order.moved.is_some() => {
                let text = Text::TransferOpened { ticket: *ticket };
                vec![Message::text(say(text, language))]
            }
            Reply::Opened(ticket) if order.is_report => {
                let text = Text::ReportOpened { ticket: *ticket };
                vec![Message::text(say(text, language))]
            }
            Reply::Opened(ticket) if order.opener.is_some() => {
                let text = Text::TicketOpenedFor { ticket: *ticket };
                vec![Message::text(say(text, language))]
            }
            _ => vec![Message::text(say(reply.text(), language))],
        }
    }

    async fn roll_back(&self, thread: ChannelId) -> RolledBack {
        match roll_back(&self.app, self.opening.order.guild, thread).await {
            Ok(()) => RolledBack::Done,
            Err(error) if error.is_transient() => RolledBack::Again,
            Err(error) => {
                tracing::warn!(%thread, %error, "cannot delete an orphaned thread; retrying later");
                RolledBack::Orphaned
            }
        }
    }

    /// Searches for the thread that was created for this opening if the response to that call was lost.
    async fn search(&self) -> Result<Searched, Failure> {
        let order = &self.opening.order;
        let active = match self.app.discord.active_threads(order.guild).await {
            Err(error) if error.is_gone() => return Ok(Searched::Nothing),
            Err(error) => {
                tracing::warn!(guild = %order.guild, %error, "cannot search for a thread; retrying later");
                return Ok(Searched::Unclear);
            }
            Ok(active) => active,
        };
        if let Some(thread) = self.claim_one_of(active).await? {
            return Ok(Searched::Found(thread));
        }
        // Discord may have archived the thread, because nobody wrote in it.
        let Some(archived) = self.archived_since().await? else {
            return Ok(Searched::Unclear);
        };
        Ok(match self.claim_one_of(archived).await? {
            Some(thread) => Searched::Found(thread),
            None => Searched::Nothing,
        })
    }

    /// The archived threads that are no older than this opening; `None` if the bot cannot find out now.
    async fn archived_since(&self) -> Result<Option<Vec<Thread>>, Failure> {
        let mut found = Vec::new();
        let mut from: Option<String> = None;
        loop {
            let page = self
                .app
                .discord
                .archived_page(self.opening.order.parent, true, from.as_deref())
                .await;
            let page = match page {
                Err(error) if error.is_gone() => return Ok(Some(found)),
                Err(error) if error.is_forbidden() => return self.without_archived(found).await,
                Err(error) if error.is_transient() => return Ok(None),
                page => page?,
            };
            // Discord lists the newest first.
            let oldest = page.threads.last();
            let is_last = oldest.is_none_or(|oldest| !self.is_newer(oldest));
            found.extend(page.threads.into_iter().filter(|it| self.is_newer(it)));
            if is_last || page.next.is_none() || page.next == from {
                return Ok(Some(found));
            }
            from = page.next;
        }
    }

    /// The archived threads if Discord does not list them: if the bot can view the channel, there are no more
    /// than those found so far.
    async fn without_archived(&self, found: Vec<Thread>) -> Result<Option<Vec<Thread>>, Failure> {
        match self
            .app
            .discord
            .see_channel(self.opening.order.parent)
            .await
        {
            Ok(()) => Ok(Some(found)),
            Err(error) if error.is_gone() => Ok(Some(found)),
            Err(error) if error.is_forbidden() || error.is_transient() => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Claims the oldest of these threads that fits this opening and that no other ticket or opening has
    /// claimed.
    async fn claim_one_of(&self, threads: Vec<Thread>) -> Result<Option<ChannelId>, Failure> {
        let order = &self.opening.order;
        let me = self.app.cache().me();
        let mut found: Vec<_> = threads
            .into_iter()
            .filter(|thread| {
                let is_mine = me.is_some() && thread.creator == me;
                let is_here = thread.parent.is_none_or(|parent| parent == order.parent);
                is_mine && is_here && thread.name == order.name && self.is_newer(thread)
            })
            .map(|thread| thread.id)
            .collect();
        found.sort_unstable();
        for thread in found {
            if self.app.store.is_claimed(thread).await? || !self.is_free(thread).await? {
                continue;
            }
            // The opening that created the thread may receive its id at any moment, and must know that it is
            // contested.
            self.app.openings.found().insert(thread);
            match self.claim(thread).await? {
                Claimed::Own => return Ok(Some(thread)),
                Claimed::Taken => {}
                Claimed::Forgotten => return Ok(None),
            }
        }
        Ok(None)
    }

    /// Whether a thread is no older than the opening.
    fn is_newer(&self, thread: &Thread) -> bool {
        // Both times come from Discord's clock; the second allows for rounding.
        thread.created_at().since(self.opening.order.begun_at) > -1000
    }

    /// Two members can have the same name, and so two threads. A thread that has a starting message belongs
    /// to the member whom it mentions, even if they have left, or to the member who is in it.
    async fn is_free(&self, thread: ChannelId) -> Result<bool, Failure> {
        let first = match first_own_message(&self.app, thread).await {
            Err(error) if error.is_forbidden() || error.is_gone() => return Ok(false),
            first => first?,
        };
        let owner = self.opening.order.owner;
        match first {
            Some(message) if !message.mentions.contains(&owner) => {
                Ok(self.app.discord.is_in_thread(thread, owner).await?)
            }
            _ => Ok(true),
        }
    }
}

/// Handles the event that a thread of the bot was created.
pub fn thread_created(app: &App, guild: GuildId, thread: ChannelId, parent: ChannelId, name: &str) {
    app.openings.thread_created(parent, name);
    plan_check(app, guild, thread);
}
