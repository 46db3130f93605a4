//! A bot that runs as several processes, each with some of the shards.

use std::time::Duration;

use discord_sandbox::record::What;
use discord_sandbox::world::MoreGuilds;
use discord_sandbox::{HeldShard, Sandbox};
use tempfile::TempDir;
use theticketbot::run::Bot;

use crate::stage::{Result, Stage, settings_of};

const TOTAL: u64 = 4;

/// A process with these shards and its own database.
async fn start(stage: &Stage, home: &TempDir, shards: &str) -> Result<Bot> {
    let (api_url, token) = (stage.sandbox.url(), stage.sandbox.token());
    let database = home.path().join("theticketbot.db");
    let database = database.to_str().expect("the path is Unicode");
    let config = format!(
        "[bot]\ntoken = {token:?}\napi_url = {api_url:?}\n[db]\npath = {database:?}\n\
         [gateway]\nshards = {shards:?}\ntotal = {TOTAL}\n"
    );
    let settings = settings_of(home.path(), &config);
    let store = settings.db.open().map_err(|error| error.to_string())?;
    Ok(Bot::start(settings, store).await?)
}

/// Waits until a process has received an event on each of these shards, and none on another shard.
async fn has_shards(bot: &Bot, shards: &[u64]) -> Result {
    let mut received = bot.received();
    let has_them = received.wait_for(|received| received.keys().eq(shards));
    let has_them = tokio::time::timeout(Duration::from_secs(60), has_them).await;
    has_them.map_err(|_| "it does not have these shards")??;
    Ok(())
}

#[tokio::test]
async fn each_process_serves_the_servers_of_its_shards() -> Result {
    let more = MoreGuilds {
        count: 40,
        channels: 1,
        roles: 1,
    };
    let sandbox = Sandbox::builder().more_guilds(more);
    let sandbox = sandbox.shards(5).max_concurrency(5).start().await?;
    let mut stage = Stage::without_bot(sandbox)?;
    let homes = [tempfile::tempdir()?, tempfile::tempdir()?];
    let ranges = [("0-1", [0, 1]), ("2-3", [2, 3])];
    // The first process serves the default server.
    let serves = |shards: &[u64; 2]| shards.contains(&stage.sandbox.guild_id().shard(TOTAL));
    let (first, second) = if serves(&ranges[0].1) {
        (ranges[0], ranges[1])
    } else {
        (ranges[1], ranges[0])
    };
    let bot = start(&stage, &homes[0], first.0).await?;
    let other = start(&stage, &homes[1], second.0).await?;
    // All four shards are connected, and each server's events went to one of them.
    stage.sandbox.wait_for_bot().await?;
    has_shards(&bot, &first.1).await?;
    has_shards(&other, &second.1).await?;
    stage
        .warned("Discord recommends more shards than the bot has")
        .await?;
    stage.has(bot);
    let inbox = stage.inbox().await?;
    let mark = stage.sandbox.mark();
    stage.open(&stage.sandbox.member(), inbox).await?;
    let entries = stage.sandbox.record_after(mark);
    let answers = entries.iter().filter(|entry| {
        matches!(&entry.what, What::Call(call) if call.is("POST", "/interactions/*/*/callback"))
    });
    assert_eq!(answers.count(), 1);

    // The same process starts again and resumes its sessions, while the other one keeps running.
    stage.stop().await?;
    let before = stage.sandbox.held_shards().len();
    let bot = start(&stage, &homes[0], first.0).await?;
    stage.sandbox.wait_for_bot().await?;
    let held = stage.sandbox.held_shards();
    let again: Vec<_> = held[before..].iter().map(|it| it.resumed).collect();
    assert_eq!(again, [true, true]);
    stage.has(bot);
    stage.open(&stage.sandbox.member2(), inbox).await?;
    let now = stage.sandbox.now().0;
    let pairs = held
        .iter()
        .flat_map(|one| held.iter().map(move |other| (one, other)));
    let overlaps: Vec<(&HeldShard, &HeldShard)> = pairs
        .filter(|(one, other)| one.overlap(other, now).is_some())
        .collect();
    assert!(overlaps.is_empty(), "{overlaps:?}");
    other.stop().await?;
    stage.finish().await
}
