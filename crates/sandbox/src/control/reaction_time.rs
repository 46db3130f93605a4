//! Delays actions a little, because no person reacts in the same millisecond.

use std::time::Duration;

use serde_json::Value;

use super::act::Actor;
use crate::id::{ChannelId, MessageId};

/// The shortest reaction time of a person. Without it, a click could reach the bot before the bot's library
/// has read the response to the call that sent the message.
const QUICKEST: Duration = Duration::from_millis(25);

impl Actor<'_> {
    /// Waits until the message in `body` has been visible for the reaction time.
    pub(crate) async fn look_before_clicking(self, body: &Value) {
        if let Some(left) = self.time_to_look(body) {
            tokio::time::sleep(left).await;
        }
    }

    /// Waits for the reaction time before a modal is submitted. Some libraries register a modal only after
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
