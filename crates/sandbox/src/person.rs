//! Acting and reading as a person. Every method does the same as the control API.
#![expect(
    clippy::unused_async,
    reason = "a test reads the same whether an action waits for the bot or not"
)]

mod interactions;
mod messages;
mod server;
mod threads;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use crate::control::act::Actor;
use crate::control::{ControlError, look};
use crate::hub::Hub;
use crate::id::{ChannelId, GuildId, InteractionId, UserId};
use crate::sandbox::Error;
use crate::views::{Channel, Message};
use crate::world::draft::{Page, Start};

/// A response that is still "thinking" after this time will never be completed.
const WHILE_ITS_TOKEN_LASTS: Duration = Duration::from_secs(15 * 60);

/// Somebody in the sandbox. A method fails if Discord would refuse the action.
#[derive(Clone)]
pub struct Person {
    hub: Arc<Hub>,
    id: UserId,
}

/// Reading.
impl Person {
    pub fn id(&self) -> UserId {
        self.id
    }

    /// All that the person's client knows: `{me, guilds: [...]}`, as CONTROL.md has it.
    pub async fn view(&self) -> Result<Value, Error> {
        Ok(look::view(&self.hub, self.id)?)
    }

    /// A channel or a thread.
    pub async fn channel(&self, channel: ChannelId) -> Result<Channel, Error> {
        Ok(Channel(look::channel(&self.hub, self.id, channel)?))
    }

    /// The channel with this name, if the person can see it.
    pub async fn channel_named(&self, name: &str) -> Result<Channel, Error> {
        let view = self.view().await?;
        let channels = view["guilds"].as_array().into_iter().flatten();
        let mut channels = channels
            .filter_map(|guild| guild["channels"].as_array())
            .flatten();
        let found = channels
            .find(|channel| channel["name"] == name)
            .cloned()
            .map(Channel);
        let unknown = || ControlError::Unknown(format!("{self:?} sees no channel #{name}"));
        Ok(found.ok_or_else(unknown)?)
    }

    /// The newest 100 messages that the person sees, newest first, with their ephemeral ones.
    pub async fn messages(&self, channel: ChannelId) -> Result<Vec<Message>, Error> {
        let page = Page {
            start: Start::Newest,
            limit: 100,
        };
        Ok(items(
            look::messages(&self.hub, self.id, channel, page)?,
            Message,
        ))
    }

    /// The active threads that the person sees, in all their servers.
    pub async fn threads(&self) -> Result<Vec<Channel>, Error> {
        let view = self.view().await?;
        let guilds = view["guilds"].as_array().into_iter().flatten();
        let threads = guilds
            .filter_map(|guild| guild["threads"].as_array())
            .flatten();
        Ok(threads.cloned().map(Channel).collect())
    }

    /// The archived threads under a channel that the person sees, newest first.
    pub async fn archived_threads(&self, channel: ChannelId) -> Result<Vec<Channel>, Error> {
        let mut list = look::threads(&self.hub, self.id, channel, true)?;
        Ok(items(list["threads"].take(), Channel))
    }

    /// The members of a thread.
    pub async fn thread_members(&self, thread: ChannelId) -> Result<Vec<UserId>, Error> {
        let members = look::thread_members(&self.hub, self.id, thread)?;
        let members = members.as_array().into_iter().flatten();
        Ok(members
            .filter_map(|member| UserId::from_json(&member["user_id"]))
            .collect())
    }

    /// The commands that the person may use in the default server, with all localisations.
    pub async fn commands(&self) -> Result<Vec<Value>, Error> {
        Ok(items(
            look::commands(&self.hub, self.id, self.guild())?,
            |command| command,
        ))
    }

    fn actor(&self) -> Actor<'_> {
        Actor {
            hub: &self.hub,
            id: self.id,
        }
    }

    fn guild(&self) -> GuildId {
        self.hub.look(|world| world.defaults().guild)
    }

    fn guild_of(&self, channel: ChannelId) -> Result<GuildId, Error> {
        let guild = self.hub.look(|world| Some(world.place(channel)?.guild()));
        let unknown = || ControlError::Unknown(format!("there is no channel {channel}"));
        Ok(guild.ok_or_else(unknown)?)
    }

    pub(crate) fn new(hub: Arc<Hub>, id: UserId) -> Self {
        Self { hub, id }
    }
}

impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self
            .hub
            .look(|w| w.user(self.id).map(|user| user.display_name().to_owned()));
        write!(f, "{} ({})", name.as_deref().unwrap_or("nobody"), self.id)
    }
}

/// The id of an interaction that was sent to the bot.
fn sent(answer: Result<Value, ControlError>) -> Result<InteractionId, Error> {
    let answer = answer?;
    let id = InteractionId::from_json(&answer["id"]);
    Ok(id.ok_or_else(|| ControlError::wrong(format!("the interaction has no id: {answer}")))?)
}

fn done(answer: Result<Value, ControlError>) -> Result<(), Error> {
    Ok(answer.map(drop)?)
}

fn items<T>(list: Value, wrap: impl Fn(Value) -> T) -> Vec<T> {
    match list {
        Value::Array(items) => items.into_iter().map(wrap).collect(),
        _ => Vec::new(),
    }
}
