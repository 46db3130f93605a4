//! Open tickets that change while the bot is away or cannot view them.

use std::time::Duration;

use discord_sandbox::id::ChannelId;
use harness::{Inbox, Result, Stage, linked_channel};
use theticketbot::discord::Discord;
use tickets::UserId;
use tickets::permission::Permission;
use tickets::ticket::{Phase, Presence, Ticket};

use crate::{VIEW_CHANNEL, is_closed, nothing_is_unfinished, restore, stage_with_inbox, stored};

/// Discord's number of the permission Manage Threads.
const MANAGE_THREADS: u64 = 1 << 34;

/// A mention in a code span is not an invitation, and an owner who was never in a ticket cannot leave it.
#[tokio::test]
async fn an_owner_who_was_never_in_the_ticket_has_not_left_it() -> Result {
    let (mut stage, inbox) = stage_with_inbox().await?;
    stage
        .customise(inbox, "starter", "`$author` $staff")
        .await?;
    let (mia, max) = (stage.sandbox.member(), stage.sandbox.moderator());
    let answer = stage.click(&mia, inbox).await?;
    let ticket = linked_channel(answer.content()?)?;
    stage.idle().await?;
    assert!(
        !stage.is_in_thread(ticket, mia.id())?,
        "she was not invited"
    );
    max.send(ticket, "How can I help?").await?;
    stage.kill().await?;
    stage.start().await?;
    stage.idle().await?;
    let thread = stage.thread(ticket)?;
    assert!(!thread.archived && !thread.locked, "{thread:?}");
    assert_eq!(stage.said(ticket)?.len(), 1, "the starting message only");
    assert_eq!(stored(&stage, ticket).await?.state.phase, Phase::Open);
    nothing_is_unfinished(&mut stage, inbox).await
}

/// Either can be first: the event that the owner joined, or the commit of the ticket.
#[tokio::test]
async fn every_owner_who_joins_is_known_to_be_present() -> Result {
    let (mut stage, inbox) = stage_with_inbox().await?;
    let people = stage.sandbox.crowd("person", 20)?;
    for person in &people {
        stage.start_click(person, inbox).await?;
    }
    stage.idle().await?;
    let threads = stage.threads(inbox.channel)?;
    assert_eq!(threads.len(), people.len());
    for thread in threads {
        let ticket = stored(&stage, thread.id).await?;
        assert_eq!(ticket.state.presence, Presence::Present, "{ticket:?}");
    }
    nothing_is_unfinished(&mut stage, inbox).await
}

/// The bot recognizes its messages by their ids, so it finds its note although the starting message is
/// deleted.
#[tokio::test]
async fn a_ticket_without_its_starting_message_is_closed_with_a_note() -> Result {
    let (mut stage, inbox) = stage_with_inbox().await?;
    let mia = stage.sandbox.member();
    let ticket = stage.open_ticket(&mia, inbox).await?;
    stage.idle().await?;
    assert_eq!(
        stored(&stage, ticket).await?.state.presence,
        Presence::Present
    );
    let starter = stage.own_messages(ticket)?[0].id;
    stage
        .sandbox
        .owner()
        .delete_message(ticket, starter)
        .await?;
    stage.kill().await?;
    mia.leave(ticket).await?;
    stage.start().await?;
    stage.idle().await?;
    assert!(is_closed(&stage, ticket)?);
    assert_eq!(stage.said(ticket)?.len(), 1, "the note only");
    nothing_is_unfinished(&mut stage, inbox).await
}

/// If staff remove the bot from a ticket, the ticket is closed.
#[tokio::test]
async fn a_ticket_that_the_bot_was_removed_from_is_closed() -> Result {
    for may_lock in [true, false] {
        let (mut stage, inbox) = stage_with_inbox().await?;
        let (mia, owner) = (stage.sandbox.member(), stage.sandbox.owner());
        let me = stage.sandbox.bot_id();
        let deny = if may_lock { 0 } else { MANAGE_THREADS };
        owner
            .set_member_overwrite(inbox.channel, me, 0, deny)
            .await?;
        let ticket = stage.open_ticket(&mia, inbox).await?;
        stage.idle().await?;
        owner.remove(ticket, me).await?;
        stage.idle().await?;
        let found = stored(&stage, ticket).await?;
        assert!(found.is_closed(), "may lock: {may_lock}: {found:?}");
        let thread = stage.thread(ticket)?;
        assert_eq!((thread.archived, thread.locked), (may_lock, may_lock));
        assert_eq!(stage.said(ticket)?.len(), 1, "no note brings it back in");
        assert!(!thread.members.contains_key(&me), "it stays out");
        // The owner can open another ticket.
        stage.sandbox.advance(Duration::from_secs(61));
        stage.open_ticket(&mia, inbox).await?;
        stage.idle().await?;
        assert_eq!(stage.threads(inbox.channel)?.len(), 2);
        nothing_is_unfinished(&mut stage, inbox).await?;
    }
    Ok(())
}

/// The bot draws no conclusion about a ticket that it cannot view, and checks the ticket when it can.
#[tokio::test]
async fn a_ticket_that_the_bot_cannot_view_is_checked_later() -> Result {
    let (mut stage, inbox) = stage_with_inbox().await?;
    let (mia, owner) = (stage.sandbox.member(), stage.sandbox.owner());
    let me = stage.sandbox.bot_id();
    let ticket = stage.open_ticket(&mia, inbox).await?;
    stage.idle().await?;
    let before = stored(&stage, ticket).await?;
    owner
        .set_member_overwrite(inbox.channel, me, 0, VIEW_CHANNEL)
        .await?;
    stage.idle().await?;
    mia.leave(ticket).await?;
    stage.kill().await?;
    stage.start_without_session().await?;
    stage.idle().await?;
    let now = stored(&stage, ticket).await?;
    assert!(now.hidden_since.is_some(), "{now:?}");
    let expected = Ticket {
        hidden_since: now.hidden_since,
        ..before
    };
    assert_eq!(now, expected, "nothing follows");
    owner.delete_overwrite(inbox.channel, me.0).await?;
    stage.idle().await?;
    assert!(is_closed(&stage, ticket)?);
    assert_eq!(
        stage.said(ticket)?.len(),
        2,
        "a starting message and a note"
    );
    nothing_is_unfinished(&mut stage, inbox).await
}

/// Opens a ticket of Mia. Then the host restores an older backup, and the bot has the time to find the ticket
/// again. `happens` runs before.
async fn lost_ticket(
    stage: &mut Stage,
    inbox: Inbox,
    happens: impl AsyncFnOnce(&Stage, ChannelId) -> Result,
) -> Result<ChannelId> {
    let backup = stage.bot.home.folder().join("backup.db");
    stage.bot.home.back_up(&backup)?;
    let ticket = stage.open_ticket(&stage.sandbox.member(), inbox).await?;
    stage.idle().await?;
    happens(stage, ticket).await?;
    restore(stage, &backup).await?;
    Ok(ticket)
}

/// A host restores a backup that is older than the ticket. The bot deletes no thread that it cannot read, because
/// it may be a ticket.
#[tokio::test]
async fn a_lost_ticket_that_the_bot_cannot_read_is_found_when_it_can() -> Result {
    let (mut stage, inbox) = stage_with_inbox().await?;
    let owner = stage.sandbox.owner();
    let role = stage.sandbox.defaults().bot_role;
    let read = Permission::ReadMessageHistory.bit();
    let ticket = lost_ticket(&mut stage, inbox, async |_, _| {
        let denied = owner.set_role_overwrite(inbox.channel, role, MANAGE_THREADS, read);
        Ok(denied.await?)
    })
    .await?;
    assert!(stage.thread(ticket).is_ok(), "it may be a ticket");
    owner.delete_overwrite(inbox.channel, role.0).await?;
    stage.kill().await?;
    stage.start_without_session().await?;
    stage.idle().await?;
    stage.bot.time_passes(Duration::from_secs(61)).await?;
    stage.idle().await?;
    let found = stored(&stage, ticket).await?;
    assert_eq!(found.owner, Some(UserId(stage.sandbox.member().id().0)));
    nothing_is_unfinished(&mut stage, inbox).await
}

/// The same for a thread whose starting message staff have deleted: somebody has written in it.
#[tokio::test]
async fn a_lost_ticket_without_its_starting_message_is_found() -> Result {
    let (mut stage, inbox) = stage_with_inbox().await?;
    let ticket = lost_ticket(&mut stage, inbox, async |stage, ticket| {
        let mia = stage.sandbox.member();
        mia.send(ticket, "Please help me").await?;
        let starter = stage.own_messages(ticket)?[0].id;
        let owner = stage.sandbox.owner();
        owner.delete_message(ticket, starter).await?;
        Ok(())
    })
    .await?;
    let found = stored(&stage, ticket).await?;
    assert_eq!((found.owner, found.own_message), (None, None));
    stage.sandbox.owner().archive(ticket).await?;
    stage.idle().await?;
    assert!(is_closed(&stage, ticket)?);
    nothing_is_unfinished(&mut stage, inbox).await
}

/// An orphaned private thread of the bot.
#[tokio::test]
async fn a_thread_that_nobody_claims_is_deleted_after_a_minute() -> Result {
    let (mut stage, inbox) = stage_with_inbox().await?;
    let settings = stage.bot.home.settings()?;
    let discord = Discord::new(
        &settings.api_url.to_string(),
        &settings.token,
        theticketbot::metrics::Metrics::default(),
    );
    let parent = tickets::ChannelId(inbox.channel.0);
    let stray = discord
        .create_thread(parent, "stray", 1440, "a test".to_owned())
        .await
        .map_err(|error| error.to_string())?;
    let stray = ChannelId(stray.0);
    stage.idle().await?;
    assert!(stage.thread(stray).is_ok(), "an opening may still claim it");
    stage.bot.time_passes(Duration::from_secs(61)).await?;
    stage.idle().await?;
    assert!(stage.thread(stray).is_err(), "it is deleted");

    // A restart does not prevent the deletion.
    let stray = discord
        .create_thread(parent, "stray", 1440, "a test".to_owned())
        .await
        .map_err(|error| error.to_string())?;
    stage.idle().await?;
    stage.kill().await?;
    stage.start_without_session().await?;
    stage.idle().await?;
    stage.bot.time_passes(Duration::from_secs(61)).await?;
    stage.idle().await?;
    assert!(stage.thread(ChannelId(stray.0)).is_err(), "it is deleted");
    nothing_is_unfinished(&mut stage, inbox).await
}
