//! Several processes of the bot on one PostgreSQL: the real program, killed, paused and restarted. Where
//! PostgreSQL is not installed, these tests are left out, and say so.
#![cfg(all(feature = "postgres", target_os = "linux"))]

mod clocks;
mod faults;
mod front;
mod moves;
mod stage;
mod way;
