//! What happened: calls of the bot, events sent to it, actions of people, changes of gateway connections.
//!
//! The newest [`KEPT`] entries are kept. Adding one is cheap: bodies are stored as bytes, and only reading
//! turns them into JSON and masks their tokens.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::{broadcast, watch};

use crate::id::Timestamp;

/// How many entries are kept.
pub const KEPT: usize = 10_000;

/// Longer bodies and events are replaced with a note.
const LONG: usize = 16 * 1024;

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Entry {
    /// The entry's number. It counts up from 1, without gaps.
    pub seq: u64,
    /// When, in milliseconds since the Unix epoch, on the world's clock.
    pub at: i64,
    #[serde(flatten)]
    pub what: What,
}

/// What happened. Tokens are masked.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum What {
    /// The bot called the REST API.
    Call(Call),
    /// An event was added to a gateway session.
    Event {
        name: String,
        session: String,
        data: Value,
    },
    /// A person did something.
    Person { person: String, action: Value },
    /// Something happened to a gateway connection.
    Gateway { what: String },
    /// A call of the control API that changes something. The entry is added before the call takes effect.
    Control {
        method: String,
        /// The path below `/control`.
        path: String,
        request: Value,
    },
}

/// A call of the REST API.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Call {
    pub method: String,
    /// As in Discord's documentation, below `/api/v10`, with the query.
    pub path: String,
    /// 0 if the connection was cut instead of answering.
    pub status: u16,
    /// How long the answer took.
    pub ms: u64,
    /// The reason that the bot gave for the audit log (`X-Audit-Log-Reason`), decoded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The body; a form as `{payload_json, files: [{name, filename, content_type, size}]}`.
    pub request: Value,
    pub response: Value,
}

impl Call {
    /// Whether it is a call of this route: `*` in `path` stands for one segment, `**` for all
    /// that follow.
    pub fn is(&self, method: &str, path: &str) -> bool {
        self.method.eq_ignore_ascii_case(method) && crate::faults::path_matches(path, &self.path)
    }
}

impl What {
    /// `POST /channels/1/messages` for a call, the event's name for an event, …: one line for a
    /// human reader.
    pub fn summary(&self) -> String {
        match self {
            Self::Call(Call {
                method,
                path,
                status,
                ms,
                response,
                ..
            }) => {
                let refusal = if *status >= 400 {
                    format!(" {response}")
                } else {
                    String::new()
                };
                format!("{method} {path} -> {status}{refusal}, {ms} ms")
            }
            Self::Event { name, session, .. } => format!("event {name} to {session}"),
            Self::Person { person, action } => format!("{person}: {action}"),
            Self::Gateway { what } => format!("gateway: {what}"),
            Self::Control { method, path, .. } => format!("{method} /control{path}"),
        }
    }
}

/// Something that a test should fail on: a route that the sandbox does not know, or, with the
/// feature `oracle`, something that Discord's specification does not allow.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Problem {
    /// When, in milliseconds since the Unix epoch, on the world's clock.
    pub at: i64,
    pub method: String,
    pub path: String,
    pub what: String,
}

/// How many problems are queued for a slow listener.
const UNHEARD: usize = 256;

/// The entries and problems of one sandbox.
pub struct Record {
    kept: Mutex<Kept>,
    newest: watch::Sender<u64>,
    /// Sends each problem when it is found.
    fresh: broadcast::Sender<Problem>,
    /// The bot's token, which is masked everywhere.
    token: String,
}

#[derive(Default)]
struct Kept {
    entries: VecDeque<Arc<Raw>>,
    /// The number of the newest entry.
    newest: u64,
    problems: Vec<Problem>,
}

struct Raw {
    at: Timestamp,
    what: RawWhat,
}

/// An entry's content as it is stored, before it is converted to [`What`].
pub(crate) enum RawWhat {
    Call {
        method: String,
        path: String,
        status: u16,
        ms: u64,
        reason: Option<String>,
        request: Body,
        response: Body,
    },
    Event {
        name: &'static str,
        session: Arc<str>,
        data: Body,
    },
    Person {
        person: String,
        action: Value,
    },
    Gateway {
        what: String,
    },
    Control {
        method: String,
        path: String,
        request: Body,
    },
}

/// A body as it is stored.
pub(crate) enum Body {
    Empty,
    Json(Bytes),
    /// A note in place of the body: `"image/png, 1234 bytes"`.
    Note(Value),
}

impl Body {
    /// Stores a body, to be parsed as JSON if possible.
    pub(crate) fn of(bytes: &Bytes) -> Self {
        if bytes.is_empty() {
            Self::Empty
        } else if bytes.len() > LONG {
            Self::Note(json!({"abbreviated": format!("{} bytes", bytes.len())}))
        } else {
            Self::Json(bytes.clone())
        }
    }

    fn read(&self) -> Value {
        match self {
            Self::Empty => Value::Null,
            Self::Note(note) => note.clone(),
            Self::Json(bytes) => serde_json::from_slice(bytes)
                .unwrap_or_else(|_| String::from_utf8_lossy(bytes).into_owned().into()),
        }
    }
}

impl Record {
    pub(crate) fn new(token: String) -> Self {
        Self {
            kept: Mutex::default(),
            newest: watch::Sender::new(0),
            fresh: broadcast::Sender::new(UNHEARD),
            token,
        }
    }

    pub(crate) fn add(&self, at: Timestamp, what: RawWhat) {
        let mut kept = self.kept();
        if kept.entries.len() == KEPT {
            kept.entries.pop_front();
        }
        kept.entries.push_back(Arc::new(Raw { at, what }));
        kept.newest += 1;
        self.newest.send_replace(kept.newest);
    }

    pub(crate) fn add_problem(&self, at: Timestamp, method: &str, path: &str, what: String) {
        tracing::warn!(method, path = self.masked_path(path), what, "problem");
        let problem = Problem {
            at: at.0,
            method: method.to_owned(),
            path: self.masked_path(path),
            what,
        };
        self.kept().problems.push(problem.clone());
        // This fails if there is no receiver, which is fine.
        let _ = self.fresh.send(problem);
    }

    /// Receives the problems from now on.
    pub(crate) fn subscribe_to_problems(&self) -> broadcast::Receiver<Problem> {
        self.fresh.subscribe()
    }

    pub fn problems(&self) -> Vec<Problem> {
        self.kept().problems.clone()
    }

    pub(crate) fn problem_count(&self) -> usize {
        self.kept().problems.len()
    }

    pub fn clear_problems(&self) {
        self.kept().problems.clear();
    }

    /// Entries with a number above `after`, oldest first, at most `limit`.
    pub fn after(&self, after: u64, limit: usize) -> Vec<Entry> {
        let kept = self.kept();
        let oldest = kept.newest + 1 - kept.entries.len() as u64;
        let skip =
            usize::try_from(after.saturating_add(1).saturating_sub(oldest)).unwrap_or(usize::MAX);
        let entries = kept.entries.iter().cloned().zip(oldest..);
        let entries: Vec<(Arc<Raw>, u64)> = entries.skip(skip).take(limit).collect();
        // Unlock, because reading takes a while and new entries must not wait for it.
        drop(kept);
        entries
            .iter()
            .map(|(raw, seq)| self.read(*seq, raw))
            .collect()
    }

    /// The newest entries, oldest first.
    pub fn tail(&self, limit: usize) -> Vec<Entry> {
        let newest = self.newest();
        self.after(newest.saturating_sub(limit as u64), limit)
    }

    /// The number of the newest entry, 0 if there is none.
    pub fn newest(&self) -> u64 {
        self.kept().newest
    }

    /// Changes with every entry.
    pub(crate) fn watch(&self) -> watch::Receiver<u64> {
        self.newest.subscribe()
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        // If a writer panicked, the entries are still correct.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read(&self, seq: u64, raw: &Raw) -> Entry {
        let what = match &raw.what {
            RawWhat::Call {
                method,
                path,
                status,
                ms,
                reason,
                request,
                response,
            } => What::Call(Call {
                method: method.clone(),
                path: self.masked_path(path),
                status: *status,
                ms: *ms,
                reason: reason.clone(),
                request: self.masked(request.read()),
                response: self.masked(response.read()),
            }),
            RawWhat::Event {
                name,
                session,
                data,
            } => What::Event {
                name: (*name).to_owned(),
                session: session.to_string(),
                data: self.masked(data.read()),
            },
            RawWhat::Person { person, action } => What::Person {
                person: person.clone(),
                action: self.masked(action.clone()),
            },
            RawWhat::Gateway { what } => What::Gateway { what: what.clone() },
            RawWhat::Control {
                method,
                path,
                request,
            } => What::Control {
                method: method.clone(),
                path: path.clone(),
                request: self.masked(request.read()),
            },
        };
        Entry {
            seq,
            at: raw.at.0,
            what,
        }
    }

    fn masked(&self, mut value: Value) -> Value {
        mask(&mut value, &self.token);
        value
    }

    /// Masks the tokens of interactions and webhooks in paths: `/interactions/{id}/{token}/callback`,
    /// `/webhooks/{id}/{token}`.
    fn masked_path(&self, path: &str) -> String {
        let (route, query) = path
            .split_once('?')
            .map_or((path, None), |(r, q)| (r, Some(q)));
        let mut segments: Vec<&str> = route.split('/').collect();
        if let Some(at) = segments
            .iter()
            .position(|s| matches!(*s, "interactions" | "webhooks"))
            && let Some(token) = segments.get_mut(at + 2)
            && !token.is_empty()
        {
            *token = MASK;
        }
        let mut masked = segments.join("/");
        if let Some(query) = query {
            masked = format!("{masked}?{query}");
        }
        masked.replace(&self.token, MASK)
    }
}

const MASK: &str = "***";

/// Masks the values of fields named `token`, and the bot's own token everywhere.
fn mask(value: &mut Value, secret: &str) {
    match value {
        Value::String(text) if text.contains(secret) => *text = text.replace(secret, MASK),
        Value::Array(items) => items.iter_mut().for_each(|item| mask(item, secret)),
        Value::Object(fields) => {
            for (name, field) in fields {
                match field {
                    Value::String(text) if name == "token" => MASK.clone_into(text),
                    other => mask(other, secret),
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record() -> Record {
        Record::new("the.bot.token".to_owned())
    }

    fn say(record: &Record, what: &str) {
        record.add(
            Timestamp(5),
            RawWhat::Gateway {
                what: what.to_owned(),
            },
        );
    }

    #[test]
    fn entries_are_numbered_and_the_oldest_make_room() {
        let record = record();
        assert_eq!(record.after(0, 10), []);
        for n in 0..KEPT + 2 {
            say(&record, &n.to_string());
        }
        let first = &record.after(0, 1)[0];
        assert_eq!(
            (first.seq, first.what.summary()),
            (3, "gateway: 2".to_owned())
        );
        let last: Vec<u64> = record.tail(2).iter().map(|e| e.seq).collect();
        assert_eq!(last, [KEPT as u64 + 1, KEPT as u64 + 2]);
        assert_eq!(record.after(KEPT as u64 + 1, 10).len(), 1);
        assert_eq!(record.after(KEPT as u64 + 2, 10), []);
        assert_eq!(record.after(u64::MAX, 10), []);
    }

    #[test]
    fn tokens_are_masked_wherever_they_stand() {
        let record = record();
        let call = |path: &str, request: &Value, response: &'static str| {
            record.add(
                Timestamp(5),
                RawWhat::Call {
                    method: "POST".into(),
                    path: path.into(),
                    status: 200,
                    ms: 1,
                    reason: None,
                    request: Body::of(&request.to_string().into()),
                    response: Body::of(&Bytes::from_static(response.as_bytes())),
                },
            );
            serde_json::to_value(record.tail(1).pop().unwrap()).unwrap()
        };
        let entry = call(
            "/interactions/1/aW50/callback",
            &json!({"d": {"token": "x", "a": [1]}}),
            "",
        );
        assert_eq!(
            entry,
            json!({
                "seq": 1, "at": 5, "kind": "call", "method": "POST", "status": 200, "ms": 1,
                "path": "/interactions/1/***/callback",
                "request": {"d": {"token": "***", "a": [1]}}, "response": null,
            })
        );
        let entry = call(
            "/webhooks/1/aW50/messages/@original?wait=true",
            &json!(["my the.bot.token"]),
            "x",
        );
        assert_eq!(
            entry["path"],
            "/webhooks/1/***/messages/@original?wait=true"
        );
        assert_eq!(entry["request"], json!(["my ***"]));
        assert_eq!(entry["response"], "x");
    }

    #[test]
    fn long_bodies_become_a_remark() {
        let long = Bytes::from(vec![b'1'; LONG + 1]);
        assert_eq!(
            Body::of(&long).read(),
            json!({"abbreviated": "16385 bytes"})
        );
    }
}
