//! Removing an inbox, on purpose or by mistake: what the bot keeps of it, and posting it again.

use discord_sandbox::{Answer, Fault, Person};
use serde_json::{Value, json};
use tickets::problem::Problem;
use tickets::setting::StaffPowers;
use tickets::text::Text;

use crate::settings::news;
use crate::stage::{Inbox, Result, Stage, english, here, reported};

/// Clicks a button of a response.
async fn press(person: &Person, answer: &Answer, label: &str) -> Result<Answer> {
    let message = answer.message()?;
    let button = message.button(label).ok_or_else(|| format!("no {label}"))?;
    Ok(person
        .click(message.channel_id(), message.id(), button)
        .await?)
}

async fn list(stage: &Stage) -> Result<Answer> {
    Ok(stage.sandbox.owner().run("inbox list", json!({})).await?)
}

/// Changes a setting of the only inbox.
async fn set(stage: &Stage, setting: &str, value: Value) -> Result {
    let owner = stage.sandbox.owner();
    let options = json!({"setting": setting});
    let modal = owner.run("inbox settings", options).await?;
    let panel = owner
        .submit_json(&modal, json!({"template": value}))
        .await?;
    assert!(news(&panel)?.starts_with("Saved"), "{panel:?}");
    Ok(())
}

/// The titles and texts of the list.
fn shown(list: &Answer) -> Result<Vec<(String, String)>> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let embeds = list.message()?.embeds().iter();
    let all = embeds.map(|it| (text(&it["title"]), text(&it["description"])));
    Ok(all.collect())
}

#[tokio::test]
async fn a_removed_inbox_can_be_posted_again() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox_with(json!({"name": "Help"})).await?;
    set(&stage, "lock", json!(["archive"])).await?;
    set(&stage, "button-label", json!("Ask us")).await?;
    set(&stage, "limit-member", json!("5")).await?;
    set(&stage, "cooldown", json!("0")).await?;
    let sandbox = &stage.sandbox;
    let (owner, mia, noah) = (sandbox.owner(), sandbox.member(), sandbox.member2());
    // Noah is in the staff list, and has no permission of Discord's.
    stage.set_staff(inbox, &[noah.id().to_string()]).await?;
    let tickets = [
        stage.open(&mia, inbox).await?,
        stage.open(&mia, inbox).await?,
    ];

    let asked = owner.run("inbox remove", json!({"inbox": "help"})).await?;
    let text = Text::RemoveInbox {
        name: "Help".into(),
        inbox: crate::stage::link(&stage, inbox),
        open: 2,
        also: 0,
    };
    assert_eq!(asked.content()?, english(text));
    let removed = press(&owner, &asked, "Remove").await?;
    let name = "Help".to_owned();
    assert_eq!(removed.content()?, english(Text::InboxRemoved { name }));
    let messages = owner.messages(inbox.channel).await?;
    assert!(messages.iter().all(|it| it.id() != inbox.message));

    // The inbox's tickets keep its staff and its settings, also after a restart.
    stage.stop().await?;
    stage.start().await?;
    noah.run_in(tickets[0], "ticket close", json!({})).await?;
    stage.closed(tickets[0], false).await?;
    let mine = noah.run("ticket list", json!({})).await?;
    let mention = here(tickets[1]).to_string();
    assert!(mine.content()?.contains(&mention), "{mine:?}");
    let listed = list(&stage).await?;
    let [(title, text)] = &shown(&listed)?[..] else {
        panic!("{listed:?}")
    };
    assert_eq!(title, "Help");
    assert!(
        text.starts_with("Not posted") && text.ends_with(": 1"),
        "{text}"
    );

    press(&owner, &listed, "Post Help again").await?;
    let source = owner.send(inbox.channel, "Here we are").await?;
    let posted = stage.select(&owner, inbox.channel, source.id()).await?;
    let again = Inbox {
        message: stage.newest_inbox(inbox.channel),
        ..inbox
    };
    let link = crate::stage::link(&stage, again);
    let ready = english(Text::InboxCreated { inbox: link });
    assert!(posted.content()?.starts_with(&ready), "{posted:?}");
    let shown = shown(&list(&stage).await?)?;
    assert_eq!(shown.len(), 1);
    assert!(shown[0].1.ends_with("Open tickets**: 1"), "{shown:?}");
    let message = owner.messages(again.channel).await?;
    let message = message.iter().find(|it| it.id() == again.message);
    let button = message.ok_or("it is posted")?.components()[0]["label"].clone();
    assert_eq!(button, "Ask us");
    // The counter continues.
    let third = stage.open(&mia, again).await?;
    stage.stop().await?;
    let store = stage.store()?;
    let id = tickets::InboxId(again.message.0);
    assert_eq!(store.next_number(id).await?, Some(4));
    let stored = store.inbox(id).await?.ok_or("it is stored")?;
    assert_eq!(stored.own_name(), Some("Help"));
    assert_eq!(stored.get(StaffPowers), tickets::staff::Powers::ListedStaff);
    let ticket = store.ticket(here(tickets[1])).await?.ok_or("a ticket")?;
    assert_eq!(ticket.inbox, Some(id));
    assert!(store.removed_inboxes(stored.guild).await?.is_empty());
    assert_ne!(third, tickets[1]);
    drop(store);
    stage.finish().await
}

#[tokio::test]
async fn a_slip_costs_nothing_and_what_is_not_wanted_is_forgotten() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let owner = stage.sandbox.owner();
    owner.delete_message(inbox.channel, inbox.message).await?;
    stage.idle().await?;
    let listed = list(&stage).await?;
    assert_eq!(shown(&listed)?[0].0, "support");
    // The channel was deleted, so the inbox cannot be posted again.
    owner.delete(inbox.channel).await?;
    stage.idle().await?;
    let listed = list(&stage).await?;
    let name = shown(&listed)?[0].0.clone();
    let refused = press(&owner, &listed, &format!("Post {name} again")).await?;
    assert_eq!(refused.content()?, english(Text::ChannelGone {}));
    let forgotten = press(&owner, &listed, &format!("Forget {name}")).await?;
    assert_eq!(forgotten.content()?, english(Text::NoInboxes {}));
    assert_eq!(forgotten.message()?.components().len(), 0);
    stage.stop().await?;
    let left = stage.database()?;
    let left = left
        .iter()
        .filter(|row| row.contains(&inbox.message.to_string()));
    assert_eq!(left.count(), 0);
    stage.finish().await
}

#[tokio::test]
async fn an_inbox_on_another_ones_message_goes_with_it() -> Result {
    let stage = Stage::set().await?;
    let host = stage.inbox().await?;
    let owner = stage.sandbox.owner();
    let options =
        json!({"channel": host.channel, "panel": host.message.to_string(), "name": "Billing"});
    owner.run("inbox create", options).await?;
    stage.idle().await?;
    // If only this inbox is removed, the message stays.
    let asked = owner
        .run("inbox remove", json!({"inbox": "billing"}))
        .await?;
    press(&owner, &asked, "Remove").await?;
    stage.idle().await?;
    let messages = owner.messages(host.channel).await?;
    let message = messages.iter().find(|it| it.id() == host.message);
    assert_eq!(message.ok_or("it is there")?.components().len(), 1);
    // The removed inbox is posted with its own message.
    let listed = list(&stage).await?;
    press(&owner, &listed, "Post Billing again").await?;
    let source = owner.send(host.channel, "Bills").await?;
    stage.select(&owner, host.channel, source.id()).await?;
    let billing = Inbox {
        message: stage.newest_inbox(host.channel),
        ..host
    };
    stage.open(&stage.sandbox.member(), billing).await?;

    // If the host inbox is removed, both are.
    let options =
        json!({"channel": host.channel, "panel": host.message.to_string(), "name": "Appeals"});
    owner.run("inbox create", options).await?;
    stage.idle().await?;
    let id = host.message.to_string();
    let asked = owner.run("inbox remove", json!({"inbox": id})).await?;
    let also = "1 inbox that is only on this message will be removed, too.";
    assert!(asked.content()?.contains(also), "{asked:?}");
    press(&owner, &asked, "Remove").await?;
    stage.idle().await?;
    let listed = list(&stage).await?;
    let titles: Vec<_> = shown(&listed)?.into_iter().map(|it| it.0).collect();
    assert_eq!(titles[0], "Billing");
    assert_eq!(titles.len(), 3, "{titles:?}");
    stage.finish().await
}

#[tokio::test]
async fn only_admins_remove_inboxes_and_only_what_is_there() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let (owner, mia) = (stage.sandbox.owner(), stage.sandbox.member());
    for id in ["remove-inbox", "post-again", "forget-inbox"] {
        let click = json!({"channel_id": inbox.channel, "message_id": inbox.message,
            "custom_id": format!("{id}:{}", inbox.message), "component_type": 2});
        let refused = mia.forge(click).await?;
        assert_eq!(refused.content()?, english(Text::NoLongerAllowed {}));
    }
    let unknown = owner.run("inbox remove", json!({"inbox": "x"})).await?;
    let written = "x".to_owned();
    assert_eq!(unknown.content()?, english(Text::NoSuchInbox { written }));
    // Somebody else has deleted the message first.
    let asked = owner
        .run("inbox remove", json!({"inbox": "support"}))
        .await?;
    let gone = Fault::refusal(404, 10_008, "Unknown Message");
    stage
        .sandbox
        .fail_next(gone.on("DELETE", "/channels/*/messages/*"))?;
    let removed = press(&owner, &asked, "Remove").await?;
    let name = "support".to_owned();
    assert_eq!(removed.content()?, english(Text::InboxRemoved { name }));
    let again = press(&owner, &asked, "Remove").await;
    assert!(again.is_err() || again?.content()? == english(Text::InboxGone {}));
    stage.finish().await
}

#[tokio::test]
async fn an_inbox_that_is_posted_again_gets_the_reports_again() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let (owner, mia) = (stage.sandbox.owner(), stage.sandbox.member());
    set(&stage, "reports", json!([inbox.message.to_string()])).await?;
    stage.idle().await?;
    let can_report = async || -> Result<bool> {
        let commands = mia.commands().await?;
        let is_it = |it: &Value| it["name"] == "Report to staff";
        Ok(commands.iter().any(is_it))
    };
    assert!(can_report().await?);
    owner.delete_message(inbox.channel, inbox.message).await?;
    stage.idle().await?;
    assert!(!can_report().await?);
    let listed = list(&stage).await?;
    press(&owner, &listed, "Post support again").await?;
    let source = owner.send(inbox.channel, "Here we are").await?;
    stage.select(&owner, inbox.channel, source.id()).await?;
    stage.idle().await?;
    assert!(can_report().await?);
    stage.finish().await
}

#[tokio::test]
async fn an_inbox_that_is_posted_again_gets_another_name_if_its_own_is_taken() -> Result {
    let stage = Stage::set().await?;
    let host = stage.inbox().await?;
    let inbox = stage.inbox_with(json!({"name": "Help"})).await?;
    let owner = stage.sandbox.owner();
    owner.delete_message(inbox.channel, inbox.message).await?;
    stage.idle().await?;
    let listed = list(&stage).await?;
    press(&owner, &listed, "Post Help again").await?;
    // Another inbox takes the name before the admin selects a message.
    let options = json!({"channel": host.channel, "panel": "support", "name": "help"});
    owner.run("inbox create", options).await?;
    let source = owner.send(inbox.channel, "Here we are").await?;
    stage.select(&owner, inbox.channel, source.id()).await?;
    stage.idle().await?;
    let listed = list(&stage).await?;
    let titles: Vec<_> = shown(&listed)?.into_iter().map(|it| it.0).collect();
    assert_eq!(titles.len(), 3, "{titles:?}");
    assert!(titles.contains(&"Help 2".to_owned()), "{titles:?}");
    stage.finish().await
}

#[tokio::test]
async fn an_inbox_whose_emoji_was_deleted_can_be_posted_again() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox_with(json!({"name": "Help"})).await?;
    stage.lose_emoji(inbox.message.0).await?;
    let owner = stage.sandbox.owner();
    let problem = [Problem::EmojiRefused];

    owner.run("inbox message", json!({"inbox": "Help"})).await?;
    let source = owner.send(inbox.channel, "New text").await?;
    let replaced = stage.select(&owner, inbox.channel, source.id()).await?;
    let link = crate::stage::link(&stage, inbox);
    let text = reported(Text::MessageReplaced { inbox: link }, &problem);
    assert_eq!(replaced.content()?, text);

    owner.delete_message(inbox.channel, inbox.message).await?;
    stage.idle().await?;
    press(&owner, &list(&stage).await?, "Post Help again").await?;
    let source = owner.send(inbox.channel, "Here we are").await?;
    let posted = stage.select(&owner, inbox.channel, source.id()).await?;
    let again = Inbox {
        message: stage.newest_inbox(inbox.channel),
        ..inbox
    };
    let link = crate::stage::link(&stage, again);
    let text = reported(Text::InboxCreated { inbox: link }, &problem);
    assert!(posted.content()?.starts_with(&text), "{posted:?}");
    stage.open(&stage.sandbox.member(), again).await?;
    let why = english(problem[0].text());
    let listed = shown(&list(&stage).await?)?;
    assert!(listed[0].1.contains(&why), "{listed:?}");

    set(&stage, "button-emoji", json!("🎫")).await?;
    let listed = shown(&list(&stage).await?)?;
    assert!(!listed[0].1.contains(&why), "{listed:?}");
    stage.finish().await
}
