//! Runs in which the same happens have the same ids.

mod bot;

use std::time::Duration;

use bot::Bot;
use discord_sandbox::id::Timestamp;
use discord_sandbox::{Error, Sandbox};
use serde_json::{Value, json};

async fn run(from: Timestamp) -> Result<Vec<Value>, Error> {
    let sandbox = Sandbox::builder().ids_from(from).start().await?;
    let bot = Bot::new(&sandbox);
    let (general, mia) = (sandbox.channel("general")?, sandbox.member());
    let messages = format!("/channels/{general}/messages");
    let first = bot.post(&messages, json!({"content": "one"})).await;
    let second = mia.send(general, "two").await?;
    sandbox.advance(Duration::from_secs(3 * 3600));
    let third = bot.post(&messages, json!({"content": "three"})).await;
    sandbox.reset();
    let again = bot.post(&messages, json!({"content": "one"})).await;
    assert_eq!(again["id"], first["id"]);
    sandbox.finish().await?;
    Ok(vec![
        first["id"].clone(),
        json!(second.id()),
        third["id"].clone(),
    ])
}

#[tokio::test]
async fn ids_are_the_same_in_each_run() -> Result<(), Error> {
    let noon = Timestamp::from_iso("2026-01-31T12:00:00Z").unwrap();
    let ids = run(noon).await?;
    assert_eq!(run(noon).await?, ids);
    let moments: Vec<i64> = ids
        .iter()
        .map(|id| Timestamp::of_snowflake(id.as_str().unwrap().parse().unwrap()).since(noon))
        .collect();
    assert_eq!(moments, [0, 1, 3 * 3_600_000]);
    Ok(())
}
