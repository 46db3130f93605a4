//! Runs in which the same happens have the same ids.

mod bot;

use std::time::Duration;

use bot::Bot;
use discord_sandbox::id::Timestamp;
use discord_sandbox::{Error, Sandbox};
use reqwest::Method;
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
async fn commands_and_their_ids_outlive_a_reset() -> Result<(), Error> {
    let noon = Timestamp::from_iso("2026-01-31T12:00:00Z").unwrap();
    let sandbox = Sandbox::builder().ids_from(noon).start().await?;
    let bot = Bot::new(&sandbox);
    let application = format!("/applications/{}", sandbox.application_id());
    let global = format!("{application}/commands");
    let in_guild = format!("{application}/guilds/{}/commands", sandbox.guild_id());
    let named = |name: &str| json!([{"name": name, "description": "One"}]);
    bot.put(&global, named("ask")).await;
    bot.put(&in_guild, named("here")).await;
    let before = [bot.get(&global).await, bot.get(&in_guild).await];
    sandbox.reset();
    assert_eq!([bot.get(&global).await, bot.get(&in_guild).await], before);
    let offered = sandbox.member().commands().await?;
    let offered: Vec<&Value> = offered.iter().map(|command| &command["name"]).collect();
    assert_eq!(offered, ["here", "ask"]);

    // Ids are counted from the beginning again, but no two commands have the same one.
    for path in [&global, &in_guild] {
        let another = json!({"name": "another", "description": "Two"});
        bot.call(Method::POST, path, Some(another), 201).await;
    }
    let mut ids = Vec::new();
    for path in [&global, &in_guild] {
        let commands = bot.get(path).await;
        ids.extend(commands.as_array().unwrap().iter().map(|c| c["id"].clone()));
    }
    ids.sort_by_key(Value::to_string);
    ids.dedup();
    assert_eq!(ids.len(), 4);
    sandbox.finish().await
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
