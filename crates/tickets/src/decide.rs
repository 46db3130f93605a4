//! The rules: an event and the facts it needs, in; what to do, out. One file per concern.

pub mod create;
pub mod entries;
pub mod host;
pub mod inbox;
pub mod inboxes;
pub mod join;
pub mod list;
pub mod open;
pub mod removal;
pub mod reopen;
pub mod report;
pub mod select;
pub mod settings;
pub mod ticket;
pub mod transfer;

#[cfg(test)]
pub(crate) mod examples;
