//! Who may open tickets and when, and the refusals that other members get.

use std::time::Duration;

use serde_json::json;
use theticketbot::translate::{Language, say};
use tickets::hours::{Hours, zone};
use tickets::text::Text;
use tickets::{Timestamp, UserId};

use crate::settings::{control, pick, write};
use crate::stage::{Inbox, Result, Stage, english, here};
use discord_sandbox::{Answer, Person};

/// Chooses roles in the control of a setting.
async fn choose(person: &Person, setting: &str, roles: &[String]) -> Result<Answer> {
    let modal = control(person, setting).await?;
    let roles = json!({"template": roles});
    Ok(person.submit_json(&modal, roles).await?)
}

impl Stage {
    /// The sandbox's present moment.
    async fn now(&self) -> Result<Timestamp> {
        let general = self.sandbox.defaults().general;
        let message = self
            .sandbox
            .owner()
            .send(general, "What time is it?")
            .await?;
        Ok(Timestamp::of_snowflake(message.id().0))
    }

    async fn refusal(&self, person: &Person, inbox: Inbox) -> Result<String> {
        let threads = self
            .sandbox
            .look(|look| look.threads_of(inbox.channel).len());
        let refused = self.click(person, inbox).await?;
        let after = self
            .sandbox
            .look(|look| look.threads_of(inbox.channel).len());
        assert_eq!(after, threads, "no thread was created");
        Ok(refused.content()?.to_owned())
    }
}

#[tokio::test]
async fn many_roles_with_long_names_fit_into_the_refusal() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let (owner, mia) = (stage.sandbox.owner(), stage.sandbox.member());
    let (mut roles, mut names) = (Vec::new(), Vec::new());
    for number in 10..35 {
        let name = format!("{number}{}", "_".repeat(98));
        roles.push(owner.create_role(json!({"name": name})).await?.to_string());
        names.push(tickets::text::plain(&name));
    }
    choose(&owner, "allowed-roles", &roles).await?;
    let refused = stage.refusal(&mia, inbox).await?;
    let needed = Text::RoleNeeded {
        roles: names.clone(),
        count: 25,
    };
    assert_eq!(refused, english(needed));
    let shown = format!("{} (+20)", names[..5].join(", "));
    assert!(refused.ends_with(&shown), "{refused}");
    stage.finish().await
}

#[tokio::test]
async fn only_members_with_a_role_and_without_another() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let (owner, mia) = (stage.sandbox.owner(), stage.sandbox.member());
    let vip = owner.create_role(json!({"name": "VIP"})).await?;
    let muted = owner.create_role(json!({"name": "Muted"})).await?;
    choose(&owner, "allowed-roles", &[vip.0.to_string()]).await?;
    choose(&owner, "blocked-roles", &[muted.0.to_string()]).await?;
    let needed = Text::RoleNeeded {
        roles: vec!["VIP".into()],
        count: 1,
    };
    // By name: a mention would show a number to members who cannot see the role.
    assert_eq!(stage.refusal(&mia, inbox).await?, english(needed));
    owner.give_role(mia.id(), vip).await?;
    owner.give_role(mia.id(), muted).await?;
    let role = "Muted".to_owned();
    let blocked = english(Text::RoleBlocked { role });
    assert_eq!(stage.refusal(&mia, inbox).await?, blocked);
    owner.take_role(mia.id(), muted).await?;
    stage.open(&mia, inbox).await?;

    // The inbox's only allowed role was deleted. The inbox stays closed and does not open to everybody.
    owner.delete_role(vip).await?;
    let noah = stage.sandbox.member2();
    let closed = english(Text::ClosedToAll {});
    assert_eq!(stage.refusal(&noah, inbox).await?, closed);
    let list = owner.run("inbox list", json!({})).await?;
    let listed = list.message()?.embeds()[0]["description"].to_string();
    let problem = english(Text::ProblemClosedToAll {});
    assert!(listed.contains(&problem), "{listed}");
    choose(&owner, "allowed-roles", &[]).await?;
    stage.open(&noah, inbox).await?;
    stage.finish().await
}

#[tokio::test]
async fn accounts_and_members_must_be_old_enough() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let owner = stage.sandbox.owner();
    let fresh = stage.sandbox.crowd("fresh", 1)?.pop().ok_or("nobody")?;
    write(&owner, "account-age", "52w").await?;
    let created = UserId(fresh.id().0).created_at();
    let age = 52 * 7 * 86_400;
    let until = created.plus(age * 1000 + 999).unix_seconds();
    let young = english(Text::AccountTooYoung { age, until });
    assert_eq!(stage.refusal(&fresh, inbox).await?, young);
    write(&owner, "account-age", "").await?;
    write(&owner, "member-age", "2h").await?;
    let refused = stage.refusal(&fresh, inbox).await?;
    assert!(refused.contains("2 hours"), "{refused}");
    stage.sandbox.advance(Duration::from_secs(2 * 60 * 60));
    stage.open(&fresh, inbox).await?;
    stage.finish().await
}

#[tokio::test]
async fn a_pause_has_a_message_and_perhaps_an_end() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let (owner, mia) = (stage.sandbox.owner(), stage.sandbox.member());
    write(&owner, "pause", "We are on holiday. @everyone").await?;
    let message = "We are on holiday. @everyone".to_owned();
    let paused = english(Text::Paused { message });
    assert_eq!(stage.refusal(&mia, inbox).await?, paused);
    write(&owner, "pause-end", "1 hour").await?;
    let refused = stage.refusal(&mia, inbox).await?;
    assert!(refused.contains("You can open one <t:"), "{refused}");
    stage.sandbox.advance(Duration::from_secs(3601));
    let ticket = stage.open(&mia, inbox).await?;
    mia.leave(ticket).await?;
    stage.closed(ticket, true).await?;

    // The end of the earlier pause is in the past, but the new pause has no end.
    stage.sandbox.advance(Duration::from_secs(61));
    write(&owner, "pause", "Closed for today.").await?;
    let message = "Closed for today.".to_owned();
    let paused = english(Text::Paused { message });
    assert_eq!(stage.refusal(&mia, inbox).await?, paused);
    stage.finish().await
}

#[tokio::test]
async fn outside_the_hours_a_ticket_says_when_staff_are_back() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let (owner, mia) = (stage.sandbox.owner(), stage.sandbox.member());
    let wrong = write(&owner, "time-zone", "Berlin").await?;
    let written = "Berlin".to_owned();
    let why = english(Text::UnknownTimeZone { written });
    assert!(wrong.content()?.ends_with(&why), "{wrong:?}");
    write(&owner, "time-zone", "europe/berlin").await?;

    // Hours on one of these days, which is not today.
    let (now, berlin) = (stage.now().await?, zone("Europe/Berlin").ok_or("a zone")?);
    let line = ["Mon 00:00-24:00", "Thu 00:00-24:00"]
        .into_iter()
        .find(|line| Hours::parse(line).is_ok_and(|hours| !hours.is_open(now, &berlin)))
        .ok_or("a day")?;
    write(&owner, "hours", line).await?;
    let ticket = stage.open(&mia, inbox).await?;
    let hours = Hours::parse(line).map_err(|_| "hours")?;
    let until = hours.next(now, &berlin).ok_or("a moment")?.unix_seconds();
    let starter = stage.said(ticket).pop().ok_or("a starting message")?;
    let note = english(Text::StaffAreBack { until });
    assert_eq!(starter.lines().last(), Some(note.as_str()));
    assert!(starter.lines().count() > 1, "{starter}");

    pick(&owner, "outside-hours", "refuse").await?;
    let noah = stage.sandbox.member2();
    let refused = english(Text::OutsideHours { until });
    assert_eq!(stage.refusal(&noah, inbox).await?, refused);
    stage.finish().await
}

#[tokio::test]
async fn a_limit_over_all_inboxes() -> Result {
    let stage = Stage::set().await?;
    let (first, second) = (stage.inbox().await?, stage.inbox().await?);
    let (owner, mia) = (stage.sandbox.owner(), stage.sandbox.member());
    write(&owner, "server-limit", "1").await?;
    let ticket = stage.open(&mia, first).await?;
    let too_many = Text::TooManyInServer {
        ticket: here(ticket),
        limit: 1,
    };
    assert_eq!(stage.refusal(&mia, second).await?, english(too_many));
    // The refusal names the inbox's own limit first.
    let already = Text::AlreadyOpen {
        ticket: here(ticket),
    };
    assert_eq!(stage.refusal(&mia, first).await?, english(already));
    mia.leave(ticket).await?;
    stage.closed(ticket, true).await?;
    stage.idle().await?;
    stage.open(&mia, second).await?;
    stage.finish().await
}

#[tokio::test]
async fn a_language_of_the_servers_own() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let owner = stage.sandbox.owner();
    pick(&owner, "language", "fr").await?;
    let starts_in = |stage: &Stage, ticket, code: &str| {
        let said = stage.said(ticket).pop().unwrap_or_default();
        let staff = vec![tickets::Mention::Role(tickets::RoleId(
            stage.sandbox.moderator_role().0,
        ))];
        let whole = |author| Text::DefaultStarter {
            author,
            staff: staff.clone(),
            count: 1,
        };
        let members = [stage.sandbox.member(), stage.sandbox.member2()];
        members
            .iter()
            .any(|it| said == say(whole(UserId(it.id().0)), Language::of(code)))
    };
    let ticket = stage.open(&stage.sandbox.member(), inbox).await?;
    assert!(starts_in(&stage, ticket, "fr"), "{:?}", stage.said(ticket));

    // The language is stored.
    stage.stop().await?;
    stage.start().await?;
    let ticket = stage.open(&stage.sandbox.member2(), inbox).await?;
    assert!(starts_in(&stage, ticket, "fr"), "{:?}", stage.said(ticket));
    let owner = stage.sandbox.owner();
    pick(&owner, "language", "discord").await?;
    stage.a_minute_passes();
    let stranger = stage.sandbox.crowd("new", 1)?.pop().ok_or("nobody")?;
    let ticket = stage.open(&stranger, inbox).await?;
    let said = stage.said(ticket).pop().unwrap_or_default();
    assert!(said.starts_with("Welcome"), "{said}");
    stage.finish().await
}
