//! The owner leaves: a note, then archived, and locked if the bot may.

use std::time::Duration;

use discord_sandbox::Fault;
use serde_json::json;
use tickets::text::Text;

use crate::stage::{BUTTON, MANAGE_THREADS, Result, Stage, english, user};

#[tokio::test]
async fn an_owner_who_leaves_closes_the_ticket() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let mia = stage.sandbox.member();
    let ticket = stage.open(&mia, inbox).await?;
    mia.leave(ticket).await?;
    stage.closed(ticket, true).await?;
    let note = english(Text::OwnerLeftLocked {
        owner: user(mia.id()),
    });
    assert_eq!(stage.said(ticket)[1..], [note]);
    // The note names the owner but does not bring them back.
    assert!(
        !stage
            .sandbox
            .look(|look| look.is_in_thread(ticket, mia.id()))
    );
    stage.finish().await
}

#[tokio::test]
async fn an_owner_whom_staff_removes_closes_it_too() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let mia = stage.sandbox.member();
    let ticket = stage.open(&mia, inbox).await?;
    stage.sandbox.moderator().remove(ticket, mia.id()).await?;
    stage.closed(ticket, true).await?;
    assert_eq!(stage.said(ticket).len(), 2);
    stage.finish().await
}

#[tokio::test]
async fn an_owner_who_leaves_the_server_closes_all_of_their_tickets_once() -> Result {
    let stage = Stage::set().await?;
    let here = stage.inbox().await?;
    let there = stage
        .inbox_with(json!({"destination": stage.tickets()}))
        .await?;
    let mia = stage.sandbox.member();
    let tickets = [
        stage.open(&mia, here).await?,
        stage.open(&mia, there).await?,
    ];
    mia.leave_guild().await?;
    for ticket in tickets {
        stage.closed(ticket, true).await?;
    }
    stage.idle().await?;
    for ticket in tickets {
        assert_eq!(stage.said(ticket).len(), 2, "the starter and one note");
    }
    stage.finish().await
}

/// The owner left the server before the starting message, and a mention invites only members of the server.
/// So they were never in the ticket, but they count as having left, even if the bot missed the event.
#[tokio::test]
async fn an_owner_who_left_the_server_before_they_were_invited_has_left() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let (owner, mia) = (stage.sandbox.owner(), stage.sandbox.member());
    let held = Fault::held().on("POST", "/channels/*/messages");
    stage.sandbox.fail_next(held)?;
    mia.start_click(inbox.channel, inbox.message, BUTTON)
        .await?;
    let ticket = stage
        .sandbox
        .wait_until("the thread", |look| {
            look.threads_of(inbox.channel).pop().map(|thread| thread.id)
        })
        .await?;
    owner.kick(mia.id()).await?;
    stage.sandbox.clear_faults();
    stage
        .sandbox
        .wait_until("the starting message", |look| {
            look.messages(ticket).next().map(drop)
        })
        .await?;
    stage.sandbox.advance(Duration::from_secs(1));
    mia.join_guild().await?;
    stage.closed(ticket, true).await?;
    stage.an_idle_restart_does_nothing().await?;
    assert_eq!(stage.said(ticket).len(), 2, "the starter and one note");
    stage.finish().await
}

#[tokio::test]
async fn without_manage_threads_it_is_archived_but_not_locked() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let bot_role = stage.sandbox.defaults().bot_role;
    stage
        .sandbox
        .owner()
        .set_role_overwrite(inbox.channel, bot_role, 0, MANAGE_THREADS)
        .await?;
    let mia = stage.sandbox.member();
    let ticket = stage.open(&mia, inbox).await?;
    mia.leave(ticket).await?;
    stage.closed(ticket, false).await?;
    let note = english(Text::OwnerLeft {
        owner: user(mia.id()),
    });
    assert_eq!(stage.said(ticket)[1..], [note]);
    stage.finish().await
}

#[tokio::test]
async fn others_may_come_and_go() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let (max, noah) = (stage.sandbox.moderator(), stage.sandbox.member2());
    let ticket = stage.open(&stage.sandbox.member(), inbox).await?;
    max.add(ticket, noah.id()).await?;
    noah.leave(ticket).await?;
    max.leave(ticket).await?;
    stage.idle().await?;
    assert_eq!(
        stage.thread(ticket).map(|thread| thread.archived),
        Some(false)
    );
    assert_eq!(stage.said(ticket).len(), 1, "only the starter");
    stage.finish().await
}

#[tokio::test]
async fn a_ticket_that_staff_reopens_stays_open() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let (max, mia) = (stage.sandbox.moderator(), stage.sandbox.member());
    let ticket = stage.open(&mia, inbox).await?;
    mia.leave(ticket).await?;
    stage.closed(ticket, true).await?;
    max.reopen(ticket).await?;
    max.send(ticket, "What was that about?").await?;
    mia.leave_guild().await?;
    stage.idle().await?;
    assert_eq!(
        stage.thread(ticket).map(|thread| thread.archived),
        Some(false)
    );
    assert_eq!(stage.said(ticket).len(), 2, "no second note");
    stage.finish().await
}

#[tokio::test]
async fn an_owner_who_is_brought_back_can_leave_again() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let (max, mia) = (stage.sandbox.moderator(), stage.sandbox.member());
    let ticket = stage.open(&mia, inbox).await?;
    mia.leave(ticket).await?;
    stage.closed(ticket, true).await?;
    max.reopen(ticket).await?;
    max.unlock(ticket).await?;
    max.add(ticket, mia.id()).await?;
    mia.leave(ticket).await?;
    stage.closed(ticket, true).await?;
    assert_eq!(stage.said(ticket).len(), 3, "the starter and two notes");
    stage.finish().await
}

#[tokio::test]
async fn a_ticket_outlives_its_inbox() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let mia = stage.sandbox.member();
    let ticket = stage.open(&mia, inbox).await?;
    stage
        .sandbox
        .owner()
        .delete_message(inbox.channel, inbox.message)
        .await?;
    stage.idle().await?;
    mia.leave(ticket).await?;
    stage.closed(ticket, true).await?;
    stage.finish().await
}
