//! Commands and clicks, with a bot that responds or does not.

use crate::caller::{Caller, Stream};
use discord_sandbox::{Error, Sandbox};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

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
    let (mut client, _) = crate::client::Client::ready(&sandbox, crate::client::TICKET_BOT).await;
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
    let (_client, _) = crate::client::Client::ready(&sandbox, crate::client::TICKET_BOT).await;
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
