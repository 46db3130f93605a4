//! Opening a ticket: whether a member may ([`admission`]), and the whole sequence of calls
//! ([`machine`]).

pub mod access;
pub mod admission;
pub mod machine;

pub use admission::{Admitted, Facts, Plan, Starter, admit};
pub use machine::{Attempt, Opening, Outcome, Reply, Step};
