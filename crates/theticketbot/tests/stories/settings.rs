//! `/inbox settings`: the panel, its menus and controls, and what the settings do.

use serde_json::json;
use tickets::setting::Shown;
use tickets::text::Text;

use crate::stage::{Inbox, Result, Stage, english, here, link};
use discord_sandbox::id::InteractionId;
use discord_sandbox::{Answer, Fault, Person};

/// Runs `/inbox settings` with one setting, which opens its modal at once.
pub(crate) async fn control(person: &Person, setting: &str) -> Result<Answer> {
    let options = json!({"setting": setting});
    Ok(person.run("inbox settings", options).await?)
}

/// Changes a setting whose control is a text.
pub(crate) async fn write(person: &Person, setting: &str, value: &str) -> Result<Answer> {
    let modal = control(person, setting).await?;
    Ok(person.submit(&modal, [("template", value)]).await?)
}

/// Changes a setting whose control is a menu.
pub(crate) async fn pick(person: &Person, setting: &str, word: &str) -> Result<Answer> {
    let modal = control(person, setting).await?;
    Ok(person
        .submit_json(&modal, json!({"template": [word]}))
        .await?)
}

/// The panel's line about a setting.
pub(crate) fn line<'a>(panel: &'a Answer, name: &str) -> Result<&'a str> {
    let embeds = panel.message()?.embeds();
    let shown = embeds[0]["description"].as_str().ok_or("no description")?;
    let of = |line: &'a str| match line.strip_prefix("-# ") {
        Some(defaults) => defaults
            .split(" · ")
            .find_map(|each| each.strip_prefix(&format!("{name}: "))),
        None => line.strip_prefix(&format!("**{name}**: ")),
    };
    let line = shown.lines().find_map(of);
    Ok(line.ok_or_else(|| format!("{name} is not in {shown}"))?)
}

/// The panel's text about a change and about problems, just above its menus.
pub(crate) fn news(panel: &Answer) -> Result<&str> {
    let embeds = panel.message()?.embeds();
    let news = embeds.last().filter(|_| embeds.len() == 2);
    let news = news.and_then(|embed| embed["description"].as_str());
    Ok(news.ok_or_else(|| format!("no news in {panel:?}"))?)
}

/// Picks a setting in the panel.
pub(crate) async fn pick_in(panel: &Answer, person: &Person, key: &str) -> Result<Answer> {
    let picked = start_picking(panel, person, key).await?;
    Ok(person.answer_to(picked).await?)
}

/// The same without waiting for the response.
pub(crate) async fn start_picking(
    panel: &Answer,
    person: &Person,
    key: &str,
) -> Result<InteractionId> {
    let message = panel.message()?;
    let switch = format!("{key}=");
    let menus = message.components();
    let option = menus.iter().find_map(|menu| {
        let values = menu["options"].as_array()?.iter();
        let mut values = values.filter_map(|option| option["value"].as_str());
        let value = values.find(|value| *value == key || value.starts_with(&switch))?;
        Some((menu["custom_id"].as_str()?, value))
    });
    let (id, value) = option.ok_or("it is in no menu")?;
    Ok(person
        .start_choice(message.channel_id(), message.id(), id, &[value])
        .await?)
}

#[tokio::test]
async fn all_settings_in_one_panel() -> Result {
    let stage = Stage::set().await?;
    stage.inbox().await?;
    let owner = stage.sandbox.owner();
    let panel = owner.run("inbox settings", json!({})).await?;
    assert!(panel.message()?.is_ephemeral());
    assert_eq!(panel.message()?.embeds()[0]["title"], "Settings of support");
    assert_eq!(line(&panel, "Open tickets per member")?, "1");
    assert_eq!(line(&panel, "Closed tickets")?, "locked");
    // A new inbox gives its listed staff powers.
    let powers = line(&panel, "Who counts as staff")?;
    assert!(powers.starts_with("the listed staff"), "{powers}");

    // A setting with two words changes at once, and the response replaces the panel.
    let turned = pick_in(&panel, &owner, "lock").await?;
    assert_eq!(turned.message()?.id(), panel.message()?.id());
    assert_eq!(line(&turned, "Closed tickets")?, "not locked");

    // Any other setting has a modal. After it, the panel shows the new value.
    let modal = pick_in(&turned, &owner, "cooldown").await?;
    let saved = owner.submit(&modal, [("template", "90 min")]).await?;
    assert_eq!(saved.message()?.id(), panel.message()?.id());
    assert_eq!(line(&saved, "Time between tickets")?, "1 hour 30 minutes");
    assert_eq!(line(&saved, "Closed tickets")?, "not locked");
    let told = Text::SettingSaved {
        setting: "cooldown",
        value: ("cooldown", Shown::Duration(5400)),
    };
    assert_eq!(news(&saved)?, english(told));
    stage.finish().await
}

/// Both panels show *locked*, so both choices mean *not locked*.
#[tokio::test]
async fn a_switch_is_turned_to_what_its_menu_does_not_show() -> Result {
    let stage = Stage::set().await?;
    stage.inbox().await?;
    let owner = stage.sandbox.owner();
    let mut panels = Vec::new();
    for _ in 0..2 {
        panels.push(owner.run("inbox settings", json!({})).await?);
    }
    let mut turned = Vec::new();
    for panel in &panels {
        turned.push(pick_in(panel, &owner, "lock").await?);
    }
    for panel in &turned {
        assert_eq!(line(panel, "Closed tickets")?, "not locked");
    }
    let back = pick_in(&turned[0], &owner, "lock").await?;
    assert_eq!(line(&back, "Closed tickets")?, "locked");
    stage.finish().await
}

#[tokio::test]
async fn a_mistake_is_given_back_to_correct_it() -> Result {
    let stage = Stage::set().await?;
    stage.inbox().await?;
    let owner = stage.sandbox.owner();
    let refused = write(&owner, "cooldown", "10").await?;
    let why = english(Text::NotADuration {
        written: "10".into(),
    });
    assert_eq!(
        refused.content()?,
        format!("**Time between tickets**: {why}")
    );
    assert_eq!(refused.message()?.embeds()[0]["description"], "10");

    // The refusal itself contains the text, so this also works after a restart.
    let mut stage = stage;
    stage.stop().await?;
    stage.start().await?;
    let message = refused.message()?;
    let button = message.button("Edit again").ok_or("no button")?;
    let modal = owner
        .click(message.channel_id(), message.id(), button)
        .await?;
    assert_eq!(modal.modal()?.value("template"), Some("10"));
    let saved = owner.submit(&modal, [("template", "10m")]).await?;
    assert_eq!(line(&saved, "Time between tickets")?, "10 minutes");
    assert_eq!(saved.message()?.id(), message.id());
    stage.finish().await
}

/// Each refusal names the setting and the mistake, and gives the text back.
#[tokio::test]
async fn every_mistake_is_named_and_given_back() -> Result {
    let stage = Stage::set().await?;
    stage.inbox_with(json!({"name": "Help"})).await?;
    stage.inbox_with(json!({"name": "Billing"})).await?;
    let owner = stage.sandbox.owner();
    let six: Vec<_> = (1..=6).map(|n| format!("Question {n} | short")).collect();
    let long = "x".repeat(46);
    for (setting, written, why) in [
        (
            "form",
            "What? | short\nWhy? | number".to_owned(),
            Text::FormLineUnknownKind {
                line: 2,
                written: "number".into(),
            },
        ),
        (
            "form",
            six.join("\n"),
            Text::FormLineTooManyQuestions { line: 6 },
        ),
        (
            "form",
            format!("{long} | short"),
            Text::FormLineLabelTooLong { line: 1 },
        ),
        (
            "form",
            "Where? | one of: Lobby, Arena, Lobby".to_owned(),
            Text::FormLineChoiceTwice {
                line: 1,
                written: "Lobby".into(),
            },
        ),
        (
            "time-zone",
            "Europe/Atlantis".to_owned(),
            Text::UnknownTimeZone {
                written: "Europe/Atlantis".into(),
            },
        ),
        (
            "limit-total",
            "-1".to_owned(),
            Text::NotANumber {
                written: "-1".into(),
                least: 0,
                most: 900,
            },
        ),
        (
            "name",
            "billing".to_owned(),
            Text::NameTaken {
                written: "billing".into(),
            },
        ),
        (
            "button-emoji",
            "<:elsewhere:1>".to_owned(),
            Text::ButtonRefused {},
        ),
    ] {
        let options = json!({"inbox": "Help", "setting": setting});
        let modal = owner.run("inbox settings", options).await?;
        let refused = owner
            .submit(&modal, [("template", written.as_str())])
            .await?;
        let content = refused.content()?;
        assert!(content.ends_with(&english(why)), "{written}: {content}");
        let message = refused.message()?;
        assert_eq!(message.embeds()[0]["description"], written);
        let button = message.button("Edit again").ok_or("no button")?;
        let again = owner
            .click(message.channel_id(), message.id(), button)
            .await?;
        let filled = again.modal()?.value("template");
        assert_eq!(filled, Some(written.as_str()));
    }
    stage.finish().await
}

#[tokio::test]
async fn limits_out_of_range_are_refused() -> Result {
    let stage = Stage::set().await?;
    stage.inbox().await?;
    let owner = stage.sandbox.owner();
    for (setting, written, most) in [
        ("limit-member", "-1", 50),
        ("limit-member", "51", 50),
        ("limit-total", "9999", 900),
    ] {
        let refused = write(&owner, setting, written).await?;
        let why = english(Text::NotANumber {
            written: written.into(),
            least: 0,
            most,
        });
        assert!(refused.content()?.ends_with(&why), "{refused:?}");
    }
    stage.finish().await
}

#[tokio::test]
async fn an_inbox_and_a_setting_are_suggested() -> Result {
    let stage = Stage::set().await?;
    let owner = stage.sandbox.owner();
    let none = owner.run("inbox settings", json!({})).await?;
    assert_eq!(none.content()?, english(Text::NoInboxes {}));
    let first = stage.inbox().await?;
    let second = stage.inbox().await?;

    // Without the option, the admin chooses the inbox in a menu.
    let asked = owner
        .run("inbox settings", json!({"setting": "lock"}))
        .await?;
    assert_eq!(asked.content()?, english(Text::ChooseAmongInboxes {}));
    let message = asked.message()?;
    let menu = message.components()[0].clone();
    let names: Vec<_> = menu["options"]
        .as_array()
        .ok_or("no options")?
        .iter()
        .map(|option| option["label"].clone())
        .collect();
    assert_eq!(names, ["support", "support 2"]);
    let id = menu["custom_id"].as_str().ok_or("it has no id")?;
    let wanted = second.message.to_string();
    let modal = owner
        .choose(message.channel_id(), message.id(), id, &[&wanted])
        .await?;
    assert_eq!(modal.modal()?.title(), "Change a setting");

    for written in ["support 2", &wanted] {
        let panel = owner
            .run("inbox settings", json!({"inbox": written}))
            .await?;
        let title = &panel.message()?.embeds()[0]["title"];
        assert_eq!(title, "Settings of support 2");
    }
    let unknown = owner
        .run("inbox settings", json!({"inbox": "`sales`"}))
        .await?;
    let written = "'sales'".to_owned();
    assert_eq!(unknown.content()?, english(Text::NoSuchInbox { written }));
    assert_ne!(first.message, second.message);
    stage.finish().await
}

#[tokio::test]
async fn more_tickets_for_each_member() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let (owner, mia) = (stage.sandbox.owner(), stage.sandbox.member());
    write(&owner, "limit-member", "2").await?;
    write(&owner, "cooldown", "0").await?;
    stage.open(&mia, inbox).await?;
    let second = stage.open(&mia, inbox).await?;
    let refused = stage.click(&mia, inbox).await?;
    let told = Text::TooManyOpen {
        ticket: here(second),
        limit: 2,
    };
    assert_eq!(refused.content()?, english(told));
    stage.finish().await
}

#[tokio::test]
async fn so_many_tickets_in_all() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let owner = stage.sandbox.owner();
    let (mia, noah) = (stage.sandbox.member(), stage.sandbox.member2());
    write(&owner, "limit-total", "1").await?;
    let ticket = stage.open(&mia, inbox).await?;
    let refused = stage.click(&noah, inbox).await?;
    assert_eq!(refused.content()?, english(Text::InboxFull {}));
    mia.leave(ticket).await?;
    stage.closed(ticket, true).await?;
    stage.idle().await?;
    stage.open(&noah, inbox).await?;
    stage.finish().await
}

#[tokio::test]
async fn two_members_at_once_do_not_exceed_a_limit() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    write(&stage.sandbox.owner(), "limit-total", "3").await?;
    let crowd = stage.sandbox.crowd("member", 8)?;
    let clicks = crowd.iter().map(|person| stage.click(person, inbox));
    let answers = futures_util::future::try_join_all(clicks).await?;
    let full = english(Text::InboxFull {});
    let contents: Vec<_> = answers
        .iter()
        .map(|it| it.content())
        .collect::<Result<_, _>>()?;
    let refused = contents.iter().filter(|it| **it == full).count();
    assert_eq!(refused, 5, "{contents:?}");
    stage.finish().await
}

#[tokio::test]
async fn another_cooldown() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let (owner, mia) = (stage.sandbox.owner(), stage.sandbox.member());
    write(&owner, "cooldown", "5m").await?;
    let ticket = stage.open(&mia, inbox).await?;
    mia.leave(ticket).await?;
    stage.closed(ticket, true).await?;
    stage.a_minute_passes();
    let refused = stage.click(&mia, inbox).await?;
    assert!(refused.content()?.contains("5 minutes"), "{refused:?}");
    write(&owner, "cooldown", "").await?;
    stage.open(&mia, inbox).await?;
    stage.finish().await
}

#[tokio::test]
async fn tickets_are_hidden_later_and_only_archived() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let (owner, mia) = (stage.sandbox.owner(), stage.sandbox.member());
    pick(&owner, "hide-after", "week").await?;
    pick(&owner, "lock", "archive").await?;
    let ticket = stage.open(&mia, inbox).await?;
    let minutes = stage.thread(ticket).map(|it| it.auto_archive);
    assert_eq!(minutes, Some(10_080));
    mia.leave(ticket).await?;
    stage.closed(ticket, false).await?;
    stage.idle().await?;
    let told = stage.said(ticket);
    let note = english(Text::OwnerLeft {
        owner: crate::stage::user(mia.id()),
    });
    assert_eq!(told.last(), Some(&note));
    stage.finish().await
}

#[tokio::test]
async fn who_may_no_longer_manage_the_server_cannot_use_an_open_panel() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let mia = stage.sandbox.member();
    for (kind, custom_id) in [
        (3, format!("settings:tickets:{}", inbox.message)),
        (2, format!("edit:lock:{}", inbox.message)),
        (3, "settings-of".to_owned()),
    ] {
        let Inbox { channel, message } = inbox;
        let values = if custom_id == "settings-of" {
            vec![message.to_string()]
        } else {
            vec!["lock".to_owned()]
        };
        let click = json!({"channel_id": channel, "message_id": message,
            "custom_id": custom_id, "component_type": kind, "values": values});
        let refused = mia.forge(click).await?;
        assert_eq!(refused.content()?, english(Text::NoLongerAllowed {}));
    }
    stage.finish().await
}

#[tokio::test]
async fn a_name_and_a_button_of_ones_own() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    stage.inbox().await?;
    let owner = stage.sandbox.owner();
    let named = |setting: &str, value: &str| {
        let (owner, setting, value) = (owner.clone(), setting.to_owned(), value.to_owned());
        async move {
            let options = json!({"inbox": inbox.message.to_string(), "setting": setting});
            let modal = owner.run("inbox settings", options).await?;
            Ok::<_, harness::Error>(owner.submit(&modal, [("template", value.as_str())]).await?)
        }
    };
    let taken = named("name", "Support 2").await?;
    let written = "Support 2".to_owned();
    let why = english(Text::NameTaken { written });
    assert!(taken.content()?.ends_with(&why), "{taken:?}");
    let panel = named("name", "Help").await?;
    assert_eq!(panel.message()?.embeds()[0]["title"], "Settings of Help");
    let panel = named("name", "").await?;
    let title = &panel.message()?.embeds()[0]["title"];
    assert_eq!(title, "Settings of support", "that of its channel");

    named("button-label", "Ask us").await?;
    named("button-emoji", "🚒").await?;
    let shown = owner.messages(inbox.channel).await?;
    let shown = shown
        .iter()
        .find(|it| it.id() == inbox.message)
        .ok_or("an inbox")?;
    let button = shown.components()[0].clone();
    assert_eq!(button["label"], "Ask us");
    assert_eq!(button["emoji"]["name"], "🚒");
    assert_eq!(shown.embeds()[0]["description"], "Need help?");
    stage.open(&stage.sandbox.member(), inbox).await?;

    // An emoji that Discord does not let the bot use is not stored.
    let refused = named("button-emoji", "<:nothing:1>").await?;
    let why = english(Text::ButtonRefused {});
    assert_eq!(refused.content()?, format!("**Button emoji**: {why}"));
    assert_eq!(
        refused.message()?.embeds()[0]["description"],
        "<:nothing:1>"
    );
    assert!(refused.message()?.button("Edit again").is_some());
    let panel = named("button-label", "").await?;
    assert_eq!(line(&panel, "Button emoji")?, "🚒");
    assert_eq!(line(&panel, "Button label")?, "Create Ticket");
    stage.finish().await
}

/// Gives Max Manage Server, too.
async fn another_admin(stage: &Stage) -> Result<Person> {
    const MANAGE_GUILD: u64 = 1 << 5;
    let permissions = json!({"permissions": MANAGE_GUILD.to_string()});
    let role = stage.sandbox.moderator_role();
    stage.sandbox.owner().edit_role(role, permissions).await?;
    Ok(stage.sandbox.moderator())
}

/// Opens the modal of an inbox's name.
async fn naming(admin: &Person, inbox: Inbox) -> Result<Answer> {
    let options = json!({"inbox": inbox.message.to_string(), "setting": "name"});
    Ok(admin.run("inbox settings", options).await?)
}

/// Waits until all calls that a fault should hold have arrived.
async fn held(stage: &Stage) {
    while !stage.sandbox.waiting_faults().is_empty() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn of_two_admins_who_give_one_name_at_once_one_has_it() -> Result {
    let stage = Stage::set().await?;
    let (owner, max) = (stage.sandbox.owner(), another_admin(&stage).await?);
    let inboxes = [stage.inbox().await?, stage.inbox().await?];
    let modals = [
        naming(&owner, inboxes[0]).await?,
        naming(&max, inboxes[1]).await?,
    ];
    // While both are checked, neither inbox has its new name yet.
    let reading = Fault::held().on("GET", "/guilds/*/channels").times(2);
    stage.sandbox.fail_next(reading)?;
    let first = [("template", "Billing")];
    let first = owner.start_submission(&modals[0], first).await?;
    let second = [("template", "billing")];
    let second = max.start_submission(&modals[1], second).await?;
    held(&stage).await;
    stage.sandbox.clear_faults();
    let answers = [
        (owner.answer_to(first).await?, "Billing"),
        (max.answer_to(second).await?, "billing"),
    ];
    let is_refused = |(answer, written): &&(Answer, &str)| {
        let written = (*written).to_owned();
        let taken = english(Text::NameTaken { written });
        answer.content().is_ok_and(|it| it.contains(&taken))
    };
    let refused: Vec<_> = answers.iter().filter(is_refused).collect();
    let [(refusal, written)] = refused[..] else {
        panic!("{answers:?}");
    };
    let given_back = refusal.message()?.embeds()[0].to_string();
    assert!(given_back.contains(written), "{given_back}");
    let list = owner.run("inbox list", json!({})).await?;
    let embeds = list.message()?.embeds();
    let names = embeds.iter().filter_map(|it| it["title"].as_str());
    let billing = names.filter(|it| it.eq_ignore_ascii_case("billing"));
    assert_eq!(billing.count(), 1, "{list:?}");
    stage.finish().await
}

#[tokio::test]
async fn a_name_is_given_to_another_inbox_while_one_is_posted() -> Result {
    let stage = Stage::set().await?;
    let (owner, max) = (stage.sandbox.owner(), another_admin(&stage).await?);
    let inbox = stage.inbox().await?;
    let support = stage.support();
    let source = owner.send(support, "Questions about bills").await?;
    let options = json!({"channel": support, "name": "Billing"});
    owner.run("inbox create", options).await?;
    let posting = format!("/channels/{support}/messages");
    stage
        .sandbox
        .fail_next(Fault::held().on("POST", &posting))?;
    let select = "Select this message";
    let selected = owner.start_menu(select, support, source.id()).await?;
    held(&stage).await;
    let modal = naming(&max, inbox).await?;
    let saved = max.submit(&modal, [("template", "billing")]).await?;
    assert_eq!(line(&saved, "Name")?, "`billing`");
    stage.sandbox.clear_faults();
    let refused = owner.answer_to(selected).await?;
    let written = "Billing".to_owned();
    assert_eq!(refused.content()?, english(Text::NameTaken { written }));
    // The message of the refused inbox was deleted.
    assert_eq!(stage.newest_inbox(support), inbox.message);
    stage.finish().await
}

#[tokio::test]
async fn a_command_can_name_its_inbox() -> Result {
    let stage = Stage::set().await?;
    let (inbox, second) = (stage.inbox().await?, stage.inbox().await?);
    let owner = stage.sandbox.owner();
    let wanted = second.message.to_string();
    let to = stage.tickets();
    let options = json!({"channel": to, "inbox": wanted});
    let changed = owner.run("inbox destination", options).await?;
    let changed_to = Text::DestinationChanged {
        inbox: link(&stage, second),
        old: here(stage.support()),
        new: here(to),
    };
    assert_eq!(changed.content()?, english(changed_to));
    let named = json!({"inbox": "support 2"});
    let menu = owner.run("inbox staff", named.clone()).await?;
    let id = menu.message()?.components()[0]["custom_id"].clone();
    assert_eq!(id, format!("staff:{wanted}"));
    let modal = owner.run("inbox new-tickets name", named.clone()).await?;
    assert_eq!(modal.modal()?.custom_id(), format!("name:{wanted}"));
    let modal = owner
        .run("inbox new-tickets starter", named.clone())
        .await?;
    assert_eq!(modal.modal()?.custom_id(), format!("starter:{wanted}"));
    // The replacement of a message must still be selected.
    let asked = owner.run("inbox message", named).await?;
    let content = asked.content()?;
    assert!(content.contains(&wanted), "{content}");
    let other = owner.send(inbox.channel, "Better").await?;
    let told = stage.select(&owner, inbox.channel, other.id()).await?;
    let replaced = Text::MessageReplaced {
        inbox: link(&stage, second),
    };
    assert_eq!(told.content()?, english(replaced));
    let unknown = owner.run("inbox staff", json!({"inbox": "x"})).await?;
    let written = "x".to_owned();
    assert_eq!(unknown.content()?, english(Text::NoSuchInbox { written }));
    stage.finish().await
}
