//! Where a crash can come in between: right before and right after each call to Discord and each
//! commit of the database. Each is a trace event under a target of its own, so that a test can end
//! the program exactly there; nothing is logged of it otherwise.

use std::fmt::Display;

/// The target of the events, whose fields are `when` (`before`, `after`) and `step`.
pub const TARGET: &str = "theticketbot::step";

/// This is about to be done.
pub(crate) fn before(step: impl Display) {
    tracing::trace!(target: TARGET, when = "before", %step);
}

/// This is done, and nobody has been told yet.
pub(crate) fn after(step: impl Display) {
    tracing::trace!(target: TARGET, when = "after", %step);
}
