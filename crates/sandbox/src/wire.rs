//! The JSON of Discord's objects and dispatches, and what is read from JSON.
//!
//! The world does not know the shapes of JSON, and nothing here changes the world.

pub(crate) mod audit;
mod command;
mod component;
mod dispatch;
pub(crate) mod emoji;
mod guild;
mod interaction;
pub(crate) mod invite;
mod message;
mod place;
pub(crate) mod read;
pub(crate) mod reading;

pub(crate) use command::{command, spec as command_spec};
pub(crate) use component::components;
pub(crate) use dispatch::{dispatch, missing_content};
pub(crate) use guild::{
    application, current_user, guild, guild_create, guild_view, member, ready, role, user,
};
pub(crate) use interaction::{callback, interaction, interaction_view};
pub(crate) use message::{mark_own_reactions, message, without_content};
pub(crate) use place::{
    channel, channel_for, channel_hidden, direct_channel, thread, thread_member,
};
