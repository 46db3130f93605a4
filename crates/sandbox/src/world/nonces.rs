//! The nonces of recent messages, so that a message that is sent twice is there once.

use std::collections::{HashMap, VecDeque};

use serde::{Deserialize, Serialize};

use super::kept::pairs;
use crate::id::{ChannelId, MessageId, Timestamp, UserId};

/// How long a nonce is remembered.
const MILLIS: i64 = 5 * 60_000;

type Key = (UserId, ChannelId, String);

#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Nonces {
    #[serde(with = "pairs")]
    messages: HashMap<Key, (MessageId, Timestamp)>,
    /// In the order in which they expire.
    order: VecDeque<(Timestamp, Key)>,
}

impl Nonces {
    pub(super) fn find(&self, now: Timestamp, key: &Key) -> Option<MessageId> {
        let (id, at) = self.messages.get(key)?;
        (now.since(*at) < MILLIS).then_some(*id)
    }

    pub(super) fn remember(&mut self, now: Timestamp, key: Key, message: MessageId) {
        while self
            .order
            .front()
            .is_some_and(|(at, _)| now.since(*at) >= MILLIS)
        {
            let Some((_, old)) = self.order.pop_front() else {
                break;
            };
            // The same nonce may have been used again since.
            if self
                .messages
                .get(&old)
                .is_some_and(|(_, at)| now.since(*at) >= MILLIS)
            {
                self.messages.remove(&old);
            }
        }
        self.order.push_back((now, key.clone()));
        self.messages.insert(key, (message, now));
    }
}
