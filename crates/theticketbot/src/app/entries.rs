//! Locks that serialize the changes of an inbox's message.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tickets::MessageId;
use tokio::sync;
use tokio::time::Instant;

/// The locks for changes of messages, and when each menu was last reset.
pub struct Entries {
    turns: [sync::Mutex<()>; 16],
    resets: Mutex<HashMap<MessageId, Instant>>,
}

impl Default for Entries {
    fn default() -> Self {
        Self {
            turns: std::array::from_fn(|_| sync::Mutex::default()),
            resets: Mutex::default(),
        }
    }
}

impl Entries {
    /// Changes of one message come one after the other.
    pub async fn turn(&self, message: MessageId) -> sync::MutexGuard<'_, ()> {
        let place = message.created_at().0.rem_euclid(16);
        self.turns[usize::try_from(place).unwrap_or(0)].lock().await
    }

    pub fn resets(&self) -> MutexGuard<'_, HashMap<MessageId, Instant>> {
        self.resets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
