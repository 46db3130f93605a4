//! Where events come in. A request goes into the queue of its member. Any other event is a hint to check
//! something, and goes into the queue of that thing. Nothing here waits.

use std::sync::Arc;

use tickets::request::{HostCommand, HostRequest};
use tickets::{ChannelId, GuildId, MessageId, UserId};

use super::opening;
use super::requests;
use crate::app::App;
use crate::app::queue::Key;
use crate::discord::events::{Incoming, Left, Thread};
use crate::discord::{interactions, wire};
use crate::reconcile::{
    Check, Reported, Thing, Work, check_soon, end_claims, forget_messages, message_sent,
};

/// Handles an event that the cache has already processed. `is_late` means that the event happened while there
/// was no connection.
pub fn dispatch(app: &Arc<App>, incoming: Incoming, is_late: bool) {
    let Some(me) = app.cache().me() else {
        return;
    };
    match incoming {
        // Discord can send an interaction twice.
        Incoming::Interaction(wire) if !app.seen.is_new(wire.id.0) => {
            tracing::debug!(id = wire.id.0, "an interaction came again");
        }
        Incoming::Interaction(wire) => {
            requests::serve(app, interactions::translate(*wire, me), is_late);
        }
        Incoming::Message(message) => {
            if let Some(request) = host_request(&message, me) {
                requests::serve_host(app, request);
            }
            message_sent(app, &message);
        }
        Incoming::ThreadCreated(thread) => {
            if thread.creator == Some(me)
                && let Some(parent) = thread.parent
            {
                opening::thread_created(app, thread.guild, thread.id, parent, &thread.name);
            }
            changed(app, &thread);
        }
        Incoming::ThreadChanged(thread) => changed(app, &thread),
        Incoming::ThreadMembers {
            guild,
            thread,
            joined,
            left,
        } => {
            app.joining.joined(thread, &joined, me);
            let reported = if left.contains(&me) {
                Reported::BotRemoved
            } else {
                Reported::Members { joined, left }
            };
            check_soon(app, Check::thread(guild, thread), reported);
        }
        Incoming::Member { guild, user, .. } => app.members.forget(&(guild, user)),
        Incoming::MemberLeft(Left { guild, user }) if user != me => {
            app.members.forget(&(guild, user));
            left_server(app, guild, user);
        }
        Incoming::ThreadDeleted { guild, thread } => {
            check_soon(app, Check::thread(guild, thread), Reported::Gone);
        }
        // The channel may have been renamed.
        Incoming::Channel { guild, .. } => app.channel_names.forget(&guild),
        Incoming::ChannelDeleted { guild, channel } => {
            let thing = Thing::Channel(channel);
            check_soon(app, Check { guild, thing }, Reported::Gone);
        }
        Incoming::RoleDeleted { guild, role } => {
            let thing = Thing::Role(role);
            check_soon(app, Check { guild, thing }, Reported::Gone);
        }
        Incoming::MessagesDeleted {
            guild,
            channel,
            messages,
        } => messages_deleted(app, guild, channel, messages),
        _ => {}
    }
}

/// A message that begins with a mention of the bot and a known word. Other bots are ignored.
fn host_request(message: &wire::Message, me: UserId) -> Option<HostRequest> {
    // Most messages end here.
    let content = message.content.trim_start();
    let author = message.author.as_ref().filter(|author| !author.bot)?;
    if !content.starts_with("<@") {
        return None;
    }
    let words = [format!("<@{me}>"), format!("<@!{me}>")]
        .iter()
        .find_map(|mention| content.strip_prefix(mention.as_str()))?;
    Some(HostRequest {
        guild: message.guild_id?.into(),
        channel: message.channel_id.into(),
        message: message.id.into(),
        author: author.id.into(),
        command: HostCommand::parse(words)?,
    })
}

fn changed(app: &Arc<App>, thread: &Thread) {
    let reported = Reported::Thread {
        archived: thread.archived,
        locked: thread.locked,
        is_idle: thread.is_idle,
        parent: thread.parent,
    };
    check_soon(app, Check::thread(thread.guild, thread.id), reported);
}

/// Checks each ticket of the member who left, and ends their claims.
fn left_server(app: &Arc<App>, guild: GuildId, user: UserId) {
    app.openings.note_left(guild, user);
    let worker = app.clone();
    let pushed = app.queues.push(Key::Member(guild, user), async move {
        let left = async {
            let tickets = worker.store.tickets_of(guild, user).await?;
            for ticket in tickets.into_iter().filter(|ticket| !ticket.is_closed()) {
                check_soon(&worker, Check::thread(guild, ticket.id), Reported::Nothing);
            }
            end_claims(&worker, guild, user).await
        };
        if let Err(error) = left.await {
            tracing::warn!(%user, %error, "cannot handle that a member left; scanning their server");
            worker.backlog.retry(Work::Scan(guild));
        }
    });
    if !pushed {
        app.backlog.retry(Work::Scan(guild));
    }
}

/// Handles deleted messages in the queue of their channel, as the checks of its inboxes are.
fn messages_deleted(app: &Arc<App>, guild: GuildId, channel: ChannelId, messages: Vec<MessageId>) {
    let worker = app.clone();
    let pushed = app.queues.push(Key::Channel(channel), async move {
        if let Err(failure) = forget_messages(&worker, guild, &messages).await {
            crate::app::report::report(&failure, "deleted messages could not be handled");
            worker.backlog.retry(Work::Scan(guild));
        }
    });
    if !pushed {
        app.backlog.retry(Work::Scan(guild));
    }
}

/// Scans a server that was described, or some of whose channels can be viewed again; drops the work of one
/// that is gone.
pub fn note_access(app: &Arc<App>, incoming: &Incoming) {
    match incoming {
        Incoming::Guild(guild) => {
            app.note_gap();
            let guild = guild.id.into();
            app.alarm.note_described(guild, app.now());
            app.openings.nudge(guild);
            app.backlog.nudge(guild);
            app.backlog.request(Work::Scan(guild));
        }
        // When the server comes back, Discord describes it again.
        Incoming::GuildGone { guild, .. } => app.backlog.forget(*guild),
        Incoming::ThreadList { guild, parents, .. } => {
            app.note_gap();
            app.openings.nudge(*guild);
            match parents {
                Some(parents) => {
                    for parent in parents {
                        app.backlog.request(Work::ScanChannel(*guild, *parent));
                    }
                }
                None => app.backlog.request(Work::Scan(*guild)),
            }
        }
        _ => {}
    }
}

/// The active threads of a deleted channel: Discord sends an event for the channel only.
pub fn gone_with(app: &App, incoming: &Incoming) -> Vec<(GuildId, ChannelId)> {
    let Incoming::ChannelDeleted { guild, channel } = *incoming else {
        return Vec::new();
    };
    let known = app.cache().guild(guild);
    let active = known.map_or_else(Vec::new, |known| known.active_in(channel));
    active.into_iter().map(|thread| (guild, thread)).collect()
}
