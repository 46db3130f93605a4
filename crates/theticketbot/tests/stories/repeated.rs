//! Discord delivers an interaction more than once: the bot handles it once, and ignores the others silently.

use discord_sandbox::id::InteractionId;
use discord_sandbox::{Answer, EventFault, Fields};
use harness::linked_channel;
use serde_json::json;
use tickets::text::Text;

use crate::settings::{line, pick_in, write};
use crate::stage::{BUTTON, Inbox, Result, Stage, english, here};

impl Stage {
    /// An inbox without a limit and without a cooldown.
    async fn without_limits(&self) -> Result<Inbox> {
        let inbox = self.inbox().await?;
        let owner = self.sandbox.owner();
        write(&owner, "limit-member", "0").await?;
        write(&owner, "cooldown", "0").await?;
        self.idle().await?;
        Ok(inbox)
    }

    /// Discord will deliver the next interaction twice.
    fn twice(&self) -> Result {
        let fault = EventFault::twice("INTERACTION_CREATE");
        Ok(self.sandbox.fault_event(fault)?)
    }

    /// Discord delivers the interaction again after the response, and the bot does nothing.
    async fn nothing_follows(&self, interaction: InteractionId) -> Result {
        self.idle().await?;
        let mark = self.sandbox.mark();
        self.sandbox.repeat_interaction(interaction)?;
        self.idle().await?;
        let calls = self.sandbox.calls_after(mark);
        let calls: Vec<_> = calls.iter().map(|it| (&it.method, &it.path)).collect();
        assert_eq!(calls, []);
        assert_eq!(self.warnings(), [""; 0]);
        Ok(())
    }

    /// How many first responses the bot has tried to send since then.
    fn responses_after(&self, mark: u64) -> usize {
        let calls = self.sandbox.calls_after(mark);
        let mut responses = calls;
        responses.retain(|call| call.is("POST", "/interactions/*/*/callback"));
        responses.len()
    }
}

#[tokio::test]
async fn a_click_that_comes_twice_opens_one_ticket() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.without_limits().await?;
    let mia = stage.sandbox.member();
    let mark = stage.sandbox.mark();
    stage.twice()?;
    let click = mia
        .start_click(inbox.channel, inbox.message, BUTTON)
        .await?;
    let ticket = linked_channel(mia.answer_to(click).await?.content()?)?;
    stage.nothing_follows(click).await?;
    assert_eq!(stage.threads(inbox.channel), [ticket]);
    assert_eq!(stage.said(ticket).len(), 1, "the starting message");
    assert_eq!(stage.responses_after(mark), 1);
    assert_eq!(stage.logged("ticket opened").len(), 1);

    // Another click of hers is another ticket.
    let other = stage.open(&mia, inbox).await?;
    assert_ne!(other, ticket);
    stage.finish().await
}

#[tokio::test]
async fn a_form_and_its_submission_that_come_twice_open_one_ticket() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.without_limits().await?;
    write(&stage.sandbox.owner(), "form", "Who? | short").await?;
    stage.idle().await?;
    let mia = stage.sandbox.member();
    let mark = stage.sandbox.mark();
    stage.twice()?;
    let modal = stage.click(&mia, inbox).await?;
    stage.nothing_follows(modal.id).await?;
    assert_eq!(stage.responses_after(mark), 1, "one modal");

    stage.twice()?;
    let fields = Fields::new().text("ask:short:Who?", "Mia");
    let submission = mia.start_submission(&modal, fields).await?;
    let opened = mia.answer_to(submission).await?;
    let ticket = linked_channel(opened.content()?)?;
    stage.nothing_follows(submission).await?;
    assert_eq!(stage.threads(inbox.channel), [ticket]);
    let bot = stage.sandbox.bot_id();
    let answers = stage.sandbox.look(|look| {
        let own = look.messages(ticket).filter(|it| it.user() == Some(bot));
        own.filter(|it| !it.embeds.is_empty()).count()
    });
    assert_eq!(answers, 1);
    let still = mia.answer_so_far(submission).await?;
    let link = Text::TicketOpened {
        ticket: here(ticket),
    };
    assert_eq!(still.content()?, english(link));
    stage.finish().await
}

#[tokio::test]
async fn a_setting_that_comes_twice_is_changed_once() -> Result {
    let stage = Stage::set().await?;
    stage.inbox().await?;
    let owner = stage.sandbox.owner();
    let mark = stage.sandbox.mark();
    stage.twice()?;
    let panel = owner.run("inbox settings", json!({})).await?;
    stage.nothing_follows(panel.id).await?;
    assert_eq!(stage.responses_after(mark), 1, "one panel");

    // If the bot handled the choice twice, the setting would have its old value.
    stage.twice()?;
    let turned = pick_in(&panel, &owner, "lock").await?;
    stage.nothing_follows(turned.id).await?;
    assert_eq!(line(&turned, "Closed tickets")?, "not locked");
    let panel = owner.run("inbox settings", json!({})).await?;
    assert_eq!(line(&panel, "Closed tickets")?, "not locked");

    // The repeated submission must not overwrite a later change.
    let modal = pick_in(&panel, &owner, "cooldown").await?;
    let saved = submitted(&stage, &modal, "1 h").await?;
    let modal = pick_in(&panel, &owner, "cooldown").await?;
    let later = submitted(&stage, &modal, "2 h").await?;
    stage.nothing_follows(saved).await?;
    stage.nothing_follows(later).await?;
    let panel = owner.run("inbox settings", json!({})).await?;
    assert_eq!(line(&panel, "Time between tickets")?, "2 hours");
    assert_eq!(stage.logged("inbox changed").len(), 3);
    stage.finish().await
}

/// Olivia submits a setting's modal, which comes twice.
async fn submitted(stage: &Stage, modal: &Answer, value: &str) -> Result<InteractionId> {
    stage.twice()?;
    let owner = stage.sandbox.owner();
    let submission = owner.start_submission(modal, [("template", value)]).await?;
    owner.answer_to(submission).await?;
    Ok(submission)
}

#[tokio::test]
async fn a_command_in_a_ticket_that_comes_twice_is_carried_out_once() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let (mia, max) = (stage.sandbox.member(), stage.sandbox.moderator());
    let ticket = stage.open(&mia, inbox).await?;
    max.join(ticket).await?;
    stage.idle().await?;
    let mark = stage.sandbox.mark();
    stage.twice()?;
    let claimed = max.run_in(ticket, "ticket claim", json!({})).await?;
    stage.nothing_follows(claimed.id).await?;
    let before = stage.said(ticket).len();
    stage.twice()?;
    let close = json!({"reason": "done"});
    let closed = max.start_command(ticket, "ticket close", close).await?;
    stage.closed(ticket, true).await?;
    stage.nothing_follows(closed).await?;
    assert_eq!(stage.said(ticket).len(), before + 1);
    assert_eq!(stage.responses_after(mark), 2);
    assert_eq!(stage.logged("ticket closed").len(), 1);
    stage.finish().await
}
