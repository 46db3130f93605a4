//! Tries to break the bot: random people do random things on a local Discord, calls fail, and the bot is
//! killed. At each quiet point in between, every promise is checked.
//!
//! - [`play`] is one run from a seed: the same seed draws the same actions.
//! - [`action`] says what can happen, [`check`] what must be true, [`memory`] what was done so far.
//! - [`chaos`] makes faults happen to several processes on one PostgreSQL.
//! - [`engines`] measures the same bot on SQLite and on PostgreSQL.
//! - [`flat`] opens and closes as many tickets as asked, and nothing else.
//! - [`measure`] reads what the bot's process uses.

pub mod action;
#[cfg(target_os = "linux")]
pub mod chaos;
pub mod check;
pub mod engines;
pub mod flat;
pub mod measure;
pub mod memory;
pub mod play;
pub mod report;
pub mod scene;
