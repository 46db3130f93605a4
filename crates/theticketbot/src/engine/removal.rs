//! Removing inboxes, and posting them again: facts and effects.

use tickets::action::Action;
use tickets::decide::removal as decide;
use tickets::entries::HOME;
use tickets::inbox::Inbox;
use tickets::request::{Invoker, RemovalRequest};
use tickets::text::{MessageLink, Text, plain};
use tickets::{ChannelId, GuildId, InboxId, MessageId};

use super::effects::Serving;
use super::facts::place;
use super::{inbox, inboxes, settings};
use crate::app::{App, Failure};
use crate::discord::Message;
use crate::discord::render::inboxes::remove_button;
use crate::reconcile::entries::{self, DRAWN};
use crate::reconcile::{check_report_command, forget_messages};
use crate::translate::say;

/// Decides for a member who wants to remove an inbox, or to restore a removed one.
pub(super) async fn decide(
    app: &App,
    invoker: &Invoker,
    request: &RemovalRequest,
) -> Result<Vec<Action>, Failure> {
    let guild = invoker.guild;
    Ok(match request {
        RemovalRequest::Remove { inbox } => {
            let (facts, open) = tokio::try_join!(settings::facts(app, guild), async {
                Ok(app.store.open_tickets(guild).await?)
            })?;
            decide::ask(inbox, &facts, &open)
        }
        RemovalRequest::Confirm { inbox } => {
            decide::remove(*inbox, &settings::facts(app, guild).await?)
        }
        RemovalRequest::PostAgain { inbox } => match removed(app, invoker, *inbox).await? {
            None => vec![Action::Say(Text::InboxGone {})],
            Some(removed) => {
                let there = |id: ChannelId| {
                    let known = app.cache().guild(guild);
                    known.is_none_or(|known| known.has_channel(id))
                };
                let channel = Some(removed.channel).filter(|id| there(*id));
                let destination = removed.destination.filter(|id| there(*id));
                let known = settings::facts(app, guild).await?.inboxes;
                let names: Vec<_> = known.into_iter().map(|it| it.name).collect();
                decide::post_again(
                    &removed,
                    channel.map(|id| place(app, guild, id)),
                    destination.map(|id| place(app, guild, id)),
                    &names,
                    invoker.at,
                )
            }
        },
        RemovalRequest::Forget { inbox } => {
            let list = inboxes::decide(app, invoker, 0, Some(*inbox)).await?;
            let forget = Action::ForgetInbox(*inbox);
            std::iter::once(forget).chain(list).collect()
        }
    })
}

/// A removed inbox of the invoker's server. The id comes from a client, so it may be another server's.
pub(super) async fn removed(
    app: &App,
    invoker: &Invoker,
    id: InboxId,
) -> Result<Option<Inbox>, Failure> {
    let removed = app.store.removed_inbox(id).await?;
    let inbox = removed.map(|it| it.inbox);
    Ok(inbox.filter(|it| it.guild == invoker.guild))
}

/// A removed inbox as it will be on this message.
pub(super) fn again(
    removed: Inbox,
    link: MessageLink,
    destination: Option<ChannelId>,
    name: Option<&str>,
) -> Inbox {
    let settings = removed.settings.clone();
    let again = Inbox {
        id: InboxId::of_message(link.message),
        guild: link.guild,
        channel: link.channel,
        message: link.message,
        destination,
        // The inbox now has its own message, which has not been drawn yet.
        settings: settings.with_stored(HOME, None).with_stored(DRAWN, None),
        ..removed
    };
    again.named(name)
}

/// Checks everything that refers to a removed inbox that is posted again.
pub(super) async fn check_restored(app: &App, guild: GuildId) -> Result<(), Failure> {
    check_report_command(app, guild);
    Ok(entries::check_all(app, guild).await?)
}

/// Asks whether to remove an inbox.
pub(super) async fn ask(serving: &Serving<'_>, inbox: InboxId, text: Text) -> Result<(), Failure> {
    serving.opens(inbox);
    let reader = serving.response.language();
    let message = Message {
        components: Some(vec![remove_button(inbox, reader)]),
        ..Message::text(say(text, reader))
    };
    Ok(serving.response.send(message).await?)
}

/// Deletes an inbox's message, and with it the inbox.
pub(super) async fn remove(
    serving: &Serving<'_>,
    removed: &Inbox,
    name: &str,
) -> Result<(), Failure> {
    let (app, invoker) = (serving.app, serving.invoker);
    if removed.home().is_none() {
        let deleted = app.discord.delete_message(removed.channel, removed.message);
        match deleted.await {
            Err(error) if error.is_gone() => {}
            deleted => deleted.map_err(|error| inbox::refused(error, removed.channel))?,
        }
    }
    // An inbox without its own message has a row whose message id is the inbox's id.
    forget_messages(app, invoker.guild, &[MessageId(removed.id.0)]).await?;
    tracing::info!(inbox = %removed.id, by = %invoker.user, "inbox removed");
    let name = plain(name);
    let text = say(Text::InboxRemoved { name }, serving.response.language());
    let message = Message {
        components: Some(Vec::new()),
        ..Message::text(text)
    };
    Ok(serving.response.update(message).await?)
}

/// Forgets a removed inbox.
pub(super) async fn forget(serving: &Serving<'_>, id: InboxId) -> Result<(), Failure> {
    let guild = serving.invoker.guild;
    serving.app.store.forget_removed_inbox(guild, id).await?;
    tracing::info!(inbox = %id, by = %serving.invoker.user, "removed inbox forgotten");
    Ok(())
}
