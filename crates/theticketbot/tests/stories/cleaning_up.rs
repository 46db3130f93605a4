//! The database forgets what Discord reports as deleted, and nothing else.

use discord_sandbox::Fault;
use serde_json::json;
use tickets::problem::Problem;
use tickets::text::Text;

use crate::stage::{Result, Stage, english, here, link, reported};

#[tokio::test]
async fn a_deleted_inbox_is_forgotten_also_among_many_messages() -> Result {
    let stage = Stage::set().await?;
    let (first, second) = (stage.inbox().await?, stage.inbox().await?);
    let owner = stage.sandbox.owner();
    // A command that waits for a replacement notices that its inbox was deleted.
    for (inbox, delete_many) in [(first, false), (second, true)] {
        owner.run("inbox message", json!({})).await?;
        stage.select(&owner, inbox.channel, inbox.message).await?;
        let replacement = owner.send(inbox.channel, "New text").await?;
        let filler = owner.send(inbox.channel, "And more").await?;
        if delete_many {
            owner
                .bulk_delete(inbox.channel, &[inbox.message, filler.id()])
                .await?;
        } else {
            owner.delete_message(inbox.channel, inbox.message).await?;
        }
        stage.idle().await?;
        let response = stage
            .select(&owner, inbox.channel, replacement.id())
            .await?;
        assert_eq!(response.content()?, english(Text::InboxGone {}));
    }
    stage.finish().await
}

#[tokio::test]
async fn a_deleted_role_leaves_the_staff() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let owner = stage.sandbox.owner();
    owner.delete_role(stage.sandbox.moderator_role()).await?;
    owner.run("inbox staff", json!({})).await?;
    let menu = stage.select(&owner, inbox.channel, inbox.message).await?;
    assert_eq!(
        menu.content()?,
        reported(
            Text::ChooseStaff {
                inbox: link(&stage, inbox)
            },
            &[Problem::NobodyNotified]
        )
    );
    let menu = menu.message()?;
    let defaults = &menu.components()[0]["default_values"];
    assert!(defaults.as_array().is_none_or(Vec::is_empty), "{defaults}");

    // The bot opens tickets without the deleted role.
    let ticket = stage.open(&stage.sandbox.member(), inbox).await?;
    assert!(
        !stage.said(ticket)[0].contains("<@&"),
        "{:?}",
        stage.said(ticket)
    );
    stage.finish().await
}

#[tokio::test]
async fn a_deleted_channel_takes_its_inboxes_along() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage
        .inbox_with(json!({"destination": stage.tickets()}))
        .await?;
    let owner = stage.sandbox.owner();
    let mia = stage.sandbox.member();
    let ticket = stage.open(&mia, inbox).await?;
    owner.run("inbox message", json!({})).await?;
    stage.select(&owner, inbox.channel, inbox.message).await?;
    let replacement = owner.send(stage.tickets(), "New text").await?;
    owner.delete(inbox.channel).await?;
    let response = stage
        .select(&owner, stage.tickets(), replacement.id())
        .await?;
    assert_eq!(response.content()?, english(Text::InboxGone {}));
    // Its tickets are in another channel, and the bot still handles them.
    mia.leave(ticket).await?;
    stage.closed(ticket, true).await?;
    stage.finish().await
}

#[tokio::test]
async fn a_deleted_channel_takes_its_open_tickets_along() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage
        .inbox_with(json!({"destination": stage.tickets()}))
        .await?;
    let ticket = stage.open(&stage.sandbox.member(), inbox).await?;
    let owner = stage.sandbox.owner();
    owner.delete(stage.tickets()).await?;
    stage.idle().await?;
    stage.stop().await?;
    assert_eq!(stage.store()?.ticket(here(ticket)).await?, None);
    stage.finish().await
}

#[tokio::test]
async fn a_ticket_that_goes_while_it_is_closed_is_forgotten() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage
        .inbox_with(json!({"destination": stage.tickets()}))
        .await?;
    let ticket = stage.open(&stage.sandbox.member(), inbox).await?;
    let note = Fault::held().on("POST", "/channels/*/messages");
    stage.sandbox.fail_next(note)?;
    stage.sandbox.moderator().archive(ticket).await?;
    while !stage.sandbox.waiting_faults().is_empty() {
        tokio::task::yield_now().await;
    }
    // Discord sends no event for archived threads in a deleted channel.
    let owner = stage.sandbox.owner();
    owner.delete(stage.tickets()).await?;
    stage.sandbox.clear_faults();
    stage.idle().await?;
    stage.stop().await?;
    assert_eq!(stage.store()?.ticket(here(ticket)).await?, None);
    stage.finish().await
}

#[tokio::test]
async fn a_server_that_removed_the_bot_is_kept_for_a_while() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let owner = stage.sandbox.owner();
    let ticket = stage.open(&stage.sandbox.member(), inbox).await?;
    owner.kick(stage.sandbox.bot_id()).await?;
    owner.invite(stage.sandbox.bot_id()).await?;
    stage.sandbox.wait_for_bot().await?;
    stage.a_minute_passes();
    let response = stage.click(&stage.sandbox.member(), inbox).await?;
    assert_eq!(
        response.content()?,
        english(Text::AlreadyOpen {
            ticket: here(ticket)
        })
    );
    stage.finish().await
}
