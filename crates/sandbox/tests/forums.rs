//! Forums over REST and the gateway: made, posted into, changed.

mod bot;
mod client;
mod control;

use bot::Bot;
use client::{Client, TICKET_BOT};
use control::Control;
use discord_sandbox::{Error, Sandbox, Seed};
use reqwest::Method;
use serde_json::json;

const WORLD: &str = r#"
people = [{ username = "olivia" }, { username = "mia", part = "member" }]

[[guilds]]
name = "Questions"
roles = [{ bot = true, permissions = ["ADMINISTRATOR"] }]
members = [{ user = "mia" }]
channels = [{ name = "general" }]
"#;

#[tokio::test]
async fn a_bot_keeps_a_forum() -> Result<(), Error> {
    let seed = Seed::from_toml(WORLD).unwrap();
    let builder = Sandbox::builder().seed(seed).bad_requests_are_meant();
    let sandbox = builder.start().await?;
    let (bot, control) = (Bot::new(&sandbox), Control::new(&sandbox));
    let (mut client, _) = Client::ready(&sandbox, TICKET_BOT).await;
    let channels = format!("/guilds/{}/channels", sandbox.guild_id());
    let wanted = json!({
        "name": "help", "type": 15, "topic": "Ask one thing.", "default_sort_order": 1,
        "available_tags": [{"name": "bug", "emoji_name": "🐛"}],
        "default_reaction_emoji": {"emoji_name": "👍"}, "default_forum_layout": 2,
        "default_thread_rate_limit_per_user": 5,
    });
    let forum = bot.call(Method::POST, &channels, Some(wanted), 201).await;
    let told = client.event("CHANNEL_CREATE").await;
    for made in [&forum, &told] {
        assert_eq!(made["available_tags"][0]["emoji_name"], "🐛");
        assert_eq!(made["default_reaction_emoji"]["emoji_name"], "👍");
        assert_eq!(
            (&made["type"], &made["default_forum_layout"]),
            (&json!(15), &json!(2))
        );
    }
    let forum = forum["id"].as_str().unwrap();
    let tag = told["available_tags"][0]["id"].clone();

    let threads = format!("/channels/{forum}/threads");
    let body = json!({"name": "First", "applied_tags": [tag], "message": {"content": "hi"}});
    let post = bot.call(Method::POST, &threads, Some(body), 201).await;
    let told = client.event("THREAD_CREATE").await;
    assert_eq!(told["newly_created"], json!(true));
    for made in [&post, &told] {
        assert_eq!(
            (&made["applied_tags"][0], &made["rate_limit_per_user"]),
            (&tag, &json!(5))
        );
    }
    assert_eq!(
        (&post["message"]["id"], &post["message"]["content"]),
        (&post["id"], &json!("hi"))
    );
    client.event("THREAD_MEMBERS_UPDATE").await;
    assert_eq!(client.event("MESSAGE_CREATE").await["id"], post["id"]);
    let refused = bot
        .call(
            Method::POST,
            &format!("/channels/{forum}/messages"),
            Some(json!({"content": "x"})),
            400,
        )
        .await;
    assert_eq!(refused["code"], 50008);

    // People post, too, and see what there is.
    let body = json!({"name": "Second", "message": {"content": "me too"}});
    let made = control
        .ok(
            "POST",
            &format!("/people/mia/channels/{forum}/threads"),
            &body,
        )
        .await;
    assert_eq!(client.event("THREAD_CREATE").await["id"], made["id"]);
    let pinned = bot
        .patch(
            &format!("/channels/{}", made["id"].as_str().unwrap()),
            json!({"flags": 2}),
        )
        .await;
    assert_eq!(pinned["flags"], 2);

    let hook = bot
        .post(&format!("/channels/{forum}/webhooks"), json!({"name": "h"}))
        .await;
    let (id, token) = (
        hook["id"].as_str().unwrap(),
        hook["token"].as_str().unwrap(),
    );
    let execute = format!("/webhooks/{id}/{token}?wait=true");
    let refused = bot
        .call(Method::POST, &execute, Some(json!({"content": "x"})), 400)
        .await;
    assert_eq!(refused["code"], 220_001);
    let inside = format!("{execute}&thread_id={}", post["id"].as_str().unwrap());
    assert_eq!(
        bot.post(&inside, json!({"content": "x"})).await["channel_id"],
        post["id"]
    );
    sandbox.finish().await
}

#[tokio::test]
async fn a_webhook_posts() -> Result<(), Error> {
    let seed = Seed::from_toml(WORLD).unwrap();
    let builder = Sandbox::builder().seed(seed).bad_requests_are_meant();
    let sandbox = builder.start().await?;
    let bot = Bot::new(&sandbox);
    let (mut client, _) = Client::ready(&sandbox, TICKET_BOT).await;
    let channels = format!("/guilds/{}/channels", sandbox.guild_id());
    let forum =
        json!({"name": "news", "type": 15, "flags": 16, "available_tags": [{"name": "sport"}]});
    let forum = bot.call(Method::POST, &channels, Some(forum), 201).await;
    let tag = &forum["available_tags"][0]["id"];
    let forum = bot::id(&forum);
    client.event("CHANNEL_CREATE").await;
    let hook = bot
        .post(&format!("/channels/{forum}/webhooks"), json!({"name": "h"}))
        .await;
    let token = hook["token"].as_str().unwrap();
    let execute = format!("/webhooks/{}/{token}?wait=true", bot::id(&hook));

    let body = json!({"content": "2:1", "username": "Ticker", "avatar_url": "https://example.com/ball.png",
        "thread_name": "The final", "applied_tags": [tag]});
    let message = bot.post(&execute, body.clone()).await;
    assert_eq!(message["channel_id"], message["id"], "it begins a post");
    assert_eq!(message["author"]["username"], "Ticker");
    let told = client.event("THREAD_CREATE").await;
    assert_eq!(
        (&told["id"], &told["owner_id"], &told["applied_tags"]),
        (&message["id"], &hook["id"], &json!([tag]))
    );
    // A webhook is not among the members of its post.
    assert_eq!(client.event("MESSAGE_CREATE").await["id"], message["id"]);
    let members = format!("/channels/{}/thread-members", bot::id(&message));
    assert_eq!(bot.get(&members).await, json!([]));

    // The picture is that of the address: the same in the next message, another for another address.
    let avatar = &message["author"]["avatar"];
    let inside = format!("{execute}&thread_id={}", bot::id(&message));
    let again = json!({"content": "x", "avatar_url": "https://example.com/ball.png"});
    assert_eq!(&bot.post(&inside, again).await["author"]["avatar"], avatar);
    let other = json!({"content": "x", "avatar_url": "https://example.com/goal.png"});
    assert_ne!(&bot.post(&inside, other).await["author"]["avatar"], avatar);
    let none = bot
        .post(&inside, json!({"content": "x", "avatar_url": null}))
        .await;
    assert_eq!(none["author"]["avatar"], json!(null));

    let untagged = json!({"content": "x", "thread_name": "No tag"});
    let unknown = json!({"content": "x", "thread_name": "No such", "applied_tags": ["1"]});
    for (path, body, code) in [
        (&execute, untagged, 40067),
        (&execute, unknown, 10087),
        (&inside, body, 220_002),
        (&execute, json!({"content": "x"}), 220_001),
    ] {
        let status = if code == 10087 { 404 } else { 400 };
        let refused = bot.call(Method::POST, path, Some(body), status).await;
        assert_eq!(refused["code"], code, "{path}");
    }
    let general = sandbox.channel("general")?;
    let hook = bot
        .post(
            &format!("/channels/{general}/webhooks"),
            json!({"name": "h"}),
        )
        .await;
    let token = hook["token"].as_str().unwrap();
    let elsewhere = format!("/webhooks/{}/{token}", bot::id(&hook));
    let body = json!({"content": "x", "thread_name": "Here"});
    let refused = bot.call(Method::POST, &elsewhere, Some(body), 400).await;
    assert_eq!(refused["code"], 220_003);
    let wrong = json!({"content": "x", "avatar_url": "None"});
    let refused = bot.call(Method::POST, &elsewhere, Some(wrong), 400).await;
    let why = &refused["errors"]["avatar_url"]["_errors"][0]["code"];
    assert_eq!(why, "URL_TYPE_INVALID_URL");
    sandbox.finish().await
}
