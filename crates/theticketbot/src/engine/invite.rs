//! Messages whose mentions bring staff into a ticket.

use tickets::opening::Attempt;
use tickets::{ChannelId, InboxId, Mention};

use super::once;
use crate::app::App;
use crate::discord::render::allowed_mentions;
use crate::discord::{Error, Message, Sent};

/// Sends the announcement of a transfer, which mentions these members and roles. A role can be so large that
/// Discord fails: then the message is sent once more, and mentions only the members.
pub(super) async fn send(
    app: &App,
    wanted: &once::Wanted,
    mut message: Message,
    mentions: &[Mention],
) -> Result<Sent, Error> {
    let members: Vec<_> = mentions.iter().copied().filter(is_member).collect();
    let thread = wanted.thread;
    if members.len() < mentions.len() {
        let error = match app.discord.try_to_send(thread, &message).await {
            Ok(sent) => return Ok(sent),
            Err(error) => error,
        };
        if error.is_ambiguous()
            && let Some(sent) = once::search(app, wanted).await?
        {
            return Ok(sent);
        }
        if !error.is_internal() {
            return Err(error);
        }
        tracing::warn!(%thread, %error, "a message could not be sent; trying without its roles");
        // Without another nonce, Discord could take it for the same message.
        let nonce = message.nonce.take().unwrap_or_default();
        message = message.once(nonce + Attempt::WithoutRoles.suffix());
        message.allowed_mentions = allowed_mentions(&members);
    }
    once::send(app, wanted, &message).await
}

fn is_member(who: &Mention) -> bool {
    matches!(who, Mention::User(_))
}

/// Whether a message does not mention all of its roles: a role can be unmentionable or too large.
pub(super) fn left_out(
    ticket: ChannelId,
    inbox: InboxId,
    mentions: &[Mention],
    sent: &Sent,
) -> bool {
    let missing: Vec<_> = mentions
        .iter()
        .filter(|who| matches!(who, Mention::Role(role) if !sent.roles.contains(role)))
        .map(Mention::to_string)
        .collect();
    let left_out = sent.left_roles_out || !missing.is_empty();
    if left_out {
        tracing::warn!(
            %ticket,
            %inbox,
            roles = missing.join(" "),
            "not every role could be mentioned in a ticket; /inbox staff says what to do"
        );
    }
    left_out
}
