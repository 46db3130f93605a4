//! Services for the host: health, systemd notifications and warnings.

pub mod heartbeat;
mod notices;
#[cfg(target_os = "linux")]
pub mod systemd;
mod two_factors;

pub use notices::{notices, warn_of_silent_pings};
pub use two_factors::TwoFactors;
