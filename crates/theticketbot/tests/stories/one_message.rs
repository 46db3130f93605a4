//! Whatever happens at the same time, a ticket is closed with exactly one message, and its one notice gives
//! the reason.

use std::time::Duration;

use discord_sandbox::Fault;
use discord_sandbox::id::{ChannelId, InteractionId};
use serde_json::json;
use tickets::text::Text;

use crate::notices::PAUSE;
use crate::settings::{pick, write};
use crate::stage::{Inbox, Result, Stage, english, time_passes, user};

impl Stage {
    /// Mia's ticket, in which Max is, too, with a notice.
    async fn noticed(&self) -> Result<(Inbox, ChannelId, ChannelId)> {
        let (inbox, staff) = self.with_notices().await?;
        let ticket = self.open(&self.sandbox.member(), inbox).await?;
        self.sandbox.moderator().join(ticket).await?;
        self.idle().await?;
        Ok((inbox, staff, ticket))
    }

    /// Max closes the ticket with this reason, and the call that archives it is held.
    async fn half_closed(&self, ticket: ChannelId, reason: &str) -> Result<InteractionId> {
        let held = Fault::held().on("PATCH", "/channels/*");
        self.sandbox.fail_next(held)?;
        let options = json!({"reason": reason});
        let max = self.sandbox.moderator();
        let asked = max.start_command(ticket, "ticket close", options).await?;
        while !self.sandbox.waiting_faults().is_empty() {
            tokio::task::yield_now().await;
        }
        Ok(asked)
    }

    /// The ticket is closed with this message and no other since then, and its notice ends with this line.
    /// Later, nothing changes.
    async fn closed_once(
        &self,
        (staff, ticket): (ChannelId, ChannelId),
        before: usize,
        message: Text,
        notice: Text,
    ) -> Result {
        self.closed(ticket, true).await?;
        self.idle().await?;
        let message = english(message);
        assert_eq!(self.said(ticket)[before..], [message]);
        let shown = self.notice_with(staff, notice.clone()).await?;
        assert!(!shown.can_be_joined);
        let mark = self.sandbox.mark();
        self.hours_pass(99).await?;
        time_passes(PAUSE).await;
        self.idle().await?;
        let is_change = |call: &&discord_sandbox::record::Call| {
            call.method != "GET" && !call.path.contains("/interactions/")
        };
        let calls = self.sandbox.calls_after(mark);
        let changes: Vec<_> = calls.iter().filter(is_change).collect();
        assert!(changes.is_empty(), "{changes:?}");
        let thread = self.thread(ticket).ok_or("the ticket is there")?;
        assert!(thread.archived && thread.locked);
        Ok(())
    }
}

/// The message and the notice's last line if Max closes the ticket with this reason.
fn by_max(stage: &Stage, reason: &str) -> (Text, Text) {
    let message = Text::ClosedByWithReason {
        name: "Max".into(),
        reason: reason.into(),
    };
    let notice = Text::NoticeClosedByWithReason {
        member: user(stage.sandbox.moderator().id()),
        reason: reason.into(),
    };
    (message, notice)
}

#[tokio::test]
async fn of_two_who_close_at_once() -> Result {
    let stage = Stage::set().await?;
    let (_, staff, ticket) = stage.noticed().await?;
    let (max, olivia) = (stage.sandbox.moderator(), stage.sandbox.owner());
    let first = stage.half_closed(ticket, "It works").await?;
    let options = json!({"reason": "Never mind"});
    let second = olivia.start_command(ticket, "ticket close", options);
    let second = second.await?;
    stage.sandbox.clear_faults();
    max.answer_to(first).await?;
    let refused = olivia.answer_to(second).await?;
    let named = Text::AlreadyClosedBy { name: "Max".into() };
    assert_eq!(refused.content()?, english(named));
    let (message, notice) = by_max(&stage, "It works");
    stage
        .closed_once((staff, ticket), 1, message, notice)
        .await?;
    stage.finish().await
}

#[tokio::test]
async fn of_a_closing_while_the_owner_leaves() -> Result {
    let stage = Stage::set().await?;
    let (_, staff, ticket) = stage.noticed().await?;
    let max = stage.sandbox.moderator();
    let asked = stage.half_closed(ticket, "It works").await?;
    stage.sandbox.member().leave(ticket).await?;
    stage.sandbox.clear_faults();
    max.answer_to(asked).await?;
    let (message, notice) = by_max(&stage, "It works");
    stage
        .closed_once((staff, ticket), 1, message, notice)
        .await?;
    stage.finish().await
}

/// The owner leaves a moment before staff close the ticket.
#[tokio::test]
async fn of_an_owner_who_leaves_while_staff_close() -> Result {
    let stage = Stage::set().await?;
    let (_, staff, ticket) = stage.noticed().await?;
    let (mia, max) = (stage.sandbox.member(), stage.sandbox.moderator());
    let held = Fault::held().on("PATCH", "/channels/*");
    stage.sandbox.fail_next(held)?;
    mia.leave(ticket).await?;
    while !stage.sandbox.waiting_faults().is_empty() {
        tokio::task::yield_now().await;
    }
    let asked = max.start_command(ticket, "ticket close", json!({})).await?;
    stage.sandbox.clear_faults();
    let refused = max.answer_to(asked).await?;
    assert_eq!(refused.content()?, english(Text::AlreadyClosed {}));
    let message = Text::OwnerLeftLocked {
        owner: user(mia.id()),
    };
    let notice = Text::NoticeOwnerLeft {};
    stage
        .closed_once((staff, ticket), 1, message, notice)
        .await?;
    stage.finish().await
}

#[tokio::test]
async fn of_an_archiving_by_hand_while_the_owner_is_asked() -> Result {
    let stage = Stage::set().await?;
    let (_, staff, ticket) = stage.noticed().await?;
    let max = stage.sandbox.moderator();
    let options = json!({"in": "1h", "reason": "It works"});
    let asked = max.run_in(ticket, "ticket ask-close", options).await?;
    let prompt = asked.message()?.id();
    stage.idle().await?;
    max.archive(ticket).await?;
    stage
        .closed_once((staff, ticket), 2, Text::Archived {}, Text::NoticeClosed {})
        .await?;
    let buttons = stage.sandbox.look(|look| {
        let found = look.messages(ticket).find(|it| it.id == prompt);
        found.map(|message| message.components.len())
    });
    assert_eq!(buttons, Some(0), "nothing is asked any more");
    stage.finish().await
}

/// The time of the question ends while the owner agrees to close.
#[tokio::test]
async fn of_an_owner_who_agrees_when_the_time_ends() -> Result {
    let stage = Stage::set().await?;
    let (_, staff, ticket) = stage.noticed().await?;
    let (mia, max) = (stage.sandbox.member(), stage.sandbox.moderator());
    let options = json!({"in": "1h", "reason": "It works"});
    let asked = max.run_in(ticket, "ticket ask-close", options).await?;
    let prompt = asked.message()?.id();
    stage.idle().await?;
    stage.sandbox.advance(Duration::from_secs(2 * 60 * 60));
    mia.click(ticket, prompt, "agree-to-close").await?;
    stage.closed(ticket, true).await?;
    stage.idle().await?;
    let said = stage.said(ticket);
    assert_eq!(said.len(), 3, "{said:?}");
    let (name, member) = if said[2].contains("Mia") {
        ("Mia", mia.id())
    } else {
        ("Max", max.id())
    };
    let reason = "It works".to_owned();
    let message = Text::ClosedByWithReason {
        name: name.into(),
        reason: reason.clone(),
    };
    let notice = Text::NoticeClosedByWithReason {
        member: user(member),
        reason,
    };
    stage
        .closed_once((staff, ticket), 2, message, notice)
        .await?;
    stage.finish().await
}

#[tokio::test]
async fn of_a_ticket_without_an_answer() -> Result {
    let stage = Stage::set().await?;
    let (_, staff, ticket) = stage.noticed().await?;
    write(&stage.sandbox.owner(), "close-idle", "5h").await?;
    stage.hours_pass(6).await?;
    let (message, notice) = (Text::ClosedWithoutAnswer {}, Text::ClosedWithoutAnswer {});
    stage
        .closed_once((staff, ticket), 1, message, notice)
        .await?;
    stage.finish().await
}

/// The bot stops between the message and the archiving. In the meantime the owner leaves, and staff archive
/// the ticket.
#[tokio::test]
async fn of_a_restart_in_the_middle() -> Result {
    for resumes in [true, false] {
        let mut stage = Stage::set().await?;
        let (_, staff, ticket) = stage.noticed().await?;
        let (mia, max) = (stage.sandbox.member(), stage.sandbox.moderator());
        let failing = Fault::status(500).on("PATCH", "/channels/*").times(50);
        stage.sandbox.fail_next(failing)?;
        let options = json!({"reason": "It works"});
        max.start_command(ticket, "ticket close", options).await?;
        let is_said = |look: &discord_sandbox::Look<'_>| {
            let mut said = look.messages(ticket);
            said.any(|it| it.content.contains("It works")).then_some(())
        };
        stage.sandbox.wait_until("the message", is_said).await?;
        stage.stop().await?;
        stage.sandbox.clear_faults();
        mia.leave(ticket).await?;
        max.archive(ticket).await?;
        stage.start_again(resumes).await?;
        stage.closed(ticket, true).await?;
        stage.idle().await?;
        let said = stage.said(ticket);
        assert_eq!(said.len(), 2, "{said:?}");
        let (_, notice) = by_max(&stage, "It works");
        stage.notice_with(staff, notice).await?;
        stage.expected_errors();
        stage.finish().await?;
    }
    Ok(())
}

/// Discord's auto-archive timer hides a ticket. If it is snoozed or its owner is asked to close, it stays
/// open.
#[tokio::test]
async fn of_a_ticket_that_was_hidden() -> Result {
    for command in ["ticket snooze", "ticket ask-close"] {
        let stage = Stage::set().await?;
        let (inbox, staff) = stage.with_notices().await?;
        pick(&stage.sandbox.owner(), "hide-after", "hour").await?;
        let (mia, max) = (stage.sandbox.member(), stage.sandbox.moderator());
        let ticket = stage.open(&mia, inbox).await?;
        max.join(ticket).await?;
        let options = match command {
            "ticket snooze" => json!({"for": "5h"}),
            _ => json!({"in": "5h"}),
        };
        max.run_in(ticket, command, options).await?;
        stage.idle().await?;
        let before = stage.said(ticket).len();
        stage.hours_pass(2).await?;
        let is_hidden = stage
            .thread(ticket)
            .is_some_and(|thread| thread.archived && !thread.locked);
        assert!(is_hidden, "{command}");
        assert_eq!(stage.said(ticket).len(), before, "{command}");
        assert!(stage.notices(staff)[0].can_be_joined, "{command}");
        stage.hours_pass(4).await?;
        if command == "ticket snooze" {
            let text = english(Text::SnoozeEnded { by: user(max.id()) });
            stage.says(ticket, &text).await?;
            stage.idle().await?;
            let thread = stage.thread(ticket).ok_or("the ticket is there")?;
            assert!(!thread.archived, "the ping brings it back");
        } else {
            let message = Text::ClosedBy { name: "Max".into() };
            let notice = Text::NoticeClosedBy {
                member: user(max.id()),
            };
            stage
                .closed_once((staff, ticket), before, message, notice)
                .await?;
        }
        stage.finish().await?;
    }
    Ok(())
}
