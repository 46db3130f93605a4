//! Emojis on buttons and in menus: a bot can use its application's own and those of its servers.

mod bot;
mod client;

use bot::{Bot, id};
use client::{Client, TICKET_BOT};
use discord_sandbox::{Error, Sandbox, Seed};
use reqwest::Method;
use serde_json::{Value, json};

const DOT: &str = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAACklEQVR4nGMAAQAABQABDQottAAAAABJRU5ErkJggg==";

const TWO_SERVERS: &str = r#"
people = [{ username = "olivia" }]

[[guilds]]
name = "One"
channels = [{ name = "general" }]

[[guilds]]
name = "Two"
roles = [{ bot = true, permissions = ["ADMINISTRATOR"] }]
"#;

async fn made(bot: &Bot, home: &str) -> Value {
    let draft = json!({"name": "dot", "image": DOT});
    bot.call(Method::POST, &format!("{home}/emojis"), Some(draft), 201)
        .await
}

/// The id is a number, as discord.py sends it.
fn emoji(of: &Value) -> Value {
    let id: u64 = id(of).parse().unwrap();
    json!({"id": id, "name": "dot"})
}

fn button(emoji: &Value) -> Value {
    let button =
        json!({"type": 2, "style": 1, "label": "Open", "custom_id": "open", "emoji": emoji});
    json!({"type": 1, "components": [button]})
}

fn menu(emoji: &Value) -> Value {
    let options = json!([
        {"label": "Bug", "value": "bug", "emoji": {"name": "🐛"}},
        {"label": "Other", "value": "other", "emoji": emoji},
    ]);
    json!({"type": 3, "custom_id": "topic", "options": options})
}

fn message(components: &Value) -> Value {
    json!({"content": "x", "components": [components]})
}

/// What Discord says about an emoji that cannot be used.
fn invalid() -> Value {
    json!({"emoji": {"id": {"_errors": [{"code": "COMPONENT_INVALID_EMOJI", "message": "Invalid emoji"}]}}})
}

#[tokio::test]
async fn a_bot_uses_its_own_emojis_and_those_of_its_servers() -> Result<(), Error> {
    let sandbox = Sandbox::builder()
        .seed(Seed::from_toml(TWO_SERVERS).unwrap())
        .start()
        .await?;
    let bot = Bot::new(&sandbox);
    let guilds = bot.get("/users/@me/guilds").await;
    let mut guilds = guilds.as_array().unwrap().iter().map(id);
    let elsewhere = guilds
        .find(|id| **id != sandbox.guild_id().to_string())
        .unwrap();
    let messages = format!("/channels/{}/messages", sandbox.channel("general")?);

    let own = made(&bot, &format!("/applications/{}", sandbox.application_id())).await;
    let of_a_server = made(&bot, &format!("/guilds/{elsewhere}")).await;
    for usable in [&own, &of_a_server] {
        let sent = bot.post(&messages, message(&button(&emoji(usable)))).await;
        assert_eq!(
            sent["components"][0]["components"][0]["emoji"]["id"],
            usable["id"]
        );
    }

    // Once the bot has left that server, its emoji cannot be used; nor can one that nobody made.
    bot.quietly(Method::DELETE, &format!("/users/@me/guilds/{elsewhere}"))
        .await;
    let sent = bot.post(&messages, message(&button(&emoji(&own)))).await;
    let edited = format!("{messages}/{}", id(&sent));
    for unusable in [emoji(&of_a_server), json!({"id": "1", "name": "nothing"})] {
        let with_button = message(&button(&unusable));
        let row = json!({"type": 1, "components": [menu(&unusable)]});
        let refused = bot
            .call(Method::POST, &messages, Some(with_button.clone()), 400)
            .await;
        assert_eq!(refused["code"], 50035);
        assert_eq!(
            refused["errors"]["components"]["0"]["components"]["0"],
            invalid()
        );
        let refused = bot
            .call(Method::PATCH, &edited, Some(with_button), 400)
            .await;
        assert_eq!(
            refused["errors"]["components"]["0"]["components"]["0"],
            invalid()
        );
        let refused = bot
            .call(Method::POST, &messages, Some(message(&row)), 400)
            .await;
        let options = &refused["errors"]["components"]["0"]["components"]["0"]["options"];
        assert_eq!(options, &json!({"1": invalid()}));
    }
    // An edit of the text alone concerns no emoji.
    bot.patch(&edited, json!({"content": "y"})).await;
    sandbox.finish().await
}

#[tokio::test]
async fn responses_and_modals_cannot_show_other_emojis() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let (mut client, _) = Client::ready(&sandbox, TICKET_BOT).await;
    let bot = Bot::new(&sandbox);
    let general = sandbox.channel("general")?;
    let messages = format!("/channels/{general}/messages");
    let sent = bot
        .post(&messages, message(&button(&json!({"name": "🎫"}))))
        .await;
    let mia = sandbox.member();
    let click = mia
        .start_click(general, id(&sent).parse().unwrap(), "open")
        .await?;
    let (_, interaction) = client
        .events_until("INTERACTION_CREATE")
        .await
        .pop()
        .unwrap();
    let token = interaction["token"].as_str().unwrap();
    let callback = format!("/interactions/{}/{token}/callback", id(&interaction));

    let nobodys = json!({"id": "1", "name": "nothing"});
    for kind in [4, 7] {
        let response = json!({"type": kind, "data": message(&button(&nobodys))});
        let refused = bot.call(Method::POST, &callback, Some(response), 400).await;
        let place = &refused["errors"]["data"]["components"]["0"]["components"]["0"];
        assert_eq!(place, &invalid());
    }
    let label = json!({"type": 18, "label": "Topic", "component": menu(&nobodys)});
    let modal =
        json!({"type": 9, "data": {"custom_id": "m", "title": "Report", "components": [label]}});
    let refused = bot.call(Method::POST, &callback, Some(modal), 400).await;
    let place = &refused["errors"]["data"]["components"]["0"]["component"]["options"];
    assert_eq!(place, &json!({"1": invalid()}));

    let thanks = json!({"type": 4, "data": message(&button(&json!({"name": "✅"})))});
    bot.call(Method::POST, &callback, Some(thanks), 204).await;
    assert_eq!(mia.answer_to(click).await?.content()?, "x");
    let hook = format!("/webhooks/{}/{token}", sandbox.application_id());
    let refused = bot
        .call(Method::POST, &hook, Some(message(&button(&nobodys))), 400)
        .await;
    assert_eq!(
        refused["errors"]["components"]["0"]["components"]["0"],
        invalid()
    );
    sandbox.finish().await
}

#[tokio::test]
async fn an_emojis_address_leads_to_emojis_only() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let bot = Bot::new(&sandbox);
    let emoji = made(&bot, &format!("/applications/{}", sandbox.application_id())).await;
    let messages = format!("/channels/{}/messages", sandbox.channel("general")?);
    let file = [("a.png", "image/png", bot::PIXEL)];
    let sent = bot.form(Method::POST, &messages, &json!({}), &file).await;
    for (found, status) in [(&emoji, 200), (&sent["attachments"][0], 404)] {
        let url = format!("{}/emojis/{}.png", sandbox.url(), id(found));
        assert_eq!(reqwest::get(url).await.unwrap().status(), status);
    }
    sandbox.finish().await
}
