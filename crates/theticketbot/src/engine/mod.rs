//! From an event to its effects: events come in ([`dispatch`]), a request gathers its facts
//! (`facts`), the pure crate decides, and the effects are applied (`effects`).

mod access;
pub mod app;
mod create;
pub mod dispatch;
mod effects;
pub mod entries;
mod facts;
mod form;
mod inbox;
mod inboxes;
pub mod joining;
pub mod opening;
pub mod problems;
pub mod queue;
pub mod recovery;
mod removal;
pub mod report;
mod requests;
pub mod response;
mod settings;
pub mod staff;
mod ticket;
pub mod watched;
