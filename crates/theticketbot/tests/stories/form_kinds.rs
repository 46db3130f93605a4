//! Each kind of question, from the modal to what the ticket shows: a good answer, bad ones, and none.

use discord_sandbox::Fields;
use discord_sandbox::id::ChannelId;
use harness::linked_channel;
use serde_json::{Value, json};
use tickets::text::Text;

use crate::settings::{news, write};
use crate::stage::{PICTURE, Result, Stage, english};

/// A kind of question, and answers to it.
struct Asked {
    /// The kind's name in a form's text.
    kind: &'static str,
    /// The custom id of its field in the modal.
    field: &'static str,
    good: Fields,
    /// How the ticket shows the answer.
    shown: String,
    /// Answers that Discord does not accept.
    bad: Vec<Fields>,
}

fn all(stage: &Stage) -> Vec<Asked> {
    let noah = stage.sandbox.member2().id();
    let (role, support) = (stage.sandbox.moderator_role(), stage.support());
    let chosen = |field, values: &[&str]| Fields::new().choose(field, values.iter());
    let id = |field, id: u64| Fields::new().choose(field, [id]);
    let files = |count| {
        let file = |fields: Fields, n| {
            let name = format!("file{n}.png");
            fields.upload("ask:files:Q", &name, "image/png", PICTURE)
        };
        (0..count).fold(Fields::new(), file)
    };
    vec![
        Asked {
            kind: "short",
            field: "ask:short:Q",
            good: Fields::new().text("ask:short:Q", " **Mia** "),
            shown: r"\*\*Mia\*\*".to_owned(),
            bad: vec![Fields::new().text("ask:short:Q", &"x".repeat(201))],
        },
        Asked {
            kind: "long",
            field: "ask:long:Q",
            good: Fields::new().text("ask:long:Q", "one\n> two"),
            shown: "one\n\\> two".to_owned(),
            bad: vec![Fields::new().text("ask:long:Q", &"x".repeat(1_001))],
        },
        Asked {
            kind: r"one of: Lobby, A\, B, <@&1>",
            field: "ask:one-of:Q",
            good: chosen("ask:one-of:Q", &["A, B"]),
            shown: "A, B".to_owned(),
            bad: vec![
                chosen("ask:one-of:Q", &["Mars"]),
                chosen("ask:one-of:Q", &["Lobby", "A, B"]),
            ],
        },
        Asked {
            kind: "some of: Spam, Insults, Cheating",
            field: "ask:some-of:Q",
            good: chosen("ask:some-of:Q", &["Spam", "Cheating"]),
            shown: "Spam\nCheating".to_owned(),
            bad: vec![
                chosen("ask:some-of:Q", &["Spam", "Spam"]),
                chosen("ask:some-of:Q", &["Spam", "Mars"]),
            ],
        },
        Asked {
            kind: "yes or no",
            field: "ask:yes-or-no:Q",
            good: chosen("ask:yes-or-no:Q", &["yes"]),
            shown: english(Text::FormYes {}),
            bad: vec![
                chosen("ask:yes-or-no:Q", &["maybe"]),
                chosen("ask:yes-or-no:Q", &["yes", "no"]),
            ],
        },
        Asked {
            kind: "member",
            field: "ask:member:Q",
            good: id("ask:member:Q", noah.0),
            shown: format!("Noah ({noah})"),
            bad: vec![id("ask:member:Q", role.0), id("ask:member:Q", 1)],
        },
        Asked {
            kind: "role",
            field: "ask:role:Q",
            good: id("ask:role:Q", role.0),
            shown: format!("Moderator ({role})"),
            bad: vec![
                id("ask:role:Q", noah.0),
                Fields::new().choose("ask:role:Q", [role.0, stage.sandbox.guild_id().0]),
            ],
        },
        Asked {
            kind: "channel",
            field: "ask:channel:Q",
            good: id("ask:channel:Q", support.0),
            shown: format!("support ({support})"),
            bad: vec![id("ask:channel:Q", role.0), id("ask:channel:Q", 1)],
        },
        Asked {
            kind: "files",
            field: "ask:files:Q",
            good: files(10),
            shown: (0..10)
                .map(|n| format!("file{n}.png"))
                .collect::<Vec<_>>()
                .join("\n"),
            bad: vec![files(11)],
        },
    ]
}

/// Changes the inbox's form.
async fn ask(stage: &Stage, form: &str) -> Result {
    let saved = write(&stage.sandbox.owner(), "form", form).await?;
    assert!(news(&saved)?.starts_with("Saved"), "{saved:?}");
    stage.idle().await
}

/// How the ticket shows the answer to its only question, and the number of files with it.
async fn answered(stage: &Stage, ticket: ChannelId) -> Result<(String, usize)> {
    let bot = stage.sandbox.bot_id();
    let found = stage.sandbox.wait_until("the answers are posted", |look| {
        let mut messages = look.messages(ticket);
        let found = messages.find(|m| m.user() == Some(bot) && !m.embeds.is_empty())?;
        assert!(!found.mention_everyone && found.mentions.is_empty());
        assert!(found.mention_roles.is_empty());
        Some((json!(found.embeds[0]), found.attachments.len()))
    });
    let (embed, files) = found.await?;
    let field = &embed["fields"][0];
    // A long answer is in a separate embed.
    let (name, value) = match field {
        Value::Null => (&embed["title"], &embed["description"]),
        field => (&field["name"], &field["value"]),
    };
    assert_eq!(name, "Q");
    Ok((value.as_str().ok_or("an answer")?.to_owned(), files))
}

#[tokio::test]
async fn each_kind_from_the_modal_to_the_ticket() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let owner = stage.sandbox.owner();
    write(&owner, "limit-member", "0").await?;
    write(&owner, "cooldown", "0").await?;
    let mia = stage.sandbox.member();
    for asked in all(&stage) {
        let Asked { kind, field, .. } = asked;
        ask(&stage, &format!("Q | {kind}")).await?;
        let modal = stage.click(&mia, inbox).await?;
        for bad in asked.bad {
            let refused = mia.submit(&modal, bad.clone()).await;
            assert!(refused.is_err(), "{kind}: {bad:?}: {refused:?}");
        }
        let refused = mia.submit(&modal, Fields::new()).await;
        assert!(refused.is_err(), "{kind} needs an answer: {refused:?}");
        let opened = mia.submit(&modal, asked.good).await?;
        let ticket = linked_channel(opened.content()?)?;
        let (shown, files) = answered(&stage, ticket).await?;
        assert_eq!(shown, asked.shown, "{kind}");
        assert_eq!(files, if field == "ask:files:Q" { 10 } else { 0 });

        ask(&stage, &format!("Q | {kind} | optional")).await?;
        let modal = stage.click(&mia, inbox).await?;
        let opened = mia.submit(&modal, Fields::new()).await?;
        let ticket = linked_channel(opened.content()?)?;
        let (shown, files) = answered(&stage, ticket).await?;
        assert_eq!(
            (shown, files),
            (english(Text::FormNoAnswer {}), 0),
            "{kind}"
        );
    }
    stage.finish().await
}

/// A role and a channel that are deleted before the answers are posted keep their names, and a choice that
/// the form no longer offers stays the member's answer.
#[tokio::test]
async fn what_is_gone_meanwhile_keeps_its_name() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let owner = stage.sandbox.owner();
    let role = owner.create_role(json!({"name": "@Builders"})).await?;
    let channel = owner.create_channel("lobby", 0).await?;
    let form = "Which? | role\nWhere? | channel\nHow? | one of: Fast, Slow";
    ask(&stage, form).await?;
    let mia = stage.sandbox.member();
    let modal = stage.click(&mia, inbox).await?;
    let fields = Fields::new()
        .choose("ask:role:Which?", [role])
        .choose("ask:channel:Where?", [channel.id()])
        .choose("ask:one-of:How?", ["Fast"]);
    // Discord validates the submission now, and the bot posts the answers later.
    let hold = discord_sandbox::Fault::held().on("POST", "/channels/*/threads");
    stage.sandbox.fail_next(hold)?;
    let submission = mia.start_submission(&modal, fields).await?;
    while !stage.sandbox.waiting_faults().is_empty() {
        tokio::task::yield_now().await;
    }
    owner.delete_role(role).await?;
    owner.delete(channel.id()).await?;
    let form = "Which? | role\nWhere? | channel\nHow? | one of: Slow, Never";
    write(&owner, "form", form).await?;
    stage.sandbox.clear_faults();
    let ticket = linked_channel(mia.answer_to(submission).await?.content()?)?;
    stage.idle().await?;
    let bot = stage.sandbox.bot_id();
    let fields = stage.sandbox.look(|look| {
        let mut messages = look.messages(ticket);
        let found = messages.find(|m| m.user() == Some(bot) && !m.embeds.is_empty());
        found.map(|it| json!(it.embeds[0])["fields"].clone())
    });
    let shown = |name: &str, value: String| json!({"name": name, "value": value, "inline": false});
    let expected = json!([
        shown("Which?", format!("\\@Builders ({role})")),
        shown("Where?", format!("lobby ({})", channel.id())),
        shown("How?", "Fast".to_owned()),
    ]);
    assert_eq!(fields, Some(expected));
    stage.finish().await
}
