//! Threads of the bot that are not tickets according to the database: they become tickets again, or are deleted.

use tickets::permission::Place;
use tickets::text::Text;
use tickets::ticket::{Stray, StrayEffect, Ticket, UNCLAIMED_AFTER, stray};
use tickets::{ChannelId, GuildId};
use tokio::time::{Duration, Instant};

use super::observe::first_own;
use super::{Check, Reported, Work};
use crate::app::report::ticket_event;
use crate::app::{App, Failure};
use crate::discord::{Error, ErrorKind, ThreadChange};
use crate::store::Entry;
use crate::translate::say;

/// Handles a thread that is not a ticket according to the database: it may be a thread of the bot that no
/// opening has claimed.
pub(super) async fn check(
    app: &App,
    guild: GuildId,
    id: ChannelId,
    reported: &Reported,
) -> Result<(), Failure> {
    if *reported == Reported::Gone {
        // The thread is an orphan, or an opening is about to claim it.
        app.store.forget_channel(id).await?;
        return Ok(());
    }
    // The starting message has invited the owner, but the opening has not stored the ticket yet.
    if let Reported::Members { .. } = reported {
        app.openings.note_members(id);
    }
    // The opening that creates a ticket handles its own thread.
    if *reported != Reported::Nothing || app.store.is_opening(id).await? {
        return Ok(());
    }
    // A recorded orphan belongs to no opening, however many openings are running.
    let may_be_claimed = app.openings.may_claim_in(guild) && !app.store.is_claimed(id).await?;
    if app.openings.has(id) || may_be_claimed {
        plan_check(app, guild, id);
        return Ok(());
    }
    let thread = match app.discord.thread(id).await {
        Ok(thread) => thread,
        Err(error) if error.is_gone() => {
            app.store.forget_channel(id).await?;
            return Ok(());
        }
        Err(error) if error.is_forbidden() => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let is_own = thread.creator.is_some() && thread.creator == app.cache().me();
    if !is_own || !thread.is_private {
        return Ok(());
    }
    let messages = match app.discord.first_messages(id).await {
        Err(error) if error.is_forbidden() => return Ok(()),
        messages => messages?,
    };
    let first = first_own(app, &messages);
    let me = app.cache().me();
    let parent = thread.parent.and_then(|it| app.cache().place(guild, it));
    let found = Stray {
        starter: first.map(|message| message.id),
        mentioned: first.and_then(|message| message.mentions.first().copied()),
        can_read: parent.is_some_and(Place::can_be_read),
        is_written_in: messages
            .iter()
            .any(|it| it.is_ordinary && Some(it.author) != me),
    };
    match stray(found) {
        StrayEffect::Adopt { owner, starter } => {
            let inboxes = app.store.inboxes_in(guild).await?;
            let inbox = inboxes
                .iter()
                .find(|inbox| Some(inbox.tickets_in()) == thread.parent);
            let ticket = Ticket {
                own_message: starter,
                ..Ticket::new(id, guild, inbox.map(|inbox| inbox.id), owner)
            };
            app.store.adopt_ticket(ticket).await?;
            app.backlog.request(Work::Check(Check::thread(guild, id)));
            ticket_event!(&ticket, "ticket found again");
        }
        StrayEffect::Leave => {}
        StrayEffect::Delete => delete(app, guild, id, thread.parent).await?,
    }
    Ok(())
}

/// Checks a thread of the bot later, when its opening has had the time to claim it, and Discord to add the
/// members whom its starting message mentions.
pub fn plan_check(app: &App, guild: GuildId, thread: ChannelId) {
    let at = Instant::now() + Duration::from_secs(UNCLAIMED_AFTER);
    app.backlog
        .plan(Work::Check(Check::thread(guild, thread)), at);
}

/// Deletes an orphaned thread. If the bot may not, the thread is recorded for a later attempt.
async fn delete(
    app: &App,
    guild: GuildId,
    id: ChannelId,
    parent: Option<ChannelId>,
) -> Result<(), Failure> {
    match roll_back(app, guild, id).await {
        Ok(()) => {
            app.store.forget_channel(id).await?;
            tracing::info!(thread = %id, "orphaned thread deleted");
            Ok(())
        }
        Err(error) if error.is_transient() => Err(error.into()),
        Err(error) => {
            tracing::warn!(
                thread = %id, %error,
                "cannot delete an orphaned thread; retrying later"
            );
            let entry = Entry::orphan(id, guild, parent.unwrap_or(id), app.clock.now());
            app.store.begin(entry).await?;
            Ok(())
        }
    }
}

/// Deletes a thread, or archives it where the bot may only do that. Returns an error if members still see the
/// thread.
pub async fn roll_back(app: &App, guild: GuildId, thread: ChannelId) -> Result<(), Error> {
    let reason = say(Text::AuditRolledBack {}, app.language(guild));
    let mut rolled_back = app.discord.delete_channel(thread, reason.clone()).await;
    if rolled_back
        .as_ref()
        .is_err_and(|error| error.kind() == ErrorKind::NotAllowed)
    {
        // The creator of a thread may archive it, but not delete it.
        let change = ThreadChange::archived(true);
        rolled_back = app.discord.change_thread(thread, change, reason).await;
    }
    match rolled_back {
        Err(error) if error.is_gone() || error.is_archived() => Ok(()),
        rolled_back => rolled_back,
    }
}
