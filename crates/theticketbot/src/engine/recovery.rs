//! Recovers unfinished work of an earlier run: reads the journal once, at the start, and continues each
//! entry.

use std::sync::Arc;
use std::time::Duration;

use tickets::inbox::Inbox;
use tickets::opening::machine::TOKEN_LIFETIME;
use tickets::problem::Created;
use tickets::text::{MessageLink, Text};
use tickets::{ChannelId, GuildId, InboxId, MessageId};
use tokio::sync::watch;
use tokio::time::sleep;

use super::response::Response;
use super::{opening, problems, removal, reports, ticket};
use crate::app::queue::Key;
use crate::app::{App, Failure};
use crate::discord::{Error, Message};
use crate::reconcile::in_queue;
use crate::store::{Entry, Posting, Work};
use crate::translate::say;

/// The delays between attempts to finish a request. The last one repeats.
const BACKOFF: [Duration; 5] = [
    Duration::from_secs(2),
    Duration::from_secs(5),
    Duration::from_secs(15),
    Duration::from_secs(30),
    Duration::from_secs(60),
];

/// Recovers every entry once the bot is connected.
pub async fn recover(app: Arc<App>, journal: Vec<Entry>, mut stop: watch::Receiver<bool>) {
    let mut connected = app.connected.subscribe();
    tokio::select! {
        // The sender lives as long as the app.
        _ = connected.wait_for(|connected| *connected) => {}
        _ = stop.wait_for(|stop| *stop) => return,
    }
    for entry in journal {
        resume(&app, entry);
    }
    app.recovered.send_replace(true);
}

/// Recovers one entry of the journal.
pub(super) fn resume(app: &Arc<App>, mut entry: Entry) {
    entry.work.end_sending(app.now());
    let response = Arc::new(Response::pending(app, &entry));
    let worker = app.clone();
    if let Some(ticket) = entry.work.ticket() {
        app.tasks
            .spawn(async move { finish(&worker, ticket, entry, response).await });
    } else if entry.work.is_response() {
        app.tasks
            .spawn(async move { respond(&worker, entry, &response).await });
    } else if let Work::Opening(opening) = entry.work {
        tracing::info!(
            interaction = entry.id,
            "an opening was interrupted; resuming it"
        );
        opening::resume(app, response, *opening);
    }
    // The scan of its server finds an orphan.
}

/// Recovers the response to a request of this run, if it could not be sent and the journal has it.
pub(super) async fn retry_response(app: &Arc<App>, response: &Response) {
    match app.store.entry(response.id()).await {
        Ok(Some(entry)) if entry.work.is_response() => resume(app, entry),
        Ok(_) => {}
        Err(error) => tracing::warn!(
            interaction = response.id(), %error,
            "cannot read the journal; the next start responds to this member"
        ),
    }
}

/// Ends a request in a ticket, whose work is in the journal. If its outcome is unknown, it is recovered.
pub(super) async fn end(
    app: &Arc<App>,
    response: &Response,
    guild: GuildId,
    work: Work,
    done: Result<(), Failure>,
) -> Result<(), Failure> {
    if let Err(failure) = &done
        && failure.is_unclear()
    {
        tracing::warn!(
            interaction = response.id(), %failure,
            "the outcome of a request is unknown; finding out"
        );
        response.defer().await?;
        let mut entry = response.entry(guild, work);
        entry.work.end_sending(app.now());
        // The first attempt keeps the ticket's queue, so that no other message comes in between.
        let pending = Response::pending(app, &entry);
        if let Err(failure) = finish_once(app, &entry, &pending).await {
            tracing::warn!(interaction = entry.id, %failure, "the outcome is still unknown");
            resume(app, entry);
        }
        return Ok(());
    }
    app.store.finish(response.id()).await?;
    done
}

/// The delays between attempts.
struct Waits(usize);

impl Waits {
    /// Waits before the next attempt. False if the bot stops: then the next start continues.
    async fn next(&mut self, app: &App, interaction: u64, failure: &Failure) -> bool {
        tracing::warn!(
            interaction, %failure,
            "an interrupted request could not be finished; retrying"
        );
        let wait = BACKOFF[self.0.min(BACKOFF.len() - 1)];
        self.0 += 1;
        tokio::select! {
            () = sleep(wait) => true,
            () = app.tasks.stopping() => false,
        }
    }
}

/// Waits until it is known what people may do in a server. False if the bot stops: then the next start
/// continues.
async fn is_known(app: &App, guild: GuildId) -> bool {
    // Each event changes it.
    let mut received = app.received.subscribe();
    tokio::select! {
        // The sender lives as long as the app.
        _ = received.wait_for(|_| !app.cache().awaits(guild)) => true,
        () = app.tasks.stopping() => false,
    }
}

/// Finishes work in a ticket. Each attempt runs in that ticket's queue, which does not wait between attempts.
async fn finish(app: &Arc<App>, ticket: ChannelId, entry: Entry, response: Arc<Response>) {
    if !is_known(app, entry.guild).await {
        return;
    }
    let (id, entry) = (entry.id, Arc::new(entry));
    // If another run continues, it must not take later messages for the one that it searches for.
    if let Err(error) = app.store.save(id, entry.work.clone()).await {
        tracing::warn!(interaction = id, %error, "an interrupted request could not be saved");
    }
    let mut waits = Waits(0);
    loop {
        let (worker, entry, response) = (app.clone(), entry.clone(), response.clone());
        let attempt = async move { finish_once(&worker, &entry, &response).await };
        match in_queue(app, Key::Channel(ticket), attempt).await {
            Err(failure) if waits.next(app, id, &failure).await => {}
            _ => return,
        }
    }
}

async fn finish_once(app: &Arc<App>, entry: &Entry, response: &Response) -> Result<(), Failure> {
    let guild = entry.guild;
    let recovered = match &entry.work {
        Work::Transfer(transfer) => ticket::recover_transfer(app, guild, transfer, response).await,
        Work::Report(report) => reports::recover(app, guild, report, response).await,
        Work::Question(question) => ticket::recover_question(app, guild, question, response).await,
        _ => return Ok(()),
    };
    let is_wanted = app.clock.now().since(entry.begun_at) < TOKEN_LIFETIME;
    let said = match recovered {
        Ok(_) | Err(Failure::Refused(_)) if !is_wanted => Ok(()),
        // A public response is not changed.
        Ok(_) if response.is_public().await => Ok(()),
        Ok(text) => {
            let message = Message::text(say(text, response.language()));
            response.correct_all(vec![message]).await
        }
        // The refusal contains what the member wrote.
        Err(Failure::Refused(text)) => response.correct(text).await,
        Err(failure) => return Err(failure),
    };
    sent(said)?;
    Ok(app.store.finish(entry.id).await?)
}

/// Responds with the outcome, or that the request was interrupted.
async fn respond(app: &App, mut entry: Entry, response: &Response) {
    // Kept for the next attempt, which would not find the message again.
    let mut posted = None;
    let mut waits = Waits(0);
    loop {
        match respond_once(app, &mut entry, response, &mut posted).await {
            Err(failure) if waits.next(app, entry.id, &failure).await => {}
            _ => return,
        }
    }
}

/// An inbox that was posted, if any, or the reason why it is not one.
type Posted = Result<Option<Inbox>, Text>;

async fn respond_once(
    app: &App,
    entry: &mut Entry,
    response: &Response,
    posted: &mut Option<Posted>,
) -> Result<(), Failure> {
    let posted = match posted {
        Some(posted) => posted,
        None => posted.insert(match &mut entry.work {
            Work::Posting(posting) => match self::posted(app, entry.id, posting).await {
                Err(Failure::Refused(text)) => Err(text),
                posted => Ok(posted?),
            },
            _ => Ok(None),
        }),
    };
    if app.clock.now().since(entry.begun_at) < TOKEN_LIFETIME {
        notify(app, response, posted.clone()).await?;
    }
    Ok(app.store.finish(entry.id).await?)
}

async fn notify(app: &App, response: &Response, posted: Posted) -> Result<(), Failure> {
    let corrected = match posted {
        Ok(Some(inbox)) => {
            let known = problems::facts(app, &inbox).await;
            let created = Created::of(&inbox, known.as_ref());
            let message = super::inbox::created(&inbox, created, response.language());
            response.correct_all(vec![message]).await
        }
        Ok(None) => response.correct(Text::Interrupted {}).await,
        Err(text) => response.correct(text).await,
    };
    sent(corrected)
}

/// The outcome of a response: it is retried only if the error may pass.
fn sent(said: Result<(), Error>) -> Result<(), Failure> {
    match said {
        Err(error) if error.is_transient() => Err(error.into()),
        Err(error) => {
            tracing::warn!(%error, "could not notify a member of an interrupted request");
            Ok(())
        }
        Ok(()) => Ok(()),
    }
}

/// The inbox of an interrupted posting.
async fn posted(
    app: &App,
    interaction: u64,
    posting: &mut Posting,
) -> Result<Option<Inbox>, Failure> {
    if posting.inbox.is_none() {
        posting.inbox = store_posted(app, interaction, posting).await?;
    }
    let Some(inbox) = posting.inbox else {
        return Ok(None);
    };
    if posting.again.is_some() {
        removal::check_restored(app, posting.guild).await?;
    }
    Ok(app.store.inbox(inbox).await?)
}

/// Finds the message of an interrupted posting, and stores its inbox, unless another inbox has its name now.
async fn store_posted(
    app: &App,
    interaction: u64,
    posting: &Posting,
) -> Result<Option<InboxId>, Failure> {
    let Some(message) = find_posted(app, interaction, posting.channel).await? else {
        return Ok(None);
    };
    let link = MessageLink {
        guild: posting.guild,
        channel: posting.channel,
        message,
    };
    let (destination, name) = (posting.destination, posting.name.as_deref());
    let removed = match posting.again {
        Some(old) => app.store.removed_inbox(old).await?,
        None => None,
    };
    let inbox = match removed {
        Some(removed) => removal::again(removed.inbox, link, destination, name),
        None => Inbox::new(link, destination, posting.staff.clone()).named(name),
    };
    let id = inbox.id;
    let finished = app
        .store
        .finish_posting(interaction, inbox, posting.again)
        .await;
    match finished.map_err(Failure::from) {
        Err(Failure::Refused(text)) => {
            match app.discord.delete_message(posting.channel, message).await {
                Err(error) if !error.is_gone() => Err(error.into()),
                _ => Err(Failure::Refused(text)),
            }
        }
        finished => {
            finished?;
            Ok(Some(id))
        }
    }
}

/// Searches for the message with a button that was sent for this interaction, because the response to that
/// call was lost.
pub(super) async fn find_posted(
    app: &App,
    interaction: u64,
    channel: ChannelId,
) -> Result<Option<MessageId>, Failure> {
    let me = app.cache().me();
    let messages = match app.discord.messages_after(channel, interaction).await {
        // If the bot cannot read the channel, the admin has to check.
        Err(error) if is_out_of_reach(&error) => return Ok(None),
        messages => messages?,
    };
    let mut own: Vec<_> = messages
        .into_iter()
        .filter(|message| message.has_button && Some(message.author) == me)
        .map(|message| message.id)
        .collect();
    own.sort_unstable();
    for message in own {
        if app.store.inbox_of_message(message).await?.is_none() {
            return Ok(Some(message));
        }
    }
    Ok(None)
}

fn is_out_of_reach(error: &Error) -> bool {
    error.is_forbidden() || error.is_gone()
}
