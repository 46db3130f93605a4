//! The interactions that came last. Discord may deliver one more than once, and a second one must not do
//! anything: no ticket, no change, no response.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// How many interactions are remembered. Discord repeats one within moments, or after the connection is
/// resumed.
const MOST: usize = 1_000;

/// The ids of the last interactions.
#[derive(Default)]
pub struct Seen(Mutex<VecDeque<u64>>);

impl Seen {
    /// Whether this interaction is new. Remembers it, so that a repeated one is not.
    pub fn is_new(&self, interaction: u64) -> bool {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.contains(&interaction) {
            return false;
        }
        if seen.len() == MOST {
            seen.pop_front();
        }
        seen.push_back(interaction);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_new_once_and_the_oldest_are_forgotten() {
        let seen = Seen::default();
        assert!(seen.is_new(1));
        assert!(!seen.is_new(1));
        assert!((2..=MOST as u64).all(|id| seen.is_new(id)));
        assert!(!seen.is_new(1));
        assert!(seen.is_new(0));
        assert!(seen.is_new(1));
    }
}
