//! The JSON of Discord's objects and dispatches, and what is read from JSON.
//!
//! The world knows nothing of JSON's shapes, and nothing here changes the world.

mod command;
mod component;
mod dispatch;
mod guild;
mod interaction;
mod message;
mod place;
pub mod read;

pub use command::{command, spec as command_spec};
pub use component::components;
pub use dispatch::{dispatch, missing_content};
pub use guild::{
    application, current_user, guild, guild_create, guild_view, member, ready, role, user,
};
pub use interaction::{callback, interaction, interaction_view, modal};
pub use message::{message, without_content};
pub use place::{channel, channel_for, channel_hidden, overwrite, thread, thread_member};
