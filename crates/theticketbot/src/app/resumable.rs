//! From where another process can resume a shard of this one.

use std::sync::{Mutex, MutexGuard, PoisonError};

use secrecy::ExposeSecret;

use crate::store::ShardSession;

/// The session of a shard, up to the last event that was passed on.
#[derive(Default)]
pub struct Resumable(Mutex<State>);

#[derive(Default)]
struct State {
    session: Option<ShardSession>,
    /// Whether nothing was unfinished when the shard ended.
    ended: Option<bool>,
}

impl Resumable {
    /// An event of this session was passed on. `session` is called if the session is another one.
    pub fn reached(&self, id: &str, sequence: u64, session: impl FnOnce() -> Option<ShardSession>) {
        let mut state = self.state();
        match &mut state.session {
            Some(known) if known.id.expose_secret() == id => known.sequence = sequence,
            other => *other = session(),
        }
    }

    /// The shard has ended, and left the gateway.
    pub fn end(&self, session: Option<ShardSession>, is_whole: bool) {
        *self.state() = State {
            session,
            ended: Some(is_whole),
        };
    }

    /// The session, and, if the shard has ended, whether it left nothing unfinished.
    pub fn session(&self) -> (Option<ShardSession>, Option<bool>) {
        let state = self.state();
        (state.session.clone(), state.ended)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
