//! The control API, described in CONTROL.md: act as a person, see what a person sees, make
//! trouble, see what happened. [`routes`] is the HTTP side; the library's own methods call the
//! same functions.

pub(crate) mod act;
#[cfg(test)]
mod describe;
mod error;
pub(crate) mod events;
mod extract;
pub(crate) mod look;
mod moderate;
mod reaction_time;
mod recorded;
mod respond;
mod routes;
mod table;
pub(crate) mod trouble;

pub use error::ControlError;
pub(crate) use routes::router;
