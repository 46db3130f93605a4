//! The scan for missed events fails: nothing is lost, and no interaction gets two responses.

use std::time::Duration;

use discord_sandbox::id::ChannelId;
use discord_sandbox::{Channel, Fault, Person};
use tickets::inbox::InboxChange;
use tickets::text::Text;
use tickets::{InboxId, MessageId};

use crate::stage::{BUTTON, Inbox, Result, Stage, VIEW_CHANNEL, english, here, user};

impl Stage {
    /// Opens a ticket for each of this number of people.
    async fn crowded(&self, inbox: Inbox, count: u32) -> Result<Vec<(Person, ChannelId)>> {
        let mut tickets = Vec::new();
        for person in self.sandbox.crowd("member", count)? {
            let ticket = self.open(&person, inbox).await?;
            tickets.push((person, ticket));
        }
        // Discord's events have confirmed that the owners are in their tickets.
        self.idle().await?;
        Ok(tickets)
    }

    /// Waits until all of these are closed, each with one note.
    async fn all_closed(&self, tickets: &[(Person, ChannelId)]) -> Result {
        for (person, ticket) in tickets {
            self.closed(*ticket, true).await?;
            let note = english(Text::OwnerLeftLocked {
                owner: user(person.id()),
            });
            assert_eq!(self.said(*ticket)[1..], [note]);
        }
        Ok(())
    }

    /// Waits until the bot has made this call.
    pub(crate) async fn asked_for(&self, mark: u64, path: &str) -> Result {
        let asked = self
            .sandbox
            .wait_for_entry(path, mark, |entry| match &entry.what {
                discord_sandbox::record::What::Call(call) => call.is("GET", path).then_some(()),
                _ => None,
            });
        Ok(asked.await?)
    }
}

fn in_thread(thread: ChannelId) -> String {
    format!("/channels/{thread}/thread-members/*")
}

#[tokio::test]
async fn a_session_that_is_lost_while_it_looks_is_looked_for_from_the_beginning() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let tickets = stage.crowded(inbox, 4).await?;
    let (oldest, newest) = (&tickets[0], &tickets[3]);
    stage.stop().await?;
    oldest.0.leave(oldest.1).await?;
    tickets[1].0.leave(tickets[1].1).await?;
    let held = Fault::held().on("GET", &in_thread(tickets[1].1));
    stage.sandbox.fail_next(held)?;
    let mark = stage.sandbox.mark();
    stage.start_without_session().await?;
    // The newest ticket has been checked when the oldest is checked.
    stage.asked_for(mark, &in_thread(newest.1)).await?;
    stage.asked_for(mark, &in_thread(oldest.1)).await?;
    stage.sandbox.end_sessions();
    newest.0.leave(newest.1).await?;
    stage.sandbox.clear_faults();
    stage.closed(newest.1, true).await?;
    stage.caught_up().await?;
    let left = [tickets[0].clone(), tickets[1].clone(), newest.clone()];
    stage.all_closed(&left).await?;
    assert_eq!(stage.said(tickets[2].1).len(), 1, "only the starter");
    stage.finish().await
}

#[tokio::test]
async fn a_failed_check_is_retried() -> Result {
    let faults = [
        // More failures than the retries of a single call.
        Fault::status(500).times(5),
        Fault::refusal(400, 50_035, "Invalid Form Body"),
        Fault::rate_limited(Duration::from_secs(1)),
        Fault::rate_limited(Duration::from_secs(1)).global(),
        Fault::dropped().times(2),
    ];
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let tickets = stage.crowded(inbox, 6).await?;
    stage.stop().await?;
    for ((person, ticket), fault) in tickets.iter().zip(faults) {
        person.leave(*ticket).await?;
        stage
            .sandbox
            .fail_next(fault.on("GET", &in_thread(*ticket)))?;
    }
    stage.start_without_session().await?;
    stage.all_closed(&tickets[..5]).await?;
    assert_eq!(stage.said(tickets[5].1).len(), 1, "only the starter");
    stage.finish().await
}

#[tokio::test]
async fn a_stop_while_it_looks_leaves_all_of_it_to_the_next_start() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let tickets = stage.crowded(inbox, 20).await?;
    stage.stop().await?;
    for (person, ticket) in &tickets {
        person.leave(*ticket).await?;
    }
    let mark = stage.sandbox.mark();
    stage.start_without_session().await?;
    stage.asked_for(mark, &in_thread(tickets[19].1)).await?;
    stage.stop().await?;
    let closed = |(_, ticket): &&(Person, ChannelId)| {
        stage.thread(*ticket).is_some_and(|thread| thread.archived)
    };
    let so_far = tickets.iter().filter(closed).count();
    assert!(so_far < tickets.len(), "it was stopped before the end");
    let mark = stage.sandbox.mark();
    stage.start().await?;
    assert_eq!(stage.sessions_after(mark), (1, 0), "begun and resumed");
    stage.all_closed(&tickets).await?;
    stage.finish().await
}

/// Mia leaves the server while this call is slow and Discord ends the session.
async fn leaves_unseen_during(step: &str) -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let mia = stage.sandbox.member();
    stage.sandbox.fail_next(Fault::held().on("POST", step))?;
    mia.start_click(inbox.channel, inbox.message, BUTTON)
        .await?;
    stage
        .sandbox
        .wait_until(step, |_| {
            stage.sandbox.waiting_faults().is_empty().then_some(())
        })
        .await?;
    stage.sandbox.end_sessions();
    mia.leave_guild().await?;
    stage.sandbox.wait_for_bot().await?;
    // The bot has received the server, and its tickets are being checked.
    stage.scanned().await?;
    stage.sandbox.clear_faults();
    let support = inbox.channel;
    let ticket = stage
        .sandbox
        .wait_until("the thread", |look| {
            look.threads_of(support).pop().map(|thread| thread.id)
        })
        .await?;
    stage.closed(ticket, true).await?;
    let note = english(Text::OwnerLeftLocked {
        owner: user(mia.id()),
    });
    assert_eq!(stage.said(ticket)[1..], [note]);
    stage.finish().await
}

#[tokio::test]
async fn an_owner_who_leaves_unseen_before_there_is_a_thread_has_left() -> Result {
    leaves_unseen_during("/channels/*/threads").await
}

#[tokio::test]
async fn an_owner_who_leaves_unseen_before_they_are_invited_has_left() -> Result {
    leaves_unseen_during("/channels/*/messages").await
}

#[tokio::test]
async fn an_owner_who_is_not_invited_while_the_session_is_lost_has_not_left() -> Result {
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
    let held = Fault::held().on("POST", "/channels/*/messages");
    stage.sandbox.fail_next(held)?;
    mia.start_click(inbox.channel, inbox.message, BUTTON)
        .await?;
    stage
        .sandbox
        .wait_until("the starting message is sent", |_| {
            stage.sandbox.waiting_faults().is_empty().then_some(())
        })
        .await?;
    stage.sandbox.end_sessions();
    stage.sandbox.wait_for_bot().await?;
    stage.scanned().await?;
    let mark = stage.sandbox.mark();
    stage.sandbox.clear_faults();
    let asked = format!("/guilds/*/members/{}", mia.id());
    stage.asked_for(mark, &asked).await?;
    stage.caught_up().await?;
    let support = inbox.channel;
    let open = |look: &discord_sandbox::Look<'_>| {
        let thread = look.threads_of(support).pop()?;
        (!thread.archived).then_some(thread.id)
    };
    let ticket = stage.sandbox.look(open).ok_or("it is open")?;
    assert_eq!(stage.said(ticket).len(), 1, "only the starter");
    stage.finish().await
}

#[tokio::test]
async fn a_channel_that_the_bot_can_see_again_is_caught_up_with() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let tickets = stage.crowded(inbox, 4).await?;
    let (owner, bot) = (stage.sandbox.owner(), stage.sandbox.bot_id());
    let gone = tickets[2].1;
    owner
        .set_member_overwrite(inbox.channel, bot, 0, VIEW_CHANNEL)
        .await?;
    tickets[0].0.leave(tickets[0].1).await?;
    stage.sandbox.moderator().archive(tickets[1].1).await?;
    owner.delete(gone).await?;
    stage.idle().await?;
    let mark = stage.sandbox.mark();
    owner.delete_overwrite(inbox.channel, bot.0).await?;
    stage.all_closed(&tickets[..1]).await?;
    stage.closed(tickets[1].1, true).await?;
    assert_eq!(stage.said(tickets[1].1)[1..], [english(Text::Archived {})]);
    stage.asked_for(mark, &format!("/channels/{gone}")).await?;
    stage.caught_up().await?;
    stage.stop().await?;
    assert_eq!(stage.store()?.ticket(here(gone)).await?, None);
    assert!(stage.store()?.ticket(here(tickets[3].1)).await?.is_some());
    stage.finish().await
}

#[tokio::test]
async fn a_bot_that_is_invited_again_and_sees_nothing_catches_up_when_it_does() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let tickets = stage.crowded(inbox, 3).await?;
    let (owner, bot) = (stage.sandbox.owner(), stage.sandbox.bot_id());
    let gone = tickets[1].1;
    owner.kick(bot).await?;
    tickets[0].0.leave_guild().await?;
    owner.delete(gone).await?;
    owner
        .set_member_overwrite(inbox.channel, bot, 0, VIEW_CHANNEL)
        .await?;
    owner.invite(bot).await?;
    stage.caught_up().await?;
    assert_eq!(stage.said(tickets[0].1).len(), 1, "it could not be seen");
    owner
        .set_member_overwrite(inbox.channel, bot, VIEW_CHANNEL, 0)
        .await?;
    stage.all_closed(&tickets[..1]).await?;
    stage.caught_up().await?;
    assert_eq!(stage.said(tickets[2].1).len(), 1, "only the starter");
    stage.stop().await?;
    assert_eq!(stage.store()?.ticket(here(gone)).await?, None);
    stage.finish().await
}

#[tokio::test]
async fn what_the_database_could_not_take_is_looked_for_again() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let owner = stage.sandbox.owner();
    stage.idle().await?;
    let other = rusqlite::Connection::open(stage.database_file())?;
    other.execute_batch("BEGIN IMMEDIATE")?;
    let mark = stage.sandbox.mark();
    owner.delete_message(inbox.channel, inbox.message).await?;
    // It is checked while the database is still locked.
    let message = format!("/channels/{}/messages/{}", inbox.channel, inbox.message);
    stage.asked_for(mark, &message).await?;
    other.execute_batch("COMMIT")?;
    stage.caught_up().await?;
    let [error] = &stage.expected_errors()[..] else {
        panic!("one event could not be handled")
    };
    assert!(error.contains("locked by another program"), "{error}");
    stage.stop().await?;
    assert_eq!(
        stage
            .store()?
            .inbox_of_message(MessageId(inbox.message.0))
            .await?,
        None
    );
    stage.finish().await
}

#[tokio::test]
async fn many_tickets_that_the_bot_may_not_see_do_not_hide_the_others() -> Result {
    // Discord bans bots with too many refused calls, so the bot pauses after a hundred.
    const HIDDEN: u32 = 108;
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let (owner, bot) = (stage.sandbox.owner(), stage.sandbox.bot_id());
    let tickets = stage.crowded(inbox, 1).await?;
    stage.stop().await?;
    let hidden = owner
        .create_threads(stage.tickets(), "hidden", true, HIDDEN)
        .await?;
    let hidden: Vec<_> = hidden.iter().map(Channel::id).collect();
    stage.remember(&hidden, owner.id().0, inbox)?;
    owner
        .set_member_overwrite(stage.tickets(), bot, 0, VIEW_CHANNEL)
        .await?;
    tickets[0].0.leave(tickets[0].1).await?;
    let mark = stage.sandbox.mark();
    stage.start_without_session().await?;
    for at in [50, 10] {
        let path = format!("/channels/{}", hidden[at]);
        stage.asked_for(mark, &path).await?;
    }
    stage.all_closed(&tickets).await?;
    stage.finish().await
}
