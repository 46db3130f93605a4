//! `/ticket transfer`: two teams in one channel.

use discord_sandbox::Person;
use discord_sandbox::id::{ChannelId, RoleId};
use serde_json::json;
use tickets::text::Text;

use crate::settings::write;
use crate::stage::{Inbox, Result, Stage, english, here};

/// Two inboxes in one channel, each with its own team, and Mia's ticket in the first.
struct Teams {
    second: Inbox,
    ticket: ChannelId,
    /// One of each team.
    staff: [Person; 2],
    roles: [RoleId; 2],
}

async fn set_setting(owner: &Person, inbox: Inbox, setting: &str, value: &str) -> Result {
    let options = json!({"setting": setting, "inbox": inbox.message.to_string()});
    let modal = owner.run("inbox settings", options).await?;
    owner
        .submit_json(&modal, json!({"template": [value]}))
        .await?;
    Ok(())
}

impl Teams {
    async fn set(stage: &Stage) -> Result<Self> {
        let sandbox = &stage.sandbox;
        let owner = sandbox.owner();
        let first = stage.inbox().await?;
        write(&owner, "name", "Help").await?;
        let second = stage.inbox().await?;
        let options = json!({"setting": "name", "inbox": second.message.to_string()});
        let modal = owner.run("inbox settings", options).await?;
        owner.submit(&modal, [("template", "Sales")]).await?;
        let mut crowd = sandbox.crowd("staff", 2)?.into_iter();
        let staff = [crowd.next(), crowd.next()].map(|it| it.expect("two"));
        let mut roles = Vec::new();
        for (person, inbox) in staff.iter().zip([first, second]) {
            let role = json!({"name": "Team", "mentionable": true});
            let role = owner.create_role(role).await?;
            owner.give_role(person.id(), role).await?;
            stage.set_staff(inbox, &[role.0.to_string()]).await?;
            roles.push(role);
        }
        let ticket = stage.open(&sandbox.member(), first).await?;
        Ok(Self {
            second,
            ticket,
            staff,
            roles: [roles[0], roles[1]],
        })
    }
}

fn is_in(stage: &Stage, ticket: ChannelId, person: &Person) -> bool {
    let id = person.id();
    stage.sandbox.look(|look| look.is_in_thread(ticket, id))
}

#[tokio::test]
async fn a_ticket_goes_to_another_team() -> Result {
    let stage = Stage::set().await?;
    let teams = Teams::set(&stage).await?;
    let [first, second] = &teams.staff;
    let ticket = teams.ticket;
    assert!(is_in(&stage, ticket, first) && !is_in(&stage, ticket, second));
    let refused = second.run("ticket list", json!({})).await?;
    assert_eq!(refused.content()?, english(Text::NoTickets {}));

    let options = json!({"inbox": "Sales", "reason": "About money", "remove-old-staff": true});
    let done = first.run_in(ticket, "ticket transfer", options).await?;
    let inbox = || "Sales".to_owned();
    assert_eq!(
        done.content()?,
        english(Text::TransferDone { inbox: inbox() })
    );
    assert!(done.message()?.is_ephemeral());
    stage.idle().await?;
    // One message says so, and brings the new team in.
    let said = stage.said(ticket);
    let [_, news] = &said[..] else {
        return Err(format!("two messages, not {said:?}").into());
    };
    assert!(
        news.contains("About money") && news.contains("Sales"),
        "{news}"
    );
    assert!(news.contains(&format!("<@&{}>", teams.roles[1])), "{news}");
    assert!(is_in(&stage, ticket, second) && !is_in(&stage, ticket, first));
    assert!(is_in(&stage, ticket, &stage.sandbox.member()));

    // It belongs to the new team.
    second.run_in(ticket, "ticket close", json!({})).await?;
    stage.closed(ticket, true).await?;
    stage.idle().await?;
    assert_eq!(stage.said(ticket).len(), 3, "one closing message");
    stage.finish().await
}

#[tokio::test]
async fn a_transfer_that_cannot_be_changes_nothing() -> Result {
    let stage = Stage::set().await?;
    let teams = Teams::set(&stage).await?;
    let owner = stage.sandbox.owner();
    let elsewhere = stage
        .inbox_with(json!({"destination": stage.tickets()}))
        .await?;
    let [first, second] = &teams.staff;
    let ticket = teams.ticket;
    let transfer = async |person: &Person, inbox: &str| {
        let options = json!({"inbox": inbox});
        person.run_in(ticket, "ticket transfer", options).await
    };
    stage.sandbox.moderator().add(ticket, second.id()).await?;
    let refused = transfer(second, "Sales").await?;
    assert_eq!(refused.content()?, english(Text::NotTheStaff {}));
    let same = transfer(first, "Help").await?;
    let inbox = "Help".to_owned();
    assert_eq!(same.content()?, english(Text::SameInbox { inbox }));
    let none = transfer(first, "Nothing").await?;
    let written = "Nothing".to_owned();
    assert_eq!(none.content()?, english(Text::NoSuchInbox { written }));
    let far = transfer(first, &elsewhere.message.to_string()).await?;
    let text = Text::TransferElsewhere {
        inbox: "support".into(),
        channel: here(stage.tickets()),
    };
    assert_eq!(far.content()?, english(text));
    stage.idle().await?;
    assert_eq!(stage.said(ticket).len(), 1, "only the starter");
    // Outside a ticket.
    let outside = owner
        .run("ticket transfer", json!({"inbox": "Sales"}))
        .await?;
    assert_eq!(outside.content()?, english(Text::NotATicket {}));
    stage.finish().await
}

#[tokio::test]
async fn the_notice_goes_along() -> Result {
    let stage = Stage::set().await?;
    let owner = stage.sandbox.owner();
    let teams = Teams::set(&stage).await?;
    let ticket = teams.ticket;
    let channel = owner.create_channel("sales-staff", 0).await?.id();
    stage.idle().await?;
    set_setting(&owner, teams.second, "notices", &channel.to_string()).await?;
    let transfer = async |inbox: &str| {
        owner
            .run_in(ticket, "ticket transfer", json!({"inbox": inbox}))
            .await
    };
    transfer("Sales").await?;
    stage.idle().await?;
    let shown = stage.said(channel);
    assert_eq!(shown.len(), 1, "{shown:?}");
    assert!(shown[0].contains("Sales") && shown[0].contains(&ticket.to_string()));
    // To an inbox with a channel of its own, where it is posted again.
    let other = owner.create_channel("help-staff", 0).await?.id();
    stage.idle().await?;
    let options = json!({"setting": "notices", "inbox": "Help"});
    let modal = owner.run("inbox settings", options).await?;
    owner
        .submit_json(&modal, json!({"template": [other.to_string()]}))
        .await?;
    transfer("Help").await?;
    stage.idle().await?;
    let inbox = "Help".to_owned();
    let moved = english(Text::NoticeMoved { inbox });
    assert!(
        stage.said(channel)[0].ends_with(&moved),
        "{:?}",
        stage.said(channel)
    );
    let shown = stage.said(other);
    assert_eq!(shown.len(), 1, "{shown:?}");
    assert!(shown[0].contains("Help"), "{shown:?}");
    stage.finish().await
}
