//! Checks everything that happens in a running sandbox with the oracle.
//!
//! Calls and events are queued as bytes. A separate thread reads and checks them, so that no response waits
//! for a check. [`Watch::caught_up`] waits until the queue is empty; a test reads the problems after that.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use bytes::Bytes;
use serde_json::Value;
use tokio::sync::oneshot;

use super::{Kind, Mismatch, Oracle};
use crate::id::Timestamp;

/// Something that happened, as it is queued.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The time on the world's clock, for the report.
    pub at: Timestamp,
    pub what: Happened,
}

/// What happened.
#[derive(Clone, Debug)]
pub enum Happened {
    /// A bot called the REST API.
    Call {
        method: String,
        /// Below `/api/v10`, with the query.
        path: String,
        request: Sent,
        /// The unread parts of an accepted call: paths in its body such as `embeds.0.title`, and
        /// `?name` for parameters of its query.
        ignored: Vec<String>,
        /// `None` if the connection was cut instead of an answer.
        answer: Option<(u16, Bytes)>,
    },
    /// An event that a bot was sent: its name, and `d`.
    Event { name: &'static str, data: Bytes },
}

/// What a bot sent.
#[derive(Clone, Debug)]
pub enum Sent {
    /// A body that should be JSON, or none.
    Json(Bytes),
    /// A form's `payload_json`, null if it has none.
    Form(Value),
}

impl Sent {
    /// The body as JSON: null if it is empty, and a string if it is not JSON.
    pub fn body(&self) -> Value {
        match self {
            Self::Json(bytes) => read(bytes),
            Self::Form(payload) => payload.clone(),
        }
    }
}

/// Which mismatches are reported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Strictness {
    /// Whether wrong requests are expected if the response is 400: for tests that check that such requests
    /// are refused.
    pub bad_requests_are_meant: bool,
}

/// Checks calls and events in the order in which it receives them.
pub struct Watch {
    queue: Sender<Job>,
    /// Set when the `Watch` is dropped, so that the thread ends.
    abandoned: Arc<AtomicBool>,
}

enum Job {
    Check(Seen),
    Tell(oneshot::Sender<()>),
}

impl Watch {
    /// Starts the thread. The thread calls `report` with each mismatch, and with the call or event in which
    /// it was found.
    pub fn new(strictness: Strictness, report: impl Fn(&Seen, &Mismatch) + Send + 'static) -> Self {
        let (queue, jobs) = channel();
        let abandoned = Arc::new(AtomicBool::new(false));
        let ended = Arc::clone(&abandoned);
        let worker = thread::Builder::new().name("oracle".to_owned());
        let started = worker.spawn(move || work(&jobs, &ended, strictness, &report));
        if let Err(error) = started {
            tracing::error!(%error, "without a thread of its own, the oracle checks nothing");
        }
        Self { queue, abandoned }
    }

    /// Queues something for a check. Returns at once.
    pub fn tell(&self, seen: Seen) {
        // Fails only if the thread could not be started, which is logged then.
        let _ = self.queue.send(Job::Check(seen));
    }

    /// Returns when everything sent before is checked and reported.
    pub async fn caught_up(&self) {
        let (tell, told) = oneshot::channel();
        if self.queue.send(Job::Tell(tell)).is_ok() {
            // An error means that the thread has ended, so nothing is left to wait for.
            let _ = told.await;
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.abandoned.store(true, Ordering::Relaxed);
    }
}

/// Everything that is wrong with a call or an event. Mistakes that repeat in every item of a list
/// are reported once.
pub fn check(oracle: &Oracle, what: &Happened, strictness: Strictness) -> Vec<Mismatch> {
    let found = match what {
        Happened::Call {
            method,
            path,
            request,
            ignored,
            answer,
        } => {
            let body = request.body();
            let status = answer.as_ref().map(|(status, _)| *status);
            let mut found = oracle.check_request(method, path, &body);
            found.retain(|mismatch| match (mismatch.kind, status) {
                (Kind::Request, Some(400)) => !strictness.bad_requests_are_meant,
                // The sandbox does not know the route either, and has already reported that.
                (Kind::UnknownRoute, Some(404 | 405)) => false,
                _ => true,
            });
            found.extend(oracle.check_ignored(method, path, ignored));
            if let Some((status, body)) = answer {
                found.extend(oracle.check_response(method, path, *status, &read(body)));
            }
            found
        }
        Happened::Event { name, data } => oracle.check_event(name, &read(data)),
    };
    once_each(found)
}

fn work(
    jobs: &Receiver<Job>,
    abandoned: &AtomicBool,
    strictness: Strictness,
    report: &impl Fn(&Seen, &Mismatch),
) {
    while let Ok(job) = jobs.recv() {
        if abandoned.load(Ordering::Relaxed) {
            return;
        }
        match job {
            Job::Check(seen) => {
                for mismatch in check(Oracle::shared(), &seen.what, strictness) {
                    report(&seen, &mismatch);
                }
            }
            Job::Tell(tell) => {
                // The caller may have stopped waiting.
                let _ = tell.send(());
            }
        }
    }
}

/// Reads JSON: null if it is empty, and a string if it is not JSON, so that it is reported.
fn read(bytes: &Bytes) -> Value {
    if bytes.is_empty() {
        return Value::Null;
    }
    serde_json::from_slice(bytes).unwrap_or_else(|_| String::from_utf8_lossy(bytes).into())
}

fn once_each(found: Vec<Mismatch>) -> Vec<Mismatch> {
    let mut seen: BTreeMap<(String, String, String), usize> = BTreeMap::new();
    let mut kept: Vec<Mismatch> = Vec::new();
    for mismatch in found {
        let key = (
            mismatch.place.clone(),
            any_item(&mismatch.pointer),
            mismatch.what.clone(),
        );
        let count = seen.entry(key).or_default();
        *count += 1;
        if *count == 1 {
            kept.push(mismatch);
        }
    }
    for mismatch in &mut kept {
        let key = (
            mismatch.place.clone(),
            any_item(&mismatch.pointer),
            mismatch.what.clone(),
        );
        if let Some(more) = seen
            .get(&key)
            .map(|count| count - 1)
            .filter(|more| *more > 0)
        {
            mismatch.what = format!("{} (and in {more} more)", mismatch.what);
        }
    }
    kept
}

/// `/members/3/user` → `/members/*/user`. Ids that are keys count as items, too.
fn any_item(pointer: &str) -> String {
    let is_item = |step: &str| !step.is_empty() && step.bytes().all(|b| b.is_ascii_digit());
    let steps = pointer
        .split('/')
        .map(|step| if is_item(step) { "*" } else { step });
    steps.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use serde_json::json;

    use super::*;

    fn call(method: &str, path: &str, request: Sent, answer: Option<(u16, Value)>) -> Happened {
        Happened::Call {
            method: method.to_owned(),
            path: path.to_owned(),
            request,
            ignored: Vec::new(),
            answer: answer.map(|(status, body)| (status, bytes(&body))),
        }
    }

    fn bytes(body: &Value) -> Bytes {
        if body.is_null() {
            Bytes::new()
        } else {
            body.to_string().into()
        }
    }

    fn said(seen: &Happened, strictness: Strictness) -> Vec<String> {
        let found = check(Oracle::shared(), seen, strictness);
        found
            .iter()
            .map(|m| format!("{:?} {}: {}", m.kind, m.pointer, m.what))
            .collect()
    }

    const STRICT: Strictness = Strictness {
        bad_requests_are_meant: false,
    };
    const MEANT: Strictness = Strictness {
        bad_requests_are_meant: true,
    };

    fn refusal() -> Value {
        json!({"message": "Invalid Form Body", "code": 50035})
    }

    #[test]
    fn a_bad_request_that_is_refused_may_be_meant() {
        let bad = Sent::Json(bytes(&json!({"content": 5})));
        let refused = call(
            "POST",
            "/channels/1/messages",
            bad.clone(),
            Some((400, refusal())),
        );
        let told = ["Request /content: 5 is not of types \"null\", \"string\""];
        assert_eq!(said(&refused, STRICT), told);
        assert_eq!(said(&refused, MEANT), [""; 0]);
        // If the sandbox accepts the request, both the request and the sandbox are wrong.
        let cut = call("POST", "/channels/1/messages", bad, None);
        assert_eq!(said(&cut, MEANT), told);
    }

    #[test]
    fn bodies_are_read_whatever_they_are() {
        let path = "/channels/1/messages/2";
        let form = Sent::Form(json!({"content": 5}));
        assert_eq!(said(&call("PATCH", path, form, None), STRICT).len(), 1);
        let words = Sent::Json(Bytes::from_static(b"hello"));
        assert_eq!(
            said(&call("PATCH", path, words, None), STRICT),
            ["Request : \"hello\" is not of type \"object\""]
        );
        let none = Sent::Json(Bytes::new());
        let gone = call("DELETE", path, none, Some((204, Value::Null)));
        assert_eq!(said(&gone, STRICT), [""; 0]);
    }

    #[test]
    fn a_route_that_nobody_knows_is_told_once() {
        let none = || Sent::Json(Bytes::new());
        let unknown = json!({"message": "404: Not Found", "code": 0});
        let refused = call("GET", "/coffee", none(), Some((404, unknown)));
        assert_eq!(said(&refused, STRICT), [""; 0]);
        let served = call("GET", "/coffee", none(), Some((200, json!({}))));
        assert_eq!(
            said(&served, STRICT),
            ["UnknownRoute : Discord documents no such route"]
        );
    }

    #[test]
    fn what_repeats_in_a_list_is_told_once() {
        let list = json!([{"id": "1"}, {"id": "2"}, {"id": "3", "user_id": 4}]);
        let none = Sent::Json(Bytes::new());
        let seen = call("GET", "/channels/1/thread-members", none, Some((200, list)));
        assert_eq!(
            said(&seen, STRICT),
            [
                "Answer /0: \"user_id\" is missing (and in 1 more)",
                "Answer /0: \"join_timestamp\" is missing (and in 2 more)",
                "Answer /0: \"flags\" is missing (and in 2 more)",
                "Answer /2/user_id: 4 is not of type \"string\"",
            ]
        );
    }

    #[tokio::test]
    async fn everything_told_is_checked_when_it_has_caught_up() {
        let found = Arc::new(Mutex::new(Vec::new()));
        let list = Arc::clone(&found);
        let watch = Watch::new(STRICT, move |_, mismatch| {
            list.lock().unwrap().push(mismatch.place.clone());
        });
        watch.caught_up().await;
        assert_eq!(*found.lock().unwrap(), [""; 0]);
        let data = bytes(&json!({"user": {"id": 5}, "guild_id": "1"}));
        for _ in 0..3 {
            let data = data.clone();
            let what = Happened::Event {
                name: "GUILD_MEMBER_REMOVE",
                data,
            };
            watch.tell(Seen {
                at: Timestamp(5),
                what,
            });
        }
        watch.caught_up().await;
        // Every field but the id is missing, and the id is a number.
        assert_eq!(found.lock().unwrap().len(), 3 * 8);
    }
}
