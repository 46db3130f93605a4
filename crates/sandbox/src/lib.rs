//! A local Discord: REST, gateway, attachments and a web page on one loopback port, with people in
//! it who do what people do. For tests of bots, and for trying bots by hand; no token, no internet.
//!
//! # In a test
//!
//! Start a [`Sandbox`], start the bot with its [`url`](Sandbox::url) and [`token`](Sandbox::token),
//! and be the people. Here the bot is only one call, so that the example is whole:
//!
//! ```
//! use discord_sandbox::{Fault, Sandbox};
//! use serde_json::json;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let sandbox = Sandbox::start().await?;
//! let support = sandbox.channel("support")?;
//!
//! // What the bot does.
//! let say = || {
//!     reqwest::Client::new()
//!         .post(format!("{}/api/v10/channels/{support}/messages", sandbox.url()))
//!         .header("Authorization", format!("Bot {}", sandbox.token()))
//!         .json(&json!({"content": "How can I help?"}))
//!         .send()
//! };
//! assert_eq!(say().await?.status(), 200);
//!
//! // What a person sees, and does.
//! let mia = sandbox.member();
//! assert_eq!(mia.messages(support).await?[0].content(), "How can I help?");
//! let thread = mia.create_thread(support, "My question", true).await?;
//! mia.send(thread.id(), "It does not work").await?;
//! assert!(sandbox.look(|world| world.is_in_thread(thread.id(), mia.id())));
//!
//! // What goes wrong.
//! sandbox.fail_next(Fault::status(503).on("POST", "/channels/*/messages"))?;
//! assert_eq!(say().await?.status(), 503);
//!
//! // What happened.
//! assert!(sandbox.calls().iter().all(|call| call.is("POST", "/channels/*/messages")));
//! sandbox.finish().await?; // fails if the bot called a route that Discord does not have
//! # Ok(())
//! # }
//! ```
//!
//! | to | use |
//! |---|---|
//! | start one, with or without settings | [`Sandbox::start`], [`Sandbox::builder`] |
//! | act and read as a person | [`Person`], from [`Sandbox::member`], [`Sandbox::moderator`], [`Sandbox::person_named`] |
//! | fill in a form | [`Person::submit`] with [`Fields`] |
//! | have many people | [`Sandbox::crowd`] |
//! | read everything, without permissions | [`Sandbox::look`] |
//! | wait for a change, instead of sleeping | [`Sandbox::wait_for_bot`], [`Sandbox::wait_until`], [`Sandbox::wait_for_entry`] |
//! | let calls fail, be slow, or lose their answer | [`Sandbox::fail_next`] with a [`Fault`] |
//! | cut the gateway's connections | [`Sandbox::cut_gateway`], [`Sandbox::end_sessions`], [`Sandbox::ask_to_reconnect`] |
//! | switch Discord's rate limits on | [`Builder::limits`] with [`Limits`] |
//! | move time, or slow it down | [`Sandbox::advance`], [`Sandbox::slow_motion`] |
//! | continue with the world another time | [`Builder::keep`] |
//! | do again what was done in a recorded run | [`Sandbox::replay`] with a [`Replay`] |
//! | see what happened | [`Sandbox::calls`], [`Sandbox::record`], [`Sandbox::problems`] |
//!
//! The README shows how each of four libraries is pointed at a sandbox.
//!
//! # What is in it
//!
//! One server with [`Sandbox::owner`], [`Sandbox::moderator`] and two members
//! ([`Sandbox::member`], [`Sandbox::member2`]), the bot, and the channels `#general`, `#welcome`,
//! `#support` and `#tickets`. A seed file ([`Seed::read`], [`Seed::from_toml`]) describes another
//! world.
//!
//! # From other languages
//!
//! The program `sandbox` prints where it listens, and everything that this library does can be
//! done over HTTP: see CONTROL.md, and the OpenAPI document at `/control/openapi.json`.
//!
//! # Features
//!
//! `oracle` holds each call and event against Discord's own OpenAPI file; what does not fit is a
//! [problem](Sandbox::problems).

mod cdn;
mod control;
pub mod error;
mod faults;
mod fields;
mod gateway;
mod guard;
mod hub;
pub mod id;
mod inspector;
mod keep;
mod limits;
mod look;
#[cfg(feature = "oracle")]
pub mod oracle;
pub mod permissions;
mod person;
mod reason;
pub mod record;
mod rest;
mod sandbox;
mod seed_file;
mod server;
mod sharding;
mod views;
mod web;
mod wire;
pub mod world;

pub use control::ControlError;
pub use faults::{Cloudflare, Fault};
pub use fields::Fields;
pub use gateway::{EventFault, Frame, HeldShard, Hold};
pub use keep::KeepError;
pub use limits::Limits;
pub use look::Look;
pub use person::Person;
pub use rest::{ApiCall, api_calls};
pub use sandbox::{Builder, Error, NewProblems, Replay, Replayed, Sandbox};
pub use seed_file::SeedError;
pub use views::{Answer, Channel, Message, Modal, State};
pub use world::Seed;
