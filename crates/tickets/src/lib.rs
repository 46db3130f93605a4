//! What a ticket bot decides.
//!
//! Events and facts come in, actions go out. There is no I/O here, no clock, no locale: the moment
//! is an argument, and what is said is an enum of sentences that somebody else translates.
//!
//! A walk through one click: the edge translates Discord's interaction into
//! [`event::Event::Asked`]; the shell gathers [`decide::opening::Facts`]; [`decide::opening::open`]
//! returns [`action::Action`]s; the shell performs them.

pub mod action;
pub mod decide;
pub mod event;
pub mod id;
pub mod pending;
pub mod permission;
pub mod stored;
pub mod template;
pub mod text;

pub use id::{ChannelId, GuildId, Mention, MessageId, RoleId, Timestamp, UserId};
