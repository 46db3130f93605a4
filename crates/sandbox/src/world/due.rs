//! What becomes due as time passes: interactions without a response fail, quiet threads are archived, and
//! time-outs end.

use serde::{Deserialize, Serialize};

use super::event::Events;
use super::model::Thread;
use super::{Audience, Event, World};
use crate::id::{ChannelId, GuildId, InteractionId, Timestamp, UserId};

/// Something that happens at its time, unless something else prevents it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Due {
    /// An interaction fails without a response.
    Unanswered(InteractionId),
    /// An interaction's token expires.
    Forget(InteractionId),
    /// A thread is archived, unless it had a message recently.
    Archive(ChannelId),
    /// A member's time-out ends, unless it was changed.
    EndTimeOut(GuildId, UserId),
}

impl World {
    /// Applies everything that is due.
    pub fn due(&mut self, now: Timestamp) -> Vec<Event> {
        let mut events = Events::default();
        while let Some((at, due)) = self.agenda.pop_first_if(now) {
            match due {
                Due::Unanswered(id) => events.0.extend(self.fail_interaction(id)),
                Due::Forget(id) => self.forget_interaction(id, &mut events),
                Due::Archive(id) => self.archive_if_quiet(now, id, &mut events),
                Due::EndTimeOut(guild, user) => self.end_time_out(at, guild, user, &mut events),
            }
        }
        events.0
    }

    /// When the next thing is due. Nothing may happen then, such as when a thread had a message meanwhile.
    pub fn next_due(&self) -> Option<Timestamp> {
        self.agenda.first().map(|(at, _)| *at)
    }

    /// Discord sends no event when a time-out ends, so bots get none. The page has to notice that the member may write again.
    fn end_time_out(&self, at: Timestamp, guild: GuildId, user: UserId, events: &mut Events) {
        let member = self.member(guild, user);
        if member.is_some_and(|member| member.timed_out_until == Some(at)) {
            events.resync(guild, Audience::People);
        }
    }

    fn archive_if_quiet(&mut self, now: Timestamp, id: ChannelId, events: &mut Events) {
        let is_pinned = |t: &Thread| t.post.as_ref().is_some_and(|post| post.pinned);
        let thread = self.threads.get(&id);
        // When a pinned post is unpinned, its time is checked again.
        let Some(thread) = thread.filter(|t| !t.archived && !is_pinned(t)) else {
            return;
        };
        let at = thread.archives_at();
        if at > now {
            self.agenda.insert((at, Due::Archive(id)));
        } else {
            self.set_archived(now, id, true);
            self.push_thread_update(id, false, events);
        }
    }
}

/// Removes due things from the agenda.
trait Agenda {
    fn pop_first_if(&mut self, now: Timestamp) -> Option<(Timestamp, Due)>;
}

impl Agenda for std::collections::BTreeSet<(Timestamp, Due)> {
    fn pop_first_if(&mut self, now: Timestamp) -> Option<(Timestamp, Due)> {
        self.first().filter(|(at, _)| *at <= now)?;
        self.pop_first()
    }
}
