//! Messages that offer several inboxes: `/inbox panel`, and keeping such a message up to date.
//!
//! The bot stores a fingerprint of the components that a message shows. A check compares it with what the
//! message should show, and changes the message if they differ. It runs after a change, after an inbox was
//! removed, and at a start.

use std::time::Duration;

use tickets::entries::offer;
use tickets::inbox::Inbox;
use tickets::setting::{ButtonEmoji, Emoji};
use tickets::{ChannelId, GuildId, InboxId, MessageId};
use tokio::time::Instant;
use twilight_model::channel::message::Component;

use super::{Check, Thing, Work};
use crate::app::{App, Failure};
use crate::discord::commands::fingerprint_of;
use crate::discord::render::entries::{self as render, drop_custom_emojis};
use crate::discord::{Error, ErrorKind, Message};
use crate::store::{Scope, StoreError};
use crate::translate::Language;

/// A menu is reset at most once in this time, for all members together.
const BETWEEN_RESETS: Duration = Duration::from_secs(5);

/// The setting with the fingerprint, of the inbox that the message belongs to. It is empty while a change is
/// being sent to Discord.
pub const DRAWN: &str = "entries-drawn";

/// Follows the fingerprint if the message does not show its custom emojis, because Discord refused them.
const WITHOUT_EMOJIS: char = '!';

/// Changes an inbox's message to what it should show, if it does not. `changed` is an inbox whose new values
/// are not stored yet; `always` changes the message in any case.
pub async fn show(
    app: &App,
    message: MessageId,
    changed: Option<&Inbox>,
    language: Language,
    always: bool,
) -> Result<(), Failure> {
    draw(app, message, changed, language, always, None)
        .await
        .map(drop)
}

/// Changes an inbox's message to this content, with the components that it should show. Returns whether
/// it had to leave out custom emojis.
pub async fn replace(
    app: &App,
    message: MessageId,
    content: Message,
    language: Language,
) -> Result<bool, Failure> {
    draw(app, message, None, language, true, Some(content)).await
}

async fn draw(
    app: &App,
    message: MessageId,
    changed: Option<&Inbox>,
    language: Language,
    always: bool,
    content: Option<Message>,
) -> Result<bool, Failure> {
    let _turn = app.entries.turn(message).await;
    let id = InboxId::of_message(message);
    let Some(stored) = app.store.inbox(id).await? else {
        return Ok(false);
    };
    let drawn = stored.settings.stored(DRAWN).map(str::to_owned);
    let host = changed.filter(|it| it.id == id).cloned().unwrap_or(stored);
    let mut components = components(app, &host, changed, language).await?;
    let print = fingerprint(&components);
    let without_emojis = without_emojis(&print);
    // Discord would refuse the emojis again, so only an admin's change tries them again.
    let is_known = drawn.as_ref() == Some(&without_emojis) && changed.is_none();
    let mut lacks_emojis = is_known && content.is_none();
    if lacks_emojis && !always {
        return Ok(true);
    }
    // A message without entries needs a fingerprint only until the change is stored: if the bot crashes
    // before, the next run draws it again.
    let is_remembered = !host.entries().is_empty() || changed.is_some();
    let mut wanted = is_remembered.then(|| print.clone());
    if lacks_emojis {
        drop_custom_emojis(&mut components, None);
        wanted = Some(without_emojis.clone());
    }
    let write = async |value: Option<String>| {
        let scope = Scope::Inbox(id);
        app.store.set_setting(scope, DRAWN, value).await
    };
    let is_drawn = drawn.as_deref() == Some(print.as_str());
    if !always && (is_drawn || drawn == wanted) {
        if drawn != wanted {
            write(wanted).await?;
        }
        return Ok(false);
    }
    let mut written = drawn.clone();
    if drawn != wanted && drawn.as_deref() != Some("") {
        written = Some(String::new());
        write(written.clone()).await?;
    }
    let mut message = Message {
        components: Some(components),
        ..content.unwrap_or_default()
    };
    let edit = async |message: &Message| {
        let (channel, id) = (host.channel, host.message);
        app.discord.edit_message(channel, id, message).await
    };
    let mut edited = edit(&message).await;
    if let Err(error) = &edited
        && error.kind() == ErrorKind::RefusedContent
    {
        let new = new_emoji(app, changed).await?;
        if leave_out_emojis(error, &mut message, new.as_ref()) {
            lacks_emojis = true;
            wanted = Some(without_emojis);
            edited = edit(&message).await;
        }
    }
    if let Err(error) = edited {
        // Discord has left the message unchanged.
        if error.kind() == ErrorKind::RefusedContent && drawn != written {
            write(drawn).await?;
        }
        return Err(error.into());
    }
    if lacks_emojis && !is_known {
        warn_of_emojis(host.message);
    }
    if written != wanted {
        write(wanted).await?;
    }
    Ok(lacks_emojis)
}

/// If Discord refuses a message because of its content, a custom emoji may have been deleted. Then this
/// removes the custom emojis, so that the message can be sent without them. `new` stays, because an admin
/// has just chosen it and should learn that Discord refuses it.
pub fn leave_out_emojis(refusal: &Error, message: &mut Message, new: Option<&Emoji>) -> bool {
    let rows = message.components.as_deref_mut().unwrap_or_default();
    refusal.kind() == ErrorKind::RefusedContent && drop_custom_emojis(rows, new)
}

/// Logs that an inbox's message lacks its custom emojis.
pub fn warn_of_emojis(message: MessageId) {
    tracing::warn!(
        inbox = message.0,
        "Discord refuses the emojis of an inbox's buttons; showing them without custom emojis"
    );
}

/// The custom emoji that an admin has just chosen.
async fn new_emoji(app: &App, changed: Option<&Inbox>) -> Result<Option<Emoji>, StoreError> {
    let Some(changed) = changed else {
        return Ok(None);
    };
    let stored = app.store.inbox(changed.id).await?;
    let stored = stored.and_then(|stored| stored.get(ButtonEmoji));
    Ok(changed
        .get(ButtonEmoji)
        .filter(|new| stored.as_ref() != Some(new)))
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

/// The fingerprint of a message that should show these components, but lacks their custom emojis.
pub fn print_without_emojis(components: &[Component]) -> String {
    without_emojis(&fingerprint(components))
}

fn without_emojis(print: &str) -> String {
    format!("{print}{WITHOUT_EMOJIS}")
}

/// Whether an inbox's message lacks its custom emojis, because Discord refused them.
pub fn lacks_emojis(inbox: &Inbox) -> bool {
    let drawn = inbox.settings.stored(DRAWN);
    drawn.is_some_and(|drawn| drawn.ends_with(WITHOUT_EMOJIS))
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
