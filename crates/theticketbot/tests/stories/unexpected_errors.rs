//! Unexpected errors: a code for the member, the same code in the log, and the bot keeps working.

use discord_sandbox::Fault;
use serde_json::json;

use crate::stage::{Result, Stage};

#[tokio::test]
async fn an_unexpected_error_has_a_code_that_the_log_has_too() -> Result {
    let stage = Stage::set().await?;
    let (owner, support) = (stage.sandbox.owner(), stage.support());
    let source = owner.send(support, "Need help?").await?;
    owner
        .run("inbox create", json!({"channel": support}))
        .await?;
    let unexpected = Fault::refusal(400, 12_345, "Some unknown error");
    stage
        .sandbox
        .fail_next(unexpected.on("POST", "/channels/*/messages"))?;
    let response = stage.select(&owner, support, source.id()).await?;

    let code = response
        .content()?
        .split('`')
        .nth(1)
        .expect("it has a code");
    let [logged] = &stage.expected_errors()[..] else {
        panic!("one error is logged")
    };
    assert!(logged.contains(code), "{code}: {logged}");
    assert!(
        logged.contains("Some unknown error"),
        "the cause is in the log: {logged}"
    );
    // The response mentions the application's owner without pinging them.
    assert!(response.content()?.contains(&format!("<@{}>", owner.id())));
    assert!(response.message()?.mentioned_users().is_empty());

    // The command still waits for a message, and works now.
    stage.select(&owner, support, source.id()).await?;
    stage.newest_inbox(support);
    stage.finish().await
}

#[tokio::test]
async fn a_link_that_is_lost_leaves_one_ticket() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let mia = stage.sandbox.member();
    // The call with the link fails: the member still has exactly one ticket.
    let lost = Fault::dropped().on("PATCH", "/webhooks/*/*/messages/@original");
    stage.sandbox.fail_next(lost)?;
    stage.click(&mia, inbox).await?;
    let ticket = stage.ticket_of(&mia, inbox.channel).await?;
    let threads = stage
        .sandbox
        .look(|look| look.threads_of(inbox.channel).len());
    assert_eq!(threads, 1);
    mia.leave(ticket).await?;
    stage.closed(ticket, true).await?;
    stage.expected_errors();
    stage.finish().await
}
