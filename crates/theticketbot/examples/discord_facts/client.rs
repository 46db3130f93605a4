//! Calls to Discord, without anything that a bot would add: the script wants to see every response.

use std::fmt;
use std::time::Duration;

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, USER_AGENT};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;

use crate::facts::Result;

pub(crate) struct Client {
    http: legacy::Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    url: String,
    pub(crate) token: String,
}

/// Discord's response, whatever it is.
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl Client {
    pub(crate) fn new(url: &str, token: &str) -> Self {
        // An error says that it is chosen already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let connector = hyper_rustls::HttpsConnectorBuilder::new()
            .with_webpki_roots()
            .https_or_http()
            .enable_http1()
            .build();
        Self {
            http: legacy::Client::builder(TokioExecutor::new()).build(connector),
            url: url.trim_end_matches('/').to_owned(),
            token: token.to_owned(),
        }
    }

    /// Makes the call, and again after a rate limit.
    pub(crate) async fn call(&self, method: &str, path: &str, body: Value) -> Result<Response> {
        let mut tries = 0;
        loop {
            tries += 1;
            let response = self.attempt(method, path, &body).await?;
            if response.status != 429 || tries == 5 {
                return Ok(response);
            }
            let seconds = response.body["retry_after"].as_f64().unwrap_or(5.0);
            tokio::time::sleep(Duration::from_secs_f64(seconds.clamp(0.1, 60.0))).await;
        }
    }

    /// A call that must succeed, for what comes after it to mean anything.
    pub(crate) async fn must(&self, method: &str, path: &str, body: Value) -> Result<Value> {
        let response = self.call(method, path, body).await?;
        if (200..300).contains(&response.status) {
            Ok(response.body)
        } else {
            Err(format!("{method} {path}: {response}").into())
        }
    }

    async fn attempt(&self, method: &str, path: &str, body: &Value) -> Result<Response> {
        let text = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let mut request = hyper::Request::builder()
            .method(method)
            .uri(format!("{}/api/v10/{path}", self.url))
            .header(USER_AGENT, "DiscordBot (theticketbot, facts)");
        // Interaction callbacks carry their own token.
        if !path.starts_with("interactions/") {
            request = request.header(AUTHORIZATION, format!("Bot {}", self.token));
        }
        if !text.is_empty() {
            request = request.header(CONTENT_TYPE, "application/json");
        }
        let response = self.http.request(request.body(Full::from(text))?).await?;
        let status = response.status().as_u16();
        let bytes = response.into_body().collect().await?.to_bytes();
        let body = serde_json::from_slice(&bytes).unwrap_or_default();
        Ok(Response { status, body })
    }
}

impl fmt::Display for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.status, self.body["code"].as_u64()) {
            (status @ 200..=299, _) => write!(f, "accepted ({status})"),
            (status, Some(code)) => write!(f, "refused ({status}, code {code})"),
            (status, None) => write!(f, "refused ({status})"),
        }
    }
}
