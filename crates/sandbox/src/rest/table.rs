//! The table of calls. The router, the refusals of calls that are not imitated, and COVERAGE.md all use the
//! same entries.

use std::sync::Arc;

use axum::Router;
use axum::handler::Handler;
use axum::routing::{MethodRouter, delete, get, patch, post, put};

use crate::error::ApiError;
use crate::hub::Hub;

/// One call of Discord's API that the sandbox knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ApiCall {
    /// The path below `/api/v10`, with names for ids in braces.
    pub path: &'static str,
    pub method: &'static str,
    /// Whether it is imitated. If not, it is refused like all such calls.
    pub imitated: bool,
}

/// The router, and the list of its calls.
#[derive(Default)]
pub(super) struct Routes {
    router: Router<Arc<Hub>>,
    calls: Vec<ApiCall>,
}

impl Routes {
    pub(super) fn new() -> Self {
        Self::default()
    }

    pub(super) fn get<H, T>(self, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, Arc<Hub>>,
        T: 'static,
    {
        self.imitated("GET", path, get(handler))
    }

    pub(super) fn put<H, T>(self, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, Arc<Hub>>,
        T: 'static,
    {
        self.imitated("PUT", path, put(handler))
    }

    pub(super) fn post<H, T>(self, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, Arc<Hub>>,
        T: 'static,
    {
        self.imitated("POST", path, post(handler))
    }

    pub(super) fn patch<H, T>(self, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, Arc<Hub>>,
        T: 'static,
    {
        self.imitated("PATCH", path, patch(handler))
    }

    pub(super) fn delete<H, T>(self, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, Arc<Hub>>,
        T: 'static,
    {
        self.imitated("DELETE", path, delete(handler))
    }

    /// Adds a call that Discord has and the sandbox does not. It is refused for every caller.
    pub(super) fn refused(self, method: &'static str, path: &'static str) -> Self {
        let refuse = move || async move {
            let call = format!("the call {method} {path}");
            ApiError::unsupported("", &call)
        };
        let route = match method {
            "GET" => get(refuse),
            "PUT" => put(refuse),
            "POST" => post(refuse),
            "PATCH" => patch(refuse),
            _ => delete(refuse),
        };
        self.with(method, path, false, route)
    }

    pub(super) fn and(mut self, other: Self) -> Self {
        self.calls.extend(other.calls);
        Self {
            router: self.router.merge(other.router),
            calls: self.calls,
        }
    }

    pub(super) fn router(self) -> Router<Arc<Hub>> {
        self.router
    }

    /// All calls, sorted by path.
    pub(super) fn calls(mut self) -> Vec<ApiCall> {
        self.calls.sort();
        self.calls
    }

    fn imitated(
        self,
        method: &'static str,
        path: &'static str,
        route: MethodRouter<Arc<Hub>>,
    ) -> Self {
        self.with(method, path, true, route)
    }

    fn with(
        mut self,
        method: &'static str,
        path: &'static str,
        imitated: bool,
        route: MethodRouter<Arc<Hub>>,
    ) -> Self {
        self.calls.push(ApiCall {
            path,
            method,
            imitated,
        });
        Self {
            router: self.router.route(path, route),
            calls: self.calls,
        }
    }
}
