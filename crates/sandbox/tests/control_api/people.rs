//! Acting and reading as a person, and refusals.

use crate::caller::{Caller, Stream, read};
use discord_sandbox::{Error, Sandbox};
use reqwest::{Method, StatusCode};
use serde_json::json;

#[tokio::test]
async fn the_world_tells_who_is_there() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let caller = Caller::new(&sandbox);
    let (_, world) = caller.get("/control/world").await;
    assert_eq!(
        world["application"]["id"],
        sandbox.application_id().to_string()
    );
    assert_eq!(world["application"]["connected"], false);
    let people: Vec<(&str, &str)> = world["people"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| {
            (
                p["part"].as_str().unwrap(),
                p["global_name"].as_str().unwrap(),
            )
        })
        .collect();
    let expected = [
        ("owner", "Olivia"),
        ("moderator", "Max"),
        ("member", "Mia"),
        ("member", "Noah"),
    ];
    assert_eq!(people, expected);
    assert_eq!(
        world["guilds"],
        json!([{"id": sandbox.guild_id(), "name": "Sandbox"}])
    );
    assert!(world["now"].is_i64());
    let locales = world["locales"].as_array().unwrap();
    assert!(locales.contains(&json!("en-US")) && locales.contains(&json!("he")));
    let (_, view) = caller.get("/control/people/member/view").await;
    assert_eq!(view["me"]["locale"], "en-US");
    let channels = view["guilds"][0]["channels"].as_array().unwrap();
    assert_eq!(channels.len(), 4);
    assert!(
        channels
            .iter()
            .all(|channel| channel["permissions"].is_string()),
        "{channels:?}"
    );
    sandbox.finish().await
}

#[tokio::test]
async fn a_person_posts_looks_edits_and_deletes() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let caller = Caller::new(&sandbox);
    let general = sandbox.channel("general")?;
    let messages = format!("/control/people/member/channels/{general}/messages");
    let mut stream = Stream::open(&caller, "/control/people/member2/events", None).await;
    let first = caller
        .ok("POST", &messages, &json!({"content": "one"}))
        .await;
    let cat = json!({"filename": "cat.png", "content_type": "image/png", "description": "a cat",
        "data": "iVBORw0KGgo="});
    let second = caller
        .ok("POST", &messages, &json!({"attachments": [cat]}))
        .await;
    let attachment = &second["attachments"][0];
    assert_eq!(
        (&attachment["filename"], &attachment["size"]),
        (&json!("cat.png"), &json!(8))
    );
    assert_eq!(attachment["description"], "a cat");
    let form = reqwest::multipart::Form::new()
        .text("payload_json", json!({"content": "three"}).to_string())
        .part(
            "files[0]",
            reqwest::multipart::Part::bytes(&b"x"[..]).file_name("x.txt"),
        );
    let third = caller
        .request(Method::POST, &messages)
        .multipart(form)
        .send()
        .await
        .unwrap();
    let (status, third) = read(third).await;
    assert_eq!(
        (status, &third["attachments"][0]["filename"]),
        (StatusCode::OK, &json!("x.txt"))
    );

    let path = format!("{messages}/{}", first["id"].as_str().unwrap());
    let edited = caller
        .ok("PATCH", &path, &json!({"content": "edited"}))
        .await;
    assert_eq!(edited["content"], "edited");
    let (_, list) = caller.get(&format!("{messages}?limit=2")).await;
    let contents: Vec<&str> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|m| m["content"].as_str().unwrap())
        .collect();
    assert_eq!(contents, ["three", ""]);
    let deleted = caller.request(Method::DELETE, &path).send().await.unwrap();
    assert_eq!(deleted.status(), StatusCode::NO_CONTENT);

    let mut names = Vec::new();
    let mut newest = String::new();
    for _ in 0..5 {
        let (id, event) = stream.next().await;
        names.push(event["t"].as_str().unwrap().to_owned());
        newest = id;
    }
    let create = "MESSAGE_CREATE";
    assert_eq!(
        names,
        [create, create, create, "MESSAGE_UPDATE", "MESSAGE_DELETE"]
    );
    // A client that reconnects gets the missed events; after too long it gets RESYNC.
    drop(stream);
    caller
        .ok("POST", &messages, &json!({"content": "meanwhile"}))
        .await;
    let events = "/control/people/member2/events";
    let mut stream = Stream::open(&caller, events, Some(&newest)).await;
    assert_eq!(stream.next().await.1["d"]["content"], "meanwhile");
    let mut stream = Stream::open(&caller, events, Some("99999")).await;
    assert_eq!(stream.next().await.1, json!({"t": "RESYNC", "d": {}}));
    sandbox.finish().await
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_with_a_reason() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let caller = Caller::new(&sandbox);
    let messages = format!(
        "/control/people/member/channels/{}/messages",
        sandbox.channel("general")?
    );
    for (method, path, body, status, reason) in [
        ("POST", &*messages, json!([]), 400, "Invalid Form Body"),
        (
            "POST",
            &messages,
            json!({"attachments": [{"filename": "x", "data": "%"}]}),
            400,
            "base64",
        ),
        (
            "POST",
            &messages,
            json!({"attachments": [{"name": "x"}]}),
            400,
            "unknown field",
        ),
        (
            "POST",
            &messages,
            json!({"contents": "hi"}),
            400,
            "`contents` is an unknown field, expected one of `content`",
        ),
        (
            "POST",
            &messages,
            json!({"content": "x", "embedz": []}),
            400,
            "`embedz`",
        ),
        (
            "PATCH",
            &format!("{messages}/1"),
            json!({"content": "x", "flags": 4}),
            400,
            "`flags`",
        ),
        (
            "POST",
            &messages.replace("/messages", "/webhook-messages"),
            json!({"content": "x", "name": "y"}),
            400,
            "`name`",
        ),
        (
            "POST",
            &messages.replace("/messages", "/threads"),
            json!({"name": "x", "private": true}),
            400,
            "`private`",
        ),
        (
            "POST",
            &messages.replace("/messages", "/threads"),
            json!({"name": "x", "message": {"contents": "y"}}),
            400,
            "`message.contents`",
        ),
        (
            "PATCH",
            "/control/people/mia",
            json!({"locale": "xx"}),
            400,
            "`locale` is \"xx\", which is none of Discord's languages: id, da, de",
        ),
        (
            "POST",
            "/control/people",
            json!({"username": "worf", "locale": "klingon"}),
            400,
            "`locale` is \"klingon\"",
        ),
        (
            "POST",
            "/control/faults",
            json!({"path": "/api/v10/gateway", "status": 500}),
            400,
            "`path` is \"/api/v10/gateway\": it begins below `/api/v10`; write \"/gateway\"",
        ),
        (
            "GET",
            "/control/people/mia/commands",
            json!(null),
            400,
            "`guild` is missing in the query",
        ),
        (
            "POST",
            "/control/people/member/components",
            json!({"channel": 1}),
            400,
            "unknown field",
        ),
        (
            "POST",
            "/control/people/nobody/modals",
            json!({}),
            400,
            "is not a person",
        ),
        (
            "POST",
            "/control/people/17/modals",
            json!({}),
            404,
            "no person 17",
        ),
        (
            "POST",
            "/control/faults",
            json!({"status": 500, "often": 2}),
            400,
            "unknown field",
        ),
        ("POST", "/control/faults", json!({}), 400, "needs"),
        ("DELETE", "/control/faults/7", json!({}), 404, "no fault 7"),
        (
            "POST",
            "/control/gateway/cut",
            json!({"code": 7}),
            400,
            "must be",
        ),
        (
            "POST",
            "/control/clock",
            json!({"advance_ms": -1}),
            400,
            "advance_ms",
        ),
        (
            "POST",
            "/control/people",
            json!({"username": "x", "count": 0}),
            400,
            "count",
        ),
        (
            "GET",
            "/control/nowhere",
            json!({}),
            404,
            "/control/nowhere",
        ),
        (
            "GET",
            "/control/people/member/nowhere",
            json!({}),
            404,
            "nowhere",
        ),
        ("PATCH", "/control/world", json!({}), 404, "PATCH"),
        (
            "GET",
            "/control/people/member/channels/x",
            json!({}),
            400,
            "\"x\"",
        ),
    ] {
        let (found, answer) = caller.call(method, path, &body).await;
        assert_eq!(found.as_u16(), status, "{method} {path} {body}: {answer}");
        let message = answer["message"].as_str().unwrap_or_default();
        assert!(message.contains(reason), "{method} {path} {body}: {answer}");
    }
    // What Discord refuses, it refuses in Discord's words.
    let (status, answer) = caller
        .call("POST", &messages, &json!({"content": ""}))
        .await;
    assert_eq!((status.as_u16(), &answer["code"]), (400, &json!(50006)));
    let kick = format!(
        "/control/people/member/guilds/{}/members/{}",
        sandbox.guild_id(),
        sandbox.owner().id()
    );
    let (status, answer) = caller.call("DELETE", &kick, &json!({})).await;
    assert_eq!((status.as_u16(), &answer["code"]), (403, &json!(50013)));
    // Only JSON counts: a form of another site could be sent without asking.
    let plain = caller
        .request(Method::POST, &messages)
        .body(r#"{"content": "x"}"#);
    let (status, answer) = read(plain.send().await.unwrap()).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "{answer}");
    sandbox.finish().await
}
