//! The sandbox as a separate process, and its control API.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::{Value, json};
use tempfile::TempDir;
use ureq::Agent;

use crate::Result;
use crate::record::Entry;

/// How a sandbox is started.
#[derive(Clone, Copy, Default)]
pub(crate) struct Options {
    /// Servers besides the one in which everything happens, of 50 channels and 20 roles.
    pub(crate) servers: u32,
    pub(crate) limits: bool,
}

/// A running sandbox; it ends when this is dropped.
pub(crate) struct Sandbox {
    child: Child,
    agent: Agent,
    pub(crate) url: String,
    pub(crate) token: String,
    pub(crate) guild: String,
    pub(crate) moderator: String,
    _folder: TempDir,
}

/// The line that it prints.
#[derive(Deserialize)]
struct Announced {
    url: String,
    token: String,
    guild_id: String,
    moderator: String,
}

impl Sandbox {
    pub(crate) fn start(program: &Path, options: Options) -> Result<Self> {
        let cannot = |error: std::io::Error| format!("the sandbox: {error}");
        let folder = tempfile::tempdir().map_err(cannot)?;
        let log = File::create(folder.path().join("log")).map_err(cannot)?;
        let mut command = Command::new(program);
        command.args(["--guilds", &options.servers.to_string()]);
        // So that the shards of a large bot need not wait for each other.
        command.args(["--max-concurrency", "16"]);
        if options.limits {
            command.arg("--limits");
        }
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .map_err(cannot)?;
        let mut line = String::new();
        if let Some(output) = child.stdout.take() {
            BufReader::new(output)
                .read_line(&mut line)
                .map_err(cannot)?;
        }
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(TIMEOUT))
            .build()
            .into();
        let announced: Announced = serde_json::from_str(&line).map_err(|error| {
            let _ = child.kill();
            format!("the sandbox did not say where it is: {error}")
        })?;
        Ok(Self {
            child,
            agent,
            url: announced.url,
            token: announced.token,
            guild: announced.guild_id,
            moderator: announced.moderator,
            _folder: folder,
        })
    }

    pub(crate) fn get(&self, path: &str) -> Result<Value> {
        let sent = self.agent.get(self.at(path)).call();
        answered("GET", path, sent)
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Result<Value> {
        let sent = self.agent.post(self.at(path)).send_json(body);
        answered("POST", path, sent)
    }

    /// From now on each answer to a call comes so much later.
    pub(crate) fn delay_answers(&self, by: Duration) -> Result<()> {
        let fault = json!({"delay_ms": by.as_millis(), "times": u32::MAX});
        self.post("/faults", &fault).map(drop)
    }

    /// People who are in the server.
    pub(crate) fn crowd(&self, name: &str, count: usize) -> Result<Vec<String>> {
        let body = json!({"username": name, "guild_id": self.guild, "count": count});
        let people = self.post("/people", &body)?;
        let people = people.as_array().ok_or("there is no list of people")?;
        Ok(people.iter().map(|person| text(&person["id"])).collect())
    }

    /// What happened after this entry of the record.
    pub(crate) fn record(&self, mut after: u64) -> Result<Vec<Entry>> {
        let mut entries = Vec::new();
        loop {
            let page = self.get(&format!("/record?after={after}&limit=1000"))?;
            let page: Page = serde_json::from_value(page)
                .map_err(|error| format!("the record cannot be read: {error}"))?;
            if page.entries.is_empty() {
                return Ok(entries);
            }
            entries.extend(page.entries);
            after = page.next;
        }
    }

    /// The number of the newest entry of the record.
    pub(crate) fn newest(&self) -> Result<u64> {
        let page = self.get(&format!("/record?after={}&limit=1", 1_u64 << 53))?;
        page["next"].as_u64().ok_or("the record has no end".into())
    }

    /// Waits until nothing has happened for so long.
    pub(crate) fn wait_until_quiet(&self, quiet: Duration) -> Result<()> {
        let until = Instant::now() + TIMEOUT;
        let (mut newest, mut since) = (self.newest()?, Instant::now());
        while since.elapsed() < quiet {
            std::thread::sleep(Duration::from_millis(50));
            let now = self.newest()?;
            if now != newest {
                (newest, since) = (now, Instant::now());
            }
            if Instant::now() > until {
                return Err("the sandbox does not become quiet".to_owned());
            }
        }
        Ok(())
    }

    fn at(&self, path: &str) -> String {
        format!("{}/control{path}", self.url)
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[derive(Deserialize)]
struct Page {
    entries: Vec<Entry>,
    next: u64,
}

/// How long anything may take here.
const TIMEOUT: Duration = Duration::from_secs(120);

/// The body of an answer that is not a refusal.
fn answered(
    method: &str,
    path: &str,
    sent: Result<ureq::http::Response<ureq::Body>, ureq::Error>,
) -> Result<Value> {
    let failed = |why: String| format!("{method} /control{path}: {why}");
    let mut response = sent.map_err(|error| failed(error.to_string()))?;
    let status = response.status();
    let body = response
        .body_mut()
        .with_config()
        .limit(LARGEST_ANSWER)
        .read_to_string()
        .map_err(|error| failed(error.to_string()))?;
    if !status.is_success() {
        return Err(failed(format!("{status}: {body}")));
    }
    if body.is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_str(&body).map_err(|error| failed(error.to_string()))
}

/// A thousand entries of the record, with room to spare.
const LARGEST_ANSWER: u64 = 256 * 1024 * 1024;

/// A snowflake, which is text in JSON.
pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
