//! One of Discord's buckets: how many calls it still allows, and until when.
//!
//! Discord counts calls in windows, and each response says how many are left. The bot counts its own
//! calls, so that concurrent calls never exceed a limit. Until the first response has the limit, one
//! call is made at a time. Time is an argument.

use std::time::Duration;

use tokio::time::Instant;

use crate::discord::http::answer::Quota;

/// What is known about the limit of a route.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Limit {
    /// No response has named it yet.
    #[default]
    Unknown,
    /// The responses have no headers about limits.
    None,
    /// How many calls fit in a window of this length.
    Known { most: u32, window: Duration },
}

/// When a call may be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    Now,
    /// Not before this moment.
    At(Instant),
    /// When a response to an earlier call has come.
    Later,
}

#[derive(Debug, Default)]
pub(super) struct Bucket {
    limit: Limit,
    /// How many more calls fit into the window.
    remaining: u32,
    /// When the window ends. `None` if no call has begun one.
    resets: Option<Instant>,
    /// Whether `resets` is only what earlier windows suggest.
    is_guess: bool,
    /// Until when Discord refuses all calls.
    blocked: Option<Instant>,
    in_flight: u32,
}

impl Bucket {
    /// A bucket about which only its route's limit is known.
    pub(super) fn new(limit: Limit) -> Self {
        Self {
            limit,
            remaining: most(limit),
            ..Self::default()
        }
    }

    pub(super) fn when(&mut self, now: Instant) -> When {
        self.refresh(now);
        if let Some(blocked) = self.blocked {
            return When::At(blocked);
        }
        match self.limit {
            Limit::None => When::Now,
            Limit::Unknown if self.in_flight == 0 => When::Now,
            Limit::Unknown => When::Later,
            Limit::Known { .. } if self.remaining > 0 => When::Now,
            Limit::Known { .. } => self.resets.map_or(When::Later, When::At),
        }
    }

    /// A call is about to be made.
    pub(super) fn take(&mut self, now: Instant) {
        self.refresh(now);
        self.in_flight += 1;
        if let Limit::Known { window, .. } = self.limit {
            self.remaining = self.remaining.saturating_sub(1);
            if self.resets.is_none() {
                self.resets = now.checked_add(window);
                self.is_guess = true;
            }
        }
    }

    /// A response has come. `quota` is what its headers say; `has_none` if there were none, although
    /// Discord itself took the call.
    pub(super) fn answered(&mut self, now: Instant, quota: Option<&Quota>, has_none: bool) {
        self.in_flight = self.in_flight.saturating_sub(1);
        self.refresh(now);
        let Some(quota) = quota else {
            if has_none {
                self.limit = Limit::None;
            }
            return;
        };
        let Some(announced) = now.checked_add(quota.reset_after) else {
            return;
        };
        let window = match self.limit {
            Limit::Known { window, .. } => window.max(quota.reset_after),
            Limit::Unknown | Limit::None => quota.reset_after,
        };
        let was_counting = matches!(self.limit, Limit::Known { .. });
        self.limit = Limit::Known {
            most: quota.limit,
            window,
        };
        // Other calls may be on their way that Discord has not counted yet.
        let left = quota.remaining.saturating_sub(self.in_flight);
        match self.resets {
            // The call belongs to a window that is over.
            Some(resets) if was_counting && announced + window / 2 < resets => {}
            Some(resets) if was_counting && announced < resets + window / 2 => {
                self.remaining = self.remaining.min(quota.remaining);
                if self.is_guess || announced > resets {
                    self.resets = Some(announced);
                }
            }
            // The call has begun a window.
            _ => {
                self.remaining = left;
                self.resets = Some(announced);
            }
        }
        self.is_guess = false;
    }

    /// No response has come. The call counts unless it was never sent.
    pub(super) fn unanswered(&mut self, now: Instant, was_sent: bool) {
        self.in_flight = self.in_flight.saturating_sub(1);
        if !was_sent {
            self.remaining = self.remaining.saturating_add(1).min(most(self.limit));
        }
        self.refresh(now);
    }

    /// Discord refuses all calls until then.
    pub(super) fn block(&mut self, until: Instant) {
        self.blocked = self.blocked.max(Some(until));
    }

    /// Whether a new bucket would allow the same.
    pub(super) fn is_idle(&mut self, now: Instant) -> bool {
        self.refresh(now);
        self.in_flight == 0 && self.resets.is_none() && self.blocked.is_none()
    }

    pub(super) fn limit(&self) -> Limit {
        self.limit
    }

    fn refresh(&mut self, now: Instant) {
        if self.blocked.is_some_and(|until| until <= now) {
            self.blocked = None;
            self.resets = None;
        }
        if self.resets.is_some_and(|resets| resets <= now) {
            self.resets = None;
        }
        if self.resets.is_none() {
            // Calls whose response is missing may count in the next window.
            self.remaining = most(self.limit).saturating_sub(self.in_flight);
        }
    }
}

fn most(limit: Limit) -> u32 {
    match limit {
        Limit::Known { most, .. } => most,
        Limit::Unknown | Limit::None => 0,
    }
}
