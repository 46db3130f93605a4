//! Validates calls and events against Discord's own specification.
//!
//! [`Oracle`] validates requests, responses and events against Discord's OpenAPI file (`openapi/`). It is
//! pure: it takes JSON and returns [`Mismatch`]es. If the file is known to be wrong, a row of [`exceptions`]
//! says so, with its reason. [`watch::Watch`] checks every call of a running sandbox, on a separate thread.
//!
//! ```
//! use discord_sandbox::oracle::Oracle;
//! use serde_json::json;
//!
//! let role = json!([{"id": "1", "name": "Staff"}]);
//! let wrong = Oracle::shared().check_response("GET", "/guilds/1/roles", 200, &role);
//! assert_eq!(
//!     wrong[0].to_string(),
//!     "answer of GET /guilds/{guild_id}/roles -> 200, at /0: \"permissions\" is missing"
//! );
//! ```

use std::borrow::Cow;
use std::fmt;
use std::sync::LazyLock;

use axum::extract::Query;
use axum::http::Uri;
use percent_encoding::percent_decode_str;
use serde::Serialize;
use serde_json::Value;

use self::routes::{Body, Operation, Routes};
use self::schemas::Schemas;

mod events;
pub mod exceptions;
mod explain;
mod routes;
mod schemas;
#[cfg(test)]
mod tests;
pub mod watch;

/// Discord's specification, ready for checks. Compiled schemas are cached for the life of the process; the
/// results depend only on the arguments.
pub struct Oracle {
    routes: Routes,
    schemas: Schemas,
}

/// Something that Discord's specification does not allow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mismatch {
    pub kind: Kind,
    /// Which call or event: `POST /channels/{channel_id}/messages -> 200`, `MESSAGE_CREATE`.
    pub place: String,
    /// The place in the body, as a JSON pointer; empty for the whole body.
    pub pointer: String,
    /// What is wrong at that place.
    pub what: String,
}

/// What kind of thing was wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The body, the path or the query that a bot sent.
    Request,
    /// The body of an answer.
    Answer,
    /// An event on the gateway.
    Event,
    /// A route that Discord does not document.
    UnknownRoute,
    /// A status that Discord does not document for this route.
    UnknownStatus,
    /// The sandbox ignored something that has an effect at Discord.
    Ignored,
}

impl Oracle {
    /// The one of this process.
    pub fn shared() -> &'static Self {
        static SHARED: LazyLock<Oracle> = LazyLock::new(|| {
            let spec = exceptions::amended();
            Oracle {
                routes: Routes::of(spec),
                schemas: Schemas::of(spec),
            }
        });
        &SHARED
    }

    /// What is wrong with a request. `path` is what stands below `/api/v10`, with its query.
    /// `body` is null if there is none; of a multipart request, it is its `payload_json`.
    pub fn check_request(&self, method: &str, path: &str, body: &Value) -> Vec<Mismatch> {
        let segments = segments(path);
        let Some((operation, parameters)) = self.routes.find(method, &segments) else {
            if exceptions::is_left_out(method, &segments) {
                return Vec::new();
            }
            let place = format!("{method} {}", route(path));
            let what = "Discord documents no such route".to_owned();
            return vec![Mismatch {
                kind: Kind::UnknownRoute,
                place,
                pointer: String::new(),
                what,
            }];
        };
        let at = |pointer: String, what: String| Mismatch {
            kind: Kind::Request,
            place: operation.name(),
            pointer,
            what,
        };
        let mut found = Vec::new();
        for (name, value) in parameters {
            self.parameter(operation, "path", name, value, &mut found);
        }
        for (name, value) in query(path) {
            self.parameter(operation, "query", &name, &value, &mut found);
        }
        let mut found: Vec<Mismatch> = found.into_iter().map(|(p, w)| at(p, w)).collect();
        match &operation.body {
            Body::Json(schema) if !body.is_null() => {
                let wrong = self.schemas.check_body(schema, body);
                found.extend(wrong.into_iter().map(|(pointer, what)| at(pointer, what)));
            }
            Body::Json(schema)
                if operation.body_required
                    && !self.schemas.check(schema, &Value::Null).is_empty() =>
            {
                found.push(at(String::new(), "it needs a body".to_owned()));
            }
            _ => {}
        }
        found
    }

    /// The parts of an accepted request that the sandbox ignored although Discord documents them: paths such
    /// as `embeds.0.title`, and `?name` for parameters of the query. Undocumented parts are not reported,
    /// because Discord ignores them, too.
    pub fn check_ignored(&self, method: &str, path: &str, ignored: &[String]) -> Vec<Mismatch> {
        if ignored.is_empty() {
            return Vec::new();
        }
        let segments = segments(path);
        let Some((operation, _)) = self.routes.find(method, &segments) else {
            return Vec::new();
        };
        let documented = |place: &&String| match place.strip_prefix('?') {
            Some(name) => operation.parameter("query", name).is_some(),
            None => match &operation.body {
                Body::Json(schema) => self.schemas.documents(schema, place),
                Body::None | Body::Other => false,
            },
        };
        let ignored = ignored.iter().filter(documented);
        ignored
            .map(|place| Mismatch {
                kind: Kind::Ignored,
                place: operation.name(),
                pointer: String::new(),
                what: format!("`{place}` is ignored, and Discord heeds it"),
            })
            .collect()
    }

    /// What is wrong with a response. `path` is as in [`Self::check_request`]; `body` is null if there is
    /// none. An undocumented route is reported for the request, not for the response. The specification does
    /// not describe 5xx responses.
    pub fn check_response(
        &self,
        method: &str,
        path: &str,
        status: u16,
        body: &Value,
    ) -> Vec<Mismatch> {
        let segments = segments(path);
        let Some((operation, _)) = self.routes.find(method, &segments) else {
            return Vec::new();
        };
        if status >= 500 {
            return Vec::new();
        }
        let at = |kind, pointer: String, what: String| Mismatch {
            kind,
            place: format!("{} -> {status}", operation.name()),
            pointer,
            what,
        };
        let Some(answer) = operation.answer(status) else {
            let known: Vec<&str> = operation.answers.keys().map(String::as_str).collect();
            let what = format!("Discord answers with {}", known.join(", "));
            return vec![at(Kind::UnknownStatus, String::new(), what)];
        };
        match answer {
            Body::Json(schema) => {
                let wrong = self.schemas.check(schema, body);
                wrong
                    .into_iter()
                    .map(|(p, w)| at(Kind::Answer, p, w))
                    .collect()
            }
            Body::None if !body.is_null() => {
                vec![at(
                    Kind::Answer,
                    String::new(),
                    "it must have no body".to_owned(),
                )]
            }
            Body::None | Body::Other => Vec::new(),
        }
    }

    /// What is wrong with the objects inside an event on the gateway. The specification does not
    /// describe events themselves, but it describes the messages, threads and so on in them.
    pub fn check_event(&self, name: &str, data: &Value) -> Vec<Mismatch> {
        let mut found = Vec::new();
        for (pointer, component, object) in events::parts(name, data) {
            for mut mismatch in self.check_component(component, &object) {
                mismatch.place = format!("{name}, {component}");
                mismatch.pointer.insert_str(0, &pointer);
                found.push(mismatch);
            }
        }
        found
    }

    /// What is wrong with an object that is said to be a `MessageResponse`, `ThreadResponse`, ….
    pub fn check_component(&self, component: &str, object: &Value) -> Vec<Mismatch> {
        let schema = format!("/components/schemas/{component}");
        let wrong = self.schemas.check(&schema, object);
        let mismatch = |(pointer, what)| Mismatch {
            kind: Kind::Event,
            place: component.to_owned(),
            pointer,
            what,
        };
        wrong.into_iter().map(mismatch).collect()
    }

    fn parameter(
        &self,
        operation: &Operation,
        place: &str,
        name: &str,
        value: &str,
        found: &mut Vec<(String, String)>,
    ) {
        let Some(schema) = operation.parameter(place, name) else {
            return;
        };
        for (_, what) in self.schemas.check_text(schema, value) {
            found.push((String::new(), format!("{place} parameter {name}: {what}")));
        }
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            Kind::Request | Kind::Ignored => write!(f, "request {}", self.place)?,
            Kind::Answer | Kind::UnknownStatus => write!(f, "answer of {}", self.place)?,
            Kind::Event => write!(f, "event {}", self.place)?,
            Kind::UnknownRoute => write!(f, "{}", self.place)?,
        }
        if !self.pointer.is_empty() {
            write!(f, ", at {}", self.pointer)?;
        }
        write!(f, ": {}", self.what)
    }
}

fn route(path: &str) -> &str {
    path.split_once('?').map_or(path, |(route, _)| route)
}

/// The segments of a path. Some clients escape the `@` of `@me`.
fn segments(path: &str) -> Vec<Cow<'_, str>> {
    let segments = route(path).trim_matches('/').split('/');
    segments
        .map(|segment| percent_decode_str(segment).decode_utf8_lossy())
        .collect()
}

/// The parameters of a query. An unreadable query counts as empty, because the server refuses it anyway.
fn query(path: &str) -> Vec<(String, String)> {
    let uri: Result<Uri, _> = path.parse();
    let pairs = uri.ok().and_then(|uri| Query::try_from_uri(&uri).ok());
    pairs.map_or_else(Vec::new, |Query(pairs)| pairs)
}
