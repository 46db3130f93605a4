//! Discord is slow to create a thread, and two simultaneous clicks are hard to distinguish.

use std::time::Duration;

use discord_sandbox::id::InteractionId;
use discord_sandbox::record::{Entry, What};
use discord_sandbox::{Fault, Person};
use tickets::text::Text;

use crate::stage::{BUTTON, Inbox, Result, Stage, english, here, time_passes};

/// Longer than a member waits before the bot notifies them of the delay.
const LONG: Duration = Duration::from_secs(6);

/// Longer than Discord allows a response to be edited.
const TOO_LONG: Duration = Duration::from_secs(16 * 60);

impl Stage {
    /// A click. Discord creates its thread only after all faults are cleared.
    async fn click_that_waits(&self, person: &Person, inbox: Inbox) -> Result<InteractionId> {
        let held = Fault::held().on("POST", "/channels/*/threads");
        self.sandbox.fail_next(held)?;
        let mark = self.sandbox.mark();
        let click = person
            .start_click(inbox.channel, inbox.message, BUTTON)
            .await?;
        self.sandbox
            .wait_for_entry("it is acknowledged", mark, |entry| {
                called(entry, ("POST", "/interactions/*/*/callback"))
            })
            .await?;
        Ok(click)
    }

    async fn reads(&self, inbox: Inbox, text: Text) -> Result {
        let text = english(text);
        self.sandbox
            .wait_until(&text, |look| {
                let mut said = look.messages(inbox.channel);
                said.any(|message| message.content == text).then_some(())
            })
            .await?;
        Ok(())
    }
}

fn called(entry: &Entry, (method, path): (&str, &str)) -> Option<()> {
    match &entry.what {
        What::Call(call) => call.is(method, path).then_some(()),
        _ => None,
    }
}

#[tokio::test]
async fn who_waits_long_is_told_so_and_gets_one_ticket() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let mia = stage.sandbox.member();
    let first = stage.click_that_waits(&mia, inbox).await?;
    time_passes(LONG).await;
    stage.reads(inbox, Text::OpeningDelayed {}).await?;
    let second = mia
        .start_click(inbox.channel, inbox.message, BUTTON)
        .await?;
    stage.sandbox.clear_faults();
    let ticket = stage.ticket_of(&mia, inbox.channel).await?;
    let link = here(ticket);
    // The notice of the delay is edited to show the link, so there is only one response.
    stage
        .reads(inbox, Text::TicketOpened { ticket: link })
        .await?;
    let answer = mia.answer_to(first).await?;
    assert_eq!(
        answer.content()?,
        english(Text::TicketOpened { ticket: link })
    );
    let answer = mia.answer_to(second).await?;
    assert_eq!(
        answer.content()?,
        english(Text::AlreadyOpen { ticket: link })
    );
    let threads = stage
        .sandbox
        .look(|look| look.threads_of(inbox.channel).len());
    assert_eq!((threads, stage.said(ticket).len()), (1, 1));
    stage.finish().await
}

#[tokio::test]
async fn a_limit_of_discords_is_waited_for_and_told() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let mia = stage.sandbox.member();
    let limited = Fault::rate_limited(2 * LONG).shared();
    let create = ("POST", "/channels/*/threads");
    stage.sandbox.fail_next(limited.on(create.0, create.1))?;
    let mark = stage.sandbox.mark();
    let click = mia
        .start_click(inbox.channel, inbox.message, BUTTON)
        .await?;
    for call in [create, ("POST", "/interactions/*/*/callback")] {
        let wait = stage
            .sandbox
            .wait_for_entry(call.1, mark, |entry| called(entry, call));
        wait.await?;
    }
    time_passes(LONG).await;
    stage.reads(inbox, Text::OpeningDelayed {}).await?;
    assert_eq!(stage.threads(inbox.channel), []);
    time_passes(2 * LONG).await;
    let ticket = stage.ticket_of(&mia, inbox.channel).await?;
    let opened = Text::TicketOpened {
        ticket: here(ticket),
    };
    stage.reads(inbox, opened.clone()).await?;
    let answer = mia.answer_to(click).await?;
    assert_eq!(answer.content()?, english(opened));
    stage.finish().await
}

#[tokio::test]
async fn who_waited_too_long_to_be_told_gets_a_ticket_all_the_same() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let mia = stage.sandbox.member();
    stage.click_that_waits(&mia, inbox).await?;
    time_passes(LONG).await;
    stage.reads(inbox, Text::OpeningDelayed {}).await?;
    stage.sandbox.advance(TOO_LONG);
    stage.sandbox.clear_faults();
    let ticket = stage.ticket_of(&mia, inbox.channel).await?;
    let open = Text::AlreadyOpen {
        ticket: here(ticket),
    };
    assert_eq!(stage.click(&mia, inbox).await?.content()?, english(open));
    stage.finish().await
}

/// Two members have the same name. The bot takes the thread of one for the ticket of the other, whose own
/// thread was never created. Still, each gets a ticket.
#[tokio::test]
async fn a_thread_is_never_the_ticket_of_two() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let (mia, noah) = (stage.sandbox.member(), stage.sandbox.member2());
    mia.set_global_name("Alex").await?;
    noah.set_global_name("Alex").await?;
    let create = ("POST", "/channels/*/threads");
    let late = Fault::slow(Duration::from_secs(1)).after_it_took_effect();
    for fault in [Fault::dropped(), late] {
        stage.sandbox.fail_next(fault.on(create.0, create.1))?;
    }
    let lists = Fault::held().on("GET", "/guilds/*/threads/active");
    stage.sandbox.fail_next(lists)?;
    let mark = stage.sandbox.mark();
    let first = mia
        .start_click(inbox.channel, inbox.message, BUTTON)
        .await?;
    stage
        .sandbox
        .wait_for_entry("Mia's thread is not created", mark, |entry| {
            called(entry, create)
        })
        .await?;
    let second = noah
        .start_click(inbox.channel, inbox.message, BUTTON)
        .await?;
    stage
        .sandbox
        .wait_until("Noah's thread", |look| {
            look.threads_of(inbox.channel).pop().map(drop)
        })
        .await?;
    stage.sandbox.clear_faults();

    let of_mia = stage.ticket_of(&mia, inbox.channel).await?;
    let of_noah = stage.ticket_of(&noah, inbox.channel).await?;
    assert_ne!(of_mia, of_noah);
    for (person, click, ticket) in [(&mia, first, of_mia), (&noah, second, of_noah)] {
        let opened = Text::TicketOpened {
            ticket: here(ticket),
        };
        assert_eq!(
            person.answer_to(click).await?.content()?,
            english(opened.clone())
        );
        assert_eq!(stage.said(ticket).len(), 1, "one starter");
    }
    stage.finish().await
}
