//! What Prometheus sees of the bot.

use std::net::SocketAddr;

use discord_sandbox::Sandbox;
use discord_sandbox::record::{Entry, What};
use serde_json::json;
use theticketbot::run::Bot;
use theticketbot::store::Store;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::stage::{Result, Stage};

async fn scrape(address: SocketAddr) -> Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    let request = b"GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    stream.write_all(request).await?;
    let mut response = String::new();
    stream.read_to_string(&mut response).await?;
    Ok(response)
}

/// The sample with this name and these labels.
fn sample(scraped: &str, name: &str) -> Option<f64> {
    let of = |line: &str| line.strip_prefix(name)?.strip_prefix(' ')?.parse().ok();
    scraped.lines().find_map(of)
}

#[tokio::test]
async fn the_gateway_and_its_events_are_counted() -> Result {
    let stage = Stage::without_bot(Sandbox::start().await?)?;
    let mut settings = stage.settings();
    settings.metrics_listen = Some(SocketAddr::from(([127, 0, 0, 1], 0)));
    let store = Store::open(&settings.db.access(None)?)?;
    let bot = Bot::start(settings, store).await?;
    let address = bot.metrics_address().expect("it has an address");
    stage.sandbox.wait_for_bot().await?;

    let (owner, support) = (stage.sandbox.owner(), stage.support());
    owner
        .run("inbox create", json!({"channel": support}))
        .await?;
    let scraped = scrape(address).await?;
    let started = r#"theticketbot_gateway_sessions_total{kind="started"}"#;
    assert_eq!(sample(&scraped, started), Some(1.0), "{scraped}");
    assert_eq!(sample(&scraped, "theticketbot_shards"), Some(1.0));
    let connected = r#"theticketbot_shard_connected{shard="0"}"#;
    assert_eq!(sample(&scraped, connected), Some(1.0));
    let events = "theticketbot_event_age_seconds_count";
    assert_eq!(sample(&scraped, events), Some(1.0));

    let calls = r#"theticketbot_discord_calls_total{route="GET gateway/bot",outcome="succeeded"}"#;
    assert_eq!(sample(&scraped, calls), Some(1.0), "{scraped}");

    let mark = stage.sandbox.mark();
    assert_eq!(stage.sandbox.cut_gateway(4000), 1);
    let resumed = |entry: &Entry| match &entry.what {
        What::Gateway { what } => what.contains(" is resumed").then_some(()),
        _ => None,
    };
    stage
        .sandbox
        .wait_for_entry("the session is resumed", mark, resumed)
        .await?;
    // RESUMED comes after the replayed events, so a response after it shows that the bot has handled RESUMED.
    owner
        .run("inbox create", json!({"channel": support}))
        .await?;
    let scraped = scrape(address).await?;
    let cut = r#"theticketbot_gateway_disconnects_total{code="4000"}"#;
    assert_eq!(sample(&scraped, cut), Some(1.0), "{scraped}");
    let resumed = r#"theticketbot_gateway_sessions_total{kind="resumed"}"#;
    assert_eq!(sample(&scraped, resumed), Some(1.0));
    assert_eq!(sample(&scraped, connected), Some(1.0));
    let ids = [support.0, stage.sandbox.guild_id().0];
    for id in ids {
        assert!(!scraped.contains(&id.to_string()), "ids are not counted");
    }

    bot.stop().await?;
    assert!(scrape(address).await.is_err(), "it ended with the bot");
    stage.finish().await
}

#[tokio::test]
async fn tickets_refusals_and_what_waits_are_counted() -> Result {
    let mut stage = Stage::without_bot(Sandbox::start().await?)?;
    let mut settings = stage.settings();
    settings.metrics_listen = Some(SocketAddr::from(([127, 0, 0, 1], 0)));
    let store = Store::open(&settings.db.access(None)?)?;
    let bot = Bot::start(settings, store).await?;
    let address = bot.metrics_address().expect("it has an address");
    stage.has(bot);
    stage.sandbox.wait_for_bot().await?;

    let inbox = stage.inbox().await?;
    let mia = stage.sandbox.member();
    let ticket = stage.open(&mia, inbox).await?;
    stage.click(&mia, inbox).await?;
    mia.leave(ticket).await?;
    stage.closed(ticket, true).await?;
    stage.idle().await?;
    let scraped = scrape(address).await?;
    for (name, value) in [
        ("theticketbot_tickets_opened_total", 1.0),
        ("theticketbot_tickets_failed_total", 0.0),
        (
            r#"theticketbot_tickets_closed_total{reason="owner-left"}"#,
            1.0,
        ),
        (r#"theticketbot_refusals_total{kind="already-open"}"#, 1.0),
        (r#"theticketbot_backlog{kind="failed"}"#, 0.0),
    ] {
        assert_eq!(sample(&scraped, name), Some(value), "{name}: {scraped}");
    }
    stage.finish().await
}

#[tokio::test]
async fn an_address_in_use_does_not_keep_the_bot_from_serving() -> Result {
    let stage = Stage::without_bot(Sandbox::start().await?)?;
    let taken = std::net::TcpListener::bind("127.0.0.1:0")?;
    let mut settings = stage.settings();
    settings.metrics_listen = Some(taken.local_addr()?);
    let store = Store::open(&settings.db.access(None)?)?;
    let bot = Bot::start(settings, store).await?;
    assert_eq!(bot.metrics_address(), None);
    stage.sandbox.wait_for_bot().await?;
    bot.stop().await?;
    let [logged] = &stage.expected_errors()[..] else {
        panic!("one error is logged")
    };
    assert!(
        logged.contains("choose another for listen in [metrics], or leave it out"),
        "{logged}"
    );
    stage.finish().await
}
