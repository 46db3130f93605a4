//! REST as a client meets it: who may call, what is understood, and what a refusal looks like.

mod bot;

use bot::{Bot, PIXEL, id};
use discord_sandbox::id::ChannelId;
use discord_sandbox::{Error, Sandbox, Seed};
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

#[tokio::test]
async fn a_form_without_files_is_understood() -> Result<(), Error> {
    let (sandbox, bot) = start().await?;
    let general = sandbox.channel("general")?;
    let messages = format!("/channels/{general}/messages");
    // As py-cord sends it, and as curl does.
    let payload = "payload_json=%7B%22content%22%3A+%22one%22%2C+%22tts%22%3A+false%7D";
    for (form, content) in [
        (payload, "one"),
        ("content=two+words&tts=false", "two words"),
    ] {
        let sent = bot.urlencoded(&messages, form).await;
        assert_eq!(sent["content"], content, "{form}");
    }
    // What was in it is in the record, too.
    let call = sandbox
        .record()
        .into_iter()
        .rev()
        .find_map(|entry| match entry.what {
            discord_sandbox::record::What::Call(call) => Some(call),
            _ => None,
        });
    assert_eq!(
        call.unwrap().request["payload_json"]["content"],
        "two words"
    );
    sandbox.finish().await
}

#[tokio::test]
async fn another_version_of_the_api_is_not_imitated() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let client = reqwest::Client::new();
    for version in [6, 7, 8, 11] {
        let url = format!("{}/api/v{version}/users/@me", sandbox.url());
        let answer = client.get(url).send().await.unwrap();
        assert_eq!(answer.status(), 400);
        let what = format!("The sandbox does not imitate version {version} of the API");
        let answer: Value = answer.json().await.unwrap();
        let error = &answer["errors"]["_errors"][0];
        assert_eq!(error["code"], "SANDBOX_UNSUPPORTED");
        assert!(
            error["message"].as_str().unwrap().starts_with(&what),
            "{answer}"
        );
        let problem = sandbox.problems().pop().unwrap();
        assert!(problem.what.starts_with(&what), "{problem:?}");
    }
    sandbox.stop().await;
    Ok(())
}

#[tokio::test]
async fn what_is_not_imitated_is_refused_and_a_problem() -> Result<(), Error> {
    let (sandbox, bot) = start().await?;
    let general = sandbox.channel("general")?;
    let messages = format!("/channels/{general}/messages");
    let poll = json!({"content": "x", "poll": {"question": {"text": "?"}}});
    let refused = bot.call(Method::POST, &messages, Some(poll), 400).await;
    let error = &refused["errors"]["poll"]["_errors"][0];
    assert_eq!(error["code"], "SANDBOX_UNSUPPORTED");
    assert_eq!(error["message"], "The sandbox does not imitate `poll` here");
    let voice = json!({"content": "x", "flags": 1 << 13});
    let refused = bot.call(Method::POST, &messages, Some(voice), 400).await;
    let error = &refused["errors"]["flags"]["_errors"][0];
    assert_eq!(error["code"], "SANDBOX_UNSUPPORTED");
    let hidden = json!({"flags": 1 << 15});
    let channel = format!("/channels/{general}");
    let refused = bot.call(Method::PATCH, &channel, Some(hidden), 400).await;
    let error = &refused["errors"]["flags"]["_errors"][0];
    assert_eq!(error["code"], "SANDBOX_UNSUPPORTED");
    // Nothing was sent. A value that changes nothing is not refused.
    assert_eq!(bot.get(&messages).await, json!([]));
    bot.post(
        &messages,
        json!({"content": "x", "poll": null, "sticker_ids": []}),
    )
    .await;
    let problems: Vec<String> = sandbox.problems().into_iter().map(|p| p.what).collect();
    assert_eq!(
        problems,
        [
            "The sandbox does not imitate `poll` here (at poll)",
            "The sandbox does not imitate 1 << 13 of `flags` here (at flags)",
            "The sandbox does not imitate 1 << 15 of `flags` here (at flags)",
        ]
    );
    sandbox.stop().await;
    Ok(())
}

#[tokio::test]
async fn a_webhooks_messages_are_reached_by_its_token() -> Result<(), Error> {
    let seed = Seed::from_toml(
        "[[people]]\nusername = 'olivia'\n[[guilds]]\nname = 'Hooks'\n\
         roles = [{ bot = true, permissions = ['ADMINISTRATOR'] }]\n\
         channels = [{ name = 'general' }, { name = 'other' }]",
    );
    let builder = Sandbox::builder()
        .seed(seed.unwrap())
        .bad_requests_are_meant();
    let sandbox = builder.start().await?;
    let bot = Bot::new(&sandbox);
    let (general, other) = (sandbox.channel("general")?, sandbox.channel("other")?);
    let made = json!({"name": "News"});
    let hook = bot
        .post(&format!("/channels/{general}/webhooks"), made)
        .await;
    let guild = sandbox.guild_id();
    assert_eq!(
        bot.get(&format!("/guilds/{guild}/webhooks")).await[0]["id"],
        hook["id"]
    );
    let token = hook["token"].as_str().unwrap();
    let by_token = format!("/webhooks/{}/{token}", id(&hook));

    let stranger = bot.with_token("");
    let shown = stranger.get(&by_token).await;
    assert_eq!((&shown["name"], shown.get("user")), (&json!("News"), None));
    let sent = stranger
        .post(&format!("{by_token}?wait=true"), json!({"content": "a"}))
        .await;
    let message = format!("{by_token}/messages/{}", id(&sent));
    let edited = stranger.patch(&message, json!({"content": "b"})).await;
    assert_eq!(
        (&edited["content"], &edited["id"]),
        (&json!("b"), &sent["id"])
    );
    assert_eq!(stranger.get(&message).await["content"], "b");
    let wrong = format!("/webhooks/{}/wrong/messages/{}", id(&hook), id(&sent));
    let code = refused(&stranger, Method::GET, &wrong, Value::Null, 401).await;
    assert_eq!(code, 50027);
    let original = format!("{by_token}/messages/@original");
    let code = refused(&stranger, Method::GET, &original, Value::Null, 404).await;
    assert_eq!(code, 10008);
    stranger.quietly(Method::DELETE, &message).await;
    let code = refused(&stranger, Method::GET, &message, Value::Null, 404).await;
    assert_eq!(code, 10008);

    let renamed = stranger.patch(&by_token, json!({"name": "Old news"})).await;
    assert_eq!(renamed["name"], "Old news");
    let moved = json!({"channel_id": other.to_string()});
    let moved = bot.patch(&format!("/webhooks/{}", id(&hook)), moved).await;
    assert_eq!(moved["channel_id"], other.to_string());
    stranger.quietly(Method::DELETE, &by_token).await;
    assert_eq!(
        bot.get(&format!("/guilds/{guild}/webhooks")).await,
        json!([])
    );
    sandbox.finish().await
}

#[tokio::test]
async fn a_command_with_an_id_keeps_it_under_another_name() -> Result<(), Error> {
    let (sandbox, bot) = start().await?;
    let commands = format!("/applications/{}/commands", sandbox.application_id());
    let ping = json!([{"name": "ping", "description": "x"}]);
    let old = bot.put(&commands, ping).await;
    let renamed = json!([{"id": old[0]["id"], "name": "pong", "description": "x"}]);
    let new = bot.put(&commands, renamed).await;
    assert_eq!(
        (&new[0]["id"], &new[0]["name"]),
        (&old[0]["id"], &json!("pong"))
    );
    sandbox.finish().await
}

#[tokio::test]
async fn what_libraries_ask_for_when_they_start_is_answered() -> Result<(), Error> {
    let (sandbox, bot) = start().await?;
    let (guild, application) = (sandbox.guild_id(), sandbox.application_id());
    for path in [
        "/soundboard-default-sounds",
        "/sticker-packs",
        "/voice/regions",
        &format!("/guilds/{guild}/stickers"),
        &format!("/guilds/{guild}/scheduled-events?with_user_count=true"),
        &format!("/guilds/{guild}/soundboard-sounds"),
        &format!("/applications/{application}/entitlements?limit=5"),
        &format!("/applications/{application}/role-connections/metadata"),
        &format!("/applications/{application}/guilds/{guild}/commands/permissions"),
    ] {
        let answer = bot.get(path).await;
        let lists = answer
            .as_object()
            .map_or(vec![&answer], |o| o.values().collect());
        assert!(
            lists.iter().all(|list| **list == json!([])),
            "{path}: {answer}"
        );
    }
    let elsewhere = "/guilds/1/stickers";
    assert_eq!(
        refused(&bot, Method::GET, elsewhere, Value::Null, 404).await,
        10004
    );
    sandbox.finish().await
}

#[tokio::test]
async fn a_bot_looks_up_its_own_webhook_without_a_permission() -> Result<(), Error> {
    let (sandbox, bot) = start().await?;
    let (general, owner) = (sandbox.channel("general")?, sandbox.owner());
    let list = format!("/channels/{general}/webhooks");
    let manage = 1 << 29;
    owner
        .set_member_overwrite(general, sandbox.bot_id(), manage, 0)
        .await?;
    let hook = bot.post(&list, json!({"name": "News"})).await;
    owner.delete_overwrite(general, sandbox.bot_id().0).await?;
    assert_eq!(
        refused(&bot, Method::GET, &list, Value::Null, 403).await,
        50013
    );
    let shown = bot.get(&format!("/webhooks/{}", id(&hook))).await;
    assert_eq!(shown["token"], hook["token"]);
    sandbox.finish().await
}
