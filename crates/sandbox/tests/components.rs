//! Messages that are made of components, and what becomes of menus that are used: over real HTTP, and
//! held against Discord's specification.

mod bot;
mod client;

use bot::{Bot, PIXEL, id};
use client::{Client, TICKET_BOT};
use discord_sandbox::id::ChannelId;
use discord_sandbox::{Error, Sandbox, State};
use reqwest::Method;
use serde_json::{Value, json};

const COMPONENTS_ONLY: u64 = 1 << 15;

async fn start() -> Result<(Sandbox, Bot, Client, ChannelId), Error> {
    let sandbox = Sandbox::start().await?;
    let (client, _) = Client::ready(&sandbox, TICKET_BOT).await;
    let bot = Bot::new(&sandbox);
    let general = sandbox.channel("general")?;
    Ok((sandbox, bot, client, general))
}

/// Everything that a message can be made of; `file` is the name of one that goes along.
fn everything(file: &str) -> Value {
    let url = format!("attachment://{file}");
    json!({"flags": COMPONENTS_ONLY, "components": [
        {"type": 17, "accent_color": 0x0058_65F2, "components": [
            {"type": 10, "content": "# Tickets"},
            {"type": 9, "components": [{"type": 10, "content": "Ask us."}], "accessory":
                {"type": 2, "style": 3, "label": "Open", "custom_id": "open", "emoji": {"name": "🎫"}}},
            {"type": 9, "components": [{"type": 10, "content": "Or look."}], "accessory":
                {"type": 11, "media": {"url": url}, "description": "A pixel"}},
            {"type": 14, "spacing": 2},
            {"type": 12, "items": [{"media": {"url": url}, "spoiler": true}]},
            {"type": 13, "file": {"url": url}},
        ]},
        {"type": 14, "divider": false},
        {"type": 1, "components": [{"type": 3, "custom_id": "topic", "options": [
            {"label": "Bug", "value": "bug", "emoji": {"name": "🐛"}},
            {"label": "Question", "value": "question", "description": "Anything"},
        ]}]},
        {"type": 1, "components": [
            {"type": 2, "style": 4, "label": "Closed", "custom_id": "closed", "disabled": true},
            {"type": 2, "style": 5, "label": "Rules", "url": "https://example.com"},
        ]},
    ]})
}

/// The next interaction, and the paths for its answer and for what follows.
async fn next(client: &mut Client) -> (Value, String, String) {
    let mut events = client.events_until("INTERACTION_CREATE").await;
    let (_, found) = events.pop().unwrap();
    let token = found["token"].as_str().unwrap().to_owned();
    let application = found["application_id"].as_str().unwrap();
    let hook = format!("/webhooks/{application}/{token}");
    let answer = format!("/interactions/{}/{token}/callback", id(&found));
    (found, answer, hook)
}

#[tokio::test]
async fn a_message_made_of_components() -> Result<(), Error> {
    let (sandbox, bot, mut client, general) = start().await?;
    let files: &[(&str, &str, &[u8])] = &[("pixel.png", "image/png", PIXEL)];
    let messages = format!("/channels/{general}/messages");
    let body = everything("pixel.png");
    let sent = bot.form(Method::POST, &messages, &body, files).await;
    let file = &sent["components"][0]["components"][5];
    assert_eq!(
        (&file["name"], &file["size"]),
        (&json!("pixel.png"), &json!(PIXEL.len()))
    );
    let picture = file["file"]["url"].as_str().unwrap();
    assert_eq!(reqwest::get(picture).await.unwrap().status(), 200);

    // People see it, and use what is in it wherever it stands.
    let mia = sandbox.member();
    let shown = mia.messages(general).await?.remove(0);
    assert_eq!(shown.text(), "# Tickets\nAsk us.\nOr look.");
    assert_eq!(shown.button("Open"), Some("open"));
    let click = mia.start_click(general, shown.id(), "open").await?;
    let (interaction, answer, hook) = next(&mut client).await;
    assert_eq!(interaction["data"]["id"], 5);
    assert_eq!(interaction["message"]["flags"], COMPONENTS_ONLY);
    let mut private = everything("pixel.png");
    private["flags"] = (COMPONENTS_ONLY | 64).into();
    let private = json!({"type": 4, "data": private});
    let path = format!("{answer}?with_response=true");
    let told = bot.form(Method::POST, &path, &private, files).await;
    assert_eq!(told["resource"]["message"]["flags"], COMPONENTS_ONLY | 64);
    assert!(mia.answer_to(click).await?.message()?.is_ephemeral());

    // Edits and follow-ups, too.
    let change = json!({"components": [{"type": 10, "content": "Done"}]});
    bot.patch(&format!("{hook}/messages/@original"), change)
        .await;
    let more = json!({"flags": COMPONENTS_ONLY, "components": [{"type": 10, "content": "More"}]});
    bot.post(&hook, more.clone()).await;
    let refused = mia.click(general, shown.id(), "closed").await;
    assert!(refused.is_err(), "a disabled button cannot be clicked");

    // A loading message becomes one of components.
    let click = mia.start_click(general, shown.id(), "open").await?;
    let (_, answer, hook) = next(&mut client).await;
    let thinking = json!({"type": 5, "data": {"flags": 64}});
    bot.call(Method::POST, &answer, Some(thinking), 204).await;
    bot.patch(&format!("{hook}/messages/@original"), more).await;
    assert_eq!(mia.answer_to(click).await?.message()?.text(), "More");
    sandbox.finish().await
}

#[tokio::test]
async fn a_menu_is_answered_with_an_update_and_what_follows() -> Result<(), Error> {
    let (sandbox, bot, mut client, general) = start().await?;
    let menu = |topic: &str| {
        json!({"content": topic, "components": [
            {"type": 1, "components": [{"type": 3, "custom_id": "topic", "options": [
                {"label": "Bug", "value": "bug"}, {"label": "Question", "value": "question"},
            ]}]},
            {"type": 1, "components": [{"type": 3, "custom_id": "more", "max_values": 2, "options": [
                {"label": "A", "value": "a"}, {"label": "B", "value": "b"},
            ]}]},
        ]})
    };
    let sent = bot
        .post(&format!("/channels/{general}/messages"), menu("Which?"))
        .await;
    let message = id(&sent).parse().unwrap();
    let mia = sandbox.member();

    // Unchanged, and a follow-up that only Mia sees.
    let choice = mia
        .start_choice(general, message, "topic", &["bug"])
        .await?;
    let (interaction, answer, hook) = next(&mut client).await;
    assert_eq!(interaction["data"]["values"], json!(["bug"]));
    let update = json!({"type": 7, "data": {"components": menu("Which?")["components"]}});
    bot.call(Method::POST, &answer, Some(update), 204).await;
    let update = client.events_until("MESSAGE_UPDATE").await.pop().unwrap().1;
    assert_eq!(update["content"], "Which?");
    assert!(
        update["edited_timestamp"].is_string(),
        "it counts as edited"
    );
    let private = json!({"content": "Here's your ticket", "flags": 64});
    bot.post(&hook, private).await;
    assert_eq!(mia.answer_to(choice).await?.state, State::Answered);
    let newest = mia.messages(general).await?.remove(0);
    assert_eq!(newest.content(), "Here's your ticket");
    assert_eq!(newest["message_reference"]["message_id"], sent["id"]);

    // Later: deferred first.
    let choice = mia
        .start_choice(general, message, "more", &["b", "a"])
        .await?;
    let (_, answer, hook) = next(&mut client).await;
    bot.call(Method::POST, &answer, Some(json!({"type": 6})), 204)
        .await;
    bot.patch(&format!("{hook}/messages/@original"), menu("And now?"))
        .await;
    let public = bot.post(&hook, json!({"content": "For all"})).await;
    assert_eq!(public["flags"], 0);
    assert_eq!(mia.answer_to(choice).await?.content()?, "And now?");
    sandbox.finish().await
}
