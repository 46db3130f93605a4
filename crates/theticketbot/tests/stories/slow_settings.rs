//! Settings while Discord or the database is slow: modals open in time, and there is only one overview.

use std::time::Duration;

use discord_sandbox::id::InteractionId;
use discord_sandbox::{Answer, Fault, Limits, Person, Sandbox};
use serde_json::json;
use tickets::text::Text;
use tokio::time::timeout;

use crate::settings::{control, line, news, pick_in, start_picking, write};
use crate::stage::{Result, Stage, english};

/// Longer than the acknowledgement timer.
const LONG: Duration = Duration::from_millis(2500);

/// Much less than the timeout of a call.
const SOON: Duration = Duration::from_secs(10);

const NAMES: (&str, &str) = ("GET", "/guilds/*/channels");
const MEMBER: (&str, &str) = ("GET", "/guilds/*/members/*");
const SIZES: (&str, &str) = ("GET", "/guilds/*/roles/member-counts");
const EDIT: (&str, &str) = ("PATCH", "/channels/*/messages/*");

impl Stage {
    /// How many messages of the bot only this person can see.
    fn private(&self, person: &Person) -> usize {
        let general = self.sandbox.defaults().general;
        self.sandbox.look(|look| {
            look.messages(general)
                .filter(|message| message.ephemeral_to == Some(person.id()))
                .count()
        })
    }

    /// The response after the bot is idle.
    async fn in_the_end(&self, person: &Person, id: InteractionId) -> Result<Answer> {
        self.idle().await?;
        Ok(person.answer_so_far(id).await?)
    }
}

/// The inbox has no name of its own, so the bot would have to ask Discord for its channel's name.
#[tokio::test]
async fn a_control_does_not_wait_for_names() -> Result {
    let stage = Stage::set().await?;
    stage.inbox().await?;
    let owner = stage.sandbox.owner();
    let general = stage.sandbox.defaults().general;
    stage
        .sandbox
        .fail_next(Fault::held().on(NAMES.0, NAMES.1).times(100))?;
    let modal = timeout(SOON, control(&owner, "description")).await??;
    assert_eq!(modal.modal()?.title(), "Change a setting");
    let options = json!({"setting": "descr"});
    let suggested = owner
        .suggestions(general, "inbox settings", options, "setting")
        .await?;
    assert_eq!(suggested.len(), 1);
    // This modal lists inboxes, which are shown by their channels' ids if the names are not known.
    let modal = control(&owner, "reports").await?;
    let menu = modal.modal()?.inputs()[0].clone();
    let support = stage.support().to_string();
    assert_eq!(menu["options"][1]["label"], support);
    let options = json!({"inbox": ""});
    let suggested = owner
        .suggestions(general, "inbox settings", options, "inbox")
        .await?;
    assert_eq!(suggested[0].0, support);
    stage.sandbox.clear_faults();
    stage.idle().await?;
    let modal = control(&owner, "reports").await?;
    assert_eq!(modal.modal()?.inputs()[0]["options"][1]["label"], "support");
    stage.finish().await
}

#[tokio::test]
async fn the_overviews_menus_do_not_wait_for_names() -> Result {
    for fault in [
        Fault::slow(LONG),
        Fault::status(500),
        Fault::rate_limited(Duration::from_secs(3)),
    ] {
        let stage = Stage::set().await?;
        stage.inbox().await?;
        let owner = stage.sandbox.owner();
        let panel = owner.run("inbox settings", json!({})).await?;
        stage
            .sandbox
            .fail_next(fault.on(NAMES.0, NAMES.1).times(9))?;
        let modal = pick_in(&panel, &owner, "description").await?;
        assert_eq!(modal.modal()?.title(), "Change a setting");
        stage.sandbox.clear_faults();
        stage.finish().await?;
    }
    Ok(())
}

#[tokio::test]
async fn typing_does_not_ask_for_names_each_time() -> Result {
    let sandbox = Sandbox::builder().limits(Limits::Discord).start().await?;
    let stage = Stage::on(sandbox).await?;
    stage.inbox().await?;
    let general = stage.sandbox.defaults().general;
    let (mia, owner) = (stage.sandbox.member(), stage.sandbox.owner());
    let mark = stage.sandbox.mark();
    for end in 1..="support".len() {
        let options = json!({"inbox": "support"[..end]});
        let suggested = mia.suggestions(general, "ticket open", options, "inbox");
        assert_eq!(suggested.await?[0].0, "support");
    }
    let modal = control(&owner, "reports").await?;
    assert!(modal.modal().is_ok());
    assert_eq!(stage.count(mark, NAMES), 1);

    // The event of a new name updates it at once.
    let renamed = json!({"name": "help"});
    owner.edit_channel(stage.support(), renamed).await?;
    stage.is_up_to_date().await?;
    let options = json!({"inbox": ""});
    let suggested = mia.suggestions(general, "ticket open", options, "inbox");
    assert_eq!(suggested.await?[0].0, "help");
    stage.finish().await
}

/// The previous step is slow, and Discord accepts a modal only as the first response.
#[tokio::test]
async fn a_modal_that_is_too_late_is_explained() -> Result {
    let stage = Stage::set().await?;
    stage.inbox().await?;
    let owner = stage.sandbox.owner();
    let panel = owner.run("inbox settings", json!({})).await?;
    let modal = control(&owner, "button-label").await?;
    stage
        .sandbox
        .fail_next(Fault::slow(LONG).on(EDIT.0, EDIT.1))?;
    let before = owner
        .start_submission(&modal, [("template", "Write to us")])
        .await?;
    let by_command = control(&owner, "description").await?;
    assert_eq!(by_command.content()?, english(Text::ModalNotShown {}));
    assert_eq!(
        line(&owner.answer_to(before).await?, "Button label")?,
        "`Write to us`"
    );

    // The response replaces the overview.
    stage
        .sandbox
        .fail_next(Fault::slow(LONG).on(EDIT.0, EDIT.1))?;
    let modal = control(&owner, "button-label").await?;
    owner
        .start_submission(&modal, [("template", "Ask us")])
        .await?;
    let picked = start_picking(&panel, &owner, "description").await?;
    let unchanged = stage.in_the_end(&owner, picked).await?;
    assert_eq!(unchanged.message()?.id(), panel.message()?.id());
    assert_eq!(
        unchanged.message()?.embeds()[0]["title"],
        "Settings of support"
    );
    let general = stage.sandbox.defaults().general;
    let said = stage.sandbox.look(|look| {
        let last = look.messages(general).next_back();
        last.map(|message| message.content.clone())
    });
    assert_eq!(said, Some(english(Text::ModalNotShown {})));
    stage.finish().await
}

#[tokio::test]
async fn a_slow_change_is_shown_in_the_same_overview() -> Result {
    let stage = Stage::set().await?;
    stage.inbox().await?;
    let owner = stage.sandbox.owner();
    let panel = owner.run("inbox settings", json!({})).await?;
    let same = |answer: &Answer| -> Result {
        assert_eq!(answer.message()?.id(), panel.message()?.id());
        Ok(())
    };
    let before = stage.private(&owner);

    // A setting that changes at once.
    stage
        .sandbox
        .fail_next(Fault::slow(LONG).on(SIZES.0, SIZES.1))?;
    let picked = start_picking(&panel, &owner, "lock").await?;
    let turned = stage.in_the_end(&owner, picked).await?;
    same(&turned)?;
    assert_eq!(line(&turned, "Closed tickets")?, "not locked");

    // A setting with a modal.
    let modal = pick_in(&turned, &owner, "button-label").await?;
    stage
        .sandbox
        .fail_next(Fault::slow(LONG).on(EDIT.0, EDIT.1))?;
    let submitted = owner
        .start_submission(&modal, [("template", "Write to us")])
        .await?;
    let saved = stage.in_the_end(&owner, submitted).await?;
    same(&saved)?;
    assert_eq!(line(&saved, "Button label")?, "`Write to us`");
    assert_eq!(stage.private(&owner), before);

    // A refusal is a separate message, and the overview stays.
    let modal = pick_in(&saved, &owner, "button-emoji").await?;
    stage
        .sandbox
        .fail_next(Fault::slow(LONG).on(EDIT.0, EDIT.1))?;
    let submitted = owner
        .start_submission(&modal, [("template", "<:elsewhere:1>")])
        .await?;
    let left = stage.in_the_end(&owner, submitted).await?;
    same(&left)?;
    assert_eq!(line(&left, "Button label")?, "`Write to us`");
    assert_eq!(stage.private(&owner), before + 1);
    stage.finish().await
}

/// The same for a page of a list.
#[tokio::test]
async fn a_slow_page_is_shown_in_place_of_the_other() -> Result {
    let stage = Stage::set().await?;
    for name in ["a", "b", "c", "d", "e"] {
        stage.inbox_with(json!({"name": name})).await?;
    }
    let owner = stage.sandbox.owner();
    let list = owner.run("inbox list", json!({})).await?;
    let message = list.message()?;
    stage
        .sandbox
        .fail_next(Fault::slow(LONG).on(SIZES.0, SIZES.1))?;
    let clicked = owner
        .start_click(message.channel_id(), message.id(), "inboxes:n1")
        .await?;
    let next = stage.in_the_end(&owner, clicked).await?;
    assert_eq!(next.message()?.id(), message.id());
    assert_eq!(next.message()?.embeds()[0]["title"], "e");
    stage.finish().await
}

#[tokio::test]
async fn single_members_as_staff_are_asked_for_once() -> Result {
    let stage = Stage::set().await?;
    stage.inbox().await?;
    let owner = stage.sandbox.owner();
    let crowd = stage.sandbox.crowd("helper", 25)?;
    let ids: Vec<_> = crowd.iter().map(|it| it.id().to_string()).collect();
    let modal = control(&owner, "staff").await?;
    let mark = stage.sandbox.mark();
    owner.submit_json(&modal, json!({"template": ids})).await?;
    stage.idle().await?;
    let mut panel = owner.run("inbox settings", json!({})).await?;
    for shown in ["not locked", "locked"] {
        panel = pick_in(&panel, &owner, "lock").await?;
        assert_eq!(line(&panel, "Closed tickets")?, shown);
    }
    assert_eq!(stage.count(mark, MEMBER), 25);
    stage.finish().await
}

/// The overview leaves out problems that the bot could not check in time.
#[tokio::test]
async fn an_overview_does_not_wait_for_members() -> Result {
    let stage = Stage::set().await?;
    stage.inbox().await?;
    let owner = stage.sandbox.owner();
    let crowd = stage.sandbox.crowd("helper", 5)?;
    let ids: Vec<_> = crowd.iter().map(|it| it.id().to_string()).collect();
    let modal = control(&owner, "staff").await?;
    let held = Fault::held().on(MEMBER.0, MEMBER.1).times(100);
    stage.sandbox.fail_next(held)?;
    let chosen = json!({"template": ids});
    timeout(SOON, owner.submit_json(&modal, chosen)).await??;
    let saved = timeout(SOON, write(&owner, "cooldown", "90 min")).await??;
    assert_eq!(line(&saved, "Time between tickets")?, "1 hour 30 minutes");
    assert!(news(&saved)?.contains("1 hour 30 minutes"));
    stage.sandbox.clear_faults();
    stage.finish().await
}
