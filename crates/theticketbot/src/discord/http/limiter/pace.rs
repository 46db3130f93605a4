//! Limits how many calls are made in a time: Discord's global limit of a bot, and a brake after many invalid
//! responses. Time is an argument.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

use super::bucket::When;

/// Source: Discord's documentation, "Rate Limits", Global Rate Limit.
const MOST: usize = 50;
const WINDOW: Duration = Duration::from_secs(1);

/// After this long, a call has certainly arrived, even without a response.
const ARRIVAL: Duration = Duration::from_secs(1);

/// Allows 50 calls in any second at Discord, however long a call takes to arrive: each call holds one of 50
/// slots from when it is sent until a second after its response.
#[derive(Debug)]
pub(super) struct Global {
    /// The number of slots: all, or this process's share in a cluster.
    most: usize,
    /// The number of each used slot, and when it is free again.
    used: VecDeque<(u64, Instant)>,
    last: u64,
}

impl Default for Global {
    fn default() -> Self {
        Self {
            most: MOST,
            used: VecDeque::new(),
            last: 0,
        }
    }
}

impl Global {
    /// Sets the number of slots to the share of these shards, rounded down, but at least one.
    #[cfg(feature = "postgres")]
    pub(super) fn take_share(&mut self, shards: u32, total: u32) {
        let (shards, total) = (shards as usize, total.max(1) as usize);
        self.most = (MOST * shards.min(total) / total).max(1);
    }

    pub(super) fn when(&mut self, now: Instant) -> When {
        self.used.retain(|(_, free)| *free > now);
        if self.used.len() < self.most {
            return When::Now;
        }
        let next = self.used.iter().map(|(_, free)| *free).min();
        next.map_or(When::Now, When::At)
    }

    pub(super) fn take(&mut self, now: Instant) -> u64 {
        self.last += 1;
        self.used.push_back((self.last, now + ARRIVAL + WINDOW));
        self.last
    }

    pub(super) fn answered(&mut self, slot: u64, now: Instant) {
        for (number, free) in &mut self.used {
            if *number == slot {
                *free = (*free).min(now + WINDOW);
            }
        }
    }

    /// Frees the slot of a call that was not sent.
    pub(super) fn give_back(&mut self, slot: u64) {
        self.used.retain(|(number, _)| *number != slot);
    }
}

/// Invalid responses are counted in spans of this length.
const SPAN: Duration = Duration::from_secs(10);
/// How many spans are remembered: ten minutes, and the one that has begun.
/// Source: Discord's documentation, "Invalid Request Limit": 10,000 in ten minutes.
const SPANS: usize = 61;

/// After this many invalid responses, the bot leaves this much time between two calls. So ten minutes contain
/// at most 2,000 without the brake, then 3,000 at 5 a second, then 600 at one a second.
const BRAKES: [(u32, Duration); 2] = [
    (5000, Duration::from_secs(1)),
    (2000, Duration::from_millis(200)),
];

/// Counts the responses with 401, 403 and 429 of the last ten minutes.
#[derive(Debug, Default)]
pub(super) struct Invalid {
    /// When each span began, and how many responses it has.
    spans: VecDeque<(Instant, u32)>,
    last_call: Option<Instant>,
}

impl Invalid {
    pub(super) fn count(&mut self, now: Instant) {
        match self.spans.back_mut() {
            Some((began, count)) if now < *began + SPAN => *count += 1,
            _ => self.spans.push_back((now, 1)),
        }
        self.forget(now);
    }

    pub(super) fn when(&mut self, now: Instant) -> When {
        let Some(distance) = self.brake(now) else {
            return When::Now;
        };
        match self.last_call {
            Some(last) if last + distance > now => When::At(last + distance),
            _ => When::Now,
        }
    }

    pub(super) fn called(&mut self, now: Instant) {
        self.last_call = Some(now);
    }

    /// The time that must be between two calls now.
    pub(super) fn brake(&mut self, now: Instant) -> Option<Duration> {
        self.forget(now);
        let count = self.total();
        let brake = BRAKES.iter().find(|(from, _)| count >= *from);
        brake.map(|(_, distance)| *distance)
    }

    pub(super) fn total(&self) -> u32 {
        self.spans.iter().map(|(_, count)| count).sum()
    }

    fn forget(&mut self, now: Instant) {
        let kept = SPAN * u32::try_from(SPANS).unwrap_or(u32::MAX);
        while self
            .spans
            .front()
            .is_some_and(|(began, _)| *began + kept <= now)
        {
            self.spans.pop_front();
        }
    }
}
