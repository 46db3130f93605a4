//! Archiving by staff or by Discord's timer: a note and a lock, if the bot may.

use std::time::Duration;

use discord_sandbox::Fault;
use tickets::text::Text;

use crate::stage::{MANAGE_THREADS, Result, Stage, english};

#[tokio::test]
async fn a_ticket_that_staff_archives_is_locked_with_one_note() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let ticket = stage.open(&stage.sandbox.member(), inbox).await?;
    stage.sandbox.moderator().archive(ticket).await?;
    stage.closed(ticket, true).await?;
    stage.idle().await?;
    assert_eq!(stage.said(ticket)[1..], [english(Text::Archived {})]);
    stage.closed(ticket, true).await?;
    stage.finish().await
}

/// To send the closing message, the bot unarchives the ticket for a moment.
#[tokio::test]
async fn a_ticket_that_is_being_closed_does_not_count_as_open() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let mia = stage.sandbox.member();
    let ticket = stage.open(&mia, inbox).await?;
    stage.idle().await?;
    stage.sandbox.advance(Duration::from_secs(61));
    let slow = Fault::slow(Duration::from_secs(3)).on("PATCH", "/channels/*");
    stage.sandbox.fail_next(slow)?;
    stage.sandbox.moderator().archive(ticket).await?;
    stage.says(ticket, &english(Text::Archived {})).await?;
    let another = stage.open(&mia, inbox).await?;
    assert_ne!(another, ticket);
    stage.closed(ticket, true).await?;
    stage.finish().await
}

#[tokio::test]
async fn so_is_one_that_discord_archives() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let ticket = stage.open(&stage.sandbox.member(), inbox).await?;
    stage.sandbox.advance(Duration::from_secs(8 * 24 * 60 * 60));
    stage.closed(ticket, true).await?;
    stage.idle().await?;
    assert_eq!(stage.said(ticket)[1..], [english(Text::Archived {})]);
    stage.finish().await
}

#[tokio::test]
async fn without_manage_threads_nothing_happens() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let bot_role = stage.sandbox.defaults().bot_role;
    stage
        .sandbox
        .owner()
        .set_role_overwrite(inbox.channel, bot_role, 0, MANAGE_THREADS)
        .await?;
    let ticket = stage.open(&stage.sandbox.member(), inbox).await?;
    stage.sandbox.moderator().archive(ticket).await?;
    stage.idle().await?;
    stage.closed(ticket, false).await?;
    assert_eq!(stage.said(ticket).len(), 1, "only the starter");
    stage.finish().await
}

#[tokio::test]
async fn a_ticket_that_is_reopened_stays_open_and_can_be_closed_again() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let max = stage.sandbox.moderator();
    let ticket = stage.open(&stage.sandbox.member(), inbox).await?;
    max.archive(ticket).await?;
    stage.closed(ticket, true).await?;
    max.reopen(ticket).await?;
    max.unlock(ticket).await?;
    stage.idle().await?;
    assert_eq!(
        stage
            .thread(ticket)
            .map(|thread| (thread.archived, thread.locked)),
        Some((false, false))
    );
    max.archive(ticket).await?;
    stage.closed(ticket, true).await?;
    assert_eq!(
        stage.said(ticket).len(),
        3,
        "the starter and a note each time"
    );
    stage.finish().await
}

#[tokio::test]
async fn an_owner_who_leaves_and_staff_that_archives_at_once_make_one_note() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let (max, mia) = (stage.sandbox.moderator(), stage.sandbox.member());
    let ticket = stage.open(&mia, inbox).await?;
    mia.leave(ticket).await?;
    max.archive(ticket).await?;
    mia.leave_guild().await?;
    stage.closed(ticket, true).await?;
    stage.idle().await?;
    stage.closed(ticket, true).await?;
    assert_eq!(stage.said(ticket).len(), 2, "the starter and one note");
    stage.finish().await
}

#[tokio::test]
async fn other_threads_are_left_alone() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let max = stage.sandbox.moderator();
    let other = max.create_thread(inbox.channel, "Ideas", false).await?.id();
    max.archive(other).await?;
    stage.idle().await?;
    assert_eq!(
        stage
            .thread(other)
            .map(|thread| (thread.archived, thread.locked)),
        Some((true, false))
    );
    assert_eq!(stage.said(other), [] as [String; 0]);
    stage.finish().await
}

#[tokio::test]
async fn a_ticket_that_somebody_archives_while_its_owners_leaving_is_answered_is_locked() -> Result
{
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let mia = stage.sandbox.member();
    let ticket = stage.open(&mia, inbox).await?;
    let archiving = Fault::held().on("PATCH", "/channels/*");
    stage.sandbox.fail_next(archiving)?;
    mia.leave(ticket).await?;
    while !stage.sandbox.waiting_faults().is_empty() {
        tokio::task::yield_now().await;
    }
    stage.sandbox.moderator().archive(ticket).await?;
    stage.sandbox.clear_faults();
    stage.closed(ticket, true).await?;
    assert_eq!(stage.said(ticket).len(), 2, "the starter and one note");
    stage.finish().await
}
