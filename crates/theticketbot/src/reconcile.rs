//! Checks: compare a ticket with its stored state, and reconcile the two.
//!
//! An event of the gateway is a hint to check something. So are a start, a lost session, restored access and
//! a failure. A [`Check`] runs in the queue of the thing that it checks: it observes (`observe`),
//! [`tickets::ticket::reconcile`] decides, and the effects are applied (`close`). The
//! [backlog](crate::app::backlog) has the checks that are due, now or later; `scan` finds what must be
//! checked.

mod buttons;
mod claim;
mod close;
mod due;
pub mod entries;
mod joining;
mod members;
mod notice;
mod observe;
mod reports;
mod scan;
mod stray;
mod waiting;

use std::sync::Arc;

use tickets::ticket::{Effect, Found, Hint, Phase, Presence, State, Ticket, reconcile};
use tickets::{ChannelId, GuildId, MessageId, UserId};

pub use crate::app::backlog::{Check, Thing, Work};
pub use buttons::check as check_buttons;
pub use claim::{end_all as end_claims, end_of_others as end_claim_of_others};
pub use due::{keeps_open, run as run_timer};
pub use joining::find_first;
pub use notice::{
    channel_of as notice_channel, move_away as move_notice, refresh as refresh_notice,
};
pub use observe::{cannot_lock, described, first_own_message, known, presence};
pub use reports::{check_soon as check_report_command, has_reports};
pub use scan::{finish_scans, run as run_backlog};
pub use stray::{plan_check, roll_back};
pub use waiting::{message_sent, read_newest, wait_for_staff};

use crate::app::queue::{Key, no_panic};
use crate::app::report::report;
use crate::app::{App, Failure};
use crate::discord::{ErrorKind, ThreadMember, code};

/// What an event says about the thing that is checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reported {
    Nothing,
    /// A thread's state and its channel.
    Thread {
        archived: bool,
        locked: bool,
        /// Whether Discord's own timer has archived the thread.
        is_idle: bool,
        parent: Option<ChannelId>,
    },
    /// Which members joined a thread, and which left it.
    Members {
        joined: Vec<ThreadMember>,
        left: Vec<UserId>,
    },
    /// The bot was removed from a thread.
    BotRemoved,
    /// The bot has sent the closing message for a member who closes the ticket.
    Noted(MessageId),
    /// A member reopened a ticket through the bot.
    Reopened {
        by: UserId,
    },
    /// The thing was deleted.
    Gone,
}

impl Reported {
    /// Who did it, if known.
    const fn by(&self) -> Option<UserId> {
        match self {
            Self::Reopened { by } => Some(*by),
            _ => None,
        }
    }

    /// The hint for the rule about a ticket of this owner; `None` if the event does not concern the ticket.
    fn hint(&self, owner: Option<UserId>) -> Option<Hint> {
        Some(match self {
            Self::Nothing | Self::Reopened { .. } => Hint::None,
            Self::Thread {
                archived,
                locked,
                is_idle,
                parent,
            } => Hint::Thread {
                archived: *archived,
                locked: *locked,
                is_idle: *is_idle,
                parent: *parent,
            },
            // One event can name members who join and members who leave.
            Self::Members { left, .. } if left.contains(&owner?) => Hint::OwnerRemoved,
            Self::Members { joined, .. } if is_among(joined, owner?) => Hint::OwnerJoined,
            Self::Members { .. } => return None,
            Self::BotRemoved => Hint::BotRemoved,
            Self::Noted(message) => Hint::Noted(*message),
            Self::Gone => Hint::Gone,
        })
    }
}

fn is_among(members: &[ThreadMember], user: UserId) -> bool {
    members.iter().any(|member| member.user == user)
}

/// Checks something in its queue, with what an event says. A check that fails is retried later.
pub fn check_soon(app: &Arc<App>, check: Check, reported: Reported) {
    let pushed = {
        let app = app.clone();
        app.clone().queues.push(check.key(), async move {
            if let Err(failure) = run(&app, check, reported).await {
                if failure.is_unexpected() {
                    report(&failure, "an event could not be handled");
                }
                app.backlog.retry(Work::Check(check));
            }
        })
    };
    if !pushed {
        tracing::warn!(guild = %check.guild, "too many events at once; checking again later");
        app.backlog.retry(Work::Check(check));
    }
}

/// Checks a ticket now. The caller runs in the queue of the ticket. A check that fails is retried later.
pub async fn check_now(app: &App, check: Check, reported: Reported) -> Result<(), Failure> {
    let done = run(app, check, reported).await;
    if done.is_err() {
        app.backlog.retry(Work::Check(check));
    }
    done
}

/// Runs a check in its queue, and waits for it.
async fn in_turn(app: &Arc<App>, check: Check) -> Result<(), Failure> {
    let worker = app.clone();
    let work = async move { run(&worker, check, Reported::Nothing).await };
    in_queue(app, check.key(), work).await
}

/// Runs work in this queue, and waits for it.
pub async fn in_queue(
    app: &App,
    key: Key,
    work: impl Future<Output = Result<(), Failure>> + Send + 'static,
) -> Result<(), Failure> {
    let (send, done) = tokio::sync::oneshot::channel();
    let pushed = app.queues.push(key, async move {
        // If the bot is stopping, the receiver is gone.
        let _ = send.send(no_panic(work).await);
    });
    if !pushed {
        return Err(Failure::Other("its queue is full".to_owned()));
    }
    // Without a result the bot is stopping.
    done.await.unwrap_or(Ok(()))
}

/// Observes, decides and applies. Repeats this if there was a gap in the meantime, because the observation
/// may be stale.
async fn run(app: &App, check: Check, mut reported: Reported) -> Result<(), Failure> {
    loop {
        let gaps = app.gaps();
        no_panic(once(app, check, &reported)).await?;
        if app.gaps() == gaps {
            return Ok(());
        }
        reported = Reported::Nothing;
    }
}

async fn once(app: &App, check: Check, reported: &Reported) -> Result<(), Failure> {
    let Check { guild, thing } = check;
    let discord = &app.discord;
    match thing {
        Thing::Thread(thread) => return self::thread(app, guild, thread, reported).await,
        Thing::Channel(channel) => {
            let gone = *reported == Reported::Gone || {
                let seen = discord.see_channel(channel).await;
                is_gone(seen, code::UNKNOWN_CHANNEL)?
            };
            if gone {
                forget_channel(app, channel).await?;
            }
        }
        Thing::Inbox { channel, message } => {
            let seen = discord.see_message(channel, message).await;
            self::message(app, guild, channel, message, seen).await?;
        }
        Thing::Entries { channel, message } | Thing::Menu { channel, message } => {
            let is_menu = matches!(thing, Thing::Menu { .. });
            match entries::check(app, guild, message, is_menu).await {
                Err(Failure::Discord(error)) if error.kind() == ErrorKind::RefusedContent => {
                    // Discord would refuse it again.
                    tracing::warn!(inbox = message.0, %error, "Discord refuses the buttons of an inbox");
                }
                Err(Failure::Discord(error)) => {
                    self::message(app, guild, channel, message, Err(error)).await?;
                }
                shown => shown?,
            }
        }
        Thing::Role(role) => {
            let gone = *reported == Reported::Gone || {
                let seen = discord.see_role(guild, role).await;
                is_gone(seen, code::UNKNOWN_ROLE)?
            };
            if gone {
                app.store.forget_role(guild, role).await?;
            }
        }
    }
    Ok(())
}

/// An inbox's message as Discord has it, or an error if there is none.
async fn message(
    app: &App,
    guild: GuildId,
    channel: ChannelId,
    message: MessageId,
    seen: Result<(), crate::discord::Error>,
) -> Result<(), Failure> {
    match seen {
        Err(error) if error.is_unknown(code::UNKNOWN_CHANNEL) => {
            forget_channel(app, channel).await?;
        }
        seen => {
            if is_gone(seen, code::UNKNOWN_MESSAGE)? {
                forget_messages(app, guild, &[message]).await?;
            }
        }
    }
    Ok(())
}

fn is_gone(seen: Result<(), crate::discord::Error>, kind: u64) -> Result<bool, Failure> {
    match seen {
        Ok(()) => Ok(false),
        Err(error) if error.is_unknown(kind) => Ok(true),
        Err(error) => Err(error.into()),
    }
}

async fn thread(
    app: &App,
    guild: GuildId,
    id: ChannelId,
    reported: &Reported,
) -> Result<(), Failure> {
    let done = ticket_or_stray(app, guild, id, reported).await;
    // Runs after a failure, too.
    notice::refresh(app, id).await?;
    done
}

async fn ticket_or_stray(
    app: &App,
    guild: GuildId,
    id: ChannelId,
    reported: &Reported,
) -> Result<(), Failure> {
    let Some(ticket) = app.store.ticket(id).await? else {
        return stray::check(app, guild, id, reported).await;
    };
    app.check_known(guild)?;
    claim::check(app, &ticket, reported).await?;
    joining::check(app, &ticket, reported).await?;
    let Some(hint) = reported.hint(ticket.owner) else {
        return Ok(());
    };
    let observed = observe::ticket(app, &ticket, hint).await?;
    let effect = reconcile(&ticket, &observed);
    let is_open = matches!(observed.found, Found::There(thread) if !thread.archived)
        && match &effect {
            None => ticket.state.phase == Phase::Open,
            Some(Effect::Store(state)) => state.phase == Phase::Open,
            Some(Effect::Forget | Effect::Close(_)) => false,
        };
    let mut is_reopened = false;
    match effect {
        None => {}
        Some(Effect::Forget) => {
            app.store.forget_channel(id).await?;
            close::log_deleted(&ticket);
        }
        Some(Effect::Store(state)) => {
            let own = observed.unrecorded;
            is_reopened = ticket.is_closed() && state.phase == Phase::Open;
            if is_reopened {
                let now = app.now();
                let stored = app.store.reopen_ticket(id, state.presence, own, now);
                stored.await?;
            } else {
                if !set_state(app, &ticket, state, own).await? {
                    return Ok(());
                }
                close::log(app, &ticket, state.phase);
                if state.presence == Presence::Present && state.presence != ticket.state.presence {
                    due::owner_came(app, &ticket).await?;
                }
            }
        }
        Some(Effect::Close(closing)) => close::close(app, &ticket, closing).await?,
    }
    // A thread's event says nothing about messages, but an archived thread becomes active if somebody writes
    // in it.
    let may_be_written_in = match reported {
        Reported::Nothing | Reported::Reopened { .. } => true,
        Reported::Thread { archived, .. } => !archived && app.watched.came_back(guild, id),
        _ => false,
    };
    let followed = async {
        if is_reopened {
            buttons::restore(app, &ticket).await?;
        }
        if !is_open || !may_be_written_in {
            return Ok(None);
        }
        let writer = waiting::check(app, &ticket).await?;
        buttons::check(app, &ticket).await?;
        Ok(writer)
    };
    let followed = followed.await;
    if is_reopened {
        // After a gap, the newest message may not be the one that reopened the thread.
        let writer = match (reported, &followed) {
            (Reported::Thread { .. }, Ok(writer)) => *writer,
            _ => None,
        };
        close::log_reopened(&ticket, reported.by().or(writer));
    }
    followed.map(drop)
}

/// Stores a ticket's new state. Returns false if somebody else has begun to close the ticket since it was
/// read, for example because it was transferred: then it is checked again.
async fn set_state(
    app: &App,
    read: &Ticket,
    state: State,
    own: Option<MessageId>,
) -> Result<bool, Failure> {
    let was = read.state.phase;
    let is_set = app.store.set_ticket(read.id, was, state, own).await?;
    if !is_set {
        let check = Check::thread(read.guild, read.id);
        app.backlog.request(Work::Check(check));
    }
    Ok(is_set)
}

/// Deletes the rows of a channel and of everything in it.
async fn forget_channel(app: &App, channel: ChannelId) -> Result<(), Failure> {
    if let Some(guild) = app.store.forget_channel(channel).await? {
        // Discord sends no events for its archived threads, some of which are open tickets.
        app.backlog.request(Work::ScanChannel(guild, channel));
        app.backlog.request(Work::Closed(guild));
        reports::check_soon(app, guild);
        entries::check_all(app, guild).await?;
    }
    Ok(())
}

/// Deletes the rows of deleted messages. The tickets of a deleted inbox are still served, and it disappears
/// from the messages of other inboxes.
pub async fn forget_messages(
    app: &App,
    guild: GuildId,
    messages: &[MessageId],
) -> Result<(), Failure> {
    let removed = app.store.forget_messages(messages).await?;
    for inbox in &removed {
        tracing::info!(%inbox, "inbox removed, because its message is gone");
    }
    if removed.is_empty() {
        return Ok(());
    }
    reports::check_soon(app, guild);
    Ok(entries::check_all(app, guild).await?)
}
