//! What the play remembers of what people did, to know what must have come of it.

use std::collections::{BTreeMap, HashMap, HashSet};

use discord_sandbox::id::{ChannelId, InteractionId, MessageId, Timestamp, UserId};

use crate::scene::Scene;

/// The shortest time between two clicks of one member that open tickets, in milliseconds.
const COOLDOWN: i64 = 60_000;

/// All of it. Moments are numbers of steps.
#[derive(Debug, Default)]
pub struct Memory {
    /// The number of the action that is done.
    pub step: u64,
    /// The first step since the last quiet point.
    pub segment: u64,
    /// When that was, on the world's clock.
    pub segment_began: Option<Timestamp>,
    lives: BTreeMap<ChannelId, Life>,
    /// How often each person left the server, and when for the last time.
    guild_leaves: HashMap<UserId, (u32, u64)>,
    /// Whether the bot may have missed something since then.
    pub blind: bool,
    /// Whether it has had the time to look for what it missed.
    pub has_looked: bool,
    /// When the bot last had fewer rights than it wants, or was out of the server.
    pub weak_at: u64,
    /// Inboxes that the bot was kept from remembering.
    pub orphans: HashSet<MessageId>,
    /// Closed tickets that were deleted while the bot could not see it. It looks for those
    /// last of all, and that is not waited for.
    pub lost: HashSet<u64>,
    /// What nobody had the time to answer, because it jumped.
    pub jumped_over: HashSet<InteractionId>,
    /// Threads that the bot could not undo.
    pub left: HashSet<ChannelId>,
    /// Each counter of each inbox.
    counters: HashSet<(u64, u32)>,
    /// Each member's click that opened their last ticket in an inbox.
    last_click: HashMap<(u64, u64), Timestamp>,
    pub opened: u64,
    pub closed: u64,
}

/// What people did to one ticket.
#[derive(Clone, Copy, Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "they are facts, each of its own"
)]
pub struct Life {
    /// When somebody archived it, time did, or its owner left it.
    pub closed_at: u64,
    /// When it was last archived by anybody but the bot.
    pub archived_at: u64,
    pub archivings: u32,
    /// When its owner left while it was active.
    pub left_at: u64,
    /// When they left, whether it was active or not.
    gone_at: u64,
    pub departures: u32,
    /// When somebody re-opened it, wrote in it, or brought the owner back.
    pub woken_at: u64,
    /// Its closing, if the bot could not know that it has to lock it.
    unlocked_at: u64,
    /// When staff unlocked it while it was archived.
    freed_at: u64,
    /// Whether it was found active without its owner, which nobody noticed.
    is_ownerless: bool,
    /// Whether somebody ever woke it.
    pub is_kept_open: bool,
    /// Whether it was counted.
    is_known: bool,
    /// Whether its owner may have an older one that is open, too.
    is_beside_another: bool,
    /// How many more starting messages there are than one, as far as that was excused.
    more_starters: usize,
}

impl Life {
    /// Whether it must be its owner's only open one. While the bot `is_weak`, new ones need not be.
    pub fn counts(self, is_weak: bool) -> bool {
        let may_be_one_more = self.is_beside_another || is_weak && !self.is_known;
        !self.is_kept_open && !may_be_one_more
    }

    /// How many starting messages there should be.
    pub fn starters(self) -> usize {
        1 + self.more_starters
    }
}

/// What must be true of a ticket's being archived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    Archived,
    Active,
    /// Two things happened at about the same time.
    Either,
}

impl Memory {
    pub fn life(&self, ticket: ChannelId) -> Life {
        self.lives.get(&ticket).copied().unwrap_or_default()
    }

    /// Somebody or time archived it.
    pub fn archived(&mut self, ticket: ChannelId) {
        let step = self.step;
        let life = self.lives.entry(ticket).or_default();
        life.closed_at = step;
        life.archived_at = step;
        life.archivings += 1;
        self.closed += 1;
    }

    /// Time archived a thread that has no starting message yet: that may come and wake it.
    pub fn archived_unbegun(&mut self, ticket: ChannelId) {
        let step = self.step;
        let life = self.lives.entry(ticket).or_default();
        life.closed_at = step;
        life.woken_at = step;
        life.archivings += 1;
    }

    /// Staff unlocked it while it was archived: now it is as one that was never locked.
    pub fn freed(&mut self, ticket: ChannelId) {
        self.archived(ticket);
        self.lives.entry(ticket).or_default().freed_at = self.step;
    }

    /// Its owner is not in it any more.
    pub fn owner_left(&mut self, ticket: ChannelId, was_active: bool) {
        let step = self.step;
        let life = self.lives.entry(ticket).or_default();
        life.departures += 1;
        life.gone_at = step;
        if was_active {
            life.closed_at = step;
            life.left_at = step;
            self.closed += 1;
        }
    }

    /// Somebody keeps it open, or opens it again.
    pub fn woken(&mut self, ticket: ChannelId) {
        let step = self.step;
        let life = self.lives.entry(ticket).or_default();
        life.woken_at = step;
        life.is_kept_open = true;
    }

    pub fn left_guild(&mut self, person: UserId) {
        let (count, at) = self.guild_leaves.entry(person).or_default();
        *count += 1;
        *at = self.step;
    }

    /// How often somebody left the server.
    pub fn guild_leaves(&self, person: UserId) -> u32 {
        self.guild_leaves
            .get(&person)
            .map_or(0, |(count, _)| *count)
    }

    /// Whether somebody left the server since the last quiet point.
    fn just_left(&self, person: UserId) -> bool {
        let at = self.guild_leaves.get(&person).map_or(0, |(_, at)| *at);
        at > 0 && at >= self.segment
    }

    pub fn forget(&mut self, ticket: ChannelId) {
        self.lives.remove(&ticket);
    }

    /// Whether a ticket must be archived now, with everything quiet.
    pub fn wanted(&self, ticket: ChannelId, owner: Option<UserId>) -> Wanted {
        let life = self.life(ticket);
        let is_recent = |at: u64| at > 0 && at >= self.segment;
        let came_and_left = !life.is_known && owner.is_some_and(|owner| self.just_left(owner));
        if came_and_left && self.has_looked {
            // They left while it was being opened for them.
            Wanted::Either
        } else if life.closed_at > life.woken_at {
            // Who did not see it cannot know in which order it was.
            // So may who hears late that somebody left who has come back since.
            let came_back = self.has_looked && owner.is_some_and(|owner| self.just_left(owner));
            if self.blind && (is_recent(life.woken_at) || came_back) {
                Wanted::Either
            } else {
                Wanted::Archived
            }
        } else if is_recent(life.closed_at)
            || is_recent(life.gone_at)
            || owner.is_some_and(|owner| self.just_left(owner))
            || life.is_ownerless && !life.is_kept_open
        {
            // Its owner may have left before it was re-opened or after. Or what had not been noticed
            // before is noticed later.
            Wanted::Either
        } else {
            Wanted::Active
        }
    }

    /// Whether the bot must have noticed that the owner of an active ticket is not there.
    pub fn wants_notice(&self, ticket: ChannelId, owner: Option<UserId>) -> bool {
        let life = self.life(ticket);
        // Who leaves the server while their ticket is opened, unseen, was never in it.
        let unseen = self.blind && owner.is_some_and(|owner| self.just_left(owner));
        !life.is_ownerless && (!unseen || life.is_known || !self.has_looked)
    }

    /// Whether a ticket that is archived must be locked, if the bot may.
    pub fn wants_lock(&self, ticket: ChannelId) -> bool {
        let life = self.life(ticket);
        // One that was closed, re-opened and closed again while nobody watched looks as before; so
        // does one that was unlocked.
        let changed_at = life.woken_at.max(life.freed_at);
        let unseen = self.blind && changed_at > 0 && changed_at >= self.segment;
        life.closed_at > self.weak_at && life.closed_at != life.unlocked_at && !unseen
    }

    /// Everything is quiet and well: how each ticket is found now is how it is meant to be.
    pub fn settle(&mut self, scene: &Scene) {
        for seen in &scene.tickets {
            let guild_leaves = seen.owner.map_or(0, |owner| self.guild_leaves(owner));
            let life = self.lives.entry(seen.id).or_default();
            // What is there too often was excused.
            life.more_starters = seen.starters.len().saturating_sub(1);
            life.archivings = life.archivings.max(seen.archived_notes);
            let departures = seen.left_notes.saturating_sub(guild_leaves);
            life.departures = life.departures.max(departures);
            if seen.archived && life.closed_at <= life.woken_at {
                life.closed_at = self.step.max(life.woken_at + 1);
            } else if !seen.archived && life.woken_at < life.closed_at {
                life.woken_at = self.step.max(life.closed_at + 1);
            }
            if seen.archived && !seen.locked {
                life.unlocked_at = life.closed_at;
            }
            if !seen.archived && !seen.owner_is_in {
                life.is_ownerless = true;
            }
        }
    }

    /// Learns of tickets that are new, and says what is wrong with their number or their time.
    pub fn learn(&mut self, scene: &Scene, inbox_of: &HashMap<u64, u64>) -> Vec<String> {
        let mut wrong = Vec::new();
        for seen in &scene.tickets {
            if self.life(seen.id).is_known {
                continue;
            }
            let (Some(inbox), Some(owner)) = (inbox_of.get(&seen.id.0), seen.owner) else {
                continue;
            };
            let life = self.lives.entry(seen.id).or_default();
            life.is_known = true;
            // A ticket that the bot may not look into does not keep its owner from another.
            life.is_beside_another = self.weak_at > 0 && self.weak_at >= self.segment;
            self.opened += 1;
            if let Some(counter) = counter_in(&seen.name)
                && !self.counters.insert((*inbox, counter))
            {
                wrong.push(format!("{}: {counter:04} is there twice", seen.id));
            }
            // Whose answer was lost with the bot, of their click it is not known.
            let Some(click) = seen.clicked else { continue };
            let before = self.last_click.insert((*inbox, owner.0), click);
            if let Some(before) = before.filter(|before| click.since(*before) < COOLDOWN) {
                let gap = click.since(before);
                wrong.push(format!("{}: {owner} had clicked {gap} ms before", seen.id));
            }
        }
        wrong
    }
}

/// What an inbox's template of ticket names begins with, so that the counter can be read.
pub const COUNTED: &str = "No. $counter ";

/// The counter in a ticket's name.
fn counter_in(name: &str) -> Option<u32> {
    let rest = name.strip_prefix("No. ")?;
    rest.get(..4)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TICKET: ChannelId = ChannelId(5);

    fn at(memory: &mut Memory, step: u64) -> &mut Memory {
        memory.step = step;
        memory
    }

    #[test]
    fn what_was_closed_last_must_be_archived() {
        let mut memory = Memory::default();
        assert_eq!(memory.wanted(TICKET, None), Wanted::Active);
        at(&mut memory, 3).archived(TICKET);
        assert_eq!(memory.wanted(TICKET, None), Wanted::Archived);
        at(&mut memory, 4).woken(TICKET);
        assert_eq!(
            memory.wanted(TICKET, None),
            Wanted::Either,
            "both happened just now"
        );
        memory.segment = 4;
        assert_eq!(
            memory.wanted(TICKET, None),
            Wanted::Active,
            "the archiving was over"
        );
        memory.segment = 5;
        at(&mut memory, 6).owner_left(TICKET, true);
        assert_eq!(memory.wanted(TICKET, None), Wanted::Archived);
    }

    #[test]
    fn counters_are_read_from_names() {
        assert_eq!(counter_in("No. 0042 Mia"), Some(42));
        assert_eq!(counter_in("Ticket 0042"), None);
        assert_eq!(counter_in("No. 1"), None);
    }
}
