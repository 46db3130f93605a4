//! A running sandbox reports what Discord's specification does not allow.

#![cfg(feature = "oracle")]

mod bot;

use bot::Bot;
use discord_sandbox::{Error, Sandbox};
use reqwest::Method;
use serde_json::{Value, json};

/// The problems that `finish` fails with.
async fn problems(sandbox: Sandbox) -> Vec<String> {
    match sandbox.finish().await {
        Ok(()) => Vec::new(),
        Err(Error::Problems(found)) => found
            .into_iter()
            .map(|p| format!("{} {}: {}", p.method, p.path, p.what))
            .collect(),
        Err(error) => panic!("{error}"),
    }
}

async fn send_a_bad_request(sandbox: &Sandbox) {
    let general = sandbox.channel("general").unwrap();
    let path = format!("/channels/{general}/messages");
    let bad = json!({"content": "Hello", "tts": "loudly"});
    Bot::new(sandbox)
        .call(Method::POST, &path, Some(bad), 400)
        .await;
}

#[tokio::test]
async fn a_bad_request_is_a_problem() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let general = sandbox.channel("general")?;
    send_a_bad_request(&sandbox).await;
    assert_eq!(
        problems(sandbox).await,
        [format!(
            "POST /channels/{general}/messages: request POST /channels/{{channel_id}}/messages, \
             at /tts: \"loudly\" is not of types \"null\", \"boolean\""
        )]
    );
    Ok(())
}

#[tokio::test]
async fn a_bad_request_may_be_meant() -> Result<(), Error> {
    let sandbox = Sandbox::builder().bad_requests_are_meant().start().await?;
    send_a_bad_request(&sandbox).await;
    sandbox.finish().await
}

#[tokio::test]
async fn it_can_be_switched_off() -> Result<(), Error> {
    let sandbox = Sandbox::builder().oracle(false).start().await?;
    send_a_bad_request(&sandbox).await;
    sandbox.finish().await
}

#[tokio::test]
async fn a_form_is_read() -> Result<(), Error> {
    let sandbox = Sandbox::builder().bad_requests_are_meant().start().await?;
    let general = sandbox.channel("general")?;
    let path = format!("/channels/{general}/messages");
    let payload = json!({"content": "Hello", "attachments": [{"id": 0, "description": 5}]});
    let files: &[(&str, &str, &[u8])] = &[("hello.txt", "text/plain", b"Hello")];
    // A number is taken for a text, as Discord does.
    Bot::new(&sandbox)
        .form(Method::POST, &path, &payload, files)
        .await;
    let found = problems(sandbox).await;
    let what = "at /attachments/0/description: 5 is not of types \"null\", \"string\"";
    assert!(
        matches!(&found[..], [one] if one.ends_with(what)),
        "{found:#?}"
    );
    Ok(())
}

#[tokio::test]
async fn control_waits_for_it_too() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    send_a_bad_request(&sandbox).await;
    let problems = format!("{}/control/problems", sandbox.url());
    let told: Value = reqwest::get(&problems).await.unwrap().json().await.unwrap();
    let what = told[0]["what"].as_str().unwrap();
    assert!(
        what.starts_with("request POST /channels/{channel_id}/messages"),
        "{told}"
    );
    reqwest::Client::new()
        .delete(&problems)
        .send()
        .await
        .unwrap();
    sandbox.finish().await
}
