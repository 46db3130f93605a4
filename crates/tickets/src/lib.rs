//! What a ticket bot decides.
//!
//! Events and facts come in, actions go out. There is no I/O here, no clock, no locale: the current time is
//! an argument, and each sentence is a variant of an enum that the program translates.
//!
//! One click, step by step: the program translates Discord's interaction into a [`request::Request`]; the
//! engine collects [`opening::Facts`]; [`opening::admit`] refuses or returns a plan; [`opening::Opening`]
//! says which calls to make, and what to do when one fails. After that, [`ticket::reconcile`] decides what to
//! do.

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
