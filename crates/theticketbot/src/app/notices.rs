//! The state of tickets' notices that only a running bot has.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tickets::ChannelId;
use tickets::notice::BETWEEN_EDITS;
use tokio::time::Instant;

/// The state of notices that is not stored.
#[derive(Default)]
pub struct Notices(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    /// Tickets whose notices were certainly never sent.
    unsent: HashSet<ChannelId>,
    /// When a notice of a channel was changed last, if that is not long ago.
    changed: HashMap<ChannelId, Instant>,
}

impl Notices {
    /// Notes that a ticket was just opened, so the bot need not search for its notice.
    pub fn note_new(&self, ticket: ChannelId) {
        self.lock().unsent.insert(ticket);
    }

    /// Whether a ticket's notice was certainly never sent. From now on it may have been.
    pub fn take_unsent(&self, ticket: ChannelId) -> bool {
        self.lock().unsent.remove(&ticket)
    }

    /// When the next notice of this channel may be edited. `None` is now, and then the bot must edit it now.
    pub fn must_wait(&self, channel: ChannelId) -> Option<Instant> {
        const PAUSE: Duration = Duration::from_millis(BETWEEN_EDITS);
        let now = Instant::now();
        let mut inner = self.lock();
        inner.changed.retain(|_, at| *at + PAUSE > now);
        let wait = inner.changed.get(&channel).map(|at| *at + PAUSE);
        if wait.is_none() {
            inner.changed.insert(channel, now);
        }
        wait
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHANNEL: ChannelId = ChannelId(12);
    const OTHER: ChannelId = ChannelId(13);

    #[tokio::test(start_paused = true)]
    async fn the_notices_of_a_channel_share_one_edit_in_three_seconds() {
        let notices = Notices::default();
        let start = Instant::now();
        assert_eq!(notices.must_wait(CHANNEL), None);
        assert_eq!(notices.must_wait(OTHER), None);
        let next = start + Duration::from_secs(3);
        assert_eq!(notices.must_wait(CHANNEL), Some(next));
        tokio::time::advance(Duration::from_millis(2_999)).await;
        assert_eq!(notices.must_wait(CHANNEL), Some(next));
        tokio::time::advance(Duration::from_millis(1)).await;
        assert_eq!(notices.must_wait(CHANNEL), None);
        assert_eq!(
            notices.must_wait(CHANNEL),
            Some(next + Duration::from_secs(3))
        );
    }

    #[test]
    fn only_a_new_notice_was_certainly_never_sent() {
        let notices = Notices::default();
        assert!(!notices.take_unsent(CHANNEL));
        notices.note_new(CHANNEL);
        assert!(notices.take_unsent(CHANNEL));
        assert!(!notices.take_unsent(CHANNEL));
    }
}
