//! Discord's limits, over real HTTP and a real WebSocket.

mod bot;
mod client;

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

use bot::Bot;
use client::{Came, Client, TICKET_BOT, identify};
use discord_sandbox::{Cloudflare, Error, Fault, Limits, Sandbox};
use futures_util::future::join_all;
use reqwest::Response;
use serde_json::{Value, json};

async fn limited() -> Result<Sandbox, Error> {
    Sandbox::builder().limits(Limits::Discord).start().await
}

/// A call that may be answered in any way.
async fn call(sandbox: &Sandbox, method: &str, path: &str, body: Value) -> Response {
    reqwest::Client::new()
        .request(
            method.parse().unwrap(),
            format!("{}/api/v10{path}", sandbox.url()),
        )
        .header("authorization", format!("Bot {}", sandbox.token()))
        .json(&body)
        .send()
        .await
        .unwrap()
}

fn header(response: &Response, name: &str) -> String {
    let value = response.headers().get(name);
    let value = value.unwrap_or_else(|| panic!("no {name}: {:?}", response.headers()));
    value.to_str().unwrap().to_owned()
}

async fn put_limits(sandbox: &Sandbox, body: Value) -> (u16, Value) {
    let answer = reqwest::Client::new()
        .put(format!("{}/control/limits", sandbox.url()))
        .json(&body)
        .send()
        .await
        .unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

#[tokio::test]
async fn without_limits_no_header_speaks_of_them() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let channel = sandbox.channel("support")?;
    for n in 0..20 {
        let path = format!("/channels/{channel}/messages");
        let answer = call(&sandbox, "POST", &path, json!({"content": n.to_string()})).await;
        assert_eq!(answer.status(), 200);
        assert!(answer.headers().get("x-ratelimit-limit").is_none());
    }
    sandbox.finish().await
}

#[tokio::test]
async fn a_routes_bucket_runs_down_and_time_fills_it() -> Result<(), Error> {
    let sandbox = limited().await?;
    let path = format!("/channels/{}/messages", sandbox.channel("support")?);
    let post = || call(&sandbox, "POST", &path, json!({"content": "x"}));
    for left in (0..5).rev() {
        let answer = post().await;
        assert_eq!(answer.status(), 200);
        assert_eq!(header(&answer, "x-ratelimit-limit"), "5");
        assert_eq!(header(&answer, "x-ratelimit-remaining"), left.to_string());
        let after: f64 = header(&answer, "x-ratelimit-reset-after").parse().unwrap();
        assert!(after > 0.0 && after <= 5.0, "{after}");
        let reset: f64 = header(&answer, "x-ratelimit-reset").parse().unwrap();
        assert!(reset > 1.7e9, "{reset}");
        assert_eq!(header(&answer, "x-ratelimit-bucket").len(), 32);
    }
    let refused = post().await;
    assert_eq!(refused.status(), 429);
    for (name, expected) in [
        ("x-ratelimit-scope", "user"),
        ("x-ratelimit-remaining", "0"),
        ("via", "1.1 sandbox"),
        ("content-type", "application/json"),
    ] {
        assert_eq!(header(&refused, name), expected, "{name}");
    }
    let whole: u64 = header(&refused, "retry-after").parse().unwrap();
    assert!((1..=5).contains(&whole), "{whole}");
    let body: Value = refused.json().await.unwrap();
    assert_eq!(body["global"], false);
    let after = body["retry_after"].as_f64().unwrap();
    assert!(after > 0.0 && after <= 5.0, "{after}");

    // Another channel has its own bucket, and so has another route.
    let other = format!("/channels/{}/messages", sandbox.channel("tickets")?);
    let answer = call(&sandbox, "POST", &other, json!({"content": "x"})).await;
    assert_eq!(header(&answer, "x-ratelimit-remaining"), "4");
    assert_eq!(
        call(&sandbox, "GET", "/users/@me", json!({}))
            .await
            .status(),
        200
    );

    sandbox.advance(Duration::from_secs(5));
    let answer = post().await;
    assert_eq!(answer.status(), 200);
    assert_eq!(header(&answer, "x-ratelimit-remaining"), "4");
    sandbox.finish().await
}

#[tokio::test]
async fn refusals_and_faults_tell_of_their_bucket_too() -> Result<(), Error> {
    let sandbox = limited().await?;
    let unknown = call(&sandbox, "GET", "/channels/1", json!({})).await;
    assert_eq!(unknown.status(), 404);
    assert_eq!(header(&unknown, "x-ratelimit-remaining"), "9");
    sandbox.fail_next(Fault::status(500))?;
    let failed = call(&sandbox, "GET", "/users/@me", json!({})).await;
    assert_eq!(failed.status(), 500);
    assert_eq!(header(&failed, "x-ratelimit-remaining"), "9");
    // A fault's limit is its own.
    sandbox.fail_next(Fault::rate_limited(Duration::from_secs(2)))?;
    let limited = call(&sandbox, "GET", "/users/@me", json!({})).await;
    assert_eq!(limited.status(), 429);
    assert_eq!(header(&limited, "x-ratelimit-bucket"), "sandbox-fault");
    assert_eq!(header(&limited, "retry-after"), "2");
    sandbox.finish().await
}

#[tokio::test]
async fn fifty_calls_a_second_in_all_but_interactions_are_free() -> Result<(), Error> {
    let sandbox = limited().await?;
    let paths: Vec<String> = (1..=120).map(|id| format!("/guilds/{id}")).collect();
    let calls = paths
        .iter()
        .map(|path| call(&sandbox, "GET", path, json!({})));
    let mut refused: Vec<Response> = join_all(calls).await;
    refused.retain(|answer| answer.status() == 429);
    let one = refused.pop().expect("120 calls at once are too many");
    assert_eq!(header(&one, "x-ratelimit-scope"), "global");
    assert_eq!(header(&one, "x-ratelimit-global"), "true");
    assert!(one.headers().get("x-ratelimit-limit").is_none());
    assert_eq!(one.json::<Value>().await.unwrap()["global"], true);

    // These are unknown, but nothing keeps them from being answered.
    let paths: Vec<String> = (1..=120)
        .map(|id| format!("/interactions/{id}/token/callback"))
        .collect();
    let calls = paths
        .iter()
        .map(|path| call(&sandbox, "POST", path, json!({"type": 5})));
    for answer in join_all(calls).await {
        assert_eq!(answer.status(), 404);
    }
    sandbox.finish().await
}

#[tokio::test]
async fn a_third_rename_is_told_to_wait_for_minutes() -> Result<(), Error> {
    let sandbox = limited().await?;
    let bot = Bot::new(&sandbox);
    let support = sandbox.channel("support")?;
    let path = format!("/channels/{support}/threads");
    let body = json!({"name": "one", "type": 12});
    let thread = bot
        .call(reqwest::Method::POST, &path, Some(body), 201)
        .await;
    let path = format!("/channels/{}", bot::id(&thread));
    let rename = |name: &str| call(&sandbox, "PATCH", &path, json!({"name": name}));
    assert_eq!(
        rename("one").await.status(),
        200,
        "the same name does not count as a rename"
    );
    assert_eq!(rename("two").await.status(), 200);
    assert_eq!(rename("three").await.status(), 200);
    let refused = rename("four").await;
    assert_eq!(refused.status(), 429);
    assert_eq!(header(&refused, "x-ratelimit-remaining"), "2");
    let wait: u64 = header(&refused, "retry-after").parse().unwrap();
    assert!((500..=600).contains(&wait), "{wait}");
    let answer = call(&sandbox, "PATCH", &path, json!({"locked": true})).await;
    assert_eq!(answer.status(), 200, "anything else may change");
    sandbox.advance(Duration::from_secs(wait));
    assert_eq!(rename("four").await.status(), 200);
    sandbox.finish().await
}

#[tokio::test]
async fn a_fourth_edit_of_old_messages_is_told_to_wait() -> Result<(), Error> {
    let sandbox = limited().await?;
    let path = format!("/channels/{}/messages", sandbox.channel("support")?);
    let sent = call(&sandbox, "POST", &path, json!({"content": "x"})).await;
    let sent: Value = sent.json().await.unwrap();
    let path = format!("{path}/{}", bot::id(&sent));
    let edit = |n: u32| call(&sandbox, "PATCH", &path, json!({"content": n.to_string()}));
    for n in 0..4 {
        assert_eq!(edit(n).await.status(), 200, "it is young");
    }
    sandbox.advance(Duration::from_secs(3601));
    for n in 4..7 {
        assert_eq!(edit(n).await.status(), 200);
    }
    let refused = edit(7).await;
    assert_eq!(refused.status(), 429);
    assert_eq!(header(&refused, "x-ratelimit-remaining"), "2");
    let body: Value = refused.json().await.unwrap();
    assert_eq!(body["code"], 30046);
    assert!(body["retry_after"].as_f64().unwrap() <= 6.0, "{body}");
    sandbox.advance(Duration::from_secs(6));
    assert_eq!(edit(8).await.status(), 200);
    sandbox.finish().await
}

#[tokio::test]
async fn ten_thousand_invalid_answers_block_the_address() -> Result<(), Error> {
    let sandbox = limited().await?;
    let client = reqwest::Client::new();
    let nobody = |token: String| {
        let url = format!("{}/api/v10/users/@me", sandbox.url());
        client.get(url).header("authorization", token).send()
    };
    let mut refused = 0;
    while refused < 10_000 {
        // Each has its own bucket, so that nothing but 401 comes.
        let calls = (0..50).map(|n| nobody(format!("Bot {refused}.{n}")));
        for answer in join_all(calls).await {
            assert_eq!(answer.unwrap().status(), 401);
            refused += 1;
        }
    }
    let blocked = call(&sandbox, "GET", "/users/@me", json!({})).await;
    assert_eq!(blocked.status(), 429);
    assert!(blocked.headers().get("via").is_none());
    let wait: u64 = header(&blocked, "retry-after").parse().unwrap();
    assert!((1..=600).contains(&wait), "{wait}");
    assert_eq!(blocked.text().await.unwrap(), "error code: 1015");
    sandbox.advance(Duration::from_secs(600));
    let answer = call(&sandbox, "GET", "/users/@me", json!({})).await;
    assert_eq!(answer.status(), 200);
    sandbox.finish().await
}

#[tokio::test]
async fn limits_of_every_kind_on_request() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let me = || call(&sandbox, "GET", "/users/@me", json!({}));
    let wait = Duration::from_secs(60);
    for (fault, scope) in [
        (Fault::rate_limited(wait), "user"),
        (Fault::rate_limited(wait).shared(), "shared"),
        (Fault::rate_limited(wait).global(), "global"),
    ] {
        sandbox.fail_next(fault)?;
        let answer = me().await;
        assert_eq!(answer.status(), 429);
        assert_eq!(header(&answer, "x-ratelimit-scope"), scope);
        assert_eq!(header(&answer, "retry-after"), "60");
        let body: Value = answer.json().await.unwrap();
        assert_eq!(body["global"], scope == "global");
    }
    sandbox.fail_next(Fault::rate_limited(wait).with_remaining(3))?;
    let hidden = me().await;
    assert_eq!(header(&hidden, "retry-after"), "60");
    assert_eq!(header(&hidden, "x-ratelimit-remaining"), "3");
    assert_eq!(header(&hidden, "x-ratelimit-reset-after"), "1.000");
    for form in Cloudflare::ALL {
        for told in [None, Some(wait)] {
            sandbox.fail_next(Fault::blocked(form, told))?;
            let answer = me().await;
            assert_eq!(answer.status(), 429);
            let has = |name: &str| answer.headers().contains_key(name);
            assert_eq!(has("retry-after"), told.is_some());
            assert!(!has("via") && !has("x-ratelimit-scope"));
            assert!(answer.text().await.unwrap().contains("1015"), "{form:?}");
        }
    }
    assert_eq!(me().await.status(), 200);
    sandbox.finish().await
}

#[tokio::test]
async fn headers_as_one_likes() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let odd = ("x-ratelimit-reset-after", "-1");
    sandbox.fail_next(Fault::default().with_header(odd.0, odd.1))?;
    let answer = call(&sandbox, "GET", "/users/@me", json!({})).await;
    assert_eq!(
        (answer.status().as_u16(), &*header(&answer, odd.0)),
        (200, odd.1)
    );
    let limited = Fault::rate_limited(Duration::from_secs(1)).with_header("Retry-After", "soon");
    sandbox.fail_next(limited)?;
    let answer = call(&sandbox, "GET", "/users/@me", json!({})).await;
    assert_eq!(header(&answer, "retry-after"), "soon");
    let fault = json!({"headers": {"a b": "c"}});
    let refused = reqwest::Client::new()
        .post(format!("{}/control/faults", sandbox.url()))
        .json(&fault)
        .send()
        .await
        .unwrap();
    assert_eq!(refused.status(), 400);
    sandbox.finish().await
}

#[tokio::test]
async fn a_call_takes_effect_after_it_has_failed() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let support = sandbox.channel("support")?;
    let path = format!("/channels/{support}/messages");
    let an_hour = Duration::from_secs(3600);
    sandbox.fail_next(Fault::status(502).takes_effect_after(an_hour))?;
    let failed = call(&sandbox, "POST", &path, json!({"content": "late"})).await;
    assert_eq!(failed.status(), 502);
    let is_there = |content: &'static str| {
        move |look: &discord_sandbox::Look<'_>| {
            let mut all = look.messages(support);
            all.any(|message| message.content == content).then_some(())
        }
    };
    assert!(sandbox.look(is_there("late")).is_none());
    sandbox.clear_faults();
    sandbox.wait_until("it is there", is_there("late")).await?;
    // Or when its time has come.
    let soon = Duration::from_millis(20);
    sandbox.fail_next(Fault::status(504).takes_effect_after(soon))?;
    let failed = call(&sandbox, "POST", &path, json!({"content": "soon"})).await;
    assert_eq!(failed.status(), 504);
    sandbox.wait_until("it is there", is_there("soon")).await?;
    sandbox.finish().await
}

#[tokio::test]
async fn sessions_begin_five_seconds_apart() -> Result<(), Error> {
    let sandbox = limited().await?;
    let (_first, _) = Client::ready(&sandbox, TICKET_BOT).await;
    let left = call(&sandbox, "GET", "/gateway/bot", json!({})).await;
    let left: Value = left.json().await.unwrap();
    let left = &left["session_start_limit"];
    assert_eq!(
        (&left["remaining"], &left["total"]),
        (&json!(999), &json!(1000))
    );
    assert!(left["reset_after"].as_u64().unwrap() > 86_000_000, "{left}");

    let mut second = Client::connect(&sandbox).await;
    second.send(identify(&sandbox, &json!({}))).await;
    let answer = second.payload().await;
    assert_eq!((&answer["op"], &answer["d"]), (&json!(9), &json!(false)));
    // The connection stays: it may try again.
    sandbox.advance(Duration::from_secs(5));
    second.identify(&sandbox, &json!({})).await;
    sandbox.finish().await
}

#[tokio::test]
async fn a_thousand_sessions_a_day() -> Result<(), Error> {
    let sandbox = limited().await?;
    let mut client = Client::connect(&sandbox).await;
    let mut begun = 0;
    // A session that has begun is ended by a second IDENTIFY; the token is refused in the end.
    loop {
        client
            .send(identify(&sandbox, &json!({"intents": 0})))
            .await;
        match client.came().await {
            Came::Payload(ready) => assert_eq!(ready["t"], "READY"),
            end => {
                assert_eq!(end, Came::Closed(4004));
                break;
            }
        }
        begun += 1;
        client.close(1000).await;
        sandbox.advance(Duration::from_secs(5));
        client = Client::connect(&sandbox).await;
    }
    assert_eq!(begun, 1000);
    sandbox.finish().await
}

#[tokio::test]
async fn the_control_api_switches_them() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    assert_eq!(
        put_limits(&sandbox, json!({"on": true})).await.1,
        json!({"on": true})
    );
    let answer = call(&sandbox, "GET", "/users/@me", json!({})).await;
    assert_eq!(header(&answer, "x-ratelimit-remaining"), "9");
    let shown = reqwest::get(format!("{}/control/limits", sandbox.url())).await;
    assert_eq!(
        shown.unwrap().json::<Value>().await.unwrap(),
        json!({"on": true})
    );
    assert_eq!(
        put_limits(&sandbox, json!({"on": false})).await.1,
        json!({"on": false})
    );
    let answer = call(&sandbox, "GET", "/users/@me", json!({})).await;
    assert!(answer.headers().get("x-ratelimit-remaining").is_none());
    let (status, refused) = put_limits(&sandbox, json!({"on": "yes"})).await;
    assert_eq!(status, 400);
    assert!(
        refused["message"].as_str().unwrap().contains("`on`"),
        "{refused}"
    );
    sandbox.finish().await
}

#[tokio::test]
async fn the_program_has_them_on_request() {
    let mut running = Command::new(env!("CARGO_BIN_EXE_sandbox"))
        .arg("--limits")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let out = running.stdout.take().unwrap();
    BufReader::new(out).read_line(&mut line).unwrap();
    let said: Value = serde_json::from_str(&line).unwrap();
    let url = format!("{}/control/limits", said["url"].as_str().unwrap());
    let shown = reqwest::get(url).await;
    running.kill().unwrap();
    running.wait().unwrap();
    let shown: Value = shown.unwrap().json().await.unwrap();
    assert_eq!(shown, json!({"on": true}));
}
