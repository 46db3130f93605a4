//! Where a sandbox that is too kind would let a bot pass that fails at Discord.

mod bot;
mod client;
mod control;

use bot::{Bot, PIXEL, id};
use client::{Client, TICKET_BOT};
use control::Control;
use discord_sandbox::{Error, Fault, Sandbox};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::time::Duration;

const DAY: Duration = Duration::from_secs(86_400);

async fn start() -> Result<(Sandbox, Bot), Error> {
    let sandbox = Sandbox::builder().bad_requests_are_meant().start().await?;
    let bot = Bot::new(&sandbox);
    Ok((sandbox, bot))
}

#[tokio::test]
async fn the_address_of_a_file_expires() -> Result<(), Error> {
    let (sandbox, bot) = start().await?;
    let general = sandbox.channel("general")?;
    let messages = format!("/channels/{general}/messages");
    let payload = json!({"embeds": [{"image": {"url": "attachment://b.png"}}]});
    let files: &[(&str, &str, &[u8])] =
        &[("a.png", "image/png", PIXEL), ("b.png", "image/png", PIXEL)];
    let sent = bot.form(Method::POST, &messages, &payload, files).await;
    let address = |message: &Value| {
        message["attachments"][0]["url"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let shown = |message: &Value| {
        message["embeds"][0]["image"]["url"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let status = |url: String| async move { reqwest::get(url).await.unwrap().status() };
    let (old, old_shown) = (address(&sent), shown(&sent));
    assert_eq!(status(old.clone()).await, StatusCode::OK);
    assert_eq!(status(old_shown.clone()).await, StatusCode::OK);
    // Without its signature it is not an address, nor with that of another file.
    let (bare, signature) = old.split_once('?').unwrap();
    assert_eq!(status(bare.to_owned()).await, StatusCode::NOT_FOUND);
    let other = old_shown.split_once('?').unwrap().0;
    assert_eq!(
        status(format!("{other}?{signature}")).await,
        StatusCode::NOT_FOUND
    );

    sandbox.advance(DAY);
    for url in [old.clone(), old_shown] {
        let gone = reqwest::get(url).await.unwrap();
        assert_eq!(gone.status(), StatusCode::NOT_FOUND);
        assert_eq!(
            gone.text().await.unwrap(),
            "This content is no longer available."
        );
    }
    let again = bot.get(&format!("{messages}/{}", id(&sent))).await;
    assert_ne!(address(&again), old);
    assert_eq!(status(address(&again)).await, StatusCode::OK);
    assert_eq!(status(shown(&again)).await, StatusCode::OK);
    sandbox.finish().await
}

#[tokio::test]
async fn a_channels_default_is_for_clients_only() -> Result<(), Error> {
    let (sandbox, bot) = start().await?;
    let control = Control::new(&sandbox);
    let support = sandbox.channel("support")?;
    let channel = format!("/people/owner/channels/{support}");
    control
        .ok(
            "PATCH",
            &channel,
            &json!({"default_auto_archive_duration": 60}),
        )
        .await;
    let minutes = |thread: &Value| thread["thread_metadata"]["auto_archive_duration"].clone();
    let draft = json!({"name": "By the bot", "type": 12});
    let made = bot
        .call(
            Method::POST,
            &format!("/channels/{support}/threads"),
            Some(draft),
            201,
        )
        .await;
    assert_eq!(minutes(&made), 4320);
    let draft = json!({"name": "By a client", "type": 12});
    let made = control
        .ok("POST", &format!("{channel}/threads"), &draft)
        .await;
    assert_eq!(minutes(&made), 60);
    sandbox.finish().await
}

#[tokio::test]
async fn a_message_cannot_wake_a_thread_of_a_full_server() -> Result<(), Error> {
    let (sandbox, bot) = start().await?;
    let control = Control::new(&sandbox);
    let support = sandbox.channel("support")?;
    let threads = format!("/people/owner/channels/{support}/threads");
    let asleep = control
        .ok("POST", &threads, &json!({"name": "Asleep", "type": 12}))
        .await;
    let asleep = format!("/channels/{}", id(&asleep));
    control
        .ok(
            "PATCH",
            &format!("/people/owner{asleep}"),
            &json!({"archived": true}),
        )
        .await;
    control
        .ok(
            "POST",
            &threads,
            &json!({"name": "Many", "type": 12, "count": 1000}),
        )
        .await;
    let message = Some(json!({"content": "Wake up"}));
    let messages = format!("{asleep}/messages");
    let refused = bot.call(Method::POST, &messages, message, 400).await;
    assert_eq!(refused["code"], 160_006);
    let (status, refused) = control
        .call(
            "POST",
            &format!("/people/owner{messages}"),
            &json!({"content": "Wake up"}),
        )
        .await;
    assert_eq!((status, &refused["code"]), (400, &json!(160_006)));
    assert_eq!(bot.get(&asleep).await["thread_metadata"]["archived"], true);
    sandbox.finish().await
}

#[tokio::test]
async fn a_fault_strikes_by_what_a_call_says() -> Result<(), Error> {
    let (sandbox, bot) = start().await?;
    let general = sandbox.channel("general")?;
    let messages = format!("/channels/{general}/messages");
    let part = json!({"embeds": [{"title": "Second"}]});
    let fault = json!({"method": "POST", "request": part, "status": 503});
    Control::new(&sandbox).ok("POST", "/faults", &fault).await;
    sandbox.fail_next(Fault::status(502).with_body(json!({"content": "formed"})))?;
    bot.post(
        &messages,
        json!({"content": "a", "embeds": [{"title": "First"}]}),
    )
    .await;
    let second = json!({"embeds": [{"title": "Second", "description": "x"}]});
    bot.call(Method::POST, &messages, Some(second), 503).await;
    bot.urlencoded(&messages, "content=other").await;
    let url = format!("{}/api/v10{messages}", sandbox.url());
    let form = reqwest::Client::new()
        .post(url)
        .header("Authorization", format!("Bot {}", sandbox.token()))
        .header("Content-Type", "application/x-www-form-urlencoded")
        .body("content=formed");
    assert_eq!(form.send().await.unwrap().status(), StatusCode::BAD_GATEWAY);
    sandbox.finish().await
}

#[tokio::test]
async fn a_click_reaches_the_bot_during_an_outage() -> Result<(), Error> {
    let (sandbox, bot) = start().await?;
    let control = Control::new(&sandbox);
    let (mut client, _) = Client::ready(&sandbox, TICKET_BOT).await;
    let (guild, general) = (sandbox.guild_id(), sandbox.channel("general")?);
    let button = json!({"type": 2, "style": 1, "label": "a", "custom_id": "a"});
    let message = json!({"content": "x", "components": [{"type": 1, "components": [button]}]});
    let message = bot
        .post(&format!("/channels/{general}/messages"), message)
        .await;
    client.event("MESSAGE_CREATE").await;
    control
        .ok("PUT", &format!("/guilds/{guild}/outage"), &Value::Null)
        .await;
    client.event("GUILD_DELETE").await;
    sandbox
        .member()
        .send(general, "nobody is told of this")
        .await?;
    let click = sandbox
        .member()
        .start_click(general, id(&message).parse().unwrap(), "a")
        .await?;
    let told = client.event("INTERACTION_CREATE").await;
    assert_eq!(id(&told), click.to_string());
    sandbox.finish().await
}

#[tokio::test]
async fn ids_above_what_a_signed_number_holds_work() -> Result<(), Error> {
    let (sandbox, bot) = start().await?;
    let general = sandbox.channel("general")?;
    let messages = format!("/channels/{general}/messages");
    for (years, least) in [(25, 1_u64 << 62), (35, 1 << 63)] {
        sandbox.advance(DAY * 365 * years);
        let message = bot.post(&messages, json!({"content": "Far ahead"})).await;
        let number: u64 = id(&message).parse().unwrap();
        assert!(number > least, "{number}");
        let reply = json!({"content": "b", "message_reference": {"message_id": id(&message)}});
        let reply = bot.post(&messages, reply).await;
        assert_eq!(reply["referenced_message"]["id"], message["id"]);
        // As a number, as some libraries send it.
        let reply = json!({"content": "c", "message_reference": {"message_id": number}});
        bot.post(&messages, reply).await;
        let thread = json!({"name": "Late"});
        let path = format!("{messages}/{number}/threads");
        let thread = bot.call(Method::POST, &path, Some(thread), 201).await;
        assert_eq!(id(&thread), number.to_string());
        let newest = bot.get(&format!("{messages}?after={number}")).await;
        assert_eq!(newest.as_array().unwrap().len(), 2, "{newest}");
    }
    sandbox.finish().await
}
