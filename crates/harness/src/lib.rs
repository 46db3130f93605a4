//! What tests of the whole bot share: a bot that can be killed, and its stage on a local Discord.
//!
//! - [`Stage`] is a sandbox with the bot on it: person actions, views that fail loudly, and
//!   [`Stage::idle`], which waits until the bot has handled everything that happened so far.
//! - [`Bot`] is the bot with its folder: in a thread of this process ([`How::Inside`]), in a process
//!   of its own that can die at a failpoint ([`How::Child`]), or the real program ([`How::Program`]).
//! - [`cluster`] has several processes of the real program on one PostgreSQL, and ways to cut them off.
//! - [`failpoint`] names the points at which a child can die.
//!
//! Every wait checks its condition again after a change of the world. If it takes too long, it fails and
//! shows the end of the bot's log.

pub mod bot;
#[cfg(target_os = "linux")]
pub mod cluster;
pub mod failpoint;
pub mod home;
pub mod log;
pub mod postgres;
mod stage;

pub use bot::{Bot, How};
pub use failpoint::Point;
pub use home::Home;
pub use log::Log;
pub use stage::{BUTTON, Inbox, Stage, linked_channel};

/// An error of any kind, with its reason.
pub type Error = Box<dyn std::error::Error + Send + Sync>;

pub type Result<T = (), E = Error> = std::result::Result<T, E>;
