//! A record is replayed: what people did is done again, to the same bot or to a changed one.

mod bot;
mod client;
mod control;

use bot::{Bot, id};
use client::{Client, TICKET_BOT};
use control::Control;
use discord_sandbox::id::Timestamp;
use discord_sandbox::record::What;
use discord_sandbox::{Error, Replay, Sandbox};
use reqwest::Method;
use serde_json::{Value, json};

/// A bot that posts a button and responds to clicks.
async fn buttons(bot: Bot, mut gateway: Client, general: String, response: &'static str) {
    let button = json!({"type": 2, "style": 1, "label": "Open", "custom_id": "open"});
    let message = json!({"components": [{"type": 1, "components": [button]}]});
    bot.post(&format!("/channels/{general}/messages"), message)
        .await;
    loop {
        let mut events = gateway.events_until("INTERACTION_CREATE").await;
        let (_, interaction) = events.pop().unwrap();
        let token = interaction["token"].as_str().unwrap();
        let path = format!("/interactions/{}/{token}/callback", id(&interaction));
        let body = json!({"type": 4, "data": {"content": response}});
        bot.call(Method::POST, &path, Some(body), 204).await;
        if response != "opened" {
            let body = json!({"content": response});
            let path = format!("/channels/{general}/messages");
            bot.post(&path, body).await;
        }
    }
}

async fn start(response: &'static str) -> Result<Sandbox, Error> {
    let from = Timestamp::from_iso("2026-01-31T12:00:00Z").unwrap();
    let sandbox = Sandbox::builder().ids_from(from).start().await?;
    let (gateway, _) = Client::ready(&sandbox, TICKET_BOT).await;
    let general = sandbox.channel("general")?.to_string();
    tokio::spawn(buttons(Bot::new(&sandbox), gateway, general, response));
    Ok(sandbox)
}

/// The record, as the program writes it.
fn written(sandbox: &Sandbox) -> String {
    let entries = sandbox.record().into_iter();
    entries
        .map(|entry| json!(entry).to_string() + "\n")
        .collect()
}

async fn contents(sandbox: &Sandbox) -> Result<Vec<(String, String)>, Error> {
    let general = sandbox.channel("general")?;
    let shown = sandbox.member().messages(general).await?;
    let shown = shown.iter();
    Ok(shown
        .map(|m| (m.id().to_string(), m.content().to_owned()))
        .collect())
}

#[tokio::test]
async fn people_do_again_what_they_did() -> Result<(), Error> {
    let first = start("opened").await?;
    let (control, general) = (Control::new(&first), first.channel("general")?);
    let message = first
        .wait_until("the bot's message is there", |look| {
            look.newest_message(general).map(|m| m.id)
        })
        .await?;
    let click = json!({"channel_id": general, "message_id": message, "custom_id": "open"});
    let sent = control.ok("POST", "/people/mia/components", &click).await;
    let answer = format!("/people/mia/interactions/{}?wait=true", id(&sent));
    control.ok("GET", &answer, &Value::Null).await;
    let said = json!({"content": "thanks"});
    let messages = format!("/people/mia/channels/{general}/messages");
    control.ok("POST", &messages, &said).await;
    control
        .ok("POST", "/clock", &json!({"advance_ms": 5000}))
        .await;
    control.ok("POST", "/people/mia/components", &click).await;
    let mut responses = 0;
    first
        .wait_for_entry("two responses", 0, |entry| {
            let is_one =
                matches!(&entry.what, What::Call(call) if call.is("POST", "/interactions/**"));
            responses += u32::from(is_one);
            (responses == 2).then_some(())
        })
        .await?;
    let replay = Replay::parse(&written(&first)).unwrap();

    let second = start("opened").await?;
    let replayed = second.replay(&replay).await.unwrap();
    assert_eq!(
        replayed.to_string(),
        "4 steps done; the bot made the same calls (method, path and status) as in the record"
    );
    assert_eq!(contents(&second).await?, contents(&first).await?);

    // A bot that does more.
    let third = start("refused").await?;
    let replayed = third.replay(&replay).await.unwrap();
    let further = format!("POST /channels/{general}/messages -> 200");
    assert!(replayed.further.contains(&further), "{replayed}");
    Ok(())
}

#[tokio::test]
async fn a_step_that_is_refused_ends_it() {
    let sandbox = start("opened").await.unwrap();
    let step = json!({"kind": "control", "method": "POST", "path": "/people/mia/components",
        "request": {"channel_id": "1", "message_id": "2", "custom_id": "open"}});
    let replay = Replay::parse(&step.to_string()).unwrap();
    let why = sandbox.replay(&replay).await.unwrap_err();
    let expected = "line 1: POST /control/people/mia/components is refused with 404 Not Found: ";
    assert!(why.starts_with(expected), "{why}");
}
