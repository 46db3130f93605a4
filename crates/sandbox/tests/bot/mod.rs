//! A bot for tests that calls REST as plainly as can be.
#![allow(dead_code, reason = "not every test file uses all of it")]

use discord_sandbox::Sandbox;
use reqwest::multipart::{Form, Part};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::Value;

pub(crate) struct Bot {
    client: Client,
    url: String,
    token: String,
}

impl Bot {
    pub(crate) fn new(sandbox: &Sandbox) -> Self {
        let url = format!("{}/api/v10", sandbox.url());
        Self {
            client: Client::new(),
            url,
            token: format!("Bot {}", sandbox.token()),
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        self.call(Method::GET, path, None, 200).await
    }

    /// POST with the usual status.
    pub(crate) async fn post(&self, path: &str, body: Value) -> Value {
        self.call(Method::POST, path, Some(body), 200).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Value {
        self.call(Method::PATCH, path, Some(body), 200).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Value {
        self.call(Method::PUT, path, Some(body), 200).await
    }

    /// PUT or DELETE of something without a body, answered without one.
    pub(crate) async fn quietly(&self, method: Method, path: &str) {
        assert_eq!(self.call(method, path, None, 204).await, Value::Null);
    }

    /// Any call; fails unless it is answered with this status.
    pub(crate) async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
        status: u16,
    ) -> Value {
        let request = self.request(&method, path);
        let request = match &body {
            Some(body) => request.json(body),
            None => request,
        };
        self.answer(request, &format!("{method} {path} {body:?}"), status)
            .await
    }

    /// A call that gives a reason for the audit log, percent-encoded.
    pub(crate) async fn because(
        &self,
        reason: &str,
        method: Method,
        path: &str,
        body: Value,
    ) -> Value {
        let request = self.request(&method, path);
        let request = request.header("X-Audit-Log-Reason", reason).json(&body);
        self.answer(request, path, 200).await
    }

    /// A form with `payload_json` and files: name, type, content.
    pub(crate) async fn form(
        &self,
        method: Method,
        path: &str,
        payload: &Value,
        files: &[(&str, &str, &[u8])],
    ) -> Value {
        let payload = Part::text(payload.to_string())
            .mime_str("application/json")
            .unwrap();
        let mut form = Form::new().part("payload_json", payload);
        for (n, (name, kind, content)) in files.iter().enumerate() {
            let part = Part::bytes(content.to_vec()).file_name((*name).to_owned());
            form = form.part(format!("files[{n}]"), part.mime_str(kind).unwrap());
        }
        let request = self.request(&method, path).multipart(form);
        self.answer(request, &format!("{method} {path}, a form"), 200)
            .await
    }

    /// POST of a form without files.
    pub(crate) async fn urlencoded(&self, path: &str, form: &'static str) -> Value {
        let request = self.request(&Method::POST, path).body(form);
        let request = request.header("Content-Type", "application/x-www-form-urlencoded");
        self.answer(request, &format!("POST {path} {form}"), 200)
            .await
    }

    /// As a client without a token, or with another one.
    pub(crate) fn with_token(&self, token: &str) -> Self {
        Self {
            client: self.client.clone(),
            url: self.url.clone(),
            token: token.to_owned(),
        }
    }

    fn request(&self, method: &Method, path: &str) -> RequestBuilder {
        let request = self
            .client
            .request(method.clone(), format!("{}{path}", self.url));
        if self.token.is_empty() {
            request
        } else {
            request.header("Authorization", &self.token)
        }
    }

    async fn answer(&self, request: RequestBuilder, what: &str, status: u16) -> Value {
        let response = request.send().await.unwrap();
        let answered = response.status().as_u16();
        let text = response.text().await.unwrap();
        assert_eq!(answered, status, "{what}: {text}");
        if text.is_empty() {
            Value::Null
        } else {
            serde_json::from_str(&text).unwrap()
        }
    }
}

/// An object's id.
pub(crate) fn id(object: &Value) -> &str {
    object["id"]
        .as_str()
        .unwrap_or_else(|| panic!("no id: {object}"))
}

/// A PNG with one pixel.
pub(crate) const PIXEL: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52,
    0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x06, 0x00, 0x00, 0x00, 0x1f, 0x15, 0xc4,
    0x89, 0x00, 0x00, 0x00, 0x0a, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9c, 0x63, 0x00, 0x01, 0x00, 0x00,
    0x05, 0x00, 0x01, 0x0d, 0x0a, 0x2d, 0xb4, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae,
    0x42, 0x60, 0x82,
];
