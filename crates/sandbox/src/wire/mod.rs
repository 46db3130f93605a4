//! The JSON of Discord's objects and dispatches, and what is read from JSON.

pub mod read;

use serde_json::Value;

use crate::id::{ChannelId, GuildId, InteractionId, UserId};
use crate::world::model::{Command, Member, Message, Place, Role, User};
use crate::world::{Event, Intents, ThreadMember, World};
use crate::id::Timestamp;

#[allow(unused)]
/// What one receiver gets of an event, or `None` if it may not know. `intents: None` is a person's client.
pub fn dispatch(world: &World, now: Timestamp, event: &Event, to: UserId, intents: Option<Intents>) -> Option<Value> { todo!() }
/// The `d` of READY, with the servers of this shard. `shard` is (number, of how many).
#[allow(unused)]
pub fn ready(world: &World, bot: UserId, session_id: &str, resume_url: &str, shard: (u64, u64)) -> Value { todo!() }
/// The `d` of GUILD_CREATE for one receiver.
#[allow(unused)]
pub fn guild_create(world: &World, now: Timestamp, guild: GuildId, to: UserId, intents: Option<Intents>) -> Option<Value> { todo!() }
#[allow(unused)]
pub fn user(user: &User) -> Value { todo!() }
/// A member with its `user`.
#[allow(unused)]
pub fn member(world: &World, member: &Member) -> Value { todo!() }
#[allow(unused)]
pub fn role(guild: GuildId, role: &Role) -> Value { todo!() }
#[allow(unused)]
pub fn message(world: &World, message: &Message) -> Value { todo!() }
/// A channel or a thread.
#[allow(unused)]
pub fn channel(place: Place<'_>) -> Value { todo!() }
/// A channel or a thread with this person's `permissions` and `joined`.
#[allow(unused)]
pub fn channel_for(world: &World, now: Timestamp, place: Place<'_>, person: UserId) -> Value { todo!() }
/// A server in the shape of the control API's `view`.
#[allow(unused)]
pub fn guild_view(world: &World, now: Timestamp, guild: GuildId, person: UserId) -> Option<Value> { todo!() }
#[allow(unused)]
pub fn thread_member(world: &World, member: &ThreadMember, with_member: bool) -> Value { todo!() }
/// A command with all its localisations.
#[allow(unused)]
pub fn command(command: &Command) -> Value { todo!() }
/// `{id, state, message?, modal?}` of the control API.
#[allow(unused)]
pub fn interaction_view(world: &World, id: InteractionId) -> Option<Value> { todo!() }
