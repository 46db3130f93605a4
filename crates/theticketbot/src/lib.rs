//! The program: a Discord ticket bot on a database of its own.

pub mod files;
pub mod store;
