//! Between the click and the link, a call's response is lost, the call fails or is refused, or the bot is
//! killed.

use std::time::Duration;

use discord_sandbox::record::What;
use discord_sandbox::{Fault, Message, State};
use harness::Result;
use tickets::text::Text;

use crate::{
    FOR_EVER, VIEW_CHANNEL, english, has_one_ticket, links_to_a_ticket, nothing_is_unfinished,
    stage_with_inbox,
};

/// The calls between the click and the link, as Discord's documentation names them.
const CALLS: [(&str, &str); 4] = [
    ("POST", "/interactions/*/*/callback"),
    ("POST", "/channels/*/threads"),
    ("POST", "/channels/*/messages"),
    ("PATCH", "/webhooks/*/*/messages/@original"),
];

#[tokio::test]
async fn a_bot_that_dies_before_or_after_any_call_finishes_or_rolls_it_back() -> Result {
    for (method, path) in CALLS {
        for takes_effect in [false, true] {
            let what = format!("{method} {path}, takes effect: {takes_effect}");
            let (mut stage, inbox) = stage_with_inbox().await?;
            let mia = stage.sandbox.member();
            let mut fault = Fault::slow(FOR_EVER).on(method, path);
            if takes_effect {
                fault = fault.after_it_took_effect();
            }
            stage.sandbox.fail_next(fault)?;
            let click = stage.start_click(&mia, inbox).await?;
            stage.faults_met().await?;
            stage.kill().await?;
            let started = stage.start().await;
            started.map_err(|error| format!("{what}: {error}"))?;
            stage.idle().await?;
            if !stage.threads(inbox.channel)?.is_empty() {
                has_one_ticket(&stage, inbox, &mia).map_err(|error| format!("{what}: {error}"))?;
            }
            // After three seconds, Discord reports a click without an acknowledgement as failed.
            stage.sandbox.advance(Duration::from_secs(4));
            let answer = mia.answer_so_far(click).await?;
            assert_ne!(
                answer.state,
                State::Waiting,
                "{what}: the response is stuck"
            );
            nothing_is_unfinished(&mut stage, inbox).await?;
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_response_that_is_lost_after_the_call_took_effect_doubles_nothing() -> Result {
    one_ticket_in_spite_of(&Fault::dropped().after_it_took_effect()).await
}

#[tokio::test]
async fn a_call_that_fails_once_is_made_again() -> Result {
    one_ticket_in_spite_of(&Fault::status(502)).await
}

/// Whichever call fails, there is one ticket, the member gets its link, and nothing is unfinished.
async fn one_ticket_in_spite_of(fault: &Fault) -> Result {
    for (method, path) in CALLS {
        let (mut stage, inbox) = stage_with_inbox().await?;
        let mia = stage.sandbox.member();
        stage.sandbox.fail_next(fault.clone().on(method, path))?;
        let answer = stage.click(&mia, inbox).await?;
        links_to_a_ticket(&answer).map_err(|error| format!("{method} {path}: {error}"))?;
        stage.idle().await?;
        has_one_ticket(&stage, inbox, &mia).map_err(|error| format!("{method} {path}: {error}"))?;
        nothing_is_unfinished(&mut stage, inbox).await?;
    }
    Ok(())
}

/// However often the creation of a thread fails or its response is lost, the bot retries while
/// it can still respond to the member.
#[tokio::test]
async fn a_thread_that_discord_fails_to_create_is_created_later() -> Result {
    const FAILURES: u32 = 4;
    for fault in [
        Fault::status(500),
        Fault::dropped(),
        Fault::dropped().after_it_took_effect(),
    ] {
        let (mut stage, inbox) = stage_with_inbox().await?;
        let mia = stage.sandbox.member();
        let create = fault
            .clone()
            .times(FAILURES)
            .on("POST", "/channels/*/threads");
        stage.sandbox.fail_next(create)?;
        let click = stage.start_click(&mia, inbox).await?;
        // The bot searches for an existing thread before it retries the creation.
        while !stage.sandbox.waiting_faults().is_empty() {
            if !stage.threads(inbox.channel)?.is_empty() {
                break;
            }
            stage.bot.time_passes(Duration::from_secs(5)).await?;
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        stage.sandbox.clear_faults();
        stage.idle().await?;
        has_one_ticket(&stage, inbox, &mia).map_err(|error| format!("{fault:?}: {error}"))?;
        links_to_a_ticket(&mia.answer_to(click).await?)?;
        nothing_is_unfinished(&mut stage, inbox).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_ticket_that_nobody_can_be_invited_to_is_rolled_back_and_told() -> Result {
    let (mut stage, inbox) = stage_with_inbox().await?;
    let mia = stage.sandbox.member();
    let refused = Fault::refusal(403, 50_013, "Missing Permissions");
    stage
        .sandbox
        .fail_next(refused.on("POST", "/channels/*/messages"))?;
    stage.click(&mia, inbox).await?;
    stage.idle().await?;
    assert_eq!(stage.threads(inbox.channel)?.len(), 0);
    nothing_is_unfinished(&mut stage, inbox).await?;
    let answers: Vec<_> = mia
        .messages(inbox.channel)
        .await?
        .into_iter()
        .filter(Message::is_ephemeral)
        .map(|message| message.content().to_owned())
        .collect();
    let [answer] = &answers[..] else {
        panic!("one response, not {answers:?}")
    };
    assert!(!answer.contains("Your ticket"), "{answer}");
    assert!(
        answer.contains(&format!("<#{}>", inbox.channel)),
        "{answer}"
    );
    Ok(())
}

#[tokio::test]
async fn a_channel_that_the_bot_cannot_view_leaves_an_opening_unfinished() -> Result {
    // Discord then also refuses to let the bot read the channel or the thread.
    for (path, read_path) in [
        ("/channels/*/threads", "/channels/*"),
        ("/channels/*/messages", "/channels/*/messages"),
    ] {
        let (mut stage, inbox) = stage_with_inbox().await?;
        let mia = stage.sandbox.member();
        let lost = Fault::slow(FOR_EVER).after_it_took_effect();
        stage.sandbox.fail_next(lost.on("POST", path))?;
        let click = stage.start_click(&mia, inbox).await?;
        stage.faults_met().await?;
        stage.kill().await?;
        let (owner, me) = (stage.sandbox.owner(), stage.sandbox.bot_id());
        owner
            .set_member_overwrite(inbox.channel, me, 0, VIEW_CHANNEL)
            .await?;
        let mark = stage.sandbox.mark();
        stage.start().await?;
        stage
            .sandbox
            .wait_for_entry("the bot is refused", mark, |entry| match &entry.what {
                What::Call(call) if call.status == 403 && call.is("GET", read_path) => Some(()),
                _ => None,
            })
            .await
            .map_err(|error| stage.with_log(&error))?;
        owner
            .set_member_overwrite(inbox.channel, me, VIEW_CHANNEL, 0)
            .await?;
        stage.idle().await?;
        has_one_ticket(&stage, inbox, &mia).map_err(|error| format!("{path}: {error}"))?;
        links_to_a_ticket(&mia.answer_to(click).await?)?;
        nothing_is_unfinished(&mut stage, inbox).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_role_too_large_to_be_invited_does_not_keep_the_owner_out() -> Result {
    let (mut stage, inbox) = stage_with_inbox().await?;
    let mia = stage.sandbox.member();
    // The message with the role's mention fails, and so does its one retry.
    let too_large = Fault::status(500).on("POST", "/channels/*/messages");
    stage.sandbox.fail_next(too_large.times(2))?;
    let answer = stage.click(&mia, inbox).await?;
    stage.idle().await?;
    has_one_ticket(&stage, inbox, &mia)?;
    let thread = stage.threads(inbox.channel)?[0].id;
    let response = mia.answer_to(answer.id).await?;
    let link = Text::TicketOpened {
        ticket: tickets::ChannelId(thread.0),
    };
    let without_staff = [link, Text::StaffNotInvited {}].map(english).join("\n");
    assert_eq!(response.content()?, without_staff);
    let moderator = stage.sandbox.moderator_role();
    let own = stage.own_messages(thread)?.into_iter();
    let pinged = own.filter(|message| message.mention_roles.contains(&moderator));
    assert_eq!(pinged.count(), 0, "the role is too large");
    nothing_is_unfinished(&mut stage, inbox).await
}

/// The inbox's counter counts every ticket, whether or not the name shows it.
#[tokio::test]
async fn the_counter_counts_every_ticket() -> Result {
    let (mut stage, inbox) = stage_with_inbox().await?;
    let people = stage.sandbox.crowd("person", 3)?;
    for person in &people[..2] {
        stage.open_ticket(person, inbox).await?;
    }
    stage.customise(inbox, "name", "No. $counter").await?;
    let third = stage.open_ticket(&people[2], inbox).await?;
    assert_eq!(stage.thread(third)?.name, "No. 0003");
    nothing_is_unfinished(&mut stage, inbox).await
}
