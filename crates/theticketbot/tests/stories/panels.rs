//! Several inboxes on one message: `/inbox create … panel:`, `/inbox panel`, its buttons and its menu.

use std::time::Duration;

use discord_sandbox::record::What;
use discord_sandbox::{Answer, Fault, Fields, Person};
use serde_json::{Value, json};
use tickets::problem::Problem;
use tickets::text::Text;

use crate::settings::news;
use crate::stage::{Inbox, Result, Stage, english, link, time_passes};

impl Stage {
    /// Olivia creates an inbox with this name on the message of another. Returns its id.
    pub(crate) async fn entry(&self, host: Inbox, name: &str, options: Value) -> Result<String> {
        let mut all =
            json!({"channel": host.channel, "panel": host.message.to_string(), "name": name});
        all.as_object_mut()
            .expect("it is an object")
            .extend(options.as_object().cloned().unwrap_or_default());
        let made = self.sandbox.owner().run("inbox create", all).await?;
        let ready = english(Text::EntryCreated {
            inbox: link(self, host),
        });
        assert!(made.content()?.starts_with(&ready), "{made:?}");
        let menu = made.message()?.components()[0]["custom_id"].clone();
        let menu = menu.as_str().ok_or("a menu of staff")?;
        let id = menu.strip_prefix("staff:").ok_or("its inbox")?;
        self.idle().await?;
        Ok(id.to_owned())
    }

    /// The labels of the buttons and of the menu's options under an inbox's message.
    async fn offers(&self, inbox: Inbox) -> Result<Vec<String>> {
        let components = self.components(inbox).await?;
        let label = |it: &Value| it["label"].as_str().unwrap_or_default().to_owned();
        let all = components.iter().flat_map(|it| match &it["options"] {
            Value::Array(options) => options.iter().map(label).collect(),
            _ => vec![label(it)],
        });
        Ok(all.collect())
    }

    async fn components(&self, inbox: Inbox) -> Result<Vec<Value>> {
        let messages = self.sandbox.owner().messages(inbox.channel).await?;
        let message = messages.iter().find(|it| it.id() == inbox.message);
        let message = message.ok_or("the inbox is gone")?;
        Ok(message.components().into_iter().cloned().collect())
    }

    /// How often the message has been edited since then.
    fn changes_since(&self, mark: u64, inbox: Inbox) -> usize {
        let path = format!("/channels/{}/messages/{}", inbox.channel, inbox.message);
        let calls = self.sandbox.calls_after(mark);
        calls.iter().filter(|it| it.is("PATCH", &path)).count()
    }
}

/// Opens `/inbox panel` of this inbox.
async fn editor(owner: &Person, inbox: Inbox) -> Result<Answer> {
    let options = json!({"inbox": inbox.message.to_string()});
    Ok(owner.run("inbox panel", options).await?)
}

/// Chooses in the editor's first or second menu.
async fn choose(owner: &Person, editor: &Answer, menu: usize, values: &[&str]) -> Result<Answer> {
    let message = editor.message()?;
    let id = message.components()[menu]["custom_id"].clone();
    let id = id.as_str().ok_or("a menu")?;
    Ok(owner
        .choose(message.channel_id(), message.id(), id, values)
        .await?)
}

fn ticket_in(answer: &Answer) -> Result<discord_sandbox::id::ChannelId> {
    harness::linked_channel(answer.content()?)
}

#[tokio::test]
async fn each_button_opens_a_ticket_of_its_inbox() -> Result {
    let stage = Stage::set().await?;
    let host = stage.inbox().await?;
    let tickets = stage.tickets();
    let elsewhere = json!({"destination": tickets});
    let billing = stage.entry(host, "Billing", elsewhere).await?;
    assert_eq!(stage.offers(host).await?, ["Create Ticket", "Billing"]);
    let (mia, owner) = (stage.sandbox.member(), stage.sandbox.owner());

    let own = stage.open(&mia, host).await?;
    assert_eq!(stage.thread(own).map(|it| it.parent), Some(host.channel));
    let id = format!("open:{billing}");
    let opened = mia.click(host.channel, host.message, &id).await?;
    let ticket = ticket_in(&opened)?;
    assert_eq!(stage.thread(ticket).map(|it| it.parent), Some(tickets));
    // Each inbox has its own limit, and names the ticket that is open in it.
    let again = mia.click(host.channel, host.message, &id).await?;
    assert_eq!(ticket_in(&again)?, ticket);

    // Each inbox has its own settings, and a changed setting is shown on the message.
    let options = json!({"inbox": "billing", "setting": "button-label"});
    let modal = owner.run("inbox settings", options).await?;
    owner.submit(&modal, [("template", "Pay")]).await?;
    assert_eq!(stage.offers(host).await?, ["Create Ticket", "Pay"]);
    let options = json!({"inbox": "billing", "setting": "button-colour"});
    let modal = owner.run("inbox settings", options).await?;
    let green = json!({"template": ["green"]});
    owner.submit_json(&modal, green).await?;
    let styles: Vec<_> = stage
        .components(host)
        .await?
        .iter()
        .map(|it| it["style"].clone())
        .collect();
    assert_eq!(styles, [1, 3]);
    // The message belongs to the host inbox, and keeps its buttons when its text is replaced.
    owner
        .run("inbox message", json!({"inbox": "billing"}))
        .await?;
    let source = owner.send(host.channel, "All our desks").await?;
    let replaced = stage.select(&owner, host.channel, source.id()).await?;
    let text = Text::MessageReplaced {
        inbox: link(&stage, host),
    };
    assert_eq!(replaced.content()?, english(text));
    assert_eq!(stage.offers(host).await?, ["Create Ticket", "Pay"]);
    stage.finish().await
}

#[tokio::test]
async fn a_new_inbox_has_a_name_that_no_other_has() -> Result {
    let stage = Stage::set().await?;
    let owner = stage.sandbox.owner();
    let host = stage.inbox_with(json!({"name": " Help  desk "})).await?;
    let list = owner.run("inbox list", json!({})).await?;
    assert_eq!(list.message()?.embeds()[0]["title"], "Help desk");
    let taken = english(Text::NameTaken {
        written: "help desk".into(),
    });
    for options in [
        json!({"channel": host.channel, "name": "help desk"}),
        json!({"channel": host.channel, "panel": "Help desk", "name": "help desk"}),
    ] {
        let refused = owner.run("inbox create", options).await?;
        assert_eq!(refused.content()?, taken);
    }
    let panel = host.message.to_string();
    let nameless = json!({"channel": host.channel, "panel": panel});
    let nameless = owner.run("inbox create", nameless).await?;
    assert_eq!(nameless.content()?, english(Text::EntryNeedsName {}));
    let unknown = json!({"channel": host.channel, "panel": "nothing", "name": "x"});
    let unknown = owner.run("inbox create", unknown).await?;
    let written = "nothing".to_owned();
    assert_eq!(unknown.content()?, english(Text::NoSuchInbox { written }));
    assert_eq!(stage.offers(host).await?, ["Create Ticket"]);
    stage.finish().await
}

#[tokio::test]
async fn a_menu_is_reset_after_use() -> Result {
    let stage = Stage::set().await?;
    let host = stage.inbox().await?;
    let billing = stage.entry(host, "Billing", json!({})).await?;
    let (owner, mia, noah) = (
        stage.sandbox.owner(),
        stage.sandbox.member(),
        stage.sandbox.member2(),
    );
    let edited = editor(&owner, host).await?;
    let saved = choose(&owner, &edited, 1, &["menu"]).await?;
    let text = Text::EntriesSaved {
        inbox: link(&stage, host),
        count: 1,
    };
    assert_eq!(saved.content()?, english(text));
    assert_eq!(stage.components(host).await?[1]["custom_id"], "open-menu");
    // The host inbox's own button stays.
    assert_eq!(stage.offers(host).await?, ["Create Ticket", "Billing"]);
    stage.idle().await?;
    time_passes(Duration::from_secs(6)).await;

    let mark = stage.sandbox.mark();
    let pick = async |person: &Person| {
        let (channel, message) = (host.channel, host.message);
        person
            .choose(channel, message, "open-menu", &[&billing])
            .await
    };
    ticket_in(&pick(&mia).await?)?;
    stage.idle().await?;
    assert_eq!(stage.changes_since(mark, host), 1);
    // The second reset waits for the next edit, which is possible after five seconds.
    ticket_in(&pick(&noah).await?)?;
    stage.idle().await?;
    assert_eq!(stage.changes_since(mark, host), 1);
    let second = stage.sandbox.mark();
    time_passes(Duration::from_secs(6)).await;
    let path = format!("/channels/{}/messages/{}", host.channel, host.message);
    stage
        .sandbox
        .wait_for_entry("the menu is reset again", second, |entry| {
            match &entry.what {
                What::Call(call) => call.is("PATCH", &path).then_some(()),
                _ => None,
            }
        })
        .await?;
    assert_eq!(stage.offers(host).await?, ["Create Ticket", "Billing"]);
    stage.finish().await
}

#[tokio::test]
async fn a_form_works_through_a_menu_and_nothing_typed_is_lost() -> Result {
    let stage = Stage::set().await?;
    let host = stage.inbox().await?;
    let billing = stage.entry(host, "Billing", json!({})).await?;
    let (owner, mia) = (stage.sandbox.owner(), stage.sandbox.member());
    let options = json!({"inbox": "billing", "setting": "form"});
    let modal = owner.run("inbox settings", options).await?;
    let form = "What happened? | long";
    owner.submit(&modal, [("template", form)]).await?;
    let edited = editor(&owner, host).await?;
    choose(&owner, &edited, 1, &["menu"]).await?;
    stage.idle().await?;

    let mark = stage.sandbox.mark();
    let (channel, message) = (host.channel, host.message);
    let asked = async || mia.choose(channel, message, "open-menu", &[&billing]).await;
    let modal = asked().await?;
    assert_eq!(modal.modal()?.title(), "Billing");
    let calls = stage.sandbox.calls_after(mark);
    let first = calls.first().ok_or("a response")?;
    assert!(first.is("POST", "/interactions/*/*/callback"), "{first:?}");
    stage.idle().await?;
    assert_eq!(stage.changes_since(mark, host), 1, "right after the modal");
    let answers = || Fields::new().text("ask:long:What happened?", "It broke");
    let ticket = ticket_in(&mia.submit(&modal, answers()).await?)?;
    mia.leave(ticket).await?;
    stage.closed(ticket, true).await?;
    stage.a_minute_passes();

    // The inbox and its host are removed between the click and the submission.
    let modal = asked().await?;
    owner.delete_message(channel, message).await?;
    stage.idle().await?;
    let refused = mia.submit(&modal, answers()).await?;
    let kept = english(Text::FormAnswersKept {});
    let why = english(Text::UnknownInbox {});
    assert_eq!(refused.content()?, format!("{why}\n\n{kept}"));
    let shown = format!("{:?}", refused.message()?.embeds());
    assert!(shown.contains("It broke"), "{shown}");
    let list = owner.run("inbox list", json!({})).await?;
    let embeds = list.message()?.embeds();
    let is_removed = |it: &Value| it["url"].is_null();
    assert!(
        embeds.len() == 2 && embeds.iter().all(is_removed),
        "{embeds:?}"
    );
    stage.finish().await
}

#[tokio::test]
async fn a_removed_inbox_drops_out_of_every_message() -> Result {
    let mut stage = Stage::set().await?;
    let (first, second, third) = (
        stage.inbox_with(json!({"name": "One"})).await?,
        stage.inbox_with(json!({"name": "Two"})).await?,
        stage.inbox().await?,
    );
    let owner = stage.sandbox.owner();
    let ids = [first, second, third].map(|it| it.message.to_string());
    let offering = |host: Inbox, others: Vec<String>| {
        let owner = owner.clone();
        async move {
            let edited = editor(&owner, host).await?;
            let others: Vec<_> = others.iter().map(String::as_str).collect();
            choose(&owner, &edited, 0, &others).await
        }
    };
    offering(first, vec![ids[1].clone(), ids[2].clone()]).await?;
    offering(third, vec![ids[0].clone(), ids[1].clone()]).await?;
    // The other inbox gets the name that it is shown with now as its own.
    assert_eq!(
        stage.offers(first).await?,
        ["Create Ticket", "Two", "support"]
    );
    assert_eq!(stage.offers(third).await?, ["Create Ticket", "One", "Two"]);
    owner.delete_message(second.channel, second.message).await?;
    stage.idle().await?;
    assert_eq!(stage.offers(first).await?, ["Create Ticket", "support"]);
    assert_eq!(stage.offers(third).await?, ["Create Ticket", "One"]);

    // The same while the bot is stopped. It retries failed edits.
    stage.stop().await?;
    owner.delete_message(third.channel, third.message).await?;
    let failing = Fault::refusal(500, 0, "Internal Server Error").times(4);
    let failing = failing.on("PATCH", "/channels/*/messages/*");
    stage.sandbox.fail_next(failing)?;
    stage.start().await?;
    stage.idle().await?;
    assert_eq!(stage.offers(first).await?, ["Create Ticket"]);
    stage.expected_errors();
    stage.finish().await
}

#[tokio::test]
async fn what_discord_refuses_is_not_stored() -> Result {
    let stage = Stage::set().await?;
    let (host, other) = (
        stage.inbox().await?,
        stage.inbox_with(json!({"name": "Two"})).await?,
    );
    let owner = stage.sandbox.owner();
    let edited = editor(&owner, host).await?;
    let invalid = Fault::refusal(400, 50_035, "Invalid Form Body");
    let editing = invalid.on("PATCH", "/channels/*/messages/*");
    stage.sandbox.fail_next(editing)?;
    let id = other.message.to_string();
    let refused = choose(&owner, &edited, 0, &[&id]).await?;
    assert_eq!(refused.content()?, english(Text::ButtonRefused {}));
    stage.idle().await?;
    assert_eq!(stage.offers(host).await?, ["Create Ticket"]);
    let edited = editor(&owner, host).await?;
    let chosen = &edited.message()?.components()[0]["options"][0]["default"];
    assert_eq!(chosen, false);

    // Only admins can edit, and the editor offers only existing inboxes.
    let mia = stage.sandbox.member();
    for (custom_id, value) in [
        (format!("entries:{}", host.message), id.as_str()),
        (format!("entries-layout:{}", host.message), "menu"),
    ] {
        let click = json!({"channel_id": host.channel, "message_id": host.message,
            "custom_id": custom_id, "component_type": 3, "values": [value]});
        let refused = mia.forge(click).await?;
        assert_eq!(refused.content()?, english(Text::NoLongerAllowed {}));
    }
    let click = json!({"channel_id": host.channel, "message_id": host.message,
        "custom_id": "open:77", "component_type": 2});
    let refused = mia.forge(click).await?;
    assert_eq!(refused.content()?, english(Text::UnknownInbox {}));
    stage.finish().await
}

/// An inbox that only another's message offers is taken off that message, so members have no button for it.
#[tokio::test]
async fn an_inbox_that_no_message_offers_is_a_problem() -> Result {
    let stage = Stage::set().await?;
    let host = stage.inbox().await?;
    let billing = stage.entry(host, "Billing", json!({})).await?;
    let owner = stage.sandbox.owner();
    let problem = english(Problem::NotOffered.text());
    let shows = async || -> Result<Vec<bool>> {
        let list = owner.run("inbox list", json!({})).await?;
        let embeds = list.message()?.embeds();
        let texts = embeds.iter().filter_map(|it| it["description"].as_str());
        Ok(texts.map(|text| text.contains(&problem)).collect())
    };
    assert_eq!(shows().await?, [false, false]);
    let panel = editor(&owner, host).await?;
    choose(&owner, &panel, 0, &[]).await?;
    assert_eq!(shows().await?, [false, true]);
    // The problem names the command that solves it.
    let options = json!({"inbox": "billing"});
    let panel = owner.run("inbox panel", options).await?;
    choose(&owner, &panel, 0, &[&billing]).await?;
    assert_eq!(shows().await?, [false, false]);
    stage.finish().await
}

#[tokio::test]
async fn many_entries_are_a_menu_and_few_are_buttons() -> Result {
    let stage = Stage::set().await?;
    let host = stage.inbox().await?;
    let owner = stage.sandbox.owner();
    let mut entries = Vec::new();
    let shape = async || -> Result<(usize, Vec<String>)> {
        let components = stage.components(host).await?;
        let menu = components.iter().find(|it| it["options"].is_array());
        let options = menu.map_or(0, |it| it["options"].as_array().map_or(0, Vec::len));
        let buttons = components.iter().filter(|it| it["label"].is_string());
        let labels = buttons.map(|it| it["label"].as_str().unwrap_or_default().to_owned());
        Ok((options, labels.collect()))
    };
    for number in 1..=5 {
        let name = format!("Desk {number}");
        entries.push(stage.entry(host, &name, json!({})).await?);
        let (options, buttons) = shape().await?;
        // Up to five buttons, including the host inbox's own, there is no menu.
        if number < 5 {
            assert_eq!((options, buttons.len()), (0, number + 1));
        } else {
            assert_eq!((options, buttons), (5, vec!["Create Ticket".to_owned()]));
        }
    }
    let edited = editor(&owner, host).await?;
    let few: Vec<_> = entries[..2].iter().map(String::as_str).collect();
    choose(&owner, &edited, 0, &few).await?;
    stage.idle().await?;
    let buttons = ["Create Ticket", "Desk 1", "Desk 2"].map(str::to_owned);
    assert_eq!(shape().await?, (0, buttons.to_vec()));
    // The admin's choice of a layout overrides the automatic one.
    let edited = editor(&owner, host).await?;
    choose(&owner, &edited, 1, &["menu"]).await?;
    stage.idle().await?;
    assert_eq!(shape().await?, (2, vec!["Create Ticket".to_owned()]));
    stage.finish().await
}

/// Another admin changes what the message offers while an editor is open.
#[tokio::test]
async fn an_editor_that_is_still_open_changes_only_what_was_changed_in_it() -> Result {
    let stage = Stage::set().await?;
    let host = stage.inbox().await?;
    let owner = stage.sandbox.owner();
    let billing = stage.entry(host, "Billing", json!({})).await?;
    let first = editor(&owner, host).await?;
    let second = editor(&owner, host).await?;
    // The new inbox is not in the open editors.
    stage.entry(host, "Appeals", json!({})).await?;
    let saved = choose(&owner, &first, 0, &[]).await?;
    assert_eq!(stage.offers(host).await?, ["Create Ticket", "Appeals"]);
    let text = Text::EntriesSaved {
        inbox: link(&stage, host),
        count: 1,
    };
    assert_eq!(saved.content()?, english(text));
    // The second editor still shows the removed inbox as chosen.
    choose(&owner, &second, 0, &[&billing]).await?;
    assert_eq!(stage.offers(host).await?, ["Create Ticket", "Appeals"]);
    stage.finish().await
}

/// Discord's response to the edit of the message is lost, so the setting is not stored.
#[tokio::test]
async fn a_message_whose_change_may_have_taken_effect_shows_what_is_stored() -> Result {
    let stage = Stage::set().await?;
    let host = stage.inbox().await?;
    let owner = stage.sandbox.owner();
    let options = json!({"setting": "button-label"});
    let modal = owner.run("inbox settings", options).await?;
    let failing = Fault::refusal(500, 0, "Internal Server Error").times(5);
    let failing = failing.on("PATCH", "/channels/*/messages/*");
    let failing = failing.after_it_took_effect();
    stage.sandbox.fail_next(failing)?;
    owner.submit(&modal, [("template", "Perhaps")]).await?;
    stage.idle().await?;
    assert_eq!(stage.offers(host).await?, ["Create Ticket"]);
    stage.expected_errors();
    stage.finish().await
}

#[tokio::test]
async fn an_inbox_is_created_although_its_message_cannot_be_changed_yet() -> Result {
    let stage = Stage::set().await?;
    let host = stage.inbox().await?;
    let owner = stage.sandbox.owner();
    let ready = english(Text::EntryNotShown {
        inbox: link(&stage, host),
    });
    for (name, failing) in [
        ("Billing", Fault::refusal(403, 50_001, "Missing Access")),
        ("Appeals", Fault::refusal(500, 0, "Internal Server Error")),
    ] {
        let failing = failing.on("PATCH", "/channels/*/messages/*").times(30);
        stage.sandbox.fail_next(failing)?;
        let panel = host.message.to_string();
        let options = json!({"channel": host.channel, "panel": panel, "name": name});
        let made = owner.run("inbox create", options).await?;
        stage.sandbox.clear_faults();
        let content = made.content()?;
        assert!(content.starts_with(&ready), "{content}");
        let lacks = content.contains("missing permissions");
        assert_eq!(lacks, name == "Billing", "{content}");
        let menu = made.message()?.components()[0]["custom_id"].clone();
        assert!(menu.as_str().is_some_and(|id| id.starts_with("staff:")));
        stage.idle().await?;
    }
    let offered = ["Create Ticket", "Billing", "Appeals"];
    assert_eq!(stage.offers(host).await?, offered);
    stage.expected_errors();
    stage.finish().await
}

/// If the bot cannot read the channels' names, an inbox without a name is shown by its channel's id.
#[tokio::test]
async fn a_number_never_becomes_a_public_name() -> Result {
    let stage = Stage::set().await?;
    let host = stage.inbox_with(json!({"name": "One"})).await?;
    let other = stage.inbox().await?;
    let owner = stage.sandbox.owner();
    let edited = editor(&owner, host).await?;
    // The bot must ask Discord for the name, because the known name is out of date.
    owner.rename(other.channel, "help").await?;
    stage.idle().await?;
    let id = other.message.to_string();
    let failing = Fault::refusal(403, 50_001, "Missing Access").on("GET", "/guilds/*/channels");
    stage.sandbox.fail_next(failing)?;
    let refused = choose(&owner, &edited, 0, &[&id]).await?;
    let inbox = link(&stage, other);
    assert_eq!(refused.content()?, english(Text::NameUnknown { inbox }));
    stage.idle().await?;
    assert_eq!(stage.offers(host).await?, ["Create Ticket"]);
    // When Discord responds again, the choice works.
    choose(&owner, &edited, 0, &[&id]).await?;
    assert_eq!(stage.offers(host).await?, ["Create Ticket", "help"]);
    stage.finish().await
}

#[tokio::test]
async fn an_inbox_on_another_message_always_has_a_name() -> Result {
    let stage = Stage::set().await?;
    let host = stage.inbox().await?;
    let billing = stage.entry(host, "Billing", json!({})).await?;
    let owner = stage.sandbox.owner();
    let options = json!({"inbox": "billing", "setting": "name"});
    let modal = owner.run("inbox settings", options).await?;
    let saved = owner.submit(&modal, [("template", "")]).await?;
    assert_eq!(news(&saved)?, "Saved. **Name**: `support 2`");
    stage.idle().await?;
    assert_eq!(stage.offers(host).await?, ["Create Ticket", "support 2"]);
    // An inbox with its own message also needs a name while another message offers it.
    let own = stage.inbox_with(json!({"name": "Appeals"})).await?;
    let edited = editor(&owner, host).await?;
    let id = own.message.to_string();
    choose(&owner, &edited, 0, &[&billing, &id]).await?;
    let options = json!({"inbox": "appeals", "setting": "name"});
    let modal = owner.run("inbox settings", options).await?;
    owner.submit(&modal, [("template", "")]).await?;
    stage.idle().await?;
    let offered = ["Create Ticket", "support 2", "support 3"];
    assert_eq!(stage.offers(host).await?, offered);
    stage.finish().await
}

/// The names in the list, each with its link.
async fn listed(owner: &Person) -> Result<Vec<(String, String)>> {
    let list = owner.run("inbox list", json!({})).await?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let embeds = list.message()?.embeds().iter();
    Ok(embeds
        .map(|it| (text(&it["title"]), text(&it["url"])))
        .collect())
}

#[tokio::test]
async fn an_inbox_stays_as_long_as_a_message_offers_it() -> Result {
    for is_moved in [false, true] {
        let stage = Stage::set().await?;
        let (owner, mia) = (stage.sandbox.owner(), stage.sandbox.member());
        let first = stage.inbox_with(json!({"name": "First"})).await?;
        let second = stage.inbox_with(json!({"name": "Second"})).await?;
        let billing = stage.entry(first, "Billing", json!({})).await?;
        if is_moved {
            choose(&owner, &editor(&owner, first).await?, 0, &[]).await?;
        }
        choose(&owner, &editor(&owner, second).await?, 0, &[&billing]).await?;
        stage.idle().await?;
        let link_of = |inbox| {
            let link = link(&stage, inbox);
            theticketbot::translate::link(link)
        };
        let home = if is_moved { second } else { first };
        let shown = listed(&owner).await?;
        assert!(
            shown.contains(&("Billing".to_owned(), link_of(home))),
            "{shown:?}"
        );

        let asked = owner.run("inbox remove", json!({"inbox": "First"})).await?;
        let text = Text::RemoveInbox {
            name: "First".into(),
            inbox: link(&stage, first),
            open: 0,
            also: 0,
        };
        assert_eq!(asked.content()?, english(text));
        owner.delete_message(first.channel, first.message).await?;
        stage.idle().await?;
        assert_eq!(stage.offers(second).await?, ["Create Ticket", "Billing"]);
        let shown = listed(&owner).await?;
        assert!(
            shown.contains(&("Billing".to_owned(), link_of(second))),
            "{shown:?}"
        );
        let id = format!("open:{billing}");
        ticket_in(&mia.click(second.channel, second.message, &id).await?)?;

        // With the last message that offers it, the inbox is removed.
        owner.delete_message(second.channel, second.message).await?;
        stage.idle().await?;
        let list = owner.run("inbox list", json!({})).await?;
        let embeds = list.message()?.embeds();
        let texts = embeds.iter().filter_map(|it| it["description"].as_str());
        assert_eq!(
            texts.filter(|text| text.starts_with("Not posted")).count(),
            3
        );
        stage.finish().await?;
    }
    Ok(())
}

#[tokio::test]
async fn removed_inboxes_take_no_room() -> Result {
    let stage = Stage::set().await?;
    let owner = stage.sandbox.owner();
    let host = stage.inbox_with(json!({"name": "Host"})).await?;
    for number in 0..25 {
        let name = format!("Season {number}");
        stage.entry(host, &name, json!({})).await?;
        let options = json!({"inbox": name});
        let asked = owner.run("inbox remove", options).await?;
        let asked = asked.message()?;
        let button = asked.button("Remove").ok_or("a button")?;
        owner.click(asked.channel_id(), asked.id(), button).await?;
        stage.idle().await?;
    }
    assert_eq!(stage.offers(host).await?, ["Create Ticket"]);
    stage.entry(host, "Season 25", json!({})).await?;
    assert_eq!(stage.offers(host).await?, ["Create Ticket", "Season 25"]);
    stage.finish().await
}

/// Both messages are deleted, and the message of the offered inbox is posted first.
#[tokio::test]
async fn a_message_that_is_posted_again_offers_what_was_posted_before_it() -> Result {
    let stage = Stage::set().await?;
    let owner = stage.sandbox.owner();
    let host = stage.inbox_with(json!({"name": "Host"})).await?;
    let other = stage.inbox_with(json!({"name": "Other"})).await?;
    let edited = editor(&owner, host).await?;
    choose(&owner, &edited, 0, &[&other.message.to_string()]).await?;
    stage.idle().await?;
    let both = [host.message, other.message];
    owner.bulk_delete(host.channel, &both).await?;
    stage.idle().await?;
    for name in ["Other", "Host"] {
        let list = owner.run("inbox list", json!({})).await?;
        let list = list.message()?;
        let button = list.button(&format!("Post {name} again"));
        let button = button.ok_or("a button")?;
        owner.click(list.channel_id(), list.id(), button).await?;
        let source = owner.send(host.channel, "Here we are").await?;
        stage.select(&owner, host.channel, source.id()).await?;
        stage.idle().await?;
    }
    let again = Inbox {
        message: stage.newest_inbox(host.channel),
        ..host
    };
    assert_eq!(stage.offers(again).await?, ["Create Ticket", "Other"]);
    stage.finish().await
}

/// Changes a text setting of the inbox with this name.
async fn set(owner: &Person, inbox: &str, setting: &str, value: &str) -> Result {
    let options = json!({"inbox": inbox, "setting": setting});
    let modal = owner.run("inbox settings", options).await?;
    let saved = owner.submit(&modal, [("template", value)]).await?;
    assert!(news(&saved)?.starts_with("Saved"), "{saved:?}");
    Ok(())
}

#[tokio::test]
async fn a_message_changes_although_an_emoji_was_deleted() -> Result {
    let mut stage = Stage::set().await?;
    let host = stage.inbox_with(json!({"name": "Host"})).await?;
    let billing = stage.entry(host, "Billing", json!({})).await?;
    stage.entry(host, "Appeals", json!({})).await?;
    stage.lose_emoji(billing.parse()?).await?;
    let owner = stage.sandbox.owner();

    let asked = owner
        .run("inbox remove", json!({"inbox": "Appeals"}))
        .await?;
    let message = asked.message()?;
    let remove = message.button("Remove").ok_or("a button")?;
    owner
        .click(message.channel_id(), message.id(), remove)
        .await?;
    stage.idle().await?;
    assert_eq!(stage.offers(host).await?, ["Create Ticket", "Billing"]);
    let problem = english(Problem::EmojiRefused.text());
    let listed = async || -> Result<Vec<bool>> {
        let list = owner.run("inbox list", json!({})).await?;
        let embeds = list.message()?.embeds().iter();
        let texts = embeds.map(|it| it["description"].as_str().unwrap_or_default().to_owned());
        Ok(texts.map(|text| text.contains(&problem)).collect())
    };
    assert_eq!(listed().await?, [false, true, false], "{problem}");

    // The bot does not try that again without a reason, but with each change of a button.
    let mark = stage.sandbox.mark();
    set(&owner, "Host", "limit-total", "50").await?;
    stage.idle().await?;
    assert_eq!(stage.changes_since(mark, host), 0);
    set(&owner, "Billing", "button-label", "Pay").await?;
    assert_eq!(stage.offers(host).await?, ["Create Ticket", "Pay"]);
    let edited = editor(&owner, host).await?;
    choose(&owner, &edited, 1, &["menu"]).await?;
    assert_eq!(stage.offers(host).await?, ["Create Ticket", "Pay"]);
    assert_eq!(listed().await?, [false, true, false]);

    set(&owner, "Billing", "button-emoji", "ℹ️").await?;
    stage.idle().await?;
    let menu = &stage.components(host).await?[1];
    assert_eq!(menu["options"][0]["emoji"]["name"], "ℹ️");
    assert_eq!(listed().await?, [false, false, false]);
    stage.finish().await
}
