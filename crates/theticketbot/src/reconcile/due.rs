//! Due work of tickets that wait: reminders, closing without an answer, the end of a snooze.
//!
//! The database has, for each ticket, the time at which to decide what is due. One timer waits for the
//! earliest of these times, and only enqueues. [`tickets::due::next`] decides, from the stored state and from
//! what Discord says about who wrote last.

mod applied;
mod staff;

use std::sync::Arc;
use std::time::Duration;

use tickets::due::{Action, Next, Timers, Times, next};
use tickets::text::Text;
use tickets::ticket::{ClosingRequest, Phase, Reason, State, Ticket};
use tickets::{ChannelId, Mention, MessageId, Timestamp};
use tokio::sync::watch;
use tokio::time::{Instant, sleep};

use super::waiting::{self, Read};
use super::{Check, Reported, Work, check_now, in_queue, joining, notice, observe};
use crate::app::queue::Key;
use crate::app::report::ticket_event;
use crate::app::{App, Failure};
use crate::discord::Message;
use crate::discord::render::allowed_mentions;
use crate::discord::render::due::{Prompt, prompt_buttons};
use crate::store::{Notified, Pending, Scope, StoreError};
use crate::translate::say;

/// How many tickets are enqueued at once.
const BATCH: usize = 2_000;

/// The pause between two batches. The backlog retries failed work meanwhile.
const PAUSE: Duration = Duration::from_secs(5);

/// The longest wait: another process may have changed settings.
const LONGEST: Duration = Duration::from_secs(60);

/// After how long the bot retries where it may not write, in milliseconds.
const WHERE_FORBIDDEN: i64 = 60 * 60 * 1000;

/// Enqueues what is due until the bot stops.
pub async fn run(app: Arc<App>, mut stop: watch::Receiver<bool>) {
    tokio::select! {
        () = enqueue_all(&app) => {}
        _ = stop.wait_for(|stop| *stop) => {}
    }
}

async fn enqueue_all(app: &App) {
    let mut connected = app.connected.subscribe();
    // The sender lives as long as the app.
    let _ = connected.wait_for(|connected| *connected).await;
    let mut moves = None;
    let mut has_planned = false;
    loop {
        let seen = app.alarm.seen();
        // Notices are planned by this machine's clock, so they are checked again when it was set. After a
        // resumed session, no scan does that.
        if moves.replace(seen.moves) != Some(seen.moves) {
            request_notices(app).await;
        }
        let looked = async {
            if !has_planned {
                joining::plan_unfinished(app).await?;
                has_planned = true;
            }
            applied::reload_if_changed(app).await?;
            enqueue(app).await
        };
        let wait = match looked.await {
            Ok(Enqueued::All { next }) => {
                app.alarm.note_done(seen);
                next
            }
            Ok(Enqueued::Some) => PAUSE,
            Err(StoreError::Closed) => return,
            Err(error) => {
                tracing::warn!(
                    %error,
                    "cannot read which reminders and closings are due; retrying"
                );
                PAUSE
            }
        };
        tokio::select! {
            () = app.alarm.changed(seen) => {}
            () = sleep(wait) => {}
        }
    }
}

/// Requests a check of the notices that may have to change now.
async fn request_notices(app: &App) {
    if let Err(error) = notice::request_all(app).await {
        tracing::warn!(%error, "cannot check all notices; each is checked when its ticket changes");
    }
}

/// How much of the due work was enqueued.
enum Enqueued {
    Some,
    /// All of it. Nothing more is due before this time.
    All {
        next: Duration,
    },
}

/// Enqueues the work that is due now.
async fn enqueue(app: &App) -> Result<Enqueued, StoreError> {
    let now = app.now();
    if let Some(earliest) = app.alarm.not_before().filter(|earliest| now < *earliest) {
        let next = earliest.duration_since(now).min(LONGEST);
        return Ok(Enqueued::All { next });
    }
    let due = due_now(app, now).await?;
    for work in &due {
        app.backlog.plan(*work, Instant::now());
    }
    if due.len() >= BATCH {
        return Ok(Enqueued::Some);
    }
    let next = if due.is_empty() {
        let next = app.store.next_due(now).await?;
        next.map_or(LONGEST, |at| at.duration_since(now))
            .min(LONGEST)
    } else {
        PAUSE
    };
    Ok(Enqueued::All { next })
}

/// The newest tickets that can be decided now.
async fn due_now(app: &App, now: Timestamp) -> Result<Vec<Work>, StoreError> {
    let (mut due, mut older_than) = (Vec::new(), None);
    loop {
        let page = app.store.due(now, older_than, BATCH).await?;
        older_than = page.last().map(|(_, ticket)| *ticket);
        let is_last = page.len() < BATCH;
        // Left out are the tickets of a server that removed the bot or is unavailable, and those that failed
        // and wait for their retry. They delay no other ticket.
        let cache = app.cache();
        let works = page
            .into_iter()
            .filter(|(guild, _)| cache.knows(*guild))
            .map(|(guild, ticket)| Work::Due(guild, ticket));
        due.extend(works.filter(|work| !app.backlog.has_failed(*work)));
        if is_last || due.len() >= BATCH {
            due.truncate(BATCH);
            return Ok(due);
        }
    }
}

/// Decides what is due in the queue of the ticket, and waits for that.
pub(super) async fn in_turn(app: &Arc<App>, ticket: ChannelId) -> Result<(), Failure> {
    let worker = app.clone();
    let work = async move { decide(&worker, ticket).await };
    in_queue(app, Key::Channel(ticket), work).await
}

/// Decides what is due in a ticket, does it, and stores when to decide again. The caller runs in the queue of
/// the ticket.
async fn decide(app: &App, id: ChannelId) -> Result<(), Failure> {
    // After each action, the next one is decided.
    while act(app, id).await? {}
    Ok(())
}

/// Does one thing that is due. Returns false if nothing is due.
async fn act(app: &App, id: ChannelId) -> Result<bool, Failure> {
    let Some(mut ticket) = app.store.ticket(id).await? else {
        return Ok(false);
    };
    let Some(mut pending) = app.store.pending(id).await? else {
        return Ok(false);
    };
    if ticket.state.phase != Phase::Open {
        return decide_later(app, &ticket, &pending, Next::Never).await;
    }
    let limits = limits(app, &ticket).await?;
    let now = app.now();
    let at = |ticket: &Ticket, pending: &Pending, written| {
        let Pending {
            waiting, timers, ..
        } = pending;
        next(ticket, *waiting, written, timers, limits, now)
    };
    // Nothing is known about messages in a ticket that an older version opened.
    let is_unknown = pending.waiting.seen == MessageId(0);
    match at(&ticket, &pending, None) {
        Next::Now(_) => {
            let earliest = app.alarm.not_before_in(ticket.guild);
            if let Some(earliest) = earliest.filter(|earliest| now < *earliest) {
                app.store.set_due(id, Some(earliest)).await?;
                return Ok(false);
            }
        }
        later if !is_unknown => return decide_later(app, &ticket, &pending, later).await,
        _ => {}
    }
    let Some(read) = waiting::read(app, &ticket, Some(pending.waiting)).await? else {
        // The ticket is gone, or the bot may not read it, so it cannot find out who wrote last.
        let work = Work::Check(Check::thread(ticket.guild, id));
        app.backlog.request(work);
        let later = now.plus(WHERE_FORBIDDEN);
        app.store.set_due(id, Some(later)).await?;
        return Ok(false);
    };
    if let Some(now) = app.store.pending(id).await? {
        pending = now;
    }
    ticket.state.presence = observe::presence(app, &ticket).await?;
    let action = match at(&ticket, &pending, read.by_a_person.map(|(id, _)| id)) {
        Next::Now(action) => action,
        later => return decide_later(app, &ticket, &pending, later).await,
    };
    let is_locked = observe::known(app, ticket.guild, id).is_some_and(|thread| thread.locked);
    if is_locked && matches!(action, Action::RemindOwner { .. } | Action::CloseIdle) {
        // The owner cannot write until staff unlock the ticket.
        app.store
            .set_due(id, Some(now.plus(WHERE_FORBIDDEN)))
            .await?;
        return Ok(false);
    }
    let due = Due {
        app,
        ticket: &ticket,
        pending: &pending,
        read,
    };
    match due.apply(action).await {
        Ok(()) => Ok(true),
        Err(failure) if failure.is_not_allowed() => {
            tracing::debug!(ticket = %id, %failure, "the bot may not write in this ticket; retrying in an hour");
            let later = now.plus(WHERE_FORBIDDEN);
            app.store.set_due(id, Some(later)).await?;
            Ok(false)
        }
        Err(failure) => Err(failure),
    }
}

/// Stores when to decide again, unless that is stored already.
async fn decide_later(
    app: &App,
    ticket: &Ticket,
    pending: &Pending,
    next: Next,
) -> Result<bool, Failure> {
    let at = match next {
        Next::At(at) => Some(at),
        Next::Now(_) | Next::Never => None,
    };
    if at == pending.due {
        return Ok(false);
    }
    app.store.set_due(ticket.id, at).await?;
    app.alarm.set_again();
    if at.is_none() && ticket.state.phase == Phase::Open && !keeps_open(app, ticket).await? {
        check_if_hidden(app, ticket);
    }
    Ok(false)
}

/// Checks a ticket that nothing keeps open any longer: Discord's own timer may have archived its thread before.
fn check_if_hidden(app: &App, ticket: &Ticket) {
    if observe::known(app, ticket.guild, ticket.id).is_none() {
        let check = Check::thread(ticket.guild, ticket.id);
        app.backlog.request(Work::Check(check));
    }
}

/// The owner has come into a ticket. If nothing was due without them, it is decided again.
pub(super) async fn owner_came(app: &App, ticket: &Ticket) -> Result<(), Failure> {
    if limits(app, ticket).await?.is_off() {
        return Ok(());
    }
    let pending = app.store.pending(ticket.id).await?;
    if pending.is_some_and(|pending| pending.due.is_none()) {
        app.store.set_due(ticket.id, Some(app.now())).await?;
        app.alarm.set_again();
    }
    Ok(())
}

/// The times from the settings of a ticket's inbox.
pub(super) async fn limits(app: &App, ticket: &Ticket) -> Result<Times, Failure> {
    let Some(inbox) = ticket.inbox else {
        return Ok(Times::default());
    };
    let stored = app.store.settings(Scope::Inbox(inbox)).await?;
    Ok(Times::of(&stored.into_iter().collect()))
}

/// Whether a ticket still counts as open after Discord's own timer has archived it: its inbox has reminders
/// or closes idle tickets, or staff have snoozed it or asked to close it.
pub async fn keeps_open(app: &App, ticket: &Ticket) -> Result<bool, Failure> {
    if ticket.state.phase != Phase::Open {
        return Ok(false);
    }
    if !limits(app, ticket).await?.is_off() {
        return Ok(true);
    }
    let pending = app.store.pending(ticket.id).await?;
    Ok(pending.is_some_and(|it| it.timers.asked.is_some() || it.timers.snoozed_by.is_some()))
}

/// Something that is due in a ticket.
struct Due<'a> {
    app: &'a App,
    ticket: &'a Ticket,
    pending: &'a Pending,
    read: Read,
}

impl Due<'_> {
    async fn apply(&self, action: Action) -> Result<(), Failure> {
        match action {
            Action::RemindOwner { close_at } => self.remind_owner(close_at).await,
            Action::RemindStaff => self.remind_staff().await,
            Action::EndSnooze { by } => {
                // A mention would add a member who is neither in the ticket nor its staff any longer.
                let (app, ticket) = (self.app, self.ticket);
                if !app.discord.is_in_thread(ticket.id, by).await?
                    && !waiting::is_staff(app, ticket, by).await?
                {
                    app.store.end_snooze(ticket.id).await?;
                    check_if_hidden(app, ticket);
                    return Ok(());
                }
                let text = Text::SnoozeEnded { by };
                let message = self.message(text, &[Mention::User(by)]);
                self.send(message, Notified::Snoozer).await
            }
            Action::CloseIdle => self.close_idle().await,
            Action::CloseAsked => self.close_for(&self.pending.timers).await,
        }
    }

    async fn remind_owner(&self, close_at: Option<Timestamp>) -> Result<(), Failure> {
        let Some(owner) = self.ticket.owner else {
            return Ok(());
        };
        let text = match close_at {
            Some(at) => Text::StillNeedHelpOrClosed {
                owner,
                // Rounded up, so that the ticket does not close before the time it shows.
                until: at.unix_seconds_up(),
            },
            None => Text::StillNeedHelp { owner },
        };
        let mut message = self.message(text, &[Mention::User(owner)]);
        let language = self.app.language(self.ticket.guild);
        message.components = Some(vec![prompt_buttons(Prompt::Reminder, language)]);
        self.send(message, Notified::Owner).await?;
        ticket_event!(self.ticket, "owner reminded");
        Ok(())
    }

    fn message(&self, text: Text, pings: &[Mention]) -> Message {
        let language = self.app.language(self.ticket.guild);
        Message {
            allowed_mentions: allowed_mentions(pings),
            ..Message::text(say(text, language))
        }
    }

    /// Sends a due message once. The bot stores first that it is sending the message. If it stops before it
    /// has recorded the message, the next run searches for it in the ticket.
    async fn send(&self, message: Message, whom: Notified) -> Result<(), Failure> {
        let Self {
            app,
            ticket,
            pending,
            read,
        } = self;
        let recorded = ticket.own_message.unwrap_or(MessageId(ticket.id.0));
        let lost = read.own.filter(|own| pending.is_sending && *own > recorded);
        let sent = if let Some(lost) = lost {
            lost
        } else {
            if !pending.is_sending {
                app.store.begin_sending(ticket.id).await?;
            }
            let message = message.once(format!("d{recorded}"));
            app.discord.send(ticket.id, &message).await?.id
        };
        Ok(app.store.sent(ticket.id, sent, whom).await?)
    }

    async fn close_idle(&self) -> Result<(), Failure> {
        let state = State {
            phase: Phase::Closing(Reason::NoAnswer),
            ..self.ticket.state
        };
        self.app
            .store
            .set_ticket(self.ticket.id, Phase::Open, state, self.read.own)
            .await?;
        self.finish_closing().await
    }

    async fn close_for(&self, timers: &Timers) -> Result<(), Failure> {
        let Some(asked) = timers.asked.clone() else {
            return Ok(());
        };
        let request = ClosingRequest {
            by: asked.by,
            name: asked.name,
            reason: asked.reason,
            remove_members: false,
            moved_to: None,
        };
        let after = self.read.newest;
        let begun = self.app.store.begin_closing(self.ticket.id, request, after);
        begun.await?;
        self.finish_closing().await
    }

    /// Closes the ticket, as for any other reason. An interrupted closing is retried as a check.
    async fn finish_closing(&self) -> Result<(), Failure> {
        let check = Check::thread(self.ticket.guild, self.ticket.id);
        if let Err(failure) = check_now(self.app, check, Reported::Nothing).await {
            tracing::warn!(
                ticket = %self.ticket.id, %failure,
                "a ticket could not be closed; retrying later"
            );
        }
        Ok(())
    }
}
