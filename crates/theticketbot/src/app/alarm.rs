//! When the timer for what is due must not be late or early.

use std::sync::{Mutex, PoisonError};

use tickets::Timestamp;
use tokio::sync::Notify;

/// After the bot came online, nothing happens for so long: what was missed is read first, and whoever
/// was away with it has time to answer. In milliseconds.
const AFTER_ONLINE: i64 = 10 * 60 * 1000;

/// What the timer needs to know besides the database.
#[derive(Default)]
pub struct Alarm {
    changed: Notify,
    online: Mutex<Option<Timestamp>>,
}

impl Alarm {
    /// Something may be due earlier than the timer knows.
    pub fn set_again(&self) {
        self.changed.notify_one();
    }

    /// Waits for that.
    pub async fn changed(&self) {
        self.changed.notified().await;
    }

    /// A session began, and perhaps events were missed.
    pub fn is_online(&self, now: Timestamp) {
        let mut online = self.online.lock().unwrap_or_else(PoisonError::into_inner);
        *online = Some(now);
    }

    /// Nothing may happen before.
    pub fn not_before(&self) -> Option<Timestamp> {
        let online = self.online.lock().unwrap_or_else(PoisonError::into_inner);
        online.map(|since| since.plus(AFTER_ONLINE))
    }
}
