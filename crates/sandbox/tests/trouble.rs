//! Trouble on demand, over HTTP and the gateway.

mod client;

use client::{Client, TICKET_BOT};
use discord_sandbox::{Error, Sandbox, Twist};
use serde_json::{Value, json};

/// A call of the control API: its status and answer.
async fn control(sandbox: &Sandbox, method: &str, path: &str, body: Value) -> (u16, Value) {
    let answer = reqwest::Client::new()
        .request(
            method.parse().unwrap(),
            format!("{}/control{path}", sandbox.url()),
        )
        .json(&body)
        .send()
        .await
        .unwrap();
    let status = answer.status().as_u16();
    let text = answer.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or_default())
}

/// One that must be answered with 204.
async fn done(sandbox: &Sandbox, method: &str, path: &str, body: Value) {
    let (status, answer) = control(sandbox, method, path, body).await;
    assert_eq!(status, 204, "{method} {path}: {answer}");
}

/// The contents of the next messages.
async fn contents(client: &mut Client, count: usize) -> Vec<String> {
    let mut contents = Vec::new();
    for _ in 0..count {
        let message = client.event("MESSAGE_CREATE").await;
        contents.push(message["content"].as_str().unwrap().to_owned());
    }
    contents
}

/// With the content of messages.
const READER: u64 = TICKET_BOT | 1 << 15;

#[tokio::test]
async fn an_event_comes_twice() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let (mut client, _) = Client::ready(&sandbox, READER).await;
    let (mia, support) = (sandbox.member(), sandbox.channel("support")?);
    let twist = json!({"event": "MESSAGE_CREATE", "times": 2, "copies": 1});
    done(&sandbox, "POST", "/gateway/twists", twist).await;
    mia.send(support, "one").await?;
    let (_, waiting) = control(&sandbox, "GET", "/gateway/twists", json!({})).await;
    assert_eq!(
        waiting,
        json!([{"event": "MESSAGE_CREATE", "times": 1, "copies": 1, "behind": 0}])
    );
    mia.send(support, "two").await?;
    mia.send(support, "three").await?;
    let came = contents(&mut client, 5).await;
    assert_eq!(came, ["one", "one", "two", "two", "three"]);
    assert_eq!(client.seq, 7, "each has a number of its own");
    assert_eq!(sandbox.waiting_twists(), []);
    sandbox.finish().await
}

#[tokio::test]
async fn an_event_comes_after_what_happened_later() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let (mut client, _) = Client::ready(&sandbox, READER).await;
    let (mia, support) = (sandbox.member(), sandbox.channel("support")?);
    let twist = json!({"event": "MESSAGE_CREATE", "behind": 2});
    done(&sandbox, "POST", "/gateway/twists", twist).await;
    for text in ["one", "two", "three", "four"] {
        mia.send(support, text).await?;
    }
    assert_eq!(
        contents(&mut client, 4).await,
        ["two", "three", "one", "four"]
    );

    // What nothing follows is sent on request.
    sandbox.twist(Twist::late("MESSAGE_CREATE", 100))?;
    mia.send(support, "five").await?;
    mia.send(support, "six").await?;
    done(&sandbox, "DELETE", "/gateway/twists", json!({})).await;
    assert_eq!(contents(&mut client, 2).await, ["six", "five"]);
    sandbox.finish().await
}

#[tokio::test]
async fn a_twist_that_cannot_be_is_refused() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    for (twist, wrong) in [
        (json!({}), "event"),
        (json!({"event": "NONSENSE", "copies": 1}), "NONSENSE"),
        (json!({"event": "INTERACTION_CREATE", "copies": 1}), "once"),
        (json!({"event": "MESSAGE_CREATE"}), "either"),
        (json!({"event": "MESSAGE_CREATE", "copies": -1}), "`copies`"),
    ] {
        let (status, answer) = control(&sandbox, "POST", "/gateway/twists", twist.clone()).await;
        assert_eq!(status, 400, "{twist}");
        let message = answer["message"].as_str().unwrap();
        assert!(message.contains(wrong), "{twist}: {message}");
    }
    assert!(sandbox.twist(Twist::twice("GUILD_CREATE")).is_err());
    sandbox.finish().await
}

#[tokio::test]
async fn a_guild_becomes_unavailable_and_available_again() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let (mut client, _) = Client::ready(&sandbox, READER).await;
    let (mia, support) = (sandbox.member(), sandbox.channel("support")?);
    let guild = sandbox.guild_id().to_string();
    let path = format!("/guilds/{guild}/outage");
    done(&sandbox, "PUT", &path, json!({})).await;
    done(&sandbox, "PUT", &path, json!({})).await;
    let gone = client.event("GUILD_DELETE").await;
    assert_eq!(gone, json!({"id": guild, "unavailable": true}));

    // What happens meanwhile is not told, but it is there afterwards.
    mia.send(support, "in the dark").await?;
    sandbox
        .owner()
        .edit_channel(support, json!({"topic": "changed meanwhile"}))
        .await?;
    // A bot that logs in now waits for it.
    let mut second = Client::connect(&sandbox).await;
    second.send(client::identify(&sandbox, &json!({}))).await;
    let ready = second.event("READY").await;
    assert_eq!(ready["guilds"], json!([{"id": guild, "unavailable": true}]));

    done(&sandbox, "DELETE", &path, json!({})).await;
    done(&sandbox, "DELETE", &path, json!({})).await;
    for client in [&mut client, &mut second] {
        let back = client.event("GUILD_CREATE").await;
        assert_eq!(back["unavailable"], false);
        let channels = back["channels"].as_array().unwrap();
        let topics = channels.iter().map(|c| &c["topic"]);
        assert!(topics.into_iter().any(|t| t == "changed meanwhile"));
    }
    mia.send(support, "hello").await?;
    assert_eq!(contents(&mut client, 1).await, ["hello"]);

    let (status, answer) = control(&sandbox, "PUT", "/guilds/1/outage", json!({})).await;
    assert_eq!(status, 404, "{answer}");
    sandbox.finish().await
}

#[tokio::test]
async fn a_bot_that_is_removed_during_an_outage_is_told() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let (mut client, _) = Client::ready(&sandbox, READER).await;
    let guild = sandbox.guild_id();
    sandbox.begin_outage(guild)?;
    client.event("GUILD_DELETE").await;
    let bot = sandbox.bot_id();
    let path = format!("/people/owner/guilds/{guild}/members/{bot}");
    done(&sandbox, "DELETE", &path, json!({})).await;
    let removed = client.event("GUILD_DELETE").await;
    assert_eq!(removed, json!({"id": guild.to_string()}));
    sandbox.end_outage(guild)?;
    done(&sandbox, "PUT", &path, json!({})).await;
    client.event("GUILD_CREATE").await;
    sandbox.finish().await
}
