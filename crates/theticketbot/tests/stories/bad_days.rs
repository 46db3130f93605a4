//! Discord's failures: the bot retries transient errors without doing anything twice, and reports refusals.

use std::time::Duration;

use discord_sandbox::record::What;
use discord_sandbox::{Fault, Person};
use tickets::permission::{Missing, Permission};
use tickets::text::Text;

use crate::stage::{Inbox, Result, Stage, english, here};

/// The calls between the click and the link, as Discord's documentation writes them.
const OPENING: [(&str, &str); 4] = [
    ("POST", "/interactions/*/*/callback"),
    ("POST", "/channels/*/threads"),
    ("POST", "/channels/*/messages"),
    ("PATCH", "/webhooks/*/*/messages/@original"),
];

/// The calls between the owner's leaving and the closed ticket.
const CLOSING: [(&str, &str); 2] = [("POST", "/channels/*/messages"), ("PATCH", "/channels/*")];

const A_MOMENT: Duration = Duration::from_millis(50);

#[tokio::test]
async fn a_limit_of_the_route() -> Result {
    nobody_notices(&Fault::rate_limited(A_MOMENT)).await
}

#[tokio::test]
async fn the_limit_of_all_calls() -> Result {
    nobody_notices(&Fault::rate_limited(A_MOMENT).global()).await
}

#[tokio::test]
async fn a_limit_that_all_bots_share() -> Result {
    nobody_notices(&Fault::rate_limited(A_MOMENT).shared()).await
}

#[tokio::test]
async fn an_internal_error() -> Result {
    nobody_notices(&Fault::status(500)).await
}

#[tokio::test]
async fn a_bad_gateway_whose_call_took_effect() -> Result {
    nobody_notices(&Fault::status(502).after_it_took_effect()).await
}

#[tokio::test]
async fn a_service_that_is_unavailable() -> Result {
    nobody_notices(&Fault::status(503)).await
}

#[tokio::test]
async fn a_time_out_between_discords_own_servers() -> Result {
    nobody_notices(&Fault::status(504).after_it_took_effect()).await
}

#[tokio::test]
async fn a_connection_that_is_cut_before_the_call_takes_effect() -> Result {
    nobody_notices(&Fault::dropped()).await
}

#[tokio::test]
async fn an_answer_that_is_lost() -> Result {
    nobody_notices(&Fault::dropped().after_it_took_effect()).await
}

/// The token is still valid: without one, the bot would end, and wait for its host.
#[tokio::test]
async fn a_single_401_does_not_end_the_bot() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let unauthorized = Fault::refusal(401, 0, "401: Unauthorized");
    stage
        .sandbox
        .fail_next(unauthorized.on("POST", "/channels/*/threads"))?;
    let mia = stage.sandbox.member();
    stage.open(&mia, inbox).await?;
    assert!(stage.sandbox.waiting_faults().is_empty());
    stage.finish().await
}

#[tokio::test]
async fn calls_that_take_their_time() -> Result {
    nobody_notices(&Fault::slow(Duration::from_millis(400))).await
}

/// Whichever call fails, the ticket is opened once and closed once.
async fn nobody_notices(fault: &Fault) -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let people = stage.sandbox.crowd("fan", 6)?;
    let (clicking, leaving) = people.split_at(OPENING.len());
    for (person, (method, path)) in clicking.iter().zip(OPENING) {
        let ticket = one_ticket(&stage, person, inbox, &fault.clone().on(method, path)).await;
        ticket.map_err(|error| format!("{method} {path}: {error}"))?;
    }
    for (person, (method, path)) in leaving.iter().zip(CLOSING) {
        let ticket = stage.open(person, inbox).await?;
        stage.sandbox.fail_next(fault.clone().on(method, path))?;
        person.leave(ticket).await?;
        stage.closed(ticket, true).await?;
        assert_eq!(stage.said(ticket).len(), 2, "{method} {path}: one note");
    }
    let waiting = stage.sandbox.waiting_faults();
    assert!(waiting.is_empty(), "each befell its call: {waiting:?}");
    stage.finish().await
}

async fn one_ticket(stage: &Stage, person: &Person, inbox: Inbox, fault: &Fault) -> Result {
    let before = stage
        .sandbox
        .look(|look| look.threads_of(inbox.channel).len());
    stage.sandbox.fail_next(fault.clone())?;
    let answer = stage.click(person, inbox).await?;
    let ticket = stage.ticket_of(person, inbox.channel).await?;
    let opened = Text::TicketOpened {
        ticket: here(ticket),
    };
    assert_eq!(answer.content()?, english(opened));
    assert_eq!(stage.said(ticket).len(), 1, "one starter");
    let after = stage
        .sandbox
        .look(|look| look.threads_of(inbox.channel).len());
    assert_eq!(after, before + 1, "one thread");
    Ok(())
}

#[tokio::test]
async fn what_discord_does_not_let_the_bot_do_is_told_with_the_channel() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let mia = stage.sandbox.member();
    for (code, lacking) in [
        (50_001, Permission::ViewChannel),
        (50_013, Permission::CreatePrivateThreads),
    ] {
        // According to the bot's cache, no permission is missing.
        let refused = Fault::refusal(403, code, "Missing Something");
        stage
            .sandbox
            .fail_next(refused.on("POST", "/channels/*/threads"))?;
        let response = stage.click(&mia, inbox).await?;
        let missing = vec![Missing {
            channel: here(inbox.channel),
            permissions: vec![lacking],
        }];
        assert_eq!(response.content()?, english(Text::CannotOpen { missing }));
    }
    // The refusal was not the member's fault, so there is no cooldown.
    stage.open(&mia, inbox).await?;
    stage.finish().await
}

#[tokio::test]
async fn a_starting_message_that_is_denied_and_there_is_not_sent_again() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let mia = stage.sandbox.member();
    // The error is the same as for a mentioned role that is too large, but Discord has created the message.
    let denied = Fault::status(500).after_it_took_effect().times(2);
    stage
        .sandbox
        .fail_next(denied.on("POST", "/channels/*/messages"))?;
    let answer = stage.click(&mia, inbox).await?;
    let ticket = stage.ticket_of(&mia, inbox.channel).await?;
    let opened = english(Text::TicketOpened {
        ticket: here(ticket),
    });
    assert_eq!(answer.content()?, opened);
    let mut denials = 0;
    let denied_twice = stage.sandbox.wait_for_entry("two denials", 0, |entry| {
        denials += u32::from(matches!(&entry.what, What::Call(call) if call.status == 500));
        (denials == 2).then_some(())
    });
    denied_twice.await?;
    mia.leave(ticket).await?;
    stage.closed(ticket, true).await?;
    assert_eq!(stage.said(ticket).len(), 2, "one starter and one note");
    stage.finish().await
}

#[tokio::test]
async fn a_thread_that_is_found_late_becomes_the_ticket_all_the_same() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let mia = stage.sandbox.member();
    // The response is lost, and the first search fails.
    let lost = Fault::dropped().after_it_took_effect();
    stage
        .sandbox
        .fail_next(lost.on("POST", "/channels/*/threads"))?;
    let refused = Fault::refusal(400, 1, "Not now");
    stage
        .sandbox
        .fail_next(refused.on("GET", "/guilds/*/threads/active"))?;
    let ticket = stage.open(&mia, inbox).await?;
    assert_eq!(stage.said(ticket).len(), 1, "one starting message");
    stage.a_minute_passes();
    let open = english(Text::AlreadyOpen {
        ticket: here(ticket),
    });
    assert_eq!(stage.click(&mia, inbox).await?.content()?, open);
    stage.finish().await
}

#[tokio::test]
async fn a_bot_that_is_kicked_in_the_middle_of_a_click_goes_on_elsewhere_and_later() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let (owner, mia) = (stage.sandbox.owner(), stage.sandbox.member());
    let slow = Fault::slow(Duration::from_millis(300)).on("POST", "/channels/*/messages");
    stage.sandbox.fail_next(slow)?;
    let click = mia
        .start_click(inbox.channel, inbox.message, crate::stage::BUTTON)
        .await?;
    stage
        .sandbox
        .wait_until("the thread", |look| {
            look.threads_of(inbox.channel).pop().map(drop)
        })
        .await?;
    let mark = stage.sandbox.mark();
    owner.kick(stage.sandbox.bot_id()).await?;
    mia.answer_to(click).await?;
    // The bot replaces the link with the reason: the interaction's token works although the bot was removed.
    let failed = stage
        .sandbox
        .wait_for_entry("the member reads why", mark, |entry| match &entry.what {
            What::Call(call) if call.is("PATCH", "/webhooks/*/*/messages/@original") => call
                .request["content"]
                .as_str()
                .filter(|content| {
                    !content.contains("Your ticket") && !content.contains("your ticket:")
                })
                .map(str::to_owned),
            _ => None,
        })
        .await?;
    assert!(
        failed.contains(&format!("<#{}>", inbox.channel)),
        "{failed}"
    );
    owner.invite(stage.sandbox.bot_id()).await?;
    stage.idle().await?;
    stage.a_minute_passes();
    stage.open(&mia, inbox).await?;
    stage.finish().await
}
