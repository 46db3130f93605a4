//! Nobody clicks in the millisecond in which a message appears.

use std::time::Duration;

use serde_json::Value;

use super::act::Actor;
use crate::id::{ChannelId, MessageId};

/// Somebody quick takes longer than this. A test that clicks as soon as there is a message would
/// otherwise reach the bot before its library has read the answer to the call that sent it.
const QUICKEST: Duration = Duration::from_millis(25);

impl Actor<'_> {
    /// Waits until the message that `body` is about has been there for a moment.
    pub(crate) async fn look_before_clicking(self, body: &Value) {
        if let Some(left) = self.time_to_look(body) {
            tokio::time::sleep(left).await;
        }
    }

    /// Waits as long as the quickest need to fill in a modal. Some libraries register it only once
    /// they have read the response to the call that opened it.
    pub(crate) async fn fill_in(self, body: &Value) {
        if body["dismiss"] != true {
            tokio::time::sleep(QUICKEST).await;
        }
    }

    fn time_to_look(self, body: &Value) -> Option<Duration> {
        let channel = ChannelId::from_json(&body["channel_id"])?;
        let message = MessageId::from_json(&body["message_id"])?;
        let shown = self.hub.look(|world| {
            let found = world.message(channel, message)?;
            Some(found.edited.unwrap_or(found.timestamp))
        })?;
        let since = self.hub.now().since(shown);
        let since = Duration::from_millis(since.max(0).unsigned_abs());
        QUICKEST.checked_sub(since)
    }
}
