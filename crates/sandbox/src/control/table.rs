//! A row of the table of routes: the handler, and its description for people and programs.

use std::any::type_name;
use std::sync::Arc;

use axum::handler::Handler;
use axum::routing::MethodRouter;

use crate::hub::Hub;

/// One call of the control API.
pub(super) struct Route {
    /// The path below `/control`, with parameters in braces.
    pub(super) path: String,
    pub(super) handler: MethodRouter<Arc<Hub>>,
    pub(super) about: About,
}

/// What control-openapi.json, CONTROL.md and the page's types say. Types are written in TypeScript, with the names of
/// `types/*.d.ts`.
#[derive(Clone, Copy)]
#[cfg_attr(
    not(test),
    expect(
        dead_code,
        reason = "the files are written, and compared, by a test (`describe`)"
    )
)]
pub(super) struct About {
    pub(super) method: &'static str,
    /// The handler's.
    pub(super) name: &'static str,
    /// The first sentence is the summary.
    pub(super) text: &'static str,
    pub(super) query: &'static str,
    pub(super) body: Body,
    pub(super) answer: Answer,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Body {
    None,
    Json(&'static str),
    /// A body that may be missing.
    Optional(&'static str),
    /// JSON, or a form with `payload_json` and `files[n]`.
    WithFiles(&'static str),
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// 204.
    Nothing,
    Json(&'static str),
    /// Server-sent events.
    Stream,
}

impl Route {
    fn new<H>(method: &'static str, path: &str, handler: MethodRouter<Arc<Hub>>) -> Self {
        let name = type_name::<H>();
        Self {
            path: path.replace('…', "/people/{person}"),
            handler,
            about: About {
                method,
                name: name.rsplit("::").next().unwrap_or(name),
                text: "",
                query: "",
                body: Body::None,
                answer: Answer::Nothing,
            },
        }
    }

    pub(super) const fn says(mut self, text: &'static str) -> Self {
        self.about.text = text;
        self
    }

    pub(super) const fn query(mut self, fields: &'static str) -> Self {
        self.about.query = fields;
        self
    }

    pub(super) const fn takes(mut self, body: &'static str) -> Self {
        self.about.body = Body::Json(body);
        self
    }

    pub(super) const fn may_take(mut self, body: &'static str) -> Self {
        self.about.body = Body::Optional(body);
        self
    }

    pub(super) const fn takes_with_files(mut self, body: &'static str) -> Self {
        self.about.body = Body::WithFiles(body);
        self
    }

    pub(super) const fn gives(mut self, answer: &'static str) -> Self {
        self.about.answer = Answer::Json(answer);
        self
    }

    pub(super) const fn streams(mut self) -> Self {
        self.about.answer = Answer::Stream;
        self
    }
}

macro_rules! methods {
    ($($name:ident $method:literal),*) => {$(
        /// A route with this method. `…` in its path stands for `/people/{person}`.
        pub(super) fn $name<H: Handler<T, Arc<Hub>>, T: 'static>(path: &str, handler: H) -> Route {
            Route::new::<H>($method, path, axum::routing::$name(handler))
        }
    )*};
}

methods!(get "GET", put "PUT", post "POST", patch "PATCH", delete "DELETE");
