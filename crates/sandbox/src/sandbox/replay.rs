//! Replaying a record: what people and tests did, against the same bot or another one.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use serde::Deserialize;
use serde_json::Value;
use tokio::time::timeout;
use tower_service::Service;

use super::Sandbox;
use crate::record::{Call, What};

/// How long a replay waits for a bot that does less than the one in the record.
const TIME_LIMIT: Duration = Duration::from_secs(10);

/// What people and tests did in a recorded run, and the bot's calls in it.
#[derive(Debug)]
pub struct Replay {
    steps: Vec<Step>,
    /// All calls of the bot in the record.
    calls: Vec<String>,
    seen: Seen,
}

/// A call of the control API, and how much had happened before it.
#[derive(Debug)]
struct Step {
    line: usize,
    method: String,
    path: String,
    body: Value,
    seen: Seen,
}

/// How much of each kind has happened.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    calls: usize,
    events: usize,
    gateway: usize,
}

/// How a replay went.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Replayed {
    /// How many calls of the control API were made again.
    pub steps: usize,
    /// The bot's calls that are in the record and are missing now, such as `POST /channels/1/messages ->
    /// 200`.
    pub missing: Vec<String>,
    /// The bot's calls that are not in the record.
    pub further: Vec<String>,
}

/// The part of a record's line that a replay needs.
#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Line {
    Control {
        method: String,
        path: String,
        request: Value,
    },
    Call {
        method: String,
        path: String,
        status: u16,
    },
    Event {},
    Person {},
    Gateway {},
}

impl Replay {
    /// Reads a record, as `--record` writes it: a line of JSON for each entry.
    pub fn parse(record: &str) -> Result<Self, String> {
        let (mut steps, mut calls, mut seen) = (Vec::new(), Vec::new(), Seen::default());
        for (number, text) in (1..).zip(record.lines()) {
            let line = serde_json::from_str(text)
                .map_err(|error| format!("line {number}: not an entry of a record: {error}"))?;
            match line {
                Line::Control {
                    method,
                    path,
                    request,
                } => steps.push(Step {
                    line: number,
                    body: request,
                    method,
                    path,
                    seen,
                }),
                Line::Call {
                    method,
                    path,
                    status,
                } => {
                    calls.push(outcome(&method, &path, status));
                    seen.calls += 1;
                }
                Line::Event {} => seen.events += 1,
                Line::Gateway {} => seen.gateway += 1,
                Line::Person {} => {}
            }
        }
        if steps.is_empty() {
            return Err("nobody did anything over the control API in this record".to_owned());
        }
        let unkept = |step: &&Step| {
            step.body.get("abbreviated").is_some() || step.body.get("payload_json").is_some()
        };
        if let Some(step) = steps.iter().find(unkept) {
            let Step { line, path, .. } = step;
            return Err(format!(
                "line {line}: {path} cannot be replayed: the record does not keep uploaded files \
                 and bodies of more than 16 KiB"
            ));
        }
        Ok(Self { steps, calls, seen })
    }
}

impl Sandbox {
    /// Does again what was done in a recorded run. Before each step it waits until the bot has made
    /// as many calls and got as many events as it had by then. If nothing happens for 10 s, it goes on anyway.
    /// With the same ids ([`Builder::ids_from`](super::Builder::ids_from)), a bot that does the same makes the
    /// same calls. Only their method, path and status are compared, and how often each was made.
    pub async fn replay(&self, replay: &Replay) -> Result<Replayed, String> {
        let mut router = crate::control::router(&self.hub).with_state(self.hub.clone());
        let mut progress = Progress::default();
        for step in &replay.steps {
            progress.reach(self, step.seen).await;
            let Step {
                line, method, path, ..
            } = step;
            let refused = perform(&mut router, step).await?;
            if let Some((status, why)) = refused {
                return Err(format!(
                    "line {line}: {method} /control{path} is refused with {status}: {why}"
                ));
            }
        }
        progress.reach(self, replay.seen).await;
        let (mut missing, mut further) = (count(&replay.calls), count(&progress.calls));
        for (call, times) in &mut missing {
            let found = further.entry(call).or_default();
            let both = (*times).min(*found);
            *times -= both;
            *found -= both;
        }
        Ok(Replayed {
            steps: replay.steps.len(),
            missing: listed(missing),
            further: listed(further),
        })
    }
}

/// What has happened since the sandbox started.
#[derive(Default)]
struct Progress {
    last: u64,
    seen: Seen,
    calls: Vec<String>,
}

impl Progress {
    /// Waits until as much has happened, or until nothing has happened for a while.
    async fn reach(&mut self, sandbox: &Sandbox, wanted: Seen) {
        while !self.seen.has(wanted) {
            let Ok(entries) = timeout(TIME_LIMIT, sandbox.next_entries(self.last)).await else {
                return;
            };
            for entry in entries {
                self.last = entry.seq;
                match entry.what {
                    What::Call(Call {
                        method,
                        path,
                        status,
                        ..
                    }) => {
                        self.seen.calls += 1;
                        self.calls.push(outcome(&method, &path, status));
                    }
                    What::Event { .. } => self.seen.events += 1,
                    What::Gateway { .. } => self.seen.gateway += 1,
                    What::Person { .. } | What::Control { .. } => {}
                }
            }
        }
    }
}

impl Seen {
    fn has(self, wanted: Self) -> bool {
        self.calls >= wanted.calls && self.events >= wanted.events && self.gateway >= wanted.gateway
    }
}

/// Makes a step's call. Returns its status and body if it is refused.
async fn perform(router: &mut Router, step: &Step) -> Result<Option<(StatusCode, String)>, String> {
    let request = Request::builder()
        .method(&*step.method)
        .uri(format!("/control{}", step.path));
    let request = if step.body.is_null() {
        request.body(Body::empty())
    } else {
        request
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(step.body.to_string()))
    };
    let request = request.map_err(|error| format!("line {}: {error}", step.line))?;
    let answer = match router.call(request).await {
        Ok(answer) => answer,
        Err(never) => match never {},
    };
    let status = answer.status();
    if status.is_success() {
        return Ok(None);
    }
    let body = to_bytes(answer.into_body(), usize::MAX).await;
    let why = String::from_utf8_lossy(&body.unwrap_or_default()).into_owned();
    Ok(Some((status, why)))
}

fn outcome(method: &str, path: &str, status: u16) -> String {
    format!("{method} {path} -> {status}")
}

fn count(calls: &[String]) -> BTreeMap<&str, usize> {
    let mut counted = BTreeMap::new();
    for call in calls {
        *counted.entry(&**call).or_default() += 1;
    }
    counted
}

fn listed(counted: BTreeMap<&str, usize>) -> Vec<String> {
    let calls = counted.into_iter();
    calls
        .flat_map(|(call, times)| std::iter::repeat_n(call.to_owned(), times))
        .collect()
}

impl fmt::Display for Replayed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} steps done; ", self.steps)?;
        if self.missing.is_empty() && self.further.is_empty() {
            return write!(
                f,
                "the bot made the same calls (method, path and status) as in the record"
            );
        }
        write!(f, "the bot's calls differ from the record")?;
        for call in &self.missing {
            write!(f, "\n  only in the record: {call}")?;
        }
        for call in &self.further {
            write!(f, "\n  only now: {call}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_that_cannot_be_replayed_says_why() {
        for (record, why) in [
            (
                "",
                "nobody did anything over the control API in this record",
            ),
            (
                "{",
                "line 1: not an entry of a record: EOF while parsing an object at line 1 column 1",
            ),
            (
                r#"{"kind":"control","method":"POST","path":"/people/mia/modals","request":{"abbreviated":"20000 bytes"}}"#,
                "line 1: /people/mia/modals cannot be replayed: the record does not keep uploaded files and bodies of more than 16 KiB",
            ),
        ] {
            assert_eq!(Replay::parse(record).unwrap_err(), why);
        }
    }

    #[test]
    fn what_is_compared_is_named() {
        let said =
            "0 steps done; the bot made the same calls (method, path and status) as in the record";
        assert_eq!(Replayed::default().to_string(), said);
    }

    #[test]
    fn differences_are_named() {
        let replayed = Replayed {
            steps: 2,
            missing: vec!["POST /a -> 200".to_owned()],
            further: vec!["POST /a -> 403".to_owned()],
        };
        let said = "2 steps done; the bot's calls differ from the record\n  only in the record: \
                    POST /a -> 200\n  only now: POST /a -> 403";
        assert_eq!(replayed.to_string(), said);
    }
}
