//! `/ticket open`, and *Open a ticket…* in a member's Apps menu.

use serde_json::json;
use tickets::text::Text;

use crate::stage::{Result, Stage, VIEW_CHANNEL, english, here};

const OPEN_FOR: &str = "Open a ticket…";

#[tokio::test]
async fn a_member_opens_a_ticket_by_command() -> Result {
    let stage = Stage::set().await?;
    let mia = stage.sandbox.member();
    let none = mia.run("ticket open", json!({})).await?;
    assert_eq!(none.content()?, english(Text::NoInboxHere {}));
    let inbox = stage.inbox().await?;
    mia.run("ticket open", json!({})).await?;
    let ticket = stage.ticket_of(&mia, inbox.channel).await?;
    let again = mia.run("ticket open", json!({})).await?;
    let ticket = here(ticket);
    assert_eq!(again.content()?, english(Text::AlreadyOpen { ticket }));
    stage.finish().await
}

#[tokio::test]
async fn with_several_inboxes_the_member_chooses() -> Result {
    let stage = Stage::set().await?;
    stage.inbox().await?;
    let other = stage
        .inbox_with(json!({"destination": stage.tickets()}))
        .await?;
    let mia = stage.sandbox.member();
    let general = stage.sandbox.defaults().general;
    let menu = mia.run("ticket open", json!({})).await?;
    assert_eq!(menu.content()?, english(Text::ChooseInbox {}));
    let id = other.message.to_string();
    mia.choose(general, menu.message()?.id(), "open-inbox", &[&id])
        .await?;
    stage.ticket_of(&mia, stage.tickets()).await?;
    let unknown = mia.run("ticket open", json!({"inbox": "nothing"})).await?;
    let written = "nothing".to_owned();
    assert_eq!(unknown.content()?, english(Text::NoSuchInbox { written }));
    stage.finish().await
}

#[tokio::test]
async fn staff_open_a_ticket_for_a_member() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let sandbox = &stage.sandbox;
    let (mia, max) = (sandbox.member(), sandbox.moderator());
    let mark = sandbox.mark();
    let opened = max.use_user_menu(OPEN_FOR, inbox.channel, mia.id()).await?;
    let ticket = stage.ticket_of(&mia, inbox.channel).await?;
    let link = here(ticket);
    let calls = stage.sandbox.calls_after(mark);
    let created = calls.iter().find(|call| call.path.ends_with("/threads"));
    let reason = created.and_then(|call| call.reason.as_deref());
    let expected = format!("({})", max.id());
    assert!(
        reason.is_some_and(|reason| reason.ends_with(&expected)),
        "the audit log names who opened it: {reason:?}"
    );
    assert_eq!(
        opened.content()?,
        english(Text::TicketOpenedFor { ticket: link })
    );
    let staff = max.id();
    stage
        .sandbox
        .wait_until("the opener is in it", |look| {
            look.is_in_thread(ticket, staff).then_some(())
        })
        .await?;
    stage.idle().await?;
    let starter = &stage.said(ticket)[0];
    let by = english(Text::OpenedBy { name: "Max".into() });
    assert!(starter.ends_with(&by), "{starter}");
    assert!(starter.contains(&mia.id().to_string()), "{starter}");

    // They have one now.
    let has = max.use_user_menu(OPEN_FOR, inbox.channel, mia.id()).await?;
    let name = "Mia".to_owned();
    let text = Text::HasOpenTicket { name, ticket: link };
    assert_eq!(has.content()?, english(text));
    let button = has.message()?.button("Open another").ok_or("a button")?;
    max.click(inbox.channel, has.message()?.id(), button)
        .await?;
    stage.idle().await?;
    let threads = stage
        .sandbox
        .look(|look| look.threads_of(inbox.channel).len());
    assert_eq!(threads, 2);
    // It is the member's, who closes it by leaving.
    mia.leave(ticket).await?;
    stage.closed(ticket, true).await?;
    stage.finish().await
}

#[tokio::test]
async fn whom_no_ticket_can_be_opened_for_is_said() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let sandbox = &stage.sandbox;
    let (mia, noah, max, owner) = (
        sandbox.member(),
        sandbox.member2(),
        sandbox.moderator(),
        sandbox.owner(),
    );
    let bot = max
        .use_user_menu(OPEN_FOR, inbox.channel, sandbox.bot_id())
        .await?;
    assert_eq!(bot.content()?, english(Text::NotForBots {}));
    owner
        .set_member_overwrite(inbox.channel, noah.id(), 0, VIEW_CHANNEL)
        .await?;
    let general = sandbox.defaults().general;
    let blind = max.use_user_menu(OPEN_FOR, general, noah.id()).await?;
    assert_eq!(
        blind.content()?,
        english(Text::CannotViewChannel {
            name: "Noah".into(),
            channel: here(inbox.channel)
        })
    );
    // A member forges the menu and the button.
    let id = inbox.message.to_string();
    for forged in [
        json!({"channel_id": general, "custom_id": format!("open-for:{}", noah.id()),
            "component_type": 3, "values": [id]}),
        json!({"channel_id": general, "custom_id": format!("open-another:{id}:{}", noah.id()),
            "component_type": 2}),
    ] {
        let refused = mia.forge(forged).await?;
        assert_eq!(refused.content()?, english(Text::NoInboxesOfYours {}));
    }
    stage.idle().await?;
    let threads = stage
        .sandbox
        .look(|look| look.threads_of(inbox.channel).len());
    assert_eq!(threads, 0);
    stage.finish().await
}
