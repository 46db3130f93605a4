//! What became of something while nobody watched. What is gone by Discord's own word is handled as
//! if its deletion had been seen; what Discord does not tell of is left as it is.

use tickets::action::Action;
use tickets::decide::catch_up::{self, Found, Owner};
use tickets::decide::opening;
use tickets::event::{Event, Thing};
use tickets::stored::{Departure, Ticket};
use tickets::template::mentions_placeholder;
use tickets::text::Text;
use tickets::{ChannelId, GuildId, UserId};

use super::{described, happened, known};
use crate::context::{Context, Failure};
use crate::discord::{Error, Sent, code};
use crate::translate::{Language, say};

pub(super) async fn actions(
    context: &Context,
    guild: GuildId,
    thing: Thing,
) -> Result<Vec<Action>, Failure> {
    let gone = match thing {
        Thing::Ticket(id) => return ticket(context, id).await,
        Thing::Abandoned(abandoned) => {
            let place = context.cache().place(guild, abandoned.parent);
            return Ok(opening::abandoned(abandoned, place));
        }
        Thing::Inbox { channel, message } => {
            let seen = context.discord.see_message(channel, message).await;
            if is_gone(&seen, code::UNKNOWN_CHANNEL) {
                Event::ChannelDeleted { channel }
            } else if is_gone(&seen, code::UNKNOWN_MESSAGE) {
                Event::MessagesDeleted {
                    messages: vec![message],
                }
            } else {
                return nothing_if(seen);
            }
        }
        Thing::Channel(channel) => {
            let seen = context.discord.see_channel(channel).await;
            if !is_gone(&seen, code::UNKNOWN_CHANNEL) {
                return nothing_if(seen);
            }
            Event::ChannelDeleted { channel }
        }
        Thing::Role(role) => {
            let seen = context.discord.see_role(guild, role).await;
            if !is_gone(&seen, code::UNKNOWN_ROLE) {
                return nothing_if(seen);
            }
            Event::RoleDeleted { guild, role }
        }
    };
    Box::pin(happened(context, &gone)).await
}

fn is_gone(seen: &Result<(), Error>, kind: u64) -> bool {
    seen.as_ref().is_err_and(|error| error.is_unknown(kind))
}

fn nothing_if(seen: Result<(), Error>) -> Result<Vec<Action>, Failure> {
    seen?;
    Ok(Vec::new())
}

async fn ticket(context: &Context, id: ChannelId) -> Result<Vec<Action>, Failure> {
    let Some(ticket) = context.store.ticket(id).await? else {
        return Ok(Vec::new());
    };
    if context.is_departing(id) {
        // That answer is not interrupted, only not given yet.
        return Ok(Vec::new());
    }
    match found(context, &ticket).await {
        Ok(found) => Ok(catch_up::ticket(&ticket, found)),
        Err(Failure::Discord(error)) if error.is_unknown(code::UNKNOWN_CHANNEL) => {
            Ok(catch_up::ticket(&ticket, Found::Gone))
        }
        Err(failure) => Err(failure),
    }
}

/// How a ticket is found. That its thread is gone is an error like others.
async fn found(context: &Context, ticket: &Ticket) -> Result<Found, Failure> {
    let active = known(context, ticket.guild, ticket.id).filter(|thread| !thread.archived);
    let thread = if let Some(thread) = active {
        thread
    } else {
        let thread = context.discord.thread(ticket.id).await?;
        described(context, ticket.guild, &thread)
    };
    let owner = match (ticket.departure, ticket.owner) {
        // What is being opened is watched.
        (Departure::Present, Some(_)) if context.store.is_opening(ticket.id).await? => {
            Owner::Unknown
        }
        (Departure::Present, Some(owner)) => present(context, ticket, owner).await?,
        (Departure::Done | Departure::Begun, Some(owner)) if !thread.archived => {
            if context.discord.is_in_thread(ticket.id, owner).await? {
                Owner::There
            } else {
                Owner::Gone
            }
        }
        _ => Owner::Unknown,
    };
    let noted = ticket.departure == Departure::Begun && is_noted(context, ticket).await?;
    Ok(Found::There {
        thread,
        owner,
        noted,
    })
}

/// Whether an owner who has not left, as far as we know, is still there. One who was never invited
/// cannot have left the thread, but they can have left the server.
async fn present(context: &Context, ticket: &Ticket, owner: UserId) -> Result<Owner, Failure> {
    if context.discord.is_in_thread(ticket.id, owner).await? {
        return Ok(Owner::There);
    }
    if was_invited(context, ticket, owner).await? {
        return Ok(Owner::Gone);
    }
    Ok(if context.discord.is_in_guild(ticket.guild, owner).await? {
        Owner::Unknown
    } else {
        Owner::Gone
    })
}

/// Whether the starting message mentions the owner. Where the bot may not read it, what the inbox
/// says today must do.
async fn was_invited(context: &Context, ticket: &Ticket, owner: UserId) -> Result<bool, Failure> {
    match context.discord.first_messages(ticket.id).await {
        Ok(messages) => {
            let mention = format!("<@{owner}>");
            let first = own(context, &messages).min_by_key(|message| message.id);
            Ok(first.is_some_and(|message| message.content.contains(&mention)))
        }
        Err(error) if error.is_forbidden() => {
            let inbox = match ticket.inbox {
                Some(inbox) => context.store.inbox(inbox).await?,
                None => None,
            };
            Ok(inbox.is_some_and(|inbox| {
                inbox.starter.is_empty() || mentions_placeholder(&inbox.starter, "author")
            }))
        }
        Err(error) => Err(error.into()),
    }
}

/// Whether the note about the owner's leaving was sent since they last came into the thread.
async fn is_noted(context: &Context, ticket: &Ticket) -> Result<bool, Failure> {
    let Some(owner) = ticket.owner else {
        return Ok(false);
    };
    let messages = match context.discord.last_messages(ticket.id).await {
        // Where the bot may not look, no note is better than a second one.
        Err(error) if error.is_forbidden() => return Ok(true),
        messages => messages?,
    };
    let since = messages
        .iter()
        .position(|message| message.arrived == Some(owner))
        .unwrap_or(messages.len());
    // The server's language may have changed meanwhile.
    let notes: Vec<_> = Language::ALL
        .into_iter()
        .flat_map(|language| {
            [Text::OwnerLeft { owner }, Text::OwnerLeftLocked { owner }]
                .map(|note| say(note, language))
        })
        .collect();
    Ok(own(context, &messages[..since]).any(|message| notes.contains(&message.content)))
}

fn own<'a>(context: &Context, messages: &'a [Sent]) -> impl Iterator<Item = &'a Sent> + use<'a> {
    let me = context.cache().me();
    messages
        .iter()
        .filter(move |message| message.is_ordinary && Some(message.author) == me)
}
