//! REST as a client meets it: who may call, what is understood, and what a refusal looks like.

mod bot;

use bot::{Bot, PIXEL, id};
use discord_sandbox::id::ChannelId;
use discord_sandbox::{Error, Sandbox};
use reqwest::Method;
use serde_json::{Value, json};

/// A sandbox in which wrong calls are part of the test.
async fn start() -> Result<(Sandbox, Bot), Error> {
    let sandbox = Sandbox::builder().bad_requests_are_meant().start().await?;
    let bot = Bot::new(&sandbox);
    Ok((sandbox, bot))
}

/// A call that is refused: its status and its body's code.
async fn refused(bot: &Bot, method: Method, path: &str, body: Value, status: u16) -> Value {
    let body = (!body.is_null()).then_some(body);
    bot.call(method, path, body, status).await["code"].clone()
}

#[tokio::test]
async fn only_a_bot_with_its_token_may_call() -> Result<(), Error> {
    let (sandbox, bot) = start().await?;
    let token = sandbox.token();
    for wrong in ["", "Bot wrong", "Bearer x", token.as_str(), "Bot "] {
        let other = bot.with_token(wrong);
        let answer = other.call(Method::GET, "/users/@me", None, 401).await;
        assert_eq!(
            answer,
            json!({"message": "401: Unauthorized", "code": 0}),
            "{wrong}"
        );
    }
    assert_eq!(bot.get("/users/@me").await["bot"], true);
    // Where the gateway is may be asked by anybody.
    bot.with_token("").get("/gateway").await;
    sandbox.finish().await
}

#[tokio::test]
async fn answers_are_plain_json_under_every_version() -> Result<(), Error> {
    let (sandbox, _) = start().await?;
    let client = reqwest::Client::new();
    for version in ["/api", "/api/v9", "/api/v10"] {
        let url = format!("{}{version}/users/@me", sandbox.url());
        let token = format!("Bot {}", sandbox.token());
        let answer = client
            .get(url)
            .header("Authorization", token)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 200);
        // discord.py compares it exactly.
        assert_eq!(answer.headers()["content-type"], "application/json");
    }
    sandbox.finish().await
}

#[tokio::test]
async fn what_cannot_be_read_is_said() -> Result<(), Error> {
    let (sandbox, bot) = start().await?;
    let general = sandbox.channel("general")?;
    let messages = format!("/channels/{general}/messages");
    let wrong_id = bot.call(Method::GET, "/channels/general", None, 400).await;
    assert_eq!(
        wrong_id["errors"]["_errors"][0]["code"],
        "NUMBER_TYPE_COERCE"
    );
    let no_body = bot.call(Method::POST, &messages, None, 400).await;
    assert_eq!(no_body["code"], 50035);
    let limit = bot
        .call(Method::GET, &format!("{messages}?limit=101"), None, 400)
        .await;
    assert_eq!(
        limit["errors"]["limit"]["_errors"][0]["code"],
        "NUMBER_TYPE_MAX"
    );
    let before = bot
        .call(Method::GET, &format!("{messages}?before=x"), None, 400)
        .await;
    assert_eq!(before["code"], 50035);

    let url = format!("{}/api/v10{messages}", sandbox.url());
    let token = format!("Bot {}", sandbox.token());
    let request = reqwest::Client::new()
        .post(url)
        .header("Authorization", token);
    let answer = request
        .header("Content-Type", "application/json")
        .body("{\"content\": ")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 400);
    let answer: Value = answer.json().await.unwrap();
    assert_eq!(answer["code"], 50109);
    sandbox.finish().await
}

#[tokio::test]
async fn unknown_things_have_their_own_codes() -> Result<(), Error> {
    let (sandbox, bot) = start().await?;
    let guild = sandbox.guild_id();
    let general = sandbox.channel("general")?;
    let owner = sandbox.owner().id();
    let application = sandbox.application_id();
    for (method, path, status, code) in [
        (Method::GET, "/channels/1".to_owned(), 404, 10003),
        (Method::GET, "/guilds/1".to_owned(), 404, 10004),
        (
            Method::GET,
            format!("/guilds/{guild}/members/1"),
            404,
            10013,
        ),
        (
            Method::GET,
            format!("/channels/{general}/messages/1"),
            404,
            10008,
        ),
        (Method::GET, format!("/guilds/{guild}/roles/1"), 404, 10011),
        (Method::GET, "/users/1".to_owned(), 404, 10013),
        (Method::GET, "/webhooks/1".to_owned(), 404, 10015),
        (
            Method::GET,
            format!("/applications/{application}/commands/1"),
            404,
            10063,
        ),
        (
            Method::PUT,
            "/applications/1/commands".to_owned(),
            403,
            20012,
        ),
        (
            Method::GET,
            format!("/webhooks/{application}/x/messages/@original"),
            404,
            10015,
        ),
        (
            Method::DELETE,
            format!("/guilds/{guild}/members/{owner}"),
            403,
            50013,
        ),
        (
            Method::GET,
            format!("/channels/{general}/thread-members"),
            400,
            50024,
        ),
        (Method::DELETE, format!("/channels/{general}"), 403, 50013),
    ] {
        let body = if method == Method::PUT {
            json!([])
        } else {
            Value::Null
        };
        assert_eq!(
            refused(&bot, method, &path, body, status).await,
            code,
            "{path}"
        );
    }
    let pong = json!({"type": 1});
    assert_eq!(
        refused(&bot, Method::POST, "/interactions/1/x/callback", pong, 404).await,
        10062
    );
    sandbox.finish().await
}

#[tokio::test]
async fn a_ticket_from_its_opening_to_its_end() -> Result<(), Error> {
    let (sandbox, bot) = start().await?;
    let tickets = sandbox.channel("tickets")?;
    let (mia, max) = (sandbox.member(), sandbox.moderator());
    let wish = json!({"name": "2026-11-22 Mia", "type": 12, "invitable": false, "auto_archive_duration": 10080});
    let path = format!("/channels/{tickets}/threads");
    let thread = bot.call(Method::POST, &path, Some(wish), 201).await;
    let thread_id: ChannelId = id(&thread).parse().unwrap();
    let path = format!("/channels/{thread_id}");
    let text = format!("<@{}> <@{}>", mia.id(), max.id());
    let starter = bot
        .post(&format!("{path}/messages"), json!({"content": text}))
        .await;
    assert_eq!(starter["mentions"].as_array().unwrap().len(), 2);
    let members = bot.get(&format!("{path}/thread-members")).await;
    assert_eq!(members.as_array().unwrap().len(), 3);

    mia.leave(thread_id).await?;
    let note = json!({"content": "Mia left", "allowed_mentions": {"parse": []}});
    bot.post(&format!("{path}/messages"), note).await;
    let closed = bot
        .patch(&path, json!({"archived": true, "locked": true}))
        .await;
    assert_eq!(closed["thread_metadata"]["archived"], true);
    assert_eq!(closed["thread_metadata"]["locked"], true);
    let again = refused(&bot, Method::PATCH, &path, json!({"name": "x"}), 400).await;
    assert_eq!(again, 50083);
    let list = format!("/channels/{tickets}/threads/archived/private");
    let archived = bot.get(&list).await;
    assert_eq!(archived["threads"][0]["id"], thread["id"]);
    assert_eq!(archived["members"][0]["user_id"], json!(sandbox.bot_id()));
    sandbox.finish().await
}

#[tokio::test]
async fn files_arrive_and_can_be_fetched() -> Result<(), Error> {
    let (sandbox, bot) = start().await?;
    let general = sandbox.channel("general")?;
    let path = format!("/channels/{general}/messages");
    let payload =
        json!({"content": "two", "attachments": [{"id": "0"}, {"id": 1, "description": "d"}]});
    let files = [
        ("a.png", "image/png", PIXEL),
        ("b.txt", "text/plain", &b"text"[..]),
    ];
    let message = bot.form(Method::POST, &path, &payload, &files).await;
    let attachments = message["attachments"].as_array().unwrap();
    assert_eq!(
        (&attachments[0]["width"], &attachments[1]["description"]),
        (&json!(1), &json!("d"))
    );
    for (attachment, content) in attachments.iter().zip([PIXEL, b"text"]) {
        let url = attachment["url"].as_str().unwrap();
        let fetched = reqwest::get(url).await.unwrap();
        assert_eq!(
            fetched.headers()["content-type"],
            attachment["content_type"].as_str().unwrap()
        );
        assert_eq!(fetched.bytes().await.unwrap(), content);
    }
    // Another name leads nowhere, and so does the address of a message that is gone.
    let url = attachments[0]["url"].as_str().unwrap();
    assert_eq!(
        reqwest::get(url.replace("a.png", "b.png"))
            .await
            .unwrap()
            .status(),
        404
    );
    bot.quietly(Method::DELETE, &format!("{path}/{}", id(&message)))
        .await;
    assert_eq!(reqwest::get(url).await.unwrap().status(), 404);
    sandbox.finish().await
}

#[tokio::test]
async fn too_large_a_file_is_refused() -> Result<(), Error> {
    let (sandbox, bot) = start().await?;
    let general = sandbox.channel("general")?;
    let big = vec![0u8; 10 * 1024 * 1024 + 1];
    let part = reqwest::multipart::Part::bytes(big).file_name("big.bin");
    let form = reqwest::multipart::Form::new()
        .text("payload_json", "{}")
        .part("files[0]", part);
    let url = format!("{}/api/v10/channels/{general}/messages", sandbox.url());
    let request = reqwest::Client::new().post(url).multipart(form);
    let token = format!("Bot {}", sandbox.token());
    let answer = request.header("Authorization", token).send().await.unwrap();
    assert_eq!(answer.status(), 413);
    let answer: Value = answer.json().await.unwrap();
    assert_eq!(answer["code"], 40005);
    // Nothing has arrived.
    assert_eq!(
        bot.get(&format!("/channels/{general}/messages")).await,
        json!([])
    );
    sandbox.finish().await
}

#[tokio::test]
async fn everybody_has_a_picture() -> Result<(), Error> {
    let (sandbox, bot) = start().await?;
    let mia = sandbox.member().id();
    for path in [
        "/embed/avatars/0.png".to_owned(),
        format!("/avatars/{mia}/x.png"),
    ] {
        let picture = reqwest::get(format!("{}{path}", sandbox.url()))
            .await
            .unwrap();
        assert_eq!(picture.headers()["content-type"], "image/png");
        // It is a picture that Discord itself would measure.
        let content = picture.bytes().await.unwrap();
        let messages = format!("/channels/{}/messages", sandbox.channel("general")?);
        let files = [("p.png", "image/png", content.as_ref())];
        let message = bot.form(Method::POST, &messages, &json!({}), &files).await;
        assert_eq!(message["attachments"][0]["width"], 64);
    }
    let none = reqwest::get(format!("{}/embed/avatars/9.png", sandbox.url()))
        .await
        .unwrap();
    assert_eq!(none.status(), 404);
    sandbox.finish().await
}
