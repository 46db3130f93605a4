//! Commands about the inboxes that a message offers.

use tickets::action::Action;
use tickets::decide::entries as decide;
use tickets::inbox::Inbox;
use tickets::request::{EntriesRequest, Invoker};

use super::effects::Serving;
use super::{inbox, settings};
use crate::app::{App, Failure};
use crate::reconcile::entries::{check_soon, show};

/// What to do for a member who edits which inboxes a message offers.
pub(super) async fn decide(
    app: &App,
    invoker: &Invoker,
    request: &EntriesRequest,
) -> Result<Vec<Action>, Failure> {
    let facts = settings::facts(app, invoker.guild).await?;
    Ok(match request {
        EntriesRequest::Edit { inbox } => decide::open(inbox, &facts),
        EntriesRequest::Choose {
            inbox,
            chosen,
            before,
        } => decide::choose(*inbox, chosen, before, &facts),
        EntriesRequest::Arrange { inbox, layout } => decide::arrange(*inbox, *layout, &facts),
    })
}

/// Shows the message that an inbox is on as it will be once `changed` is stored.
pub(super) async fn draw(serving: &Serving<'_>, changed: &Inbox) -> Result<(), Failure> {
    let (channel, message) = (changed.channel, changed.message);
    let language = serving.guild_language();
    let shown = show(serving.app, message, Some(changed), language, true).await;
    if let Err(Failure::Discord(error)) = &shown
        && error.is_ambiguous()
    {
        // The message may already show a change that failed to be stored.
        check_soon(serving.app, changed.guild, channel, message);
    }
    inbox::changed(serving, channel, message, shown).await
}
