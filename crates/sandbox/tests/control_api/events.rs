//! What a client receives as it happens.

use crate::caller::{Caller, Stream};
use discord_sandbox::{Error, Sandbox};
use futures_util::StreamExt as _;
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::{self, client::IntoClientRequest as _};

#[tokio::test]
async fn events_come_over_a_websocket_too() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let caller = Caller::new(&sandbox);
    let general = sandbox.channel("general")?;
    let address = format!("{}/control/people/member2/events", sandbox.url());
    let address = address.replacen("http", "ws", 1);

    // Only the sandbox's own page may listen.
    let mut foreign = address.as_str().into_client_request().unwrap();
    let origin = "http://evil.example".parse().unwrap();
    foreign.headers_mut().insert("origin", origin);
    let refused = connect_async(foreign).await.unwrap_err();
    let tungstenite::Error::Http(answer) = refused else {
        panic!("{refused}");
    };
    assert_eq!(answer.status(), 403);
    let nobody = address.replace("member2", "nobody");
    assert!(connect_async(nobody).await.is_err(), "there is no nobody");

    let (mut socket, _) = connect_async(address).await.unwrap();
    let channel = format!("/control/people/member/channels/{general}");
    let typing = format!("{channel}/typing");
    caller.ok("POST", &typing, &json!({})).await;
    let messages = format!("{channel}/messages");
    caller
        .ok("POST", &messages, &json!({"content": "Hello"}))
        .await;
    let mut heard = Vec::new();
    while heard.len() < 2 {
        match socket.next().await.unwrap().unwrap() {
            tungstenite::Message::Text(event) => {
                heard.push(serde_json::from_str::<Value>(&event).unwrap());
            }
            other => assert!(other.is_ping(), "{other:?}"),
        }
    }
    assert_eq!(heard[0]["t"], "TYPING_START");
    assert_eq!(heard[0]["d"]["channel_id"], general.to_string());
    assert_eq!(heard[1]["t"], "MESSAGE_CREATE");
    assert_eq!(heard[1]["d"]["content"], "Hello");

    // Clients are notified that the sandbox stops.
    sandbox.finish().await?;
    while let Some(Ok(last)) = socket.next().await {
        assert!(last.is_ping() || last.is_close(), "{last:?}");
    }
    Ok(())
}

#[tokio::test]
async fn a_reset_keeps_ids_and_tells_clients() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let caller = Caller::new(&sandbox);
    let (_, before) = caller.get("/control/world").await;
    let general = sandbox.channel("general")?;
    sandbox.member().send(general, "gone").await?;
    sandbox.advance(std::time::Duration::from_secs(3600));
    let mut stream = Stream::open(&caller, "/control/people/member/events", None).await;
    let (status, _) = caller.call("POST", "/control/reset", &json!({})).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    assert_eq!(stream.next().await.1["t"], "RESYNC");
    let (_, after) = caller.get("/control/world").await;
    assert_eq!(before["people"], after["people"]);
    assert_eq!(before["application"], after["application"]);
    assert_eq!(sandbox.member().messages(general).await?, []);
    Ok(())
}

#[tokio::test]
async fn the_record_is_told_as_it_grows() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let caller = Caller::new(&sandbox);
    let mut stream = Stream::open(&caller, "/control/record/events", None).await;
    caller.bot("GET", "/api/v10/gateway").await.unwrap();
    let (id, entry) = stream.next().await;
    assert_eq!(entry["kind"], "call");
    assert_eq!(
        (&entry["method"], &entry["path"]),
        (&json!("GET"), &json!("/gateway"))
    );
    assert_eq!(id, entry["seq"].to_string());
    sandbox
        .member()
        .send(sandbox.channel("general")?, "hello")
        .await?;
    let (_, entry) = stream.next().await;
    assert_eq!(entry["kind"], "person");
    assert_eq!(entry["person"], sandbox.member().id().to_string());
    assert_eq!(entry["action"]["do"], "send a message");
    let mut again = Stream::open(&caller, "/control/record/events", Some(&id)).await;
    assert_eq!(again.next().await.1, entry);

    let (_, brief) = caller.get("/control/record?brief=true").await;
    let said = brief["entries"].as_array().unwrap().last().unwrap();
    assert_eq!(said["action"], json!({"do": "send a message"}));
    assert!(!brief.to_string().contains("hello"), "{brief}");
    assert!(brief["entries"][0].get("response").is_none(), "{brief}");

    // A command's name is shown, even if there is no such command.
    let command = json!({
        "guild_id": sandbox.guild_id(),
        "channel_id": sandbox.channel("general")?,
        "name": "inbox create",
        "options": {"channel": "hello"},
    });
    caller
        .call("POST", "/control/people/member/commands", &command)
        .await;
    let (_, brief) = caller.get("/control/record?brief=true").await;
    let used = brief["entries"].as_array().unwrap().last().unwrap();
    let action = json!({"do": "use a command", "name": "inbox create"});
    assert_eq!(used["action"], action);
    Ok(())
}
