//! Every call, field and value of Discord's OpenAPI file is sent. Each is imitated, or refused in
//! the one way in which the sandbox refuses what it does not imitate; none is ignored in silence.

#[path = "../client/mod.rs"]
mod client;
mod flags;
mod samples;

use std::collections::{BTreeMap, BTreeSet};

use client::Client as Gateway;
use discord_sandbox::oracle::exceptions::published;
use discord_sandbox::{Sandbox, Seed};
use reqwest::{Client, Method};
use serde_json::{Value, json};

use samples::{Ids, also_of_type, samples};

const METHODS: [&str; 5] = ["get", "put", "post", "patch", "delete"];

/// What says that a value is none of those that there are.
const BLAMES: [&str; 4] = [
    "BASE_TYPE_CHOICES",
    "ENUM_TYPE_COERCE",
    "UNION_TYPE_CHOICES",
    "BASE_TYPE_BAD_TYPE",
];

/// A world in which the bot may do everything.
const WORLD: &str = r#"
people = [
    { username = "olivia" },
    { username = "max", part = "moderator" },
    { username = "mia", part = "member" },
]

[[guilds]]
name = "Everything"
roles = [{ name = "Moderator" }, { bot = true, permissions = ["ADMINISTRATOR"] }]
members = [{ user = "max", roles = ["Moderator"] }, { user = "mia" }]
channels = [{ name = "general" }]
"#;

/// One operation of the file.
struct Operation {
    method: String,
    path: &'static str,
    about: &'static Value,
    shared: &'static Value,
}

impl Operation {
    /// All 242 of them.
    fn all() -> Vec<Self> {
        let mut found = Vec::new();
        for (path, about) in published()["paths"].as_object().unwrap() {
            for method in METHODS {
                if let Some(operation) = about.get(method) {
                    found.push(Self {
                        method: method.to_uppercase(),
                        path,
                        about: operation,
                        shared: &about["parameters"],
                    });
                }
            }
        }
        assert_eq!(found.len(), 242);
        found
    }

    fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    fn body(&self) -> Option<&'static Value> {
        let content = &self.about["requestBody"]["content"];
        content
            .get("application/json")
            .map(|media| &media["schema"])
    }

    fn query(&self) -> impl Iterator<Item = (&'static str, &'static Value)> {
        let own = self.about["parameters"].as_array().into_iter().flatten();
        let shared = self.shared.as_array().into_iter().flatten();
        let query = own.chain(shared).filter(|p| p["in"] == "query");
        query.filter_map(|p| Some((p["name"].as_str()?, &p["schema"])))
    }
}

/// A sandbox with one of everything in it.
struct Stage {
    sandbox: Sandbox,
    http: Client,
    gateway: Gateway,
    ids: Ids,
    message: String,
    webhook_message: String,
    local_command: String,
    own_emoji: String,
}

impl Stage {
    async fn new() -> Self {
        let seed = Seed::from_toml(WORLD).unwrap();
        let builder = Sandbox::builder().seed(seed).bad_requests_are_meant();
        let sandbox = builder.start().await.unwrap();
        let (gateway, _) = Gateway::ready(&sandbox, 515).await;
        let d = sandbox.defaults();
        let mut stage = Self {
            http: Client::new(),
            ids: Ids {
                named: vec![
                    ("application_id", d.application.to_string()),
                    ("guild_id", d.guild.to_string()),
                    ("role", d.moderator_role.to_string()),
                    ("overwrite_id", d.moderator_role.to_string()),
                    ("user", d.member.to_string()),
                    ("recipient", d.member.to_string()),
                ],
            },
            sandbox,
            gateway,
            message: String::new(),
            webhook_message: String::new(),
            local_command: String::new(),
            own_emoji: String::new(),
        };
        stage.furnish().await;
        stage
    }

    /// Creates the objects that a fresh world lacks.
    async fn furnish(&mut self) {
        let d = self.sandbox.defaults();
        let (general, application) = (d.general, d.application);
        let message = self.button().await;
        let webhook = json!({"name": "hook"});
        let webhook = self
            .made(&format!("/channels/{general}/webhooks"), webhook)
            .await;
        let sent = format!(
            "/webhooks/{}/{}?wait=true",
            id(&webhook),
            text(&webhook, "token")
        );
        let sent = self.made(&sent, json!({"content": "hi"})).await;
        let guild = self.sandbox.defaults().guild;
        let category = json!({"name": "category", "type": 4});
        let category = self
            .made(&format!("/guilds/{guild}/channels"), category)
            .await;
        let command = json!({"name": "ping", "description": "x"});
        let commands = format!("/applications/{application}/commands");
        let local = format!("/applications/{application}/guilds/{guild}/commands");
        self.local_command = id(&self.made(&local, command.clone()).await);
        let command = self.made(&commands, command).await;
        let emoji = json!({"name": "dot", "image": samples::DOT});
        let own = format!("/applications/{application}/emojis");
        self.own_emoji = id(&self.made(&own, emoji.clone()).await);
        let emoji = self.made(&format!("/guilds/{guild}/emojis"), emoji).await;
        let invite = json!({"max_uses": 0});
        let invite = self
            .made(&format!("/channels/{general}/invites"), invite)
            .await;
        self.message = id(&message);
        self.webhook_message = id(&sent);
        let more = [
            ("message", id(&message)),
            ("webhook_id", id(&webhook)),
            ("webhook_token", text(&webhook, "token")),
            ("parent_id", id(&category)),
            ("command_id", id(&command)),
            ("channel_id", general.to_string()),
            ("emoji_id", id(&emoji)),
            ("code", text(&invite, "code")),
        ];
        self.ids.named.extend(more);
    }

    /// A message with a button.
    async fn button(&self) -> Value {
        let general = self.sandbox.defaults().general;
        let button = json!({"content": "hi", "components": [
            {"type": 1, "components": [{"type": 2, "style": 1, "label": "a", "custom_id": "a"}]},
        ]});
        self.made(&format!("/channels/{general}/messages"), button)
            .await
    }

    async fn made(&self, path: &str, body: Value) -> Value {
        let (status, made) = self.send("POST", path, Some(&body)).await;
        assert!((200..300).contains(&status), "{path}: {status} {made}");
        made
    }

    /// The address of an operation, about what there is.
    async fn path(&mut self, operation: &Operation) -> String {
        let (mut interaction, mut token) = Default::default();
        if operation.path.starts_with("/interactions/") {
            let d = self.sandbox.defaults();
            let (general, message) = (d.general, self.message.parse().unwrap());
            let click = self
                .sandbox
                .owner()
                .start_click(general, message, "a")
                .await;
            interaction = click.unwrap().to_string();
            let sent = self.gateway.events_until("INTERACTION_CREATE").await;
            let (_, sent) = sent.last().unwrap();
            token = text(sent, "token");
        }
        let mut fresh = String::new();
        if operation.path.ends_with("/threads") {
            let general = self.sandbox.defaults().general;
            let message = json!({"content": "x"});
            fresh = id(&self
                .made(&format!("/channels/{general}/messages"), message)
                .await);
        }
        let segments = operation.path.split('/').map(|segment| {
            let name = segment.strip_prefix('{').and_then(|s| s.strip_suffix('}'));
            match name {
                None => segment.to_owned(),
                Some("interaction_id") => interaction.clone(),
                Some("interaction_token") => token.clone(),
                Some("emoji_id") if operation.path.starts_with("/applications") => {
                    self.own_emoji.clone()
                }
                Some("command_id") if operation.path.contains("/guilds/") => {
                    self.local_command.clone()
                }
                Some("message_id") if operation.path.starts_with("/webhooks") => {
                    self.webhook_message.clone()
                }
                Some("message_id") if operation.path.ends_with("/threads") => fresh.clone(),
                Some("emoji_name") => "%F0%9F%91%8D".to_owned(),
                Some(name) => self.ids.of(name),
            }
        });
        segments.collect::<Vec<_>>().join("/")
    }

    async fn send(&self, method: &str, path: &str, body: Option<&Value>) -> (u16, Value) {
        let url = format!("{}/api/v10{path}", self.sandbox.url());
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let request = self.http.request(method, url);
        let request = request.header("Authorization", format!("Bot {}", self.sandbox.token()));
        let request = match body {
            Some(body) => request.json(body),
            None => request,
        };
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        let text = answer.text().await.unwrap();
        (status, serde_json::from_str(&text).unwrap_or_default())
    }

    /// What was ignored in silence, or answered in a way that Discord does not document.
    async fn complaints(self) -> Vec<String> {
        let problems = self.sandbox.checked_problems().await;
        self.sandbox.stop().await;
        let problems = problems.into_iter().map(|problem| problem.what);
        problems
            .filter(|what| what.contains(" is ignored") || what.starts_with("answer of"))
            .collect()
    }
}

fn id(made: &Value) -> String {
    text(made, "id")
}

fn text(made: &Value, field: &str) -> String {
    let text = made[field].as_str();
    text.unwrap_or_else(|| panic!("no {field}: {made}"))
        .to_owned()
}

/// Components other than rows may only stand in a message that says so with a flag. Elsewhere
/// Discord, too, says that there is no such component.
fn allow_new_components(body: &mut Value) {
    match body {
        Value::Object(fields) => {
            let first = fields
                .get("components")
                .map(|components| &components[0]["type"]);
            if first.is_some_and(|kind| kind != 1) && !fields.contains_key("title") {
                fields.insert("flags".to_owned(), (1 << 15).into());
            }
            fields.values_mut().for_each(allow_new_components);
        }
        Value::Array(items) => items.iter_mut().for_each(allow_new_components),
        _ => {}
    }
}

/// A message with nothing but a flag or a sticker would be refused as empty.
fn add_content(operation: &Operation, body: &mut Value) {
    let path = operation.path;
    let place = if path.ends_with("/callback") {
        body.get_mut("data")
            .filter(|data| data.get("title").is_none())
    } else if path.ends_with("/threads") {
        body.get_mut("message")
    } else {
        let sends =
            path.ends_with("/messages") || path.contains("/messages/") || path.ends_with("_token}");
        sends.then_some(body)
    };
    if let Some(message) = place.and_then(Value::as_object_mut) {
        let has_flag = message.get("flags").is_some_and(|flags| flags == 1 << 15);
        if !has_flag {
            message.entry("content").or_insert("x".into());
        } else if operation.method == "PATCH" {
            // A message that is to be made of components gives its text up.
            message.entry("content").or_insert(Value::Null);
        }
    }
}

/// A slash command has a description, which the file does not say.
fn complete_command(body: &mut Value) {
    match body {
        Value::Array(commands) => commands.iter_mut().for_each(complete_command),
        Value::Object(command) if command.contains_key("name") => {
            command.entry("description").or_insert("x".into());
        }
        _ => {}
    }
}

/// What Discord itself calls wrong, although the file describes it: a channel can be turned only
/// from text into announcement and back.
const BLAMED: &[(&str, &str)] = &[
    ("PATCH /channels/{channel_id}", r#"{"type":2}"#),
    ("PATCH /channels/{channel_id}", r#"{"type":4}"#),
    ("PATCH /channels/{channel_id}", r#"{"type":15}"#),
];

/// What the samples do not get accepted, and where it is tested instead.
const REFUSED: &[(&str, &str)] = &[
    // A file has to come with it: `tests/rest_calls.rs` sends some.
    ("", "attachments"),
    // The same code edits the other messages of a webhook.
    ("@original", "allowed_mentions"),
    ("@original", "components"),
    ("@original", "flags"),
    // The webhook's channel is not a forum: `tests/forums.rs`.
    ("POST /webhooks/{webhook_id}/{webhook_token}", "thread_name"),
    // Whom the sample before has banned is banned already: `tests/moderation.rs`.
    ("bulk-ban", "delete_message_seconds"),
];

/// Whether an answer refuses something as not imitated.
fn is_unsupported(answer: &Value) -> bool {
    answer["errors"]
        .to_string()
        .contains("\"SANDBOX_UNSUPPORTED\"")
}

#[tokio::test]
async fn every_operation_is_imitated_or_refused_as_not_imitated() {
    let mut stage = Stage::new().await;
    let (mut imitated, mut refused) = (0, BTreeSet::new());
    for operation in Operation::all() {
        let path = stage.path(&operation).await;
        let before = stage.sandbox.problems().len();
        let body = operation.body().map(|_| json!({}));
        let (status, answer) = stage.send(&operation.method, &path, body.as_ref()).await;
        let unknown = status == 405 || (status == 404 && answer["code"] == 0);
        assert!(!unknown, "{}: {status} {answer}", operation.name());
        if is_unsupported(&answer) {
            refused.insert(operation.name());
            assert_eq!((status, &answer["code"]), (400, &json!(50035)));
            let problems = stage.sandbox.problems();
            let told = problems[before..]
                .iter()
                .any(|p| p.what.contains("does not imitate"));
            assert!(told, "{}: {problems:?}", operation.name());
        } else {
            imitated += 1;
        }
        if operation.method == "DELETE" {
            // The others need what it took away.
            std::mem::replace(&mut stage, Stage::new().await)
                .sandbox
                .stop()
                .await;
        }
    }
    assert_eq!(imitated + refused.len(), 242);
    assert!(
        imitated > 100 && refused.len() > 20,
        "{imitated}, {refused:?}"
    );
    stage.sandbox.stop().await;
}

#[tokio::test]
async fn no_field_and_no_value_is_ignored_in_silence() {
    let mut wrong = BTreeSet::new();
    let (mut sent, mut accepted) = (0, 0);
    let mut heard: BTreeMap<String, BTreeMap<String, bool>> = BTreeMap::new();
    for operation in Operation::all() {
        let Some(schema) = operation.body() else {
            continue;
        };
        let mut stage = Stage::new().await;
        let mut bodies = samples(published(), schema, &stage.ids);
        if operation.path.ends_with("/callback") {
            also_of_type(&mut bodies, 6, 7);
        }
        for mut body in bodies {
            allow_new_components(&mut body);
            add_content(&operation, &mut body);
            if operation.path.contains("/permissions/") {
                body["type"] = 0.into();
            }
            if operation.path.contains("/commands") && body.get("type").is_none() {
                complete_command(&mut body);
            }
            let path = stage.path(&operation).await;
            let (status, answer) = stage.send(&operation.method, &path, Some(&body)).await;
            sent += 1;
            let heeded = (200..300).contains(&status) || is_unsupported(&answer);
            accepted += usize::from(heeded);
            for field in body.as_object().into_iter().flat_map(|body| body.keys()) {
                let fields = heard.entry(operation.name()).or_default();
                *fields.entry(field.clone()).or_default() |= heeded;
            }
            let errors = answer["errors"].to_string();
            let known = BLAMED.contains(&(&*operation.name(), &*body.to_string()));
            if !known && !is_unsupported(&answer) && BLAMES.iter().any(|code| errors.contains(code))
            {
                wrong.insert(format!("{}: {body} is blamed: {errors}", operation.name()));
            }
            assert!(
                status < 500,
                "{}: {body}: {status} {answer}",
                operation.name()
            );
        }
        wrong.extend(stage.complaints().await);
    }
    for (operation, fields) in &heard {
        let known = |field: &str| {
            let mut table = REFUSED.iter();
            table.any(|(part, name)| operation.contains(part) && *name == field)
        };
        let never = fields
            .iter()
            .filter(|(field, heeded)| !**heeded && !known(field));
        wrong.extend(never.map(|(field, _)| format!("{operation}: `{field}` is always refused")));
    }
    let list: Vec<&str> = wrong.iter().map(String::as_str).collect();
    assert!(
        list.is_empty(),
        "{} wrong:\n{}",
        list.len(),
        list.join("\n")
    );
    assert!(sent > 1000 && accepted > 300, "{accepted} of {sent}");
}

#[tokio::test]
async fn no_parameter_is_ignored_in_silence() {
    let mut wrong = BTreeSet::new();
    let mut accepted = 0;
    for operation in Operation::all() {
        if operation.query().next().is_none() {
            continue;
        }
        let mut stage = Stage::new().await;
        for (name, schema) in operation.query() {
            for value in samples(published(), schema, &stage.ids) {
                let text = match &value {
                    Value::Array(items) => items[0].to_string(),
                    Value::String(text) => text.clone(),
                    other => other.to_string(),
                };
                let path = stage.path(&operation).await;
                let path = format!("{path}?{name}={}", text.trim_matches('"'));
                let body = operation.body().map(|_| json!({"content": "x"}));
                let (status, _) = stage.send(&operation.method, &path, body.as_ref()).await;
                accepted += usize::from((200..300).contains(&status));
                if operation.method == "DELETE" {
                    let used = std::mem::replace(&mut stage, Stage::new().await);
                    wrong.extend(used.complaints().await);
                }
            }
        }
        wrong.extend(stage.complaints().await);
    }
    let list: Vec<&str> = wrong.iter().map(String::as_str).collect();
    assert!(
        list.is_empty(),
        "{} wrong:\n{}",
        list.len(),
        list.join("\n")
    );
    assert!(accepted > 20, "{accepted}");
}
