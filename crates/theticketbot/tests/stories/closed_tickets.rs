//! Closed tickets that change while the bot is away: a few calls find all changes.

use std::time::Duration;

use discord_sandbox::id::ChannelId;
use discord_sandbox::record::Call;
use serde_json::json;
use tickets::text::Text;
use tickets::ticket::{Phase, Presence, State, Ticket};
use tickets::{GuildId, InboxId};

use crate::stage::{Inbox, MANAGE_THREADS, Result, Stage, english, here, user};

impl Stage {
    /// Opens a ticket for each of these people, and closes it.
    async fn closed_tickets(&self, inbox: Inbox, count: u32) -> Result<Vec<ChannelId>> {
        let mut tickets = Vec::new();
        for person in self.sandbox.crowd("member", count)? {
            let ticket = self.open(&person, inbox).await?;
            person.leave(ticket).await?;
            self.closed(ticket, true).await?;
            tickets.push(ticket);
        }
        self.idle().await?;
        Ok(tickets)
    }

    /// Whether the database knows this ticket, while the bot is stopped.
    async fn knows(&self, ticket: ChannelId) -> Result<bool> {
        Ok(self.store()?.ticket(here(ticket)).await?.is_some())
    }
}

/// How often the bot listed the archived threads of a channel.
fn listings(calls: &[Call]) -> usize {
    let listed = |call: &&Call| call.method == "GET" && call.path.contains("/archived/private");
    calls.iter().filter(listed).count()
}

#[tokio::test]
async fn closed_tickets_that_are_deleted_are_forgotten() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let [kept, deleted] = stage.closed_tickets(inbox, 2).await?[..] else {
        panic!("two tickets")
    };
    let owner = stage.sandbox.owner();
    stage
        .away(async |_| Ok(owner.delete(deleted).await?))
        .await?;
    stage.stop().await?;
    assert!(!stage.knows(deleted).await?);
    assert!(stage.knows(kept).await?);
    stage.start().await?;
    stage.an_idle_restart_does_nothing().await?;
    stage.finish().await
}

#[tokio::test]
async fn a_ticket_that_is_reopened_and_archived_again_is_locked_with_one_note() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let [left, again] = stage.closed_tickets(inbox, 2).await?[..] else {
        panic!("two tickets")
    };
    let max = stage.sandbox.moderator();
    stage
        .away(async |_| {
            max.reopen(again).await?;
            max.unlock(again).await?;
            max.archive(again).await?;
            Ok(())
        })
        .await?;
    stage.closed(again, true).await?;
    assert_eq!(stage.said(again)[2..], [english(Text::Archived {})]);
    assert_eq!(stage.said(left).len(), 2, "the starter and one note");
    stage.idle().await?;
    stage.an_idle_restart_does_nothing().await?;
    stage.finish().await
}

#[tokio::test]
async fn what_was_closed_without_a_lock_is_not_woken_by_a_permission_that_comes_later() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let (owner, bot_role) = (stage.sandbox.owner(), stage.sandbox.defaults().bot_role);
    owner
        .set_role_overwrite(inbox.channel, bot_role, 0, MANAGE_THREADS)
        .await?;
    let mia = stage.sandbox.member();
    let ticket = stage.open(&mia, inbox).await?;
    mia.leave(ticket).await?;
    stage.closed(ticket, false).await?;
    stage.idle().await?;
    stage
        .away(async |_| Ok(owner.delete_overwrite(inbox.channel, bot_role.0).await?))
        .await?;
    stage.an_idle_restart_does_nothing().await?;
    let note = english(Text::OwnerLeft {
        owner: user(mia.id()),
    });
    assert_eq!(stage.said(ticket)[1..], [note]);
    stage.finish().await
}

#[tokio::test]
async fn closed_tickets_are_found_wherever_they_are() -> Result {
    let mut stage = Stage::set().await?;
    let owner = stage.sandbox.owner();
    let channel = owner.create_channel("more", 0).await?.id();
    let (inbox, elsewhere) = (
        stage.inbox().await?,
        stage.inbox_with(json!({"destination": channel})).await?,
    );
    let here_too = stage.closed_tickets(inbox, 2).await?;
    stage.a_minute_passes();
    let there = stage.closed_tickets(elsewhere, 2).await?;
    // Without Manage Threads, the bot may list only the threads that it is in.
    let bot_role = stage.sandbox.defaults().bot_role;
    owner
        .set_role_overwrite(channel, bot_role, 0, MANAGE_THREADS)
        .await?;
    stage
        .away(async |_| {
            // The inbox is removed, so only its tickets show that this channel had tickets.
            owner
                .delete_message(elsewhere.channel, elsewhere.message)
                .await?;
            owner.delete(here_too[0]).await?;
            owner.delete(there[0]).await?;
            Ok(())
        })
        .await?;
    stage.an_idle_restart_does_nothing().await?;
    stage.stop().await?;
    for (ticket, is_known) in [
        (here_too[0], false),
        (here_too[1], true),
        (there[0], false),
        (there[1], true),
    ] {
        assert_eq!(stage.knows(ticket).await?, is_known, "{ticket}");
    }
    stage.finish().await
}

#[tokio::test]
async fn a_channel_that_is_deleted_takes_its_closed_tickets_along() -> Result {
    let mut stage = Stage::set().await?;
    let owner = stage.sandbox.owner();
    let inbox = stage
        .inbox_with(json!({"destination": stage.tickets()}))
        .await?;
    let tickets = stage.closed_tickets(inbox, 2).await?;
    let channel = stage.tickets();
    stage
        .away(async |_| Ok(owner.delete(channel).await?))
        .await?;
    stage.stop().await?;
    for ticket in tickets {
        assert!(!stage.knows(ticket).await?);
    }
    stage.finish().await
}

#[tokio::test]
async fn a_channel_whose_deletion_is_seen_takes_its_closed_tickets_along() -> Result {
    let mut stage = Stage::set().await?;
    let owner = stage.sandbox.owner();
    let elsewhere = json!({"destination": stage.tickets()});
    let (inbox, other) = (stage.inbox_with(elsewhere).await?, stage.inbox().await?);
    let gone = stage.closed_tickets(inbox, 2).await?;
    stage.a_minute_passes();
    let kept = stage.closed_tickets(other, 1).await?;
    let mark = stage.sandbox.mark();
    owner.delete(stage.tickets()).await?;
    let last = format!("/channels/{}", gone[0]);
    stage.asked_for(mark, &last).await?;
    stage.caught_up().await?;
    stage.stop().await?;
    for (tickets, is_known) in [(gone, false), (kept, true)] {
        for ticket in tickets {
            assert_eq!(stage.knows(ticket).await?, is_known, "{ticket}");
        }
    }
    stage.finish().await
}

#[tokio::test]
async fn many_closed_tickets_take_few_questions_and_no_click_waits() -> Result {
    const COUNT: u32 = 250;
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let (owner, mia) = (stage.sandbox.owner(), stage.sandbox.member());
    stage.stop().await?;
    let threads = owner
        .create_threads(inbox.channel, "old", true, COUNT)
        .await?;
    let store = stage.store()?;
    for thread in &threads {
        owner.archive(thread.id()).await?;
        // Pages are continued by archive time, so the times must differ.
        stage.sandbox.advance(Duration::from_millis(2));
        let ticket = Ticket {
            id: here(thread.id()),
            guild: GuildId(stage.sandbox.guild_id().0),
            inbox: Some(InboxId(inbox.message.0)),
            owner: Some(user(mia.id())),
            state: State {
                presence: Presence::Present,
                phase: Phase::Closed { locked: false },
            },
            own_message: None,
            claimed_by: None,
            hidden_since: None,
            is_alone: false,
        };
        store.adopt_ticket(ticket).await?;
    }
    drop(store);
    let deleted = threads[7].id();
    owner.delete(deleted).await?;
    let mark = stage.sandbox.mark();
    stage.a_minute_passes();
    stage.start_without_session().await?;
    stage.open(&mia, inbox).await?;
    stage.caught_up().await?;
    let calls = stage.sandbox.calls_after(mark);
    // The newest thread shows which channel to list. Three pages contain all threads except one.
    assert_eq!(listings(&calls), 3);
    let is_thread = |call: &&Call| {
        let mut threads = threads.iter();
        threads.any(|it| call.path.starts_with(&format!("/channels/{}", it.id())))
    };
    let asked = calls.iter().filter(is_thread).count();
    assert_eq!(asked, 3, "the newest one, and the deleted one twice");
    stage.stop().await?;
    assert!(!stage.knows(deleted).await?);
    assert!(stage.knows(threads[8].id()).await?);
    stage.finish().await
}

#[tokio::test]
async fn where_the_bot_may_not_list_it_asks_for_some_of_them() -> Result {
    const READ_MESSAGE_HISTORY: u64 = 1 << 16;
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let tickets = stage.closed_tickets(inbox, 3).await?;
    let (owner, bot_role) = (stage.sandbox.owner(), stage.sandbox.defaults().bot_role);
    stage
        .away(async |_| {
            owner
                .set_role_overwrite(inbox.channel, bot_role, 0, READ_MESSAGE_HISTORY)
                .await?;
            owner.delete(tickets[0]).await?;
            Ok(())
        })
        .await?;
    stage.stop().await?;
    assert!(!stage.knows(tickets[0]).await?);
    assert!(stage.knows(tickets[1]).await?);
    stage.finish().await
}
