//! Gateway failures: connections that do not last, refused sessions, late and duplicated events, and
//! access that is removed and restored.

use std::time::{Duration, Instant};

use discord_sandbox::id::ChannelId;
use discord_sandbox::record::{Call, What};
use discord_sandbox::{Channel, EventFault, Hold, Limits, Sandbox};
use serde_json::json;
use tickets::text::Text;

use crate::stage::{
    Inbox, MANAGE_THREADS, Result, Stage, VIEW_CHANNEL, english, here, time_passes, user,
};

impl Stage {
    /// Waits until a session was resumed after a mark.
    pub(crate) async fn resumed(&self, mark: u64) -> Result {
        let resumed = |entry: &discord_sandbox::record::Entry| match &entry.what {
            What::Gateway { what } if what.contains("is resumed") => Some(()),
            _ => None,
        };
        Ok(self
            .sandbox
            .wait_for_entry("the session is resumed", mark, resumed)
            .await?)
    }
}

/// How many entries of the gateway contain these words after a mark.
pub(crate) fn count_noted(stage: &Stage, mark: u64, words: &str) -> usize {
    let entries = stage.sandbox.record_after(mark);
    let is_noted = |what: &What| matches!(what, What::Gateway { what } if what.contains(words));
    entries.iter().filter(|entry| is_noted(&entry.what)).count()
}

#[tokio::test]
async fn connections_that_do_not_last_cost_no_session_and_no_event() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let crowd = stage.sandbox.crowd("member", 5)?;
    let mut tickets = Vec::new();
    for person in &crowd {
        tickets.push(stage.open(person, inbox).await?);
    }
    let first = stage.sandbox.mark();
    for (at, (person, ticket)) in crowd.iter().zip(&tickets).enumerate() {
        let mark = stage.sandbox.mark();
        match at {
            0 | 3 => stage.sandbox.ask_to_reconnect(),
            1 => stage.sandbox.cut_gateway(4000),
            _ => stage.sandbox.cut_gateway(1006),
        };
        person.leave(*ticket).await?;
        stage.resumed(mark).await?;
    }
    for ticket in tickets {
        stage.closed(ticket, true).await?;
        assert_eq!(stage.said(ticket).len(), 2, "the starter and one note");
    }
    assert_eq!(stage.sessions_after(first), (0, 5), "begun and resumed");
    stage.finish().await
}

#[tokio::test]
async fn connections_that_end_before_hello_are_followed_ever_more_slowly() -> Result {
    let mut stage = Stage::without_bot(Sandbox::start().await?)?;
    stage.sandbox.hold_gateway(Hold::Hello);
    stage.begin().await?;
    let mut mark = 0;
    for connection in 0..10 {
        // The test advances the clock instead of waiting for the back-off.
        while count_noted(&stage, mark, "waits for its HELLO") == 0 {
            time_passes(Duration::from_millis(250)).await;
            tokio::task::yield_now().await;
        }
        assert_eq!(
            count_noted(&stage, mark, "waits for its HELLO"),
            1,
            "{connection}"
        );
        mark = stage.sandbox.mark();
        // Without a close frame.
        stage.sandbox.cut_gateway(1006);
    }
    let warnings = stage.warned("does not last").await?;
    assert_eq!(warnings.len(), 1, "{warnings:#?}");
    stage.sandbox.release_gateway();
    stage.sandbox.wait_for_bot().await?;
    let inbox = stage.inbox().await?;
    stage.open(&stage.sandbox.member(), inbox).await?;
    stage.finish().await
}

#[tokio::test]
async fn a_session_that_is_refused_twice_is_asked_for_again_at_discords_pace() -> Result {
    let sandbox = Sandbox::builder().limits(Limits::Discord).start().await?;
    let mut stage = Stage::on(sandbox).await?;
    stage.caught_up().await?;
    stage.stop().await?;
    let mark = stage.sandbox.mark();
    // The old session has ended, and Discord does not allow a new one so soon.
    stage.start_without_session().await?;
    assert_eq!(stage.sessions_after(mark), (1, 0), "begun and resumed");
    assert_eq!(count_noted(&stage, mark, "cannot be resumed"), 1);
    // On a slow machine, enough time may have passed for a new session.
    let refused = count_noted(&stage, mark, "may not begin");
    assert!(refused <= 1, "it is asked for again and again: {refused}");
    stage.inbox().await?;
    stage.finish().await
}

#[tokio::test]
async fn events_that_come_late_or_twice_make_one_note() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let crowd = stage.sandbox.crowd("member", 4)?;
    let mut tickets = Vec::new();
    for person in &crowd {
        tickets.push(stage.open(person, inbox).await?);
    }
    let fault = |fault: EventFault| stage.sandbox.fault_event(fault);
    fault(EventFault::twice("THREAD_MEMBERS_UPDATE"))?;
    crowd[0].leave(tickets[0]).await?;
    stage.closed(tickets[0], true).await?;
    // Discord reports twice that the member left the server, and the event of the thread is last.
    fault(EventFault::late("THREAD_MEMBERS_UPDATE", 3))?;
    fault(EventFault::twice("GUILD_MEMBER_REMOVE"))?;
    crowd[1].leave_guild().await?;
    stage.closed(tickets[1], true).await?;
    // Staff archive the ticket before the bot knows that the owner left.
    fault(EventFault::late("THREAD_MEMBERS_UPDATE", 2))?;
    crowd[2].leave(tickets[2]).await?;
    stage.sandbox.moderator().archive(tickets[2]).await?;
    stage.closed(tickets[2], true).await?;
    fault(EventFault::twice("THREAD_UPDATE").times(2))?;
    stage.sandbox.moderator().archive(tickets[3]).await?;
    stage.closed(tickets[3], true).await?;
    stage.sandbox.clear_event_faults();
    stage.idle().await?;
    for ticket in tickets {
        assert_eq!(stage.said(ticket).len(), 2, "the starter and one note");
    }
    stage.finish().await
}

#[tokio::test]
async fn old_news_does_not_open_a_ticket_that_is_closed() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let max = stage.sandbox.moderator();
    let ticket = stage.open(&stage.sandbox.member(), inbox).await?;
    max.archive(ticket).await?;
    stage.closed(ticket, true).await?;
    stage.idle().await?;
    // Staff reopen the ticket and archive it again, and the first event arrives after the second.
    stage
        .sandbox
        .fault_event(EventFault::late("THREAD_UPDATE", 2))?;
    max.reopen(ticket).await?;
    max.archive(ticket).await?;
    stage.idle().await?;
    stage.sandbox.clear_event_faults();
    stage.idle().await?;
    stage.stop().await?;
    let known = stage.store()?.ticket(here(ticket)).await?;
    assert!(known.is_some_and(|ticket| ticket.is_closed()));
    stage.finish().await
}

#[tokio::test]
async fn who_is_back_in_the_server_keeps_what_they_opened_since() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let mia = stage.sandbox.member();
    let before = stage.open(&mia, inbox).await?;
    // The events of her leaving arrive after she has come back.
    let late = ["GUILD_MEMBER_REMOVE", "THREAD_MEMBERS_UPDATE"];
    for event in late {
        stage.sandbox.fault_event(EventFault::late(event, 100))?;
    }
    mia.leave_guild().await?;
    mia.join_guild().await?;
    stage.a_minute_passes();
    let since = stage.open(&mia, inbox).await?;
    let mark = stage.sandbox.mark();
    stage.sandbox.clear_event_faults();
    // The older ticket is closed, because she is no longer in it.
    stage.closed(before, true).await?;
    let request = format!("/channels/{since}/thread-members/{}", mia.id());
    let requested = stage.sandbox.wait_for_entry("the request", mark, |entry| {
        let call = matches!(&entry.what, What::Call(call) if call.path == request);
        call.then_some(())
    });
    requested.await?;
    stage.caught_up().await?;
    stage.stop().await?;
    assert_eq!(stage.thread(since).map(|it| it.archived), Some(false));
    assert_eq!(stage.said(since).len(), 1, "only the starter");
    assert_eq!(stage.said(before).len(), 2, "the starter and one note");
    stage.finish().await
}

#[tokio::test]
async fn what_happened_during_an_outage_is_looked_for_when_it_is_over() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let mia = stage.sandbox.member();
    let ticket = stage.open(&mia, inbox).await?;
    let guild = stage.sandbox.guild_id();
    stage.sandbox.begin_outage(guild)?;
    mia.leave(ticket).await?;
    stage.sandbox.end_outage(guild)?;
    stage.closed(ticket, true).await?;
    assert_eq!(stage.said(ticket).len(), 2, "the starter and one note");
    // An outage that begins before a restart and ends after it.
    let noah = stage.sandbox.member2();
    let ticket = stage.open(&noah, inbox).await?;
    stage.caught_up().await?;
    stage.sandbox.begin_outage(guild)?;
    stage.stop().await?;
    noah.leave(ticket).await?;
    let mark = stage.sandbox.mark();
    stage.start().await?;
    assert_eq!(stage.sessions_after(mark), (0, 1), "begun and resumed");
    stage.sandbox.end_outage(guild)?;
    stage.closed(ticket, true).await?;
    assert_eq!(stage.said(ticket).len(), 2, "the starter and one note");
    stage.finish().await
}

#[tokio::test]
async fn a_channel_that_the_bot_can_see_again_is_looked_through() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage
        .inbox_with(json!({"destination": stage.tickets()}))
        .await?;
    let elsewhere = stage.inbox().await?;
    let (owner, mia) = (stage.sandbox.owner(), stage.sandbox.member());
    let ticket = stage.open(&mia, inbox).await?;
    let stays = stage.open(&stage.sandbox.member2(), inbox).await?;
    let other = stage.open(&stage.sandbox.member2(), elsewhere).await?;
    let role = stage.sandbox.defaults().bot_role;
    owner
        .set_role_overwrite(stage.tickets(), role, 0, VIEW_CHANNEL)
        .await?;
    mia.leave(ticket).await?;
    stage.idle().await?;
    assert_eq!(stage.thread(ticket).map(|it| it.archived), Some(false));
    let mark = stage.sandbox.mark();
    owner
        .set_role_overwrite(stage.tickets(), role, VIEW_CHANNEL | MANAGE_THREADS, 0)
        .await?;
    stage.closed(ticket, true).await?;
    let note = english(Text::OwnerLeftLocked {
        owner: user(mia.id()),
    });
    assert_eq!(stage.said(ticket)[1..], [note]);
    // The bot checks the newest tickets first, so it has asked for the other ticket by now.
    let calls = stage.sandbox.calls_after(mark);
    stage.caught_up().await?;
    assert_eq!(stage.thread(stays).map(|it| it.archived), Some(false));
    let asked = |thread: ChannelId| {
        let path = format!("/channels/{thread}/thread-members");
        let asked = calls.iter().filter(|call| call.path.starts_with(&path));
        asked.count()
    };
    assert_eq!((asked(stays), asked(other)), (1, 0));
    stage.finish().await
}

#[tokio::test]
async fn a_thousand_tickets_are_looked_through_newest_first_and_members_do_not_wait() -> Result {
    // Discord allows a thousand active threads; some room is for a new ticket.
    const COUNT: u32 = 990;
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let max = stage.sandbox.moderator();
    let made = max.create_threads(inbox.channel, "ticket", true, COUNT);
    let tickets: Vec<ChannelId> = made.await?.iter().map(Channel::id).collect();
    stage.stop().await?;
    stage.remember(&tickets, max.id().0, inbox)?;
    let mark = stage.sandbox.mark();
    let began = Instant::now();
    stage.start_without_session().await?;
    let checked_in = |calls: &[Call]| -> Vec<usize> {
        let threads = calls.iter().filter_map(|call| {
            let rest = call.path.strip_prefix("/channels/")?;
            let (thread, _) = rest.split_once("/thread-members/")?;
            let id = ChannelId(thread.parse().ok()?);
            tickets.iter().position(|ticket| *ticket == id)
        });
        threads.collect()
    };
    // Meanwhile a member gets a ticket, and waits for none of them.
    stage.open(&stage.sandbox.member(), inbox).await?;
    let before = checked_in(&stage.sandbox.calls_after(mark)).len();
    let many = stage.sandbox.wait_for_entry("many checks", mark, |_| {
        let checks = checked_in(&stage.sandbox.calls_after(mark)).len();
        (checks >= 40).then_some(())
    });
    many.await?;
    let order = checked_in(&stage.sandbox.calls_after(mark));
    // The bot starts one check every 50 ms, however fast Discord responds.
    let allowed = 4 + began.elapsed().as_millis() / 50;
    assert!(
        (order.len() as u128) <= allowed,
        "{} > {allowed}",
        order.len()
    );
    // All of them would take 50 seconds, and a busy machine may be slow.
    assert!(before < 500, "the click waited for {before} checks");
    // A few checks run concurrently, and may overtake each other.
    for (at, ticket) in order.iter().enumerate() {
        let rank = tickets.len() - 1 - ticket;
        assert!(rank.abs_diff(at) < 4, "{order:?}");
    }
    let stopping = Instant::now();
    stage.stop().await?;
    assert!(stopping.elapsed() < Duration::from_secs(20));
    // The next start checks the remaining tickets.
    let mark = stage.sandbox.mark();
    stage.start().await?;
    assert_eq!(stage.sessions_after(mark), (1, 0), "begun and resumed");
    stage.finish().await
}

impl Stage {
    /// Puts threads into the database as this person's tickets, while the bot is stopped.
    pub(crate) fn remember(&self, tickets: &[ChannelId], owner: u64, inbox: Inbox) -> Result {
        let mut conn = rusqlite::Connection::open(self.database_file())?;
        let (guild, owner) = (self.sandbox.guild_id().0.cast_signed(), owner.cast_signed());
        let all = conn.transaction()?;
        all.execute("INSERT OR IGNORE INTO user (id) VALUES (?)", [owner])?;
        all.execute(
            "INSERT OR IGNORE INTO member (guild_id, user_id) VALUES (?, ?)",
            [guild, owner],
        )?;
        for ticket in tickets {
            let ticket = ticket.0.cast_signed();
            all.execute(
                "INSERT INTO channel (id, guild_id) VALUES (?, ?)",
                [ticket, guild],
            )?;
            all.execute(
                "INSERT INTO ticket (id, inbox_id, owner_id) VALUES (?, ?, ?)",
                [ticket, inbox.message.0.cast_signed(), owner],
            )?;
        }
        Ok(all.commit()?)
    }
}
