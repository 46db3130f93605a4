//! A ticket that nobody could be invited to is undone: its thread is deleted, or at least archived.
//!
//! Where Discord allows neither, because the bot has just lost its access, the thread is written
//! down as abandoned. It is undone when the bot has its access again ([`crate::catch_up`]).

use tickets::permission::Place;
use tickets::stored::{Abandoned, Opening};
use tickets::text::Text;
use tickets::{ChannelId, GuildId};

use crate::context::{Context, Failure};
use crate::discord::{Error, ThreadChange, code};
use crate::store::Nothing;
use crate::translate::say;

/// Deletes a thread. An error if it is still there, for all to see who may.
pub(super) async fn undo(
    context: &Context,
    guild: GuildId,
    thread: ChannelId,
) -> Result<(), Error> {
    let reason = say(Text::AuditUndone {}, context.language(guild));
    let mut undone = context.discord.delete_channel(thread, reason.clone()).await;
    if undone.as_ref().is_err_and(Error::is_forbidden) {
        // Its creator may archive a thread, but not delete it.
        let change = ThreadChange {
            archived: Some(true),
            locked: None,
        };
        undone = context.discord.change_thread(thread, change, reason).await;
    }
    match undone {
        Err(error) if error.is_gone() || error.code() == Some(code::THREAD_ARCHIVED) => Ok(()),
        undone => undone,
    }
}

/// Deletes a thread that could not be deleted before, and forgets it.
pub(super) async fn undo_abandoned(
    context: &Context,
    guild: GuildId,
    thread: ChannelId,
) -> Result<(), Failure> {
    undo(context, guild, thread).await?;
    tracing::info!(%thread, "a thread that nobody was invited to is undone at last");
    context.store.forget_channel(thread).await?;
    Ok(())
}

/// What is left of a ticket that was undone.
#[derive(Clone, Copy, Debug)]
pub(super) struct Remains {
    thread: Option<Abandoned>,
    /// No event will tell when it can be undone: it is tried again soon.
    is_in_reach: bool,
}

impl Remains {
    pub(super) const NONE: Self = Self {
        thread: None,
        is_in_reach: false,
    };

    /// The thread, for this reason.
    pub(super) fn thread(
        context: &Context,
        opening: &Opening,
        thread: ChannelId,
        error: &Error,
    ) -> Self {
        tracing::warn!(%thread, %error, "a thread that nobody was invited to is left for now");
        let place = context.cache().place(opening.guild, opening.parent);
        Self {
            thread: Some(Abandoned {
                thread,
                parent: opening.parent,
            }),
            is_in_reach: error.is_passing() || place.is_some_and(Place::can_be_seen),
        }
    }
}

/// Writes down that an opening came to nothing.
pub(super) async fn abandon(
    context: &Context,
    interaction: u64,
    guild: GuildId,
    remains: Remains,
    is_owed: bool,
) -> Result<(), Failure> {
    let nothing = Nothing {
        is_owed,
        left: remains.thread,
    };
    context.store.abandon_opening(interaction, nothing).await?;
    if remains.is_in_reach {
        context.miss(guild);
    }
    Ok(())
}
