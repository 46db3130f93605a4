//! Discord's time, from the `Date` headers of its responses. It does not depend on this machine's clock.

use std::sync::{Mutex, PoisonError};

use hyper::HeaderMap;
use hyper::header::DATE;
use tickets::Timestamp;
use tokio::sync::watch;
use tokio::time::Instant;

/// In milliseconds: `Date` has whole seconds, and a response takes time. A smaller difference is ignored.
const TOLERANCE: u64 = 3_000;

/// The last time that differed from the expected one.
#[derive(Default)]
pub(in crate::discord) struct Clock {
    known: Mutex<Option<(Instant, Timestamp)>>,
    /// How often the time differed from the expected one.
    moves: watch::Sender<u64>,
}

impl Clock {
    /// Reads the time of a response.
    pub(super) fn note(&self, headers: &HeaderMap) {
        let date = headers.get(DATE).and_then(|date| date.to_str().ok());
        let Some(date) = date.and_then(|date| httpdate::parse_http_date(date).ok()) else {
            return;
        };
        let since = date.duration_since(std::time::UNIX_EPOCH);
        let millis = since.unwrap_or_default().as_millis();
        let says = Timestamp(i64::try_from(millis).unwrap_or(i64::MAX));
        if self
            .now()
            .is_some_and(|now| says.since(now).unsigned_abs() <= TOLERANCE)
        {
            return;
        }
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        *known = Some((Instant::now(), says));
        drop(known);
        self.moves.send_modify(|moves| *moves += 1);
    }

    /// The present time of Discord's clock. `None` before the first response.
    pub(in crate::discord) fn now(&self) -> Option<Timestamp> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let (then, says) = (*known)?;
        let passed = i64::try_from(then.elapsed().as_millis()).unwrap_or(i64::MAX);
        Some(says.plus(passed))
    }

    /// Changes each time that Discord's clock differs from the expected time.
    pub(in crate::discord) fn moves(&self) -> watch::Receiver<u64> {
        self.moves.subscribe()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use hyper::header::HeaderValue;
    use tokio::time::advance;

    use super::*;

    fn says(date: &'static str) -> HeaderMap {
        [(DATE, HeaderValue::from_static(date))]
            .into_iter()
            .collect()
    }

    /// Seconds since the Unix epoch.
    fn shows(clock: &Clock) -> Option<i64> {
        clock.now().map(Timestamp::unix_seconds)
    }

    #[tokio::test(start_paused = true)]
    async fn it_goes_on_between_two_responses() {
        let clock = Clock::default();
        assert_eq!(shows(&clock), None);
        clock.note(&says("Sun, 06 Nov 1994 08:49:37 GMT"));
        assert_eq!(shows(&clock), Some(784_111_777));
        advance(Duration::from_secs(60)).await;
        assert_eq!(shows(&clock), Some(784_111_837));
        // A difference of a second is ignored.
        clock.note(&says("Sun, 06 Nov 1994 08:50:38 GMT"));
        assert_eq!(shows(&clock), Some(784_111_837));
    }

    #[tokio::test(start_paused = true)]
    async fn it_follows_discord_in_both_directions() {
        let clock = Clock::default();
        clock.note(&says("Sun, 06 Nov 1994 08:49:37 GMT"));
        let moves = clock.moves();
        assert_eq!(*moves.borrow(), 1);
        for date in [
            "Sun, 06 Nov 1994 10:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:37 GMT",
        ] {
            clock.note(&says(date));
        }
        assert_eq!(*moves.borrow(), 3);
        assert_eq!(shows(&clock), Some(784_111_777));
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_no_date_changes_nothing() {
        let clock = Clock::default();
        clock.note(&HeaderMap::new());
        clock.note(&says("yesterday"));
        assert_eq!(shows(&clock), None);
    }
}
