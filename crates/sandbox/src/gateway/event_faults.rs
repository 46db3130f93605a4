//! Faults that make events come more than once, or late.

use serde::{Deserialize, Serialize};

use crate::world::EventName;

/// What shall happen to the next events of a kind on their way to bots. As JSON it is the body of
/// `POST /control/gateway/event-faults`; as Rust: `EventFault::twice("MESSAGE_CREATE")`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventFault {
    /// The event's name, such as `MESSAGE_CREATE`.
    pub event: String,
    /// How many events to affect; 1 by default.
    #[serde(default = "once")]
    pub times: u32,
    /// How often the event is repeated, right after itself.
    #[serde(default)]
    pub copies: u32,
    /// How many later events are sent before this event.
    #[serde(default)]
    pub behind: u32,
}

const fn once() -> u32 {
    1
}

/// The highest number that is accepted. More would only fill memory.
const MOST: u32 = 100;

impl EventFault {
    /// The next such event comes twice.
    pub fn twice(event: &str) -> Self {
        Self {
            event: event.to_owned(),
            times: 1,
            copies: 1,
            behind: 0,
        }
    }

    /// The next such event comes after this many later events.
    pub fn late(event: &str, behind: u32) -> Self {
        Self {
            copies: 0,
            behind,
            ..Self::twice(event)
        }
    }

    /// Strikes this many events instead of one.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = times;
        self
    }

    /// Checks that the fault makes sense. The error says what is wrong, and what would be right.
    pub fn check(&self) -> Result<(), String> {
        let known = EventName::ALL.iter().find(|e| e.as_str() == self.event);
        let Some(known) = known else {
            return Err(format!(
                "`event` is {:?}: bots are sent no such event",
                self.event
            ));
        };
        if !may_be_faulty(*known) {
            return Err(format!(
                "`event` is {}: it comes once and at its time",
                self.event
            ));
        }
        if self.times == 0 {
            return Err("`times` is 0: it must be at least 1".to_owned());
        }
        if *known == EventName::InteractionCreate && self.behind > 0 {
            return Err(format!("`event` is {}: it comes at its time", self.event));
        }
        if (self.copies == 0) == (self.behind == 0) {
            return Err("a fault needs either `copies` or `behind`".to_owned());
        }
        if self.copies > MOST || self.behind > MOST {
            return Err(format!("`copies` and `behind` are at most {MOST}"));
        }
        Ok(())
    }
}

/// Excludes `GUILD_CREATE` and `GUILD_DELETE`, without which a server's events make no sense, and events for
/// people's clients only.
fn may_be_faulty(name: EventName) -> bool {
    use EventName as E;
    !matches!(
        name,
        E::InteractionSuccess
            | E::InteractionFailure
            | E::InteractionModalCreate
            | E::Resync
            | E::GuildCreate
            | E::GuildDelete
    )
}

/// The event faults that still wait for an event.
#[derive(Default)]
pub(crate) struct EventFaults(Vec<EventFault>);

impl EventFaults {
    pub(crate) fn add(&mut self, fault: EventFault) {
        self.0.push(fault);
    }

    pub(crate) fn list(&self) -> &[EventFault] {
        &self.0
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// The oldest fault that matches this event. It then affects one event less.
    pub(crate) fn take(&mut self, name: EventName) -> Option<EventFault> {
        let at = self.0.iter().position(|t| t.event == name.as_str())?;
        let fault = &mut self.0[at];
        fault.times = fault.times.saturating_sub(1);
        let taken = fault.clone();
        if taken.times == 0 {
            self.0.remove(at);
        }
        Some(taken)
    }
}

/// Events of one session that are held back.
#[derive(Default)]
pub(crate) struct HeldBack(Vec<Held>);

struct Held {
    /// How many other events are sent first.
    behind: u32,
    event: (&'static str, serde_json::Value),
}

impl HeldBack {
    pub(crate) fn add(&mut self, behind: u32, name: &'static str, data: serde_json::Value) {
        self.0.push(Held {
            behind,
            event: (name, data),
        });
    }

    /// Counts another event that was sent. Returns the events that are due now.
    pub(crate) fn another_went(&mut self) -> Vec<(&'static str, serde_json::Value)> {
        for held in &mut self.0 {
            held.behind = held.behind.saturating_sub(1);
        }
        let due = self.0.extract_if(.., |held| held.behind == 0);
        due.map(|held| held.event).collect()
    }

    /// Returns all events, oldest first.
    pub(crate) fn release(&mut self) -> Vec<(&'static str, serde_json::Value)> {
        self.0.drain(..).map(|held| held.event).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_be_is_faulty() {
        for (fault, wrong) in [
            (EventFault::twice("MESSAGE_CREATE"), None),
            (EventFault::late("THREAD_MEMBERS_UPDATE", 2).times(3), None),
            (EventFault::twice("INTERACTION_CREATE"), None),
            (
                EventFault::late("INTERACTION_CREATE", 1),
                Some("comes at its time"),
            ),
            (EventFault::twice("GUILD_CREATE"), Some("comes once")),
            (EventFault::twice("RESYNC"), Some("comes once")),
            (EventFault::twice("READY"), Some("no such event")),
            (
                EventFault::twice("MESSAGE_CREATE").times(0),
                Some("`times` is 0"),
            ),
            (EventFault::late("MESSAGE_CREATE", 0), Some("either")),
            (
                EventFault {
                    behind: 1,
                    ..EventFault::twice("MESSAGE_CREATE")
                },
                Some("either"),
            ),
            (EventFault::late("MESSAGE_CREATE", 101), Some("at most 100")),
        ] {
            let found = fault.check();
            match wrong {
                None => assert_eq!(found, Ok(()), "{fault:?}"),
                Some(wrong) => assert!(found.unwrap_err().contains(wrong), "{fault:?}"),
            }
        }
    }

    #[test]
    fn an_event_fault_counts_down() {
        let mut event_faults = EventFaults::default();
        event_faults.add(EventFault::twice("MESSAGE_CREATE").times(2));
        assert_eq!(event_faults.take(EventName::MessageDelete), None);
        assert_eq!(
            event_faults.take(EventName::MessageCreate).unwrap().times,
            1
        );
        assert_eq!(
            event_faults.take(EventName::MessageCreate).unwrap().times,
            0
        );
        assert_eq!(event_faults.take(EventName::MessageCreate), None);
        assert!(event_faults.list().is_empty());
    }

    #[test]
    fn what_is_held_back_comes_after_so_many_others() {
        let mut held = HeldBack::default();
        held.add(2, "A", 1.into());
        held.add(1, "B", 2.into());
        held.add(9, "C", 3.into());
        assert_eq!(held.another_went(), [("B", 2.into())]);
        assert_eq!(held.another_went(), [("A", 1.into())]);
        assert_eq!(held.another_went(), []);
        assert_eq!(held.release(), [("C", 3.into())]);
        assert_eq!(held.release(), []);
    }
}
