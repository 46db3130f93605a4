//! What a crash or a lost answer left half done: openings are finished, or undone and told.

use tickets::ChannelId;
use tickets::stored::Opening;
use tickets::text::Text;

use super::answer::is_too_late;
use super::opening::{Started, start, undo};
use crate::context::{Context, Failure, TOKEN_LIFETIME, now};
use crate::discord::{Error, Message, Thread};
use crate::translate::{Language, say};

/// Finishes or undoes everything that an earlier run began, one after the other. One that cannot
/// be settled now is left for the next start.
pub async fn openings(context: &Context, openings: Vec<Opening>) {
    for opening in openings {
        let interaction = opening.interaction;
        match settle(context, opening).await {
            Ok(outcome) => tracing::info!(interaction, outcome, "an opening was interrupted"),
            Err(failure) => {
                tracing::warn!(interaction, %failure, "an interrupted opening could not be settled");
            }
        }
    }
}

/// The thread that was created for this opening although no answer said so.
pub(super) async fn find_created(
    context: &Context,
    opening: &Opening,
) -> Result<Option<ChannelId>, Failure> {
    let me = context.cache().me();
    let language = context.language(opening.guild);
    let mut found: Vec<Thread> = context
        .discord
        .active_threads(opening.guild)
        .await?
        .into_iter()
        .filter(|thread| {
            // Discord's clock and the click's are the same; a second is for rounding.
            let is_newer = thread.created_at().since(opening.begun_at) > -1000;
            let is_mine = me.is_some() && thread.creator == me;
            let is_named = thread.name == opening.name || is_neutral(&thread.name, language);
            is_newer && is_mine && is_named
        })
        .collect();
    found.sort_by_key(|thread| thread.id);
    for thread in found {
        if context.store.ticket(thread.id).await?.is_none()
            && is_free(context, opening, thread.id).await?
        {
            return Ok(Some(thread.id));
        }
    }
    Ok(None)
}

/// Discord may have refused the name that was written down.
fn is_neutral(name: &str, language: Language) -> bool {
    const COUNTER: char = '\u{1}';
    let pattern = say(
        Text::NeutralName {
            counter: COUNTER.to_string(),
        },
        language,
    );
    pattern.split_once(COUNTER).is_some_and(|(before, after)| {
        let counter = name
            .strip_prefix(before)
            .and_then(|rest| rest.strip_suffix(after));
        counter.is_some_and(|counter| {
            counter.len() == 4 && counter.bytes().all(|b| b.is_ascii_digit())
        })
    })
}

/// Two members can have the same name. A thread that is somebody else's says so by its beginning.
async fn is_free(context: &Context, opening: &Opening, thread: ChannelId) -> Result<bool, Error> {
    let first = first_own_message(context, thread).await?;
    Ok(first.is_none_or(|content| content == opening.starter))
}

async fn settle(context: &Context, mut opening: Opening) -> Result<&'static str, Failure> {
    if opening.thread.is_none() {
        opening.thread = find_created(context, &opening).await?;
        let Some(thread) = opening.thread else {
            context.store.abandon_opening(opening.interaction).await?;
            tell(context, &opening, Text::OpeningUndone {}).await;
            return Ok("undone: there was no thread yet");
        };
        context
            .store
            .opening_created(opening.interaction, thread)
            .await?;
    }
    let Some(thread) = opening.thread else {
        return Ok("nothing to do");
    };
    let outcome = match invite(context, &opening, thread).await {
        Ok(Started::Whole) => {
            tell(context, &opening, Text::TicketOpened { ticket: thread }).await;
            "finished"
        }
        Ok(Started::WithoutStaff) => {
            let text = Text::TicketOpenedWithoutStaff { ticket: thread };
            tell(context, &opening, text).await;
            "finished without staff"
        }
        Err(error) if error.is_gone() => {
            context.store.forget_channel(thread).await?;
            context.store.abandon_opening(opening.interaction).await?;
            tell(context, &opening, Text::OpeningUndone {}).await;
            "undone: the thread is gone"
        }
        Err(error) if error.is_forbidden() => {
            undo(context, &opening, thread).await?;
            tell(context, &opening, Text::OpeningUndone {}).await;
            "undone: nobody could be invited"
        }
        Err(error) => return Err(error.into()),
    };
    context.store.finish_opening(opening.interaction).await?;
    Ok(outcome)
}

/// Sends the starting message unless it is there.
async fn invite(context: &Context, opening: &Opening, thread: ChannelId) -> Result<Started, Error> {
    if opening.started || first_own_message(context, thread).await?.is_some() {
        return Ok(Started::Whole);
    }
    start(&context.discord, opening, thread).await
}

async fn first_own_message(context: &Context, thread: ChannelId) -> Result<Option<String>, Error> {
    let me = context.cache().me();
    let messages = context.discord.first_messages(thread).await?;
    Ok(messages
        .into_iter()
        .filter(|message| message.is_ordinary && Some(message.author) == me)
        .min_by_key(|message| message.id)
        .map(|message| message.content))
}

/// Tells the member, if Discord still takes an answer. In the server's language: the member's own
/// is not remembered.
async fn tell(context: &Context, opening: &Opening, text: Text) {
    if now().since(opening.begun_at) >= TOKEN_LIFETIME {
        return;
    }
    let language: Language = context.language(opening.guild);
    let told = context
        .discord
        .edit_answer(
            context.application.id,
            &opening.token,
            &Message::text(say(text, language)),
        )
        .await;
    match told {
        Err(error) if !is_too_late(&error) => {
            tracing::warn!(%error, "an interrupted opening could not be told");
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_neutral_name_is_known_in_each_language() {
        for language in Language::ALL {
            let named = |counter: &str| {
                let counter = counter.to_owned();
                say(Text::NeutralName { counter }, language)
            };
            assert!(is_neutral(&named("0042"), language));
            assert!(!is_neutral(&named("42"), language));
            assert!(!is_neutral("2026-03-09 Mia", language));
        }
    }
}
