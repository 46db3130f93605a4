//! What must be true whenever everything is quiet and the bot is idle: the promises of *never a lost
//! or stuck ticket*. They judge the final state, whatever happened before:
//!
//! - every ticket's stored state is the fixed point of [`tickets::ticket::reconcile`] for how the
//!   world is, and every private thread of the bot is a ticket
//! - every request has one response
//! - every starting message and every note is there once
//! - nothing is left in the journal, and nothing is stored of what is gone
//! - members have at most as many open tickets as their inbox allows
//! - a ticket has one notice at most, and whatever closes it, one note says so
//!
//! # What is not a fault
//!
//! Each is a documented property of Discord, and this is the whole list:
//!
//! 1. *"Interaction tokens are valid for 15 minutes, and an initial response must be sent within 3
//!    seconds"*: interactions get no response if they came while the bot was not connected or was
//!    slowed ([`Memory::is_watched`]).
//! 2. Each event reports one change, and a bot without a session gets none: it cannot know the order
//!    of several changes that it missed. So whether a ticket that was closed and reopened is open is
//!    judged only where the bot received every event.
//! 3. A bot without *Manage Threads* may not delete its own thread, but archive it: such a thread, into
//!    which no member was invited, stays ([`Memory::is_watched`] again).
//! 4. Staff can reopen or transfer a ticket although its owner has another one, and lock a ticket, in
//!    which its owner can then no longer write. None of that counts against the limit.
//! 5. Discord reports a deleted channel, but not its archived threads. If no inbox uses the channel,
//!    the bot finds at its next scan of the server that they are gone: closed tickets, and those that
//!    are hidden (see the next item).
//! 6. Discord's own timer hides a ticket that reminders or a question to its owner keep open. It still
//!    counts as open, and what is due brings it back.

use std::collections::{HashMap, HashSet};

use discord_sandbox::id::{ChannelId, UserId};
use tickets::ticket::{Ticket, reconcile};

use crate::memory::{Memory, Wanted};
use crate::scene::{Rows, Scene, Seen};

/// Describes everything that is wrong; empty if nothing is.
pub fn check(scene: &Scene, rows: &Rows, memory: &Memory) -> Vec<String> {
    let mut wrong = Vec::new();
    let known: HashMap<u64, &Ticket> = rows.tickets.iter().map(|it| (it.id.0, it)).collect();
    for seen in &scene.tickets {
        match known.get(&seen.id.0) {
            Some(row) => {
                let is_kept_open = seen.is_hidden && rows.kept_open.contains(&seen.id);
                ticket(seen, row, is_kept_open, memory, &mut wrong);
            }
            // See the third item of the list.
            None if seen.starters.is_empty() && seen.archived => {}
            None => wrong.push(format!("{} is not in the database: {seen:?}", seen.id)),
        }
    }
    let there: HashSet<u64> = scene.tickets.iter().map(|seen| seen.id.0).collect();
    for row in rows.tickets.iter().filter(|row| !there.contains(&row.id.0)) {
        let id = ChannelId(row.id.0);
        // See the fifth item of the list.
        if memory.is_lost(id) && (row.is_closed() || rows.kept_open.contains(&id)) {
            continue;
        }
        wrong.push(format!("{} is gone, but in the database: {row:?}", row.id));
    }
    inboxes(scene, rows, &mut wrong);
    limits(scene, &known, memory, &mut wrong);
    for entry in &rows.journal {
        wrong.push(format!("not finished: {} {:?}", entry.id, entry.work));
    }
    let since = |at| memory.segment_began.is_some_and(|began| at >= began);
    for waiting in scene.waiting.iter().filter(|it| since(it.created)) {
        wrong.push(format!("not answered: {waiting:?}"));
    }
    if memory.is_watched() {
        let in_vain = scene.failed.iter().filter(|it| since(it.created));
        for failed in in_vain.filter(|it| !memory.jumped_over.contains(&it.id)) {
            wrong.push(format!("not acknowledged in time: {failed:?}"));
        }
    }
    for click in &scene.doubled {
        wrong.push(format!("more than one response to the click {click}"));
    }
    wrong.extend(scene.pings.iter().cloned());
    wrong
}

fn ticket(seen: &Seen, row: &Ticket, is_kept_open: bool, memory: &Memory, wrong: &mut Vec<String>) {
    let done = memory.done(seen.id);
    let mut say =
        |what: &str| wrong.push(format!("{}: {what}: {seen:?}, {row:?}, {done:?}", seen.id));
    if seen.starters.len() != 1 {
        say("not one starting message");
    }
    if row.owner.map(|owner| owner.0) != seen.owner.map(|owner| owner.0) {
        say("not its owner");
    }
    if let Some(effect) = reconcile(row, &seen.observed(row, is_kept_open)) {
        say(&format!("a check would still lead to {effect:?}"));
    }
    if row.is_closed() != (seen.archived && !is_kept_open) {
        say("whether it is closed is not known");
    }
    match memory.wanted(seen) {
        Wanted::Archived if !seen.archived => say("it should be archived"),
        Wanted::Active if seen.archived => say("it should be active"),
        _ => {}
    }
    let is_just_closed = done.closings > 0 && done.openings == 0;
    if memory.is_watched() && is_just_closed && seen.archived && !seen.locked && seen.can_lock {
        say("it should be locked");
    }
    if seen.notices > 1 {
        say("more than one notice");
    }
    let (least, most) = memory.wanted_notes(seen);
    if !(least..=most).contains(&seen.notes) {
        say(&format!("not {least} to {most} notes"));
    }
}

fn inboxes(scene: &Scene, rows: &Rows, wrong: &mut Vec<String>) {
    let there: HashSet<(u64, u64)> = scene.inboxes.iter().map(|(c, m)| (c.0, m.0)).collect();
    let known: HashSet<(u64, u64)> = rows
        .inboxes
        .iter()
        .map(|inbox| (inbox.channel.0, inbox.message.0))
        .collect();
    for (channel, message) in there.difference(&known) {
        wrong.push(format!(
            "the inbox {message} in {channel} is not in the database"
        ));
    }
    for (channel, message) in known.difference(&there) {
        wrong.push(format!(
            "the inbox {message} in {channel} is gone, but in the database"
        ));
    }
}

/// A member has at most one open ticket in an inbox, except for the tickets of the fourth item.
fn limits(scene: &Scene, known: &HashMap<u64, &Ticket>, memory: &Memory, wrong: &mut Vec<String>) {
    let mut open: HashMap<(u64, UserId), Vec<ChannelId>> = HashMap::new();
    let is_open = |seen: &&Seen| !seen.archived && seen.owner_is_in;
    for seen in scene.tickets.iter().filter(is_open) {
        let inbox = known.get(&seen.id.0).and_then(|row| row.inbox);
        if let (Some(inbox), Some(owner)) = (inbox, seen.owner)
            && !memory.can_be_beside(seen.id)
            && !seen.is_transferred
        {
            open.entry((inbox.0, owner)).or_default().push(seen.id);
        }
    }
    for ((inbox, owner), tickets) in open.into_iter().filter(|(_, tickets)| tickets.len() > 1) {
        wrong.push(format!("{owner} has {tickets:?} open in the inbox {inbox}"));
    }
}
