//! From an event to its effects: events come in ([`dispatch`]), a request gathers its facts
//! (`facts`), the pure crate decides, and the effects are applied (`effects`).

mod access;
mod beginning;
mod create;
pub mod dispatch;
mod effects;
pub mod entries;
mod facts;
mod form;
mod inbox;
mod inboxes;
mod invite;
mod once;
pub mod opening;
pub mod problems;
pub mod recovery;
pub mod register;
mod removal;
mod reports;
mod requests;
pub mod response;
mod settings;
mod ticket;
