//! A browser or a script that uses the control API.

use discord_sandbox::Sandbox;
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde_json::Value;

/// A browser or a script that talks to a sandbox.
pub(crate) struct Caller<'a> {
    pub(crate) sandbox: &'a Sandbox,
    pub(crate) http: reqwest::Client,
}

impl<'a> Caller<'a> {
    pub(crate) fn new(sandbox: &'a Sandbox) -> Self {
        Self {
            sandbox,
            http: reqwest::Client::new(),
        }
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http
            .request(method, format!("{}{path}", self.sandbox.url()))
    }

    pub(crate) async fn get(&self, path: &str) -> (StatusCode, Value) {
        read(self.request(Method::GET, path).send().await.unwrap()).await
    }

    pub(crate) async fn call(&self, method: &str, path: &str, body: &Value) -> (StatusCode, Value) {
        let method = method.parse().unwrap();
        read(self.request(method, path).json(body).send().await.unwrap()).await
    }

    /// A call that must succeed.
    pub(crate) async fn ok(&self, method: &str, path: &str, body: &Value) -> Value {
        let (status, answer) = self.call(method, path, body).await;
        assert!(status.is_success(), "{method} {path}: {status} {answer}");
        answer
    }

    /// A call of the bot.
    pub(crate) async fn bot(&self, method: &str, path: &str) -> Result<Response, reqwest::Error> {
        self.request(method.parse().unwrap(), path)
            .header("authorization", format!("Bot {}", self.sandbox.token()))
            .send()
            .await
    }
}

/// JSON, or null for an empty body.
pub(crate) async fn read(response: Response) -> (StatusCode, Value) {
    let status = response.status();
    let bytes = response.bytes().await.unwrap();
    if bytes.is_empty() {
        return (status, Value::Null);
    }
    (
        status,
        serde_json::from_slice(&bytes).unwrap_or_else(|_| panic!("not JSON: {bytes:?}")),
    )
}

/// Reads server-sent events.
pub(crate) struct Stream {
    response: Response,
    buffer: String,
}

impl Stream {
    pub(crate) async fn open(caller: &Caller<'_>, path: &str, last: Option<&str>) -> Self {
        let mut request = caller.request(Method::GET, path);
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self {
            response,
            buffer: String::new(),
        }
    }

    /// The id and the data of the next event.
    pub(crate) async fn next(&mut self) -> (String, Value) {
        loop {
            let parts = self.buffer.split_once("\n\n");
            if let Some((event, rest)) = parts.map(|(event, rest)| (event, rest.to_owned())) {
                let line = |name: &str| {
                    let line = event.lines().find_map(|line| line.strip_prefix(name));
                    line.unwrap_or_default().trim().to_owned()
                };
                let (id, data) = (line("id:"), line("data:"));
                self.buffer = rest;
                if !data.is_empty() {
                    return (id, serde_json::from_str(&data).unwrap());
                }
                continue;
            }
            let more =
                tokio::time::timeout(std::time::Duration::from_secs(10), self.response.chunk());
            let more = more
                .await
                .expect("nothing came")
                .unwrap()
                .expect("the stream ended");
            self.buffer.push_str(std::str::from_utf8(&more).unwrap());
        }
    }
}
