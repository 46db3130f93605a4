//! The bot cannot delete an orphaned thread, and deletes it as soon as it can.

use discord_sandbox::id::ChannelId;
use discord_sandbox::record::What;
use discord_sandbox::{Fault, Person};
use serde_json::json;
use tickets::permission::{FOR_TICKETS, Missing, Permission};
use tickets::text::Text;

use crate::stage::{BUTTON, Inbox, MANAGE_THREADS, Result, Stage, VIEW_CHANNEL, english, here};

impl Stage {
    /// Mia clicks. Between the thread and its starting message, the bot loses access to the thread because of
    /// this event. Returns the thread, and the final response to Mia.
    async fn interrupted(
        &self,
        mia: &Person,
        inbox: Inbox,
        happens: impl AsyncFnOnce() -> Result,
    ) -> Result<(ChannelId, String)> {
        let parent = self.tickets();
        let held = Fault::held().on("POST", "/channels/*/messages");
        self.sandbox.fail_next(held)?;
        let before = self.threads(parent);
        let click = mia
            .start_click(inbox.channel, inbox.message, BUTTON)
            .await?;
        let thread = self
            .sandbox
            .wait_until("the starting message is held", |look| {
                let mut threads = look.threads_of(parent).into_iter().map(|it| it.id);
                threads.find(|thread| !before.contains(thread))
            })
            .await?;
        // No other call is in flight when the bot loses its access.
        mia.answer_to(click).await?;
        happens().await?;
        let mark = self.sandbox.mark();
        self.sandbox.clear_faults();
        let response = self
            .sandbox
            .wait_for_entry("Mia gets a response", mark, |entry| match &entry.what {
                What::Call(call) if call.is("PATCH", "/webhooks/*/*/messages/@original") => {
                    call.request["content"].as_str().map(str::to_owned)
                }
                _ => None,
            })
            .await?;
        assert!(self.thread(thread).is_some(), "it cannot be deleted");
        Ok((thread, response))
    }

    pub(crate) fn threads(&self, channel: ChannelId) -> Vec<ChannelId> {
        self.sandbox.look(|look| {
            let threads = look.threads_of(channel).into_iter();
            threads.map(|thread| thread.id).collect()
        })
    }

    async fn is_gone(&self, thread: ChannelId) -> Result {
        self.sandbox
            .wait_until("the thread is gone", |look| {
                look.thread(thread).is_none().then_some(())
            })
            .await?;
        Ok(())
    }

    /// Whether the bot may see the channel with the tickets.
    pub(crate) async fn tickets_are_visible(&self, are_visible: bool) -> Result {
        let bot = self.sandbox.bot_id();
        let (allow, deny) = if are_visible {
            (VIEW_CHANNEL | MANAGE_THREADS, 0)
        } else {
            (0, VIEW_CHANNEL)
        };
        let owner = self.sandbox.owner();
        owner
            .set_member_overwrite(self.tickets(), bot, allow, deny)
            .await?;
        Ok(())
    }

    pub(crate) async fn inbox_for_tickets(&self) -> Result<Inbox> {
        self.inbox_with(json!({"destination": self.tickets()}))
            .await
    }
}

fn cannot_see(channel: ChannelId) -> String {
    let missing = vec![Missing {
        channel: here(channel),
        permissions: FOR_TICKETS.to_vec(),
    }];
    english(Text::CannotOpen { missing })
}

#[tokio::test]
async fn a_thread_out_of_sight_is_deleted_once_it_is_seen_again() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox_for_tickets().await?;
    let (owner, mia) = (stage.sandbox.owner(), stage.sandbox.member());
    let (thread, response) = stage
        .interrupted(&mia, inbox, async || stage.tickets_are_visible(false).await)
        .await?;
    assert_eq!(response, cannot_see(stage.tickets()));
    // The thread does not count as Mia's ticket, so she can open a ticket in another channel.
    stage.a_minute_passes();
    owner
        .run("inbox destination", json!({"channel": stage.support()}))
        .await?;
    stage.select(&owner, inbox.channel, inbox.message).await?;
    let ticket = stage.open(&mia, inbox).await?;
    // While the bot cannot view the thread, it makes no useless calls.
    stage.an_idle_restart_does_nothing().await?;
    assert!(stage.thread(thread).is_some());

    stage.tickets_are_visible(true).await?;
    stage.is_gone(thread).await?;
    stage.caught_up().await?;
    assert!(stage.thread(ticket).is_some_and(|it| !it.archived));
    stage.an_idle_restart_does_nothing().await?;
    stage.finish().await
}

#[tokio::test]
async fn while_others_open_tickets_an_orphaned_thread_is_deleted_all_the_same() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox_for_tickets().await?;
    let (owner, mia) = (stage.sandbox.owner(), stage.sandbox.member());
    let (thread, _) = stage
        .interrupted(&mia, inbox, async || stage.tickets_are_visible(false).await)
        .await?;
    owner
        .run("inbox destination", json!({"channel": stage.support()}))
        .await?;
    stage.select(&owner, inbox.channel, inbox.message).await?;
    // Noah's thread is not created yet, so the bot cannot exclude that another thread is his.
    let held = Fault::held().on("POST", "/channels/*/threads");
    stage.sandbox.fail_next(held)?;
    let mark = stage.sandbox.mark();
    let noah = stage.sandbox.member2();
    let click = noah
        .start_click(inbox.channel, inbox.message, BUTTON)
        .await?;
    stage
        .sandbox
        .wait_for_entry("the click is acknowledged", mark, |entry| {
            let What::Call(call) = &entry.what else {
                return None;
            };
            call.is("POST", "/interactions/*/*/callback").then_some(())
        })
        .await?;
    stage.tickets_are_visible(true).await?;
    stage.is_gone(thread).await?;
    stage.sandbox.clear_faults();
    let opened = noah.answer_to(click).await?;
    assert!(opened.content()?.contains("<#"), "{opened:?}");
    stage.finish().await
}

#[tokio::test]
async fn a_thread_that_is_seen_again_while_the_bot_is_away_is_deleted_at_its_start() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox_for_tickets().await?;
    let mia = stage.sandbox.member();
    let (thread, _) = stage
        .interrupted(&mia, inbox, async || stage.tickets_are_visible(false).await)
        .await?;
    stage.stop().await?;
    stage.tickets_are_visible(true).await?;
    stage.start_without_session().await?;
    stage.is_gone(thread).await?;
    stage.an_idle_restart_does_nothing().await?;
    stage.finish().await
}

#[tokio::test]
async fn a_bot_that_is_invited_again_deletes_what_it_left_behind() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox_for_tickets().await?;
    let (owner, mia) = (stage.sandbox.owner(), stage.sandbox.member());
    let bot = stage.sandbox.bot_id();
    let (thread, _) = stage
        .interrupted(&mia, inbox, async || Ok(owner.kick(bot).await?))
        .await?;
    owner.invite(bot).await?;
    stage.tickets_are_visible(true).await?;
    stage.is_gone(thread).await?;
    stage.an_idle_restart_does_nothing().await?;
    stage.finish().await
}

#[tokio::test]
async fn a_thread_that_staff_deletes_is_not_deleted_again() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox_for_tickets().await?;
    let (owner, mia) = (stage.sandbox.owner(), stage.sandbox.member());
    let (thread, _) = stage
        .interrupted(&mia, inbox, async || stage.tickets_are_visible(false).await)
        .await?;
    owner.delete(thread).await?;
    stage.tickets_are_visible(true).await?;
    stage.caught_up().await?;
    stage.an_idle_restart_does_nothing().await?;
    stage.finish().await
}

#[tokio::test]
async fn a_thread_that_cannot_be_deleted_for_a_moment_is_deleted_in_a_moment() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox_for_tickets().await?;
    let mia = stage.sandbox.member();
    // According to the bot's cache, no permission is missing, so it retries soon.
    for (method, path) in [
        ("POST", "/channels/*/messages"),
        ("DELETE", "/channels/*"),
        ("PATCH", "/channels/*"),
    ] {
        let refused = Fault::refusal(403, 50_001, "Missing Access");
        stage.sandbox.fail_next(refused.on(method, path))?;
    }
    stage.click(&mia, inbox).await?;
    let [thread] = stage.threads(stage.tickets())[..] else {
        panic!("one thread")
    };
    stage.is_gone(thread).await?;
    stage.caught_up().await?;
    assert!(stage.sandbox.waiting_faults().is_empty());
    stage.an_idle_restart_does_nothing().await?;
    stage.finish().await
}

#[tokio::test]
async fn a_thread_that_the_bot_may_not_delete_is_archived() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox_for_tickets().await?;
    let (owner, mia) = (stage.sandbox.owner(), stage.sandbox.member());
    let role = stage.sandbox.defaults().bot_role;
    let lost = MANAGE_THREADS | Permission::SendMessagesInThreads.bit();
    let (thread, response) = stage
        .interrupted(&mia, inbox, async || {
            owner
                .set_role_overwrite(stage.tickets(), role, 0, lost)
                .await?;
            Ok(())
        })
        .await?;
    let missing = vec![Missing {
        channel: here(stage.tickets()),
        permissions: vec![Permission::SendMessagesInThreads],
    }];
    assert_eq!(response, english(Text::CannotOpen { missing }));
    stage.closed(thread, false).await?;
    stage.an_idle_restart_does_nothing().await?;
    stage.finish().await
}
