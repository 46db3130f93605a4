//! The owner writes in a closed ticket that is not locked.

use discord_sandbox::id::ChannelId;
use serde_json::json;
use tickets::text::Text;

use crate::notices::PAUSE;
use crate::settings::pick;
use crate::stage::{Inbox, MANAGE_THREADS, Result, Stage, english, here, time_passes, user};

impl Stage {
    /// Mia's ticket, which Max has closed without a lock, and whose notice says so.
    async fn closed_without_lock(&self) -> Result<(Inbox, ChannelId, ChannelId)> {
        let (inbox, staff) = self.with_notices().await?;
        pick(&self.sandbox.owner(), "lock", "archive").await?;
        let max = self.sandbox.moderator();
        let ticket = self.open(&self.sandbox.member(), inbox).await?;
        max.join(ticket).await?;
        max.send(ticket, "Better now?").await?;
        max.run_in(ticket, "ticket close", json!({})).await?;
        self.closed(ticket, false).await?;
        let member = user(max.id());
        let notice = self.notice_with(staff, Text::NoticeClosedBy { member });
        assert!(!notice.await?.can_be_joined);
        Ok((inbox, staff, ticket))
    }

    /// The ticket is open, waits for staff, counts for the limit, and has no further message.
    async fn is_open_again(&self, inbox: Inbox, staff: ChannelId, ticket: ChannelId) -> Result {
        self.idle().await?;
        let mia = self.sandbox.member();
        let opened = self.thread(ticket).ok_or("the ticket is there")?;
        assert!(!opened.archived && !opened.locked);
        time_passes(PAUSE).await;
        self.idle().await?;
        let [notice] = &self.notices(staff)[..] else {
            panic!("one notice")
        };
        assert!(notice.can_be_joined, "{notice:?}");
        self.a_minute_passes();
        let refused = self.click(&mia, inbox).await?;
        let ticket = here(ticket);
        assert_eq!(refused.content()?, english(Text::AlreadyOpen { ticket }));
        let listed = self.sandbox.moderator();
        let listed = listed.run("ticket list", json!({})).await?;
        assert!(
            listed.content()?.contains("waiting for staff"),
            "{listed:?}"
        );
        Ok(())
    }
}

#[tokio::test]
async fn it_is_open_again_and_one_line_names_them() -> Result {
    let stage = Stage::set().await?;
    let (inbox, staff, ticket) = stage.closed_without_lock().await?;
    let (mia, max) = (stage.sandbox.member(), stage.sandbox.moderator());
    stage.a_minute_passes();
    let before = stage.said(ticket);
    mia.send(ticket, "It broke again").await?;
    stage.is_open_again(inbox, staff, ticket).await?;
    assert_eq!(stage.said(ticket), before, "nothing is said about it");
    let what = format!("ticket={ticket} inbox={} owner={}", inbox.message, mia.id());
    let by = format!("{what} by={}", mia.id());
    assert_eq!(stage.logged("ticket reopened"), [by]);

    // Staff close it as before.
    max.run_in(ticket, "ticket close", json!({})).await?;
    stage.closed(ticket, false).await?;
    stage.idle().await?;
    assert_eq!(stage.said(ticket).len(), before.len() + 1);
    assert_eq!(stage.logged("ticket closed").len(), 2);
    stage.finish().await
}

#[tokio::test]
async fn also_while_the_bot_is_stopped() -> Result {
    let mut stage = Stage::set().await?;
    let (inbox, staff, ticket) = stage.closed_without_lock().await?;
    let mia = stage.sandbox.member();
    stage.a_minute_passes();
    let before = stage.said(ticket);
    stage
        .away(async |_| {
            mia.send(ticket, "It broke again").await?;
            Ok(())
        })
        .await?;
    stage.is_open_again(inbox, staff, ticket).await?;
    assert_eq!(stage.said(ticket), before);
    assert_eq!(stage.logged("ticket reopened").len(), 1);
    stage.finish().await
}

#[tokio::test]
async fn whoever_closes_a_ticket_without_its_lock_is_told() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let (mia, max) = (stage.sandbox.member(), stage.sandbox.moderator());
    let bot_role = stage.sandbox.defaults().bot_role;
    let owner = stage.sandbox.owner();
    owner
        .set_role_overwrite(inbox.channel, bot_role, 0, MANAGE_THREADS)
        .await?;
    let ticket = stage.open(&mia, inbox).await?;
    max.join(ticket).await?;
    max.run_in(ticket, "ticket close", json!({})).await?;
    stage.closed(ticket, false).await?;
    stage.idle().await?;
    let not_locked = english(Text::NotLocked {});
    let told = max.messages(ticket).await?;
    let told: Vec<_> = told
        .iter()
        .filter(|it| it.content() == not_locked)
        .collect();
    assert_eq!(told.len(), 1);
    assert!(told[0].is_ephemeral());
    assert!(stage.said(ticket).iter().all(|it| *it != not_locked));

    // If the inbox is set to archive only, the missing lock is intended.
    pick(&owner, "lock", "archive").await?;
    stage.a_minute_passes();
    mia.send(ticket, "It broke again").await?;
    stage.idle().await?;
    max.run_in(ticket, "ticket close", json!({})).await?;
    stage.closed(ticket, false).await?;
    stage.idle().await?;
    let told = max.messages(ticket).await?;
    let told = told.iter().filter(|it| it.content() == not_locked);
    assert_eq!(told.count(), 1);
    stage.finish().await
}
