//! Problems on which a test should fail.

use std::collections::BTreeSet;

use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

use super::Sandbox;
use crate::record::Problem;

impl Sandbox {
    /// The problems on which a test should fail: things that the sandbox does not imitate, routes that
    /// Discord does not have and, with the feature `oracle`, mismatches with Discord's specification.
    /// Mismatches are found in the background: [`Sandbox::checked_problems`] waits for them.
    pub fn problems(&self) -> Vec<Problem> {
        self.hub.record().problems()
    }

    /// The problems, after everything that happened so far is validated.
    pub async fn checked_problems(&self) -> Vec<Problem> {
        self.hub.inspector().caught_up().await;
        self.problems()
    }

    /// The problems from now on. Each sentence is returned once.
    pub fn new_problems(&self) -> NewProblems {
        NewProblems {
            receiver: self.hub.record().subscribe_to_problems(),
            told: BTreeSet::new(),
        }
    }
}

/// Problems as they are found.
pub struct NewProblems {
    receiver: broadcast::Receiver<Problem>,
    told: BTreeSet<String>,
}

impl NewProblems {
    /// The next problem with a new sentence; `None` when the sandbox is gone.
    pub async fn next(&mut self) -> Option<Problem> {
        loop {
            match self.receiver.recv().await {
                Ok(problem) if self.told.insert(problem.what.clone()) => return Some(problem),
                // Skip repeated sentences. If problems came too fast for this receiver, `problems` still has
                // them.
                Ok(_) | Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return None,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn each_sentence_is_told_once() {
        let sandbox = Sandbox::builder().oracle(false).start().await.unwrap();
        let mut problems = sandbox.new_problems();
        for what in ["one", "one", "two", "one"] {
            sandbox.hub.problem("GET", "/x", what);
        }
        for expected in ["one", "two"] {
            let problem = problems.next().await.unwrap();
            assert_eq!((&*problem.what, &*problem.path), (expected, "/x"));
        }
        sandbox.stop().await;
        assert!(problems.next().await.is_none());
    }
}
