//! Inboxes whose starting message does not invite the owner: staff talk without them.

use discord_sandbox::Person;
use discord_sandbox::id::ChannelId;
use serde_json::json;
use tickets::text::Text;

use crate::settings::write;
use crate::stage::{Inbox, Result, Stage, english, here};

impl Stage {
    /// Such an inbox, and Noah's ticket in it.
    async fn without_its_owner(&self) -> Result<(Inbox, Person, ChannelId)> {
        let inbox = self.inbox().await?;
        write(&self.sandbox.owner(), "starter", "Hello $staff").await?;
        let noah = self.sandbox.member2();
        let ticket = self.open(&noah, inbox).await?;
        self.idle().await?;
        assert!(!self.has_member(ticket, &noah));
        Ok((inbox, noah, ticket))
    }

    fn has_member(&self, ticket: ChannelId, person: &Person) -> bool {
        let id = person.id();
        self.sandbox.look(|look| look.is_in_thread(ticket, id))
    }
}

#[tokio::test]
async fn a_reminder_does_not_add_the_owner() -> Result {
    let stage = Stage::set().await?;
    let (_, noah, ticket) = stage.without_its_owner().await?;
    write(&stage.sandbox.owner(), "remind-owner", "2h").await?;
    write(&stage.sandbox.owner(), "close-idle", "4h").await?;
    stage.hours_pass(3).await?;
    stage.hours_pass(3).await?;
    assert_eq!(stage.said(ticket).len(), 1, "the starting message");
    assert!(!stage.has_member(ticket, &noah));
    assert!(stage.thread(ticket).is_some_and(|thread| !thread.archived));

    // Staff add the owner, who can answer from then on.
    let owner = stage.sandbox.owner();
    owner.add(ticket, noah.id()).await?;
    owner.send(ticket, "What do you think?").await?;
    stage.idle().await?;
    stage.hours_pass(3).await?;
    assert_eq!(stage.said(ticket).len(), 2, "the reminder");
    stage.finish().await
}

#[tokio::test]
async fn the_ticket_counts_for_the_limit() -> Result {
    let stage = Stage::set().await?;
    let (inbox, noah, ticket) = stage.without_its_owner().await?;
    stage.a_minute_passes();
    let refused = stage.click(&noah, inbox).await?;
    let ticket = here(ticket);
    assert_eq!(refused.content()?, english(Text::AlreadyOpen { ticket }));
    stage.finish().await
}

#[tokio::test]
async fn no_command_brings_the_owner_in() -> Result {
    let stage = Stage::set().await?;
    let (_, noah, ticket) = stage.without_its_owner().await?;
    let options = json!({"destination": stage.tickets(), "name": "Appeals"});
    stage.inbox_with(options).await?;
    let owner = stage.sandbox.owner();
    let asked = owner.run_in(ticket, "ticket ask-close", json!({})).await?;
    assert_eq!(asked.content()?, english(Text::OwnerNotHere {}));
    let to = json!({"inbox": "Appeals"});
    let moved = owner.run_in(ticket, "ticket transfer", to).await?;
    assert_eq!(moved.content()?, english(Text::OwnerNotHere {}));
    stage.idle().await?;
    assert!(!stage.has_member(ticket, &noah));
    stage.finish().await
}
