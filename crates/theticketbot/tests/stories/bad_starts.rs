//! A failed start has one clear error message and damages nothing.

use discord_sandbox::Sandbox;
use discord_sandbox::world::model::Privileged;
use theticketbot::run::Bot;
use theticketbot::store::Store;

use crate::stage::{Result, Stage, settings};

#[tokio::test]
async fn a_token_that_discord_refuses() -> Result {
    let home = tempfile::tempdir()?;
    let sandbox = Sandbox::start().await?;
    let settings = settings(home.path(), &sandbox.url(), "not.the.right_one");
    let store = Store::open(&settings.db.access(None)?)?;
    let error = Bot::start(settings, store)
        .await
        .err()
        .expect("it must not start");
    let message = error.to_string();
    assert!(message.contains("token"), "{message}");
    assert!(!message.contains("right_one"), "{message}");
    sandbox.finish().await?;
    Ok(())
}

#[tokio::test]
async fn an_address_where_nobody_answers() -> Result {
    let home = tempfile::tempdir()?;
    let sandbox = Sandbox::start().await?;
    let url = sandbox.url();
    let settings = settings(home.path(), &url, &sandbox.token());
    sandbox.stop().await;
    let store = Store::open(&settings.db.access(None)?)?;
    let error = Bot::start(settings, store)
        .await
        .err()
        .expect("it must not start");
    let address = url.trim_start_matches("http://");
    assert!(error.to_string().contains(address), "{error}");
    Ok(())
}

#[tokio::test]
async fn an_intent_that_is_switched_off_is_named() -> Result {
    let off = Privileged {
        members: false,
        ..Privileged::default()
    };
    let sandbox = Sandbox::builder().privileged_intents(off).start().await?;
    let home = tempfile::tempdir()?;
    let settings = settings(home.path(), &sandbox.url(), &sandbox.token());
    let store = Store::open(&settings.db.access(None)?)?;
    let message = match Bot::start(settings, store).await {
        Err(error) => error.to_string(),
        Ok(mut bot) => bot.wait().await.to_string(),
    };
    assert!(message.contains("Server Members Intent"), "{message}");
    sandbox.finish().await?;
    Ok(())
}

#[tokio::test]
async fn an_intent_that_is_switched_off_later_ends_the_bot_with_its_name() -> Result {
    let sandbox = Sandbox::start().await?;
    let home = tempfile::tempdir()?;
    let settings = settings(home.path(), &sandbox.url(), &sandbox.token());
    let store = Store::open(&settings.db.access(None)?)?;
    let mut bot = Bot::start(settings, store).await?;
    sandbox.wait_for_bot().await?;
    sandbox.switch_intents(Privileged {
        members: false,
        ..Privileged::default()
    })?;
    sandbox.end_sessions();
    let message = bot.wait().await.to_string();
    assert!(message.contains("Server Members Intent"), "{message}");
    sandbox.finish().await?;
    Ok(())
}

#[tokio::test]
async fn a_second_bot_on_the_same_database() -> Result {
    let stage = Stage::set().await?;
    let error = Store::open(&stage.settings().db.access(None)?).expect_err("it is in use");
    let message = error.to_string();
    assert!(
        message.contains(&std::process::id().to_string()),
        "{message}"
    );
    stage.finish().await
}
