//! The host's commands by mention in a channel: `sync` and `reload-config`.

use theticketbot::discord::commands::definitions;
use tickets::text::Text;

use crate::stage::{Result, Stage, english};

async fn replied(stage: &Stage, words: &str) -> Result<String> {
    let before = stage.said(stage.support()).len();
    replied_after(stage, words, before).await
}

/// Waits for the reply that follows this number of others.
async fn replied_after(stage: &Stage, words: &str, before: usize) -> Result<String> {
    let (owner, support) = (stage.sandbox.owner(), stage.support());
    owner
        .send(support, &format!("<@{}> {words}", stage.sandbox.bot_id()))
        .await?;
    let bot = stage.sandbox.bot_id();
    let reply = stage.sandbox.wait_until("a reply", |look| {
        look.messages(support)
            .filter(|m| m.user() == Some(bot) && m.ephemeral_to.is_none())
            .filter(|m| !m.content.is_empty())
            .nth(before)
            .map(|m| m.content.clone())
    });
    Ok(reply.await?)
}

#[tokio::test]
async fn the_host_syncs_the_commands() -> Result {
    let stage = Stage::set().await?;
    let guild = stage.sandbox.guild_id().to_string();
    let application = stage.sandbox.application_id();
    let mark = stage.sandbox.mark();
    let count = i64::try_from(definitions().len())?;
    assert_eq!(
        replied(&stage, "sync").await?,
        english(Text::Synced { count })
    );
    let calls = stage.sandbox.calls_after(mark);
    assert!(
        calls
            .iter()
            .any(|c| c.is("PUT", &format!("/applications/{application}/commands")))
    );
    assert_eq!(
        replied(&stage, &format!("sync {guild}")).await?,
        english(Text::SyncedInGuild { count, guild })
    );
    assert_eq!(
        replied(&stage, "sync 123").await?,
        english(Text::SyncUnknownGuild {
            guild: "123".into()
        })
    );
    assert_eq!(
        replied(&stage, "sync here").await?,
        english(Text::SyncNotAGuild {
            word: "here".into()
        })
    );
    stage.finish().await
}

#[tokio::test]
async fn the_host_gets_help_and_the_invite_link() -> Result {
    let stage = Stage::set().await?;
    assert_eq!(replied(&stage, "help").await?, english(Text::HostHelp {}));
    let application = stage.sandbox.application_id();
    let link = format!("https://discord.com/oauth2/authorize?client_id={application}&");
    let invited = replied(&stage, "invite").await?;
    assert!(invited.contains(&link), "{invited}");
    stage.finish().await
}

#[tokio::test]
async fn strangers_are_answered_once_a_minute() -> Result {
    let stage = Stage::set().await?;
    let (support, bot) = (stage.support(), stage.sandbox.bot_id());
    for word in ["sync", "help", "invite", "sync", "reload-config"] {
        for person in [stage.sandbox.member(), stage.sandbox.moderator()] {
            person.send(support, &format!("<@{bot}> {word}")).await?;
        }
    }
    // A server's messages are handled in order: when the host has a reply, the earlier messages were handled.
    replied_after(&stage, "help", 1).await?;
    assert_eq!(
        stage.said(support),
        [english(Text::HostOnly {}), english(Text::HostHelp {})]
    );
    stage.finish().await
}

#[tokio::test]
async fn others_are_refused_and_other_words_ignored() -> Result {
    let stage = Stage::set().await?;
    let support = stage.support();
    let bot = stage.sandbox.bot_id();
    stage
        .sandbox
        .owner()
        .send(support, &format!("<@{bot}> how are you?"))
        .await?;
    stage
        .sandbox
        .member()
        .send(support, &format!("<@{bot}> hello"))
        .await?;
    stage
        .sandbox
        .member()
        .send(support, &format!("<@{bot}> reload-config"))
        .await?;
    stage
        .sandbox
        .wait_until("a refusal", |look| {
            look.newest_message(support)
                .filter(|m| m.user() == Some(bot))
                .map(drop)
        })
        .await?;
    assert_eq!(stage.said(support), [english(Text::HostOnly {})]);
    stage.finish().await
}

#[tokio::test]
async fn the_config_is_read_again() -> Result {
    let stage = Stage::set().await?;
    let config = std::fs::read_to_string(stage.config_file())?;
    assert_eq!(
        replied(&stage, "reload-config").await?,
        english(Text::ConfigReloaded {})
    );

    std::fs::write(
        stage.config_file(),
        format!("{config}\n[bot.inbox]\nmax_attachment_size = 10\n"),
    )?;
    assert_eq!(
        replied(&stage, "config-reload").await?,
        english(Text::ConfigReloaded {})
    );
    let (owner, support) = (stage.sandbox.owner(), stage.support());
    let source = owner
        .upload(support, "A", &[("a.png", "image/png", &[0; 11])])
        .await?;
    owner
        .run("inbox create", serde_json::json!({"channel": support}))
        .await?;
    let refused = stage.select(&owner, support, source.id()).await?;
    assert_eq!(
        refused.content()?,
        english(Text::AttachmentsTooLarge { limit: 10 })
    );

    // Most settings are read only at a start.
    std::fs::write(
        stage.config_file(),
        format!("{config}\n[gateway]\ntotal = 1\n[metrics]\nlisten = \"127.0.0.1:1\"\n"),
    )?;
    let changed = "`gateway`, `metrics`".to_owned();
    assert_eq!(
        replied(&stage, "reload-config").await?,
        english(Text::ConfigNeedsRestart { changed })
    );

    // An invalid config changes nothing.
    std::fs::write(stage.config_file(), "[bot]\ntokn = 1\n")?;
    let response = replied(&stage, "reload-config").await?;
    let [logged] = &stage.expected_errors()[..] else {
        panic!("one error is logged")
    };
    let code = response.split('`').nth(1).expect("the answer has a code");
    assert!(
        logged.contains(code) && logged.contains("tokn"),
        "{code}: {logged}"
    );
    stage.finish().await
}
