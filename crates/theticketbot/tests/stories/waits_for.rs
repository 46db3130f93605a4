//! Whether a ticket waits for its owner or for staff: for the side that did not write last.

use discord_sandbox::id::ChannelId;
use discord_sandbox::{Message, Person};
use serde_json::json;
use tickets::text::Text;
use tickets::waiting::Side;

use crate::settings::write;
use crate::stage::{Inbox, Result, Stage, VIEW_CHANNEL, english, here};

impl Stage {
    /// Whom a ticket waits for, as stored in the database. The bot is stopped for a moment.
    async fn waits_for(&mut self, ticket: ChannelId) -> Result<Option<Side>> {
        self.idle().await?;
        self.stop().await?;
        let waiting = self.store()?.waiting(here(ticket)).await?;
        self.start().await?;
        Ok(waiting.map(|waiting| waiting.side))
    }
}

/// Sends a message that is newer than all before it.
async fn write_in(stage: &Stage, person: &Person, ticket: ChannelId) -> Result<Message> {
    stage.sandbox.advance(std::time::Duration::from_secs(1));
    Ok(person.send(ticket, "Hello").await?)
}

#[tokio::test]
async fn a_ticket_waits_for_whoever_did_not_write_last() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let (mia, max) = (stage.sandbox.member(), stage.sandbox.moderator());
    let ticket = stage.open(&mia, inbox).await?;
    assert_eq!(stage.waits_for(ticket).await?, Some(Side::Owner));
    write_in(&stage, &mia, ticket).await?;
    assert_eq!(stage.waits_for(ticket).await?, Some(Side::Staff));
    max.join(ticket).await?;
    write_in(&stage, &max, ticket).await?;
    assert_eq!(stage.waits_for(ticket).await?, Some(Side::Owner));
    stage.finish().await
}

/// A guest counts as the owner's side; a webhook, the bot and Discord do not count.
#[tokio::test]
async fn guests_count_as_the_owners_side_and_bots_do_not_count() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let sandbox = &stage.sandbox;
    let (mia, noah, max) = (sandbox.member(), sandbox.member2(), sandbox.moderator());
    let ticket = stage.open(&mia, inbox).await?;
    write_in(&stage, &mia, ticket).await?;
    // Discord posts a system message, and the bot posts a public one.
    max.add(ticket, noah.id()).await?;
    max.run_in(ticket, "ticket claim", json!({})).await?;
    assert_eq!(stage.waits_for(ticket).await?, Some(Side::Staff));
    write_in(&stage, &max, ticket).await?;
    assert_eq!(stage.waits_for(ticket).await?, Some(Side::Owner));
    write_in(&stage, &noah, ticket).await?;
    assert_eq!(stage.waits_for(ticket).await?, Some(Side::Staff));
    stage.finish().await
}

#[tokio::test]
async fn a_ticket_with_a_form_waits_for_staff() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let owner = stage.sandbox.owner();
    write(&owner, "form", "What happened? | short").await?;
    let mia = stage.sandbox.member();
    let modal = stage.click(&mia, inbox).await?;
    let field = modal.modal()?.inputs()[0]["custom_id"].clone();
    let field = field.as_str().ok_or("a field")?;
    mia.submit(&modal, [(field, "It broke")]).await?;
    let ticket = stage.ticket_of(&mia, inbox.channel).await?;
    assert_eq!(stage.waits_for(ticket).await?, Some(Side::Staff));
    stage.finish().await
}

/// After a downtime, the bot reads the missed messages: one call for each ticket that has any.
#[tokio::test]
async fn what_was_written_while_the_bot_was_away_is_read_afterwards() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let (mia, noah, max) = (
        stage.sandbox.member(),
        stage.sandbox.member2(),
        stage.sandbox.moderator(),
    );
    let asked = stage.open(&mia, inbox).await?;
    let silent = stage.open(&noah, inbox).await?;
    max.join(asked).await?;
    write_in(&stage, &max, asked).await?;
    stage.idle().await?;
    stage.stop().await?;
    write_in(&stage, &mia, asked).await?;
    let mark = stage.sandbox.mark();
    stage.start_without_session().await?;
    stage.idle().await?;
    let reads = |ticket: ChannelId| {
        let calls = stage.sandbox.calls_after(mark);
        let path = format!("/channels/{ticket}/messages");
        calls
            .iter()
            .filter(|call| call.path.starts_with(&path))
            .count()
    };
    assert_eq!((reads(asked), reads(silent)), (1, 0));
    assert_eq!(stage.waits_for(asked).await?, Some(Side::Staff));
    assert_eq!(stage.waits_for(silent).await?, Some(Side::Owner));
    // The next start does not read the same messages again.
    stage.stop().await?;
    let mark = stage.sandbox.mark();
    stage.start_without_session().await?;
    stage.idle().await?;
    let calls = stage.sandbox.calls_after(mark);
    assert!(calls.iter().all(|call| !call.path.contains("/messages?")));
    stage.finish().await
}

/// A message in a closed ticket that is not locked reopens it.
#[tokio::test]
async fn an_owner_who_writes_in_a_closed_ticket_is_waited_for_by_nobody_else_than_staff() -> Result
{
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    crate::settings::pick(&stage.sandbox.owner(), "lock", "archive").await?;
    let (mia, max) = (stage.sandbox.member(), stage.sandbox.moderator());
    let ticket = stage.open(&mia, inbox).await?;
    max.join(ticket).await?;
    write_in(&stage, &max, ticket).await?;
    max.archive(ticket).await?;
    stage.closed(ticket, false).await?;
    stage.idle().await?;
    write_in(&stage, &mia, ticket).await?;
    assert_eq!(stage.waits_for(ticket).await?, Some(Side::Staff));
    stage.finish().await
}

#[tokio::test]
async fn the_list_begins_with_what_waits_for_staff_the_longest() -> Result {
    let stage = Stage::set().await?;
    let inbox: Inbox = stage.inbox().await?;
    let sandbox = &stage.sandbox;
    let (mia, noah, max) = (sandbox.member(), sandbox.member2(), sandbox.moderator());
    let crowd = sandbox.crowd("member", 1)?;
    let silent = stage.open(&crowd[0], inbox).await?;
    let second = stage.open(&mia, inbox).await?;
    let first = stage.open(&noah, inbox).await?;
    let asked = write_in(&stage, &noah, first).await?;
    write_in(&stage, &mia, second).await?;
    stage.idle().await?;
    let list = max.run("ticket list", json!({})).await?;
    let content = list.content()?;
    let listed: Vec<_> = content
        .split("<#")
        .skip(1)
        .filter_map(|rest| rest.split('>').next()?.parse().ok().map(ChannelId))
        .collect();
    assert_eq!(listed, [first, second, silent], "{content}");
    let since = tickets::MessageId(asked.id().0).created_at().unix_seconds();
    let waits = english(Text::ListWaits { since });
    let lines: Vec<_> = content.lines().collect();
    assert!(lines[0].ends_with(&waits), "{content}");
    assert!(!lines[2].contains("waiting"), "{content}");
    stage.finish().await
}

/// The bot ignores messages in other channels: it makes no call and writes nothing.
#[tokio::test]
async fn messages_elsewhere_change_nothing() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let (mia, owner) = (stage.sandbox.member(), stage.sandbox.owner());
    stage.open(&mia, inbox).await?;
    stage.idle().await?;
    stage.stop().await?;
    let before = stage.database()?;
    stage.start().await?;
    let mark = stage.sandbox.mark();
    owner
        .set_role_overwrite(
            inbox.channel,
            stage.sandbox.moderator_role(),
            VIEW_CHANNEL,
            0,
        )
        .await?;
    for _ in 0..20 {
        owner.send(inbox.channel, "Hello").await?;
    }
    stage.idle().await?;
    assert_eq!(stage.sandbox.calls_after(mark).len(), 0);
    stage.stop().await?;
    assert_eq!(stage.database()?, before);
    stage.start().await?;
    stage.finish().await
}
