//! Opening a ticket: whether a member may ([`admission`]), and the whole sequence of calls ([`machine`]),
//! whose steps and outcomes are in [`step`].

pub mod access;
pub mod admission;
pub mod machine;
mod order;
pub mod step;

pub use admission::{Admitted, Facts, Plan, Starter, admit};
pub use machine::Opening;
pub use order::{Moved, Order};
pub use step::{Attempt, Outcome, Reply, Step};
