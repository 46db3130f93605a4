//! No ticket is lost or stuck when the bot is killed, Discord's responses are lost, or the bot misses events.

mod calls;
mod restarts;
mod tickets_later;

use std::path::Path;
use std::time::Duration;

use discord_sandbox::{Answer, Person};
use harness::{How, Inbox, Result, Stage};
use theticketbot::translate::{Language, say};
use tickets::text::Text;
use tickets::ticket::Ticket;

/// Longer than any test.
const FOR_EVER: Duration = Duration::from_secs(3600);

/// Discord's number of the permission View Channel.
const VIEW_CHANNEL: u64 = 1 << 10;

/// A running bot with an inbox in `#support`.
async fn stage_with_inbox() -> Result<(Stage, Inbox)> {
    let mut stage = Stage::new(How::Inside).await?;
    stage.start().await?;
    let inbox = stage.create_inbox().await?;
    stage.idle().await?;
    Ok((stage, inbox))
}

fn english(text: Text) -> String {
    say(text, Language::of("en-US"))
}

/// There is one thread with its owner and one starting message, and the response links to it. The bot is
/// idle.
fn has_one_ticket(stage: &Stage, inbox: Inbox, owner: &Person) -> Result {
    let threads = stage.threads(inbox.channel)?;
    let [thread] = &threads[..] else {
        return Err(format!("one thread, not {threads:?}").into());
    };
    if !thread.members.contains_key(&owner.id()) {
        return Err("the owner is not in the thread".into());
    }
    match &stage.said(thread.id)?[..] {
        [_] => Ok(()),
        said => Err(format!("one starting message, not {said:?}").into()),
    }
}

/// The response links to a ticket.
fn links_to_a_ticket(answer: &Answer) -> Result {
    let content = answer.content()?;
    if content.contains("<#") {
        Ok(())
    } else {
        Err(format!("no link in {content:?}").into())
    }
}

/// Stops the bot, and checks that the journal is empty and the database has every ticket.
async fn nothing_is_unfinished(stage: &mut Stage, inbox: Inbox) -> Result {
    stage.stop().await?;
    let store = stage.bot.home.store()?;
    let journal = store.journal().await?;
    if !journal.is_empty() {
        let work: Vec<_> = journal.iter().map(|entry| &entry.work).collect();
        return Err(format!("left in the journal: {work:?}").into());
    }
    for thread in stage.threads(inbox.channel)? {
        let id = tickets::ChannelId(thread.id.0);
        if store.ticket(id).await?.is_none() {
            return Err(format!("the thread {id} is no ticket").into());
        }
    }
    Ok(())
}

/// Whether a ticket is archived and locked.
fn is_closed(stage: &Stage, ticket: discord_sandbox::id::ChannelId) -> Result<bool> {
    let thread = stage.thread(ticket)?;
    Ok(thread.archived && thread.locked)
}

/// The host restores an older backup after a crash. A minute later, the bot checks threads without a ticket.
async fn restore(stage: &mut Stage, backup: &Path) -> Result {
    stage.kill().await?;
    stage.bot.home.restore(backup)?;
    stage.start_without_session().await?;
    stage.idle().await?;
    stage.bot.time_passes(Duration::from_secs(61)).await?;
    stage.idle().await?;
    Ok(())
}

/// A ticket as the running bot has stored it.
async fn stored(stage: &Stage, id: discord_sandbox::id::ChannelId) -> Result<Ticket> {
    let copy = stage.bot.home.copy()?;
    let ticket = copy.store.ticket(tickets::ChannelId(id.0)).await?;
    ticket.ok_or_else(|| format!("{id} is not stored").into())
}
