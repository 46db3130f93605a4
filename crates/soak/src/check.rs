//! What must be true whenever everything is quiet: the promises of *never a lost or stuck ticket*.

use std::collections::{HashMap, HashSet};

use discord_sandbox::id::{ChannelId, MessageId, UserId};
use tickets::stored::{Departure, Ticket};

use crate::memory::{Memory, Wanted};
use crate::scene::{Rows, Scene, Seen};

/// What happened since the last quiet point that the bot cannot be blamed for.
#[derive(Clone, Copy, Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an excuse of its own"
)]
pub struct Excuses {
    /// Calls failed: the bot may log errors and answer with a code.
    pub errors: bool,
    /// The bot was not connected, or was slowed: clicks may have failed.
    pub failures: bool,
    /// The bot could not do what it should: a thread may be left that it had to undo.
    pub undone: bool,
    /// The bot died, or a call's answer was lost: commands may be left without an answer, and a
    /// message with a button without its row.
    pub interrupted: bool,
    /// Messages were sent although their answers said that they were not.
    pub denied: bool,
    /// Minutes passed between that and another attempt: Discord has forgotten that it has the message.
    pub repeated: bool,
    /// What the bot could not see or do it does once it is started anew.
    pub needs_start: bool,
}

impl Excuses {
    /// Whether the bot may have missed something.
    pub fn blind(self) -> bool {
        self.errors || self.failures || self.interrupted || self.needs_start
    }
}

/// Everything that is wrong, in words; nothing if all is well.
pub fn check(scene: &Scene, rows: &Rows, memory: &Memory, excuses: Excuses) -> Vec<String> {
    let mut wrong = Vec::new();
    let known: HashMap<u64, &Ticket> = rows.tickets.iter().map(|it| (it.id.0, it)).collect();
    for seen in &scene.tickets {
        match known.get(&seen.id.0) {
            Some(row) => ticket(seen, row, memory, excuses, &mut wrong),
            None if seen.starters.is_empty() && may_be_left(seen, rows, memory, excuses) => {}
            None => wrong.push(format!("{} is not in the database: {seen:?}", seen.id)),
        }
    }
    let there: HashSet<u64> = scene.tickets.iter().map(|seen| seen.id.0).collect();
    for row in rows.tickets.iter().filter(|row| !there.contains(&row.id.0)) {
        if row.closed && excuses.blind() || memory.lost.contains(&row.id.0) {
            continue;
        }
        wrong.push(format!("{} is gone, but in the database", row.id));
    }
    inboxes(scene, rows, memory, excuses, &mut wrong);
    limits(scene, &known, memory, excuses, &mut wrong);
    for opening in &rows.openings {
        wrong.push(format!("an opening is not finished: {opening:?}"));
    }
    // By now the bot is allowed again what it was.
    for left in rows.abandoned.iter().filter(|_| excuses.needs_start) {
        wrong.push(format!("a thread is not undone: {left:?}"));
    }
    let since = |at| memory.segment_began.is_some_and(|began| at >= began);
    for waiting in scene.waiting.iter().filter(|it| since(it.created)) {
        wrong.push(format!("not answered: {waiting:?}"));
    }
    if !excuses.failures {
        let in_vain = scene.failed.iter().filter(|it| since(it.created));
        for failed in in_vain.filter(|it| !memory.jumped_over.contains(&it.id)) {
            wrong.push(format!("not acknowledged in time: {failed:?}"));
        }
    }
    wrong.extend(scene.pings.iter().cloned());
    wrong
}

/// Whether a thread to which nobody was invited can be one that the bot could not undo: it knows of
/// it, or may not delete but archive it.
fn may_be_left(seen: &Seen, rows: &Rows, memory: &Memory, excuses: Excuses) -> bool {
    let is_remembered = rows.abandoned.iter().any(|it| it.thread.0 == seen.id.0);
    let is_archived = excuses.undone && seen.archived;
    is_remembered || is_archived || memory.left.contains(&seen.id)
}

fn ticket(seen: &Seen, row: &Ticket, memory: &Memory, excuses: Excuses, wrong: &mut Vec<String>) {
    let life = memory.life(seen.id);
    let mut say =
        |what: &str| wrong.push(format!("{}: {what}: {seen:?}, {row:?}, {life:?}", seen.id));
    if seen.starters.len() != life.starters() && !(excuses.repeated && seen.starters.len() == 2) {
        say("not one starting message");
    }
    if row.owner.map(|owner| owner.0) != seen.owner.map(|owner| owner.0) {
        say("not its owner");
    }
    match row.departure {
        Departure::Begun => say("the answer to the owner's leaving is not finished"),
        Departure::Present
            if !seen.archived && !seen.owner_is_in && memory.wants_notice(seen.id, seen.owner) =>
        {
            say("nobody noticed that the owner is not there");
        }
        Departure::Done if !seen.archived && seen.owner_is_in => {
            say("nobody noticed that the owner is back");
        }
        Departure::Present | Departure::Done => {}
    }
    if row.closing && !seen.locked && seen.can_lock {
        say("its locking is not finished");
    }
    match memory.wanted(seen.id, seen.owner) {
        Wanted::Archived if !seen.archived => say("it should be archived"),
        Wanted::Active if seen.archived => say("it should be active"),
        _ => {}
    }
    if seen.archived && !seen.locked && seen.can_lock && memory.wants_lock(seen.id) {
        say("it should be locked");
    }
    if seen.archived != row.closed {
        say("what is remembered of its being closed is wrong");
    }
    let may_have_left = life.departures + seen.owner.map_or(0, |owner| memory.guild_leaves(owner));
    if seen.left_notes > may_have_left && !excuses.repeated {
        say("more notes than leavings");
    }
    // A bot that may lock again just after it could only archive takes that for somebody else's.
    let got_stronger = memory.weak_at > 0 && memory.weak_at >= memory.segment;
    if seen.archived_notes > life.archivings && !excuses.repeated && !got_stronger {
        say("more notes than archivings");
    }
    // Re-opened and left while nobody watched: it looks like left and then re-opened.
    let is_unseen = memory.blind && life.woken_at >= memory.segment;
    let left_alone =
        life.left_at > life.woken_at && life.archived_at < memory.segment && !is_unseen;
    if left_alone && life.left_at >= memory.segment && !excuses.needs_start && seen.left_notes == 0
    {
        say("the owner's leaving was not noted");
    }
}

fn inboxes(scene: &Scene, rows: &Rows, memory: &Memory, excuses: Excuses, wrong: &mut Vec<String>) {
    let there: HashSet<(u64, u64)> = scene.inboxes.iter().map(|(c, m)| (c.0, m.0)).collect();
    let known: HashSet<(u64, u64)> = rows.inboxes.iter().map(|i| (i.channel.0, i.id.0)).collect();
    for (channel, message) in there.difference(&known) {
        // The bot answers that it does not know such an inbox.
        if !excuses.interrupted && !memory.orphans.contains(&MessageId(*message)) {
            wrong.push(format!(
                "the inbox {message} in {channel} is not in the database"
            ));
        }
    }
    for (channel, message) in known.difference(&there) {
        wrong.push(format!(
            "the inbox {message} in {channel} is gone, but in the database"
        ));
    }
}

/// A member has at most one open ticket in an inbox, but for those that staff opened again.
fn limits(
    scene: &Scene,
    known: &HashMap<u64, &Ticket>,
    memory: &Memory,
    excuses: Excuses,
    wrong: &mut Vec<String>,
) {
    let mut open: HashMap<(u64, UserId), Vec<ChannelId>> = HashMap::new();
    for seen in scene
        .tickets
        .iter()
        .filter(|it| !it.archived && it.owner_is_in)
    {
        let inbox = known.get(&seen.id.0).and_then(|row| row.inbox);
        if let (Some(inbox), Some(owner)) = (inbox, seen.owner)
            && memory.life(seen.id).counts(excuses.undone)
        {
            open.entry((inbox.0, owner)).or_default().push(seen.id);
        }
    }
    for ((inbox, owner), tickets) in open.into_iter().filter(|(_, tickets)| tickets.len() > 1) {
        wrong.push(format!("{owner} has {tickets:?} open in the inbox {inbox}"));
    }
}
