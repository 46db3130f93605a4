//! A local Discord: REST, gateway, attachments and a web page on one loopback port, with people in
//! it who do what people do. For tests of bots, and for trying bots by hand; no token, no internet.
//!
//! # In a test
//!
//! ```no_run
//! # async fn test() -> Result<(), discord_sandbox::Error> {
//! use discord_sandbox::Sandbox;
//!
//! let sandbox = Sandbox::start().await?;
//! // … start the bot with sandbox.url() and sandbox.token() …
//! sandbox.wait_for_bot().await?;
//!
//! let mia = sandbox.member();
//! let answer = mia.run("ping", serde_json::json!({})).await?;
//! assert_eq!(answer.content()?, "pong");
//! sandbox.finish().await // fails if the bot called a route that Discord does not have
//! # }
//! ```
//!
//! [`Sandbox`] starts one, on a port of its own; as many as wanted can run in a process. [`Person`]
//! acts and looks as somebody in it. [`Sandbox::wait_until`] waits for a change of the world, so
//! that no test has to sleep. [`Fault`] makes calls fail. [`Sandbox::record`] tells what happened.
//!
//! # The default world
//!
//! One server with [`Sandbox::owner`], [`Sandbox::moderator`] and two members
//! ([`Sandbox::member`], [`Sandbox::member2`]), the bot, and the channels `#general`, `#welcome`,
//! `#support` and `#tickets`. [`Builder`] changes what can be changed.
//!
//! # From other languages
//!
//! The program `sandbox` prints where it listens, and everything that this library does can be
//! done over HTTP: see CONTROL.md.

mod cdn;
mod control;
pub mod error;
mod faults;
mod gateway;
mod guard;
mod hub;
pub mod id;
mod inspector;
mod limits;
mod look;
#[cfg(feature = "oracle")]
pub mod oracle;
pub mod permissions;
mod person;
pub mod record;
mod rest;
mod sandbox;
mod seed_file;
mod server;
mod views;
mod web;
mod wire;
pub mod world;

pub use control::ControlError;
pub use faults::Fault;
pub use gateway::Twist;
pub use limits::Limits;
pub use look::Look;
pub use person::Person;
pub use sandbox::{Builder, Error, Sandbox};
pub use seed_file::SeedError;
pub use views::{Answer, Channel, Message, Modal, State};
pub use world::Seed;
