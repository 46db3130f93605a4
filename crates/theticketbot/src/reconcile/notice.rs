//! Tickets' notices: the bot posts each once, and edits it until it is up to date. Its contents follow from
//! the stored state, so a restart or a missed event needs no special code.

use tickets::inbox::Inbox;
use tickets::notice::{Notice, Standing, Step, next};
use tickets::permission::FOR_MESSAGE;
use tickets::setting::{NoticePing, Notices};
use tickets::text::{Text, plain};
use tickets::{ChannelId, GuildId, Mention, MessageId, Timestamp};
use tokio::time::Instant;

use super::Work;
use crate::app::staff::inbox_of;
use crate::app::{App, Failure};
use crate::discord::render::notice::{Shown, notice_message};
use crate::discord::{Error, Message, Sent, code};
use crate::store::StoreError;
use crate::translate::say;

/// Compares a ticket's notice with what it should show, now or soon, and requests an edit if they differ.
pub async fn refresh(app: &App, ticket: ChannelId) -> Result<(), StoreError> {
    let Some(notice) = app.store.notice(ticket).await? else {
        return Ok(());
    };
    let work = Work::Notices(notice.guild, notice.channel);
    let now = app.now();
    if notice.step(now).is_some() {
        app.backlog.request(work);
    } else if let Some(at) = notice.settles_at(now) {
        app.backlog.plan(work, instant(at, now));
    }
    Ok(())
}

/// Requests a check of every notice that may have to change, because an earlier run may have planned the
/// change. The scan of a server that Discord sends later does the same.
pub(super) async fn request_all(app: &App) -> Result<(), StoreError> {
    let mut channels = app.store.notice_channels(None).await?;
    {
        let cache = app.cache();
        channels.retain(|(guild, _)| cache.knows(*guild));
    }
    for (guild, channel) in channels {
        app.backlog.request(Work::Notices(guild, channel));
    }
    Ok(())
}

/// Where an inbox's notices can be posted.
pub fn channel_of(app: &App, inbox: &Inbox) -> Option<ChannelId> {
    let channel = inbox.get(Notices)?;
    let place = app.cache().place(inbox.guild, channel)?;
    place.missing(&FOR_MESSAGE).is_none().then_some(channel)
}

/// Edits the notice of a ticket that was transferred to an inbox whose notices are in another channel. If
/// that fails, the ticket is transferred all the same.
pub async fn move_away(app: &App, notice: &Notice, inbox: &str) -> Result<(), Failure> {
    let Some(id) = notice.message else {
        return Ok(());
    };
    let mut shown = message(app, notice, app.now(), false).await?;
    let inbox = inbox.to_owned();
    let moved = say(Text::NoticeMoved { inbox }, app.language(notice.guild));
    let first = shown.content.as_deref().and_then(|it| it.lines().next());
    shown.content = Some([first.unwrap_or_default(), &moved].join("\n"));
    shown.components = Some(Vec::new());
    let edited = app.discord.edit_message(notice.channel, id, &shown).await;
    if let Err(error) = edited {
        tracing::warn!(ticket = %notice.ticket, %error, "a notice could not be changed");
    }
    Ok(())
}

/// Posts the missing notices of a channel, and edits one notice. The next edit is planned for later.
pub(super) async fn check(app: &App, guild: GuildId, channel: ChannelId) -> Result<(), Failure> {
    app.check_known(guild)?;
    loop {
        let all = app.store.unfinished_notices(channel).await?;
        let now = app.now();
        let Some((notice, step)) = next(&all, now) else {
            let settle = all.iter().filter_map(|notice| notice.settles_at(now));
            if let Some(at) = settle.min() {
                app.backlog
                    .plan(Work::Notices(guild, channel), instant(at, now));
            }
            return Ok(());
        };
        match step {
            Step::Forget => app.store.forget_notice(notice.ticket).await?,
            Step::Post => post(app, notice, now).await?,
            Step::End | Step::Claim | Step::Change => {
                if let Some(at) = app.notices.must_wait(channel) {
                    app.backlog.plan(Work::Notices(guild, channel), at);
                    return Ok(());
                }
                if !change(app, notice, now).await? {
                    return Ok(());
                }
            }
        }
    }
}

async fn post(app: &App, notice: &Notice, now: Timestamp) -> Result<(), Failure> {
    let ticket = notice.ticket;
    let is_new = app.notices.take_unsent(ticket);
    if !is_new && let Some(sent) = find_posted(app, notice).await? {
        // What the found notice shows is unknown, so it is edited next.
        return record(app, notice, sent, String::new()).await;
    }
    let message = message(app, notice, now, true).await?;
    // After a transfer, another channel gets the notice of the same ticket. A nonce has at most 25 characters.
    let message = message.once(format!("n{ticket}-{}", notice.channel.0 % 1000));
    match app.discord.send(notice.channel, &message).await {
        Ok(sent) => {
            // An earlier run may have sent the notice.
            let shown = if is_new {
                notice.key(now)
            } else {
                String::new()
            };
            tracing::info!(%ticket, channel = %notice.channel, "notice posted");
            record(app, notice, sent.id, shown).await
        }
        Err(error) => failed(app, notice, error).await,
    }
}

/// Stores that this message is the notice and what it shows. If the ticket was transferred during the call, the
/// message says so, because the notice is in another channel now.
async fn record(
    app: &App,
    notice: &Notice,
    message: MessageId,
    shown: String,
) -> Result<(), Failure> {
    let (ticket, channel) = (notice.ticket, notice.channel);
    let recorded = app.store.set_notice(ticket, channel, message, shown);
    if recorded.await? {
        return Ok(());
    }
    let Some(now) = app.store.notice(ticket).await? else {
        return Ok(());
    };
    let inbox = inbox_of(app, now.inbox).await?;
    let left_behind = Notice {
        message: Some(message),
        ..notice.clone()
    };
    move_away(
        app,
        &left_behind,
        &inbox.as_ref().map(name).unwrap_or_default(),
    )
    .await
}

/// The notice that an earlier run sent, if the bot can read the channel.
async fn find_posted(app: &App, notice: &Notice) -> Result<Option<MessageId>, Failure> {
    let me = app.cache().me();
    let messages = app
        .discord
        .messages_after(notice.channel, notice.ticket.0)
        .await;
    let messages = match messages {
        Err(error) if error.is_forbidden() || error.is_gone() => return Ok(None),
        messages => messages?,
    };
    let is_it = |sent: &&Sent| Some(sent.author) == me && sent.joins == Some(notice.ticket);
    Ok(messages.iter().find(is_it).map(|sent| sent.id))
}

/// Edits the notice to the newest state. Returns false if that is not possible now.
async fn change(app: &App, notice: &Notice, now: Timestamp) -> Result<bool, Failure> {
    let Some(id) = notice.message else {
        return Ok(false);
    };
    let mut message = message(app, notice, now, false).await?;
    if notice.standing == Standing::Deleted {
        // Only the notice itself says who the owner was and where the ticket is.
        match app.discord.message(notice.channel, id).await {
            Ok(known) => {
                let first = known.content.lines().next().unwrap_or_default();
                let last = message.content.unwrap_or_default();
                message.content = Some([first, &last].join("\n"));
            }
            Err(error) => return failed(app, notice, error).await.map(|()| true),
        }
    }
    match app.discord.edit_message(notice.channel, id, &message).await {
        Ok(()) => {}
        // The notice stays as it is, but the closing reason must not be kept for it.
        Err(error) if error.is_forbidden() => {
            tracing::warn!(ticket = %notice.ticket, %error, "a notice could not be changed");
            if notice.standing == Standing::Open {
                return Ok(false);
            }
        }
        Err(error) => return failed(app, notice, error).await.map(|()| true),
    }
    if notice.standing == Standing::Deleted {
        app.store.forget_notice(notice.ticket).await?;
    } else {
        record(app, notice, id, notice.key(now)).await?;
    }
    Ok(true)
}

/// A transient failure is retried later; otherwise the ticket continues without a notice.
async fn failed(app: &App, notice: &Notice, error: Error) -> Result<(), Failure> {
    if error.is_transient() {
        return Err(error.into());
    }
    let (ticket, channel) = (notice.ticket, notice.channel);
    let now = app.store.notice(ticket).await?;
    if now.is_none_or(|now| now.channel != channel) {
        // The ticket was transferred during the call.
        return Ok(());
    }
    if error.is_unknown(code::UNKNOWN_CHANNEL) {
        tracing::warn!(
            %channel,
            "the channel for notices was deleted; its tickets continue without notices"
        );
        app.store.forget_notices_in(channel).await?;
    } else if error.is_unknown(code::UNKNOWN_MESSAGE) {
        tracing::info!(%ticket, "a notice was deleted");
        app.store.forget_notice(ticket).await?;
    } else {
        tracing::warn!(
            %ticket, %channel, %error,
            "a notice could not be posted or changed; the ticket continues without one"
        );
        app.store.forget_notice(ticket).await?;
    }
    Ok(())
}

/// The contents of a notice. Only a new one mentions anybody.
async fn message(
    app: &App,
    notice: &Notice,
    now: Timestamp,
    is_new: bool,
) -> Result<Message, Failure> {
    let inbox = inbox_of(app, notice.inbox).await?;
    let is_open = notice.standing == Standing::Open;
    let pings = inbox
        .as_ref()
        .is_some_and(|inbox| is_open && inbox.get(NoticePing));
    let staff: Vec<Mention> = match &inbox {
        Some(inbox) if pings => inbox.staff.clone(),
        _ => Vec::new(),
    };
    let shown = Shown {
        lines: notice.lines(inbox.as_ref().map(name), now),
        ticket: notice.can_be_joined().then_some(notice.ticket),
        staff: &staff,
        is_new,
    };
    Ok(notice_message(&shown, app.language(notice.guild)))
}

/// The instant at which Discord's clock will show this time.
fn instant(at: Timestamp, now: Timestamp) -> Instant {
    Instant::now() + at.duration_since(now)
}

/// An inbox without a name of its own is called by its channel.
fn name(inbox: &Inbox) -> String {
    inbox
        .own_name()
        .map_or_else(|| format!("<#{}>", inbox.channel), plain)
}
