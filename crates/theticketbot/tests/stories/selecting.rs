//! *Select this message*: which command waits for it, for how long, and for whom.

use std::time::Duration;

use serde_json::json;
use tickets::text::Text;

use crate::stage::{Result, Stage, english, link, link_to, until};

#[tokio::test]
async fn a_selection_with_nothing_pending() -> Result {
    let stage = Stage::set().await?;
    let owner = stage.sandbox.owner();
    let message = owner.send(stage.support(), "Hello").await?;
    let response = stage.select(&owner, stage.support(), message.id()).await?;
    let nothing = Text::NothingPending {
        message: link_to(&stage, &message),
    };
    assert_eq!(response.content()?, english(nothing));
    stage.finish().await
}

#[tokio::test]
async fn a_selection_after_ten_minutes() -> Result {
    let stage = Stage::set().await?;
    let owner = stage.sandbox.owner();
    let message = owner.send(stage.support(), "Hello").await?;
    owner
        .run("inbox create", json!({"channel": stage.support()}))
        .await?;
    stage.sandbox.advance(Duration::from_secs(601));
    let response = stage.select(&owner, stage.support(), message.id()).await?;
    let expired = Text::SelectionExpired {
        message: link_to(&stage, &message),
        minutes: 10,
    };
    assert_eq!(response.content()?, english(expired));
    stage.finish().await
}

#[tokio::test]
async fn a_refusal_starts_the_time_again() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let owner = stage.sandbox.owner();
    let other = owner.send(stage.support(), "No inbox").await?;
    owner.run("inbox staff", json!({})).await?;
    stage.sandbox.advance(Duration::from_secs(120));
    stage.select(&owner, stage.support(), other.id()).await?;
    stage.sandbox.advance(Duration::from_secs(120));
    let menu = stage.select(&owner, inbox.channel, inbox.message).await?;
    assert_eq!(
        menu.content()?,
        english(Text::ChooseStaff {
            inbox: link(&stage, inbox)
        })
    );
    stage.finish().await
}

#[tokio::test]
async fn the_newest_command_wins() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let owner = stage.sandbox.owner();
    owner.run("inbox staff", json!({})).await?;
    owner.run("inbox message", json!({})).await?;
    let asked = stage.select(&owner, inbox.channel, inbox.message).await?;
    let question = Text::SelectReplacement {
        inbox: link(&stage, inbox),
        until: until(&asked)?,
    };
    assert_eq!(asked.content()?, english(question));
    stage.finish().await
}

#[tokio::test]
async fn what_waits_belongs_to_one_person() -> Result {
    let stage = Stage::set().await?;
    let (owner, max) = (stage.sandbox.owner(), stage.sandbox.moderator());
    let manage_guild = 1_u64 << 5;
    let role = stage.sandbox.moderator_role();
    owner
        .edit_role(role, json!({"permissions": manage_guild.to_string()}))
        .await?;
    let message = owner.send(stage.support(), "Hello").await?;
    owner
        .run("inbox create", json!({"channel": stage.support()}))
        .await?;
    let response = stage.select(&max, stage.support(), message.id()).await?;
    let nothing = Text::NothingPending {
        message: link_to(&stage, &message),
    };
    assert_eq!(response.content()?, english(nothing));
    stage.finish().await
}

#[tokio::test]
async fn an_inbox_that_the_bot_forgot() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let owner = stage.sandbox.owner();
    stage.stop().await?;
    stage.forget_everything()?;
    stage.start().await?;
    owner.run("inbox staff", json!({})).await?;
    let response = stage.select(&owner, inbox.channel, inbox.message).await?;
    let was_one = Text::NoLongerAnInbox {
        message: link(&stage, inbox),
    };
    assert_eq!(response.content()?, english(was_one));
    stage.finish().await
}
