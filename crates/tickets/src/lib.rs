//! What a ticket bot decides.
//!
//! Events and facts come in, actions go out. There is no I/O here, no clock, no locale: the moment
//! is an argument, and what is said is an enum of sentences that somebody else translates.
//!
//! A walk through one click: the edge translates Discord's interaction into a
//! [`request::Request`]; the engine gathers [`opening::Facts`]; [`opening::admit`] refuses or
//! returns a plan; [`opening::Opening`] says which calls to make, and what to do when one fails.
//! Everything after that is [`ticket::reconcile`].

pub mod action;
pub mod decide;
pub mod due;
pub mod duration;
pub mod entries;
pub mod form;
pub mod hours;
pub mod id;
pub mod inbox;
pub mod notice;
pub mod opening;
pub mod pending;
pub mod permission;
pub mod problem;
pub mod request;
pub mod setting;
pub mod staff;
pub mod template;
pub mod text;
pub mod ticket;
pub mod waiting;

pub use id::{ChannelId, GuildId, InboxId, Mention, MessageId, RoleId, Timestamp, UserId};
