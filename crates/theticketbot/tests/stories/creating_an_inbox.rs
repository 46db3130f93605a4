//! `/inbox create`: from a message to an inbox.

use discord_sandbox::{EventFault, Fault, State};
use serde_json::json;
use tickets::permission::{Missing, Permission};
use tickets::text::Text;

use crate::stage::{BUTTON, Inbox, PICTURE, Result, Stage, english, here, link, link_to, until};

#[tokio::test]
async fn a_message_with_a_picture_becomes_an_inbox() -> Result {
    let stage = Stage::set().await?;
    let (owner, support) = (stage.sandbox.owner(), stage.support());
    let source = owner
        .upload(
            support,
            "Need **help**?",
            &[("cat.png", "image/png", PICTURE)],
        )
        .await?;

    let asked = owner
        .run("inbox create", json!({"channel": support}))
        .await?;
    let question = english(Text::SelectContent {
        until: until(&asked)?,
    });
    assert_eq!(asked.content()?, question);
    // The prompt shows until when the command waits for a message.
    let now = stage.sandbox.now().0 / 1000;
    assert!((595..=600).contains(&(until(&asked)? - now)));
    assert!(asked.message()?.is_ephemeral());

    let done = stage.select(&owner, support, source.id()).await?;
    let inbox = Inbox {
        channel: support,
        message: stage.newest_inbox(support),
    };
    let created = Text::InboxCreated {
        inbox: link(&stage, inbox),
    };
    let role = tickets::Mention::Role(tickets::RoleId(stage.sandbox.moderator_role().0));
    let notice = Text::WillMention { staff: vec![role] };
    assert_eq!(
        done.content()?,
        format!("{}\n{}", english(created), english(notice))
    );
    let menu = done.message()?;
    let [select] = menu.components()[..] else {
        panic!("the menu of staff");
    };
    assert_eq!(
        select["default_values"][0]["id"],
        stage.sandbox.moderator_role().to_string()
    );
    assert!(done.message()?.is_ephemeral());

    let member = stage.sandbox.member();
    let messages = member.messages(support).await?;
    let shown = messages
        .iter()
        .find(|m| m.id() == inbox.message)
        .expect("members see the inbox");
    let [embed] = shown.embeds() else {
        panic!("one embed, not {:#?}", shown.embeds())
    };
    assert_eq!(embed["description"], "Need **help**?");
    assert!(
        embed["image"]["url"]
            .as_str()
            .is_some_and(|url| url.contains("/cat.png?")),
        "{embed:#}"
    );
    assert_eq!(shown.button("Create Ticket"), Some(BUTTON));
    assert_eq!(
        shown.attachments(),
        [] as [serde_json::Value; 0],
        "the embed shows the picture"
    );

    // The prompt was deleted.
    let left: Vec<_> = owner.messages(support).await?;
    assert!(left.iter().all(|m| m.content() != question));
    stage.finish().await
}

#[tokio::test]
async fn several_pictures_make_a_gallery_and_other_files_stay_files() -> Result {
    let stage = Stage::set().await?;
    let (owner, support) = (stage.sandbox.owner(), stage.support());
    let files: [(&str, &str, &[u8]); 4] = [
        ("one.png", "image/png", PICTURE),
        ("two.png", "image/png", PICTURE),
        ("rules.txt", "text/plain", b"Be kind."),
        ("SPOILER_end.png", "image/png", PICTURE),
    ];
    let source = owner.upload(support, "Look:", &files).await?;
    owner
        .run("inbox create", json!({"channel": support}))
        .await?;
    stage.select(&owner, support, source.id()).await?;

    let id = stage.newest_inbox(support);
    let messages = owner.messages(support).await?;
    let inbox = messages.iter().find(|m| m.id() == id).expect("it is there");
    let [first, second] = inbox.embeds() else {
        panic!("two embeds, not {:#?}", inbox.embeds())
    };
    assert_eq!(first["description"], "Look:");
    assert_eq!(
        first["url"], second["url"],
        "a shared address makes them one gallery"
    );
    assert!(first["url"].is_string());
    assert!(
        second["image"]["url"]
            .as_str()
            .is_some_and(|url| url.contains("/two.png?"))
    );
    let names: Vec<_> = inbox
        .attachments()
        .iter()
        .map(|a| a["filename"].clone())
        .collect();
    assert_eq!(names, ["rules.txt", "SPOILER_end.png"]);
    stage.finish().await
}

#[tokio::test]
async fn a_copy_of_an_inbox_keeps_its_picture_when_that_inbox_is_deleted() -> Result {
    let stage = Stage::set().await?;
    let (owner, support) = (stage.sandbox.owner(), stage.support());
    let picture = [("cat.png", "image/png", PICTURE)];
    let source = owner.upload(support, "Need help?", &picture).await?;
    let mut inboxes = Vec::new();
    for at in 0..2_usize {
        owner
            .run("inbox create", json!({"channel": support}))
            .await?;
        let from = if at == 0 { source.id() } else { inboxes[0] };
        stage.select(&owner, support, from).await?;
        inboxes.push(stage.newest_inbox(support));
    }
    let [first, copy] = inboxes[..] else {
        panic!("two inboxes");
    };
    let picture_of = async |id| -> Result<String> {
        let messages = owner.messages(support).await?;
        let message = messages.iter().find(|m| m.id() == id).expect("it is there");
        let url = message.embeds()[0]["image"]["url"].as_str();
        Ok(url.expect("it has a picture").to_owned())
    };
    let (old, new) = (picture_of(first).await?, picture_of(copy).await?);
    assert_ne!(old, new, "the picture is the copy's own");
    owner.delete_message(support, first).await?;
    let discord = stage.discord();
    let size = PICTURE.len() as u64;
    assert!(discord.download(&old, size).await.is_err());
    assert_eq!(discord.download(&new, size).await?, PICTURE);
    stage.finish().await
}

#[tokio::test]
async fn a_webhooks_embeds_are_copied_whole() -> Result {
    let stage = Stage::set().await?;
    let (owner, support) = (stage.sandbox.owner(), stage.support());
    let embed = json!({
        "title": "Appeals", "description": "Write to us.", "color": 0x00FF_8800, "url": "https://example.com/",
        "fields": [{"name": "When", "value": "Any time", "inline": true}],
        "footer": {"text": "Thank you"}, "author": {"name": "The staff"},
        "timestamp": "2026-01-02T03:04:05+00:00",
    });
    let source = owner
        .send_as_webhook(support, json!({"embeds": [embed]}))
        .await?;
    owner
        .run("inbox create", json!({"channel": support}))
        .await?;
    stage.select(&owner, support, source.id()).await?;

    let id = stage.newest_inbox(support);
    let messages = owner.messages(support).await?;
    let inbox = messages.iter().find(|m| m.id() == id).expect("it is there");
    let [copy] = inbox.embeds() else {
        panic!("one embed, not {:#?}", inbox.embeds())
    };
    for part in ["title", "description", "color", "url"] {
        assert_eq!(copy[part], embed[part], "{part}");
    }
    assert_eq!(copy["fields"], embed["fields"]);
    assert_eq!(copy["footer"]["text"], "Thank you");
    assert_eq!(copy["author"]["name"], "The staff");
    assert!(
        copy["timestamp"]
            .as_str()
            .is_some_and(|at| at.starts_with("2026-01-02T03:04:05"))
    );
    assert_eq!(inbox.button("Create Ticket"), Some(BUTTON));
    stage.finish().await
}

#[tokio::test]
async fn an_announcement_channel_can_hold_an_inbox_with_tickets_elsewhere() -> Result {
    let stage = Stage::set().await?;
    let owner = stage.sandbox.owner();
    let news = owner.create_channel("news", 5).await?.id();
    let source = owner.send(stage.support(), "Ask us").await?;
    owner
        .run(
            "inbox create",
            json!({"channel": news, "destination": stage.tickets()}),
        )
        .await?;
    stage.select(&owner, stage.support(), source.id()).await?;
    let inbox = Inbox {
        channel: news,
        message: stage.newest_inbox(news),
    };
    let ticket = stage.open(&stage.sandbox.member(), inbox).await?;
    assert_eq!(
        stage.thread(ticket).map(|thread| thread.parent),
        Some(stage.tickets())
    );
    stage.finish().await
}

#[tokio::test]
async fn missing_permissions_are_named_for_each_channel() -> Result {
    let stage = Stage::set().await?;
    let (owner, support, tickets) = (stage.sandbox.owner(), stage.support(), stage.tickets());
    let bot_role = stage.sandbox.defaults().bot_role;
    let deny = |permission: Permission| permission.bit();
    owner
        .set_role_overwrite(support, bot_role, 0, deny(Permission::SendMessages))
        .await?;
    owner
        .set_role_overwrite(tickets, bot_role, 0, deny(Permission::CreatePrivateThreads))
        .await?;

    let asked = owner
        .run(
            "inbox create",
            json!({"channel": support, "destination": tickets}),
        )
        .await?;
    let missing = vec![
        Missing {
            channel: here(support),
            permissions: vec![Permission::SendMessages],
        },
        Missing {
            channel: here(tickets),
            permissions: vec![Permission::CreatePrivateThreads],
        },
    ];
    assert_eq!(
        asked.content()?,
        english(Text::MissingPermissions { missing })
    );
    stage.finish().await
}

#[tokio::test]
async fn a_channel_that_was_deleted_just_now_is_told() -> Result {
    let stage = Stage::set().await?;
    let (owner, support, tickets) = (stage.sandbox.owner(), stage.support(), stage.tickets());
    let source = owner.send(support, "Need help?").await?;
    owner
        .run("inbox create", json!({"channel": tickets}))
        .await?;
    // The event of the deletion arrives too late.
    stage
        .sandbox
        .fault_event(EventFault::late("CHANNEL_DELETE", 100))?;
    owner.delete(tickets).await?;
    let refused = stage.select(&owner, support, source.id()).await?;
    assert_eq!(refused.content()?, english(Text::ChannelGone {}));
    stage.sandbox.clear_event_faults();
    stage.finish().await
}

#[tokio::test]
async fn files_that_are_too_large_are_refused_before_they_are_fetched() -> Result {
    let stage = Stage::set().await?;
    let (owner, support) = (stage.sandbox.owner(), stage.support());
    let large = vec![0; 5_000_001];
    let source = owner
        .upload(support, "Big", &[("big.png", "image/png", &large)])
        .await?;
    owner
        .run("inbox create", json!({"channel": support}))
        .await?;

    let refused = stage.select(&owner, support, source.id()).await?;
    assert_eq!(
        refused.content()?,
        english(Text::AttachmentsTooLarge { limit: 5_000_000 })
    );
    // After the refusal, the command still waits for another message.
    let better = owner.send(support, "Small").await?;
    stage.select(&owner, support, better.id()).await?;
    let inbox = stage.newest_inbox(support);
    let embeds = stage
        .sandbox
        .look(|look| look.message(support, inbox).map(|m| m.embeds.len()));
    assert_eq!(embeds, Some(1));
    stage.finish().await
}

#[tokio::test]
async fn a_message_of_nothing_is_refused() -> Result {
    let stage = Stage::set().await?;
    let (owner, support) = (stage.sandbox.owner(), stage.support());
    let inbox = stage.inbox().await?;
    let ticket = stage.open(&stage.sandbox.member(), inbox).await?;
    stage
        .sandbox
        .moderator()
        .add(ticket, stage.sandbox.member2().id())
        .await?;
    // A system message has no text that a person wrote.
    let system = owner
        .messages(ticket)
        .await?
        .into_iter()
        .find(|m| m.kind() == 1)
        .expect("an invitation is told");
    owner
        .run("inbox create", json!({"channel": support}))
        .await?;
    let answer = stage.select(&owner, ticket, system.id()).await;
    let refused = answer?;
    assert_eq!(refused.state, State::Answered);
    assert_eq!(
        refused.content()?,
        english(Text::NothingToCopy {
            message: link_to(&stage, &system)
        })
    );
    stage.finish().await
}

#[tokio::test]
async fn an_announcement_channel_cannot_hold_the_tickets_themselves() -> Result {
    let stage = Stage::set().await?;
    let owner = stage.sandbox.owner();
    let news = owner.create_channel("news", 5).await?.id();
    let refused = owner.run("inbox create", json!({"channel": news})).await?;
    let told = Text::NoPrivateThreads {
        channel: here(news),
    };
    assert_eq!(refused.content()?, english(told));
    stage.finish().await
}

/// Discord's response to the new message is lost: the bot must find the message, so that its button works.
#[tokio::test]
async fn an_inbox_whose_message_may_have_been_sent_is_found() -> Result {
    let stage = Stage::set().await?;
    let (owner, support) = (stage.sandbox.owner(), stage.support());
    let source = owner.send(support, "Need help?").await?;
    let failed = || Fault::refusal(500, 0, "Internal Server Error").times(5);
    for is_readable in [true, false] {
        let options = json!({"channel": support});
        owner.run("inbox create", options).await?;
        let sending = failed().on("POST", "/channels/*/messages");
        stage.sandbox.fail_next(sending.after_it_took_effect())?;
        if !is_readable {
            // If the bot cannot read the channel now, it finds the message later.
            let reading = failed().on("GET", "/channels/*/messages");
            stage.sandbox.fail_next(reading)?;
        }
        let done = stage.select(&owner, support, source.id()).await?;
        stage.idle().await?;
        let inbox = Inbox {
            channel: support,
            message: stage.newest_inbox(support),
        };
        if is_readable {
            let created = Text::InboxCreated {
                inbox: link(&stage, inbox),
            };
            let content = done.content()?;
            assert!(content.starts_with(&english(created)), "{content}");
        }
        stage.open(&stage.sandbox.member(), inbox).await?;
    }
    stage.expected_errors();
    stage.finish().await
}
