//! The *Close* button under a ticket's starting message.

use std::time::Duration;

use discord_sandbox::id::{ChannelId, MessageId};
use discord_sandbox::{Answer, Fault, Person};
use serde_json::json;
use tickets::text::Text;

use crate::settings::pick;
use crate::stage::{Inbox, MANAGE_THREADS, Result, Stage, english};

const CLOSE: &str = "close-ticket";

impl Stage {
    /// An inbox with this kind of *Close* button, and Mia's ticket in it.
    async fn with_button(&self, kind: &str) -> Result<(Inbox, ChannelId)> {
        let inbox = self.inbox().await?;
        pick(&self.sandbox.owner(), "close-button", kind).await?;
        let ticket = self.open(&self.sandbox.member(), inbox).await?;
        Ok((inbox, ticket))
    }

    /// The messages of the bot in a ticket that have components now.
    fn with_components(&self, ticket: ChannelId) -> Vec<MessageId> {
        self.sandbox.look(|look| {
            let shown = look.messages(ticket).filter(|m| !m.components.is_empty());
            shown.map(|message| message.id).collect()
        })
    }
}

/// Clicks *Close* and submits the modal.
async fn close(
    person: &Person,
    ticket: ChannelId,
    message: MessageId,
    reason: &str,
) -> Result<Answer> {
    let modal = person.click(ticket, message, CLOSE).await?;
    let input = modal.modal()?.inputs()[0]["custom_id"].clone();
    let input = input.as_str().ok_or("an input")?;
    Ok(person.submit(&modal, [(input, reason)]).await?)
}

#[tokio::test]
async fn without_the_setting_there_is_no_button() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let ticket = stage.open(&stage.sandbox.member(), inbox).await?;
    assert_eq!(stage.with_components(ticket), []);
    stage.finish().await
}

/// In an archived thread no message can be changed.
#[tokio::test]
async fn staff_who_archive_while_it_is_closed_leave_no_button() -> Result {
    let stage = Stage::set().await?;
    let (_, ticket) = stage.with_button("owner").await?;
    let (mia, max) = (stage.sandbox.member(), stage.sandbox.moderator());
    stage.idle().await?;
    let slow = Fault::slow(Duration::from_secs(3)).on("PATCH", "/channels/*/messages/*");
    stage.sandbox.fail_next(slow)?;
    mia.leave(ticket).await?;
    let note = english(Text::OwnerLeftLocked {
        owner: tickets::UserId(mia.id().0),
    });
    stage.says(ticket, &note).await?;
    max.archive(ticket).await?;
    stage.closed(ticket, true).await?;
    stage.idle().await?;
    assert_eq!(stage.with_components(ticket), []);
    assert_eq!(stage.said(ticket)[1..], [note]);
    stage.finish().await
}

#[tokio::test]
async fn an_owner_closes_with_the_button_and_a_reason() -> Result {
    let stage = Stage::set().await?;
    let (_, ticket) = stage.with_button("owner").await?;
    let mia = stage.sandbox.member();
    let starter = stage.with_components(ticket)[0];
    let answer = close(&mia, ticket, starter, "It works").await?;
    stage.closed(ticket, true).await?;
    stage.idle().await?;
    let note = english(Text::ClosedByWithReason {
        name: "Mia".into(),
        reason: "It works".into(),
    });
    assert_eq!(answer.content()?, note);
    assert_eq!(stage.said(ticket)[1..], [note]);
    assert_eq!(stage.with_components(ticket), [], "the button is gone");

    // After reopening, the ticket has its button again.
    let max = stage.sandbox.moderator();
    max.reopen(ticket).await?;
    max.unlock(ticket).await?;
    stage.idle().await?;
    assert_eq!(stage.with_components(ticket), [starter]);
    max.archive(ticket).await?;
    stage.closed(ticket, true).await?;
    stage.idle().await?;
    assert_eq!(stage.with_components(ticket), []);
    stage.finish().await
}

#[tokio::test]
async fn an_owner_who_may_only_ask_tells_staff_who_close() -> Result {
    let stage = Stage::set().await?;
    let (_, ticket) = stage.with_button("request").await?;
    let (mia, max) = (stage.sandbox.member(), stage.sandbox.moderator());
    let starter = stage.with_components(ticket)[0];
    let modal = mia.click(ticket, starter, CLOSE).await?;
    assert_eq!(modal.modal()?.title(), "Ask the staff to close this ticket");
    let told = close(&mia, ticket, starter, "").await?;
    assert_eq!(
        told.content()?,
        english(Text::ThinksSolved { name: "Mia".into() })
    );
    assert!(!told.message()?.is_ephemeral());
    stage.idle().await?;
    // Another click does not open the modal for a reason that nobody would read.
    let again = mia.click(ticket, starter, CLOSE).await?;
    assert_eq!(again.content()?, english(Text::AlreadySolved {}));
    let late = mia.submit(&modal, [("template", "Really")]).await?;
    assert_eq!(late.content()?, english(Text::AlreadySolved {}));
    stage.idle().await?;
    let open = stage.thread(ticket).map(|thread| thread.archived);
    assert_eq!(open, Some(false));
    // Staff use the button under the owner's message that the ticket is solved.
    let buttons = stage.with_components(ticket);
    assert_eq!(buttons.len(), 2);
    close(&max, ticket, buttons[1], "").await?;
    stage.closed(ticket, true).await?;
    stage.idle().await?;
    assert_eq!(stage.said(ticket).len(), 3, "one closing message");
    assert_eq!(stage.with_components(ticket), []);
    stage.finish().await
}

#[tokio::test]
async fn others_cannot_use_the_button() -> Result {
    let stage = Stage::set().await?;
    let (inbox, ticket) = stage.with_button("owner").await?;
    let sandbox = &stage.sandbox;
    let (mia, noah, max) = (sandbox.member(), sandbox.member2(), sandbox.moderator());
    max.add(ticket, noah.id()).await?;
    let starter = stage.with_components(ticket)[0];
    let refused = noah.click(ticket, starter, CLOSE).await?;
    assert_eq!(refused.content()?, english(Text::NotTheStaff {}));
    // Noah forges the modal in the ticket, and a click in a channel that is not a ticket.
    for (channel, text) in [
        (ticket, Text::NotTheStaff {}),
        (inbox.channel, Text::NotATicket {}),
    ] {
        let forged = json!({
            "channel_id": channel, "custom_id": CLOSE, "fields": {"template": "forged"},
        });
        let refused = noah.forge(forged).await?;
        assert_eq!(refused.content()?, english(text));
    }
    // A member opened the modal as staff, and then lost the role.
    let modal = max.click(ticket, starter, CLOSE).await?;
    let owner = sandbox.owner();
    owner.take_role(max.id(), sandbox.moderator_role()).await?;
    let refused = max.submit(&modal, [("template", "Bye")]).await?;
    assert_eq!(refused.content()?, english(Text::NotTheStaff {}));
    // The setting was turned off after the ticket was opened.
    pick(&owner, "close-button", "off").await?;
    let refused = mia.click(ticket, starter, CLOSE).await?;
    assert_eq!(refused.content()?, english(Text::LeaveToClose {}));
    stage.idle().await?;
    assert_eq!(stage.said(ticket).len(), 1, "only the starter");
    stage.finish().await
}

/// The button adds no call to an opening, and one call to a closing.
#[tokio::test]
async fn a_button_costs_one_call_when_the_ticket_is_closed() -> Result {
    let stage = Stage::set().await?;
    let (_, ticket) = stage.with_button("owner").await?;
    stage.idle().await?;
    let mark = stage.sandbox.mark();
    stage.sandbox.member().leave(ticket).await?;
    stage.closed(ticket, true).await?;
    stage.idle().await?;
    let calls = stage.sandbox.calls_after(mark);
    let calls: Vec<_> = calls.iter().map(|call| call.method.as_str()).collect();
    assert_eq!(calls, ["POST", "PATCH", "PATCH"], "note, button, archive");
    stage.finish().await
}

/// Staff close the ticket while its owner writes in the modal that says that it is solved.
async fn solved_too_late(locks: bool) -> Result {
    let stage = Stage::set().await?;
    let (inbox, ticket) = stage.with_button("request").await?;
    if !locks {
        let role = stage.sandbox.defaults().bot_role;
        let owner = stage.sandbox.owner();
        owner
            .set_role_overwrite(inbox.channel, role, 0, MANAGE_THREADS)
            .await?;
        stage.idle().await?;
    }
    let (mia, max) = (stage.sandbox.member(), stage.sandbox.moderator());
    let starter = stage.with_components(ticket)[0];
    let modal = mia.click(ticket, starter, CLOSE).await?;
    let input = modal.modal()?.inputs()[0]["custom_id"].clone();
    let input = input.as_str().ok_or("an input")?;
    max.run_in(ticket, "ticket close", json!({})).await?;
    stage.closed(ticket, locks).await?;
    stage.idle().await?;
    let said = stage.said(ticket);
    let refused = mia.submit(&modal, [(input, "")]).await?;
    stage.idle().await?;
    assert_eq!(refused.content()?, english(Text::AlreadyClosed {}));
    assert_eq!(stage.said(ticket), said);
    assert!(stage.thread(ticket).is_some_and(|thread| thread.archived));
    stage.finish().await
}

#[tokio::test]
async fn an_owner_cannot_say_that_a_closed_ticket_is_solved() -> Result {
    solved_too_late(false).await
}

#[tokio::test]
async fn an_owner_cannot_say_that_a_locked_ticket_is_solved() -> Result {
    solved_too_late(true).await
}
