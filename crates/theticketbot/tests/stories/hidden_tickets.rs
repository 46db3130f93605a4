//! What happens to a ticket that Discord's own timer has hidden while it counts as open.

use discord_sandbox::id::ChannelId;
use serde_json::json;
use tickets::text::Text;

use crate::settings::{pick, write};
use crate::stage::{Inbox, MANAGE_THREADS, Result, Stage, english};

impl Stage {
    /// An inbox whose tickets Discord hides after an hour.
    async fn hiding(&self) -> Result<Inbox> {
        let inbox = self.inbox().await?;
        pick(&self.sandbox.owner(), "hide-after", "hour").await?;
        Ok(inbox)
    }

    /// The bot may no longer lock tickets.
    async fn nothing_can_be_locked(&self, inbox: Inbox) -> Result {
        let (owner, role) = (self.sandbox.owner(), self.sandbox.defaults().bot_role);
        owner
            .set_role_overwrite(inbox.channel, role, 0, MANAGE_THREADS)
            .await?;
        self.idle().await?;
        Ok(())
    }

    fn is_hidden(&self, ticket: ChannelId) -> bool {
        self.thread(ticket)
            .is_some_and(|thread| thread.archived && !thread.locked)
    }

    /// Discord hides the ticket, and some hours later it is closed.
    async fn is_hidden_and_then_closed(&self, ticket: ChannelId) -> Result {
        self.hours_pass(2).await?;
        assert!(self.is_hidden(ticket));
        self.hours_pass(6).await?;
        self.closed(ticket, false).await?;
        self.idle().await?;
        let with_buttons = self.sandbox.look(|look| {
            let mut all = look.messages(ticket);
            all.any(|message| !message.components.is_empty())
        });
        assert!(!with_buttons);
        Ok(())
    }
}

#[tokio::test]
async fn a_hidden_ticket_that_cannot_be_locked_says_that_nobody_answered() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.hiding().await?;
    stage.nothing_can_be_locked(inbox).await?;
    write(&stage.sandbox.owner(), "close-idle", "5h").await?;
    let ticket = stage.answered_in(inbox).await?;
    stage.is_hidden_and_then_closed(ticket).await?;
    assert_eq!(
        stage.said(ticket)[1..],
        [english(Text::ClosedWithoutAnswer {})]
    );
    stage.finish().await
}

#[tokio::test]
async fn a_hidden_ticket_that_cannot_be_locked_says_who_asked_to_close_it() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.hiding().await?;
    stage.nothing_can_be_locked(inbox).await?;
    let ticket = stage.answered_in(inbox).await?;
    let options = json!({"in": "5h", "reason": "Solved"});
    let max = stage.sandbox.moderator();
    max.run_in(ticket, "ticket ask-close", options).await?;
    stage.is_hidden_and_then_closed(ticket).await?;
    let note = Text::ClosedByWithReason {
        name: "Max".into(),
        reason: "Solved".into(),
    };
    assert_eq!(stage.said(ticket)[2..], [english(note)]);
    stage.finish().await
}

/// The reminders are turned off after Discord has hidden the ticket. Nothing keeps it open then.
#[tokio::test]
async fn a_hidden_ticket_is_closed_when_its_timers_are_turned_off() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.hiding().await?;
    let owner = stage.sandbox.owner();
    write(&owner, "close-idle", "90h").await?;
    write(&owner, "limit-total", "1").await?;
    let ticket = stage.answered_in(inbox).await?;
    stage.hours_pass(2).await?;
    assert!(stage.is_hidden(ticket));
    write(&owner, "close-idle", "0").await?;
    stage.hours_pass(1).await?;
    stage.closed(ticket, true).await?;
    stage.open(&stage.sandbox.member2(), inbox).await?;
    stage.finish().await
}
