//! The closed tickets that Discord listed a moment ago.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tickets::{ChannelId, Timestamp};

use crate::discord::Thread;

/// How long a list is reused, in milliseconds. Autocomplete needs the list for each letter that a member
/// types.
const FRESH_FOR: i64 = 60_000;

/// The newest archived threads of channels, and single threads by their own id, as Discord returned them a
/// moment ago.
#[derive(Default)]
pub struct Archived(Mutex<HashMap<ChannelId, (Timestamp, Vec<Thread>)>>);

impl Archived {
    pub fn fresh(&self, about: ChannelId, now: Timestamp) -> Option<Vec<Thread>> {
        let mut lists = self.lock();
        lists.retain(|_, (at, _)| now.since(*at) < FRESH_FOR);
        lists.get(&about).map(|(_, threads)| threads.clone())
    }

    pub fn keep(&self, about: ChannelId, now: Timestamp, threads: Vec<Thread>) {
        self.lock().insert(about, (now, threads));
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<ChannelId, (Timestamp, Vec<Thread>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
