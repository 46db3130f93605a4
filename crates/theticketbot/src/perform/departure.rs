//! The end of a ticket: a note that pings nobody, then archived and, where the bot may, locked.

use tickets::text::Text;
use tickets::{ChannelId, GuildId};

use crate::context::{Context, Failure, now};
use crate::discord::{Error, Message, ThreadChange, code};
use crate::translate::{Language, say};

/// The owner left. Whoever begins the departure in the database answers it; everybody else who
/// hears of it does nothing, so that there is one note.
pub(super) async fn depart(
    context: &Context,
    guild: GuildId,
    ticket: ChannelId,
    note: Text,
    lock: bool,
) -> Result<(), Failure> {
    // Held before it is begun: whoever finds it begun and not held may finish it.
    let _held = context.departing(ticket);
    if context.store.begin_departure(ticket).await? {
        answer(context, guild, ticket, Some(note), lock).await?;
    }
    Ok(())
}

/// An answer was begun and interrupted.
pub(super) async fn finish(
    context: &Context,
    guild: GuildId,
    ticket: ChannelId,
    note: Option<Text>,
    lock: bool,
) -> Result<(), Failure> {
    let _held = context.departing(ticket);
    answer(context, guild, ticket, note, lock).await
}

async fn answer(
    context: &Context,
    guild: GuildId,
    ticket: ChannelId,
    note: Option<Text>,
    lock: bool,
) -> Result<(), Failure> {
    let language = context.language(guild);
    if let Some(note) = note {
        send_note(context, ticket, say(note, language)).await;
    }
    let reason = say(Text::AuditOwnerLeft {}, language);
    let is_locked = archive(context, ticket, lock, reason).await?;
    context.store.end_departure(ticket, is_locked).await?;
    Ok(())
}

/// It was archived: only locking is left. The note wakes the thread, and an archived thread cannot
/// be locked. Written down before, for after a crash it is found awake.
pub(super) async fn lock_archived(
    context: &Context,
    guild: GuildId,
    ticket: ChannelId,
    note: Text,
) -> Result<(), Failure> {
    let language = context.language(guild);
    let is_first = context.store.begin_closing(ticket).await?;
    let is_noted = !is_first && is_noted(context, ticket).await?;
    if is_noted || !send_note(context, ticket, say(note, language)).await {
        let awake = ThreadChange {
            archived: Some(false),
            locked: None,
        };
        let reason = say(Text::AuditArchived {}, language);
        tolerate(context.discord.change_thread(ticket, awake, reason).await)?;
    }
    let reason = say(Text::AuditArchived {}, language);
    archive(context, ticket, true, reason).await?;
    Ok(())
}

/// Whether the last that the bot said is that the ticket was archived.
async fn is_noted(context: &Context, ticket: ChannelId) -> Result<bool, Failure> {
    let me = context.cache().me();
    let messages = match context.discord.last_messages(ticket).await {
        // Where the bot may not look, no note is better than a second one.
        Err(error) if error.is_forbidden() => return Ok(true),
        Err(error) if error.is_gone() => return Ok(false),
        messages => messages?,
    };
    let last = messages
        .iter()
        .find(|message| message.is_ordinary && Some(message.author) == me);
    // The server's language may have changed meanwhile.
    let mut notes = Language::ALL.into_iter();
    Ok(last.is_some_and(|last| notes.any(|it| last.content == say(Text::Archived {}, it))))
}

/// Whether the note is there. Without it the ticket is archived all the same.
async fn send_note(context: &Context, ticket: ChannelId, note: String) -> bool {
    // A name of its own for this note: sent again when in doubt, it is still one.
    let note = Message::text(note).once(now().0.to_string());
    match context.discord.send(ticket, &note).await {
        Ok(_) => true,
        Err(error) => {
            if !error.is_gone() {
                tracing::warn!(%ticket, %error, "a note could not be sent");
            }
            false
        }
    }
}

/// Whether it is known to be locked now.
async fn archive(
    context: &Context,
    ticket: ChannelId,
    lock: bool,
    reason: String,
) -> Result<bool, Failure> {
    let change = |archived, locked| {
        let change = ThreadChange {
            archived: Some(archived),
            locked,
        };
        let discord = &context.discord;
        discord.change_thread(ticket, change, reason.clone())
    };
    let to_lock = lock.then_some(true);
    let mut changed = change(true, to_lock).await;
    if lock && is_archived(&changed) {
        // Somebody was faster, and what is archived cannot be locked.
        tolerate(change(false, None).await)?;
        changed = change(true, to_lock).await;
    }
    match changed {
        Ok(()) => return Ok(lock),
        // It was deleted meanwhile, perhaps with its channel, of which Discord tells no more than that.
        Err(error) if error.is_unknown(code::UNKNOWN_CHANNEL) => {
            context.store.forget_channel(ticket).await?;
        }
        // The right to lock was lost meanwhile; its creator may still archive.
        Err(error) if lock && error.is_forbidden() => tolerate(change(true, None).await)?,
        changed => tolerate(changed)?,
    }
    Ok(false)
}

fn is_archived(changed: &Result<(), Error>) -> bool {
    let code = changed.as_ref().err().and_then(Error::code);
    code == Some(code::THREAD_ARCHIVED)
}

/// Somebody was faster: the thread is archived, or gone.
fn tolerate(changed: Result<(), Error>) -> Result<(), Failure> {
    match changed {
        Err(error) if error.is_gone() => Ok(()),
        changed if is_archived(&changed) => Ok(()),
        changed => Ok(changed?),
    }
}
