//! One of Discord's buckets: how many more calls it allows, and until when.
//!
//! Discord counts calls in windows, and each response states how many calls are left. The bot counts its own
//! calls, so that concurrent calls never exceed a limit. Until the first response states the limit, calls are
//! made one at a time. Time is an argument.

use std::time::Duration;

use tokio::time::Instant;

use crate::discord::http::answer::Quota;

/// What is known about the limit of a route.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Limit {
    /// No response has stated it yet.
    #[default]
    Unknown,
    /// Discord's responses have no rate limit headers.
    None,
    /// A window of this length allows `most` calls.
    Known { most: u32, window: Duration },
}

/// When a call may be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    Now,
    /// Not before this moment.
    At(Instant),
    /// After the response to an earlier call.
    Later,
}

#[derive(Debug, Default)]
pub(super) struct Bucket {
    limit: Limit,
    /// How many more calls the present window allows.
    remaining: u32,
    /// When the window ends. `None` if no call has begun a window.
    resets: Option<Instant>,
    /// Whether `resets` is an estimate from the length of earlier windows.
    is_guess: bool,
    /// Until when Discord refuses every call.
    blocked: Option<Instant>,
    in_flight: u32,
}

impl Bucket {
    /// A bucket with its route's limit and no calls.
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

    /// Counts a call that is about to be made.
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

    /// Handles a response. `quota` is from its headers. `has_none` means that the response has no rate limit
    /// headers although Discord accepted the call.
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
        // Discord has not counted the other calls in flight yet.
        let left = quota.remaining.saturating_sub(self.in_flight);
        match self.resets {
            // The call was counted in an earlier window.
            Some(resets) if was_counting && announced + window / 2 < resets => {}
            Some(resets) if was_counting && announced < resets + window / 2 => {
                self.remaining = self.remaining.min(quota.remaining);
                if self.is_guess || announced > resets {
                    self.resets = Some(announced);
                }
            }
            // The call has begun a new window.
            _ => {
                self.remaining = left;
                self.resets = Some(announced);
            }
        }
        self.is_guess = false;
    }

    /// Handles a call without a response. It counts unless it was not sent.
    pub(super) fn unanswered(&mut self, now: Instant, was_sent: bool) {
        self.in_flight = self.in_flight.saturating_sub(1);
        if !was_sent {
            self.remaining = self.remaining.saturating_add(1).min(most(self.limit));
        }
        self.refresh(now);
    }

    /// Blocks the bucket: Discord refuses all of its calls until then.
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
            // Calls without a response yet may be counted in the next window.
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
