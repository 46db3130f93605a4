//! When a claim ends, apart from `/ticket unclaim`.

use discord_sandbox::id::ChannelId;
use serde_json::json;
use tickets::UserId;

use crate::settings::{pick, write};
use crate::stage::{Result, Stage, here, user};

impl Stage {
    /// Mia's ticket, which Max has answered and claimed. Its inbox reminds staff after five hours.
    async fn claimed(&self) -> Result<ChannelId> {
        let inbox = self.inbox().await?;
        let owner = self.sandbox.owner();
        pick(&owner, "hide-after", "hour").await?;
        write(&owner, "remind-staff", "5h").await?;
        let ticket = self.answered_in(inbox).await?;
        let max = self.sandbox.moderator();
        max.run_in(ticket, "ticket claim", json!({})).await?;
        let holder = self.holder(ticket).await?;
        assert_eq!(holder, Some(user(max.id())));
        Ok(ticket)
    }

    pub(crate) async fn holder(&self, ticket: ChannelId) -> Result<Option<UserId>> {
        self.idle().await?;
        let store = self.settings().db.open_beside()?;
        let ticket = store.ticket(here(ticket)).await?;
        Ok(ticket.ok_or("it is a ticket")?.claimed_by)
    }
}

/// Discord does not report who leaves an archived thread.
#[tokio::test]
async fn a_claim_ends_when_its_holder_leaves_the_server() -> Result {
    let stage = Stage::set().await?;
    let ticket = stage.claimed().await?;
    stage.sandbox.member().send(ticket, "Still broken").await?;
    stage.idle().await?;
    stage.hours_pass(2).await?;
    let is_hidden = stage.thread(ticket).is_some_and(|thread| thread.archived);
    assert!(is_hidden);
    let max = stage.sandbox.moderator();
    max.leave_guild().await?;
    assert_eq!(stage.holder(ticket).await?, None);
    stage.hours_pass(5).await?;
    let said = stage.said(ticket);
    assert_eq!(said.len(), 3, "the reminder is in the ticket: {said:?}");
    let mention = format!("<@{}>", max.id());
    assert!(!said[2].contains(&mention), "{said:?}");
    stage.finish().await
}

#[tokio::test]
async fn the_claim_of_a_closed_ticket_ends_when_its_holder_leaves_the_server() -> Result {
    let stage = Stage::set().await?;
    let ticket = stage.claimed().await?;
    let owner = stage.sandbox.owner();
    owner.run_in(ticket, "ticket close", json!({})).await?;
    stage.closed(ticket, true).await?;
    stage.sandbox.moderator().leave_guild().await?;
    stage.idle().await?;
    let options = json!({"ticket": ticket.to_string()});
    owner.run("ticket reopen", options).await?;
    assert_eq!(stage.holder(ticket).await?, None);
    stage.finish().await
}

#[tokio::test]
async fn a_claim_stays_when_the_ticket_goes_to_an_inbox_with_the_same_staff() -> Result {
    let stage = Stage::set().await?;
    let ticket = stage.claimed().await?;
    stage.inbox_with(json!({"name": "Appeals"})).await?;
    let owner = stage.sandbox.owner();
    let to = json!({"inbox": "Appeals"});
    owner.run_in(ticket, "ticket transfer", to).await?;
    let max = stage.sandbox.moderator().id();
    assert_eq!(stage.holder(ticket).await?, Some(user(max)));
    stage.finish().await
}
