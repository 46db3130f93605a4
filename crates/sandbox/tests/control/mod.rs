//! The control API for tests, as plainly as can be.
#![allow(dead_code, reason = "not every test file uses all of it")]

use discord_sandbox::Sandbox;
use reqwest::{Client, Method};
use serde_json::Value;

pub(crate) struct Control {
    http: Client,
    url: String,
}

impl Control {
    pub(crate) fn new(sandbox: &Sandbox) -> Self {
        Self {
            http: Client::new(),
            url: format!("{}/control", sandbox.url()),
        }
    }

    /// A call, its status and its answer. Null means no body.
    pub(crate) async fn call(&self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let request = self.http.request(method, format!("{}{path}", self.url));
        let request = if body.is_null() {
            request
        } else {
            request.json(body)
        };
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        let text = answer.text().await.unwrap();
        (status, serde_json::from_str(&text).unwrap_or_default())
    }

    /// A call that succeeds.
    pub(crate) async fn ok(&self, method: &str, path: &str, body: &Value) -> Value {
        let (status, answer) = self.call(method, path, body).await;
        assert!(
            (200..300).contains(&status),
            "{method} {path}: {status} {answer}"
        );
        answer
    }
}
