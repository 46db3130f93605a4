//! The commands that change an inbox.

use serde_json::json;
use tickets::template::DEFAULT_NAME;
use tickets::text::Text;
use tickets::{Mention, RoleId};

use crate::stage::{PICTURE, Result, Stage, english, here, link, link_to, until, user};

#[tokio::test]
async fn a_new_destination() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let owner = stage.sandbox.owner();
    let (old, new) = (here(stage.support()), here(stage.tickets()));
    let asked = owner
        .run("inbox destination", json!({"channel": stage.tickets()}))
        .await?;
    assert_eq!(
        asked.content()?,
        english(Text::SelectInbox {
            until: until(&asked)?
        })
    );
    let response = stage.select(&owner, inbox.channel, inbox.message).await?;
    let changed = Text::DestinationChanged {
        inbox: link(&stage, inbox),
        old,
        new,
    };
    assert_eq!(response.content()?, english(changed));

    let ticket = stage.open(&stage.sandbox.member(), inbox).await?;
    assert_eq!(
        stage.thread(ticket).map(|thread| thread.parent),
        Some(stage.tickets())
    );

    owner
        .run("inbox destination", json!({"channel": stage.tickets()}))
        .await?;
    let response = stage.select(&owner, inbox.channel, inbox.message).await?;
    let unchanged = Text::DestinationUnchanged {
        inbox: link(&stage, inbox),
        channel: new,
    };
    assert_eq!(response.content()?, english(unchanged));
    stage.finish().await
}

#[tokio::test]
async fn a_new_message_in_place() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let owner = stage.sandbox.owner();
    // The server's language changes after the inbox was created.
    owner.edit_guild(json!({"preferred_locale": "de"})).await?;
    let replacement = owner
        .upload(
            inbox.channel,
            "Better text",
            &[("new.png", "image/png", PICTURE)],
        )
        .await?;
    owner.run("inbox message", json!({})).await?;
    let asked = stage.select(&owner, inbox.channel, inbox.message).await?;
    let question = Text::SelectReplacement {
        inbox: link(&stage, inbox),
        until: until(&asked)?,
    };
    assert_eq!(asked.content()?, english(question));

    let refused = stage.select(&owner, inbox.channel, inbox.message).await?;
    let itself = Text::SelectedItself {
        message: link(&stage, inbox),
    };
    assert_eq!(refused.content()?, english(itself));

    // After the refusal, the command still waits for a message.
    let response = stage
        .select(&owner, inbox.channel, replacement.id())
        .await?;
    assert_eq!(
        response.content()?,
        english(Text::MessageReplaced {
            inbox: link(&stage, inbox)
        })
    );
    let messages = owner.messages(inbox.channel).await?;
    let shown = messages
        .iter()
        .find(|m| m.id() == inbox.message)
        .expect("the same message");
    let [embed] = shown.embeds() else {
        panic!("one embed, not {:#?}", shown.embeds())
    };
    assert_eq!(embed["description"], "Better text");
    assert!(
        embed["image"]["url"]
            .as_str()
            .is_some_and(|url| url.contains("/new.png?"))
    );
    assert_eq!(shown.components()[0]["label"], "Ticket erstellen");
    stage.finish().await
}

#[tokio::test]
async fn another_staff() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let (owner, noah) = (stage.sandbox.owner(), stage.sandbox.member2());
    let role = stage.sandbox.moderator_role();
    owner.run("inbox staff", json!({})).await?;
    let menu = stage.select(&owner, inbox.channel, inbox.message).await?;
    assert_eq!(
        menu.content()?,
        english(Text::ChooseStaff {
            inbox: link(&stage, inbox)
        })
    );
    let menu = menu.message()?;
    let select = menu.components()[0];
    assert_eq!(select["default_values"][0]["id"], role.to_string());
    assert_eq!(
        (&select["min_values"], &select["max_values"]),
        (&json!(0), &json!(25))
    );

    let custom_id = select["custom_id"].as_str().expect("it has an id");
    let noahs_id = noah.id().to_string();
    let saved = owner
        .choose(
            owner.channel(stage.sandbox.defaults().general).await?.id(),
            menu.id(),
            custom_id,
            &[&noahs_id],
        )
        .await;
    let saved = match saved {
        Ok(saved) => saved,
        // The menu is a message in the channel in which the admin selected the inbox.
        Err(_) => {
            owner
                .choose(inbox.channel, menu.id(), custom_id, &[&noahs_id])
                .await?
        }
    };
    let staff = vec![Mention::User(user(noah.id()))];
    let response = Text::StaffSaved {
        inbox: link(&stage, inbox),
        staff,
        count: 1,
    };
    assert_eq!(saved.content()?, english(response));

    let ticket = stage.open(&stage.sandbox.member(), inbox).await?;
    let thread = stage.thread(ticket).expect("it is there");
    assert!(thread.members.contains_key(&noah.id()));
    assert!(!thread.members.contains_key(&stage.sandbox.moderator().id()));
    stage.finish().await
}

#[tokio::test]
async fn a_starter_of_ones_own() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let owner = stage.sandbox.owner();
    owner.run("inbox new-tickets starter", json!({})).await?;
    let form = stage.select(&owner, inbox.channel, inbox.message).await?;
    let input = form.modal()?.inputs()[0].clone();
    let id = input["custom_id"].as_str().expect("it has an id");
    let filled = form.modal()?.value(id).expect("it is filled in");
    assert!(
        filled.contains("$author") && filled.contains("$staff"),
        "{filled}"
    );

    let saved = owner
        .submit(&form, [(id, "$author asks ${staff} for $5 of $unknown")])
        .await?;
    assert_eq!(
        saved.content()?,
        english(Text::StarterSaved {
            inbox: link(&stage, inbox)
        })
    );
    let mia = stage.sandbox.member();
    let ticket = stage.open(&mia, inbox).await?;
    let role = Mention::Role(RoleId(stage.sandbox.moderator_role().0));
    assert_eq!(
        stage.said(ticket),
        [format!("<@{}> asks {role} for $5 of $unknown", mia.id())]
    );

    // A member whom the starting message does not mention is not invited, not even the owner.
    owner.run("inbox new-tickets starter", json!({})).await?;
    let form = stage.select(&owner, inbox.channel, inbox.message).await?;
    let saved = owner.submit(&form, [(id, "Hello $staff")]).await?;
    let response = Text::StarterSavedWithoutAuthor {
        inbox: link(&stage, inbox),
    };
    assert_eq!(saved.content()?, english(response));
    let noah = stage.sandbox.member2();
    let ticket = stage.open(&noah, inbox).await?;
    assert!(
        !stage
            .sandbox
            .look(|look| look.is_in_thread(ticket, noah.id()))
    );

    // An empty text restores the default.
    owner.run("inbox new-tickets starter", json!({})).await?;
    let form = stage.select(&owner, inbox.channel, inbox.message).await?;
    assert_eq!(form.modal()?.value(id), Some("Hello $staff"));
    let reset = owner.submit(&form, [(id, "")]).await?;
    assert_eq!(
        reset.content()?,
        english(Text::StarterReset {
            inbox: link(&stage, inbox)
        })
    );
    stage.finish().await
}

#[tokio::test]
async fn a_name_of_ones_own() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let owner = stage.sandbox.owner();
    owner.run("inbox new-tickets name", json!({})).await?;
    let form = stage.select(&owner, inbox.channel, inbox.message).await?;
    let input = form.modal()?.inputs()[0].clone();
    let id = input["custom_id"].as_str().expect("it has an id");
    assert_eq!(form.modal()?.value(id), Some(DEFAULT_NAME));
    let saved = owner
        .submit(&form, [(id, "Appeal $counter of $author")])
        .await?;
    let example = Some("Appeal 0001 of Olivia".to_owned());
    assert_eq!(
        saved.content()?,
        english(Text::NameSaved {
            inbox: link(&stage, inbox),
            example
        })
    );

    let names = [stage.sandbox.member(), stage.sandbox.member2()];
    for (person, expected) in names
        .iter()
        .zip(["Appeal 0001 of Mia", "Appeal 0002 of Noah"])
    {
        let ticket = stage.open(person, inbox).await?;
        assert_eq!(
            stage.thread(ticket).map(|thread| thread.name),
            Some(expected.into())
        );
    }
    stage.finish().await
}

#[tokio::test]
async fn a_starter_cannot_ping_whom_the_admin_did_not_choose() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let (owner, mia) = (stage.sandbox.owner(), stage.sandbox.member());
    mia.set_global_name("<@&1> @everyone").await?;
    owner.run("inbox new-tickets starter", json!({})).await?;
    let form = stage.select(&owner, inbox.channel, inbox.message).await?;
    let id = form.modal()?.inputs()[0]["custom_id"]
        .as_str()
        .expect("it has an id")
        .to_owned();
    owner
        .submit(&form, [(id.as_str(), "@everyone $author")])
        .await?;
    let ticket = stage.open(&mia, inbox).await?;
    let pinged = stage.sandbox.look(|look| {
        let starter = look.messages(ticket).find(|m| !m.content.is_empty());
        starter.map(|m| {
            (
                m.mention_everyone,
                m.mentions.clone(),
                m.mention_roles.clone(),
            )
        })
    });
    assert_eq!(pinged, Some((false, vec![mia.id()], vec![])));
    stage.finish().await
}

#[tokio::test]
async fn a_message_that_is_no_inbox() -> Result {
    let stage = Stage::set().await?;
    let owner = stage.sandbox.owner();
    let other = owner.send(stage.support(), "Just a message").await?;
    owner.run("inbox staff", json!({})).await?;
    let refused = stage.select(&owner, stage.support(), other.id()).await?;
    assert_eq!(
        refused.content()?,
        english(Text::NotAnInbox {
            message: link_to(&stage, &other)
        })
    );
    stage.finish().await
}
