//! What a person does with threads.

use serde_json::json;

use super::{Person, done};
use crate::id::{ChannelId, MessageId, UserId};
use crate::sandbox::Error;
use crate::views::Channel;

impl Person {
    pub async fn create_thread(
        &self,
        channel: ChannelId,
        name: &str,
        private: bool,
    ) -> Result<Channel, Error> {
        let kind = if private { 12 } else { 11 };
        let body = json!({"name": name, "type": kind});
        Ok(Channel(self.actor().create_thread(channel, &body)?))
    }

    /// Creates a public thread from a message. Everybody who can see the channel can see it.
    pub async fn create_thread_from(
        &self,
        channel: ChannelId,
        message: MessageId,
        name: &str,
    ) -> Result<Channel, Error> {
        let body = json!({"name": name});
        let made = self.actor().create_thread_from(channel, message, &body)?;
        Ok(Channel(made))
    }

    /// Many threads at once: `name 1`, `name 2`, …. A server has room for 1,000 active ones.
    pub async fn create_threads(
        &self,
        channel: ChannelId,
        name: &str,
        private: bool,
        count: u32,
    ) -> Result<Vec<Channel>, Error> {
        let kind = if private { 12 } else { 11 };
        let body = json!({"name": name, "type": kind, "count": count});
        let made = self.actor().create_thread(channel, &body)?;
        let made = made.as_array().into_iter().flatten();
        Ok(made.cloned().map(Channel).collect())
    }

    pub async fn join(&self, thread: ChannelId) -> Result<(), Error> {
        self.add(thread, self.id).await
    }

    pub async fn leave(&self, thread: ChannelId) -> Result<(), Error> {
        self.remove(thread, self.id).await
    }

    /// Adds somebody to a thread.
    pub async fn add(&self, thread: ChannelId, user: UserId) -> Result<(), Error> {
        done(self.actor().add_to_thread(thread, user))
    }

    /// Removes somebody from a thread.
    pub async fn remove(&self, thread: ChannelId, user: UserId) -> Result<(), Error> {
        done(self.actor().remove_from_thread(thread, user))
    }

    pub async fn archive(&self, thread: ChannelId) -> Result<Channel, Error> {
        self.edit_channel(thread, json!({"archived": true})).await
    }

    /// Unarchives a thread.
    pub async fn reopen(&self, thread: ChannelId) -> Result<Channel, Error> {
        self.edit_channel(thread, json!({"archived": false})).await
    }

    pub async fn lock(&self, thread: ChannelId) -> Result<Channel, Error> {
        self.edit_channel(thread, json!({"locked": true})).await
    }

    pub async fn unlock(&self, thread: ChannelId) -> Result<Channel, Error> {
        self.edit_channel(thread, json!({"locked": false})).await
    }

    pub async fn rename(&self, channel: ChannelId, name: &str) -> Result<Channel, Error> {
        self.edit_channel(channel, json!({"name": name})).await
    }
}
