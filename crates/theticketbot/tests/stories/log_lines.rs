//! The log lines about tickets, which hosts search.

use serde_json::json;

use crate::settings;
use crate::stage::{Result, Stage};

#[tokio::test]
async fn each_event_of_a_ticket_is_one_line_that_names_who_did_it() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let (mia, max) = (stage.sandbox.member(), stage.sandbox.moderator());
    let ticket = stage.open(&mia, inbox).await?;
    let reason = json!({"reason": "done"});
    max.run_in(ticket, "ticket close", reason).await?;
    stage.closed(ticket, true).await?;
    stage.idle().await?;
    let options = json!({"ticket": ticket.to_string()});
    max.run("ticket reopen", options).await?;
    stage.idle().await?;
    mia.leave(ticket).await?;
    stage.closed(ticket, true).await?;
    stage.idle().await?;

    let (mia, max, inbox) = (mia.id(), max.id(), inbox.message);
    let what = format!("ticket={ticket} inbox={inbox} owner={mia}");
    assert_eq!(stage.logged("ticket opened"), [format!("{what} by={mia}")]);
    assert_eq!(
        stage.logged("ticket closed"),
        [
            format!("{what} reason=\"requested\" by={max} locked=true"),
            format!("{what} reason=\"owner-left\" locked=true"),
        ]
    );
    assert_eq!(
        stage.logged("ticket reopened"),
        [format!("{what} by={max}")]
    );
    stage.finish().await
}

#[tokio::test]
async fn a_ticket_that_staff_open_for_somebody_names_them() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let (mia, max) = (stage.sandbox.member(), stage.sandbox.moderator());
    let support = stage.support();
    max.use_user_menu("Open a ticket…", support, mia.id())
        .await?;
    stage.idle().await?;
    let opened = stage.logged("ticket opened");
    let [opened] = &opened[..] else {
        panic!("one line, not {opened:?}");
    };
    let by = format!("inbox={} owner={} by={}", inbox.message, mia.id(), max.id());
    assert!(opened.contains(&by), "{opened}");
    stage.finish().await
}

#[tokio::test]
async fn each_change_of_an_inbox_is_one_line_that_names_who_did_it() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let owner = stage.sandbox.owner();
    let (guild, by) = (stage.sandbox.guild_id(), owner.id());
    let created = [format!("inbox={} guild={guild} by={by}", inbox.message)];
    assert_eq!(stage.logged("inbox created"), created);
    settings::write(&owner, "cooldown", "5m").await?;
    stage.set_staff(inbox, &[]).await?;
    let changed = |what| format!("inbox={} what=\"{what}\" by={by}", inbox.message);
    assert_eq!(
        stage.logged("inbox changed"),
        [changed("cooldown"), changed("staff")]
    );
    let ticket = stage.open(&stage.sandbox.member(), inbox).await?;
    stage.idle().await?;
    owner.delete(ticket).await?;
    stage.idle().await?;
    let mia = stage.sandbox.member().id();
    let deleted = [format!(
        "ticket={ticket} inbox={} owner={mia}",
        inbox.message
    )];
    assert_eq!(stage.logged("ticket deleted"), deleted);
    owner.delete_message(inbox.channel, inbox.message).await?;
    stage.idle().await?;
    let removed = [format!("inbox={}", inbox.message)];
    assert_eq!(
        stage.logged("inbox removed, because its message is gone"),
        removed
    );
    stage.finish().await
}

#[tokio::test]
async fn each_deed_of_staff_is_one_line_that_names_the_ticket_and_who_did_it() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let sandbox = &stage.sandbox;
    let (mia, noah) = (sandbox.member(), sandbox.member2());
    let (max, olivia) = (sandbox.moderator(), sandbox.owner());
    let ticket = stage.open(&mia, inbox).await?;
    let list = olivia
        .run_in(inbox.channel, "ticket list", json!({}))
        .await?;
    let (menu, id) = (list.message()?.id(), ticket.to_string());
    olivia
        .choose(inbox.channel, menu, "join-ticket", &[&id])
        .await?;
    for (command, options) in [
        ("claim", json!({})),
        ("unclaim", json!({})),
        ("add", json!({"member": noah.id()})),
        ("remove", json!({"member": noah.id()})),
        ("rename", json!({"name": "Lamp"})),
        ("snooze", json!({"for": "1h"})),
        ("ask-close", json!({})),
    ] {
        max.run_in(ticket, &format!("ticket {command}"), options)
            .await?;
    }
    let other = stage.inbox().await?;
    let options = json!({"inbox": other.message.to_string()});
    max.run_in(ticket, "ticket transfer", options).await?;
    stage.idle().await?;

    let (mia, noah, max) = (mia.id(), noah.id(), max.id());
    let what = format!("ticket={ticket} inbox={} owner={mia}", inbox.message);
    for (message, who) in [
        ("ticket joined", format!("by={}", olivia.id())),
        ("ticket claimed", format!("by={max}")),
        ("claim ended", format!("by={max}")),
        ("member added to a ticket", format!("user={noah} by={max}")),
        (
            "member removed from a ticket",
            format!("user={noah} by={max}"),
        ),
        ("ticket renamed", format!("by={max}")),
        ("ticket snoozed", format!("by={max}")),
        (
            "owner asked whether to close the ticket",
            format!("by={max}"),
        ),
    ] {
        assert_eq!(
            stage.logged(message),
            [format!("{what} {who}")],
            "{message}"
        );
    }
    let moved = format!(
        "ticket={ticket} inbox={} owner={mia} by={max}",
        other.message
    );
    assert_eq!(stage.logged("ticket transferred"), [moved]);
    stage.finish().await
}
