//! What a person writes.

use serde_json::{Value, json};

use super::{Person, done};
use crate::id::{ChannelId, MessageId};
use crate::sandbox::Error;
use crate::views::Message;
use crate::wire::read::FilePart;

impl Person {
    /// Sends a message.
    pub async fn send(&self, channel: ChannelId, content: &str) -> Result<Message, Error> {
        self.send_json(channel, json!({"content": content})).await
    }

    /// Sends a message that has more than text, such as a `message_reference`: the body of
    /// `POST /control/people/{person}/channels/{channel}/messages`.
    pub async fn send_json(&self, channel: ChannelId, body: Value) -> Result<Message, Error> {
        Ok(Message(self.actor().send(channel, body)?))
    }

    /// Sends a message with files: each a name, a content type and the bytes.
    pub async fn upload(
        &self,
        channel: ChannelId,
        content: &str,
        files: &[(&str, &str, &[u8])],
    ) -> Result<Message, Error> {
        let parts = (0..)
            .zip(files)
            .map(|(index, (filename, content_type, data))| FilePart {
                index,
                filename: (*filename).to_owned(),
                content_type: Some((*content_type).to_owned()),
                data: (*data).into(),
            });
        let parts = parts.collect();
        Ok(Message(self.actor().send_with(
            channel,
            &json!({"content": content}),
            parts,
        )?))
    }

    /// Edits one of the person's own messages.
    pub async fn edit(
        &self,
        channel: ChannelId,
        message: MessageId,
        content: &str,
    ) -> Result<Message, Error> {
        Ok(Message(self.actor().edit(
            channel,
            message,
            &json!({"content": content}),
        )?))
    }

    /// Deletes a message, or dismisses an ephemeral one.
    pub async fn delete_message(
        &self,
        channel: ChannelId,
        message: MessageId,
    ) -> Result<(), Error> {
        done(self.actor().delete_message(channel, message))
    }

    /// Deletes several messages at once.
    pub async fn bulk_delete(
        &self,
        channel: ChannelId,
        messages: &[MessageId],
    ) -> Result<(), Error> {
        done(
            self.actor()
                .bulk_delete(channel, json!({"messages": messages})),
        )
    }

    /// Sends with the person's webhook in a channel: `{username?, content?, embeds?}`.
    pub async fn send_as_webhook(&self, channel: ChannelId, body: Value) -> Result<Message, Error> {
        Ok(Message(self.actor().send_as_webhook(channel, body)?))
    }
}
