//! Messages that offer several inboxes: `/inbox panel`, and keeping such a message up to date.
//!
//! The bot stores a fingerprint of the components that a message shows. A check compares it with what the
//! message should show, and changes the message if they differ. It runs after a change, after an inbox was
//! removed, and at a start.

use std::time::Duration;

use tickets::entries::offer;
use tickets::inbox::Inbox;
use tickets::{ChannelId, GuildId, InboxId, MessageId};
use tokio::time::Instant;
use twilight_model::channel::message::Component;

use super::{Check, Thing, Work};
use crate::app::{App, Failure};
use crate::discord::commands::fingerprint_of;
use crate::discord::render::entries as render;
use crate::discord::{ErrorKind, Message};
use crate::store::{Scope, StoreError};
use crate::translate::Language;

/// A menu is reset at most once in this time, for all members together.
const BETWEEN_RESETS: Duration = Duration::from_secs(5);

/// The setting with the fingerprint, of the inbox that the message belongs to. It is empty while a change is
/// being sent to Discord.
pub const DRAWN: &str = "entries-drawn";

/// Changes an inbox's message to what it should show, if it does not. `changed` is an inbox whose new values
/// are not stored yet; `always` changes the message in any case.
pub async fn show(
    app: &App,
    message: MessageId,
    changed: Option<&Inbox>,
    language: Language,
    always: bool,
) -> Result<(), Failure> {
    let _turn = app.entries.turn(message).await;
    let id = InboxId::of_message(message);
    let Some(stored) = app.store.inbox(id).await? else {
        return Ok(());
    };
    let drawn = stored.settings.stored(DRAWN).map(str::to_owned);
    let host = changed.filter(|it| it.id == id).cloned().unwrap_or(stored);
    let components = components(app, &host, changed, language).await?;
    let print = fingerprint(&components);
    // A message without entries needs a fingerprint only until the change is stored: if the bot crashes
    // before, the next run draws it again.
    let is_remembered = !host.entries().is_empty() || changed.is_some();
    let wanted = is_remembered.then(|| print.clone());
    let write = async |value: Option<String>| {
        let scope = Scope::Inbox(id);
        app.store.set_setting(scope, DRAWN, value).await
    };
    let is_drawn = drawn.as_deref() == Some(print.as_str());
    if !always && (is_drawn || drawn == wanted) {
        if drawn != wanted {
            write(wanted).await?;
        }
        return Ok(());
    }
    if drawn != wanted && drawn.as_deref() != Some("") {
        write(Some(String::new())).await?;
    }
    let message = Message {
        components: Some(components),
        ..Message::default()
    };
    let edited = app
        .discord
        .edit_message(host.channel, host.message, &message)
        .await;
    if let Err(error) = edited {
        // Discord has left the message unchanged.
        if error.kind() == ErrorKind::RefusedContent && drawn != wanted {
            write(drawn).await?;
        }
        return Err(error.into());
    }
    if drawn != wanted {
        write(wanted).await?;
    }
    Ok(())
}

/// The components below the text of an inbox's message.
pub async fn components(
    app: &App,
    host: &Inbox,
    changed: Option<&Inbox>,
    language: Language,
) -> Result<Vec<Component>, Failure> {
    let mut all = if host.entries().is_empty() {
        Vec::new()
    } else {
        app.store.inboxes_in(host.guild).await?
    };
    if let Some(changed) = changed
        && let Some(stored) = all.iter_mut().find(|it| it.id == changed.id)
    {
        stored.clone_from(changed);
    }
    Ok(render::components(&offer(host, &all), language))
}

fn fingerprint(components: &[Component]) -> String {
    fingerprint_of(&serde_json::to_value(components).unwrap_or_default())
}

/// Whether an inbox's message offers other inboxes, or did so before.
pub fn has_entries(inbox: &Inbox) -> bool {
    !inbox.entries().is_empty() || inbox.settings.stored(DRAWN).is_some()
}

/// Checks an inbox's message, as part of [`crate::reconcile`]. `always` also resets its menu.
pub async fn check(
    app: &App,
    guild: GuildId,
    message: MessageId,
    always: bool,
) -> Result<(), Failure> {
    if always {
        let now = Instant::now();
        let mut resets = app.entries.resets();
        resets.retain(|_, at| *at + BETWEEN_RESETS > now);
        resets.insert(message, now);
    }
    show(app, message, None, app.language(guild), always).await
}

/// Checks every message that may show an inbox that has changed or gone.
pub async fn check_all(app: &App, guild: GuildId) -> Result<(), StoreError> {
    for inbox in app.store.inboxes_in(guild).await? {
        if has_entries(&inbox) {
            check_soon(app, guild, inbox.channel, inbox.message);
        }
    }
    Ok(())
}

/// Checks an inbox's message in its queue. A check that fails is retried.
pub fn check_soon(app: &App, guild: GuildId, channel: ChannelId, message: MessageId) {
    let thing = Thing::Entries { channel, message };
    app.backlog.request(Work::Check(Check { guild, thing }));
}

/// Resets a menu. In the member's client, a menu keeps its choice, and the same choice cannot be made again,
/// until the message is edited, even without a change. The first response cannot be that edit: the bot edits
/// its first response to give the link, and that would be the public message.
pub fn reset(app: &App, guild: GuildId, channel: ChannelId, message: MessageId) {
    let now = Instant::now();
    let last = app.entries.resets().get(&message).copied();
    let at = last.map_or(now, |last| now.max(last + BETWEEN_RESETS));
    let thing = Thing::Menu { channel, message };
    app.backlog.plan(Work::Check(Check { guild, thing }), at);
}
