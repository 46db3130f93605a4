//! After a downtime, the bot notices missed changes and handles them as if it had seen them.

use std::time::Duration;

use discord_sandbox::Fault;
use discord_sandbox::id::ChannelId;
use discord_sandbox::record::{Call, What};
use serde_json::json;
use tickets::InboxId;
use tickets::RoleId;
use tickets::inbox::InboxChange;
use tickets::text::Text;
use tickets::ticket::{Phase, Reason, State};

use crate::settings::write;
use crate::stage::{BUTTON, Inbox, MANAGE_THREADS, Result, Stage, english, here, user};

impl Stage {
    /// Stops the bot, lets the people act, and starts it again when Discord has forgotten its
    /// session.
    pub(crate) async fn away(&mut self, acts: impl AsyncFnOnce(&Self) -> Result) -> Result {
        self.stop().await?;
        acts(self).await?;
        self.start_without_session().await?;
        self.caught_up().await
    }

    /// Restarts the bot although nothing has changed: it writes nothing and changes nothing.
    pub(crate) async fn an_idle_restart_does_nothing(&mut self) -> Result<Vec<Call>> {
        self.idle().await?;
        self.stop().await?;
        let before = self.database()?;
        let mark = self.sandbox.mark();
        self.start_without_session().await?;
        self.caught_up().await?;
        self.stop().await?;
        let calls = self.sandbox.calls_after(mark);
        let changing: Vec<_> = calls
            .iter()
            .filter(|call| call.method != "GET" && !call.path.starts_with("/interactions/"))
            .map(|call| (&call.method, &call.path))
            .collect();
        assert_eq!(changing, []);
        assert_eq!(self.database()?, before, "the database was written to");
        self.start().await?;
        Ok(calls)
    }
}

/// How often the bot asked for the ticket's messages or members.
fn asks_for(calls: &[Call], thread: ChannelId) -> usize {
    let path = format!("/channels/{thread}/");
    calls
        .iter()
        .filter(|call| call.method == "GET" && call.path.starts_with(&path))
        .count()
}

#[tokio::test]
async fn an_owner_who_left_the_thread_closes_the_ticket_with_one_note() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let mia = stage.sandbox.member();
    let ticket = stage.open(&mia, inbox).await?;
    let other = stage.open(&stage.sandbox.member2(), inbox).await?;
    stage.away(async |_| Ok(mia.leave(ticket).await?)).await?;
    stage.closed(ticket, true).await?;
    let note = english(Text::OwnerLeftLocked {
        owner: user(mia.id()),
    });
    assert_eq!(stage.said(ticket)[1..], [note]);
    assert_eq!(stage.said(other).len(), 1, "only the starter");
    assert_eq!(stage.thread(other).map(|it| it.archived), Some(false));
    let calls = stage.an_idle_restart_does_nothing().await?;
    assert_eq!(asks_for(&calls, ticket), 0, "a closed ticket is let be");
    assert_eq!(asks_for(&calls, other), 1);
    stage.finish().await
}

#[tokio::test]
async fn an_owner_who_left_the_server_closes_all_of_their_tickets() -> Result {
    let mut stage = Stage::set().await?;
    let here = stage.inbox().await?;
    let there = stage
        .inbox_with(json!({"destination": stage.tickets()}))
        .await?;
    let mia = stage.sandbox.member();
    let tickets = [
        stage.open(&mia, here).await?,
        stage.open(&mia, there).await?,
    ];
    stage.away(async |_| Ok(mia.leave_guild().await?)).await?;
    for ticket in tickets {
        stage.closed(ticket, true).await?;
        assert_eq!(stage.said(ticket).len(), 2, "the starter and one note");
    }
    stage.an_idle_restart_does_nothing().await?;
    stage.finish().await
}

#[tokio::test]
async fn an_archived_ticket_is_locked_with_one_note() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let (max, mia) = (stage.sandbox.moderator(), stage.sandbox.member());
    let ticket = stage.open(&mia, inbox).await?;
    let left = stage.open(&stage.sandbox.member2(), inbox).await?;
    stage
        .away(async |stage| {
            max.archive(ticket).await?;
            stage.sandbox.member2().leave(left).await?;
            max.archive(left).await?;
            Ok(())
        })
        .await?;
    for ticket in [ticket, left] {
        stage.closed(ticket, true).await?;
        assert_eq!(stage.said(ticket)[1..], [english(Text::Archived {})]);
    }
    stage.idle().await?;
    let calls = stage.an_idle_restart_does_nothing().await?;
    assert_eq!(asks_for(&calls, ticket) + asks_for(&calls, left), 0);
    stage.finish().await
}

#[tokio::test]
async fn without_manage_threads_an_archived_ticket_is_let_be_and_not_asked_for_again() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let (owner, bot_role) = (stage.sandbox.owner(), stage.sandbox.defaults().bot_role);
    owner
        .set_role_overwrite(inbox.channel, bot_role, 0, MANAGE_THREADS)
        .await?;
    let ticket = stage.open(&stage.sandbox.member(), inbox).await?;
    stage
        .away(async |stage| {
            stage.sandbox.moderator().archive(ticket).await?;
            Ok(())
        })
        .await?;
    stage.closed(ticket, false).await?;
    assert_eq!(stage.said(ticket).len(), 1, "only the starter");
    let calls = stage.an_idle_restart_does_nothing().await?;
    assert_eq!(asks_for(&calls, ticket), 0);
    stage.finish().await
}

#[tokio::test]
async fn a_ticket_that_staff_reopened_stays_open_and_is_looked_after() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let (max, mia) = (stage.sandbox.moderator(), stage.sandbox.member());
    let abandoned = stage.open(&mia, inbox).await?;
    let archived = stage.open(&stage.sandbox.member2(), inbox).await?;
    mia.leave(abandoned).await?;
    max.archive(archived).await?;
    stage.closed(abandoned, true).await?;
    stage.closed(archived, true).await?;
    stage.idle().await?;
    stage
        .away(async |_| {
            for ticket in [abandoned, archived] {
                max.reopen(ticket).await?;
                max.unlock(ticket).await?;
            }
            Ok(())
        })
        .await?;
    stage.an_idle_restart_does_nothing().await?;
    for ticket in [abandoned, archived] {
        assert_eq!(stage.thread(ticket).map(|it| it.archived), Some(false));
        assert_eq!(stage.said(ticket).len(), 2, "no further note");
    }
    stage
        .away(async |stage| {
            max.archive(abandoned).await?;
            stage.sandbox.member2().leave(archived).await?;
            Ok(())
        })
        .await?;
    for ticket in [abandoned, archived] {
        stage.closed(ticket, true).await?;
        assert_eq!(stage.said(ticket).len(), 3, "one more note");
    }
    stage.finish().await
}

#[tokio::test]
async fn a_ticket_reopened_without_its_owner_outlives_their_membership() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let (max, mia) = (stage.sandbox.moderator(), stage.sandbox.member());
    let ticket = stage.open(&mia, inbox).await?;
    max.archive(ticket).await?;
    stage.closed(ticket, true).await?;
    stage.idle().await?;
    stage
        .away(async |_| {
            mia.leave_guild().await?;
            mia.join_guild().await?;
            Ok(())
        })
        .await?;
    let mark = stage.sandbox.mark();
    max.reopen(ticket).await?;
    let request = format!("/channels/{ticket}/thread-members/{}", mia.id());
    let is_request = |what: &What| matches!(what, What::Call(call) if call.path == request);
    let owner_is_missed = stage.sandbox.wait_for_entry("the request", mark, |entry| {
        is_request(&entry.what).then_some(())
    });
    owner_is_missed.await?;
    max.unlock(ticket).await?;
    stage.idle().await?;
    mia.leave_guild().await?;
    stage.idle().await?;
    // The bot handles the events that it has received before it stops.
    stage.stop().await?;
    assert_eq!(stage.thread(ticket).map(|it| it.archived), Some(false));
    assert_eq!(stage.said(ticket).len(), 2, "no further note");
    stage.finish().await
}

#[tokio::test]
async fn an_owner_who_was_brought_back_can_leave_again() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let (max, mia) = (stage.sandbox.moderator(), stage.sandbox.member());
    let ticket = stage.open(&mia, inbox).await?;
    mia.leave(ticket).await?;
    stage.closed(ticket, true).await?;
    stage
        .away(async |_| {
            max.reopen(ticket).await?;
            max.unlock(ticket).await?;
            max.add(ticket, mia.id()).await?;
            Ok(())
        })
        .await?;
    mia.leave(ticket).await?;
    stage.closed(ticket, true).await?;
    assert_eq!(stage.said(ticket).len(), 3, "the starter and two notes");
    stage.finish().await
}

#[tokio::test]
async fn an_owner_who_was_never_invited_has_not_left() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    stage.stop().await?;
    let message = InboxId(inbox.message.0);
    let starter = "Staff only".to_owned();
    assert!(
        stage
            .store()?
            .change_inbox(message, InboxChange::Starter(starter))
            .await?
    );
    stage.start_without_session().await?;
    let mia = stage.sandbox.member();
    let ticket = stage.open(&mia, inbox).await?;
    stage.an_idle_restart_does_nothing().await?;
    assert_eq!(stage.thread(ticket).map(|it| it.archived), Some(false));
    stage.away(async |_| Ok(mia.leave_guild().await?)).await?;
    stage.closed(ticket, true).await?;
    stage.finish().await
}

#[tokio::test]
async fn what_was_deleted_is_forgotten() -> Result {
    let mut stage = Stage::set().await?;
    let owner = stage.sandbox.owner();
    let (kept, deleted) = (stage.inbox().await?, stage.inbox().await?);
    let channel = owner.create_channel("more", 0).await?.id();
    let elsewhere = stage.inbox_with(json!({"destination": channel})).await?;
    let orphan = stage.open(&stage.sandbox.member(), deleted).await?;
    let gone = stage.open(&stage.sandbox.member2(), kept).await?;
    let gone_too = stage.open(&stage.sandbox.member2(), elsewhere).await?;
    let role = stage.sandbox.moderator_role();
    stage
        .away(async |_| {
            owner.delete(gone).await?;
            owner.delete(channel).await?;
            owner
                .delete_message(deleted.channel, deleted.message)
                .await?;
            owner.delete_role(role).await?;
            Ok(())
        })
        .await?;
    stage.an_idle_restart_does_nothing().await?;
    stage.stop().await?;
    let store = stage.store()?;
    let known = async |inbox: Inbox| store.inbox(InboxId(inbox.message.0)).await;
    assert_eq!(known(deleted).await?, None);
    let kept = known(kept).await?.ok_or("that inbox is there")?;
    assert!(!kept.staff.contains(&tickets::Mention::Role(RoleId(role.0))));
    let elsewhere = known(elsewhere).await?.ok_or("that inbox is there, too")?;
    assert_eq!(elsewhere.destination, None);
    assert_eq!(store.ticket(here(gone)).await?, None);
    assert_eq!(store.ticket(here(gone_too)).await?, None);
    let orphan = store
        .ticket(here(orphan))
        .await?
        .ok_or("that ticket is there")?;
    // The settings that the ticket needs from the removed inbox are kept.
    assert_eq!(orphan.inbox, Some(InboxId(deleted.message.0)));
    drop(store);
    stage.finish().await
}

#[tokio::test]
async fn a_deleted_channel_takes_its_inbox_along() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage
        .inbox_with(json!({"destination": stage.tickets()}))
        .await?;
    let mia = stage.sandbox.member();
    let ticket = stage.open(&mia, inbox).await?;
    stage.stop().await?;
    stage.sandbox.owner().delete(inbox.channel).await?;
    let mark = stage.sandbox.mark();
    stage.start_without_session().await?;
    let asked = format!("/channels/{}/messages/{}", inbox.channel, inbox.message);
    stage
        .sandbox
        .wait_for_entry("the inbox is asked for", mark, |entry| match &entry.what {
            What::Call(call) => call.is("GET", &asked).then_some(()),
            _ => None,
        })
        .await?;
    mia.leave(ticket).await?;
    stage.closed(ticket, true).await?;
    stage.stop().await?;
    let store = stage.store()?;
    assert_eq!(store.inbox(InboxId(inbox.message.0)).await?, None);
    assert!(store.ticket(here(ticket)).await?.is_some());
    drop(store);
    stage.finish().await
}

#[tokio::test]
async fn what_discord_does_not_tell_of_stays() -> Result {
    let refusals = [
        Fault::refusal(403, 50_001, "Missing Access"),
        // The object that Discord does not know is another one than the bot asked for.
        Fault::refusal(404, 10_004, "Unknown Guild"),
        Fault::status(404),
        Fault::status(500),
    ];
    for refusal in refusals {
        let mut stage = Stage::set().await?;
        let inbox = stage.inbox().await?;
        let (mia, role) = (stage.sandbox.member(), stage.sandbox.moderator_role());
        let ticket = stage.open(&mia, inbox).await?;
        stage.stop().await?;
        stage.sandbox.owner().delete(ticket).await?;
        stage.sandbox.owner().delete_role(role).await?;
        let what = format!("{:?}", (refusal.status, refusal.code));
        stage
            .sandbox
            .fail_next(refusal.clone().on("GET", "/channels/**").times(1000))?;
        stage
            .sandbox
            .fail_next(refusal.on("GET", "/guilds/**").times(1000))?;
        stage.start_without_session().await?;
        stage.caught_up().await?;
        stage.sandbox.clear_faults();
        stage.stop().await?;
        let store = stage.store()?;
        assert!(store.ticket(here(ticket)).await?.is_some(), "{what}");
        let inbox = store.inbox(InboxId(inbox.message.0)).await?;
        assert_eq!(inbox.map(|inbox| inbox.staff.len()), Some(1), "{what}");
        drop(store);
        // At the next scan, Discord reports the deletion.
        stage.start_without_session().await?;
        stage.caught_up().await?;
        stage.stop().await?;
        assert_eq!(stage.store()?.ticket(here(ticket)).await?, None, "{what}");
        stage.finish().await?;
    }
    Ok(())
}

#[tokio::test]
async fn an_answer_that_was_interrupted_is_finished_with_one_note() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let (mia, noah) = (stage.sandbox.member(), stage.sandbox.member2());
    let noted = stage.open(&mia, inbox).await?;
    let begun = stage.open(&noah, inbox).await?;
    let refused = Fault::refusal(400, 50_035, "Invalid Form Body");
    stage
        .sandbox
        .fail_next(refused.on("PATCH", &format!("/channels/{noted}")))?;
    mia.leave(noted).await?;
    stage
        .sandbox
        .wait_until("the note", |look| {
            (look
                .messages(noted)
                .filter(|m| !m.content.is_empty())
                .count()
                > 1)
            .then_some(())
        })
        .await?;
    stage
        .away(async |stage| {
            assert_eq!(stage.expected_errors().len(), 1, "it could not be archived");
            noah.leave(begun).await?;
            let store = stage.store()?;
            let ticket = store.ticket(here(begun)).await?.ok_or("it is known")?;
            let closing = State {
                phase: Phase::Closing(Reason::OwnerLeft),
                ..ticket.state
            };
            let was = ticket.state.phase;
            assert!(store.set_ticket(ticket.id, was, closing, None).await?);
            Ok(())
        })
        .await?;
    for (ticket, owner) in [(noted, mia.id()), (begun, noah.id())] {
        stage.closed(ticket, true).await?;
        let note = english(Text::OwnerLeftLocked { owner: user(owner) });
        assert_eq!(stage.said(ticket)[1..], [note]);
    }
    stage.an_idle_restart_does_nothing().await?;
    stage.finish().await
}

#[tokio::test]
async fn an_owner_who_was_brought_back_before_the_answer_stays() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let (max, mia) = (stage.sandbox.moderator(), stage.sandbox.member());
    let ticket = stage.open(&mia, inbox).await?;
    let changes_nothing = Fault::refusal(400, 50_035, "Invalid Form Body");
    let archiving = changes_nothing.on("PATCH", &format!("/channels/{ticket}"));
    stage.sandbox.fail_next(archiving)?;
    mia.leave(ticket).await?;
    stage
        .sandbox
        .wait_until("the note", |look| {
            let said = look.messages(ticket).filter(|m| !m.content.is_empty());
            (said.count() > 1).then_some(())
        })
        .await?;
    stage
        .away(async |stage| {
            assert_eq!(stage.expected_errors().len(), 1, "it could not be archived");
            Ok(max.add(ticket, mia.id()).await?)
        })
        .await?;
    stage.an_idle_restart_does_nothing().await?;
    assert_eq!(stage.thread(ticket).map(|it| it.archived), Some(false));
    assert_eq!(stage.said(ticket).len(), 2, "the starter and one note");
    mia.leave(ticket).await?;
    stage.closed(ticket, true).await?;
    assert_eq!(stage.said(ticket).len(), 3, "one note each time");
    stage.finish().await
}

#[tokio::test]
async fn a_lost_session_is_caught_up_with() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let mia = stage.sandbox.member();
    let ticket = stage.open(&mia, inbox).await?;
    // Without a connection and without a session to resume, the bot misses the event.
    stage.sandbox.end_sessions();
    mia.leave(ticket).await?;
    stage.closed(ticket, true).await?;
    assert_eq!(stage.said(ticket).len(), 2, "the starter and one note");
    stage.finish().await
}

#[tokio::test]
async fn an_owner_who_leaves_in_a_gap_before_their_opening_begins() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let mia = stage.sandbox.member();
    write(&stage.sandbox.owner(), "limit-member", "2").await?;
    let first = stage.open(&mia, inbox).await?;
    stage.idle().await?;
    stage.sandbox.advance(Duration::from_secs(61));
    // The check whether she is still in her first ticket is held, so the bot must acknowledge the click
    // first.
    let held = Fault::held().on("GET", "/channels/*/thread-members/*");
    stage.sandbox.fail_next(held)?;
    let mark = stage.sandbox.mark();
    mia.start_click(inbox.channel, inbox.message, BUTTON)
        .await?;
    stage
        .sandbox
        .wait_for_entry("the click is acknowledged", mark, |entry| {
            let What::Call(call) = &entry.what else {
                return None;
            };
            call.path.ends_with("/callback").then_some(())
        })
        .await?;
    let mark = stage.sandbox.mark();
    stage.sandbox.end_sessions();
    mia.leave_guild().await?;
    // The new session's scan has found everything to check, and now checks the inbox.
    stage
        .sandbox
        .wait_for_entry("the scan", mark, |entry| {
            let What::Call(call) = &entry.what else {
                return None;
            };
            let inbox = format!("/messages/{}", inbox.message);
            call.path.ends_with(&inbox).then_some(())
        })
        .await?;
    stage.sandbox.clear_faults();
    stage.idle().await?;
    let threads = stage.threads(inbox.channel);
    let second = threads.into_iter().find(|thread| *thread != first);
    let second = stage.thread(second.ok_or("her second ticket was opened")?);
    let closed = second.map(|thread| (thread.archived, thread.locked));
    assert_eq!(closed, Some((true, true)), "nobody is in it");
    stage.finish().await
}

#[tokio::test]
async fn a_bot_that_is_invited_again_catches_up() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let (owner, mia) = (stage.sandbox.owner(), stage.sandbox.member());
    let ticket = stage.open(&mia, inbox).await?;
    let deleted = stage.open(&stage.sandbox.member2(), inbox).await?;
    let bot = stage.sandbox.bot_id();
    owner.kick(bot).await?;
    mia.leave(ticket).await?;
    owner.delete(deleted).await?;
    owner.invite(bot).await?;
    stage.caught_up().await?;
    stage.closed(ticket, true).await?;
    assert_eq!(stage.said(ticket).len(), 2, "the starter and one note");
    stage.stop().await?;
    let store = stage.store()?;
    assert_eq!(store.ticket(here(deleted)).await?, None);
    assert!(store.ticket(here(ticket)).await?.is_some());
    drop(store);
    stage.finish().await
}

#[tokio::test]
async fn many_tickets_are_looked_at_newest_first_while_members_are_served() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let mut tickets = Vec::new();
    for person in stage.sandbox.crowd("member", 20)? {
        tickets.push(stage.open(&person, inbox).await?);
    }
    stage.stop().await?;
    let mark = stage.sandbox.mark();
    stage.start_without_session().await?;
    let new = stage.open(&stage.sandbox.member(), inbox).await?;
    let asked = |calls: &[Call]| -> Vec<usize> {
        let threads = calls.iter().filter_map(|call| {
            let (thread, _) = call
                .path
                .strip_prefix("/channels/")?
                .split_once("/thread-members/")?;
            let id = thread.parse().ok().map(ChannelId)?;
            tickets.iter().position(|ticket| *ticket == id)
        });
        threads.collect()
    };
    let so_far = asked(&stage.sandbox.calls_after(mark)).len();
    assert!(so_far < tickets.len(), "the click did not wait for them");
    stage.caught_up().await?;
    let order = asked(&stage.sandbox.calls_after(mark));
    assert_eq!(order.len(), tickets.len(), "each is asked for once");
    let oldest = order.iter().position(|at| *at == 0);
    assert!(oldest.is_some_and(|at| at >= 15), "{order:?}");
    assert_eq!(stage.said(new).len(), 1);
    stage.finish().await
}
