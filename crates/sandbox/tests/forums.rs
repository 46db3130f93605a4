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
