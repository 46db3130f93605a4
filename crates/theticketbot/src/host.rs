//! What the program does for its host besides tickets: it shows that it is alive and what it does.

pub mod heartbeat;
mod notices;
#[cfg(target_os = "linux")]
pub mod systemd;
mod two_factors;

pub use notices::{notices, warn_of_silent_pings};
pub use two_factors::TwoFactors;
