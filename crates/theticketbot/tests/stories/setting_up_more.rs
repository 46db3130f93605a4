//! More cases of the problems in `setting_up`: other configurations that would fail silently.

use std::time::Duration;

use serde_json::json;
use tickets::Mention;
use tickets::permission::{Permission, TO_TAKE_PART};
use tickets::problem::Problem;
use tickets::text::Text;

use crate::stage::{Result, Stage, VIEW_CHANNEL, english, here, link, reported, user};

/// The refusal for a member without these permissions in `#support`.
fn refusal(permissions: &[Permission]) -> String {
    english(Text::MemberLacks {
        channel: "`#support`".into(),
        permissions: permissions.to_vec(),
    })
}

#[tokio::test]
async fn a_role_that_silences_its_members() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let (owner, mia) = (stage.sandbox.owner(), stage.sandbox.member());
    let muted = owner.create_role(json!({"name": "Muted"})).await?;
    let denied = Permission::SendMessagesInThreads;
    owner
        .set_role_overwrite(inbox.channel, muted, 0, denied.bit())
        .await?;
    owner.give_role(mia.id(), muted).await?;
    let refused = stage.click(&mia, inbox).await?;
    assert_eq!(refused.content()?, refusal(&[denied]));
    // Another role of hers allows it. Discord combines the roles, and allowing wins.
    let trusted = owner.create_role(json!({"name": "Trusted"})).await?;
    owner
        .set_role_overwrite(inbox.channel, trusted, denied.bit(), 0)
        .await?;
    owner.give_role(mia.id(), trusted).await?;
    stage.open(&mia, inbox).await?;
    stage.finish().await
}

#[tokio::test]
async fn a_member_whom_an_overwrite_of_their_own_silences() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let (owner, mia) = (stage.sandbox.owner(), stage.sandbox.member());
    let denied = Permission::SendMessagesInThreads;
    owner
        .set_member_overwrite(inbox.channel, mia.id(), 0, denied.bit())
        .await?;
    let refused = stage.click(&mia, inbox).await?;
    assert_eq!(refused.content()?, refusal(&[denied]));
    // Other members are not affected, so the inbox has no problem.
    stage.open(&stage.sandbox.member2(), inbox).await?;
    stage.finish().await
}

#[tokio::test]
async fn who_owns_the_server_or_administrates_it_can_always_open_one() -> Result {
    let stage = Stage::set().await?;
    let tickets = stage.tickets();
    let inbox = stage.inbox_with(json!({"destination": tickets})).await?;
    let owner = stage.sandbox.owner();
    let everyone = discord_sandbox::id::RoleId(stage.sandbox.guild_id().0);
    owner
        .set_role_overwrite(tickets, everyone, 0, VIEW_CHANNEL)
        .await?;
    let bot = stage.sandbox.defaults().bot_role;
    owner
        .set_role_overwrite(tickets, bot, VIEW_CHANNEL, 0)
        .await?;
    let noah = stage.sandbox.member2();
    let admins = owner
        .create_role(json!({"name": "Admins", "permissions": "8"}))
        .await?;
    owner.give_role(noah.id(), admins).await?;
    // The role of the staff cannot view the channel, so its members cannot either.
    stage.click(&owner, inbox).await?;
    stage.ticket_of(&owner, tickets).await?;
    stage.click(&noah, inbox).await?;
    stage.ticket_of(&noah, tickets).await?;
    let refused = stage.click(&stage.sandbox.member(), inbox).await?;
    let text = Text::MemberLacks {
        channel: "`#tickets`".into(),
        permissions: TO_TAKE_PART.to_vec(),
    };
    assert_eq!(refused.content()?, english(text));
    stage.finish().await
}

#[tokio::test]
async fn staff_who_left_the_server_is_named() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let (owner, noah) = (stage.sandbox.owner(), stage.sandbox.member2());
    owner.run("inbox staff", json!({})).await?;
    let menu = stage.select(&owner, inbox.channel, inbox.message).await?;
    let menu = menu.message()?;
    let id = menu.components()[0]["custom_id"].clone();
    let id = id.as_str().expect("it has an id");
    let noahs = noah.id().to_string();
    owner
        .choose(menu.channel_id(), menu.id(), id, &[&noahs])
        .await?;
    noah.leave_guild().await?;
    owner.run("inbox staff", json!({})).await?;
    let menu = stage.select(&owner, inbox.channel, inbox.message).await?;
    let text = Text::ChooseStaff {
        inbox: link(&stage, inbox),
    };
    let problem = Problem::StaffCannotView {
        staff: vec![Mention::User(user(noah.id()))],
        channel: here(inbox.channel),
    };
    assert_eq!(menu.content()?, reported(text, &[problem]));
    stage.finish().await
}

#[tokio::test]
async fn a_starting_message_in_a_spoiler_or_quote_invites_all_the_same() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let owner = stage.sandbox.owner();
    for (person, text) in [
        (stage.sandbox.member(), "||$author|| `code` $staff"),
        (
            stage.sandbox.member2(),
            "> Welcome ${author}, it's 5` long: $staff",
        ),
    ] {
        owner.run("inbox new-tickets starter", json!({})).await?;
        let modal = stage.select(&owner, inbox.channel, inbox.message).await?;
        let saved = owner.submit(&modal, [("template", text)]).await?;
        let expected = Text::StarterSaved {
            inbox: link(&stage, inbox),
        };
        assert_eq!(saved.content()?, english(expected), "{text}");
        let ticket = stage.open(&person, inbox).await?;
        let is_in = stage
            .sandbox
            .look(|look| look.is_in_thread(ticket, person.id()));
        assert!(is_in, "{text}");
    }
    stage.finish().await
}

#[tokio::test]
async fn a_time_out_that_has_ended_keeps_nobody_out() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let mia = stage.sandbox.member();
    let owner = stage.sandbox.owner();
    owner.time_out(mia.id(), Duration::from_secs(60)).await?;
    stage.sandbox.advance(Duration::from_secs(61));
    stage.open(&mia, inbox).await?;
    stage.finish().await
}

#[tokio::test]
async fn many_roles_that_cannot_be_mentioned_fit_into_one_message() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let owner = stage.sandbox.owner();
    let mut roles = Vec::new();
    for number in 0..24 {
        let name = format!("Team {number}");
        roles.push(owner.create_role(json!({"name": name})).await?.to_string());
    }
    owner.run("inbox staff", json!({})).await?;
    let menu = stage.select(&owner, inbox.channel, inbox.message).await?;
    let menu = menu.message()?;
    let id = menu.components()[0]["custom_id"].clone();
    let id = id.as_str().expect("it has an id");
    let chosen: Vec<&str> = roles.iter().map(String::as_str).collect();
    let saved = owner
        .choose(menu.channel_id(), menu.id(), id, &chosen)
        .await?;
    let said = saved.content()?;
    assert!(said.contains("(+19)"), "{said}");
    assert!(said.chars().count() <= 2_000, "{said}");
    stage.finish().await
}

#[tokio::test]
async fn a_locked_ticket_does_not_count_as_open() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let (mia, max) = (stage.sandbox.member(), stage.sandbox.moderator());
    let ticket = stage.open(&mia, inbox).await?;
    max.lock(ticket).await?;
    // The locked ticket is active because staff write in it. Its owner cannot write in it, so they may open
    // another.
    max.send(ticket, "What do we do about it?").await?;
    stage.idle().await?;
    stage.a_minute_passes();
    let second = stage.open(&mia, inbox).await?;
    assert_ne!(second, ticket);
    stage.finish().await
}
