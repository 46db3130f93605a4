//! Failpoints: right before and right after each call to Discord and each commit of the database. Each
//! is a trace event under its own target, so that a test can kill the program exactly there. They
//! are not logged.

use std::fmt::Display;

/// The target of the events, whose fields are `when` (`before`, `after`) and `step`.
pub const TARGET: &str = "theticketbot::failpoint";

/// This step is about to start.
pub(crate) fn before(step: impl Display) {
    tracing::trace!(target: TARGET, when = "before", %step);
}

/// This step is done, and its caller does not know yet.
pub(crate) fn after(step: impl Display) {
    tracing::trace!(target: TARGET, when = "after", %step);
}
