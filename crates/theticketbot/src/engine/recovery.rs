//! Recovers unfinished work of an earlier run: reads the journal once, at the start, and continues each
//! entry.

use std::sync::Arc;
use std::time::Duration;

use tickets::inbox::Inbox;
use tickets::opening::machine::TOKEN_LIFETIME;
use tickets::problem::Created;
use tickets::text::{MessageLink, Text};
use tickets::{ChannelId, MessageId};
use tokio::sync::watch;
use tokio::time::sleep;

use super::response::Response;
use super::{opening, problems, removal, reports, ticket};
use crate::app::queue::Key;
use crate::app::{App, Failure};
use crate::discord::{Error, Message};
use crate::store::{Entry, Posting, Work};
use crate::translate::say;

/// The delays between attempts to send a response. After the last, the next start tries again.
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
pub(super) fn resume(app: &Arc<App>, entry: Entry) {
    let response = Arc::new(Response::pending(app, &entry));
    match entry.work {
        Work::Opening(opening) => {
            tracing::info!(
                interaction = entry.id,
                "an opening was interrupted; resuming it"
            );
            opening::resume(app, response, *opening);
        }
        Work::Response | Work::Submission { .. } | Work::Posting(_) => {
            let worker = app.clone();
            app.tasks.spawn(async move {
                respond(&worker, &entry, &response).await;
            });
        }
        Work::Transfer(_) | Work::Report(_) | Work::Question(_) => {
            finish_in_turn(app, entry, response);
        }
        // The scan of its server finds it.
        Work::Orphan { .. } => {}
    }
}

/// Finishes work in a ticket, in that ticket's queue.
fn finish_in_turn(app: &Arc<App>, entry: Entry, response: Arc<Response>) {
    let ticket = match &entry.work {
        Work::Transfer(transfer) => transfer.ticket,
        Work::Report(report) => report.ticket,
        Work::Question(question) => question.ticket,
        _ => return,
    };
    let worker = app.clone();
    let pushed = app.queues.push(Key::Channel(ticket), async move {
        finish(&worker, &entry, &response).await;
    });
    if !pushed {
        tracing::warn!(
            %ticket,
            "an interrupted request waits for the next start, because its queue is full"
        );
    }
}

async fn finish(app: &Arc<App>, entry: &Entry, response: &Response) {
    for wait in BACKOFF {
        match finish_once(app, entry, response).await {
            Ok(()) => return,
            Err(failure) => {
                tracing::warn!(
                    interaction = entry.id, %failure,
                    "an interrupted request could not be finished; retrying"
                );
            }
        }
        tokio::select! {
            () = sleep(wait) => {}
            () = app.tasks.stopping() => return,
        }
    }
}

async fn finish_once(app: &Arc<App>, entry: &Entry, response: &Response) -> Result<(), Failure> {
    let guild = entry.guild;
    let recovered = match &entry.work {
        Work::Transfer(transfer) => ticket::recover_transfer(app, guild, transfer).await,
        Work::Report(report) => reports::recover(app, guild, report).await,
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
    match said {
        Err(error) if error.is_passing() => return Err(error.into()),
        // Discord would refuse it again.
        Err(error) => {
            tracing::warn!(%error, "could not notify a member of an interrupted request");
        }
        Ok(()) => {}
    }
    Ok(app.store.finish(entry.id).await?)
}

/// Responds with the outcome, or that the request was interrupted.
async fn respond(app: &App, entry: &Entry, response: &Response) {
    for wait in BACKOFF {
        match respond_once(app, entry, response).await {
            Ok(()) => return,
            Err(failure) => {
                tracing::warn!(
                    interaction = entry.id, %failure,
                    "the response to an interrupted request could not be sent; retrying"
                );
            }
        }
        tokio::select! {
            () = sleep(wait) => {}
            () = app.tasks.stopping() => return,
        }
    }
}

async fn respond_once(app: &App, entry: &Entry, response: &Response) -> Result<(), Failure> {
    let posted = match &entry.work {
        Work::Posting(posting) => posted(app, entry.id, posting).await,
        _ => Ok(None),
    };
    let posted = match posted {
        Err(Failure::Refused(text)) => Err(text),
        posted => Ok(posted?),
    };
    if app.clock.now().since(entry.begun_at) < TOKEN_LIFETIME {
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
        match corrected {
            Err(error) if error.is_passing() => return Err(error.into()),
            // Discord would refuse it again.
            Err(error) => {
                tracing::warn!(%error, "could not notify a member of an interrupted request");
            }
            Ok(()) => {}
        }
    }
    Ok(app.store.finish(entry.id).await?)
}

/// Finds the message of an interrupted posting, and stores its inbox, unless another inbox has its name now.
async fn posted(app: &App, interaction: u64, posting: &Posting) -> Result<Option<Inbox>, Failure> {
    if let Some(inbox) = posting.inbox {
        return Ok(app.store.inbox(inbox).await?);
    }
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
    let finished = app
        .store
        .finish_posting(interaction, inbox.clone(), posting.again)
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
            if posting.again.is_some() {
                removal::check_restored(app, posting.guild).await?;
            }
            Ok(Some(inbox))
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
