//! Reminders, and closing tickets without an answer.

use std::time::Duration;

use discord_sandbox::Fault;
use discord_sandbox::id::{ChannelId, MessageId};
use discord_sandbox::world::model::Message;
use serde_json::json;
use tickets::text::Text;

use crate::settings::{pick, write};
use crate::stage::{Inbox, Result, Stage, english, here, user};

const HOUR: Duration = Duration::from_secs(60 * 60);

impl Stage {
    /// An inbox with these settings, and Mia's ticket, in which Max has answered.
    async fn answered(&self, settings: &[(&str, &str)]) -> Result<(Inbox, ChannelId)> {
        let inbox = self.inbox().await?;
        for (setting, value) in settings {
            write(&self.sandbox.owner(), setting, value).await?;
        }
        Ok((inbox, self.answered_in(inbox).await?))
    }

    pub(crate) async fn answered_in(&self, inbox: Inbox) -> Result<ChannelId> {
        let ticket = self.open(&self.sandbox.member(), inbox).await?;
        let max = self.sandbox.moderator();
        max.join(ticket).await?;
        max.send(ticket, "Better now?").await?;
        self.idle().await?;
        Ok(ticket)
    }

    /// The same in an inbox that reminds after five hours. Discord has already hidden the ticket.
    async fn hidden(&self) -> Result<(Inbox, ChannelId)> {
        let inbox = self.inbox().await?;
        pick(&self.sandbox.owner(), "hide-after", "hour").await?;
        write(&self.sandbox.owner(), "remind-owner", "5h").await?;
        let ticket = self.answered_in(inbox).await?;
        self.hours_pass(2).await?;
        Ok((inbox, ticket))
    }

    /// Advances the clock. The bot notices with Discord's next response.
    pub(crate) async fn hours_pass(&self, hours: u32) -> Result {
        self.time_is_up(HOUR * hours).await
    }

    pub(crate) async fn minutes_pass(&self, minutes: u32) -> Result {
        self.time_is_up(HOUR / 60 * minutes).await
    }

    async fn time_is_up(&self, after: Duration) -> Result {
        self.sandbox.advance(after);
        let owner = self.sandbox.owner();
        // The second time, the timer has checked the clock.
        for _ in 0..2 {
            owner.run("ticket help", json!({})).await?;
            self.idle().await?;
        }
        Ok(())
    }

    /// Waits until the bot has sent this message in a ticket.
    pub(crate) async fn says(&self, ticket: ChannelId, text: &str) -> Result<MessageId> {
        Ok(self
            .sandbox
            .wait_until(text, |look| {
                let mut said = look.messages(ticket);
                said.find(|message| message.content.contains(text))
                    .map(|message| message.id)
            })
            .await?)
    }

    fn message(&self, id: MessageId, ticket: ChannelId) -> Result<Message> {
        self.sandbox
            .look(|look| look.messages(ticket).find(|it| it.id == id).cloned())
            .ok_or_else(|| "the message is gone".into())
    }
}

#[tokio::test]
async fn an_owner_who_does_not_answer_is_reminded_and_then_the_ticket_is_closed() -> Result {
    let stage = Stage::set().await?;
    let (_, ticket) = stage
        .answered(&[("remind-owner", "2h"), ("close-idle", "5h")])
        .await?;
    let mia = stage.sandbox.member();
    stage.hours_pass(3).await?;
    let reminder = stage.says(ticket, "Do you still need help?").await?;
    stage.idle().await?;
    let message = stage.message(reminder, ticket)?;
    assert!(message.content.starts_with(&format!("<@{}> ", mia.id())));
    assert!(
        message
            .content
            .contains("Otherwise I'll close this ticket <t:")
    );
    assert_eq!(message.mentions, [mia.id()], "it pings them");
    assert_eq!(message.components.len(), 1);
    assert_eq!(stage.said(ticket).len(), 2);

    // The reminder was late. The time until the closing counts from the reminder.
    stage.hours_pass(2).await?;
    assert!(stage.thread(ticket).is_some_and(|thread| !thread.archived));
    stage.hours_pass(2).await?;
    stage.closed(ticket, true).await?;
    stage.idle().await?;
    let note = english(Text::ClosedWithoutAnswer {});
    assert_eq!(stage.said(ticket)[2..], [note]);
    assert_eq!(stage.message(reminder, ticket)?.components.len(), 0);
    // Nothing else happens.
    stage.hours_pass(99).await?;
    assert_eq!(stage.said(ticket).len(), 3);
    stage.finish().await
}

#[tokio::test]
async fn an_owner_who_still_needs_help_keeps_the_ticket_open() -> Result {
    let stage = Stage::set().await?;
    let (_, ticket) = stage
        .answered(&[("remind-owner", "2h"), ("close-idle", "5h")])
        .await?;
    let (mia, max) = (stage.sandbox.member(), stage.sandbox.moderator());
    stage.hours_pass(3).await?;
    let reminder = stage.says(ticket, "Do you still need help?").await?;
    let refused = max.click(ticket, reminder, "keep-open").await?;
    assert_eq!(refused.content()?, english(Text::OnlyForOwner {}));
    mia.click(ticket, reminder, "keep-open").await?;
    stage.idle().await?;
    let text = english(Text::StillNeedsHelp { name: "Mia".into() });
    let message = stage.message(reminder, ticket)?;
    assert_eq!(message.content, text);
    assert_eq!(message.components.len(), 0);
    assert_eq!(message.ephemeral_to, None);
    // The ticket waits for staff now, and the bot never closes such a ticket.
    stage.hours_pass(200).await?;
    assert_eq!(stage.said(ticket).len(), 2);
    assert!(stage.thread(ticket).is_some_and(|thread| !thread.locked));
    // The same button, forged once more.
    let forged = json!({
        "channel_id": ticket, "custom_id": "keep-open", "component_type": 2,
        "message_id": reminder,
    });
    let over = mia.forge(forged).await?;
    assert_eq!(over.content()?, english(Text::PromptOver {}));
    stage.finish().await
}

#[tokio::test]
async fn an_owner_closes_with_the_reminder() -> Result {
    let stage = Stage::set().await?;
    let (_, ticket) = stage.answered(&[("remind-owner", "1h")]).await?;
    let sandbox = &stage.sandbox;
    let (mia, noah, max) = (sandbox.member(), sandbox.member2(), sandbox.moderator());
    max.add(ticket, noah.id()).await?;
    stage.hours_pass(2).await?;
    let reminder = stage.says(ticket, "Do you still need help?").await?;
    let message = stage.message(reminder, ticket)?;
    assert!(!message.content.contains("Otherwise"), "nothing closes it");
    for button in ["agree-to-close", "keep-open"] {
        let refused = noah.click(ticket, reminder, button).await?;
        let text = refused.content()?;
        assert!(
            [Text::NotTheStaff {}, Text::OnlyForOwner {}]
                .map(english)
                .contains(&text.to_owned()),
            "{text}"
        );
    }
    let closed = mia.click(ticket, reminder, "agree-to-close").await?;
    assert_eq!(
        closed.content()?,
        english(Text::ClosedBy { name: "Mia".into() })
    );
    stage.closed(ticket, true).await?;
    stage.idle().await?;
    assert_eq!(stage.message(reminder, ticket)?.components.len(), 0);
    stage.finish().await
}

/// The owner can also answer the question by writing.
#[tokio::test]
async fn a_question_that_is_answered_by_writing_loses_its_buttons() -> Result {
    let stage = Stage::set().await?;
    let (_, ticket) = stage
        .answered(&[("remind-owner", "1h"), ("close-idle", "2h")])
        .await?;
    let mia = stage.sandbox.member();
    stage.hours_pass(1).await?;
    let reminder = stage.says(ticket, "Do you still need help?").await?;
    mia.send(ticket, "It is still broken").await?;
    stage.idle().await?;
    assert_eq!(stage.message(reminder, ticket)?.components.len(), 0);
    stage.hours_pass(5).await?;
    assert_eq!(stage.said(ticket).len(), 2);
    assert!(stage.thread(ticket).is_some_and(|thread| !thread.archived));
    stage.finish().await
}

#[tokio::test]
async fn staff_are_reminded_once_and_their_tickets_are_never_closed() -> Result {
    let stage = Stage::set().await?;
    let (_, ticket) = stage
        .answered(&[("remind-staff", "2h"), ("close-idle", "1h")])
        .await?;
    let (mia, max) = (stage.sandbox.member(), stage.sandbox.moderator());
    let asked = mia.send(ticket, "No").await?;
    stage.idle().await?;
    stage.hours_pass(3).await?;
    let since = tickets::MessageId(asked.id().0).created_at().unix_seconds();
    let text = english(Text::RemindStaff { since });
    let reminder = stage.says(ticket, &text).await?;
    assert_eq!(stage.message(reminder, ticket)?.mentions, []);
    stage.hours_pass(50).await?;
    assert_eq!(stage.said(ticket).len(), 2);

    // Max claims the ticket and answers, and the owner is reminded again.
    max.run_in(ticket, "ticket claim", json!({})).await?;
    max.send(ticket, "And now?").await?;
    stage.idle().await?;
    let asked = mia.send(ticket, "No").await?;
    stage.idle().await?;
    stage.hours_pass(2).await?;
    let since = tickets::MessageId(asked.id().0).created_at().unix_seconds();
    let text = english(Text::RemindClaimer {
        by: user(max.id()),
        since,
    });
    let reminder = stage.says(ticket, &text).await?;
    assert_eq!(stage.message(reminder, ticket)?.mentions, [max.id()]);
    assert!(stage.thread(ticket).is_some_and(|thread| !thread.archived));
    stage.finish().await
}

/// A downtime does not close a ticket in which somebody wrote in the meantime, and nothing is due in the
/// first ten minutes.
#[tokio::test]
async fn after_a_downtime_what_was_missed_is_read_first() -> Result {
    let mut stage = Stage::set().await?;
    let (inbox, idle) = stage.answered(&[("close-idle", "1h")]).await?;
    let noah = stage.sandbox.member2();
    let asked = stage.open(&noah, inbox).await?;
    stage.idle().await?;
    stage.stop().await?;
    stage.sandbox.advance(HOUR * 5);
    noah.send(asked, "Hello?").await?;
    stage.start_without_session().await?;
    stage.idle().await?;
    stage.minutes_pass(9).await?;
    assert!(stage.thread(idle).is_some_and(|thread| !thread.archived));
    stage.minutes_pass(2).await?;
    stage.closed(idle, true).await?;
    stage.idle().await?;
    assert!(stage.thread(asked).is_some_and(|thread| !thread.archived));
    stage.finish().await
}

/// A changed setting also applies to open tickets.
#[tokio::test]
async fn a_setting_counts_for_open_tickets_too() -> Result {
    let stage = Stage::set().await?;
    let (_, ticket) = stage.answered(&[]).await?;
    stage.hours_pass(10).await?;
    assert_eq!(stage.said(ticket).len(), 1);
    let owner = stage.sandbox.owner();
    write(&owner, "close-idle", "20h").await?;
    stage.hours_pass(5).await?;
    assert_eq!(stage.said(ticket).len(), 1);
    write(&owner, "close-idle", "0").await?;
    stage.hours_pass(9).await?;
    assert_eq!(stage.said(ticket).len(), 1);
    write(&owner, "close-idle", "30h").await?;
    stage.hours_pass(9).await?;
    stage.closed(ticket, true).await?;
    stage.finish().await
}

/// If the response to a sent reminder is lost, the bot does not send the reminder again.
#[tokio::test]
async fn a_reminder_whose_response_was_lost_is_sent_once() -> Result {
    let stage = Stage::set().await?;
    let (_, ticket) = stage.answered(&[("remind-owner", "1h")]).await?;
    let path = format!("/channels/{ticket}/messages");
    let lost = Fault::dropped().after_it_took_effect();
    stage.sandbox.fail_next(lost.on("POST", &path))?;
    stage.hours_pass(2).await?;
    stage.says(ticket, "Do you still need help?").await?;
    stage.idle().await?;
    assert_eq!(stage.said(ticket).len(), 2);
    stage.finish().await
}

/// Discord hides a thread in which nobody writes. In an inbox with reminders, that does not close the ticket,
/// and the reminder unhides it.
#[tokio::test]
async fn a_ticket_that_discord_hides_stays_open_until_its_reminder() -> Result {
    let mut stage = Stage::set().await?;
    let (inbox, ticket) = stage.hidden().await?;
    let (mia, max) = (stage.sandbox.member(), stage.sandbox.moderator());
    let is_hidden = |stage: &Stage| {
        let thread = stage.thread(ticket);
        thread.is_some_and(|thread| thread.archived && !thread.locked)
    };
    assert!(is_hidden(&stage));
    assert_eq!(stage.said(ticket).len(), 1);
    // The hidden ticket still counts for its owner's limit, also after a restart.
    stage.stop().await?;
    stage.start_without_session().await?;
    stage.idle().await?;
    assert!(is_hidden(&stage));
    let refused = stage.click(&mia, inbox).await?;
    let text = Text::AlreadyOpen {
        ticket: here(ticket),
    };
    assert_eq!(refused.content()?, english(text));
    stage.hours_pass(4).await?;
    stage.says(ticket, "Do you still need help?").await?;
    stage.idle().await?;
    assert!(!is_hidden(&stage));
    // Staff can close the ticket by archiving it, as before.
    max.archive(ticket).await?;
    stage.closed(ticket, true).await?;
    stage.idle().await?;
    assert_eq!(stage.said(ticket)[2..], [english(Text::Archived {})]);
    stage.finish().await
}

/// Clients cannot leave a hidden thread, but its owner can leave the server, also while the bot is offline.
#[tokio::test]
async fn a_hidden_ticket_is_closed_when_its_owner_leaves_the_server() -> Result {
    for is_offline in [false, true] {
        let mut stage = Stage::set().await?;
        let (_, ticket) = stage.hidden().await?;
        let mia = stage.sandbox.member();
        assert!(stage.thread(ticket).is_some_and(|thread| thread.archived));
        if is_offline {
            stage.away(async |_| Ok(mia.leave_guild().await?)).await?;
        } else {
            mia.leave_guild().await?;
        }
        stage.closed(ticket, true).await?;
        stage.idle().await?;
        let note = english(Text::OwnerLeftLocked {
            owner: user(mia.id()),
        });
        assert_eq!(stage.said(ticket)[1..], [note], "offline: {is_offline}");
        stage.finish().await?;
    }
    Ok(())
}

/// Discord sends no event for a hidden thread whose channel is deleted.
#[tokio::test]
async fn a_hidden_ticket_goes_with_its_channel() -> Result {
    let stage = Stage::set().await?;
    let (owner, tickets) = (stage.sandbox.owner(), stage.tickets());
    let inbox = stage.inbox_with(json!({"destination": tickets})).await?;
    pick(&owner, "hide-after", "hour").await?;
    write(&owner, "remind-owner", "5h").await?;
    let (mia, max) = (stage.sandbox.member(), stage.sandbox.moderator());
    let ticket = stage.open(&mia, inbox).await?;
    max.send(ticket, "Better now?").await?;
    stage.idle().await?;
    stage.hours_pass(2).await?;
    assert!(stage.thread(ticket).is_some_and(|thread| thread.archived));
    owner.delete(tickets).await?;
    stage.idle().await?;
    let store = stage.settings().db.open_beside()?;
    assert_eq!(store.ticket(here(ticket)).await?, None);
    stage.finish().await
}

/// A message in a hidden ticket unhides it.
#[tokio::test]
async fn a_hidden_ticket_comes_back_with_a_message_and_is_closed_in_time() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let owner = stage.sandbox.owner();
    pick(&owner, "hide-after", "hour").await?;
    write(&owner, "close-idle", "5h").await?;
    let (mia, max) = (stage.sandbox.member(), stage.sandbox.moderator());
    let ticket = stage.open(&mia, inbox).await?;
    stage.hours_pass(2).await?;
    assert!(stage.thread(ticket).is_some_and(|thread| thread.archived));
    mia.send(ticket, "It is broken").await?;
    stage.idle().await?;
    stage.hours_pass(9).await?;
    assert_eq!(stage.said(ticket).len(), 1, "it waits for staff");
    max.send(ticket, "Better now?").await?;
    stage.idle().await?;
    stage.hours_pass(6).await?;
    stage.closed(ticket, true).await?;
    stage.idle().await?;
    let note = english(Text::ClosedWithoutAnswer {});
    assert_eq!(stage.said(ticket)[1..], [note]);
    stage.finish().await
}

/// After a ticket is reopened, its owner has the full time again, even if the last message is old.
#[tokio::test]
async fn a_reopened_ticket_has_its_time_again() -> Result {
    for is_by_command in [true, false] {
        let stage = Stage::set().await?;
        let (_, ticket) = stage.answered(&[("close-idle", "1h")]).await?;
        let max = stage.sandbox.moderator();
        max.run_in(ticket, "ticket close", json!({})).await?;
        stage.closed(ticket, true).await?;
        stage.hours_pass(2).await?;
        if is_by_command {
            let options = json!({"ticket": ticket.to_string()});
            max.run("ticket reopen", options).await?;
        } else {
            let change = json!({"archived": false, "locked": false});
            max.edit_channel(ticket, change).await?;
        }
        stage.idle().await?;
        let is_open = || stage.thread(ticket).is_some_and(|thread| !thread.archived);
        stage.minutes_pass(30).await?;
        assert!(is_open(), "by command: {is_by_command}");
        stage.minutes_pass(29).await?;
        assert!(is_open(), "by command: {is_by_command}");
        stage.minutes_pass(2).await?;
        stage.closed(ticket, true).await?;
        stage.idle().await?;
        let note = english(Text::ClosedWithoutAnswer {});
        assert_eq!(stage.said(ticket).last(), Some(&note));
        stage.finish().await?;
    }
    Ok(())
}

#[tokio::test]
async fn nobody_is_reminded_because_a_ticket_is_reopened() -> Result {
    let stage = Stage::set().await?;
    let settings = [("remind-owner", "1h"), ("remind-staff", "1h")];
    let (inbox, for_owner) = stage.answered(&settings).await?;
    let (noah, max) = (stage.sandbox.member2(), stage.sandbox.moderator());
    let for_staff = stage.open(&noah, inbox).await?;
    noah.send(for_staff, "Hello?").await?;
    stage.idle().await?;
    for ticket in [for_owner, for_staff] {
        max.run_in(ticket, "ticket close", json!({})).await?;
        stage.closed(ticket, true).await?;
    }
    stage.hours_pass(2).await?;
    for ticket in [for_owner, for_staff] {
        let options = json!({"ticket": ticket.to_string()});
        max.run("ticket reopen", options).await?;
    }
    stage.minutes_pass(30).await?;
    // The starting message, the note about the closing, and the message about the reopening.
    assert_eq!(stage.said(for_owner).len(), 3);
    assert_eq!(stage.said(for_staff).len(), 3);
    stage.minutes_pass(31).await?;
    stage.says(for_owner, "Do you still need help?").await?;
    stage.idle().await?;
    assert_eq!(stage.said(for_staff).len(), 4);
    stage.finish().await
}

/// The settings of a removed inbox are kept for its open tickets.
#[tokio::test]
async fn tickets_of_a_removed_inbox_are_closed_in_time() -> Result {
    let stage = Stage::set().await?;
    let owner = stage.sandbox.owner();
    let inbox = stage.inbox().await?;
    pick(&owner, "hide-after", "hour").await?;
    write(&owner, "close-idle", "5h").await?;
    let (mia, max) = (stage.sandbox.member(), stage.sandbox.moderator());
    let ticket = stage.open(&mia, inbox).await?;
    max.join(ticket).await?;
    owner.delete_message(inbox.channel, inbox.message).await?;
    stage.idle().await?;
    mia.send(ticket, "It is broken").await?;
    stage.idle().await?;
    max.send(ticket, "Better now?").await?;
    stage.idle().await?;
    stage.hours_pass(2).await?;
    let thread = stage.thread(ticket).ok_or("it is there")?;
    assert!(thread.archived && !thread.locked, "Discord hides it");
    stage.hours_pass(4).await?;
    stage.closed(ticket, true).await?;
    stage.idle().await?;
    let note = english(Text::ClosedWithoutAnswer {});
    assert_eq!(stage.said(ticket).last(), Some(&note));
    stage.finish().await
}

/// Staff of the new inbox are reminded of a ticket although those of the old one were.
#[tokio::test]
async fn new_staff_are_reminded_of_a_ticket_that_was_transferred() -> Result {
    let stage = Stage::set().await?;
    let (_, ticket) = stage.answered(&[("remind-staff", "2h")]).await?;
    stage.inbox_with(json!({"name": "Appeals"})).await?;
    let owner = stage.sandbox.owner();
    let options = json!({"inbox": "Appeals", "setting": "remind-staff"});
    let modal = owner.run("inbox settings", options).await?;
    owner.submit(&modal, [("template", "2h")]).await?;
    stage.sandbox.member().send(ticket, "Still broken").await?;
    stage.idle().await?;
    stage.hours_pass(3).await?;
    let reminded = stage.said(ticket).len();
    owner
        .run_in(ticket, "ticket transfer", json!({"inbox": "Appeals"}))
        .await?;
    stage.idle().await?;
    stage.hours_pass(3).await?;
    // The announcement of the transfer, and the second reminder.
    assert_eq!(stage.said(ticket).len(), reminded + 2);
    stage.finish().await
}

/// Staff have locked the open ticket, so that its owner cannot write.
#[tokio::test]
async fn the_owner_of_a_locked_ticket_is_not_asked_for_an_answer() -> Result {
    let stage = Stage::set().await?;
    let settings = [("remind-owner", "2h"), ("close-idle", "4h")];
    let (_, ticket) = stage.answered(&settings).await?;
    let owner = stage.sandbox.owner();
    owner.lock(ticket).await?;
    stage.hours_pass(3).await?;
    stage.hours_pass(3).await?;
    assert_eq!(stage.said(ticket).len(), 1, "the starting message");
    assert!(stage.thread(ticket).is_some_and(|thread| !thread.archived));
    owner.unlock(ticket).await?;
    stage.hours_pass(2).await?;
    assert_eq!(stage.said(ticket).len(), 2, "the reminder");
    stage.finish().await
}
