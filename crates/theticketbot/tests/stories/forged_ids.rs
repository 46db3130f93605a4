//! Forged ids: of another server's inbox, of deleted objects, of no object. The bot refuses each with a clear
//! message, and changes nothing.

use serde_json::{Value, json};
use tickets::text::Text;

use crate::stage::{BUTTON, Inbox, Result, Stage, english};

/// Staff changes of this inbox: a choice in the menu, the button below it, and the modals.
fn changes(stage: &Stage, channel: discord_sandbox::id::ChannelId, inbox: Inbox) -> [Value; 6] {
    let (id, role) = (inbox.message, stage.sandbox.moderator_role());
    [
        json!({"channel_id": channel, "custom_id": format!("staff:{id}"),
            "component_type": 7, "values": [role.to_string(), stage.sandbox.member().id()]}),
        json!({"channel_id": channel, "custom_id": format!("use-suggested:{id}"),
            "component_type": 2}),
        json!({"channel_id": channel, "custom_id": format!("setting:limit-total:{id}"),
            "fields": {"template": "7"}}),
        json!({"channel_id": channel, "custom_id": format!("setting:pause:{id}"),
            "fields": {"template": "forged"}}),
        json!({"channel_id": channel, "custom_id": format!("starter:{id}"),
            "fields": {"template": "forged"}}),
        json!({"channel_id": channel, "custom_id": format!("name:{id}"),
            "fields": {"template": "forged"}}),
    ]
}

impl Stage {
    /// The database and the visible threads have not changed since then.
    async fn is_as_before(&mut self, before: &[String], threads: usize) -> Result {
        let support = self.support();
        let found = self.sandbox.look(|look| look.threads_of(support).len());
        assert_eq!(found, threads);
        self.stop().await?;
        assert_eq!(self.database()?, before);
        Ok(())
    }

    async fn remembers(&mut self) -> Result<Vec<String>> {
        self.stop().await?;
        let before = self.database()?;
        self.start().await?;
        Ok(before)
    }
}

#[tokio::test]
async fn an_inbox_of_another_server_is_none() -> Result {
    let (mut stage, elsewhere) = Stage::with_two_servers().await?;
    let inbox = stage.inbox().await?;
    let before = stage.remembers().await?;
    let owner = stage.sandbox.owner();
    for forged in changes(&stage, elsewhere, inbox) {
        let answer = owner.forge(forged).await?;
        assert_eq!(answer.content()?, english(Text::InboxGone {}));
    }
    // The button's message is not in that channel.
    let click = json!({"channel_id": elsewhere, "message_id": inbox.message, "custom_id": BUTTON});
    let answer = owner.forge(click).await?;
    assert!(!answer.content()?.contains("<#"), "{answer:?}");
    assert_eq!(stage.expected_errors().len(), 1);
    stage.is_as_before(&before, 0).await?;
    stage.finish().await
}

#[tokio::test]
async fn an_inbox_that_is_gone_is_none() -> Result {
    let mut stage = Stage::set().await?;
    let (inbox, kept) = (stage.inbox().await?, stage.inbox().await?);
    let (owner, mia) = (stage.sandbox.owner(), stage.sandbox.member());
    let support = stage.support();
    let plain = owner.send(support, "no inbox").await?;
    owner.delete_message(support, inbox.message).await?;
    stage.idle().await?;
    let before = stage.remembers().await?;
    for forged in changes(&stage, support, inbox) {
        let answer = owner.forge(forged).await?;
        assert_eq!(answer.content()?, english(Text::InboxGone {}));
    }
    let click = json!({"channel_id": support, "message_id": plain.id(), "custom_id": BUTTON});
    let answer = mia.forge(click).await?;
    assert_eq!(answer.content()?, english(Text::UnknownInbox {}));
    stage.is_as_before(&before, 0).await?;
    stage.start().await?;
    stage.open(&mia, kept).await?;
    stage.finish().await
}

#[tokio::test]
async fn an_id_that_no_version_gave_is_refused_and_cannot_write_into_the_log() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let before = stage.remembers().await?;
    let mia = stage.sandbox.member();
    mia.set_locale("de").await?;
    let id = inbox.message;
    let forged = [
        String::new(),
        "x".repeat(5_000),
        "staff".to_owned(),
        format!("staff:{id}:{id}"),
        format!("staff:{id}\n2026-01-01 ERROR forged"),
        format!("STAFF:{id}"),
        "create-ticket ".to_owned(),
        "staff:0".to_owned(),
        "staff:99999999999999999999999".to_owned(),
        format!("starter:{id}"),
        "\u{202e}\0".to_owned(),
    ];
    for custom_id in &forged {
        let forged =
            json!({"channel_id": stage.support(), "message_id": id, "custom_id": custom_id});
        let answer = mia.forge(forged).await?;
        // The response is in the member's language, and its code is also in the log.
        let response = answer.content()?;
        let code = response.split('`').nth(1).ok_or("a code")?;
        assert!(response.starts_with("Da ist leider"), "{response}");
        let errors = stage.expected_errors();
        let [error] = &errors[..] else {
            panic!("one error for {custom_id:?}: {errors:?}")
        };
        assert!(error.contains(code), "{error}");
        assert!(error.len() < 500, "{error}");
        // A modal's id is not valid for a menu, and vice versa.
        let form = json!({"channel_id": stage.support(), "custom_id": custom_id.replace("starter", "staff"),
            "fields": {"template": "x"}});
        assert!(mia.forge(form).await?.content()?.contains('`'));
        stage.expected_errors();
    }
    stage.is_as_before(&before, 0).await?;
    stage.finish().await
}

#[tokio::test]
async fn who_manages_no_server_changes_none() -> Result {
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let before = stage.remembers().await?;
    let mia = stage.sandbox.member();
    for forged in changes(&stage, stage.support(), inbox) {
        let answer = mia.forge(forged).await?;
        assert_eq!(answer.content()?, english(Text::NoLongerAllowed {}));
    }
    stage.is_as_before(&before, 0).await?;
    stage.finish().await
}

#[tokio::test]
async fn a_menu_and_a_form_that_are_still_open_do_not_outlive_the_right_to_them() -> Result {
    const MANAGE_GUILD: u64 = 1 << 5;
    let mut stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let (owner, mia) = (stage.sandbox.owner(), stage.sandbox.member());
    let role = owner
        .create_role(json!({"name": "Deputy", "permissions": MANAGE_GUILD.to_string()}))
        .await?;
    owner.give_role(mia.id(), role).await?;
    mia.run("inbox staff", json!({})).await?;
    let menu = stage.select(&mia, inbox.channel, inbox.message).await?;
    let menu = menu.message()?;
    mia.run("inbox new-tickets name", json!({})).await?;
    let form = stage.select(&mia, inbox.channel, inbox.message).await?;
    let (menu_id, field) = (custom_id(menu.components()[0])?, "template");
    let noah = stage.sandbox.member2().id().to_string();

    owner.take_role(mia.id(), role).await?;
    let before = stage.remembers().await?;
    let response = mia
        .choose(inbox.channel, menu.id(), &menu_id, &[&noah])
        .await?;
    let refusal = english(Text::NoLongerAllowed {});
    assert_eq!(response.content()?, refusal);
    let response = mia.submit(&form, [(field, "forged")]).await?;
    assert_eq!(response.content()?, refusal);
    stage.is_as_before(&before, 0).await?;
    stage.finish().await
}

fn custom_id(component: &Value) -> Result<String> {
    Ok(component["custom_id"].as_str().ok_or("an id")?.to_owned())
}
