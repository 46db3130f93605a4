//! Members get responses in their own language; public messages are in the server's language.

use serde_json::json;
use theticketbot::discord::commands::definitions;
use theticketbot::translate::{Language, say};
use tickets::text::Text;

use crate::stage::{Inbox, Result, Stage, here, link, until, user};

#[tokio::test]
async fn each_reads_their_own_language() -> Result {
    let stage = Stage::set().await?;
    let (owner, mia) = (stage.sandbox.owner(), stage.sandbox.member());
    let (de, fr) = (Language::of("de"), Language::of("fr"));
    owner.edit_guild(json!({"preferred_locale": "fr"})).await?;
    owner.set_locale("de").await?;
    mia.set_locale("en-GB").await?;

    let source = owner.send(stage.support(), "Bonjour").await?;
    let asked = owner
        .run("inbox create", json!({"channel": stage.support()}))
        .await?;
    let until = until(&asked)?;
    assert_eq!(asked.content()?, say(Text::SelectContent { until }, de));
    let done = stage.select(&owner, stage.support(), source.id()).await?;
    let inbox = Inbox {
        channel: stage.support(),
        message: stage.newest_inbox(stage.support()),
    };
    let role = tickets::Mention::Role(tickets::RoleId(stage.sandbox.moderator_role().0));
    let created = Text::InboxCreated {
        inbox: link(&stage, inbox),
    };
    let notice = Text::WillMention { staff: vec![role] };
    assert_eq!(
        done.content()?,
        format!("{}\n{}", say(created, de), say(notice, de))
    );

    let messages = mia.messages(inbox.channel).await?;
    let shown = messages
        .iter()
        .find(|m| m.id() == inbox.message)
        .expect("it is there");
    assert_eq!(
        shown.components()[0]["label"],
        say(Text::CreateTicket {}, fr)
    );

    let answer = stage.click(&mia, inbox).await?;
    let ticket = stage.ticket_of(&mia, inbox.channel).await?;
    let opened = Text::TicketOpened {
        ticket: here(ticket),
    };
    assert_eq!(answer.content()?, say(opened, Language::of("en-US")));
    let role = tickets::Mention::Role(tickets::RoleId(stage.sandbox.moderator_role().0));
    let starter = Text::DefaultStarter {
        author: user(mia.id()),
        staff: vec![role],
        count: 1,
    };
    assert_eq!(stage.said(ticket), [say(starter, fr)]);

    mia.leave(ticket).await?;
    stage.closed(ticket, true).await?;
    let note = Text::OwnerLeftLocked {
        owner: user(mia.id()),
    };
    assert_eq!(stage.said(ticket)[1..], [say(note, fr)]);
    stage.finish().await
}

#[tokio::test]
async fn commands_have_names_in_each_language() -> Result {
    let stage = Stage::set().await?;
    let commands = stage.sandbox.owner().commands().await?;
    assert_eq!(commands.len(), definitions().len(), "{commands:#?}");
    for command in &commands {
        for language in ["de", "fr"] {
            assert!(
                command["name_localizations"][language].is_string(),
                "{command:#}"
            );
        }
    }
    stage.finish().await
}

#[tokio::test]
async fn commands_for_inboxes_are_for_those_who_manage_the_server() -> Result {
    let stage = Stage::set().await?;
    let shown = stage.sandbox.member().commands().await?;
    for command in shown {
        let name = command["name"].as_str().unwrap_or_default();
        assert!(!["inbox", "Select this message"].contains(&name), "{name}");
    }
    stage.finish().await
}
