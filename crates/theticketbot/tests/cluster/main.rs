//! Several processes of the bot on one PostgreSQL: the real program, killed, paused and restarted. Where
//! PostgreSQL is not installed, these tests are left out, and say so.
#![cfg(all(feature = "postgres", unix))]

mod faults;
mod moves;
mod stage;
mod way;
