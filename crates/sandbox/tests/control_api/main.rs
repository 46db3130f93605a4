//! The control API over real HTTP, as the page and other languages use it.

mod caller;
#[path = "../client/mod.rs"]
mod client;
mod events;
mod faults;
mod interactions;
mod people;
mod safety;
