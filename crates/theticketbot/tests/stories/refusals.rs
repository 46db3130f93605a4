//! What the bot does after each kind of Discord's refusals: not allowed, refused content, another process's
//! interaction.

use discord_sandbox::Fault;
use discord_sandbox::record::What;
use tickets::text::Text;

use crate::stage::{BUTTON, Result, Stage, english, user};

#[tokio::test]
async fn a_ticket_is_archived_where_two_factor_authentication_keeps_it_from_being_locked() -> Result
{
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let mia = stage.sandbox.member();
    let ticket = stage.open(&mia, inbox).await?;
    let refusal = Fault::refusal(403, 60_003, "Two factor is required for this operation");
    stage
        .sandbox
        .fail_next(refusal.on("PATCH", "/channels/*"))?;
    mia.leave(ticket).await?;
    stage.closed(ticket, false).await?;
    stage.idle().await?;
    let note = english(Text::OwnerLeftLocked {
        owner: user(mia.id()),
    });
    assert_eq!(stage.said(ticket)[1..], [note]);
    let warnings = stage.warned("the ticket could not be locked").await?;
    let [warning] = &warnings[..] else {
        panic!("one warning, not {warnings:#?}");
    };
    assert!(warning.contains("60003"), "{warning}");
    stage.finish().await
}

#[tokio::test]
async fn a_starting_message_with_refused_content_leaves_no_thread() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let mia = stage.sandbox.member();
    let blocked = Fault::refusal(400, 200_000, "Message was blocked by automatic moderation");
    stage
        .sandbox
        .fail_next(blocked.times(9).on("POST", "/channels/*/messages"))?;
    let mark = stage.sandbox.mark();
    stage.click(&mia, inbox).await?;
    stage.idle().await?;
    // The response shows the link as soon as there is a thread, and is then corrected.
    let mut responses = stage.sandbox.calls_after(mark);
    responses.retain(|call| call.is("PATCH", "/webhooks/*/*/messages/@original"));
    let last = responses.last().ok_or("a response")?;
    assert_eq!(last.request["content"], english(Text::StarterRefused {}));
    assert_eq!(stage.threads(inbox.channel), []);
    // The failed ticket counts neither as open nor for the cooldown.
    stage.sandbox.clear_faults();
    stage.open(&mia, inbox).await?;
    stage.finish().await
}

#[tokio::test]
async fn a_click_that_another_process_has_acknowledged_is_left_to_it() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let mia = stage.sandbox.member();
    let theirs = Fault::refusal(400, 40_060, "Interaction has already been acknowledged.");
    let callback = ("POST", "/interactions/*/*/callback");
    stage.sandbox.fail_next(theirs.on(callback.0, callback.1))?;
    let mark = stage.sandbox.mark();
    mia.start_click(inbox.channel, inbox.message, BUTTON)
        .await?;
    stage
        .sandbox
        .wait_for_entry("the bot tries to acknowledge", mark, |entry| {
            match &entry.what {
                What::Call(call) if call.is(callback.0, callback.1) => Some(()),
                _ => None,
            }
        })
        .await?;
    stage.idle().await?;
    assert_eq!(stage.threads(inbox.channel), []);
    let warnings = stage.warned("is the bot running twice?").await?;
    assert_eq!(warnings.len(), 1, "{warnings:#?}");
    stage.finish().await
}
