//! The faults that still wait for a call.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;
use tokio::sync::watch;

use super::Fault;

impl Fault {
    fn matches(&self, method: &str, path: &str, body: &impl Fn() -> Value) -> bool {
        self.method
            .as_deref()
            .is_none_or(|m| m.eq_ignore_ascii_case(method))
            && self.path.as_deref().is_none_or(|p| path_matches(p, path))
            && self
                .request
                .as_ref()
                .is_none_or(|part| holds(&body(), part))
    }
}

/// The faults that still wait for a call.
#[derive(Default)]
pub(crate) struct Faults {
    waiting: Mutex<Waiting>,
    /// Changes whenever all faults are cleared.
    cleared: watch::Sender<()>,
}

#[derive(Default)]
struct Waiting {
    last_id: u64,
    faults: Vec<(u64, Fault)>,
}

impl Faults {
    pub(crate) fn add(&self, fault: Fault) -> u64 {
        let mut waiting = self.waiting();
        waiting.last_id += 1;
        let id = waiting.last_id;
        waiting.faults.push((id, fault));
        id
    }

    /// Each fault with its id, oldest first. `times` is how many calls it still affects.
    pub(crate) fn list(&self) -> Vec<(u64, Fault)> {
        self.waiting().faults.clone()
    }

    /// Removes a fault. Returns whether it existed.
    pub(crate) fn remove(&self, id: u64) -> bool {
        let mut waiting = self.waiting();
        let before = waiting.faults.len();
        waiting.faults.retain(|(other, _)| *other != id);
        waiting.faults.len() < before
    }

    /// Removes all faults; held calls continue.
    pub(crate) fn clear(&self) {
        self.waiting().faults.clear();
        self.cleared.send_replace(());
    }

    /// The oldest fault that matches this call, and a signal for when all faults are cleared.
    pub(crate) fn meet(
        &self,
        method: &str,
        path: &str,
        body: impl Fn() -> Value,
    ) -> Option<(Fault, watch::Receiver<()>)> {
        // Subscribe first: otherwise a clearing in between could be missed.
        let cleared = self.cleared.subscribe();
        Some((self.take(method, path, body)?, cleared))
    }

    /// As [`Faults::meet`], for downloads: only a fault that names the path matches.
    pub(crate) fn meet_named(
        &self,
        method: &str,
        path: &str,
    ) -> Option<(Fault, watch::Receiver<()>)> {
        let cleared = self.cleared.subscribe();
        let wanted = |fault: &Fault| {
            let named = fault.path.as_deref();
            let named = named.is_some_and(|p| !p.trim_start_matches('/').starts_with('*'));
            named && fault.matches(method, path, &|| Value::Null)
        };
        Some((self.take_first(wanted)?, cleared))
    }

    /// The oldest fault that matches this call. It then affects one call less.
    fn take(&self, method: &str, path: &str, body: impl Fn() -> Value) -> Option<Fault> {
        self.take_first(|fault| fault.matches(method, path, &body))
    }

    fn take_first(&self, wanted: impl Fn(&Fault) -> bool) -> Option<Fault> {
        let mut waiting = self.waiting();
        let mut faults = waiting.faults.iter();
        let at = faults.position(|(_, fault)| wanted(fault))?;
        let fault = &mut waiting.faults[at].1;
        fault.times = fault.times.saturating_sub(1);
        let taken = fault.clone();
        if taken.times == 0 {
            waiting.faults.remove(at);
        }
        Some(taken)
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a value contains `part`.
fn holds(value: &Value, part: &Value) -> bool {
    match (value, part) {
        (Value::Object(have), Value::Object(want)) => want
            .iter()
            .all(|(name, want)| have.get(name).is_some_and(|have| holds(have, want))),
        (Value::Array(have), Value::Array(want)) => {
            have.len() >= want.len() && want.iter().zip(have).all(|(want, have)| holds(have, want))
        }
        _ => value == part,
    }
}

/// `*` stands for one segment, `**` for any number of them at the end.
pub(crate) fn path_matches(pattern: &str, path: &str) -> bool {
    let path = path.split('?').next().unwrap_or_default();
    let mut wanted = pattern.trim_matches('/').split('/');
    let mut have = path.trim_matches('/').split('/');
    loop {
        match (wanted.next(), have.next()) {
            (Some("**"), _) | (None, None) => return true,
            (Some("*"), Some(_)) => {}
            (Some(want), Some(segment)) if want == segment => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn paths_match_by_segment() {
        for (pattern, path, expected) in [
            ("/channels/*/messages", "/channels/1/messages", true),
            ("/channels/*/messages", "/channels/1/messages?limit=1", true),
            ("/channels/*/messages", "/channels/1/messages/2", false),
            ("/channels/*/messages", "/channels/1", false),
            ("/channels/**", "/channels/1/messages/2", true),
            ("/channels/1/**", "/channels/1", true),
            ("/channels/**", "/guilds/1", false),
            ("**", "/users/@me", true),
            ("channels/1", "/channels/1/", true),
        ] {
            assert_eq!(path_matches(pattern, path), expected, "{pattern} {path}");
        }
    }

    #[test]
    fn a_fault_counts_down_and_the_oldest_goes_first() {
        let faults = Faults::default();
        faults.add(
            Fault::status(500)
                .on("post", "/channels/*/threads")
                .times(2),
        );
        let second = faults.add(Fault::status(502));
        let take = |method: &str, path: &str| faults.take(method, path, || Value::Null);
        assert_eq!(take("GET", "/users/@me").unwrap().status, Some(502));
        assert!(!faults.remove(second), "it is used up");
        assert_eq!(take("GET", "/users/@me"), None);
        assert_eq!(
            take("POST", "/channels/1/threads").unwrap().status,
            Some(500)
        );
        assert_eq!(faults.list()[0].1.times, 1);
        assert!(take("POST", "/channels/2/threads").is_some());
        assert_eq!(faults.list(), []);
    }

    #[test]
    fn a_fault_can_wait_for_a_body() {
        let faults = Faults::default();
        let part = json!({"archived": true, "tags": [{"id": 1}]});
        faults.add(Fault::status(500).with_body(part));
        let take = |body: Value| faults.take("PATCH", "/channels/1", || body.clone());
        for other in [
            Value::Null,
            json!({"archived": false, "tags": [{"id": 1}]}),
            json!({"archived": true, "tags": []}),
            json!({"archived": true, "tags": [{"id": 2}]}),
        ] {
            assert_eq!(take(other.clone()), None, "{other}");
        }
        let whole = json!({"archived": true, "locked": true, "tags": [{"id": 1, "name": "a"}, {}]});
        assert!(take(whole).is_some());
    }
}
