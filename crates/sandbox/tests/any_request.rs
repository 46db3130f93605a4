//! Whatever is sent to whatever route: an answer that says what is wrong, never a failure of the
//! sandbox's own and never a lost connection.

use std::fs;
use std::path::Path;

use discord_sandbox::Sandbox;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, Method, Response, StatusCode};
use serde_json::{Map, Value, json};

/// So many requests to each route.
const EACH: usize = 24;

const METHODS: [&str; 5] = ["GET", "PUT", "POST", "PATCH", "DELETE"];

/// Names of fields that mean something somewhere; others are ignored or refused alike.
const FIELDS: &[&str] = &[
    "allow",
    "allowed_mentions",
    "application_id",
    "archived",
    "attachments",
    "auto_archive_duration",
    "channel_id",
    "color",
    "components",
    "content",
    "content_type",
    "count",
    "cover_image",
    "custom_id",
    "custom_install_url",
    "data",
    "default_member_permissions",
    "deny",
    "description",
    "embeds",
    "enforce_nonce",
    "event",
    "files",
    "filename",
    "flags",
    "guild_id",
    "icon",
    "id",
    "image",
    "install_params",
    "integration_types_config",
    "interaction_id",
    "invitable",
    "label",
    "locale",
    "locked",
    "message_id",
    "message_reference",
    "messages",
    "name",
    "nick",
    "nonce",
    "options",
    "outcome",
    "parent_id",
    "permission_overwrites",
    "permissions",
    "position",
    "preferred_locale",
    "rate_limit_per_user",
    "required",
    "roles",
    "style",
    "tags",
    "target_id",
    "title",
    "topic",
    "type",
    "url",
    "username",
    "value",
    "values",
];

#[tokio::test]
async fn the_control_api_answers_whatever_is_asked() {
    let routes = control_routes();
    assert!(routes.len() > 50, "{routes:?}");
    ask(&routes, "").await;
}

/// Each route of the control API that has an end, with the names of its body's fields.
fn control_routes() -> Vec<(String, String, Vec<String>)> {
    let description: Value = serde_json::from_str(&file("control-openapi.json")).unwrap();
    let mut routes = Vec::new();
    for (path, operations) in description["paths"].as_object().unwrap() {
        for method in METHODS {
            let operation = &operations[method.to_lowercase()];
            // A stream of events has no end to wait for, and its request has no body.
            if operation.is_object() && !operation.to_string().contains("event-stream") {
                let fields = fields_of(&description, operation);
                routes.push((method.to_owned(), path.clone(), fields));
            }
        }
    }
    routes
}

#[tokio::test]
async fn the_rest_api_answers_whatever_is_asked() {
    let coverage = file("COVERAGE.md");
    let cells = coverage
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    let routes = cells.filter_map(|(cell, _)| {
        let (method, path) = cell.split_once(' ')?;
        let is_route = METHODS.contains(&method) && path.starts_with('/');
        is_route.then(|| (method.to_owned(), path.to_owned(), Vec::new()))
    });
    let routes: Vec<_> = routes.collect();
    assert!(routes.len() > 60, "{routes:?}");
    ask(&routes, "/api/v10").await;
}

/// More than any route takes: it is refused, or cut short, and nothing fails.
#[tokio::test]
async fn what_is_far_too_large_is_refused() {
    let builder = Sandbox::builder().oracle(false).bad_requests_are_meant();
    let sandbox = builder.start().await.unwrap();
    let http = Client::new();
    let mut routes = 0;
    for (method, path, _) in control_routes() {
        if method == "GET" || path.contains("/reset") {
            continue;
        }
        routes += 1;
        let url = format!("{}{}", sandbox.url(), path.replace(['{', '}'], ""));
        let body = [
            &b"{\"content\":\""[..],
            &vec![b'x'; 4 * 1024 * 1024],
            b"\"}",
        ]
        .concat();
        let request = http.request(Method::from_bytes(method.as_bytes()).unwrap(), &url);
        let request = request.header(CONTENT_TYPE, "application/json").body(body);
        // A connection that is closed while the body is still sent is an answer too.
        if let Ok(answer) = request.send().await {
            check(&format!("{method} {url}"), answer).await;
        }
    }
    assert!(routes > 30, "{routes}");
    let world = http.get(format!("{}/control/world", sandbox.url())).send();
    assert_eq!(world.await.unwrap().status(), StatusCode::OK);
    sandbox.stop().await;
}

/// Sends anything to each of these routes: a method, a path, and names of fields.
async fn ask(routes: &[(String, String, Vec<String>)], base: &str) {
    let builder = Sandbox::builder().oracle(false).bad_requests_are_meant();
    let sandbox = builder.start().await.unwrap();
    let http = Client::new();
    // The same requests each time.
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    for (method, path, fields) in routes {
        for _ in 0..EACH {
            let mut draw =
                |parts: BoxedStrategy<String>| parts.new_tree(&mut runner).unwrap().current();
            let filled: Vec<String> = path
                .split('/')
                .map(|part| {
                    if part.starts_with('{') {
                        draw(path_part(&sandbox, part))
                    } else {
                        part.to_owned()
                    }
                })
                .collect();
            let url = format!(
                "{}{base}{}{}",
                sandbox.url(),
                filled.join("/"),
                draw(query())
            );
            let (kind, body) = any_body(fields).new_tree(&mut runner).unwrap().current();
            let request = http
                .request(Method::from_bytes(method.as_bytes()).unwrap(), &url)
                .header("Authorization", format!("Bot {}", sandbox.token()))
                .header(CONTENT_TYPE, kind)
                .body(body.clone());
            let what = format!("{method} {url} {kind} {}", String::from_utf8_lossy(&body));
            let answer = request.send().await;
            let answer = answer.unwrap_or_else(|error| panic!("no answer to {what}: {error:?}"));
            check(&what, answer).await;
        }
    }
    let world = http
        .get(format!("{}/control/world", sandbox.url()))
        .send()
        .await;
    assert_eq!(world.unwrap().status(), StatusCode::OK);
    sandbox.stop().await;
}

async fn check(what: &str, answer: Response) {
    let status = answer.status();
    let text = answer.text().await.unwrap();
    assert!(!status.is_server_error(), "{what}\n{status}: {text}");
    if status.is_client_error() {
        let told: Value = serde_json::from_str(&text).unwrap_or_default();
        let message = told["message"].as_str().unwrap_or_default();
        assert!(!message.is_empty(), "{what}\n{status}: {text}");
    }
}

/// What stands in a path for `{part}`: mostly something that is there.
fn path_part(sandbox: &Sandbox, part: &str) -> BoxedStrategy<String> {
    let d = sandbox.defaults();
    let there = match part.trim_matches(['{', '}', '*']) {
        "person" => vec![
            "owner".to_owned(),
            "member".to_owned(),
            d.member2.to_string(),
        ],
        "application" => vec![d.application.to_string()],
        "guild" => vec![d.guild.to_string()],
        "channel" | "thread" => vec![d.support.to_string(), d.general.to_string()],
        "user" => vec!["@me".to_owned(), d.member.to_string(), d.bot.to_string()],
        "role" | "target" => vec![d.moderator_role.to_string()],
        _ => vec![d.general.to_string(), "@original".to_owned()],
    };
    prop_oneof![
        6 => proptest::sample::select(there),
        1 => any::<u64>().prop_map(|id| id.to_string()),
        1 => any::<i64>().prop_map(|id| id.to_string()),
        1 => "[a-z@%20]{1,12}".prop_map(|text| text.replace('%', "%25").replace('@', "%40")),
        1 => Just("%F0%9F%98%80".to_owned()),
        1 => Just("%FF%00".to_owned()),
    ]
    .boxed()
}

fn query() -> BoxedStrategy<String> {
    prop_oneof![
        4 => Just(String::new()),
        1 => any::<i64>().prop_map(|n| format!("?limit={n}&before={n}&after=x")),
        1 => Just("?archived=maybe&guild=&wait=2&with_member=%FF".to_owned()),
    ]
    .boxed()
}

/// A body and what it says that it is.
fn any_body(fields: &[String]) -> BoxedStrategy<(&'static str, Vec<u8>)> {
    let json = any_json(fields);
    let cut = (any_json(fields), any::<prop::sample::Index>()).prop_map(|(json, at)| {
        let mut text = json.to_string().into_bytes();
        text.truncate(at.index(text.len() + 1));
        text
    });
    prop_oneof![
        10 => json.prop_map(|json| ("application/json", json.to_string().into_bytes())),
        2 => cut.prop_map(|text| ("application/json", text)),
        1 => prop::collection::vec(any::<u8>(), 0..40).prop_map(|bytes| ("application/json", bytes)),
        1 => Just(("application/json", "[".repeat(5_000).into_bytes())),
        1 => (kind(), any_json(fields)).prop_map(|(kind, json)| (kind, json.to_string().into_bytes())),
        1 => Just(("application/json", b"\xEF\xBB\xBF{}".to_vec())),
        1 => prop::collection::vec(any::<u8>(), 0..80)
            .prop_map(|bytes| ("multipart/form-data; boundary=x", [b"--x\r\n".to_vec(), bytes].concat())),
    ]
    .boxed()
}

/// What a body may say that it is, and is not taken for.
fn kind() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(vec![
        "",
        "text/plain",
        "text/html; charset=utf-8",
        "application/x-www-form-urlencoded",
        "application/octet-stream",
        "application/jsonx",
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "//",
    ])
}

/// Any JSON, often with fields that are known.
fn any_json(fields: &[String]) -> BoxedStrategy<Value> {
    let known: Vec<String> = if fields.is_empty() {
        FIELDS.iter().map(|&name| name.to_owned()).collect()
    } else {
        fields.to_vec()
    };
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-3..20_i64).prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        Just(json!("1457523999624921088")),
        Just(json!("1".repeat(5_000))),
    ];
    leaf.prop_recursive(4, 40, 8, move |inner| {
        let name = prop_oneof![9 => proptest::sample::select(known.clone()), 1 => "\\PC{0,6}"];
        prop_oneof![
            3 => prop::collection::vec((name, inner.clone()), 0..8)
                .prop_map(|fields| Value::Object(Map::from_iter(fields))),
            1 => prop::collection::vec(inner, 0..5).prop_map(Value::from),
        ]
    })
    .boxed()
}

/// The names of the fields in an operation's body.
fn fields_of(description: &Value, operation: &Value) -> Vec<String> {
    let mut names = Vec::new();
    collect(description, &operation["requestBody"], &mut names);
    names.sort();
    names.dedup();
    names
}

fn collect(description: &Value, schema: &Value, names: &mut Vec<String>) {
    match schema {
        Value::Object(fields) => {
            for (name, value) in fields {
                if name == "properties" {
                    names.extend(
                        value
                            .as_object()
                            .into_iter()
                            .flatten()
                            .map(|(name, _)| name.clone()),
                    );
                }
                if let Some(place) = value.as_str().filter(|_| name == "$ref")
                    && let Some(schema) = description.pointer(&place[1..])
                    && names.len() < 200
                {
                    collect(description, schema, names);
                } else {
                    collect(description, value, names);
                }
            }
        }
        Value::Array(items) => items
            .iter()
            .for_each(|item| collect(description, item, names)),
        _ => {}
    }
}

fn file(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}
