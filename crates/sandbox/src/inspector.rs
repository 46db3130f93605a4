//! Validates everything in a sandbox against Discord's specification, if the feature `oracle` is on and the
//! sandbox's settings ask for it. Each mismatch becomes a problem.

use std::sync::Arc;

use bytes::Bytes;

use crate::id::Timestamp;
#[cfg(feature = "oracle")]
use crate::oracle::watch::{Happened, Seen, Sent, Strictness, Watch};
use crate::record::{Body, Record};
use crate::wire::reading::Read;

/// What a sandbox validates against the specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Inspection {
    pub on: bool,
    /// Whether wrong requests that are refused are expected, so that they are no problem.
    pub bad_requests_are_meant: bool,
}

impl Default for Inspection {
    fn default() -> Self {
        Self {
            on: true,
            bad_requests_are_meant: false,
        }
    }
}

pub(crate) struct Inspector {
    #[cfg(feature = "oracle")]
    watch: Option<Watch>,
}

#[cfg(feature = "oracle")]
impl Inspector {
    pub(crate) fn new(inspection: Inspection, record: Arc<Record>) -> Self {
        let Inspection {
            on,
            bad_requests_are_meant,
        } = inspection;
        let start = || {
            Watch::new(
                Strictness {
                    bad_requests_are_meant,
                },
                move |seen, mismatch| {
                    let (method, path) = match &seen.what {
                        Happened::Call { method, path, .. } => (method.as_str(), path.as_str()),
                        Happened::Event { name, .. } => ("EVENT", *name),
                    };
                    record.add_problem(seen.at, method, path, mismatch.to_string());
                },
            )
        };
        Self {
            watch: on.then(start),
        }
    }

    /// Whether anything is validated.
    pub(crate) fn is_on(&self) -> bool {
        self.watch.is_some()
    }

    /// Reports a call of the bot, with its body, and its answer unless the connection was cut.
    pub(crate) fn call(
        &self,
        at: Timestamp,
        (method, path): (&str, &str),
        (kept, request): (&Body, &Bytes),
        read: Option<Read>,
        answer: Option<(u16, &Bytes)>,
    ) {
        let Some(watch) = &self.watch else { return };
        let form = match kept {
            Body::Note(note) => note.get("payload_json"),
            Body::Empty | Body::Json(_) => None,
        };
        let request = form.map_or_else(|| Sent::Json(request.clone()), |f| Sent::Form(f.clone()));
        let taken = answer.is_some_and(|(status, _)| (200..300).contains(&status));
        let ignored = match read.filter(|_| taken) {
            Some(read) => ignored(&read, path, &request.body()),
            None => Vec::new(),
        };
        let what = Happened::Call {
            method: method.to_owned(),
            path: path.to_owned(),
            request,
            ignored,
            answer: answer.map(|(status, body)| (status, body.clone())),
        };
        watch.tell(Seen { at, what });
    }

    /// Reports an event that was sent to a bot.
    pub(crate) fn event(&self, at: Timestamp, name: &'static str, data: &Bytes) {
        if let Some(watch) = &self.watch {
            watch.tell(Seen {
                at,
                what: Happened::Event {
                    name,
                    data: data.clone(),
                },
            });
        }
    }

    /// Returns when everything that happened before is validated.
    pub(crate) async fn caught_up(&self) {
        if let Some(watch) = &self.watch {
            watch.caught_up().await;
        }
    }
}

/// The unread parts of a call: paths in its body, and `?name` for parameters of its query.
#[cfg(feature = "oracle")]
fn ignored(read: &Read, path: &str, body: &serde_json::Value) -> Vec<String> {
    let mut ignored = read.ignored(body);
    let query = path.split_once('?').map_or("", |(_, query)| query);
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        if !value.is_empty() && !read.knows_parameter(&name) {
            ignored.push(format!("?{name}"));
        }
    }
    ignored
}

/// Without the feature `oracle`, nothing is checked.
#[cfg(not(feature = "oracle"))]
#[expect(
    clippy::unused_self,
    clippy::unused_async,
    reason = "the same calls, whether the feature is on or not"
)]
impl Inspector {
    pub(crate) fn new(_: Inspection, _: Arc<Record>) -> Self {
        Self {}
    }

    pub(crate) fn is_on(&self) -> bool {
        false
    }

    pub(crate) fn call(
        &self,
        _: Timestamp,
        _: (&str, &str),
        _: (&Body, &Bytes),
        _: Option<Read>,
        _: Option<(u16, &Bytes)>,
    ) {
    }

    pub(crate) fn event(&self, _: Timestamp, _: &'static str, _: &Bytes) {}

    pub(crate) async fn caught_up(&self) {}
}
