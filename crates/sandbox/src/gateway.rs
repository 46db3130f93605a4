//! The gateway: WebSocket connections of bots, and the sessions that outlive them.
//!
//! [`session::Session`] numbers and keeps the events of one session, without sockets or clock;
//! [`sessions::Sessions`] decides who may open or resume one and who receives what; [`connection`]
//! is the dull loop between a socket and its session.

mod close;
mod compress;
mod connection;
mod event_faults;
mod held;
mod inbound;
mod members;
mod session;
mod sessions;
mod sounds;
mod strange;

pub(crate) use connection::{Query, serve};
pub use event_faults::EventFault;
pub use held::HeldShard;
pub(crate) use sessions::{Around, Order, Sessions};
pub(crate) use strange::RawFrame;
pub use strange::{Frame, Hold};
