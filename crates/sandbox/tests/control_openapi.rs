//! What the control API answers is as control-openapi.json says. That the file has each route is a test of the table it is
//! written from (`control::describe`).

mod bot;
mod client;

use std::collections::{BTreeMap, BTreeSet};

use bot::{Bot, id};
use client::{Client, TICKET_BOT};
use discord_sandbox::Sandbox;
use serde_json::{Value, json};

fn description() -> Value {
    serde_json::from_str(include_str!("../control-openapi.json")).unwrap()
}

#[test]
fn references_lead_somewhere_and_names_are_there_once() {
    let description = description();
    check_references(&description, &description);
    let mut names = BTreeSet::new();
    for operation in operations(&description).values() {
        let name = operation["operationId"].as_str().unwrap();
        assert!(names.insert(name.to_owned()), "{name} is there twice");
    }
}

/// Uses every route, and holds what is sent and what is answered against the description.
#[tokio::test]
async fn every_route_does_what_is_described() {
    let sandbox = Sandbox::start().await.unwrap();
    let bot = Bot::new(&sandbox);
    let (mut gateway, _) = Client::ready(&sandbox, TICKET_BOT).await;
    let mut user = User::new(&sandbox);
    let d = sandbox.defaults();
    let (guild, general, noah) = (d.guild, d.general, d.member2);

    let document = user.call("GET", "/openapi.json", &[], None).await;
    assert_eq!(document, description());
    user.call("GET", "/world", &[], None).await;
    let owner = "/people/{person}";
    let at = &["olivia"][..];
    user.call("GET", &format!("{owner}/view"), at, None).await;
    user.call("PATCH", owner, at, Some(json!({"locale": "de"})))
        .await;
    let people = json!({"username": "fan", "count": 2, "guild_id": guild});
    user.call("POST", "/people", &[], Some(people)).await;

    // Messages.
    let channel = format!("{owner}/channels/{{channel}}");
    let general = general.to_string();
    let at = &["owner", &*general][..];
    let messages = format!("{channel}/messages");
    let hello = json!({"content": "Hello", "attachments": [{"filename": "a.txt", "data": "aGk="}]});
    let hello = user.call("POST", &messages, at, Some(hello)).await;
    user.call("GET", &messages, at, None).await;
    let hello = ["owner", &general, id(&hello)];
    let message = format!("{messages}/{{message}}");
    user.call("PATCH", &message, &hello, Some(json!({"content": "Hi"})))
        .await;
    let reactions = format!("{message}/reactions/{{emoji}}");
    let thumbs = ["owner", &general, hello[2], "%F0%9F%91%8D"];
    user.call("PUT", &reactions, &thumbs, None).await;
    user.call("DELETE", &reactions, &thumbs, None).await;
    let pin = format!("{channel}/pins/{{message}}");
    user.call("PUT", &pin, &hello, None).await;
    user.call("GET", &format!("{channel}/pins"), at, None).await;
    user.call("DELETE", &pin, &hello, None).await;
    let invite = bot
        .post(&format!("/channels/{general}/invites"), json!({}))
        .await;
    let code = invite["code"].as_str().unwrap();
    user.call(
        "PUT",
        &format!("{owner}/invites/{{code}}"),
        &["mia", code],
        None,
    )
    .await;
    let direct = format!("{owner}/direct-messages");
    user.call("PUT", &direct, &["mia"], None).await;
    let draft = json!({"name": "About it", "auto_archive_duration": 60});
    user.call("POST", &format!("{message}/threads"), &hello, Some(draft))
        .await;
    user.call("DELETE", &message, &hello, None).await;
    let hook = json!({"username": "Hook", "content": "By a webhook"});
    let first = user
        .call(
            "POST",
            &format!("{channel}/webhook-messages"),
            at,
            Some(hook),
        )
        .await;
    let second = user
        .call("POST", &messages, at, Some(json!({"content": "Two"})))
        .await;
    user.call("POST", &format!("{channel}/typing"), at, None)
        .await;
    let both = json!({"messages": [id(&first), id(&second)]});
    user.call("POST", &format!("{messages}/bulk-delete"), at, Some(both))
        .await;

    // Threads.
    let threads = format!("{channel}/threads");
    let draft = json!({"name": "Quiet", "type": 12});
    let thread = user.call("POST", &threads, at, Some(draft)).await;
    let many = json!({"name": "Many", "type": 12, "count": 2});
    user.call("POST", &threads, at, Some(many)).await;
    user.call("GET", &threads, at, None).await;
    let thread = ["owner", id(&thread), "member2"];
    user.call("PUT", &format!("{channel}/members/{{user}}"), &thread, None)
        .await;
    user.call("GET", &format!("{channel}/members"), &thread[..2], None)
        .await;
    user.call(
        "DELETE",
        &format!("{channel}/members/{{user}}"),
        &thread,
        None,
    )
    .await;
    user.call(
        "PATCH",
        &channel,
        &thread[..2],
        Some(json!({"archived": true})),
    )
    .await;
    user.call("GET", &channel, &thread[..2], None).await;
    user.call("DELETE", &channel, &thread[..2], None).await;

    // The server.
    let server = format!("{owner}/guilds/{{guild}}");
    let guild = guild.to_string();
    let at = &["owner", &*guild][..];
    user.call(
        "PATCH",
        &server,
        at,
        Some(json!({"preferred_locale": "fr"})),
    )
    .await;
    let draft = json!({"name": "news", "type": 5});
    let news = user
        .call("POST", &format!("{server}/channels"), at, Some(draft))
        .await;
    let role = json!({"name": "Reader", "permissions": "1024"});
    let role = user
        .call("POST", &format!("{server}/roles"), at, Some(role))
        .await;
    let overwrite = ["owner", id(&news), id(&role)];
    let overwrites = format!("{channel}/overwrites/{{target}}");
    let deny = json!({"type": 0, "deny": "2048"});
    user.call("PUT", &overwrites, &overwrite, Some(deny)).await;
    user.call("DELETE", &overwrites, &overwrite, None).await;
    let at_role = ["owner", &guild, id(&role)];
    let edit = json!({"color": 255, "mentionable": true});
    user.call(
        "PATCH",
        &format!("{server}/roles/{{role}}"),
        &at_role,
        Some(edit),
    )
    .await;
    let given = ["owner", &guild, "noah", id(&role)];
    let member_role = format!("{server}/members/{{user}}/roles/{{role}}");
    user.call("PUT", &member_role, &given, None).await;
    user.call("DELETE", &member_role, &given, None).await;
    user.call(
        "DELETE",
        &format!("{server}/roles/{{role}}"),
        &at_role,
        None,
    )
    .await;
    let member = format!("{server}/members/{{user}}");
    user.call(
        "DELETE",
        &member,
        &["owner", &guild, &noah.to_string()],
        None,
    )
    .await;
    user.call("PUT", &member, &["noah", &guild, "@me"], None)
        .await;
    let named = json!({"nick": "No"});
    user.call("PATCH", &member, &["owner", &guild, "noah"], Some(named))
        .await;
    let bans = format!("{server}/bans");
    let ban = format!("{bans}/{{user}}");
    let why = json!({"reason": "x"});
    user.call("PUT", &ban, &["owner", &guild, "noah"], Some(why))
        .await;
    user.call("GET", &bans, at, None).await;
    user.call("DELETE", &ban, &["owner", &guild, "noah"], None)
        .await;
    user.call("PUT", &member, &["noah", &guild, "@me"], None)
        .await;

    // The bot.
    let commands = json!([{"name": "ping", "description": "Answers"}]);
    bot.put(
        &format!("/applications/{}/commands", d.application),
        commands,
    )
    .await;
    user.queries = format!("?guild={guild}");
    user.call("GET", &format!("{owner}/commands"), &["mia"], None)
        .await;
    user.queries.clear();
    let ping = json!({"guild_id": guild, "channel_id": general, "name": "ping"});
    user.call("POST", &format!("{owner}/commands"), &["mia"], Some(ping))
        .await;
    let button = json!({"type": 2, "style": 1, "label": "More", "custom_id": "more"});
    let row = json!({"type": 1, "components": [button]});
    let answer = json!({"type": 4, "data": {"content": "pong", "components": [row]}});
    let asked = answered(&mut gateway, &bot, answer).await;
    let interaction = format!("{owner}/interactions/{{interaction}}");
    let answer = user.call("GET", &interaction, &["mia", &asked], None).await;
    let click =
        json!({"channel_id": general, "message_id": answer["message"]["id"], "custom_id": "more"});
    user.call(
        "POST",
        &format!("{owner}/components"),
        &["mia"],
        Some(click),
    )
    .await;
    let text = json!({"type": 4, "custom_id": "why", "style": 1});
    let label = json!({"type": 18, "label": "Why", "component": text});
    let form = json!({"custom_id": "form", "title": "A form", "components": [label]});
    let clicked = answered(&mut gateway, &bot, json!({"type": 9, "data": form})).await;
    user.call("GET", &interaction, &["mia", &clicked], None)
        .await;
    let filled = json!({"interaction_id": clicked, "values": {"why": "So"}});
    user.call("POST", &format!("{owner}/modals"), &["mia"], Some(filled))
        .await;

    let forged = json!({"channel_id": general, "custom_id": "x", "fields": {"why": "So"}});
    user.call(
        "POST",
        &format!("{owner}/forgeries"),
        &["mia"],
        Some(forged),
    )
    .await;
    user.call(
        "POST",
        "/gateway/interactions/{interaction}",
        &[&asked],
        None,
    )
    .await;

    // Trouble, and what happened.
    let fault = json!({"method": "GET", "path": "/users/*", "status": 503, "times": 2});
    let fault = user.call("POST", "/faults", &[], Some(fault)).await;
    user.call("GET", "/faults", &[], None).await;
    user.call("DELETE", "/faults/{fault}", &[id(&fault)], None)
        .await;
    user.call("DELETE", "/faults", &[], None).await;
    user.call("PUT", "/limits", &[], Some(json!({"on": false})))
        .await;
    user.call("GET", "/limits", &[], None).await;
    let hold = json!({"what": "guilds"});
    user.call("POST", "/gateway/holds", &[], Some(hold)).await;
    user.call("GET", "/gateway/holds", &[], None).await;
    user.call("DELETE", "/gateway/holds", &[], None).await;
    let frame = json!({"text": "{}"});
    user.call("POST", "/gateway/frames", &[], Some(frame)).await;
    let fault = json!({"event": "MESSAGE_CREATE", "copies": 1});
    user.call("POST", "/gateway/event-faults", &[], Some(fault))
        .await;
    user.call("GET", "/gateway/event-faults", &[], None).await;
    user.call("DELETE", "/gateway/event-faults", &[], None)
        .await;
    user.call("PUT", "/guilds/{guild}/outage", &[&guild], None)
        .await;
    user.call("DELETE", "/guilds/{guild}/outage", &[&guild], None)
        .await;
    let moderators = d.moderator_role.to_string();
    user.call(
        "PUT",
        "/roles/{role}/mentions",
        &[&moderators],
        Some(json!({"outcome": "skip"})),
    )
    .await;
    let words = json!({"words": ["pony"]});
    user.call("PUT", "/refused-words", &[], Some(words)).await;
    user.call("GET", "/refused-words", &[], None).await;
    let none = json!({"words": []});
    user.call("PUT", "/blocked-words", &[], Some(none)).await;
    user.call("GET", "/blocked-words", &[], None).await;
    user.call("PUT", "/two-factor", &[], Some(json!({"on": true})))
        .await;
    user.call("GET", "/two-factor", &[], None).await;
    let off = json!({"presences": false});
    user.call("PUT", "/intents", &[], Some(off)).await;
    user.call("GET", "/intents", &[], None).await;
    user.call("POST", "/clock", &[], Some(json!({"advance_ms": 1000})))
        .await;
    user.call("GET", "/record", &[], None).await;
    user.call("POST", "/gateway/reconnect", &[], None).await;
    user.call("GET", "/gateway/shards", &[], None).await;
    user.call("POST", "/token/reset", &[], None).await;
    user.call("POST", "/gateway/cut", &[], Some(json!({"code": 4000})))
        .await;
    bot.call(reqwest::Method::GET, "/nothing/here", None, 404)
        .await;
    let problems = user.call("GET", "/problems", &[], None).await;
    assert_eq!(problems.as_array().unwrap().len(), 1, "{problems}");
    user.call("DELETE", "/problems", &[], None).await;
    user.call("POST", "/reset", &[], None).await;

    let answers_once = |operation: &Value| !operation.to_string().contains("text/event-stream");
    let all: BTreeSet<String> = operations(&user.description)
        .into_iter()
        .filter(|(_, operation)| answers_once(operation))
        .map(|(route, _)| route)
        .collect();
    let unused: Vec<&String> = all.difference(&user.used).collect();
    assert!(
        unused.is_empty(),
        "described, but not used in this test: {unused:#?}"
    );
    sandbox.finish().await.unwrap();
}

/// Answers the next interaction, and says which it was.
async fn answered(gateway: &mut Client, bot: &Bot, answer: Value) -> String {
    let events = gateway.events_until("INTERACTION_CREATE").await;
    let (_, interaction) = events.last().unwrap();
    let token = interaction["token"].as_str().unwrap();
    let path = format!("/interactions/{}/{token}/callback", id(interaction));
    bot.call(reqwest::Method::POST, &path, Some(answer), 204)
        .await;
    id(interaction).to_owned()
}

/// Makes each described call, and checks that the answer matches the description.
struct User<'a> {
    sandbox: &'a Sandbox,
    http: reqwest::Client,
    description: Value,
    operations: BTreeMap<String, Value>,
    used: BTreeSet<String>,
    queries: String,
}

impl<'a> User<'a> {
    fn new(sandbox: &'a Sandbox) -> Self {
        let description = description();
        Self {
            sandbox,
            http: reqwest::Client::new(),
            operations: operations(&description),
            description,
            used: BTreeSet::new(),
            queries: String::new(),
        }
    }

    async fn call(&mut self, method: &str, path: &str, ids: &[&str], body: Option<Value>) -> Value {
        let route = format!("{method} /control{path}");
        let operation = self
            .operations
            .get(&route)
            .unwrap_or_else(|| panic!("no {route}"));
        let mut ids = ids.iter();
        let filled: Vec<&str> = path
            .split('/')
            .map(|part| {
                if part.starts_with('{') {
                    *ids.next().unwrap()
                } else {
                    part
                }
            })
            .collect();
        let url = format!(
            "{}/control{}{}",
            self.sandbox.url(),
            filled.join("/"),
            self.queries
        );
        let mut request = self.http.request(method.parse().unwrap(), url);
        let wanted = &operation["requestBody"]["content"]["application/json"]["schema"];
        match &body {
            Some(body) => {
                self.check(&format!("the body of {route}"), wanted, body);
                request = request.json(body);
            }
            None => assert_ne!(
                operation["requestBody"]["required"], true,
                "{route} has a body"
            ),
        }
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        let text = answer.text().await.unwrap();
        let described = &operation["responses"][status.to_string()];
        assert!(
            described.is_object(),
            "{route}: {status} is not described: {text}"
        );
        let schema = &described["content"]["application/json"]["schema"];
        let value = serde_json::from_str(&text).unwrap_or(Value::Null);
        if schema.is_null() {
            assert_eq!(text, "", "{route}");
        } else {
            self.check(&route, schema, &value);
        }
        self.used.insert(route);
        value
    }

    fn check(&self, what: &str, schema: &Value, value: &Value) {
        assert!(schema.is_object(), "{what} is not described");
        let schema = json!({"allOf": [schema], "components": self.description["components"]});
        let schema = jsonschema::draft202012::new(&schema).unwrap();
        let wrong: Vec<String> = schema
            .iter_errors(value)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(wrong.is_empty(), "{what}: {wrong:#?}\n{value:#}");
    }
}

/// What is described, by method and path.
fn operations(description: &Value) -> BTreeMap<String, Value> {
    let mut operations = BTreeMap::new();
    for (path, item) in description["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            if method != "parameters" {
                let route = format!("{} {path}", method.to_uppercase());
                operations.insert(route, operation.clone());
            }
        }
    }
    operations
}

fn check_references(whole: &Value, value: &Value) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| check_references(whole, item)),
        Value::Object(fields) => {
            if let Some(Value::String(place)) = fields.get("$ref") {
                let place = place.strip_prefix('#').unwrap();
                assert!(whole.pointer(place).is_some(), "there is no {place}");
            }
            fields
                .values()
                .for_each(|field| check_references(whole, field));
        }
        _ => {}
    }
}
