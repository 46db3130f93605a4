//! What the play remembers: the state of every ticket at the last quiet point, and what people have
//! done to it since.
//!
//! With it, the play checks whether the bot followed the order of events. That is possible only where the bot
//! received every event in order ([`Memory::is_watched`]). Everything else is checked in the final state
//! ([`crate::check`]).

use std::collections::{HashMap, HashSet};

use discord_sandbox::id::{ChannelId, InteractionId, Timestamp, UserId};

use crate::scene::{Rows, Scene, Seen};

/// The shortest time between two clicks of one member that open tickets, in milliseconds.
const COOLDOWN: i64 = 60_000;

/// Everything that the play remembers.
#[derive(Debug, Default)]
pub struct Memory {
    /// The number of the current action.
    pub step: u64,
    /// When the last quiet point was, on the world's clock.
    pub segment_began: Option<Timestamp>,
    /// Whether the bot may have missed events, or received them out of order, since the last quiet point.
    is_unwatched: bool,
    /// How often the clock has jumped so far that anything may have become due, since the last quiet point.
    jumps: u32,
    /// The state of each ticket at the last quiet point.
    before: HashMap<ChannelId, Before>,
    /// What people have done to each ticket since then.
    done: HashMap<ChannelId, Done>,
    /// How often each person has left the server since then.
    left_guild: HashMap<UserId, u32>,
    /// The tickets that may be open beside another one of the same owner: those that staff ever reopened or
    /// locked.
    beside: HashSet<ChannelId>,
    /// Interactions that the bot had no time to respond to, because the clock jumped.
    pub jumped_over: HashSet<InteractionId>,
    /// Archived tickets of deleted channels: see the fifth item of [`crate::check`]'s list.
    lost: HashSet<ChannelId>,
    /// The counters in ticket names that each inbox has used.
    counters: HashSet<(u64, u32)>,
    /// The time of the click that opened each member's last ticket in each inbox.
    last_click: HashMap<(u64, u64), Timestamp>,
    /// The tickets that are already counted in `opened`.
    known: HashSet<ChannelId>,
    pub opened: u64,
    /// How many of them replace another ticket.
    pub transferred: u64,
    pub closed: u64,
}

#[derive(Clone, Copy, Debug)]
struct Before {
    archived: bool,
    notes: u32,
    /// Whether something is planned for the ticket, so that the bot may act on it at any time.
    is_due: bool,
}

/// How often people closed a ticket, and how often they kept it open or reopened it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    pub closings: u32,
    /// The closings of a thread that was not locked. If staff locked it first, the bot has nothing to do.
    pub unlocked: u32,
    pub openings: u32,
    /// How often the bot was asked to act: it may have closed the ticket, reopened it, or refused.
    pub commands: u32,
}

/// Whether a ticket must be archived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    Archived,
    Active,
    /// Unknown: the order of what happened, or its outcome, is not known.
    Either,
}

impl Memory {
    /// Whether the bot received every event in its order since the last quiet point.
    pub fn is_watched(&self) -> bool {
        !self.is_unwatched
    }

    /// Records that the bot may have missed events: a connection or a call failed, or the bot was slowed,
    /// stopped or killed, or lost its access.
    pub fn note_blind_spot(&mut self) {
        self.is_unwatched = true;
    }

    /// Begins the segment after a quiet point.
    pub fn begin_segment(&mut self, now: Timestamp) {
        self.segment_began = Some(now);
        self.is_unwatched = false;
        self.jumps = 0;
        self.done.clear();
        self.left_guild.clear();
    }

    /// What people have done to a ticket since the last quiet point.
    pub fn done(&self, ticket: ChannelId) -> Done {
        self.done.get(&ticket).copied().unwrap_or_default()
    }

    /// Records that people closed a ticket: its owner left, or somebody archived it, or unlocked it while it
    /// was archived.
    pub fn closed(&mut self, ticket: ChannelId, was_locked: bool) {
        let done = self.done.entry(ticket).or_default();
        done.closings += 1;
        done.unlocked += u32::from(!was_locked);
        self.closed += 1;
    }

    /// Records that somebody asked the bot to act on a ticket, or that the bot did something that was due.
    pub fn commanded(&mut self, ticket: ChannelId) {
        self.done.entry(ticket).or_default().commands += 1;
        self.beside.insert(ticket);
    }

    /// Records that the clock jumps so far that anything may become due.
    pub fn time_jumps(&mut self) {
        self.jumps += 1;
    }

    /// Records that people kept a ticket open or reopened it.
    pub fn woken(&mut self, ticket: ChannelId) {
        self.done.entry(ticket).or_default().openings += 1;
        self.beside.insert(ticket);
    }

    /// Records that staff locked an active ticket. Its owner can no longer write there, so they may open
    /// another one.
    pub fn locked(&mut self, ticket: ChannelId) {
        self.beside.insert(ticket);
    }

    pub fn left_guild(&mut self, person: UserId) {
        *self.left_guild.entry(person).or_default() += 1;
    }

    pub fn forget(&mut self, ticket: ChannelId) {
        self.before.remove(&ticket);
        self.done.remove(&ticket);
    }

    /// Records that the channel of an archived ticket was deleted. Discord sends no event for such a ticket.
    pub fn lose(&mut self, ticket: ChannelId) {
        self.forget(ticket);
        self.lost.insert(ticket);
    }

    /// Records that the bot has scanned the server, and so found all lost tickets.
    pub fn nothing_is_lost(&mut self) {
        self.lost.clear();
    }

    pub fn is_lost(&self, ticket: ChannelId) -> bool {
        self.lost.contains(&ticket)
    }

    /// Whether a ticket does not count against its owner's limit.
    pub fn can_be_beside(&self, ticket: ChannelId) -> bool {
        self.beside.contains(&ticket)
    }

    /// Whether a ticket must be archived at a quiet point.
    pub fn wanted(&self, seen: &Seen) -> Wanted {
        let before = self.before.get(&seen.id);
        // The owner left the server while the ticket was being opened.
        let left_early = before.is_none()
            && seen
                .owner
                .is_some_and(|owner| self.left_guild.contains_key(&owner));
        let Done {
            closings,
            openings,
            commands,
            ..
        } = self.done(seen.id);
        match (closings > 0, openings > 0) {
            _ if left_early || self.is_unwatched => Wanted::Either,
            _ if commands > 0 || self.dues(before, openings) > 0 => Wanted::Either,
            (true, true) => Wanted::Either,
            (true, false) => Wanted::Archived,
            (false, false) if before.is_some_and(|before| before.archived) => Wanted::Archived,
            (false, _) => Wanted::Active,
        }
    }

    /// How often a due action may have closed a ticket. Whatever opens it or keeps it open restarts its
    /// timers, and then nothing becomes due until the clock jumps.
    fn dues(&self, before: Option<&Before>, openings: u32) -> u32 {
        let restarts = openings + u32::from(before.is_none());
        u32::from(before.is_some_and(|before| before.is_due)) + restarts.min(self.jumps)
    }

    /// How many closing messages (notes) a ticket must have at least, and may have at most.
    pub fn wanted_notes(&self, seen: &Seen) -> (u32, u32) {
        let before = self.before.get(&seen.id);
        let notes = before.map_or(0, |before| before.notes);
        let was_active = before.is_none_or(|before| !before.archived);
        let Done {
            closings,
            unlocked,
            openings,
            commands,
        } = self.done(seen.id);
        let left = seen
            .owner
            .and_then(|owner| self.left_guild.get(&owner))
            .copied()
            .unwrap_or(0);
        let once = was_active && openings == 0;
        // An owner who leaves the server closes also tickets that they were never in.
        let reasons = closings + left + commands + self.dues(before, openings);
        // If no person closed it, the bot did, and then it must have sent a closing message.
        let is_by_bot = closings + left == 0 && seen.is_closed() && !self.is_unwatched;
        let is_noted = unlocked > 0 && self.wanted(seen) == Wanted::Archived || is_by_bot;
        let least = u32::from(once && is_noted);
        // A ticket that was closed once has one closing message.
        let most = if once { reasons.min(1) } else { reasons };
        (notes + least, notes + most)
    }

    /// Accepts the present state of each ticket as correct: the next checks compare with it.
    pub fn accept(&mut self, scene: &Scene, rows: &Rows) {
        let seen = scene.tickets.iter().map(|seen| {
            let before = Before {
                archived: seen.archived,
                notes: seen.notes,
                is_due: rows.due.contains_key(&seen.id),
            };
            (seen.id, before)
        });
        self.before = seen.collect();
    }

    /// Records new tickets. Returns what is wrong with their counters or with the time between their clicks.
    pub fn learn(&mut self, scene: &Scene, inbox_of: &HashMap<u64, u64>) -> Vec<String> {
        let mut wrong = Vec::new();
        for seen in &scene.tickets {
            if self.known.contains(&seen.id) {
                continue;
            }
            let (Some(inbox), Some(owner)) = (inbox_of.get(&seen.id.0), seen.owner) else {
                continue;
            };
            self.known.insert(seen.id);
            self.opened += 1;
            self.transferred += u64::from(seen.is_transferred);
            // Another inbox gave it its number, and its click was on that inbox.
            if seen.was_given {
                continue;
            }
            if let Some(counter) = counter_in(&seen.name)
                && !self.counters.insert((*inbox, counter))
            {
                wrong.push(format!("{}: {counter:04} is there twice", seen.id));
            }
            // If the click's response was lost, its time is unknown.
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

/// The beginning of an inbox's template for ticket names, from which the counter can be read.
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

    fn seen(archived: bool, notes: u32) -> Seen {
        Seen {
            id: TICKET,
            name: String::new(),
            clicked: None,
            archived,
            locked: archived,
            owner: None,
            owner_is_in: !archived,
            owner_is_here: true,
            starters: vec!["Hello".to_owned()],
            notes,
            newest: None,
            can_lock: true,
            is_hidden: false,
            is_transferred: false,
            was_given: false,
            notices: 0,
        }
    }

    fn accepted(archived: bool, notes: u32) -> Memory {
        let mut memory = Memory::default();
        let scene = Scene {
            tickets: vec![seen(archived, notes)],
            ..Scene::default()
        };
        memory.accept(&scene, &Rows::default());
        memory.begin_segment(Timestamp(0));
        memory
    }

    #[test]
    fn what_was_closed_must_be_archived_with_one_note() {
        let mut memory = accepted(false, 1);
        assert_eq!(memory.wanted(&seen(false, 1)), Wanted::Active);
        memory.closed(TICKET, false);
        assert_eq!(memory.wanted(&seen(true, 2)), Wanted::Archived);
        assert_eq!(memory.wanted_notes(&seen(true, 2)), (2, 2));
        memory.closed(TICKET, false);
        assert_eq!(memory.wanted_notes(&seen(true, 2)), (2, 2), "it was closed");
        memory.woken(TICKET);
        assert_eq!(memory.wanted(&seen(true, 2)), Wanted::Either, "at once");
    }

    #[test]
    fn an_untouched_ticket_stays_as_it_was() {
        let memory = accepted(true, 1);
        assert_eq!(memory.wanted(&seen(true, 1)), Wanted::Archived);
        assert_eq!(memory.wanted_notes(&seen(true, 1)), (1, 1));
    }

    #[test]
    fn whatever_comes_together_closes_a_ticket_with_one_note() {
        let mut memory = accepted(false, 1);
        memory.commanded(TICKET);
        memory.commanded(TICKET);
        assert_eq!(memory.wanted(&seen(true, 2)), Wanted::Either);
        assert_eq!(memory.wanted_notes(&seen(true, 2)), (2, 2));
        assert_eq!(memory.wanted_notes(&seen(false, 1)), (1, 2));
        memory.closed(TICKET, true);
        assert_eq!(
            memory.wanted_notes(&seen(true, 2)),
            (1, 2),
            "staff locked it"
        );
    }

    #[test]
    fn a_reopened_ticket_may_be_closed_again_when_the_clock_has_jumped() {
        let mut memory = accepted(true, 1);
        memory.woken(TICKET);
        assert_eq!(memory.wanted(&seen(true, 2)), Wanted::Active);
        assert_eq!(memory.wanted_notes(&seen(true, 1)), (1, 1), "not yet");
        memory.time_jumps();
        assert_eq!(memory.wanted(&seen(true, 2)), Wanted::Either);
        assert_eq!(memory.wanted_notes(&seen(true, 2)), (1, 2));
        memory.time_jumps();
        assert_eq!(memory.wanted_notes(&seen(true, 2)), (1, 2), "still closed");
        memory.woken(TICKET);
        assert_eq!(memory.wanted_notes(&seen(true, 3)), (1, 3));
    }

    #[test]
    fn an_untouched_closed_ticket_is_never_due() {
        let mut memory = accepted(true, 1);
        memory.time_jumps();
        assert_eq!(memory.wanted(&seen(false, 1)), Wanted::Archived);
        assert_eq!(memory.wanted_notes(&seen(true, 2)), (1, 1));
    }

    #[test]
    fn where_the_bot_missed_events_only_the_end_is_judged() {
        let mut memory = accepted(false, 0);
        memory.closed(TICKET, false);
        memory.note_blind_spot();
        assert_eq!(memory.wanted(&seen(false, 0)), Wanted::Either);
        assert_eq!(memory.wanted_notes(&seen(false, 0)), (0, 1));
    }

    #[test]
    fn counters_are_read_from_names() {
        assert_eq!(counter_in("No. 0042 Mia"), Some(42));
        assert_eq!(counter_in("Ticket 0042"), None);
        assert_eq!(counter_in("No. 1"), None);
    }
}
