//! The control API over real HTTP, as the page and other languages use it.

mod client;

use discord_sandbox::{Error, Message, Sandbox};
use futures_util::StreamExt as _;
use reqwest::{Method, RequestBuilder, Response, StatusCode, header};
use serde_json::{Value, json};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::{self, client::IntoClientRequest as _};

/// A browser or a script that talks to a sandbox.
struct Caller<'a> {
    sandbox: &'a Sandbox,
    http: reqwest::Client,
}

impl<'a> Caller<'a> {
    fn new(sandbox: &'a Sandbox) -> Self {
        Self {
            sandbox,
            http: reqwest::Client::new(),
        }
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http
            .request(method, format!("{}{path}", self.sandbox.url()))
    }

    async fn get(&self, path: &str) -> (StatusCode, Value) {
        read(self.request(Method::GET, path).send().await.unwrap()).await
    }

    async fn call(&self, method: &str, path: &str, body: &Value) -> (StatusCode, Value) {
        let method = method.parse().unwrap();
        read(self.request(method, path).json(body).send().await.unwrap()).await
    }

    /// A call that must succeed.
    async fn ok(&self, method: &str, path: &str, body: &Value) -> Value {
        let (status, answer) = self.call(method, path, body).await;
        assert!(status.is_success(), "{method} {path}: {status} {answer}");
        answer
    }

    /// A call of the bot.
    async fn bot(&self, method: &str, path: &str) -> Result<Response, reqwest::Error> {
        self.request(method.parse().unwrap(), path)
            .header("authorization", format!("Bot {}", self.sandbox.token()))
            .send()
            .await
    }
}

/// JSON, or null for an empty body.
async fn read(response: Response) -> (StatusCode, Value) {
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
struct Stream {
    response: Response,
    buffer: String,
}

impl Stream {
    async fn open(caller: &Caller<'_>, path: &str, last: Option<&str>) -> Self {
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
    async fn next(&mut self) -> (String, Value) {
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
async fn events_come_over_a_websocket_too() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let caller = Caller::new(&sandbox);
    let general = sandbox.channel("general")?;
    let address = format!("{}/control/people/member2/events", sandbox.url());
    let address = address.replacen("http", "ws", 1);

    // Only the sandbox's own page may listen.
    let mut foreign = address.as_str().into_client_request().unwrap();
    let origin = "http://evil.example".parse().unwrap();
    foreign.headers_mut().insert("origin", origin);
    let refused = connect_async(foreign).await.unwrap_err();
    let tungstenite::Error::Http(answer) = refused else {
        panic!("{refused}");
    };
    assert_eq!(answer.status(), 403);
    let nobody = address.replace("member2", "nobody");
    assert!(connect_async(nobody).await.is_err(), "there is no nobody");

    let (mut socket, _) = connect_async(address).await.unwrap();
    let channel = format!("/control/people/member/channels/{general}");
    let typing = format!("{channel}/typing");
    caller.ok("POST", &typing, &json!({})).await;
    let messages = format!("{channel}/messages");
    caller
        .ok("POST", &messages, &json!({"content": "Hello"}))
        .await;
    let mut heard = Vec::new();
    while heard.len() < 2 {
        match socket.next().await.unwrap().unwrap() {
            tungstenite::Message::Text(event) => {
                heard.push(serde_json::from_str::<Value>(&event).unwrap());
            }
            other => assert!(other.is_ping(), "{other:?}"),
        }
    }
    assert_eq!(heard[0]["t"], "TYPING_START");
    assert_eq!(heard[0]["d"]["channel_id"], general.to_string());
    assert_eq!(heard[1]["t"], "MESSAGE_CREATE");
    assert_eq!(heard[1]["d"]["content"], "Hello");

    // Clients are notified that the sandbox stops.
    sandbox.finish().await?;
    while let Some(Ok(last)) = socket.next().await {
        assert!(last.is_ping() || last.is_close(), "{last:?}");
    }
    Ok(())
}

#[tokio::test]
async fn files_are_served_but_never_run() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let caller = Caller::new(&sandbox);
    let general = sandbox.channel("general")?;
    let files: [(&str, &str, &[u8]); 3] = [
        ("cat.gif", "image/gif", b"GIF89a\x01\0\x01\0"),
        ("page.html", "text/html", b"<script>alert(1)</script>"),
        (
            "drawing.svg",
            "image/svg+xml",
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        ),
    ];
    let message = sandbox.member().upload(general, "", &files).await?;
    for (attachment, saved) in message.attachments().iter().zip([false, true, true]) {
        let url = attachment["url"].as_str().unwrap();
        let answer = caller.http.get(url).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{url}");
        let headers = answer.headers();
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert!(
            headers["content-security-policy"]
                .to_str()
                .unwrap()
                .contains("sandbox")
        );
        let disposition = headers
            .get("content-disposition")
            .map(|d| d.to_str().unwrap());
        assert_eq!(
            disposition.is_some_and(|d| d.starts_with("attachment")),
            saved,
            "{url}"
        );
    }
    let (status, _) = read(caller.bot("GET", "/attachments/1/2/x.png").await.unwrap()).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    Ok(())
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
            "is no person",
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

#[tokio::test]
async fn other_sites_are_kept_out() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let caller = Caller::new(&sandbox);
    let own = sandbox.url();
    let port = sandbox.address().port();
    let rebound = format!("evil.example:{port}");
    let local = format!("localhost:{port}");
    for (name, value, status) in [
        (header::ORIGIN, own.as_str(), 200),
        (header::ORIGIN, "http://evil.example", 403),
        (header::ORIGIN, "null", 403),
        (header::HOST, local.as_str(), 200),
        (header::HOST, rebound.as_str(), 403),
        (header::HOST, "127.0.0.1", 403),
    ] {
        for path in ["/control/world", "/api/v10/gateway", "/"] {
            let answer = caller.request(Method::GET, path).header(&name, value);
            let answer = answer.send().await.unwrap();
            assert_eq!(answer.status().as_u16(), status, "{name}: {value} {path}");
            assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
        }
    }
    Ok(())
}

#[tokio::test]
async fn other_sites_and_other_machines_hear_nothing() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    assert!(sandbox.address().ip().is_loopback());
    let caller = Caller::new(&sandbox);
    let events = format!("/control/people/{}/events", sandbox.owner().id());
    let rebound = format!("evil.example:{}", sandbox.address().port());
    // Browsers send no preflight for these, and let any site read what comes over a WebSocket.
    for path in [events.as_str(), "/?v=10&encoding=json"] {
        for (name, value) in [
            (header::ORIGIN, "http://evil.example"),
            (header::HOST, &rebound),
        ] {
            let stream = caller.request(Method::GET, path).header(&name, value);
            let socket = caller
                .request(Method::GET, path)
                .header(&name, value)
                .header(header::CONNECTION, "upgrade")
                .header(header::UPGRADE, "websocket")
                .header("sec-websocket-version", "13")
                .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
            for request in [stream, socket] {
                let answer = request.send().await.unwrap();
                assert_eq!(answer.status().as_u16(), 403, "{name}: {value} {path}");
            }
        }
    }
    Ok(())
}

#[tokio::test]
async fn calls_go_wrong_on_demand_and_are_recorded() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let caller = Caller::new(&sandbox);
    let fault = json!({"method": "GET", "path": "/users/*", "status": 429, "retry_after": 0.5});
    caller.ok("POST", "/control/faults", &fault).await;
    let dropped = json!({"path": "/gateway", "drop": true});
    caller.ok("POST", "/control/faults", &dropped).await;
    assert_eq!(sandbox.waiting_faults().len(), 2);

    let limited = caller.bot("GET", "/api/v10/users/@me").await.unwrap();
    assert_eq!(limited.headers()["retry-after"], "1");
    assert!(limited.headers().contains_key("via"));
    assert_eq!(limited.headers()["content-type"], "application/json");
    let (status, body) = read(limited).await;
    assert_eq!((status.as_u16(), &body["retry_after"]), (429, &json!(0.5)));
    assert!(caller.bot("GET", "/api/v10/gateway").await.is_err());
    let (status, me) = read(caller.bot("GET", "/api/v10/users/@me").await.unwrap()).await;
    assert_eq!(
        (status.as_u16(), &me["id"]),
        (200, &json!(sandbox.bot_id()))
    );

    let calls: Vec<(String, u16)> = sandbox
        .calls()
        .into_iter()
        .map(|call| (call.path, call.status))
        .collect();
    let expected = [("/users/@me", 429), ("/gateway", 0), ("/users/@me", 200)];
    assert_eq!(
        calls,
        expected.map(|(path, status)| (path.to_owned(), status))
    );

    let (_, record) = caller.get("/control/record?limit=1").await;
    assert_eq!(record["next"], record["entries"][0]["seq"]);
    let (_, nothing) = caller
        .get(&format!("/control/record?after={}", sandbox.mark()))
        .await;
    assert_eq!(nothing, json!({"entries": [], "next": sandbox.mark()}));
    Ok(())
}

#[tokio::test]
async fn a_fault_can_strike_after_the_call_took_effect() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let caller = Caller::new(&sandbox);
    let general = sandbox.channel("general")?;
    let send = async |content: &str| {
        caller
            .request(
                Method::POST,
                &format!("/api/v10/channels/{general}/messages"),
            )
            .header("authorization", format!("Bot {}", sandbox.token()))
            .json(&json!({"content": content}))
            .send()
            .await
            .unwrap()
            .status()
            .as_u16()
    };
    let fault = discord_sandbox::Fault::status(502).on("POST", "/channels/*/messages");
    sandbox.fail_next(fault.clone())?;
    assert_eq!(send("before").await, 502);
    sandbox.fail_next(fault.after_it_took_effect())?;
    assert_eq!(send("after").await, 502);
    assert_eq!(send("without").await, 200);
    let messages = sandbox.member().messages(general).await?;
    let contents: Vec<&str> = messages.iter().map(Message::content).collect();
    assert_eq!(contents, ["without", "after"]);
    Ok(())
}

#[tokio::test]
async fn unknown_routes_are_problems() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let caller = Caller::new(&sandbox);
    let (status, body) = read(caller.bot("GET", "/api/v10/no/such/route").await.unwrap()).await;
    assert_eq!(
        (status.as_u16(), body),
        (404, json!({"message": "404: Not Found", "code": 0}))
    );
    let (status, _) = read(caller.bot("DELETE", "/api/v10/gateway").await.unwrap()).await;
    assert_eq!(status.as_u16(), 405);
    let (_, problems) = caller.get("/control/problems").await;
    assert_eq!(problems[0]["path"], "/no/such/route");
    assert_eq!(problems[1]["method"], "DELETE");
    let error = sandbox.finish().await.unwrap_err().to_string();
    assert!(error.contains("GET /no/such/route"), "{error}");
    Ok(())
}

/// The bot registers the command `ping`.
async fn register_ping(sandbox: &Sandbox, caller: &Caller<'_>) {
    let commands = format!(
        "/api/v10/applications/{}/commands",
        sandbox.application_id()
    );
    let registered = caller
        .request(Method::PUT, &commands)
        .header("authorization", format!("Bot {}", sandbox.token()))
        .json(&json!([{"name": "ping", "description": "Answers"}]))
        .send();
    assert_eq!(registered.await.unwrap().status(), StatusCode::OK);
}

#[tokio::test]
async fn waiting_for_an_answer_has_an_end() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let (mut client, _) = client::Client::ready(&sandbox, client::TICKET_BOT).await;
    let caller = Caller::new(&sandbox);
    register_ping(&sandbox, &caller).await;
    let general = sandbox.channel("general")?;
    let id = sandbox
        .member()
        .start_command(general, "ping", json!({}))
        .await?;
    let events = client.events_until("INTERACTION_CREATE").await;
    let token = events.last().unwrap().1["token"]
        .as_str()
        .unwrap()
        .to_owned();
    let callback = format!("/api/v10/interactions/{id}/{token}/callback");
    let thinking = caller
        .request(Method::POST, &callback)
        .json(&json!({"type": 5}));
    assert_eq!(
        thinking.send().await.unwrap().status(),
        StatusCode::NO_CONTENT
    );
    // It would think for a quarter of an hour.
    let path = format!("/control/people/member/interactions/{id}?wait=true&timeout_ms=10");
    assert_eq!(caller.get(&path).await.1["state"], "deferred");
    sandbox.finish().await
}

#[tokio::test]
async fn nobody_clicks_in_the_moment_in_which_a_message_appears() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let (_client, _) = client::Client::ready(&sandbox, client::TICKET_BOT).await;
    let general = sandbox.channel("general")?;
    let bot = sandbox.application_id();
    let message = json!({"content": "x", "components": [{"type": 1, "components": [
        {"type": 2, "style": 1, "custom_id": "a", "label": "a"},
    ]}]});
    let caller = Caller::new(&sandbox);
    let sent = caller
        .request(
            Method::POST,
            &format!("/api/v10/channels/{general}/messages"),
        )
        .header("authorization", format!("Bot {}", sandbox.token()))
        .json(&message)
        .send();
    let sent: Value = sent.await.unwrap().json().await.unwrap();
    assert_eq!(sent["author"]["id"], bot.to_string());
    let message: discord_sandbox::id::MessageId = sent["id"].as_str().unwrap().parse().unwrap();
    let click = sandbox.member().start_click(general, message, "a").await?;
    let after = click.created_at().since(message.created_at());
    assert!(after >= 25, "{after} ms");
    Ok(())
}

#[tokio::test]
async fn an_interaction_without_a_bot_fails_at_once() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let caller = Caller::new(&sandbox);
    register_ping(&sandbox, &caller).await;
    let mut stream = Stream::open(&caller, "/control/people/member/events", None).await;
    let general = sandbox.channel("general")?;
    let ping = json!({"guild_id": sandbox.guild_id(), "channel_id": general, "name": "ping"});
    let ran = caller
        .ok("POST", "/control/people/member/commands", &ping)
        .await;
    assert_eq!(ran["state"], "failed");
    assert_eq!(stream.next().await.1["t"], "INTERACTION_CREATE");
    assert_eq!(stream.next().await.1["t"], "INTERACTION_FAILURE");
    let id = ran["id"].as_str().unwrap();
    let (_, view) = caller
        .get(&format!(
            "/control/people/member/interactions/{id}?wait=true"
        ))
        .await;
    assert_eq!(view["state"], "failed");
    let (status, _) = caller
        .get(&format!("/control/people/owner/interactions/{id}"))
        .await;
    assert_eq!(status, StatusCode::NOT_FOUND, "it is somebody else's");
    Ok(())
}

#[tokio::test]
async fn the_page_is_served_with_a_strict_policy() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let caller = Caller::new(&sandbox);
    let place = format!(
        "/channels/{}/{}",
        sandbox.guild_id(),
        sandbox.channel("general")?
    );
    for path in ["/", &place] {
        let answer = caller.request(Method::GET, path).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        assert_eq!(answer.headers()["content-type"], "text/html; charset=utf-8");
        assert_eq!(answer.headers()["cache-control"], "no-cache");
        let policy = answer.headers()["content-security-policy"]
            .to_str()
            .unwrap();
        assert!(policy.contains("script-src 'self'") && policy.starts_with("default-src 'none'"));
        assert!(!policy.contains("unsafe"), "{policy}");
    }
    let gone = caller
        .request(Method::GET, "/no-such-file.js")
        .send()
        .await
        .unwrap();
    assert_eq!(gone.status(), StatusCode::NOT_FOUND);
    Ok(())
}

#[tokio::test]
async fn a_reset_keeps_ids_and_tells_clients() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let caller = Caller::new(&sandbox);
    let (_, before) = caller.get("/control/world").await;
    let general = sandbox.channel("general")?;
    sandbox.member().send(general, "gone").await?;
    sandbox.advance(std::time::Duration::from_secs(3600));
    let mut stream = Stream::open(&caller, "/control/people/member/events", None).await;
    let (status, _) = caller.call("POST", "/control/reset", &json!({})).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    assert_eq!(stream.next().await.1["t"], "RESYNC");
    let (_, after) = caller.get("/control/world").await;
    assert_eq!(before["people"], after["people"]);
    assert_eq!(before["application"], after["application"]);
    assert_eq!(sandbox.member().messages(general).await?, []);
    Ok(())
}

#[tokio::test]
async fn the_record_is_told_as_it_grows() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let caller = Caller::new(&sandbox);
    let mut stream = Stream::open(&caller, "/control/record/events", None).await;
    caller.bot("GET", "/api/v10/gateway").await.unwrap();
    let (id, entry) = stream.next().await;
    assert_eq!(entry["kind"], "call");
    assert_eq!(
        (&entry["method"], &entry["path"]),
        (&json!("GET"), &json!("/gateway"))
    );
    assert_eq!(id, entry["seq"].to_string());
    sandbox
        .member()
        .send(sandbox.channel("general")?, "hello")
        .await?;
    let (_, entry) = stream.next().await;
    assert_eq!(entry["kind"], "person");
    assert_eq!(entry["person"], sandbox.member().id().to_string());
    assert_eq!(entry["action"]["do"], "send a message");
    let mut again = Stream::open(&caller, "/control/record/events", Some(&id)).await;
    assert_eq!(again.next().await.1, entry);

    let (_, brief) = caller.get("/control/record?brief=true").await;
    let said = brief["entries"].as_array().unwrap().last().unwrap();
    assert_eq!(said["action"], json!({"do": "send a message"}));
    assert!(!brief.to_string().contains("hello"), "{brief}");
    assert!(brief["entries"][0].get("response").is_none(), "{brief}");

    // A command's name is shown, even if there is no such command.
    let command = json!({
        "guild_id": sandbox.guild_id(),
        "channel_id": sandbox.channel("general")?,
        "name": "inbox create",
        "options": {"channel": "hello"},
    });
    caller
        .call("POST", "/control/people/member/commands", &command)
        .await;
    let (_, brief) = caller.get("/control/record?brief=true").await;
    let used = brief["entries"].as_array().unwrap().last().unwrap();
    let action = json!({"do": "use a command", "name": "inbox create"});
    assert_eq!(used["action"], action);
    Ok(())
}
